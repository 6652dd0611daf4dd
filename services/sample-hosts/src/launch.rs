//! Launches of Yett's panel by the back channel: one one-time URL for each time that a record page is shown.

use crate::feed::{CredentialedChannel, channel, timed};
use crate::sessions::SignIn;
use crate::wire::{source_record, timestamp, wire_sex};
use crate::{Error, Settings};
use domain::{ChiNumber, Demographics};
use proto::viewing::v1;
use proto::viewing::v1::launch_service_client::LaunchServiceClient;
use proto::viewing::v1::person_identifier::Identifier;

/// Whom a record page shows.
pub(crate) struct Shown<'a> {
    pub(crate) who: &'a Demographics,
    /// Number of the record.
    pub(crate) local_id: &'a str,
    /// CHI number on it.
    pub(crate) chi: Option<&'a str>,
}

/// Launches panels for one host.
#[derive(Clone)]
pub(crate) struct Launcher {
    client: LaunchServiceClient<CredentialedChannel>,
    origin: String,
    authority: &'static str,
}

impl Launcher {
    pub(crate) fn for_council(settings: &Settings) -> Result<Self, Error> {
        let channel = channel(settings, &settings.council_credentials.host, "council's host")?;
        let client = LaunchServiceClient::new(channel);
        Ok(Self { client, origin: settings.council_origin.clone(), authority: world::COUNCIL_AUTHORITY })
    }

    pub(crate) fn for_portal(settings: &Settings) -> Result<Self, Error> {
        let channel = channel(settings, &settings.portal_credentials.host, "board's host")?;
        let client = LaunchServiceClient::new(channel);
        Ok(Self { client, origin: settings.portal_origin.clone(), authority: world::HEALTH_AUTHORITY })
    }

    /// A one-time URL for the person of a record, as this host names it: by its own record number, so that a CHI
    /// number that somebody typed wrongly opens nobody. The number goes beside it, to be compared.
    pub(crate) async fn url(&self, shown: &Shown<'_>, sign_in: &SignIn) -> Result<String, Error> {
        let record = Identifier::Record(source_record(self.authority, shown.local_id));
        let valid = shown.chi.filter(|number| ChiNumber::parse(number).is_ok());
        let identifiers = [Some(record), valid.map(|number| Identifier::ChiNumber(number.to_owned()))];
        let identified = |identifier| v1::PersonIdentifier { identifier: Some(identifier) };
        let request = v1::CreateLaunchRequest {
            user: sign_in.member.user.to_owned(),
            organisation: sign_in.member.organisation.to_owned(),
            position: sign_in.member.position.to_owned(),
            purpose: sign_in.purpose.clone(),
            person: identifiers.into_iter().flatten().map(identified).collect(),
            host_demographics: Some(host_demographics(shown.who)),
            origin: self.origin.clone(),
            relationship_asserted: sign_in.cares_for,
            authenticated_at: Some(timestamp(sign_in.at)),
            host_shows_banner: false,
        };
        let response = self.client.clone().create_launch(timed(request)).await?;
        Ok(response.into_inner().url)
    }
}

fn host_demographics(who: &Demographics) -> v1::HostDemographics {
    let name = who.names.first();
    let postcode = who.addresses.first().and_then(|address| address.postcode.as_ref());
    v1::HostDemographics {
        birth_date: who.birth_date.map(|date| date.to_iso()).unwrap_or_default(),
        family: name.and_then(|name| name.family()).unwrap_or_default().to_owned(),
        given: name.and_then(|name| name.first_given()).unwrap_or_default().to_owned(),
        sex: who.sex.map(|sex| wire_sex(sex).into()),
        postcode: postcode.map(|code| code.as_str().to_owned()).unwrap_or_default(),
    }
}
