//! Ports of this machine, and a bare HTTP connection: one request after another, nothing pooled, nothing retried.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// A request without a body, or with one that is held whole.
pub(crate) type Ask = Request<Full<Bytes>>;

/// Free ports below the range that outgoing connections take theirs from.
pub(crate) fn free_ports<const COUNT: usize>() -> Result<[SocketAddr; COUNT]> {
    let first = 20_000 + u16::try_from(std::process::id() % 9_000).unwrap_or(0);
    let addresses =
        (first..32_000).chain(20_000..first).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let free: Vec<SocketAddr> = addresses.filter(|one| TcpListener::bind(one).is_ok()).take(COUNT).collect();
    free.try_into().ok().context("there are no free ports between 20000 and 32000")
}

/// Waits until somebody listens.
pub(crate) async fn answers(address: SocketAddr, within: Duration) -> Result<()> {
    let deadline = Instant::now() + within;
    while Instant::now() < deadline {
        if TcpStream::connect(address).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("nobody answers at {address}")
}

/// One connection.
pub(crate) struct Connection {
    requests: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to).await.with_context(|| format!("{to} takes no connection"))?;
        stream.set_nodelay(true)?;
        let (requests, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with its requests; what goes wrong on it is told by them.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self { requests })
    }

    /// Sends a request and leaves the answer open.
    pub(crate) async fn send(&mut self, ask: Ask) -> Result<Response<Incoming>> {
        self.requests.ready().await?;
        Ok(self.requests.send_request(ask).await?)
    }

    /// Sends a request and reads the answer whole. Anything but 200 is an error.
    pub(crate) async fn read(&mut self, ask: Ask) -> Result<Bytes> {
        let response = self.send(ask).await?;
        if response.status() != StatusCode::OK {
            bail!("the answer was {}, not 200", response.status());
        }
        Ok(response.into_body().collect().await?.to_bytes())
    }
}

/// Fetches a path with a session's bearer.
pub(crate) fn get(path: &str, bearer: &str) -> Result<Ask> {
    let request = Request::builder().uri(path).header(HOST, "yett.localhost");
    Ok(request.header(AUTHORIZATION, format!("Bearer {bearer}")).body(Full::default())?)
}

/// Posts JSON to a path.
pub(crate) fn post(path: &str, body: &serde_json::Value) -> Result<Ask> {
    let request = Request::builder().method(Method::POST).uri(path).header(HOST, "yett.localhost");
    let request = request.header(CONTENT_TYPE, "application/json");
    Ok(request.body(Full::new(Bytes::from(body.to_string())))?)
}
