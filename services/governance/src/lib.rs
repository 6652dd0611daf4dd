//! Organisations, agreements, positions, directives: commands to events.
