//! What the host says of its own screen: kept with the launch, compared with what the other side holds.

use domain::FieldViolation;
use gate::HostIdentity;
use prost::Message;
use proto::viewing::{PersonIdentifier, host_demographics, person_identifiers, v1};

/// What the host's screen shows. Personal: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct HostContext {
    /// Whom it shows.
    pub(crate) identity: HostIdentity,
    /// It shows a banner of its own with the person's identity.
    pub(crate) shows_banner: bool,
}

impl std::fmt::Debug for HostContext {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("HostContext(…)")
    }
}

impl HostContext {
    /// Reads it out of a request for a launch. An identifier that cannot be read is the caller's to report.
    pub(crate) fn read(request: &v1::CreateLaunchRequest) -> Result<Self, Vec<FieldViolation>> {
        let said = request.host_demographics.clone().unwrap_or_default();
        let said = host_demographics(said, "host_demographics")?;
        let identifiers = person_identifiers(request.person.clone(), "person").unwrap_or_default();
        let chi = identifiers.into_iter().find_map(|one| match one {
            PersonIdentifier::Chi(number) => Some(number),
            PersonIdentifier::NhsNumber(_) | PersonIdentifier::Record(_) => None,
        });
        let identity = HostIdentity {
            family: said.family.map(|name| name.as_str().to_owned()),
            given: said.given.map(|name| name.as_str().to_owned()),
            birth_date: said.birth_date,
            chi,
            postcode: said.postcode.map(|postcode| postcode.as_str().to_owned()),
        };
        Ok(Self { identity, shows_banner: request.host_shows_banner })
    }

    /// The bytes that are kept with a launch: the host's own words, in the form in which they came.
    pub(crate) fn encode(request: &v1::CreateLaunchRequest) -> Vec<u8> {
        let kept = v1::CreateLaunchRequest {
            person: request.person.clone(),
            host_demographics: request.host_demographics.clone(),
            host_shows_banner: request.host_shows_banner,
            ..v1::CreateLaunchRequest::default()
        };
        kept.encode_to_vec()
    }

    /// Reads the bytes back. They were checked before they were kept.
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let kept = v1::CreateLaunchRequest::decode(bytes).unwrap_or_default();
        Self::read(&kept).unwrap_or_default()
    }
}
