//! `yett explain`: what would be decided, and by which step. The node records it as a disclosure.

use super::person::Person;
use super::target::Target;
use crate::client::Answered;
use crate::terminal;
use anyhow::Result;
use proto::operations::v1;
use proto::operations::v1::status_service_client::StatusServiceClient;
use settings::Settings;

/// Who would ask, about whom, for what.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// User who would ask.
    #[arg(long)]
    user: String,
    /// Organisation that they would act for.
    #[arg(long)]
    organisation: String,
    /// Their position; every position that they hold counts by default.
    #[arg(long, default_value = "")]
    position: String,
    /// Organisation whose host would launch them; their own by default.
    #[arg(long, default_value = "")]
    host: String,
    /// Purpose, such as direct-care.
    #[arg(long, default_value = "direct-care")]
    purpose: String,
    /// Catalogue id of one kind, such as care_package; the whole view by default.
    #[arg(long, default_value = "")]
    kind: String,
    /// The host would assert a relationship.
    #[arg(long)]
    relationship: bool,
    /// When; now by default.
    #[arg(long)]
    at: Option<jiff::Timestamp>,
    #[command(flatten)]
    person: Person,
    #[command(flatten)]
    target: Target,
}

impl Explain {
    /// Asks and prints.
    pub(crate) async fn run(self, settings: &Settings) -> Result<()> {
        let request = v1::ExplainDecisionRequest {
            person: Some(self.person.identifier()?),
            user: self.user,
            organisation: self.organisation,
            position: self.position,
            host_organisation: self.host,
            purpose: self.purpose,
            kind: self.kind,
            relationship_asserted: self.relationship,
            at: self.at.map(proto::timestamp),
        };
        let mut client = StatusServiceClient::new(self.target.channel(settings)?);
        let answer = client.explain_decision(request).await.answer()?;
        let explanation = answer.explanation.unwrap_or_default();
        terminal::line(&format!("level {}: {}", explanation.level, explanation.summary))?;
        let steps = explanation.steps.into_iter().map(|step| {
            let mark = if step.decides { "decides" } else { "" };
            vec![
                step.dimension,
                step.ceiling.to_string(),
                mark.to_owned(),
                step.reasons.join(" "),
                step.words,
            ]
        });
        terminal::table(&["STEP", "ALLOWS", "", "REASONS", "WORDS"], &steps.collect::<Vec<_>>())?;
        let kinds = explanation.kinds.into_iter().map(|kind| {
            let shared = if kind.shared { "shared" } else { "not shared" };
            vec![kind.kind, shared.to_owned(), kind.reasons.join(" "), kind.clause]
        });
        terminal::line("")?;
        terminal::table(&["KIND", "", "REASONS", "CLAUSE"], &kinds.collect::<Vec<_>>())?;
        terminal::line(&format!("\nreference {}", answer.reference))
    }
}
