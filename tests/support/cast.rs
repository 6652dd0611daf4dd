//! The people of a run, and what two organisations can say of them. Must not say it: `messages.rs` does.

use domain::{ChiNumber, ItemKind, Label, SourceRecord};

/// An organisation that holds records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// The council, social work.
    Council,
    /// The health board, whose records stand for persons.
    Board,
}

impl Holder {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Council, Self::Board];

    /// Its code.
    pub fn organisation(self) -> &'static str {
        match self {
            Self::Council => "strathorr-council",
            Self::Board => "nhs-strathorr",
        }
    }

    /// The authority of its records.
    pub fn authority(self) -> &'static str {
        match self {
            Self::Council => "strathorr-case-system",
            Self::Board => "nhs-strathorr",
        }
    }

    /// The holder of a record.
    pub fn of(record: &SourceRecord) -> Self {
        if record.authority.as_str() == Self::Council.authority() { Self::Council } else { Self::Board }
    }
}

/// Something that an organisation says of a person: a place in [`SLOTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(usize);

/// What there is to know about a slot.
pub struct SlotRow {
    /// The kind of item.
    pub kind: ItemKind,
    /// Who says it; both, where nobody is named.
    pub by: Option<Holder>,
    /// Labels of the kind and of this instance.
    pub labels: &'static [Label],
}

const fn row(kind: ItemKind, by: Option<Holder>, labels: &'static [Label]) -> SlotRow {
    SlotRow { kind, by, labels }
}

use Holder::{Board, Council};
use Label::{Criminal, ProtectedAddress, SeriousHarm, SpecialCategory, ThirdParty};

/// Everything that can be said, with its labels as the catalogue of the design gives them.
pub const SLOTS: [SlotRow; 22] = [
    row(ItemKind::IDENTITY, None, &[]),
    row(ItemKind::ADDRESS, None, &[ProtectedAddress]),
    row(ItemKind::CONTACT_DETAILS, None, &[ProtectedAddress]),
    row(ItemKind::COMMUNICATION_NEEDS, None, &[SpecialCategory]),
    row(ItemKind::ALLOCATED_WORKER, Some(Council), &[]),
    row(ItemKind::CARE_PACKAGE, Some(Council), &[SpecialCategory]),
    // The kind has no label; this one tells of an offence.
    row(ItemKind::ASSESSMENT, Some(Council), &[Criminal]),
    row(ItemKind::OPEN_REFERRAL, Some(Council), &[]),
    row(ItemKind::CARER, Some(Council), &[ThirdParty, ProtectedAddress]),
    row(ItemKind::RISK_OR_HAZARD, Some(Council), &[SpecialCategory, SeriousHarm]),
    row(ItemKind::ACCESS_INFORMATION, Some(Council), &[ProtectedAddress]),
    row(ItemKind::JUSTICE_SUPERVISION, Some(Council), &[Criminal]),
    row(ItemKind::CASE_NOTE, Some(Council), &[SpecialCategory]),
    row(ItemKind::NAMED_HEALTH_CONTACT, Some(Board), &[]),
    row(ItemKind::REGISTERED_PRACTICE, Some(Board), &[ProtectedAddress]),
    row(ItemKind::ALLERGY, Some(Board), &[SpecialCategory]),
    row(ItemKind::INPATIENT_STAY, Some(Board), &[SpecialCategory]),
    row(ItemKind::HEALTH_NEXT_OF_KIN, Some(Board), &[SpecialCategory, ThirdParty, ProtectedAddress]),
    row(ItemKind::CONDITION, Some(Board), &[SpecialCategory]),
    row(ItemKind::STAFF_HAZARD, Some(Board), &[SpecialCategory, SeriousHarm]),
    row(ItemKind::INVESTIGATION_RESULT, Some(Board), &[SpecialCategory]),
    row(ItemKind::SEXUAL_HEALTH, Some(Board), &[SpecialCategory]),
];

impl Slot {
    /// Who the person is.
    pub const IDENTITY: Self = Self(0);
    /// Where they live.
    pub const ADDRESS: Self = Self(1);
    /// How to reach them.
    pub const CONTACT: Self = Self(2);

    /// Its row.
    pub fn row(self) -> &'static SlotRow {
        &SLOTS[self.0]
    }

    /// Every slot that an organisation fills.
    pub fn all_of(holder: Holder) -> Vec<Self> {
        (0..SLOTS.len()).map(Self).filter(|slot| slot.row().by.is_none_or(|by| by == holder)).collect()
    }

    /// Whether it is told by the demographics.
    pub fn is_demographic(self) -> bool {
        self <= Self::CONTACT
    }

    /// Whether no agreement and no role of the run ever shows it.
    pub fn is_never_shown(self) -> bool {
        const NEVER: [ItemKind; 5] = [
            ItemKind::ASSESSMENT,
            ItemKind::JUSTICE_SUPERVISION,
            ItemKind::CASE_NOTE,
            ItemKind::INVESTIGATION_RESULT,
            ItemKind::SEXUAL_HEALTH,
        ];
        NEVER.contains(&self.row().kind)
    }

    /// Whether a field of it leads to where the person is.
    pub fn has_place(self) -> bool {
        let with_place = [
            ItemKind::ALLOCATED_WORKER,
            ItemKind::CARE_PACKAGE,
            ItemKind::OPEN_REFERRAL,
            ItemKind::NAMED_HEALTH_CONTACT,
        ];
        with_place.contains(&self.row().kind)
    }
}

/// Somebody.
pub struct Person {
    /// Family name.
    pub family: &'static str,
    /// Given name.
    pub given: &'static str,
    /// Date of birth.
    pub born: &'static str,
    /// The council's record holds the CHI number; `None`: the council has no record.
    pub chi_at_council: Option<bool>,
    /// The board's record holds a CHI number; `None`: the board has no record.
    pub chi_at_board: Option<bool>,
    /// Whom the board has registered a second time here, by number in the cast.
    pub again: Option<usize>,
}

const fn person(
    (family, given): (&'static str, &'static str),
    born: &'static str,
    chi_at_council: Option<bool>,
    at_board: bool,
) -> Person {
    let chi_at_board = if at_board { Some(true) } else { None };
    Person { family, given, born, chi_at_council, chi_at_board, again: None }
}

/// A second record at the board of somebody whom it knew: without a number, or with another one.
const fn again(number: usize, known: Person, chi: bool) -> Person {
    Person { chi_at_council: None, chi_at_board: Some(chi), again: Some(number), ..known }
}

const AILSA: Person = person(("Quarrelwood", "Ailsa"), "1958-08-03", Some(true), true);
const ISLA: Person = person(("Balmaghie", "Isla"), "1961-02-11", Some(false), true);

/// The cast. The third is the first one's twin, whom the board does not know; the fourth is a child. The last two are
/// the first two, whom the board registered twice.
pub const CAST: [Person; 8] = [
    AILSA,
    ISLA,
    person(("Quarrelwood", "Morven"), "1958-08-03", Some(false), false),
    person(("Dunscore", "Robbie"), "2016-05-19", Some(true), true),
    person(("Torthorwald", "Catrin"), "1949-12-30", Some(true), true),
    person(("Glencaple", "Alec"), "1972-10-08", None, true),
    again(0, AILSA, false),
    again(1, ISLA, true),
];
/// Whose council record is sealed from the first moment on, for good.
pub const SEALED: usize = 4;

impl Person {
    /// Whether an organisation has a record of them.
    pub fn is_known_to(&self, holder: Holder) -> bool {
        match holder {
            Council => self.chi_at_council.is_some(),
            Board => self.chi_at_board.is_some(),
        }
    }

    /// Whether an organisation's record of them holds their CHI number from the first.
    pub fn has_number_at(&self, holder: Holder) -> bool {
        let held = match holder {
            Council => self.chi_at_council,
            Board => self.chi_at_board,
        };
        held == Some(true)
    }

    /// The CHI number: the first that fits the birth date and a woman under the strong check; the second, of somebody
    /// who was registered twice.
    pub fn chi(&self) -> ChiNumber {
        let (year, month, day) = (&self.born[2..4], &self.born[5..7], &self.born[8..10]);
        let fits = |serial: u32| {
            let digits = format!("{day}{month}{year}{serial:04}");
            let even = (digits.as_bytes()[8] - b'0').is_multiple_of(2);
            let read = ChiNumber::parse(&digits).ok().filter(|(_, scheme)| scheme.catches_every_slip());
            read.map(|(number, _)| number).filter(|_| even)
        };
        (0..10_000).filter_map(fits).nth(usize::from(self.again.is_some())).expect("a CHI number")
    }
}

/// Who somebody of the cast truly is.
pub fn truly(person: usize) -> usize {
    CAST[person].again.unwrap_or(person)
}

/// The record of a person at an organisation.
pub fn record(holder: Holder, person: usize) -> SourceRecord {
    let local = match holder {
        Council => format!("W-7731{person}"),
        Board => format!("S55190{person}"),
    };
    SourceRecord::parse(holder.authority(), &local).expect("a record")
}

/// Which person of the cast a record is truly about.
pub fn person_of(of: &SourceRecord) -> usize {
    (0..CAST.len()).find(|person| record(Holder::of(of), *person) == *of).expect("a record of the cast")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_slots_says_what_the_catalogue_says() {
        for row in &SLOTS {
            let spec = domain::Catalogue::standard().kind(row.kind);
            let own = |label: &&Label| row.kind != ItemKind::ASSESSMENT || **label != Criminal;
            let labels: Vec<Label> = spec.labels.iter().collect();
            let written: std::collections::BTreeSet<Label> = row.labels.iter().filter(own).copied().collect();
            assert_eq!(labels, Vec::from_iter(written), "{}", spec.id);
        }
    }
}
