//! Turns escape sequences back into the characters that they stand for.

use crate::Separators;

/// Longest escape sequence that is looked for, in bytes: a longer one is text.
const LONGEST: usize = 512;

/// Unescapes `\F\ \S\ \T\ \R\ \E\ \Xnn…\` and `\.br\`. Highlighting is left out; a sequence that is not known stays
/// as it was written.
pub(crate) fn unescape(raw: &str, separators: &Separators) -> String {
    let Some(escape) = separators.escape.filter(|escape| raw.contains(*escape)) else {
        return raw.to_owned();
    };
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once(escape) {
        text.push_str(before);
        let found = after.find(escape).filter(|end| *end <= LONGEST).and_then(|end| {
            let meaning = meaning(after.get(..end)?, separators)?;
            Some((meaning, after.get(end..)?.strip_prefix(escape)?))
        });
        if let Some((meaning, after)) = found {
            text.push_str(&meaning);
            rest = after;
        } else {
            text.push(escape);
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

fn meaning(sequence: &str, separators: &Separators) -> Option<String> {
    let one = |c: Option<char>| c.map(String::from);
    match sequence {
        "F" => one(Some(separators.field)),
        "S" => one(Some(separators.component)),
        "T" => one(separators.subcomponent),
        "R" => one(Some(separators.repetition)),
        "E" => one(separators.escape),
        "H" | "N" => Some(String::new()),
        ".br" => Some("\n".to_owned()),
        _ => hexadecimal(sequence.strip_prefix('X')?),
    }
}

/// Bytes in hexadecimal: UTF-8 where they are, else Windows-1252.
fn hexadecimal(digits: &str) -> Option<String> {
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.bytes().all(|b| b.is_ascii_hexdigit())
    {
        return None;
    }
    let value = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let bytes: Vec<u8> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| Some(value(pair.first()?)? * 16 + value(pair.get(1)?)?))
        .collect::<Option<_>>()?;
    Some(String::from_utf8(bytes).unwrap_or_else(|error| {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(raw: &str) -> String {
        unescape(raw, &Separators::default())
    }

    #[test]
    fn separators_are_unescaped() {
        assert_eq!(plain("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f"), "a|b^c&d~e\\f");
        assert_eq!(plain("Pickles \\T\\ Dill"), "Pickles & Dill");
    }

    #[test]
    fn hexadecimal_is_read_as_utf_8_or_windows_1252() {
        assert_eq!(plain("Zo\\XC3AB\\"), "Zoë");
        assert_eq!(plain("Zo\\XEB\\"), "Zoë");
        assert_eq!(plain("\\X4\\ \\XGG\\ \\X\\"), "\\X4\\ \\XGG\\ \\X\\");
    }

    #[test]
    fn unknown_and_unfinished_sequences_stay() {
        assert_eq!(plain("C:\\dir\\file\\"), "C:\\dir\\file\\");
        assert_eq!(plain("end\\"), "end\\");
        assert_eq!(plain("\\\\"), "\\\\");
        assert_eq!(plain("one\\.br\\two \\H\\loud\\N\\"), "one\ntwo loud");
    }

    #[test]
    fn the_separators_are_those_of_the_message() {
        let own = Separators::of_header("MSH^~|/&^").unwrap();
        assert_eq!(unescape("a/F/b/S/c/R/d/E/", &own), "a^b~c|d/");
    }
}
