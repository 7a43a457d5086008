//! What a screen of the phone shows.

use crate::{Door, Phone};
use chance::TICKS_PER_SECOND;
use domain::{
    Moment,
    command::Table,
    event::{Answer, Event, Guest},
};
use round::{Stands, TOGETHER_MAX, TubeCode, label};
use serde::Serialize;
use uuid::Uuid;

/// The phone at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Now {
    /// The site's time of day, `10:46`.
    pub clock: String,
    /// `before`, `open` or `closed`.
    pub phase: &'static str,
    /// Frames that no server has said to have.
    pub unsent: usize,
    /// Everything that this phone has written down.
    pub written: u64,
    /// Seconds for which the last step can still be taken back; absent: not any more.
    pub undo_s: Option<i64>,
    /// People served at this phone's table, as far as it knows.
    pub served_here: u32,
    /// Whom this table's queue holds, next first, as far as the phone knows; a dozen at most.
    pub queue: Vec<PersonNow>,
    /// How many there are.
    pub queue_people: usize,
    /// The queue as it was counted last: people, and minutes since.
    pub counted: Option<(u32, i64)>,
    /// People who were only counted: came, left.
    pub tally: [u32; 2],
    /// Green people checked in, as far as the phone knows.
    pub green: u32,
    /// The tube that this phone filled last, while it is open.
    pub tube: Option<TubeNow>,
    /// The lot of which this phone gave last.
    pub lot: Option<String>,
    /// The number of the stopwatch card that is handed out next.
    pub next_card: u32,
    /// The lowest number of a card that was handed out and is back.
    pub card_back: Option<u32>,
    /// Stopwatch cards that were handed out and not shown at this table's station yet, the first first.
    pub cards: Vec<u32>,
    /// The queue before the first table as the last card has measured it: minutes, and the time of day.
    pub card_waited: Option<(i64, String)>,
    /// People who are watched, who may go first: as many as one step can let go, at most.
    pub watched: Vec<WatchedNow>,
    /// How many there are.
    pub watched_people: u32,
}

/// A person who is watched after a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WatchedNow {
    /// Who.
    #[serde(flatten)]
    pub person: PersonNow,
    /// Until when, `07:20`.
    pub until: String,
    /// Seconds until then; 0: may go.
    pub left_s: i64,
}

/// A person on a screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonNow {
    /// The visit.
    pub visit: Uuid,
    /// What may be read of the name; of somebody who is not on the roll, nothing.
    pub name: String,
    /// The door's label; empty where it is not known.
    pub door: String,
    /// Visitor class as the roll or the check-in says; empty: general.
    pub class: String,
    /// Whether the class is green.
    pub green: bool,
    /// The number of the day on this phone, of somebody who is not on the roll.
    pub number: Option<u32>,
    /// When the person came, `07:05`.
    pub arrived: Option<String>,
    /// The label of the tube or thing that the person has.
    pub item: Option<String>,
    /// Who somebody is that is not on the roll.
    pub guest: Option<Guest>,
}

/// A household on a screen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoorNow {
    /// The household.
    pub household: Uuid,
    /// The door's whole label.
    pub label: String,
    /// The floor, where the door says it.
    pub floor: Option<u32>,
    /// The lane to which the plan sends it, from 1; 0: any.
    pub lane: u16,
    /// When it was called, `07:05`.
    pub called: Option<String>,
    /// What it said at its door.
    pub answer: Option<Answer>,
    /// When it was told of a notice, `07:05`.
    pub told: Option<String>,
    /// When it said so, `07:05`.
    pub said: Option<String>,
    /// How often somebody knocked and was answered, or not.
    pub knocks: usize,
    /// Languages in which its people are spoken to, where the roll says so.
    pub languages: Vec<String>,
    /// What was booked for it in other systems.
    pub booked: Vec<String>,
    /// Its people.
    pub people: Vec<PersonNow>,
}

/// The doors of a wave.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    /// The wave's number.
    pub wave: u32,
    /// When its call is planned, `07:05`.
    pub call_at: String,
    /// Its doors, as one caller walks.
    pub doors: Vec<DoorNow>,
}

/// A tube on a screen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TubeNow {
    /// Its identifier.
    pub item: Uuid,
    /// What is read aloud of it.
    pub label: String,
    /// Who is in it.
    pub people: Vec<PersonNow>,
    /// How many may be.
    pub pool: u8,
    /// Whether more may be mixed in.
    pub open: bool,
}

/// People of a queue on one screen.
const QUEUE_SHOWN: usize = 12;
/// Stopwatch cards on one screen.
const CARDS_SHOWN: usize = 3;

impl Phone {
    /// The phone at a moment.
    pub fn now(&self, at: Moment) -> Now {
        let round = self.folded.live().round();
        let rules = round.rules();
        let counter = self.table.as_ref().and_then(|Table { station, lane, .. }| {
            let station = rules.station(station)?;
            round.counters().get(&round::Desk { station, lane: *lane })
        });
        let queue = counter.iter().flat_map(|counter| counter.queue());
        let undo = self.folded.undoable_for(self.bundle.device, at);
        Now {
            clock: rules.clock(at),
            phase: round.phase().name(),
            unsent: self.unsent(),
            written: self.head().seq,
            undo_s: undo.map(|ticks| ticks / TICKS_PER_SECOND).filter(|&seconds| seconds > 0),
            served_here: counter.map_or(0, |counter| counter.served),
            queue: queue.take(QUEUE_SHOWN).map(|waiting| self.person(waiting.visit)).collect(),
            queue_people: counter.map_or(0, |counter| counter.waiting()),
            counted: counter
                .and_then(|counter| counter.counted)
                .map(|counted| (counted.people, (at - counted.at).max(0) / (60 * TICKS_PER_SECOND))),
            tally: [round.tally().came, round.tally().left],
            green: round.visits().values().filter(|of| of.green).count() as u32,
            tube: self.tube_in_hand(),
            lot: self.given().find_map(|(.., lot)| lot.clone()),
            next_card: round.cards().next(),
            card_back: round.cards().back(rules, at),
            cards: self.table.as_ref().map_or_else(Vec::new, |of| {
                let mut awaited = round.cards().awaited(rules, &of.station, at);
                awaited.truncate(CARDS_SHOWN);
                awaited
            }),
            card_waited: round
                .cards()
                .waited(rules)
                .map(|(shown, ticks)| (ticks / (60 * TICKS_PER_SECOND), rules.clock(shown))),
            watched: self.watched(at),
            watched_people: round.counts().observed,
        }
    }

    fn watched(&self, at: Moment) -> Vec<WatchedNow> {
        let round = self.folded.live().round();
        let mut all: Vec<(Moment, Uuid)> = round
            .visits()
            .iter()
            .filter_map(|(&visit, of)| match of.stands {
                Stands::Observed { until, .. } => Some((until, visit)),
                _ => None,
            })
            .collect();
        all.sort_unstable();
        let shown = all.into_iter().take(TOGETHER_MAX).map(|(until, visit)| WatchedNow {
            person: self.person(visit),
            until: round.rules().clock(until),
            left_s: ((until - at).max(0) as u64).div_ceil(TICKS_PER_SECOND as u64) as i64,
        });
        shown.collect()
    }

    /// What this phone gave, the last first, taken back or not.
    fn given(&self) -> impl Iterator<Item = (&str, Uuid, &Option<String>)> {
        let own = self.folded.told().iter().rev().filter(|told| told.device == self.bundle.device);
        own.filter_map(|told| match &told.event {
            Event::ItemGiven { kind, item, lot, .. } => Some((kind.as_str(), *item, lot)),
            _ => None,
        })
    }

    fn tube_in_hand(&self) -> Option<TubeNow> {
        let tubes = self.folded.live().round().tubes();
        // A tube into which the only person was taken back is as if it had never been touched.
        let touched = |item: &Uuid| tubes.get(item).is_some_and(|of| !of.people.is_empty());
        let mut filled = self.given().filter(|(kind, ..)| *kind == "tube").map(|(_, item, _)| item);
        let tube = self.tube(filled.find(touched)?);
        tube.open.then_some(tube)
    }

    /// How people at a table call the person with this number of the day: door and name, where the roll knows them.
    pub fn called(&self, number: u32) -> Option<String> {
        let visits = self.folded.live().round().visits();
        let (&visit, _) = visits.iter().find(|(_, of)| of.number == number)?;
        let (door, person) = self.person_of(visit)?;
        Some(format!("{} {}", door.label(), person.name))
    }

    /// A person, on the roll or not.
    pub fn person(&self, visit: Uuid) -> PersonNow {
        let round = self.folded.live().round();
        let rules = round.rules();
        let of = round.visit(visit);
        let known = self.person_of(visit);
        let told = of.map_or("", |of| of.class.as_str());
        let class =
            if told.is_empty() { known.map_or("", |(_, person)| person.class.as_str()) } else { told };
        let home =
            of.and_then(|of| self.door_of(of.household?)).map(|place| self.bundle.doors[place].label());
        PersonNow {
            visit,
            name: known.map_or_else(String::new, |(_, person)| person.name.clone()),
            door: known.map(|(door, _)| door.label()).or(home).unwrap_or_default(),
            green: rules.is_green(class),
            class: class.to_owned(),
            number: of.map(|of| of.number).filter(|_| known.is_none()),
            arrived: of.and_then(|of| of.arrived).map(|at| rules.clock(at)),
            item: of.and_then(|of| of.item).map(label),
            guest: of.and_then(|of| of.guest),
        }
    }

    /// A household on the phone's roll.
    pub fn door(&self, place: usize) -> Option<DoorNow> {
        let door: &Door = self.bundle.doors.get(place)?;
        let round = self.folded.live().round();
        let known = round.households().get(&door.household);
        // Who came with it and is not on the roll belongs to it, too.
        let guests = known.iter().flat_map(|of| &of.people).copied();
        let guests = guests.filter(|&visit| self.person_of(visit).is_none());
        Some(DoorNow {
            household: door.household,
            label: door.label(),
            floor: door.floor(),
            lane: door.lane,
            called: known.and_then(|of| of.called).map(|(at, _)| round.rules().clock(at)),
            told: known.and_then(|of| of.told.last()).map(|&at| round.rules().clock(at)),
            answer: known.and_then(|of| of.answer()).map(|(_, answer)| answer),
            said: known.and_then(|of| of.answer()).map(|(at, _)| round.rules().clock(at)),
            knocks: known.map_or(0, |of| of.knocks().len()),
            languages: door.languages(),
            booked: round.bookings(door.household).map(|of| of.reference.clone()).collect(),
            people: door
                .people
                .iter()
                .map(|person| person.visit)
                .chain(guests)
                .map(|visit| self.person(visit))
                .collect(),
        })
    }

    /// The doors of a wave, by its place among the bundle's waves.
    pub fn call(&self, wave: usize) -> Option<Call> {
        let wave = self.bundle.waves.get(wave)?;
        let rules = self.folded.live().round().rules();
        let planned = self.bundle.calls.waves.iter().find(|of| of.number == wave.number);
        let places: Vec<usize> = wave.households.iter().filter_map(|&of| self.door_of(of)).collect();
        let stops: Vec<_> = places.iter().map(|&place| self.bundle.doors[place].stop(0)).collect();
        let places = self.ways.order(&stops).into_iter().map(|stop| places[stop]);
        Some(Call {
            wave: wave.number,
            call_at: planned.map_or_else(String::new, |of| rules.clock(rules.opens + of.call_at)),
            doors: places.filter_map(|place| self.door(place)).collect(),
        })
    }

    /// A tube, of which nothing may be known yet.
    pub fn tube(&self, item: Uuid) -> TubeNow {
        let round = self.folded.live().round();
        let tube = round.tubes().get(&item);
        TubeNow {
            item,
            label: TubeCode::of_item(item).map_or_else(|| label(item), TubeCode::short),
            people: tube.iter().flat_map(|of| &of.people).map(|&visit| self.person(visit)).collect(),
            pool: round.rules().pool,
            open: tube.is_none_or(round::Tube::is_open),
        }
    }
}
