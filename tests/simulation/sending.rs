//! How what a source says gets in: as a submission, as HL7 v2 text through the code behind the MLLP port, as an extract
//! through the code behind the CSV door.

use crate::feeding::{Message, Sent};
use crate::operation::Dice;
use crate::run::{Outcome, Run, text};
use crate::seed_events::organisation;
use clinical_adapter::{Limits, MllpSettings, take_messages};
use domain::{Authority, EventId};
use intake::{Door, Feed, FeedRegister, Intake, Submission, WireIntake};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use social_care_adapter::ExtractGround;
use social_care_adapter::extract::{Extract, Mapping, Options, Report, send};
use std::sync::{Arc, LazyLock};
use support::cast::{Holder, Slot, record};
use support::messages::{Statement, Wish, state, write};
use support::node::secrets;
use support::record_facts::Accepted;
use support::tokens::Meaning;
use support::ways::{Way, told_at};
use support::{csv_text, hl7_text};
use tonic::Code;
use transport::Caller;

static MAPPING: LazyLock<Mapping> =
    LazyLock::new(|| Mapping::parse(csv_text::MAPPING).expect("the council's mapping"));

/// A file as the council sends it.
#[derive(Clone)]
pub struct File {
    text: String,
    as_of: Timestamp,
}

/// Every caller with a feed's credential is the council.
struct OnlyCouncil;

impl FeedRegister for OnlyCouncil {
    fn feed(&self, caller: &Caller, door: Door) -> Option<Feed> {
        let own = feed(Holder::Council, door);
        (caller.organisation == own.organisation).then_some(own)
    }
}

/// The feed of an organisation through a door.
pub fn feed(holder: Holder, door: Door) -> Feed {
    Feed {
        organisation: organisation(holder.organisation()),
        authorities: vec![Authority::parse(holder.authority()).expect("an authority")],
        side: if holder == Holder::Council { domain::Side::SocialWork } else { domain::Side::Health },
        door,
    }
}

impl Run {
    /// How the holder of a record speaks of it in this run.
    pub(crate) fn way_of(&self, holder: Holder, person: usize) -> Way {
        let dice = Dice::new(self.speech ^ (holder as u64 * 1009 + person as u64 + 1));
        if dice.percent(60) { Way::of(holder) } else { Way::Numbered }
    }

    /// Sends what a source wishes to say: as text, where the source writes text and does so this time.
    pub(crate) async fn send(&mut self, wish: &Wish, as_text: bool) -> Outcome {
        match wish.way {
            Way::Hl7 if as_text => self.send_frames(std::slice::from_ref(wish)).await,
            Way::Csv if as_text && self.takes_extracts() => self.send_extract(wish).await,
            Way::Numbered | Way::Hl7 | Way::Csv => self.submit(wish).await,
        }
    }

    async fn submit(&mut self, wish: &Wish) -> Outcome {
        let statement = state(wish, &mut self.tokens);
        let change = write(wish, &statement, self.twisted, self.node.now());
        let message_id = format!("message-{}", self.messages.len());
        let submission = Submission { message_id, change };
        let feed = feed(wish.holder, Door::Grpc);
        let receipt =
            self.until_taken(async |run| run.node.intake.submit(&feed, submission.clone()).await).await?;
        self.accept(Sent::Submission(Box::new(submission)), receipt.event_id, statement);
        Ok(())
    }

    /// A message was acknowledged.
    fn accept(&mut self, sent: Sent, event: EventId, statement: Statement) {
        let (holder, person) = (statement.holder, statement.person);
        self.count("messages");
        self.receipts.note(&record(holder, person), event);
        self.truth.accept(holder, person, Accepted::Said(statement));
        self.messages.push(Message { holder, sent, event, contradicted: false });
    }

    /// The board sends messages in one go, as they come out of one connection.
    pub(crate) async fn send_frames(&mut self, wishes: &[Wish]) -> Outcome {
        let mut waiting = Vec::new();
        for (place, wish) in wishes.iter().enumerate() {
            let wish = hl7_text::narrowed(wish);
            let statement = state(&wish, &mut self.tokens);
            let control_id = format!("C-{}", self.messages.len() + place);
            let text = hl7_text::message(&wish, &statement, &control_id);
            let event = hl7_text::event_of(wish.holder.authority(), &control_id);
            waiting.push((text, event, statement));
        }
        let texts: Vec<String> = waiting.iter().map(|(text, _, _)| text.clone()).collect();
        let answers = self.until_answered(texts).await?;
        for ((text, event, statement), answer) in waiting.into_iter().zip(answers) {
            if code_of(&answer) != "AA" {
                return Err(format!("a message was answered with {answer}, which was: {text}"));
            }
            self.count("HL7 messages");
            self.accept(Sent::Hl7 { text, answer }, event, statement);
        }
        Ok(())
    }

    /// Sends messages through the code behind the MLLP port until each of them has its acknowledgement.
    pub(crate) async fn until_answered(&mut self, texts: Vec<String>) -> Outcome<Vec<String>> {
        let mut answers = Vec::new();
        for _ in 0..10 {
            let waiting = texts[answers.len()..].iter().map(|text| text.clone().into_bytes()).collect();
            let (more, unavailable) = self.take_frames(waiting).await?;
            answers.extend(more);
            if !unavailable {
                break;
            }
        }
        if answers.len() == texts.len() { Ok(answers) } else { Err("the log does not recover".to_owned()) }
    }

    /// Gives the acknowledgements, and whether the sender must send the rest again.
    pub(crate) async fn take_frames(&mut self, frames: Vec<Vec<u8>>) -> Outcome<(Vec<String>, bool)> {
        let feed = feed(Holder::Board, Door::Hl7v2);
        let authority = feed.authorities[0].clone();
        let settings = MllpSettings::for_authority(authority, TimeZone::UTC, Limits::default());
        let taken = take_messages(self.node.intake.as_ref(), &feed, &settings, frames).await;
        for answer in &taken.acknowledgements {
            self.secrets.check("an acknowledgement", answer, &self.tokens)?;
        }
        let answers =
            taken.acknowledgements.into_iter().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok((answers.collect(), taken.unavailable))
    }

    /// The board sends what is not taken: it is answered so, and kept.
    pub(crate) async fn send_refused(&mut self, number: u8, how: u8) -> Outcome {
        let (holder, person) = self.target(number);
        if holder == Holder::Council {
            return Ok(());
        }
        self.count("refused messages");
        let control_id = format!("R-{}", self.counts["refused messages"]);
        let wish = Wish::of(holder, person, Way::Hl7, 1);
        let meaning = Meaning { holder, person, slot: Slot::IDENTITY, place: false, sequence: 0 };
        let word = self.tokens.make(meaning, false);
        let (text, expected) = hl7_text::refused(how, &wish, word.as_str(), &control_id);
        let answers = self.until_answered(vec![text]).await?;
        let code = code_of(&answers[0]);
        if code == expected { Ok(()) } else { Err(format!("refused message {how} was answered with {code}")) }
    }

    /// Whether the council can send an extract now: its door waits for the read model, and must know who calls.
    fn takes_extracts(&self) -> bool {
        !self.cut_links && self.truth.knows_callers()
    }

    /// The council sends a row, and another one that nobody can read.
    async fn send_extract(&mut self, wish: &Wish) -> Outcome {
        let wish = csv_text::narrowed(wish);
        let statement = state(&wish, &mut self.tokens);
        let good = csv_text::row(&wish, &statement);
        let bad = self.unreadable_row(&wish);
        let text = format!("{}\r\n{good}\r\n{bad}\r\n", csv_text::HEADER);
        let file = File { text, as_of: told_at(wish.sequence) };
        let event = event_of(&file)?;
        let report = self.until_imported(&file).await?;
        if report.rejected.keys().ne(&[3]) || report.removed > 0 {
            return Err(format!("an extract was answered with {report:?}"));
        }
        self.count("extracts");
        // A try that was not answered may have stored it all the same.
        if report.accepted == 1 || self.books.knows(&self.node.durable, event).await {
            self.accept(Sent::Csv(file), event, statement);
            return Ok(());
        }
        self.count("rows without news");
        let facts = self.truth.record(wish.holder, wish.person);
        if facts.is_some_and(|facts| !facts.would_change(&statement)) {
            return Ok(());
        }
        Err(format!("the news of {} were passed over", record(wish.holder, wish.person).key()))
    }

    /// A row of another record with an impossible date. What it says must never be seen.
    fn unreadable_row(&mut self, wish: &Wish) -> String {
        let holder = wish.holder;
        let person = (wish.person + 1) % 5;
        let mut other = csv_text::narrowed(&Wish::of(holder, person, Way::Csv, wish.sequence));
        other.new = Slot::all_of(holder).into_iter().filter(|slot| Way::Csv.has_place_for(*slot)).collect();
        let said = state(&other, &mut self.tokens);
        let row = csv_text::row(&other, &said);
        let born = support::cast::CAST[person].born;
        let written = format!("{}/{}/{}", &born[8..10], &born[5..7], &born[..4]);
        row.replace(&written, "31/02/1958")
    }

    /// Sends a file until it is taken to its end.
    pub(crate) async fn until_imported(&mut self, file: &File) -> Outcome<Report> {
        for _ in 0..10 {
            self.settle_quietly().await?;
            match self.import(file).await? {
                Ok(report) => {
                    let told = format!("{report:?}");
                    self.secrets.check("the report of an extract", told.as_bytes(), &self.tokens)?;
                    return Ok(report);
                }
                Err(status) => {
                    let told = format!("{status:?}");
                    self.secrets.check("an answer to an extract", told.as_bytes(), &self.tokens)?;
                    if status.code() != Code::Unavailable || !self.troubled {
                        return Err(text(status));
                    }
                }
            }
        }
        Err("an extract is not taken".to_owned())
    }

    async fn import(&self, file: &File) -> Outcome<Result<Report, tonic::Status>> {
        let intake: Arc<dyn Intake> = self.node.intake.clone();
        let intake = WireIntake::new(intake, self.node.doors.callers.clone(), Arc::new(OnlyCouncil));
        let (log, store) = (&self.node.durable.ground.log, &self.node.durable.ground.store);
        let (log, store) = (Arc::clone(log), Arc::clone(store));
        let ground = ExtractGround { store, log, removal_stop_percent: 20 };
        let door = social_care_adapter::service(intake, ground, 1024 * 1024);
        let extract = Arc::new(opened(file)?);
        Ok(send(door, secrets::COUNCIL_FEED, extract, Options::default(), |_| {}).await)
    }
}

fn opened(file: &File) -> Outcome<Extract> {
    Extract::open(file.text.clone().into_bytes(), MAPPING.clone(), file.as_of).map_err(text)
}

/// The event that the first row of a file becomes when it is news.
fn event_of(file: &File) -> Outcome<EventId> {
    let extract = opened(file)?;
    let row = extract.rows().next().ok_or("an extract without a row")?;
    let (submission, _) = row.reading.map_err(|rules| format!("a row cannot be read: {rules:?}"))?;
    Ok(EventId::of_message(Holder::Council.authority(), &submission.message_id))
}

/// MSA-1 of an acknowledgement.
pub fn code_of(answer: &str) -> String {
    let line = answer.split('\r').find(|line| line.starts_with("MSA|")).unwrap_or_default();
    line.split('|').nth(1).unwrap_or_default().to_owned()
}

/// The same message, with other content: what it tells happened an hour earlier.
pub fn contradicting(text: &str) -> String {
    let occurred = told_at(0) - jiff::SignedDuration::from_hours(1);
    let stamp = jiff::fmt::strtime::format("%Y%m%d%H%M%S+0000", &occurred.to_zoned(TimeZone::UTC));
    let stamp = stamp.expect("a time");
    let lines = text
        .split('\r')
        .map(|line| if line.starts_with("EVN|") { format!("{line}||||{stamp}") } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\r")
}
