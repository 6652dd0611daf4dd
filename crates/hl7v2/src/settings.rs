//! What one feed's sender writes where: the part of reading that differs from hospital to hospital.

use domain::Authority;
use jiff::tz::TimeZone;

/// One numbering of patients that this feed may speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalNumbers {
    /// CX.4 as the sender writes it: a namespace or a universal id; upper and lower case count as the same.
    pub code: String,
    /// Whose numbers these are in Yett.
    pub authority: Authority,
}

/// How to read the messages of one feed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The numberings that make a source record, best first.
    pub local: Vec<LocalNumbers>,
    /// Takes an identifier of an authority that is listed nowhere (or of none) as one of this authority. Only for a
    /// sender with a single numbering that does not name it; `None` refuses such messages.
    pub otherwise: Option<Authority>,
    /// CX.4 that stands for CHI numbers.
    pub chi_codes: Vec<String>,
    /// CX.4 that stands for NHS numbers.
    pub nhs_codes: Vec<String>,
    /// Zone of times without an offset.
    pub zone: TimeZone,
    /// XAD.7 (address type) or XAD.22 (protection) that marks an address as protected.
    pub protected_address_codes: Vec<String>,
    /// PV1-2 (patient class) of a stay in hospital. Other classes make no `inpatient_stay`.
    pub inpatient_classes: Vec<String>,
}

impl Settings {
    /// The usual settings for a sender whose own patient numbers stand under `code`.
    pub fn new(code: &str, authority: Authority) -> Self {
        let list = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        Self {
            local: vec![LocalNumbers { code: code.to_owned(), authority }],
            otherwise: None,
            chi_codes: list(&["CHI", "2.16.840.1.113883.2.1.3.2.4.16.53"]),
            nhs_codes: list(&["NHS", "NHSNBR", "2.16.840.1.113883.2.1.4.1"]),
            zone: london(),
            protected_address_codes: list(&["CONF", "CONFIDENTIAL", "PROT", "PROTECTED"]),
            inpatient_classes: list(&["I", "B", "INPATIENT"]),
        }
    }
}

/// The time of the United Kingdom by its present rule, which needs no zone database on the machine.
pub(crate) fn london() -> TimeZone {
    TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap_or(TimeZone::UTC)
}

/// Whether a code is in a list; case does not count.
pub(crate) fn lists(codes: &[String], code: &str) -> bool {
    !code.is_empty() && codes.iter().any(|listed| listed.eq_ignore_ascii_case(code))
}
