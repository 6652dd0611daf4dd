//! One run: a world, a node, a list of operations, and the oracles after each of them.

use crate::operation::{Operation, Step, operations};
use crate::seed_events::{AGREEMENT, SEED, start};
use crate::seeds::Trial;
use domain::{DirectiveId, PersonId, SourceRecord};
use event_log::{Fault as LogFault, LogPosition};
use std::collections::BTreeMap;
use support::capture::Capture;
use support::cast::{CAST, Holder, record};
use support::evaluator::{Asking, allowed};
use support::node::{Durable, Node};
use support::oracles::{self, Books, LeafBook, Receipts, Secrets};
use support::tokens::{Token, Tokens};
use support::truth::Truth;

/// What is wrong.
pub type Outcome<T = ()> = Result<T, String>;

/// One run.
pub struct Run {
    pub(crate) node: Node,
    pub(crate) truth: Truth,
    pub(crate) tokens: Tokens,
    pub(crate) twisted: bool,
    readers_only: bool,
    pub(crate) secrets: Secrets,
    pub(crate) receipts: Receipts,
    pub(crate) leaf_book: LeafBook,
    pub(crate) books: Books,
    pub(crate) messages: Vec<crate::feeding::Message>,
    pub(crate) sequences: BTreeMap<(Holder, usize), u64>,
    pub(crate) sessions: Vec<crate::looking::Session>,
    pub(crate) watches: Vec<crate::looking::Watch>,
    pub(crate) directives: Vec<DirectiveId>,
    pub(crate) cut_sharing: bool,
    pub(crate) cut_links: bool,
    /// The log failed while the present operation was carried out.
    pub(crate) troubled: bool,
    /// Everything that a reader was given, in order.
    pub(crate) transcript: Vec<Vec<u8>>,
    pub(crate) counts: BTreeMap<&'static str, usize>,
    judged: usize,
    pending_trouble: Option<(LogFault, u32)>,
    capture: Capture,
    /// Ends of the log when the decider had read everything; nothing after it died.
    pub(crate) decided_up_to: Vec<LogPosition>,
    pub(crate) link_places: Vec<LogPosition>,
    pub(crate) sharing_places: Vec<LogPosition>,
    pub(crate) index: BTreeMap<PersonId, usize>,
    /// Who speaks how in this run follows from it.
    pub(crate) speech: u64,
    pub(crate) redirected: Vec<crate::merging::Redirected>,
    /// Numbers that were offered and not answered, by the ids of their assignments.
    pub(crate) offers: Vec<String>,
    /// Records of the council with a number that it was told of, each with whose it is: by numbers in the cast.
    pub(crate) taken_over: BTreeMap<usize, usize>,
}

/// What a run gave.
#[derive(Debug, Default)]
pub struct Report {
    /// Everything that a reader was given, in order.
    pub transcript: Vec<Vec<u8>>,
    /// How often what happened.
    pub counts: BTreeMap<&'static str, usize>,
    /// The read model at the end.
    pub dump: String,
}

/// Plays a list; tells at which step what was wrong.
pub async fn play(seed: u64, steps: &[Step], trial: &Trial) -> Result<Report, (usize, String)> {
    let mut run = Run::begin(seed, trial).await.map_err(|what| (0, what))?;
    for (place, step) in steps.iter().enumerate() {
        run.step(step).await.map_err(|what| (place, what))?;
    }
    run.end().await.map_err(|what| (steps.len(), what))
}

/// The list of a seed.
pub fn list(seed: u64) -> Vec<Step> {
    operations(seed)
}

impl Run {
    async fn begin(seed: u64, trial: &Trial) -> Outcome<Self> {
        let capture = Capture::start();
        let node = Node::start(Durable::new(seed, start())).await.map_err(text)?;
        for event in SEED.iter() {
            node.govern(event.clone()).await.map_err(text)?;
        }
        let mut run = Self {
            node,
            truth: Truth::default(),
            tokens: Tokens::new(trial.salt),
            twisted: trial.salt > 0,
            readers_only: trial.readers_only,
            secrets: Secrets::of_the_cast(),
            receipts: Receipts::default(),
            leaf_book: LeafBook::default(),
            books: Books::default(),
            messages: Vec::new(),
            sequences: BTreeMap::new(),
            sessions: Vec::new(),
            watches: Vec::new(),
            directives: Vec::new(),
            cut_sharing: false,
            cut_links: false,
            troubled: false,
            transcript: Vec::new(),
            counts: BTreeMap::new(),
            judged: 0,
            pending_trouble: None,
            capture,
            decided_up_to: Vec::new(),
            link_places: Vec::new(),
            sharing_places: Vec::new(),
            index: BTreeMap::new(),
            speech: seed.wrapping_mul(0x9E37_79B9),
            redirected: Vec::new(),
            offers: Vec::new(),
            taken_over: BTreeMap::new(),
        };
        run.settle().await?;
        Ok(run)
    }

    async fn step(&mut self, step: &Step) -> Outcome {
        let trouble = self.pending_trouble.take();
        self.troubled = trouble.is_some();
        if let Some((fault, times)) = trouble {
            self.node.durable.log.fail_appends(fault, times);
        }
        self.carry_out(&step.operation).await?;
        if self.troubled {
            self.node.durable.log.fail_appends(LogFault::Refuse(event_log::Error::Full), 0);
            self.node.settle_governance().await.map_err(text)?;
            self.node.hub.wake_all();
        }
        self.troubled = false;
        if step.settles || trouble_follows(&step.operation) {
            self.settle().await?;
        }
        self.look_at_watches().await?;
        self.judge().await
    }

    async fn carry_out(&mut self, operation: &Operation) -> Outcome {
        match operation {
            Operation::LogRefuses { times } => {
                let fault = LogFault::Refuse(event_log::Error::Unavailable("planted".to_owned()));
                self.pending_trouble = Some((fault, u32::from(*times)));
                Ok(())
            }
            Operation::LogForgets { times } => {
                let fault = LogFault::StoreAndRefuse(event_log::Error::Unavailable("planted".to_owned()));
                self.pending_trouble = Some((fault, u32::from(*times)));
                Ok(())
            }
            Operation::Restart => self.restart().await,
            Operation::CutSharing => {
                self.cut_sharing = true;
                Ok(())
            }
            Operation::CutLinks => {
                self.cut_links = true;
                Ok(())
            }
            Operation::Reconnect => {
                (self.cut_sharing, self.cut_links) = (false, false);
                Ok(())
            }
            Operation::Advance { seconds } => {
                self.advance(i64::from(*seconds));
                Ok(())
            }
            Operation::StepBack { seconds } => {
                self.advance(-i64::from(*seconds));
                Ok(())
            }
            Operation::Review { review, links } => self.review(*review, *links).await,
            Operation::Unlink { record, never_again } => self.unlink(*record, *never_again).await,
            Operation::Merge { pair, back, shape } => self.merge(*pair, *back, *shape).await,
            Operation::Move { from, to, shape } => self.move_data(*from, *to, *shape).await,
            Operation::Assignments { answers } => self.assignments(*answers).await,
            Operation::LateAnswer { offer, confirms } => self.late_answer(*offer, *confirms).await,
            Operation::Launch { .. }
            | Operation::Look { .. }
            | Operation::Watch { .. }
            | Operation::Close { .. }
            | Operation::Emergency { .. }
            | Operation::OtherPerson { .. }
            | Operation::Stranger { .. } => self.look(operation).await,
            Operation::Sign { .. }
            | Operation::Forge { .. }
            | Operation::Withdraw { .. }
            | Operation::Suspend { .. }
            | Operation::Resume { .. }
            | Operation::Direct { .. }
            | Operation::Lift { .. }
            | Operation::Assurance { .. }
            | Operation::EndPosition { .. }
            | Operation::GivePosition { .. }
            | Operation::Training { .. } => self.govern(operation).await,
            _ => self.feed(operation).await,
        }
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Time passes. Open panels look again, as their own timers would make them.
    pub(crate) fn advance(&mut self, seconds: i64) {
        self.node.durable.clock.advance_ms(seconds * 1000);
        self.node.hub.wake_all();
    }

    async fn restart(&mut self) -> Outcome {
        self.watches.clear();
        self.node = Node::start(self.node.durable.clone()).await.map_err(text)?;
        self.truth.forget_process();
        self.decided_up_to.clear();
        self.settle().await
    }

    async fn look_at_watches(&mut self) -> Outcome {
        for place in 0..self.watches.len() {
            self.hear_watch(place).await?;
        }
        Ok(())
    }

    /// The oracles that can be asked at any moment.
    async fn judge(&mut self) -> Outcome {
        self.judged += 1;
        if self.judged.is_multiple_of(5) {
            oracles::versions_only_rise(&self.node.durable, &all_records(), &mut self.receipts).await?;
        }
        let said = self.capture.new_text();
        self.secrets.check("the log text", &said, &self.tokens)?;
        self.leaf_book.check(&self.node.durable).await?;
        self.books.check(&self.node.durable).await
    }

    /// The links of a read model that has read everything.
    pub(crate) async fn links_stand(&self) -> Outcome {
        if self.readers_only {
            return Ok(());
        }
        oracles::links_stand(&self.node.durable, &self.truth, &all_records()).await
    }

    /// Every oracle, once the node has read everything.
    async fn end(mut self) -> Outcome<Report> {
        (self.cut_sharing, self.cut_links) = (false, false);
        self.settle().await?;
        self.look_at_watches().await?;
        self.judge().await?;
        let durable = self.node.durable.clone();
        self.receipts.check(&durable).await?;
        self.redirects_stand()?;
        self.links_stand().await?;
        oracles::versions_only_rise(&durable, &all_records(), &mut self.receipts).await?;
        oracles::rebuild_equals(&durable).await?;
        oracles::sealed(&durable, &self.secrets, &self.tokens).await?;
        self.secrets.check("the metrics", self.capture.metrics().as_bytes(), &self.tokens)?;
        let parked = durable.ground.store.parked(projector::ROLE, 1000).await.map_err(text)?;
        for row in parked {
            self.secrets.check("the list of parked events", format!("{row:?}").as_bytes(), &self.tokens)?;
        }
        self.secrets.check("the log text", &self.capture.new_text(), &self.tokens)?;
        let dump = durable.ground.store.dump().await.map_err(text)?;
        Ok(Report { transcript: self.transcript, counts: self.counts, dump })
    }

    /// What a reader may see now.
    pub(crate) fn allowed(&self, asking: &Asking) -> std::collections::BTreeSet<Token> {
        allowed(&self.truth, &AGREEMENT, asking, self.node.now())
    }
}

/// A crash leaves the read model between two states: it goes on at once.
fn trouble_follows(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::CrashProjector { .. } | Operation::CrashDecider { .. } | Operation::Restart
    )
}

/// Every record of the cast.
pub fn all_records() -> Vec<SourceRecord> {
    let known = |(holder, person): &(Holder, usize)| CAST[*person].is_known_to(*holder);
    let both = Holder::ALL.into_iter().flat_map(|holder| (0..CAST.len()).map(move |person| (holder, person)));
    both.filter(known).map(|(holder, person)| record(holder, person)).collect()
}

/// An error as text.
pub fn text(error: impl std::fmt::Display) -> String {
    format!("unexpected: {error}")
}
