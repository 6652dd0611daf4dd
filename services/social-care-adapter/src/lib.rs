//! Accepts social-care feeds and appends record events.
