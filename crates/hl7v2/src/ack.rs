//! Writes acknowledgements. The same message and the same receipt give the same bytes, so that a repeat is answered
//! exactly as the first time: the time is that of the receipt, the answer's own id is derived from the message's.

use crate::error::{Answer, Location};
use crate::{Error, Header, Note, Wanted};
use jiff::Timestamp;
use std::fmt::Write as _;

/// One ERR segment: where, which condition, how bad, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Where.
    pub location: Option<Location>,
    /// Code of HL7 table 0357.
    pub condition: u16,
    /// Whether something was left out of a message that was taken, and not the message refused.
    pub warning: bool,
    /// In words, without any value of the message.
    pub text: String,
}

impl From<&Error> for Remark {
    fn from(error: &Error) -> Self {
        Self {
            location: Some(error.location()),
            condition: error.condition(),
            warning: false,
            text: error.to_string(),
        }
    }
}

impl From<&Note> for Remark {
    fn from(note: &Note) -> Self {
        let text = format!("{}: {}", note.location, note.rule);
        Self { location: Some(note.location.clone()), condition: 102, warning: true, text }
    }
}

/// Whether the sender wants this answer at all, as its header says; a sender that says nothing does.
///
/// In enhanced mode (MSH-15 stated) that is the accept acknowledgement; where MSH-15 is `NE` and MSH-16 asks for
/// one, the application acknowledgement.
pub fn is_wanted(header: &Header, answer: Answer) -> bool {
    let by = |wanted: Wanted| match wanted {
        Wanted::Always => true,
        Wanted::Never => false,
        Wanted::OnError => answer != Answer::Accept,
        Wanted::OnSuccess => answer == Answer::Accept,
    };
    match (header.accept_ack, header.app_ack) {
        (None, None) => true,
        (accept, app) => accept.is_some_and(by) || app.is_some_and(by),
    }
}

/// `AA AE AR` in original mode, `CA CE CR` where the sender asks for an accept acknowledgement. `CA` means: in safe
/// storage.
pub fn code(header: &Header, answer: Answer) -> &'static str {
    let enhanced = header.accept_ack.is_some_and(|wanted| wanted != Wanted::Never);
    match (enhanced, answer) {
        (false, Answer::Accept) => "AA",
        (false, Answer::Error) => "AE",
        (false, Answer::Reject) => "AR",
        (true, Answer::Accept) => "CA",
        (true, Answer::Error) => "CE",
        (true, Answer::Reject) => "CR",
    }
}

/// Most ERR segments of one answer; whatever more there is, the report holds.
const MOST_REMARKS: usize = 20;

/// Writes the acknowledgement of a message: `MSH` with sender and receiver in each other's place, `MSA`, `ERR` for
/// each remark; in the message's separators and character set; every segment ends with CR.
pub fn write(header: &Header, answer: Answer, remarks: &[Remark], received_at: Timestamp) -> Vec<u8> {
    let own = Writer { header };
    let mut text = own.header_segment(answer, received_at);
    own.segment(&mut text, &["MSA", code(header, answer), &own.echo(&header.control_id, 199)]);
    for remark in remarks.iter().take(MOST_REMARKS) {
        let severity = if remark.warning { "W" } else { "E" };
        let location = remark.location.as_ref().map(|at| own.location(at)).unwrap_or_default();
        let condition =
            own.coded(&remark.condition.to_string(), condition_words(remark.condition), "HL70357");
        let words = own.escaped(&remark.text);
        own.segment(&mut text, &["ERR", "", &location, &condition, severity, "", "", "", &words]);
    }
    header.encoding.encode(&text).0.into_owned()
}

struct Writer<'h> {
    header: &'h Header,
}

impl Writer<'_> {
    fn header_segment(&self, answer: Answer, received_at: Timestamp) -> String {
        let header = self.header;
        let separators = header.separators;
        let mut text = String::from("MSH");
        text.push(separators.field);
        let time = received_at.strftime("%Y%m%d%H%M%S+0000").to_string();
        let trigger = if header.trigger.is_empty() { String::new() } else { self.echo(&header.trigger, 8) };
        let parts: Vec<&str> =
            ["ACK", trigger.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
        let message_type = parts.join(&separators.component.to_string());
        let fields = [
            separators.encoding_characters(),
            self.echo(&header.receiving_app, 227),
            self.echo(&header.receiving_facility, 227),
            self.echo(&header.sending_app, 227),
            self.echo(&header.sending_facility, 227),
            time,
            String::new(),
            message_type,
            self.own_id(answer),
            or(self.echo(&header.processing_id, 3), "P"),
            or(self.echo(&header.version, 8), "2.5"),
        ];
        text.push_str(&fields.join(&separators.field.to_string()));
        if !header.charset.is_empty() {
            let gap = separators.field.to_string().repeat(6);
            text.push_str(&gap);
            text.push_str(&self.echo(&header.charset, 40));
        }
        text.push('\r');
        text
    }

    /// The answer's own id: 20 characters, the same for the same message and answer.
    fn own_id(&self, answer: Answer) -> String {
        let header = self.header;
        let parts = [&header.sending_app, &header.sending_facility, &header.control_id, &header.time];
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in parts.iter().flat_map(|part| part.bytes().chain([0])).chain(code(header, answer).bytes())
        {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("YETT{hash:016X}")
    }

    fn segment(&self, text: &mut String, fields: &[&str]) {
        let joined = fields.join(&self.header.separators.field.to_string());
        text.push_str(joined.trim_end_matches(self.header.separators.field));
        text.push('\r');
    }

    /// What the sender wrote, as written, but for control characters: one of them could end the frame early.
    fn echo(&self, raw: &str, most: usize) -> String {
        let field = self.header.separators.field;
        raw.chars().filter(|c| !c.is_control() && *c != field).take(most).collect()
    }

    /// ERL: segment, which one, field, repetition, component.
    fn location(&self, at: &Location) -> String {
        let mut parts = vec![self.echo(&at.segment, 3), at.occurrence.to_string()];
        if at.field > 0 {
            parts.push(at.field.to_string());
        }
        if at.component > 0 {
            parts.extend(["1".to_owned(), at.component.to_string()]);
        }
        parts.join(&self.header.separators.component.to_string())
    }

    fn coded(&self, code: &str, words: &str, table: &str) -> String {
        [code, words, table].join(&self.header.separators.component.to_string())
    }

    fn escaped(&self, words: &str) -> String {
        let separators = self.header.separators;
        let mut text = String::with_capacity(words.len());
        for c in words.chars().filter(|c| !c.is_control()).take(250) {
            let name = match c {
                c if c == separators.field => 'F',
                c if c == separators.component => 'S',
                c if c == separators.repetition => 'R',
                c if Some(c) == separators.subcomponent => 'T',
                c if Some(c) == separators.escape => 'E',
                c => {
                    text.push(c);
                    continue;
                }
            };
            match separators.escape {
                Some(escape) => write!(text, "{escape}{name}{escape}").unwrap_or_default(),
                None => text.push(' '),
            }
        }
        text
    }
}

fn or(text: String, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text }
}

/// Words of HL7 table 0357.
fn condition_words(code: u16) -> &'static str {
    match code {
        0 => "Message accepted",
        100 => "Segment sequence error",
        101 => "Required field missing",
        102 => "Data type error",
        103 => "Table value not found",
        200 => "Unsupported message type",
        201 => "Unsupported event code",
        204 => "Unknown key identifier",
        205 => "Duplicate key identifier",
        _ => "Application internal error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &[u8] =
        b"MSH|^~\\&|PAS|HOSP^1^ISO|YETT|BROKER|20261117093000||ADT^A31^ADT_A05|C-77|P|2.4|\rPID|";

    fn ack(bytes: &[u8], answer: Answer, remarks: &[Remark]) -> String {
        String::from_utf8(write(&Header::peek(bytes), answer, remarks, Timestamp::UNIX_EPOCH)).unwrap()
    }

    #[test]
    fn sender_and_receiver_change_places_and_the_id_comes_back() {
        let answer = ack(MESSAGE, Answer::Accept, &[]);
        let mut lines = answer.split('\r');
        let header: Vec<&str> = lines.next().unwrap().split('|').collect();
        assert_eq!(
            header[2..=8],
            ["YETT", "BROKER", "PAS", "HOSP^1^ISO", "19700101000000+0000", "", "ACK^A31"]
        );
        assert_eq!(header[10..], ["P", "2.4"]);
        assert_eq!(lines.next(), Some("MSA|AA|C-77"));
        assert_eq!(lines.next(), Some(""));
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn the_same_message_is_answered_byte_for_byte_alike() {
        assert_eq!(ack(MESSAGE, Answer::Accept, &[]), ack(MESSAGE, Answer::Accept, &[]));
        assert_ne!(ack(MESSAGE, Answer::Accept, &[]), ack(MESSAGE, Answer::Error, &[]));
    }

    #[test]
    fn a_fault_is_told_with_its_place_and_code() {
        let error = Error::MissingField { location: Location::field("PID", 3) };
        let answer = ack(MESSAGE, error.answer(), &[Remark::from(&error)]);
        assert!(answer.contains("\rMSA|AE|C-77\r"), "{answer}");
        assert!(
            answer.ends_with(
                "\rERR||PID^1^3|101^Required field missing^HL70357|E||||PID-3: must not be empty\r"
            )
        );
    }

    #[test]
    fn enhanced_mode_is_answered_with_commit_codes() {
        let enhanced = |modes: &str| format!("MSH|^~\\&|A|B|C|D|20260101||ADT^A31|1|P|2.4|||{modes}\r");
        let told = |modes: &str, answer: Answer| {
            let header = Header::peek(enhanced(modes).as_bytes());
            (code(&header, answer), is_wanted(&header, answer))
        };
        assert_eq!(told("AL|NE", Answer::Accept), ("CA", true));
        assert_eq!(told("AL|NE", Answer::Error), ("CE", true));
        assert_eq!(told("ER|NE", Answer::Accept), ("CA", false));
        assert_eq!(told("SU|NE", Answer::Reject), ("CR", false));
        assert_eq!(told("NE|AL", Answer::Reject), ("AR", true));
        assert_eq!(told("NE|NE", Answer::Accept), ("AA", false));
        assert_eq!(told("|", Answer::Accept), ("AA", true));
    }

    #[test]
    fn nothing_in_an_answer_can_end_its_frame() {
        let answer = ack(b"MSH|^~\\&|A\x1c|B\x0b|C|D|20260101||ADT^A31|1\x1c|P|2.4\r", Answer::Error, &[]);
        assert!(!answer.contains(['\u{1c}', '\u{b}']));
    }

    #[test]
    fn the_answer_is_in_the_senders_separators_and_characters() {
        let bytes = b"MSH^~|/&^PAS~1^F\xEB^^^20260101^^ADT~A31^7^P^2.4^^^^^^8859/1\r";
        let answer = write(&Header::peek(bytes), Answer::Accept, &[], Timestamp::UNIX_EPOCH);
        assert!(answer.starts_with(b"MSH^~|/&^^^PAS~1^F\xEB^19700101000000+0000^^ACK~A31^YETT"));
        assert!(answer.ends_with(b"^P^2.4^^^^^^8859/1\rMSA^AA^7\r"));
    }

    #[test]
    fn what_cannot_be_read_is_answered_too() {
        assert!(ack(b"rubbish", Answer::Reject, &[]).ends_with("|P|2.5\rMSA|AR\r"));
    }
}
