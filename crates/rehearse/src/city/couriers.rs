//! From sites to labs: which lab tests a site's tubes, and when a courier brings which of them.

use super::{
    stream,
    tubes::{Tube, ticks},
};
use crate::Luck;
use chance::{Cause, Chance, Sampler, Ticks};
use domain::{
    City,
    city::{CitySite, Couriers, Lab, Late, Position},
};

/// What a courier brings to a lab at one time: tubes of one site, from one place in its list to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Load {
    /// When it reaches the lab.
    pub at: Ticks,
    /// From which site.
    pub site: u32,
    /// The first of its tubes, and the one after the last.
    pub from: u32,
    pub to: u32,
}

/// Labs get sites until this much more than their share of the work is theirs: else the last sites would be sent across
/// the whole city.
const ABOVE_SHARE: f64 = 1.02;

/// Each site's lab: the nearest to its district that has room, labs having room by what they can test in an hour. Where
/// positions are not known, labs are as near as they stand in the table.
pub(super) fn nearest_labs(city: &City) -> Vec<u32> {
    let Some(testing) = &city.testing else { return Vec::new() };
    let labs = &testing.labs;
    let all: f64 = labs.iter().map(|lab| lab.tubes_per_hour).sum();
    let share = if all > 0.0 { city.residents() as f64 * ABOVE_SHARE / all } else { 0.0 };
    let mut room: Vec<f64> = labs.iter().map(|lab| lab.tubes_per_hour * share).collect();
    let mut near: Vec<Vec<u32>> = city
        .districts
        .iter()
        .map(|district| {
            let away = |lab: &Lab| match (district.centre, lab.position) {
                (Some(centre), Some(position)) => centre.km_to(position),
                _ => 0.0,
            };
            let mut near: Vec<u32> = (0..labs.len() as u32).collect();
            near.sort_by(|&one, &other| {
                away(&labs[one as usize]).total_cmp(&away(&labs[other as usize])).then(one.cmp(&other))
            });
            // The nearest stands last, to be taken away once it is full.
            near.reverse();
            near
        })
        .collect();
    let lab_of = |site: &CitySite| {
        let near = &mut near[site.district as usize];
        while near.len() > 1 && room[*near.last().expect("there is one") as usize] <= 0.0 {
            near.pop();
        }
        let lab = near.last().copied().unwrap_or(0);
        if let Some(room) = room.get_mut(lab as usize) {
            *room -= f64::from(site.residents);
        }
        lab
    };
    city.sites.iter().map(lab_of).collect()
}

/// The ways of couriers.
pub(super) struct Ways<'a> {
    couriers: &'a Couriers,
    travel: Sampler,
    luck: Luck,
    replication: u32,
}

impl<'a> Ways<'a> {
    pub(super) fn new(couriers: &'a Couriers, luck: Luck, replication: u32) -> Ways<'a> {
        Ways { couriers, travel: Sampler::compile(&couriers.travel), luck, replication }
    }

    /// Sorts a site's tubes by when they were closed, and tells what is brought when. A courier comes to a site at a moment
    /// of chance within each stretch of `every`, and takes what is closed by then. Who is late takes what was closed
    /// meanwhile, too.
    pub(super) fn loads(
        &self,
        number: u32,
        site: &CitySite,
        late: Option<Late>,
        lab: &Lab,
        tubes: &mut [Tube],
        mut load: impl FnMut(Load),
    ) {
        // The tubes of each lane are in order already, which this sort makes use of.
        tubes.sort_by_key(|tube| tube.closed);
        let chance = stream(self.luck, number, self.replication);
        let every = self.couriers.every.max(1);
        let offset = (chance::unit(chance.word(Cause::Courier, 0, 0)) * every as f64) as Ticks;
        let apart = self.apart(site.position, lab.position) + lab.away.map_or(0, |away| away.travel);
        let mut from = 0;
        while let Some(tube) = tubes.get(from) {
            let first_from = |time: Ticks| (time - offset + every - 1).div_euclid(every).max(0);
            let closed = ticks(tube.closed);
            let (mut visit, mut delay) = (first_from(closed), 0);
            if let Some(late) = late.filter(|late| offset + visit * every >= late.from) {
                // The first who is late, or, of those after, the first who finds it closed.
                (visit, delay) = (first_from(late.from.max(closed - late.by)), late.by);
            }
            let comes = offset + visit * every + delay;
            let to = from + tubes[from..].partition_point(|tube| ticks(tube.closed) <= comes).max(1);
            let at = comes + apart + self.travel(&chance, visit);
            load(Load { at, site: number, from: from as u32, to: to as u32 });
            from = to;
        }
    }

    fn travel(&self, chance: &Chance, visit: Ticks) -> Ticks {
        self.travel.draw(chance.word(Cause::Courier, visit as u32 + 1, 0)).max(0)
    }

    fn apart(&self, site: Option<Position>, lab: Option<Position>) -> Ticks {
        match (site, lab, self.couriers.km_per_hour) {
            (Some(site), Some(lab), Some(speed)) => crate::compile::ticks(3_600.0 * site.km_to(lab) / speed),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Purpose;
    use chance::Law;

    #[test]
    fn a_courier_takes_what_is_closed_and_nothing_stays_behind() {
        let couriers = Couriers {
            every: 36_000_000,
            travel: Law::constant(60.0),
            km_per_hour: Some(30.0),
            vehicle: Default::default(),
        };
        let ways = Ways::new(&couriers, Luck { seed: 1, purpose: Purpose::Rehearse }, 0);
        let tube = |closed| Tube { first: 0, closed, people: 10, positive: false };
        let mut tubes: Vec<Tube> = (0..100).map(|number| tube(number * 7_919 % 100 * 60_000)).collect();
        let site = CitySite { name: String::new(), district: 0, shape: 0, residents: 1, position: None };
        let lab = Lab {
            name: String::new(),
            tubes_per_hour: 1.0,
            hours: None,
            stops: None,
            position: None,
            ready: 0,
            places: Vec::new(),
            away: None,
        };
        let mut loads = Vec::new();
        ways.loads(0, &site, None, &lab, &mut tubes, |load| loads.push(load));
        assert!((2..=3).contains(&loads.len()), "{loads:?}");
        assert_eq!(loads.iter().map(|load| load.to - load.from).sum::<u32>(), 100);
        for (load, next) in loads.iter().zip(&loads[1..]) {
            assert_eq!((load.to, next.at - load.at), (next.from, 36_000_000));
        }
        for load in &loads {
            let taken = &tubes[load.from as usize..load.to as usize];
            assert!(taken.iter().all(|tube| ticks(tube.closed) + 600_000 <= load.at));
        }
    }
}
