//! The read model as text, a line a row, in key order.

use crate::connection::failed;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use storage::Error;

/// What a rebuild must give again, each in the order of its key.
const QUERIES: [(&str, &str); 9] = [
    ("record", "SELECT record, facts, upkeep FROM records ORDER BY record"),
    ("identifier", "SELECT kind, value, record FROM identifiers ORDER BY kind, value, record"),
    ("item", "SELECT record, kind, instance, held, body FROM items ORDER BY record, kind, instance"),
    ("link", "SELECT record, person, status, by_index, body FROM links ORDER BY record"),
    ("redirect", "SELECT origin, scope, survivor, body FROM redirects ORDER BY origin, scope"),
    ("never", "SELECT record, person FROM never_links ORDER BY record, person"),
    ("review", "SELECT review, record, raised_at, body, closing FROM reviews ORDER BY review"),
    ("assignment", "SELECT record, person, body FROM assignments ORDER BY record, person"),
    (
        "feed",
        "SELECT authority, last_heard, accepted, applied, superseded, parked FROM feeds ORDER BY authority",
    ),
];

pub(crate) fn dump(connection: &Connection) -> Result<String, Error> {
    let transaction = connection.unchecked_transaction().map_err(failed)?; // one moment for all tables
    let mut text = String::new();
    for (name, query) in QUERIES {
        dump_table(&transaction, name, query, &mut text)?;
    }
    Ok(text)
}

fn dump_table(connection: &Connection, name: &str, query: &str, text: &mut String) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(query).map_err(failed)?;
    let columns = statement.column_count();
    let mut rows = statement.query(()).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        text.push_str(name);
        for place in 0..columns {
            text.push(' ');
            push_value(row.get_ref(place).map_err(failed)?, text);
        }
        text.push('\n');
    }
    Ok(())
}

fn push_value(value: ValueRef<'_>, text: &mut String) {
    match value {
        ValueRef::Null => text.push('-'),
        ValueRef::Integer(number) => text.push_str(&number.to_string()),
        ValueRef::Real(number) => text.push_str(&number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => push_hex(bytes, text),
    }
}

fn push_hex(bytes: &[u8], text: &mut String) {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    text.extend(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)));
}
