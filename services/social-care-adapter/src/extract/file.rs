//! The file: its header against the mapping, and its rows, one after the other, as submissions or refusals.

use super::cells::{Cells, RowReader};
use super::mapping::{Encoding, Kind, Mapping};
use csv::{ByteRecord, ReaderBuilder};
use domain::LocalIdentifier;
use jiff::Timestamp;
use proto::intake::v1;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;

/// A row may have at most so many bytes: a quote that is never closed would else make the rest of the file one cell.
const LONGEST_ROW: usize = 256 * 1024;

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// It has no header that can be read.
    #[error("the file has no header line that can be read")]
    NoHeader,
    /// A column stands twice in its header.
    #[error("the column {0:?} stands twice in the header of the file")]
    TwoColumns(String),
    /// The mapping names a column that the file does not have.
    #[error("the mapping names the column {0:?}, which the file does not have")]
    NoColumn(String),
}

/// One column that breaks one rule. Never holds the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRule {
    /// Name of the column; empty where it is about the row as a whole.
    pub column: String,
    /// The rule.
    pub rule: String,
}

impl ColumnRule {
    pub(super) fn new(column: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { column: column.into(), rule: rule.into() }
    }
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The record that it is about, where that can be told.
    pub local_id: Option<LocalIdentifier>,
    /// What it says with the columns that were left out, or why it is refused.
    pub reading: Result<(v1::RecordSubmission, Vec<ColumnRule>), Vec<ColumnRule>>,
}

/// An extract in memory with how to read it.
pub struct Extract {
    mapping: Mapping,
    bytes: Vec<u8>,
    header: Vec<String>,
    as_of: Timestamp,
}

impl std::fmt::Debug for Extract {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Extract({} bytes)", self.bytes.len())
    }
}

impl Extract {
    /// Checks the header of a file. `as_of` is when the extract was taken, such as the time of the file: it orders this
    /// extract among others and among messages, so a value that goes back to what it was is applied, and an older file
    /// changes nothing.
    pub fn open(bytes: Vec<u8>, mapping: Mapping, as_of: Timestamp) -> Result<Self, ExtractError> {
        let mark = b"\xEF\xBB\xBF".as_slice();
        let bytes = bytes.strip_prefix(mark).map(<[u8]>::to_vec).unwrap_or(bytes);
        let mut extract = Self { mapping, bytes, header: Vec::new(), as_of };
        let mut reader = extract.reader();
        let mut record = ByteRecord::new();
        let is_there = reader.read_byte_record(&mut record).unwrap_or(false);
        let header = is_there.then(|| extract.decoded(&record)).flatten().ok_or(ExtractError::NoHeader)?;
        drop(reader);
        extract.header = header;
        extract.check_header()?;
        Ok(extract)
    }

    fn check_header(&self) -> Result<(), ExtractError> {
        let mut seen = std::collections::HashSet::new();
        if let Some(twice) = self.header.iter().find(|name| !name.is_empty() && !seen.insert(*name)) {
            return Err(ExtractError::TwoColumns(twice.clone()));
        }
        let missing = self.mapping.column_names().find(|column| !self.header.contains(column));
        missing.map_or(Ok(()), |column| Err(ExtractError::NoColumn(column.clone())))
    }

    /// The mapping.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// When the extract was taken.
    pub fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// Whether whoever is not in the file is gone.
    pub fn is_full(&self) -> bool {
        self.mapping.kind() == Kind::Full
    }

    /// Columns of the file that the mapping passes over.
    pub fn passed_over(&self) -> impl Iterator<Item = &str> {
        let is_mapped = |name: &&String| self.mapping.column_names().any(|column| column == *name);
        self.header.iter().filter(move |name| !is_mapped(name)).map(String::as_str)
    }

    /// The rows in the order of the file, read while they are asked for.
    pub fn rows(&self) -> Rows<'_> {
        let mut reader = self.reader();
        // The header was read once already, so it can be passed over.
        reader.read_byte_record(&mut ByteRecord::new()).ok();
        Rows { extract: self, reader, lines: Lines::of(&self.bytes), first_lines: HashMap::new() }
    }

    /// Writes the rows of these lines as they stand in the file, each with its line and what is wrong with it in front.
    pub fn write_rejected(
        &self,
        rejected: &BTreeMap<u64, Vec<ColumnRule>>,
        out: impl Write,
    ) -> std::io::Result<()> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
        let front = ["line".to_owned(), "reasons".to_owned()];
        writer.write_record(front.iter().chain(&self.header))?;
        let (mut reader, mut lines) = (self.reader(), Lines::of(&self.bytes));
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            let line = lines.of_record(&record);
            let Some(rules) = rejected.get(&line) else { continue };
            let told = |one: &ColumnRule| format!("{} {}", one.column, one.rule).trim().to_owned();
            let reasons = rules.iter().map(told).collect::<Vec<_>>().join("; ");
            let front = [line.to_string(), reasons];
            writer.write_record(front.iter().map(String::as_bytes).chain(record.iter()))?;
        }
        writer.flush()
    }

    fn reader(&self) -> csv::Reader<&[u8]> {
        ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.mapping.delimiter)
            .from_reader(self.bytes.as_slice())
    }

    /// The cells as text, without spaces around.
    fn decoded(&self, record: &ByteRecord) -> Option<Vec<String>> {
        let text = |cell: &[u8]| match self.mapping.encoding {
            Encoding::Utf8 => std::str::from_utf8(cell).ok().map(|text| text.trim().to_owned()),
            Encoding::Windows1252 => {
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell);
                Some(text.trim().to_owned())
            }
        };
        record.iter().map(text).collect()
    }
}

/// Counts lines up to where a record begins. The reader's own count is one short after CR LF.
struct Lines<'e> {
    bytes: &'e [u8],
    counted: usize,
    line: u64,
}

impl<'e> Lines<'e> {
    fn of(bytes: &'e [u8]) -> Self {
        Self { bytes, counted: 0, line: 1 }
    }

    fn of_record(&mut self, record: &ByteRecord) -> u64 {
        let told = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(told).unwrap_or(usize::MAX);
        while self.bytes.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        let passed = self.bytes.get(self.counted..start).unwrap_or_default();
        self.line +=
            passed.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).count() as u64;
        self.counted = start;
        self.line
    }
}

/// Reads rows.
pub struct Rows<'e> {
    extract: &'e Extract,
    reader: csv::Reader<&'e [u8]>,
    lines: Lines<'e>,
    first_lines: HashMap<LocalIdentifier, u64>,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Rows")
    }
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let mut record = ByteRecord::new();
        // Reading from memory as bytes cannot fail: what is no text is found below, row by row.
        if !self.reader.read_byte_record(&mut record).unwrap_or(false) {
            return None;
        }
        let line = self.lines.of_record(&record);
        Some(match self.cells(&record) {
            Err(rule) => Row { line, local_id: None, reading: Err(vec![ColumnRule::new("", rule)]) },
            Ok(cells) => self.row(line, &cells),
        })
    }
}

impl Rows<'_> {
    fn cells(&self, record: &ByteRecord) -> Result<Vec<String>, String> {
        let (count, wanted) = (record.len(), self.extract.header.len());
        if record.as_slice().len() > LONGEST_ROW {
            return Err("is too long for a row: is a quote not closed?".to_owned());
        }
        if count != wanted {
            return Err(format!("has {count} cells where the header has {wanted}"));
        }
        self.extract.decoded(record).ok_or_else(|| "is not text in the encoding of the mapping".to_owned())
    }

    fn row(&mut self, line: u64, cells: &[String]) -> Row {
        let extract = self.extract;
        let cells = Cells { header: &extract.header, cells };
        let column = &extract.mapping.columns.local_id;
        let local_id = match LocalIdentifier::parse(cells.of(column)) {
            Ok(local_id) => local_id,
            Err(violation) => {
                let reading = Err(vec![ColumnRule::new(column, violation.rule)]);
                return Row { line, local_id: None, reading };
            }
        };
        let first = *self.first_lines.entry(local_id.clone()).or_insert(line);
        let reading = if first == line {
            RowReader::new(&extract.mapping, cells, extract.as_of).read(&local_id)
        } else {
            Err(vec![ColumnRule::new(column, format!("stands in line {first} already"))])
        };
        Row { line, local_id: Some(local_id), reading }
    }
}
