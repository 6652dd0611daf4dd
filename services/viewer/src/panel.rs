//! The embedded panel: turns permitted items and the terms of the agreement into the HTML of one side's summary.
//!
//! Pure: no I/O, no clock, no decision. What comes in was permitted by `policy`; what goes out must not leave before
//! its disclosure leaf, which is the caller's part. The screen for whatever depends on the person
//! ([`BlankPage::for_person`]) takes nothing that depends on the person.

mod alerts;
mod banners;
mod blank;
mod build;
mod dates;
mod entries;
mod fields;
mod identity;
mod input;
mod kinds;
mod layout;
mod model;
mod phones;
mod reference;
mod refusal;
mod templates;
mod why;
mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod screens;
#[cfg(test)]
mod tests;

pub(crate) use dates::day;
pub(crate) use kinds::{note, universe};

pub use blank::{BlankPage, OverrideOffer};
pub use build::panel;
pub use identity::{Comparison, Difference, HostIdentity, IdentityField, compare};
pub use input::{ActiveOverride, Feed, PanelInput, ShownItem, Source, TermsLine};
pub use model::PanelView;
pub use reference::Reference;
pub use templates::{Fragment, PanelShell, heartbeat};
pub use why::{WhyInput, WhyPage, WhyStep};

use pages::Asset;

/// Files that the panel's document needs, beside those of the shell.
pub const ASSETS: &[Asset] = &[Asset { name: "panel.js", bytes: include_bytes!("../assets/panel.js") }];
