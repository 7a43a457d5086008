//! The list that goes with a cart, on paper: the doors to which something is still to be brought, and what is left at each.

use super::{DoorLine, DoorSeen};
use formats::{Block, Document, Part, Table};
use std::collections::BTreeMap;
use verbs::{Voice, number::whole};

/// The list of a shipment with this code.
pub fn list(code: String, doors: &[DoorSeen], voice: Voice) -> Document {
    let waits = |door: &&DoorSeen| door.given.is_none() && door.confirmed.is_none() && door.back.is_empty();
    let doors: Vec<&DoorSeen> = doors.iter().filter(waits).collect();
    let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for line in doors.iter().flat_map(|door| &door.lines) {
        *sums.entry((&line.good, &line.unit)).or_default() += line.count;
    }
    let goods = sums.into_iter().map(|((good, unit), count)| said(good, unit, count));
    let separator = voice.word("list.separator");
    let said_of = |line: &DoorLine| said(&line.good, &line.unit, line.count);
    let row = |door: &&DoorSeen| {
        let lines: Vec<String> = door.lines.iter().map(said_of).collect();
        vec!["☐".to_owned(), door.door.clone(), lines.join(&separator), String::new()]
    };
    let head = ["left", "door", "goods", "remark"].map(|of| voice.word(&format!("supplies.cart.{of}")));
    let key = if doors.is_empty() { "supplies.cart.none" } else { "supplies.cart.lead" };
    let table = Table { caption: String::new(), head: head.to_vec(), rows: doors.iter().map(row).collect() };
    Document {
        language: voice.language.tag().to_owned(),
        title: voice.word("supplies.cart.title"),
        facts: vec![
            (voice.word("supplies.cart.code"), code),
            (voice.word("supplies.cart.doors"), whole(doors.len() as f64)),
            (voice.word("supplies.cart.on"), goods.collect::<Vec<_>>().join(&separator)),
        ],
        parts: vec![Part {
            heading: voice.word("supplies.cart.order"),
            lead: voice.word(key),
            blocks: if doors.is_empty() { Vec::new() } else { vec![Block::Table(table)] },
        }],
        foot: voice.word("supplies.cart.foot"),
    }
}

fn said(good: &str, unit: &str, count: i64) -> String {
    format!("{good}: {} {unit}", whole(count as f64))
}
