//! Which characters the bytes of a message mean, by MSH-18. Must not replace a byte that it cannot read.

use crate::{Error, Location};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Text of a message, and how it was come by.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: &'static Encoding,
    /// The bytes were not what the message states, or it states nothing: Windows-1252 was taken.
    pub(crate) guessed: bool,
}

/// Decodes under the character set that MSH-18 names.
///
/// ASCII that holds other bytes, and unstated text that is not UTF-8, is taken as Windows-1252 and marked. Stated
/// UTF-8 that is not UTF-8 is refused: guessing would store broken names.
pub(crate) fn decode(bytes: &[u8], stated: &str) -> Result<Decoded, Error> {
    let name = normal(stated);
    match name.as_str() {
        "" => Ok(lenient(bytes)),
        "ascii" | "us-ascii" | "iso-ir6" => {
            Ok(if bytes.is_ascii() { utf8(bytes)? } else { windows(bytes, true) })
        }
        "unicode utf-8" | "utf-8" | "utf8" | "unicode" => utf8(bytes),
        _ => named(bytes, &name),
    }
}

/// Decodes for the answer to a message that cannot be read: never fails, and encoding the text again gives the
/// same bytes.
pub(crate) fn decode_anyhow(bytes: &[u8], stated: &str) -> Decoded {
    decode(bytes, stated).unwrap_or_else(|_| lenient(bytes))
}

fn lenient(bytes: &[u8]) -> Decoded {
    utf8(bytes).unwrap_or_else(|_| windows(bytes, true))
}

fn utf8(bytes: &[u8]) -> Result<Decoded, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::NotInCharset { charset: "UTF-8" })?;
    Ok(Decoded { text: text.to_owned(), encoding: UTF_8, guessed: false })
}

fn windows(bytes: &[u8], guessed: bool) -> Decoded {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: WINDOWS_1252, guessed }
}

/// HL7 table 0211 writes `8859/15` what everyone else calls `iso-8859-15`. Latin-1 is read as Windows-1252, which
/// has the same letters and is what senders mean.
fn named(bytes: &[u8], name: &str) -> Result<Decoded, Error> {
    let unsupported = || Error::UnsupportedCharset { location: Location::field("MSH", 18) };
    let part = name
        .strip_prefix("8859/")
        .or_else(|| name.strip_prefix("iso-8859-"))
        .or_else(|| name.strip_prefix("windows-"));
    let part = part
        .filter(|part| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()))
        .ok_or_else(unsupported)?;
    let label = if name.starts_with("windows-") { name.to_owned() } else { format!("iso-8859-{part}") };
    let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(unsupported)?;
    let text = encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or(Error::NotInCharset { charset: encoding.name() })?;
    Ok(Decoded { text: text.into_owned(), encoding, guessed: false })
}

fn normal(stated: &str) -> String {
    stated.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], stated: &str) -> Option<(String, bool)> {
        decode(bytes, stated).ok().map(|decoded| (decoded.text, decoded.guessed))
    }

    #[test]
    fn unstated_bytes_are_utf_8_or_else_windows_1252_and_marked() {
        assert_eq!(text("Zoë".as_bytes(), ""), Some(("Zoë".into(), false)));
        assert_eq!(text(b"Zo\xEB \x80", ""), Some(("Zoë €".into(), true)));
    }

    #[test]
    fn stated_utf_8_that_is_not_is_refused() {
        assert_eq!(text(b"Zo\xEB", "UNICODE UTF-8"), None);
        assert_eq!(text(b"Zo\xEB", "8859/1"), Some(("Zoë".into(), false)));
        assert_eq!(text(b"\xA4", "8859/15"), Some(("€".into(), false)));
        assert_eq!(text(b"Zo\xEB", "ASCII"), Some(("Zoë".into(), true)));
    }

    #[test]
    fn unknown_character_sets_are_refused() {
        for bad in ["ISO IR87", "8859/99", "8859/", "KS X 1001", "8859/abcd"] {
            assert_eq!(text(b"a", bad), None, "{bad}");
        }
    }

    #[test]
    fn whatever_is_decoded_anyhow_encodes_to_the_same_bytes() {
        let every: Vec<u8> = (0..=255).collect();
        let decoded = decode_anyhow(&every, "UNICODE UTF-8");
        assert_eq!(decoded.encoding.encode(&decoded.text).0.as_ref(), every);
    }
}
