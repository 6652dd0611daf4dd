//! What can go wrong when a page is made.

/// A page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An origin is written badly.
    #[error("the origin {0:?} {1}; write it as scheme://host or scheme://host:port")]
    Origin(String, &'static str),
    /// A page names an asset that nobody brought.
    #[error("no asset is called {0:?}; list it among the assets of its service")]
    UnknownAsset(String),
    /// Two services brought an asset of one name.
    #[error("two assets are called {0:?}; rename one")]
    DoubleAsset(&'static str),
    /// A template failed.
    #[error("rendering a page failed: {0}")]
    Template(#[from] askama::Error),
}
