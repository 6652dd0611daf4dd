//! The gRPC doors: launches for hosts, views for sessions.

mod launches;
mod views;
mod watching;

pub use launches::LaunchDoor;
pub use views::ViewDoor;
