//! What can go wrong with a policy. A denial is a value, never an error.

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The catalogue of this build is at fault.
    #[error("compiling the policy: {0}")]
    Catalogue(#[from] domain::CatalogueFault),
    /// The part to be signed does not exist.
    #[error("signing {part}: the agreement has no such part in this version; draft it first")]
    UnknownPart {
        /// Agreement, version and appendix.
        part: String,
    },
    /// The private key cannot be used.
    #[error("signing: the private key is not an Ed25519 key in PKCS#8; make a new key")]
    PrivateKey,
    /// The disclosure log did not take the leaf: nothing was released.
    #[error("appending the disclosure leaf: {0}; nothing was released, try again")]
    Disclosure(String),
    /// A body was offered that the decision does not permit.
    #[error("releasing: the leaf is of another decision than the body; build both from one decision")]
    OtherDecision,
    /// The leaf does not say what left.
    #[error("releasing: the leaf has no digest of the body; take it from the permitted body")]
    NoDigest,
}
