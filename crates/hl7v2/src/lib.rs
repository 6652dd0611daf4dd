//! Reads HL7 v2 messages into domain changes, and writes their acknowledgements.
//!
//! Pure: bytes in, values out. It opens no socket, keeps no state between messages and decides nothing about who
//! may see what. Whatever it did not understand it reports by segment and field, never by value.

pub mod ack;
mod charset;
mod error;
mod escape;
mod header;
mod message;
pub mod mllp;
mod read;
mod separators;
mod settings;
mod time;

#[cfg(test)]
mod corpora_tests;

pub use error::{Answer, Error, Location};
pub use header::{Header, Wanted};
pub use message::{Message, Segment, Value};
pub use read::{Note, Reading, Report, read, record_of};
pub use separators::Separators;
pub use settings::{LocalNumbers, Settings};

/// What came of one received message. The header is there even where the message could not be read, so that
/// every message can be answered.
#[derive(Debug)]
pub struct Received {
    /// Who sent it, under which id, and how it wants to be answered.
    pub header: Header,
    /// The change, or why it was refused.
    pub outcome: Result<Reading, Error>,
}

/// Reads one message as it came out of its frame. Never fails otherwise than in [`Received::outcome`].
pub fn receive(bytes: &[u8], settings: &Settings) -> Received {
    match Message::decode(bytes) {
        Ok(message) => Received { header: message.header().clone(), outcome: read(&message, settings) },
        Err(error) => {
            let header = Header::peek(bytes);
            let error = read::refusal_by_type(&header).unwrap_or(error);
            Received { header, outcome: Err(error) }
        }
    }
}
