//! One station of one run: people waiting above, staff at work below.

use crate::report::{
    Run,
    axis::Axis,
    curve,
    number::short,
    plot::{Across, Plot, define},
    sheet::{Sheet, peak},
    voice::{Voice, escape},
};
use domain::scenario::Unit;

/// How many people a run's pictures reach up to.
pub(super) struct Scale {
    /// The axis.
    pub people: Axis,
    /// Whether the run has an axis of its own, because on the common one nothing would be seen of it.
    pub own: bool,
}

/// A run with less than this share of the greatest queue of all runs gets a scale of its own.
const TOO_SMALL: f64 = 0.2;

impl Scale {
    /// The scale of a run.
    pub fn of(sheet: &Sheet, run: usize) -> Scale {
        let most = |run: &Run| {
            let values = run.curves.waiting_at.iter().flatten().copied();
            values.filter(|value| value.is_finite()).fold(0.0, f64::max)
        };
        let all = sheet.report.runs.iter().map(most).fold(0.0, f64::max);
        let this = most(&sheet.report.runs[run]);
        let own = this < all * TOO_SMALL;
        Scale { people: Axis::from_zero(if own { this } else { all }).sparse(), own }
    }
}

/// One station of one run.
pub(super) struct Panel<'s> {
    sheet: &'s Sheet<'s>,
    run: usize,
    station: usize,
    people: Axis,
    own_scale: bool,
    staff: Axis,
    /// Staff from these minutes on; absent where they are not counted, not known, or serve several people at once.
    staffing: Option<Vec<(f64, f64)>>,
}

impl<'s> Panel<'s> {
    /// Lays out the panel.
    pub fn new(sheet: &'s Sheet<'s>, run: usize, station: usize, scale: &Scale) -> Panel<'s> {
        let this = &sheet.report.runs[run];
        let one_by_one = this.site.stations.get(station).filter(|station| station.unit == Unit::Person);
        let staffing = one_by_one.and_then(|station| super::staffing(station, this.site.lanes));
        let staff = staffing.iter().flatten().map(|entry| entry.1).fold(0.0, f64::max);
        // The same scale in all runs, so that they can be compared.
        let served =
            sheet.report.runs.iter().flat_map(|run| run.curves.served_at.get(station).into_iter().flatten());
        let served = served.copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let staff = match staffing {
            // The posts are the mark to look at, with a little air above.
            Some(_) if staff > 0.0 => {
                Axis { low: 0.0, high: served.max(staff) * 1.08, ticks: vec![0.0, staff] }
            }
            _ => Axis::from_zero(served).sparse(),
        };
        let (people, own_scale) = (scale.people.clone(), scale.own);
        Panel { sheet, run, station, people, own_scale, staff, staffing }
    }

    fn this(&self) -> &Run {
        &self.sheet.report.runs[self.run]
    }

    fn id(&self, of: &str) -> String {
        format!("{of}{}-{}", self.run, self.station)
    }

    /// The curves.
    pub fn paths(&self) -> String {
        let curves = &self.this().curves;
        let surface = |all: &[Vec<f64>], y: &Axis| {
            let values = all.get(self.station).map_or(&[][..], Vec::as_slice);
            curve::points(values, curves.first_minute as f64, &self.sheet.day, y)
        };
        let (waiting, served) =
            (surface(&curves.waiting_at, &self.people), surface(&curves.served_at, &self.staff));
        let mut paths = define(&self.id("s"), &curve::area(&waiting));
        paths += &define(&self.id("v"), &curve::area(&served));
        if let Some(staffing) = &self.staffing {
            let steps = steps(staffing, &self.sheet.day);
            let steps: Vec<_> =
                steps.into_iter().map(|step| curve::place(step, &self.sheet.day, &self.staff)).collect();
            paths += &define(&self.id("f"), &curve::line(&steps));
        }
        paths
    }

    /// The panel.
    pub fn html(&self, voice: Voice) -> String {
        let run = self.this();
        let station = voice.station(&run.figures.stations[self.station].name);
        let colour = self.sheet.colour(self.run);
        let across = Across::Day(self.sheet.daytime);
        let waiting = run.curves.waiting_at.get(self.station).map_or(&[][..], Vec::as_slice);
        let note = match peak(waiting, run.curves.first_minute).filter(|(most, _)| *most >= 0.05) {
            Some((most, minute)) => {
                let clock = self.sheet.daytime.at(minute as f64);
                voice.plain("report.stations.peak", &[("n", &short(most)), ("clock", &clock)])
            }
            None => voice.plain("report.stations.nobody", &[]),
        };
        let words = voice.plain("report.stations.waiting", &[]);
        let mut people = Plot::new("small", &self.sheet.day, &self.people, across);
        people.path(&self.id("s"), &format!("area c{colour}"), Some(&words));
        let told = format!("{station}: {note}");
        let people = people.html(&told, "");

        let mut staff = Plot::new("staff", &self.sheet.day, &self.staff, across);
        let key = if self.staffing.is_some() { "report.stations.at_work" } else { "report.stations.served" };
        let at_work = voice.plain(key, &[]);
        if self.staffing.is_some() {
            staff.path(&self.id("f"), "posts", Some(&voice.plain("report.stations.posts", &[])));
        }
        staff.path(&self.id("v"), &format!("area c{colour}"), Some(&at_work));
        let used = run.figures.stations[self.station].utilisation.filter(|used| used.is_finite());
        let used =
            used.map(|used| voice.plain("report.busy", &[("n", &super::percent(used.clamp(0.0, 1.0)))]));
        let told = [Some(format!("{station}: {at_work}")), used]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        let staff = staff.html(&told, "");
        format!(
            r#"<figure class="panel"><figcaption><b>{station}</b> {note}</figcaption>
<p class="of">{words}{own_scale}</p>{people}<p class="of">{at_work}</p>{staff}</figure>"#,
            station = escape(&station),
            note = escape(&note),
            words = escape(&words),
            own_scale = if self.own_scale {
                let most = short(self.people.high);
                format!(" <b>{}</b>", voice.say("report.stations.own_scale", &[("n", &most)]))
            } else {
                String::new()
            },
            at_work = escape(&at_work),
        )
    }
}

/// The corners of a step line over the whole axis: before the first entry there is nobody.
fn steps(staffing: &[(f64, f64)], day: &Axis) -> Vec<(f64, f64)> {
    let mut now = staffing.iter().take_while(|entry| entry.0 <= day.low).last().map_or(0.0, |entry| entry.1);
    let mut corners = vec![(day.low, now)];
    for &(from, servers) in staffing.iter().filter(|entry| day.low < entry.0 && entry.0 < day.high) {
        corners.push((from, now));
        corners.push((from, servers));
        now = servers;
    }
    corners.push((day.high, now));
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_is_a_staircase_over_the_whole_day() {
        let day = Axis { low: -10.0, high: 60.0, ticks: vec![] };
        let corners = steps(&[(0.0, 2.0), (30.0, 4.0), (90.0, 0.0)], &day);
        assert_eq!(corners, [(-10.0, 0.0), (0.0, 0.0), (0.0, 2.0), (30.0, 2.0), (30.0, 4.0), (60.0, 4.0)]);
    }
}
