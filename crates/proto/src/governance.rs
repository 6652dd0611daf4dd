//! The area `yett.governance.v1`: organisations, staff, agreements and directives, read and written.
//!
//! Each noun has two conversions: `organisation` reads it under a path, `wire_organisation` writes it. Only the form
//! of a value is checked here. Whether it may be so now (is the party registered? is the version the next one?) is
//! the service's business.

mod agreement;
mod directive;
mod flow;
mod organisation;
mod position;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use crate::generated::yett::governance::v1;
pub use crate::reading::own_words;
pub use agreement::{
    agreement, appendix, part_path, signature, wire_agreement, wire_appendix, wire_part_path, wire_signature,
};
pub use directive::{directive, new_directive, override_declaration, wire_directive, wire_override};
pub use flow::{data_flow, legal_basis, wire_data_flow, wire_legal_basis};
pub use organisation::{
    assurance, credential, organisation, secret_digest, signing_key, window, wire_assurance, wire_credential,
    wire_organisation, wire_signing_key, wire_window,
};
pub use position::{position, role_mapping, training, wire_position, wire_role_mapping, wire_training};

pub(crate) use agreement::{read_agreement, read_part_path, read_signature};
pub(crate) use directive::{read_directive, read_override};
pub(crate) use organisation::{read_assurance, read_credential, read_organisation, read_signing_key};
pub(crate) use position::{read_position, read_role_mapping, read_training};
