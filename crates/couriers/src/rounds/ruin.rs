//! Taking strings of stops out and putting them back, with slowly less patience for what is worse.

use super::tours::{Field, Slot, Standing, Tour};
use chance::{Cause, Chance, unit};

/// Stops that are taken out at one time, on average.
const TAKEN: f64 = 10.0;
/// Stops of one tour that are taken out at one time, at most.
const STRING: f64 = 10.0;
/// Share of places that are passed over, so that not always the same is best.
const PASSED_OVER: f64 = 0.01;
/// What is worse is taken at first up to so many ways between neighbours, and at last.
const HEAT: [f64; 2] = [2.0, 0.02];

/// Shortens the tours by so many tries; `progress` is told how many are done.
pub(crate) fn shorten(
    field: &Field<'_>,
    standing: Standing,
    seed: u64,
    tries: u64,
    progress: &mut dyn FnMut(u64),
) -> Standing {
    let sites: Vec<u32> = (0..standing.tour_of.len() as u32)
        .filter(|&site| standing.tour_of[site as usize] != Standing::NOWHERE)
        .collect();
    if sites.len() < 2 {
        return standing;
    }
    let between =
        |&site: &u32| field.near[site as usize].get(1).map_or(0.0, |&other| field.ways.minutes(site, other));
    let step = sites.iter().map(between).sum::<f64>() / sites.len() as f64;
    let [mut heat, coldest] = HEAT.map(|of| (of * step).max(1e-6));
    let cooling = libm::pow(coldest / heat, 1.0 / tries.max(1) as f64);
    let mut search = Search {
        field,
        words: Words { chance: Chance::new(seed, 0, 0), number: 0, left: [0; 4], at: 4 },
        cost: standing.cost(),
        standing,
        before: Vec::new(),
        rooms_before: Vec::new(),
        out: Vec::new(),
    };
    // Cold as it ends, the search stands at its best or near it; a copy of all is dear in a large city.
    let look = (sites.len() as u64 / 4).max(16);
    let (mut best, mut least) = (search.standing.clone(), search.cost);
    for number in 1..=tries {
        search.attempt(&sites, heat);
        if number % look == 0 || number == tries {
            progress(number);
            // What is added and taken away again leaves dust.
            search.cost = search.standing.cost();
            if search.cost < least - 1e-9 {
                (best, least) = (search.standing.clone(), search.cost);
            }
        }
        heat *= cooling;
    }
    best.tidy();
    best
}

struct Words {
    chance: Chance,
    number: u64,
    left: [u32; 4],
    at: usize,
}

impl Words {
    fn unit(&mut self) -> f64 {
        if self.at == 4 {
            // A stream has 65,536 blocks for each of 2³² persons.
            let (person, block) = ((self.number >> 16) as u32, (self.number & 0xffff) as u16);
            self.left = self.chance.block(Cause::Courier, person, block);
            (self.number, self.at) = (self.number + 1, 0);
        }
        self.at += 1;
        unit(self.left[self.at - 1])
    }

    fn below(&mut self, limit: usize) -> usize {
        ((self.unit() * limit as f64) as usize).min(limit - 1)
    }
}

struct Search<'a> {
    field: &'a Field<'a>,
    words: Words,
    cost: f64,
    standing: Standing,
    /// Tours as they were before the try, each once.
    before: Vec<(u32, Tour)>,
    rooms_before: Vec<(u32, Vec<f64>)>,
    out: Vec<u32>,
}

impl Search<'_> {
    fn attempt(&mut self, sites: &[u32], heat: f64) {
        self.before.clear();
        self.rooms_before.clear();
        let tours = self.standing.tours.len();
        let was = self.cost;
        self.ruin(sites);
        self.in_some_order();
        let out = std::mem::take(&mut self.out);
        let all = out.iter().all(|&site| self.put_back(site));
        // log of the reciprocal of a number from 0 to 1: what is worse by more than that times the heat is not taken.
        let patience = -libm::log(self.words.unit().max(1e-12)) * heat;
        if !all || self.cost > was + patience {
            self.undo(tours, &out);
            self.cost = was;
        }
        self.out = out;
    }

    /// Takes strings of stops out near a stop of chance.
    fn ruin(&mut self, sites: &[u32]) {
        self.out.clear();
        let seed = sites[self.words.below(sites.len())];
        let tours = self.standing.tours.iter().filter(|tour| !tour.stops.is_empty()).count().max(1);
        let longest = STRING.min(sites.len() as f64 / tours as f64).max(1.0);
        let most = 4.0 * TAKEN / (1.0 + longest) - 1.0;
        let count = (self.words.unit() * most + 1.0) as usize;
        let mut ruined: Vec<u32> = Vec::with_capacity(count);
        let field = self.field;
        for &site in &field.near[seed as usize] {
            if ruined.len() >= count {
                break;
            }
            let number = self.standing.tour_of[site as usize];
            if number == Standing::NOWHERE || ruined.contains(&number) {
                continue;
            }
            ruined.push(number);
            let size = self.standing.tours[number as usize].stops.len();
            let length = ((self.words.unit() * longest.min(size as f64)) as usize + 1).min(size);
            let at = self.standing.tours[number as usize].stops.iter().position(|&stop| stop == site);
            let at = at.expect("a site stands in its own tour");
            let first = (at + 1).saturating_sub(length);
            let last = at.min(size - length);
            let from = first + self.words.below(last - first + 1);
            self.take_out(number, from, length);
        }
    }

    fn keep(&mut self, number: u32) {
        if !self.before.iter().any(|(kept, _)| *kept == number) {
            self.before.push((number, self.standing.tours[number as usize].clone()));
        }
    }

    /// What a lab's tubes are late by, as a cost, with a change of what comes to it.
    fn change_room(&mut self, lab: u32, site: u32, sign: f64) {
        let room = &mut self.standing.rooms[lab as usize];
        if !self.rooms_before.iter().any(|(kept, _)| *kept == lab) {
            self.rooms_before.push((lab, room.coming.clone()));
        }
        let before = room.over();
        room.add(&self.field.ground.tubes[site as usize], sign);
        self.cost += crate::assign::LATE_MIN * (room.over() - before);
    }

    fn take_out(&mut self, number: u32, from: usize, length: usize) {
        self.keep(number);
        let tour = &mut self.standing.tours[number as usize];
        let lab = tour.lab;
        let out: Vec<u32> = tour.stops.drain(from..from + length).collect();
        let drive = self.field.drive(lab, &tour.stops);
        self.cost += drive - tour.drive;
        tour.drive = drive;
        for &site in &out {
            tour.boxes -= self.field.boxes[site as usize];
            self.standing.tour_of[site as usize] = Standing::NOWHERE;
        }
        out.iter().for_each(|&site| self.change_room(lab, site, -1.0));
        self.out.extend(out);
    }

    /// By chance, by boxes, the furthest first or the nearest first: which of these, by chance as well.
    fn in_some_order(&mut self) {
        let kind = self.words.below(11);
        let field = self.field;
        let away = |site: u32| {
            field.labs[site as usize].first().map_or(0.0, |&lab| field.ways.minutes(field.door(lab), site))
        };
        match kind {
            0..4 => {
                for last in (1..self.out.len()).rev() {
                    let other = self.words.below(last + 1);
                    self.out.swap(last, other);
                }
            }
            4..8 => self.out.sort_by_key(|&site| std::cmp::Reverse(field.boxes[site as usize])),
            8..10 => self.out.sort_by(|&one, &other| away(other).total_cmp(&away(one))),
            _ => self.out.sort_by(|&one, &other| away(one).total_cmp(&away(other))),
        }
    }

    fn put_back(&mut self, site: u32) -> bool {
        let words = &mut self.words;
        let mut skip = || words.unit() < PASSED_OVER;
        let Some(slot) = self.standing.best_slot(self.field, site, &mut skip) else { return false };
        let Slot { drive, mut tour, place, lab, .. } = slot;
        if tour == Standing::NOWHERE {
            let empty = self.standing.tours.iter().position(|tour| tour.stops.is_empty());
            match empty {
                Some(number) => {
                    tour = number as u32;
                    self.keep(tour);
                    self.standing.tours[number].lab = lab;
                }
                None => {
                    tour = self.standing.tours.len() as u32;
                    self.standing.tours.push(Tour { lab, stops: Vec::new(), drive: 0.0, boxes: 0 });
                }
            }
        } else {
            self.keep(tour);
        }
        let of = &mut self.standing.tours[tour as usize];
        of.stops.insert(place, site);
        of.drive += drive;
        of.boxes += self.field.boxes[site as usize];
        self.standing.tour_of[site as usize] = tour;
        self.cost += drive;
        self.change_room(lab, site, 1.0);
        true
    }

    fn undo(&mut self, tours: usize, out: &[u32]) {
        for &site in out {
            self.standing.tour_of[site as usize] = Standing::NOWHERE;
        }
        while let Some((number, tour)) = self.before.pop() {
            if (number as usize) < tours {
                tour.stops.iter().for_each(|&site| self.standing.tour_of[site as usize] = number);
                self.standing.tours[number as usize] = tour;
            }
        }
        while let Some((lab, coming)) = self.rooms_before.pop() {
            self.standing.rooms[lab as usize].coming = coming;
        }
        self.standing.tours.truncate(tours);
    }
}

impl Standing {
    /// Tours without stops go.
    fn tidy(&mut self) {
        self.tours.retain(|tour| !tour.stops.is_empty());
        for (number, tour) in (0u32..).zip(&self.tours) {
            tour.stops.iter().for_each(|&site| self.tour_of[site as usize] = number);
        }
    }
}
