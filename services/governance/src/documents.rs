//! The readable files of governance: agreements, organisations, posts and directives as people write them in TOML, and
//! agreements as people read them.
//!
//! Names of legal bases and grants are a convenience of the file and are put in full into every flow. An unknown key
//! is refused. An error names line and key, and never the value: a directive's value is about a person. Whether the
//! content may stand is not judged here: the services do, at the command.

mod agreement;
mod directives;
mod error;
mod organisations;
mod positions;
mod readable;
mod source;
#[cfg(test)]
mod tests;

pub use agreement::agreement;
pub use directives::directives;
pub use error::DocumentError;
pub use organisations::organisations;
pub use positions::{Positions, positions};
pub use readable::readable;

/// A new agreement to be filled in: what `yett agreement new` writes.
pub fn agreement_template() -> &'static str {
    include_str!("documents/template.toml")
}
