//! The same launch as JSON, for hosts without gRPC: the names of the fields are those of the message.

use super::Made;
use domain::FieldViolation;
use jiff::Timestamp;
use proto::intake::v1::{Sex, SourceRecord};
use proto::viewing::v1::{self, person_identifier::Identifier};
use serde::{Deserialize, Serialize};

/// One launch that is asked for.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LaunchBody {
    user: String,
    organisation: String,
    position: String,
    purpose: String,
    person: Vec<IdentifierBody>,
    host_demographics: Option<DemographicsBody>,
    origin: String,
    relationship_asserted: bool,
    authenticated_at: String,
    host_shows_banner: bool,
}

/// One identifier: exactly one of the three.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum IdentifierBody {
    ChiNumber(String),
    NhsNumber(String),
    Record(RecordBody),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordBody {
    authority: String,
    local_id: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct DemographicsBody {
    birth_date: String,
    family: String,
    given: String,
    sex: Option<SexBody>,
    postcode: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum SexBody {
    Female,
    Male,
    Other,
    Unknown,
}

/// A launch that was made.
#[derive(Serialize)]
pub(crate) struct MadeBody {
    url: String,
    expires_at: String,
    session_id: String,
}

impl From<Made> for MadeBody {
    fn from(made: Made) -> Self {
        Self { url: made.url, expires_at: made.expires_at.to_string(), session_id: made.session.to_string() }
    }
}

impl LaunchBody {
    /// Reads a body. What the reader of JSON says of it is not passed on: it may quote a value.
    pub(crate) fn read(body: &[u8]) -> Result<v1::CreateLaunchRequest, Vec<FieldViolation>> {
        let read: Result<Self, _> = serde_json::from_slice(body);
        let rule = "must be JSON with the fields of yett.viewing.v1.CreateLaunchRequest and no others";
        read.map_err(|_| vec![FieldViolation::new("body", rule)])?.message()
    }

    fn message(self) -> Result<v1::CreateLaunchRequest, Vec<FieldViolation>> {
        let rule = "must be an instant, such as 2026-11-17T14:05:00Z";
        let at: Timestamp =
            self.authenticated_at.parse().map_err(|_| vec![FieldViolation::new("authenticated_at", rule)])?;
        Ok(v1::CreateLaunchRequest {
            user: self.user,
            organisation: self.organisation,
            position: self.position,
            purpose: self.purpose,
            person: self.person.into_iter().map(identifier).collect(),
            host_demographics: self.host_demographics.map(demographics),
            origin: self.origin,
            relationship_asserted: self.relationship_asserted,
            authenticated_at: Some(prost_types::Timestamp {
                seconds: at.as_second(),
                nanos: at.subsec_nanosecond(),
            }),
            host_shows_banner: self.host_shows_banner,
        })
    }
}

fn identifier(body: IdentifierBody) -> v1::PersonIdentifier {
    let identifier = match body {
        IdentifierBody::ChiNumber(number) => Identifier::ChiNumber(number),
        IdentifierBody::NhsNumber(number) => Identifier::NhsNumber(number),
        IdentifierBody::Record(record) => {
            Identifier::Record(SourceRecord { authority: record.authority, local_id: record.local_id })
        }
    };
    v1::PersonIdentifier { identifier: Some(identifier) }
}

fn demographics(body: DemographicsBody) -> v1::HostDemographics {
    let sex = body.sex.map(|sex| match sex {
        SexBody::Female => Sex::Female,
        SexBody::Male => Sex::Male,
        SexBody::Other => Sex::Other,
        SexBody::Unknown => Sex::Unknown,
    });
    v1::HostDemographics {
        birth_date: body.birth_date,
        family: body.family,
        given: body.given,
        sex: sex.map(Into::into),
        postcode: body.postcode,
    }
}
