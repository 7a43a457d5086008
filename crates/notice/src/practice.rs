//! What a community does, in the terms in which directives demand.

use crate::verdict::{Verdict, hold};
use chance::TICKS_PER_SECOND;
use domain::{
    Mark, Plan, Scenario,
    directive::{Demand, Hours, Kind, People, When},
    scenario::{Gives, Servers},
};
use jiff::{SignedDuration, civil::DateTime};
use std::collections::BTreeMap;

/// What is done, and how that stands to what is asked.
pub(crate) struct Found {
    pub verdict: Verdict,
    /// As it is shown; empty where nothing is said.
    pub shown: String,
}

/// A tick's local moment.
pub(crate) fn moment(scenario: &Scenario, ticks: i64) -> DateTime {
    scenario.round.opens.saturating_add(SignedDuration::from_secs(ticks / TICKS_PER_SECOND))
}

/// Holds the community against one demand.
pub(crate) fn found(asked: &Demand, scenario: &Scenario, plan: Option<&Plan>) -> Found {
    let (round, own) = (&scenario.round, &scenario.own_rules);
    let day = round.opens.date();
    if let Demand::Who(people) = asked {
        return who(people, scenario, plan);
    }
    let done = match asked.kind() {
        Kind::Dates => return dates(asked, scenario),
        Kind::HoursWithin => Some(Demand::HoursWithin(hours(scenario))),
        Kind::HoursOpen => Some(Demand::HoursOpen(hours(scenario))),
        Kind::Frequency => own.every_days.map(|every_days| Demand::Frequency { every_days }),
        Kind::Spacing => {
            let drawn = scenario.layout.as_ref().map(|layout| layout.spacing_m);
            own.spacing_m.or(drawn).map(|at_least_m| Demand::Spacing { at_least_m })
        }
        Kind::Pool => return pool(asked, scenario),
        Kind::GreenChannel => Some(Demand::GreenChannel(green(scenario))),
        Kind::ToLab => tubes(scenario, Demand::ToLab { within_h: scenario.custody.to_lab_h }),
        Kind::ToResult => tubes(scenario, Demand::ToResult { within_h: scenario.custody.to_result_h }),
        Kind::NamesKeptAtLeast => own.names_kept_days.map(|days| Demand::NamesKeptAtLeast { days }),
        Kind::NamesKeptAtMost => own.names_kept_days.map(|days| Demand::NamesKeptAtMost { days }),
        Kind::Who => None,
    };
    match done {
        Some(done) => Found { verdict: hold(asked, &done, day), shown: plainly(&done) },
        None => silent(),
    }
}

fn silent() -> Found {
    Found { verdict: Verdict::Silent, shown: String::new() }
}

fn tubes(scenario: &Scenario, demand: Demand) -> Option<Demand> {
    (scenario.round.gives == Gives::Tube).then_some(demand)
}

fn hours(scenario: &Scenario) -> Hours {
    let round = &scenario.round;
    let closes = round.closes.map(|ticks| moment(scenario, ticks));
    let until = closes
        .map(|at| if at.date() == round.opens.date() { When::Time(at.time()) } else { When::Moment(at) });
    Hours { from: Some(When::Time(round.opens.time())), until }
}

/// A round may go on for days: its first and its last are held.
fn dates(asked: &Demand, scenario: &Scenario) -> Found {
    let first = scenario.round.opens.date();
    // Midnight, at which a round may close, belongs to the day before.
    let last = scenario.round.closes.map(|ticks| moment(scenario, ticks - TICKS_PER_SECOND).date());
    let until = last.unwrap_or(first);
    let on = |day| hold(asked, &Demand::Dates { from: day, until: day }, first);
    Found { verdict: on(first).min(on(until)), shown: plainly(&Demand::Dates { from: first, until }) }
}

/// A community lies in one zone.
fn pool(asked: &Demand, scenario: &Scenario) -> Found {
    let Demand::Pool(zones) = asked else { return silent() };
    let zone = scenario.own_rules.zone.as_deref().unwrap_or("");
    let Some(most) = zones.get(zone).or_else(|| zones.get("")) else { return silent() };
    if scenario.round.gives != Gives::Tube {
        return silent();
    }
    let one = |size: u8| Demand::Pool(BTreeMap::from([(String::new(), size)]));
    let done = one(scenario.round.pool);
    let verdict = hold(&one(*most), &done, scenario.round.opens.date());
    Found { verdict, shown: scenario.round.pool.to_string() }
}

/// Those who go before others: all green marks by the site's channel, or the classes that have priority.
fn green(scenario: &Scenario) -> Vec<Mark> {
    if scenario.site.green_channel {
        return Mark::GREEN.to_vec();
    }
    let first =
        |mark: &Mark| scenario.visitors.iter().any(|class| class.priority && class.class == mark.name());
    Mark::GREEN.into_iter().filter(first).collect()
}

/// Doors of those who are left out that are named; the others are counted.
const NAMED: usize = 3;

fn who(asked: &People, scenario: &Scenario, plan: Option<&Plan>) -> Found {
    let roll = &scenario.roll;
    if scenario.own_rules.one_comes {
        return Found { verdict: Verdict::Looser, shown: "1".to_owned() };
    }
    let marks = match asked {
        People::Everybody => Mark::ALL.to_vec(),
        People::Marked(marks) => marks.clone(),
    };
    let giving = giving(scenario);
    let passes_by = |mark: &&Mark| {
        scenario
            .visitors
            .iter()
            .any(|class| class.class == mark.name() && class.skips.iter().any(|place| giving.contains(place)))
    };
    if let Some(mark) = marks.iter().find(passes_by) {
        return Found { verdict: Verdict::Looser, shown: format!("@mark.{}", mark.name()) };
    }
    if roll.households.is_empty() {
        return silent();
    }
    let asked_of = |household: u32| {
        let residents = roll.households[household as usize].residents.clone();
        let mut marks_of = roll.residents[residents.start as usize..residents.end as usize].iter();
        match asked {
            People::Everybody => true,
            People::Marked(marks) => marks_of.any(|of| marks.iter().any(|&mark| of.has(mark))),
        }
    };
    if let Some(plan) = plan {
        let mut called = vec![false; roll.households.len()];
        plan.waves.iter().flat_map(|wave| &wave.households).for_each(|&one| called[one as usize] = true);
        let all = 0..u32::try_from(called.len()).expect("the importer limits rows");
        let left: Vec<u32> = all.filter(|&one| !called[one as usize] && asked_of(one)).collect();
        if !left.is_empty() {
            let doors: Vec<String> = left.iter().take(NAMED).map(|&one| roll.household_id(one)).collect();
            let more = if left.len() > NAMED { ", …" } else { "" };
            let shown = format!("−{} ({}{more})", left.len(), doors.join(", "));
            return Found { verdict: Verdict::Looser, shown };
        }
    }
    let verdict = if *asked == People::Everybody { Verdict::Same } else { Verdict::Stricter };
    Found { verdict, shown: "@directive.everybody".to_owned() }
}

/// The stations at which it is given: those that say so, or else the last one with counted servers.
fn giving(scenario: &Scenario) -> Vec<usize> {
    let stations = &scenario.site.stations;
    let said: Vec<usize> = (0..stations.len()).filter(|&place| stations[place].gives_here).collect();
    if !said.is_empty() {
        return said;
    }
    stations.iter().rposition(|station| station.servers != Servers::Unlimited).into_iter().collect()
}

/// A demand as it is shown in any language: figures, and keys of the catalogue behind `@`.
pub fn shown(demand: &Demand) -> String {
    let plain = plainly(demand);
    match demand.kind() {
        Kind::Frequency | Kind::ToLab | Kind::ToResult | Kind::NamesKeptAtMost => {
            format!("≤ {plain}")
        }
        Kind::Spacing | Kind::NamesKeptAtLeast => format!("≥ {plain}"),
        _ => plain,
    }
}

fn plainly(demand: &Demand) -> String {
    let marks = |marks: &[Mark]| {
        let words: Vec<String> = marks.iter().map(|mark| format!("@mark.{}", mark.name())).collect();
        if words.is_empty() { "@directive.nobody".to_owned() } else { words.join(" ") }
    };
    match demand {
        Demand::Dates { from, until } if from == until => from.to_string(),
        Demand::Dates { from, until } => format!("{from} – {until}"),
        Demand::HoursWithin(hours) | Demand::HoursOpen(hours) => {
            let when = |when: Option<When>| match when {
                Some(When::Time(time)) => time.strftime("%H:%M").to_string(),
                Some(When::Moment(moment)) => moment.strftime("%Y-%m-%d %H:%M").to_string(),
                None => "…".to_owned(),
            };
            format!("{} – {}", when(hours.from), when(hours.until))
        }
        Demand::Who(People::Everybody) => "@directive.everybody".to_owned(),
        Demand::Who(People::Marked(all)) | Demand::GreenChannel(all) => marks(all),
        Demand::Frequency { every_days } => every_days.to_string(),
        Demand::Spacing { at_least_m } => at_least_m.to_string(),
        Demand::Pool(zones) => {
            let one = |(zone, size): (&String, &u8)| {
                if zone.is_empty() { format!("≤ {size}") } else { format!("{zone} ≤ {size}") }
            };
            zones.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Demand::ToLab { within_h } | Demand::ToResult { within_h } => within_h.to_string(),
        Demand::NamesKeptAtLeast { days } | Demand::NamesKeptAtMost { days } => days.to_string(),
    }
}
