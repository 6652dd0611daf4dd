//! A message that may leave only when it is released, with the bytes that its leaf is digested from.

use policy::Body;
use prost::Message;

/// A message and its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Wire<M> {
    message: M,
    bytes: Vec<u8>,
}

impl<M: Message> Wire<M> {
    /// Encodes the message.
    pub fn of(message: M) -> Self {
        let bytes = message.encode_to_vec();
        Self { message, bytes }
    }

    /// The message, to send.
    pub fn into_message(self) -> M {
        self.message
    }
}

impl<M> Body for Wire<M> {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
