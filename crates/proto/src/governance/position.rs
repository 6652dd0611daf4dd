//! Posts, role maps and training, between wire and domain.

use super::organisation::optional_window;
use super::{v1, wire_window};
use crate::reading::{Part, timestamp, whole};
use domain::{
    FieldViolation, OrganisationId, Position, PositionId, RoleClass, RoleMapping, Training, UserId,
};

/// Reads a position.
pub fn position(value: v1::Position, path: &str) -> Result<Position, Vec<FieldViolation>> {
    whole(path, |part| read_position(value, part))
}

/// A position on the wire.
pub fn wire_position(position: &Position) -> v1::Position {
    v1::Position {
        id: position.id.to_string(),
        organisation: position.organisation.to_string(),
        user: position.user.to_string(),
        display_name: position.display_name.clone(),
        local_role: position.local_role.clone(),
        window: Some(wire_window(&position.window)),
    }
}

/// Reads what a local role means.
pub fn role_mapping(value: v1::RoleMapping, path: &str) -> Result<RoleMapping, Vec<FieldViolation>> {
    whole(path, |part| read_role_mapping(value, part))
}

/// What a local role means, on the wire.
pub fn wire_role_mapping(mapping: &RoleMapping) -> v1::RoleMapping {
    v1::RoleMapping {
        organisation: mapping.organisation.to_string(),
        local_role: mapping.local_role.clone(),
        role: mapping.role.to_string(),
    }
}

/// Reads a training.
pub fn training(value: v1::Training, path: &str) -> Result<Training, Vec<FieldViolation>> {
    whole(path, |part| read_training(value, part))
}

/// A training on the wire.
pub fn wire_training(training: &Training) -> v1::Training {
    v1::Training {
        organisation: training.organisation.to_string(),
        user: training.user.to_string(),
        expires_at: Some(timestamp(training.expires_at)),
    }
}

pub(crate) fn read_position(value: v1::Position, part: &mut Part<'_>) -> Option<Position> {
    let id = part.checked("id", PositionId::parse(&value.id));
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let user = part.checked("user", UserId::parse(&value.user));
    let display_name = part.line("display_name", value.display_name, 1, 200);
    let local_role = part.line("local_role", value.local_role, 1, 200);
    let window = optional_window(part, "window", value.window);
    Some(Position {
        id: id?,
        organisation: organisation?,
        user: user?,
        display_name,
        local_role,
        window: window?,
    })
}

pub(crate) fn read_role_mapping(value: v1::RoleMapping, part: &mut Part<'_>) -> Option<RoleMapping> {
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let local_role = part.line("local_role", value.local_role, 1, 200);
    let role = part.checked("role", RoleClass::parse(&value.role));
    Some(RoleMapping { organisation: organisation?, local_role, role: role? })
}

pub(crate) fn read_training(value: v1::Training, part: &mut Part<'_>) -> Option<Training> {
    let organisation = part.checked("organisation", OrganisationId::parse(&value.organisation));
    let user = part.checked("user", UserId::parse(&value.user));
    let expires_at = part.instant("expires_at", value.expires_at);
    Some(Training { organisation: organisation?, user: user?, expires_at: expires_at? })
}
