//! The intake over the log: one accepted message becomes one event.

use crate::{Error, Feed, Intake, Receipt, Submission};
use async_trait::async_trait;
use domain::{
    Authority, Catalogue, Clock, DataItem, EventId, FieldViolation, QuarantinedMessage, RecordChange,
    RecordEvent, RecordVersion, Side,
};
use event_codec::{Codec, Event, Heading};
use event_log::{Appended, EventLog, NewEvent, Stream};
use jiff::Timestamp;
use std::sync::Arc;

/// Most items of one message.
const MOST_ITEMS: usize = 2000;
/// Longest id of a message, in characters.
const LONGEST_ID: usize = 200;
/// How far a source's clock may run ahead, in seconds.
const AHEAD_S: i64 = 24 * 60 * 60;

/// Intake that appends to the log.
pub struct LogIntake {
    log: Arc<dyn EventLog>,
    codec: Codec,
    clock: Arc<dyn Clock>,
}

impl LogIntake {
    /// An intake over this log.
    pub fn new(log: Arc<dyn EventLog>, codec: Codec, clock: Arc<dyn Clock>) -> Self {
        Self { log, codec, clock }
    }

    async fn append(&self, events: Vec<NewEvent>) -> Result<Vec<Appended>, Error> {
        self.log.append(Stream::Records, events).await.map_err(|error| match error {
            event_log::Error::Full => Error::Full,
            error @ (event_log::Error::Unavailable(_)
            | event_log::Error::Gap { .. }
            | event_log::Error::Fenced
            | event_log::Error::Corrupt { .. }) => Error::Unavailable(error.to_string()),
        })
    }

    async fn append_one(&self, heading: Heading, event: RecordEvent) -> Result<Receipt, Error> {
        let (id, received_at) = (heading.id, heading.received_at);
        let sealed = self.seal(heading, event).await?;
        let appended = self.append(vec![sealed]).await?;
        appended.first().map_or_else(
            || Err(Error::Unavailable("the log gave no answer".to_owned())),
            |appended| receipt(id, received_at, *appended),
        )
    }

    async fn seal(&self, heading: Heading, event: RecordEvent) -> Result<NewEvent, Error> {
        let sealed = self.codec.seal(heading, &Event::Record(event)).await;
        sealed.map_err(|error| Error::Unavailable(error.to_string()))
    }

    async fn prepare(
        &self,
        feed: &Feed,
        submission: Submission,
    ) -> Result<(EventId, Timestamp, NewEvent), Error> {
        let now = self.clock.now();
        let Submission { message_id, change } = submission;
        let change = checked(feed, &message_id, change, now).map_err(Error::Invalid)?;
        let source = change.record.authority.as_str().to_owned();
        let heading = Heading {
            id: EventId::of_message(&source, &message_id),
            source,
            occurred_at: change.occurred_at,
            received_at: now,
            sequence: sequence_of(change.version),
            caused_by: None,
        };
        let id = heading.id;
        let event = self.seal(heading, RecordEvent::Changed(Box::new(change))).await?;
        Ok((id, now, event))
    }
}

fn sequence_of(version: RecordVersion) -> Option<u64> {
    match version {
        RecordVersion::Sequence(sequence) => Some(sequence),
        RecordVersion::SourceTime(_) | RecordVersion::Arrival(_) => None,
    }
}

fn receipt(id: EventId, received_at: Timestamp, appended: Appended) -> Result<Receipt, Error> {
    match appended {
        Appended::Stored(_) => Ok(Receipt { event_id: id, repeat: false, received_at }),
        Appended::Repeat { id, same_payload: true, received_at } => {
            Ok(Receipt { event_id: id, repeat: true, received_at })
        }
        Appended::Repeat { id, same_payload: false, .. } => Err(Error::Conflict { event_id: id }),
    }
}

/// Checks what the types cannot: whose record it is, sizes, plausible times, the fields of each item.
fn checked(
    feed: &Feed,
    message_id: &str,
    mut change: RecordChange,
    now: Timestamp,
) -> Result<RecordChange, Vec<FieldViolation>> {
    let mut violations = Vec::new();
    let mut refuse = |field: &str, rule: &str| violations.push(FieldViolation::new(field, rule));
    let length = message_id.chars().count();
    if length == 0 || length > LONGEST_ID || message_id.chars().any(char::is_control) {
        refuse("message_id", "must be 1 to 200 characters, without control characters");
    }
    if !feed.covers(&change.record.authority) {
        refuse(
            "record.authority",
            "is not an authority of the organisation that this credential is bound to",
        );
    }
    if change.upserts.len() + change.removals.len() > MOST_ITEMS {
        refuse("items", "must be at most 2000 items in one message");
    }
    let removed: std::collections::HashSet<_> = change.removals.iter().collect();
    if change.upserts.iter().any(|item| removed.contains(&(item.kind, item.instance.clone()))) {
        refuse("removals", "must not name an item that the same message sets");
    }
    if change.occurred_at.as_second() > now.as_second().saturating_add(AHEAD_S) {
        refuse("occurred_at", "must not lie more than a day ahead");
    }
    if let RecordVersion::SourceTime(time) = change.version
        && time.as_second() > now.as_second().saturating_add(AHEAD_S)
    {
        refuse("version", "must not lie more than a day ahead: later news would look old");
    }
    if let Some(redirect) = &change.redirect {
        if redirect.from == redirect.to {
            refuse("redirect", "must name two different records");
        }
        if !feed.covers(&redirect.from.authority) || !feed.covers(&redirect.to.authority) {
            refuse("redirect", "must stay inside the organisation's own authorities");
        }
    }
    let items = std::mem::take(&mut change.upserts);
    change.upserts = checked_items(feed, items, &mut violations);
    if violations.is_empty() { Ok(change) } else { Err(violations) }
}

/// Whether a kind is one that the feed's side holds.
fn is_held_by(feed: &Feed, kind: domain::ItemKind) -> bool {
    let side = Catalogue::standard().kind(kind).side;
    side == Side::Any || feed.side == Side::Any || side == feed.side
}

fn checked_items(feed: &Feed, items: Vec<DataItem>, violations: &mut Vec<FieldViolation>) -> Vec<DataItem> {
    let mut seen = std::collections::HashSet::new();
    let mut good = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let path = format!("upserts[{index}]");
        if !seen.insert((item.kind, item.instance.clone())) {
            violations.push(FieldViolation::new(format!("{path}.instance"), "stands twice in one message"));
        }
        if !is_held_by(feed, item.kind) {
            let rule = "is a kind that the other side holds: it cannot come from this organisation";
            violations.push(FieldViolation::new(format!("{path}.kind"), rule));
        }
        match item.checked(&path) {
            Ok(item) => good.push(item),
            Err(found) => violations.extend(found),
        }
    }
    good
}

/// Cuts a text to so many characters.
fn shortened(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

fn first_authority(feed: &Feed) -> Result<Authority, Error> {
    let rule = || vec![FieldViolation::new("organisation", "has no authority in the register")];
    feed.authorities.first().cloned().ok_or_else(|| Error::Invalid(rule()))
}

#[async_trait]
impl Intake for LogIntake {
    async fn submit(&self, feed: &Feed, submission: Submission) -> Result<Receipt, Error> {
        let mut answers = self.submit_all(feed, vec![submission]).await;
        answers.pop().unwrap_or_else(|| Err(Error::Unavailable("the log gave no answer".to_owned())))
    }

    async fn submit_all(&self, feed: &Feed, submissions: Vec<Submission>) -> Vec<Result<Receipt, Error>> {
        let mut answers = Vec::with_capacity(submissions.len());
        let mut ready = Vec::new();
        for submission in submissions {
            let prepared = self.prepare(feed, submission).await;
            answers.push(
                prepared
                    .as_ref()
                    .map(|(event_id, received_at, _)| Receipt {
                        event_id: *event_id,
                        repeat: false,
                        received_at: *received_at,
                    })
                    .map_err(Clone::clone),
            );
            if let Ok((_, _, event)) = prepared {
                ready.push(event);
            }
        }
        let appended = if ready.is_empty() { Ok(Vec::new()) } else { self.append(ready).await };
        let mut appended = appended.map(Vec::into_iter);
        for answer in answers.iter_mut().filter(|answer| answer.is_ok()) {
            *answer = match (&mut appended, answer.clone()) {
                (Ok(results), Ok(sent)) => results.next().map_or_else(
                    || Err(Error::Unavailable("the log gave no answer".to_owned())),
                    |appended| receipt(sent.event_id, sent.received_at, appended),
                ),
                (Err(error), _) => Err(error.clone()),
                (_, answer) => answer,
            };
        }
        for answer in &answers {
            count(feed, answer);
        }
        answers
    }

    fn check(&self, feed: &Feed, submission: &Submission) -> Result<(), Vec<FieldViolation>> {
        checked(feed, &submission.message_id, submission.change.clone(), self.clock.now()).map(drop)
    }

    async fn quarantine(
        &self,
        feed: &Feed,
        message_id: &str,
        reason: &str,
        body: &[u8],
    ) -> Result<Receipt, Error> {
        let authority = first_authority(feed)?;
        let now = self.clock.now();
        let message = QuarantinedMessage {
            door: feed.door.as_str().to_owned(),
            authority: authority.clone(),
            reason: shortened(reason, 500),
            body: body.to_vec(),
        };
        let heading = Heading {
            id: EventId::of_message(&format!("{authority} quarantine"), message_id),
            source: authority.to_string(),
            occurred_at: now,
            received_at: now,
            sequence: None,
            caused_by: None,
        };
        metrics::counter!("yett_intake_messages_total", "door" => feed.door.as_str(), "outcome" => "quarantined")
            .increment(1);
        self.append_one(heading, RecordEvent::Quarantined(message)).await
    }

    async fn heartbeat(&self, feed: &Feed) -> Result<Receipt, Error> {
        let authority = first_authority(feed)?;
        let now = self.clock.now();
        let heading = Heading {
            id: EventId::of_message(&format!("{authority} heartbeat"), &now.to_string()),
            source: authority.to_string(),
            occurred_at: now,
            received_at: now,
            sequence: None,
            caused_by: None,
        };
        self.append_one(heading, RecordEvent::FeedHeard { authority, at: now }).await
    }
}

fn count(feed: &Feed, answer: &Result<Receipt, Error>) {
    let outcome = match answer {
        Ok(receipt) if receipt.repeat => "repeat",
        Ok(_) => "accepted",
        Err(Error::Invalid(_)) => "invalid",
        Err(Error::Conflict { .. }) => "conflict",
        Err(Error::Unavailable(_) | Error::Full) => "unavailable",
    };
    metrics::counter!("yett_intake_messages_total", "door" => feed.door.as_str(), "outcome" => outcome)
        .increment(1);
}
