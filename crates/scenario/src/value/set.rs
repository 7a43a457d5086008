//! `--set KEY=VALUE`: one value of the tree replaced from the command line.

use super::path::{NAMED_BY, element, steps};
use super::{At, Kind, Value, parse_alone};
use crate::reader::Context;
use domain::Place;

/// Puts a value at a dotted path, making tables that are not there. Elements of a list are named by their place from
/// 0 (`site.station.0.servers`, `site.station[0].servers`) or by name (`site.station.sampling.servers`).
pub(crate) fn set(context: &Context<'_>, tree: &mut Value, key: &str, value: &str) {
    let place = Place::file("--set").column(key);
    let Some(steps) = steps(key) else {
        context.error(&place, "set_key", &[("key", &key)]);
        return;
    };
    let at = At::Anchor(place.clone());
    let (last, way) = steps.split_last().expect("there is at least one");
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

fn refuse(context: &Context<'_>, place: &Place, way: &[String], step: &str, known: &[String]) {
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
        Kind::List(items) => {
            let index = element(step, items.iter().map(name))?;
            items.get_mut(index)
        }
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
    NAMED_BY.into_iter().find_map(|key| item.entry(key)).and_then(Value::text)
}
