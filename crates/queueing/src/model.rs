//! The site as the engines see it.

use chance::{Sampler, Ticks};
use std::sync::Arc;

/// A site: lanes of stations, the classes that pass them, and the rules of the day.
#[derive(Clone, Debug)]
pub struct Model {
    /// Identical lanes, at least 1.
    pub lanes: u16,
    /// How a person comes to a lane.
    pub lane_choice: LaneChoice,
    /// The stations; people enter at the first that their class does not skip.
    pub stations: Vec<Station>,
    /// The visitor classes, at least one; a [`crate::Visit`] names one by its place here.
    pub classes: Vec<Class>,
    /// No first service starts after this tick; who has not started then is unserved.
    pub closes: Option<Ticks>,
    /// How long a person waits at each station anew before giving up.
    pub patience: Option<Arc<Sampler>>,
    /// People who can wait at the site without crowding.
    pub room: Option<u32>,
    /// The first so many arrivals of each replication are left out of every wait.
    pub warmup: u32,
}

/// How a person comes to a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneChoice {
    /// The visit says which.
    Assigned,
    /// The lane with the fewest people in it on arrival; the first of equals.
    Shortest,
}

/// A queue and its servers, in each lane or one for all.
#[derive(Clone, Debug)]
pub struct Station {
    /// One for all lanes.
    pub shared: bool,
    /// How many servers, when.
    pub servers: Servers,
    /// Ticks a service takes.
    pub service: Arc<Sampler>,
    /// A server's pause after every so many people.
    pub changeover: Option<Changeover>,
    /// Ways on, one list for each class.
    pub routes: Vec<Vec<Route>>,
    /// Serves a whole party at once; the party parts at the first station that does not.
    pub party: bool,
    /// Ticks added for each further person of a party.
    pub plus_each: Ticks,
    /// People who fit before this station; a full room stops the station before.
    pub room: Option<u32>,
    /// Ticks from the end of a service to the next queue.
    pub walk: Walk,
    /// Ticks that a person stays after the service before walking on; takes no server.
    pub observe: Ticks,
    /// Anyone of those waiting is next, instead of the first.
    pub scrum: bool,
}

/// How many servers there are.
#[derive(Clone, Debug)]
pub enum Servers {
    /// Nobody ever waits.
    Unlimited,
    /// From each tick on, so many; before the first there are none. Ticks increase.
    Calendar(Vec<(Ticks, u32)>),
}

/// A server's pause: the last of every `every` people departs, then the server is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changeover {
    /// People between two pauses, at least 1.
    pub every: u32,
    /// Ticks away.
    pub away: Ticks,
}

/// One way on from a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// A 32-bit word below this takes the way; the last way of a list takes every word.
    pub below: u64,
    /// The next station, or out.
    pub to: Option<usize>,
}

/// The way from one station to the next.
#[derive(Clone, Debug)]
pub enum Walk {
    /// The same for everyone.
    Constant(Ticks),
    /// By chance.
    Random(Arc<Sampler>),
}

/// People with a priority, a speed or a way of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// Lower is served first, everywhere, without interrupting anyone.
    pub priority: u8,
    /// Service times are multiplied by this, in 65,536ths.
    pub factor: u32,
    /// Stations passed by: bit k for station k.
    pub skips: u64,
    /// People enter at this station, or at the first after it that they do not pass by; 0 unless they stand inside already.
    pub enters: u8,
    /// People of watched classes are also measured together.
    pub watched: bool,
}

impl Class {
    /// Everyone: no priority, common speed, all stations.
    pub const COMMON: Class = Class { priority: 1, factor: 1 << 16, skips: 0, enters: 0, watched: false };
}

/// Which engine runs a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Sorted server-free times.
    Fifo,
    /// An agenda of events.
    Event,
}

impl Engine {
    /// Its word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Fifo => "fifo",
            Engine::Event => "event",
        }
    }
}

impl Model {
    /// A plain site of one lane: every option off, one class.
    pub fn plain(stations: Vec<Station>) -> Model {
        Model {
            lanes: 1,
            lane_choice: LaneChoice::Assigned,
            stations,
            classes: vec![Class::COMMON],
            closes: None,
            patience: None,
            room: None,
            warmup: 0,
        }
    }

    /// The faster engine that is exact for this model.
    pub fn engine(&self) -> Engine {
        let one_priority = self.classes.windows(2).all(|pair| pair[0].priority == pair[1].priority);
        let one_lane = self.lanes == 1 || self.lane_choice == LaneChoice::Assigned;
        let simple = self.stations.iter().enumerate().all(|(number, station)| {
            let forward = station.routes.iter().flatten().all(|route| route.to.is_none_or(|to| to > number));
            station.room.is_none() && !station.scrum && matches!(station.walk, Walk::Constant(_)) && forward
        });
        // Services of no length chain several events in one tick; only an agenda puts such chains in order when they
        // run through several stations.
        let chains = self.instant_services_chain();
        if one_priority && one_lane && simple && !chains { Engine::Fifo } else { Engine::Event }
    }

    /// Whether services of no length often chain several events in one tick.
    pub(crate) fn instant_services_chain(&self) -> bool {
        self.stations.len() > 1 && self.stations.iter().any(Station::often_takes_no_time)
    }

    /// In which of a station's queues each class stands, who is served before others first; 0 for all where nobody is.
    pub(crate) fn queues(&self) -> impl Iterator<Item = u8> + '_ {
        let mut priorities: Vec<u8> = self.classes.iter().map(|class| class.priority).collect();
        priorities.sort_unstable();
        priorities.dedup();
        self.classes
            .iter()
            .map(move |class| priorities.partition_point(|&before| before < class.priority) as u8)
    }

    /// Whether no station acts back on another: nobody returns, no full room stops the station before, and nobody
    /// looks at the lanes before choosing one. Then stations can be lived one after the other, whoever is next there.
    pub fn stations_apart(&self) -> bool {
        let one_lane = self.lanes == 1 || self.lane_choice == LaneChoice::Assigned;
        let apart = self.stations.iter().enumerate().all(|(number, station)| {
            let forward = station.routes.iter().flatten().all(|route| route.to.is_none_or(|to| to > number));
            station.room.is_none() && forward
        });
        one_lane && apart
    }

    /// The first station of a class, or `None` if it skips all of them.
    pub fn entry(&self, class: u8) -> Option<usize> {
        let Class { skips, enters, .. } = self.classes[class as usize];
        (enters as usize..self.stations.len()).find(|&station| skips >> station & 1 == 0)
    }

    /// Where a person of `class` goes after `station`; `word` gives the chance for each station asked, so that ways
    /// over skipped stations draw at each of them.
    #[inline]
    pub(crate) fn next(
        &self,
        station: usize,
        class: u8,
        mut word: impl FnMut(usize) -> u32,
    ) -> Option<usize> {
        let skips = self.classes[class as usize].skips;
        let mut at = station;
        // A scenario in which a class passes over stations in a circle is refused; the bound keeps a model that was
        // made otherwise from circling for ever.
        for _ in 0..=self.stations.len() {
            let routes = &self.stations[at].routes[class as usize];
            let to = match routes.as_slice() {
                [only] => only.to,
                several => {
                    let drawn = u64::from(word(at));
                    several
                        .iter()
                        .find(|route| drawn < route.below)
                        .or(several.last())
                        .and_then(|route| route.to)
                }
            };
            match to {
                Some(next) if skips >> next & 1 == 1 => at = next,
                other => return other,
            }
        }
        None
    }

    /// Desks of a station: one for each lane, or one for all.
    pub(crate) fn desks(&self, station: usize) -> usize {
        if self.stations[station].shared { 1 } else { self.lanes as usize }
    }
}

impl Station {
    /// Whether more than one service in a thousand takes no time at all.
    fn often_takes_no_time(&self) -> bool {
        const ASKED: u32 = 1 << 12;
        if self.service.min_ticks() > 0 {
            return false;
        }
        let instant = (0..ASKED).filter(|word| self.service.draw(word << 20 | 1 << 19) == 0).count();
        instant > ASKED as usize / 1000
    }

    /// A plain station of `servers` that leads to the next of `stations`: every option off, one class.
    pub fn plain(servers: u32, service: Arc<Sampler>, next: Option<usize>) -> Station {
        Station {
            shared: false,
            servers: Servers::Calendar(vec![(0, servers)]),
            service,
            changeover: None,
            routes: vec![vec![Route { below: 1 << 32, to: next }]],
            party: false,
            plus_each: 0,
            room: None,
            walk: Walk::Constant(0),
            observe: 0,
            scrum: false,
        }
    }
}

impl Servers {
    /// Server-ticks on duty until `last`, without overtime.
    pub(crate) fn staffed_until(&self, last: Ticks) -> Ticks {
        let Servers::Calendar(calendar) = self else { return 0 };
        let mut staffed = 0;
        for (place, &(from, servers)) in calendar.iter().enumerate() {
            let until = calendar.get(place + 1).map_or(last, |next| next.0.min(last));
            staffed += (until - from).max(0) * Ticks::from(servers);
        }
        staffed
    }
}
