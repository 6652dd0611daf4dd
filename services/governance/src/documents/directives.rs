//! `directives.toml`: directives on records as people write them.

use super::DocumentError;
use super::source::Source;
use domain::{
    Authority, Directive, DirectiveId, DirectiveKind, FlowId, LocalIdentifier, OrganisationId, SourceRecord,
    Violation,
};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    directive: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    kind: Spanned<String>,
    authority: Spanned<String>,
    local_id: Spanned<String>,
    flow: Option<Spanned<String>>,
    from: Option<Spanned<Datetime>>,
    to: Option<Spanned<Datetime>>,
    recorded_by: Spanned<String>,
}

/// Reads directives, in the order of the file.
pub fn directives(text: &str) -> Result<Vec<Directive>, DocumentError> {
    let source = Source(text);
    let document: Document = source.parse()?;
    document.directive.into_iter().map(|entry| directive(&source, &entry)).collect()
}

fn directive(source: &Source<'_>, entry: &Entry) -> Result<Directive, DocumentError> {
    Ok(Directive {
        id: source.checked("id", &entry.id, DirectiveId::parse)?,
        kind: source.checked("kind", &entry.kind, kind)?,
        record: SourceRecord {
            authority: source.checked("authority", &entry.authority, Authority::parse)?,
            local_id: source.checked("local_id", &entry.local_id, LocalIdentifier::parse)?,
        },
        flow: source.optional("flow", entry.flow.as_ref(), FlowId::parse)?,
        window: source.window(entry.from.as_ref(), entry.to.as_ref())?,
        recorded_by: source.checked("recorded_by", &entry.recorded_by, OrganisationId::parse)?,
    })
}

fn kind(text: &str) -> Result<DirectiveKind, Violation> {
    match text {
        "dissent" => Ok(DirectiveKind::Dissent),
        "restriction" => Ok(DirectiveKind::Restriction),
        "sealed" => Ok(DirectiveKind::Sealed),
        "legal-hold" => Ok(DirectiveKind::LegalHold),
        "protected-address" => Ok(DirectiveKind::ProtectedAddress),
        _ => Err(Violation::of("must be one of dissent, restriction, sealed, legal-hold, protected-address")),
    }
}
