//! The gRPC edge: who calls, and nothing else. Each rpc is one use case of `handlers`.

pub(crate) mod assignments;
pub(crate) mod reviews;

use domain::CredentialKind;
use tonic::Request;
use transport::{Caller, CallerCheck, Failure, bearer, secret_digest};

/// The caller, with the digest of its secret for the gate.
fn caller<T>(
    callers: &CallerCheck,
    request: &Request<T>,
    kind: CredentialKind,
) -> Result<(Caller, Vec<u8>), Failure> {
    let caller = callers.grpc(request, kind)?;
    let header = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
    let secret = bearer(header).ok_or(Failure::Unauthenticated)?;
    Ok((caller, secret_digest(secret)))
}

fn gate_failure(error: gate::Error) -> Failure {
    tracing::warn!(role = crate::ROLE, error = %error, "nothing was shown");
    Failure::unavailable()
}
