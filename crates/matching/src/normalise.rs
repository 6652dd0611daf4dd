//! One way of writing for names, addresses and telephone numbers, so that only real differences are left.
//!
//! Must not decide anything: two different people may well be written alike afterwards.

/// Words that belong to the family name that follows them.
const PARTICLES: [&str; 20] = [
    "mc", "mac", "o", "nic", "ni", "van", "von", "der", "den", "de", "la", "le", "du", "di", "da", "al",
    "el", "bin", "ibn", "st",
];

/// Words that stand where a name is not known yet.
const PLACEHOLDERS: [&str; 22] = [
    "baby", "babe", "unborn", "infant", "newborn", "neonate", "unknown", "unnamed", "boy", "girl", "male",
    "female", "twin", "triplet", "of", "not", "known", "given", "nk", "tbc", "one", "two",
];

/// Lower-case ASCII letters of a word, accents taken off; everything else is left out.
pub(crate) fn letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match fold(c) {
            Some(folded) => out.push_str(folded),
            None if c.is_alphabetic() => out.push(c),
            None => {}
        }
    }
    out
}

/// The words of a name: parted at spaces, hyphens, slashes and dots, never at apostrophes.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.' | ',' | '\u{2010}'..='\u{2015}'))
        .map(letters)
        .filter(|word| !word.is_empty())
        .collect()
}

/// The words of a family name, particles joined to what follows and `Mac` written `mc`.
pub(crate) fn surname_parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut held = String::new();
    for word in words(text) {
        let particle = PARTICLES.contains(&word.as_str());
        held.push_str(&word);
        if !particle {
            parts.push(mc(&std::mem::take(&mut held)));
        }
    }
    if !held.is_empty() {
        parts.push(mc(&held));
    }
    parts
}

/// `mac…` as `mc…` where a name of some length follows.
fn mc(word: &str) -> String {
    match word.strip_prefix("mac") {
        Some(rest) if rest.len() >= 3 => format!("mc{rest}"),
        Some(_) | None => word.to_owned(),
    }
}

/// Whether the words say that there is no name yet, such as `Baby`, `Unborn` or `Twin two`.
pub(crate) fn is_placeholder(words: &[String]) -> bool {
    !words.is_empty() && words.iter().all(|word| PLACEHOLDERS.contains(&word.as_str()))
}

/// A key under which names that sound alike meet; coarse on purpose.
pub(crate) fn sound(name: &str) -> String {
    let mut text = name.to_owned();
    for (from, to) in SOUNDS {
        text = text.replace(from, to);
    }
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        let vowel = matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'h' | 'w');
        let class = if vowel && at == 0 { Some('a') } else { (!vowel).then(|| consonant(c)) };
        if let Some(class) = class.filter(|class| !out.ends_with(*class)) {
            out.push(class);
        }
        if out.chars().count() == 5 {
            break;
        }
    }
    out
}

const SOUNDS: [(&str, &str); 12] = [
    ("ph", "f"),
    ("gh", "h"),
    ("kn", "n"),
    ("wr", "r"),
    ("ck", "k"),
    ("ch", "k"),
    ("sch", "s"),
    ("cz", "s"),
    ("mc", "m"),
    ("sz", "s"),
    ("q", "k"),
    ("x", "ks"),
];

fn consonant(c: char) -> char {
    match c {
        'c' | 'g' | 'k' => 'k',
        'd' | 't' => 't',
        'f' | 'v' | 'b' | 'p' => 'p',
        's' | 'z' | 'j' => 's',
        'm' | 'n' => 'n',
        other => other,
    }
}

/// A telephone number as its last ten digits; `None` where there are fewer than nine, or all are the same.
pub(crate) fn telephone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let national: String = digits.chars().skip(digits.len().saturating_sub(10)).collect();
    let first = national.chars().next()?;
    (national.len() >= 9 && !national.chars().skip(1).all(|c| c == first)).then_some(national)
}

/// An e-mail address in lower case; `None` where it has no `@`.
pub(crate) fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    text.contains('@').then_some(text)
}

/// The first number of an address line and the words after it, kinds of street in one way of writing.
pub(crate) fn address_line(text: &str) -> Option<(String, String)> {
    let lower = text.to_lowercase();
    let mut number = String::new();
    let mut street = Vec::new();
    for word in lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.')) {
        if number.is_empty() && word.starts_with(|c: char| c.is_ascii_digit()) {
            word.clone_into(&mut number);
        } else if !word.is_empty() {
            street.push(street_word(&letters(word)));
        }
    }
    let street = street.join(" ");
    (!street.trim().is_empty()).then_some((number, street))
}

fn street_word(word: &str) -> String {
    let whole = match word {
        "st" | "str" => "street",
        "rd" => "road",
        "ave" | "av" => "avenue",
        "terr" | "ter" => "terrace",
        "pl" => "place",
        "cres" | "cr" => "crescent",
        "dr" => "drive",
        "ct" => "court",
        "gdns" | "gdn" => "gardens",
        "ln" => "lane",
        "gr" => "grove",
        "sq" => "square",
        other => other,
    };
    whole.to_owned()
}

/// ASCII for a lower-case Latin letter with a mark, or for a letter pair; `None` for what is no such letter.
fn fold(c: char) -> Option<&'static str> {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz";
    if c.is_ascii_lowercase() {
        let at = usize::from(u8::try_from(c).ok()? - b'a');
        return PLAIN.get(at..=at);
    }
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ŏ' | 'ő' => "o",
        'ö' | 'ø' | 'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ü' => "ue",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mac_mc_and_spaces_are_one_name() {
        for way in ["MacDonald", "McDonald", "Mc Donald", "MCDONALD", "Mac-Donald", "Macdonald"] {
            assert_eq!(surname_parts(way), ["mcdonald"], "{way}");
        }
        assert_eq!(surname_parts("Mack"), ["mack"]);
    }

    #[test]
    fn apostrophes_and_particles_join_and_hyphens_part() {
        assert_eq!(surname_parts("O'Neill"), surname_parts("O Neill"));
        assert_eq!(surname_parts("O’Neill"), ["oneill"]);
        assert_eq!(surname_parts("van der Berg"), ["vanderberg"]);
        assert_eq!(surname_parts("Baird-Tulloch"), ["baird", "tulloch"]);
    }

    #[test]
    fn accents_fall_away_and_other_scripts_stay() {
        assert_eq!(letters("Zoë Łukasz"), "zoelukasz");
        assert_eq!(letters("Müller"), "mueller");
        assert_eq!(letters("李"), "李");
    }

    #[test]
    fn placeholders_are_told_from_names() {
        assert!(is_placeholder(&words("Baby Boy")));
        assert!(is_placeholder(&words("UNBORN")));
        assert!(!is_placeholder(&words("Baby Elspeth")));
        assert!(!is_placeholder(&[]));
    }

    #[test]
    fn names_that_sound_alike_share_a_key() {
        for (a, b) in [
            ("smith", "smyth"),
            ("stephen", "steven"),
            ("reid", "reed"),
            ("oneill", "oneil"),
            ("nicol", "nickol"),
        ] {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
        assert_ne!(sound("smith"), sound("campbell"));
    }

    #[test]
    fn telephones_and_lines_have_one_writing() {
        assert_eq!(telephone("+44 (0)1632 960 123"), telephone("01632 960123"));
        assert_eq!(telephone("0000000000"), None);
        assert_eq!(telephone("999"), None);
        assert_eq!(address_line("12 Mill St."), Some(("12".into(), "mill street".into())));
        assert_eq!(address_line(" "), None);
    }
}
