//! The evidence for a link, between wire and domain: weights and words, never values.

use super::v1;
use crate::reading::{Part, whole};
use domain::{FieldEvidence, FieldViolation, LinkEvidence, Violation};

/// Reads the evidence for a link.
pub fn link_evidence(value: v1::LinkEvidence, path: &str) -> Result<LinkEvidence, Vec<FieldViolation>> {
    whole(path, |part| read_evidence(value, part))
}

/// The evidence for a link on the wire.
pub fn wire_link_evidence(evidence: &LinkEvidence) -> v1::LinkEvidence {
    v1::LinkEvidence {
        fields: evidence.fields.iter().map(wire_field).collect(),
        prior: evidence.prior,
        total: evidence.total,
        runner_up: evidence.runner_up,
        index_size: evidence.index_size,
        rules: evidence.rules.clone(),
    }
}

pub(crate) fn read_evidence(value: v1::LinkEvidence, part: &mut Part<'_>) -> Option<LinkEvidence> {
    let fields = part.each("fields", value.fields, read_field);
    let prior = part.checked("prior", weight(value.prior));
    let total = part.checked("total", weight(value.total));
    let runner_up = value.runner_up.and_then(|total| part.checked("runner_up", weight(total)));
    let rules = part.each("rules", value.rules, |text, part| Some(part.line("", text, 1, 200)));
    Some(LinkEvidence {
        fields: fields?,
        prior: prior?,
        total: total?,
        runner_up,
        index_size: value.index_size,
        rules: rules?,
    })
}

fn read_field(value: v1::FieldEvidence, part: &mut Part<'_>) -> Option<FieldEvidence> {
    let field = part.line("field", value.field, 1, 200);
    let level = part.line("level", value.level, 1, 200);
    let weight = part.checked("weight", weight(value.weight));
    Some(FieldEvidence { field, level, weight: weight? })
}

fn wire_field(evidence: &FieldEvidence) -> v1::FieldEvidence {
    v1::FieldEvidence {
        field: evidence.field.clone(),
        level: evidence.level.clone(),
        weight: evidence.weight,
    }
}

/// A weight that is not a number would make every comparison with it false.
fn weight(bits: f64) -> Result<f64, Violation> {
    if bits.is_nan() { Err(Violation::of("must be a number")) } else { Ok(bits) }
}
