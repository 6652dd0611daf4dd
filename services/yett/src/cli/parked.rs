//! `yett parked …`: what could not be understood, until somebody decides.

use super::target::{Target, request_id, when};
use crate::client::{Answered, Credentialed};
use crate::terminal;
use anyhow::Result;
use proto::operations::v1;
use proto::operations::v1::quarantine_service_client::QuarantineServiceClient;
use settings::Settings;

type Client = QuarantineServiceClient<Credentialed>;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Lists what is parked; names nobody.
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Prints one whole, as it was received. This is recorded as a disclosure, with the reason.
    Show {
        /// Id of the event.
        event: String,
        /// Why it must be read.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        target: Target,
    },
    /// Tries one again.
    Replay {
        /// Id of the event.
        event: String,
        /// Why, in your words.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        target: Target,
    },
    /// Leaves one out for good.
    Skip {
        /// Id of the event.
        event: String,
        /// Why, in your words.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        target: Target,
    },
}

/// Carries out a verb.
pub(crate) async fn run(verb: Verb, settings: &Settings) -> Result<()> {
    match verb {
        Verb::List { target } => list(client(&target, settings)?, target.json).await,
        Verb::Show { event, reason, target } => {
            let request = v1::ShowParkedRequest { event_id: event, reason };
            let found = client(&target, settings)?.show_parked(request).await.answer()?;
            terminal::raw(&found.body)?;
            terminal::remark(&format!("reference {}", found.reference))
        }
        Verb::Replay { event, reason, target } => {
            let request = v1::ReplayParkedRequest { request_id: request_id(), event_id: event, reason };
            let answer = client(&target, settings)?.replay_parked(request).await.answer()?;
            terminal::line(&format!("tried again; event {}", answer.event_id))
        }
        Verb::Skip { event, reason, target } => {
            let request = v1::SkipParkedRequest { request_id: request_id(), event_id: event, reason };
            let answer = client(&target, settings)?.skip_parked(request).await.answer()?;
            terminal::line(&format!("left out; event {}", answer.event_id))
        }
    }
}

fn client(target: &Target, settings: &Settings) -> Result<Client> {
    Ok(QuarantineServiceClient::new(target.channel(settings)?))
}

async fn list(mut client: Client, json: bool) -> Result<()> {
    let mut rows = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = client.list_parked(v1::ListParkedRequest { page_size: 0, page_token }).await.answer()?;
        rows.extend(page.parked.into_iter().map(|one| {
            let (kind, since) = (kind(&one).to_owned(), when(one.since.as_ref()));
            vec![one.event_id, kind, one.authority, one.reason, since, one.waiting.to_string()]
        }));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let heading = ["EVENT", "KIND", "AUTHORITY", "REASON", "SINCE", "WAITING"];
    if json { terminal::json(&rows) } else { terminal::table(&heading, &rows) }
}

fn kind(one: &v1::Parked) -> &'static str {
    match one.kind() {
        v1::ParkedKind::Unspecified => "unknown",
        v1::ParkedKind::Message => "message",
        v1::ParkedKind::Event => "event",
        v1::ParkedKind::UnknownType => "unknown type",
        v1::ParkedKind::Conflict => "conflict",
    }
}
