//! From a round's state to what the rest of its day is lived from.

use super::Running;
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{Event, Moment, event::Answer};
use rehearse::{
    TICKS_PER_MINUTE,
    ahead::{Awaited, Door, Midway, Standing},
};
use round::{Counter, Desk, Household, Round, Stands, Visit};
use std::collections::BTreeMap;

/// Waits are asked for now and each quarter of an hour, so far ahead.
const ASKED_EVERY: Ticks = 15 * TICKS_PER_MINUTE;
const ASKED: i64 = 12;
/// Whoever walks longer than this has gone where nobody writes anything down.
const WALKING_MAX: Ticks = 20 * TICKS_PER_MINUTE;
/// A server who seems to work has been idle unless the services of a span fill it but for this, or a tenth of it.
const SLACK: Ticks = TICKS_PER_MINUTE;
/// No queue is older than this.
const BUSY_MAX: Ticks = 3 * 60 * TICKS_PER_MINUTE;

/// `first_s`: mean seconds that the first station takes for one person.
pub(super) fn midway(running: &Running<'_>, first_s: f64, at: Moment) -> Midway {
    let round = running.folded.live().round();
    let now = round.rules().ticks(at);
    let calls = running.folded.live().calls();
    let mut midway = Midway {
        at: now,
        broadcast: calls.broadcast,
        doors: doors(running, first_s, now),
        others: calls.others.iter().copied().filter(|&(time, _)| time >= now).collect(),
        classes: running.classes.to_vec(),
        asked: (0..=ASKED).map(|step| now + step * ASKED_EVERY).collect(),
        ..Midway::default()
    };
    standing(round, now, &mut midway);
    awaited(running, now, &mut midway);
    midway
}

/// The same day, if the wave whose turn it is were called now.
pub(super) fn called_now(midway: &Midway) -> Midway {
    let mut called = midway.clone();
    // Who of it was called before stays called then.
    let uncalled = |of: &&mut Awaited| Some(of.wave) == midway.wave && of.told >= midway.at;
    let first = called.awaited.iter_mut().filter(uncalled).map(|of| of.told).min();
    let sooner = first.map_or(0, |first| first - midway.at);
    called.awaited.iter_mut().filter(uncalled).for_each(|of| of.told -= sooner);
    called.asked.clear();
    called
}

/// Whoever is at the site, and when those left who were served.
fn standing(round: &Round, now: Ticks, midway: &mut Midway) {
    let rules = round.rules();
    let lanes = rules.lanes.max(1);
    // A shared table sends people to any lane: to theirs, or to lanes in turn.
    let mut turn = 0;
    let mut lane_of = |visit: Option<&Visit>, desk: u16| {
        let known = Some(desk).filter(|&lane| lane > 0).or(visit.and_then(|of| of.lane));
        known.filter(|lane| (1..=lanes).contains(lane)).map_or_else(
            || {
                turn = (turn + 1) % lanes;
                turn
            },
            |lane| lane - 1,
        )
    };
    for (desk, counter) in round.counters() {
        let Some(station) = rules.stations.get(desk.station) else { continue };
        let mut at_desk = |visit: &Visit, left: f64| Standing {
            station: desk.station,
            lane: lane_of(Some(visit), desk.lane),
            class: visit.class.clone(),
            from: now,
            left,
        };
        for visit in counter.busy().flat_map(|(_, people)| people).filter_map(|&id| round.visit(id)) {
            let served = (now - rules.ticks(visit.stands.since())) as f64 / TICKS_PER_SECOND as f64;
            let left = 1.0 - served / station.seconds_a_person.max(1.0);
            midway.standing.push(at_desk(visit, left.clamp(0.1, 0.9)));
        }
        // Where nobody taps when a service begins, those next in the queue are being served: half of it lies behind them.
        let untapped = if counter.started == 0 { station.on_duty(now).unwrap_or(0) as usize } else { 0 };
        for (place, visit) in counter.queue().filter_map(|of| round.visit(of.visit)).enumerate() {
            midway.standing.push(at_desk(visit, if place < untapped { 0.5 } else { 1.0 }));
        }
        for _ in 0..unseen_behind(counter, desk) {
            let (station, lane) = (desk.station, lane_of(None, desk.lane));
            midway.standing.push(Standing { station, lane, class: String::new(), from: now, left: 1.0 });
        }
    }
    for visit in round.visits().values() {
        let since = rules.ticks(visit.stands.since());
        let (from, leaves) = match visit.stands {
            Stands::Gone { end: round::End::Served, .. } => (since, true),
            Stands::Observed { until, .. } => (rules.ticks(until).max(now), false),
            Stands::Walking { .. } if now - since <= WALKING_MAX => (now, false),
            _ => continue,
        };
        let next = match visit.last {
            _ if leaves => None,
            Some(last) => rules.ways_on(&visit.class, last.desk.station).into_iter().next().flatten(),
            None => rules.entry(&visit.class),
        };
        match next {
            None => midway.gone.push(from),
            Some(station) => {
                let lane = lane_of(Some(visit), 0);
                midway.standing.push(Standing { station, lane, class: visit.class.clone(), from, left: 1.0 });
            }
        }
    }
}

/// People who were counted in a later queue beyond those of whom it is known.
fn unseen_behind(counter: &Counter, desk: &Desk) -> usize {
    if desk.station == 0 { 0 } else { counter.ahead().saturating_sub(counter.waiting()) }
}

/// Households of whom nobody has come.
fn awaited(running: &Running<'_>, now: Ticks, midway: &mut Midway) {
    let round = running.folded.live().round();
    let (rules, calls) = (round.rules(), running.folded.live().calls());
    let calling = |wave: &round::PlannedWave| {
        // Minutes for all of them; one call after the other.
        (wave.calling_min * TICKS_PER_MINUTE as f64) as Ticks / i64::from(wave.households.max(1))
    };
    // Some of a wave may have been called before, or have come by themselves.
    let uncalled = |wave: &&round::PlannedWave| {
        let of = running.waves.get(&wave.number).map_or(&[][..], Vec::as_slice);
        of.iter().any(|id| round.households().get(id).is_none_or(Household::may_be_called))
    };
    let next = calls.waves.iter().find(|wave| !calls.broadcast && uncalled(wave));
    midway.wave = next.map(|wave| wave.number);
    // Whoever is late goes on at the plan's pace.
    let shift = next.map_or(0, |wave| (now - wave.call_at).max(0));
    for wave in &calls.waves {
        let households = wave.households.max(1);
        let sizes = |place: u32| wave.people / households + u32::from(place < wave.people % households);
        let members = running.waves.get(&wave.number).map_or(&[][..], Vec::as_slice);
        let waiting = round.waves().contains_key(&wave.number);
        let mut turn = 0;
        for place in 0..wave.households {
            let known = members.get(place as usize).and_then(|id| round.households().get(id));
            if known.is_some_and(|of| !of.people.is_empty()) {
                continue;
            }
            let called = known.and_then(|of| of.called).map(|(since, _)| rules.ticks(since));
            let told = called.unwrap_or_else(|| {
                turn += 1;
                let from = match (calls.broadcast, waiting) {
                    (true, _) => wave.call_at,
                    (false, true) => now,
                    (false, false) => (wave.call_at + shift).max(now),
                };
                from + turn * calling(wave)
            });
            let answer = known.and_then(|of| of.answer()).map(|(_, answer)| answer == Answer::Coming);
            midway.awaited.push(Awaited {
                wave: wave.number,
                lane: wave.lane.checked_sub(1),
                people: sizes(place),
                told,
                answer,
            });
        }
    }
}

/// What is known of the queues before the first station.
fn doors(running: &Running<'_>, first_s: f64, now: Ticks) -> Vec<Door> {
    let round = running.folded.live().round();
    let rules = round.rules();
    let Some(first) = rules.stations.first() else { return Vec::new() };
    let served = let_in(running);
    let lags = Lags::of(running, now);
    let desks = round.counters().iter().filter(|(desk, _)| desk.station == 0);
    let seen_coming = served.is_empty() && round.visits().values().any(|of| of.arrived.is_some());
    desks
        .map(|(desk, counter)| {
            let counted = counter.counted.map(|of| {
                let since = counter.served.saturating_sub(of.served);
                // Those of whom it is known stand there already.
                let known = u32::try_from(counter.waiting()).unwrap_or(u32::MAX);
                (rules.ticks(of.at), of.people.saturating_sub(since).saturating_sub(known))
            });
            let at_work = |servers: u32| {
                let times = served.get(&desk.lane).map_or(&[][..], Vec::as_slice);
                match lags.wait(desk.lane) {
                    Some((wait, doubt)) => (now - wait, doubt),
                    None => (busy_since(times, first_s / f64::from(servers), now), 0),
                }
            };
            let (busy_since, doubt) = match first.on_duty(now) {
                _ if seen_coming => (now, 0),
                // Nobody has been let in yet: whoever came waits.
                _ if counter.served == 0 => (Ticks::MIN / 2, 0),
                Some(servers) if servers > 0 => at_work(servers),
                _ => (now, 0),
            };
            Door { busy_since, doubt, counted }
        })
        .collect()
}

/// When people were let in at the first station, lane by lane, where they are seen only then; each lane in order.
fn let_in(running: &Running<'_>) -> BTreeMap<u16, Vec<Ticks>> {
    let round = running.folded.live().round();
    let rules = round.rules();
    let mut times: BTreeMap<u16, Vec<Ticks>> = BTreeMap::new();
    for told in running.folded.happened() {
        let Event::Served { visit, station, lane, .. } = &told.event else { continue };
        if rules.station(station) != Some(0) {
            continue;
        }
        let Some(at) = Moment::parse(&told.at) else { continue };
        if round.visit(*visit).is_some_and(|of| of.arrived == Some(at)) {
            times.entry(*lane).or_default().push(rules.ticks(at));
        }
    }
    times.values_mut().for_each(|times| times.sort_unstable());
    times
}

/// How long it took from calls until households were let in lately, lane by lane: what is longer than people need to come
/// is the wait before the first table.
struct Lags {
    lanes: BTreeMap<u16, Vec<Ticks>>,
    reaction: Ticks,
    /// Minutes between the quartiles of a reaction.
    spread: Ticks,
}

/// Lately, and so many households, at least, to say anything.
const LATELY: Ticks = 20 * TICKS_PER_MINUTE;
const LAGS_LEAST: usize = 5;
const LAGS_MOST: usize = 25;

impl Lags {
    fn of(running: &Running<'_>, now: Ticks) -> Lags {
        let round = running.folded.live().round();
        let rules = round.rules();
        let mut lately: BTreeMap<u16, Vec<(Ticks, Ticks)>> = BTreeMap::new();
        for household in round.households().values() {
            let Some((called, _)) = household.called else { continue };
            // Who is served before others says nothing of the queue.
            let people = household.people.iter().filter_map(|&visit| round.visit(visit));
            let came = people.filter(|of| !rules.is_first(&of.class)).min_by_key(|of| of.arrived);
            let Some((visit, at)) = came.and_then(|of| Some((of, of.arrived?))) else { continue };
            if now - rules.ticks(at) <= LATELY {
                let shared = rules.stations.first().is_some_and(|first| first.shared);
                let lane = if shared { 0 } else { visit.lane.unwrap_or(0) };
                lately.entry(lane).or_default().push((rules.ticks(at), at - called));
            }
        }
        let last = |mut of: Vec<(Ticks, Ticks)>| {
            of.sort_unstable();
            let mut lags: Vec<Ticks> = of.into_iter().rev().take(LAGS_MOST).map(|(_, lag)| lag).collect();
            lags.sort_unstable();
            lags
        };
        let mut reaction = running.folded.live().calls().reaction.clone();
        reaction.sort_by(|one, other| one.0.total_cmp(&other.0));
        let at = |share: f64| {
            let mut below = 0.0;
            let point = reaction.iter().find(|(_, part)| {
                below += part;
                below >= share
            });
            point.map_or(0, |(minutes, _)| (minutes * TICKS_PER_MINUTE as f64) as Ticks)
        };
        Lags {
            lanes: lately.into_iter().map(|(lane, of)| (lane, last(of))).collect(),
            reaction: at(0.5),
            spread: at(0.75) - at(0.25),
        }
    }

    /// The wait of those who are let in now, and its standard deviation: a median is as sure as that, and half as much again
    /// for households that react otherwise than planned.
    fn wait(&self, lane: u16) -> Option<(Ticks, Ticks)> {
        let lags = self.lanes.get(&lane).filter(|lags| lags.len() >= LAGS_LEAST)?;
        let wait = (super::quantile(lags, 50)? - self.reaction).max(0);
        // 1.25 standard deviations of a normal law, whose quartiles lie 1.35 of them apart, over the root of how many.
        let doubt = self.spread as f64 * 1.25 / 1.35 / (lags.len() as f64).sqrt() * 1.5;
        Some((wait, doubt as Ticks))
    }
}

/// Since when people were let in one after the other: the longest span up to now that services fill but for a little.
fn busy_since(times: &[Ticks], seconds: f64, now: Ticks) -> Ticks {
    let service = (seconds * TICKS_PER_SECOND as f64) as Ticks;
    let mut busy_since = now;
    for (number, &at) in (1..).zip(times.iter().rev()) {
        let span = now - at;
        if span > BUSY_MAX {
            break;
        }
        // The one who was let in then began a service before.
        if span - number * service <= SLACK.max(span / 10) {
            busy_since = at - service;
        }
    }
    busy_since
}
