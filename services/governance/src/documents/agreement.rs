//! `agreement.toml`: an agreement as people write it.

use super::DocumentError;
use super::organisations::kind;
use super::source::Source;
use domain::{
    AgeBand, Agreement, AgreementId, Appendix, AppendixId, DataFlow, FlowId, Label, Labels, LegalBasis,
    OrganisationId, Purpose, RiskRating, RoleClass, RoleGrant, ScheduleEntry, SharingLevel, Violation,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    id: Spanned<String>,
    version: Spanned<u32>,
    title: String,
    parties: Vec<Spanned<String>>,
    from: Option<Spanned<Datetime>>,
    to: Option<Spanned<Datetime>>,
    review_due: Option<Spanned<Datetime>>,
    overdue_cap: Spanned<u8>,
    dpia_reference: Option<String>,
    risk: Spanned<String>,
    #[serde(default)]
    legal_bases: BTreeMap<String, BasisEntry>,
    #[serde(default)]
    grants: BTreeMap<String, BTreeMap<String, Spanned<GrantEntry>>>,
    #[serde(default)]
    flow: Vec<FlowEntry>,
    #[serde(default)]
    appendix: Vec<AppendixEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BasisEntry {
    article_6: String,
    article_9: String,
    statutory_gateway: String,
    confidentiality: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantEntry {
    level: Spanned<u8>,
    scopes: Vec<Spanned<String>>,
    #[serde(default)]
    may_override: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppendixEntry {
    id: Spanned<String>,
    title: String,
    from: Option<Spanned<Datetime>>,
    to: Option<Spanned<Datetime>>,
    #[serde(default)]
    flow: Vec<FlowEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FlowEntry {
    id: Spanned<String>,
    discloser: Spanned<String>,
    recipient: Spanned<String>,
    level: Spanned<u8>,
    items: Vec<Spanned<String>>,
    purposes: Vec<Spanned<String>>,
    legal_basis: Spanned<String>,
    grants: Spanned<String>,
    scopes: Vec<Spanned<String>>,
    ages: Vec<Spanned<String>>,
    without_relationship: Spanned<u8>,
    override_cap: Spanned<u8>,
    relationship_by_launch: bool,
    transfer: String,
    storage: String,
}

/// Reads an agreement. Each flow gets its legal basis, grants and levels in full: that is what is signed.
pub fn agreement(text: &str) -> Result<Agreement, DocumentError> {
    let source = Source(text);
    let document: Document = source.parse()?;
    Reader { named: Named::read(&source, &document)?, source }.agreement(&document)
}

/// What flows of the file refer to by name.
struct Named {
    bases: BTreeMap<String, LegalBasis>,
    grants: BTreeMap<String, Vec<RoleGrant>>,
}

impl Named {
    fn read(source: &Source<'_>, document: &Document) -> Result<Self, DocumentError> {
        let bases = document.legal_bases.iter().map(|(name, entry)| (name.clone(), basis(entry)));
        let grants = document.grants.iter().map(|(name, set)| {
            let grants = set.iter().map(|(role, entry)| grant(source, role, entry));
            Ok((name.clone(), grants.collect::<Result<Vec<_>, _>>()?))
        });
        Ok(Self { bases: bases.collect(), grants: grants.collect::<Result<_, DocumentError>>()? })
    }
}

fn basis(entry: &BasisEntry) -> LegalBasis {
    LegalBasis {
        article_6: entry.article_6.clone(),
        article_9: entry.article_9.clone(),
        statutory_gateway: entry.statutory_gateway.clone(),
        confidentiality: entry.confidentiality.clone(),
    }
}

fn grant(source: &Source<'_>, role: &str, entry: &Spanned<GrantEntry>) -> Result<RoleGrant, DocumentError> {
    let class = RoleClass::parse(role).map_err(|one| source.refuse(role, entry.span(), one.rule))?;
    let entry = entry.get_ref();
    Ok(RoleGrant {
        role: class,
        level: source.ceiling("level", &entry.level)?,
        scopes: labels(source, &entry.scopes)?,
        may_override: entry.may_override,
    })
}

fn labels(source: &Source<'_>, scopes: &[Spanned<String>]) -> Result<Labels, DocumentError> {
    let label = |text: &str| Label::by_id(text).ok_or(Violation::of("must be a label, such as third-party"));
    Ok(source.all("scopes", scopes, label)?.into_iter().collect())
}

struct Reader<'a> {
    source: Source<'a>,
    named: Named,
}

impl Reader<'_> {
    fn agreement(&self, document: &Document) -> Result<Agreement, DocumentError> {
        let source = &self.source;
        let review_due = document.review_due.as_ref();
        let appendices = document.appendix.iter().map(|entry| self.appendix(entry));
        Ok(Agreement {
            id: source.checked("id", &document.id, AgreementId::parse)?,
            version: self.version(&document.version)?,
            title: document.title.clone(),
            parties: source.all("parties", &document.parties, OrganisationId::parse)?,
            window: source.window(document.from.as_ref(), document.to.as_ref())?,
            review_due: review_due.map(|at| source.instant("review_due", at)).transpose()?,
            overdue_cap: source.ceiling("overdue_cap", &document.overdue_cap)?,
            dpia_reference: document.dpia_reference.clone().filter(|text| !text.is_empty()),
            risk: source.checked("risk", &document.risk, risk)?,
            flows: self.flows(&document.flow)?,
            appendices: appendices.collect::<Result<_, _>>()?,
        })
    }

    fn version(&self, version: &Spanned<u32>) -> Result<u32, DocumentError> {
        match *version.get_ref() {
            0 => Err(self.source.refuse("version", version.span(), "must be 1 or more")),
            number => Ok(number),
        }
    }

    fn appendix(&self, entry: &AppendixEntry) -> Result<Appendix, DocumentError> {
        Ok(Appendix {
            id: self.source.checked("id", &entry.id, AppendixId::parse)?,
            title: entry.title.clone(),
            window: self.source.window(entry.from.as_ref(), entry.to.as_ref())?,
            flows: self.flows(&entry.flow)?,
        })
    }

    fn flows(&self, entries: &[FlowEntry]) -> Result<Vec<DataFlow>, DocumentError> {
        entries.iter().map(|entry| self.flow(entry)).collect()
    }

    fn flow(&self, entry: &FlowEntry) -> Result<DataFlow, DocumentError> {
        let source = &self.source;
        Ok(DataFlow {
            id: source.checked("id", &entry.id, FlowId::parse)?,
            discloser: source.checked("discloser", &entry.discloser, OrganisationId::parse)?,
            recipient: source.checked("recipient", &entry.recipient, OrganisationId::parse)?,
            level: source.ceiling("level", &entry.level)?,
            schedule: self.schedule(entry)?,
            purposes: source.all("purposes", &entry.purposes, purpose)?,
            legal_basis: self.named_by("legal_basis", &entry.legal_basis, &self.named.bases)?,
            grants: self.named_by("grants", &entry.grants, &self.named.grants)?,
            scopes: labels(source, &entry.scopes)?,
            ages: source.all("ages", &entry.ages, age)?,
            without_relationship: source.ceiling("without_relationship", &entry.without_relationship)?,
            override_cap: source.ceiling("override_cap", &entry.override_cap)?,
            relationship_by_launch: entry.relationship_by_launch,
            transfer: entry.transfer.clone(),
            storage: entry.storage.clone(),
        })
    }

    /// Each kind of the flow, at the level of the flow.
    fn schedule(&self, entry: &FlowEntry) -> Result<Vec<ScheduleEntry>, DocumentError> {
        let kinds = self.source.all("items", &entry.items, kind)?;
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let level = SharingLevel::try_from(*entry.level.get_ref());
        let level =
            level.map_err(|violation| self.source.refuse("level", entry.level.span(), violation.rule))?;
        Ok(kinds.into_iter().map(|kind| ScheduleEntry { kind, level }).collect())
    }

    fn named_by<T: Clone>(
        &self,
        key: &str,
        name: &Spanned<String>,
        known: &BTreeMap<String, T>,
    ) -> Result<T, DocumentError> {
        let found = known.get(name.get_ref()).cloned();
        found.ok_or_else(|| self.source.refuse(key, name.span(), "must be a name that this file gives"))
    }
}

fn risk(text: &str) -> Result<RiskRating, Violation> {
    match text {
        "not-assessed" => Ok(RiskRating::NotAssessed),
        "low" => Ok(RiskRating::Low),
        "medium" => Ok(RiskRating::Medium),
        "high" => Ok(RiskRating::High),
        _ => Err(Violation::of("must be one of not-assessed, low, medium, high")),
    }
}

fn purpose(text: &str) -> Result<Purpose, Violation> {
    Purpose::parse(text).ok_or(Violation::of("must be a purpose, such as direct-care"))
}

fn age(text: &str) -> Result<AgeBand, Violation> {
    AgeBand::parse(text).ok_or(Violation::of("must be one of under-12, 12-15, 16-17, adult"))
}
