//! The HTML shell that every page of Yett stands in: layout, the design system's assets under hashed names, the
//! content security policy and the headers of private pages.
//!
//! Each service brings its own templates and scripts. Nothing here knows what a page is about, and no page made
//! here asks any other machine for anything.

mod assets;
mod content_security;
mod document;
mod error;
mod icon;
mod page;

pub use assets::{Asset, Assets};
pub use content_security::{ContentSecurityPolicy, Origin};
pub use document::Document;
pub use error::Error;
pub use icon::Icon;
pub use page::{Page, make_private};
