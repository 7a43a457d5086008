//! The place: lanes, stations, servers, and the classes of people who pass them.

use chance::{Law, Ticks};

/// A place with identical lanes.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Identical lanes, each with the stations below.
    pub lanes: u16,
    /// How a person comes to a lane.
    pub lane_choice: LaneChoice,
    /// Whether the green class has priority at every station.
    pub green_channel: bool,
    /// People who can wait without crowding.
    pub room: Option<u32>,
    /// The stations, in the order in which people pass them.
    pub stations: Vec<Station>,
}

impl Site {
    /// The stations at which the round gives what it gives: as said, or else the last with counted servers, since chairs and waiting
    /// rooms come after the counter that gives.
    pub fn giving(&self) -> Vec<usize> {
        let places = 0..self.stations.len();
        let said: Vec<usize> = places.filter(|&place| self.stations[place].gives_here).collect();
        if !said.is_empty() {
            return said;
        }
        let counted = |station: &Station| matches!(station.servers, Servers::Calendar(_));
        self.stations.iter().rposition(counted).into_iter().collect()
    }
}

/// How a person comes to a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneChoice {
    /// By entrance, balanced by people; without a roll, arrival i to lane i mod lanes.
    Assigned,
    /// To the lane with the fewest people in it on arrival; the first of equals.
    Shortest,
}

/// A counter with servers and one queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// Its name, unique at the site.
    pub name: String,
    /// One for all lanes, instead of one in each.
    pub shared: bool,
    /// Servers, in each lane unless shared.
    pub servers: Servers,
    /// Seconds a service takes.
    pub service: Law,
    /// What a server does after every so many people.
    pub changeover: Option<Changeover>,
    /// Where people go next; empty: to the next station of the list.
    pub next: Vec<Branch>,
    /// Who is served at one time.
    pub unit: Unit,
    /// Seconds added for each further person of the unit.
    pub plus_each_s: f64,
    /// People who fit before this station; absent: any number. A full room stops the station before.
    pub room: Option<u32>,
    /// Seconds from here to the next station.
    pub walk: Option<Law>,
    /// Order of service within a priority.
    pub order: Order,
    /// Minutes a person is watched after the service before going on; takes no server.
    pub observe_min: f64,
    /// What the round gives is given here. Where no station says so, it is the last one with counted servers.
    pub gives_here: bool,
    /// People who wait here already when the site opens, in each lane unless shared.
    pub waiting_at_start: u32,
}

impl Station {
    /// The class of those who wait here when the site opens.
    pub fn start_class(&self) -> String {
        format!("waiting-at-{}", self.name)
    }
}

/// How many servers there are.
#[derive(Clone, Debug, PartialEq)]
pub enum Servers {
    /// Nobody ever waits: chairs.
    Unlimited,
    /// A number by time.
    Calendar(Calendar),
}

/// Numbers of servers by time: before the first entry there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar(pub Vec<(Ticks, u32)>);

/// A server's pause after every so many people: the last of them leaves, then the server is away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Changeover {
    /// People between two pauses.
    pub every: u32,
    /// Seconds away.
    pub away_s: f64,
}

/// One way on from a station.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Where to.
    pub to: Target,
    /// Share of the people (of the class) who go this way.
    pub share: f64,
    /// Only for this visitor class.
    pub class: Option<String>,
}

/// The end of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A station, by its place in the list.
    Station(usize),
    /// Home.
    Exit,
}

/// Who is served at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// One person.
    Person,
    /// All of a household who came.
    Household,
    /// All in a vehicle.
    Vehicle,
}

/// Order of service within a priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// First come, first served.
    Fifo,
    /// Anyone of those waiting: a crowd without order keepers.
    Scrum,
}

/// People with a share, speed or way of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Visitor {
    /// The class's name; a mark's name (`frail`) takes the residents with that mark.
    pub class: String,
    /// Share of those whom no mark puts into a class.
    pub share: f64,
    /// Their service times are multiplied by this.
    pub service_factor: f64,
    /// Stations that they pass by, as places in the list.
    pub skips: Vec<usize>,
    /// Whether they are served before others at every station.
    pub priority: bool,
    /// Sizes of the parties they come in, with weights; absent: alone or as a household.
    pub parties: Vec<Party>,
}

/// A party's size and how common it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Party {
    /// People in it, at least 1.
    pub size: u16,
    /// Its weight among the sizes.
    pub weight: f64,
}
