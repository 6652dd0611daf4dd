//! The MLLP port: connections, limits, frames in, acknowledgements out, in order.
//!
//! Must not understand a message: `hl7v2` reads it and `handlers/take_messages.rs` decides what it is answered.

use crate::handlers::take_messages::take_messages;
use domain::Authority;
use hl7v2::mllp::{Decoder, frame};
use intake::{Feed, Intake};
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

#[cfg(test)]
mod tests;

/// Bytes read at a time.
const CHUNK: usize = 16 * 1024;
/// Most frames of one connection that go to the log in one append.
const MOST_FRAMES: usize = 64;

/// What a connection may take up.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time; a further one is closed at once.
    pub connections: usize,
    /// From connecting to the start of the first frame.
    pub first_byte: Duration,
    /// From the start of a frame to its end.
    pub frame: Duration,
    /// From the end of a frame to the start of the next.
    pub idle: Duration,
    /// For the sender to take an acknowledgement.
    pub answer: Duration,
    /// Longest message, in bytes.
    pub frame_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 128,
            first_byte: Duration::from_secs(10),
            frame: Duration::from_secs(10),
            idle: Duration::from_mins(10),
            answer: Duration::from_secs(10),
            frame_bytes: 1024 * 1024,
        }
    }
}

/// How the port reads and answers.
#[derive(Debug, Clone)]
pub struct MllpSettings {
    /// How the sender writes its messages.
    pub hl7: hl7v2::Settings,
    /// What a connection may take up.
    pub limits: Limits,
    /// Leaves out answers that MSH-15 and MSH-16 do not want. Off by default: most senders wait for one anyway.
    pub honour_never: bool,
}

impl MllpSettings {
    /// The usual limits, an answer to every message.
    pub fn new(hl7: hl7v2::Settings) -> Self {
        Self { hl7, limits: Limits::default(), honour_never: false }
    }

    /// For a sender that names this authority by its code in PID-3.4. `zone` is that of times without an offset.
    pub fn for_authority(authority: Authority, zone: TimeZone, limits: Limits) -> Self {
        let hl7 = hl7v2::Settings { zone, ..hl7v2::Settings::new(authority.clone().as_str(), authority) };
        Self { hl7, limits, honour_never: false }
    }
}

/// Why a connection was closed. The codes are the `reason` of the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closed {
    BySender,
    InFrame,
    TooMany,
    FirstByte,
    Idle,
    SlowFrame,
    LongFrame,
    Noise,
    Unavailable,
    NoFeed,
    SlowReader,
    Broken,
    Shutdown,
}

impl Closed {
    fn code(self) -> &'static str {
        match self {
            Self::BySender => "by_sender",
            Self::InFrame => "inside_frame",
            Self::TooMany => "too_many",
            Self::FirstByte => "first_byte_timeout",
            Self::Idle => "idle_timeout",
            Self::SlowFrame => "frame_timeout",
            Self::LongFrame => "frame_too_long",
            Self::Noise => "noise",
            Self::Unavailable => "log_unavailable",
            Self::NoFeed => "no_feed",
            Self::SlowReader => "answer_timeout",
            Self::Broken => "broken",
            Self::Shutdown => "shutdown",
        }
    }
}

/// Says whose feed the port is. Asked for every batch of messages, so that an organisation that was taken out of the
/// register feeds no more. While there is none, messages are not answered: their sender keeps them.
pub type FeedSource = Arc<dyn Fn() -> Option<Feed> + Send + Sync>;

struct Port {
    intake: Arc<dyn Intake>,
    feed: FeedSource,
    settings: MllpSettings,
    shutdown: CancellationToken,
}

/// Serves one MLLP port for one feed until `shutdown`; what a connection has begun to append it still answers.
pub async fn run_mllp(
    listener: TcpListener,
    intake: Arc<dyn Intake>,
    feed: FeedSource,
    settings: MllpSettings,
    shutdown: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(settings.limits.connections));
    let port = Arc::new(Port { intake, feed, settings, shutdown: shutdown.clone() });
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            Some(ended) = connections.join_next(), if !connections.is_empty() => {
                note_panic(ended);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of descriptors, or a peer that is gone already: the next one may do.
                tracing::warn!(door = "hl7v2", error = %error.kind(), "connection not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            count(Closed::TooMany);
            continue;
        };
        let port = Arc::clone(&port);
        connections.spawn(async move {
            count(port.serve(stream).await);
            drop(place);
        });
    }
    while let Some(ended) = connections.join_next().await {
        note_panic(ended);
    }
}

fn note_panic(ended: Result<(), tokio::task::JoinError>) {
    if ended.is_err() {
        tracing::error!(door = "hl7v2", "a connection ended by a fault of the program");
    }
}

fn count(closed: Closed) {
    metrics::counter!(
        telemetry::names::CONNECTIONS_CLOSED,
        "door" => "hl7v2",
        "reason" => closed.code()
    )
    .increment(1);
}

impl Port {
    async fn serve(&self, mut stream: TcpStream) -> Closed {
        if stream.set_nodelay(true).is_err() {
            return Closed::Broken;
        }
        let limits = &self.settings.limits;
        let mut decoder = Decoder::new(limits.frame_bytes);
        let mut chunk = vec![0; CHUNK];
        let mut deadline = (Instant::now() + limits.first_byte, Closed::FirstByte);
        loop {
            let read = tokio::select! {
                () = self.shutdown.cancelled() => return Closed::Shutdown,
                read = timeout_at(deadline.0, stream.read(&mut chunk)) => read,
            };
            let bytes = match read {
                Err(_) => return deadline.1,
                Ok(Err(_)) => return Closed::Broken,
                Ok(Ok(0)) if decoder.is_inside() => return Closed::InFrame,
                Ok(Ok(0)) => return Closed::BySender,
                Ok(Ok(length)) => chunk.get(..length).unwrap_or_default(),
            };
            let was_inside = decoder.is_inside();
            decoder.feed(bytes);
            let answered = match self.answer_frames(&mut stream, &mut decoder).await {
                Ok(answered) => answered,
                Err(closed) => return closed,
            };
            // Only the start or the end of a frame moves the deadline: neither noise nor a trickle does.
            if decoder.is_inside() && (answered || !was_inside) {
                deadline = (Instant::now() + limits.frame, Closed::SlowFrame);
            } else if answered {
                deadline = (Instant::now() + limits.idle, Closed::Idle);
            }
        }
    }

    /// Answers every whole frame that is there. Says whether there was one.
    async fn answer_frames(&self, stream: &mut TcpStream, decoder: &mut Decoder) -> Result<bool, Closed> {
        let mut answered = false;
        loop {
            let mut frames = Vec::new();
            let mut fault = None;
            while frames.len() < MOST_FRAMES {
                match decoder.next_frame() {
                    Ok(Some(frame)) => frames.push(frame),
                    Ok(None) => break,
                    Err(error) => {
                        fault = Some(error);
                        break;
                    }
                }
            }
            let more = frames.len() == MOST_FRAMES;
            if !frames.is_empty() {
                answered = true;
                self.answer(stream, frames).await?;
            }
            match fault {
                Some(hl7v2::mllp::FrameError::TooLong { .. }) => return Err(Closed::LongFrame),
                Some(hl7v2::mllp::FrameError::Stray) => return Err(Closed::Noise),
                None if more => {}
                None => return Ok(answered),
            }
        }
    }

    async fn answer(&self, stream: &mut TcpStream, frames: Vec<Vec<u8>>) -> Result<(), Closed> {
        let Some(feed) = (self.feed)() else {
            tracing::warn!(
                door = "hl7v2",
                "messages not taken: the register has no active organisation for this port"
            );
            return Err(Closed::NoFeed);
        };
        let answers = take_messages(self.intake.as_ref(), &feed, &self.settings, frames).await;
        let bytes: Vec<u8> = answers.acknowledgements.iter().flat_map(|answer| frame(answer)).collect();
        let written = timeout(self.settings.limits.answer, stream.write_all(&bytes)).await;
        match written {
            Err(_) => Err(Closed::SlowReader),
            Ok(Err(_)) => Err(Closed::Broken),
            Ok(Ok(())) if answers.unavailable => Err(Closed::Unavailable),
            Ok(Ok(())) => Ok(()),
        }
    }
}
