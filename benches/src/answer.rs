//! Which answers are right. A wrong one ends the bench: it has no figures worth a table.

use anyhow::{Result, bail};
use proto::intake::v1::Receipt;
use uuid::Uuid;

/// The receipts of one publisher.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    last: String,
}

impl Receipts {
    /// The receipt of a message that was not sent before: of a new event, with nothing left out.
    pub(crate) fn new_one(&mut self, receipt: &Receipt) -> Result<()> {
        let named = Uuid::try_parse(&receipt.event_id).is_ok() && receipt.event_id != self.last;
        if !named || receipt.repeat || !receipt.left_out.is_empty() {
            bail!("a new message was not taken as a new one, whole");
        }
        self.last.clone_from(&receipt.event_id);
        Ok(())
    }

    /// The receipt of the same message again: of the same event, as a repeat.
    pub(crate) fn repeat(&self, receipt: &Receipt) -> Result<()> {
        if receipt.repeat && receipt.event_id == self.last {
            return Ok(());
        }
        bail!("a message that was sent twice was not recognised")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(event_id: &str, repeat: bool) -> Receipt {
        Receipt { event_id: event_id.to_owned(), repeat, left_out: Vec::new() }
    }

    const ONE: &str = "0191c0de-0000-7000-8000-000000000001";
    const TWO: &str = "0191c0de-0000-7000-8000-000000000002";

    #[test]
    fn new_messages_have_new_events_and_repeats_the_same() {
        let mut receipts = Receipts::default();
        receipts.new_one(&receipt(ONE, false)).unwrap();
        receipts.repeat(&receipt(ONE, true)).unwrap();
        receipts.new_one(&receipt(TWO, false)).unwrap();
    }

    #[test]
    fn wrong_receipts_are_caught() {
        let mut receipts = Receipts::default();
        receipts.new_one(&receipt(ONE, false)).unwrap();
        for wrong in [receipt(ONE, false), receipt(TWO, true), receipt("", false)] {
            assert!(receipts.new_one(&wrong).is_err());
        }
        for wrong in [receipt(ONE, false), receipt(TWO, true)] {
            assert!(receipts.repeat(&wrong).is_err());
        }
    }
}
