//! Reads settings in their order of precedence and checks what types cannot.

use crate::{Error, Settings};
use toml::{Table, Value};

/// The built-in defaults: the very text of `config/default.toml`.
pub const DEFAULTS: &str = include_str!("../../../config/default.toml");

/// Reads defaults, then the file (text and its name), then the environment's `YETT_<SECTION>__<KEY>` pairs.
pub fn load(
    file: Option<(&str, &str)>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Settings, Error> {
    let mut table = parse(DEFAULTS, "config/default.toml")?;
    if let Some((name, text)) = file {
        check_whole(text, name)?;
        merge(&mut table, parse(text, name)?);
    }
    for (name, value) in environment {
        if let Some(path) = name.strip_prefix("YETT_").and_then(|rest| rest.split_once("__")) {
            set(&mut table, path, &value, &name)?;
        }
    }
    let settings: Settings =
        Value::Table(table).try_into().map_err(|error| Error::Invalid(error.to_string()))?;
    check(&settings)?;
    Ok(settings)
}

fn parse(text: &str, name: &str) -> Result<Table, Error> {
    text.parse::<Table>().map_err(|error| Error::Invalid(format!("{name}: {error}")))
}

/// Checks a partial file against the defaults' shape first, so that the error can name the line in that file.
fn check_whole(text: &str, name: &str) -> Result<(), Error> {
    let given = parse(text, name)?;
    let known = parse(DEFAULTS, "config/default.toml")?;
    for (section, value) in &given {
        let Some(Value::Table(known_keys)) = known.get(section) else {
            return Err(Error::Invalid(unknown(text, name, section, section)));
        };
        let Value::Table(keys) = value else {
            return Err(Error::Invalid(format!("{name}: [{section}] must be a section")));
        };
        if let Some(key) = keys.keys().find(|key| !known_keys.contains_key(*key)) {
            return Err(Error::Invalid(unknown(text, name, key, &format!("{section}.{key}"))));
        }
    }
    Ok(())
}

fn unknown(text: &str, name: &str, needle: &str, path: &str) -> String {
    let line = text.lines().position(|line| {
        let line = line.trim_start().trim_start_matches('[');
        line.strip_prefix(needle).is_some_and(|rest| rest.trim_start().starts_with(['=', ']', '.']))
    });
    let place = line.map_or_else(|| name.to_owned(), |index| format!("{name}, line {}", index + 1));
    format!("{place}: unknown key {path}")
}

fn merge(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(given)) => merge(inner, given),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn set(table: &mut Table, path: (&str, &str), text: &str, name: &str) -> Result<(), Error> {
    let (section, key) = (path.0.to_lowercase(), path.1.to_lowercase());
    let Some(Value::Table(keys)) = table.get_mut(&section) else {
        return Err(Error::Invalid(format!("{name}: unknown section {section}")));
    };
    let Some(present) = keys.get_mut(&key) else {
        return Err(Error::Invalid(format!("{name}: unknown key {section}.{key}")));
    };
    let wrong = || Error::Invalid(format!("{name}: does not fit {section}.{key}"));
    *present = match present {
        Value::Integer(_) => Value::Integer(text.parse().map_err(|_| wrong())?),
        Value::Boolean(_) => Value::Boolean(text.parse().map_err(|_| wrong())?),
        Value::Float(_) => Value::Float(text.parse().map_err(|_| wrong())?),
        Value::String(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => {
            Value::String(text.to_owned())
        }
    };
    Ok(())
}

fn check(settings: &Settings) -> Result<(), Error> {
    for (name, address) in [
        ("listen.http", settings.listen.http),
        ("listen.grpc", settings.listen.grpc),
        ("listen.mllp", settings.listen.mllp),
    ] {
        if !address.ip().is_loopback() {
            let rule =
                "must be a loopback address: this version speaks no TLS, and plain text leaves no machine";
            return Err(Error::Invalid(format!("{name}: {rule}")));
        }
    }
    let limits = &settings.limits;
    let rules = [
        (settings.policy.lease_ms >= 1000, "policy.lease_ms: must be at least 1000"),
        (
            settings.viewer.launch_s > 0 && settings.viewer.launch_s <= 300,
            "viewer.launch_s: must be 1 to 300",
        ),
        (settings.intake.removal_stop_percent <= 100, "intake.removal_stop_percent: must be 0 to 100"),
        (limits.message_bytes >= 64 * 1024, "limits.message_bytes: must be at least 65536"),
        (limits.connections > 0, "limits.connections: must be at least 1"),
    ];
    rules
        .into_iter()
        .find(|(holds, _)| !holds)
        .map_or(Ok(()), |(_, rule)| Err(Error::Invalid(rule.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> std::iter::Empty<(String, String)> {
        std::iter::empty()
    }

    #[test]
    fn the_defaults_are_the_commented_file_and_load() {
        let settings = load(None, none()).unwrap();
        assert_eq!(settings.listen.http.port(), 7400);
        assert_eq!(settings.policy.lease_ms, 30_000);
    }

    #[test]
    fn every_key_of_the_defaults_has_a_comment_above_it() {
        let lines: Vec<&str> = DEFAULTS.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            if line.contains(" = ") && !line.starts_with('#') {
                assert!(lines[index - 1].starts_with('#'), "no comment above: {line}");
            }
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = load(Some(("my.toml", "[policy]\nlease_ms = 5000\nleese = 1\n")), none()).unwrap_err();
        assert_eq!(error.to_string(), "settings: my.toml, line 3: unknown key policy.leese");
        let error = load(Some(("my.toml", "\n[polycy]\nlease_ms = 5000\n")), none()).unwrap_err();
        assert_eq!(error.to_string(), "settings: my.toml, line 2: unknown key polycy");
    }

    #[test]
    fn the_environment_outranks_the_file() {
        let environment = [("YETT_POLICY__LEASE_MS".to_owned(), "2000".to_owned())];
        let settings =
            load(Some(("my.toml", "[policy]\nlease_ms = 5000\n")), environment.into_iter()).unwrap();
        assert_eq!(settings.policy.lease_ms, 2000);
    }

    #[test]
    fn an_address_beyond_this_machine_is_refused() {
        let error = load(Some(("my.toml", "[listen]\nhttp = \"0.0.0.0:7400\"\n")), none()).unwrap_err();
        assert!(error.to_string().contains("listen.http: must be a loopback address"));
    }
}
