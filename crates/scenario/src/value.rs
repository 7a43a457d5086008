//! A TOML file as a tree that remembers where each value stands, so that every later complaint names its row.

pub(crate) mod path;
mod set;

pub(crate) use set::set;

use crate::reader::Context;
use domain::Place;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// The longest TOML file that is read: a scenario written by people has a few kilobytes, and a schedule of 100,000
/// times fits; beyond that it is some other file by mistake.
pub(crate) const TOML_BYTES_MAX: usize = 4 << 20;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub at: At,
    pub kind: Kind,
}

/// Where a value stands.
#[derive(Clone, Debug)]
pub(crate) enum At {
    /// In the file of the table around it, at this line.
    Row(u32),
    /// Where the table around it stands: part of a value given on the command line.
    Below,
    /// Somewhere else: the path of keys starts anew.
    Anchor(Place),
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text(String),
    Whole(i64),
    Number(f64),
    Flag(bool),
    Moment(Datetime),
    List(Vec<Value>),
    /// In the order of the file.
    Table(Vec<Entry>),
}

/// A key of a table with its value; the value's place is the key's.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: String,
    pub value: Value,
}

impl Value {
    /// An empty table.
    pub fn empty(at: At) -> Self {
        Value { at, kind: Kind::Table(Vec::new()) }
    }

    /// A part of this table.
    pub fn entry(&self, key: &str) -> Option<&Value> {
        match &self.kind {
            Kind::Table(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The value under a key of this table, made an empty table if it is not there; `None` if this is no table.
    pub fn entry_or_table(&mut self, key: &str, at: At) -> Option<&mut Value> {
        let Kind::Table(entries) = &mut self.kind else {
            return None;
        };
        let index = match entries.iter().position(|entry| entry.key == key) {
            Some(index) => index,
            None => {
                entries.push(Entry { key: key.to_owned(), value: Value::empty(at) });
                entries.len() - 1
            }
        };
        Some(&mut entries[index].value)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a note shows it: short.
    pub fn shown(&self) -> String {
        let shown = match &self.kind {
            Kind::Text(text) => format!("\"{text}\""),
            Kind::Whole(number) => number.to_string(),
            Kind::Number(number) => number.to_string(),
            Kind::Flag(flag) => flag.to_string(),
            Kind::Moment(moment) => moment.to_string(),
            Kind::List(_) => "[…]".to_owned(),
            Kind::Table(_) => "{…}".to_owned(),
        };
        shortened(&shown)
    }
}

/// At most 60 characters of a text, so that a note stays readable.
pub(crate) fn shortened(text: &str) -> String {
    const SHOWN_MAX: usize = 60;
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The tree of a file; `None`, with notes, if it is no TOML.
pub(crate) fn parse(context: &Context<'_>, file: &str, bytes: &[u8]) -> Option<Value> {
    if bytes.len() > TOML_BYTES_MAX {
        let mib = TOML_BYTES_MAX >> 20;
        context.error(&Place::file(file), "toml_too_large", &[("max", &mib)]);
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let row = Lines::of(bytes).row(error.valid_up_to());
            context.error(&Place::file(file).row(row), "toml_not_utf8", &[]);
            return None;
        }
    };
    let lines = Lines::of(bytes);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let start = error.span().map_or(text.len(), |span| span.start.min(text.len()));
        let place = Place::file(file).row(lines.row(start)).column(lines.column(text, start).to_string());
        context.error(&place, "toml_syntax", &[("message", &error.message())]);
    }
    errors.is_empty().then(|| Value {
        at: At::Row(1),
        kind: Kind::Table(entries(table.get_ref(), &|span| At::Row(lines.row(span)))),
    })
}

/// Whether a value given alone is TOML; if not, it is a text.
pub(crate) fn is_toml(text: &str) -> bool {
    DeValue::parse(text).is_ok()
}

/// A value given on the command line: as TOML if it is that, and as a text if not.
pub(crate) fn parse_alone(text: &str, at: At) -> Value {
    match DeValue::parse(text) {
        Ok(value) => Value { at, kind: kind(value.get_ref(), &|_| At::Below) },
        Err(_) => Value { at, kind: Kind::Text(text.to_owned()) },
    }
}

fn entries(table: &DeTable<'_>, at: &dyn Fn(usize) -> At) -> Vec<Entry> {
    let mut in_order: Vec<_> = table.iter().collect();
    in_order.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &Spanned<std::borrow::Cow<'_, str>> = key;
        let value = Value { at: at(key.span().start), kind: kind(value.get_ref(), at) };
        Entry { key: key.get_ref().to_string(), value }
    };
    in_order.into_iter().map(entry).collect()
}

fn kind(value: &DeValue<'_>, at: &dyn Fn(usize) -> At) -> Kind {
    match value {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(whole) => Kind::Whole(whole),
            // Too large for any limit here: the limits answer, and need no more than its size.
            Err(_) if integer.as_str().starts_with('-') => Kind::Number(f64::NEG_INFINITY),
            Err(_) => Kind::Number(f64::INFINITY),
        },
        DeValue::Float(float) => Kind::Number(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Kind::Flag(*flag),
        DeValue::Datetime(moment) => Kind::Moment(*moment),
        DeValue::Array(items) => {
            let item = |item: &Spanned<DeValue<'_>>| Value {
                at: at(item.span().start),
                kind: kind(item.get_ref(), at),
            };
            Kind::List(items.iter().map(item).collect())
        }
        DeValue::Table(table) => Kind::Table(entries(table, at)),
    }
}

/// Where each line starts.
struct Lines(Vec<usize>);

impl Lines {
    fn of(bytes: &[u8]) -> Self {
        let after = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(index, _)| index + 1);
        Lines(std::iter::once(0).chain(after).collect())
    }

    /// The line of a byte, from 1.
    fn row(&self, byte: usize) -> u32 {
        u32::try_from(self.0.partition_point(|&start| start <= byte)).expect("files are limited to a few MiB")
    }

    /// The character of its line that a byte belongs to, from 1.
    fn column(&self, text: &str, byte: usize) -> usize {
        let start = self.0[self.row(byte) as usize - 1];
        text.get(start..byte).map_or(1, |before| before.chars().count() + 1)
    }
}
