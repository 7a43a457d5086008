//! What drivers are handed: which stops, in which order, when, with how many boxes.

use super::PlannedCity;
use crate::{Voice, clock::after, number::whole, sheets::harmless};
use domain::city::rounds::{Route, Truck};
use formats::{Block, Document, Part, Table};

/// All stops of all rounds as a table for a spreadsheet: a row for each stop of each route, with its first and last time.
pub fn sheet_csv(planned: &PlannedCity, voice: Voice) -> String {
    let stops = stops(planned, voice);
    let mut table = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(&stops.head).chain(&stops.rows) {
        table.write_record(row.iter().map(|cell| harmless(cell))).expect("a table in memory is written");
    }
    let bytes = table.into_inner().expect("a table in memory is written");
    format!("\u{feff}{}", String::from_utf8(bytes).expect("what was written is text"))
}

fn stops(planned: &PlannedCity, voice: Voice) -> Table {
    let head = [
        "sheet.city_lab",
        "sheet.city_route",
        "sheet.city_vehicles",
        "sheet.city_stop",
        "sheet.city_site",
        "sheet.city_district",
        "sheet.city_boxes",
        "sheet.city_first",
        "sheet.city_last",
        "sheet.city_every_min",
    ];
    let head = head.map(|key| voice.word(key)).to_vec();
    let mut rows = Vec::new();
    for (number, route) in planned.rounds().routes.iter().enumerate() {
        let (Some(first), Some(last)) = (route.departs_min.first(), route.departs_min.last()) else {
            continue;
        };
        for (place, stop) in (1..).zip(&route.stops) {
            let site = &planned.city.sites[stop.site as usize];
            rows.push(vec![
                planned.lab(route.ends),
                (number + 1).to_string(),
                route.vehicles.to_string(),
                i32::to_string(&place),
                site.name.clone(),
                planned.city.districts[site.district as usize].name.clone(),
                stop.boxes.to_string(),
                planned.clock(first + stop.after_min),
                planned.clock(last + stop.after_min),
                whole(planned.task.every_min),
            ]);
        }
    }
    Table { caption: String::new(), head, rows }
}

/// The whole plan for the city's desk, a table for each question: which lab gets what by the hour, who is told of which truck, who
/// stops where.
pub fn desk_document(planned: &PlannedCity, voice: Voice) -> Document {
    let part = |key: &str, blocks| Part { heading: voice.word(key), lead: String::new(), blocks };
    let table = |head: &[&str], rows| {
        let head = head.iter().map(|key| voice.word(key)).collect();
        Block::Table(Table { caption: String::new(), head, rows })
    };
    let brought = &planned.checked.brought;
    let labs = || (0u32..).zip(brought);
    let lab_row = |(lab, brought): (u32, &Vec<f64>)| {
        let of = &planned.task.labs[lab as usize];
        vec![
            planned.lab(lab),
            whole(of.tubes_per_hour),
            whole(brought.iter().sum()),
            whole(brought.iter().copied().fold(0.0, f64::max)),
            whole(planned.checked.waiting_max[lab as usize]),
        ]
    };
    let hours =
        brought.iter().map(|of| of.iter().rposition(|tubes| *tubes >= 0.5).map_or(0, |last| last + 1)).max();
    let hours = 0..hours.unwrap_or(0);
    let clocks = hours.clone().map(|hour| planned.clock(hour as f64 * 60.0));
    let load = Table {
        caption: String::new(),
        head: std::iter::once(voice.word("sheet.city_lab")).chain(clocks).collect(),
        rows: labs()
            .map(|(lab, brought)| {
                let at = |hour: usize| brought.get(hour).map_or_else(String::new, |tubes| whole(*tubes));
                std::iter::once(planned.lab(lab)).chain(hours.clone().map(at)).collect()
            })
            .collect(),
    };
    let truck = |truck: &Truck| {
        let [leaves, there, told] =
            [truck.departs_min, truck.arrives_min, truck.notify_min].map(|minutes| planned.clock(minutes));
        vec![planned.lab(truck.to), planned.lab(truck.from), leaves, there, whole(truck.tubes), told]
    };
    let trucks: Vec<Vec<String>> = planned.rounds().trucks.iter().map(truck).collect();
    let mut parts = vec![
        part("sheet.city_short", vec![Block::List(planned.sentences(voice))]),
        part(
            "sheet.city_labs",
            vec![table(
                &[
                    "sheet.city_lab",
                    "sheet.city_per_hour",
                    "sheet.city_tubes",
                    "sheet.city_most_hour",
                    "sheet.city_most_waiting",
                ],
                labs().map(lab_row).collect(),
            )],
        ),
        part("sheet.city_load", vec![Block::Table(load)]),
    ];
    if !trucks.is_empty() {
        let head = [
            "sheet.city_to",
            "sheet.city_from",
            "sheet.city_leaves",
            "sheet.city_there",
            "sheet.city_tubes",
            "sheet.city_told_by",
        ];
        parts.push(part("sheet.city_trucks", vec![table(&head, trucks)]));
    }
    parts.push(part("sheet.city_stops", vec![Block::Table(stops(planned, voice))]));
    Document {
        language: voice.language.tag().to_owned(),
        title: voice.word("sheet.city_desk"),
        facts: vec![(planned.city.name.clone(), domain::day_and_time(planned.city.round.opens))],
        parts,
        foot: voice.word("sheet.city_desk_foot"),
    }
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
