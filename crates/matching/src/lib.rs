//! Turns two sets of demographics into link, possible link or non-link, with the evidence.
