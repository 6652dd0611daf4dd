//! Launch codes, used once within a minute, and the sessions that they are exchanged for.

use crate::{Error, PersonQuery};
use async_trait::async_trait;
use domain::{Request, SessionId};
use jiff::Timestamp;

/// SHA-256 of a code or a bearer token: the secret itself is stored nowhere.
pub type SecretDigest = [u8; 32];

/// What a launch binds together.
#[derive(Clone, PartialEq, Eq)]
pub struct Launch {
    /// Requester, purpose, session.
    pub request: Request,
    /// The person asked for, in the host's terms.
    pub asked: PersonQuery,
    /// Origin of the host's page that may frame the panel.
    pub origin: String,
    /// What else the viewer keeps with it, coded by the viewer, such as the host's own identity fields to compare.
    pub context: Vec<u8>,
}

impl std::fmt::Debug for Launch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Launch({})", self.request.session)
    }
}

/// Writing side.
#[async_trait]
pub trait Launches {
    /// Stores a launch code.
    async fn save_launch_code(
        &mut self,
        code: &SecretDigest,
        launch: &Launch,
        expires_at: Timestamp,
    ) -> Result<(), Error>;

    /// Takes a launch code: gives its launch once, and nothing if it is unknown, used or expired at `now`.
    async fn take_launch_code(
        &mut self,
        code: &SecretDigest,
        now: Timestamp,
    ) -> Result<Option<Launch>, Error>;

    /// Stores a session under its bearer token.
    async fn save_session(
        &mut self,
        token: &SecretDigest,
        launch: &Launch,
        expires_at: Timestamp,
    ) -> Result<(), Error>;

    /// Ends a session: none of its tokens counts any more.
    async fn end_session(&mut self, session: SessionId) -> Result<(), Error>;

    /// Forgets codes and sessions that expired before `now`.
    async fn prune_launches(&mut self, now: Timestamp) -> Result<(), Error>;
}

/// Reading side.
#[async_trait]
pub trait LaunchReads {
    /// The launch behind a bearer token, unless it expired, and when it expires.
    async fn session(
        &self,
        token: &SecretDigest,
        now: Timestamp,
    ) -> Result<Option<(Launch, Timestamp)>, Error>;
}
