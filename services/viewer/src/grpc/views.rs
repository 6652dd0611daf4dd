//! `ViewService`: needs the bearer of a session, and answers about that session's person alone.

use super::watching::{self, WatchStream};
use crate::Viewer;
use crate::launches::person_query;
use crate::live::LiveView;
use crate::present::{
    Scene, WireBody, blank, explanation, panel_input, reader_decision, refusal_message, view_message,
};
use crate::sessions::Session;
use async_trait::async_trait;
use domain::{Catalogue, Exit, ReasonCode};
use gate::{Answer, Gate, Refusal, RefusedView, Shown};
use proto::viewing::v1;
use proto::viewing::v1::get_view_response::Result as Answered;
use proto::viewing::v1::view_service_server::ViewService;
use std::sync::Arc;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};
use transport::Failure;

/// Serves views.
pub struct ViewDoor(pub(crate) Arc<Viewer>);

impl std::fmt::Debug for ViewDoor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ViewDoor")
    }
}

impl ViewDoor {
    /// The session behind a call, if the person that the call names, where it names one, is the session's.
    async fn session(
        &self,
        metadata: &MetadataMap,
        person: Option<&v1::PersonIdentifier>,
        exit: Exit,
    ) -> Result<Arc<Session>, Failure> {
        let authorization = metadata.get("authorization").and_then(|value| value.to_str().ok());
        let session = self.0.session(authorization, exit).await?;
        let Some(person) = person else { return Ok(session) };
        let named = proto::viewing::person_identifier(person.clone(), "person")?;
        if session.names(&person_query(&named)) {
            return Ok(session);
        }
        Err(self.0.refused(&session.caller(), exit).await)
    }
}

/// The answer that the gate is asked to release.
fn shown_answer(scene: &Scene<'_>, shown: &Shown) -> Option<v1::GetViewResponse> {
    let input = panel_input(scene, shown)?;
    let view = view_message(scene, shown, &input)?;
    Some(v1::GetViewResponse {
        result: Some(Answered::View(view)),
        reference: Gate::reference(scene.session.launch.request.session),
        decided_at: Some(proto::timestamp(shown.decided_at)),
    })
}

fn refused_answer(scene: &Scene<'_>, refused: &RefusedView) -> v1::GetViewResponse {
    let words = blank(scene, refused, None);
    v1::GetViewResponse {
        result: Some(Answered::Refusal(refusal_message(scene, refused, words, false))),
        reference: refused.reference.clone(),
        decided_at: Some(proto::timestamp(refused.decided_at)),
    }
}

/// An explanation is of what is shown: where nothing is, its refusal is that of the view.
fn not_explained(refused: &RefusedView) -> Failure {
    match &refused.refusal {
        Refusal::Cleared(_) => Failure::unavailable(),
        Refusal::Reader(reasons) => {
            let first = reasons.iter().find(|code| !code.depends_on_person()).copied();
            Failure::Forbidden { reason: first.unwrap_or(ReasonCode::AgrNone).as_str() }
        }
        Refusal::Stop(_) => Failure::Forbidden { reason: ReasonCode::ActLaunch.as_str() },
        Refusal::Person => Failure::Forbidden { reason: "NOTHING_TO_SHOW" },
    }
}

fn failed(exit: Exit, error: gate::Error) -> Failure {
    tracing::error!(exit = exit.as_str(), error = %error, "a view could not be answered");
    Failure::unavailable()
}

#[async_trait]
impl ViewService for ViewDoor {
    async fn get_view(
        &self,
        request: Request<v1::GetViewRequest>,
    ) -> Result<Response<v1::GetViewResponse>, Status> {
        let person = request.get_ref().person.as_ref();
        let session = self.session(request.metadata(), person, Exit::GrpcView).await?;
        let scene = Scene::of(&self.0.gate, &session);
        let render = |shown: &Shown| {
            let answer = shown_answer(&scene, shown).ok_or(gate::Error::Render)?;
            Ok(WireBody::new(answer))
        };
        let answer = self.0.gate.view(&session.ask(Exit::GrpcView), render).await;
        Ok(Response::new(match answer.map_err(|error| failed(Exit::GrpcView, error))? {
            Answer::Shown(released) => released.into_body().into_message(),
            Answer::Refused(refused) => refused_answer(&scene, &refused),
        }))
    }

    type WatchViewStream = WatchStream;

    async fn watch_view(
        &self,
        request: Request<v1::WatchViewRequest>,
    ) -> Result<Response<Self::WatchViewStream>, Status> {
        let person = request.get_ref().person.as_ref();
        let session = self.session(request.metadata(), person, Exit::GrpcUpdate).await?;
        let live = LiveView::open(&self.0, session, Exit::GrpcUpdate)?;
        Ok(Response::new(watching::stream(live)))
    }

    async fn explain_item(
        &self,
        request: Request<v1::ExplainItemRequest>,
    ) -> Result<Response<v1::ExplainItemResponse>, Status> {
        let session = self.session(request.metadata(), None, Exit::Why).await?;
        let kind = match request.get_ref().kind.as_str() {
            "" => None,
            id => {
                let known = Catalogue::standard().by_id(id);
                Some(
                    known
                        .ok_or_else(|| Failure::field("kind", "must be a kind of the catalogue, or empty"))?,
                )
            }
        };
        let scene = Scene::of(&self.0.gate, &session);
        let decision = reader_decision(&self.0.gate, &session.launch.request);
        let render = |shown: &Shown| {
            let input = panel_input(&scene, shown).ok_or(gate::Error::Render)?;
            let policy = scene.snapshot.policy.as_ref().ok_or(gate::Error::Render)?;
            let decision = decision.as_ref().ok_or(gate::Error::Render)?;
            let explanation = explanation(policy, &session.launch.request, decision, &input, kind);
            Ok(WireBody::new(v1::ExplainItemResponse {
                explanation: Some(explanation),
                reference: Gate::reference(session.launch.request.session),
            }))
        };
        let answer = self.0.gate.view(&session.ask(Exit::Why), render).await;
        match answer.map_err(|error| failed(Exit::Why, error))? {
            Answer::Shown(released) => Ok(Response::new(released.into_body().into_message())),
            Answer::Refused(refused) => Err(not_explained(&refused).into()),
        }
    }
}
