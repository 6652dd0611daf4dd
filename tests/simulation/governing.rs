//! What governance says: signatures, stops, directives, assurance, positions, training.

use crate::operation::Operation;
use crate::run::{Outcome, Run, text};
use crate::seed_events::{AGREEMENT, STAFF, organisation, part, sign};
use domain::{
    Assurance, AssuranceRank, Directive, DirectiveId, DirectiveKind, Entropy, FlowId, Position, SharingEvent,
    Training, Window,
};
use jiff::{SignedDuration, Timestamp};
use support::cast::{Holder, record};

/// Who may ask, the most able first: see the seed's positions.
pub const READERS: [(&str, Holder); 10] = [
    ("aileen.strachan-bell", Holder::Board),
    ("hamish.oduya", Holder::Board),
    ("lewis.garrow", Holder::Board),
    ("senga.tarras", Holder::Board),
    ("ewan.corsock", Holder::Board),
    ("catriona.fenwick", Holder::Council),
    ("angus.pettigrew", Holder::Council),
    ("dougal.inverarity", Holder::Council),
    ("nadia.yarrow", Holder::Council),
    ("brodie.mouswald", Holder::Council),
];

impl Run {
    pub(crate) async fn govern(&mut self, operation: &Operation) -> Outcome {
        let Some(event) = self.event_of(operation) else { return Ok(()) };
        self.count("governance");
        match self.node.govern(event).await {
            // It waits in the outbox, and is moved when the log takes it again.
            Err(error) if error.is_transient() && self.troubled => {
                self.secrets.check("an error of governance", error.to_string().as_bytes(), &self.tokens)
            }
            other => other.map_err(text),
        }
    }

    fn event_of(&mut self, operation: &Operation) -> Option<SharingEvent> {
        let now = self.node.now();
        let holder = |number: &u8| Holder::ALL[usize::from(*number) % 2];
        let party = |number: &u8| organisation(holder(number).organisation());
        Some(match operation {
            Operation::Sign { part: number, holder: by } => {
                SharingEvent::AgreementSigned(sign(holder(by), &part(*number), now, false))
            }
            Operation::Forge { part: number, holder: by } => {
                let signature = sign(holder(by), &part(*number), now, true);
                self.truth.governance.knows_forged(signature.bytes.clone());
                SharingEvent::AgreementSigned(signature)
            }
            Operation::Withdraw { part: number, holder: by } => {
                SharingEvent::AgreementWithdrawn { part: part(*number), organisation: party(by), at: now }
            }
            Operation::Suspend { part: number, holder: by } => {
                SharingEvent::AgreementSuspended { part: part(*number), organisation: party(by), at: now }
            }
            Operation::Resume { part: number, holder: by } => {
                SharingEvent::AgreementResumed { part: part(*number), organisation: party(by), at: now }
            }
            Operation::Direct { record, kind, flow, minutes } => {
                self.directive(*record, *kind, *flow, *minutes)
            }
            Operation::Lift { directive } => {
                let place = usize::from(*directive) % self.directives.len().max(1);
                SharingEvent::DirectiveLifted { directive: *self.directives.get(place)?, at: now }
            }
            Operation::Assurance { holder: of, how } => {
                SharingEvent::AssuranceRecorded { organisation: party(of), assurance: assurance(*how, now) }
            }
            Operation::EndPosition { reader } => {
                SharingEvent::PositionEnded { position: position(*reader).id.clone(), at: now }
            }
            Operation::GivePosition { reader } => SharingEvent::PositionAssigned(Position {
                window: Window { from: Some(now), to: None },
                ..position(*reader).clone()
            }),
            Operation::Training { reader, renewed } => {
                let position = position(*reader);
                SharingEvent::TrainingRecorded(Training {
                    organisation: position.organisation.clone(),
                    user: position.user.clone(),
                    expires_at: now + SignedDuration::from_secs(if *renewed { 900_000 } else { 15 }),
                })
            }
            _ => return None,
        })
    }

    fn directive(&mut self, number: u8, kind: u8, flow: u8, minutes: u8) -> SharingEvent {
        const KINDS: [DirectiveKind; 5] = [
            DirectiveKind::Dissent,
            DirectiveKind::Restriction,
            DirectiveKind::Sealed,
            DirectiveKind::LegalHold,
            DirectiveKind::ProtectedAddress,
        ];
        let (holder, person) = self.target(number);
        let now = self.node.now();
        let id = DirectiveId(self.node.durable.entropy.uuid());
        self.directives.push(id);
        let ends = now + SignedDuration::from_mins(i64::from(minutes));
        SharingEvent::DirectiveSet(Directive {
            id,
            kind: KINDS[usize::from(kind) % KINDS.len()],
            record: record(holder, person),
            flow: flows().get(usize::from(flow) % 12).cloned(),
            window: Window { from: Some(now), to: (minutes > 0).then_some(ends) },
            recorded_by: organisation(holder.organisation()),
        })
    }
}

fn flows() -> Vec<FlowId> {
    AGREEMENT.appendices.iter().flat_map(|one| &one.flows).map(|flow| flow.id.clone()).collect()
}

fn assurance(how: u8, now: Timestamp) -> Assurance {
    let soon = Some(now + SignedDuration::from_secs(20));
    match how {
        0 => Assurance { rank: AssuranceRank::Reviewed, expires_at: soon },
        1 => Assurance { rank: AssuranceRank::SelfAssessed, expires_at: None },
        _ => Assurance { rank: AssuranceRank::Reviewed, expires_at: None },
    }
}

fn position(reader: u8) -> &'static Position {
    let (user, holder) = READERS[usize::from(reader) % READERS.len()];
    let theirs =
        |one: &&Position| one.user.as_str() == user && one.organisation.as_str() == holder.organisation();
    STAFF.positions.iter().find(theirs).expect("a position of the seed")
}
