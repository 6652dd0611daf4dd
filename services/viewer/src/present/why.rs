//! The page "Why do I see this?" for what is shown: the steps of the reader from the rule, the schedule from the
//! signed text. Of the steps that depend on the person it names those that must have passed, since something is shown;
//! involvement, of which more than one answer shows something, is left out.

use super::panel::panel_input;
use super::scene::Scene;
use crate::panel::{Fragment, WhyInput, WhyPage, WhyStep};
use domain::{ItemKind, SharingLevel};
use gate::{Gate, Shown};
use policy::{Decision, Dimension, SourceTerms, TermsFlow};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The steps of the reader, in the order of the rule.
const READER_STEPS: [(Dimension, WhyStep); 7] = [
    (Dimension::System, WhyStep::System),
    (Dimension::Requester, WhyStep::Reader),
    (Dimension::Organisation, WhyStep::Organisation),
    (Dimension::Agreement, WhyStep::Agreement),
    (Dimension::FlowLevel, WhyStep::FlowLevel),
    (Dimension::Purpose, WhyStep::Purpose),
    (Dimension::Role, WhyStep::Role),
];
/// Nothing at all is shown unless these allow everything.
const PASSED: [WhyStep; 3] = [WhyStep::Age, WhyStep::Link, WhyStep::Limits];

/// The page, of the whole view or of one kind.
pub(crate) fn why_html(
    scene: &Scene<'_>,
    shown: &Shown,
    decision: &Decision,
    kind: Option<ItemKind>,
) -> Result<String, gate::Error> {
    let view = panel_input(scene, shown).ok_or(gate::Error::Render)?;
    let source = scene.chosen(shown).ok_or(gate::Error::Render)?;
    let terms = shown.view.terms().of_source(&source.organisation.id).ok_or(gate::Error::Render)?;
    let best = best_flow(terms);
    let input = WhyInput {
        steps: steps(decision, best),
        schedule: schedule(terms),
        part: best.map(part).unwrap_or_default(),
        receipt: Gate::reference(scene.session.launch.request.session),
        seen_at: shown.decided_at,
    };
    let page = WhyPage::of(&view, &input);
    let page = match kind {
        Some(kind) => page.only(kind),
        None => page,
    };
    page.html().map_err(|error| {
        tracing::error!(error = %error, "an explanation cannot be rendered");
        gate::Error::Render
    })
}

/// The flow that the page explains: the one with the highest level for this reader.
fn best_flow(terms: &SourceTerms) -> Option<&TermsFlow> {
    terms.flows.iter().max_by_key(|one| one.level)
}

fn steps(decision: &Decision, best: Option<&TermsFlow>) -> Vec<(WhyStep, u8)> {
    let flow = best.and_then(|best| {
        let same = |facts: &Arc<policy::FlowFacts>| {
            facts.id == best.flow.id
                && facts.version == best.flow.version
                && facts.agreement == best.flow.agreement
        };
        decision.flows.iter().find(|one| same(&one.flow))
    });
    let Some(flow) = flow else { return Vec::new() };
    let reader = READER_STEPS.into_iter().map(|(row, step)| (step, flow.row(row).ceiling.value()));
    reader.chain(PASSED.into_iter().map(|step| (step, 4))).collect()
}

/// The level of each kind, as signed; the highest, where several flows name it.
fn schedule(terms: &SourceTerms) -> Vec<(ItemKind, SharingLevel)> {
    let mut levels: BTreeMap<ItemKind, SharingLevel> = BTreeMap::new();
    for entry in terms.flows.iter().flat_map(|one| &one.flow.schedule) {
        let level = levels.entry(entry.kind).or_insert(entry.level);
        *level = (*level).max(entry.level);
    }
    levels.into_iter().collect()
}

fn part(best: &TermsFlow) -> String {
    best.flow.appendix.as_ref().map_or_else(|| "The agreement".to_owned(), |id| format!("Appendix {id}"))
}
