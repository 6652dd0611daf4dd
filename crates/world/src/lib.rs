//! A seeded invented population and its feed messages.
