//! Three invented people, and the messages by which two systems tell of them.

use domain::{
    Address, AddressUse, Change, ChiNumber, DemographicsPatch, HeldChi, NameParts, NameUse, PartialDate,
    PersonName, Postcode, RecordChange, RecordVersion, Sex, SourceRecord,
};
use std::sync::atomic::{AtomicU64, Ordering};

static TURN: AtomicU64 = AtomicU64::new(1);

/// Somebody.
pub struct Person {
    number: u32,
    given: &'static str,
    born: &'static str,
}

/// A woman without a CHI number at the council.
pub const AILSA: Person = Person { number: 1, given: "Ailsa", born: "1958-08-03" };
/// Her twin, whom the board does not know.
pub const MORVEN: Person = Person { number: 2, given: "Morven", born: "1958-08-03" };
/// Somebody else.
pub const ISLA: Person = Person { number: 3, given: "Isla", born: "1961-02-11" };

impl Person {
    pub fn council(&self) -> SourceRecord {
        SourceRecord::parse(world::COUNCIL_AUTHORITY, &format!("P-{}", self.number)).unwrap()
    }

    pub fn board(&self) -> SourceRecord {
        SourceRecord::parse(super::house::INDEX, &format!("B-{}", self.number)).unwrap()
    }

    /// The council tells of the person, without a CHI number.
    pub fn at_council(&self) -> RecordChange {
        self.told_by(self.council(), None)
    }

    /// The board tells of the person, with the CHI number.
    pub fn at_board(&self) -> RecordChange {
        let (number, scheme) = ChiNumber::parse(&self.chi()).unwrap();
        self.told_by(self.board(), Some(HeldChi { number, scheme, padded: false }))
    }

    /// The person's CHI number: the first that fits birth date and sex under the strong check.
    pub fn chi(&self) -> String {
        let (year, month, day) = (&self.born[2..4], &self.born[5..7], &self.born[8..10]);
        let fits = |digits: &String| {
            let even = (digits.as_bytes()[8] - b'0').is_multiple_of(2);
            even && ChiNumber::parse(digits).is_ok_and(|(_, scheme)| scheme.catches_every_slip())
        };
        (0..10_000).map(|n| format!("{day}{month}{year}{n:04}")).find(fits).unwrap()
    }

    fn told_by(&self, record: SourceRecord, chi: Option<HeldChi>) -> RecordChange {
        let parts = NameParts {
            family: "Tulloch".into(),
            given: vec![self.given.into()],
            name_use: NameUse::Usual,
            ..NameParts::default()
        };
        let home = Address {
            used_as: AddressUse::Home,
            lines: vec!["3 Mill Lane".into()],
            postcode: Postcode::parse("ST9 4QX").ok(),
            uprn: None,
            from: PartialDate::Unknown,
            to: PartialDate::Unknown,
            protected: false,
        };
        let demographics = DemographicsPatch {
            names: Change::Set(vec![PersonName::new(&parts).unwrap()]),
            birth_date: Change::Set(PartialDate::parse(self.born).unwrap()),
            sex: Change::Set(Sex::Female),
            chi: chi.map_or(Change::Unchanged, Change::Set),
            addresses: Change::Set(vec![home]),
            ..DemographicsPatch::default()
        };
        let version = RecordVersion::Sequence(TURN.fetch_add(1, Ordering::SeqCst));
        RecordChange { demographics, ..RecordChange::new(record, version, super::house::now()) }
    }
}
