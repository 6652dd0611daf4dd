//! Registers the seed of `config/seed` on a running node and signs the levels that a demo begins with: as an operator
//! would, over gRPC. Done twice, it changes nothing.

use super::secrets::OrganisationSecrets;
use crate::client::{Answered, Credentialed};
use anyhow::{Context, Result};
use domain::{
    Agreement, AppendixId, Clock, EventId, Organisation, PartPath, SigningKey, SigningKeyId, Window,
};
use proto::governance::v1;
use proto::governance::v1::agreement_service_client::AgreementServiceClient;
use proto::governance::v1::directive_service_client::DirectiveServiceClient;
use proto::governance::v1::organisation_service_client::OrganisationServiceClient;
use proto::governance::v1::position_service_client::PositionServiceClient;
use std::sync::Arc;

/// The secrets of both organisations of the invented area.
pub(crate) struct DemoSecrets {
    pub(crate) council: OrganisationSecrets,
    pub(crate) board: OrganisationSecrets,
}

/// Registers and signs.
pub(crate) struct Seeder {
    channel: Credentialed,
    clock: Arc<dyn Clock>,
}

impl Seeder {
    /// Over a channel with the node operator's credential.
    pub(crate) fn new(channel: Credentialed, clock: Arc<dyn Clock>) -> Self {
        Self { channel, clock }
    }

    /// Registers everything and signs the base and these appendices for both parties. `origins` are those of the
    /// council's and the board's hosts.
    pub(crate) async fn plant(
        &self,
        secrets: &DemoSecrets,
        origins: [&str; 2],
        appendices: &[&str],
    ) -> Result<()> {
        self.organisations(secrets, origins).await.context("registering the organisations")?;
        self.positions().await.context("registering the positions")?;
        self.directives().await.context("setting the directives")?;
        let agreement = self.draft().await.context("drafting the agreement")?;
        let parts = std::iter::once(None).chain(appendices.iter().copied().map(Some));
        for appendix in parts {
            let appendix =
                appendix.map(AppendixId::parse).transpose().map_err(|rule| anyhow::anyhow!("{rule}"))?;
            for (organisation, own) in
                [(world::COUNCIL, &secrets.council), (world::HEALTH_BOARD, &secrets.board)]
            {
                self.sign(&agreement, appendix.as_ref(), organisation, own)
                    .await
                    .context("signing the agreement")?;
            }
        }
        Ok(())
    }

    async fn organisations(&self, secrets: &DemoSecrets, origins: [&str; 2]) -> Result<()> {
        let mut client = OrganisationServiceClient::new(self.channel.clone());
        let sides = [
            (world::COUNCIL, origins[0], &secrets.council),
            (world::HEALTH_BOARD, origins[1], &secrets.board),
        ];
        for organisation in governance::documents::organisations(world::seed::ORGANISATIONS)? {
            let side = sides.iter().find(|(id, _, _)| *id == organisation.id.as_str());
            let (_, origin, own) =
                side.context("the seed names an organisation that the demo does not play")?;
            let organisation = Organisation { origins: vec![(*origin).to_owned()], ..organisation };
            let id = organisation.id.to_string();
            let request = v1::RegisterOrganisationRequest {
                request_id: request_id(&format!("organisation {id} {origin}")),
                organisation: Some(proto::governance::wire_organisation(&organisation)),
            };
            client.register_organisation(request).await.answer()?;
            self.secrets_of(&mut client, &id, own).await?;
        }
        Ok(())
    }

    async fn secrets_of(
        &self,
        client: &mut OrganisationServiceClient<Credentialed>,
        organisation: &str,
        own: &OrganisationSecrets,
    ) -> Result<()> {
        // The seed gives the council's case system a position of its own, so that it can be told CHI numbers.
        let feed = if organisation == world::COUNCIL {
            "case-system".to_owned()
        } else {
            format!("{organisation}-feed")
        };
        let kinds = [
            (v1::CredentialKind::Feed, &own.feed, feed),
            (v1::CredentialKind::Host, &own.host, format!("{organisation}-host")),
            (v1::CredentialKind::Operator, &own.operator, format!("{organisation}-operator")),
        ];
        for (kind, secret, holder) in kinds {
            let request = v1::RegisterCredentialRequest {
                request_id: request_id(&format!("credential {organisation} {holder}")),
                credential: Some(v1::Credential {
                    organisation: organisation.to_owned(),
                    kind: kind.into(),
                    secret_digest: transport::secret_digest(secret),
                    holder,
                }),
            };
            client.register_credential(request).await.answer()?;
        }
        let request = v1::RegisterSigningKeyRequest {
            request_id: request_id(&format!("signing key {organisation}")),
            key: Some(proto::governance::wire_signing_key(&signing_key(organisation, own)?)),
        };
        client.register_signing_key(request).await.answer()?;
        Ok(())
    }

    async fn positions(&self) -> Result<()> {
        let mut client = PositionServiceClient::new(self.channel.clone());
        let seed = governance::documents::positions(world::seed::POSITIONS)?;
        for mapping in &seed.roles {
            let request = v1::MapRoleRequest {
                request_id: request_id(&format!("role {} {}", mapping.organisation, mapping.local_role)),
                mapping: Some(proto::governance::wire_role_mapping(mapping)),
            };
            client.map_role(request).await.answer()?;
        }
        for position in &seed.positions {
            let request = v1::AssignPositionRequest {
                request_id: request_id(&format!("position {}", position.id)),
                position: Some(proto::governance::wire_position(position)),
            };
            client.assign_position(request).await.answer()?;
        }
        for training in &seed.training {
            let request = v1::RecordTrainingRequest {
                request_id: request_id(&format!("training {} {}", training.organisation, training.user)),
                training: Some(proto::governance::wire_training(training)),
            };
            client.record_training(request).await.answer()?;
        }
        Ok(())
    }

    async fn directives(&self) -> Result<()> {
        let mut client = DirectiveServiceClient::new(self.channel.clone());
        for directive in governance::documents::directives(world::seed::DIRECTIVES)? {
            let request = v1::SetDirectiveRequest {
                request_id: request_id(&format!("directive {}", directive.id)),
                directive: Some(proto::governance::wire_directive(&directive)),
            };
            client.set_directive(request).await.answer()?;
        }
        Ok(())
    }

    async fn draft(&self) -> Result<Agreement> {
        let agreement = governance::documents::agreement(world::seed::AGREEMENT)?;
        let request = v1::DraftAgreementRequest {
            request_id: request_id(&format!("agreement {} {}", agreement.id, agreement.version)),
            agreement: Some(proto::governance::wire_agreement(&agreement)),
        };
        AgreementServiceClient::new(self.channel.clone()).draft_agreement(request).await.answer()?;
        Ok(agreement)
    }

    /// Signs a part for a party, unless that party has signed it already.
    async fn sign(
        &self,
        agreement: &Agreement,
        appendix: Option<&AppendixId>,
        organisation: &str,
        own: &OrganisationSecrets,
    ) -> Result<()> {
        let mut client = AgreementServiceClient::new(self.channel.clone());
        let ask = v1::GetAgreementRequest { agreement: agreement.id.to_string(), version: agreement.version };
        let found = client.get_agreement(ask).await.answer()?;
        let code = appendix.map(AppendixId::as_str).unwrap_or_default();
        let state =
            found.parts.iter().find(|state| state.part.as_ref().is_some_and(|part| part.appendix == code));
        if state.is_some_and(|state| !state.missing.iter().any(|party| party == organisation)) {
            return Ok(());
        }
        let part = PartPath {
            agreement: agreement.id.clone(),
            version: agreement.version,
            appendix: appendix.cloned(),
        };
        let key = signing_key(organisation, own)?;
        let signature = policy::sign(&own.signatory, &key, agreement, &part, self.clock.now())?;
        let request = v1::SignAgreementRequest {
            request_id: request_id(&format!("sign {code} {organisation} {}", signature.signed_at)),
            signature: Some(proto::governance::wire_signature(&signature)),
        };
        client.sign_agreement(request).await.answer()?;
        Ok(())
    }
}

fn signing_key(organisation: &str, own: &OrganisationSecrets) -> Result<SigningKey> {
    let rule = |violation: domain::Violation| anyhow::anyhow!("{}", violation.rule);
    Ok(SigningKey {
        id: SigningKeyId::parse(&format!("{organisation}-signatory")).map_err(rule)?,
        organisation: domain::OrganisationId::parse(organisation).map_err(rule)?,
        signatory: "Chief officer".to_owned(),
        public_key: own.public_key()?,
        window: Window::default(),
    })
}

/// The same id for the same step, so that a second planting is recognised.
fn request_id(what: &str) -> String {
    EventId::of_message("yett-seed", what).to_string()
}
