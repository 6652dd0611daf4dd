//! The one exit: resolves, decides, appends the leaf, releases.
