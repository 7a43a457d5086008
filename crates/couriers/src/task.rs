//! What is to be planned. Minutes count from the round's opening.

use domain::city::Position;

/// Tubes are counted by quarters of an hour.
pub const QUARTER_MIN: f64 = 15.0;

/// A city's day, as far as tubes go.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Where tubes are filled.
    pub sites: Vec<Site>,
    /// Where they are tested.
    pub labs: Vec<Lab>,
    /// Kilometres an hour along the straight way.
    pub km_per_hour: f64,
    /// Minutes between two visits at one site.
    pub every_min: f64,
    /// What brings them.
    pub vehicle: Vehicle,
    /// How long before its closing the first swab of a tube may have been taken.
    pub open_max_min: f64,
    /// From the first swab to the result at most.
    pub within_min: f64,
    /// When results are due.
    pub due_min: f64,
    /// From the start of a batch to its results, as long as has to be expected.
    pub run_min: f64,
    /// How long a batch waits until it starts although it is not full.
    pub fill_min: f64,
}

/// A place where tubes are filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Where it is.
    pub position: Position,
    /// Tubes closed in each quarter of an hour after the round's opening.
    pub tubes: Vec<f64>,
    /// When it opens.
    pub opens_min: f64,
    /// When its last tube is closed.
    pub last_min: f64,
}

/// A place where tubes are tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    /// Where it could stand, the first where it stands; never empty.
    pub places: Vec<LabPlace>,
    /// Tubes an hour.
    pub tubes_per_hour: f64,
    /// From when to when it starts batches, in order, apart from each other.
    pub open_min: Vec<[f64; 2]>,
    /// It is in another city.
    pub away: Option<Away>,
}

impl Lab {
    /// Whether it starts batches after a moment.
    pub fn tests_after(&self, min: f64) -> bool {
        self.open_min.iter().any(|[_, closes]| *closes > min)
    }
}

/// Where a lab could stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabPlace {
    /// Where that is.
    pub position: Position,
    /// When it can start there.
    pub ready_min: f64,
}

/// A lab in another city.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Away {
    /// The drive from one of the city's own labs.
    pub travel_min: f64,
    /// How long before it must be told what is coming.
    pub notice_min: f64,
}

/// What brings tubes to labs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vehicle {
    /// Boxes that it takes.
    pub boxes: u32,
    /// Tubes in a box.
    pub tubes_per_box: u32,
    /// From leaving a lab to being back.
    pub route_max_min: f64,
    /// At each stop.
    pub stop_min: f64,
}

impl Site {
    /// All its tubes.
    pub fn all(&self) -> f64 {
        self.tubes.iter().sum()
    }
}

impl Task {
    /// Boxes that a visit at a site has to expect at most: what is closed between two visits in its busiest hour, and as much more as
    /// chance makes of it in all but one of a thousand visits. A vehicle that is full takes no more.
    pub(crate) fn boxes(&self, site: &Site) -> u32 {
        /// Standard deviations of a count that come with chance.
        const LUCK: f64 = 3.0;
        let quarters = (self.every_min / QUARTER_MIN).ceil().max(1.0) as usize;
        let most = site.tubes.windows(quarters.min(site.tubes.len().max(1)));
        let most = most.map(|window| window.iter().sum::<f64>()).fold(0.0, f64::max);
        let tubes = most + LUCK * most.sqrt();
        ((tubes / f64::from(self.vehicle.tubes_per_box)).ceil().max(1.0) as u32).min(self.vehicle.boxes)
    }
}
