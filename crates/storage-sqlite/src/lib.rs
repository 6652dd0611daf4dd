//! The repositories in SQLite.
