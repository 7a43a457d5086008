//! Which lab tests whose tubes: as few minutes of way for each tube as the labs allow, hour by hour.
//!
//! The linear program behind it has a variable for each site and lab and a constraint for each window of a lab. Its dual is
//! climbed by subgradients: each window has a price, each site goes where way and price are least, and what that costs less what the
//! windows are worth is below any assignment, whole sites or parts of them. So every assignment comes with a proven gap, without a
//! solver, for ten thousand sites. Prices also say in which order whole sites are given away.

use crate::{
    Task,
    ways::Ways,
    windows::{ByHour, Room, hours},
};

/// What a tube costs that no lab tests in time, in minutes of way: more than any way within a city.
pub(crate) const LATE_MIN: f64 = 1_440.0;
/// Steps of the climb.
const STEPS: u32 = 400;
/// Steps without a better bound after which the next are half as long.
const PATIENCE: u32 = 12;
/// Rounds of moving and exchanging sites.
const PASSES: u32 = 6;
/// Sites of another lab with which a site is tried to change places.
const EXCHANGED: usize = 400;

/// Sites shared out over labs.
#[derive(Clone, Debug)]
pub(crate) struct Shares {
    /// Each site's lab; `None` where no round can reach it.
    pub lab_of: Vec<Option<u32>>,
    /// No assignment costs less.
    pub bound: f64,
    /// What each lab gets.
    pub rooms: Vec<Room>,
}

/// What is known of sites and labs before anything is given to anybody.
pub(crate) struct Ground {
    pub tubes: Vec<ByHour>,
    pub all: Vec<f64>,
    /// The lab to whose door a lab's tubes are driven by couriers.
    pub doors: Vec<u32>,
    /// Minutes of way of a tube, by site and lab; infinite where no round can.
    way: Vec<f64>,
    empty: Vec<Room>,
}

impl Ground {
    pub(crate) fn new(task: &Task, ways: &Ways, places: &[u32]) -> Ground {
        let hours = hours(task);
        let doors = doors(task, ways);
        let longest = task.vehicle.route_max_min - task.vehicle.stop_min;
        let mut way = Vec::with_capacity(task.sites.len() * task.labs.len());
        for site in 0..task.sites.len() as u32 {
            for (lab, &door) in task.labs.iter().zip(&doors) {
                let at = ways.lab(door);
                let further = lab.away.map_or(0.0, |away| away.travel_min);
                let reached = ways.return_min(at, site) <= longest;
                way.push(if reached { ways.minutes(site, at) + further } else { f64::INFINITY });
            }
        }
        let rooms = task.labs.iter().zip(places).map(|(lab, &place)| Room::new(task, lab, place, hours));
        Ground {
            tubes: task.sites.iter().map(|site| ByHour::of(&site.tubes)).collect(),
            all: task.sites.iter().map(|site| site.all()).collect(),
            doors,
            way,
            empty: rooms.collect(),
        }
    }

    /// Labs that start nothing any more get nothing.
    pub(crate) fn close(&mut self, open: &[bool]) {
        for ways in self.way.chunks_mut(open.len().max(1)) {
            ways.iter_mut().zip(open).filter(|(_, open)| !**open).for_each(|(way, _)| *way = f64::INFINITY);
        }
    }

    pub(crate) fn way(&self, site: usize, lab: usize) -> f64 {
        self.way[site * self.doors.len() + lab]
    }

    /// What an assignment costs: minutes of way of all tubes, and what is late.
    pub(crate) fn cost(&self, lab_of: &[Option<u32>], rooms: &[Room]) -> f64 {
        let way = |(site, lab): (usize, &Option<u32>)| {
            lab.map_or(0.0, |lab| self.all[site] * self.way(site, lab as usize))
        };
        let ways: f64 = lab_of.iter().enumerate().map(way).sum();
        ways + LATE_MIN * rooms.iter().map(Room::over).sum::<f64>()
    }

    fn reached(&self, site: usize) -> bool {
        (0..self.doors.len()).any(|lab| self.way(site, lab).is_finite())
    }
}

/// A lab of the city is its own door; one in another city gets its tubes from the door that is nearest to most: the middle of the
/// city's labs.
fn doors(task: &Task, ways: &Ways) -> Vec<u32> {
    let home = |lab: &u32| task.labs[*lab as usize].away.is_none();
    let all = || 0..task.labs.len() as u32;
    let far =
        |lab: u32| all().filter(home).map(|other| ways.return_min(ways.lab(lab), ways.lab(other))).sum();
    let nearest = |one: &u32, other: &u32| f64::total_cmp(&far(*one), &far(*other));
    let middle = all().filter(home).min_by(nearest);
    all().map(|lab| if home(&lab) { lab } else { middle.unwrap_or(lab) }).collect()
}

/// Shares sites out.
pub(crate) fn assign(ground: &Ground) -> Shares {
    let mut climb = Climb::new(ground);
    let mut best = climb.round_off();
    let (mut length, mut since) = (1.0, 0);
    for step in 0..STEPS {
        if climb.step(best.1, length) {
            since = 0;
        } else {
            since += 1;
            if since > PATIENCE {
                (length, since) = (length * 0.5, 0);
            }
        }
        if step % 80 == 79 {
            let other = climb.round_off();
            if other.1 < best.1 {
                best = other;
            }
        }
        if best.1 - climb.bound < 1e-6 * best.1 {
            break;
        }
    }
    let ((lab_of, rooms), _) = best;
    Shares { lab_of, bound: climb.bound.max(0.0), rooms }
}

type Given = (Vec<Option<u32>>, Vec<Room>);

struct Climb<'g> {
    ground: &'g Ground,
    /// Price of each window of each lab, and of a tube by lab and hour of coming.
    prices: Vec<Vec<f64>>,
    tube: Vec<Vec<f64>>,
    bound: f64,
    /// The prices of the best bound.
    at_best: Vec<Vec<f64>>,
}

impl Climb<'_> {
    fn new(ground: &Ground) -> Climb<'_> {
        let prices: Vec<Vec<f64>> = ground.empty.iter().map(|room| vec![0.0; room.windows.len()]).collect();
        let tube = ground.empty.iter().map(|room| vec![0.0; room.coming.len()]).collect();
        Climb { ground, at_best: prices.clone(), prices, tube, bound: 0.0 }
    }

    /// The price of a tube of each hour: of all windows in which it is counted, and never more than being late.
    fn price_tubes(&mut self) {
        for ((tube, prices), room) in self.tube.iter_mut().zip(&self.prices).zip(&self.ground.empty) {
            tube.fill(0.0);
            for (window, &price) in room.windows.iter().zip(prices).filter(|(_, price)| **price > 0.0) {
                tube[window.from..=window.to].iter_mut().for_each(|of| *of += price);
            }
            tube.iter_mut().for_each(|price| *price = price.min(LATE_MIN));
        }
    }

    /// What a site's tubes cost at a lab, ways and prices.
    fn value(&self, site: usize, lab: usize) -> f64 {
        let (of, prices) = (&self.ground.tubes[site], &self.tube[lab]);
        let last = prices.len() - 1;
        let from = of.first + self.ground.empty[lab].shift;
        let price = |(hour, count): (usize, &f64)| count * prices[hour.min(last)];
        let priced: f64 = (from..).zip(&of.tubes).map(price).sum();
        self.ground.all[site] * self.ground.way(site, lab) + priced
    }

    /// One step; whether the bound is better now.
    fn step(&mut self, upper: f64, length: f64) -> bool {
        self.price_tubes();
        let labs = self.ground.doors.len();
        let mut rooms = self.ground.empty.clone();
        let mut bound = 0.0;
        for site in 0..self.ground.all.len() {
            let values = (0..labs).map(|lab| (self.value(site, lab), lab));
            let Some((value, lab)) = values.min_by(|one, other| one.0.total_cmp(&other.0)) else { continue };
            if value.is_finite() {
                bound += value;
                rooms[lab].add(&self.ground.tubes[site], 1.0);
            }
        }
        let mut slopes: Vec<Vec<f64>> = Vec::with_capacity(labs);
        let mut square = 0.0;
        for ((room, prices), tube) in rooms.iter().zip(&self.prices).zip(&self.tube) {
            // Tubes that would rather be late take nobody's room.
            let taken: Vec<f64> = room
                .coming
                .iter()
                .zip(tube)
                .map(|(&coming, &price)| if price < LATE_MIN { coming } else { 0.0 })
                .collect();
            let slope = |(window, &price): (&crate::windows::Window, &f64)| {
                bound -= price * window.limit;
                let slope = taken[window.from..=window.to].iter().sum::<f64>() - window.limit;
                if slope < 0.0 && price == 0.0 { 0.0 } else { slope }
            };
            let of: Vec<f64> = room.windows.iter().zip(prices).map(slope).collect();
            square += of.iter().map(|slope| slope * slope).sum::<f64>();
            slopes.push(of);
        }
        let better = bound > self.bound + 1e-9 * self.bound.abs();
        if better {
            (self.bound, self.at_best) = (bound, self.prices.clone());
        }
        if square > 0.0 {
            let by = length * (upper - bound).max(0.0) / square;
            for (prices, slopes) in self.prices.iter_mut().zip(&slopes) {
                prices
                    .iter_mut()
                    .zip(slopes)
                    .for_each(|(price, slope)| *price = (*price + by * slope).max(0.0));
            }
        }
        better
    }

    /// Whole sites, given away by the prices of the best bound: who would lose most by not getting its own first.
    fn round_off(&mut self) -> (Given, f64) {
        let kept = std::mem::replace(&mut self.prices, self.at_best.clone());
        self.price_tubes();
        let ground = self.ground;
        let labs = ground.doors.len();
        let mut order: Vec<(f64, usize)> = Vec::new();
        for site in (0..ground.all.len()).filter(|&site| ground.reached(site)) {
            let mut values: Vec<f64> = (0..labs).map(|lab| self.value(site, lab)).collect();
            values.sort_by(f64::total_cmp);
            let second = values.get(1).copied().unwrap_or(f64::INFINITY);
            order.push((second - values[0], site));
        }
        order.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let mut given = Giving { ground, lab_of: vec![None; ground.all.len()], rooms: ground.empty.clone() };
        for (_, site) in order {
            let mut by_value: Vec<(f64, usize)> = (0..labs)
                .map(|lab| (self.value(site, lab), lab))
                .filter(|(value, _)| value.is_finite())
                .collect();
            by_value.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            given.give(site, by_value.iter().map(|&(_, lab)| lab));
        }
        given.improve();
        self.prices = kept;
        let cost = ground.cost(&given.lab_of, &given.rooms);
        ((given.lab_of, given.rooms), cost)
    }
}

struct Giving<'g> {
    ground: &'g Ground,
    lab_of: Vec<Option<u32>>,
    rooms: Vec<Room>,
}

impl Giving<'_> {
    /// Gives a site to the first of these labs that has room, or to the one where that costs least.
    fn give(&mut self, site: usize, labs: impl Iterator<Item = usize>) {
        let tubes = &self.ground.tubes[site];
        let mut best = (f64::INFINITY, None);
        for lab in labs {
            let more = self.rooms[lab].over_with(tubes) - self.rooms[lab].over();
            let cost = self.ground.all[site] * self.ground.way(site, lab) + LATE_MIN * more;
            if more <= 0.0 || cost < best.0 {
                best = (cost, Some(lab));
            }
            if more <= 0.0 {
                break;
            }
        }
        if let Some(lab) = best.1 {
            self.rooms[lab].add(tubes, 1.0);
            self.lab_of[site] = Some(lab as u32);
        }
    }

    /// What moving a site costs less than leaving it; negative is worse.
    fn saved(&self, site: usize, from: usize, to: usize) -> f64 {
        self.ground.all[site] * (self.ground.way(site, from) - self.ground.way(site, to))
    }

    /// Moves sites, and lets two change places, as long as that saves anything.
    fn improve(&mut self) {
        let labs = self.ground.doors.len();
        for _ in 0..PASSES {
            let mut changed = false;
            let mut of_lab: Vec<Vec<usize>> = vec![Vec::new(); labs];
            for (site, lab) in self.lab_of.iter().enumerate() {
                if let Some(lab) = lab {
                    of_lab[*lab as usize].push(site);
                }
            }
            for site in 0..self.lab_of.len() {
                let Some(from) = self.lab_of[site].map(|lab| lab as usize) else { continue };
                let full = self.rooms[from].over() > 0.0;
                let mut better: Vec<(f64, usize)> = (0..labs)
                    .filter(|&lab| lab != from && self.ground.way(site, lab).is_finite())
                    .map(|lab| (self.saved(site, from, lab), lab))
                    .filter(|(saved, _)| *saved > 1e-9 || full)
                    .collect();
                better.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
                for (saved, to) in better {
                    if self.moves(site, from, to, saved)
                        || (saved > 1e-9 && self.exchanges(site, from, to, saved, &of_lab[to]))
                    {
                        changed = true;
                        break;
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn over(&self, from: usize, to: usize) -> f64 {
        self.rooms[from].over() + self.rooms[to].over()
    }

    /// Moves a site where that is worth it.
    fn moves(&mut self, site: usize, from: usize, to: usize, saved: f64) -> bool {
        let before = self.over(from, to);
        self.shift(site, from, to);
        if LATE_MIN * (before - self.over(from, to)) + saved > 1e-9 {
            return true;
        }
        self.shift(site, to, from);
        false
    }

    /// Lets a site change places with one of another lab where that is worth it.
    fn exchanges(&mut self, site: usize, from: usize, to: usize, saved: f64, others: &[usize]) -> bool {
        let mut partners: Vec<(f64, usize)> = others
            .iter()
            .filter(|&&other| self.lab_of[other] == Some(to as u32))
            .filter(|&&other| self.ground.way(other, from).is_finite())
            .map(|&other| (saved + self.saved(other, to, from), other))
            .filter(|(saved, _)| *saved > 1e-9)
            .collect();
        partners.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let before = self.over(from, to);
        for (saved, other) in partners.into_iter().take(EXCHANGED) {
            self.shift(site, from, to);
            self.shift(other, to, from);
            if LATE_MIN * (before - self.over(from, to)) + saved > 1e-9 {
                return true;
            }
            self.shift(other, from, to);
            self.shift(site, to, from);
        }
        false
    }

    fn shift(&mut self, site: usize, from: usize, to: usize) {
        self.rooms[from].add(&self.ground.tubes[site], -1.0);
        self.rooms[to].add(&self.ground.tubes[site], 1.0);
        self.lab_of[site] = Some(to as u32);
    }
}

#[cfg(test)]
mod tests;
