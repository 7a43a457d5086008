//! The words of a service file: role cards for helpers, notices for residents, each in the languages of the house.

use crate::reader::{Field, Section};
use domain::Text;
use std::collections::BTreeMap;
use words::Language;

/// Cards of one service: more roles than this is another organisation.
const ROLES_MAX: usize = 32;
/// Lines on one side of a card that is read at arm's length.
const LINES_MAX: usize = 20;
/// Characters of one line or notice.
const CHARACTERS_MAX: usize = 1_000;

/// What one role does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleCard {
    /// The role.
    pub name: Text,
    /// What to do, in order.
    pub tasks: Vec<Text>,
    /// What not to do.
    pub limits: Vec<Text>,
    /// What to do if in doubt.
    pub doubts: Vec<Text>,
}

/// What residents are told; absent where the service says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// When they are called.
    pub call: Option<Text>,
    /// What to bring.
    pub bring: Option<Text>,
    /// How to behave at the site.
    pub at_site: Option<Text>,
    /// What follows.
    pub after: Option<Text>,
}

/// The languages whose words every text has.
const ALWAYS: [&str; 2] = ["en", "zh"];

/// `{ en = "…", zh = "…" }`, with other languages beside them (`es`, `zh-Hant`), or one text for all.
pub(crate) fn read_text(field: &Field<'_>) -> Option<Text> {
    if field.is_text() {
        let text = line(field)?;
        return Some(Text(ALWAYS.map(|tag| (tag.to_owned(), text.clone())).into()));
    }
    let mut table = field.table()?;
    let given: Vec<(&str, Field<'_>)> =
        Language::ALL.map(Language::tag).into_iter().filter_map(|tag| Some((tag, table.get(tag)?))).collect();
    if !given.iter().any(|(tag, _)| ALWAYS.contains(tag)) {
        table.missing("en");
    }
    table.finish();
    let read: Vec<(&str, Option<String>)> = given.iter().map(|(tag, field)| (*tag, line(field))).collect();
    let mut texts: BTreeMap<String, String> =
        read.into_iter().map(|(tag, text)| Some((tag.to_owned(), text?))).collect::<Option<_>>()?;
    let repeated = ALWAYS.iter().find_map(|&tag| texts.get(tag)).cloned()?;
    for tag in ALWAYS {
        texts.entry(tag.to_owned()).or_insert_with(|| repeated.clone());
    }
    Some(Text(texts))
}

fn line(field: &Field<'_>) -> Option<String> {
    let text = field.text()?.trim();
    if text.is_empty() {
        field.error("empty_text", &[]);
        return None;
    }
    if text.chars().count() > CHARACTERS_MAX {
        field.error("text_too_long", &[("max", &CHARACTERS_MAX)]);
        return None;
    }
    Some(text.to_owned())
}

pub(super) fn read_roles(field: &Field<'_>) -> Vec<RoleCard> {
    let role = |mut table: Section<'_>| {
        let name = table.need("name").and_then(|field| read_text(&field));
        let [tasks, limits, doubts] = ["do", "do_not", "if_in_doubt"]
            .map(|key| table.get(key).map(|field| lines(&field)).unwrap_or_default());
        table.finish();
        Some(RoleCard { name: name?, tasks, limits, doubts })
    };
    field.tables(ROLES_MAX).into_iter().filter_map(role).collect()
}

fn lines(field: &Field<'_>) -> Vec<Text> {
    field.list(LINES_MAX).unwrap_or_default().iter().filter_map(read_text).collect()
}

pub(super) fn read_notice(mut table: Section<'_>) -> Notice {
    let [call, bring, at_site, after] =
        ["call", "bring", "at_site", "after"].map(|key| table.get(key).and_then(|field| read_text(&field)));
    table.finish();
    Notice { call, bring, at_site, after }
}
