//! Who is signed in at a host. In memory; there is no password, since nobody here is real.

use domain::Entropy;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use world::staff::{self, Member};

/// One sign-in.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) member: &'static Member,
    /// Why the person looks people up.
    pub(crate) purpose: String,
    /// The host says of everyone opened that the person cares for them.
    pub(crate) cares_for: bool,
    pub(crate) at: Timestamp,
    /// Something to say once, on the next page.
    notice: Option<String>,
}

/// Sign-ins by the token in the cookie.
pub(crate) struct Sessions {
    organisation: &'static str,
    open: Mutex<BTreeMap<String, SignIn>>,
}

impl Sessions {
    pub(crate) fn new(organisation: &'static str) -> Self {
        Self { organisation, open: Mutex::new(BTreeMap::new()) }
    }

    /// Signs a member of staff of this organisation in; answers the token.
    pub(crate) fn sign_in(
        &self,
        user: &str,
        (purpose, cares_for): (&str, bool),
        at: Timestamp,
        entropy: &dyn Entropy,
    ) -> Option<String> {
        let member = staff::of(self.organisation).find(|member| member.user == user)?;
        let purpose = if purpose.is_empty() { member.purpose } else { purpose }.to_owned();
        let token = entropy.uuid().simple().to_string();
        self.open().insert(token.clone(), SignIn { member, purpose, cares_for, at, notice: None });
        Some(token)
    }

    pub(crate) fn sign_out(&self, token: &str) {
        self.open().remove(token);
    }

    pub(crate) fn find(&self, token: &str) -> Option<SignIn> {
        self.open().get(token).cloned()
    }

    /// Leaves something to say on the next page.
    pub(crate) fn leave_notice(&self, token: &str, notice: String) {
        if let Some(sign_in) = self.open().get_mut(token) {
            sign_in.notice = Some(notice);
        }
    }

    /// Takes what is to be said.
    pub(crate) fn take_notice(&self, token: &str) -> Option<String> {
        self.open().get_mut(token)?.notice.take()
    }

    fn open(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, SignIn>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
