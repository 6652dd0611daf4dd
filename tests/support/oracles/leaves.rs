//! No audit, no data: every view that left is in the log of disclosures, with the reader's session and the exit.

use crate::node::{Durable, events};
use domain::{Exit, Leaf, SessionId};
use event_codec::Event;
use event_log::{LogPosition, Stream};
use std::collections::BTreeMap;

/// Views that left and leaves that were found, per session and exit.
#[derive(Debug, Default)]
pub struct LeafBook {
    places: Vec<LogPosition>,
    recorded: BTreeMap<(SessionId, Exit), usize>,
    left: BTreeMap<(SessionId, Exit), usize>,
    offers: usize,
    leaves: usize,
}

impl LeafBook {
    /// A view left through an exit.
    pub fn left(&mut self, session: SessionId, exit: Exit) {
        *self.left.entry((session, exit)).or_default() += 1;
    }

    /// A number left for a source system, in a session of its own that nobody is told of.
    pub fn offered(&mut self) {
        self.offers += 1;
    }

    /// Number of leaves read.
    pub fn leaves(&self) -> usize {
        self.leaves
    }

    /// Reads the leaves that are new, and says for which view there is none.
    pub async fn check(&mut self, durable: &Durable) -> Result<(), String> {
        for event in events(durable, Stream::Disclosures, &mut self.places).await {
            let Event::Leaf(Leaf { session, exit, disclosed, .. }) = event else {
                return Err("what is not a leaf stands among the disclosures".to_owned());
            };
            self.leaves += 1;
            if disclosed {
                *self.recorded.entry((session, exit)).or_default() += 1;
            }
        }
        for (key, left) in &self.left {
            let recorded = self.recorded.get(key).copied().unwrap_or_default();
            if recorded < *left {
                let exit = key.1.as_str();
                return Err(format!(
                    "{left} views left through {exit}, and {recorded} leaves stand in the log"
                ));
            }
        }
        let of_offers = self.recorded.iter().filter(|((_, exit), _)| *exit == Exit::Assignment);
        let recorded: usize = of_offers.map(|(_, count)| count).sum();
        if recorded < self.offers {
            let offers = self.offers;
            return Err(format!("{offers} numbers left, and {recorded} leaves stand in the log"));
        }
        Ok(())
    }
}
