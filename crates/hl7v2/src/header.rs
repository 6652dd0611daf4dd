//! Who sent a message, under which id, and how it wants to be answered. Read first, and even of a message that
//! cannot be read otherwise: each one must get its answer.

use crate::charset::{self, Decoded};
use crate::{Separators, Value};
use encoding_rs::Encoding;

/// When a sender wants an acknowledgement (HL7 table 0155).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `AL`: always.
    Always,
    /// `NE`: never.
    Never,
    /// `ER`: of a refusal only.
    OnError,
    /// `SU`: of success only.
    OnSuccess,
}

impl Wanted {
    fn of(code: &str) -> Option<Self> {
        match code {
            "AL" => Some(Self::Always),
            "NE" => Some(Self::Never),
            "ER" => Some(Self::OnError),
            "SU" => Some(Self::OnSuccess),
            _ => None,
        }
    }
}

/// The header of a message. The texts of applications and facilities are as written, in the message's separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Name of the first segment: `MSH`, or `BHS`, `FHS`; empty where there is none.
    pub segment: &'static str,
    /// The message's separators; the usual ones where it states none.
    pub separators: Separators,
    /// MSH-3.
    pub sending_app: String,
    /// MSH-4.
    pub sending_facility: String,
    /// MSH-5.
    pub receiving_app: String,
    /// MSH-6.
    pub receiving_facility: String,
    /// MSH-7 as written.
    pub time: String,
    /// MSH-9.1.
    pub message_type: String,
    /// MSH-9.2.
    pub trigger: String,
    /// MSH-10 as written; that of the batch for a batch.
    pub control_id: String,
    /// MSH-11.
    pub processing_id: String,
    /// MSH-12.1.
    pub version: String,
    /// MSH-15, where stated.
    pub accept_ack: Option<Wanted>,
    /// MSH-16, where stated.
    pub app_ack: Option<Wanted>,
    /// MSH-18 as written, first repetition.
    pub charset: String,
    /// The character set that the bytes really are in, for the answer.
    pub(crate) encoding: &'static Encoding,
}

impl Header {
    /// Reads what can be read of a message's first segment. Never fails: what is absent is empty.
    pub fn peek(bytes: &[u8]) -> Self {
        let bytes = without_mark(bytes);
        let start = bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(bytes.len());
        let bytes = bytes.get(start..).unwrap_or_default();
        let end = bytes.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(bytes.len());
        let line = bytes.get(..end).unwrap_or_default();
        let latin = encoding_rs::mem::decode_latin1(line);
        let charset = Self::of_line(&latin, encoding_rs::UTF_8).charset;
        // The whole message decides what unstated bytes are; the header alone may be plain ASCII.
        let Decoded { encoding, .. } = charset::decode_anyhow(bytes, &charset);
        let text = encoding.decode_without_bom_handling(line).0;
        Self::of_line(&text, encoding)
    }

    pub(crate) fn of_line(line: &str, encoding: &'static Encoding) -> Self {
        let segment = ["MSH", "BHS", "FHS"].into_iter().find(|name| line.starts_with(name));
        let separators =
            segment.and_then(|_| Separators::of_header(line)).unwrap_or_else(|| field_separator(line));
        let fields: Vec<&str> = segment.map(|_| line.split(separators.field).collect()).unwrap_or_default();
        // Field 1 is the separator itself, so field n stands at n - 1.
        let field = |number: usize| fields.get(number - 1).copied().unwrap_or_default();
        let part = |number: usize, component: usize| Value::new(field(number), separators).part(component);
        let batch = segment.is_some_and(|name| name != "MSH");
        Self {
            segment: segment.unwrap_or_default(),
            separators,
            sending_app: field(3).to_owned(),
            sending_facility: field(4).to_owned(),
            receiving_app: field(5).to_owned(),
            receiving_facility: field(6).to_owned(),
            time: field(7).to_owned(),
            message_type: if batch { String::new() } else { part(9, 1) },
            trigger: if batch { String::new() } else { part(9, 2) },
            control_id: field(if batch { 11 } else { 10 }).trim().to_owned(),
            processing_id: if batch { String::new() } else { part(11, 1) },
            version: if batch { String::new() } else { part(12, 1) },
            accept_ack: Wanted::of(field(15).trim()).filter(|_| !batch),
            app_ack: Wanted::of(field(16).trim()).filter(|_| !batch),
            charset: if batch { String::new() } else { first_repetition(field(18), separators) },
            encoding,
        }
    }

    /// Who sent the message, for recognising repeats: the sending application and facility as written.
    pub fn sender(&self) -> String {
        format!("{}{}{}", self.sending_app, self.separators.field, self.sending_facility)
    }
}

/// The usual separators, but for the field's where the line shows one: enough to answer a message whose MSH-2 is
/// broken.
fn field_separator(line: &str) -> Separators {
    let usual = Separators::default();
    match line.chars().nth(3) {
        Some(field) if field.is_ascii_punctuation() && !usual.encoding_characters().contains(field) => {
            Separators { field, ..usual }
        }
        Some(_) | None => usual,
    }
}

fn first_repetition(field: &str, separators: Separators) -> String {
    field.split(separators.repetition).next().unwrap_or_default().trim().to_owned()
}

/// The bytes without a byte order mark in front.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_with_the_messages_own_separators() {
        let header = Header::peek(
            b"\xEF\xBB\xBF\r\nMSH^~|\\&^APP^FAC^^^20260101^^ADT~A31~ADT_A05^77^P^2.4^^^AL^NE^^8859/1\rPID^",
        );
        assert_eq!((header.message_type.as_str(), header.trigger.as_str()), ("ADT", "A31"));
        assert_eq!((header.control_id.as_str(), header.version.as_str()), ("77", "2.4"));
        assert_eq!((header.accept_ack, header.app_ack), (Some(Wanted::Always), Some(Wanted::Never)));
        assert_eq!(header.charset, "8859/1");
        assert_eq!(header.sender(), "APP^FAC");
    }

    #[test]
    fn anything_at_all_has_a_header() {
        for bytes in [b"".as_slice(), b"MSH", b"hello", b"\xFF\xFE\0M", b"MSH|^~\\&"] {
            assert_eq!(Header::peek(bytes).control_id, "");
        }
    }

    #[test]
    fn a_batch_gives_its_own_id() {
        let header = Header::peek(b"BHS|^~\\&|APP|FAC|||20260101||name|comment|B-1\rMSH|^~\\&|");
        assert_eq!((header.segment, header.control_id.as_str()), ("BHS", "B-1"));
    }
}
