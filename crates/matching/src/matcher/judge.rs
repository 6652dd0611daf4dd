//! What a record's state means: its own person, a link, a question, a doubt about a link, or nothing new.
//!
//! Must not fold events itself, but for [`Matcher::settle`], and must never change what a person decided.

use std::collections::BTreeSet;

use domain::{
    Candidate, ClericalReview, Decider, EventId, Link, LinkEvent, LinkEvidence, LinkStatus, PersonId,
    ReviewId, ReviewOutcome, SourceRecord,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::decide::{Constraints, ReviewReason, Scored, Verdict, contradicts_link, decide, rank, top};
use crate::index::IndexRecord;
use crate::matcher::{Cause, Matcher};
use crate::profile::Profile;

impl Matcher {
    /// Judges one record and folds what follows.
    pub(super) fn settle(&mut self, record: &SourceRecord, cause: Cause) -> Vec<LinkEvent> {
        let events = self.judge(record, cause);
        self.fold(events)
    }

    /// Judges again the records that met an index record before or meet it now, and those linked to its person.
    pub(super) fn judge_again(
        &mut self,
        record: &SourceRecord,
        profiles: [Option<Profile>; 2],
        cause: Cause,
    ) -> Vec<LinkEvent> {
        let mut again: BTreeSet<SourceRecord> = BTreeSet::new();
        for profile in profiles.iter().flatten() {
            let meeting = self.index.records_sharing_blocks_with(profile);
            again.extend(meeting.into_iter().map(|held| held.record.clone()));
        }
        if let Some(person) = self.graph.person_of(record) {
            again.extend(self.graph.records_of(person));
        }
        again.remove(record);
        again.iter().flat_map(|other| self.settle(other, cause)).collect()
    }

    fn judge(&self, record: &SourceRecord, cause: Cause) -> Vec<LinkEvent> {
        let Some(held) = self.index.find(record) else { return Vec::new() };
        match self.graph.own_link_of(record) {
            Some(link) => match (&link.decided_by, link.status) {
                (Decider::Machine { .. }, LinkStatus::Confirmed) => self.recheck(held, link, cause),
                (Decider::Machine { .. }, LinkStatus::Possible | LinkStatus::Disputed)
                | (Decider::Index | Decider::Manual { .. }, _) => Vec::new(),
            },
            None if self.stands_for_itself(held) => self.stand_for_itself(held, cause),
            None => self.judge_unlinked(held, cause),
        }
    }

    /// An index record stands for its own person unless another one has its number.
    fn stands_for_itself(&self, held: &IndexRecord) -> bool {
        let never = self.graph.never_of(&held.record);
        let has_number = |(person, other): &(PersonId, &IndexRecord)| {
            let numbers = (held.profile.chi.as_ref(), other.profile.chi.as_ref());
            let same = matches!(numbers, (Some(one), Some(two)) if one.number == two.number);
            same && !never.contains(person)
        };
        self.index.is_index_record(&held.record)
            && !self.candidates(Some(&held.record), &held.profile).iter().any(has_number)
    }

    fn stand_for_itself(&self, held: &IndexRecord, cause: Cause) -> Vec<LinkEvent> {
        let evidence = LinkEvidence {
            index_size: self.index.size(),
            rules: vec!["index record".to_owned()],
            ..LinkEvidence::default()
        };
        let person = PersonId::of_index_event(cause.event, held.record.key());
        let link = Self::new_link(held, person, evidence, (Decider::Index, cause.now));
        let mut events = self.superseding(&held.record, cause.now);
        events.push(LinkEvent::RecordLinked(link));
        events
    }

    fn judge_unlinked(&self, held: &IndexRecord, cause: Cause) -> Vec<LinkEvent> {
        let candidates = self.candidates(Some(&held.record), &held.profile);
        let constraints = self.constraints(Some(&held.record), cause.now);
        match decide(&held.profile, &candidates, &self.parameters, self.index.counts(), &constraints) {
            Verdict::Link { person, evidence } => {
                let mut events = self.superseding(&held.record, cause.now);
                let link = Self::new_link(held, person, evidence, (self.machine(), cause.now));
                events.push(LinkEvent::RecordLinked(link));
                events
            }
            Verdict::Review { reason, candidates } => self.ask(held, reason, candidates, cause),
            Verdict::Nothing { .. } => self.superseding(&held.record, cause.now),
        }
    }

    /// Whether an automatic link still holds. It is put in question, never silently undone.
    fn recheck(&self, held: &IndexRecord, link: &Link, cause: Cause) -> Vec<LinkEvent> {
        let person = self.graph.resolve_person(link.person);
        let scored = self.rank_with(held, person, cause.now);
        let Some(current) = scored.iter().find(|scored| scored.candidate.person == person) else {
            return Vec::new();
        };
        if !contradicts_link(&held.profile, &scored, current, &self.parameters) {
            return Vec::new();
        }
        let mut evidence = current.candidate.evidence.clone();
        evidence.rules.push(ReviewReason::LinkContradicted.words().to_owned());
        let mut disputed = Self::new_link(held, link.person, evidence, (self.machine(), cause.now));
        disputed.status = LinkStatus::Disputed;
        let mut shown = top(&scored, ReviewReason::LinkContradicted);
        if !shown.iter().any(|candidate| candidate.person == person) {
            shown.pop();
            shown.extend(top(std::slice::from_ref(current), ReviewReason::LinkContradicted));
        }
        let mut events = vec![LinkEvent::RecordLinked(disputed)];
        events.extend(self.ask(held, ReviewReason::LinkContradicted, shown, cause));
        events
    }

    /// Puts a question, unless the very same one is open.
    fn ask(
        &self,
        held: &IndexRecord,
        reason: ReviewReason,
        candidates: Vec<Candidate>,
        cause: Cause,
    ) -> Vec<LinkEvent> {
        let open = self.graph.review_of(&held.record);
        if open.is_some_and(|open| {
            open.reason == reason.words() && is_same_question(&open.candidates, &candidates)
        }) {
            return Vec::new();
        }
        let mut events = self.superseding(&held.record, cause.now);
        let what = format!("review/{}", held.record.key());
        events.push(LinkEvent::ReviewRaised(ClericalReview {
            id: ReviewId(EventId::derived(cause.event, &what).0),
            record: held.record.clone(),
            judged_version: held.version,
            reason: reason.words().to_owned(),
            candidates,
            raised_at: cause.now,
        }));
        events
    }

    /// Lets the open question about a record lapse, if there is one.
    pub(super) fn superseding(&self, record: &SourceRecord, now: Timestamp) -> Vec<LinkEvent> {
        let lapsed = |open: &ClericalReview| LinkEvent::ReviewDecided {
            review: open.id,
            record: record.clone(),
            outcome: ReviewOutcome::Superseded,
            decided_by: self.machine(),
            decided_at: now,
        };
        self.graph.review_of(record).map(lapsed).into_iter().collect()
    }

    fn new_link(
        held: &IndexRecord,
        person: PersonId,
        evidence: LinkEvidence,
        by: (Decider, Timestamp),
    ) -> Link {
        Link {
            record: held.record.clone(),
            person,
            status: LinkStatus::Confirmed,
            evidence,
            decided_by: by.0,
            decided_at: by.1,
            judged_version: held.version,
        }
    }

    fn machine(&self) -> Decider {
        Decider::Machine { model: self.parameters.version.clone() }
    }

    /// Index records to look at, the record itself left out, each with the person whom it stands for.
    fn candidates(&self, record: Option<&SourceRecord>, profile: &Profile) -> Vec<(PersonId, &IndexRecord)> {
        let others = self.index.candidates(profile).into_iter().filter(|held| Some(&held.record) != record);
        others.filter_map(|held| Some((self.graph.person_of(&held.record)?, held))).collect()
    }

    pub(super) fn rank(
        &self,
        record: Option<&SourceRecord>,
        profile: &Profile,
        now: Timestamp,
    ) -> Vec<Scored> {
        let constraints = self.constraints(record, now);
        let counts = (&self.parameters, self.index.counts());
        rank(profile, &self.candidates(record, profile), counts, &constraints)
    }

    /// Ranked candidates, the person linked now among them even where no block is shared any more.
    pub(super) fn rank_with(&self, held: &IndexRecord, person: PersonId, now: Timestamp) -> Vec<Scored> {
        let mut candidates = self.candidates(Some(&held.record), &held.profile);
        let linked = self.graph.index_record_of(person).and_then(|record| self.index.find(&record));
        if let Some(linked) = linked.filter(|_| !candidates.iter().any(|(candidate, _)| *candidate == person))
        {
            candidates.push((person, linked));
        }
        let counts = (&self.parameters, self.index.counts());
        rank(&held.profile, &candidates, counts, &self.constraints(Some(&held.record), now))
    }

    fn constraints(&self, record: Option<&SourceRecord>, now: Timestamp) -> Constraints {
        Constraints {
            never: record.map(|record| self.graph.never_of(record)).unwrap_or_default(),
            undone: record.map(|record| self.graph.undone_of(record)).unwrap_or_default(),
            switches: self.settings.switches.clone(),
            looked_after: record.is_some_and(|record| self.looked_after.contains(record)),
            today: now.to_zoned(TimeZone::UTC).date(),
        }
    }
}

/// The same persons with the same levels, whatever the index has grown to meanwhile.
fn is_same_question(one: &[Candidate], other: &[Candidate]) -> bool {
    let levels = |candidate: &Candidate| -> Vec<String> {
        candidate.evidence.fields.iter().map(|line| line.level.clone()).collect()
    };
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(a, b)| a.person == b.person && a.record == b.record && levels(a) == levels(b))
}
