//! The floor of a view: an answer of the product, byte for byte, from memory, over the same kind of server.

use anyhow::{Context, Result};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use std::net::SocketAddr;
use std::path::Path;

/// Serves until it is ended.
pub(super) async fn run(listen: SocketAddr, body: &Path) -> Result<()> {
    let body = Bytes::from(std::fs::read(body).context("the answer cannot be read")?);
    let answer = get(move || {
        let body = body.clone();
        async move { ([(CONTENT_TYPE, "application/json")], body) }
    });
    let listener = tokio::net::TcpListener::bind(listen).await?.tap_io(|stream| {
        // A connection that cannot be tuned is slower, not wrong.
        drop(stream.set_nodelay(true));
    });
    Ok(axum::serve(listener, Router::new().route("/v1/view", answer)).await?)
}
