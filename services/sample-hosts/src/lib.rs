//! Two invented record systems for demos and tests: a council's case system and a health board's clinical portal.
//!
//! They know Yett by its public interfaces only: feeds by gRPC and by HL7 v2 over MLLP, launches by the back channel,
//! assignments of CHI numbers as a stream. Signing in is a picker without a password: nobody real is here. What they
//! hold is in memory and begins as the invented world has it.

mod assignments;
mod council;
mod dates;
mod error;
mod feed;
mod form;
mod http;
mod launch;
mod load;
mod mllp;
mod portal;
mod progress;
mod serve;
mod sessions;
mod settings;
mod shell;
mod wire;

pub use error::Error;
pub use mllp::{Acknowledgement, MllpClient};
pub use progress::Progress;
pub use serve::run;
pub use settings::{Credentials, Settings};
