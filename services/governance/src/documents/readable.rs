//! An agreement as people read it: parties, times, where each part stands, and what each flow shows to whom.

use domain::{
    Agreement, Catalogue, Ceiling, DataFlow, FieldViolation, Labels, RiskRating, RoleGrant, SharingLevel,
    Window,
};
use proto::governance::v1;

/// Columns of the names on the left.
const NAMES: usize = 24;

/// The agreement and the state of its parts, as the service gives them, in words.
pub fn readable(shown: &v1::GetAgreementResponse) -> Result<String, Vec<FieldViolation>> {
    let missing = || vec![FieldViolation::new("agreement", "is required")];
    let wire = shown.agreement.clone().ok_or_else(missing)?;
    let agreement = proto::governance::agreement(wire, "agreement")?;
    let mut lines = Lines::default();
    lines.head(&agreement);
    lines.plain("");
    lines.parts(&agreement, &shown.parts);
    lines.flows("Base", &agreement.flows);
    for appendix in &agreement.appendices {
        lines.flows(&format!("Appendix {}, {}", appendix.id, appendix.title), &appendix.flows);
    }
    Ok(lines.0)
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn plain(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn named(&mut self, name: &str, text: &str) {
        let text = if text.is_empty() { "–" } else { text };
        self.plain(&format!("{name:<NAMES$}{text}"));
    }

    fn head(&mut self, agreement: &Agreement) {
        self.plain(&agreement.title);
        self.named("Agreement", &format!("{}, version {}", agreement.id, agreement.version));
        let parties: Vec<&str> = agreement.parties.iter().map(domain::OrganisationId::as_str).collect();
        self.named("Parties", &parties.join(", "));
        self.named("Holds", &window(agreement.window));
        let cap = up_to(agreement.overdue_cap);
        let due = agreement.review_due.map(|at| format!("{at}; while it is overdue: {cap}"));
        self.named("Review due", &due.unwrap_or_else(|| "no date is set".to_owned()));
        self.named("Risk", risk(agreement.risk));
        self.named("Impact assessment", agreement.dpia_reference.as_deref().unwrap_or("none"));
    }

    fn parts(&mut self, agreement: &Agreement, parts: &[v1::PartState]) {
        for part in parts {
            let appendix = part.part.as_ref().map(|one| one.appendix.as_str()).unwrap_or_default();
            let name = if appendix.is_empty() { "Base".to_owned() } else { format!("Appendix {appendix}") };
            let required = agreement.parties.len();
            let signed = required.saturating_sub(part.missing.len());
            let mut text = format!("{}, signed {signed} of {required}", status(part.status()));
            if !part.missing.is_empty() {
                text.push_str(&format!(", not yet by {}", part.missing.join(", ")));
            }
            self.named(&name, &text);
        }
    }

    fn flows(&mut self, title: &str, flows: &[DataFlow]) {
        self.plain(&format!("\n{title}"));
        if flows.is_empty() {
            self.plain("  shares nothing by itself");
        }
        for flow in flows {
            self.flow(flow);
        }
    }

    fn flow(&mut self, flow: &DataFlow) {
        self.plain(&format!(
            "\n  {}: {} shows {}, {}",
            flow.id,
            flow.discloser,
            flow.recipient,
            up_to(flow.level)
        ));
        for level in SharingLevel::ALL {
            let titles = titles(flow, level);
            if !titles.is_empty() {
                self.named(&format!("    level {}, {}", level.value(), level.title()), &titles);
            }
        }
        let purposes: Vec<&str> = flow.purposes.iter().map(|one| one.as_str()).collect();
        self.named("    purposes", &purposes.join(", "));
        let ages: Vec<&str> = flow.ages.iter().map(|one| one.as_str()).collect();
        self.named("    ages", &ages.join(", "));
        self.named("    opened labels", &labels(flow.scopes));
        for one in &flow.grants {
            self.named(&format!("    role {}", one.role), &grant(one));
        }
        self.named("    without involvement", &up_to(flow.without_relationship));
        self.named("    emergency access", &up_to(flow.override_cap));
        let launch =
            if flow.relationship_by_launch { "taken from the host" } else { "not taken from the host" };
        self.named("    involvement", launch);
        self.named("    article 6", &flow.legal_basis.article_6);
        self.named("    article 9", &flow.legal_basis.article_9);
        self.named("    statutory gateway", &flow.legal_basis.statutory_gateway);
        self.named("    confidentiality", &flow.legal_basis.confidentiality);
        self.named("    transfer", &flow.transfer);
        self.named("    storage", &flow.storage);
    }
}

fn titles(flow: &DataFlow, level: SharingLevel) -> String {
    let entries = flow.schedule.iter().filter(|entry| entry.level == level);
    let titles = entries.map(|entry| Catalogue::standard().kind(entry.kind).title);
    titles.collect::<Vec<_>>().join("; ")
}

fn grant(grant: &RoleGrant) -> String {
    let access = if grant.may_override { "; may declare emergency access" } else { "" };
    let opened = if grant.scopes.is_empty() { String::new() } else { format!("; {}", labels(grant.scopes)) };
    format!("{}{opened}{access}", up_to(grant.level))
}

fn labels(labels: Labels) -> String {
    labels.iter().map(domain::Label::id).collect::<Vec<_>>().join(", ")
}

fn up_to(ceiling: Ceiling) -> String {
    match ceiling.value() {
        0 => "nothing".to_owned(),
        level => format!("up to level {level}"),
    }
}

fn window(window: Window) -> String {
    match (window.from, window.to) {
        (Some(from), Some(to)) => format!("from {from} until {to}"),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "always".to_owned(),
    }
}

fn risk(risk: RiskRating) -> &'static str {
    match risk {
        RiskRating::NotAssessed => "not assessed: shares nothing",
        RiskRating::Low => "low",
        RiskRating::Medium => "medium",
        RiskRating::High => "high",
    }
}

fn status(status: v1::PartStatus) -> &'static str {
    match status {
        v1::PartStatus::Unspecified => "not known",
        v1::PartStatus::Unsigned => "not in force",
        v1::PartStatus::InForce => "in force",
        v1::PartStatus::OutsideWindow => "outside its time",
        v1::PartStatus::Suspended => "suspended",
        v1::PartStatus::Withdrawn => "withdrawn",
    }
}
