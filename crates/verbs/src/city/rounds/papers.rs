//! What drivers are handed: which stops, in which order, when, with how many boxes.

use super::PlannedCity;
use crate::{Voice, clock::after, number::whole, sheets::harmless};
use domain::city::rounds::Route;
use formats::{Block, Document, Part, Table};

/// All stops of all rounds as a table for a spreadsheet: a row for each stop of each route, with its first and last time.
pub fn sheet_csv(planned: &PlannedCity, voice: Voice) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let heads = [
        voice.word("sheet.city_lab"),
        voice.word("sheet.city_route"),
        voice.word("sheet.city_vehicles"),
        voice.word("sheet.city_stop"),
        voice.word("sheet.city_site"),
        voice.word("sheet.city_district"),
        voice.word("sheet.city_boxes"),
        voice.word("sheet.city_first"),
        voice.word("sheet.city_last"),
        voice.word("sheet.city_every_min"),
    ];
    table.write_record(heads).expect("a table in memory is written");
    let every = whole(planned.task.every_min);
    for (number, route) in planned.rounds().routes.iter().enumerate() {
        let (Some(first), Some(last)) = (route.departs_min.first(), route.departs_min.last()) else {
            continue;
        };
        for (place, stop) in (1..).zip(&route.stops) {
            let site = &planned.city.sites[stop.site as usize];
            let row = [
                harmless(&planned.lab(route.ends)),
                (number + 1).to_string(),
                route.vehicles.to_string(),
                i32::to_string(&place),
                harmless(&site.name),
                harmless(&planned.city.districts[site.district as usize].name),
                stop.boxes.to_string(),
                planned.clock(first + stop.after_min),
                planned.clock(last + stop.after_min),
                every.clone(),
            ];
            table.write_record(row).expect("a table in memory is written");
        }
    }
    let bytes = table.into_inner().expect("a table in memory is written");
    format!("\u{feff}{}", String::from_utf8(bytes).expect("what was written is text"))
}

/// A document for each lab whose door couriers know: its number in the list, and its routes, each with all of its times.
pub fn sheets_docx(planned: &PlannedCity, voice: Voice) -> Vec<(u32, Document)> {
    let rounds = planned.rounds();
    let of = |lab: u32| {
        let its = rounds
            .routes
            .iter()
            .enumerate()
            .filter(|(_, route)| route.ends == lab && !route.departs_min.is_empty());
        let parts: Vec<Part> = its.map(|(number, route)| part(planned, number, route, voice)).collect();
        (!parts.is_empty()).then(|| {
            let document = Document {
                language: voice.language.tag().to_owned(),
                title: voice.say("sheet.city_title", &[("lab", &planned.lab(lab))]),
                facts: vec![(planned.city.name.clone(), domain::day_and_time(planned.city.round.opens))],
                parts,
                foot: voice.word("sheet.city_foot"),
            };
            (lab, document)
        })
    };
    (0..planned.task.labs.len() as u32).filter_map(of).collect()
}

fn part(planned: &PlannedCity, number: usize, route: &Route, voice: Voice) -> Part {
    let clock = |minutes: f64| after(planned.city.round.opens, minutes);
    let times = route.departs_min.iter().map(|&leaves| clock(leaves)).collect::<Vec<_>>().join("  ");
    let first = route.departs_min.first().copied().unwrap_or(0.0);
    let args = [
        ("vehicles", route.vehicles.to_string()),
        ("minutes", whole(route.back_min.ceil())),
        ("lab", planned.lab(route.ends)),
        ("times", times),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let row = |(place, stop): (i32, &domain::city::rounds::Stop)| {
        let site = &planned.city.sites[stop.site as usize];
        vec![
            place.to_string(),
            format!("{} · {}", planned.city.districts[site.district as usize].name, site.name),
            stop.boxes.to_string(),
            format!("+{}", whole(stop.after_min)),
            clock(first + stop.after_min),
            String::new(),
        ]
    };
    let head = vec![
        voice.word("sheet.city_stop"),
        voice.word("sheet.city_site"),
        voice.word("sheet.city_boxes"),
        voice.word("sheet.city_after_min"),
        voice.word("sheet.city_first"),
        voice.word("sheet.city_taken"),
    ];
    let rows = (1..).zip(&route.stops).map(row).collect();
    Part {
        heading: voice.say("sheet.city_heading", &[("route", &(number + 1).to_string())]),
        lead: voice.say("sheet.city_lead", &args),
        blocks: vec![Block::Table(Table { caption: String::new(), head, rows })],
    }
}
