//! A posted form: fields by name, some of them known only while running (one for each care package), and the same form
//! again with what was wrong, where it was refused.

use crate::Error;
use domain::FieldViolation;

/// Fields as posted, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl Fields {
    /// The value of a field, without spaces at its ends; `None` where the form has no such field.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// The value of a field; empty where the form has none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.value(name).unwrap_or_default()
    }

    /// Fields whose names begin so, with the rest of their names.
    pub(crate) fn beginning_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(field, value)| Some((field.strip_prefix(start)?, value.trim())))
    }

    /// The value of a field if the form has it and it differs from the present one.
    pub(crate) fn changed(&self, name: &str, present: &str) -> Option<&str> {
        self.value(name).filter(|value| *value != present)
    }
}

/// One choice of a list.
pub(crate) struct Choice {
    pub(crate) words: String,
    pub(crate) chosen: bool,
}

/// What is offered, the present value chosen; a present value that is not offered comes first.
pub(crate) fn choices<'a>(offered: impl Iterator<Item = &'a str>, present: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> =
        offered.map(|words| Choice { words: words.to_owned(), chosen: words == present }).collect();
    if !choices.iter().any(|choice| choice.chosen) {
        choices.insert(0, Choice { words: present.to_owned(), chosen: true });
    }
    choices
}

/// `27 Saltpan Wynd, Kilmorran` as lines.
pub(crate) fn address_lines(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A field of a form: its name, what its label says, and the places by which a refusal names what it holds. Where one
/// place holds another, the longer stands first in the list of fields.
pub(crate) struct Label {
    pub(crate) name: &'static str,
    pub(crate) words: &'static str,
    pub(crate) places: &'static [&'static str],
}

/// One thing that keeps a form from being saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The field; empty where no single one is at fault.
    pub(crate) name: &'static str,
    pub(crate) words: String,
}

/// A form as its page shows it: what was typed where that was refused, else what is held.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    typed: Fields,
    pub(crate) problems: Vec<Problem>,
}

impl Form {
    /// What was typed, with why it was not saved.
    pub(crate) fn refused(typed: Fields, error: &Error, labels: &[Label]) -> Self {
        let problems = match error {
            Error::Refused { violations, .. } if !violations.is_empty() => {
                violations.iter().map(|violation| problem(violation, labels)).collect()
            }
            Error::Refused { .. }
            | Error::Unavailable(_)
            | Error::Listen { .. }
            | Error::Serve(_)
            | Error::World(_)
            | Error::Page(_)
            | Error::Address
            | Error::Credential(_) => vec![Problem { name: "", words: error.to_string() }],
        };
        Self { typed, problems }
    }

    /// What a field shows: as it was typed, spaces and all, else what is held.
    pub(crate) fn shown<'a>(&'a self, name: &str, held: &'a str) -> &'a str {
        self.typed.0.iter().find(|(field, _)| field == name).map_or(held, |(_, value)| value)
    }

    /// What is wrong with a field.
    pub(crate) fn problem(&self, name: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.name == name).map(|problem| problem.words.as_str())
    }
}

fn problem(violation: &FieldViolation, labels: &[Label]) -> Problem {
    let FieldViolation { field, rule } = violation;
    let label = labels.iter().find(|label| label.places.iter().any(|place| field.contains(place)));
    let (name, words) = label.map_or(("", field.as_str()), |label| (label.name, label.words));
    Problem { name, words: format!("{words} {rule}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: &[Label] = &[
        Label { name: "postcode", words: "Postcode", places: &["postcode"] },
        Label { name: "address", words: "Address", places: &["address", "PID-1-11"] },
    ];

    fn refused(field: &str) -> Form {
        let violations = vec![FieldViolation::new(field, "must be shorter")];
        let error = Error::Refused { reason: "AE".to_owned(), violations };
        Form::refused(Fields(vec![("address".to_owned(), " typed ".to_owned())]), &error, LABELS)
    }

    #[test]
    fn a_refused_form_shows_what_was_typed_and_says_beside_the_field_what_is_wrong() {
        for field in ["demographics.addresses[0].lines[1]", "PID-1-11"] {
            let form = refused(field);
            assert_eq!((form.shown("address", "held"), form.shown("postcode", "held")), (" typed ", "held"));
            assert_eq!(form.problem("address"), Some("Address must be shorter"));
            assert_eq!(form.problem("postcode"), None);
        }
        assert_eq!(refused("address.postcode").problem("postcode"), Some("Postcode must be shorter"));
    }

    #[test]
    fn what_no_field_of_the_form_holds_is_said_for_the_whole_form() {
        assert_eq!(
            refused("version").problems,
            [Problem { name: "", words: "version must be shorter".into() }]
        );
        let away = Form::refused(Fields::default(), &Error::Unavailable("down".to_owned()), LABELS);
        assert_eq!(away.problems[0].words, "Yett did not answer (down); try again");
    }
}
