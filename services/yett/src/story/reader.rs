//! One reader at one screen: signs in at a host, opens a person, and has Yett's panel in the frame, live.

use super::web::{Answered, Ask, Web, between, plain, undone};
use anyhow::{Context, Result, anyhow, bail};
use axum::http::{StatusCode, header};
use http_body_util::BodyExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

/// How long a change may take to show in an open panel before the story calls it lost.
const PATIENCE: Duration = Duration::from_secs(15);

/// A member of staff signed in at a host.
#[derive(Clone)]
pub(crate) struct SignedIn {
    web: Web,
    origin: String,
    cookie: String,
}

/// How somebody signs in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignIn<'a> {
    pub(crate) user: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) cares_for: bool,
}

impl SignedIn {
    /// Signs in.
    pub(crate) async fn at(origin: &str, who: SignIn<'_>) -> Result<Self> {
        let web = Web::new();
        let url = format!("{origin}/sign-in");
        let cares_for = if who.cares_for { "yes" } else { "no" };
        let fields = [("user", who.user), ("purpose", who.purpose), ("cares_for", cares_for)];
        let answer = web.ask(Ask::form(&url, &fields)).await?;
        let cookie = answer.header("set-cookie").and_then(|text| text.split(';').next()).map(str::to_owned);
        let cookie = cookie.ok_or_else(|| anyhow!("{} could not sign in", who.user))?;
        Ok(Self { web, origin: origin.to_owned(), cookie })
    }

    async fn page(&self, path: &str) -> Result<Answered> {
        let url = format!("{}{path}", self.origin);
        self.web.ask(Ask::get(&url).with(header::COOKIE, &self.cookie)).await
    }

    /// The host's own page of a record.
    pub(crate) async fn record(&self, local_id: &str) -> Result<String> {
        self.page(&format!("/record/{local_id}")).await?.expect(StatusCode::OK, "the record page")
    }

    /// Sends the edit form of a record; fields that are left out stay as they are.
    pub(crate) async fn edit(&self, local_id: &str, fields: &[(&str, &str)]) -> Result<()> {
        let url = format!("{}/record/{local_id}/edit", self.origin);
        let answer = self.web.ask(Ask::form(&url, fields).with(header::COOKIE, &self.cookie)).await?;
        if answer.status == StatusCode::SEE_OTHER {
            return Ok(());
        }
        bail!("the edit was not taken: {}", plain(&answer.text))
    }

    /// The one-time address that the host's page frames.
    pub(crate) async fn launch(&self, local_id: &str) -> Result<String> {
        let page = self.record(local_id).await?;
        let frame = between(&page, "<iframe src=\"", "\"");
        frame.map(undone).ok_or_else(|| anyhow!("the record page frames no panel: {}", plain(&page)))
    }

    /// Opens a record and Yett's panel in it.
    pub(crate) async fn open(&self, local_id: &str) -> Result<Panel> {
        let url = self.launch(local_id).await?;
        Panel::open(self.web.clone(), &url, &self.origin).await
    }
}

/// An open panel: exactly the requests that its script makes.
pub(crate) struct Panel {
    web: Web,
    base: String,
    bearer: String,
    shown: watch::Receiver<String>,
    _following: Arc<Following>,
}

struct Following(AbortHandle);

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Panel {
    /// Exchanges the code of a launch address and follows the view.
    pub(crate) async fn open(web: Web, url: &str, ancestor: &str) -> Result<Self> {
        let shell = web.ask(Ask::get(url)).await?;
        let policy = shell.header("content-security-policy").unwrap_or_default().to_owned();
        shell.expect(StatusCode::OK, "the panel's document")?;
        if !policy.contains(&format!("frame-ancestors {ancestor}")) {
            bail!("the panel may be framed by others than its host: {policy}");
        }
        let (base, bearer) = exchange(&web, url, ancestor).await?;
        let (sender, shown) = watch::channel(String::new());
        let view = web.ask(Ask::get(&format!("{base}/panel/view")).bearer(&bearer)).await?;
        sender.send_replace(view.text.clone());
        let last = view.header("yett-event-id").unwrap_or_default().to_owned();
        let task = tokio::spawn(follow(web.clone(), base.clone(), bearer.clone(), (last, sender)));
        let mut panel =
            Self { web, base, bearer, shown, _following: Arc::new(Following(task.abort_handle())) };
        // Live from here on: the stream's own first word has come.
        panel.shown.mark_unchanged();
        let first = timeout(PATIENCE, panel.shown.changed()).await;
        first.context("the live stream says nothing")?.context("the live stream ended")?;
        Ok(panel)
    }

    /// What stands on the screen now.
    pub(crate) fn html(&self) -> String {
        self.shown.borrow().clone()
    }

    /// The same as a reader reads it.
    pub(crate) fn text(&self) -> String {
        plain(&self.html())
    }

    /// Waits until the screen reads as it should; answers how long that took.
    pub(crate) async fn wait(&mut self, what: &str, mut holds: impl FnMut(&str) -> bool) -> Result<Duration> {
        let begun = Instant::now();
        let waited = timeout(PATIENCE, self.shown.wait_for(|html| holds(&plain(html)))).await;
        match waited.map(|shown| shown.is_ok()) {
            Ok(true) => Ok(begun.elapsed()),
            Ok(false) => bail!("{what}: the live stream ended"),
            Err(_) => bail!("{what}: not within {} s; the panel reads: {}", PATIENCE.as_secs(), self.text()),
        }
    }

    /// The JSON view of the same session.
    pub(crate) async fn json(&self) -> Result<serde_json::Value> {
        let url = format!("{}/v1/view", self.base);
        let answer = self.web.ask(Ask::get(&url).bearer(&self.bearer)).await?;
        let text = answer.expect(StatusCode::OK, "the JSON view")?;
        serde_json::from_str(&text).context("the JSON view is no JSON")
    }

    /// The items of that view.
    pub(crate) async fn items(&self) -> Result<Vec<serde_json::Value>> {
        let view = self.json().await?;
        let items = view.pointer("/view/items").and_then(serde_json::Value::as_array);
        items.cloned().ok_or_else(|| anyhow!("the JSON view shows nothing: {view}"))
    }

    /// Sends something of the session.
    pub(crate) async fn post(&self, path: &str, body: &serde_json::Value) -> Result<Answered> {
        self.web.ask(Ask::json(&format!("{}{path}", self.base), body).bearer(&self.bearer)).await
    }
}

/// Exchanges a launch code for a session; answers the panel's origin and the bearer.
pub(crate) async fn exchange(web: &Web, url: &str, ancestor: &str) -> Result<(String, String)> {
    let answer = try_exchange(web, url, ancestor).await?;
    let base = url.split_once("/panel").map(|(base, _)| base.to_owned()).unwrap_or_default();
    let text = answer.expect(StatusCode::OK, "the exchange of the launch code")?;
    let session: serde_json::Value = serde_json::from_str(&text)?;
    let bearer = session.get("bearer").and_then(|value| value.as_str());
    Ok((base, bearer.context("the session has no bearer")?.to_owned()))
}

/// The same, whatever the answer is.
pub(crate) async fn try_exchange(web: &Web, url: &str, ancestor: &str) -> Result<Answered> {
    let (base, query) = url.split_once("/panel?code=").context("the launch address has no code")?;
    let body = serde_json::json!({ "code": query, "ancestor": ancestor });
    web.ask(Ask::json(&format!("{base}/panel/session"), &body)).await
}

/// Follows the live stream for ever; after a break it begins again, as the script does.
async fn follow(web: Web, base: String, bearer: String, (mut last, shown): (String, watch::Sender<String>)) {
    loop {
        if stream(&web, &base, &bearer, &mut last, &shown).await.is_err() {
            // A cut connection is tried again, as the panel's script does.
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

async fn stream(
    web: &Web,
    base: &str,
    bearer: &str,
    last: &mut String,
    shown: &watch::Sender<String>,
) -> Result<()> {
    let url = format!("{base}/panel/stream");
    let mut ask = Ask::get(&url).bearer(bearer).with(header::ACCEPT, "text/event-stream");
    if !last.is_empty() {
        ask = ask.with(header::HeaderName::from_static("last-event-id"), last);
    }
    let response = web.open(ask).await?;
    if response.status() != StatusCode::OK {
        bail!("the stream was refused: {}", response.status());
    }
    let mut body = response.into_body();
    let mut waiting = String::new();
    while let Some(frame) = body.frame().await {
        let Ok(bytes) = frame?.into_data() else { continue };
        waiting.push_str(&String::from_utf8_lossy(&bytes));
        while let Some((event, rest)) =
            waiting.split_once("\n\n").map(|(one, two)| (one.to_owned(), two.to_owned()))
        {
            waiting = rest;
            take(&event, last, shown);
        }
    }
    Ok(())
}

fn take(event: &str, last: &mut String, shown: &watch::Sender<String>) {
    let field = |name: &str| {
        let lines = event.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ").or(Some("")));
        lines.collect::<Vec<_>>().join("\n")
    };
    let id = field("id");
    if !id.is_empty() {
        *last = id;
    }
    if matches!(field("event").as_str(), "view" | "blank") {
        shown.send_replace(field("data"));
    }
}
