//! Consumes record and link events and keeps the read model.
