//! Launches by the back channel: a host's server asks for a one-time address, bound to user, position, organisation,
//! host, person, purpose and origin.
//!
//! The answer is the same whether or not the person is known.

mod context;
mod create;
mod json;
mod request;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use context::HostContext;
pub(crate) use create::Made;
pub(crate) use json::{LaunchBody, MadeBody};
pub(crate) use request::{LaunchAsk, person_query};
