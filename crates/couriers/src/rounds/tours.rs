//! What stands: the tours, and what it would cost to put a stop somewhere.

use crate::{
    Task,
    assign::{Ground, LATE_MIN, Shares},
    ways::Ways,
    windows::Room,
};

/// Nearest sites that are looked at for a place to put a stop.
const NEAR: usize = 24;
/// Labs at which a tour of its own is tried for a stop, beside its own.
const LABS: usize = 3;

/// What never changes while rounds are sought.
pub(crate) struct Field<'a> {
    pub task: &'a Task,
    pub ways: &'a Ways,
    pub ground: &'a Ground,
    /// Boxes of each site.
    pub boxes: Vec<u32>,
    /// The nearest sites of each, the nearest first, itself among them.
    pub near: Vec<Vec<u32>>,
    /// Labs at which a site may have a tour of its own.
    pub labs: Vec<Vec<u32>>,
}

/// One way: from a lab's door past its stops and back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tour {
    pub lab: u32,
    pub stops: Vec<u32>,
    /// Minutes of driving.
    pub drive: f64,
    pub boxes: u32,
}

/// All tours.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub tours: Vec<Tour>,
    /// Each site's tour; [`Standing::NOWHERE`] where it has none.
    pub tour_of: Vec<u32>,
    pub rooms: Vec<Room>,
}

/// A place where a stop could be put.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub cost: f64,
    pub drive: f64,
    pub tour: u32,
    pub place: usize,
    pub lab: u32,
}

impl<'a> Field<'a> {
    pub(crate) fn new(task: &'a Task, ways: &'a Ways, ground: &'a Ground) -> Field<'a> {
        let near = near(task, ways);
        let labs = (0..task.sites.len())
            .map(|site| {
                let mut labs: Vec<u32> = (0..task.labs.len() as u32)
                    .filter(|&lab| ground.way(site, lab as usize).is_finite())
                    .collect();
                labs.sort_by(|&one, &other| {
                    ground
                        .way(site, one as usize)
                        .total_cmp(&ground.way(site, other as usize))
                        .then(one.cmp(&other))
                });
                labs.truncate(LABS);
                labs
            })
            .collect();
        Field {
            task,
            ways,
            ground,
            boxes: task.sites.iter().map(|site| task.boxes(site)).collect(),
            near,
            labs,
        }
    }

    /// The door at which a lab's tours begin and end.
    pub(crate) fn door(&self, lab: u32) -> u32 {
        self.ways.lab(self.ground.doors[lab as usize])
    }

    /// Minutes of driving of a tour with these stops.
    pub(crate) fn drive(&self, lab: u32, stops: &[u32]) -> f64 {
        let (mut at, mut drive) = (self.door(lab), 0.0);
        for &stop in stops {
            drive += self.ways.minutes(at, stop);
            at = stop;
        }
        if stops.is_empty() { 0.0 } else { drive + self.ways.minutes(at, self.door(lab)) }
    }

    /// Whether one vehicle can do so much in one round.
    pub(crate) fn fits(&self, drive: f64, stops: usize, boxes: u32) -> bool {
        let vehicle = &self.task.vehicle;
        boxes <= vehicle.boxes && drive + vehicle.stop_min * stops as f64 <= vehicle.route_max_min - 1e-6
    }
}

/// The nearest sites of each: by a grid, so that ten thousand do not look at ten thousand.
fn near(task: &Task, ways: &Ways) -> Vec<Vec<u32>> {
    let count = task.sites.len();
    let mut by_north: Vec<u32> = (0..count as u32).collect();
    let latitude = |site: u32| task.sites[site as usize].position.latitude;
    by_north.sort_by(|&one, &other| latitude(one).total_cmp(&latitude(other)).then(one.cmp(&other)));
    let mut place = vec![0; count];
    by_north.iter().enumerate().for_each(|(at, &site)| place[site as usize] = at);
    let km_min = 60.0 / task.km_per_hour;
    (0..count as u32)
        .map(|site| {
            // Northwards and southwards until the way to the parallel alone is longer than the furthest that is kept.
            let mut kept: Vec<(f64, u32)> = Vec::with_capacity(NEAR + 1);
            let mut look = |other: u32| {
                let alone = (latitude(other) - latitude(site)).abs() * 111.2 * km_min;
                if kept.len() == NEAR && alone > kept[NEAR - 1].0 {
                    return false;
                }
                let minutes = ways.minutes(site, other);
                let at = kept.partition_point(|&(of, number)| (of, number) < (minutes, other));
                if at < NEAR {
                    kept.insert(at, (minutes, other));
                    kept.truncate(NEAR);
                }
                true
            };
            let at = place[site as usize];
            for &other in &by_north[at..] {
                if !look(other) {
                    break;
                }
            }
            for &other in by_north[..at].iter().rev() {
                if !look(other) {
                    break;
                }
            }
            kept.into_iter().map(|(_, other)| other).collect()
        })
        .collect()
}

impl Standing {
    pub(crate) const NOWHERE: u32 = u32::MAX;

    /// A tour for each site that has a lab.
    pub(crate) fn apart(field: &Field<'_>, shares: &Shares) -> Standing {
        let mut standing = Standing {
            tours: Vec::new(),
            tour_of: vec![Standing::NOWHERE; shares.lab_of.len()],
            rooms: shares.rooms.clone(),
        };
        for (site, lab) in (0u32..).zip(&shares.lab_of) {
            let Some(lab) = *lab else { continue };
            standing.tour_of[site as usize] = standing.tours.len() as u32;
            let drive = field.drive(lab, &[site]);
            standing.tours.push(Tour { lab, stops: vec![site], drive, boxes: field.boxes[site as usize] });
        }
        standing
    }

    /// Minutes of driving, and what is late.
    pub(crate) fn cost(&self) -> f64 {
        let drive: f64 = self.tours.iter().map(|tour| tour.drive).sum();
        drive + LATE_MIN * self.rooms.iter().map(Room::over).sum::<f64>()
    }

    /// Where putting a site costs least. `skip` says which places are passed over.
    pub(crate) fn best_slot(
        &mut self,
        field: &Field<'_>,
        site: u32,
        skip: &mut dyn FnMut() -> bool,
    ) -> Option<Slot> {
        let mut best: Option<Slot> = None;
        let mut more = vec![f64::NAN; self.rooms.len()];
        let mut seen: [u32; NEAR] = [Standing::NOWHERE; NEAR];
        let mut count = 0;
        let ways = field.ways;
        for &other in &field.near[site as usize] {
            let number = self.tour_of[other as usize];
            if number == Standing::NOWHERE || seen[..count].contains(&number) {
                continue;
            }
            seen[count] = number;
            count += 1;
            let tour = &self.tours[number as usize];
            if tour.boxes + field.boxes[site as usize] > field.task.vehicle.boxes {
                continue;
            }
            let (lab, door) = (tour.lab, field.door(tour.lab));
            let (mut drive, mut place) = (f64::INFINITY, 0);
            let mut at = door;
            for next in 0..=tour.stops.len() {
                let to = tour.stops.get(next).copied().unwrap_or(door);
                let more = ways.minutes(at, site) + ways.minutes(site, to) - ways.minutes(at, to);
                at = to;
                if more < drive && !skip() {
                    (drive, place) = (more, next);
                }
            }
            if !field.fits(tour.drive + drive, tour.stops.len() + 1, tour.boxes + field.boxes[site as usize])
            {
                continue;
            }
            self.offer(
                field,
                site,
                &mut more,
                &mut best,
                Slot { cost: drive, drive, tour: number, place, lab },
            );
        }
        for &lab in &field.labs[site as usize] {
            let drive = ways.return_min(field.door(lab), site);
            let tour = Standing::NOWHERE;
            self.offer(field, site, &mut more, &mut best, Slot { cost: drive, drive, tour, place: 0, lab });
        }
        best
    }

    /// Keeps a place if it is better than the best, what is late by it counted.
    fn offer(&mut self, field: &Field<'_>, site: u32, more: &mut [f64], best: &mut Option<Slot>, slot: Slot) {
        if best.is_some_and(|best| best.cost <= slot.cost) {
            return;
        }
        let late = &mut more[slot.lab as usize];
        if late.is_nan() {
            let room = &mut self.rooms[slot.lab as usize];
            *late = LATE_MIN * (room.over_with(&field.ground.tubes[site as usize]) - room.over());
        }
        let slot = Slot { cost: slot.cost + *late, ..slot };
        if best.is_none_or(|best| slot.cost < best.cost) {
            *best = Some(slot);
        }
    }

    /// Each site's lab.
    pub(crate) fn lab_of(&self) -> Vec<Option<u32>> {
        let lab = |&tour: &u32| (tour != Standing::NOWHERE).then(|| self.tours[tour as usize].lab);
        self.tour_of.iter().map(lab).collect()
    }
}
