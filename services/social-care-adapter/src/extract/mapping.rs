//! The mapping of an extract, a TOML file: whose records, full or delta, how values are written, what each column says.

use super::dates::DateFormat;
use domain::{Authority, Catalogue, FieldKind, FieldSpec, ItemKind, Sex};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Whether whoever is not in the file is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The file lists every record.
    Full,
    /// The file holds changes only.
    Delta,
}

/// Why a mapping cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mapping, line {line}: {rule}")]
pub struct MappingError {
    /// Line of the file, from 1.
    pub line: usize,
    /// The rule that it breaks.
    pub rule: String,
}

/// How the bytes of the file make text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub(super) enum Encoding {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "windows-1252")]
    Windows1252,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    authority: Spanned<String>,
    extract: Kind,
    date_format: DateFormat,
    #[serde(default)]
    encoding: Encoding,
    delimiter: Option<Spanned<char>>,
    yes: Vec<String>,
    no: Option<Vec<String>>,
    #[serde(default)]
    sex: BTreeMap<String, Spanned<String>>,
    columns: Columns,
    #[serde(default)]
    items: BTreeMap<Spanned<String>, String>,
}

/// Columns that say who a person is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) local_id: String,
    pub(super) chi: Option<String>,
    pub(super) nhs_number: Option<String>,
    pub(super) title: Option<String>,
    pub(super) given: Option<String>,
    pub(super) family: Option<String>,
    pub(super) suffix: Option<String>,
    pub(super) birth_date: Option<String>,
    pub(super) sex: Option<String>,
    pub(super) address_line_1: Option<String>,
    pub(super) address_line_2: Option<String>,
    pub(super) address_line_3: Option<String>,
    pub(super) address_line_4: Option<String>,
    pub(super) address_line_5: Option<String>,
    pub(super) postcode: Option<String>,
    pub(super) uprn: Option<String>,
    pub(super) telephone: Option<String>,
    pub(super) mobile: Option<String>,
    pub(super) email: Option<String>,
    pub(super) deceased: Option<String>,
    pub(super) death_date: Option<String>,
    pub(super) protected: Option<String>,
}

impl Columns {
    pub(super) fn address_lines(&self) -> [&Option<String>; 5] {
        [
            &self.address_line_1,
            &self.address_line_2,
            &self.address_line_3,
            &self.address_line_4,
            &self.address_line_5,
        ]
    }

    /// Every column that is named.
    fn all(&self) -> impl Iterator<Item = &String> {
        let names = [&self.title, &self.given, &self.family, &self.suffix];
        let person = [&self.chi, &self.nhs_number, &self.birth_date, &self.sex, &self.postcode, &self.uprn];
        let rest =
            [&self.telephone, &self.mobile, &self.email, &self.deceased, &self.death_date, &self.protected];
        let optional = names.into_iter().chain(person).chain(self.address_lines()).chain(rest);
        std::iter::once(&self.local_id).chain(optional.flatten())
    }
}

/// Which part of a field a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Whole,
    From,
    To,
    Name,
    Role,
    Team,
    Telephone,
    Relationship,
}

impl Part {
    fn of(kind: FieldKind, name: Option<&str>) -> Option<Self> {
        match (kind, name) {
            (
                FieldKind::Text
                | FieldKind::LongText
                | FieldKind::Telephone
                | FieldKind::Date
                | FieldKind::Code
                | FieldKind::Flag,
                None,
            ) => Some(Self::Whole),
            (FieldKind::Period, Some("from")) => Some(Self::From),
            (FieldKind::Period, Some("to")) => Some(Self::To),
            (FieldKind::Practitioner | FieldKind::Person, Some("name")) => Some(Self::Name),
            (FieldKind::Practitioner | FieldKind::Person, Some("telephone")) => Some(Self::Telephone),
            (FieldKind::Practitioner, Some("role")) => Some(Self::Role),
            (FieldKind::Practitioner, Some("team")) => Some(Self::Team),
            (FieldKind::Person, Some("relationship")) => Some(Self::Relationship),
            (_, _) => None,
        }
    }
}

/// A column that fills a field of an item.
#[derive(Debug, Clone)]
pub(super) struct ItemColumn {
    pub(super) kind: ItemKind,
    pub(super) field: &'static FieldSpec,
    pub(super) part: Part,
    pub(super) column: String,
}

/// How an extract is read.
#[derive(Debug, Clone)]
pub struct Mapping {
    pub(super) authority: Authority,
    pub(super) kind: Kind,
    pub(super) date_format: DateFormat,
    pub(super) encoding: Encoding,
    pub(super) delimiter: u8,
    pub(super) columns: Columns,
    /// By kind, then by field.
    pub(super) items: Vec<ItemColumn>,
    yes: Vec<String>,
    no: Vec<String>,
    sexes: Vec<(String, Sex)>,
}

impl Mapping {
    /// Reads a mapping. An unknown key is refused with its line.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let file: File = toml::from_str(text).map_err(|error| MappingError {
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            rule: error.message().to_owned(),
        })?;
        let at = |start: usize, rule: String| MappingError { line: line_of(text, start), rule };
        let authority = Authority::parse(file.authority.get_ref());
        let authority = authority
            .map_err(|violation| at(file.authority.span().start, format!("authority {violation}")))?;
        let mut sexes = Vec::new();
        for (word, sex) in file.sex {
            let known = sex_of(sex.get_ref());
            let rule = || at(sex.span().start, "a sex is one of female, male, other, unknown".to_owned());
            sexes.push((word, known.ok_or_else(rule)?));
        }
        let delimiter = match file.delimiter {
            None => b',',
            Some(sign) => u8::try_from(*sign.get_ref())
                .ok()
                .filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n'))
                .ok_or_else(|| {
                    at(sign.span().start, "a delimiter is one plain sign, such as ;".to_owned())
                })?,
        };
        let mut items = Vec::new();
        for (key, column) in file.items {
            let rule = |rule: &str| at(key.span().start, format!("items: {} {rule}", key.get_ref()));
            items.push(item_column(key.get_ref(), column).map_err(rule)?);
        }
        items.sort_by_key(|item| (item.kind, item.field.name, item.part));
        let usual_no = || ["N", "No", "0", "False"].map(str::to_owned).to_vec();
        Ok(Self {
            authority,
            kind: file.extract,
            date_format: file.date_format,
            encoding: file.encoding,
            delimiter,
            columns: file.columns,
            items,
            yes: file.yes,
            no: file.no.unwrap_or_else(usual_no),
            sexes,
        })
    }

    /// Authority of the records in the file.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Full or delta.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Every column that the mapping names.
    pub(super) fn column_names(&self) -> impl Iterator<Item = &String> {
        self.columns.all().chain(self.items.iter().map(|item| &item.column))
    }

    /// Yes or no, where the word is one of either.
    pub(super) fn flag(&self, word: &str) -> Option<bool> {
        let is = |list: &[String]| list.iter().any(|one| one.eq_ignore_ascii_case(word));
        if is(&self.yes) { Some(true) } else { is(&self.no).then_some(false) }
    }

    pub(super) fn sex(&self, word: &str) -> Option<Sex> {
        self.sexes.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, sex)| *sex)
    }
}

fn sex_of(word: &str) -> Option<Sex> {
    match word {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        "other" => Some(Sex::Other),
        "unknown" => Some(Sex::Unknown),
        _ => None,
    }
}

fn item_column(key: &str, column: String) -> Result<ItemColumn, &'static str> {
    let mut words = key.split('.');
    let catalogue = Catalogue::standard();
    let kind = words.next().and_then(|id| catalogue.by_id(id)).ok_or("names no kind of the catalogue")?;
    if projection::is_derived(kind) {
        return Err("is told by the columns of the person");
    }
    let field = words.next().and_then(|name| catalogue.kind(kind).field(name));
    let field = field.ok_or("names no field of its kind")?;
    let part = Part::of(field.kind, words.next());
    let part =
        part.ok_or("must name a part: .from or .to of a period; .name, .telephone and more of a person")?;
    if words.next().is_some() {
        return Err("has too many parts");
    }
    Ok(ItemColumn { kind, field, part, column })
}

fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|one| *one == b'\n').count() + 1
}
