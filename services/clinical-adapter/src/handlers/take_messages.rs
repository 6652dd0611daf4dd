//! Takes the messages of some frames, in order, and says what each is answered.
//!
//! Understood: appended, then AA. Not understood: kept whole in quarantine, then AE or AR. When neither can be made
//! durable there is no answer at all: a sender takes AE and AR as final, and resends on silence.

use crate::mllp::MllpSettings;
use domain::{EventId, FieldViolation};
use hl7v2::ack::{self, Remark};
use hl7v2::{Answer, Header, Location, Reading, Received, Report};
use intake::{Feed, Intake, Receipt, Submission};

/// Most ids of messages go to the intake as they are; longer ones as a digest.
const LONGEST_ID: usize = 200;

/// What a connection does after some frames.
#[derive(Debug, PartialEq, Eq)]
pub struct Answers {
    /// Acknowledgements in the order of the frames; one that the sender does not want is left out.
    pub acknowledgements: Vec<Vec<u8>>,
    /// The log could not be written: after these acknowledgements the connection must be closed.
    pub unavailable: bool,
}

/// Takes whole frames of one connection, in the order in which they came: all that the MLLP port does with them beside
/// reading and writing the connection.
pub async fn take_messages(
    intake: &dyn Intake,
    feed: &Feed,
    settings: &MllpSettings,
    frames: Vec<Vec<u8>>,
) -> Answers {
    let mut readings = Vec::with_capacity(frames.len());
    let mut submissions = Vec::new();
    for frame in frames {
        let Received { header, outcome } = hl7v2::receive(&frame, &settings.hl7);
        let report = outcome.map(|Reading { change, report }| {
            submissions.push(Submission { message_id: message_id(&header), change });
            report
        });
        readings.push((frame, header, report));
    }
    let taken = if submissions.is_empty() { Vec::new() } else { intake.submit_all(feed, submissions).await };
    let mut taken = taken.into_iter();
    let mut answers = Answers { acknowledgements: Vec::new(), unavailable: false };
    for (frame, header, report) in readings {
        let message = Message { intake, feed, frame: &frame, header: &header };
        let answer = match report {
            Ok(report) => match taken.next() {
                Some(outcome) => message.after_submission(outcome, &report).await,
                None => None,
            },
            Err(error) => {
                message.refuse(error.answer(), &error.to_string(), vec![Remark::from(&error)]).await
            }
        };
        let Some((answer, remarks, receipt)) = answer else {
            answers.unavailable = true;
            return answers;
        };
        if !settings.honour_never || ack::is_wanted(&header, answer) {
            answers.acknowledgements.push(ack::write(&header, answer, &remarks, receipt.received_at));
        }
    }
    answers
}

struct Message<'a> {
    intake: &'a dyn Intake,
    feed: &'a Feed,
    frame: &'a [u8],
    header: &'a Header,
}

type Outcome = Option<(Answer, Vec<Remark>, Receipt)>;

impl Message<'_> {
    async fn after_submission(&self, outcome: Result<Receipt, intake::Error>, report: &Report) -> Outcome {
        match outcome {
            Ok(receipt) => {
                log_report(report);
                Some((Answer::Accept, report.dropped.iter().map(Remark::from).collect(), receipt))
            }
            Err(intake::Error::Invalid(violations)) => {
                let first = violations.first().map(ToString::to_string).unwrap_or_default();
                self.refuse(Answer::Error, &first, violations.iter().map(remark).collect()).await
            }
            Err(intake::Error::Conflict { .. }) => {
                let text = "MSH-10: was used before by this sender for other content";
                let location = Some(Location::field("MSH", 10));
                let remark = Remark { location, condition: 205, warning: false, text: text.to_owned() };
                self.refuse(Answer::Reject, text, vec![remark]).await
            }
            Err(error @ (intake::Error::Unavailable(_) | intake::Error::Full)) => {
                tracing::warn!(door = self.feed.door.as_str(), error = %error, "message not taken: no answer");
                None
            }
        }
    }

    /// Keeps the message whole, then refuses it.
    async fn refuse(&self, answer: Answer, reason: &str, remarks: Vec<Remark>) -> Outcome {
        let id = format!("{} {}", ack::code(self.header, answer), content_id(self.frame));
        match self.intake.quarantine(self.feed, &id, reason, self.frame).await {
            Ok(receipt) => {
                tracing::info!(door = self.feed.door.as_str(), event_id = %receipt.event_id, reason, "message quarantined");
                Some((answer, remarks, receipt))
            }
            Err(error) => {
                tracing::warn!(door = self.feed.door.as_str(), error = %error, "message not quarantined: no answer");
                None
            }
        }
    }
}

fn remark(violation: &FieldViolation) -> Remark {
    Remark { location: None, condition: 102, warning: false, text: violation.to_string() }
}

fn log_report(report: &Report) {
    if let Some(note) = report.dropped.first() {
        let count = report.dropped.len();
        tracing::info!(door = "hl7v2", count, rule = %format_args!("{}: {}", note.location, note.rule), "values left out");
    }
    if !report.unknown_segments.is_empty() {
        let kind = report.unknown_segments.join(" ");
        tracing::info!(door = "hl7v2", kind, "segments not read");
    }
}

/// The sender and its MSH-10: control ids are unique to a sender, not to a feed.
pub(crate) fn message_id(header: &Header) -> String {
    let id = format!("{} {}", header.sender(), header.control_id);
    let fits = id.chars().count() <= LONGEST_ID && !id.chars().any(char::is_control);
    if fits { id } else { content_id(id.as_bytes()) }
}

/// An id that the same bytes always have.
fn content_id(bytes: &[u8]) -> String {
    // Every byte as one character: nothing is lost, also of what is no text.
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    EventId::of_message("hl7v2 content", &text).to_string()
}
