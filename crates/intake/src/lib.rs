//! The one way in: validate, recognise repeats, append durably, give a receipt.
