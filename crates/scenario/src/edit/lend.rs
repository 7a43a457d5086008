//! The stations of a service copied out into a scenario's own text, with what is written beside them.

use crate::Files;
use crate::service::service_text;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// The stations of a service, as its file has them and with its observation after the last; `None` if it has none.
pub(crate) fn lent(service: &str, files: &Files) -> Option<ArrayOfTables> {
    let document: DocumentMut = service_text(service, files)?.parse().ok()?;
    let mut stations = document.get("station")?.clone().into_array_of_tables().ok()?;
    let observe_min = document.get("observe_min").filter(|minutes| is_positive(minutes)).cloned();
    let count = stations.len();
    for (place, station) in stations.iter_mut().enumerate() {
        forget_place(station);
        if place == 0 {
            // What stands above the first is about the service, not about this scenario.
            station.decor_mut().set_prefix("\n");
        }
        if place + 1 == count
            && !station.contains_key("observe_min")
            && let Some(minutes) = observe_min.as_ref().and_then(Item::as_value)
        {
            let mut minutes = minutes.clone();
            minutes.decor_mut().set_prefix(" ");
            station.insert("observe_min", value(minutes));
        }
    }
    (count > 0).then_some(stations)
}

/// Writes the stations of the round's service out, where the scenario has none of its own.
pub(super) fn write_out(document: &mut DocumentMut, files: &Files) {
    let Some(service) = super::purpose(document) else { return };
    let Some(mut stations) = lent(service, files) else { return };
    let heading = format!("\n# As in the service {service}. · 与用途 {service} 相同。\n");
    if let Some(first) = stations.get_mut(0) {
        first.decor_mut().set_prefix(heading);
    }
    let site = document.entry("site").or_insert_with(|| Item::Table(Table::new()));
    if let Item::Value(inline) = site
        && let Some(table) = inline.as_inline_table()
    {
        *site = Item::Table(table.clone().into_table());
    }
    if let Some(site) = site.as_table_mut()
        && !site.contains_key("station")
    {
        site.insert("station", Item::ArrayOfTables(stations));
    }
}

/// Tables are written in the order of the text that they came from; here they follow the one before.
fn forget_place(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(below) => forget_place(below),
            Item::ArrayOfTables(list) => list.iter_mut().for_each(forget_place),
            Item::None | Item::Value(_) => {}
        }
    }
}

fn is_positive(minutes: &Item) -> bool {
    minutes.as_float().or_else(|| minutes.as_integer().map(|whole| whole as f64)).is_some_and(|m| m > 0.0)
}
