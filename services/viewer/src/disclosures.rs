//! The disclosure log as a tree: signed checkpoints, proofs, verification, and the answer to who saw whom.
//!
//! Leaves are written by the gate and numbered by the read model; here they are only read. Views never wait for
//! anything in here: a receipt is the log's word, the tree is built afterwards.

mod checkpoint;
mod error;
mod grpc;
mod hashes;
mod report;
#[cfg(test)]
mod samples;
mod signer;
pub mod tree;
mod verify;
mod who_saw;

pub use checkpoint::{Checkpoint, CheckpointKey, CheckpointVerifier, NoteError};
pub use error::Error;
pub use report::{Finding, Report, Soundness};
pub use signer::{ROLE, Signer};
pub use verify::Verifier;

use domain::OrganisationId;
use gate::Gate;
use pipeline::Ground;
use proto::disclosure::v1::disclosure_service_server::DisclosureServiceServer;
use std::sync::Arc;
use transport::CallerCheck;

/// What the disclosure log's keeper is made of.
pub struct DisclosureParts {
    /// Log, store, codec and time.
    pub ground: Ground,
    /// The one exit: lists of who saw whom leave through it.
    pub gate: Arc<Gate>,
    /// Knows the credentials of operators.
    pub callers: CallerCheck,
    /// Signs checkpoints.
    pub key: CheckpointKey,
    /// The organisation that runs this node: its operator sees every leaf, others those that they are party to.
    pub operator: OrganisationId,
}

/// Keeps the disclosure log's tree, and answers from it.
pub struct Disclosures {
    ground: Ground,
    gate: Arc<Gate>,
    callers: CallerCheck,
    key: Arc<CheckpointKey>,
    operator: OrganisationId,
    verifier: Verifier,
}

impl Disclosures {
    /// Of these parts.
    pub fn new(parts: DisclosureParts) -> Self {
        let DisclosureParts { ground, gate, callers, key, operator } = parts;
        let verifier = Verifier::new(ground.clone(), key.verifier().clone());
        Self { ground, gate, callers, key: Arc::new(key), operator, verifier }
    }

    /// The gRPC service.
    pub fn service(&self) -> DisclosureServiceServer<grpc::Door> {
        DisclosureServiceServer::new(grpc::Door {
            gate: Arc::clone(&self.gate),
            store: Arc::clone(&self.ground.store),
            callers: self.callers.clone(),
            origin: self.key.verifier().origin().to_owned(),
            operator: self.operator.clone(),
        })
    }

    /// The task that signs checkpoints.
    pub fn signer(&self) -> Signer {
        let (store, clock) = (Arc::clone(&self.ground.store), Arc::clone(&self.ground.clock));
        Signer::new(store, Arc::clone(&self.key), clock)
    }

    /// Checks the log against the tree. The same state of soundness for every one of them.
    pub fn verifier(&self) -> Verifier {
        self.verifier.clone()
    }

    /// What the last checks found, for readiness.
    pub fn soundness(&self) -> Arc<Soundness> {
        self.verifier.soundness()
    }
}

impl std::fmt::Debug for Disclosures {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Disclosures({})", self.key.verifier())
    }
}
