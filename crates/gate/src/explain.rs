//! What would be decided about a person, told to an information-governance operator. Itself a disclosure.

use crate::view::{bound, person_facts};
use crate::{Ask, Error, Gate, OperatorRefused, Showing};
use domain::{Exit, ReasonCode, Request};
use jiff::Timestamp;
use policy::{Body, Decision, Policy, Released};

impl Gate {
    /// Decides as for a view, at an instant or now, and lets an operator see what `make` tells of it. Loads no item.
    /// Whether the operator's organisation may ask about this requester is the caller's to check.
    pub async fn explain_to_operator<B: Body>(
        &self,
        secret_digest: &[u8],
        ask: &Ask,
        at: Option<Timestamp>,
        make: impl FnOnce(&Policy, &Request, &Decision) -> B,
    ) -> Result<Result<Released<B>, OperatorRefused>, Error> {
        let person = self.store.resolve(&ask.query).await?;
        let facts = person_facts(person.as_deref());
        let request = bound(&ask.request, facts.person);
        let snapshot = self.snapshot.current();
        let (now, system) = self.lease.facts();
        let Some(policy) = snapshot.policy.as_ref() else {
            return Ok(Err(OperatorRefused(vec![ReasonCode::SysPolicy])));
        };
        let decision = policy.decide(&request, &facts, &system, at.unwrap_or(now));
        let body = make(policy, &request, &decision);
        let pseudonym = self.pseudonym(facts.person, ask);
        self.disclose_to_operator(secret_digest, Showing::of(Exit::Explain, pseudonym), |_| body).await
    }
}
