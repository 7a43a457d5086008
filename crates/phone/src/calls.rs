//! The doors that a caller walks to: the wave that is called now, shared out among its callers; those at which nobody opened; and those
//! who cannot come.

use crate::{Door, DoorNow, Phone};
use chance::TICKS_PER_SECOND;
use domain::{
    Moment,
    walk::{Rounds, Tour, Ways},
};
use round::Live;
use serde::Serialize;
use uuid::Uuid;

/// The doors to walk to at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CallsNow {
    /// The wave whose turn it is, and when its call is planned, `07:05`.
    pub wave: Option<(u32, String)>,
    /// The wave's doors, all of them and then by caller; doors to knock at again; visits at home by pair. What is empty is not there.
    pub lists: Vec<DoorList>,
}

/// Doors that one person walks to, or a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoorList {
    /// Which doors they are.
    pub kind: ListKind,
    /// Whose of them, from 1; 0: all of them.
    pub part: usize,
    /// Doors that are still to do.
    pub left: usize,
    /// Minutes that they take, from the beginning of the list, up to the next whole one.
    pub minutes: u32,
    /// When the last is done for whoever begins now, `11:40`.
    pub until: String,
    /// In the order of walking.
    pub doors: Vec<DoorNow>,
}

/// Which doors a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// Those of the wave.
    Wave,
    /// Those at which nobody opened.
    Again,
    /// Those of people who cannot come.
    Visit,
}

impl ListKind {
    /// All of them, in order.
    pub const ALL: [ListKind; 3] = [ListKind::Wave, ListKind::Again, ListKind::Visit];

    /// The word for it in data.
    pub fn name(self) -> &'static str {
        match self {
            ListKind::Wave => "wave",
            ListKind::Again => "again",
            ListKind::Visit => "visit",
        }
    }
}

/// Doors of a roll, with what is known of them and of the ways between them.
#[derive(Clone, Copy, Debug)]
pub struct Walks<'a> {
    /// What happened.
    pub live: &'a Live,
    /// The doors.
    pub doors: &'a [Door],
    /// The ways between them.
    pub ways: &'a Ways,
    /// Whether whoever comes of a household comes for all of it.
    pub one_for_all: bool,
}

impl Walks<'_> {
    /// Doors to knock at, shared out among so many callers; places among the doors.
    pub fn knocked(&self, places: &[usize], callers: usize) -> Rounds {
        self.walked(places, callers, |_| self.ways.walking().knock_s)
    }

    /// Homes to visit, shared out among so many pairs; places among the doors.
    pub fn visited(&self, places: &[usize], pairs: usize) -> Rounds {
        self.walked(places, pairs, |place| self.missing(place) * self.ways.walking().visit_s)
    }

    /// Doors at which nobody opened and that are to be knocked at again by now.
    pub fn again(&self, at: Moment) -> Vec<usize> {
        let all = 0..self.doors.len();
        all.filter(|&place| self.live.to_knock(self.doors[place].household, at).is_some()).collect()
    }

    /// Homes of people who cannot come, or are frail or ill and have not come while there was time.
    pub fn visits(&self, at: Moment) -> Vec<usize> {
        let to_visit = |place: &usize| {
            let door = &self.doors[*place];
            let frail = door.people.iter().any(|person| person.frail);
            self.live.to_visit(door.household, self.missing(*place), frail, at)
        };
        (0..self.doors.len()).filter(to_visit).collect()
    }

    /// People of a door who were not served yet.
    pub fn missing(&self, place: usize) -> u32 {
        let door = &self.doors[place];
        let people: Vec<Uuid> = door.people.iter().map(|person| person.visit).collect();
        self.live.reached(door.household, &people, self.one_for_all).missing
    }

    fn walked(&self, places: &[usize], walkers: usize, stay_s: impl Fn(usize) -> u32) -> Rounds {
        let stops: Vec<_> = places.iter().map(|&place| self.doors[place].stop(stay_s(place))).collect();
        let mut rounds = self.ways.rounds(&stops, walkers);
        for tour in &mut rounds.rounds {
            tour.stops.iter_mut().for_each(|stop| *stop = places[*stop]);
        }
        rounds
    }
}

impl Phone {
    /// The doors to walk to at a moment.
    pub fn calls(&self, at: Moment) -> CallsNow {
        let live = self.folded.live();
        let rules = live.round().rules();
        let walks =
            Walks { live, doors: &self.bundle.doors, ways: &self.ways, one_for_all: self.bundle.one_for_all };
        let wave = self.wave_now(at).and_then(|place| self.bundle.waves.get(place));
        let mut now = CallsNow::default();
        let mut list = |kind, rounds: Vec<Tour>| {
            let several = rounds.len() > 1;
            now.lists.extend((1..).zip(rounds).map(|(part, tour)| {
                let doors: Vec<DoorNow> = tour.stops.iter().filter_map(|&place| self.door(place)).collect();
                let to_do = |door: &&DoorNow| kind != ListKind::Wave || door.called.is_none();
                DoorList {
                    kind,
                    part: if several { part } else { 0 },
                    left: doors.iter().filter(to_do).count(),
                    minutes: tour.ends_s.div_ceil(60),
                    until: rules.clock(at + i64::from(tour.ends_s) * TICKS_PER_SECOND),
                    doors,
                }
            }));
        };
        if let Some(wave) = wave {
            let places: Vec<usize> = wave.households.iter().filter_map(|&of| self.door_of(of)).collect();
            list(ListKind::Wave, walks.knocked(&places, 1).rounds);
            let callers = walks.knocked(&places, self.bundle.callers as usize).rounds;
            if callers.len() > 1 {
                list(ListKind::Wave, callers);
            }
            let planned = self.bundle.calls.waves.iter().find(|of| of.number == wave.number);
            let call_at = planned.map_or_else(String::new, |of| rules.clock(rules.opens + of.call_at));
            now.wave = Some((wave.number, call_at));
        }
        list(ListKind::Again, walks.knocked(&walks.again(at), 1).rounds);
        let pairs = usize::from(self.ways.walking().pairs);
        list(ListKind::Visit, walks.visited(&walks.visits(at), pairs).rounds);
        now
    }
}
