//! When more people wait than there is room for.

use super::{
    Run, figure,
    figure::Table,
    number::{NONE, short, whole},
    sheet::Sheet,
    voice::{Voice, escape},
};
use std::fmt::Write;

/// Stretches of minutes after opening, each with its first minute and the one after its last.
type Stretches = Vec<(i64, i64)>;

/// The minutes in which a curve is above the room.
fn above(values: &[f64], first_minute: i64, room: f64) -> Stretches {
    let mut found: Stretches = Vec::new();
    for (minute, _) in (first_minute..).zip(values).filter(|(_, value)| **value > room) {
        match found.last_mut() {
            Some((_, end)) if *end == minute => *end += 1,
            _ => found.push((minute, minute + 1)),
        }
    }
    found
}

fn total(stretches: &Stretches) -> f64 {
    stretches.iter().map(|(start, end)| (end - start) as f64).sum()
}

/// A strip of the day for each run; where the site has no stated room, a sentence that says so.
pub(super) fn crowding(sheet: &Sheet, voice: Voice) -> String {
    let title = voice.plain("report.crowding.title", &[]);
    let runs = &sheet.report.runs;
    if !runs.iter().any(|run| run.site.room.is_some()) {
        return figure::section("crowding", &escape(&title), &voice.word("report.crowding.no_room"), "");
    }
    let mut strips = String::new();
    let mut rows = Vec::new();
    for (place, run) in runs.iter().enumerate() {
        let name = voice.run(&run.name);
        let Some(room) = run.site.room.map(f64::from) else { continue };
        let (usual, bad) = (stretches(run, 1, room), stretches(run, 2, room));
        let gaps = [("n", &*short(total(&usual))), ("bad", &*short(total(&bad)))];
        let note = match (total(&usual) > 0.0, total(&bad) > 0.0) {
            (true, _) => voice.plain("report.crowding.minutes", &gaps),
            (false, true) => voice.plain("report.crowding.bad_day", &gaps),
            (false, false) => voice.plain("report.crowding.never", &[]),
        };
        let _ = write!(
            strips,
            r#"<li class="c{colour}"><span class="who">{swatch}{name}</span> <span class="value">{note}</span>
<svg class="strip" role="img" aria-label="{told}">{bad}{usual}</svg></li>"#,
            colour = sheet.colour(place),
            swatch = if sheet.compares() { sheet.swatch(place) } else { String::new() },
            name = escape(&name),
            note = escape(&note),
            told = escape(&format!("{name}: {note}")),
            bad = blocks(sheet, &bad, "bad", ("60%", "40%")),
            usual = blocks(sheet, &usual, "usual", ("0", "100%")),
        );
        rows.push(vec![
            name,
            whole(room),
            whole(run.figures.queue_max),
            short(total(&usual)),
            short(total(&bad)),
            run.figures.crowd_person_min.map_or(NONE.to_owned(), short),
        ]);
    }
    let head = ["run", "room", "queue", "minutes", "bad_minutes", "crowd"];
    let head = head.iter().map(|key| voice.plain(&format!("report.table.{key}"), &[])).collect();
    let numbers = figure::numbers(voice, &title, &Table { head, rows });
    let picture = format!(
        r#"<ul class="strips">{strips}<li class="hours" aria-hidden="true">{}</li></ul>"#,
        hours(sheet)
    );
    let figure = figure::figure(&picture, &voice.word("report.crowding.caption"), &numbers);
    figure::section("crowding", &escape(&title), "", &figure)
}

fn stretches(run: &Run, band: usize, room: f64) -> Stretches {
    above(&run.curves.waiting[band], run.curves.first_minute, room)
}

fn blocks(sheet: &Sheet, stretches: &Stretches, class: &str, (y, height): (&str, &str)) -> String {
    let block = |&(start, end): &(i64, i64)| {
        let (from, to) = (sheet.day.share(start as f64), sheet.day.share(end as f64));
        let (x, width) = (super::number::place(from), super::number::place(to - from));
        format!(r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#)
    };
    stretches.iter().map(block).collect()
}

/// The times of day below the strips.
fn hours(sheet: &Sheet) -> String {
    let many = sheet.day.ticks.len() > 5;
    let label = |(number, tick): (usize, &f64)| {
        let odd = if many && number % 2 == 1 { r#" class="odd""# } else { "" };
        let at = sheet.day.across(*tick);
        format!(r#"<text x="{at}" y="12" text-anchor="middle"{odd}>{}</text>"#, sheet.daytime.at(*tick))
    };
    format!(
        r#"<svg class="hours">{}</svg>"#,
        sheet.day.ticks.iter().enumerate().map(label).collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_above_the_room_are_found_as_stretches() {
        assert_eq!(above(&[0.0, 5.0, 6.0, 2.0, 9.0], -1, 4.0), [(0, 2), (3, 4)]);
        assert_eq!(above(&[4.0, f64::NAN], 0, 4.0), []);
        assert_eq!(total(&vec![(0, 2), (3, 4)]), 3.0);
    }
}
