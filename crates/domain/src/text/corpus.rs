//! Reads a published table of test identifiers for the tests; says loudly when there is none. Test code only.

use std::collections::HashMap;
use std::path::PathBuf;

/// One row, by column name.
pub(crate) type Row = HashMap<String, String>;

/// The rows of `identifiers/<file>` in the folder that `CORPORA_DIR` names, or `None`, said loudly.
pub(crate) fn rows(file: &str) -> Option<Vec<Row>> {
    let Some(folder) = std::env::var_os("CORPORA_DIR") else {
        eprintln!("SKIPPED: CORPORA_DIR is not set, so identifiers/{file} was not checked");
        return None;
    };
    let path = PathBuf::from(folder).join("identifiers").join(file);
    let text = std::fs::read_to_string(&path).expect("CORPORA_DIR is set, and the file must be there");
    let mut records = records(&text).into_iter();
    let header = records.next().expect("a header");
    let named = |record: Vec<String>| header.iter().cloned().zip(record).collect::<Row>();
    Some(records.filter(|record| record.len() == header.len()).map(named).collect())
}

/// RFC 4180 records that end in a line feed; a carriage return is data, quoted or not.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut all, mut record, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                all.push(std::mem::take(&mut record));
            }
            other => field.push(other),
        }
    }
    if !(field.is_empty() && record.is_empty()) {
        record.push(field);
        all.push(record);
    }
    all
}

#[test]
fn quotes_and_carriage_returns_are_read_as_written() {
    let read = records("a,\"b \"\"c\"\", d\"\n1\r,2\n");
    assert_eq!(read, [vec!["a", "b \"c\", d"], vec!["1\r", "2"]]);
}
