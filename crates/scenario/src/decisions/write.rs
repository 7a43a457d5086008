//! A line as it is written beneath the others: what stands there is not touched.

use super::FILE;
use crate::Files;
use domain::decision::{Act, Change, Entry, Expected, Fact, Onto, What};
use jiff::civil::{Date, DateTime};
use toml_edit::{Array, ArrayOfTables, Datetime, DocumentMut, InlineTable, Item, Table, Value, value};

/// What a new log begins with.
const HEAD: &str = "# What was said and decided in the evenings, by roles and never by names. Lines are only added: docs/review.md\n\
    # 每晚复盘说了什么、定了什么:只写身份,不写姓名,只增不改。见 docs/review.zh-CN.md\n\
    format = 1\n";

/// The text of a folder's log with one more line; `number` is that of the decision.
pub(super) fn with_line(files: &Files, entry: &Entry, number: u32) -> Vec<u8> {
    let mut text = files.0.get(FILE).cloned().unwrap_or_else(|| HEAD.as_bytes().to_vec());
    if text.last() != Some(&b'\n') {
        text.push(b'\n');
    }
    text.push(b'\n');
    let mut list = ArrayOfTables::new();
    list.push(table(entry, number));
    let mut document = DocumentMut::new();
    document.insert("entry", Item::ArrayOfTables(list));
    text.extend(document.to_string().trim_start().bytes());
    text
}

fn table(entry: &Entry, number: u32) -> Table {
    let mut table = Table::new();
    let does = match &entry.what {
        What::Said => "say",
        What::Proposed(_) => "propose",
        What::Moved { act, .. } => act.kind().name(),
    };
    table.insert("do", value(does));
    if entry.what != What::Said {
        table.insert("decision", value(i64::from(number)));
    }
    table.insert("at", value(moment(entry.at)));
    let by: Array = entry.by.iter().map(|by| by.name()).collect();
    match &entry.by[..] {
        [one] => table.insert("by", value(one.name())),
        _ => table.insert("by", value(by)),
    };
    put(&mut table, "words", &entry.words);
    match &entry.what {
        What::Said => {}
        What::Proposed(proposal) => {
            put(&mut table, "problem", &proposal.problem);
            match &proposal.change {
                Change::Value { key, value: new } => {
                    put(&mut table, "key", key);
                    put(&mut table, "value", new);
                }
                Change::Rule(Onto::Log) => {}
                Change::Rule(Onto::Notice) => put(&mut table, "onto", "notice"),
                Change::Rule(Onto::Card(role)) => put(&mut table, "role", role),
            }
            put(&mut table, "figure", &proposal.figure.name());
            figures(&mut table, proposal.expected, proposal.measured);
        }
        What::Moved { act, .. } => match act {
            Act::Object | Act::Drop => {}
            Act::Try { on, part } => {
                if let Some(on) = on.and_then(date) {
                    table.insert("on", value(on));
                }
                put(&mut table, "part", part);
            }
            Act::Agree(agreement) => {
                put(&mut table, "old", agreement.old.as_deref().unwrap_or_default());
                figures(&mut table, agreement.expected, agreement.measured);
            }
        },
    }
    table
}

fn put(table: &mut Table, key: &str, text: &str) {
    if !text.is_empty() {
        table.insert(key, value(text));
    }
}

fn figures(table: &mut Table, expected: Option<Expected>, measured: Option<Fact>) {
    if let Some(of) = expected {
        let difference = of.difference.map(|[low, high]| [("low", low), ("high", high)]);
        let one_day = of.one_day.map(|[before, after]| [("sd_before", before), ("sd_after", after)]);
        let more = difference.into_iter().chain(one_day).flatten();
        let numbers = [("before", of.before), ("after", of.after)].into_iter().chain(more);
        let inline: InlineTable =
            numbers.map(|(key, number)| (key, Value::from(thousandth(number)))).collect();
        table.insert("expected", value(inline));
    }
    if let Some(of) = measured {
        let mut inline = InlineTable::new();
        inline.insert("value", Value::from(thousandth(of.value)));
        if let Some(error) = of.error {
            inline.insert("error", Value::from(thousandth(error)));
        }
        if let Some(on) = of.on.and_then(date) {
            inline.insert("on", Value::from(on));
        }
        table.insert("measured", value(inline));
    }
}

/// Finer than any figure of a round is known.
fn thousandth(number: f64) -> f64 {
    libm::round(number * 1_000.0) / 1_000.0
}

fn date(date: Date) -> Option<Datetime> {
    date.to_string().parse().ok()
}

fn moment(at: DateTime) -> Datetime {
    let text = at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    text.parse().expect("a local time is written as TOML writes it")
}
