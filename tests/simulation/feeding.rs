//! What sources send: news, repeats, late and swapped news, conflicts, what nobody can read, and crashes while it is
//! read.

use crate::operation::{Dice, Operation};
use crate::run::{Outcome, Run, all_records, text};
use crate::seed_events::organisation;
use domain::{Authority, EventId, ParkedOutcome, RecordEvent, Side, UserId};
use event_codec::{Event, Heading};
use event_log::{Draft, Envelope, EventLog, Stream};
use intake::{Door, Error, Feed, Intake, Receipt, Submission};
use storage::ParkedState;
use support::cast::{Holder, Slot, person_of};
use support::messages::{Statement, Wish, write};
use support::record_facts::Accepted;

/// A message that was acknowledged.
pub struct Message {
    holder: Holder,
    submission: Submission,
    event: EventId,
    contradicted: bool,
}

impl Run {
    pub(crate) async fn feed(&mut self, operation: &Operation) -> Outcome {
        match *operation {
            Operation::Whole { record, shape } => {
                let wish = self.whole(record, shape);
                self.send(&wish).await
            }
            Operation::Feed { record, shape } => {
                let wish = self.news(record, shape);
                self.send(&wish).await
            }
            Operation::Swapped { record, shape } => {
                let (first, second) = (self.news(record, shape), self.news(record, shape.rotate_left(7)));
                self.send(&second).await?;
                self.send(&first).await
            }
            Operation::Late { record, shape } => {
                let mut wish = self.news(record, shape);
                let newest = wish.sequence;
                wish.sequence = 1 + shape % newest;
                self.sequences.insert((wish.holder, wish.person), newest - 1);
                self.send(&wish).await
            }
            Operation::Again { message } => self.again(message, false).await,
            Operation::AgainElsewhere { message } => self.again(message, true).await,
            Operation::OtherContent { message } => self.contradict(message, false).await,
            Operation::OtherContentElsewhere { message } => self.contradict(message, true).await,
            Operation::Unreadable { record } => self.unreadable(record).await,
            Operation::Unknown { record } => self.unknown(record).await,
            Operation::Skip { row } => self.skip(row).await,
            Operation::Heartbeat { holder } => {
                let feed = feed(Holder::ALL[usize::from(holder) % 2]);
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

    fn next(&mut self, number: u8) -> (Holder, usize, u64) {
        let (holder, person) = self.target(number);
        let sequence = self.sequences.entry((holder, person)).or_default();
        *sequence += 1;
        (holder, person, *sequence)
    }

    fn whole(&mut self, number: u8, shape: u64) -> Wish {
        let (holder, person, sequence) = self.next(number);
        let slots = Slot::all_of(holder);
        Wish {
            holder,
            person,
            sequence,
            complete: slots.iter().copied().filter(|slot| !slot.is_demographic()).collect(),
            new: slots,
            gone: Vec::new(),
            stay_is_over: shape.is_multiple_of(3),
            protected: shape.is_multiple_of(11).then_some(true),
        }
    }

    fn news(&mut self, number: u8, shape: u64) -> Wish {
        let (holder, person, sequence) = self.next(number);
        let dice = Dice::new(shape);
        let mut wish = Wish {
            holder,
            person,
            sequence,
            new: Vec::new(),
            gone: Vec::new(),
            complete: Vec::new(),
            stay_is_over: dice.percent(40),
            protected: dice.percent(12).then(|| dice.percent(40)),
        };
        for slot in Slot::all_of(holder) {
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

    async fn send(&mut self, wish: &Wish) -> Outcome {
        let (change, statement) = write(wish, &mut self.tokens, self.twisted, self.node.now());
        let message_id = format!("message-{}", self.messages.len());
        let submission = Submission { message_id, change };
        let feed = feed(wish.holder);
        let receipt =
            self.until_taken(async |run| run.node.intake.submit(&feed, submission.clone()).await).await?;
        self.accept(wish.holder, &submission, receipt, statement);
        Ok(())
    }

    fn accept(&mut self, holder: Holder, submission: &Submission, receipt: Receipt, statement: Statement) {
        self.count("messages");
        self.receipts.note(&submission.change.record, receipt.event_id);
        self.truth.accept(holder, statement.person, Accepted::Said(statement));
        let (submission, event) = (submission.clone(), receipt.event_id);
        self.messages.push(Message { holder, submission, event, contradicted: false });
    }

    /// A source sends until it has a receipt.
    async fn until_taken(&mut self, send: impl AsyncFn(&Self) -> Result<Receipt, Error>) -> Outcome<Receipt> {
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
        let (submission, event) = (self.messages[place].submission.clone(), self.messages[place].event);
        let feed = feed(self.messages[place].holder);
        self.node.durable.log.keep_repeats(elsewhere);
        let receipt =
            self.until_taken(async |run| run.node.intake.submit(&feed, submission.clone()).await).await;
        self.node.durable.log.keep_repeats(false);
        let receipt = receipt?;
        self.count(if elsewhere { "repeats in the log" } else { "repeats" });
        if receipt.event_id != event || receipt.repeat == elsewhere {
            return Err(format!("a repeat was answered with {receipt:?}"));
        }
        Ok(())
    }

    async fn contradict(&mut self, number: u8, elsewhere: bool) -> Outcome {
        let Some(place) = self.message(number) else { return Ok(()) };
        let message = &mut self.messages[place];
        if elsewhere && std::mem::replace(&mut message.contradicted, true) {
            return Ok(());
        }
        let mut submission = message.submission.clone();
        submission.change.occurred_at = self.node.durable.clock.now_before();
        let (feed, record) = (feed(message.holder), submission.change.record.clone());
        self.node.durable.log.keep_repeats(elsewhere);
        let answer = self.node.intake.submit(&feed, submission).await;
        self.node.durable.log.keep_repeats(false);
        match answer {
            Err(Error::Conflict { .. }) if !elsewhere => self.count("conflicts refused"),
            Ok(_) if elsewhere => self.count("conflicts in the log"),
            // Nobody knows whether it was stored, and nobody sends it again.
            Err(Error::Unavailable(_) | Error::Full) if self.troubled => {}
            other => return Err(format!("other content for {} was answered with {other:?}", record.key())),
        }
        Ok(())
    }

    async fn unreadable(&mut self, number: u8) -> Outcome {
        let (holder, person) = self.target(number);
        self.count("unreadable messages");
        let (feed, token) = (feed(holder), format!("unreadable-{}", self.counts["unreadable messages"]));
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
            self.send(&wish).await?;
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

/// The feed of an organisation.
fn feed(holder: Holder) -> Feed {
    Feed {
        organisation: organisation(holder.organisation()),
        authorities: vec![Authority::parse(holder.authority()).expect("an authority")],
        side: if holder == Holder::Council { Side::SocialWork } else { Side::Health },
        door: Door::Grpc,
    }
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
