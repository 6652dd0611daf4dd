//! One use case a file: what each kind of event does to the read model, and what operators ask.

pub(crate) mod apply_link;
pub(crate) mod apply_record;
pub(crate) mod explain_decision;
pub(crate) mod get_status;
pub(crate) mod keep_leaf;
pub(crate) mod list_parked;
pub(crate) mod resolve_parked;
pub(crate) mod show_parked;
