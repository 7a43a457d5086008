//! `places.csv`, and what all tables of a city share.

use crate::{
    clock::Clock,
    reader::{Context, nearest},
    sheet::Grouped,
    tables::{self, Cells, TABLES, Table},
};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::city::{District, Position};

/// Words of `kind` in `places.csv`, in both languages; only districts are used.
const KINDS: [&str; 10] =
    ["city", "district", "town", "neighbourhood", "community", "市", "区", "街道", "居委会", "小区"];

/// A table by its name.
pub(crate) fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).expect("a city's tables are known")
}

/// The file of a table, CSV or XLSX.
pub(crate) fn file<'f>(context: &Context<'f>, name: &str) -> Option<(String, &'f [u8])> {
    [".csv", ".xlsx"].into_iter().find_map(|ending| {
        let file = format!("{name}{ending}");
        let bytes = context.file(&file)?;
        Some((file, bytes))
    })
}

/// The districts of `places.csv`; empty without one.
pub(super) fn districts(context: &Context<'_>) -> Vec<District> {
    let mut districts: Vec<District> = Vec::new();
    let Some((file, bytes)) = file(context, "places") else { return districts };
    let mut notes = Grouped::new(&file);
    let mut take = |cells: &Cells<'_>, notes: &mut Grouped| {
        let (name, kind) = (cells.text("place"), cells.text("kind"));
        if !KINDS.contains(&kind) {
            if cells.noted(&["kind"]) {
                return;
            }
            let near = nearest(kind, &KINDS).unwrap_or("district");
            let args: [(&str, &dyn std::fmt::Display); 1] = [("near", &near)];
            notes.error(Some(cells.number()), cells.heading("kind"), "city_place_kind", &args);
            return;
        }
        if !matches!(kind, "district" | "区") {
            return;
        }
        if name.is_empty() {
            return;
        }
        if districts.iter().any(|other| other.name == name) {
            notes.error(Some(cells.number()), cells.heading("place"), "city_place_twice", &[("name", &name)]);
            return;
        }
        let residents = cells.whole("residents").unwrap_or(0).into();
        let (centre, radius_km) =
            (position(cells, notes), cells.number_in("radius_km").unwrap_or(District::RADIUS_KM));
        districts.push(District { residents, centre, radius_km, ..District::new(name) });
    };
    tables::read(table("places"), bytes, &mut notes, &mut |_, _| {}, &mut take);
    context.take_over(notes.finish());
    districts
}

/// Where a row says that it is.
pub(crate) fn position(cells: &Cells<'_>, notes: &mut Grouped) -> Option<Position> {
    let [latitude, longitude] = ["latitude", "longitude"].map(|column| cells.number_in(column));
    let empty = |column: &'static str| {
        Some(column).filter(|column| cells.text(column).is_empty() && !cells.noted(&[column]))
    };
    let half = match (latitude, longitude) {
        (Some(_), None) => empty("longitude"),
        (None, Some(_)) => empty("latitude"),
        _ => None,
    };
    if let Some(column) = half {
        notes.error(Some(cells.number()), cells.heading(column), "city_half_position", &[]);
    }
    Some(Position { latitude: latitude?, longitude: longitude? })
}

/// Ticks after midnight.
pub(super) fn time_of_day(text: &str) -> Option<Ticks> {
    const MIDNIGHT: Ticks = 24 * 3_600 * TICKS_PER_SECOND;
    if text == "24:00" {
        return Some(MIDNIGHT);
    }
    let time = match Clock::parse(text)? {
        Clock::Time(time) => time,
        Clock::Moment(moment) => moment.time(),
    };
    let minutes = Ticks::from(time.hour()) * 60 + Ticks::from(time.minute());
    Some((minutes * 60 + Ticks::from(time.second())) * TICKS_PER_SECOND)
}
