//! One change to the staff that would end the day earlier, or shorten the waits: tried on the rest of the day under the same
//! luck, and said only if it gains in nine of ten draws.

use super::{Advice, Draws, live, minutes};
use crate::{
    number::{number, percent},
    station_word,
};
use chance::Ticks;
use domain::{
    Scenario,
    scenario::{Calendar, Servers},
};
use rehearse::ahead::{Future, Midway};

use super::learnt::Learnt;

/// A change that a coordinator can make at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// One server of each lane goes from a station to another.
    Move { from: usize, to: usize },
    /// One more comes to each lane of a station.
    Add { to: usize },
}

/// To find the best, and to be sure of it with luck of its own.
const LOOK: Draws = Draws { sites: 8, each: 4 };
const JUDGE: Draws = Draws { sites: 20, each: 5 };
/// Changes that are looked at: all of a site of three stations. More take seconds, and are more than a coordinator weighs.
const CHANGES_MOST: usize = 9;
/// It gains in so many of the draws.
const SURE: f64 = 0.9;
/// A gain of fewer minutes is not worth the trouble.
const EARLIER_LEAST: f64 = 5.0;
const SHORTER_LEAST: f64 = 3.0;

/// What a change gains: minutes earlier, minutes of waiting less, and the share of draws in which it does.
struct Gain {
    earlier: f64,
    shorter: f64,
    sure: f64,
}

pub(super) fn best(learnt: &Learnt, scenario: &Scenario, midway: &Midway) -> Option<Advice> {
    // Luck of its own: what chose the change does not judge it.
    let looked = learnt.drawn(scenario, LOOK.sites, midway.at + 1);
    let before = live(&looked, midway, LOOK.each, midway.at + 1);
    let mut best: Option<(f64, Change)> = None;
    for change in changes(scenario, midway.at).into_iter().take(CHANGES_MOST) {
        let after = live(&changed_all(&looked, change, midway.at), midway, LOOK.each, midway.at + 1);
        let gain = gain(&before, &after)?;
        // A helper from elsewhere is harder to come by than one who is here.
        let worth = worth(&gain) - if matches!(change, Change::Add { .. }) { EARLIER_LEAST } else { 0.0 };
        if gain.sure >= SURE - 0.1 && worth > 0.0 && best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, change));
        }
    }
    let (_, change) = best?;
    let judged = learnt.drawn(scenario, JUDGE.sites, midway.at + 2);
    let before = live(&judged, midway, JUDGE.each, midway.at + 2);
    let after = live(&changed_all(&judged, change, midway.at), midway, JUDGE.each, midway.at + 2);
    let gain = gain(&before, &after)?;
    (gain.sure >= SURE && worth(&gain) > 0.0).then(|| said(&gain, change, scenario))
}

/// Minutes that count: of the day's end if it comes earlier by enough, else of the waits.
fn worth(gain: &Gain) -> f64 {
    if gain.earlier >= EARLIER_LEAST {
        gain.earlier
    } else if gain.shorter >= SHORTER_LEAST && gain.earlier > -SHORTER_LEAST {
        gain.shorter
    } else {
        0.0
    }
}

fn gain(before: &Future, after: &Future) -> Option<Gain> {
    let pairs = || before.draws.iter().zip(&after.draws);
    let mut earlier: Vec<Ticks> =
        pairs().filter_map(|(before, after)| Some(before.done_97? - after.done_97?)).collect();
    let mut shorter: Vec<Ticks> =
        pairs().map(|(before, after)| (before.wait - after.wait) as Ticks).collect();
    let share = |of: &[Ticks]| of.iter().filter(|&&gain| gain > 0).count() as f64 / of.len().max(1) as f64;
    let (earlier_in, shorter_in) = (share(&earlier), share(&shorter));
    earlier.sort_unstable();
    shorter.sort_unstable();
    let middle = |of: &[Ticks]| super::quantile(of, 50).map(minutes);
    let (earlier, shorter) = (middle(&earlier)?, middle(&shorter)?);
    let sure = if earlier >= EARLIER_LEAST { earlier_in } else { shorter_in };
    Some(Gain { earlier, shorter, sure })
}

fn changes(scenario: &Scenario, now: Ticks) -> Vec<Change> {
    let stations = &scenario.site.stations;
    let servers = |place: usize| match &stations[place].servers {
        Servers::Unlimited => None,
        Servers::Calendar(calendar) => Some(on_duty(calendar, now)),
    };
    let mut changes = Vec::new();
    for to in (0..stations.len()).filter(|&to| servers(to).is_some_and(|on| on > 0)) {
        changes.push(Change::Add { to });
        let others =
            (0..stations.len()).filter(|&from| from != to && stations[from].shared == stations[to].shared);
        let spare = others.filter(|&from| servers(from).is_some_and(|on| on >= 2));
        changes.extend(spare.map(|from| Change::Move { from, to }));
    }
    changes
}

fn on_duty(calendar: &Calendar, now: Ticks) -> u32 {
    calendar.0.iter().take_while(|&&(from, _)| from <= now).last().map_or(0, |&(_, servers)| servers)
}

fn changed_all(sites: &[Scenario], change: Change, now: Ticks) -> Vec<Scenario> {
    sites.iter().map(|site| changed(site, change, now)).collect()
}

fn changed(site: &Scenario, change: Change, now: Ticks) -> Scenario {
    let mut site = site.clone();
    let mut by = |place: usize, change: i64| {
        if let Servers::Calendar(calendar) = &mut site.site.stations[place].servers {
            *calendar = from_now_on(calendar, now, change);
        }
    };
    match change {
        Change::Move { from, to } => {
            by(from, -1);
            by(to, 1);
        }
        Change::Add { to } => by(to, 1),
    }
    site
}

/// Servers who have gone home stay there.
fn from_now_on(calendar: &Calendar, now: Ticks, change: i64) -> Calendar {
    let with = |servers: u32| {
        if servers == 0 { 0 } else { u32::try_from(i64::from(servers) + change).unwrap_or(0) }
    };
    let before = calendar.0.iter().copied().filter(|&(from, _)| from < now);
    let after =
        calendar.0.iter().filter(|&&(from, _)| from > now).map(|&(from, servers)| (from, with(servers)));
    Calendar(before.chain([(now, with(on_duty(calendar, now)))]).chain(after).collect())
}

fn said(gain: &Gain, change: Change, scenario: &Scenario) -> Advice {
    let stations = &scenario.site.stations;
    let earlier = gain.earlier >= EARLIER_LEAST;
    let (from, to) = match change {
        Change::Move { from, to } => (Some(from), to),
        Change::Add { to } => (None, to),
    };
    let in_each_lane = scenario.site.lanes > 1 && !stations[to].shared;
    let key = match (from.is_some(), in_each_lane, earlier) {
        (true, true, true) => "ahead.move_lanes_earlier",
        (true, true, false) => "ahead.move_lanes_shorter",
        (true, false, true) => "ahead.move_earlier",
        (true, false, false) => "ahead.move_shorter",
        (false, true, true) => "ahead.add_lanes_earlier",
        (false, true, false) => "ahead.add_lanes_shorter",
        (false, false, true) => "ahead.add_earlier",
        (false, false, false) => "ahead.add_shorter",
    };
    let minutes = if earlier { gain.earlier } else { gain.shorter };
    let mut args = vec![
        ("to", station_word(&stations[to].name)),
        ("minutes", number(minutes.round())),
        ("sure", percent(gain.sure)),
    ];
    args.extend(from.map(|from| ("from", station_word(&stations[from].name))));
    Advice(key, args)
}
