//! Pages and messages that show nothing of a person. What they take holds nothing of a person, see `RefusedView`.

use super::names::{field_named, override_reason};
use super::scene::{Scene, neutral_source, organisation_source};
use crate::panel::{BlankPage, Fragment, OverrideOffer, Reference, Source};
use domain::{OrganisationPhone, PartPath, ReasonCode};
use gate::{Gate, Refusal, RefusedView, Shown};
use jiff::Timestamp;
use proto::viewing::v1;

/// The parts of agreements that what was shown last leaned on, with their words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    parts: Vec<(PartPath, String)>,
}

impl Seen {
    /// What a shown page leans on: the appendix of each flow, and the base under it.
    pub(crate) fn of(scene: &Scene<'_>, shown: &Shown) -> Self {
        let terms =
            scene.chosen(shown).and_then(|source| shown.view.terms().of_source(&source.organisation.id));
        let flows = terms.into_iter().flat_map(|terms| terms.flows.iter().map(|one| &one.flow));
        let mut parts = Vec::new();
        for flow in flows {
            let path =
                |appendix| PartPath { agreement: flow.agreement.clone(), version: flow.version, appendix };
            if let Some(id) = &flow.appendix {
                let words = match flow.appendix_title.trim() {
                    "" => format!("appendix {id} of the {}", flow.title),
                    title => format!("appendix {id} ({title}) of the {}", flow.title),
                };
                parts.push((path(Some(id.clone())), words));
            }
            parts.push((path(None), format!("the {}", flow.title)));
        }
        Self { parts }
    }

    /// Who stopped one of the parts, which, and when: the newest.
    fn stopped(&self, scene: &Scene<'_>, now: Timestamp) -> Option<(String, &str, Timestamp)> {
        let state = scene.state();
        let stops = self.parts.iter().filter_map(|(part, words)| {
            let (who, at) = state.stopped_by(part, now)?;
            let name = state.organisation(who).map_or_else(|| who.to_string(), |one| one.name.clone());
            Some((name, words.as_str(), at))
        });
        stops.max_by_key(|(_, _, at)| *at)
    }
}

/// What a blank page says, as HTML and in words.
pub(crate) struct BlankWords {
    pub(crate) html: String,
    pub(crate) title: String,
    pub(crate) what_to_do: String,
    pub(crate) phones: Vec<OrganisationPhone>,
}

/// The page for a refusal. `seen`: what was on the page before, where anything was.
pub(crate) fn blank(scene: &Scene<'_>, refused: &RefusedView, seen: Option<&Seen>) -> BlankWords {
    let organisation = scene.chosen_of(&refused.sources);
    let source = organisation.map_or_else(neutral_source, organisation_source);
    words(&source, page(scene, refused, seen, &source))
}

/// The page of a session whose question could not be decided at all.
pub(crate) fn cleared(scene: &Scene<'_>, now: Timestamp) -> BlankWords {
    let source = neutral_source();
    let reference = Reference::of_gate(&Gate::reference(scene.session.launch.request.session));
    words(&source, BlankPage::cleared(&source, now, &reference))
}

fn words(source: &Source<'_>, page: BlankPage) -> BlankWords {
    let html = page.html().unwrap_or_else(|error| {
        tracing::error!(error = %error, "a page without a person cannot be rendered");
        String::new()
    });
    BlankWords {
        html,
        title: page.title().to_owned(),
        what_to_do: page.text(),
        phones: source.phones.to_vec(),
    }
}

fn page(scene: &Scene<'_>, refused: &RefusedView, seen: Option<&Seen>, source: &Source<'_>) -> BlankPage {
    let reference = Reference::of_gate(&refused.reference);
    let at = refused.decided_at;
    match &refused.refusal {
        Refusal::Cleared(_) => BlankPage::cleared(source, at, &reference),
        Refusal::Reader(reasons) => match seen.and_then(|seen| seen.stopped(scene, at)) {
            Some((who, what, when)) => BlankPage::withdrawn(source, (&who, what), when, &reference),
            None => BlankPage::refused(source, reasons, &reference),
        },
        Refusal::Stop(field) => {
            let fields: Vec<_> = field_named(field).into_iter().collect();
            BlankPage::stop(source, &fields, &reference)
        }
        Refusal::Person => {
            let offer = if refused.may_override { OverrideOffer::Yes } else { OverrideOffer::No };
            let active = scene.emergency(refused.active_override);
            BlankPage::for_person(source, offer, active.as_ref().map(|one| (one, at)), &reference)
        }
    }
}

/// The same as a message. `blank`: something was shown before and must be removed.
pub(crate) fn refusal_message(
    scene: &Scene<'_>,
    refused: &RefusedView,
    words: BlankWords,
    blank: bool,
) -> v1::ViewRefusal {
    let emergency = refused.active_override.zip(scene.emergency(refused.active_override));
    v1::ViewRefusal {
        reasons: told_reasons(&refused.refusal).iter().map(|code| code.as_str().to_owned()).collect(),
        title: words.title,
        what_to_do: words.what_to_do,
        phones: words.phones.iter().map(super::message::phone).collect(),
        may_override: refused.may_override,
        r#override: emergency.map(|((id, _), active)| v1::ViewOverride {
            id: id.to_string(),
            reason: override_reason(active.reason).to_owned(),
            declared_at: Some(proto::timestamp(active.declared_at)),
            ends_at: Some(proto::timestamp(active.until)),
        }),
        blank,
    }
}

/// The message of a session whose question could not be decided at all.
pub(crate) fn cleared_message(scene: &Scene<'_>, now: Timestamp) -> v1::ViewRefusal {
    let words = cleared(scene, now);
    v1::ViewRefusal {
        reasons: vec![ReasonCode::SysPolicy.as_str().to_owned()],
        title: words.title,
        what_to_do: words.what_to_do,
        blank: true,
        ..v1::ViewRefusal::default()
    }
}

/// What depends on the person has no reason, whatever the reason.
fn told_reasons(refusal: &Refusal) -> Vec<ReasonCode> {
    match refusal {
        Refusal::Cleared(reasons) | Refusal::Reader(reasons) => {
            reasons.iter().copied().filter(|code| !code.depends_on_person()).collect()
        }
        Refusal::Stop(_) => vec![ReasonCode::ActLaunch],
        Refusal::Person => Vec::new(),
    }
}
