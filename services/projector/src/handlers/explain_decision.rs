//! What would be decided about a person, row by row. Shows a person's data: what is made here leaves through the gate
//! only.

use crate::Operations;
use crate::sight::Sight;
use domain::{
    Catalogue, Ceiling, Exit, FieldViolation, ItemKind, OrganisationId, PositionId, Purpose, Request,
    Requester, SessionId, UserId, Violation,
};
use gate::{Ask, HostIdentity, Wire};
use jiff::Timestamp;
use policy::{Decision, Dimension, ExplainedRow, Explanation, Outcome, Policy, Reader, ReasonSet, Step};
use proto::operations::v1::{ExplainDecisionRequest, ExplainDecisionResponse};
use proto::viewing::{PersonIdentifier, v1};
use storage::PersonQuery;
use transport::Failure;

/// What is asked.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) ask: Ask,
    pub(crate) kind: Option<ItemKind>,
    pub(crate) at: Option<Timestamp>,
}

/// Checks the request: every field that breaks a rule is told.
pub(crate) fn read(
    operations: &Operations,
    sight: &Sight,
    request: ExplainDecisionRequest,
) -> Result<Question, Failure> {
    let session = SessionId(operations.parts.entropy.uuid());
    let question = question(request, session, operations.clock().now()).map_err(Failure::Invalid)?;
    if !sight.speaks_for(&question.ask.request.requester.organisation) {
        return Err(Failure::Forbidden { reason: "OTHER_ORGANISATION" });
    }
    Ok(question)
}

/// Fields that break a rule.
#[derive(Default)]
struct Fields(Vec<FieldViolation>);

impl Fields {
    fn take<T>(&mut self, field: &str, value: Result<T, Violation>) -> Option<T> {
        value.map_err(|violation| self.0.push(FieldViolation::new(field, violation.rule))).ok()
    }

    fn optional<T>(
        &mut self,
        field: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        if text.is_empty() { None } else { self.take(field, parse(text)) }
    }
}

fn question(
    request: ExplainDecisionRequest,
    session: SessionId,
    now: Timestamp,
) -> Result<Question, Vec<FieldViolation>> {
    let mut fields = Fields::default();
    let user = fields.take("user", UserId::parse(&request.user));
    let organisation = fields.take("organisation", OrganisationId::parse(&request.organisation));
    let position = fields.optional("position", &request.position, PositionId::parse);
    let host = fields.optional("host_organisation", &request.host_organisation, OrganisationId::parse);
    let purpose = Purpose::parse(&request.purpose);
    let purpose =
        fields.take("purpose", purpose.ok_or(Violation::of("must be a known purpose, such as direct-care")));
    let kind = fields.optional("kind", &request.kind, |id| {
        Catalogue::standard().by_id(id).ok_or(Violation::of("must be the id of a kind in the catalogue"))
    });
    let at = request.at.and_then(|at| {
        let read = Timestamp::new(at.seconds, at.nanos).map_err(|_| Violation::of("must be an instant"));
        fields.take("at", read)
    });
    let person = match request.person {
        None => {
            fields.0.push(FieldViolation::new("person", "is required"));
            None
        }
        Some(person) => match proto::viewing::person_identifier(person, "person") {
            Ok(person) => Some(person),
            Err(violations) => {
                fields.0.extend(violations);
                None
            }
        },
    };
    let (Some(user), Some(organisation), Some(purpose), Some(person)) = (user, organisation, purpose, person)
    else {
        return Err(fields.0);
    };
    if !fields.0.is_empty() {
        return Err(fields.0);
    }
    let host_organisation = host.unwrap_or_else(|| organisation.clone());
    let request = Request {
        requester: Requester { user, organisation, host_organisation, position },
        purpose,
        session,
        bound_person: None,
        relationship_asserted: request.relationship_asserted,
        authenticated_at: at.unwrap_or(now),
    };
    let ask = Ask { request, query: query(person), exit: Exit::Explain, host: HostIdentity::default() };
    Ok(Question { ask, kind, at })
}

fn query(person: PersonIdentifier) -> PersonQuery {
    match person {
        PersonIdentifier::Chi(number) => PersonQuery::Chi(number),
        PersonIdentifier::NhsNumber(number) => PersonQuery::NhsNumber(number),
        PersonIdentifier::Record(record) => PersonQuery::Record(record),
    }
}

/// The answer, its reference left empty.
pub(crate) fn present(
    policy: &Policy,
    request: &Request,
    decision: &Decision,
    kind: Option<ItemKind>,
) -> Wire<ExplainDecisionResponse> {
    let explain = |kind: ItemKind| policy.explain(request, decision, kind, Reader::Governance);
    let all = || {
        Catalogue::standard()
            .iter()
            .map(|spec| spec.kind)
            .filter(|kind| is_scheduled(decision, *kind))
            .collect()
    };
    let kinds: Vec<ItemKind> = kind.map_or_else(all, |kind| vec![kind]);
    let explained: Vec<(ItemKind, Explanation)> =
        kinds.into_iter().map(|kind| (kind, explain(kind))).collect();
    // Of a whole view, the steps are those of the kind that needs the highest level among what is shown.
    let leading = explained
        .iter()
        .max_by_key(|(kind, one)| (one.permitted, Catalogue::standard().kind(*kind).level.level()));
    let level = decision.flows.iter().map(|flow| flow.ceiling.value()).max().unwrap_or_default();
    let explanation = v1::Explanation {
        level: u32::from(level),
        summary: leading.and_then(|(_, one)| summary(one)).unwrap_or_default(),
        steps: leading.iter().flat_map(|(_, one)| &one.rows).map(step).collect(),
        kinds: explained.iter().map(|(kind, one)| kind_row(*kind, one)).collect(),
        changes: Vec::new(),
        valid_until: decision.valid_until.map(proto::timestamp),
    };
    let explanation = Some(explanation);
    Wire::of(ExplainDecisionResponse { explanation, reference: String::new() })
}

/// Whether any flow names the kind.
fn is_scheduled(decision: &Decision, kind: ItemKind) -> bool {
    decision.flows.iter().any(|flow| flow.flow.level_of(kind).is_some())
}

fn summary(explanation: &Explanation) -> Option<String> {
    explanation.binding().map(|row| format!("{}: {}", row.title, row.words))
}

fn codes(reasons: ReasonSet) -> Vec<String> {
    reasons.iter().map(|code| code.as_str().to_owned()).collect()
}

fn step(row: &ExplainedRow) -> v1::ExplanationStep {
    let open = if row.outcome == Outcome::Passed { Ceiling::FULL } else { Ceiling::NONE };
    v1::ExplanationStep {
        dimension: dimension(row.step).to_owned(),
        ceiling: u32::from(row.ceiling.unwrap_or(open).value()),
        decides: row.outcome == Outcome::Decides,
        reasons: codes(row.reasons),
        words: row.words.clone(),
        clause: row.clause.clone(),
    }
}

fn kind_row(kind: ItemKind, explanation: &Explanation) -> v1::KindExplanation {
    let binding = explanation.binding();
    v1::KindExplanation {
        kind: kind.id().to_owned(),
        title: Catalogue::standard().kind(kind).title.to_owned(),
        shared: explanation.permitted,
        with_exceptions: false,
        words: binding.map(|row| row.words.clone()).unwrap_or_default(),
        clause: binding.map(|row| row.clause.clone()).unwrap_or_default(),
        reasons: binding.filter(|_| !explanation.permitted).map(|row| codes(row.reasons)).unwrap_or_default(),
    }
}

fn dimension(step: Step) -> &'static str {
    match step {
        Step::Row(Dimension::System) => "system",
        Step::Row(Dimension::Requester) => "requester",
        Step::Row(Dimension::Organisation) => "organisation",
        Step::Row(Dimension::Agreement) => "agreement",
        Step::Row(Dimension::FlowLevel) => "flow-level",
        Step::Row(Dimension::Purpose) => "purpose",
        Step::Row(Dimension::Role) => "role",
        Step::Row(Dimension::Age) => "age",
        Step::Row(Dimension::Link) => "link",
        Step::Row(Dimension::Relationship) => "relationship",
        Step::Row(Dimension::Dissent) => "dissent",
        Step::Row(Dimension::HardDirective) => "hard-directive",
        Step::Schedule => "schedule",
        Step::Person => "person",
        Step::Labels => "labels",
        Step::Never => "never",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::EventId;

    fn request() -> ExplainDecisionRequest {
        ExplainDecisionRequest {
            user: "a.nurse".to_owned(),
            organisation: "board".to_owned(),
            purpose: "direct-care".to_owned(),
            person: Some(proto::viewing::wire_person_identifier(&PersonIdentifier::Record(
                domain::SourceRecord::parse("pas", "P-1").unwrap(),
            ))),
            ..ExplainDecisionRequest::default()
        }
    }

    fn read(request: ExplainDecisionRequest) -> Result<Question, Vec<FieldViolation>> {
        question(request, SessionId(EventId::of_message("x", "1").0), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_question_is_read_with_the_host_that_the_requester_would_use() {
        let question = read(request()).unwrap();
        assert_eq!(question.ask.request.requester.host_organisation.as_str(), "board");
        assert_eq!((question.kind, question.at), (None, None));
        let other = ExplainDecisionRequest { kind: "allergy".to_owned(), ..request() };
        assert_eq!(read(other).unwrap().kind, Some(ItemKind::ALLERGY));
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = ExplainDecisionRequest {
            purpose: "curiosity".to_owned(),
            kind: "shoe_size".to_owned(),
            person: None,
            position: "a b".to_owned(),
            ..request()
        };
        let fields: Vec<String> = read(wrong).unwrap_err().into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["position", "purpose", "kind", "person"]);
    }
}
