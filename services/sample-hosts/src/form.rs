//! A posted form: fields by name, some of them known only while running (one for each care package).

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

/// `27 Saltpan Wynd, Kilmorran` as lines.
pub(crate) fn address_lines(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
