//! Agreements on the wire.

use super::{Door, code, event_id, read};
use crate::desk::{Command, Done};
use crate::page::page;
use crate::standing::{part_state, part_states};
use domain::{Agreement, AgreementId, OrganisationId, PartPath, SharingEvent};
use proto::governance as wire;
use proto::governance::v1::agreement_service_server::AgreementService;
use proto::governance::v1::{
    AgreementSummary, DraftAgreementRequest, DraftAgreementResponse, GetAgreementRequest,
    GetAgreementResponse, ListAgreementsRequest, ListAgreementsResponse, PartState, ResumeAgreementRequest,
    ResumeAgreementResponse, SignAgreementRequest, SignAgreementResponse, SuspendAgreementRequest,
    SuspendAgreementResponse, WithdrawAgreementRequest, WithdrawAgreementResponse,
};
use tonic::{Request, Response, Status};
use transport::Failure;

#[tonic::async_trait]
impl AgreementService for Door {
    async fn draft_agreement(
        &self,
        request: Request<DraftAgreementRequest>,
    ) -> Result<Response<DraftAgreementResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let agreement = read("agreement", asked.agreement, wire::agreement)?;
        let event = SharingEvent::AgreementDrafted(Box::new(agreement.clone()));
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        let parts = part_states(&done.snapshot.state, &agreement, self.now());
        Ok(Response::new(DraftAgreementResponse { event_id: done.id.to_string(), parts }))
    }

    async fn sign_agreement(
        &self,
        request: Request<SignAgreementRequest>,
    ) -> Result<Response<SignAgreementResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let signature = read("signature", asked.signature, wire::signature)?;
        let part = signature.part.clone();
        let event = SharingEvent::AgreementSigned(signature);
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        let part = self.standing(&done, &part);
        Ok(Response::new(SignAgreementResponse { event_id: done.id.to_string(), part }))
    }

    async fn withdraw_agreement(
        &self,
        request: Request<WithdrawAgreementRequest>,
    ) -> Result<Response<WithdrawAgreementResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let (part, organisation) = part_and_party(asked.part, &asked.organisation)?;
        let event = SharingEvent::AgreementWithdrawn { part, organisation, at: self.now() };
        let done = self.desk.carry_out(Command::now(caller, id, event)).await?;
        Ok(Response::new(WithdrawAgreementResponse { event_id: done.id.to_string() }))
    }

    async fn suspend_agreement(
        &self,
        request: Request<SuspendAgreementRequest>,
    ) -> Result<Response<SuspendAgreementResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let (part, organisation) = part_and_party(asked.part, &asked.organisation)?;
        let event = SharingEvent::AgreementSuspended { part, organisation, at: self.now() };
        let done = self.desk.carry_out(Command::now(caller, id, event)).await?;
        Ok(Response::new(SuspendAgreementResponse { event_id: done.id.to_string() }))
    }

    async fn resume_agreement(
        &self,
        request: Request<ResumeAgreementRequest>,
    ) -> Result<Response<ResumeAgreementResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let (part, organisation) = part_and_party(asked.part, &asked.organisation)?;
        let event = SharingEvent::AgreementResumed { part, organisation, at: self.now() };
        let done = self.desk.carry_out(Command::now(caller, id, event)).await?;
        Ok(Response::new(ResumeAgreementResponse { event_id: done.id.to_string() }))
    }

    async fn get_agreement(
        &self,
        request: Request<GetAgreementRequest>,
    ) -> Result<Response<GetAgreementResponse>, Status> {
        self.operator(&request)?;
        let asked = request.into_inner();
        let id = code("agreement", &asked.agreement, AgreementId::parse)?;
        let register = self.desk.register()?;
        let found = match asked.version {
            0 => register.state.agreement(&id),
            version => register.state.agreement_version(&id, version),
        };
        let agreement = found.ok_or(Failure::NotFound { what: "agreement" })?;
        let parts = part_states(&register.state, agreement, self.now());
        let agreement = Some(wire::wire_agreement(agreement));
        Ok(Response::new(GetAgreementResponse { agreement, parts }))
    }

    async fn list_agreements(
        &self,
        request: Request<ListAgreementsRequest>,
    ) -> Result<Response<ListAgreementsResponse>, Status> {
        self.operator(&request)?;
        let asked = request.into_inner();
        let register = self.desk.register()?;
        let concerns = |one: &&Agreement| {
            asked.organisation.is_empty()
                || one.parties.iter().any(|party| party.as_str() == asked.organisation)
        };
        let all = register.state.agreements().filter(concerns);
        let (found, next_page_token) = page(all, |one| one.id.as_str(), asked.page_size, &asked.page_token);
        let now = self.now();
        let summary = |one: &Agreement| summary(one, part_states(&register.state, one, now));
        let agreements = found.into_iter().map(summary).collect();
        Ok(Response::new(ListAgreementsResponse { agreements, next_page_token }))
    }
}

impl Door {
    fn standing(&self, done: &Done, part: &PartPath) -> Option<PartState> {
        let state = &done.snapshot.state;
        let agreement = state.agreement_version(&part.agreement, part.version)?;
        Some(part_state(state, agreement, part.appendix.as_ref(), self.now()))
    }
}

fn part_and_party(
    part: Option<wire::v1::PartPath>,
    organisation: &str,
) -> Result<(PartPath, OrganisationId), Failure> {
    let part = read("part", part, wire::part_path)?;
    Ok((part, code("organisation", organisation, OrganisationId::parse)?))
}

fn summary(agreement: &Agreement, parts: Vec<PartState>) -> AgreementSummary {
    let whole = wire::wire_agreement(agreement);
    AgreementSummary {
        id: whole.id,
        version: whole.version,
        title: whole.title,
        parties: whole.parties,
        risk: whole.risk,
        parts,
    }
}
