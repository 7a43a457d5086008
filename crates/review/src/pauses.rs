//! Changeovers: a server who is away for about the same time after every k-th person.

use crate::desks::{Desks, Turns};
use chance::{TICKS_PER_SECOND, Ticks};
use serde::Serialize;

/// A changeover as it was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pauses {
    /// People between two pauses.
    pub every: u32,
    /// Seconds away.
    pub away_s: f64,
    /// Standard error of it.
    pub away_se: f64,
    /// Pauses seen, with someone waiting.
    pub n: usize,
    /// Share of the runs between two pauses that are of this length, or a multiple where pauses between went unseen; 0 where
    /// pauses keep no count, and `every` is what lies between two of them on average.
    pub regular: f64,
}

/// Pauses fewer than this are no habit.
const FEWEST: usize = 5;
/// The longest run looked for.
const EVERY_MAX: u32 = 200;
/// A shorter pause is a step to the side.
const SHORTEST_S: f64 = 2.0;
/// Runs of the right length beyond what chance gives.
const REGULAR_LEAST: f64 = 0.35;

/// From one person's end to the next one's start, where nothing else is done.
const STEP_UP_MAX: Ticks = 5 * TICKS_PER_SECOND;

/// A gap between two services of one server while someone waited.
#[derive(Clone, Copy, Debug)]
struct Gap {
    ticks: Ticks,
    /// People this server has served so far.
    served: u32,
    /// Which server of which round.
    server: usize,
}

/// What happens between two services: seconds lost each time, and the changeover if there is one.
pub(crate) fn tapped(desks: &[Desks]) -> (f64, Option<Pauses>) {
    let (mut gaps, mut late) = (Vec::new(), Vec::new());
    let mut largest = 1;
    for (server, turns) in of_servers(desks).enumerate() {
        let mut served = 0;
        for pair in turns.windows(2) {
            served += pair[0].people;
            largest = largest.max(pair[0].people);
            let (before, next) = (&pair[0], &pair[1]);
            let Some(started) = next.started.filter(|&started| started >= before.ended) else { continue };
            let gap = Gap { ticks: started - before.ended, served, server };
            if next.waited_since(before.ended) {
                gaps.push(gap);
            } else if let Some(queued) = next.queued {
                late.push((gap, started - queued));
            }
        }
    }
    // Who came after the last service and waited all the same found the server away: whoever is idle serves at once, but
    // for the moment that it takes to step up.
    let step_up = (3.0
        * mean_s(&gaps.iter().copied().filter(|gap| gap.ticks < STEP_UP_MAX).collect::<Vec<_>>())
        * TICKS_PER_SECOND as f64) as Ticks;
    let away = late.into_iter().filter(|&(_, waited)| waited > step_up.max(TICKS_PER_SECOND / 2));
    let certain = gaps.clone();
    gaps.extend(away.map(|(gap, _)| gap));
    gaps.sort_by_key(|gap| (gap.server, gap.served));
    // While nobody stood there a server was idle: only a gap with someone waiting from its beginning is a step.
    let Some(cut) = cut(&gaps) else { return (mean_s(&usual(certain)), None) };
    let between = mean_s(&certain.into_iter().filter(|gap| gap.ticks <= cut).collect::<Vec<_>>());
    let long: Vec<Gap> = gaps.iter().copied().filter(|gap| gap.ticks > cut).collect();
    let habit = if largest > 1 { habit_of_parties(&long, largest) } else { habit(&long) };
    let habit = habit.or_else(|| without_habit(&long));
    let Some((every, regular)) = habit else { return (between, None) };
    let (away, away_se, n) = length(&long);
    (between, Some(Pauses { every, away_s: away - between, away_se, n, regular }))
}

/// The turns of each server that is told apart.
fn of_servers(desks: &[Desks]) -> impl Iterator<Item = &Turns> {
    desks.iter().flatten().filter(|(desk, _)| desk.whole).map(|(_, turns)| turns)
}

/// Gaps without the few that are no step from one person to the next. At a station that is mostly idle people wait only
/// because a server was away: so few gaps say nothing.
fn usual(mut gaps: Vec<Gap>) -> Vec<Gap> {
    if gaps.len() < FEWEST {
        return Vec::new();
    }
    gaps.sort_by_key(|gap| gap.ticks);
    let most = 3 * gaps[gaps.len() / 2].ticks + (SHORTEST_S * TICKS_PER_SECOND as f64) as Ticks;
    gaps.retain(|gap| gap.ticks <= most);
    gaps
}

fn mean_s(gaps: &[Gap]) -> f64 {
    let sum: Ticks = gaps.iter().map(|gap| gap.ticks).sum();
    sum as f64 / (gaps.len().max(1) as f64 * TICKS_PER_SECOND as f64)
}

/// Where short gaps end and long ones begin: the cut that leaves the least variance on either side (N. Otsu's rule, on
/// logarithms, so that one break of an hour does not hide a hundred pauses). `None` if there are no two kinds.
fn cut(gaps: &[Gap]) -> Option<Ticks> {
    let mut sorted: Vec<Ticks> = gaps.iter().map(|gap| gap.ticks).collect();
    sorted.sort_unstable();
    let logs: Vec<f64> =
        sorted.iter().map(|&ticks| libm::log1p(ticks as f64 / TICKS_PER_SECOND as f64)).collect();
    let (n, all): (f64, f64) = (logs.len() as f64, logs.iter().sum());
    let (mut below, mut best, mut cut) = (0.0, 0.0, None);
    for place in 1..logs.len() {
        below += logs[place - 1];
        if sorted[place] == sorted[place - 1] {
            continue;
        }
        let left = place as f64;
        let apart = below / left - (all - below) / (n - left);
        let between = left * (n - left) * apart * apart;
        if between > best {
            (best, cut) = (between, Some(place));
        }
    }
    let place = cut?;
    let seconds =
        |ticks: &[Ticks]| ticks.iter().sum::<Ticks>() as f64 / (ticks.len() as f64 * TICKS_PER_SECOND as f64);
    let (short, long) = sorted.split_at(place);
    let distinct = seconds(long) >= 3.0 * seconds(short) + SHORTEST_S;
    (distinct && long.len() >= FEWEST).then(|| short[short.len() - 1])
}

/// People between two long gaps of one server.
fn runs(long: &[Gap]) -> Vec<u32> {
    let next_to = long.windows(2).filter(|pair| pair[0].server == pair[1].server);
    next_to.map(|pair| pair[1].served - pair[0].served).filter(|&run| run > 0).collect()
}

/// The run that most runs are a multiple of, beyond what chance would give; a pause that nobody waited through is not
/// seen, and makes two runs into one.
fn habit(long: &[Gap]) -> Option<(u32, f64)> {
    let runs = runs(long);
    if runs.len() < FEWEST - 1 {
        return None;
    }
    let regular = |every: u32| runs.iter().filter(|&run| run % every == 0).count() as f64 / runs.len() as f64;
    let beyond = |every: u32| regular(every) - 1.0 / f64::from(every);
    let every = (2..=EVERY_MAX).max_by(|&a, &b| beyond(a).total_cmp(&beyond(b)).then(b.cmp(&a)))?;
    (beyond(every) >= REGULAR_LEAST).then(|| (every, regular(every)))
}

/// A server who serves parties pauses after the party that fills the count: runs are up to a party longer than it.
fn habit_of_parties(long: &[Gap], largest: u32) -> Option<(u32, f64)> {
    let mut runs = runs(long);
    runs.sort_unstable();
    if runs.len() < FEWEST {
        return None;
    }
    let every = runs[runs.len() / 20];
    let within = runs.iter().filter(|&&run| run >= every && run < every + largest).count();
    let regular = within as f64 / runs.len() as f64;
    (every > largest && regular >= 0.6).then_some((every, regular))
}

/// Pauses that keep no count still cost time: one after so many people as on average.
fn without_habit(long: &[Gap]) -> Option<(u32, f64)> {
    let runs = runs(long);
    let mean = runs.iter().sum::<u32>() as f64 / runs.len().max(1) as f64;
    (runs.len() >= 4 * FEWEST && mean >= 2.0).then_some((mean.round() as u32, 0.0))
}

/// Mean of the long gaps in seconds, with its standard error; those that are another thing, a meal, are left out.
fn length(long: &[Gap]) -> (f64, f64, usize) {
    let mut sorted: Vec<f64> = long.iter().map(|gap| gap.ticks as f64 / TICKS_PER_SECOND as f64).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let median = sorted[sorted.len() / 2];
    sorted.retain(|&gap| (median / 3.0..=3.0 * median).contains(&gap));
    let n = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / n;
    let variance = sorted.iter().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>() / (n - 1.0).max(1.0);
    (mean, (variance / n).sqrt(), sorted.len())
}

/// The changeover where starts were not tapped: times from end to end with someone waiting are longer after every k-th
/// person.
///
/// `expected`: the scenario's own count needs less to be believed than one out of some hundred.
pub(crate) fn from_ends(desks: &[Desks], expected: Option<u32>) -> Option<Pauses> {
    let times: Vec<(u32, f64)> = of_servers(desks).flat_map(ends).collect();
    let mut best: Option<(f64, u32, Contrast)> = None;
    for every in 2..=EVERY_MAX {
        let Some(contrast) = Contrast::of(&times, every) else { continue };
        if best.as_ref().is_none_or(|(z, _, _)| contrast.z > *z) {
            best = Some((contrast.z, every, contrast));
        }
    }
    let known = expected.and_then(|every| Some((every, Contrast::of(&times, every)?)));
    let known = known.filter(|(_, contrast)| contrast.z >= Z_EXPECTED);
    let (z, every, contrast) = match known {
        Some((every, contrast)) if best.as_ref().is_none_or(|(z, _, _)| *z < Z_LEAST) => {
            (Z_LEAST, every, contrast)
        }
        _ => best?,
    };
    let found = z >= Z_LEAST && contrast.more_s >= SHORTEST_S;
    found.then(|| Pauses {
        every,
        away_s: contrast.more_s,
        away_se: contrast.more_s / contrast.z,
        n: contrast.n,
        regular: 1.0,
    })
}

/// Some hundred lengths are tried: so many standard errors do not come by chance.
const Z_LEAST: f64 = 5.0;
const Z_EXPECTED: f64 = 2.5;

/// From end to end with someone waiting, in seconds, with the people served before.
fn ends(turns: &Turns) -> Vec<(u32, f64)> {
    let mut served = 0;
    let mut times = Vec::with_capacity(turns.len());
    for pair in turns.windows(2) {
        served += pair[0].people;
        if pair[1].waited_since(pair[0].ended) {
            times.push((served, (pair[1].ended - pair[0].ended) as f64 / TICKS_PER_SECOND as f64));
        }
    }
    times
}

struct Contrast {
    more_s: f64,
    z: f64,
    n: usize,
}

impl Contrast {
    /// How much longer times after every k-th person are than the others.
    fn of(times: &[(u32, f64)], every: u32) -> Option<Contrast> {
        let [mut after, mut others] = [(0.0, 0.0, 0.0); 2];
        for &(served, seconds) in times {
            let part = if served % every == 0 { &mut after } else { &mut others };
            part.0 += 1.0;
            part.1 += seconds;
            part.2 += seconds * seconds;
        }
        if after.0 < FEWEST as f64 || others.0 < 4.0 * FEWEST as f64 {
            return None;
        }
        let more_s = after.1 / after.0 - others.1 / others.0;
        let variance = (others.2 / others.0 - (others.1 / others.0) * (others.1 / others.0)).max(1e-6);
        let se = (variance * (1.0 / after.0 + 1.0 / others.0)).sqrt();
        Some(Contrast { more_s, z: more_s / se, n: after.0 as usize })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desks::{Desk, Turn};
    use chance::{Cause, Chance, Law, Sampler};

    /// Servers with a queue that never ends, who pause after every tenth person; `lost` of the services were not tapped.
    fn busy_desks(away: &Law, step_up: &Law, lost: f64) -> Vec<Desks> {
        let chance = Chance::new(5, 0, 0);
        let [service, away, step_up] =
            [&Law::lognormal_mean_cv(9.0, 0.4), away, step_up].map(Sampler::compile);
        let server = |number: u32| {
            let mut now = 0;
            let mut turns = Vec::new();
            for person in 0..400 {
                let word = |cause| chance.word(cause, number * 1_000 + person, 0);
                let pause =
                    if person > 0 && person % 10 == 0 { away.draw(word(Cause::Changeover)) } else { 0 };
                let started = now + pause + step_up.draw(word(Cause::Walk));
                now = started + service.draw(word(Cause::Service));
                let turn = Turn {
                    started: Some(started),
                    ended: now,
                    queued: Some(-1),
                    people: 1,
                    class: None,
                    members: Vec::new(),
                };
                if !chance::happens(word(Cause::NoShow), lost) {
                    turns.push(turn);
                }
            }
            (Desk { lane: 1, server: number, whole: true }, turns)
        };
        vec![(1..=4).map(server).collect()]
    }

    #[test]
    fn a_changeover_is_recognised_exactly() {
        let desks = busy_desks(&Law::constant(15.0), &Law::constant(0.0), 0.0);
        let (between, pauses) = tapped(&desks);
        let pauses = pauses.expect("there is one");
        assert_eq!((between, pauses.every, pauses.away_s, pauses.regular), (0.0, 10, 15.0, 1.0));
    }

    #[test]
    fn noise_and_missing_taps_do_not_hide_it() {
        let desks = busy_desks(&Law::normal(15.0, 3.0), &Law::uniform(0.5, 2.5), 0.02);
        let (between, pauses) = tapped(&desks);
        let pauses = pauses.expect("there is one");
        assert_eq!(pauses.every, 10, "{pauses:?}");
        assert!((pauses.away_s - 15.0).abs() < 1.0 && (between - 1.5).abs() < 0.3, "{between} {pauses:?}");
    }

    #[test]
    fn ends_alone_tell_of_it_too() {
        let desks = busy_desks(&Law::constant(15.0), &Law::constant(0.0), 0.0);
        let pauses = from_ends(&desks, None).expect("there is one");
        assert_eq!(pauses.every, 10);
        assert!((pauses.away_s - 15.0).abs() < 3.0 * pauses.away_se, "{pauses:?}");
    }

    #[test]
    fn where_there_is_none_none_is_found() {
        let desks = busy_desks(&Law::constant(0.0), &Law::uniform(0.5, 2.5), 0.0);
        assert_eq!(tapped(&desks).1, None);
        assert_eq!(from_ends(&desks, None), None);
    }
}
