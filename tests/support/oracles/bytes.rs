//! Silence: nothing of a person in logs, metrics, errors, lists of parked events, or the log's clear parts.

use crate::cast::{CAST, Holder, record};
use crate::node::Durable;
use crate::tokens::Tokens;
use event_log::{Entry, EventLog, Stream};
use futures::StreamExt;

/// What may stand in nothing but what the gate releases.
#[derive(Debug)]
pub struct Secrets(Vec<(String, String)>);

impl Default for Secrets {
    fn default() -> Self {
        Self::of_the_cast()
    }
}

impl Secrets {
    /// Names, numbers, addresses and birth dates of the cast.
    pub fn of_the_cast() -> Self {
        let mut words = Vec::new();
        for (number, person) in CAST.iter().enumerate() {
            let mut add = |what: &str, word: String| words.push((format!("{what} of {number}"), word));
            add("family name", person.family.to_lowercase());
            add("given name", format!("{} ", person.given.to_lowercase()));
            add("birth date", person.born.to_owned());
            add("CHI number", person.chi().as_str().to_owned());
            add("CHI number", person.chi().grouped());
            for holder in Holder::ALL {
                add("local id", record(holder, number).local_id.as_str().to_lowercase());
            }
        }
        words.push(("street".to_owned(), "mill lane".to_owned()));
        words.push(("postcode".to_owned(), "st9 4qx".to_owned()));
        Self(words)
    }

    /// What of it stands in some bytes, canaries included.
    pub fn check(&self, what: &str, bytes: &[u8], tokens: &Tokens) -> Result<(), String> {
        if let Some(token) = tokens.found_in(bytes).first() {
            let near = around(&String::from_utf8_lossy(bytes).to_lowercase(), token.as_str());
            return Err(format!("{what} holds the canary of {:?}: {near}", tokens.meaning(token)));
        }
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        match self.0.iter().find(|(_, word)| text.contains(word.as_str())) {
            Some((found, word)) => Err(format!("{what} holds the {found}: {}", around(&text, word))),
            None => Ok(()),
        }
    }
}

fn around(text: &str, word: &str) -> String {
    let line = text.lines().find(|line| line.contains(word)).unwrap_or_default();
    line.chars().take(300).collect()
}

/// Looks for anything of a person in every envelope and sealed payload of the log.
pub async fn sealed(durable: &Durable, secrets: &Secrets, tokens: &Tokens) -> Result<(), String> {
    for stream in Stream::ALL {
        let mut entries = durable.log.read(stream, Vec::new());
        while let Some(Ok(Entry::Event(stored))) = entries.next().await {
            secrets.check("an envelope", format!("{:?}", stored.envelope).as_bytes(), tokens)?;
            if !tokens.found_in(&stored.payload.to_bytes()).is_empty() {
                return Err(format!("a payload of {stream} is not sealed"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_number_in_a_line_is_found() {
        let (secrets, tokens) = (Secrets::of_the_cast(), Tokens::default());
        let said = |line: &str| secrets.check("a log line", line.as_bytes(), &tokens).is_err();
        assert!(said("WARN record of QUARRELWOOD parked") && said("key S551902"));
        assert!(said(&format!("chi={}", CAST[0].chi().as_str())));
        assert!(said(&format!("number {}", CAST[1].chi().grouped())));
        assert!(!said("WARN an event was parked role=\"projector\" reason=\"the id was used before\""));
    }
}
