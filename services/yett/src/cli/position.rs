//! `yett position …`: who holds which post, role maps and training.

use super::target::{Target, request_id};
use crate::client::Answered;
use crate::terminal;
use anyhow::{Context, Result};
use proto::governance::v1;
use proto::governance::v1::position_service_client::PositionServiceClient;
use settings::Settings;
use std::path::PathBuf;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Registers the posts, role maps and training of a TOML file.
    Register {
        /// The file; config/seed/README.md describes it.
        file: PathBuf,
        #[command(flatten)]
        target: Target,
    },
    /// Ends a position.
    End {
        /// Code of the post.
        position: String,
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
        Verb::Register { file, target } => {
            let text =
                std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let staff =
                governance::documents::positions(&text).with_context(|| file.display().to_string())?;
            let mut client = PositionServiceClient::new(target.channel(settings)?);
            for mapping in &staff.roles {
                let mapping = Some(proto::governance::wire_role_mapping(mapping));
                client.map_role(v1::MapRoleRequest { request_id: request_id(), mapping }).await.answer()?;
            }
            for position in &staff.positions {
                let position = Some(proto::governance::wire_position(position));
                let request = v1::AssignPositionRequest { request_id: request_id(), position };
                client.assign_position(request).await.answer()?;
            }
            for training in &staff.training {
                let training = Some(proto::governance::wire_training(training));
                let request = v1::RecordTrainingRequest { request_id: request_id(), training };
                client.record_training(request).await.answer()?;
            }
            let (roles, posts, training) = (staff.roles.len(), staff.positions.len(), staff.training.len());
            terminal::line(&format!(
                "registered {posts} post(s), {roles} role(s), {training} training record(s)"
            ))
        }
        Verb::End { position, at, target } => {
            let request = v1::EndPositionRequest {
                request_id: request_id(),
                position: position.clone(),
                at: at.map(proto::timestamp),
            };
            PositionServiceClient::new(target.channel(settings)?).end_position(request).await.answer()?;
            terminal::line(&format!("ended {position}"))
        }
    }
}
