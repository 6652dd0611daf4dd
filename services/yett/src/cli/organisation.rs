//! `yett organisation …`: the register, assurance, signing keys and credentials.

use super::target::{Target, request_id, when};
use crate::bootstrap::new_secret;
use crate::client::{Answered, Credentialed};
use crate::demo::new_signing_key;
use crate::keys::write_private;
use crate::terminal;
use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proto::governance::v1;
use proto::governance::v1::organisation_service_client::OrganisationServiceClient;
use ring::signature::{Ed25519KeyPair, KeyPair};
use settings::Settings;
use std::path::{Path, PathBuf};

type Client = OrganisationServiceClient<Credentialed>;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Lists the register.
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Registers the organisations of a TOML file, or replaces their entries.
    Register {
        /// The file; config/seed/README.md describes it.
        file: PathBuf,
        #[command(flatten)]
        target: Target,
    },
    /// Records an organisation's assurance.
    Assurance {
        /// Code of the organisation.
        organisation: String,
        /// never-submitted, self-assessed or reviewed.
        #[arg(long)]
        rank: String,
        /// When it expires; it does not by default.
        #[arg(long)]
        expires_at: Option<jiff::Timestamp>,
        #[command(flatten)]
        target: Target,
    },
    /// Makes a credential, registers its digest and writes the secret to a file.
    Credential {
        /// Code of the organisation.
        organisation: String,
        /// feed, host or operator.
        #[arg(long)]
        kind: String,
        /// Who uses it, for the record.
        #[arg(long)]
        holder: String,
        /// File to write the secret to; it must not be there yet.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        target: Target,
    },
    /// Withdraws a credential at once.
    WithdrawCredential {
        /// File with the secret.
        #[arg(long)]
        secret: PathBuf,
        #[command(flatten)]
        target: Target,
    },
    /// Makes a signatory's key, registers its public half and writes the private half to a file.
    SigningKey {
        /// Code of the organisation.
        organisation: String,
        /// Who holds it, in words.
        #[arg(long)]
        signatory: String,
        /// File of the private key; made where it is not there yet.
        #[arg(long)]
        key: PathBuf,
        #[command(flatten)]
        target: Target,
    },
}

/// Carries out a verb.
pub(crate) async fn run(verb: Verb, settings: &Settings) -> Result<()> {
    match verb {
        Verb::List { target } => list(client(&target, settings)?, target.json).await,
        Verb::Register { file, target } => register(client(&target, settings)?, &file).await,
        Verb::Assurance { organisation, rank, expires_at, target } => {
            let assurance = v1::Assurance {
                rank: read_rank(&rank)?.into(),
                expires_at: expires_at.map(proto::timestamp),
            };
            let request = v1::RecordAssuranceRequest {
                request_id: request_id(),
                organisation: organisation.clone(),
                assurance: Some(assurance),
            };
            client(&target, settings)?.record_assurance(request).await.answer()?;
            terminal::line(&format!("recorded for {organisation}: {rank}"))
        }
        Verb::Credential { organisation, kind, holder, out, target } => {
            credential(client(&target, settings)?, (organisation, read_kind(&kind)?, holder), &out).await
        }
        Verb::WithdrawCredential { secret, target } => {
            let text = std::fs::read_to_string(&secret)
                .with_context(|| format!("cannot read {}", secret.display()))?;
            let secret_digest = transport::secret_digest(text.trim());
            let request = v1::WithdrawCredentialRequest { request_id: request_id(), secret_digest };
            client(&target, settings)?.withdraw_credential(request).await.answer()?;
            terminal::line("withdrawn")
        }
        Verb::SigningKey { organisation, signatory, key, target } => {
            signing_key(client(&target, settings)?, organisation, signatory, &key).await
        }
    }
}

fn client(target: &Target, settings: &Settings) -> Result<Client> {
    Ok(OrganisationServiceClient::new(target.channel(settings)?))
}

async fn list(mut client: Client, json: bool) -> Result<()> {
    let mut rows = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = v1::ListOrganisationsRequest { page_size: 0, page_token };
        let page = client.list_organisations(request).await.answer()?;
        rows.extend(page.organisations.iter().map(cells));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let heading = ["CODE", "NAME", "ACTIVE", "ASSURANCE", "EXPIRES", "AUTHORITIES"];
    if json { terminal::json(&rows) } else { terminal::table(&heading, &rows) }
}

fn cells(one: &v1::Organisation) -> Vec<String> {
    let assurance = one.assurance.unwrap_or_default();
    let rank = match assurance.rank() {
        v1::AssuranceRank::Unspecified => "unknown",
        v1::AssuranceRank::NeverSubmitted => "never submitted",
        v1::AssuranceRank::SelfAssessed => "self-assessed",
        v1::AssuranceRank::Reviewed => "reviewed",
    };
    let active = if one.active { "yes" } else { "no" };
    vec![
        one.id.clone(),
        one.name.clone(),
        active.to_owned(),
        rank.to_owned(),
        when(assurance.expires_at.as_ref()),
        one.authorities.join(", "),
    ]
}

async fn register(mut client: Client, file: &Path) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let organisations =
        governance::documents::organisations(&text).with_context(|| file.display().to_string())?;
    for organisation in organisations {
        let request = v1::RegisterOrganisationRequest {
            request_id: request_id(),
            organisation: Some(proto::governance::wire_organisation(&organisation)),
        };
        client.register_organisation(request).await.answer()?;
        terminal::line(&format!("registered {}", organisation.id))?;
    }
    Ok(())
}

async fn credential(
    mut client: Client,
    (organisation, kind, holder): (String, v1::CredentialKind, String),
    out: &Path,
) -> Result<()> {
    let secret = new_secret();
    write_private(out, &secret)?;
    let credential = v1::Credential {
        organisation,
        kind: kind.into(),
        secret_digest: transport::secret_digest(&secret),
        holder,
    };
    let request = v1::RegisterCredentialRequest { request_id: request_id(), credential: Some(credential) };
    client.register_credential(request).await.answer()?;
    terminal::line(&format!("registered; the secret is in {}", out.display()))
}

async fn signing_key(mut client: Client, organisation: String, signatory: String, file: &Path) -> Result<()> {
    if !file.exists() {
        write_private(file, &new_signing_key()?)?;
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let pkcs8 = STANDARD.decode(text.trim()).context("the key file must hold PKCS#8 in base64")?;
    let pair =
        Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|_| anyhow!("the key file holds no Ed25519 key"))?;
    let public_key = pair.public_key().as_ref().to_vec();
    let shown = STANDARD.encode(&public_key);
    let id = format!("{organisation}-signatory");
    let key = v1::SigningKey { id: id.clone(), organisation, signatory, public_key, window: None };
    let request = v1::RegisterSigningKeyRequest { request_id: request_id(), key: Some(key) };
    client.register_signing_key(request).await.answer()?;
    terminal::line(&format!("registered {id}; public key {shown}"))
}

fn read_rank(text: &str) -> Result<v1::AssuranceRank> {
    Ok(match text {
        "never-submitted" => v1::AssuranceRank::NeverSubmitted,
        "self-assessed" => v1::AssuranceRank::SelfAssessed,
        "reviewed" => v1::AssuranceRank::Reviewed,
        other => bail!("--rank {other}: must be never-submitted, self-assessed or reviewed"),
    })
}

fn read_kind(text: &str) -> Result<v1::CredentialKind> {
    Ok(match text {
        "feed" => v1::CredentialKind::Feed,
        "host" => v1::CredentialKind::Host,
        "operator" => v1::CredentialKind::Operator,
        other => bail!("--kind {other}: must be feed, host or operator"),
    })
}
