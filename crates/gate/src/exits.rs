//! The other exits: what an operator sees of its own organisation, and what leaves without a view.

use crate::answer::Refusal;
use crate::view::count;
use crate::{Ask, Error, Gate};
use domain::{
    CredentialKind, DisclosureId, Exit, ItemMask, Leaf, LongText, OrganisationId, Purpose, ReasonCode,
    SessionId,
};
use policy::{Body, Released, release};
use storage::ResolvedPerson;
use transport::Caller;

/// An operator was refused, for these reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorRefused(pub Vec<ReasonCode>);

/// Through which exit an operator is shown something, and what its leaf says of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    exit: Exit,
    person: Vec<u8>,
    stated_reason: Option<LongText>,
}

impl Showing {
    /// Something about the person of this pseudonym; an empty one where it is about nobody in particular.
    pub fn of(exit: Exit, person: Vec<u8>) -> Self {
        Self { exit, person, stated_reason: None }
    }

    /// With what the operator gave as the reason.
    #[must_use]
    pub fn because(self, reason: LongText) -> Self {
        Self { stated_reason: Some(reason), ..self }
    }
}

impl Gate {
    /// Lets an organisation's own operator see what belongs to its own organisation. `secret_digest` is that of the
    /// operator's credential.
    pub async fn disclose_to_operator<B: Body>(
        &self,
        secret_digest: &[u8],
        showing: Showing,
        make: impl FnOnce(&OrganisationId) -> B,
    ) -> Result<Result<Released<B>, OperatorRefused>, Error> {
        let Showing { exit, person, stated_reason } = showing;
        let snapshot = self.snapshot.current();
        let (now, system) = self.lease.facts();
        let credential = snapshot.state.credential(secret_digest);
        let (Some(policy), Some(credential)) = (snapshot.policy.as_ref(), credential) else {
            return Ok(Err(OperatorRefused(vec![ReasonCode::SysPolicy])));
        };
        let leaf = Leaf {
            id: DisclosureId(self.entropy.uuid_at(now)),
            at: now,
            exit,
            disclosed: false,
            bundle_hash: policy.bundle_hash().to_vec(),
            user: credential.holder.clone(),
            position: None,
            organisation: credential.organisation.clone(),
            host_organisation: credential.organisation.clone(),
            session: SessionId(self.entropy.uuid()),
            purpose: Purpose::Audit,
            person,
            flows: Vec::new(),
            items: ItemMask::EMPTY,
            item_count: 0,
            reasons: Vec::new(),
            override_id: None,
            body_digest: Vec::new(),
            trace_id: String::new(),
            stated_reason,
        };
        match policy.permit_operator(credential, &system, make) {
            Ok(permitted) => {
                let leaf = Leaf { body_digest: self.key.body(&permitted), ..leaf };
                let released = release(&self.leaves, leaf, permitted).await;
                count(exit, "shown", &[]);
                Ok(Ok(released.map_err(|error| Error::NotRecorded(error.to_string()))?))
            }
            Err(reasons) => {
                let reasons = reasons.to_vec();
                count(exit, "refused", &reasons);
                let leaf = Leaf { reasons: reasons.clone(), ..leaf };
                let refused = policy::refuse(&self.leaves, leaf).await;
                refused.map_err(|error| Error::NotRecorded(error.to_string()))?;
                Ok(Err(OperatorRefused(reasons)))
            }
        }
    }

    /// Lets something leave that is no view, such as an assigned CHI number: permitted only if each controller's
    /// flows permit all of these kinds to the requester. `make` is given the person as resolved.
    pub async fn disclose<B: Body>(
        &self,
        ask: &Ask,
        used: &[(OrganisationId, ItemMask)],
        make: impl FnOnce(&ResolvedPerson) -> Option<B>,
    ) -> Result<Option<Released<B>>, Error> {
        let considered = self.consider(ask).await?;
        let body = considered.person.as_deref().and_then(make);
        let decision = considered.decision.as_ref();
        let permitted = body.and_then(|body| decision?.permit_body(used, |_| body));
        let Some(permitted) = permitted else {
            self.refuse(ask, &considered, Refusal::Person).await;
            return Ok(None);
        };
        let leaf = Leaf { body_digest: self.key.body(&permitted), ..self.leaf(ask, &considered) };
        let released = release(&self.leaves, leaf, permitted).await;
        count(ask.exit, "shown", &[]);
        Ok(Some(released.map_err(|error| Error::NotRecorded(error.to_string()))?))
    }

    /// Records a refusal that was decided before a person was even looked for, such as a used launch code.
    pub async fn record_refusal(&self, caller: &Caller, exit: Exit, reason: ReasonCode) -> Result<(), Error> {
        let now = self.clock.now();
        let leaf = Leaf {
            id: DisclosureId(self.entropy.uuid_at(now)),
            at: now,
            exit,
            disclosed: false,
            bundle_hash: vec![0; 32],
            user: caller.holder.clone(),
            position: None,
            organisation: caller.organisation.clone(),
            host_organisation: caller.organisation.clone(),
            session: SessionId(self.entropy.uuid()),
            purpose: if caller.kind == CredentialKind::Host { Purpose::DirectCare } else { Purpose::Audit },
            person: Vec::new(),
            flows: Vec::new(),
            items: ItemMask::EMPTY,
            item_count: 0,
            reasons: vec![reason],
            override_id: None,
            body_digest: Vec::new(),
            trace_id: String::new(),
            stated_reason: None,
        };
        count(exit, "refused", &[reason]);
        let refused = policy::refuse(&self.leaves, leaf).await;
        refused.map(|_| ()).map_err(|error| Error::NotRecorded(error.to_string()))
    }
}
