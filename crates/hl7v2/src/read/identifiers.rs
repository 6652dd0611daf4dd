//! PID-3 and MRG-1: which identifier is which. The assigning authority (CX.4) decides; the type code only where an
//! identifier names no authority that is known.

use super::{Report, lists};
use crate::{Error, Location, Settings, Value};
use domain::{
    Authority, Change, ChiNumber, HeldChi, IdentifierScheme, LocalIdentifier, NhsNumber, SourceRecord,
};

/// What the identifiers of a patient say.
pub(super) struct Identifiers {
    pub(super) record: SourceRecord,
    pub(super) chi: Change<HeldChi>,
    pub(super) nhs_number: Change<NhsNumber>,
}

enum Scheme {
    Local(usize, Authority),
    Chi,
    NhsNumber,
    /// Says that it is a national number, not which.
    National,
    Other,
}

pub(super) fn read(
    field: &Value<'_>,
    location: &Location,
    settings: &Settings,
    report: &mut Report,
) -> Result<Identifiers, Error> {
    if field.is_empty() || field.is_null() {
        return Err(Error::MissingField { location: location.clone() });
    }
    let mut local: Option<(usize, SourceRecord)> = None;
    let mut found = National { chi: Change::Unchanged, nhs_number: Change::Unchanged };
    let place = location.with_component(1);
    for one in field.repeats() {
        match scheme(&one, settings) {
            Scheme::Local(rank, authority) if local.as_ref().is_none_or(|(best, _)| rank < *best) => {
                let text = one.part(1);
                if !text.is_empty() {
                    let local_id =
                        LocalIdentifier::parse(&text).map_err(|rule| Error::invalid(&place, rule))?;
                    local = Some((rank, SourceRecord { authority, local_id }));
                }
            }
            Scheme::Chi => found.take_chi(&one, &place, report),
            Scheme::NhsNumber => found.take_nhs_number(&one, &place, report),
            Scheme::National => found.infer(&one, &place, report),
            Scheme::Local(..) | Scheme::Other => {}
        }
    }
    let (_, record) = local.ok_or_else(|| Error::UnknownIdentifier { location: location.clone() })?;
    Ok(Identifiers { record, chi: found.chi, nhs_number: found.nhs_number })
}

/// CX.4 is a namespace, a universal id and its type; either of the first two may name the authority.
fn scheme(identifier: &Value<'_>, settings: &Settings) -> Scheme {
    let assigner = identifier.component(4);
    let codes = [assigner.subcomponent(1).text(), assigner.subcomponent(2).text()];
    let is = |list: &[String]| codes.iter().any(|code| lists(list, code));
    let own = settings.local.iter().enumerate().find(|(_, numbers)| {
        codes.iter().any(|code| !code.is_empty() && numbers.code.eq_ignore_ascii_case(code))
    });
    if let Some((rank, numbers)) = own {
        return Scheme::Local(rank, numbers.authority.clone());
    }
    if is(&settings.chi_codes) {
        return Scheme::Chi;
    }
    if is(&settings.nhs_codes) {
        return Scheme::NhsNumber;
    }
    match (identifier.part(5).as_str(), &settings.otherwise) {
        ("NH", _) => Scheme::National,
        (_, Some(authority)) => Scheme::Local(settings.local.len(), authority.clone()),
        (_, None) => Scheme::Other,
    }
}

struct National {
    chi: Change<HeldChi>,
    nhs_number: Change<NhsNumber>,
}

impl National {
    fn take_chi(&mut self, identifier: &Value<'_>, place: &Location, report: &mut Report) {
        if identifier.component(1).is_null() {
            self.chi = Change::Deleted;
            return;
        }
        match ChiNumber::clean(&identifier.part(1)) {
            Ok(_) if matches!(self.chi, Change::Set(_)) => {
                report.note(place.clone(), "a second CHI number is not kept; the first was taken");
            }
            Ok(cleaned) => {
                let (number, scheme, padded) = (cleaned.number, cleaned.scheme, cleaned.padded);
                self.chi = Change::Set(HeldChi { number, scheme, padded });
            }
            Err(violation) => report.note(place.clone(), format!("CHI number left out: {violation}")),
        }
    }

    fn take_nhs_number(&mut self, identifier: &Value<'_>, place: &Location, report: &mut Report) {
        if identifier.component(1).is_null() {
            self.nhs_number = Change::Deleted;
            return;
        }
        match NhsNumber::clean(&identifier.part(1)) {
            Ok(_) if matches!(self.nhs_number, Change::Set(_)) => {
                report.note(place.clone(), "a second NHS number is not kept; the first was taken");
            }
            Ok((number, _)) => self.nhs_number = Change::Set(number),
            Err(violation) => report.note(place.clone(), format!("NHS number left out: {violation}")),
        }
    }

    /// A national number of no named authority: its range tells the scheme.
    fn infer(&mut self, identifier: &Value<'_>, place: &Location, report: &mut Report) {
        let text: String = identifier.part(1).chars().filter(|c| *c != ' ').collect();
        match IdentifierScheme::infer(&text) {
            Some(IdentifierScheme::ChiNumber) => self.take_chi(identifier, place, report),
            Some(IdentifierScheme::NhsNumber) => self.take_nhs_number(identifier, place, report),
            Some(IdentifierScheme::HealthAndCareNumber) | None => {
                report.note(place.clone(), "national number left out: it is no CHI number and no NHS number");
            }
        }
    }
}
