//! From what the gate shows or refuses to what a page, JSON or gRPC says of it. Pure: no I/O and no decision.

mod blank;
mod explanation;
mod json;
mod message;
mod names;
mod panel;
mod scene;
#[cfg(test)]
mod tests;
mod why;

pub(crate) use blank::{Seen, blank, cleared, cleared_message, refusal_message};
pub(crate) use explanation::explanation;
pub(crate) use json::{refused_json, shown_json};
pub(crate) use message::{WireBody, view_message};
pub(crate) use panel::{panel_html, panel_input};
pub(crate) use scene::{Scene, neutral_source, organisation_source, reader_decision};
pub(crate) use why::why_html;
