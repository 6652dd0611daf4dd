//! The document at `GET /panel`. It holds nothing of a person and uses no code up: the same for every launch of one
//! host.
//!
//! Who may frame it: the origins of the organisation whose host made the launch, which the code names. Without a code,
//! as when a frame is loaded again after its code has left the address, it can open no session and only says that it
//! is closed; it may then stand in the frame of any host.

use crate::Viewer;
use crate::panel::{PanelShell, Source};
use crate::present::{neutral_source, organisation_source};
use crate::secrets::LaunchCode;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use domain::{Organisation, OrganisationId};
use pages::{ContentSecurityPolicy, Document, Origin, Page};
use policy::SharingState;
use std::sync::Arc;
use transport::{Failure, Problem};

/// Answers the document.
pub(super) async fn panel_document(State(viewer): State<Arc<Viewer>>, RawQuery(query): RawQuery) -> Response {
    let snapshot = viewer.gate.snapshot();
    let code = code_in(query.as_deref()).and_then(LaunchCode::read);
    let discloser = code.as_ref().and_then(|code| only_discloser(&snapshot.state, &code.requester));
    let source = discloser.map_or_else(neutral_source, organisation_source);
    match render(&viewer, &source) {
        Ok(html) => {
            let origins = framing_origins(&snapshot.state, code.as_ref().map(|code| &code.host));
            Page { html, security: ContentSecurityPolicy::framed_by(&origins) }.into_response()
        }
        Err(error) => {
            tracing::error!(route = "/panel", error = %error, "the panel's document cannot be rendered");
            Problem(Failure::Internal).into_response()
        }
    }
}

fn render(viewer: &Viewer, source: &Source<'_>) -> Result<String, pages::Error> {
    let clear_after = u32::try_from(viewer.settings.lease.as_secs()).unwrap_or(u32::MAX);
    let shell = PanelShell::new(source, clear_after)?;
    Document { title: "Shared summary", style_sheets: &[], scripts: &["panel.js"] }
        .render(&viewer.assets, &shell)
}

/// The code in a query. A code needs no escaping, and what was escaped is none.
fn code_in(query: Option<&str>) -> Option<&str> {
    query?.split('&').find_map(|pair| pair.strip_prefix("code="))
}

/// The one organisation that shares with a reader's organisation by any agreement; `None` when there are several.
fn only_discloser<'a>(state: &'a SharingState, reader: &OrganisationId) -> Option<&'a Organisation> {
    let flows = state
        .agreements()
        .flat_map(|one| one.flows.iter().chain(one.appendices.iter().flat_map(|part| &part.flows)));
    let mut disclosers: Vec<&OrganisationId> =
        flows.filter(|flow| flow.recipient == *reader).map(|flow| &flow.discloser).collect();
    disclosers.sort_unstable();
    disclosers.dedup();
    match disclosers.as_slice() {
        [only] => state.organisation(only),
        _ => None,
    }
}

/// The origins that may frame the document of a host; of every host, when none is named.
fn framing_origins(state: &SharingState, host: Option<&OrganisationId>) -> Vec<Origin> {
    let hosts = state.organisations().filter(|one| one.active && host.is_none_or(|host| one.id == *host));
    hosts.flat_map(|one| &one.origins).filter_map(|origin| Origin::parse(origin).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launches::tests::organisation;
    use domain::{SharingEvent, Side};

    fn register() -> SharingState {
        let mut state = SharingState::default();
        for (id, side, origin) in [
            ("nhs-strathorr", Side::Health, "http://portal.localhost:7411"),
            ("strathorr-council", Side::SocialWork, "http://council.localhost:7410"),
            ("odd", Side::Any, "https://a.scot; script-src *"),
        ] {
            state.apply(&SharingEvent::OrganisationRegistered(organisation(id, side, id, origin)));
        }
        state
    }

    fn framers(host: Option<&str>) -> Vec<String> {
        let host = host.map(|id| OrganisationId::parse(id).unwrap());
        framing_origins(&register(), host.as_ref()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_the_launching_hosts_own_pages_may_frame_its_document() {
        assert_eq!(framers(Some("nhs-strathorr")), ["http://portal.localhost:7411"]);
        assert_eq!(framers(Some("nobody")), Vec::<String>::new());
        assert_eq!(framers(Some("odd")), Vec::<String>::new());
    }

    #[test]
    fn a_document_without_a_code_may_stand_in_the_frame_of_any_host() {
        assert_eq!(framers(None), ["http://portal.localhost:7411", "http://council.localhost:7410"]);
    }

    #[test]
    fn the_code_is_found_in_a_query_and_nowhere_else() {
        assert_eq!(code_in(Some("code=a~b~c")), Some("a~b~c"));
        assert_eq!(code_in(Some("x=1&code=a")), Some("a"));
        for none in [None, Some(""), Some("xcode=a"), Some("code")] {
            assert_eq!(code_in(none), None);
        }
    }
}
