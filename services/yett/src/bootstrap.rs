//! The first start of a node: an operator's organisation and credential, so that everything else can be commanded.

use crate::data_dir::DataDir;
use crate::keys::{hex, write_private};
use anyhow::{Context, Result};
use domain::{
    Assurance, AssuranceRank, Credential, CredentialKind, Entropy, EventId, NODE_OPERATOR, Organisation,
    OrganisationId, SharingEvent, Side, UserId,
};
use event_codec::Event;
use event_log::SystemEntropy;
use gate::SharingSnapshot;
use pipeline::Commands;

/// File of the operator's secret in the data directory.
pub(crate) const OPERATOR_TOKEN: &str = "credentials/operator.token";

/// Registers the operator where nobody is registered yet.
pub(crate) async fn register_operator(
    data_dir: &DataDir,
    snapshot: &SharingSnapshot,
    commands: &Commands,
) -> Result<()> {
    if snapshot.current().version > 0 {
        return Ok(());
    }
    let path = data_dir.file(OPERATOR_TOKEN);
    if !path.exists() {
        write_private(&path, &new_secret())?;
    }
    let secret = std::fs::read_to_string(&path).context("the operator's token cannot be read")?;
    let events = vec![
        (EventId::of_message("bootstrap", "organisation"), Event::Sharing(organisation()?)),
        (EventId::of_message("bootstrap", "credential"), Event::Sharing(credential(secret.trim_end())?)),
    ];
    commands.submit(events).await?;
    Ok(snapshot.catch_up().await?)
}

/// A new secret of 256 bits.
pub(crate) fn new_secret() -> String {
    let mut bytes = [0; 32];
    SystemEntropy::new().fill(&mut bytes);
    hex(&bytes)
}

fn organisation() -> Result<SharingEvent> {
    Ok(SharingEvent::OrganisationRegistered(Organisation {
        id: OrganisationId::parse(NODE_OPERATOR)?,
        name: "Operator of this node".to_owned(),
        side: Side::Any,
        ico_registration: String::new(),
        active: true,
        assurance: Assurance { rank: AssuranceRank::NeverSubmitted, expires_at: None },
        sponsor: None,
        authorities: Vec::new(),
        origins: Vec::new(),
        may_assert: Vec::new(),
        heard_every_s: 0,
        not_sent: Vec::new(),
        phones: Vec::new(),
    }))
}

fn credential(secret: &str) -> Result<SharingEvent> {
    Ok(SharingEvent::CredentialRegistered(Credential {
        organisation: OrganisationId::parse(NODE_OPERATOR)?,
        kind: CredentialKind::Operator,
        secret_digest: transport::secret_digest(secret),
        holder: UserId::parse("operator")?,
    }))
}
