//! The command's JSON: what is read back (`--keep`) stands first.

use super::{Rostered, kept::OutFile};
use crate::voice::{SpokenNote, Voice};
use domain::roster::{DAY_MIN, Task};
use jiff::SignedDuration;
use serde::Serialize;

/// The JSON.
#[derive(Clone, Debug, Serialize)]
pub struct RosterOutput {
    /// Who does what when.
    pub shifts: Vec<ShiftOutput>,
    /// Who dropped out, and for how long.
    pub out: Vec<OutFile>,
    /// Minutes that somebody may serve, as it was agreed before they did; null where nobody dropped out.
    pub agreed_max_min: Option<i32>,
    /// What broken wishes and empty places cost.
    pub cost: u64,
    /// No roster costs less; null where nothing is proven.
    pub bound: Option<u64>,
    /// (cost − bound) / cost; null where nothing is proven.
    pub gap: Option<f64>,
    /// Hard rules that are broken: none.
    pub broken: Vec<String>,
    gaps: Vec<GapOutput>,
    wishes: Vec<WishOutput>,
    sums: Vec<SumOutput>,
    hours: Vec<HoursOutput>,
    notes: Vec<SpokenNote>,
}

/// A shift.
#[derive(Clone, Debug, Serialize)]
pub struct ShiftOutput {
    /// When it begins, local: `2022-03-28T07:00`.
    pub from: String,
    /// When it ends.
    pub until: String,
    /// What is done.
    pub role: String,
    /// Where, for people who are lent; null here.
    pub site: Option<String>,
    /// How many people.
    pub people: u32,
    /// In protective clothing.
    pub protective: bool,
    /// In the heat.
    pub heat: bool,
    /// Who.
    pub volunteers: Vec<OnShift>,
    /// Places that nobody has.
    pub empty: u32,
}

/// Somebody at a shift.
#[derive(Clone, Debug, Serialize)]
pub struct OnShift {
    /// Their name.
    pub name: String,
    /// Their row in the volunteers' sheet: two people may have one name.
    pub row: u32,
    /// Whether a person set it: planning anew leaves it.
    pub pinned: bool,
}

#[derive(Clone, Debug, Serialize)]
struct GapOutput {
    from: String,
    role: String,
    places: u32,
    could: u32,
    changes: Vec<String>,
    helpers: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct WishOutput {
    rule: &'static str,
    volunteer: String,
    row: u32,
    from: Option<String>,
    cost: u32,
    kept_cost: Option<i64>,
    places: i64,
}

#[derive(Clone, Debug, Serialize)]
struct SumOutput {
    rule: &'static str,
    times: u32,
    cost: u64,
}

#[derive(Clone, Debug, Serialize)]
struct HoursOutput {
    name: String,
    row: u32,
    hours: f64,
    lent_hours: f64,
    protective_hours: f64,
    shifts: usize,
    organisations: Vec<String>,
}

/// A minute of a task as a local date and time, `2022-03-28T07:00`.
pub fn local(task: &Task, minute: i32) -> String {
    let at = task.midnight.saturating_add(SignedDuration::from_mins(i64::from(minute)));
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The same as people read it: `03-28 07:00`, or `07:00` where the roster has one day.
pub(super) fn clock(task: &Task, minute: i32) -> String {
    let days = task.shifts.iter().map(|shift| shift.span.until_min).max().unwrap_or(0) > DAY_MIN;
    let at = task.midnight.saturating_add(SignedDuration::from_mins(i64::from(minute)));
    at.strftime(if days { "%m-%d %H:%M" } else { "%H:%M" }).to_string()
}

impl Rostered {
    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> RosterOutput {
        let task = &self.task;
        let hours = |minutes: i32| f64::from(minutes) / 60.0;
        let on = |at: usize, who: usize| OnShift {
            name: task.volunteers[who].name.clone(),
            row: task.volunteers[who].row,
            pinned: task.pinned.contains(&(who, at)),
        };
        let shifts = task.shifts.iter().zip(&self.roster.shifts).enumerate().map(|(at, (shift, people))| {
            ShiftOutput {
                from: local(task, shift.span.from_min),
                until: local(task, shift.span.until_min),
                role: task.roles[shift.role].name.clone(),
                site: (shift.site > 0).then(|| task.sites[shift.site].clone()),
                people: shift.people,
                protective: shift.suit,
                heat: shift.heat,
                volunteers: people.iter().map(|&who| on(at, who)).collect(),
                empty: shift.people.saturating_sub(people.len() as u32),
            }
        });
        let gaps = self.gaps.iter().map(|gap| {
            let shift = &task.shifts[gap.shift];
            let helpers = ::roster::helpers(task, &self.roster, gap.shift);
            GapOutput {
                from: local(task, shift.span.from_min),
                role: task.roles[shift.role].name.clone(),
                places: gap.places,
                could: gap.could,
                changes: gap.changes.iter().map(|change| self.change(gap.shift, change, voice)).collect(),
                helpers: helpers.iter().map(|of| task.volunteers[of.volunteer].name.clone()).collect(),
            }
        });
        let wishes = self.prices.iter().map(|price| WishOutput {
            rule: price.rule.name(),
            volunteer: task.volunteers[price.volunteer].name.clone(),
            row: task.volunteers[price.volunteer].row,
            from: price.shift.map(|at| local(task, task.shifts[at].span.from_min)),
            cost: price.cost,
            kept_cost: price.kept_cost,
            places: price.places,
        });
        let sum = |of: ::roster::Sum| SumOutput { rule: of.rule.name(), times: of.times, cost: of.cost };
        let credits = ::roster::hours(task, &self.roster).into_iter().map(|credit| HoursOutput {
            name: task.volunteers[credit.volunteer].name.clone(),
            row: task.volunteers[credit.volunteer].row,
            hours: hours(credit.minutes),
            lent_hours: hours(credit.lent_min),
            protective_hours: hours(credit.suit_min),
            shifts: credit.shifts,
            organisations: credit.organisations,
        });
        RosterOutput {
            shifts: shifts.collect(),
            out: self.out.iter().map(|&out| OutFile::new(task, out)).collect(),
            agreed_max_min: task.rules.agreed_max_min,
            cost: self.verdict.cost,
            bound: self.bound,
            gap: self.gap(),
            broken: self.broken(voice),
            gaps: gaps.collect(),
            wishes: wishes.collect(),
            sums: self.verdict.sums().into_iter().map(sum).collect(),
            hours: credits.collect(),
            notes: voice.notes(&self.notes),
        }
    }
}
