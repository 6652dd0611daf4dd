//! Small pictures beside words. They say nothing that the words do not say: each is hidden from screen readers.

use std::fmt;

/// An icon, drawn in the colour of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A live signal.
    Live,
    /// A struck-out signal.
    NotLive,
    /// A tick.
    Tick,
    /// A triangle with an exclamation mark.
    Warning,
    /// A telephone handset.
    Phone,
    /// A closed lock.
    Lock,
    /// An open lock.
    OpenLock,
    /// A disc with a bar: nothing to show, not shared.
    Bar,
    /// A disc with an i.
    Info,
    /// A disc with a question mark.
    Question,
    /// A hand that stops.
    Stop,
    /// An arrow that goes round.
    Again,
    /// A printer.
    Print,
    /// An arrow that leaves a square.
    NewWindow,
}

impl Icon {
    /// What is inside the 24 by 24 view box.
    fn drawing(self) -> &'static str {
        match self {
            Self::Live => {
                r#"<circle cx="12" cy="12" r="3"/><path class="yt-i__line" d="M6.500 6.500a8 8 0 0 0 0 11M17.500 6.500a8 8 0 0 1 0 11"/>"#
            }
            Self::NotLive => {
                r#"<circle cx="12" cy="12" r="3"/><path class="yt-i__line" d="M6.500 6.500a8 8 0 0 0 0 11M17.500 6.500a8 8 0 0 1 0 11M4 20 20 4"/>"#
            }
            Self::Tick => r#"<path class="yt-i__line" d="m4 13 5 5L20 6"/>"#,
            Self::Warning => {
                r#"<path fill-rule="evenodd" d="M12 2 23 21H1L12 2zm-1.100 7v6h2.200V9h-2.200zm0 7.300v2.200h2.200v-2.200h-2.200z"/>"#
            }
            Self::Phone => {
                r#"<path d="M4.500 3h4l1.500 5-2.300 1.700a13 13 0 0 0 6.600 6.600L16 14l5 1.500v4c0 .8-.7 1.500-1.500 1.500C10.900 21 3 13.100 3 4.500 3 3.700 3.700 3 4.500 3z"/>"#
            }
            Self::Lock => {
                r#"<path class="yt-i__line" d="M8 10V7a4 4 0 0 1 8 0v3"/><path d="M4.500 10h15v11h-15z"/>"#
            }
            Self::OpenLock => {
                r#"<path class="yt-i__line" d="M8 10V6.500a4 4 0 0 1 7.500-1.900"/><path d="M4.500 10h15v11h-15z"/>"#
            }
            Self::Bar => {
                r#"<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM7 10.900h10v2.200H7z"/>"#
            }
            Self::Info => {
                r#"<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.100 4.500h2.200v2.200h-2.200zm0 4.300h2.200v6.700h-2.200z"/>"#
            }
            Self::Question => {
                r#"<circle class="yt-i__line" cx="12" cy="12" r="9.500"/><path class="yt-i__line" d="M9.200 9.500a2.800 2.800 0 1 1 4.300 2.400c-1 .6-1.500 1.100-1.500 2.300"/><circle cx="12" cy="17.300" r="1.300"/>"#
            }
            Self::Stop => {
                r#"<path fill-rule="evenodd" d="M8 2h8l6 6v8l-6 6H8l-6-6V8l6-6zm2.900 4.500v7.500h2.200V6.500h-2.200zm0 9v2.200h2.200v-2.200h-2.200z"/>"#
            }
            Self::Again => {
                r#"<path class="yt-i__line" d="M19 12a7 7 0 1 1-2.300-5.200"/><path d="M20.500 2.500v7h-7z"/>"#
            }
            Self::Print => {
                r#"<path d="M7 3h10v4H7zM4 8.500h16A1.500 1.500 0 0 1 21.500 10v7H18v-3H6v3H2.500v-7A1.500 1.500 0 0 1 4 8.500zM7.500 15.500h9V21h-9z"/>"#
            }
            Self::NewWindow => {
                r#"<path class="yt-i__line" d="M11 5H4.500v14.500H19V13M11 13 20 4"/><path d="M14 2.500h7.500V10z"/>"#
            }
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            r#"<svg class="yt-i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>"#,
            self.drawing()
        )
    }
}

// INVARIANT: the markup is all ours; nothing of a request or a record goes into it.
impl askama::filters::HtmlSafe for Icon {}
