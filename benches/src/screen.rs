//! One nurse's screen: launched by the back channel, its code exchanged, its view fetched or followed, as the panel's
//! own script does it.

use crate::net::{Ask, Connection, get, post};
use crate::people::{BenchPerson, on_the_hosts_screen, timestamp, turn_in};
use crate::sender::{bearer, channel, request, said};
use anyhow::{Context, Result, bail};
use domain::{Clock, SystemClock};
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::Incoming;
use proto::viewing::v1;
use proto::viewing::v1::launch_service_client::LaunchServiceClient;
use proto::viewing::v1::person_identifier::Identifier;
use std::net::SocketAddr;
use std::time::Instant;
use tokio::sync::mpsc::UnboundedSender;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use world::staff::AILEEN_STRACHAN_BELL as NURSE;

/// Origin of the board's host, as the seed registers it.
const PORTAL: &str = "http://portal.localhost:7411";

/// The host that launches screens.
pub(crate) struct Host {
    client: LaunchServiceClient<Channel>,
    bearer: MetadataValue<Ascii>,
    http: SocketAddr,
}

/// A screen that is open. It holds the bearer of its session.
#[derive(Debug, Clone)]
pub(crate) struct Screen {
    http: SocketAddr,
    bearer: String,
}

/// A turn that a screen showed, and when. An error when the screen went wrong.
pub(crate) type Seen = Result<(usize, u32, Instant)>;

impl Host {
    /// A host with its credential.
    pub(crate) async fn connect(grpc: SocketAddr, http: SocketAddr, secret: &str) -> Result<Self> {
        let client = LaunchServiceClient::new(channel(grpc).await?);
        Ok(Self { client, bearer: bearer(secret)?, http })
    }

    /// Launches a screen of one person.
    pub(crate) async fn open(&mut self, person: &BenchPerson) -> Result<Screen> {
        let record = proto::intake::v1::SourceRecord {
            authority: world::HEALTH_AUTHORITY.to_owned(),
            local_id: person.health.local_id.clone(),
        };
        let launch = v1::CreateLaunchRequest {
            user: NURSE.user.to_owned(),
            organisation: NURSE.organisation.to_owned(),
            position: NURSE.position.to_owned(),
            purpose: NURSE.purpose.to_owned(),
            person: vec![v1::PersonIdentifier { identifier: Some(Identifier::Record(record)) }],
            host_demographics: Some(on_the_hosts_screen(&person.health.demographics)?),
            origin: PORTAL.to_owned(),
            relationship_asserted: true,
            authenticated_at: Some(timestamp(SystemClock.now())),
            host_shows_banner: false,
        };
        let made = self.client.create_launch(request(launch, &self.bearer)).await.map_err(said)?;
        let url = made.into_inner().url;
        let (_, code) = url.split_once("?code=").context("a launch address has no code")?;
        let exchange = serde_json::json!({ "code": code, "ancestor": PORTAL });
        let mut connection = Connection::open(self.http).await?;
        let session = connection.read(post("/panel/session", &exchange)?).await?;
        let session: serde_json::Value = serde_json::from_slice(&session)?;
        let bearer =
            session.get("bearer").and_then(serde_json::Value::as_str).context("a session has no bearer")?;
        Ok(Screen { http: self.http, bearer: bearer.to_owned() })
    }
}

impl Screen {
    /// The request for its view.
    pub(crate) fn ask(&self) -> Result<Ask> {
        get("/v1/view", &self.bearer)
    }

    /// Its view as JSON.
    pub(crate) async fn view(&self) -> Result<String> {
        let body = Connection::open(self.http).await?.read(self.ask()?).await?;
        Ok(String::from_utf8(body.to_vec())?)
    }

    /// Follows the live stream, and tells every turn that it shows under this number until nobody listens.
    pub(crate) async fn follow(&self, number: usize, seen: UnboundedSender<Seen>) -> Result<()> {
        let mut connection = Connection::open(self.http).await?;
        let response = connection.send(get("/panel/stream", &self.bearer)?).await?;
        if response.status() != StatusCode::OK {
            bail!("a live stream was refused: {}", response.status());
        }
        tokio::spawn(async move {
            if let Err(error) = read(response.into_body(), number, &seen).await {
                // Whoever followed may have gone.
                drop(seen.send(Err(error)));
            }
            drop(connection);
        });
        Ok(())
    }
}

async fn read(mut body: Incoming, number: usize, seen: &UnboundedSender<Seen>) -> Result<()> {
    let mut waiting = String::new();
    while let Some(frame) = body.frame().await {
        let Ok(bytes) = frame?.into_data() else { continue };
        waiting.push_str(&String::from_utf8_lossy(&bytes));
        while let Some(end) = waiting.find("\n\n") {
            let event: String = waiting.drain(..end + 2).collect();
            if let Some(turn) = told(&event)? {
                let at = Instant::now();
                if seen.send(Ok((number, turn, at))).is_err() {
                    return Ok(());
                }
            }
        }
    }
    bail!("a live stream ended")
}

/// The turn that an event shows; none in a sign of life. A panel that shows anything else went wrong.
fn told(event: &str) -> Result<Option<u32>> {
    match turn_in(event) {
        Some(turn) => Ok(Some(turn)),
        None if event.contains("event: heartbeat\n") => Ok(None),
        None => bail!("an open panel does not show what it should"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_that_goes_blank_is_no_answer() {
        assert_eq!(told("event: view\nid: 1\ndata: turn 00000007\n\n").unwrap(), Some(7));
        assert_eq!(told("event: heartbeat\ndata: \n\n").unwrap(), None);
        assert!(told("event: blank\nid: 2\ndata: <p>Closed</p>\n\n").is_err());
    }
}
