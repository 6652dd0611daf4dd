//! `positions.toml`: posts, role maps and training as people write them.

use super::DocumentError;
use super::source::Source;
use domain::{OrganisationId, Position, PositionId, RoleClass, RoleMapping, Training, UserId};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

/// Who holds which post, what their roles mean, and how long their training lasts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Positions {
    /// Posts.
    pub positions: Vec<Position>,
    /// What organisations' own role names mean.
    pub roles: Vec<RoleMapping>,
    /// Training.
    pub training: Vec<Training>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    position: Vec<PositionEntry>,
    #[serde(default)]
    role: Vec<RoleEntry>,
    #[serde(default)]
    training: Vec<TrainingEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionEntry {
    id: Spanned<String>,
    organisation: Spanned<String>,
    user: Spanned<String>,
    display_name: String,
    local_role: String,
    from: Option<Spanned<Datetime>>,
    to: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleEntry {
    organisation: Spanned<String>,
    local_role: String,
    role: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrainingEntry {
    organisation: Spanned<String>,
    user: Spanned<String>,
    expires_at: Spanned<Datetime>,
}

/// Reads posts, role maps and training, each in the order of the file.
pub fn positions(text: &str) -> Result<Positions, DocumentError> {
    let source = Source(text);
    let document: Document = source.parse()?;
    let positions = document.position.into_iter().map(|entry| position(&source, entry));
    let roles = document.role.into_iter().map(|entry| role(&source, entry));
    let training = document.training.into_iter().map(|entry| trained(&source, &entry));
    Ok(Positions {
        positions: positions.collect::<Result<_, _>>()?,
        roles: roles.collect::<Result<_, _>>()?,
        training: training.collect::<Result<_, _>>()?,
    })
}

fn position(source: &Source<'_>, entry: PositionEntry) -> Result<Position, DocumentError> {
    Ok(Position {
        id: source.checked("id", &entry.id, PositionId::parse)?,
        organisation: source.checked("organisation", &entry.organisation, OrganisationId::parse)?,
        user: source.checked("user", &entry.user, UserId::parse)?,
        display_name: entry.display_name,
        local_role: entry.local_role,
        window: source.window(entry.from.as_ref(), entry.to.as_ref())?,
    })
}

fn role(source: &Source<'_>, entry: RoleEntry) -> Result<RoleMapping, DocumentError> {
    Ok(RoleMapping {
        organisation: source.checked("organisation", &entry.organisation, OrganisationId::parse)?,
        local_role: entry.local_role,
        role: source.checked("role", &entry.role, RoleClass::parse)?,
    })
}

fn trained(source: &Source<'_>, entry: &TrainingEntry) -> Result<Training, DocumentError> {
    Ok(Training {
        organisation: source.checked("organisation", &entry.organisation, OrganisationId::parse)?,
        user: source.checked("user", &entry.user, UserId::parse)?,
        expires_at: source.instant("expires_at", &entry.expires_at)?,
    })
}
