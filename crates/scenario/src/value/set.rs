//! `--set KEY=VALUE`: one value of the tree replaced from the command line.

use super::{At, Kind, Value, parse_alone};
use crate::reader::Context;
use domain::Place;

/// The most steps in a key: the deepest key of the format has fewer than ten.
const STEPS_MAX: usize = 32;

/// Puts a value at a dotted path, making tables that are not there. Elements of a list are named by their place from
/// 0 (`site.station.0.servers`, `site.station[0].servers`) or by name (`site.station.sampling.servers`).
pub(crate) fn set(context: &Context<'_>, tree: &mut Value, key: &str, value: &str) {
    let place = Place::file("--set").column(key);
    let path = key.replace('[', ".").replace(']', "");
    let steps: Vec<&str> = path.split('.').map(str::trim).collect();
    if steps.iter().any(|step| step.is_empty()) || steps.len() > STEPS_MAX {
        context.error(&place, "set_key", &[("key", &key)]);
        return;
    }
    let at = At::Anchor(place.clone());
    let (last, way) = steps.split_last().expect("split gives at least one");
    let mut node = tree;
    for (done, step) in way.iter().enumerate() {
        let known = names(node);
        node = match below(node, step, &at) {
            Some(below) => below,
            None => return refuse(context, &place, &steps[..done], step, &known),
        };
    }
    let known = names(node);
    match below(node, last, &at) {
        Some(target) => *target = parse_alone(value, at),
        None => refuse(context, &place, way, last, &known),
    }
}

fn refuse(context: &Context<'_>, place: &Place, way: &[&str], step: &str, known: &[String]) {
    let at = way.join(".");
    if known.is_empty() {
        context.error(place, "set_into_value", &[("step", &step), ("at", &at)]);
    } else {
        context.error(place, "set_no_element", &[("step", &step), ("at", &at), ("known", &known.join(", "))]);
    }
}

/// One step down; `None` where the way ends.
fn below<'v>(node: &'v mut Value, step: &str, at: &At) -> Option<&'v mut Value> {
    if matches!(node.kind, Kind::Table(_)) {
        return node.entry_or_table(step, at.clone());
    }
    match &mut node.kind {
        Kind::List(items) => match step.parse::<usize>() {
            Ok(index) => items.get_mut(index),
            Err(_) => items.iter_mut().find(|item| name(item) == Some(step)),
        },
        _ => None,
    }
}

/// What elements of a list may be called by; empty for anything else.
fn names(node: &Value) -> Vec<String> {
    let Kind::List(items) = &node.kind else {
        return Vec::new();
    };
    items
        .iter()
        .enumerate()
        .map(|(index, item)| name(item).map_or(index.to_string(), str::to_owned))
        .collect()
}

fn name(item: &Value) -> Option<&str> {
    ["name", "class", "to"].into_iter().find_map(|key| item.entry(key)).and_then(Value::text)
}
