//! Why a kind is shown or not: the steps of the rule in order, and which one decides.
//!
//! To an information-governance role it names the row. To a panel, everything that depends on the person and every
//! label is one line that never changes, and the verdict is the schedule's alone.

use crate::decide::label_reason;
use crate::decision::{DIMENSIONS, Decision, Dimension, FlowDecision, Opening, RowResult};
use crate::rows::role_row;
use crate::{FlowFacts, Policy, ReasonSet, clauses};
use domain::{Catalogue, Ceiling, ItemKind, Label, Labels, ReasonCode, Request};
use std::sync::Arc;

/// Who reads the explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A practitioner in a panel.
    Panel,
    /// An information-governance role.
    Governance,
}

/// One step of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A row of the rule.
    Row(Dimension),
    /// The level at which the schedule shares the kind.
    Schedule,
    /// Everything that depends on the person, in one line.
    Person,
    /// Label gates.
    Labels,
    /// The never-share list.
    Never,
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It lets the kind pass.
    Passed,
    /// It stops the kind, and so does an earlier step.
    Blocked,
    /// It decides: the first that stops the kind, or the one that allows least where the kind is shown.
    Decides,
}

/// One step with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedRow {
    /// The step.
    pub step: Step,
    /// What it does.
    pub outcome: Outcome,
    /// The highest level that it allows, where it sets one.
    pub ceiling: Option<Ceiling>,
    /// Its reasons. Empty in a panel for what stays generic.
    pub reasons: ReasonSet,
    /// What it is called.
    pub title: &'static str,
    /// What it says, in words.
    pub words: String,
    /// Agreement, part and flow that it comes from.
    pub clause: String,
}

/// Why a kind is shown or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The kind.
    pub kind: ItemKind,
    /// The flow explained: the one that permits the kind, or that comes nearest.
    pub flow: Option<Arc<FlowFacts>>,
    /// Whether the kind is shared: in a panel with this reader, else about this person.
    pub permitted: bool,
    /// The steps in order.
    pub rows: Vec<ExplainedRow>,
}

impl Explanation {
    /// The step that decides.
    pub fn binding(&self) -> Option<&ExplainedRow> {
        self.rows.iter().find(|row| row.outcome == Outcome::Decides)
    }
}

impl Policy {
    /// Explains a decision for one kind.
    pub fn explain(
        &self,
        request: &Request,
        decision: &Decision,
        kind: ItemKind,
        reader: Reader,
    ) -> Explanation {
        let Some(flow) = nearest(decision, kind, reader) else {
            return no_flow(request, decision, kind);
        };
        let mut rows: Vec<ExplainedRow> = match reader {
            Reader::Governance => DIMENSIONS.into_iter().map(|one| row_of(flow, one, reader)).collect(),
            Reader::Panel => {
                let own = DIMENSIONS.into_iter().filter(|one| !one.depends_on_person());
                own.map(|one| row_of(flow, one, reader)).collect()
            }
        };
        rows.push(schedule_row(flow, kind));
        match reader {
            Reader::Governance => rows.push(label_row(flow, kind)),
            Reader::Panel => {
                rows.push(generic(flow, Step::Person, "This person", clauses::PERSON));
                rows.push(panel_label_row(flow, kind));
            }
        }
        rows.push(self.never_row(flow, kind));
        let permitted = shows(flow, kind, reader);
        mark(&mut rows, flow.flow.level_of(kind).map(Ceiling::from), permitted);
        Explanation { kind, flow: Some(Arc::clone(&flow.flow)), permitted, rows }
    }

    fn never_row(&self, flow: &FlowDecision, kind: ItemKind) -> ExplainedRow {
        let never = self.never >> kind.index() & 1 == 1;
        let reasons = if never { ReasonSet::of(ReasonCode::Never) } else { ReasonSet::NONE };
        let words = if never { said(reasons) } else { "Not on the never-share list.".to_owned() };
        let outcome = if never { Outcome::Blocked } else { Outcome::Passed };
        step(flow, Step::Never, outcome, reasons, ("Never shared", words))
    }
}

/// The labels that keep a kind back on the grant that comes nearest to it, of those that reach its level if any do.
fn shut_labels(openings: &[Opening], kind: ItemKind, protected: bool) -> ReasonSet {
    let labels = Catalogue::standard().kind(kind).labels;
    let counts = |label: &Label| *label != Label::ProtectedAddress || protected;
    let counted: Labels = labels.iter().filter(counts).collect();
    let shut = |scopes: Labels| -> ReasonSet {
        counted.iter().filter(|label| !scopes.contains(*label)).map(label_reason).collect()
    };
    let far = |one: &&Opening| (!one.within.contains(kind), shut(one.scopes).len());
    shut(openings.iter().min_by_key(far).map_or(Labels::NONE, |one| one.scopes))
}

fn label_row(flow: &FlowDecision, kind: ItemKind) -> ExplainedRow {
    let shut = shut_labels(&flow.openings, kind, flow.protected);
    let words = if shut.is_empty() {
        "Every label of this kind is open to your role on this flow.".to_owned()
    } else {
        said(shut)
    };
    let outcome = if shut.is_empty() { Outcome::Passed } else { Outcome::Blocked };
    step(flow, Step::Labels, outcome, shut, ("Labels", words))
}

/// In a panel: only what the kind's own labels close for every person, and no names of labels.
fn panel_label_row(flow: &FlowDecision, kind: ItemKind) -> ExplainedRow {
    let shut = shut_labels(&flow.reader.openings, kind, false);
    let outcome = if shut.is_empty() { Outcome::Passed } else { Outcome::Blocked };
    step(flow, Step::Labels, outcome, ReasonSet::NONE, ("Kept back", clauses::LABELS.to_owned()))
}

/// The flow that shows the kind, else the one on which the fewest rows stop it. A panel's choice must not depend
/// on the person.
fn nearest(decision: &Decision, kind: ItemKind, reader: Reader) -> Option<&FlowDecision> {
    let stops = |flow: &&FlowDecision| {
        let needed = flow.flow.level_of(kind).map_or(Ceiling::FULL, Ceiling::from);
        let counts = |one: &Dimension| reader == Reader::Governance || !one.depends_on_person();
        let rows =
            DIMENSIONS.iter().filter(|one| counts(one) && told(flow, **one, reader).ceiling < needed).count();
        (!shows(flow, kind, reader), flow.flow.level_of(kind).is_none(), rows)
    };
    decision.flows.iter().min_by_key(stops)
}

fn shows(flow: &FlowDecision, kind: ItemKind, reader: Reader) -> bool {
    match reader {
        Reader::Panel => flow.reader.items.contains(kind),
        Reader::Governance => flow.items.contains(kind),
    }
}

/// Says which steps stop the kind, and which one decides.
fn mark(rows: &mut [ExplainedRow], needed: Option<Ceiling>, permitted: bool) {
    let needed = needed.unwrap_or(Ceiling::FULL);
    for row in rows.iter_mut() {
        if row.ceiling.is_some_and(|ceiling| ceiling < needed) {
            row.outcome = Outcome::Blocked;
        }
    }
    let lowest = rows.iter().filter_map(|row| row.ceiling).min();
    let deciding = if permitted {
        rows.iter_mut().find(|row| row.ceiling == lowest)
    } else {
        rows.iter_mut().find(|row| row.outcome == Outcome::Blocked)
    };
    if let Some(row) = deciding {
        row.outcome = Outcome::Decides;
    }
}

/// What a row says to a reader. Which of several roles opens most may depend on the person: a panel is told of the
/// one that is granted most.
fn told(flow: &FlowDecision, dimension: Dimension, reader: Reader) -> RowResult {
    if reader == Reader::Panel && dimension == Dimension::Role {
        let (ceiling, reasons) = role_row(flow.reader.role);
        return RowResult { dimension, ceiling, reasons };
    }
    flow.row(dimension)
}

fn row_of(flow: &FlowDecision, dimension: Dimension, reader: Reader) -> ExplainedRow {
    let row = told(flow, dimension, reader);
    let words =
        if row.reasons.is_empty() { clauses::passed(dimension).to_owned() } else { said(row.reasons) };
    let text = (clauses::title(dimension), words);
    ExplainedRow {
        ceiling: Some(row.ceiling),
        ..step(flow, Step::Row(dimension), Outcome::Passed, row.reasons, text)
    }
}

fn schedule_row(flow: &FlowDecision, kind: ItemKind) -> ExplainedRow {
    let (outcome, words) = match flow.flow.level_of(kind) {
        Some(level) => {
            (Outcome::Passed, format!("The schedule shares this kind at level {}.", level.value()))
        }
        None => (Outcome::Blocked, "The schedule does not name this kind.".to_owned()),
    };
    let missing = outcome == Outcome::Blocked;
    let reasons = if missing { ReasonSet::of(ReasonCode::AgrNone) } else { ReasonSet::NONE };
    step(flow, Step::Schedule, outcome, reasons, ("Schedule", words))
}

fn generic(flow: &FlowDecision, name: Step, title: &'static str, words: &str) -> ExplainedRow {
    step(flow, name, Outcome::Passed, ReasonSet::NONE, (title, words.to_owned()))
}

fn step(
    flow: &FlowDecision,
    step: Step,
    outcome: Outcome,
    reasons: ReasonSet,
    text: (&'static str, String),
) -> ExplainedRow {
    let (title, words) = text;
    ExplainedRow { step, outcome, ceiling: None, reasons, title, words, clause: clause(&flow.flow) }
}

fn clause(flow: &FlowFacts) -> String {
    let part = flow.appendix.as_ref().map_or_else(|| "base".to_owned(), |id| format!("appendix {id}"));
    format!("{}, version {}, {part}, flow {}", flow.title, flow.version, flow.id)
}

fn said(reasons: ReasonSet) -> String {
    reasons.iter().map(clauses::reason).collect::<Vec<_>>().join(" ")
}

fn no_flow(request: &Request, decision: &Decision, kind: ItemKind) -> Explanation {
    let reasons = decision.reasons.of_reader();
    let row = ExplainedRow {
        step: Step::Row(Dimension::Agreement),
        outcome: Outcome::Decides,
        ceiling: Some(Ceiling::NONE),
        reasons,
        title: clauses::title(Dimension::Agreement),
        words: said(reasons),
        clause: format!("no agreement with {}", request.requester.organisation),
    };
    Explanation { kind, flow: None, permitted: false, rows: vec![row] }
}
