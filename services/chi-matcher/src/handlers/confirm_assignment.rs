//! A source system says that it took a CHI number over, or why not.

use crate::desk::{Command, Desk};
use crate::memory::{Due, Memory, assignment_id};
use crate::shared::Shared;
use domain::{Authority, LinkEvent};
use proto::matching::v1::{ConfirmAssignmentRequest, ConfirmAssignmentResponse};
use transport::{Caller, Failure};
use uuid::Uuid;

/// Longest reason of a refusal in characters.
const LONGEST: usize = 200;

pub(crate) async fn handle(
    desk: &Desk,
    shared: &Shared,
    (caller, authorities): (&Caller, &[Authority]),
    request: ConfirmAssignmentRequest,
) -> Result<ConfirmAssignmentResponse, Failure> {
    let command = Command::of(caller, &request.request_id)?;
    let id = Uuid::try_parse(&request.assignment_id);
    let id = id.map_err(|_| Failure::field("assignment_id", "must be a UUID"))?;
    let refused_because = check(request.refused_because)?;
    let known = shared.read().await?.assignment(id);
    let known = known.filter(|due| authorities.contains(&due.assignment.record.authority));
    let decide = |matcher: &mut matching::Matcher, now| {
        let Some(Due { assignment, .. }) = known else { return Err(not_open()) };
        let answer = LinkEvent::AssignmentAnswered {
            record: assignment.record,
            person: assignment.person,
            refused_because: refused_because.clone(),
            answered_at: now,
        };
        matcher.replay(&answer);
        Ok(vec![answer])
    };
    let is_same = |_: &Memory, event: &LinkEvent| match event {
        LinkEvent::AssignmentAnswered { record, person, refused_because: given, .. } => {
            assignment_id(record, *person) == id && *given == refused_because
        }
        LinkEvent::RecordLinked(_)
        | LinkEvent::RecordUnlinked { .. }
        | LinkEvent::RecordRedirected { .. }
        | LinkEvent::ReviewRaised(_)
        | LinkEvent::ReviewDecided { .. } => false,
    };
    desk.carry_out(command, is_same, decide).await?;
    Ok(ConfirmAssignmentResponse { event_id: command.event().to_string() })
}

/// The same answer for an assignment that there never was and for somebody else's.
fn not_open() -> Failure {
    let rule = "no such assignment is open: it was answered before, or the link behind it is gone".to_owned();
    Failure::Conflict { rule }
}

fn check(refused_because: Option<String>) -> Result<Option<String>, Failure> {
    let Some(text) = refused_because else { return Ok(None) };
    let text = text.trim();
    let fits = (1..=LONGEST).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits {
        return Ok(Some(text.to_owned()));
    }
    Err(Failure::field("refused_because", "must have 1 to 200 characters, none of them a control character"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_needs_a_short_reason_and_a_confirmation_none() {
        assert_eq!(check(None), Ok(None));
        assert_eq!(check(Some(" holds another ".to_owned())), Ok(Some("holds another".to_owned())));
        for bad in ["", "  ", "a\u{7}b", &"x".repeat(201)] {
            assert!(matches!(check(Some(bad.to_owned())), Err(Failure::Invalid(_))), "{bad:?}");
        }
    }
}
