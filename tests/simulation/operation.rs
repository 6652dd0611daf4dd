//! What can happen in a run, and the list of what does, by seed.
//!
//! Numbers in an operation are taken modulo what there is when it is carried out, so that any list can be played, and
//! any part of a list.

use domain::SeededEntropy;

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// A source tells everything that it knows of a person.
    Whole { record: u8, shape: u64 },
    /// A source tells news.
    Feed { record: u8, shape: u64 },
    /// Two pieces of news arrive in the wrong order.
    Swapped { record: u8, shape: u64 },
    /// Old news arrive late.
    Late { record: u8, shape: u64 },
    /// The same message comes again.
    Again { message: u8 },
    /// The same message comes again through an adapter that does not know of the first time.
    AgainElsewhere { message: u8 },
    /// The id of an old message comes with other content.
    OtherContent { message: u8 },
    /// The same through an adapter that does not know of the first time.
    OtherContentElsewhere { message: u8 },
    /// A message that nobody can read is kept whole.
    Unreadable { record: u8 },
    /// An event of a type that is not known to this version.
    Unknown { record: u8 },
    /// The board sends a message that its door does not take.
    Refused { record: u8, how: u8 },
    /// An operator leaves a parked event out.
    Skip { row: u8 },
    /// A feed says that it is alive.
    Heartbeat { holder: u8 },
    /// News come, and the projector dies in the middle of them, several times.
    CrashProjector { record: u8, shape: u64, steps: [u8; 3] },
    /// News come, and the decider dies in the middle of them, several times.
    CrashDecider { record: u8, shape: u64, steps: [u8; 3] },
    /// The process is killed and starts again.
    Restart,
    /// A reviewer answers an open question.
    Review { review: u8, links: bool },
    /// A reviewer undoes a link.
    Unlink { record: u8, never_again: bool },
    /// The board merges two of its records of one person, perhaps back again.
    Merge { pair: u8, back: bool, shape: u64 },
    /// The board says that the data of one record belongs to another.
    Move { from: u8, to: u8, shape: u64 },
    /// The council's case system opens its stream of numbers and answers some of them.
    Assignments { answers: u8 },
    /// The council's case system answers a number long after it was offered.
    LateAnswer { offer: u8, confirms: bool },
    /// A party signs a part of the agreement.
    Sign { part: u8, holder: u8 },
    /// Somebody signs in the name of a party, with another key.
    Forge { part: u8, holder: u8 },
    /// A party withdraws a part for good.
    Withdraw { part: u8, holder: u8 },
    /// A party suspends a part.
    Suspend { part: u8, holder: u8 },
    /// A party takes its suspension back.
    Resume { part: u8, holder: u8 },
    /// A directive is set on a record.
    Direct { record: u8, kind: u8, flow: u8, minutes: u8 },
    /// A directive is lifted.
    Lift { directive: u8 },
    /// The assurance of an organisation changes: expires soon, is self-assessed, or is whole again.
    Assurance { holder: u8, how: u8 },
    /// A position ends.
    EndPosition { reader: u8 },
    /// A position is given again.
    GivePosition { reader: u8 },
    /// Training runs out soon, or is renewed.
    Training { reader: u8, renewed: bool },
    /// Time passes.
    Advance { seconds: u16 },
    /// The clock steps back.
    StepBack { seconds: u8 },
    /// The node cannot read sharing any more.
    CutSharing,
    /// The read model cannot read the log any more.
    CutLinks,
    /// Both can be read again.
    Reconnect,
    /// The log refuses appends while the next thing happens.
    LogRefuses { times: u8 },
    /// The log stores and does not say so while the next thing happens.
    LogForgets { times: u8 },
    /// A host launches a panel.
    Launch { reader: u8, person: u8, how: u8 },
    /// A reader looks.
    Look { session: u8, door: u8 },
    /// A reader opens a live view.
    Watch { session: u8, page: bool },
    /// A reader closes a live view.
    Close { watch: u8 },
    /// A reader declares emergency access, or ends it.
    Emergency { session: u8, begins: bool },
    /// A reader asks about another person in a session.
    OtherPerson { session: u8, person: u8 },
    /// Somebody without a session asks.
    Stranger { door: u8 },
}

/// What happens, and whether the node reads on afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happens.
    pub operation: Operation,
    /// The node reads everything that it can before the next thing happens.
    pub settles: bool,
}

/// Things that happen in a run.
const LENGTH: usize = 66;
/// Records of the cast. The last two are second records of the board's.
const RECORDS: u8 = 12;
/// Those that there always are.
const FIRST_RECORDS: u8 = 10;

/// Numbers from a seed.
pub struct Dice(SeededEntropy);

impl Dice {
    /// The dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// Any number.
    pub fn any(&self) -> u64 {
        self.0.next_u64() >> 8
    }

    /// A number below this one.
    pub fn below(&self, most: u64) -> u64 {
        self.any() % most
    }

    fn byte(&self) -> u8 {
        u8::try_from(self.any() & 0xFF).unwrap_or(0)
    }

    fn small(&self, most: u64) -> u8 {
        u8::try_from(self.below(most)).unwrap_or(0)
    }

    /// Whether something that happens so many times in a hundred happens.
    pub fn percent(&self, of_hundred: u64) -> bool {
        self.below(100) < of_hundred
    }
}

/// The list of a seed.
pub fn operations(seed: u64) -> Vec<Step> {
    let dice = Dice::new(seed ^ 0x0005_EED5_0F0A_11FE);
    let second = (FIRST_RECORDS..RECORDS).filter(|_| dice.percent(60));
    let mut first: Vec<u8> = (0..FIRST_RECORDS).chain(second).collect();
    for place in (1..first.len()).rev() {
        first.swap(place, usize::try_from(dice.below(place as u64 + 1)).unwrap_or(0));
    }
    let wholes = first.into_iter().map(|record| Operation::Whole { record, shape: dice.any() });
    let mut steps: Vec<Step> =
        wholes.map(|operation| Step { operation, settles: dice.percent(30) }).collect();
    for reader in [0, 5] {
        let operation = Operation::Launch { reader, person: dice.small(6), how: 0 };
        steps.push(Step { operation, settles: true });
    }
    while steps.len() < LENGTH {
        let operation = any_operation(&dice);
        let is_trouble = matches!(operation, Operation::LogRefuses { .. } | Operation::LogForgets { .. });
        let is_rule = matches!(
            operation,
            Operation::Suspend { .. } | Operation::Direct { .. } | Operation::Assurance { .. }
        );
        steps.push(Step { operation, settles: dice.percent(85) });
        // What is forbidden now may be due to the case system.
        if is_rule && dice.percent(45) {
            steps.push(Step { operation: Operation::Assignments { answers: dice.byte() }, settles: true });
        }
        // The next thing is what the trouble hits: often a reader.
        if is_trouble && dice.percent(75) {
            steps.push(Step { operation: looking(&dice), settles: true });
        }
    }
    steps
}

fn any_operation(dice: &Dice) -> Operation {
    match dice.below(100) {
        0..23 => news(dice),
        23..31 => trouble(dice),
        31..44 => linking(dice),
        44..61 => governing(dice),
        61..68 => time(dice),
        _ => looking(dice),
    }
}

/// Mostly one of the two whom both sides know and whom nothing keeps from being shown, or their second records.
fn person(dice: &Dice) -> u8 {
    match dice.below(100) {
        0..55 => dice.small(2),
        55..70 => 6 + dice.small(2),
        _ => dice.small(6),
    }
}

fn news(dice: &Dice) -> Operation {
    let (record, shape, message) = (dice.small(RECORDS.into()), dice.any(), dice.byte());
    match dice.below(24) {
        0..7 => Operation::Feed { record, shape },
        7..9 => Operation::Whole { record, shape },
        9..11 => Operation::Swapped { record, shape },
        11..13 => Operation::Late { record, shape },
        13..15 => Operation::Again { message },
        15..17 => Operation::AgainElsewhere { message },
        17 => Operation::OtherContent { message },
        18 => Operation::OtherContentElsewhere { message },
        19 if shape.is_multiple_of(3) => Operation::Unreadable { record },
        19 => Operation::Refused { record: 5 + record % 7, how: message },
        20..22 => Operation::Unknown { record },
        22 => Operation::Skip { row: message },
        _ => Operation::Heartbeat { holder: dice.small(2) },
    }
}

fn trouble(dice: &Dice) -> Operation {
    let (record, shape) = (dice.small(RECORDS.into()), dice.any());
    let steps = [dice.small(12), dice.small(20), dice.small(40)];
    match dice.below(10) {
        0..3 => Operation::CrashProjector { record, shape, steps },
        3..5 => Operation::CrashDecider { record, shape, steps },
        5 => Operation::Restart,
        6..9 => Operation::LogRefuses { times: 1 + dice.small(3) },
        _ => Operation::LogForgets { times: 1 + dice.small(2) },
    }
}

fn linking(dice: &Dice) -> Operation {
    match dice.below(17) {
        0..4 => Operation::Review { review: dice.byte(), links: dice.percent(70) },
        4..7 => Operation::Unlink { record: dice.byte(), never_again: dice.percent(50) },
        7..9 => Operation::Merge { pair: dice.small(2), back: dice.percent(30), shape: dice.any() },
        9 => Operation::Move { from: dice.byte(), to: dice.byte(), shape: dice.any() },
        10..13 => Operation::Assignments { answers: dice.byte() },
        13..16 => Operation::LateAnswer { offer: dice.byte(), confirms: dice.percent(50) },
        _ => Operation::Skip { row: dice.byte() },
    }
}

fn governing(dice: &Dice) -> Operation {
    let (part, holder, reader) = (dice.small(4), dice.small(2), dice.byte());
    match dice.below(30) {
        0..7 => Operation::Sign { part, holder },
        7 => Operation::Forge { part, holder },
        8 if part > 0 => Operation::Withdraw { part, holder },
        8..10 => Operation::Suspend { part, holder },
        10..13 => Operation::Resume { part, holder },
        13..17 => Operation::Direct {
            record: dice.small(RECORDS.into()),
            kind: dice.small(5),
            flow: dice.byte(),
            minutes: dice.small(4),
        },
        17..21 => Operation::Lift { directive: dice.byte() },
        21..24 => Operation::Assurance { holder, how: dice.small(5) },
        24 => Operation::EndPosition { reader },
        25..28 => Operation::GivePosition { reader },
        _ => Operation::Training { reader, renewed: dice.percent(60) },
    }
}

fn time(dice: &Dice) -> Operation {
    match dice.below(12) {
        0..4 => Operation::Advance { seconds: 1 + u16::from(dice.small(40)) },
        4 => Operation::Advance { seconds: 60 * u16::from(1 + dice.small(35)) },
        5 => Operation::StepBack { seconds: 1 + dice.small(12) },
        6 => Operation::CutSharing,
        7 => Operation::CutLinks,
        _ => Operation::Reconnect,
    }
}

fn looking(dice: &Dice) -> Operation {
    let (session, door) = (dice.byte(), dice.small(4));
    match dice.below(32) {
        0..6 => Operation::Launch { reader: dice.byte(), person: person(dice), how: dice.small(10) },
        6..19 => Operation::Look { session, door },
        19..24 => Operation::Watch { session, page: dice.percent(30) },
        24 => Operation::Close { watch: dice.byte() },
        25..29 => Operation::Emergency { session, begins: dice.percent(75) },
        29..31 => Operation::OtherPerson { session, person: dice.small(6) },
        _ => Operation::Stranger { door },
    }
}
