//! The council's case system: what it holds, in memory, and what its staff do with it.

pub(crate) mod edit;
pub(crate) mod page;

use crate::feed::{CouncilFeed, MessageIds};
use crate::form::Fields;
use crate::shell::Query;
use crate::wire;
use crate::{Error, Settings};
use domain::Clock;
use jiff::Timestamp;
use proto::intake::v1;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use world::{CouncilRecord, World};

/// What became of a CHI number that Yett assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssignedChi {
    /// The number.
    pub(crate) number: String,
    /// Why the case system refused it; `None` where it took it over.
    pub(crate) refused_because: Option<&'static str>,
    /// When.
    pub(crate) at: Timestamp,
}

/// One case.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) record: CouncilRecord,
    /// A number that Yett assigned. It is shown, and never sent back as the council's own evidence.
    pub(crate) assigned: Option<AssignedChi>,
}

impl Case {
    /// The number that staff see: typed, else assigned and taken over.
    pub(crate) fn shown_chi(&self) -> Option<&str> {
        let assigned = self.assigned.as_ref().filter(|assigned| assigned.refused_because.is_none());
        self.record.chi.as_deref().or(assigned.map(|assigned| assigned.number.as_str()))
    }
}

/// The case system.
pub(crate) struct CaseSystem {
    cases: Mutex<BTreeMap<String, Case>>,
    feed: CouncilFeed,
    ids: MessageIds,
    clock: Arc<dyn Clock>,
}

impl CaseSystem {
    pub(crate) fn new(settings: &Settings, world: &World) -> Result<Self, Error> {
        let records = world.entries().iter().filter_map(|entry| entry.council.clone());
        let cases =
            records.map(|record| (record.local_id.clone(), Case { record, assigned: None })).collect();
        Ok(Self {
            cases: Mutex::new(cases),
            feed: CouncilFeed::new(settings)?,
            ids: MessageIds::new("caseline", settings.clock.now()),
            clock: Arc::clone(&settings.clock),
        })
    }

    pub(crate) fn find(&self, local_id: &str) -> Option<Case> {
        self.cases().get(local_id).cloned()
    }

    /// The first cases that fit.
    pub(crate) fn search(&self, query: &Query, most: usize) -> Vec<Case> {
        let cases = self.cases();
        let fits =
            |case: &&Case| query.fits(&case.record.demographics, &case.record.local_id, case.shown_chi());
        cases.values().filter(fits).take(most).cloned().collect()
    }

    /// Changes a case by a form and sends the change; nothing is changed here unless Yett accepts it.
    pub(crate) async fn edit(&self, case: &Case, fields: &Fields) -> Result<Option<v1::Receipt>, Error> {
        let now = self.clock.now();
        let Some(edit) = edit::edited(case, fields, now)? else { return Ok(None) };
        let mut submission =
            wire::submission(self.ids.next(), world::COUNCIL_AUTHORITY, &case.record.local_id, now);
        submission.demographics = edit
            .demographics
            .then(|| wire::demographics(&edit.case.record.demographics, edit.case.record.chi.as_deref()));
        submission.upserts = edit.upserts.iter().map(wire::item).collect();
        submission.removals = edit.removals;
        let receipt = self.feed.submit(submission).await?;
        self.keep(edit.case);
        Ok(Some(receipt))
    }

    /// Takes an assigned CHI number over or refuses it, by the council's own rule: the number must be of the birth
    /// date that the case has, and stand beside no other number that somebody typed.
    pub(crate) fn take_assignment(&self, local_id: &str, number: &str) -> Option<&'static str> {
        let now = self.clock.now();
        let mut cases = self.cases();
        let Some(case) = cases.get_mut(local_id) else { return Some("the case system has no such record") };
        let refused_because = objection(case, number);
        case.assigned = Some(AssignedChi { number: number.to_owned(), refused_because, at: now });
        refused_because
    }

    pub(crate) fn feed(&self) -> &CouncilFeed {
        &self.feed
    }

    fn keep(&self, case: Case) {
        self.cases().insert(case.record.local_id.clone(), case);
    }

    fn cases(&self) -> MutexGuard<'_, BTreeMap<String, Case>> {
        self.cases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn objection(case: &Case, number: &str) -> Option<&'static str> {
    let who = &case.record.demographics;
    let Ok((chi, _)) = domain::ChiNumber::parse(number) else { return Some("the number is not valid") };
    let typed = case.record.chi.as_deref().and_then(|typed| domain::ChiNumber::clean(typed).ok());
    if typed.is_some_and(|typed| typed.number != chi) {
        return Some("the case has another number");
    }
    let evidence = chi.agrees_with(&who.birth_date.unwrap_or_default(), who.sex.unwrap_or_default());
    evidence.birth_date.is_contradiction().then_some("the birth date differs")
}

#[cfg(test)]
mod tests {
    use super::*;
    use world::cast;

    fn case(local_id: &str) -> Case {
        let world = World::generate(1, 0, jiff::civil::date(2026, 11, 24)).unwrap();
        Case { record: world.by_council_id(local_id).unwrap().council.clone().unwrap(), assigned: None }
    }

    #[test]
    fn an_assigned_number_of_another_birth_date_or_beside_a_typed_one_is_refused() {
        let murdo = case(cast::MURDO_HALCRO.council);
        assert_eq!(objection(&murdo, cast::MURDO_HALCRO.chi), None);
        assert_eq!(objection(&murdo, cast::TORQUIL_ASKEW.chi), Some("the birth date differs"));
        assert_eq!(objection(&murdo, "1234567890"), Some("the number is not valid"));
        let rona = case(cast::RONA_TULLIBAR.council);
        assert_eq!(objection(&rona, cast::RONA_TULLIBAR.chi), Some("the case has another number"));
    }
}
