//! An explanation as a message. It is made of the reader's rows alone: what depends on the person is one line that
//! never changes.

use super::names;
use crate::panel::{self, PanelInput};
use domain::{Catalogue, Ceiling, ItemKind, Request};
use policy::{Decision, ExplainedRow, Explanation, Outcome, Policy, Reader, ReasonSet};
use proto::viewing::v1;

/// What would change it, the same for everyone.
const CHANGES: [&str; 2] = [
    "If both organisations sign another part of the agreement for your role, you would see what that part allows.",
    "Emergency access does not raise the level.",
];

/// Explains one kind, or the whole view.
pub(crate) fn explanation(
    policy: &Policy,
    request: &Request,
    decision: &Decision,
    input: &PanelInput<'_>,
    kind: Option<ItemKind>,
) -> v1::Explanation {
    let explain = |kind: ItemKind| policy.explain(request, decision, kind, Reader::Panel);
    let kinds: Vec<ItemKind> =
        kind.map_or_else(|| panel::universe(input).iter().collect(), |kind| vec![kind]);
    // Of the whole view, the ladder is that of what is shared at the highest level.
    let leading = kind
        .or_else(|| input.shared.iter().max_by_key(|kind| Catalogue::standard().kind(*kind).level.level()));
    let ladder = leading.map(explain);
    v1::Explanation {
        level: u32::from(input.level),
        summary: ladder.as_ref().map(summary).unwrap_or_default(),
        steps: ladder.iter().flat_map(|one| &one.rows).map(step).collect(),
        kinds: kinds.into_iter().map(|kind| kind_row(kind, &explain(kind), input)).collect(),
        changes: CHANGES.map(str::to_owned).to_vec(),
        valid_until: decision.valid_until.map(proto::timestamp),
    }
}

fn summary(explanation: &Explanation) -> String {
    explanation.binding().map(|row| format!("{}: {}", row.title, row.words)).unwrap_or_default()
}

fn codes(reasons: ReasonSet) -> Vec<String> {
    reasons.iter().map(|code| code.as_str().to_owned()).collect()
}

fn step(row: &ExplainedRow) -> v1::ExplanationStep {
    let open = if row.outcome == Outcome::Passed { Ceiling::FULL } else { Ceiling::NONE };
    v1::ExplanationStep {
        dimension: names::step(row.step).to_owned(),
        ceiling: u32::from(row.ceiling.unwrap_or(open).value()),
        decides: row.outcome == Outcome::Decides,
        reasons: codes(row.reasons),
        words: row.words.clone(),
        clause: row.clause.clone(),
    }
}

fn kind_row(kind: ItemKind, explanation: &Explanation, input: &PanelInput<'_>) -> v1::KindExplanation {
    let shared = explanation.permitted;
    let binding = explanation.binding();
    v1::KindExplanation {
        kind: kind.id().to_owned(),
        title: Catalogue::standard().kind(kind).title.to_owned(),
        shared,
        with_exceptions: shared && input.may_keep_back.contains(kind),
        words: binding.map(|row| row.words.clone()).unwrap_or_default(),
        clause: binding.map(|row| row.clause.clone()).unwrap_or_default(),
        reasons: binding.filter(|_| !shared).map(|row| codes(row.reasons)).unwrap_or_default(),
    }
}
