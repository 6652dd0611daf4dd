//! The gRPC door: decode, ask, answer. Lists leave through the gate; checkpoints and proofs are hashes and name nobody.

use super::hashes;
use super::tree::{self, Frontier, Hash, root_of_inclusion};
use super::who_saw::{self, Question, Reader};
use domain::{CredentialKind, DisclosureId, Exit, OrganisationId};
use gate::{Gate, OperatorRefused, Showing};
use proto::disclosure::v1;
use proto::disclosure::v1::disclosure_service_server::DisclosureService;
use std::ops::Range;
use std::sync::Arc;
use storage::{CheckpointRow, LeafReads, LeafRow, Store};
use tonic::{Request, Response, Status};
use transport::{CallerCheck, Failure, bearer, secret_digest};

/// Answers calls.
pub struct Door {
    pub(super) gate: Arc<Gate>,
    pub(super) store: Arc<dyn Store>,
    pub(super) callers: CallerCheck,
    pub(super) origin: String,
    pub(super) operator: OrganisationId,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Door({})", self.origin)
    }
}

#[tonic::async_trait]
impl DisclosureService for Door {
    async fn list_disclosures(
        &self,
        request: Request<v1::ListDisclosuresRequest>,
    ) -> Result<Response<v1::ListDisclosuresResponse>, Status> {
        self.callers.grpc(&request, CredentialKind::Operator)?;
        let secret = secret(&request)?;
        let question = Question::read(request.into_inner())?;
        Ok(Response::new(self.list(&secret, &question).await?))
    }

    async fn get_checkpoint(
        &self,
        request: Request<v1::GetCheckpointRequest>,
    ) -> Result<Response<v1::GetCheckpointResponse>, Status> {
        self.callers.grpc(&request, CredentialKind::Operator)?;
        let newest = self.newest().await?;
        Ok(Response::new(v1::GetCheckpointResponse {
            origin: self.origin.clone(),
            tree_size: newest.size,
            root_hash: newest.root.to_vec(),
            signed_at: Some(proto::timestamp(newest.signed_at)),
            note: newest.note,
        }))
    }

    async fn prove_inclusion(
        &self,
        request: Request<v1::ProveInclusionRequest>,
    ) -> Result<Response<v1::ProveInclusionResponse>, Status> {
        self.callers.grpc(&request, CredentialKind::Operator)?;
        let v1::ProveInclusionRequest { disclosure_id, tree_size } = request.into_inner();
        let id = DisclosureId::parse(&disclosure_id);
        let id = id.map_err(|violation| Failure::field("disclosure_id", violation.rule))?;
        let size = if tree_size == 0 { self.newest().await?.size } else { tree_size };
        Ok(Response::new(prove(self.store.as_ref(), id, size, tree_size == 0).await?))
    }

    async fn prove_consistency(
        &self,
        request: Request<v1::ProveConsistencyRequest>,
    ) -> Result<Response<v1::ProveConsistencyResponse>, Status> {
        self.callers.grpc(&request, CredentialKind::Operator)?;
        let v1::ProveConsistencyRequest { older_size, tree_size } = request.into_inner();
        let size = if tree_size == 0 { self.newest().await?.size } else { tree_size };
        Ok(Response::new(prove_consistency(self.store.as_ref(), older_size, size).await?))
    }
}

impl Door {
    async fn list(&self, secret: &[u8], question: &Question) -> Result<v1::ListDisclosuresResponse, Failure> {
        let person = self.store.resolve(&question.query).await.map_err(unavailable)?;
        let pseudonyms = who_saw::pseudonyms(self.gate.key(), &question.query, person.as_deref());
        let rows = who_saw::leaves(self.store.as_ref(), &pseudonyms).await.map_err(unavailable)?;
        let about = pseudonyms.into_iter().next().unwrap_or_default();
        let snapshot = self.gate.snapshot();
        let make = |organisation: &OrganisationId| {
            let reader = Reader { state: &snapshot.state, organisation, all: *organisation == self.operator };
            reader.page(question, &rows)
        };
        let outcome = self.gate.disclose_to_operator(secret, Showing::of(Exit::WhoSaw, about), make).await;
        let outcome = outcome.map_err(|error| {
            tracing::error!(exit = Exit::WhoSaw.as_str(), error = %error, "a list of disclosures could not be given");
            Failure::unavailable()
        })?;
        let released = outcome.map_err(|OperatorRefused(reasons)| Failure::Forbidden {
            reason: reasons.first().map_or("SYS_POLICY", |reason| reason.as_str()),
        })?;
        let reference = released.disclosure().to_string();
        Ok(v1::ListDisclosuresResponse { reference, ..released.into_body().answer })
    }

    async fn newest(&self) -> Result<CheckpointRow, Failure> {
        let newest = self.store.latest_checkpoint().await.map_err(unavailable)?;
        newest.ok_or(Failure::NotFound { what: "checkpoint: none is signed yet" })
    }
}

/// Proves that a leaf stands in the tree of this size.
async fn prove<S>(
    store: &S,
    id: DisclosureId,
    size: u64,
    newest: bool,
) -> Result<v1::ProveInclusionResponse, Failure>
where
    S: LeafReads + Sync + ?Sized,
{
    let row = store.find_leaf(id).await.map_err(unavailable)?;
    let LeafRow { index, hash, .. } = row.ok_or(Failure::NotFound { what: "disclosure" })?;
    let count = store.leaf_count().await.map_err(unavailable)?;
    let ranges = tree::inclusion(index, size).filter(|_| size <= count);
    let ranges = ranges.ok_or_else(|| {
        // The next checkpoint is signed within about a second.
        if newest {
            Failure::unavailable()
        } else {
            Failure::field("tree_size", "must hold the leaf, and be signed")
        }
    })?;
    let path = roots_of(store, ranges).await?;
    let root = root_of_inclusion(index, size, hash, &path).ok_or(Failure::Internal)?;
    Ok(v1::ProveInclusionResponse {
        leaf_index: index,
        tree_size: size,
        leaf_hash: hash.to_vec(),
        path: path.iter().map(|hash| hash.to_vec()).collect(),
        root_hash: root.to_vec(),
    })
}

/// Proves that the tree of this size continues the older one.
async fn prove_consistency<S>(
    store: &S,
    older: u64,
    size: u64,
) -> Result<v1::ProveConsistencyResponse, Failure>
where
    S: LeafReads + Sync + ?Sized,
{
    let count = store.leaf_count().await.map_err(unavailable)?;
    if size > count {
        return Err(Failure::field("tree_size", "must be at most the number of leaves"));
    }
    let too_large = || Failure::field("older_size", "must be at most the size of the newer tree");
    let ranges = tree::consistency(older, size).ok_or_else(too_large)?;
    let mut tree = Frontier::default();
    hashes::grow(store, &mut tree, older).await.map_err(unavailable)?;
    let older_root = tree.root();
    hashes::grow(store, &mut tree, size).await.map_err(unavailable)?;
    let path = roots_of(store, ranges).await?;
    Ok(v1::ProveConsistencyResponse {
        older_size: older,
        older_root_hash: older_root.to_vec(),
        tree_size: size,
        root_hash: tree.root().to_vec(),
        path: path.iter().map(|hash| hash.to_vec()).collect(),
    })
}

/// The roots of these ranges of leaves, each taken as a tree of its own.
async fn roots_of<S>(store: &S, ranges: Vec<Range<u64>>) -> Result<Vec<Hash>, Failure>
where
    S: LeafReads + Sync + ?Sized,
{
    let mut roots = Vec::with_capacity(ranges.len());
    for range in ranges {
        roots.push(hashes::root_of(store, range).await.map_err(unavailable)?);
    }
    Ok(roots)
}

fn secret<T>(request: &Request<T>) -> Result<Vec<u8>, Failure> {
    let header = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
    bearer(header).map(secret_digest).ok_or(Failure::Unauthenticated)
}

fn unavailable(error: storage::Error) -> Failure {
    tracing::warn!(error = %error, "the store cannot be read");
    Failure::unavailable()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosures::samples::World;

    #[tokio::test]
    async fn every_leaf_is_proved_in_every_tree_that_holds_it() {
        let mut world = World::new();
        world.disclose(9).await;
        for size in 1..=9 {
            let root = world.store.root(size);
            for index in 0..size {
                let id = world.store.leaf(index).id;
                let proof = prove(&world.store, id, size, false).await.unwrap();
                assert_eq!((proof.leaf_index, proof.root_hash), (index, root.to_vec()));
            }
        }
    }

    #[tokio::test]
    async fn what_no_tree_holds_is_not_proved() {
        let mut world = World::new();
        world.disclose(3).await;
        let id = world.store.leaf(2).id;
        assert!(matches!(prove(&world.store, id, 2, false).await, Err(Failure::Invalid(_))));
        assert!(matches!(prove(&world.store, id, 4, false).await, Err(Failure::Invalid(_))));
        assert!(matches!(prove(&world.store, id, 2, true).await, Err(Failure::Unavailable { .. })));
        let unknown = DisclosureId(uuid::Uuid::from_u128(99));
        assert!(matches!(prove(&world.store, unknown, 3, false).await, Err(Failure::NotFound { .. })));
    }

    #[tokio::test]
    async fn every_tree_is_proved_to_continue_every_older_one() {
        let mut world = World::new();
        world.disclose(9).await;
        for size in 0..=9 {
            for older in 0..=size {
                let proof = prove_consistency(&world.store, older, size).await.unwrap();
                let path: Vec<Hash> = proof.path.into_iter().map(|hash| hash.try_into().unwrap()).collect();
                let (old, new) = (world.store.root(older), world.store.root(size));
                assert_eq!((proof.older_root_hash, proof.root_hash), (old.to_vec(), new.to_vec()));
                assert!(tree::continues((older, old), (size, new), &path), "{older} of {size}");
            }
        }
    }

    #[tokio::test]
    async fn a_tree_that_is_not_there_or_not_older_is_not_proved() {
        let mut world = World::new();
        world.disclose(3).await;
        for (older, size) in [(1, 4), (3, 2), (u64::MAX, 3)] {
            let refused = prove_consistency(&world.store, older, size).await;
            assert!(matches!(refused, Err(Failure::Invalid(_))), "{older} of {size}");
        }
    }

    #[tokio::test]
    async fn leaves_that_were_changed_do_not_continue_what_was_signed() {
        let mut world = World::new();
        world.disclose(7).await;
        let signed = world.store.root(4);
        world.store.leaves[1].hash[0] ^= 1;
        let proof = prove_consistency(&world.store, 4, 7).await.unwrap();
        assert_ne!(proof.older_root_hash, signed.to_vec());
        let path: Vec<Hash> = proof.path.into_iter().map(|hash| hash.try_into().unwrap()).collect();
        assert!(!tree::continues((4, signed), (7, world.store.root(7)), &path));
    }
}
