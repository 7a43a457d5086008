//! From envelopes to visits.

use super::{End, Household, Observed, Round, Step, Visit, place_of};
use crate::card::tapped;
use chance::Ticks;
use domain::{
    Moment, Notes, Place,
    event::{Envelope, Event, happened},
};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) fn round(observed: &mut Observed, events: &[Envelope], notes: &mut Notes) {
    let events: Vec<&Envelope> = happened(events).collect();
    let mut unread = 0u32;
    let mut ids: Vec<(u128, usize)> =
        events.iter().enumerate().map(|(place, event)| (event.id.as_u128(), place)).collect();
    ids.sort_unstable();
    let mut twice: Vec<usize> =
        ids.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).collect();
    twice.sort_unstable();
    let mut timed: Vec<(Moment, &Event)> = Vec::with_capacity(events.len());
    for (place, envelope) in events.iter().enumerate() {
        if twice.binary_search(&place).is_ok() {
            continue;
        }
        match Moment::parse(&envelope.at) {
            Some(at) => timed.push((at, &envelope.event)),
            None => unread += 1,
        }
    }
    if !twice.is_empty() {
        notes.hint(Place::default(), "event_twice", &[("count", &twice.len())]);
    }
    if unread > 0 {
        notes.warning(Place::default(), "event_times", &[("count", &unread)]);
    }
    // Stable: what was written down at one tick stays in the order in which it was written.
    timed.sort_by_key(|&(at, _)| at);
    let Some(&(first, _)) = timed.first() else { return };
    let opening = timed.iter().find(|(_, event)| matches!(event, Event::RoundOpened));
    let arrival = timed.iter().find(|(_, event)| matches!(event, Event::Arrived { .. }));
    if opening.is_none() {
        notes.hint(Place::default(), "event_no_opening", &[]);
    }
    let opened = opening.or(arrival).map_or(first, |&(at, _)| at);
    observed.events += timed.len() as u64;
    let mut gathering =
        Gathering { observed, round: Round { opened, ..Round::default() }, places: BTreeMap::new() };
    for &(at, event) in &timed {
        gathering.happened(at - opened, event);
    }
    let mut round = gathering.finished();
    round.cards = tapped(&timed);
    observed.rounds.push(round);
}

struct Gathering<'a> {
    observed: &'a mut Observed,
    round: Round,
    places: BTreeMap<Uuid, usize>,
}

impl Gathering<'_> {
    fn visit(&mut self, visit: Uuid) -> &mut Visit {
        let visits = &mut self.round.visits;
        let place = *self.places.entry(visit).or_insert_with(|| {
            visits.push(Visit::default());
            visits.len() - 1
        });
        &mut visits[place]
    }

    fn happened(&mut self, at: Ticks, event: &Event) {
        self.round.last = self.round.last.max(at);
        match event {
            Event::HouseholdCalled { household, wave } => {
                let household = self.round.households.entry(*household).or_default();
                household.called.get_or_insert((at, *wave));
            }
            Event::Arrived { visit, household, class, lane } => {
                let class = place_of(&mut self.observed.classes, class);
                let visit = self.visit(*visit);
                if visit.arrived.is_none() {
                    visit.arrived = Some(at);
                    visit.household = *household;
                    visit.class = Some(class);
                    visit.lane = lane.unwrap_or(0);
                }
            }
            Event::Queued { visit, station, lane } => {
                let station = place_of(&mut self.observed.stations, station);
                let steps = &mut self.visit(*visit).steps;
                let waits = steps.last().is_some_and(|step| {
                    step.station == station && step.started.is_none() && step.ended.is_none()
                });
                if !waits {
                    steps.push(step(station, *lane, 0, Some(at)));
                }
            }
            Event::ServiceStarted { visit, station, lane, server } => {
                let step = self.open(*visit, station, *lane, *server);
                step.started.get_or_insert(at);
                (step.lane, step.server) = (*lane, *server);
            }
            Event::Served { visit, station, lane, server } => {
                let step = self.open(*visit, station, *lane, *server);
                step.ended = Some(at);
                (step.lane, step.server) = (*lane, *server);
            }
            Event::Deferred { visit, station } => self.quit(*visit, station, at, End::GaveUp(at)),
            Event::TurnedAway { visit, station } => self.quit(*visit, station, at, End::TurnedAway(at)),
            Event::Left { visit } => self.visit(*visit).end = End::Left(at),
            Event::RoundOpened
            | Event::RoundClosed
            | Event::ItemGiven { .. }
            | Event::TubeSealed { .. }
            | Event::ObservationEnded { .. }
            | Event::HouseholdAnswered { .. }
            | Event::NoticeTold { .. }
            | Event::Unlisted { .. }
            | Event::QueueCounted { .. }
            | Event::PeopleCounted { .. }
            | Event::LotRecalled { .. }
            | Event::Undone { .. }
            | Event::CardTapped { .. }
            | Event::CodeLinked { .. }
            | Event::BatchSealed { .. }
            | Event::BatchReceived { .. }
            | Event::BatchOpened { .. }
            | Event::TubeNamed { .. }
            | Event::ResultReported { .. }
            | Event::ResultsReleased { .. }
            | Event::CalledBack { .. }
            | Event::Resampled { .. }
            | Event::BookedElsewhere { .. }
            | Event::ConflictSettled { .. } => {}
        }
    }

    /// The person's unfinished step at the station: a new one if nothing was written down before.
    fn open(&mut self, visit: Uuid, station: &str, lane: u16, server: u32) -> &mut Step {
        let station = place_of(&mut self.observed.stations, station);
        let steps = &mut self.visit(visit).steps;
        let unfinished = steps
            .iter()
            .rposition(|step| step.station == station && step.ended.is_none() && step.quit.is_none());
        let place = unfinished.unwrap_or_else(|| {
            steps.push(step(station, lane, server, None));
            steps.len() - 1
        });
        &mut steps[place]
    }

    fn quit(&mut self, visit: Uuid, station: &str, at: Ticks, end: End) {
        self.open(visit, station, 0, 0).quit = Some(at);
        self.visit(visit).end = end;
    }

    /// Fills in what follows from other events: who was served at the last station has left, who came from one station
    /// stood at the next.
    fn finished(self) -> Round {
        let mut round = self.round;
        for visit in &mut round.visits {
            // Who was written down when the first table was done stood in its queue since nobody knows when.
            let seen_late =
                visit.steps.first().is_some_and(|step| step.started.is_none() && step.ended == visit.arrived);
            let mut before = visit.arrived.filter(|_| !seen_late);
            for step in &mut visit.steps {
                let until = step.started.or(step.ended).or(step.quit);
                let on_time = |at: &Ticks| until.is_none_or(|until| *at <= until);
                step.queued = step.queued.filter(on_time).or(before.filter(on_time));
                before = step.ended.or(before);
            }
            visit.arrived = visit.arrived.or(visit.steps.first().and_then(|step| step.queued));
            if visit.lane == 0 {
                visit.lane = visit.steps.iter().map(|step| step.lane).find(|&lane| lane > 0).unwrap_or(0);
            }
        }
        leave(&mut round.visits);
        round.visits.sort_by_key(|visit| visit.arrived);
        for visit in &mut round.visits {
            let Some(household) = visit.household else { continue };
            let household: &mut Household = round.households.entry(household).or_default();
            visit.wave = household.called.map(|(_, wave)| wave);
            household.people += 1;
            household.served += u32::from(matches!(visit.end, End::Left(_)));
            if let Some(at) = visit.arrived {
                household.first_arrival = Some(household.first_arrival.map_or(at, |first| first.min(at)));
            }
        }
        round
    }
}

/// Who was served where visits end has left, whether or not anyone wrote that down.
fn leave(visits: &mut [Visit]) {
    let last = |visit: &Visit| visit.steps.last().and_then(|step| Some((step.station, step.ended?)));
    let written = visits.iter().any(|visit| matches!(visit.end, End::Left(_)));
    let mut ends = BTreeMap::<usize, usize>::new();
    for visit in visits.iter().filter(|visit| !written || matches!(visit.end, End::Left(_))) {
        if let Some((station, _)) = last(visit) {
            *ends.entry(station).or_default() += 1;
        }
    }
    let all: usize = ends.values().sum();
    for visit in visits.iter_mut().filter(|visit| visit.end == End::Open) {
        if let Some((station, at)) = last(visit)
            && 20 * ends.get(&station).copied().unwrap_or(0) >= all
        {
            visit.end = End::Left(at);
        }
    }
}

fn step(station: usize, lane: u16, server: u32, queued: Option<Ticks>) -> Step {
    Step { station, lane, server, queued, started: None, ended: None, quit: None, inferred: false }
}
