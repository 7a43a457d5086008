//! `labs.csv`: each row a lab, or one more place for a lab that can move.

use super::tables::{self, position, time_of_day};
use crate::{
    clock::{Clock, TICKS_PER_MINUTE, ticks_after},
    reader::Context,
    sheet::Grouped,
    tables::Cells,
};
use chance::Ticks;
use domain::city::{Away, Lab, LabPlace};
use jiff::civil::DateTime;
use std::fmt::Display;

/// Tubes an hour above which a lab is asked whether a day's number was meant: two air-dome laboratories together were to test
/// 200,000 tubes a day in Shanghai in April 2022, and no single lab more.
const PLAUSIBLE_PER_HOUR: f64 = 200_000.0 / 24.0;
/// So many times the table's median is asked about as well, where it is large enough to be a day's number.
const TIMES_MEDIAN: f64 = 12.0;
const LARGE_PER_HOUR: f64 = 2_000.0;
const HOUR: Ticks = 60 * TICKS_PER_MINUTE;

/// The labs; empty without the file.
pub(super) fn labs(context: &Context<'_>, opens: Option<DateTime>) -> Vec<Lab> {
    let mut rows = Rows { labs: Vec::new(), numbers: Vec::new(), opens };
    let Some((file, bytes)) = tables::file(context, "labs") else { return rows.labs };
    let mut notes = Grouped::new(&file);
    crate::tables::read(tables::table("labs"), bytes, &mut notes, &mut |_, _| {}, &mut |cells, notes| {
        rows.take(cells, notes);
    });
    rows.ask(&mut notes);
    context.take_over(notes.finish());
    rows.labs
}

struct Rows {
    labs: Vec<Lab>,
    /// Each lab's capacity, with its row and heading.
    numbers: Vec<Capacity>,
    opens: Option<DateTime>,
}

/// Tubes an hour, as a row says; `None` where it was noted that nobody can say.
struct Capacity {
    per_hour: Option<f64>,
    row: u32,
    heading: String,
}

impl Rows {
    fn take(&mut self, cells: &Cells<'_>, notes: &mut Grouped) {
        let name = cells.text("lab").to_owned();
        let known = self.labs.iter().position(|lab| lab.name == name);
        let before = known.map(|lab| self.numbers[lab].per_hour);
        let per_hour = per_hour(cells, before, notes);
        let hours = |column: &str| cells.number_in(column).map_or(0, |hours| (hours * HOUR as f64) as Ticks);
        let from = self.moment(cells.text("ready_from")).or_else(|| self.day(cells.text("mobile_from")));
        let ready = from.unwrap_or(0).max(0) + hours("setup_h");
        let place = LabPlace { position: position(cells, notes), ready };
        let away = cells
            .number_in("travel_h")
            .map(|_| Away { travel: hours("travel_h"), notice: hours("notice_h") });
        let no_way = known.is_none() && away.is_none() && !cells.noted(&["travel_h"]);
        if no_way && cells.number_in("notice_h").is_some() {
            notes.error(Some(cells.number()), cells.heading("notice_h"), "city_lab_notice_alone", &[]);
        }
        if name.is_empty() {
            return;
        }
        if let Some(known) = known {
            let two = before.flatten().zip(per_hour);
            if two.is_some_and(|(one, other)| one.to_bits() != other.to_bits()) {
                let args: [(&str, &dyn Display); 1] = [("name", &name)];
                notes.error(Some(cells.number()), cells.heading("lab"), "city_lab_two_capacities", &args);
            }
            self.labs[known].places.push(place);
            return;
        }
        let open = time_of_day(cells.text("opens")).zip(time_of_day(cells.text("closes")));
        let heading = cells.heading("tubes_per_hour").to_owned();
        self.numbers.push(Capacity { per_hour, row: cells.number(), heading });
        self.labs.push(Lab {
            name,
            tubes_per_hour: per_hour.unwrap_or_default(),
            hours: open.filter(|(opens, closes)| opens != closes),
            stops: None,
            position: place.position,
            ready: place.ready,
            places: vec![place],
            away,
        });
    }

    /// A time of the opening's day or a moment, in ticks after the opening.
    fn moment(&self, text: &str) -> Option<Ticks> {
        let (clock, opens) = (Clock::parse(&text.replace('/', "-"))?, self.opens?);
        Some(ticks_after(opens, clock.on(opens.date())))
    }

    /// The midnight with which a day begins.
    fn day(&self, text: &str) -> Option<Ticks> {
        let day: jiff::civil::Date = text.replace('/', "-").parse().ok()?;
        Some(ticks_after(self.opens?, day.to_datetime(jiff::civil::Time::midnight())))
    }

    /// Asks where an hour's number looks like a day's.
    fn ask(&self, notes: &mut Grouped) {
        let mut sorted: Vec<f64> = self.numbers.iter().filter_map(|of| of.per_hour).collect();
        sorted.sort_by(f64::total_cmp);
        let Some(&median) = sorted.get(sorted.len().saturating_sub(1) / 2) else { return };
        for (lab, Capacity { per_hour, row, heading }) in self.labs.iter().zip(&self.numbers) {
            let Some(hour) = *per_hour else { continue };
            if hour > PLAUSIBLE_PER_HOUR || hour > LARGE_PER_HOUR.max(TIMES_MEDIAN * median) {
                let (day, instead) = ((hour * 24.0).round(), (hour / 24.0).round());
                let args: [(&str, &dyn Display); 4] =
                    [("name", &lab.name), ("tubes", &hour), ("day", &day), ("instead", &instead)];
                notes.warning(Some(*row), heading, "city_lab_large", &args);
            }
        }
    }
}

/// The capacity of a row. Further places of a lab need not repeat it; a day's number is asked about, never divided.
fn per_hour(cells: &Cells<'_>, known: Option<Option<f64>>, notes: &mut Grouped) -> Option<f64> {
    let row = Some(cells.number());
    match (cells.number_in("tubes_per_hour"), cells.number_in("tubes_per_day")) {
        (Some(hour), None) if hour > 0.0 => Some(hour),
        (Some(_), None) => {
            notes.error(row, cells.heading("tubes_per_hour"), "city_lab_idle", &[]);
            None
        }
        (_, Some(day)) => {
            let (round_the_clock, half) = ((day / 24.0).round(), (day / 12.0).round());
            let args: [(&str, &dyn Display); 3] = [("day", &day), ("all", &round_the_clock), ("half", &half)];
            notes.error(row, cells.heading("tubes_per_day"), "city_lab_per_day", &args);
            None
        }
        (None, None) => {
            if known.is_none() && !cells.noted(&["tubes_per_hour", "tubes_per_day"]) {
                notes.error(row, cells.heading("tubes_per_hour"), "table_cell_missing", &[]);
            }
            known.flatten()
        }
    }
}
