//! What a live board shows at a moment.

use crate::{
    Calls, Counter, Counts, PlannedWave, Round, Tally, TubeCounts, label,
    rules::MINUTE,
    visit::{Desk, Stands},
};
use domain::Moment;
use serde::Serialize;

/// The site at a moment. Times are minutes after the planned opening, waits are minutes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Board {
    /// The moment.
    pub at_min: f64,
    /// The same as the site's time of day, `10:46`.
    pub clock: String,
    /// `before`, `open` or `closed`.
    pub phase: &'static str,
    /// How many people are where.
    pub counts: Counts,
    /// People at the site.
    pub at_site: u32,
    /// Whether more people wait than the site has room for.
    pub crowded: bool,
    /// Households: called, come, done, and of the roll.
    pub households: [u32; 4],
    /// Every station in every lane, in the order in which people pass them.
    pub desks: Vec<DeskNow>,
    /// Sample tubes.
    pub tubes: Tubes,
    /// The plan's waves, in the order of their calls.
    pub waves: Vec<WaveNow>,
    /// The wave whose turn it is.
    pub next_call: Option<NextCall>,
    /// Facts that contradict each other and wait for somebody to settle them.
    pub conflicts: usize,
    /// People who were only counted at the gates.
    pub tally: Tally,
}

/// A station in one lane at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeskNow {
    /// The station's place in the rules.
    pub station: usize,
    /// Its name.
    pub name: String,
    /// Lane, from 1; 0 for a station that all lanes share.
    pub lane: u16,
    /// People waiting.
    pub queue: usize,
    /// Of those, people who are served before others.
    pub first: usize,
    /// People being served.
    pub serving: usize,
    /// People served.
    pub served: u32,
    /// Servers on duty; absent where they are not counted.
    pub servers: Option<u32>,
    /// Servers on duty who serve nobody.
    pub idle: Option<u32>,
    /// The wait so far of who is next.
    pub head_wait_min: Option<f64>,
    /// The longest wait so far.
    pub longest_wait_min: Option<f64>,
    /// The wait of somebody who joins now; absent where the queue will not be served any more.
    pub predicted_wait_min: Option<f64>,
    /// What that wait means.
    pub pressure: Pressure,
    /// Since when nobody is served here.
    pub idle_since_min: Option<f64>,
    /// Whether servers are idle here while people wait at a station before.
    pub starved: bool,
    /// Who is being served.
    pub now: Vec<NowServing>,
}

/// Somebody being served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NowServing {
    /// Server, from 1; 0 where they are not counted.
    pub server: u32,
    /// The person's number of the day.
    pub person: u32,
}

/// What a predicted wait means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pressure {
    /// Up to 25 minutes.
    Clear,
    /// In between.
    Busy,
    /// 50 minutes and more.
    Jammed,
}

impl Pressure {
    /// What a predicted wait in minutes means; absent: nobody will serve those who wait.
    pub fn of(wait_min: Option<f64>) -> Pressure {
        match wait_min {
            Some(wait) if wait <= CLEAR_MIN => Pressure::Clear,
            Some(wait) if wait < JAMMED_MIN => Pressure::Busy,
            _ => Pressure::Jammed,
        }
    }
}

/// Minutes of predicted wait up to which a station is clear: 25 minutes of standing are borne by most.
pub(crate) const CLEAR_MIN: f64 = 25.0;
/// Minutes of predicted wait from which a station is jammed: twice that.
pub(crate) const JAMMED_MIN: f64 = 50.0;
/// So many people wait at a station before one that starves: one or two are on their way anyway.
const STARVING_QUEUE: usize = 3;

/// Sample tubes at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tubes {
    /// The open ones, the oldest first.
    pub open: Vec<TubeNow>,
    /// Sealed ones.
    pub sealed: usize,
    /// People in all of them.
    pub people: usize,
    /// Where they are.
    pub places: TubeCounts,
}

/// An open tube.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TubeNow {
    /// Its short label.
    pub tube: String,
    /// People in it.
    pub people: usize,
    /// Minutes since the first specimen.
    pub open_min: f64,
}

/// A wave at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WaveNow {
    /// Its number.
    pub wave: u32,
    /// When its call is planned.
    pub call_at_min: f64,
    /// How far it is.
    pub state: WaveState,
    /// Its lane, from 1; 0 where people choose on arrival.
    pub lane: u16,
    /// Households in it, called, and come.
    pub households: [u32; 3],
    /// People in it, and people of it who arrived.
    pub people: [u32; 2],
}

/// How far a wave is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WaveState {
    /// Its time has not come.
    Coming,
    /// Its time has come.
    Due,
    /// Some of its households have been called.
    Calling,
    /// All of them have.
    Called,
}

/// The wave whose turn it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NextCall {
    /// Its number.
    pub wave: u32,
    /// When its call is planned.
    pub call_at_min: f64,
    /// People who will wait in its lane when it arrives, if it is called now.
    pub queue_then: f64,
    /// How long the last of them will wait; absent where nobody will serve then.
    pub wait_then_min: Option<f64>,
    /// Whether that is short enough to call it now.
    pub may: bool,
}

impl Board {
    /// The site at a moment, with the plan's calls.
    pub fn now(round: &Round, calls: &Calls, at: Moment) -> Board {
        let rules = round.rules();
        let counts = round.counts();
        let households = round.households().values();
        let count = |which: &dyn Fn(&crate::Household) -> bool| {
            u32::try_from(households.clone().filter(|of| which(of)).count()).unwrap_or(u32::MAX)
        };
        Board {
            at_min: rules.minutes(at),
            clock: rules.clock(at),
            phase: round.phase().name(),
            counts,
            at_site: counts.at_site(),
            crowded: rules.room.is_some_and(|room| counts.waiting > room),
            households: [
                count(&|of| of.called.is_some()),
                count(&|of| !of.people.is_empty()),
                count(&crate::Household::done),
                rules.households,
            ],
            desks: round.counters().iter().filter_map(|(&desk, of)| desk_now(round, desk, of, at)).collect(),
            tubes: tubes(round, at),
            waves: waves(round, calls, at),
            next_call: next_call(round, calls, at),
            conflicts: round.open_conflicts().count(),
            tally: round.tally(),
        }
    }
}

fn desk_now(round: &Round, desk: Desk, counter: &Counter, at: Moment) -> Option<DeskNow> {
    let rules = round.rules();
    let station = rules.stations.get(desk.station)?;
    let minutes = |since: Moment| (at - since).max(0) as f64 / MINUTE as f64;
    let longest = counter.queue().map(|waiting| waiting.since).min();
    let numbers = counter.busy().flat_map(|(server, people)| {
        let known = people.iter().filter_map(|&visit| round.visit(visit));
        known.map(move |of| NowServing { server, person: of.number })
    });
    let servers = station.on_duty(rules.ticks(at));
    let predicted = predicted_wait_min(round, desk, counter, at);
    Some(DeskNow {
        station: desk.station,
        name: station.name.clone(),
        lane: desk.lane,
        queue: counter.waiting(),
        first: counter.queue().take_while(|waiting| waiting.first).count(),
        serving: counter.serving(),
        served: counter.served,
        servers,
        idle: idle(round, desk, counter, at),
        head_wait_min: counter.queue().next().map(|waiting| minutes(waiting.since)),
        longest_wait_min: longest.map(minutes),
        predicted_wait_min: predicted,
        pressure: match predicted {
            None if counter.waiting() == 0 => Pressure::Clear,
            wait => Pressure::of(wait),
        },
        idle_since_min: counter.idle_since.map(|since| rules.minutes(since)),
        starved: starved_behind(round, desk, counter, at).is_some(),
        now: numbers.collect(),
    })
}

/// Servers on duty who serve nobody; `None` where they are not counted.
pub(crate) fn idle(round: &Round, desk: Desk, counter: &Counter, at: Moment) -> Option<u32> {
    let servers = round.rules().stations.get(desk.station)?.on_duty(round.rules().ticks(at))?;
    if counter.started == 0 && counter.served > 0 && counter.ahead() > 0 {
        // Nobody taps when a service begins here: whoever has a queue is at work.
        return Some(0);
    }
    Some(servers.saturating_sub(u32::try_from(counter.busy().len()).unwrap_or(u32::MAX)))
}

/// The wait of somebody who joins now: people ahead, and the one being served, at the pace of the servers.
pub(crate) fn predicted_wait_min(round: &Round, desk: Desk, counter: &Counter, at: Moment) -> Option<f64> {
    let station = round.rules().stations.get(desk.station)?;
    let busy = idle(round, desk, counter, at) == Some(0);
    let ahead = counter.ahead() as f64 + f64::from(u8::from(busy && counter.serving() > 0));
    let wait = station.time_for(ahead, round.rules().ticks(at))?;
    Some(wait as f64 / MINUTE as f64)
}

/// The station before this one where people wait, while servers here have nobody to serve.
pub(crate) fn starved_behind(
    round: &Round,
    desk: Desk,
    counter: &Counter,
    at: Moment,
) -> Option<(usize, usize)> {
    if counter.waiting() > 0 || idle(round, desk, counter, at)? == 0 {
        return None;
    }
    let before = round.counters().iter().filter(|(other, of)| {
        let same_lane = other.lane == desk.lane || other.lane == 0 || desk.lane == 0;
        other.station < desk.station && same_lane && of.waiting() >= STARVING_QUEUE
    });
    before.map(|(other, of)| (other.station, of.waiting())).max_by_key(|&(_, waiting)| waiting)
}

fn tubes(round: &Round, at: Moment) -> Tubes {
    let mut tubes = Tubes { places: round.tube_counts(), ..Tubes::default() };
    for (&id, tube) in round.tubes() {
        tubes.people += tube.people.len();
        if tube.is_open() {
            let open_min = (at - tube.since).max(0) as f64 / MINUTE as f64;
            tubes.open.push(TubeNow { tube: label(id), people: tube.people.len(), open_min });
        } else {
            tubes.sealed += 1;
        }
    }
    tubes.open.sort_by(|one, other| other.open_min.total_cmp(&one.open_min));
    tubes
}

fn waves(round: &Round, calls: &Calls, at: Moment) -> Vec<WaveNow> {
    let now = round.rules().ticks(at);
    let waves = calls.waves.iter().map(|wave| {
        let counts = round.waves().get(&wave.number).copied().unwrap_or_default();
        WaveNow {
            wave: wave.number,
            call_at_min: wave.call_at as f64 / MINUTE as f64,
            state: match counts.called {
                0 if now < wave.call_at => WaveState::Coming,
                0 => WaveState::Due,
                called if called < wave.households => WaveState::Calling,
                _ => WaveState::Called,
            },
            lane: wave.lane,
            households: [wave.households, counts.called, counts.arrived],
            people: [wave.people, counts.people],
        }
    });
    waves.collect()
}

/// The first wave of which nobody has been called. A message to all is no wave to hold back.
pub(crate) fn next_wave<'a>(round: &Round, calls: &'a Calls) -> Option<&'a PlannedWave> {
    let mut waves = calls.waves.iter().filter(|_| !calls.broadcast);
    waves.find(|wave| !round.waves().contains_key(&wave.number))
}

/// The wave whose turn it is, and whether it may be called now.
pub(crate) fn next_call(round: &Round, calls: &Calls, at: Moment) -> Option<NextCall> {
    let wave = next_wave(round, calls)?;
    let (queue_then, wait) = round.queue_at_arrival(calls, wave, at);
    let wait_then_min = Some(wait).filter(|wait| wait.is_finite());
    Some(NextCall {
        wave: wave.number,
        call_at_min: wave.call_at as f64 / MINUTE as f64,
        queue_then,
        wait_then_min,
        may: wait_then_min.is_some_and(|wait| round.is_short(wait)),
    })
}

impl Board {
    /// Who is being served in a lane, station by station: what a big screen calls out.
    pub fn now_serving(&self, lane: u16) -> impl Iterator<Item = (&DeskNow, &NowServing)> {
        let desks = self.desks.iter().filter(move |desk| desk.lane == lane || desk.lane == 0);
        desks.flat_map(|desk| desk.now.iter().map(move |now| (desk, now)))
    }
}

impl Round {
    /// Green people at the site, by their numbers of the day.
    pub fn green_here(&self) -> impl Iterator<Item = u32> + '_ {
        let here = self.visits().values().filter(|of| of.green && !matches!(of.stands, Stands::Gone { .. }));
        here.map(|of| of.number)
    }
}
