//! Sessions: what a one-time code is exchanged for, and what every later question is bound to.
//!
//! A session is about one person, for one reader, by one host. Nothing that its bearer sends can change any of these.

use crate::Viewer;
use crate::launches::HostContext;
use crate::refusals::does_not_fit;
use crate::secrets::{LaunchCode, digest, new_secret};
use domain::{ChiNumber, CredentialKind, Exit};
use gate::Ask;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use storage::{Launch, PersonQuery, SecretDigest};
use transport::{Caller, Failure, bearer};

/// Role of the units of work that touch launches. Nobody claims it: every node may.
pub(crate) const ROLE: &str = "launches";

/// A session that is open now.
pub(crate) struct Session {
    pub(crate) launch: Launch,
    pub(crate) host: HostContext,
    pub(crate) expires_at: Timestamp,
    token: SecretDigest,
}

/// What a code was exchanged for.
pub(crate) struct Opened {
    pub(crate) bearer: String,
    pub(crate) origin: String,
}

impl Session {
    /// The question that this session may ask, through an exit.
    pub(crate) fn ask(&self, exit: Exit) -> Ask {
        Ask {
            request: self.launch.request.clone(),
            query: self.launch.asked.clone(),
            exit,
            host: self.host.identity.clone(),
        }
    }

    /// Whether an identifier is one of those that the launch named.
    pub(crate) fn names(&self, person: &PersonQuery) -> bool {
        let chi: Option<&ChiNumber> = self.host.identity.chi.as_ref();
        *person == self.launch.asked || matches!(person, PersonQuery::Chi(number) if Some(number) == chi)
    }

    /// Who is behind it, for a refusal.
    pub(crate) fn caller(&self) -> Caller {
        caller_of(&self.launch)
    }
}

fn caller_of(launch: &Launch) -> Caller {
    let requester = &launch.request.requester;
    Caller {
        organisation: requester.organisation.clone(),
        kind: CredentialKind::Host,
        holder: requester.user.clone(),
    }
}

/// Whether the page that frames the panel is the one that the launch names. Not every browser tells a page who frames
/// it; where none is told, the list of who may frame it, which every browser obeys, is what holds.
fn is_framed_right(launch: &Launch, ancestor: Option<&str>) -> bool {
    ancestor.is_none_or(|ancestor| ancestor == launch.origin)
}

impl Viewer {
    /// Exchanges a one-time code for a session. Used, expired, edited and unknown codes and a foreign page are
    /// answered alike.
    pub(crate) async fn exchange(&self, code: &str, ancestor: Option<&str>) -> Result<Opened, Failure> {
        let Some(code) = LaunchCode::read(code) else {
            self.record_nameless(Exit::Launch).await;
            return Err(does_not_fit());
        };
        let now = self.clock.now();
        let mut work = self.store.begin(ROLE, 0).await.map_err(unavailable)?;
        let taken = work.take_launch_code(&code.digest(), now).await.map_err(unavailable)?;
        let Some(launch) = taken else {
            drop(work);
            self.record_nameless(Exit::Launch).await;
            return Err(does_not_fit());
        };
        if !is_framed_right(&launch, ancestor) {
            work.commit().await.map_err(unavailable)?; // The code is used up all the same.
            return Err(self.refused(&caller_of(&launch), Exit::Launch).await);
        }
        let bearer = new_secret(self.entropy.as_ref());
        let lasts = SignedDuration::try_from(self.settings.session).unwrap_or(SignedDuration::ZERO);
        let expires_at = now.checked_add(lasts).map_err(|_| Failure::Internal)?;
        work.save_session(&digest(&bearer), &launch, expires_at).await.map_err(unavailable)?;
        work.commit().await.map_err(unavailable)?;
        Ok(Opened { bearer, origin: launch.origin })
    }

    /// The session of an `Authorization` header. None: recorded, and nothing said.
    pub(crate) async fn session(
        &self,
        authorization: Option<&str>,
        exit: Exit,
    ) -> Result<Arc<Session>, Failure> {
        let token = bearer(authorization).map(digest);
        let found = match token {
            Some(token) => self.open_session(token).await?,
            None => None,
        };
        if found.is_none() {
            self.record_nameless(exit).await;
        }
        found.ok_or(Failure::Unauthenticated)
    }

    /// Whether a session is still open. When it cannot be known, it is not.
    pub(crate) async fn is_open(&self, session: &Session) -> bool {
        matches!(self.open_session(session.token).await, Ok(Some(_)))
    }

    async fn open_session(&self, token: SecretDigest) -> Result<Option<Arc<Session>>, Failure> {
        let now = self.clock.now();
        if let Some(session) = self.recent.get(&token, now) {
            return Ok(Some(session));
        }
        let found = self.store.session(&token, now).await.map_err(unavailable)?;
        Ok(found.map(|(launch, expires_at)| {
            let host = HostContext::decode(&launch.context);
            let session = Arc::new(Session { launch, host, expires_at, token });
            self.recent.put(token, Arc::clone(&session), now);
            session
        }))
    }
}

/// How long a session counts as read: one that ended elsewhere is used no longer than this.
const RECENT: SignedDuration = SignedDuration::from_secs(1);
/// Most sessions that are kept; beyond them all are forgotten and read again.
const MOST_RECENT: usize = 20_000;

/// Sessions that were read a moment ago: a page asks several times in a row, and a stream every few seconds.
#[derive(Default)]
pub(crate) struct RecentSessions {
    read: Mutex<HashMap<SecretDigest, (Arc<Session>, Timestamp)>>,
}

impl RecentSessions {
    /// The session, if it was read within the last second and has not expired.
    fn get(&self, token: &SecretDigest, now: Timestamp) -> Option<Arc<Session>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let (session, at) = read.get(token)?;
        let recent = *at <= now && now.duration_since(*at) < RECENT && now < session.expires_at;
        if recent {
            return Some(Arc::clone(session));
        }
        read.remove(token);
        None
    }

    fn put(&self, token: SecretDigest, session: Arc<Session>, now: Timestamp) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= MOST_RECENT {
            read.clear();
        }
        read.insert(token, (session, now));
    }
}

/// The store did not answer: nothing was done, or it is not known whether it was.
pub(crate) fn unavailable(error: storage::Error) -> Failure {
    tracing::warn!(role = ROLE, error = %error, "launches and sessions cannot be reached");
    Failure::unavailable()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::launches::tests::{chi, launch};
    use domain::SourceRecord;

    /// The session of the launch that tests share.
    pub(crate) fn session() -> Session {
        let launch = launch();
        let host = HostContext::decode(&launch.context);
        Session { launch, host, expires_at: Timestamp::UNIX_EPOCH, token: [0; 32] }
    }

    #[test]
    fn a_page_that_another_site_frames_does_not_fit_and_a_browser_that_does_not_tell_does() {
        let launch = launch();
        assert!(is_framed_right(&launch, Some("http://portal.localhost:7411")));
        assert!(is_framed_right(&launch, None));
        for other in ["http://council.localhost:7410", "null", "", "http://portal.localhost:7411/"] {
            assert!(!is_framed_right(&launch, Some(other)), "{other}");
        }
    }

    #[test]
    fn a_session_is_remembered_for_a_second_and_never_beyond_its_end() {
        let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap();
        let recent = RecentSessions::default();
        let open = |ends: i64| Arc::new(Session { expires_at: at(ends), ..session() });
        recent.put([1; 32], open(10_000), at(1000));
        assert!(recent.get(&[1; 32], at(1000)).is_some() && recent.get(&[1; 32], at(1999)).is_some());
        assert!(recent.get(&[2; 32], at(1000)).is_none());
        assert!(recent.get(&[1; 32], at(2000)).is_none());
        recent.put([1; 32], open(1500), at(1000));
        assert!(recent.get(&[1; 32], at(1499)).is_some() && recent.get(&[1; 32], at(1500)).is_none());
        recent.put([1; 32], open(10_000), at(1000));
        assert!(recent.get(&[1; 32], at(999)).is_none(), "a clock that steps back is no second");
    }

    #[test]
    fn a_session_names_the_identifiers_of_its_launch_and_no_others() {
        let session = session();
        assert!(session.names(&session.launch.asked));
        assert!(session.names(&PersonQuery::Chi(chi("1203414749"))));
        let other = SourceRecord::parse("strathorr-pas", "other").unwrap();
        assert!(!session.names(&PersonQuery::Record(other)));
    }
}
