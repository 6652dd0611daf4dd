//! `organisations.toml`: the register as people write it.

use super::DocumentError;
use super::source::Source;
use domain::{
    Assurance, AssuranceRank, Authority, Catalogue, ItemKind, Organisation, OrganisationId,
    OrganisationPhone, Side, Violation,
};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    organisation: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    name: String,
    side: Spanned<String>,
    ico_registration: String,
    active: bool,
    sponsor: Option<Spanned<String>>,
    authorities: Vec<Spanned<String>>,
    origins: Vec<String>,
    may_assert: Vec<Spanned<String>>,
    heard_every_s: u32,
    not_sent: Vec<Spanned<String>>,
    assurance: AssuranceEntry,
    #[serde(default)]
    phone: Vec<PhoneEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssuranceEntry {
    rank: Spanned<String>,
    expires_at: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhoneEntry {
    title: String,
    number: String,
    hours: String,
}

/// Reads the register of organisations, in the order of the file.
pub fn organisations(text: &str) -> Result<Vec<Organisation>, DocumentError> {
    let source = Source(text);
    let document: Document = source.parse()?;
    document.organisation.into_iter().map(|entry| organisation(&source, entry)).collect()
}

fn organisation(source: &Source<'_>, entry: Entry) -> Result<Organisation, DocumentError> {
    let expires_at = entry.assurance.expires_at.as_ref();
    Ok(Organisation {
        id: source.checked("id", &entry.id, OrganisationId::parse)?,
        name: entry.name,
        side: source.checked("side", &entry.side, side)?,
        ico_registration: entry.ico_registration,
        active: entry.active,
        assurance: Assurance {
            rank: source.checked("rank", &entry.assurance.rank, rank)?,
            expires_at: expires_at.map(|at| source.instant("expires_at", at)).transpose()?,
        },
        sponsor: source.optional("sponsor", entry.sponsor.as_ref(), OrganisationId::parse)?,
        authorities: source.all("authorities", &entry.authorities, Authority::parse)?,
        origins: entry.origins,
        may_assert: source.all("may_assert", &entry.may_assert, OrganisationId::parse)?,
        heard_every_s: entry.heard_every_s,
        not_sent: source.all("not_sent", &entry.not_sent, kind)?,
        phones: entry.phone.into_iter().map(phone).collect(),
    })
}

fn phone(entry: PhoneEntry) -> OrganisationPhone {
    OrganisationPhone { title: entry.title, number: entry.number, hours: entry.hours }
}

fn side(text: &str) -> Result<Side, Violation> {
    match text {
        "social-work" => Ok(Side::SocialWork),
        "health" => Ok(Side::Health),
        "any" => Ok(Side::Any),
        _ => Err(Violation::of("must be one of social-work, health, any")),
    }
}

fn rank(text: &str) -> Result<AssuranceRank, Violation> {
    match text {
        "never-submitted" => Ok(AssuranceRank::NeverSubmitted),
        "self-assessed" => Ok(AssuranceRank::SelfAssessed),
        "reviewed" => Ok(AssuranceRank::Reviewed),
        _ => Err(Violation::of("must be one of never-submitted, self-assessed, reviewed")),
    }
}

/// A kind by its id in the catalogue.
pub(super) fn kind(text: &str) -> Result<ItemKind, Violation> {
    Catalogue::standard().by_id(text).ok_or(Violation::of("must be the id of a kind in the catalogue"))
}
