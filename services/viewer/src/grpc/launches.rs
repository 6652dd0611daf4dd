//! `LaunchService`: needs a host's credential.

use crate::Viewer;
use async_trait::async_trait;
use domain::CredentialKind;
use proto::viewing::v1;
use proto::viewing::v1::launch_service_server::LaunchService;
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// Serves launches.
pub struct LaunchDoor(pub(crate) Arc<Viewer>);

impl std::fmt::Debug for LaunchDoor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LaunchDoor")
    }
}

#[async_trait]
impl LaunchService for LaunchDoor {
    async fn create_launch(
        &self,
        request: Request<v1::CreateLaunchRequest>,
    ) -> Result<Response<v1::CreateLaunchResponse>, Status> {
        let caller = self.0.host(self.0.callers.grpc(&request, CredentialKind::Host)).await?;
        let made = self.0.create_launch(&caller, request.get_ref()).await?;
        Ok(Response::new(v1::CreateLaunchResponse {
            url: made.url,
            expires_at: Some(proto::timestamp(made.expires_at)),
            session_id: made.session.to_string(),
        }))
    }
}
