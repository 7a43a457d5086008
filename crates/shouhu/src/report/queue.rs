//! How many people wait, over the day, all runs on one axis.

use super::{
    axis::Axis,
    curve, figure,
    figure::Table,
    number::{NONE, short, whole},
    plot::{Across, Plot, define},
    sheet::{Sheet, at, peak},
    voice::{Voice, escape},
};
use std::fmt::Write;

fn people(sheet: &Sheet) -> Axis {
    let bands = sheet.report.runs.iter().flat_map(|run| run.curves.waiting.iter().flatten());
    let most = bands.copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    // A room that dwarfs the queue would flatten the picture.
    let room = sheet.common_room().map(f64::from).filter(|room| *room <= most * 3.0);
    Axis::from_zero(most.max(room.unwrap_or(0.0)))
}

/// The curves, drawn once for both languages.
pub(super) fn paths(sheet: &Sheet) -> String {
    let people = people(sheet);
    let mut paths = String::new();
    for (place, run) in sheet.report.runs.iter().enumerate() {
        let first = run.curves.first_minute as f64;
        let [low, mean, high] =
            run.curves.waiting.each_ref().map(|values| curve::points(values, first, &sheet.day, &people));
        paths += &define(&format!("qb{place}"), &curve::band(&low, &high));
        paths += &define(&format!("q{place}"), &curve::line(&mean));
    }
    paths
}

/// The picture.
pub(super) fn queue(sheet: &Sheet, voice: Voice) -> String {
    let runs = &sheet.report.runs;
    let people = people(sheet);
    let mut plot = Plot::new("tall", &sheet.day, &people, Across::Day(sheet.daytime));
    let mut limit = String::new();
    if let Some(room) = sheet.common_room().map(f64::from).filter(|room| *room <= people.high) {
        plot.level(room, "limit", "");
        limit = Sheet::limit(&voice.say("report.room", &[("n", &whole(room))]));
    }
    let swept = sheet.sweeps("round");
    let closes =
        sheet.report.scenario.round.closes.map(|ticks| ticks as f64 / rehearse::TICKS_PER_MINUTE as f64);
    for (moment, key) in [(Some(0.0), "report.queue.opens"), (closes, "report.queue.closes")] {
        if let Some(moment) =
            moment.filter(|moment| !swept && sheet.day.low < *moment && *moment < sheet.day.high)
        {
            plot.moment(moment, "guide", &voice.plain(key, &[]));
        }
    }
    for place in 0..runs.len() {
        plot.path(&format!("qb{place}"), &format!("band c{}", sheet.colour(place)), None);
    }
    let mut told = voice.plain("report.queue.title", &[]);
    let mut legend = String::new();
    for (place, run) in runs.iter().enumerate() {
        let name = voice.run(&run.name);
        let colour = sheet.colour(place);
        plot.path(&format!("q{place}"), &format!("curve c{colour}"), Some(&name));
        let mut note = String::new();
        if let Some((most, minute)) =
            peak(&run.curves.waiting[1], run.curves.first_minute).filter(|peak| peak.0 > 0.0)
        {
            let clock = sheet.daytime.at(minute as f64);
            let gaps = [("run", name.as_str()), ("n", &*short(most)), ("clock", &*clock)];
            let _ = write!(told, " {}", voice.plain("report.queue.told", &gaps));
            note = voice.say("report.queue.peak", &gaps);
            plot.dot((minute as f64, most), &format!("dot c{colour}"));
        }
        if let Some(done) = run.figures.done_97_min {
            let said = voice.say("report.queue.done", &[("clock", &sheet.daytime.at(done))]);
            note = if note.is_empty() {
                said
            } else {
                format!("{note}{}{said}", voice.word("report.separator"))
            };
            plot.dot((done, 0.0), &format!("done c{colour}"));
        }
        let _ = write!(
            legend,
            r#"<li class="c{colour}">{swatch}<b>{name}</b> <span>{note}</span></li>"#,
            swatch = sheet.swatch(place),
            name = escape(&name),
        );
    }
    let picture = format!(r#"<ul class="legend">{legend}{limit}</ul>{}"#, plot.html(&told, ""));
    let title = voice.plain("report.queue.title", &[]);
    let numbers = figure::numbers(voice, &title, &table(sheet, voice));
    let figure = figure::figure(&picture, &voice.word("report.queue.caption"), &numbers);
    figure::section("queue", &escape(&title), &voice.word("report.queue.lead"), &figure)
}

/// Mean and band at every tick.
fn table(sheet: &Sheet, voice: Voice) -> Table {
    let runs = &sheet.report.runs;
    let mut head = vec![voice.plain("report.table.time", &[])];
    head.extend(runs.iter().map(|run| voice.run(&run.name)));
    let rows = sheet.day.ticks.iter().map(|tick| {
        let mut row = vec![sheet.daytime.at(*tick)];
        row.extend(runs.iter().map(|run| {
            let [low, mean, high] =
                run.curves.waiting.each_ref().map(|values| at(values, run.curves.first_minute, *tick));
            match (low, mean, high) {
                (Some(low), Some(mean), Some(high)) => {
                    format!("{} ({}–{})", whole(mean), whole(low), whole(high))
                }
                _ => NONE.to_owned(),
            }
        }));
        row
    });
    Table { head, rows: rows.collect() }
}
