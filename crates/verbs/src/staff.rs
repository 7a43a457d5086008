//! `staff`: how many each station needs, hour by hour, so that people wait no longer than a target; who scans, where a scenario says that it
//! is another's work; and who keeps order.

mod scanning;

pub use scanning::SCANNING;

use crate::{
    clock::time_of_day,
    rehearse::{By, plan_of},
    run::Run,
};
use ::plan::by_hour::{Servings, Staffed, Table};
use ::rehearse::{Figures, Luck, Purpose, Rehearsal, TICKS_PER_MINUTE};
use chance::Ticks;
use domain::{Notes, Plan, Scenario};
use jiff::SignedDuration;
use scenario::{PostRules, ShiftRow};
use serde::Serialize;

/// Replications that staffings are told apart by.
const SEARCHED: u32 = 32;
/// Replications by which people waiting at an hour's p95 are counted: the tenth of 200 from above.
const COUNTED: u32 = 200;
/// Replications of the final word.
const FINAL: u32 = 1_000;
/// Servers added, one at a time, where more replications ask for more than the search did.
const ADDED: usize = 12;
/// By how many times the half of its confidence interval the wait keeps the target on them, so that the final word, on as many, nearly
/// always keeps it too.
const MARGIN: f64 = 2.0;
/// Share of people who may give up: 95 in 100 wait no longer than the target.
const LEAVE_MAX: f64 = 0.05;
/// Hours that are staffed at most: beyond them the last goes on.
const HOURS_MAX: usize = 48;

/// What is asked.
pub struct Question<'a> {
    /// The wait that 95 in 100 people should not exceed, in minutes.
    pub target_min: f64,
    /// Ticks for which a staffing stays the same: an hour.
    pub hour: Ticks,
    /// Who scans, how many wait for each who keeps order, and what shifts are made of.
    pub posts: &'a PostRules,
    /// Says whether there is time for more.
    pub goes_on: &'a mut dyn FnMut() -> bool,
}

/// The staff found.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What could be staffed.
    pub table: Table,
    /// Who stands where.
    pub staffed: Staffed,
    /// The wait that 95 in 100 do not exceed on fresh luck, and its upper limit, in minutes.
    pub confirmed: (f64, f64),
    /// The target, in minutes.
    pub target_min: f64,
    /// People who wait at one time in each hour, at most: mean over replications, and the p95.
    pub waiting: Vec<[f64; 2]>,
    /// The scenario that was staffed: with scanning apart where it says so.
    pub scenario: Scenario,
    /// How it is to be made into shifts.
    pub posts: PostRules,
    /// What the rehearsal on fresh luck says.
    pub figures: Figures,
}

/// Staffs a scenario to which people come by its law or by a plan.
///
/// # Errors
/// Notes, where a plan is needed and nobody can be called.
pub fn staff(scenario: &Scenario, run: &Run<'_>, by: By, question: Question<'_>) -> Result<Answer, Notes> {
    let Question { target_min, hour, posts, goes_on } = question;
    let plan = plan_of(scenario, run, by)?;
    let scenario = &match &posts.scanning {
        Some((station, share)) => scanning::split(scenario, station, *share)?,
        None => scenario.clone(),
    };
    // The plan's own staff would win over the one that is tried.
    let plan = plan.map(|plan| Plan { staff: Vec::new(), ..plan });
    // Who comes after the closing is served by nobody.
    let open = scenario.round.closes.and_then(|closes| usize::try_from((closes + hour - 1) / hour).ok());
    let hours = open.map_or(HOURS_MAX, |open| open.clamp(1, HOURS_MAX));
    let coming = run.rehearsal(scenario, plan.as_ref()).coming_by(run.luck(), SEARCHED, hour, hours);
    let table = Table::new(scenario, hour, &coming);
    let rehearsal = |servers: &Servings| run.rehearsal(&table.staffed(scenario, servers), plan.as_ref());
    let without_waits = run.rehearsal(&table.without_waits(scenario), plan.as_ref());
    let on = |purpose: Purpose, replications: u32| {
        let figures = move |rehearsal: &Rehearsal| {
            let luck = Luck { seed: run.seed, purpose };
            run.machine.run("progress.search", rehearsal, luck, replications).0.figures()
        };
        let best = figures(&without_waits);
        move |servers: &Servings| waits(&figures(&rehearsal(servers)), &best)
    };
    let on_searched = on(Purpose::Choose, SEARCHED);
    let mut wait = |servers: &Servings| on_searched(servers).0;
    let mut staffed = table.least(target_min, &mut wait, goes_on);
    // Whether more are needed is decided on luck of its own, so that the final word is on luck that chose nothing.
    let check = on(Purpose::Check, FINAL);
    for _ in 0..ADDED {
        let (p95, upper) = check(&staffed.servers);
        if p95 + MARGIN * (upper - p95) <= target_min || staffed.wait_min.is_infinite() {
            break;
        }
        staffed.wait_min = table.one_more(&mut staffed.servers, staffed.wait_min, &mut wait);
    }
    let confirmed = on(Purpose::Confirm, FINAL)(&staffed.servers);
    staffed.keeps = confirmed.1 <= target_min;
    let rehearsed = rehearsal(&staffed.servers);
    let curves = rehearsed.curves(run.luck(), COUNTED);
    let figures = run.rehearse(&rehearsed).0.figures();
    let waiting = (0..coming.len()).map(|number| {
        let from = (number as Ticks * hour / TICKS_PER_MINUTE) as f64;
        curves.most_waiting(from, from + (hour / TICKS_PER_MINUTE) as f64)
    });
    let waiting = waiting.collect();
    Ok(Answer {
        table,
        staffed,
        confirmed,
        target_min,
        waiting,
        figures,
        scenario: scenario.clone(),
        posts: posts.clone(),
    })
}

/// The p95 wait in minutes and its upper limit; infinite where somebody is not served whom more staff would serve, or where more than
/// 5 in 100 give up whom more staff would keep. Who comes after the closing is served by no staff.
fn waits(figures: &Figures, without_waits: &Figures) -> (f64, f64) {
    let lost = figures.unserved >= without_waits.unserved + 0.5;
    if lost || figures.left > without_waits.left + LEAVE_MAX * figures.people {
        return (f64::INFINITY, f64::INFINITY);
    }
    let p95 = figures.wait_min.p95.unwrap_or(0.0);
    (p95, figures.wait_min.p95_ci95.map_or(p95, |limits| limits[1]))
}

/// One hour.
#[derive(Clone, Debug, Serialize)]
pub struct StaffHour {
    /// From when, local clock time.
    pub from: String,
    /// Who stands where.
    pub stations: Vec<StaffPost>,
    /// All people of each role: those of all desks of a station, and `order`.
    pub roles: Vec<StaffRole>,
    /// People who keep order: one, and one more for every so many who wait at the p95.
    pub order_keepers: u32,
    /// People waiting at one time, at most, mean over replications.
    pub waiting: f64,
    /// The same in one replication of twenty, or more.
    pub waiting_p95: f64,
}

/// One station in one hour.
#[derive(Clone, Debug, Serialize)]
pub struct StaffPost {
    /// The station.
    pub station: String,
    /// Its desks: lanes, or 1 for a shared one.
    pub lanes: u32,
    /// Servers at each desk.
    pub servers: u32,
    /// Servers that would be busy at each desk if nobody waited.
    pub offered: f64,
}

/// The people of one role in one hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StaffRole {
    /// Its word in files.
    pub role: String,
    /// How many.
    pub people: u32,
}

/// Whose work is scanning.
#[derive(Clone, Debug, Serialize)]
pub struct Scanning {
    /// The station before which they stand.
    pub station: String,
    /// Their share of its service.
    pub share: f64,
}

/// The command's JSON.
#[derive(Clone, Debug, Serialize)]
pub struct StaffOutput {
    /// The wait that 95 in 100 should not exceed, in minutes.
    pub target_p95_min: f64,
    /// Whether it is kept on fresh luck, at the upper limit.
    pub meets_target: bool,
    /// The p95 wait on the luck that it was searched on.
    pub searched_p95_min: f64,
    /// On fresh luck.
    pub confirmed_p95_min: f64,
    /// The upper limit of that.
    pub upper_p95_min: f64,
    /// Hours of work at the stations.
    pub staff_hours: f64,
    /// The same by the square-root rule alone.
    pub square_root_hours: f64,
    /// Staffings rehearsed.
    pub tried: u32,
    /// People who wait, for each further one who keeps order.
    pub waiting_per_keeper: u32,
    /// Whose work is scanning; null where it is not told apart.
    pub scanning: Option<Scanning>,
    /// Hour by hour; the last goes on until all are done.
    pub hours: Vec<StaffHour>,
    /// What the rehearsal says.
    pub forecast: Figures,
}

impl Answer {
    /// Who keeps order in an hour: one, and one more for every so many who wait at its p95.
    fn order_keepers(&self, hour: usize) -> u32 {
        (self.waiting[hour][1] / f64::from(self.posts.waiting_per_keeper)) as u32 + 1
    }

    /// All people of each role in an hour.
    fn roles(&self, hour: usize) -> Vec<StaffRole> {
        let (table, stations) = (&self.table, &self.scenario.site.stations);
        let all = table.stations.iter().enumerate().map(|(place, &station)| StaffRole {
            role: stations[station].name.clone(),
            people: self.staffed.servers[place][hour] * table.desks[place],
        });
        all.chain([StaffRole { role: "order".to_owned(), people: self.order_keepers(hour) }]).collect()
    }

    /// What a roster has to fill: shifts of each role, cut where its people are more or fewer, and where a shift is long enough. Stations that
    /// a crew staffs itself are left out.
    pub fn shifts(&self) -> Vec<ShiftRow> {
        let opens = self.scenario.round.opens;
        let minute = |ticks: Ticks| SignedDuration::from_mins(ticks / TICKS_PER_MINUTE);
        let mut rows: Vec<ShiftRow> = Vec::new();
        for (hour, &start) in self.table.starts.iter().enumerate() {
            let end = start + self.table.hour;
            let end = self.scenario.round.closes.map_or(end, |closes| end.min(closes.max(start)));
            let (from, until) = (opens.saturating_add(minute(start)), opens.saturating_add(minute(end)));
            for StaffRole { role, people } in self.roles(hour) {
                if self.posts.crew.contains(&role) || people == 0 || from == until {
                    continue;
                }
                let longest = SignedDuration::from_mins(i64::from(self.posts.shift_min));
                let goes_on = rows.iter_mut().rfind(|row| row.role == role).filter(|row| {
                    row.until == from && row.people == people && until.duration_since(row.from) <= longest
                });
                match goes_on {
                    Some(row) => row.until = until,
                    None => rows.push(ShiftRow {
                        from,
                        until,
                        suit: self.posts.suit.contains(&role),
                        heat: false,
                        role,
                        people,
                        site: None,
                    }),
                }
            }
        }
        for row in &mut rows {
            let from = row.from.time();
            let from_min = i32::from(from.hour()) * 60 + i32::from(from.minute());
            row.heat = self.posts.is_hot(from_min, row.until.duration_since(row.from).as_mins() as i32);
        }
        rows.sort_by(|one, other| (one.from, &one.role).cmp(&(other.from, &other.role)));
        rows
    }

    /// As the JSON has it.
    pub fn output(&self) -> StaffOutput {
        let (table, scenario) = (&self.table, &self.scenario);
        let hours = table.starts.iter().enumerate().map(|(hour, &from)| {
            let stations = table.stations.iter().enumerate().map(|(place, &station)| StaffPost {
                station: scenario.site.stations[station].name.clone(),
                lanes: table.desks[place],
                servers: self.staffed.servers[place][hour],
                offered: table.offered[place][hour],
            });
            StaffHour {
                from: time_of_day(scenario, from as f64 / TICKS_PER_MINUTE as f64),
                stations: stations.collect(),
                roles: self.roles(hour),
                order_keepers: self.order_keepers(hour),
                waiting: self.waiting[hour][0],
                waiting_p95: self.waiting[hour][1],
            }
        });
        StaffOutput {
            target_p95_min: self.target_min,
            meets_target: self.staffed.keeps,
            searched_p95_min: self.staffed.wait_min,
            confirmed_p95_min: self.confirmed.0,
            upper_p95_min: self.confirmed.1,
            staff_hours: table.staff_hours(&self.staffed.servers),
            square_root_hours: table.staff_hours(&table.start()),
            tried: self.staffed.tried,
            waiting_per_keeper: self.posts.waiting_per_keeper,
            scanning: self.posts.scanning.clone().map(|(station, share)| Scanning { station, share }),
            hours: hours.collect(),
            forecast: self.figures.clone(),
        }
    }
}
