//! The enforcement point: permitted views, live updates, embedded panels.

pub mod panel;
