//! The gRPC edge of the operators' services: who calls, and nothing else. Each rpc is one use case of `handlers`.

pub(crate) mod quarantine;
pub(crate) mod status;

use crate::Operations;
use crate::sight::Sight;
use domain::CredentialKind;
use gate::OperatorRefused;
use policy::Released;
use tonic::Request;
use transport::{Caller, Failure, bearer, secret_digest};

/// Who calls.
pub(crate) struct Operator {
    pub(crate) caller: Caller,
    /// Digest of the secret, for the gate.
    pub(crate) secret: Vec<u8>,
    pub(crate) sight: Sight,
}

impl Operations {
    fn operator<T>(&self, request: &Request<T>) -> Result<Operator, Failure> {
        let caller = self.parts.callers.grpc(request, CredentialKind::Operator)?;
        let header = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
        let secret = bearer(header).ok_or(Failure::Unauthenticated)?;
        let sight = Sight::of(&self.parts.snapshot, &caller)?;
        Ok(Operator { caller, secret: secret_digest(secret), sight })
    }
}

/// What the gate let go, or why it did not.
pub(crate) fn released<B>(
    answer: Result<Result<Released<B>, OperatorRefused>, gate::Error>,
) -> Result<Released<B>, Failure> {
    match answer {
        Ok(Ok(released)) => Ok(released),
        Ok(Err(OperatorRefused(reasons))) => {
            let reason = reasons.first().map_or("NOT_PERMITTED", |code| code.as_str());
            Err(Failure::Forbidden { reason })
        }
        Err(error) => {
            tracing::warn!(role = crate::ROLE, error = %error, "nothing was shown");
            Err(Failure::unavailable())
        }
    }
}
