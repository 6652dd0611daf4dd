//! `yett directive …`: dissent, restriction, sealing, legal hold, protected address.

use super::target::{Target, request_id};
use crate::client::Answered;
use crate::terminal;
use anyhow::{Result, bail};
use proto::governance::v1;
use proto::governance::v1::directive_service_client::DirectiveServiceClient;
use settings::Settings;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Sets a directive on a record.
    Set {
        /// dissent, restriction, sealed, legal-hold or protected-address.
        #[arg(long)]
        kind: String,
        /// Authority of the record.
        #[arg(long)]
        authority: String,
        /// Number of the record there.
        #[arg(long)]
        local_id: String,
        /// The only flow that it applies to; every flow by default.
        #[arg(long, default_value = "")]
        flow: String,
        /// Organisation that records it.
        #[arg(long)]
        recorded_by: String,
        /// From when on; open by default.
        #[arg(long)]
        from: Option<jiff::Timestamp>,
        /// Until when; open by default.
        #[arg(long)]
        to: Option<jiff::Timestamp>,
        #[command(flatten)]
        target: Target,
    },
    /// Lifts a directive.
    Lift {
        /// Id of the directive.
        directive: String,
        /// When; now by default.
        #[arg(long)]
        at: Option<jiff::Timestamp>,
        #[command(flatten)]
        target: Target,
    },
}

/// Carries out a verb.
pub(crate) async fn run(verb: Verb, settings: &Settings) -> Result<()> {
    match verb {
        Verb::Set { kind, authority, local_id, flow, recorded_by, from, to, target } => {
            let directive = v1::Directive {
                id: String::new(),
                kind: read_kind(&kind)?.into(),
                record: Some(proto::intake::v1::SourceRecord { authority, local_id }),
                flow,
                window: Some(v1::Window { from: from.map(proto::timestamp), to: to.map(proto::timestamp) }),
                recorded_by,
            };
            let request = v1::SetDirectiveRequest { request_id: request_id(), directive: Some(directive) };
            let mut client = DirectiveServiceClient::new(target.channel(settings)?);
            let answer = client.set_directive(request).await.answer()?;
            terminal::line(&format!("set directive {}", answer.directive_id))
        }
        Verb::Lift { directive, at, target } => {
            let request = v1::LiftDirectiveRequest {
                request_id: request_id(),
                directive_id: directive.clone(),
                at: at.map(proto::timestamp),
            };
            DirectiveServiceClient::new(target.channel(settings)?).lift_directive(request).await.answer()?;
            terminal::line(&format!("lifted directive {directive}"))
        }
    }
}

fn read_kind(text: &str) -> Result<v1::DirectiveKind> {
    Ok(match text {
        "dissent" => v1::DirectiveKind::Dissent,
        "restriction" => v1::DirectiveKind::Restriction,
        "sealed" => v1::DirectiveKind::Sealed,
        "legal-hold" => v1::DirectiveKind::LegalHold,
        "protected-address" => v1::DirectiveKind::ProtectedAddress,
        other => {
            bail!("--kind {other}: must be dissent, restriction, sealed, legal-hold or protected-address")
        }
    })
}
