//! Makes a launch: the register says whether this host may, the code leaves once, its digest stays.

use super::{HostContext, LaunchAsk};
use crate::Viewer;
use crate::refusals::does_not_fit;
use crate::secrets::LaunchCode;
use crate::sessions::{ROLE, unavailable};
use domain::{Exit, LinkStatus, OrganisationId, Request, Requester, SYSTEM_ROLE, SessionId};
use jiff::{SignedDuration, Timestamp};
use policy::SharingState;
use proto::viewing::v1;
use storage::{Launch, PersonQuery};
use transport::{Caller, Failure};

/// A launch that was made.
pub(crate) struct Made {
    pub(crate) url: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) session: SessionId,
}

/// Whether the register lets a host make this launch: for its own people or those of an organisation that it may
/// assert, framed by one of its own origins, about a record of either. A post of a source system itself is no person's.
pub(super) fn may_launch(state: &SharingState, host: &OrganisationId, ask: &LaunchAsk) -> bool {
    let Some(entry) = state.organisation(host).filter(|one| one.active) else { return false };
    let asserted = ask.organisation == *host || entry.may_assert.contains(&ask.organisation);
    let known = state.organisation(&ask.organisation).is_some();
    let framed = entry.origins.contains(&ask.origin);
    let own_record = match &ask.asked {
        PersonQuery::Record(record) => {
            let controller = state.controller_of(&record.authority);
            controller.is_some_and(|one| one == host || *one == ask.organisation)
        }
        PersonQuery::Chi(_) | PersonQuery::NhsNumber(_) => true,
    };
    asserted && known && framed && own_record && !is_system(state, ask)
}

/// Whether the user is a source system: holds, or ever held, a post of that class.
fn is_system(state: &SharingState, ask: &LaunchAsk) -> bool {
    let held = state.positions_of(&ask.user, &ask.organisation);
    held.iter().filter_map(|position| state.role_of(position)).any(|role| role.as_str() == SYSTEM_ROLE)
}

impl Viewer {
    /// Makes a launch for a host.
    pub(crate) async fn create_launch(
        &self,
        caller: &Caller,
        request: &v1::CreateLaunchRequest,
    ) -> Result<Made, Failure> {
        let ask = LaunchAsk::read(request)?;
        if !may_launch(&self.gate.snapshot().state, &caller.organisation, &ask) {
            return Err(self.refused(caller, Exit::Launch).await);
        }
        let session = SessionId(self.entropy.uuid());
        let code = LaunchCode::make(&caller.organisation, &ask.organisation, self.entropy.as_ref());
        let launch = self.launch(caller, ask, session, HostContext::encode(request)).await?;
        let now = self.clock.now();
        let lasts = SignedDuration::try_from(self.settings.launch).unwrap_or(SignedDuration::ZERO);
        let expires_at = now.checked_add(lasts).map_err(|_| Failure::Internal)?;
        let mut work = self.store.begin(ROLE, 0).await.map_err(unavailable)?;
        work.prune_launches(now).await.map_err(unavailable)?;
        work.save_launch_code(&code.digest(), &launch, expires_at).await.map_err(unavailable)?;
        work.commit().await.map_err(unavailable)?;
        let url = format!("{}/panel?code={}", self.settings.public_url.trim_end_matches('/'), code.as_str());
        Ok(Made { url, expires_at, session })
    }

    /// What the launch binds together. It is bound to the person whom its question means for sure, if anyone.
    async fn launch(
        &self,
        caller: &Caller,
        ask: LaunchAsk,
        session: SessionId,
        context: Vec<u8>,
    ) -> Result<Launch, Failure> {
        let found = self.store.resolve(&ask.asked).await.map_err(unavailable)?;
        let bound = found.filter(|one| one.status == LinkStatus::Confirmed).map(|one| one.person);
        let requester = Requester {
            user: ask.user,
            organisation: ask.organisation,
            host_organisation: caller.organisation.clone(),
            position: ask.position,
        };
        let request = Request {
            requester,
            purpose: ask.purpose,
            session,
            bound_person: bound,
            relationship_asserted: ask.relationship_asserted,
            authenticated_at: ask.authenticated_at,
        };
        Ok(Launch { request, asked: ask.asked, origin: ask.origin, context })
    }

    /// The host behind a call, or its refusal: recorded, whether nobody is known or the wrong kind of caller.
    pub(crate) async fn host(&self, found: Result<Caller, Failure>) -> Result<Caller, Failure> {
        if found.is_err() {
            self.record_nameless(Exit::Launch).await;
        }
        found.map_err(|failure| if failure == Failure::Unauthenticated { failure } else { does_not_fit() })
    }
}
