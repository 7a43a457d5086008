//! A city's day: many sites that are alike run side by side, couriers bring what they fill, labs test it.
//!
//! Map: `shapes` the models, and which sites run on which · `coming` who comes to a site · `quarters` a day by quarters of an
//! hour · `tubes` from swabs to tubes · `couriers` from sites to labs, `rounds` the same by planned rounds · `labs` batches, results, recalls · `lab_tally` what is
//! counted of them · `day` one replication · `outcome` what is kept of all · `figures` what is told of it · `paired` two compared ·
//! `help` which sites to help first, by trying.

mod coming;
mod couriers;
mod day;
mod figures;
mod help;
mod lab_tally;
mod labs;
mod outcome;
mod paired;
mod promise;
mod quarters;
mod rounds;
mod shapes;
mod tubes;

pub use figures::{
    CityFigures, DistrictFigures, Engines, HourFigures, LabFigures, RecallFigures, ResultHours, RoundFigures,
    SiteFigures, SitesFigures, TubeFigures,
};
pub use help::{Help, More};
pub use outcome::{CityOutcome, Level};
pub use paired::CityPaired;
pub use promise::{DAYS_NEEDED, Promise, SiteTubes};
pub use quarters::{QUARTER, Quarters};

use crate::Luck;
use chance::Chance;
use domain::City;
use queueing::Progress;
use shapes::Shapes;

/// A city, made ready to run.
#[derive(Debug)]
pub struct CityRehearsal<'a> {
    city: &'a City,
    shapes: Shapes,
    /// Each site's lab, where couriers have no planned rounds.
    labs: Vec<u32>,
}

impl<'a> CityRehearsal<'a> {
    /// Makes a city ready.
    pub fn new(city: &'a City) -> CityRehearsal<'a> {
        CityRehearsal { city, shapes: Shapes::new(city), labs: couriers::nearest_labs(city) }
    }

    /// The same with every shape on the event engine, which runs everything; to measure and to compare.
    #[must_use]
    pub fn on_event_engine(mut self) -> CityRehearsal<'a> {
        self.shapes.on_event_engine();
        self
    }

    /// Whether every shape runs on the FIFO engine.
    pub fn is_fifo(&self) -> bool {
        self.shapes.engines().event == 0
    }

    /// Runs so many days; `progress` counts sites.
    pub fn run(&self, luck: Luck, replications: u32, threads: usize, progress: &Progress) -> CityOutcome {
        let mut outcome = CityOutcome::new(self.city, &self.shapes);
        for number in 0..replications {
            outcome.add(self.city, day::live(self, luck, number, threads, progress));
        }
        outcome
    }

    /// Which sites to help first and with what, found by running the worst sites of each shape again with the same luck.
    pub fn help(&self, luck: Luck, outcome: &CityOutcome, threads: usize) -> Vec<Help> {
        help::first(self, luck, outcome, threads)
    }
}

/// Sites and labs of a city have streams of their own; uses of a seed that differ by one never meet.
fn stream(luck: Luck, site: u32, replication: u32) -> Chance {
    Chance::new(luck.seed, (luck.purpose as u32).wrapping_add(2 * site), replication)
}

/// The stream of a route or a truck: beyond those of sites and labs.
fn stream_of_route(luck: Luck, route: u32, replication: u32) -> Chance {
    const ROUTES: u32 = (1 << 29) + (1 << 28);
    stream(luck, ROUTES + route, replication)
}

/// The stream of a lab: sites are fewer than this.
fn stream_of_lab(luck: Luck, lab: u32, replication: u32) -> Chance {
    const LABS: u32 = 1 << 29;
    stream(luck, LABS + lab, replication)
}
