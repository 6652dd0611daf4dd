//! The cells of one row as one submission. What the cells mean is checked by the reader of the wire, which knows the
//! rules of every field; here its paths are turned back into columns.

use super::file::ColumnRule;
use super::mapping::{ItemColumn, Mapping, Part};
use domain::{Cardinality, Catalogue, FieldKind, ItemKind, LocalIdentifier, PartialDate, Sex, Text};
use jiff::Timestamp;
use prost::Message as _;
use proto::intake::v1;
use ring::digest;

/// Instance of an item that a row tells of.
const INSTANCE: &str = "extract";

/// The cells of a row by the names of their columns.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) header: &'a [String],
    pub(super) cells: &'a [String],
}

impl<'a> Cells<'a> {
    pub(super) fn of(self, column: &str) -> &'a str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.cells.get(place)).map_or("", String::as_str)
    }

    /// The cell of a column that the mapping may not name.
    fn mapped(self, column: Option<&String>) -> Option<&'a str> {
        column.map(|column| self.of(column))
    }
}

/// Reads one row.
pub(super) struct RowReader<'a> {
    mapping: &'a Mapping,
    cells: Cells<'a>,
    as_of: Timestamp,
    patch: v1::DemographicsPatch,
    /// Paths in the submission, and the columns that fill them.
    places: Vec<(String, String)>,
    refused: Vec<ColumnRule>,
}

type Reading = Result<(v1::RecordSubmission, Vec<ColumnRule>), Vec<ColumnRule>>;

impl<'a> RowReader<'a> {
    pub(super) fn new(mapping: &'a Mapping, cells: Cells<'a>, as_of: Timestamp) -> Self {
        let patch = v1::DemographicsPatch::default();
        Self { mapping, cells, as_of, patch, places: Vec::new(), refused: Vec::new() }
    }

    pub(super) fn read(mut self, local_id: &LocalIdentifier) -> Reading {
        self.names();
        self.numbers();
        self.birth_and_sex();
        self.addresses();
        self.contacts();
        self.death();
        self.protection();
        let mut submission = self.submission(local_id);
        self.items(&mut submission);
        submission.message_id = content_id(&submission);
        if !self.refused.is_empty() {
            return Err(self.refused);
        }
        match proto::intake::record_change(submission.clone()) {
            Ok(read) => Ok((submission, self.in_columns(read.left_out))),
            Err(violations) => Err(self.in_columns(violations)),
        }
    }

    fn submission(&mut self, local_id: &LocalIdentifier) -> v1::RecordSubmission {
        let authority = self.mapping.authority.as_str().to_owned();
        let as_of = proto::timestamp(self.as_of);
        let version = v1::record_version::Version::SourceTime(as_of);
        v1::RecordSubmission {
            record: Some(v1::SourceRecord { authority, local_id: local_id.as_str().to_owned() }),
            version: Some(v1::RecordVersion { version: Some(version) }),
            occurred_at: Some(as_of),
            demographics: Some(std::mem::take(&mut self.patch)),
            ..v1::RecordSubmission::default()
        }
    }

    fn in_columns(&self, violations: Vec<domain::FieldViolation>) -> Vec<ColumnRule> {
        let column = |path: &str| {
            let fits = self.places.iter().filter(|(place, _)| path.starts_with(place.as_str()));
            let nearest = fits.max_by_key(|(place, _)| place.len());
            nearest.map_or_else(|| path.to_owned(), |(_, column)| column.clone())
        };
        violations.into_iter().map(|one| ColumnRule::new(column(&one.field), one.rule)).collect()
    }

    fn place(&mut self, path: impl Into<String>, column: Option<&String>) {
        if let Some(column) = column {
            self.places.push((path.into(), column.clone()));
        }
    }

    fn refuse(&mut self, column: Option<&String>, rule: &str) {
        self.refused.push(ColumnRule::new(column.cloned().unwrap_or_default(), rule));
    }

    fn clear(&mut self, field: &str) {
        self.patch.cleared_fields.push(field.to_owned());
    }

    fn names(&mut self) {
        let columns = &self.mapping.columns;
        if columns.family.is_none() && columns.given.is_none() {
            return;
        }
        // The wire checks a name as a whole; which column is at fault is told here.
        for column in [&columns.family, &columns.given, &columns.title, &columns.suffix] {
            let cell = self.cells.mapped(column.as_ref()).unwrap_or_default();
            if let (false, Err(violation)) = (cell.is_empty(), Text::parse(cell)) {
                self.refuse(column.as_ref(), violation.rule);
            }
        }
        let text =
            |column: &Option<String>| self.cells.mapped(column.as_ref()).unwrap_or_default().to_owned();
        let name = v1::PersonName {
            family: text(&columns.family),
            given: text(&columns.given).split_whitespace().map(str::to_owned).collect(),
            prefix: text(&columns.title),
            suffix: text(&columns.suffix),
            r#use: v1::NameUse::Usual.into(),
        };
        if name.family.is_empty() && name.given.is_empty() {
            self.clear("names");
            return;
        }
        self.place("demographics.names", columns.family.as_ref().or(columns.given.as_ref()));
        self.patch.names = Some(v1::PersonNames { names: vec![name] });
    }

    fn numbers(&mut self) {
        let columns = &self.mapping.columns;
        self.place("demographics.chi", columns.chi.as_ref());
        match self.cells.mapped(columns.chi.as_ref()) {
            None => {}
            Some("") => self.clear("chi"),
            Some(number) => self.patch.chi = Some(v1::HeldChi { number: number.to_owned(), padded: false }),
        }
        self.place("demographics.nhs_number", columns.nhs_number.as_ref());
        match self.cells.mapped(columns.nhs_number.as_ref()) {
            None => {}
            Some("") => self.clear("nhs_number"),
            Some(number) => self.patch.nhs_number = Some(number.to_owned()),
        }
    }

    fn birth_and_sex(&mut self) {
        let columns = &self.mapping.columns;
        match self.cells.mapped(columns.birth_date.as_ref()) {
            None => {}
            Some("") => self.clear("birth_date"),
            Some(cell) => self.patch.birth_date = self.date(cell, columns.birth_date.as_ref()),
        }
        self.place("demographics.birth_date", columns.birth_date.as_ref());
        match self.cells.mapped(columns.sex.as_ref()) {
            None => {}
            Some("") => self.clear("sex"),
            Some(word) => match self.mapping.sex(word) {
                Some(sex) => self.patch.sex = Some(wire_sex(sex).into()),
                None => self.refuse(columns.sex.as_ref(), "must be a word that the mapping lists under sex"),
            },
        }
    }

    /// A date as the wire has it.
    fn date(&mut self, cell: &str, column: Option<&String>) -> Option<String> {
        let format = self.mapping.date_format;
        let date = format.read(cell).as_ref().map(PartialDate::to_iso);
        if date.is_none() {
            self.refuse(column, format.rule());
        }
        date
    }

    fn flag(&mut self, word: &str, column: Option<&String>) -> Option<bool> {
        let flag = self.mapping.flag(word);
        if flag.is_none() {
            self.refuse(column, "must be a word that the mapping lists under yes or no");
        }
        flag
    }

    fn addresses(&mut self) {
        let columns = &self.mapping.columns;
        let parts = columns.address_lines().into_iter().chain([&columns.postcode, &columns.uprn]);
        if parts.flatten().next().is_none() {
            return;
        }
        let path = "demographics.addresses.addresses[0]";
        let mut lines = Vec::new();
        for column in columns.address_lines() {
            let cell = self.cells.mapped(column.as_ref()).unwrap_or_default();
            if !cell.is_empty() {
                self.place(format!("{path}.lines[{}]", lines.len()), column.as_ref());
                lines.push(cell.to_owned());
            }
        }
        self.place(format!("{path}.postcode"), columns.postcode.as_ref());
        self.place(format!("{path}.uprn"), columns.uprn.as_ref());
        let postcode = self.cells.mapped(columns.postcode.as_ref()).unwrap_or_default().to_owned();
        let uprn = match self.cells.mapped(columns.uprn.as_ref()).unwrap_or_default() {
            "" => 0,
            cell => cell.parse().unwrap_or_else(|_| {
                self.refuse(columns.uprn.as_ref(), "must be a number of up to 12 digits");
                0
            }),
        };
        if lines.is_empty() && postcode.is_empty() && uprn == 0 {
            self.clear("addresses");
            return;
        }
        let used = v1::AddressUse::Home.into();
        let address = v1::Address { r#use: used, lines, postcode, uprn, ..v1::Address::default() };
        self.patch.addresses = Some(v1::Addresses { addresses: vec![address] });
    }

    fn contacts(&mut self) {
        let columns = &self.mapping.columns;
        let all = [
            (v1::ContactKind::Telephone, &columns.telephone),
            (v1::ContactKind::Mobile, &columns.mobile),
            (v1::ContactKind::Email, &columns.email),
        ];
        if all.iter().all(|(_, column)| column.is_none()) {
            return;
        }
        let mut contacts = Vec::new();
        for (kind, column) in all {
            let cell = self.cells.mapped(column.as_ref()).unwrap_or_default();
            if !cell.is_empty() {
                self.place(format!("demographics.contacts.contacts[{}]", contacts.len()), column.as_ref());
                contacts.push(v1::ContactPoint { kind: kind.into(), value: cell.to_owned() });
            }
        }
        if contacts.is_empty() {
            self.clear("contacts");
        } else {
            self.patch.contacts = Some(v1::ContactPoints { contacts });
        }
    }

    fn death(&mut self) {
        let columns = &self.mapping.columns;
        let word = self.cells.mapped(columns.deceased.as_ref()).unwrap_or_default();
        let said = if word.is_empty() { None } else { self.flag(word, columns.deceased.as_ref()) };
        let day = self.cells.mapped(columns.death_date.as_ref()).unwrap_or_default();
        let death_date = if day.is_empty() { None } else { self.date(day, columns.death_date.as_ref()) };
        self.place("demographics.deceased", columns.deceased.as_ref().or(columns.death_date.as_ref()));
        if said == Some(false) && death_date.is_some() {
            self.refuse(columns.death_date.as_ref(), "must be empty where the person has not died");
        } else if let Some(death_date) = death_date {
            self.patch.deceased = Some(v1::Deceased { deceased: true, death_date });
        } else if let Some(deceased) = said {
            self.patch.deceased = Some(v1::Deceased { deceased, death_date: String::new() });
        } else if columns.death_date.is_some() {
            self.clear("deceased");
        }
    }

    fn protection(&mut self) {
        let column = &self.mapping.columns.protected;
        match self.cells.mapped(column.as_ref()) {
            // INVARIANT: an empty cell never takes a mark away.
            None | Some("") => {}
            Some(word) => self.patch.protected = self.flag(word, column.as_ref()),
        }
    }

    fn items(&mut self, submission: &mut v1::RecordSubmission) {
        let mapping = self.mapping;
        for columns in mapping.items.chunk_by(|one, other| one.kind == other.kind) {
            let Some(first) = columns.first() else { continue };
            let at = format!("upserts[{}]", submission.upserts.len());
            let fields: Vec<v1::ItemField> = columns
                .chunk_by(|one, other| one.field.name == other.field.name)
                .filter_map(|parts| self.field(parts, &at))
                .collect();
            let spec = Catalogue::standard().kind(first.kind);
            let is_single = spec.cardinality == Cardinality::Single;
            if is_single {
                submission.complete_kinds.push(spec.id.to_owned());
            }
            if !fields.is_empty() {
                self.places.push((at, first.column.clone()));
                submission.upserts.push(self.item(first.kind, fields));
            } else if !is_single {
                let removal = v1::ItemRemoval { kind: spec.id.to_owned(), instance: INSTANCE.to_owned() };
                submission.removals.push(removal);
            }
        }
    }

    fn item(&self, kind: ItemKind, fields: Vec<v1::ItemField>) -> v1::Item {
        v1::Item {
            kind: kind.id().to_owned(),
            instance: INSTANCE.to_owned(),
            as_of: Some(proto::timestamp(self.as_of)),
            fields,
            ..v1::Item::default()
        }
    }

    /// One field from the columns of its parts; `None` where all of them are empty.
    fn field(&mut self, parts: &[ItemColumn], at: &str) -> Option<v1::ItemField> {
        let first = parts.first()?;
        let path = format!("{at}.fields.{}", first.field.name);
        for one in parts {
            let part = match one.part {
                Part::From => ".from",
                Part::To => ".to",
                Part::Whole | Part::Name | Part::Role | Part::Team | Part::Telephone | Part::Relationship => {
                    ""
                }
            };
            self.places.push((format!("{path}{part}"), one.column.clone()));
        }
        let cells: Vec<(Part, &str)> =
            parts.iter().map(|one| (one.part, self.cells.of(&one.column))).collect();
        if cells.iter().all(|(_, cell)| cell.is_empty()) {
            return None;
        }
        let cell = |part: Part| cells.iter().find(|(one, _)| *one == part).map_or("", |(_, cell)| *cell);
        let text = |part: Part| cell(part).to_owned();
        let column = |part: Part| parts.iter().find(|one| one.part == part).map(|one| &one.column);
        use v1::field_value::Value;
        let value = match first.field.kind {
            FieldKind::Text | FieldKind::LongText | FieldKind::Telephone => Value::Text(text(Part::Whole)),
            FieldKind::Date => Value::Date(self.date(cell(Part::Whole), column(Part::Whole))?),
            FieldKind::Flag => Value::Flag(self.flag(cell(Part::Whole), column(Part::Whole))?),
            FieldKind::Code => {
                let (system, code) = (String::new(), String::new());
                Value::Code(v1::Code { system, code, display: text(Part::Whole) })
            }
            FieldKind::Period => {
                let mut end = |part: Part| match cell(part) {
                    "" => Some(String::new()),
                    day => self.date(day, column(part)),
                };
                Value::Period(v1::Period { from: end(Part::From)?, to: end(Part::To)? })
            }
            FieldKind::Practitioner => {
                let (name, role) = (text(Part::Name), text(Part::Role));
                let (team, telephone) = (text(Part::Team), text(Part::Telephone));
                Value::Practitioner(v1::Practitioner { name, role, team, telephone })
            }
            FieldKind::Person => {
                let (name, relationship) = (text(Part::Name), text(Part::Relationship));
                Value::Person(v1::RelatedPerson { name, relationship, telephone: text(Part::Telephone) })
            }
            // No column can fill one: the mapping refuses it.
            FieldKind::Quantity => return None,
        };
        let value = Some(v1::FieldValue { value: Some(value) });
        Some(v1::ItemField { name: first.field.name.to_owned(), value })
    }
}

fn wire_sex(sex: Sex) -> v1::Sex {
    match sex {
        Sex::Female => v1::Sex::Female,
        Sex::Male => v1::Sex::Male,
        Sex::Other => v1::Sex::Other,
        Sex::Unknown => v1::Sex::Unknown,
    }
}

/// The id of a row: the same row of an extract of the same time has the same one, however often it is sent, and a
/// later extract with the same row another.
fn content_id(submission: &v1::RecordSubmission) -> String {
    let hash = digest::digest(&digest::SHA256, &submission.encode_to_vec());
    let mut id = "extract ".to_owned();
    for byte in hash.as_ref() {
        id.push_str(&format!("{byte:02x}"));
    }
    id
}
