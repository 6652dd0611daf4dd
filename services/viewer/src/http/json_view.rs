//! `GET /v1/view`: the permitted view as JSON, for a program that holds the session's bearer.
//!
//! An address names nobody: a `person` in the query is refused, whoever it is. A program that wants the host's person
//! checked against the session's asks over gRPC.

use super::released::{ReleasedJson, json};
use super::session_of;
use crate::Viewer;
use crate::present::{Scene, blank, panel_input, refusal_message, refused_json, shown_json, view_message};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::Exit;
use gate::{Answer, Gate, Shown};
use std::sync::Arc;
use transport::{Failure, Problem};

/// Answers the view.
pub(super) async fn json_view(
    State(viewer): State<Arc<Viewer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = session_of(&viewer, &headers, Exit::JsonView).await?;
    if names_a_person(query.as_deref()) {
        return Err(viewer.refused(&session.caller(), Exit::JsonView).await.into());
    }
    let scene = Scene::of(&viewer.gate, &session);
    let render = |shown: &Shown| {
        let input = panel_input(&scene, shown).ok_or(gate::Error::Render)?;
        let view = view_message(&scene, shown, &input).ok_or(gate::Error::Render)?;
        let reference = Gate::reference(session.launch.request.session);
        shown_json(&view, &reference, shown.decided_at)
    };
    match viewer.gate.view(&session.ask(Exit::JsonView), render).await {
        Ok(Answer::Shown(released)) => Ok(ReleasedJson::new(released).into_response()),
        Ok(Answer::Refused(refused)) => {
            let words = blank(&scene, &refused, None);
            let message = refusal_message(&scene, &refused, words, false);
            let body = refused_json(&message, &refused.reference, refused.decided_at);
            Ok(json(body.map_err(|_| Failure::Internal)?))
        }
        Err(error) => {
            tracing::error!(exit = Exit::JsonView.as_str(), error = %error, "a view could not be answered");
            Err(Failure::unavailable().into())
        }
    }
}

fn names_a_person(query: Option<&str>) -> bool {
    query.is_some_and(|query| query.split('&').any(|pair| pair.split('=').next() == Some("person")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_in_the_query_is_seen_wherever_it_stands() {
        for query in ["person=x", "a=1&person=", "person"] {
            assert!(names_a_person(Some(query)), "{query}");
        }
        assert!(!names_a_person(Some("personal=1")) && !names_a_person(None));
    }
}
