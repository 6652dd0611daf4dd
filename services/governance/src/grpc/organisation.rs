//! The register of organisations on the wire.

use super::{Door, event_id, read};
use crate::desk::Command;
use crate::page::page;
use domain::{OrganisationId, SharingEvent};
use proto::governance as wire;
use proto::governance::v1::organisation_service_server::OrganisationService;
use proto::governance::v1::{
    ListOrganisationsRequest, ListOrganisationsResponse, RecordAssuranceRequest, RecordAssuranceResponse,
    RegisterCredentialRequest, RegisterCredentialResponse, RegisterOrganisationRequest,
    RegisterOrganisationResponse, RegisterSigningKeyRequest, RegisterSigningKeyResponse,
    WithdrawCredentialRequest, WithdrawCredentialResponse,
};
use tonic::{Request, Response, Status};

#[tonic::async_trait]
impl OrganisationService for Door {
    async fn register_organisation(
        &self,
        request: Request<RegisterOrganisationRequest>,
    ) -> Result<Response<RegisterOrganisationResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let organisation = read("organisation", asked.organisation, wire::organisation)?;
        let event = SharingEvent::OrganisationRegistered(organisation);
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(RegisterOrganisationResponse { event_id: done.id.to_string() }))
    }

    async fn record_assurance(
        &self,
        request: Request<RecordAssuranceRequest>,
    ) -> Result<Response<RecordAssuranceResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let organisation = super::code("organisation", &asked.organisation, OrganisationId::parse)?;
        let assurance = read("assurance", asked.assurance, wire::assurance)?;
        let event = SharingEvent::AssuranceRecorded { organisation, assurance };
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(RecordAssuranceResponse { event_id: done.id.to_string() }))
    }

    async fn register_signing_key(
        &self,
        request: Request<RegisterSigningKeyRequest>,
    ) -> Result<Response<RegisterSigningKeyResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let event = SharingEvent::SigningKeyRegistered(read("key", asked.key, wire::signing_key)?);
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(RegisterSigningKeyResponse { event_id: done.id.to_string() }))
    }

    async fn register_credential(
        &self,
        request: Request<RegisterCredentialRequest>,
    ) -> Result<Response<RegisterCredentialResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let event =
            SharingEvent::CredentialRegistered(read("credential", asked.credential, wire::credential)?);
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(RegisterCredentialResponse { event_id: done.id.to_string() }))
    }

    async fn withdraw_credential(
        &self,
        request: Request<WithdrawCredentialRequest>,
    ) -> Result<Response<WithdrawCredentialResponse>, Status> {
        let caller = self.operator(&request)?;
        let asked = request.into_inner();
        let id = event_id(&caller, &asked.request_id)?;
        let secret_digest = read("secret_digest", Some(asked.secret_digest), wire::secret_digest)?;
        let event = SharingEvent::CredentialWithdrawn { secret_digest };
        let done = self.desk.carry_out(Command::new(caller, id, event)).await?;
        Ok(Response::new(WithdrawCredentialResponse { event_id: done.id.to_string() }))
    }

    async fn list_organisations(
        &self,
        request: Request<ListOrganisationsRequest>,
    ) -> Result<Response<ListOrganisationsResponse>, Status> {
        self.operator(&request)?;
        let asked = request.into_inner();
        let register = self.desk.register()?;
        let all = register.state.organisations();
        let (found, next_page_token) = page(all, |one| one.id.as_str(), asked.page_size, &asked.page_token);
        let organisations = found.into_iter().map(wire::wire_organisation).collect();
        Ok(Response::new(ListOrganisationsResponse { organisations, next_page_token }))
    }
}
