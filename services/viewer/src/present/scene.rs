//! Who is looking at whose summary: names from the register, and what the rule says of the reader whoever the person is.

use crate::panel::{ActiveOverride, Source};
use crate::sessions::Session;
use domain::{DirectiveId, Organisation, Request, Side};
use gate::{Gate, Shown, Snapshot};
use jiff::Timestamp;
use policy::{Decision, PersonFacts, SharingState};
use std::sync::Arc;

/// The register and the session behind one answer.
pub(crate) struct Scene<'a> {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) session: &'a Session,
}

/// What the rule says of a reader without anything of a person; `None` when the rules cannot be read.
pub(crate) fn reader_decision(gate: &Gate, request: &Request) -> Option<Decision> {
    let snapshot = gate.snapshot();
    let (now, system) = gate.lease().facts();
    Some(snapshot.policy.as_ref()?.decide(request, &PersonFacts::default(), &system, now))
}

/// The source of a page that nobody's source is known for.
pub(crate) fn neutral_source<'a>() -> Source<'a> {
    Source { name: "the other organisation", side: Side::Any, phones: &[] }
}

/// An organisation as the panel names it.
pub(crate) fn organisation_source(organisation: &Organisation) -> Source<'_> {
    Source { name: &organisation.name, side: organisation.side, phones: &organisation.phones }
}

impl<'a> Scene<'a> {
    /// The scene of an answer now.
    pub(crate) fn of(gate: &Gate, session: &'a Session) -> Self {
        Self { snapshot: gate.snapshot(), session }
    }

    pub(crate) fn state(&self) -> &SharingState {
        &self.snapshot.state
    }

    /// The organisation that the reader acts for.
    pub(crate) fn recipient(&self) -> Option<&Organisation> {
        self.state().organisation(&self.session.launch.request.requester.organisation)
    }

    /// The reader as the print line names them.
    pub(crate) fn reader(&self) -> &str {
        let requester = &self.session.launch.request.requester;
        let named = requester.position.as_ref().and_then(|position| self.state().position(position));
        let named =
            named.filter(|one| one.user == requester.user && one.organisation == requester.organisation);
        let held = || self.state().positions_of(&requester.user, &requester.organisation).first().copied();
        named.or_else(held).map_or(requester.user.as_str(), |position| position.display_name.as_str())
    }

    /// The organisation of several whose summary is shown: one on the other side than the reader's own, the one that
    /// shares most, and the first by code of those. A page is about one source: two would be two pages.
    pub(crate) fn chosen<'s>(&self, shown: &'s Shown) -> Option<&'s gate::Source> {
        let own = self.recipient().map(|one| one.side);
        let level = |source: &gate::Source| {
            let terms = shown.view.terms().of_source(&source.organisation.id);
            terms.map_or(0, |terms| terms.level.value())
        };
        let best = |one: &&gate::Source| {
            let same_side = Some(one.organisation.side) == own;
            (same_side, u8::MAX - level(one), one.organisation.id.clone())
        };
        shown.sources.iter().min_by_key(best)
    }

    /// The same choice where nothing is shown.
    pub(crate) fn chosen_of<'s>(&self, organisations: &'s [Organisation]) -> Option<&'s Organisation> {
        let own = self.recipient().map(|one| one.side);
        organisations.iter().min_by_key(|one| (Some(one.side) == own, one.id.clone()))
    }

    /// Emergency access that is active, with its reason.
    pub(crate) fn emergency(&self, active: Option<(DirectiveId, Timestamp)>) -> Option<ActiveOverride> {
        let (id, until) = active?;
        let declared = self.state().overrides_in(&self.session.launch.request.session);
        let one = declared.iter().find(|one| one.id == id)?;
        Some(ActiveOverride { declared_at: one.declared_at, until, reason: one.reason })
    }
}
