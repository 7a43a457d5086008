//! The same events that a real round writes, from one replication lived once more before a recording probe.

use crate::{Luck, Rehearsal};
use chance::{Cause, Chance, Ticks};
use domain::{
    Scenario,
    event::{Envelope, Event, Origin},
    scenario::Gives,
};
use queueing::{Engine, People, Probe, Tally, simulate};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One step that the engine took, before it has its words.
#[derive(Clone, Copy, Debug)]
enum Step {
    Arrived { lane: usize },
    Queued { station: usize, desk: usize },
    Started { station: usize, desk: usize, server: usize },
    Ended { station: usize, desk: usize, server: usize },
    GaveUp { station: usize },
    TurnedAway { station: usize },
    Departed,
}

/// Steps as the engine took them; `(time, order of recording)` puts them in order.
#[derive(Debug, Default)]
struct Recorder {
    steps: Vec<(Ticks, usize, usize, Step)>,
    /// People who have arrived: the first so many.
    arrived: usize,
    /// The lane of the last of them.
    lane: usize,
}

impl Recorder {
    /// A party's step is a step of each of its people.
    fn record(&mut self, at: Ticks, entry: usize, size: u8, step: Step) {
        // The first of a party takes it to the queue before the engine comes to the others: they came along.
        self.arrive(at, entry + usize::from(size));
        for member in entry..entry + usize::from(size) {
            self.steps.push((at, self.steps.len(), member, step));
        }
    }

    /// The first `people` have arrived, the last ones now.
    fn arrive(&mut self, at: Ticks, people: usize) {
        for member in self.arrived..people {
            self.steps.push((at, self.steps.len(), member, Step::Arrived { lane: self.lane }));
        }
        self.arrived = self.arrived.max(people);
    }
}

impl Probe for Recorder {
    fn arrived(&mut self, at: Ticks, entry: usize, lane: usize) {
        self.lane = lane;
        self.arrive(at, entry + 1);
    }
    fn queued(&mut self, at: Ticks, entry: usize, size: u8, station: usize, desk: usize) {
        self.record(at, entry, size, Step::Queued { station, desk });
    }
    fn started(&mut self, at: Ticks, entry: usize, size: u8, station: usize, desk: usize, server: usize) {
        self.record(at, entry, size, Step::Started { station, desk, server });
    }
    fn ended(&mut self, at: Ticks, entry: usize, size: u8, station: usize, desk: usize, server: usize) {
        self.record(at, entry, size, Step::Ended { station, desk, server });
    }
    fn gave_up(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize) {
        self.record(at, entry, size, Step::GaveUp { station });
    }
    fn turned_away(&mut self, at: Ticks, entry: usize, size: u8, station: usize, _: usize) {
        self.record(at, entry, size, Step::TurnedAway { station });
    }
    fn departed(&mut self, at: Ticks, entry: usize, size: u8) {
        self.record(at, entry, size, Step::Departed);
    }
}

/// Identifiers that the same seed gives again.
struct Names {
    chance: Chance,
}

impl Names {
    /// A UUID of version 8 (RFC 9562): its bits are ours to give.
    fn uuid(&self, kind: u16, number: u32) -> Uuid {
        let words = self.chance.block(Cause::Identity, number, kind);
        let mut bytes = [0; 16];
        for (bytes, word) in bytes.chunks_mut(4).zip(words) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

/// The identifier that [`replication_0`] gives to a household of the roll on this luck.
pub fn household(luck: Luck, household: u32) -> Uuid {
    let chance = Chance::new(luck.seed, luck.purpose as u32, 0);
    Names { chance }.uuid(HOUSEHOLD, household)
}

/// The identifier that a community of this name has in every rehearsal.
pub fn community(name: &str) -> Uuid {
    Names { chance: Chance::new(fold(name), 0, 0) }.uuid(COMMUNITY, 0)
}

const EVENT: u16 = 0;
const VISIT: u16 = 1;
const HOUSEHOLD: u16 = 2;
const ITEM: u16 = 3;
const COMMUNITY: u16 = 4;
const DEVICE: u16 = 5;

/// Lives replication 0 once more and writes its events, in the order of time. `at` writes a time, in ticks after
/// opening, as RFC 3339 in UTC.
pub fn replication_0(
    rehearsal: &Rehearsal,
    scenario: &Scenario,
    luck: Luck,
    at: impl Fn(Ticks) -> String,
) -> Vec<Envelope> {
    let chance = Chance::new(luck.seed, luck.purpose as u32, 0);
    let names = Names { chance };
    let mut visits = Vec::new();
    rehearsal.coming.fill(&chance, &mut visits);
    let mut people = People::new(visits);
    let mut recorder = Recorder::default();
    let mut tally = Tally::new(&rehearsal.model);
    // The event engine tells servers apart, and gives the same bits as the other.
    simulate(&rehearsal.model, Engine::Event, &mut people, &chance, 0, &mut tally, &mut recorder);
    recorder.steps.sort_unstable_by_key(|&(at, order, _, _)| (at, order));

    let mut events: Vec<(Ticks, Event)> = Vec::with_capacity(recorder.steps.len() + 2);
    rehearsal.coming.told(&chance, |called, told| {
        let household = names.uuid(HOUSEHOLD, called.household);
        events.push((told, Event::HouseholdCalled { household, wave: called.wave }));
    });
    events.push((0, Event::RoundOpened));
    let mut giving = Giving::new(scenario, &names);
    let mut given = vec![false; people.visits.len()];
    let home = household_of(scenario);
    for &(time, _, entry, step) in &recorder.steps {
        let visit = names.uuid(VISIT, entry as u32);
        let who = &people.visits[entry];
        let household = home.get(who.key as usize).map(|&household| names.uuid(HOUSEHOLD, household));
        let station = |station: usize| rehearsal.stations[station].0.clone();
        let lane =
            |at: usize, desk: usize| if scenario.site.stations[at].shared { 0 } else { desk as u16 + 1 };
        match step {
            Step::Arrived { lane } => {
                let class = rehearsal.classes[who.class as usize].clone();
                events.push((time, Event::Arrived { visit, household, class, lane: Some(lane as u16 + 1) }));
            }
            Step::Queued { station: at, desk } => {
                events.push((time, Event::Queued { visit, station: station(at), lane: lane(at, desk) }));
            }
            Step::Started { station: at, desk, server } => {
                let server = rehearsal.stations[at].1.map_or(0, |_| server as u32 + 1);
                events.push((
                    time,
                    Event::ServiceStarted { visit, station: station(at), lane: lane(at, desk), server },
                ));
            }
            Step::Ended { station: at, desk, server } => {
                let number = rehearsal.stations[at].1.map_or(0, |_| server as u32 + 1);
                let served =
                    Event::Served { visit, station: station(at), lane: lane(at, desk), server: number };
                events.push((time, served));
                // Who comes back to the counter has what there was to get.
                if giving.at(at) && !std::mem::replace(&mut given[entry], true) {
                    giving.give(time, visit, (at, desk, server), &mut events);
                }
                let watched = scenario.site.stations[at].observe_min;
                if watched > 0.0 {
                    events.push((
                        time + crate::compile::ticks(watched * 60.0),
                        Event::ObservationEnded { visit },
                    ));
                }
            }
            Step::GaveUp { station: at } => {
                events.push((time, Event::Deferred { visit, station: station(at) }));
            }
            Step::TurnedAway { station: at } => {
                events.push((time, Event::TurnedAway { visit, station: station(at) }));
            }
            Step::Departed => events.push((time, Event::Left { visit })),
        }
    }
    let last = events.iter().map(|(time, _)| *time).max().unwrap_or(0);
    giving.seal_all(last, &mut events);
    events.push((last, Event::RoundClosed));
    // Stable: what happened at one tick stays in the order in which it happened.
    events.sort_by_key(|(time, _)| *time);

    let origin = Origin::Rehearsed { seed: luck.seed, replication: 0 };
    let (community_id, device) = (community(&scenario.community.name), names.uuid(DEVICE, 0));
    let envelopes = events.into_iter().enumerate().map(|(order, (time, event))| Envelope {
        id: names.uuid(EVENT, order as u32),
        community_id,
        device,
        seq: order as u64 + 1,
        at: at(time),
        origin,
        event,
    });
    envelopes.collect()
}

/// What is given, and to whom it was given last.
struct Giving<'a> {
    names: &'a Names,
    /// The stations that give.
    stations: Vec<usize>,
    kind: Option<&'static str>,
    pool: u8,
    items: u32,
    /// The open tube of each server, by station, lane and server, with the people in it.
    open: BTreeMap<(usize, usize, usize), (Uuid, u8)>,
}

impl<'a> Giving<'a> {
    fn new(scenario: &Scenario, names: &'a Names) -> Self {
        let kind = match scenario.round.gives {
            Gives::Tube => Some("tube"),
            Gives::Dose => Some("dose"),
            Gives::Course => Some("course"),
            Gives::Parcel => Some("parcel"),
            Gives::Nothing => None,
        };
        let giving = scenario.site.giving();
        Giving { names, stations: giving, kind, pool: scenario.round.pool, items: 0, open: BTreeMap::new() }
    }

    fn at(&self, station: usize) -> bool {
        self.stations.contains(&station)
    }

    fn give(
        &mut self,
        at: Ticks,
        visit: Uuid,
        server: (usize, usize, usize),
        events: &mut Vec<(Ticks, Event)>,
    ) {
        let Some(kind) = self.kind else { return };
        let (names, items) = (self.names, &mut self.items);
        let mut fresh = || {
            *items += 1;
            names.uuid(ITEM, *items)
        };
        if kind != "tube" {
            events.push((at, Event::ItemGiven { visit, kind: kind.to_owned(), item: fresh(), lot: None }));
            return;
        }
        let (item, people) = self.open.entry(server).or_insert_with(|| (fresh(), 0));
        *people += 1;
        let (item, people) = (*item, *people);
        events.push((at, Event::ItemGiven { visit, kind: kind.to_owned(), item, lot: None }));
        if people >= self.pool {
            self.open.remove(&server);
            events.push((at, Event::TubeSealed { item, people }));
        }
    }

    /// At the end of the round tubes that are not full are sealed as they are.
    fn seal_all(&mut self, at: Ticks, events: &mut Vec<(Ticks, Event)>) {
        for (item, people) in std::mem::take(&mut self.open).into_values() {
            events.push((at, Event::TubeSealed { item, people }));
        }
    }
}

/// Each resident's household.
fn household_of(scenario: &Scenario) -> Vec<u32> {
    let households = scenario.roll.households.iter().zip(0u32..);
    households.flat_map(|(household, number)| household.residents.clone().map(move |_| number)).collect()
}

/// A name as 64 bits (FNV-1a), so that a community keeps its identifier from one rehearsal to the next.
fn fold(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
