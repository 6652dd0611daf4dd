//! What was agreed, who works where, who objected: folded from the events of sharing by a rule of its own, without
//! `policy`.

use crate::cast::Holder;
use domain::{
    AssuranceRank, Directive, DirectiveKind, FlowId, Override, Position, SessionId, SharingEvent,
    SourceRecord, Window,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// An appendix by its code, or the base.
pub type Part = Option<String>;

/// Everything that governance said, as far as it was read.
#[derive(Debug, Clone, Default)]
pub struct GovernanceFacts {
    signed: BTreeMap<(Part, String), Timestamp>,
    stops: Vec<Stop>,
    assurance: BTreeMap<String, (AssuranceRank, Option<Timestamp>)>,
    positions: BTreeMap<String, Position>,
    roles: BTreeMap<(String, String), String>,
    training: BTreeMap<(String, String), Timestamp>,
    directives: Vec<Directive>,
    overrides: Vec<Override>,
    forged: BTreeSet<Vec<u8>>,
}

#[derive(Debug, Clone)]
struct Stop {
    part: Part,
    organisation: String,
    window: Window,
    for_good: bool,
}

impl GovernanceFacts {
    /// Says that a signature with these bytes is not the signatory's.
    pub fn knows_forged(&mut self, bytes: Vec<u8>) {
        self.forged.insert(bytes);
    }

    /// Takes in one event.
    pub fn hear(&mut self, event: &SharingEvent) {
        match event {
            SharingEvent::OrganisationRegistered(one) => {
                self.assurance.insert(one.id.to_string(), (one.assurance.rank, one.assurance.expires_at));
            }
            SharingEvent::AssuranceRecorded { organisation, assurance } => {
                self.assurance.insert(organisation.to_string(), (assurance.rank, assurance.expires_at));
            }
            SharingEvent::PositionAssigned(one) => {
                self.positions.insert(one.id.to_string(), one.clone());
            }
            SharingEvent::PositionEnded { position, at } => {
                if let Some(one) = self.positions.get_mut(position.as_str()) {
                    one.window.to = Some(one.window.to.map_or(*at, |known| known.min(*at)));
                }
            }
            SharingEvent::RoleMapped(one) => {
                let key = (one.organisation.to_string(), one.local_role.clone());
                self.roles.insert(key, one.role.to_string());
            }
            SharingEvent::TrainingRecorded(one) => {
                self.training.insert((one.organisation.to_string(), one.user.to_string()), one.expires_at);
            }
            SharingEvent::DirectiveSet(one) => self.directives.push(one.clone()),
            SharingEvent::DirectiveLifted { directive, at } => {
                for one in self.directives.iter_mut().filter(|one| one.id == *directive) {
                    one.window.to = Some(*at);
                }
            }
            SharingEvent::OverrideDeclared(one) => self.overrides.push(one.clone()),
            SharingEvent::OverrideEnded { id, at } => {
                for one in self.overrides.iter_mut().filter(|one| one.id == *id) {
                    one.ended_at = Some(one.ended_at.map_or(*at, |known| known.min(*at)));
                }
            }
            _ => self.hear_of_agreement(event),
        }
    }

    fn hear_of_agreement(&mut self, event: &SharingEvent) {
        match event {
            SharingEvent::AgreementSigned(one) if !self.forged.contains(&one.bytes) => {
                let key = (part_of(&one.part), one.organisation.to_string());
                let at = self.signed.entry(key).or_insert(one.signed_at);
                *at = one.signed_at.min(*at);
            }
            SharingEvent::AgreementWithdrawn { part, organisation, at } => {
                self.stop(part_of(part), organisation.to_string(), *at, true);
            }
            SharingEvent::AgreementSuspended { part, organisation, at } => {
                self.stop(part_of(part), organisation.to_string(), *at, false);
            }
            SharingEvent::AgreementResumed { part, organisation, at } => {
                let theirs = |stop: &&mut Stop| {
                    stop.part == part_of(part) && stop.organisation == organisation.as_str() && !stop.for_good
                };
                for stop in self.stops.iter_mut().filter(theirs).filter(|stop| stop.window.to.is_none()) {
                    stop.window.to = Some(*at);
                }
            }
            _ => {}
        }
    }

    fn stop(&mut self, part: Part, organisation: String, at: Timestamp, for_good: bool) {
        self.stops.push(Stop { part, organisation, window: Window { from: Some(at), to: None }, for_good });
    }

    /// Whether both parties had signed the part by then, and none had stopped it.
    pub fn holds(&self, part: &Part, now: Timestamp) -> bool {
        let signed = |holder: Holder| {
            let at = self.signed.get(&(part.clone(), holder.organisation().to_owned()));
            at.is_some_and(|at| *at <= now)
        };
        let stopped = self.stops.iter().any(|stop| stop.part == *part && stop.window.contains(now));
        Holder::ALL.into_iter().all(signed) && !stopped
    }

    /// The highest level that an organisation's assurance allows.
    pub fn assurance_cap(&self, organisation: &str, now: Timestamp) -> u8 {
        match self.assurance.get(organisation) {
            Some((_, Some(expires_at))) if *expires_at <= now => 0,
            Some((AssuranceRank::Reviewed, _)) => 4,
            Some((AssuranceRank::SelfAssessed, _)) => 2,
            Some((AssuranceRank::NeverSubmitted, _)) | None => 0,
        }
    }

    /// The role classes of the positions that somebody holds now; of one position alone, where one is named.
    pub fn roles_now(
        &self,
        user: &str,
        organisation: &str,
        only: Option<&str>,
        now: Timestamp,
    ) -> Option<Vec<String>> {
        let theirs = self.positions.values().filter(|one| {
            one.user.as_str() == user
                && one.organisation.as_str() == organisation
                && only.is_none_or(|only| one.id.as_str() == only)
                && one.window.contains(now)
        });
        let theirs: Vec<&Position> = theirs.collect();
        let role =
            |one: &&Position| self.roles.get(&(organisation.to_owned(), one.local_role.clone())).cloned();
        (!theirs.is_empty()).then(|| theirs.iter().filter_map(role).collect())
    }

    /// Whether somebody's training is in date.
    pub fn is_trained(&self, user: &str, organisation: &str, now: Timestamp) -> bool {
        let key = (organisation.to_owned(), user.to_owned());
        self.training.get(&key).is_some_and(|expires_at| now < *expires_at)
    }

    /// Whether a directive of a kind stands on one of the records, for a flow.
    pub fn stands(
        &self,
        kind: DirectiveKind,
        records: &[SourceRecord],
        flow: &FlowId,
        now: Timestamp,
    ) -> bool {
        self.directives.iter().any(|one| {
            one.kind == kind
                && records.contains(&one.record)
                && one.flow.as_ref().is_none_or(|only| only == flow)
                && one.window.contains(now)
        })
    }

    /// The emergency access that was declared in a session and holds now: half an hour at most, by somebody who had
    /// proved who they are within the five minutes before.
    pub fn emergency(&self, session: SessionId, now: Timestamp) -> Option<&Override> {
        let (half_an_hour, five_minutes) = (SignedDuration::from_mins(30), SignedDuration::from_mins(5));
        self.overrides.iter().find(|one| {
            one.session == session
                && one.authenticated_at <= one.declared_at
                && one.declared_at.duration_since(one.authenticated_at) <= five_minutes
                && one.declared_at <= now
                && now.duration_since(one.declared_at) < half_an_hour
                && one.ended_at.is_none_or(|ended| now < ended)
        })
    }
}

fn part_of(path: &domain::PartPath) -> Part {
    path.appendix.as_ref().map(ToString::to_string)
}
