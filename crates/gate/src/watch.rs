//! A live view: the same handler run again whenever something may have changed, and told only if what may be seen did.

use crate::answer::{Answer, Refusal, RefusedView, Shown};
use crate::hub::{Hub, Places, Seat};
use crate::view::Considered;
use crate::{Ask, Error, Gate};
use jiff::Timestamp;
use policy::{Body, PermittedItem, Released, Terms};
use std::sync::Arc;
use std::time::Duration;
use storage::PersonQuery;

/// Longest time between two looks, whatever else happens.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What a watcher is told.
#[derive(Debug)]
pub enum Update<B> {
    /// This may be seen now.
    Show(Released<B>),
    /// Nothing may be seen now: blank, with this page.
    Blank(RefusedView),
}

/// What was told last. The same again is not told again.
#[derive(PartialEq)]
enum Told {
    Shown(Box<ShownState>),
    Refused(Refusal, bool, Option<Timestamp>),
}

#[derive(PartialEq)]
struct ShownState {
    items: Vec<PermittedItem>,
    terms: Terms,
    identity: crate::IdentityCheck,
    late: Vec<bool>,
    update_not_shown: bool,
    override_ends: Option<Timestamp>,
}

/// One open panel.
pub struct Watched {
    gate: Arc<Gate>,
    ask: Ask,
    seat: Seat,
    told: Option<Told>,
    look_again: Option<Timestamp>,
    sources: Vec<domain::Authority>,
}

impl Gate {
    /// Opens a live view. The first update comes at once.
    pub fn watch(self: &Arc<Self>, hub: &Arc<Hub>, ask: Ask) -> Watched {
        let seat = hub.join();
        Watched { gate: Arc::clone(self), ask, seat, told: None, look_again: None, sources: Vec::new() }
    }
}

impl Watched {
    /// Waits until there is something else to see, or nothing any more. Safe to drop half-way: what was not told yet
    /// is told by the next call.
    pub async fn next<B: Body>(
        &mut self,
        mut render: impl FnMut(&Shown) -> Result<B, Error>,
    ) -> Result<Update<B>, Error> {
        let mut first = self.told.is_none();
        loop {
            if !first {
                self.wait().await;
            }
            first = false;
            let considered = match self.gate.consider(&self.ask).await {
                Ok(considered) => considered,
                Err(error) => {
                    tracing::warn!(error = %error, "a live view could not be decided");
                    continue;
                }
            };
            self.take_place(&considered);
            let found = self.gate.shown(&self.ask, &considered).await;
            let found = found.unwrap_or(Err(Refusal::Cleared(vec![domain::ReasonCode::SysPolicy])));
            if let Some(update) = self.tell(&considered, found, &mut render).await? {
                return Ok(update);
            }
        }
    }

    /// When the feeds behind what is shown were last heard: the oldest of them, to the minute.
    pub async fn stamp(&self) -> Result<Option<Timestamp>, Error> {
        let feeds = self.gate.store.feeds().await?;
        let heard =
            feeds.iter().filter(|feed| self.sources.contains(&feed.authority)).map(|feed| feed.last_heard);
        let oldest = heard.min().flatten();
        Ok(oldest.and_then(|at| Timestamp::from_second(at.as_second() - at.as_second().rem_euclid(60)).ok()))
    }

    async fn wait(&self) {
        let now = self.gate.clock.now();
        let due = self.look_again.map_or(LONGEST_WAIT, |at| {
            let left = at.duration_since(now).as_millis().clamp(1, 20_000);
            Duration::from_millis(u64::try_from(left).unwrap_or(1))
        });
        tokio::select! {
            () = self.seat.bell.notified() => {}
            () = tokio::time::sleep(due.min(LONGEST_WAIT)) => {}
        }
    }

    fn take_place(&mut self, considered: &Considered) {
        let decision = considered.decision.as_ref();
        self.look_again = decision.and_then(|decision| decision.valid_until);
        let mut places = Places::default();
        if let PersonQuery::Record(record) = &self.ask.query {
            places.records.push(record.key());
        }
        if let Some(person) = &considered.person {
            places.person = Some(person.person);
            places.records.extend(person.records.iter().map(|record| record.key));
        }
        self.seat.depends_on(places);
    }

    async fn tell<B: Body>(
        &mut self,
        considered: &Considered,
        found: Result<Shown, Refusal>,
        render: &mut impl FnMut(&Shown) -> Result<B, Error>,
    ) -> Result<Option<Update<B>>, Error> {
        let told = match &found {
            Ok(shown) => Told::Shown(Box::new(ShownState {
                items: shown.view.items().to_vec(),
                terms: shown.view.terms().clone(),
                identity: shown.identity.clone(),
                late: shown.sources.iter().map(|source| source.is_stale(shown.decided_at)).collect(),
                update_not_shown: shown.update_not_shown,
                override_ends: shown.active_override.map(|(_, ends)| ends),
            })),
            Err(refusal) => {
                let page = Gate::page(&self.ask, considered, refusal.clone());
                Told::Refused(refusal.clone(), page.may_override, page.active_override.map(|(_, ends)| ends))
            }
        };
        if self.told.as_ref() == Some(&told) {
            return Ok(None);
        }
        let update = match found {
            Ok(shown) => {
                self.sources =
                    shown.sources.iter().flat_map(|source| source.organisation.authorities.clone()).collect();
                match self.gate.let_go(&self.ask, considered, &shown, |shown| render(shown)).await? {
                    Answer::Shown(released) => Update::Show(released),
                    Answer::Refused(page) => {
                        // Not recorded, so not shown: the next look tries again.
                        self.told = None;
                        self.look_again =
                            self.gate.clock.now().checked_add(jiff::SignedDuration::from_secs(1)).ok();
                        return Ok(Some(Update::Blank(page)));
                    }
                }
            }
            Err(refusal) => Update::Blank(self.gate.refuse(&self.ask, considered, refusal).await),
        };
        self.told = Some(told);
        Ok(Some(update))
    }
}

impl std::fmt::Debug for Watched {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Watched")
    }
}
