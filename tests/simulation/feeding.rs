//! What sources send: news, repeats, late and swapped news, conflicts, what nobody can read, and crashes while it is
//! read.

use crate::operation::{Dice, Operation};
use crate::run::{Outcome, Run, all_records, text};
use crate::sending::{File, code_of, contradicting, feed};
use domain::{EventId, ParkedOutcome, RecordEvent, UserId};
use event_codec::{Event, Heading};
use event_log::{Draft, Envelope, EventLog, Stream};
use intake::{Door, Error, Intake, Receipt, Submission};
use storage::ParkedState;
use support::cast::{Holder, Slot, person_of};
use support::messages::Wish;
use support::record_facts::Accepted;
use support::ways::Way;

/// A message that was acknowledged.
pub struct Message {
    pub(crate) holder: Holder,
    pub(crate) sent: Sent,
    pub(crate) event: EventId,
    pub(crate) contradicted: bool,
}

/// What was sent.
#[derive(Clone)]
pub enum Sent {
    /// A submission.
    Submission(Box<Submission>),
    /// An HL7 v2 message, and its acknowledgement.
    Hl7 { text: String, answer: String },
    /// A file with one row that counts.
    Csv(File),
}

impl Run {
    pub(crate) async fn feed(&mut self, operation: &Operation) -> Outcome {
        match *operation {
            Operation::Whole { record, shape } => {
                let wish = self.whole(record, shape);
                self.send(&wish, is_text(shape)).await
            }
            Operation::Feed { record, shape } => {
                let wish = self.news(record, shape);
                self.send(&wish, is_text(shape)).await
            }
            Operation::Swapped { record, shape } => {
                let (first, second) = (self.news(record, shape), self.news(record, shape.rotate_left(7)));
                if first.way == Way::Hl7 {
                    return self.send_frames(&[second, first]).await;
                }
                self.send(&second, is_text(shape)).await?;
                self.send(&first, is_text(shape)).await
            }
            Operation::Late { record, shape } => {
                let mut wish = self.news(record, shape);
                let newest = wish.sequence;
                wish.sequence = 1 + shape % newest;
                self.sequences.insert((wish.holder, wish.person), newest - 1);
                self.send(&wish, is_text(shape)).await
            }
            Operation::Again { message } => self.again(message, false).await,
            Operation::AgainElsewhere { message } => self.again(message, true).await,
            Operation::OtherContent { message } => self.contradict(message, false).await,
            Operation::OtherContentElsewhere { message } => self.contradict(message, true).await,
            Operation::Unreadable { record } => self.unreadable(record).await,
            Operation::Refused { record, how } => self.send_refused(record, how).await,
            Operation::Unknown { record } => self.unknown(record).await,
            Operation::Skip { row } => self.skip(row).await,
            Operation::Heartbeat { holder } => {
                let feed = feed(Holder::ALL[usize::from(holder) % 2], Door::Grpc);
                self.until_taken(async |run| run.node.intake.heartbeat(&feed).await).await.map(drop)
            }
            Operation::CrashProjector { record, shape, steps } => {
                self.crash(record, shape, &steps, true).await
            }
            Operation::CrashDecider { record, shape, steps } => {
                self.crash(record, shape, &steps, false).await
            }
            _ => Ok(()),
        }
    }

    /// The record with this number.
    pub(crate) fn target(&self, number: u8) -> (Holder, usize) {
        let records = all_records();
        let record = &records[usize::from(number) % records.len()];
        (Holder::of(record), person_of(record))
    }

    /// A message of a record, newer than those before, that says nothing yet.
    pub(crate) fn next_of(&mut self, holder: Holder, person: usize) -> Wish {
        let sequence = self.sequences.entry((holder, person)).or_default();
        *sequence += 1;
        let sequence = *sequence;
        let told_of = self.taken_over.get(&person).copied().filter(|_| holder == Holder::Council);
        Wish { told_of, ..Wish::of(holder, person, self.way_of(holder, person), sequence) }
    }

    fn next(&mut self, number: u8) -> Wish {
        let (holder, person) = self.target(number);
        self.next_of(holder, person)
    }

    fn whole(&mut self, number: u8, shape: u64) -> Wish {
        let next = self.next(number);
        let slots = Slot::all_of(next.holder);
        Wish {
            complete: slots.iter().copied().filter(|slot| !slot.is_demographic()).collect(),
            new: slots,
            stay_is_over: shape.is_multiple_of(3),
            protected: shape.is_multiple_of(11).then_some(true),
            ..next
        }
    }

    fn news(&mut self, number: u8, shape: u64) -> Wish {
        let dice = Dice::new(shape);
        let mut wish = Wish {
            stay_is_over: dice.percent(40),
            protected: dice.percent(12).then(|| dice.percent(40)),
            ..self.next(number)
        };
        for slot in Slot::all_of(wish.holder) {
            match dice.below(100) {
                0..3 if slot == Slot::IDENTITY => wish.new.push(slot),
                3..100 if slot == Slot::IDENTITY => {}
                0..30 => wish.new.push(slot),
                30..42 if !slot.is_demographic() => wish.gone.push(slot),
                42..46 if !slot.is_demographic() => wish.complete.push(slot),
                46..50 if !slot.is_demographic() => {
                    wish.complete.push(slot);
                    wish.new.push(slot);
                }
                _ => {}
            }
        }
        wish
    }

    /// A source sends until it has a receipt.
    pub(crate) async fn until_taken(
        &mut self,
        send: impl AsyncFn(&Self) -> Result<Receipt, Error>,
    ) -> Outcome<Receipt> {
        for _ in 0..10 {
            match send(self).await {
                Ok(receipt) => return Ok(receipt),
                Err(error @ (Error::Unavailable(_) | Error::Full)) => {
                    self.secrets.check("an intake error", error.to_string().as_bytes(), &self.tokens)?;
                }
                Err(error) => return Err(text(format!("{error} {error:?}"))),
            }
        }
        Err("the log does not recover".to_owned())
    }

    fn message(&self, number: u8) -> Option<usize> {
        (!self.messages.is_empty()).then(|| usize::from(number) % self.messages.len())
    }

    async fn again(&mut self, number: u8, elsewhere: bool) -> Outcome {
        let Some(place) = self.message(number) else { return Ok(()) };
        let (sent, event) = (self.messages[place].sent.clone(), self.messages[place].event);
        let feed = feed(self.messages[place].holder, Door::Grpc);
        if matches!(sent, Sent::Csv(_)) && (elsewhere || self.cut_links || !self.truth.knows_callers()) {
            return Ok(());
        }
        self.count(if elsewhere { "repeats in the log" } else { "repeats" });
        self.node.durable.log.keep_repeats(elsewhere);
        let done = match sent {
            Sent::Submission(submission) => {
                let submit = async |run: &Self| run.node.intake.submit(&feed, (*submission).clone()).await;
                let receipt = self.until_taken(submit).await;
                receipt.map(|receipt| {
                    (receipt.event_id == event && receipt.repeat != elsewhere, format!("{receipt:?}"))
                })
            }
            Sent::Hl7 { text, answer } => {
                let again = self.until_answered(vec![text]).await;
                let is_right =
                    |again: &String| if elsewhere { code_of(again) == "AA" } else { *again == answer };
                again.map(|again| (is_right(&again[0]), again[0].clone()))
            }
            Sent::Csv(file) => {
                let report = self.until_imported(&file).await;
                report.map(|report| (report.accepted == 0 && report.unchanged == 1, format!("{report:?}")))
            }
        };
        self.node.durable.log.keep_repeats(false);
        let (is_right, answer) = done?;
        if is_right { Ok(()) } else { Err(format!("a repeat was answered with {answer}")) }
    }

    async fn contradict(&mut self, number: u8, elsewhere: bool) -> Outcome {
        let Some(place) = self.message(number) else { return Ok(()) };
        let message = &mut self.messages[place];
        // The id of a row is that of its content.
        if matches!(message.sent, Sent::Csv(_)) {
            return Ok(());
        }
        if elsewhere && std::mem::replace(&mut message.contradicted, true) {
            return Ok(());
        }
        let (sent, feed) = (message.sent.clone(), feed(message.holder, Door::Grpc));
        self.node.durable.log.keep_repeats(elsewhere);
        let taken = match sent {
            Sent::Submission(submission) => {
                let mut submission = *submission;
                submission.change.occurred_at = self.node.durable.clock.now_before();
                match self.node.intake.submit(&feed, submission).await {
                    Ok(_) => Ok(Some(true)),
                    Err(Error::Conflict { .. }) => Ok(Some(false)),
                    Err(Error::Unavailable(_) | Error::Full) => Ok(None),
                    Err(error @ Error::Invalid(_)) => Err(text(error)),
                }
            }
            Sent::Hl7 { text, .. } => {
                let answered = self.take_frames(vec![contradicting(&text).into_bytes()]).await;
                answered.map(|(answers, _)| answers.first().map(|answer| code_of(answer) == "AA"))
            }
            Sent::Csv(_) => Ok(None),
        };
        self.node.durable.log.keep_repeats(false);
        match taken? {
            Some(false) if !elsewhere => self.count("conflicts refused"),
            Some(true) if elsewhere => self.count("conflicts in the log"),
            // Nobody knows whether it was stored, and nobody sends it again.
            None if self.troubled => {}
            other => return Err(format!("other content was answered with {other:?}")),
        }
        Ok(())
    }

    async fn unreadable(&mut self, number: u8) -> Outcome {
        let (holder, person) = self.target(number);
        self.count("unreadable messages");
        let (feed, token) =
            (feed(holder, Door::Grpc), format!("unreadable-{}", self.counts["unreadable messages"]));
        let body = format!("PID|1||{}|{token}", support::cast::CAST[person].family);
        let sent = async |run: &Self| {
            let body = body.as_bytes();
            run.node.intake.quarantine(&feed, &token, "the message type is not known", body).await
        };
        self.until_taken(sent).await.map(drop)
    }

    /// A newer version has left an event that this one does not know.
    async fn unknown(&mut self, number: u8) -> Outcome {
        let (holder, person) = self.target(number);
        let record = support::cast::record(holder, person);
        let id = EventId(domain::Entropy::uuid(self.node.durable.entropy.as_ref()));
        let envelope = Envelope::new(record.key(), "RecordReshaped", holder.authority(), self.node.now());
        let sealer = self.node.durable.ground.codec.sealer();
        let event = sealer.event(Stream::Records, Draft { id, key: record.key(), envelope }, b"news").await;
        self.append_until_taken(vec![event.map_err(text)?]).await?;
        self.count("unknown events");
        self.truth.accept(holder, person, Accepted::Unknown(id));
        Ok(())
    }

    async fn append_until_taken(&self, events: Vec<event_log::NewEvent>) -> Outcome {
        for _ in 0..10 {
            if self.node.durable.log.append(Stream::Records, events.clone()).await.is_ok() {
                return Ok(());
            }
        }
        Err("the log does not recover".to_owned())
    }

    async fn skip(&mut self, number: u8) -> Outcome {
        let parked = self.node.durable.ground.store.parked(projector::ROLE, 100).await.map_err(text)?;
        let blocking: Vec<_> = parked.into_iter().filter(|row| row.state == ParkedState::Blocking).collect();
        let Some(row) = blocking.get(usize::from(number) % blocking.len().max(1)) else { return Ok(()) };
        let record = all_records().into_iter().find(|record| record.key() == row.key);
        let record = record.ok_or_else(|| "an event of no record is parked as blocking".to_owned())?;
        let event = RecordEvent::ParkedResolved {
            event: row.event,
            authority: record.authority.clone(),
            outcome: ParkedOutcome::Skipped,
            reason: "a newer version will send it again".to_owned(),
            by: UserId::parse("operator").map_err(|violation| text(violation.rule))?,
        };
        let id = EventId(domain::Entropy::uuid(self.node.durable.entropy.as_ref()));
        let heading = Heading::own(id, "quarantine", self.node.now(), None);
        let sealed =
            self.node.durable.ground.codec.seal(heading, &Event::Record(event)).await.map_err(text)?;
        self.append_until_taken(vec![sealed]).await?;
        self.count("skipped events");
        self.truth.skip(Holder::of(&record), person_of(&record), row.event);
        Ok(())
    }

    async fn crash(&mut self, number: u8, shape: u64, steps: &[u8], of_projector: bool) -> Outcome {
        if self.cut_links {
            return Ok(());
        }
        for turn in 0..1 + shape % 4 {
            let wish =
                self.news(number.wrapping_add(u8::try_from(turn).unwrap_or(0)), shape.rotate_left(5) ^ turn);
            // An extract would have the node read on before it dies.
            self.send(&wish, wish.way == Way::Hl7).await?;
        }
        if of_projector {
            // It may read links too.
            self.decide_again().await?;
        }
        self.decided_up_to.clear();
        for steps in steps {
            let steps = Some(u32::from(*steps));
            let done =
                if of_projector { self.node.project(steps).await } else { self.node.decide(steps).await };
            match done {
                Ok(true) => self.count("survived"),
                Ok(false) => self.count("crashes"),
                Err(error) if error.is_transient() && self.troubled => {}
                Err(error) => return Err(text(error)),
            }
            self.books.check(&self.node.durable).await?;
        }
        Ok(())
    }

    async fn decide_again(&mut self) -> Outcome {
        match self.node.decide(None).await {
            Err(error) if error.is_transient() && self.troubled => Ok(()),
            other => other.map(drop).map_err(text),
        }
    }
}

/// Whether a source that can write text does so this time.
fn is_text(shape: u64) -> bool {
    !shape.is_multiple_of(4)
}

/// A moment before now, so that a message differs and is still plausible.
trait Before {
    fn now_before(&self) -> jiff::Timestamp;
}

impl Before for domain::ManualClock {
    fn now_before(&self) -> jiff::Timestamp {
        domain::Clock::now(self) - jiff::SignedDuration::from_secs(3600)
    }
}
