//! A city: districts with many sites, the couriers between them, and the labs that test what they bring.
//!
//! Map: [`rounds`] the ways of couriers, once they are planned.

pub mod rounds;

use crate::{
    roll::Roll,
    scenario::{
        Arrivals, Attendance, Callers, Community, Flow, Round, Scenario, Site, Statistics, WalkIns, WaveRules,
    },
};
use chance::{Law, Ticks};

/// One round of a whole city.
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// Its name, as people call it.
    pub name: String,
    /// IANA time-zone name.
    pub timezone: String,
    /// When, and what for. Tick 0 is its opening, also where a site opens at another time.
    pub round: Round,
    /// How people come to a site.
    pub arrivals: Stream,
    /// How long a person waits at a station before giving up; absent: nobody gives up.
    pub patience: Option<Law>,
    /// Its districts, in the order of the file.
    pub districts: Vec<District>,
    /// What sites look like. Sites that are alike share one.
    pub shapes: Vec<Shape>,
    /// All sites, in the order of the table.
    pub sites: Vec<CitySite>,
    /// What becomes of the tubes; absent where nothing is tested.
    pub testing: Option<Testing>,
    /// The rounds of the couriers, once they are planned.
    pub rounds: Option<rounds::Rounds>,
}

/// People who come to a site by chance, the more of them the more residents it serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// Share of a site's residents who come in each hour after the site's opening; afterwards nobody comes.
    pub share_per_hour: Vec<f64>,
    /// How much sooner than that everybody comes, in ticks.
    pub sooner: Ticks,
    /// Share of them who are green.
    pub green_share: f64,
}

/// A part of the city.
#[derive(Clone, Debug, PartialEq)]
pub struct District {
    /// Its name.
    pub name: String,
    /// The people who live there.
    pub residents: u64,
    /// Its middle.
    pub centre: Option<Position>,
    /// How far its sites stand from there, in kilometres.
    pub radius_km: f64,
    /// Where it ends, as areas of rings of positions, the first of an area around it and the others around what is not in it; empty
    /// where nobody says.
    pub outline: Vec<Vec<Vec<Position>>>,
    /// Couriers are late at its sites.
    pub late: Option<Late>,
}

impl District {
    /// How far the sites of a district stand from its middle where nothing is said, in kilometres.
    pub const RADIUS_KM: f64 = 5.0;

    /// A district of which no more is known.
    pub fn new(name: &str) -> District {
        let name = name.to_owned();
        let outline = Vec::new();
        District { name, residents: 0, centre: None, radius_km: District::RADIUS_KM, outline, late: None }
    }
}

/// Couriers who come late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// A courier who is due from then on is late, in ticks after the round's opening.
    pub from: Ticks,
    /// By so many ticks.
    pub by: Ticks,
}

/// A place on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

/// What sites that are alike have in common: lanes, stations, servers, times of service, hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Its name; shapes that differ only by what a table says of single sites have the same.
    pub name: String,
    /// Lanes and stations.
    pub site: Site,
    /// When it opens, in ticks after the round's opening.
    pub opens: Ticks,
    /// When the last service may start at the first station, in ticks after the round's opening.
    pub closes: Option<Ticks>,
}

/// One site of a city.
#[derive(Clone, Debug, PartialEq)]
pub struct CitySite {
    /// Its name.
    pub name: String,
    /// Its district, by its place in the list.
    pub district: u32,
    /// Its shape, by its place in the list.
    pub shape: u32,
    /// The people whom it serves.
    pub residents: u32,
    /// Where it is.
    pub position: Option<Position>,
}

/// What becomes of the tubes.
#[derive(Clone, Debug, PartialEq)]
pub struct Testing {
    /// A tube that has been open for so long is closed with the next person, full or not; absent: only the last of a lane
    /// is closed before it is full.
    pub open_max: Option<Ticks>,
    /// Share of the people who carry what is looked for.
    pub prevalence: f64,
    /// Hours from the first swab within which a tube must be tested, in ticks.
    pub within: Ticks,
    /// The moment by which a result is in time, in ticks after the round's opening.
    pub due: Ticks,
    /// What is not tested by then stays untested, in ticks after the round's opening.
    pub ends: Ticks,
    /// From the result of a positive tube to the single tubes of its people in the lab, in seconds.
    pub recall: Law,
    /// Who brings tubes to the labs.
    pub couriers: Couriers,
    /// Tubes that a machine tests at one time.
    pub batch: u32,
    /// Seconds from the start of a batch to its results.
    pub run: Law,
    /// A machine starts a batch that is not full when its first tube has waited so long.
    pub fill: Ticks,
    /// The labs, in the order of the table.
    pub labs: Vec<Lab>,
}

/// Who brings tubes to the labs.
#[derive(Clone, Debug, PartialEq)]
pub struct Couriers {
    /// Ticks between two visits of a courier at one site.
    pub every: Ticks,
    /// Seconds from the site to the lab, whatever the distance.
    pub travel: Law,
    /// Kilometres an hour, by which the straight way to the lab is added where both positions are known.
    pub km_per_hour: Option<f64>,
    /// What a round of a vehicle may be, where rounds are planned.
    pub vehicle: Vehicle,
}

/// What a courier's vehicle can do on a round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vehicle {
    /// Boxes of tubes that it takes.
    pub boxes: u32,
    /// Tubes that a box takes.
    pub tubes_per_box: u32,
    /// From leaving a lab to being back at one, in ticks.
    pub route_max: Ticks,
    /// At each stop, in ticks.
    pub stop: Ticks,
}

impl Default for Vehicle {
    /// A small van: ten crates of ten transport bags, as nobody said otherwise; bags of 20 tubes are what guides to sampling
    /// name (Huainan, guide to mass testing, 2022). Two and a half hours leave half of the four in which a specimen is to be at its
    /// lab.
    fn default() -> Vehicle {
        const MINUTE: Ticks = 60 * chance::TICKS_PER_SECOND;
        Vehicle { boxes: 100, tubes_per_box: 20, route_max: 150 * MINUTE, stop: 3 * MINUTE }
    }
}

/// Where tubes are tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    /// Its name.
    pub name: String,
    /// Tubes that it can test in an hour, all machines together.
    pub tubes_per_hour: f64,
    /// Ticks after midnight of a day between which it starts batches; absent: day and night.
    pub hours: Option<(Ticks, Ticks)>,
    /// It starts no batch from the first of these moments until the second, in ticks after the round's opening.
    pub stops: Option<(Ticks, Ticks)>,
    /// Where it is.
    pub position: Option<Position>,
    /// It starts no batch before, in ticks after the round's opening.
    pub ready: Ticks,
    /// Where it could stand, the first of them where it stands; one that never moves has one place.
    pub places: Vec<LabPlace>,
    /// It is in another city.
    pub away: Option<Away>,
}

/// Where a lab could stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabPlace {
    /// Where that is.
    pub position: Option<Position>,
    /// When it would be ready there, in ticks after the round's opening.
    pub ready: Ticks,
}

/// A lab in another city: tubes reach it by truck, from one of the city's own labs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// The drive, in ticks.
    pub travel: Ticks,
    /// How long before it must be told of what is coming, in ticks.
    pub notice: Ticks,
}

impl City {
    /// All people who live in it.
    pub fn residents(&self) -> u64 {
        self.sites.iter().map(|site| u64::from(site.residents)).sum()
    }

    /// A site of this shape as a scenario of its own, to which somebody comes each hour. Its moments count from the site's
    /// own opening.
    pub fn alone(&self, shape: &Shape) -> Scenario {
        /// A wave where nothing is said; nobody is called here.
        const WAVE: u32 = 40;
        let walk_ins = WalkIns {
            per_hour: Flow::Constant(1.0),
            people: None,
            until: None,
            green_share: self.arrivals.green_share,
        };
        let nothing = Law::constant(0.0);
        Scenario {
            community: Community { name: self.name.clone(), timezone: self.timezone.clone() },
            round: Round { closes: shape.closes.map(|closes| closes - shape.opens), ..self.round.clone() },
            site: shape.site.clone(),
            layout: None,
            visitors: Vec::new(),
            arrivals: Arrivals::Poisson(walk_ins),
            waves: WaveRules {
                reaction: nothing.clone(),
                late: None,
                callers: Callers { number: 1, call: nothing },
                size: WAVE,
                load: None,
                wait_p95_min: f64::INFINITY,
            },
            attendance: Attendance { households: 1.0, persons: 1.0 },
            patience: self.patience.clone(),
            statistics: Statistics::default(),
            custody: crate::scenario::Custody::default(),
            walking: Default::default(),
            supplies: Default::default(),
            roll: Roll::default(),
            lessons: Vec::new(),
            directives: Vec::new(),
            own_rules: Default::default(),
        }
    }
}

impl Testing {
    /// The place of the lab that can test the most in an hour; the first of several.
    pub fn largest_lab(&self) -> u32 {
        let more = |best: (u32, f64), (place, lab): (u32, &Lab)| {
            if lab.tubes_per_hour > best.1 { (place, lab.tubes_per_hour) } else { best }
        };
        (0..).zip(&self.labs).fold((0, 0.0), more).0
    }
}

impl Stream {
    /// Share of the residents who come at all.
    pub fn share(&self) -> f64 {
        self.share_per_hour.iter().sum()
    }
}

impl Position {
    /// Kilometres to another place, in a straight line over a round globe; near enough within a city.
    pub fn km_to(self, other: Position) -> f64 {
        /// Kilometres in a degree of latitude.
        const KM_PER_DEGREE: f64 = 111.2;
        let north = (self.latitude - other.latitude) * KM_PER_DEGREE;
        let east = (self.longitude - other.longitude) * KM_PER_DEGREE * narrowing(self.latitude);
        (north * north + east * east).sqrt()
    }
}

/// The cosine of a latitude by its series: the same bits on any processor, and right to a metre in a kilometre.
pub fn narrowing(latitude: f64) -> f64 {
    let x = latitude.to_radians();
    let square = x * x;
    1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0 * (1.0 - square / 56.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_to_the_east_is_shorter_in_the_north() {
        let at = |latitude, longitude| Position { latitude, longitude };
        assert!((at(31.0, 121.0).km_to(at(32.0, 121.0)) - 111.2).abs() < 1e-9);
        let east = at(60.0, 10.0).km_to(at(60.0, 11.0));
        assert!((east - 55.6).abs() < 0.1, "{east}");
    }
}
