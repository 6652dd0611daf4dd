//! References to quote on the telephone. They say nothing of the person, and nothing of the reason.

use domain::SessionId;
use std::fmt;

/// Letters and digits that are not taken for one another when read out.
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M',
    'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// A reference such as `7F3K-92QD`: made of the session alone, so that every refusal in it has the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// The reference of a session: forty bits of a digest, so the session's own id stays unknown.
    pub fn of_session(session: SessionId) -> Self {
        let bits = super::entries::digest(&[session.0.as_bytes().as_slice()]);
        let letters = (0..8).map(|at| {
            let index = usize::try_from((bits >> (at * 5)) & 31).unwrap_or(0);
            LETTERS.get(index).copied().unwrap_or('0')
        });
        let (first, last): (Vec<_>, Vec<_>) = letters.enumerate().partition(|(at, _)| *at < 4);
        let text = |half: Vec<(usize, char)>| half.into_iter().map(|(_, letter)| letter).collect::<String>();
        Self(format!("{}-{}", text(first), text(last)))
    }

    /// A reference that the gate made. It must be the same for every reason of one session.
    pub fn of_gate(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_eight_letters_that_can_be_read_out() {
        let session = SessionId::parse("0192d3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6").unwrap();
        let text = Reference::of_session(session).to_string();
        assert_eq!(text.len(), 9);
        assert!(text.chars().all(|c| c == '-' || LETTERS.contains(&c)), "{text}");
        assert_eq!(Reference::of_session(session).to_string(), text);
    }
}
