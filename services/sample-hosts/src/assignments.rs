//! CHI numbers that Yett assigns to the council's records: received as a stream, taken over or refused, answered.

use crate::council::CaseSystem;
use crate::feed::{CredentialedChannel, channel, timed};
use crate::{Error, Settings};
use domain::Entropy;
use proto::matching::v1;
use proto::matching::v1::assignment_service_client::AssignmentServiceClient;
use proto::matching::v1::watch_assignments_response::Entry;
use std::sync::Arc;
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(2);

/// Receives assignments for the council until it is dropped.
pub(crate) struct Receiver {
    client: AssignmentServiceClient<CredentialedChannel>,
    system: Arc<CaseSystem>,
    entropy: Arc<dyn Entropy>,
}

impl Receiver {
    pub(crate) fn new(settings: &Settings, system: Arc<CaseSystem>) -> Result<Self, Error> {
        let channel = channel(settings, &settings.council_credentials.feed, "council's feed")?;
        let client = AssignmentServiceClient::new(channel);
        Ok(Self { client, system, entropy: Arc::clone(&settings.entropy) })
    }

    /// Watches for ever; after a break it watches again, and Yett sends again what was not answered.
    pub(crate) async fn run(self) {
        loop {
            if let Err(error) = self.watch().await {
                tracing::debug!(%error, "watching assignments broke off");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn watch(&self) -> Result<(), Error> {
        let request = v1::WatchAssignmentsRequest { authority: world::COUNCIL_AUTHORITY.to_owned() };
        let mut stream = self.client.clone().watch_assignments(request).await?.into_inner();
        while let Some(response) = stream.message().await? {
            match response.entry {
                Some(Entry::Assignment(assignment)) => self.answer(assignment).await?,
                Some(Entry::AliveAt(_)) | None => {}
            }
        }
        Ok(())
    }

    async fn answer(&self, assignment: v1::Assignment) -> Result<(), Error> {
        let record = assignment.record.unwrap_or_default();
        let refused_because = self.system.take_assignment(&record.local_id, &assignment.chi_number);
        let request = v1::ConfirmAssignmentRequest {
            request_id: self.entropy.uuid().to_string(),
            assignment_id: assignment.id,
            refused_because: refused_because.map(str::to_owned),
        };
        self.client.clone().confirm_assignment(timed(request)).await?;
        Ok(())
    }
}
