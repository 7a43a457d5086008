//! Figures side by side in the terminal.

use crate::speak::Speaker;
use domain::Scenario;
use rehearse::{Figures, Spread};
use unicode_width::UnicodeWidthStr;
use verbs::{
    clock::time_of_day,
    number::{number, percent},
    station_word,
};

/// Rows of figures, a column for each run.
pub fn comparison(speaker: Speaker, scenario: &Scenario, runs: &[(String, &Figures)]) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |name: String, value: &dyn Fn(&Figures) -> String| {
        rows.push(std::iter::once(name).chain(runs.iter().map(|(_, figures)| value(figures))).collect());
    };
    let some = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
    let with_interval = |value: Option<f64>, interval: Option<[f64; 2]>| match (value, interval) {
        (Some(value), Some([low, high])) => format!("{} ({}–{})", number(value), number(low), number(high)),
        (value, _) => some(value),
    };
    let p95 = |spread: &Spread| with_interval(spread.p95, spread.p95_ci95);
    let word = |key: &str| speaker.word(&format!("table.{key}"));
    row(word("people"), &|figures| number(figures.people));
    row(word("served"), &|figures| number(figures.served));
    if runs.iter().any(|(_, figures)| figures.left > 0.0) {
        row(word("left"), &|figures| number(figures.left));
    }
    if runs.iter().any(|(_, figures)| figures.unserved > 0.0) {
        row(word("unserved"), &|figures| number(figures.unserved));
    }
    row(word("wait_p95"), &|figures| p95(&figures.wait_min));
    row(word("wait_mean"), &|figures| with_interval(figures.wait_min.mean, figures.wait_min.ci95));
    row(word("stay_p95"), &|figures| p95(&figures.stay_min));
    if runs.iter().any(|(_, figures)| figures.green.is_some()) {
        row(word("green_p95"), &|figures| {
            figures.green.as_ref().map_or_else(|| "–".to_owned(), |green| p95(&green.wait_min))
        });
    }
    row(word("done_97"), &|figures| match figures.done_97_min {
        Some(minutes) => format!("{} ({})", number(minutes), time_of_day(scenario, minutes)),
        None => "–".to_owned(),
    });
    row(word("queue_max"), &|figures| number(figures.queue_max));
    if scenario.site.room.is_some() {
        row(word("crowding"), &|figures| some(figures.crowd_person_min));
    }
    if runs.iter().any(|(_, figures)| figures.caller_hours > 0.0) {
        row(word("caller_hours"), &|figures| number(figures.caller_hours));
    }
    for place in 0..scenario.site.stations.len() {
        let name =
            speaker.say("table.station", &[("station", &station_word(&scenario.site.stations[place].name))]);
        row(name, &|figures| {
            let station = &figures.stations[place];
            let busy = station.utilisation.map_or_else(|| "–".to_owned(), percent);
            format!("{busy} · {}", some(station.wait_min.mean))
        });
    }
    let engine_and_reps = |figures: &Figures| format!("{} × {}", figures.replications, figures.engine);
    row(word("replications"), &engine_and_reps);
    let head = std::iter::once(word("unit")).chain(runs.iter().map(|(name, _)| name.clone())).collect();
    columns(&std::iter::once(head).chain(rows).collect::<Vec<Vec<String>>>())
}

/// Text in columns: the first to the left, the others to the right. Chinese characters are two columns wide.
pub fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let space = " ".repeat(widths[column] - cell.width());
            line += &if column == 0 { format!("{cell}{space}") } else { format!("  {space}{cell}") };
        }
        text += line.trim_end();
        text.push('\n');
        if number == 0 {
            text += &"─".repeat(widths.iter().sum::<usize>() + 2 * count.saturating_sub(1));
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_in_both_scripts() {
        let rows =
            [["wait", "before", "waves"], ["等候", "12", "7"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(columns(&rows), "wait  before  waves\n───────────────────\n等候      12      7\n");
    }
}
