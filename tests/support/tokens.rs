//! Canaries: words that stand for one thing that one organisation says of one person, and for nothing else.
//!
//! A word that is found in some bytes tells exactly what has leaked.

use crate::cast::{Holder, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// How every word begins. Nothing else in a run holds these two letters before six others.
const MARK: &[u8; 2] = b"zq";
const LETTERS: usize = 6;

/// A canary.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(String);

impl Token {
    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a canary stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meaning {
    /// Who says it.
    pub holder: Holder,
    /// Of whom, by number in the cast.
    pub person: usize,
    /// What.
    pub slot: Slot,
    /// In a field that leads to where the person is.
    pub place: bool,
    /// In which version of the record.
    pub sequence: u64,
}

/// Makes canaries and knows them again.
#[derive(Debug, Default)]
pub struct Tokens {
    known: BTreeMap<Token, Meaning>,
    salt: u64,
}

impl Tokens {
    /// Canaries of a world. Worlds of different salts have different words for what [`Slot::is_never_shown`].
    pub fn new(salt: u64) -> Self {
        Self { known: BTreeMap::new(), salt }
    }

    /// A new word.
    pub fn make(&mut self, meaning: Meaning, twisted: bool) -> Token {
        let number = self.known.len() as u64;
        let salt = if twisted { self.salt } else { 0 };
        let mut rest = (number * 2 + salt + 1).wrapping_mul(40_503) % 26_u64.pow(LETTERS as u32);
        let mut word = String::from_utf8_lossy(MARK).into_owned();
        for _ in 0..LETTERS {
            word.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
            rest /= 26;
        }
        let token = Token(word);
        let before = self.known.insert(token.clone(), meaning);
        assert!(before.is_none(), "a canary was made twice");
        token
    }

    /// What a canary stands for.
    pub fn meaning(&self, token: &Token) -> Meaning {
        self.known[token]
    }

    /// Every canary in some bytes, in whatever case they are written.
    pub fn found_in(&self, bytes: &[u8]) -> BTreeSet<Token> {
        let lower = bytes.to_ascii_lowercase();
        let windows = lower.windows(MARK.len() + LETTERS).filter(|window| window.starts_with(MARK));
        let words = windows.filter_map(|window| String::from_utf8(window.to_vec()).ok());
        words.map(Token).filter(|token| self.known.contains_key(token)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(person: usize) -> Meaning {
        Meaning { holder: Holder::Council, person, slot: Slot::IDENTITY, place: false, sequence: 1 }
    }

    #[test]
    fn words_are_found_in_any_bytes_and_tell_what_they_stand_for() {
        let mut tokens = Tokens::new(0);
        let made: Vec<Token> = (0..3000).map(|person| tokens.make(meaning(person), false)).collect();
        let text = format!("<b>{}</b>{}\u{e9}", made[7].as_str().to_uppercase(), made[9].as_str());
        let found: Vec<usize> =
            tokens.found_in(text.as_bytes()).iter().map(|token| tokens.meaning(token).person).collect();
        assert_eq!(BTreeSet::from_iter(found), BTreeSet::from([7, 9]));
        assert!(tokens.found_in(b"zq zqa zqaaaaa").is_empty());
    }

    #[test]
    fn only_twisted_words_differ_between_worlds() {
        let (mut one, mut other) = (Tokens::new(0), Tokens::new(1));
        assert_eq!(one.make(meaning(0), false), other.make(meaning(0), false));
        assert_ne!(one.make(meaning(1), true), other.make(meaning(1), true));
    }
}
