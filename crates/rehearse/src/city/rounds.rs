//! From sites to labs on planned rounds. A round leaves at its time or when a vehicle is back; it is at no stop before its time,
//! because nobody there has sealed a box yet; traffic makes all its ways longer or shorter by one draw of the law of travel.

use super::{couriers::Load, day::SiteDay, stream_of_route, tubes::ticks};
use crate::{Luck, TICKS_PER_MINUTE};
use chance::{Cause, Sampler, TICKS_PER_SECOND, Ticks};
use domain::{
    City,
    city::{
        Testing,
        rounds::{Rounds, Route, Truck},
    },
};

/// A round that is back so much later than planned is late.
const LATE: Ticks = 15 * TICKS_PER_MINUTE;
/// Trucks have streams of their own beyond those of routes.
const TRUCKS: u32 = 1 << 20;

/// How rounds went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RoundTally {
    pub driven: u64,
    pub late: u64,
    pub late_max: Ticks,
    pub full: u64,
    pub left_behind: u64,
}

impl RoundTally {
    pub(super) fn add(&mut self, other: &RoundTally) {
        self.driven += other.driven;
        self.late += other.late;
        self.late_max = self.late_max.max(other.late_max);
        self.full += other.full;
        self.left_behind += other.left_behind;
    }
}

/// A day of rounds.
pub(super) struct Driving<'a> {
    city: &'a City,
    testing: &'a Testing,
    rounds: &'a Rounds,
    luck: (Luck, u32),
    travel: Sampler,
    /// Ticks of the law of travel that are a way as planned.
    as_planned: f64,
    /// Tubes of each site that have been fetched.
    fetched: Vec<u32>,
    tally: RoundTally,
}

impl<'a> Driving<'a> {
    pub(super) fn new(
        city: &'a City,
        testing: &'a Testing,
        rounds: &'a Rounds,
        luck: (Luck, u32),
    ) -> Driving<'a> {
        let law = &testing.couriers.travel;
        Driving {
            city,
            testing,
            rounds,
            luck,
            travel: Sampler::compile(law),
            as_planned: law.mean_s() * TICKS_PER_SECOND as f64,
            fetched: vec![0; city.sites.len()],
            tally: RoundTally::default(),
        }
    }

    /// Drives all rounds. What nobody fetches comes to its lab when it is too late.
    pub(super) fn drive(mut self, sites: &[SiteDay], loads: &mut [Vec<Load>]) -> RoundTally {
        let trucks: Vec<(Truck, Ticks)> = (0u32..)
            .zip(&self.rounds.trucks)
            .map(|(number, truck)| {
                let factor = self.factor(TRUCKS + number, 0);
                (*truck, minutes(truck.departs_min + (truck.arrives_min - truck.departs_min) * factor))
            })
            .collect();
        let mut free: Vec<Vec<Ticks>> =
            self.rounds.routes.iter().map(|route| vec![Ticks::MIN; route.vehicles.max(1) as usize]).collect();
        for (leaves, number, round) in self.in_order() {
            let route = &self.rounds.routes[number as usize];
            let its = &mut free[number as usize];
            let vehicle = round as usize % its.len();
            let mut taken = Vec::new();
            let back = self.round(route, (number, round), (leaves, its[vehicle]), sites, &mut taken);
            its[vehicle] = back + self.testing.couriers.vehicle.stop;
            let behind = back - leaves - minutes(route.back_min);
            self.tally.driven += 1;
            self.tally.late += u64::from(behind > LATE);
            self.tally.late_max = self.tally.late_max.max(behind);
            let at = self.at_lab(route, back, &trucks);
            loads[route.lab as usize].extend(taken.into_iter().map(|load| Load { at, ..load }));
        }
        let mut lab_of = vec![0; sites.len()];
        for route in &self.rounds.routes {
            route.stops.iter().for_each(|stop| lab_of[stop.site as usize] = route.lab);
        }
        for (number, (site, (&fetched, lab))) in
            (0u32..).zip(sites.iter().zip(self.fetched.iter().zip(lab_of)))
        {
            let all = site.tubes.len() as u32;
            if fetched < all {
                self.tally.left_behind += u64::from(all - fetched);
                let at = self.testing.ends + 1;
                loads[lab as usize].push(Load { at, site: number, from: fetched, to: all });
            }
        }
        self.tally
    }

    /// All rounds in the order in which they leave: where several come to a site, whoever left first takes what waits.
    fn in_order(&self) -> Vec<(Ticks, u32, u32)> {
        let rounds = |(number, route): (u32, &Route)| -> Vec<(Ticks, u32, u32)> {
            (0u32..)
                .zip(&route.departs_min)
                .map(|(round, leaves)| (minutes(*leaves), number, round))
                .collect()
        };
        let mut all: Vec<(Ticks, u32, u32)> = (0u32..).zip(&self.rounds.routes).flat_map(rounds).collect();
        all.sort_unstable();
        all
    }

    /// One round; when it is back.
    fn round(
        &mut self,
        route: &Route,
        (number, round): (u32, u32),
        (leaves, free): (Ticks, Ticks),
        sites: &[SiteDay],
        taken: &mut Vec<Load>,
    ) -> Ticks {
        let vehicle = &self.testing.couriers.vehicle;
        let factor = self.factor(number, round);
        let way = |minutes_of_way: f64| minutes(minutes_of_way * factor);
        let stop_min = vehicle.stop as f64 / TICKS_PER_MINUTE as f64;
        let (mut time, mut planned_min) = (leaves.max(free), 0.0);
        let (mut space, mut held_up) = (vehicle.boxes, false);
        for stop in &route.stops {
            let due = leaves + minutes(stop.after_min);
            time = due.max(time + way(stop.after_min - planned_min));
            let late = self.city.districts[self.city.sites[stop.site as usize].district as usize].late;
            if let Some(late) = late.filter(|late| !held_up && due >= late.from) {
                time += late.by;
                held_up = true;
            }
            let tubes = &sites[stop.site as usize].tubes;
            let from = self.fetched[stop.site as usize];
            let closed = tubes[from as usize..].partition_point(|tube| ticks(tube.closed) <= time) as u32;
            let boxes = closed.div_ceil(vehicle.tubes_per_box);
            let fetched = if boxes > space {
                self.tally.full += 1;
                space * vehicle.tubes_per_box
            } else {
                closed
            };
            space -= boxes.min(space);
            if fetched > 0 {
                taken.push(Load { at: 0, site: stop.site, from, to: from + fetched });
                self.fetched[stop.site as usize] = from + fetched;
            }
            time += vehicle.stop;
            planned_min = stop.after_min + stop_min;
        }
        time + way(route.back_min - planned_min)
    }

    /// When what a round brings is at its lab: at once, or by the next truck.
    fn at_lab(&self, route: &Route, back: Ticks, trucks: &[(Truck, Ticks)]) -> Ticks {
        if route.lab == route.ends {
            return back;
        }
        let its = trucks.iter().filter(|(truck, _)| truck.from == route.ends && truck.to == route.lab);
        let next = its.filter(|(truck, _)| minutes(truck.departs_min) >= back).map(|(_, there)| *there);
        next.min().unwrap_or(self.testing.ends + 1)
    }

    /// How many times as long as planned ways are.
    fn factor(&self, number: u32, round: u32) -> f64 {
        if self.as_planned <= 0.0 {
            return 1.0;
        }
        let chance = stream_of_route(self.luck.0, number, self.luck.1);
        self.travel.draw(chance.word(Cause::Courier, round, 0)).max(0) as f64 / self.as_planned
    }
}

fn minutes(minutes: f64) -> Ticks {
    (minutes * TICKS_PER_MINUTE as f64).round() as Ticks
}
