//! One value of a document exchanged in place.

use crate::value::path::{NAMED_BY, element};
use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, TableLike, Value};

/// Puts a value at the path below an item, making what is not there. A path that leads nowhere changes nothing; whoever
/// calls has read the scenario with it.
pub(super) fn put(item: &mut Item, path: &[String], value: &Value) {
    let Some((step, rest)) = path.split_first() else { return replace(item, value) };
    match item {
        Item::None => *item = Item::Value(made(path, value)),
        Item::Table(table) => put_in(table, step, rest, value, &section),
        Item::ArrayOfTables(list) => {
            let place = element(step, list.iter().map(|table| name(table)));
            match (place.and_then(|place| list.get_mut(place)), rest) {
                (Some(table), []) => replace_table(table, value),
                (Some(table), [step, rest @ ..]) => put_in(table, step, rest, value, &inline),
                (None, _) => {}
            }
        }
        Item::Value(node) => put_in_value(node, path, value),
    }
}

/// Takes away what stands at the path below an item; elements of lists stay.
pub(super) fn remove(item: &mut Item, path: &[String]) {
    let Some((step, rest)) = path.split_first() else { return };
    match item {
        Item::None => {}
        Item::Table(table) => remove_in(table, step, rest),
        Item::ArrayOfTables(list) => {
            let place = element(step, list.iter().map(|table| name(table)));
            if let (Some(table), [step, rest @ ..]) = (place.and_then(|place| list.get_mut(place)), rest) {
                remove_in(table, step, rest);
            }
        }
        Item::Value(value) => remove_in_value(value, path),
    }
}

fn remove_in(table: &mut Table, step: &str, rest: &[String]) {
    match (table.get_mut(step), rest) {
        (Some(_), []) => drop(table.remove(step)),
        (Some(below), _) => remove(below, rest),
        (None, _) => {}
    }
}

fn remove_in_value(value: &mut Value, path: &[String]) {
    let Some((step, rest)) = path.split_first() else { return };
    match value {
        Value::InlineTable(table) if rest.is_empty() => drop(table.remove(step)),
        Value::InlineTable(table) => {
            if let Some(below) = table.get_mut(step) {
                remove_in_value(below, rest);
            }
        }
        Value::Array(list) if !rest.is_empty() => {
            let place = element(step, list.iter().map(name_of));
            if let Some(below) = place.and_then(|place| list.get_mut(place)) {
                remove_in_value(below, rest);
            }
        }
        _ => {}
    }
}

/// What stands at the path below an item.
pub(super) fn find<'i>(item: &'i Item, path: &[String]) -> Option<Found<'i>> {
    let Some((step, rest)) = path.split_first() else { return Some(Found::Item(item)) };
    match item {
        Item::None => None,
        Item::Table(table) => find(table.get(step)?, rest),
        Item::ArrayOfTables(list) => {
            let table = list.get(element(step, list.iter().map(|table| name(table)))?)?;
            match rest {
                [] => Some(Found::Table(table)),
                [step, rest @ ..] => find(table.get(step)?, rest),
            }
        }
        Item::Value(value) => find_in_value(value, path).map(Found::Value),
    }
}

/// A part of a document, in one of the shapes that parts have.
pub(super) enum Found<'i> {
    Item(&'i Item),
    Table(&'i Table),
    Value(&'i Value),
}

/// A list as an inline list of one line, a table as an inline table: as it would be given on the command line.
pub(super) fn in_one_line(found: &Found<'_>) -> Option<String> {
    let value = match found {
        Found::Item(item) => plain_item(item)?,
        Found::Table(table) => plain_table(table),
        Found::Value(value) => plain(value),
    };
    Some(value.to_string().trim().to_owned())
}

fn find_in_value<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    let Some((step, rest)) = path.split_first() else { return Some(value) };
    match value {
        Value::InlineTable(table) => find_in_value(table.get(step)?, rest),
        Value::Array(list) => find_in_value(list.get(element(step, list.iter().map(name_of))?)?, rest),
        _ => None,
    }
}

fn put_in_value(node: &mut Value, path: &[String], value: &Value) {
    let Some((step, rest)) = path.split_first() else { return replace_value(node, value) };
    match node {
        Value::InlineTable(table) => match table.get_mut(step) {
            Some(below) => put_in_value(below, rest, value),
            None => drop(table.insert(step.as_str(), made(rest, value))),
        },
        Value::Array(list) => {
            let place = element(step, list.iter().map(name_of));
            if let Some(below) = place.and_then(|place| list.get_mut(place)) {
                put_in_value(below, rest, value);
            }
        }
        _ => {}
    }
}

/// Below a table: into what is there, or into something new.
fn put_in(
    table: &mut Table,
    step: &str,
    rest: &[String],
    value: &Value,
    new: &dyn Fn(&[String], &Value) -> Item,
) {
    match table.get_mut(step) {
        Some(below) => put(below, rest, value),
        None => drop(table.insert(step, new(rest, value))),
    }
}

/// A new part under a heading of its own: `[waves]`.
fn section(path: &[String], value: &Value) -> Item {
    let Some((step, rest)) = path.split_first() else { return inline(path, value) };
    let mut table = Table::new();
    table.insert(step, inline(rest, value));
    Item::Table(table)
}

/// A new part in its line.
fn inline(path: &[String], value: &Value) -> Item {
    Item::Value(made(path, value))
}

fn made(path: &[String], value: &Value) -> Value {
    path.iter().rev().fold(value.clone(), |inner, step| {
        let mut table = InlineTable::new();
        table.insert(step.as_str(), inner);
        Value::InlineTable(table)
    })
}

/// A value takes the place of another: the comment beside it stays. Under a heading it becomes its lines.
fn replace(item: &mut Item, value: &Value) {
    match (&mut *item, value) {
        (Item::Value(node), _) => replace_value(node, value),
        (Item::Table(table), Value::InlineTable(_)) => replace_table(table, value),
        (Item::ArrayOfTables(_), Value::Array(list)) => {
            let tables: Option<Vec<Table>> =
                list.iter().map(|element| Some(element.as_inline_table()?.clone().into_table())).collect();
            match tables {
                Some(tables) if !tables.is_empty() => {
                    *item = Item::ArrayOfTables(ArrayOfTables::from_iter(tables));
                }
                _ => *item = Item::Value(value.clone()),
            }
        }
        _ => *item = Item::Value(value.clone()),
    }
}

fn replace_value(node: &mut Value, value: &Value) {
    let decor = node.decor().clone();
    *node = value.clone();
    *node.decor_mut() = decor;
}

/// Keys that stay keep their comments; the others go or come.
fn replace_table(table: &mut Table, value: &Value) {
    let Value::InlineTable(new) = value else { return };
    table.retain(|key, _| new.contains_key(key));
    for (key, value) in new.iter() {
        match table.get_mut(key) {
            Some(item) => replace(item, value),
            None => {
                let mut value = value.clone();
                value.decor_mut().clear();
                table.insert(key, Item::Value(value));
            }
        }
    }
}

fn name(table: &dyn TableLike) -> Option<&str> {
    NAMED_BY.into_iter().find_map(|key| table.get(key)).and_then(Item::as_str)
}

fn name_of(value: &Value) -> Option<&str> {
    value.as_inline_table().and_then(|table| name(table))
}

fn plain_item(item: &Item) -> Option<Value> {
    match item {
        Item::None => None,
        Item::Value(value) => Some(plain(value)),
        Item::Table(table) => Some(plain_table(table)),
        Item::ArrayOfTables(list) => Some(Value::Array(list.iter().map(plain_table).collect())),
    }
}

fn plain_table(table: &Table) -> Value {
    let entries = table.iter().filter_map(|(key, item)| Some((key, plain_item(item)?)));
    Value::InlineTable(entries.collect())
}

fn plain(value: &Value) -> Value {
    match value {
        Value::InlineTable(table) => {
            Value::InlineTable(table.iter().map(|(key, value)| (key, plain(value))).collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(plain).collect::<Array>()),
        _ => {
            let mut value = value.clone();
            value.decor_mut().clear();
            value
        }
    }
}
