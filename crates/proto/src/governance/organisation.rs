//! Organisations with their assurance, keys and credentials, between wire and domain.

use super::v1;
use crate::reading::{Part, timestamp, whole};
use domain::{
    Assurance, AssuranceRank, Authority, Catalogue, Credential, CredentialKind, FieldViolation, ItemKind,
    Organisation, OrganisationId, OrganisationPhone, Side, SigningKey, SigningKeyId, UserId, Violation,
    Window,
};

/// Bytes of a SHA-256 digest.
pub(crate) const DIGEST: usize = 32;
/// Bytes of an Ed25519 public key.
const PUBLIC_KEY: usize = 32;

/// Reads a window. One that ends before it begins is refused.
pub fn window(value: v1::Window, path: &str) -> Result<Window, Vec<FieldViolation>> {
    whole(path, |part| Some(read_window(value, part)))
}

/// A window on the wire.
pub fn wire_window(window: &Window) -> v1::Window {
    v1::Window { from: window.from.map(timestamp), to: window.to.map(timestamp) }
}

/// Reads an assurance.
pub fn assurance(value: v1::Assurance, path: &str) -> Result<Assurance, Vec<FieldViolation>> {
    whole(path, |part| read_assurance(value, part))
}

/// An assurance on the wire.
pub fn wire_assurance(assurance: &Assurance) -> v1::Assurance {
    let rank = match assurance.rank {
        AssuranceRank::NeverSubmitted => v1::AssuranceRank::NeverSubmitted,
        AssuranceRank::SelfAssessed => v1::AssuranceRank::SelfAssessed,
        AssuranceRank::Reviewed => v1::AssuranceRank::Reviewed,
    };
    v1::Assurance { rank: rank.into(), expires_at: assurance.expires_at.map(timestamp) }
}

/// Reads an entry of the register.
pub fn organisation(value: v1::Organisation, path: &str) -> Result<Organisation, Vec<FieldViolation>> {
    whole(path, |part| read_organisation(value, part))
}

/// An entry of the register on the wire.
pub fn wire_organisation(organisation: &Organisation) -> v1::Organisation {
    v1::Organisation {
        id: organisation.id.to_string(),
        name: organisation.name.clone(),
        side: wire_side(organisation.side).into(),
        ico_registration: organisation.ico_registration.clone(),
        active: organisation.active,
        assurance: Some(wire_assurance(&organisation.assurance)),
        sponsor: organisation.sponsor.as_ref().map(OrganisationId::to_string).unwrap_or_default(),
        authorities: organisation.authorities.iter().map(Authority::to_string).collect(),
        origins: organisation.origins.clone(),
        may_assert: organisation.may_assert.iter().map(OrganisationId::to_string).collect(),
        heard_every_s: organisation.heard_every_s,
        not_sent: organisation.not_sent.iter().map(ItemKind::to_string).collect(),
        phones: organisation.phones.iter().map(wire_phone).collect(),
    }
}

/// Reads a signatory's key.
pub fn signing_key(value: v1::SigningKey, path: &str) -> Result<SigningKey, Vec<FieldViolation>> {
    whole(path, |part| read_signing_key(value, part))
}

/// A signatory's key on the wire.
pub fn wire_signing_key(key: &SigningKey) -> v1::SigningKey {
    v1::SigningKey {
        id: key.id.to_string(),
        organisation: key.organisation.to_string(),
        signatory: key.signatory.clone(),
        public_key: key.public_key.clone(),
        window: Some(wire_window(&key.window)),
    }
}

/// Reads a credential.
pub fn credential(value: v1::Credential, path: &str) -> Result<Credential, Vec<FieldViolation>> {
    whole(path, |part| read_credential(value, part))
}

/// A credential on the wire.
pub fn wire_credential(credential: &Credential) -> v1::Credential {
    let kind = match credential.kind {
        CredentialKind::Feed => v1::CredentialKind::Feed,
        CredentialKind::Host => v1::CredentialKind::Host,
        CredentialKind::Operator => v1::CredentialKind::Operator,
    };
    v1::Credential {
        organisation: credential.organisation.to_string(),
        kind: kind.into(),
        secret_digest: credential.secret_digest.clone(),
        holder: credential.holder.to_string(),
    }
}

/// Reads the digest of a credential's secret.
pub fn secret_digest(value: Vec<u8>, path: &str) -> Result<Vec<u8>, Vec<FieldViolation>> {
    whole(path, |part| Some(part.bytes("", value, DIGEST)))
}

/// A window that may be left out: then both ends are open.
pub(crate) fn optional_window(part: &mut Part<'_>, field: &str, value: Option<v1::Window>) -> Option<Window> {
    part.inner(field, Some(value.unwrap_or_default()), |window, part| Some(read_window(window, part)))
}

/// Reads the id of a kind of the catalogue.
pub(crate) fn kind(id: &str) -> Result<ItemKind, Violation> {
    Catalogue::standard().by_id(id).ok_or(Violation::of("must be the id of a kind in the catalogue"))
}

fn read_window(value: v1::Window, part: &mut Part<'_>) -> Window {
    let from = part.optional_instant("from", value.from);
    let to = part.optional_instant("to", value.to);
    let is_empty = from.zip(to).is_some_and(|(from, to)| to <= from);
    part.limit("to", is_empty, "must be later than `from`");
    Window { from, to }
}

pub(crate) fn read_assurance(value: v1::Assurance, part: &mut Part<'_>) -> Option<Assurance> {
    let rank = part.known("rank", rank(value.rank));
    let expires_at = part.optional_instant("expires_at", value.expires_at);
    Some(Assurance { rank: rank?, expires_at })
}

pub(crate) fn read_organisation(value: v1::Organisation, part: &mut Part<'_>) -> Option<Organisation> {
    let id = part.checked("id", OrganisationId::parse(&value.id));
    let name = part.line("name", value.name, 1, 200);
    let side = part.known("side", side(value.side));
    let ico_registration = part.line("ico_registration", value.ico_registration, 0, 64);
    let assurance = part.inner("assurance", value.assurance, read_assurance);
    let sponsor = part.optional("sponsor", &value.sponsor, OrganisationId::parse);
    let authorities = part.codes("authorities", value.authorities, Authority::parse);
    let origins = read_origins(value.origins, part);
    let may_assert = part.codes("may_assert", value.may_assert, OrganisationId::parse);
    let not_sent = part.codes("not_sent", value.not_sent, kind);
    let phones = part.each("phones", value.phones, |phone, part| Some(read_phone(phone, part)));
    Some(Organisation {
        id: id?,
        name,
        side: side?,
        ico_registration,
        active: value.active,
        assurance: assurance?,
        sponsor,
        authorities: authorities?,
        origins: origins?,
        may_assert: may_assert?,
        heard_every_s: value.heard_every_s,
        not_sent: not_sent?,
        phones: phones?,
    })
}

pub(crate) fn read_signing_key(value: v1::SigningKey, part: &mut Part<'_>) -> Option<SigningKey> {
    let id = part.checked("id", SigningKeyId::parse(&value.id));
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let signatory = part.line("signatory", value.signatory, 1, 200);
    let public_key = part.bytes("public_key", value.public_key, PUBLIC_KEY);
    let window = optional_window(part, "window", value.window);
    Some(SigningKey { id: id?, organisation: organisation?, signatory, public_key, window: window? })
}

pub(crate) fn read_credential(value: v1::Credential, part: &mut Part<'_>) -> Option<Credential> {
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let kind = part.known("kind", credential_kind(value.kind));
    let secret_digest = part.bytes("secret_digest", value.secret_digest, DIGEST);
    let holder = part.checked("holder", UserId::parse(&value.holder));
    Some(Credential { organisation: organisation?, kind: kind?, secret_digest, holder: holder? })
}

fn read_phone(value: v1::OrganisationPhone, part: &mut Part<'_>) -> OrganisationPhone {
    let title = part.line("title", value.title, 1, 200);
    let number = part.line("number", value.number, 1, 64);
    let hours = part.line("hours", value.hours, 0, 200);
    OrganisationPhone { title, number, hours }
}

fn wire_phone(phone: &OrganisationPhone) -> v1::OrganisationPhone {
    v1::OrganisationPhone {
        title: phone.title.clone(),
        number: phone.number.clone(),
        hours: phone.hours.clone(),
    }
}

fn read_origins(origins: Vec<String>, part: &mut Part<'_>) -> Option<Vec<String>> {
    let origins = part.each("origins", origins, |text, part| {
        let rule = "must be an origin such as https://portal.example, in lower case and without a path";
        part.limit("", !is_origin(&text), rule);
        Some(text)
    })?;
    part.once("origins", &origins, |origin| origin);
    Some(origins)
}

/// An origin goes into the header that says who may frame a panel: nothing but scheme, host and port may stand in it.
fn is_origin(text: &str) -> bool {
    let Some(place) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        Some(_) | None => (place, None),
    };
    let is_port =
        |port: &str| port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_address = address.is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    text.len() <= 200 && (is_address || host.split('.').all(is_label)) && port.is_none_or(is_port)
}

fn rank(number: i32) -> Option<AssuranceRank> {
    match v1::AssuranceRank::try_from(number).ok()? {
        v1::AssuranceRank::Unspecified => None,
        v1::AssuranceRank::NeverSubmitted => Some(AssuranceRank::NeverSubmitted),
        v1::AssuranceRank::SelfAssessed => Some(AssuranceRank::SelfAssessed),
        v1::AssuranceRank::Reviewed => Some(AssuranceRank::Reviewed),
    }
}

fn side(number: i32) -> Option<Side> {
    match v1::Side::try_from(number).ok()? {
        v1::Side::Unspecified => None,
        v1::Side::Any => Some(Side::Any),
        v1::Side::SocialWork => Some(Side::SocialWork),
        v1::Side::Health => Some(Side::Health),
    }
}

fn wire_side(side: Side) -> v1::Side {
    match side {
        Side::Any => v1::Side::Any,
        Side::SocialWork => v1::Side::SocialWork,
        Side::Health => v1::Side::Health,
    }
}

fn credential_kind(number: i32) -> Option<CredentialKind> {
    match v1::CredentialKind::try_from(number).ok()? {
        v1::CredentialKind::Unspecified => None,
        v1::CredentialKind::Feed => Some(CredentialKind::Feed),
        v1::CredentialKind::Host => Some(CredentialKind::Host),
        v1::CredentialKind::Operator => Some(CredentialKind::Operator),
    }
}
