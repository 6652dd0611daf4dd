//! No audit, no data: a body leaves only after its leaf is durable.
//!
//! Nobody outside this file can make a [`Permitted`] or a [`Released`].

use crate::decision::Decision;
use crate::{Error, PermittedView, Policy, ReasonSet, SystemFacts};
use async_trait::async_trait;
use domain::{
    Credential, CredentialKind, DirectiveId, DisclosureId, FlowUse, ItemMask, Leaf, OrganisationId,
    ReasonCode,
};
use ring::hmac;

/// Where leaves go. Only the crate `gate` implements it.
#[async_trait]
pub trait DisclosureLog: Send + Sync {
    /// Appends a leaf; it is durable when this returns.
    async fn append(&self, leaf: Leaf) -> Result<Acknowledged, Error>;
}

/// The log's word that a leaf is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledged {
    /// The leaf.
    pub disclosure: DisclosureId,
}

/// What leaves, as bytes to digest.
pub trait Body {
    /// The bytes that leave.
    fn bytes(&self) -> &[u8];
}

impl Body for Vec<u8> {
    fn bytes(&self) -> &[u8] {
        self
    }
}

impl Body for String {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// What the leaf of a body must say, whatever its maker thinks.
#[derive(Debug, Clone)]
struct Stamp {
    recipient: OrganisationId,
    flows: Vec<FlowUse>,
    items: ItemMask,
    item_count: u32,
    reasons: ReasonSet,
    override_id: Option<DirectiveId>,
    bundle_hash: [u8; 32],
}

/// A body that the policy permits and that has not left yet. Cannot be read, only digested and released.
pub struct Permitted<B> {
    body: B,
    stamp: Stamp,
}

impl<B> std::fmt::Debug for Permitted<B> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Permitted(…)")
    }
}

impl<B> Permitted<B> {
    /// Renders a view.
    pub fn render(view: &PermittedView, make: impl FnOnce(&PermittedView) -> B) -> Self {
        let stamp = Stamp {
            recipient: view.recipient().clone(),
            flows: view.flows().to_vec(),
            items: view.kinds(),
            item_count: u32::try_from(view.items().len()).unwrap_or(u32::MAX),
            reasons: view.reasons(),
            override_id: view.override_id(),
            bundle_hash: view.bundle_hash(),
        };
        Self { body: make(view), stamp }
    }

    pub(crate) fn of_body(
        decision: &Decision,
        used: &[(OrganisationId, ItemMask)],
        make: impl FnOnce(&Decision) -> B,
    ) -> Self {
        let flows: Vec<FlowUse> =
            used.iter().flat_map(|(controller, kinds)| decision.uses(controller, *kinds)).collect();
        let items = flows.iter().fold(ItemMask::EMPTY, |all, one| all.union(one.items));
        let stamp = Stamp {
            recipient: decision.recipient.clone(),
            flows,
            items,
            item_count: items.len(),
            reasons: decision.limits(),
            override_id: decision.override_used(),
            bundle_hash: decision.bundle_hash,
        };
        Self { body: make(decision), stamp }
    }

    /// The kinds that the body holds.
    pub fn items(&self) -> ItemMask {
        self.stamp.items
    }
}

impl<B: Body> Permitted<B> {
    /// HMAC-SHA-256 of the bytes, 32 bytes, for the leaf.
    pub fn keyed_digest(&self, key: &[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        hmac::sign(&key, self.body.bytes()).as_ref().to_vec()
    }
}

/// A body whose leaf is durable: it may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released<B> {
    body: B,
    disclosure: DisclosureId,
}

impl<B> Released<B> {
    /// The leaf that records it.
    pub fn disclosure(&self) -> DisclosureId {
        self.disclosure
    }

    /// The body, to look at.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The body, to send.
    pub fn into_body(self) -> B {
        self.body
    }

    /// Turns the body into another form of the same, such as a response.
    pub fn map<C>(self, into: impl FnOnce(B) -> C) -> Released<C> {
        Released { body: into(self.body), disclosure: self.disclosure }
    }
}

/// A refusal whose leaf is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    disclosure: DisclosureId,
}

impl Refused {
    /// The leaf that records it.
    pub fn disclosure(self) -> DisclosureId {
        self.disclosure
    }
}

/// Appends the leaf, and only then lets the body go.
///
/// What the leaf says of flows, kinds, count, reasons, override and bundle is written here from what was decided.
/// Its digest must be the body's, see [`Permitted::keyed_digest`].
pub async fn release<B: Body, L: DisclosureLog + ?Sized>(
    log: &L,
    leaf: Leaf,
    permitted: Permitted<B>,
) -> Result<Released<B>, Error> {
    let Permitted { body, stamp } = permitted;
    if leaf.organisation != stamp.recipient {
        return Err(Error::OtherDecision);
    }
    if leaf.body_digest.len() != 32 {
        return Err(Error::NoDigest);
    }
    let id = leaf.id;
    let leaf = Leaf {
        disclosed: true,
        bundle_hash: stamp.bundle_hash.to_vec(),
        flows: stamp.flows,
        items: stamp.items,
        item_count: stamp.item_count,
        reasons: stamp.reasons.to_vec(),
        override_id: stamp.override_id,
        ..leaf
    };
    let disclosure = append(log, leaf, id).await?;
    Ok(Released { body, disclosure })
}

/// Appends the leaf of a refusal: refusals are recorded too.
pub async fn refuse<L: DisclosureLog + ?Sized>(log: &L, leaf: Leaf) -> Result<Refused, Error> {
    let id = leaf.id;
    let leaf = Leaf {
        disclosed: false,
        flows: Vec::new(),
        items: ItemMask::EMPTY,
        item_count: 0,
        body_digest: Vec::new(),
        ..leaf
    };
    Ok(Refused { disclosure: append(log, leaf, id).await? })
}

async fn append<L: DisclosureLog + ?Sized>(
    log: &L,
    leaf: Leaf,
    id: DisclosureId,
) -> Result<DisclosureId, Error> {
    let acknowledged = log.append(leaf).await?;
    if acknowledged.disclosure != id {
        return Err(Error::Disclosure("the log acknowledged another leaf".to_owned()));
    }
    Ok(acknowledged.disclosure)
}

impl Policy {
    /// Permits what an organisation's own operator sees of its own organisation's data: who saw it, what is parked.
    ///
    /// `make` must put in nothing of another organisation. The credential must be a registered operator's, the
    /// organisation active and the system in order; else the reasons come back.
    pub fn permit_operator<B>(
        &self,
        credential: &Credential,
        system: &SystemFacts,
        make: impl FnOnce(&OrganisationId) -> B,
    ) -> Result<Permitted<B>, ReasonSet> {
        let registered = credential.kind == CredentialKind::Operator
            && self.operators.get(&credential.secret_digest) == Some(&credential.organisation);
        let active = self.organisations.get(&credential.organisation).is_some_and(|one| one.active);
        let reasons: ReasonSet = [
            (system.audit_writable, ReasonCode::SysAudit),
            (system.lease_valid, ReasonCode::SysPolicy),
            (system.clock_sane, ReasonCode::SysClock),
            (registered, ReasonCode::ActInactive),
            (active, ReasonCode::OrgInactive),
        ]
        .into_iter()
        .filter_map(|(passes, code)| (!passes).then_some(code))
        .collect();
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let stamp = Stamp {
            recipient: credential.organisation.clone(),
            flows: Vec::new(),
            items: ItemMask::EMPTY,
            item_count: 0,
            reasons: ReasonSet::NONE,
            override_id: None,
            bundle_hash: self.bundle_hash(),
        };
        Ok(Permitted { body: make(&credential.organisation), stamp })
    }
}
