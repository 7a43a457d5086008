//! `roster`: who does what when, as every mouth gives it.
//!
//! Map: [`task`] the plan's stations and the volunteers' sheets as a task · [`Rostered`] the roster, its JSON (`output`) and its
//! sentences · `said` gaps, changes and wishes in words · `kept` a roster that was made before · `papers` what volunteers get.

mod kept;
mod output;
mod papers;
mod said;

pub use kept::{Kept, named, read_kept};
pub use output::{RosterOutput, local};
pub use papers::papers;
pub use said::{ROLE_WORDS, role_word, rule_word};

use ::roster::{Gap, Price, Verdict};
use domain::{
    Notes, Place, Plan, Policy, Scenario,
    roster::{Rule, Shift, Span, Task},
    scenario::Servers,
};
use rehearse::TICKS_PER_MINUTE;
use scenario::{ROUND_MIN, VolunteerSheets};

/// Nobody comes for a shift shorter than this.
const STUB_MIN: i32 = 30;

/// A roster, what is proven of it, and what it lacks.
#[derive(Clone, Debug)]
pub struct Rostered {
    /// What it was made from.
    pub task: Task,
    /// Who does what when.
    pub roster: domain::roster::Roster,
    /// Who dropped out, and for how long: the task has them as not free then.
    pub out: Vec<(usize, Span)>,
    /// No roster costs less; `None` where nothing is proven.
    pub bound: Option<u64>,
    /// What the independent check says.
    pub verdict: Verdict,
    /// Empty places, and what would fill them.
    pub gaps: Vec<Gap>,
    /// Broken wishes, and what keeping them would cost.
    pub prices: Vec<Price>,
    /// What someone should look at.
    pub notes: Notes,
}

impl Rostered {
    /// Holds a roster against the rules and explains it.
    pub fn new(
        task: Task,
        roster: domain::roster::Roster,
        out: Vec<(usize, Span)>,
        bound: Option<u64>,
        notes: Notes,
    ) -> Rostered {
        let verdict = ::roster::check(&task, &roster);
        let (gaps, prices) = (::roster::explain(&task, &roster), ::roster::prices(&task, &roster));
        Rostered { task, roster, out, bound, verdict, gaps, prices, notes }
    }

    /// (cost − bound) / cost; `None` where nothing is proven.
    pub fn gap(&self) -> Option<f64> {
        let (bound, cost) = (self.bound?, self.verdict.cost);
        Some(if cost == 0 { 0.0 } else { cost.saturating_sub(bound) as f64 / cost as f64 })
    }
}

/// What a roster is made from: the shifts that the sheets give, or those of the plan's stations.
pub fn task(scenario: &Scenario, plan: Option<&Plan>, sheets: VolunteerSheets) -> (Task, Notes) {
    let mut notes = Notes::default();
    let mut roles = sheets.roles.clone();
    let mut role = |name: &str| {
        roles.iter().position(|role| role.name == name).unwrap_or_else(|| {
            roles.push(domain::roster::Role { name: name.to_owned(), anyone: false });
            roles.len() - 1
        })
    };
    let shifts = match &sheets.shifts {
        Some(shifts) => shifts.clone(),
        None => made(scenario, plan, &sheets, &mut role),
    };
    let shifts = cut(shifts, &sheets, &mut notes);
    let task = of(sheets, roles, shifts);
    look(&task, &mut notes);
    (task, notes)
}

/// What a roster that was made before is held against: its shifts stay as they were cut, whatever the rules say by now.
///
/// # Panics
/// If the sheets have no shifts of their own.
pub fn task_as_made(sheets: VolunteerSheets) -> (Task, Notes) {
    let mut notes = Notes::default();
    let (roles, mut shifts) =
        (sheets.roles.clone(), sheets.shifts.clone().expect("they are those of a roster"));
    shifts.sort_by_key(|shift| (shift.span, shift.site, shift.role));
    let task = of(sheets, roles, shifts);
    look(&task, &mut notes);
    (task, notes)
}

fn of(sheets: VolunteerSheets, roles: Vec<domain::roster::Role>, shifts: Vec<Shift>) -> Task {
    Task {
        midnight: sheets.midnight,
        roles,
        sites: sheets.sites,
        volunteers: sheets.volunteers,
        shifts,
        together: sheets.together,
        apart: sheets.apart,
        rules: sheets.rules,
        pinned: Vec::new(),
    }
}

/// The shifts of a plan's stations, of callers while waves are called, and of the posts that `[roster]` names.
fn made(
    scenario: &Scenario,
    plan: Option<&Plan>,
    sheets: &VolunteerSheets,
    role: &mut dyn FnMut(&str) -> usize,
) -> Vec<Shift> {
    let rules = &sheets.staffing;
    let minute = |ticks: i64| (ticks / TICKS_PER_MINUTE) as i32;
    let opens = i32::from(scenario.round.opens.hour()) * 60 + i32::from(scenario.round.opens.minute());
    let closes = opens + scenario.round.closes.map_or(ROUND_MIN, minute);
    let mut shifts = Vec::new();
    let mut add = |name: &str, (from, until): (i32, i32), people: &dyn Fn(Span) -> u32| {
        let suit = rules.suit.iter().any(|word| word == name);
        let role = role(name);
        let mut from = from;
        while from < until {
            // All change at the same times, counted from the opening; a stub joins its neighbour.
            let next = |at: i32| opens + ((at - opens).div_euclid(rules.shift_min) + 1) * rules.shift_min;
            let mut end = next(from);
            if end - from < STUB_MIN {
                end = next(end);
            }
            if until - end < STUB_MIN {
                end = until;
            }
            let span = Span { from_min: from, until_min: end };
            let people = people(span);
            if people > 0 {
                shifts.push(Shift {
                    span,
                    role,
                    people,
                    site: 0,
                    suit,
                    heat: rules.is_hot(span.from_min, span.minutes()),
                });
            }
            from = end;
        }
    };
    for station in &scenario.site.stations {
        let Servers::Calendar(calendar) = &station.servers else { continue };
        if rules.crew.contains(&station.name) {
            continue;
        }
        let lanes = if station.shared { 1 } else { u32::from(scenario.site.lanes) };
        let most = |span: Span| {
            let began = |entry: &&(i64, u32)| opens + minute(entry.0) < span.until_min;
            let here = |entry: &&(i64, u32)| opens + minute(entry.0) >= span.from_min;
            let before = calendar.0.iter().filter(began).rfind(|entry| !here(entry)).map(|entry| entry.1);
            let during = calendar.0.iter().filter(began).filter(here).map(|entry| entry.1).max();
            let begins_new = calendar.0.iter().any(|entry| opens + minute(entry.0) == span.from_min);
            during.max(before.filter(|_| !begins_new)).unwrap_or(0) * lanes
        };
        add(&station.name, (opens, closes), &most);
    }
    if let Some(plan) = plan.filter(|plan| plan.policy == Policy::Waves) {
        let calls = || plan.waves.iter().map(|wave| opens + minute(wave.call_at));
        if let (Some(first), Some(last)) = (calls().min(), calls().max()) {
            let quarter = |at: i32| at.div_euclid(15) * 15;
            let callers = scenario.waves.callers.number;
            // A roster begins at midnight: who is called before is called by whoever is there then.
            add("calling", (quarter(first).max(0), quarter(last).max(0) + 15), &|_| callers);
        }
    }
    let lanes = u32::from(scenario.site.lanes);
    if rules.posts.iter().all(|(name, _)| name != "order") {
        add("order", (opens, closes), &|_| lanes);
    }
    for (name, people) in &rules.posts {
        add(name, (opens, closes), &|_| *people);
    }
    shifts.sort_by_key(|shift| (shift.span, shift.role));
    shifts
}

/// Shifts are cut so that people can change: an hour in protective clothing and heat (in either of them where that is a hard rule), and as
/// long as anyone may be on duty elsewhere, unless the rules say otherwise.
fn cut(shifts: Vec<Shift>, sheets: &VolunteerSheets, notes: &mut Notes) -> Vec<Shift> {
    let rules = &sheets.rules;
    let hot_most = rules.rotation_min.min(rules.suit_in_heat_min).min(rules.duty_min);
    let mut out = Vec::new();
    let (mut hot, mut long) = (0u32, 0u32);
    for shift in shifts {
        let minutes = shift.span.minutes();
        let is_hard = if rules.rotation_hard { shift.suit || shift.heat } else { shift.suit && shift.heat };
        let (most, cut) = if is_hard { (hot_most, &mut hot) } else { (rules.duty_min, &mut long) };
        if minutes <= most {
            out.push(shift);
            continue;
        }
        *cut += 1;
        let parts = minutes.div_euclid(most) + i32::from(minutes % most > 0);
        for part in 0..parts {
            let at = |number: i32| shift.span.from_min + minutes * number / parts;
            out.push(Shift { span: Span { from_min: at(part), until_min: at(part + 1) }, ..shift.clone() });
        }
    }
    let file = || Place::file("shifts.csv");
    if hot > 0 {
        notes.hint(file(), "roster_cut", &[("count", &hot), ("minutes", &hot_most)]);
    }
    if long > 0 {
        notes.hint(file(), "roster_cut_long", &[("count", &long), ("minutes", &rules.duty_min)]);
    }
    out.sort_by_key(|shift| (shift.span, shift.site, shift.role));
    out
}

/// What can be seen before anything is solved.
fn look(task: &Task, notes: &mut Notes) {
    let volunteers = || Place::file("volunteers.csv");
    if task.shifts.is_empty() {
        notes.error(Place::file("shifts.csv"), "roster_no_shifts", &[]);
    }
    for (role, of) in task.roles.iter().enumerate() {
        let needed = task.shifts.iter().filter(|shift| shift.role == role).map(|shift| shift.people).max();
        let Some(needed) = needed.filter(|needed| *needed > 0 && !of.anyone) else { continue };
        let trained = task.volunteers.iter().filter(|person| person.roles.contains(&role)).count();
        if trained < needed as usize {
            notes.warning(
                volunteers(),
                "roster_few_trained",
                &[("role", &of.name), ("trained", &trained), ("needed", &needed)],
            );
        }
    }
    let suits: u32 = task.shifts.iter().filter(|shift| shift.suit).map(|shift| shift.people).sum();
    if let Some(stock) = task.rules.suits.filter(|stock| *stock < suits) {
        let place = Place::file("scenario.toml").column("roster.suits");
        notes.warning(place, "roster_few_suits", &[("stock", &stock), ("needed", &suits)]);
    }
    let never = |(one, other): &&(usize, usize)| {
        let able = |who: usize, shift: &Shift| {
            task.volunteers[who].available.iter().any(|span| span.holds(shift.span))
        };
        !task.shifts.iter().any(|shift| able(*one, shift) && able(*other, shift))
    };
    if task.rules.holds(Rule::Together) {
        for (one, other) in task.together.iter().filter(never) {
            let (row, others) = (task.volunteers[*one].row, task.volunteers[*other].row);
            notes.warning(volunteers().row(row), "roster_never_together", &[("row", &others)]);
        }
    }
}
