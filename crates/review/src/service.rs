//! Service times of a station: tapped where they were, inferred where only the ends are known.

use crate::{
    desks::{Desks, Turn, Turns, desks},
    observed::Observed,
    pauses::{self, Pauses},
};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{
    Scenario,
    scenario::{Servers, Station, Unit},
};

/// What a station's servers did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Services {
    /// Seconds of service of one person of the common class, in ticks; what lies between two services included.
    pub times: Vec<Ticks>,
    /// Services whose start was tapped, and whose start was inferred.
    pub tapped: u64,
    pub inferred: u64,
    /// Services that nobody could place: who served them is not known.
    pub unplaced: u64,
    /// Seconds between two services while someone waited, changeovers apart; included in `times`.
    pub between_s: f64,
    pub pauses: Option<Pauses>,
    /// Seconds for each further person served together, with its standard error.
    pub plus_each: Option<(f64, f64)>,
    /// Ticks of service, changeovers included, all rounds.
    pub busy: Ticks,
    /// Most servers seen in one lane.
    pub servers: Option<u32>,
}

/// With fewer certain times than this, those of a server who was idle before are used too.
const CERTAIN_ENOUGH: usize = 60;
/// Without arrivals: of the busiest quarters of an hour, those that served this share of the best, luck apart.
const BUSY_SHARE: f64 = 0.75;
const QUARTER: Ticks = 15 * 60 * TICKS_PER_SECOND;
/// A longer time than this many medians was a break, not a service.
const BREAK_MEDIANS: Ticks = 40;

/// Measures a station; starts that nobody tapped are written into the visits.
pub(crate) fn measure(observed: &mut Observed, station: usize, scenario: Option<&Scenario>) -> Services {
    let name = &observed.stations[station];
    let known = scenario.and_then(|scenario| scenario.site.stations.iter().find(|one| one.name == *name));
    let mut desks = desks(observed, station, one_server(known));
    let mut found = Services { servers: servers(&desks), ..Services::default() };
    let turns = || desks.iter().flat_map(|desks| desks.values().flatten());
    found.tapped = turns().filter(|turn| turn.started.is_some()).map(|turn| u64::from(turn.people)).sum();
    let all: u64 = turns().map(|turn| u64::from(turn.people)).sum();
    let mostly_tapped = 2 * found.tapped >= all;
    if uncounted(known) {
        found.inferred = all - found.tapped;
        serve_at_once(observed, &mut desks);
    } else if mostly_tapped {
        (found.between_s, found.pauses) = pauses::tapped(&desks);
    } else {
        let expected = known.and_then(|station| station.changeover).map(|pause| pause.every);
        found.pauses = pauses::from_ends(&desks, expected);
    }
    // A habit too seldom seen to be measured is taken as the scenario has it: what may hold a pause is no service.
    let habit = found.pauses.as_ref().map(|pauses| (pauses.every.max(1), pauses.away_s)).or_else(|| {
        known.and_then(|station| station.changeover).map(|pause| (pause.every.max(1), pause.away_s))
    });
    let mut times: Vec<(Ticks, u32, Option<usize>)> = Vec::new();
    let between = (found.between_s * TICKS_PER_SECOND as f64) as Ticks;
    for desks in &mut desks {
        for (desk, turns) in desks.iter_mut() {
            let tapped = turns.iter().filter(|turn| turn.started.is_some());
            times.extend(tapped.map(|turn| {
                (turn.ended - turn.started.unwrap_or(turn.ended) + between, turn.people, turn.class)
            }));
            if uncounted(known) || turns.iter().all(|turn| turn.started.is_some()) {
                continue;
            }
            if desk.whole {
                times.extend(infer(turns, habit));
                found.inferred += turns
                    .iter()
                    .filter(|turn| turn.started.is_none())
                    .map(|turn| u64::from(turn.people))
                    .sum::<u64>();
            } else {
                found.unplaced += turns.iter().map(|turn| u64::from(turn.people)).sum::<u64>();
            }
        }
    }
    if found.inferred > 0 && !uncounted(known) {
        write_starts(observed, &desks, habit);
    }
    found.busy = busy(&desks, &found);
    found.plus_each = together(known, &times);
    found.times = alone(times, known, scenario, observed, found.plus_each);
    found
}

fn uncounted(known: Option<&Station>) -> bool {
    known.is_some_and(|station| station.servers == Servers::Unlimited)
}

/// Whether a station has one server at most: then an end without a server's number is that one's.
fn one_server(known: Option<&Station>) -> bool {
    known.is_some_and(|station| match &station.servers {
        Servers::Unlimited => false,
        Servers::Calendar(calendar) => calendar.0.iter().all(|&(_, servers)| servers <= 1),
    })
}

/// Nobody waits at a station that does not count its servers: a service begins on arrival.
fn serve_at_once(observed: &mut Observed, desks: &mut [Desks]) {
    for (round, desks) in observed.rounds.iter_mut().zip(desks) {
        for turn in desks.values_mut().flatten().filter(|turn| turn.started.is_none()) {
            turn.started = turn.queued;
            for &(visit, step) in &turn.members {
                let step = &mut round.visits[visit].steps[step];
                (step.started, step.inferred) = (turn.queued, true);
            }
        }
    }
}

fn servers(desks: &[Desks]) -> Option<u32> {
    let of_round = |desks: &Desks| {
        let counted = || desks.keys().filter(|desk| desk.server > 0);
        let lanes = counted().map(|desk| desk.lane);
        lanes.map(|lane| counted().filter(|desk| desk.lane == lane).count() as u32).max()
    };
    desks.iter().filter_map(of_round).max()
}

/// Times of services without a tapped start. Certain is who stood there when the last service of this server ended, and
/// no changeover came between; the first of a server is never known.
fn infer(turns: &Turns, habit: Option<(u32, f64)>) -> Vec<(Ticks, u32, Option<usize>)> {
    let mut served = 0;
    let [mut certain, mut idle_before] = [Vec::new(), Vec::new()];
    let arrivals_known = turns.iter().any(|turn| turn.queued.is_some());
    for pair in turns.windows(2) {
        let (before, turn) = (&pair[0], &pair[1]);
        served += before.people;
        let paused = habit.is_some_and(|(every, _)| served % every == 0);
        if turn.started.is_some() || paused {
            continue;
        }
        let time = |start: Ticks| (turn.ended - start, turn.people, turn.class);
        match turn.queued {
            Some(queued) if queued <= before.ended => certain.push(time(before.ended)),
            Some(queued) => idle_before.push(time(queued)),
            None => {}
        }
    }
    if !arrivals_known {
        certain = when_busiest(turns);
    } else if certain.len() < CERTAIN_ENOUGH {
        certain.append(&mut idle_before);
    }
    let mut lengths: Vec<Ticks> = certain.iter().map(|time| time.0).collect();
    lengths.sort_unstable();
    let median = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    certain.retain(|time| time.0 <= median.saturating_mul(BREAK_MEDIANS).max(QUARTER / 3));
    certain
}

/// Nobody knows who waited when: from end to end, in the quarters of an hour that served nearly as many as the best.
fn when_busiest(turns: &Turns) -> Vec<(Ticks, u32, Option<usize>)> {
    let mut quarters = std::collections::BTreeMap::<Ticks, Ticks>::new();
    for turn in turns {
        *quarters.entry(turn.ended.div_euclid(QUARTER)).or_default() += 1;
    }
    let best = quarters.values().copied().max().unwrap_or(0) as f64;
    // The best quarter was lucky, too: to compare with its luck would leave out every quarter of long services.
    let enough = (BUSY_SHARE * (best - 2.0 * best.sqrt())).max(best / 2.0);
    let busy = |turn: &Turn| {
        quarters.get(&turn.ended.div_euclid(QUARTER)).is_some_and(|&count| count as f64 >= enough)
    };
    let pairs = turns.windows(2).filter(|pair| busy(&pair[0]) && busy(&pair[1]));
    pairs.map(|pair| (pair[1].ended - pair[0].ended, pair[1].people, pair[1].class)).collect()
}

/// When each service began that nobody tapped: not before the person came, nor before the server was free again.
fn write_starts(observed: &mut Observed, desks: &[Desks], habit: Option<(u32, f64)>) {
    for (round, desks) in observed.rounds.iter_mut().zip(desks) {
        for turns in desks.values() {
            let mut served = 0;
            let mut free = None;
            for turn in turns {
                if turn.started.is_none() {
                    let start =
                        free.max(turn.queued).map_or(turn.ended, |start: Ticks| start.min(turn.ended));
                    for &(visit, step) in &turn.members {
                        let step = &mut round.visits[visit].steps[step];
                        step.inferred = true;
                        // Without an arrival and a server known before, nothing is known of the wait.
                        step.started = (free.is_some() || turn.queued.is_some()).then_some(start);
                    }
                }
                served += turn.people;
                let away = habit.filter(|(every, _)| served % every == 0);
                let away = away.map_or(0, |(_, away_s)| (away_s * TICKS_PER_SECOND as f64) as Ticks);
                free = Some(turn.ended + away);
            }
        }
    }
}

/// Ticks of service and of changeovers, over all rounds.
fn busy(desks: &[Desks], found: &Services) -> Ticks {
    let mut busy = 0;
    for turns in desks.iter().flat_map(|desks| desks.values()) {
        let mut free: Option<Ticks> = None;
        let mut people = 0;
        for turn in turns {
            let start = turn.started.or(free.max(turn.queued)).unwrap_or(turn.ended);
            busy += (turn.ended - start).max(0);
            free = Some(turn.ended);
            people += turn.people;
        }
        if let Some(pauses) = &found.pauses {
            let away = (pauses.away_s * TICKS_PER_SECOND as f64) as Ticks;
            busy += Ticks::from(people / pauses.every.max(1)) * away;
        }
    }
    busy
}

/// Seconds for each further person, by least squares, where people are served together.
fn together(known: Option<&Station>, times: &[(Ticks, u32, Option<usize>)]) -> Option<(f64, f64)> {
    let asked = known.is_some_and(|station| station.unit != Unit::Person);
    let parties = times.iter().filter(|time| time.1 > 1).count();
    if !asked && 10 * parties < times.len() || parties < 30 || parties == times.len() {
        return None;
    }
    let n = times.len() as f64;
    let x = |time: &(Ticks, u32, Option<usize>)| f64::from(time.1 - 1);
    let y = |time: &(Ticks, u32, Option<usize>)| time.0 as f64 / TICKS_PER_SECOND as f64;
    let (mean_x, mean_y) = (times.iter().map(x).sum::<f64>() / n, times.iter().map(y).sum::<f64>() / n);
    let xx: f64 = times.iter().map(|time| (x(time) - mean_x) * (x(time) - mean_x)).sum();
    let xy: f64 = times.iter().map(|time| (x(time) - mean_x) * (y(time) - mean_y)).sum();
    let slope = xy / xx;
    let left = |time: &(Ticks, u32, Option<usize>)| y(time) - mean_y - slope * (x(time) - mean_x);
    let rest: f64 = times.iter().map(|time| left(time) * left(time)).sum();
    let se = (rest / (n - 2.0) / xx).sqrt();
    Some(if slope > 2.0 * se { (slope, se) } else { (0.0, se) })
}

/// Times as if each had been one person of the common class.
fn alone(
    times: Vec<(Ticks, u32, Option<usize>)>,
    known: Option<&Station>,
    scenario: Option<&Scenario>,
    observed: &Observed,
    plus_each: Option<(f64, f64)>,
) -> Vec<Ticks> {
    let planned = known.map_or(0.0, |station| station.plus_each_s);
    let each = plus_each.map_or(planned, |(slope, _)| slope) * TICKS_PER_SECOND as f64;
    let factor_of = |class: &String| {
        let visitors = scenario.map_or(&[][..], |scenario| &scenario.visitors);
        let known = visitors.iter().find(|visitor| visitor.class == *class);
        known.map_or(1.0, |visitor| visitor.service_factor).max(1e-3)
    };
    let factors: Vec<f64> = observed.classes.iter().map(factor_of).collect();
    let one = |(ticks, people, class): (Ticks, u32, Option<usize>)| {
        let alone = ticks as f64 - f64::from(people - 1) * each;
        let factor = class.map_or(1.0, |class| factors[class]);
        (alone.max(0.0) / factor).round() as Ticks
    };
    times.into_iter().map(one).collect()
}
