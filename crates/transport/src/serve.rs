//! The one accept loop for HTTP and gRPC: connection cap, first-byte, opening and idle limits, clean shutdown.

use crate::counted::counted;
use crate::io::GuardedStream;
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// Limits of one port.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most connections at once; the next ones wait in the system's backlog.
    pub connections: usize,
    /// Time until the first byte.
    pub first_byte: Duration,
    /// Time until the server's first answer on a new connection, and for the headers of every request.
    pub frame: Duration,
    /// Time without a byte either way.
    pub idle: Duration,
    /// Time that connections are given to finish at shutdown.
    pub shutdown: Duration,
}

/// Serves until the token is cancelled, then lets open connections finish within the limit.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let builder = Arc::new(connection_builder(&limits));
    let router = counted(router);
    loop {
        let slot = tokio::select! {
            () = stop.cancelled() => break,
            slot = Arc::clone(&slots).acquire_owned() => slot,
        };
        let Ok(slot) = slot else { break };
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match stream {
            Ok((stream, _)) => {
                let watcher = graceful.watcher();
                let connection = Connection { stream, slot, limits };
                tokio::spawn(handle(connection, router.clone(), Arc::clone(&builder), watcher));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    drop(listener);
    if tokio::time::timeout(limits.shutdown, graceful.shutdown()).await.is_err() {
        tracing::warn!(outcome = "shutdown-limit", "connections were still open and are closed now");
    }
}

struct Connection {
    stream: TcpStream,
    slot: OwnedSemaphorePermit,
    limits: Limits,
}

type Builder = auto::Builder<TokioExecutor>;

fn connection_builder(limits: &Limits) -> Builder {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.frame).max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_concurrent_streams(256)
        .max_header_list_size(32 * 1024)
        .max_pending_accept_reset_streams(Some(64));
    builder
}

async fn handle(
    connection: Connection,
    router: Router,
    builder: Arc<Builder>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let Connection { stream, slot, limits } = connection;
    let mut first = [0_u8; 1];
    match tokio::time::timeout(limits.first_byte, stream.peek(&mut first)).await {
        Ok(Ok(count)) if count > 0 => {}
        Ok(_) => return,
        Err(_) => {
            metrics::counter!("yett_connections_closed_total", "reason" => "first-byte").increment(1);
            return;
        }
    }
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let guarded = GuardedStream::new(stream, limits.frame, limits.idle);
    let service = TowerToHyperService::new(router);
    let serving = builder.serve_connection_with_upgrades(TokioIo::new(guarded), service);
    if watcher.watch(serving.into_owned()).await.is_err() {
        metrics::counter!("yett_connections_closed_total", "reason" => "broken-or-idle").increment(1);
    }
    drop(slot);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    fn limits() -> Limits {
        let short = Duration::from_millis(150);
        Limits { connections: 8, first_byte: short, frame: short, idle: short, shutdown: short }
    }

    async fn started() -> (std::net::SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        tokio::spawn(serve(listener, router, limits(), stop.clone()));
        (address, stop)
    }

    async fn closes(mut stream: TcpStream) -> bool {
        let mut rest = Vec::new();
        tokio::time::timeout(Duration::from_secs(3), stream.read_to_end(&mut rest)).await.is_ok()
    }

    #[tokio::test]
    async fn a_silent_connection_is_closed() {
        let (address, _stop) = started().await;
        assert!(closes(TcpStream::connect(address).await.unwrap()).await);
    }

    #[tokio::test]
    async fn half_a_preface_and_half_a_request_are_closed() {
        let (address, _stop) = started().await;
        for start in ["PRI * HT", "GET / HTTP/1.1\r\nHost: x\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(start.as_bytes()).await.unwrap();
            assert!(closes(stream).await, "still open after {start:?}");
        }
    }

    #[tokio::test]
    async fn a_preface_alone_opens_nothing_however_long_idle_connections_are_kept() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits { idle: Duration::from_mins(5), ..limits() };
        tokio::spawn(serve(listener, Router::new(), limits, CancellationToken::new()));
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        let mut silent = TcpStream::connect(address).await.unwrap();
        silent.write_all(preface).await.unwrap();
        assert!(closes(silent).await, "a preface and no more");
        let mut opened = TcpStream::connect(address).await.unwrap();
        opened.write_all(&[preface.as_slice(), &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat()).await.unwrap();
        let mut rest = Vec::new();
        let kept = tokio::time::timeout(Duration::from_millis(600), opened.read_to_end(&mut rest)).await;
        assert!(kept.is_err(), "a connection that was opened is kept while it is idle");
    }

    #[tokio::test]
    async fn a_whole_request_is_answered() {
        let (address, _stop) = started().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("here"));
    }
}
