//! The models of a city: one for each shape, and which sites run on it, sorted by size so that those side by side are
//! alike.

use super::{coming::Coming, figures::Engines};
use crate::compile::compile_beside;
use chance::{Interner, Ticks};
use domain::{City, city::Shape, scenario::Site};
use queueing::{Engine, Model};

/// All shapes of a city.
#[derive(Debug)]
pub(super) struct Shapes {
    pub all: Vec<Group>,
    /// Tables of the laws that they draw from.
    pub interner: Interner,
}

/// Sites that are alike.
#[derive(Debug)]
pub(super) struct Group {
    pub model: Model,
    pub engine: Engine,
    pub coming: Coming,
    /// When they open.
    pub opens: Ticks,
    /// Ticks of service on the usual way through.
    pub served_in: f64,
    /// Its sites, by their places in the city, the smallest first.
    pub sites: Vec<u32>,
}

impl Shapes {
    pub(super) fn new(city: &City) -> Shapes {
        let mut interner = Interner::default();
        let mut all: Vec<Group> =
            city.shapes.iter().map(|shape| Group::new(city, shape, &mut interner)).collect();
        for (number, site) in (0u32..).zip(&city.sites) {
            all[site.shape as usize].sites.push(number);
        }
        for group in &mut all {
            group.sites.sort_by_key(|&site| city.sites[site as usize].residents);
        }
        Shapes { all, interner }
    }

    pub(super) fn on_event_engine(&mut self) {
        self.all.iter_mut().for_each(|group| group.engine = Engine::Event);
    }

    /// How many sites run on which engine.
    pub(super) fn engines(&self) -> Engines {
        let on = |engine| {
            self.all.iter().filter(|group| group.engine == engine).map(|group| group.sites.len() as u64).sum()
        };
        Engines { fifo: on(Engine::Fifo), event: on(Engine::Event) }
    }
}

impl Group {
    /// A shape without its sites.
    pub(super) fn new(city: &City, shape: &Shape, interner: &mut Interner) -> Group {
        let compiled = compile_beside(&city.alone(shape), std::mem::take(interner));
        *interner = compiled.interner;
        Group {
            engine: compiled.model.engine(),
            coming: Coming::new(&city.arrivals, compiled.classes.green),
            model: compiled.model,
            opens: shape.opens,
            served_in: usual_service_s(&shape.site) * chance::TICKS_PER_SECOND as f64,
            sites: Vec::new(),
        }
    }
}

/// Seconds that somebody spends in service who follows the widest way at each fork.
fn usual_service_s(site: &Site) -> f64 {
    use domain::scenario::Target;
    let (mut at, mut spent) = (Some(0), 0.0);
    for _ in 0..site.stations.len() {
        let Some(station) = at.and_then(|at: usize| site.stations.get(at)) else { break };
        spent += station.service.mean_s() + 60.0 * station.observe_min;
        let widest = station.next.iter().max_by(|one, other| one.share.total_cmp(&other.share));
        at = match widest.map(|way| way.to) {
            Some(Target::Station(to)) => Some(to),
            Some(Target::Exit) => None,
            None => at.map(|at| at + 1),
        };
    }
    spent
}
