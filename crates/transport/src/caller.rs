//! Who calls: a bearer secret, known by its digest, bound to one organisation.

use crate::Failure;
use domain::{CredentialKind, OrganisationId, UserId};
use ring::digest;

/// A caller whose credential is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Organisation that the credential is bound to.
    pub organisation: OrganisationId,
    /// What the credential is for.
    pub kind: CredentialKind,
    /// Who uses it.
    pub holder: UserId,
}

/// Knows the credentials in force. Read at every call, so that a withdrawn one stops working at once.
pub trait CredentialRegister: Send + Sync + 'static {
    /// The caller whose secret has this SHA-256 digest.
    fn caller(&self, secret_digest: &[u8]) -> Option<Caller>;
}

/// SHA-256 of a secret.
pub fn secret_digest(secret: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// The token of an `Authorization: Bearer …` header.
pub fn bearer(header: Option<&str>) -> Option<&str> {
    let (scheme, token) = header?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()).filter(|token| !token.is_empty())
}

/// Checks callers at an edge.
#[derive(Clone)]
pub struct CallerCheck {
    register: std::sync::Arc<dyn CredentialRegister>,
}

impl std::fmt::Debug for CallerCheck {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CallerCheck")
    }
}

impl CallerCheck {
    /// A check against this register.
    pub fn new(register: std::sync::Arc<dyn CredentialRegister>) -> Self {
        Self { register }
    }

    /// The caller of a gRPC call, when its credential is of this kind.
    pub fn grpc<T>(&self, request: &tonic::Request<T>, kind: CredentialKind) -> Result<Caller, Failure> {
        let header = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
        self.header(header, kind)
    }

    /// The caller of an HTTP request, when its credential is of this kind.
    pub fn http(&self, headers: &axum::http::HeaderMap, kind: CredentialKind) -> Result<Caller, Failure> {
        let header = headers.get(axum::http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        self.header(header, kind)
    }

    fn header(&self, header: Option<&str>, kind: CredentialKind) -> Result<Caller, Failure> {
        let secret = bearer(header).ok_or(Failure::Unauthenticated)?;
        let caller = self.register.caller(&secret_digest(secret)).ok_or(Failure::Unauthenticated)?;
        if caller.kind == kind { Ok(caller) } else { Err(Failure::Forbidden { reason: "CREDENTIAL_KIND" }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One;
    impl CredentialRegister for One {
        fn caller(&self, digest: &[u8]) -> Option<Caller> {
            (digest == secret_digest("s3cret")).then(|| Caller {
                organisation: OrganisationId::parse("council").unwrap(),
                kind: CredentialKind::Feed,
                holder: UserId::parse("feed").unwrap(),
            })
        }
    }

    #[test]
    fn a_credential_of_another_kind_is_refused_and_an_unknown_one_too() {
        let check = CallerCheck::new(std::sync::Arc::new(One));
        assert!(check.header(Some("Bearer s3cret"), CredentialKind::Feed).is_ok());
        assert!(matches!(
            check.header(Some("Bearer s3cret"), CredentialKind::Operator),
            Err(Failure::Forbidden { .. })
        ));
        for bad in [None, Some("Bearer "), Some("Basic s3cret"), Some("Bearer other"), Some("s3cret")] {
            assert_eq!(check.header(bad, CredentialKind::Feed), Err(Failure::Unauthenticated));
        }
    }
}
