//! The operators' services, and the doors that kept messages are given back to.

use crate::node::{Node, consumers};
use crate::ports::{mllp_feed, mllp_settings};
use anyhow::{Context, Result};
use async_trait::async_trait;
use clinical_adapter::{NotTaken, Rereader};
use domain::{QuarantinedMessage, SourceRecord};
use intake::{Door, Intake};
use projector::{ConsumerRole, NotRead, Operations, Parts, Reread, Rereading};
use std::sync::Arc;

/// The doors of kept messages. Only HL7 v2 keeps messages that it cannot read.
struct Doors {
    hl7v2: Rereader,
}

#[async_trait]
impl Rereading for Doors {
    async fn read_again(&self, message: &QuarantinedMessage) -> Result<Reread, NotRead> {
        if message.door != Door::Hl7v2.as_str() {
            return Err(NotRead("its door keeps no messages".to_owned()));
        }
        match self.hl7v2.take_again(&message.body).await {
            Ok(_) => Ok(Reread::Taken),
            Err(NotTaken::Refused(reason)) => Ok(Reread::Refused(reason)),
            Err(NotTaken::Unavailable(reason)) => Err(NotRead(reason)),
        }
    }

    fn record_of(&self, message: &QuarantinedMessage) -> Option<SourceRecord> {
        (message.door == Door::Hl7v2.as_str()).then(|| self.hl7v2.record_of(&message.body)).flatten()
    }
}

/// The services for those who run this node.
pub(crate) async fn start(node: &Node) -> Result<Operations> {
    let intake: Arc<dyn Intake> = node.intake.clone();
    let hl7v2 = Rereader::new(intake, mllp_feed(node)?, mllp_settings(&node.settings)?.hl7);
    let health = node.health.clone();
    let operations = Operations::start(Parts {
        ground: node.ground.clone(),
        gate: Arc::clone(&node.gate),
        snapshot: Arc::clone(&node.snapshot),
        callers: node.callers.clone(),
        entropy: Arc::clone(&node.entropy),
        roles: consumers(&node.roles)
            .into_iter()
            .map(|(role, streams)| ConsumerRole { role, streams })
            .collect(),
        rereading: Arc::new(Doors { hl7v2 }),
        not_ready: Arc::new(move || health.not_working()),
    });
    operations.await.context("the operators' outbox cannot be moved")
}
