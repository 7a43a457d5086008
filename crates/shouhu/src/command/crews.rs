//! `shouhu crews`: few crews divided over several communities.

use super::{Stop, refuse};
use crate::{args::CrewsArgs, folder, speak::Speaker, table::columns};
use verbs::{
    crews::{Divided, divide},
    number::{NONE, number, whole},
};

/// Days that are lived where nothing is said.
const DRAWS: u32 = 200;

pub fn run(args: &CrewsArgs, speaker: Speaker) -> Result<(), Stop> {
    let files = folder::read(&args.folder)?;
    let (day, notes) = scenario::read_crew_day(&files);
    let Some(day) = day else { return Err(refuse(&notes, args.json, speaker)) };
    speaker.aside_if_any(&speaker.notes_as_text(&notes));
    let divided = divide(day, args.seed, args.reps.unwrap_or(DRAWS));
    speaker.aside_if_any(&speaker.notes_as_text(&divided.notes));
    if args.json {
        speaker.json(&divided.output(speaker.voice));
    } else {
        print(&divided, speaker);
    }
    Ok(())
}

fn print(divided: &Divided, speaker: Speaker) {
    let word = |key: &str| speaker.word(&format!("table.{key}"));
    let head =
        ["crews_crew", "crews_community", "crews_from", "crews_until", "crews_people"].map(word).to_vec();
    let day = &divided.day;
    let crews = day.crews.iter().zip(&divided.division.stays);
    let rows = crews.flat_map(|(crew, stays)| {
        stays.iter().map(|stay| {
            vec![
                crew.name.clone(),
                day.communities[stay.community].name.clone(),
                divided.clock(stay.from_min),
                divided.clock(stay.until_min),
                whole(stay.people),
            ]
        })
    });
    speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    let head = ["crews_community", "crews_people", "crews_done", "crews_done_p95", "crews_wait_p95"]
        .map(word)
        .to_vec();
    let communities = day.communities.iter().zip(&divided.division.done_min).zip(&divided.lived.communities);
    let at = |minutes: Option<f64>| minutes.map_or_else(|| NONE.to_owned(), |minutes| divided.clock(minutes));
    let rows = communities.map(|((community, done), lived)| {
        vec![
            community.name.clone(),
            whole(f64::from(community.people)),
            at(*done),
            at(lived.done_by(0.95)),
            number(lived.wait_p95_min),
        ]
    });
    speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()));
    for sentence in divided.sentences(speaker.voice) {
        speaker.result(&sentence);
    }
}
