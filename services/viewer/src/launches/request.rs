//! A request for a launch, checked field by field. Must not ask whether anyone or anything exists.

use super::HostContext;
use domain::{FieldViolation, OrganisationId, PositionId, Purpose, UserId, Violation};
use jiff::Timestamp;
use pages::Origin;
use proto::viewing::{PersonIdentifier, person_identifiers, v1};
use storage::PersonQuery;

/// Most identifiers of one person that a launch names.
const MOST_IDENTIFIERS: usize = 10;

/// A launch that is asked for.
#[derive(Debug, Clone)]
pub(crate) struct LaunchAsk {
    pub(crate) user: UserId,
    pub(crate) organisation: OrganisationId,
    pub(crate) position: Option<PositionId>,
    pub(crate) purpose: Purpose,
    pub(crate) asked: PersonQuery,
    pub(crate) origin: String,
    pub(crate) relationship_asserted: bool,
    pub(crate) authenticated_at: Timestamp,
}

/// The question that an identifier asks.
pub(crate) fn person_query(identifier: &PersonIdentifier) -> PersonQuery {
    match identifier {
        PersonIdentifier::Chi(number) => PersonQuery::Chi(*number),
        PersonIdentifier::NhsNumber(number) => PersonQuery::NhsNumber(*number),
        PersonIdentifier::Record(record) => PersonQuery::Record(record.clone()),
    }
}

/// Which identifier the launch is bound to: the host's own record before a number, since a number may have been
/// mistyped. A CHI number beside it is compared with what the other side holds, and a difference stops the panel.
fn asked_of(identifiers: &[PersonIdentifier]) -> Option<PersonQuery> {
    let rank = |one: &&PersonIdentifier| match one {
        PersonIdentifier::Record(_) => 0,
        PersonIdentifier::Chi(_) => 1,
        PersonIdentifier::NhsNumber(_) => 2,
    };
    identifiers.iter().min_by_key(rank).map(person_query)
}

#[derive(Default)]
struct Faults(Vec<FieldViolation>);

impl Faults {
    fn checked<T>(&mut self, field: &str, value: Result<T, Violation>) -> Option<T> {
        value.map_err(|fault| self.0.push(FieldViolation::new(field, fault.rule))).ok()
    }

    fn all<T>(&mut self, value: Result<T, Vec<FieldViolation>>) -> Option<T> {
        value.map_err(|faults| self.0.extend(faults)).ok()
    }

    fn needed<T>(&mut self, field: &str, value: Option<T>, rule: &str) -> Option<T> {
        if value.is_none() {
            self.0.push(FieldViolation::new(field, rule));
        }
        value
    }
}

impl LaunchAsk {
    /// Reads a request, or names every field that breaks a rule.
    pub(crate) fn read(request: &v1::CreateLaunchRequest) -> Result<Self, Vec<FieldViolation>> {
        let mut faults = Faults::default();
        let user = faults.checked("user", UserId::parse(&request.user));
        let organisation = faults.checked("organisation", OrganisationId::parse(&request.organisation));
        let position = match request.position.as_str() {
            "" => None,
            text => faults.checked("position", PositionId::parse(text)),
        };
        let purpose = Purpose::parse(&request.purpose);
        let purpose =
            faults.needed("purpose", purpose, "must be a purpose of the catalogue, such as direct-care");
        let few = (request.person.len() <= MOST_IDENTIFIERS).then_some(());
        let few = faults.needed("person", few, "must name the person in at most 10 ways");
        let identifiers = faults.all(person_identifiers(request.person.clone(), "person"));
        let host = faults.all(HostContext::read(request)).map(drop);
        let origin = Origin::parse(&request.origin).ok().map(|origin| origin.as_str().to_owned());
        let origin = faults.needed("origin", origin, "must be an origin, such as https://portal.example");
        let at = request.authenticated_at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok());
        let at =
            faults.needed("authenticated_at", at, "must be the instant at which the user last signed in");
        let asked = identifiers.as_deref().and_then(asked_of);
        let complete = user.zip(organisation).zip(purpose.zip(asked)).zip(origin.zip(at).zip(host.zip(few)));
        match complete {
            Some((((user, organisation), (purpose, asked)), ((origin, authenticated_at), ((), ()))))
                if faults.0.is_empty() =>
            {
                Ok(Self {
                    user,
                    organisation,
                    position,
                    purpose,
                    asked,
                    origin,
                    relationship_asserted: request.relationship_asserted,
                    authenticated_at,
                })
            }
            Some(_) | None => Err(faults.0),
        }
    }
}
