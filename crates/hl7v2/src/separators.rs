//! The five characters that a message is divided by, as its own first segment states them. Never assumed.

/// The separators of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Separators {
    /// Between fields; `|` by habit.
    pub field: char,
    /// Between components; `^` by habit.
    pub component: char,
    /// Between repetitions; `~` by habit.
    pub repetition: char,
    /// Around escape sequences; `\` by habit. A message may have none.
    pub escape: Option<char>,
    /// Between subcomponents; `&` by habit. A message may have none.
    pub subcomponent: Option<char>,
}

impl Default for Separators {
    fn default() -> Self {
        Self { field: '|', component: '^', repetition: '~', escape: Some('\\'), subcomponent: Some('&') }
    }
}

impl Separators {
    /// Reads them from the start of a header segment (`MSH|^~\&`), or `None` where they are no separators: letters,
    /// digits, the same character twice.
    pub fn of_header(line: &str) -> Option<Self> {
        let mut rest = line.chars().skip(3);
        let field = rest.next()?;
        let encoding: Vec<char> = rest.take_while(|c| *c != field).collect();
        let separators = Self {
            field,
            component: *encoding.first()?,
            repetition: *encoding.get(1)?,
            escape: encoding.get(2).copied(),
            subcomponent: encoding.get(3).copied(),
        };
        let all: Vec<char> = std::iter::once(field).chain(encoding.iter().copied()).collect();
        let fits = |c: &char| c.is_ascii_punctuation();
        let twice = all.iter().enumerate().any(|(i, c)| all.iter().skip(i + 1).any(|other| other == c));
        (all.len() <= 6 && all.iter().all(fits) && !twice).then_some(separators)
    }

    /// Second field of the header segment.
    pub fn encoding_characters(&self) -> String {
        [Some(self.component), Some(self.repetition), self.escape, self.subcomponent]
            .into_iter()
            .flatten()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_states_its_own_separators() {
        let habit = Separators::of_header("MSH|^~\\&|APP").unwrap();
        assert_eq!(habit, Separators::default());
        let other = Separators::of_header("MSH^~|\\&^APP").unwrap();
        assert_eq!((other.field, other.component, other.repetition), ('^', '~', '|'));
        let truncation = Separators::of_header("MSH|^~\\&#|APP").unwrap();
        assert_eq!(truncation.subcomponent, Some('&'));
        let few = Separators::of_header("MSH|^~|APP").unwrap();
        assert_eq!((few.escape, few.subcomponent), (None, None));
    }

    #[test]
    fn letters_and_doubles_are_no_separators() {
        for bad in ["MSH", "MSH|", "MSH|^", "MSHAB~\\&A", "MSH|^^\\&|", "MSH|^~\\&#%|", "MSH |^~\\&|"] {
            assert_eq!(Separators::of_header(bad), None, "{bad}");
        }
    }
}
