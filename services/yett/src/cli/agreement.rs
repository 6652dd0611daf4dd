//! `yett agreement …`: drafts, shows, signs, withdraws, suspends and verifies.

use super::target::{Target, request_id, when};
use crate::client::{Answered, Credentialed};
use crate::terminal;
use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{
    Agreement, AppendixId, Clock, OrganisationId, PartPath, SigningKey, SigningKeyId, SystemClock, Window,
};
use proto::governance::v1;
use proto::governance::v1::agreement_service_client::AgreementServiceClient;
use settings::Settings;
use std::path::PathBuf;

type Client = AgreementServiceClient<Credentialed>;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Drafts the agreement of a TOML file; with --template writes one to begin with.
    New {
        /// The file.
        file: Option<PathBuf>,
        /// Prints an agreement to begin with, every key explained, and drafts nothing.
        #[arg(long)]
        template: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Shows an agreement with the state of each part; without a code lists all of them.
    Show {
        /// Code of the agreement.
        agreement: Option<String>,
        /// Version; the latest by default.
        #[arg(long, default_value_t = 0)]
        version: u32,
        #[command(flatten)]
        target: Target,
    },
    /// Signs one part for one party with its signatory's key.
    Sign {
        #[command(flatten)]
        part: Part,
        /// File with the signatory's Ed25519 key, PKCS#8 in base64.
        #[arg(long)]
        key: PathBuf,
        /// Code under which the key is registered; by default ORGANISATION-signatory.
        #[arg(long)]
        key_id: Option<String>,
        #[command(flatten)]
        target: Target,
    },
    /// Withdraws one part, for good.
    Withdraw {
        #[command(flatten)]
        part: Part,
        #[command(flatten)]
        target: Target,
    },
    /// Suspends one part until it is resumed.
    Suspend {
        #[command(flatten)]
        part: Part,
        #[command(flatten)]
        target: Target,
    },
    /// Ends a suspension.
    Resume {
        #[command(flatten)]
        part: Part,
        #[command(flatten)]
        target: Target,
    },
    /// Checks every signature of an agreement against public keys that you hold, trusting nobody's word.
    Verify {
        /// Code of the agreement.
        agreement: String,
        /// Version; the latest by default.
        #[arg(long, default_value_t = 0)]
        version: u32,
        /// A signatory's public key: ORGANISATION=base64, once for each party.
        #[arg(long = "public-key", required = true)]
        keys: Vec<String>,
        #[command(flatten)]
        target: Target,
    },
}

/// One part of an agreement, and the party that speaks.
#[derive(Debug, clap::Args)]
pub(crate) struct Part {
    /// Code of the agreement.
    agreement: String,
    /// Version.
    #[arg(long, default_value_t = 1)]
    version: u32,
    /// Code of the appendix; the base when it is left out.
    #[arg(long, default_value = "")]
    appendix: String,
    /// The party.
    #[arg(long)]
    organisation: String,
}

impl Part {
    fn path(&self) -> v1::PartPath {
        v1::PartPath {
            agreement: self.agreement.clone(),
            version: self.version,
            appendix: self.appendix.clone(),
        }
    }

    fn words(&self) -> String {
        let part =
            if self.appendix.is_empty() { "base".to_owned() } else { format!("appendix {}", self.appendix) };
        format!("{} version {}, {part}", self.agreement, self.version)
    }
}

/// Carries out a verb.
pub(crate) async fn run(verb: Verb, settings: &Settings) -> Result<()> {
    match verb {
        Verb::New { template: true, .. } => terminal::line(governance::documents::agreement_template()),
        Verb::New { file, target, .. } => {
            let file = file.context("name the file to draft, or print one to begin with by --template")?;
            new(client(&target, settings)?, &file).await
        }
        Verb::Show { agreement, version, target } => {
            let client = client(&target, settings)?;
            match agreement {
                Some(agreement) => show(client, agreement, version, target.json).await,
                None => list(client, target.json).await,
            }
        }
        Verb::Sign { part, key, key_id, target } => {
            sign(client(&target, settings)?, &part, &key, key_id).await
        }
        Verb::Withdraw { part, target } => {
            let request = v1::WithdrawAgreementRequest {
                request_id: request_id(),
                part: Some(part.path()),
                organisation: part.organisation.clone(),
            };
            client(&target, settings)?.withdraw_agreement(request).await.answer()?;
            terminal::line(&format!("withdrawn for good: {}", part.words()))
        }
        Verb::Suspend { part, target } => {
            let request = v1::SuspendAgreementRequest {
                request_id: request_id(),
                part: Some(part.path()),
                organisation: part.organisation.clone(),
            };
            client(&target, settings)?.suspend_agreement(request).await.answer()?;
            terminal::line(&format!("suspended: {}", part.words()))
        }
        Verb::Resume { part, target } => {
            let request = v1::ResumeAgreementRequest {
                request_id: request_id(),
                part: Some(part.path()),
                organisation: part.organisation.clone(),
            };
            client(&target, settings)?.resume_agreement(request).await.answer()?;
            terminal::line(&format!("resumed: {}", part.words()))
        }
        Verb::Verify { agreement, version, keys, target } => {
            verify(client(&target, settings)?, agreement, version, &keys).await
        }
    }
}

fn client(target: &Target, settings: &Settings) -> Result<Client> {
    Ok(AgreementServiceClient::new(target.channel(settings)?))
}

async fn new(mut client: Client, file: &std::path::Path) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let agreement = governance::documents::agreement(&text).with_context(|| file.display().to_string())?;
    let request = v1::DraftAgreementRequest {
        request_id: request_id(),
        agreement: Some(proto::governance::wire_agreement(&agreement)),
    };
    let answer = client.draft_agreement(request).await.answer()?;
    terminal::line(&format!(
        "drafted {} version {}; nothing is shared before it is signed",
        agreement.id, agreement.version
    ))?;
    parts(&answer.parts)
}

async fn fetch(
    client: &mut Client,
    agreement: String,
    version: u32,
) -> Result<(Agreement, Vec<v1::PartState>)> {
    let found = client.get_agreement(v1::GetAgreementRequest { agreement, version }).await.answer()?;
    let wire = found.agreement.context("the node answered without an agreement")?;
    let agreement = proto::governance::agreement(wire, "agreement");
    let agreement = agreement.map_err(|found| anyhow!("the node's agreement cannot be read: {found:?}"))?;
    Ok((agreement, found.parts))
}

async fn show(mut client: Client, agreement: String, version: u32, json: bool) -> Result<()> {
    let found = client.get_agreement(v1::GetAgreementRequest { agreement, version }).await.answer()?;
    if json {
        return terminal::json(&found.parts.iter().map(state_json).collect::<Vec<_>>());
    }
    let text = governance::documents::readable(&found);
    terminal::line(&text.map_err(|rules| anyhow!("the node's agreement cannot be read: {rules:?}"))?)
}

async fn list(mut client: Client, json: bool) -> Result<()> {
    let mut rows = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = v1::ListAgreementsRequest { page_token, ..v1::ListAgreementsRequest::default() };
        let page = client.list_agreements(request).await.answer()?;
        rows.extend(page.agreements);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let cells = |one: &v1::AgreementSummary| {
        let in_force = one.parts.iter().filter(|part| part.status() == v1::PartStatus::InForce).count();
        let parts = format!("{in_force} of {}", one.parts.len());
        vec![one.id.clone(), one.version.to_string(), one.title.clone(), one.parties.join(", "), parts]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    if json {
        terminal::json(&rows)
    } else {
        terminal::table(&["CODE", "VERSION", "TITLE", "PARTIES", "IN FORCE"], &rows)
    }
}

async fn sign(mut client: Client, part: &Part, key: &std::path::Path, key_id: Option<String>) -> Result<()> {
    let (agreement, _) = fetch(&mut client, part.agreement.clone(), part.version).await?;
    let text = std::fs::read_to_string(key).with_context(|| format!("cannot read {}", key.display()))?;
    let pkcs8 = STANDARD.decode(text.trim()).context("the key file must hold PKCS#8 in base64")?;
    let key = signing_key(&part.organisation, key_id, Vec::new())?;
    let path = part_path(&agreement, &part.appendix)?;
    let signature = policy::sign(&pkcs8, &key, &agreement, &path, SystemClock.now())?;
    let request = v1::SignAgreementRequest {
        request_id: request_id(),
        signature: Some(proto::governance::wire_signature(&signature)),
    };
    let answer = client.sign_agreement(request).await.answer()?;
    terminal::line(&format!("signed for {}: {}", part.organisation, part.words()))?;
    parts(answer.part.as_slice())
}

async fn verify(mut client: Client, agreement: String, version: u32, keys: &[String]) -> Result<()> {
    let (agreement, states) = fetch(&mut client, agreement, version).await?;
    let mut wrong = 0;
    for state in &states {
        let code = state.part.as_ref().map(|part| part.appendix.clone()).unwrap_or_default();
        for wire in &state.signatures {
            let signature = proto::governance::signature(wire.clone(), "signature");
            let signature = signature.map_err(|_| anyhow!("a signature of the node cannot be read"))?;
            let public = public_key(keys, signature.organisation.as_str())?;
            let key = signing_key(signature.organisation.as_str(), Some(signature.key.to_string()), public)?;
            let holds = policy::verify_signature(&key, &agreement, &signature);
            wrong += u32::from(!holds);
            let verdict = if holds { "holds" } else { "DOES NOT HOLD" };
            let part = if code.is_empty() { "base".to_owned() } else { format!("appendix {code}") };
            terminal::line(&format!("{part}, {}: {verdict}", signature.organisation))?;
        }
    }
    if wrong > 0 {
        bail!("{wrong} signature(s) do not hold")
    }
    Ok(())
}

fn public_key(keys: &[String], organisation: &str) -> Result<Vec<u8>> {
    let found = keys.iter().filter_map(|text| text.split_once('=')).find(|(id, _)| *id == organisation);
    let (_, text) = found.with_context(|| format!("no --public-key for {organisation}"))?;
    STANDARD.decode(text).with_context(|| format!("the public key of {organisation} is not base64"))
}

fn signing_key(organisation: &str, key_id: Option<String>, public_key: Vec<u8>) -> Result<SigningKey> {
    let id = key_id.unwrap_or_else(|| format!("{organisation}-signatory"));
    Ok(SigningKey {
        id: SigningKeyId::parse(&id).map_err(|violation| anyhow!("--key-id {}", violation.rule))?,
        organisation: OrganisationId::parse(organisation)
            .map_err(|violation| anyhow!("--organisation {}", violation.rule))?,
        signatory: String::new(),
        public_key,
        window: Window::default(),
    })
}

fn part_path(agreement: &Agreement, appendix: &str) -> Result<PartPath> {
    let appendix = (!appendix.is_empty()).then(|| AppendixId::parse(appendix)).transpose();
    Ok(PartPath {
        agreement: agreement.id.clone(),
        version: agreement.version,
        appendix: appendix.map_err(|violation| anyhow!("--appendix {}", violation.rule))?,
    })
}

fn parts(states: &[v1::PartState]) -> Result<()> {
    let rows: Vec<Vec<String>> = states
        .iter()
        .map(|state| {
            let code = state.part.as_ref().map(|part| part.appendix.clone()).unwrap_or_default();
            let signed =
                state.signatures.iter().map(|one| one.organisation.clone()).collect::<Vec<_>>().join(", ");
            let part = if code.is_empty() { "base".to_owned() } else { code };
            let ended = when(state.ended_at.as_ref());
            vec![part, status(state).to_owned(), signed, state.missing.join(", "), ended]
        })
        .collect();
    terminal::table(&["PART", "STATUS", "SIGNED BY", "MISSING", "ENDED"], &rows)
}

fn status(state: &v1::PartState) -> &'static str {
    match state.status() {
        v1::PartStatus::Unspecified => "unknown",
        v1::PartStatus::Unsigned => "unsigned",
        v1::PartStatus::InForce => "in force",
        v1::PartStatus::OutsideWindow => "outside its window",
        v1::PartStatus::Suspended => "suspended",
        v1::PartStatus::Withdrawn => "withdrawn",
    }
}

fn state_json(state: &v1::PartState) -> serde_json::Value {
    serde_json::json!({
        "appendix": state.part.as_ref().map(|part| part.appendix.clone()),
        "status": status(state),
        "signed": state.signatures.iter().map(|one| one.organisation.clone()).collect::<Vec<_>>(),
        "missing": state.missing,
        "content_hash": STANDARD.encode(&state.content_hash),
    })
}
