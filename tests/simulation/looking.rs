//! What readers do: launches, views, live views, emergency access; and what each of them may see.

use crate::governing::READERS;
use crate::operation::Operation;
use crate::run::{Outcome, Run};
use domain::{Exit, LinkStatus, Purpose, SessionId, SourceRecord};
use proto::viewing::v1;
use proto::viewing::v1::person_identifier::Identifier;
use std::collections::BTreeSet;
use std::pin::pin;
use support::cast::{CAST, Holder, record};
use support::evaluator::Asking;
use support::node::secrets;
use support::screens::{Answer, Door, Live, Screens};
use support::tokens::Token;

/// An open session.
pub struct Session {
    bearer: String,
    asking: Asking,
}

/// An open live view, with what is on it now.
pub struct Watch {
    live: Live,
    session: usize,
    page: bool,
    on_screen: BTreeSet<Token>,
}

const DOORS: [(Door, Exit); 4] = [
    (Door::Json, Exit::JsonView),
    (Door::Html, Exit::Panel),
    (Door::Grpc, Exit::GrpcView),
    (Door::Why, Exit::Why),
];

impl Run {
    pub(crate) async fn look(&mut self, operation: &Operation) -> Outcome {
        match *operation {
            Operation::Launch { reader, person, how } => self.launch(reader, person, how).await,
            Operation::Look { session, door } => {
                let Some(place) = self.session(session) else { return Ok(()) };
                let (door, exit) = DOORS[usize::from(door) % DOORS.len()];
                let answer = self.screens().look(&self.sessions[place].bearer, door).await;
                let exact = matches!(door, Door::Json | Door::Grpc);
                self.judge_answer(place, exit, &answer, exact).map(drop)
            }
            Operation::Watch { session, page } => self.watch(session, page).await,
            Operation::Close { watch } => {
                if !self.watches.is_empty() {
                    let place = usize::from(watch) % self.watches.len();
                    self.watches.swap_remove(place);
                }
                Ok(())
            }
            Operation::Emergency { session, begins } => self.emergency(session, begins).await,
            Operation::OtherPerson { session, person } => self.other_person(session, person).await,
            Operation::Stranger { door } => {
                let (door, _) = DOORS[usize::from(door) % DOORS.len()];
                let answer = self.screens().look("nobody", door).await;
                self.refused("a stranger", &answer)
            }
            _ => Ok(()),
        }
    }

    fn screens(&self) -> Screens {
        Screens::of(&self.node)
    }

    fn session(&self, number: u8) -> Option<usize> {
        (!self.sessions.is_empty()).then(|| usize::from(number) % self.sessions.len())
    }

    async fn launch(&mut self, reader: u8, person: u8, how: u8) -> Outcome {
        // Half of the launches are those of the two most able readers.
        let reader = usize::from(reader);
        let (user, holder) =
            if reader % 4 < 2 { READERS[(reader % 4) * 5] } else { READERS[reader % READERS.len()] };
        let person = usize::from(person) % CAST.len();
        if !CAST[person].is_known_to(holder) {
            return Ok(());
        }
        let about = record(holder, person);
        let purpose = if how == 9 { Purpose::SubjectAccess } else { Purpose::DirectCare };
        let asserted = how % 3 != 2;
        let secret = if holder == Holder::Board { secrets::BOARD_HOST } else { secrets::COUNCIL_HOST };
        let request = v1::CreateLaunchRequest {
            user: user.to_owned(),
            organisation: holder.organisation().to_owned(),
            purpose: purpose.as_str().to_owned(),
            person: vec![identifier(&about)],
            origin: origin(holder).to_owned(),
            relationship_asserted: asserted,
            authenticated_at: Some(proto::timestamp(self.node.now())),
            ..v1::CreateLaunchRequest::default()
        };
        let bound = self.truth.links.link_of(&about).filter(|(_, status)| *status == LinkStatus::Confirmed);
        let made = self.screens().launch(secret, request).await;
        let (code, session) = match made {
            Ok(made) => made,
            Err(status) => {
                self.secrets.check("a refused launch", format!("{status:?}").as_bytes(), &self.tokens)?;
                let expected = self.troubled || !self.truth.knows_callers();
                return if expected { Ok(()) } else { Err(format!("a launch was refused: {status}")) };
            }
        };
        let asking = Asking {
            user: user.to_owned(),
            reader: holder,
            position: None,
            purpose,
            session: SessionId::parse(&session).map_err(|violation| violation.rule.to_owned())?,
            bound: bound.map(|(person, _)| person),
            asserted,
            about,
        };
        self.exchange(&code, how, asking).await
    }

    /// The code is used in time or too late, once or twice.
    async fn exchange(&mut self, code: &str, how: u8, asking: Asking) -> Outcome {
        let late = how == 8;
        if late {
            self.advance(61);
        }
        let (answer, bearer) = self.screens().open(code).await;
        self.transcript.push(answer.bytes.clone());
        self.secrets.check("an opened session", &answer.bytes, &self.tokens)?;
        if bearer.is_some() == late {
            return Err("a launch code was taken after its time, or not taken in time".to_owned());
        }
        let (again, second) = self.screens().open(code).await;
        self.secrets.check("a code used twice", &again.bytes, &self.tokens)?;
        if second.is_some() {
            return Err("a launch code was taken twice".to_owned());
        }
        if let Some(bearer) = bearer {
            self.count("sessions");
            self.sessions.push(Session { bearer, asking });
        }
        Ok(())
    }

    async fn watch(&mut self, session: u8, page: bool) -> Outcome {
        let Some(place) = self.session(session) else { return Ok(()) };
        let bearer = self.sessions[place].bearer.clone();
        let screens = self.screens();
        let opened = if page { screens.watch_page(&bearer).await } else { screens.watch(&bearer).await };
        match opened {
            Ok(live) => {
                self.count("watches");
                self.watches.push(Watch { live, session: place, page, on_screen: BTreeSet::new() });
                let last = self.watches.len() - 1;
                self.hear_watch(last).await
            }
            Err(answer) => self.refused("a live view", &answer),
        }
    }

    /// Hears what a live view tells, and compares what is on it with what may be on it.
    pub(crate) async fn hear_watch(&mut self, place: usize) -> Outcome {
        let told = self.watches[place].live.told().await;
        let Watch { session, page, .. } = self.watches[place];
        let exit = if page { Exit::PanelUpdate } else { Exit::GrpcUpdate };
        for answer in told {
            self.count("live updates");
            self.watches[place].on_screen = self.judge_answer(session, exit, &answer, false)?;
        }
        self.truth.clock_read(self.node.now());
        let allowed = self.allowed(&self.sessions[session].asking);
        let on_screen = &self.watches[place].on_screen;
        if let Some(token) = on_screen.difference(&allowed).next() {
            let (meaning, why) = (self.tokens.meaning(token), self.why_not(&self.sessions[session].asking));
            return Err(format!("an open panel still shows {meaning:?}\n{why}"));
        }
        if !page && !self.troubled && *on_screen != allowed {
            let missing = allowed.difference(on_screen).next().map(|token| self.tokens.meaning(token));
            let why = self.why_not(&self.sessions[session].asking);
            return Err(format!("an open panel does not show {missing:?}\n{why}"));
        }
        Ok(())
    }

    async fn emergency(&mut self, session: u8, begins: bool) -> Outcome {
        let Some(place) = self.session(session) else { return Ok(()) };
        if self.cut_sharing {
            return Ok(());
        }
        let could_decide = self.truth.may_decide(self.node.now());
        let (screens, bearer) = (self.screens(), self.sessions[place].bearer.clone());
        let mut asked = pin!(screens.emergency(&bearer, begins));
        // The answer waits until the rules know: they are read on beside it, as a node does by itself.
        let answer = loop {
            tokio::select! {
                biased;
                answer = &mut asked => break answer,
                () = tokio::task::yield_now() => self.read_sharing().await?,
            }
        };
        self.read_sharing().await?;
        self.look_at_progress(could_decide).await?;
        if answer.shown {
            self.count("views after emergency access");
        }
        self.judge_answer(place, Exit::Panel, &answer, false).map(drop)
    }

    async fn other_person(&mut self, session: u8, person: u8) -> Outcome {
        let Some(place) = self.session(session) else { return Ok(()) };
        let asking = &self.sessions[place].asking;
        let other = record(asking.reader, usize::from(person) % CAST.len());
        if other == asking.about {
            return Ok(());
        }
        let bearer = self.sessions[place].bearer.clone();
        let answer = self.screens().get_view(&bearer, Some(identifier(&other))).await;
        self.count("other persons refused");
        self.refused("a question about another person", &answer)
    }

    fn refused(&mut self, what: &str, answer: &Answer) -> Outcome {
        self.transcript.push(answer.bytes.clone());
        if answer.shown {
            return Err(format!("{what} was answered with a view"));
        }
        self.secrets.check(what, &answer.bytes, &self.tokens)
    }

    /// Judges an answer by what it holds; gives what it shows.
    fn judge_answer(
        &mut self,
        place: usize,
        exit: Exit,
        answer: &Answer,
        exact: bool,
    ) -> Outcome<BTreeSet<Token>> {
        self.truth.clock_read(self.node.now());
        self.transcript.push(answer.bytes.clone());
        let asking = &self.sessions[place].asking;
        let (allowed, found) = (self.allowed(asking), self.tokens.found_in(&answer.bytes));
        if let Some(token) = found.difference(&allowed).next() {
            let meaning = self.tokens.meaning(token);
            return Err(format!(
                "{} showed {meaning:?} to {}\n{}",
                exit.as_str(),
                asking.user,
                self.why_not(asking)
            ));
        }
        if exact && !self.troubled && found != allowed {
            let missing = allowed.difference(&found).next().map(|token| self.tokens.meaning(token));
            return Err(format!(
                "{} withheld {missing:?} from {}\n{}",
                exit.as_str(),
                asking.user,
                self.why_not(asking)
            ));
        }
        if answer.shown {
            let session = asking.session;
            self.leaf_book.left(session, exit);
            self.count("views shown");
        } else {
            self.secrets.check("a refusal", &answer.bytes, &self.tokens)?;
            self.count("views refused");
        }
        Ok(found)
    }
}

impl Run {
    fn why_not(&self, asking: &Asking) -> String {
        support::evaluator::judged(&self.truth, &crate::seed_events::AGREEMENT, asking, self.node.now())
    }
}

fn origin(holder: Holder) -> &'static str {
    match holder {
        Holder::Council => "http://council.localhost:7410",
        Holder::Board => "http://portal.localhost:7411",
    }
}

fn identifier(of: &SourceRecord) -> v1::PersonIdentifier {
    v1::PersonIdentifier { identifier: Some(Identifier::Record(proto::intake::wire_source_record(of))) }
}
