//! The generated messages and the only conversions between wire and domain.
