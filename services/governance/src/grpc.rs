//! The gRPC doors: who calls, decode, carry out, answer. One file a service; the rules stand in `rules`.

mod agreement;
mod directive;
mod organisation;
mod position;

use crate::desk::Desk;
use domain::{CredentialKind, EventId, FieldViolation};
use jiff::Timestamp;
use pipeline::Commands;
use std::sync::Arc;
use tonic::Request;
use transport::{Caller, CallerCheck, Failure};

/// What every service of governance stands on.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) desk: Arc<Desk>,
    pub(crate) callers: CallerCheck,
}

impl Door {
    fn operator<T>(&self, request: &Request<T>) -> Result<Caller, Failure> {
        self.callers.grpc(request, CredentialKind::Operator)
    }

    fn now(&self) -> Timestamp {
        self.desk.clock.now()
    }
}

/// The id of a command's event: the same request of the same organisation has the same one.
fn event_id(caller: &Caller, request_id: &str) -> Result<EventId, Failure> {
    let id = EventId::parse(request_id).map_err(|violation| Failure::field("request_id", violation.rule))?;
    Ok(Commands::event_id(caller.organisation.as_str(), &id.to_string()))
}

/// Reads a part of a request that must be there.
fn read<T, U>(
    field: &str,
    value: Option<T>,
    convert: impl FnOnce(T, &str) -> Result<U, Vec<FieldViolation>>,
) -> Result<U, Failure> {
    let value = value.ok_or_else(|| Failure::field(field, "is required"))?;
    Ok(convert(value, field)?)
}

/// Reads a code or an id.
fn code<T>(
    field: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, domain::Violation>,
) -> Result<T, Failure> {
    parse(text).map_err(|violation| Failure::field(field, violation.rule))
}

/// Reads an instant that may be left out.
fn instant(field: &str, value: Option<Seconds>) -> Result<Option<Timestamp>, Failure> {
    let read = value.map(|(seconds, nanos)| Timestamp::new(seconds, nanos)).transpose();
    read.map_err(|_| Failure::field(field, "must be an instant between the years 0001 and 9999"))
}

/// Seconds and nanoseconds of an instant on the wire.
type Seconds = (i64, i32);
