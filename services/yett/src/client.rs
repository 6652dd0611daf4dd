//! How the command line speaks to a running node: over gRPC, with a credential.

use anyhow::{Context, Result, anyhow};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic_types::StatusExt;

/// A channel that shows a credential with every call.
pub(crate) type Credentialed = InterceptedService<Channel, Bearer>;

/// Puts the credential into every call.
#[derive(Clone)]
pub(crate) struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: tonic::Request<()>) -> Result<tonic::Request<()>, tonic::Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// A channel to a node that connects at its first call.
pub(crate) fn channel(node: SocketAddr, secret: &str) -> Result<Credentialed> {
    let endpoint = Endpoint::from_shared(format!("http://{node}"))?
        .connect_timeout(Duration::from_secs(5))
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_while_idle(true);
    let value = format!("Bearer {}", secret.trim()).parse();
    let value = value.map_err(|_| anyhow!("the credential holds characters that a header cannot carry"))?;
    Ok(InterceptedService::new(endpoint.connect_lazy(), Bearer(value)))
}

/// A channel with the secret that a file holds.
pub(crate) fn channel_with(node: SocketAddr, token_file: &Path) -> Result<Credentialed> {
    let secret = std::fs::read_to_string(token_file).with_context(|| {
        format!("the credential in {} cannot be read: name another with --token", token_file.display())
    })?;
    channel(node, &secret)
}

/// A refusal in words: the rule of each field, or what the node said.
pub(crate) fn said(status: &tonic::Status) -> anyhow::Error {
    let details = status.get_error_details();
    let fields = details.bad_request().map_or(&[] as &[_], |bad| bad.field_violations.as_slice());
    if fields.is_empty() {
        return anyhow!("{} ({:?})", status.message(), status.code());
    }
    let lines: Vec<String> =
        fields.iter().map(|one| format!("  {}: {}", one.field, one.description)).collect();
    anyhow!("refused:\n{}", lines.join("\n"))
}

/// Turns a status into an error for people.
pub(crate) trait Answered<T> {
    /// The message of the answer.
    fn answer(self) -> Result<T>;
}

impl<T> Answered<T> for Result<tonic::Response<T>, tonic::Status> {
    fn answer(self) -> Result<T> {
        self.map(tonic::Response::into_inner).map_err(|status| said(&status))
    }
}
