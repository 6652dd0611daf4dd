//! The sections. Each field is documented where people read it: in `config/default.toml`.

use crate::SecretReference;
use serde::Deserialize;
use std::net::SocketAddr;

/// All settings of one node.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where data lies.
    pub node: Node,
    /// Addresses to listen on.
    pub listen: Listen,
    /// Keys.
    pub keys: Keys,
    /// Feeds.
    pub intake: Intake,
    /// Matching.
    pub matching: Matching,
    /// Decisions.
    pub policy: Policy,
    /// Panels.
    pub viewer: Viewer,
    /// Logs and metrics.
    pub telemetry: Telemetry,
    /// Limits at the edges.
    pub limits: Limits,
}

/// `[node]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Folder of the log, the stores and the keys.
    pub data_dir: String,
}

/// `[listen]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Panels, JSON views, health and metrics.
    pub http: SocketAddr,
    /// gRPC.
    pub grpc: SocketAddr,
    /// HL7 v2 over MLLP.
    pub mllp: SocketAddr,
    /// Base address that launches are made for, such as `http://yett.localhost:7400`.
    pub public_url: String,
}

/// `[keys]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Master key that wraps all data keys: 64 hexadecimal digits.
    pub master: SecretReference,
    /// Ed25519 key (PKCS#8, base64) that signs checkpoints.
    pub checkpoint: SecretReference,
    /// Key of pseudonyms and digests in leaves: 64 hexadecimal digits.
    pub disclosure: SecretReference,
    /// Make keys that do not exist yet. For a laptop; production provides its own.
    pub make_missing: bool,
}

/// `[intake]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    /// Assigning authority whose records the MLLP port takes.
    pub mllp_authority: String,
    /// CX.4 of the sender's own patient numbers in PID-3.
    pub mllp_numbers: String,
    /// Take numbers of no named, or an unknown, authority as the sender's own.
    pub mllp_take_unnamed: bool,
    /// Time zone of times without one.
    pub time_zone: String,
    /// Largest share of a full extract's records, in percent, that may vanish before the import stops and asks.
    pub removal_stop_percent: u8,
}

/// `[matching]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// Authority of the index: its records stand for persons.
    pub index_authority: String,
    /// Link adults by machine.
    pub adults: bool,
    /// Link children by machine.
    pub children: bool,
    /// Wait between two tries of an assignment that nobody confirmed, in seconds.
    pub assignment_retry_s: u64,
}

/// `[policy]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How long a snapshot may be trusted without hearing from the log, in milliseconds.
    pub lease_ms: u64,
    /// How far the clock may step back before disclosure stops, in milliseconds.
    pub clock_skew_ms: u64,
}

/// `[viewer]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Viewer {
    /// Life of a launch URL, in seconds.
    pub launch_s: u64,
    /// Life of a session, in seconds.
    pub session_s: u64,
    /// Heartbeat on live streams, in seconds.
    pub heartbeat_s: u64,
    /// Most panels open at once.
    pub most_panels: u32,
}

/// `[telemetry]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// Log filter.
    pub filter: String,
    /// `json` or `text`.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Short lines for people.
    Text,
}

/// `[limits]`
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Largest request or message, in bytes.
    pub message_bytes: usize,
    /// Most connections on one port.
    pub connections: usize,
    /// Time until the first byte of a connection, in milliseconds.
    pub first_byte_ms: u64,
    /// Time that a message or request may take to arrive, in milliseconds.
    pub frame_ms: u64,
    /// Time that an idle connection is kept, in milliseconds.
    pub idle_ms: u64,
    /// Time that a shutdown may take, in milliseconds.
    pub shutdown_ms: u64,
}
