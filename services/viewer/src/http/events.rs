//! The frames of `text/event-stream`. Whatever the data holds, it can end neither its own line nor its event.

use bytes::Bytes;
use domain::DisclosureId;

/// What an event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// A view to show.
    View,
    /// A page that removes what was shown.
    Blank,
    /// A sign of life, with the stamp of how fresh the page is.
    Heartbeat,
}

impl Event {
    fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Blank => "blank",
            Self::Heartbeat => "heartbeat",
        }
    }
}

/// One event. Every kind of line end in the data becomes a line of its own.
pub(super) fn frame(event: Event, number: Option<u64>, data: &str) -> Bytes {
    let mut text = format!("event: {}\n", event.name());
    if let Some(number) = number {
        text.push_str(&format!("id: {number}\n"));
    }
    for line in data.replace("\r\n", "\n").split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    Bytes::from(text)
}

/// The event of a view, with the id of the disclosure that it is: a field that browsers pass over.
pub(super) fn frame_of(disclosure: DisclosureId, number: u64, html: &str) -> Bytes {
    let view = frame(Event::View, Some(number), html);
    let mut named = format!("disclosure: {disclosure}\n").into_bytes();
    named.extend_from_slice(&view);
    Bytes::from(named)
}

/// The number after the one that the reader had last; 1 when it had none, or sends what is no number.
pub(super) fn next_number(last: Option<&str>) -> u64 {
    last.and_then(|text| text.parse::<u64>().ok()).map_or(1, |last| last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(event: Event, number: Option<u64>, data: &str) -> String {
        String::from_utf8(frame(event, number, data).to_vec()).unwrap()
    }

    #[test]
    fn an_event_has_its_name_its_number_and_a_blank_line() {
        assert_eq!(text(Event::View, Some(7), "<p>x</p>"), "event: view\nid: 7\ndata: <p>x</p>\n\n");
        assert_eq!(text(Event::Heartbeat, None, ""), "event: heartbeat\ndata: \n\n");
    }

    #[test]
    fn no_line_end_in_the_data_ends_the_event_or_begins_a_field() {
        for end in ["\n", "\r", "\r\n", "\n\n", "\r\r", "\n\r"] {
            let framed = text(Event::Blank, None, &format!("a{end}event: view{end}id: 9"));
            let lines: Vec<&str> = framed.split('\n').collect();
            assert!(!framed.contains('\r'));
            assert_eq!(framed.matches("\n\n").count(), 1, "{end:?}");
            assert!(
                lines.iter().skip(1).all(|line| line.is_empty() || line.starts_with("data: ")),
                "{framed:?}"
            );
        }
    }

    #[test]
    fn numbers_go_on_from_the_readers_own() {
        for (last, next) in [(None, 1), (Some("4"), 5), (Some("x"), 1), (Some("-1"), 1)] {
            assert_eq!(next_number(last), next);
        }
        assert_eq!(next_number(Some(&u64::MAX.to_string())), u64::MAX);
    }
}
