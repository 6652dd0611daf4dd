//! Sets two profiles side by side, field by field. Must not weigh: it says what agrees, not what that is worth.

use domain::{CheckScheme, DateAgreement, HeldChi, Sex};
use jiff::civil::Date;
use strsim::{damerau_levenshtein, jaro_winkler};

use crate::compare_names::compare_names;
use crate::frequency::{TermCounts, hash};
use crate::profile::{Place, Profile};

/// A field that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// First given name.
    Forename,
    /// Further given names.
    MiddleName,
    /// Family name.
    Surname,
    /// Date of birth.
    BirthDate,
    /// Sex.
    Sex,
    /// Postcode of any address, former ones included.
    Postcode,
    /// The house within its postcode.
    Property,
    /// Telephone numbers and e-mail addresses.
    Contact,
    /// CHI number.
    Chi,
    /// NHS number.
    NhsNumber,
}

impl Field {
    /// The word shown to a reviewer.
    pub fn title(self) -> &'static str {
        match self {
            Self::Forename => "forename",
            Self::MiddleName => "middle name",
            Self::Surname => "surname",
            Self::BirthDate => "birth date",
            Self::Sex => "sex",
            Self::Postcode => "postcode",
            Self::Property => "house",
            Self::Contact => "telephone or e-mail",
            Self::Chi => "CHI number",
            Self::NhsNumber => "NHS number",
        }
    }
}

/// How well a field agrees. One vocabulary for all fields; the better levels first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComparisonLevel {
    /// The same.
    Exact,
    /// The same number, which passes modulus 10 only or had lost its leading zero.
    ExactButWeak,
    /// The same as a name before marriage or otherwise given up.
    FormerName,
    /// Two forms of one name.
    Nickname,
    /// Forename and family name stand in each other's place.
    NamesSwapped,
    /// One part of a double name is the same.
    PartOfDouble,
    /// One gives as forename what the other has as a further given name.
    MiddleAsFirst,
    /// An initial and a name that begins with it.
    Initial,
    /// Alike but for a slip of the pen.
    Close,
    /// Somewhat alike, or alike while both are names of their own.
    Alike,
    /// Day and month stand in each other's place.
    DayMonthSwapped,
    /// The same year, and one of them says 1 January.
    FirstOfJanuary,
    /// One digit differs.
    OneDigit,
    /// One of day, month and year differs.
    OnePart,
    /// The same month, the day being unknown to one.
    SameMonth,
    /// The same year, the rest being unknown to one.
    SameYear,
    /// The same postcode sector.
    SameSector,
    /// The same house by its line or number, the postcode being unknown to one or different.
    SameHouseElsewhere,
    /// The same house, which so many share that it proves nothing.
    SharedByMany,
    /// A slip or a transposition away.
    Slip,
    /// Different.
    Different,
    /// Unknown to one of them.
    Missing,
    /// Not used, since one of the two is protected.
    Protected,
}

impl ComparisonLevel {
    /// The words shown to a reviewer.
    pub fn title(self) -> &'static str {
        match self {
            Self::Exact => "the same",
            Self::ExactButWeak => "the same, weak check digit",
            Self::FormerName => "the same as a former name",
            Self::Nickname => "forms of one name",
            Self::NamesSwapped => "forename and surname swapped",
            Self::PartOfDouble => "part of a double name",
            Self::MiddleAsFirst => "the other's middle name",
            Self::Initial => "initial only",
            Self::Close => "alike but for a slip",
            Self::Alike => "somewhat alike",
            Self::DayMonthSwapped => "day and month swapped",
            Self::FirstOfJanuary => "same year, 1 January given",
            Self::OneDigit => "one digit differs",
            Self::OnePart => "one part differs",
            Self::SameMonth => "same month, day not known",
            Self::SameYear => "same year, rest not known",
            Self::SameSector => "same postcode sector",
            Self::SameHouseElsewhere => "same house, postcode does not tell",
            Self::SharedByMany => "a house that many share",
            Self::Slip => "a slip away",
            Self::Different => "different",
            Self::Missing => "not known to one",
            Self::Protected => "not used: protected",
        }
    }
}

/// One field of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldComparison {
    /// The field.
    pub field: Field,
    /// How well it agrees.
    pub level: ComparisonLevel,
    /// The term that agrees, as a hash, where it matters how common it is.
    pub(crate) term: Option<u64>,
}

/// Two profiles side by side. The same whichever of them comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Every field, in the order in which it is shown.
    pub fields: Vec<FieldComparison>,
}

impl Comparison {
    /// Compares two profiles; the counts tell names from slips and houses from care homes.
    pub fn of(a: &Profile, b: &Profile, counts: &TermCounts) -> Self {
        let mut fields = compare_names(a, b, counts).to_vec();
        fields.push(plain(Field::BirthDate, compare_birth_dates(a, b)));
        fields.push(plain(Field::Sex, compare_sex(a.sex, b.sex)));
        fields.extend(compare_places(a, b, counts));
        fields.push(compare_contacts(a, b));
        fields.push(plain(Field::Chi, compare_chi(a.chi.as_ref(), b.chi.as_ref())));
        fields.push(plain(
            Field::NhsNumber,
            match (a.nhs_number, b.nhs_number) {
                (Some(a), Some(b)) if a == b => ComparisonLevel::Exact,
                (Some(_), Some(_)) => ComparisonLevel::Different,
                (None, _) | (_, None) => ComparisonLevel::Missing,
            },
        ));
        Self { fields }
    }

    /// How well a field agrees.
    pub fn level(&self, field: Field) -> ComparisonLevel {
        self.fields
            .iter()
            .find(|line| line.field == field)
            .map_or(ComparisonLevel::Missing, |line| line.level)
    }
}

pub(crate) fn plain(field: Field, level: ComparisonLevel) -> FieldComparison {
    FieldComparison { field, level, term: None }
}

fn compare_birth_dates(a: &Profile, b: &Profile) -> ComparisonLevel {
    let both_know_the_month = a.birth_date.month_number().is_some() && b.birth_date.month_number().is_some();
    match (a.birth_date.compare(&b.birth_date), a.birth_day(), b.birth_day()) {
        (DateAgreement::Exact, _, _) => ComparisonLevel::Exact,
        (DateAgreement::NotComparable, _, _) => ComparisonLevel::Missing,
        (DateAgreement::Compatible, _, _) if both_know_the_month => ComparisonLevel::SameMonth,
        (DateAgreement::Compatible, _, _) => ComparisonLevel::SameYear,
        (DateAgreement::DayMonthSwapped, _, _) => ComparisonLevel::DayMonthSwapped,
        (agreement, Some(a), Some(b)) => compare_days(agreement, a, b),
        (DateAgreement::OnePartDiffers | DateAgreement::Differs, _, _) => ComparisonLevel::Different,
    }
}

fn compare_days(agreement: DateAgreement, a: Date, b: Date) -> ComparisonLevel {
    let is_first = |day: Date| day.month() == 1 && day.day() == 1;
    if a.year() == b.year() && (is_first(a) || is_first(b)) {
        return ComparisonLevel::FirstOfJanuary;
    }
    let (one, other) = (a.strftime("%Y%m%d").to_string(), b.strftime("%Y%m%d").to_string());
    let differing = one.bytes().zip(other.bytes()).filter(|(x, y)| x != y).count();
    if differing == 1 {
        ComparisonLevel::OneDigit
    } else if agreement == DateAgreement::OnePartDiffers {
        ComparisonLevel::OnePart
    } else {
        ComparisonLevel::Different
    }
}

fn compare_sex(a: Sex, b: Sex) -> ComparisonLevel {
    let stated = |sex| matches!(sex, Sex::Female | Sex::Male);
    match (stated(a) && stated(b), a == b) {
        (true, true) => ComparisonLevel::Exact,
        (true, false) => ComparisonLevel::Different,
        (false, _) => ComparisonLevel::Missing,
    }
}

fn compare_chi(a: Option<&HeldChi>, b: Option<&HeldChi>) -> ComparisonLevel {
    let (Some(a), Some(b)) = (a, b) else { return ComparisonLevel::Missing };
    let weak = |chi: &HeldChi| chi.padded || !CheckScheme::catches_every_slip(chi.scheme);
    if a.number == b.number {
        return if weak(a) || weak(b) { ComparisonLevel::ExactButWeak } else { ComparisonLevel::Exact };
    }
    if damerau_levenshtein(a.number.as_str(), b.number.as_str()) <= 2 {
        ComparisonLevel::Slip
    } else {
        ComparisonLevel::Different
    }
}

fn compare_contacts(a: &Profile, b: &Profile) -> FieldComparison {
    if a.protected || b.protected {
        return plain(Field::Contact, ComparisonLevel::Protected);
    }
    if a.contacts.is_empty() || b.contacts.is_empty() {
        return plain(Field::Contact, ComparisonLevel::Missing);
    }
    match a.contacts.iter().filter(|contact| b.contacts.contains(contact)).min() {
        Some(shared) => FieldComparison {
            field: Field::Contact,
            level: ComparisonLevel::Exact,
            term: Some(hash(&[shared])),
        },
        None => plain(Field::Contact, ComparisonLevel::Different),
    }
}

/// Postcode and house together: the pair of places that agrees best speaks for both fields.
fn compare_places(a: &Profile, b: &Profile, counts: &TermCounts) -> [FieldComparison; 2] {
    if a.protected || b.protected {
        return [Field::Postcode, Field::Property].map(|field| plain(field, ComparisonLevel::Protected));
    }
    let pairs = a.places.iter().flat_map(|x| b.places.iter().map(move |y| compare_pair(x, y, counts)));
    let best = pairs.min_by_key(|(postcode, property)| (postcode.level, property.level, postcode.term));
    let missing = |field| plain(field, ComparisonLevel::Missing);
    best.map_or([missing(Field::Postcode), missing(Field::Property)], |(postcode, property)| {
        [postcode, property]
    })
}

fn compare_pair(a: &Place, b: &Place, counts: &TermCounts) -> (FieldComparison, FieldComparison) {
    let postcode = match (&a.postcode, &b.postcode) {
        (Some(x), Some(y)) if x == y => ComparisonLevel::Exact,
        (Some(x), Some(y)) if damerau_levenshtein(x.as_str(), y.as_str()) == 1 => ComparisonLevel::Close,
        (Some(x), Some(y)) if x.sector() == y.sector() => ComparisonLevel::SameSector,
        (Some(_), Some(_)) => ComparisonLevel::Different,
        (None, _) | (_, None) => ComparisonLevel::Missing,
    };
    let term =
        a.postcode.as_ref().filter(|_| postcode == ComparisonLevel::Exact).map(|p| hash(&[p.as_str()]));
    let shared =
        [a, b].iter().any(|place| place.property().is_some_and(|house| counts.is_shared_by_many(house)));
    let same_postcode = matches!(postcode, ComparisonLevel::Exact | ComparisonLevel::Close);
    let property = match same_house(a, b) {
        Some(true) if shared => ComparisonLevel::SharedByMany,
        Some(true) if same_postcode => ComparisonLevel::Exact,
        Some(true) if postcode == ComparisonLevel::Missing || (a.uprn.is_some() && a.uprn == b.uprn) => {
            ComparisonLevel::SameHouseElsewhere
        }
        Some(false) if same_postcode => ComparisonLevel::Different,
        Some(_) | None => ComparisonLevel::Missing,
    };
    (FieldComparison { field: Field::Postcode, level: postcode, term }, plain(Field::Property, property))
}

/// Whether two places are one house; `None` where one of them does not say.
fn same_house(a: &Place, b: &Place) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.uprn, b.uprn) {
        return Some(a == b);
    }
    let ((number_a, street_a), (number_b, street_b)) = (a.line.as_ref()?, b.line.as_ref()?);
    let streets = if street_a <= street_b {
        jaro_winkler(street_a, street_b)
    } else {
        jaro_winkler(street_b, street_a)
    };
    Some(number_a == number_b && streets >= 0.88)
}
