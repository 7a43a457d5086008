//! Cities of chance, for tests and measurements.

use crate::{Lab, LabPlace, QUARTER_MIN, Site, Task, Vehicle};
use chance::{Cause, Chance, unit};
use domain::city::Position;

/// Hours in which people come, and the share of a site's tubes in each, as in `examples/megacity`.
const SHARES: [f64; 12] = [0.09, 0.12, 0.13, 0.12, 0.10, 0.08, 0.07, 0.07, 0.06, 0.05, 0.05, 0.06];
/// Tubes of a site: 2,845 residents, ten in a tube, half as many to half as many again.
const TUBES: [f64; 2] = [142.0, 427.0];

/// A city with so many sites in clusters over a square of so many kilometres, and so many labs that can together test `room` times
/// what is filled, by eight in the next morning.
pub fn city(sites: usize, labs: usize, side_km: f64, room: f64, seed: u64) -> Task {
    const KM_PER_DEGREE: f64 = 111.2;
    let chance = Chance::new(seed, 7, 0);
    let draw = |person: u32, index: u32| unit(chance.word(Cause::Site, person, index));
    let at = |x: f64, y: f64| Position {
        latitude: 31.0 + y / KM_PER_DEGREE,
        longitude: 121.0 + x / KM_PER_DEGREE / 0.857,
    };
    let centres = (sites / 40).max(3) as u32;
    let place = |person: u32| {
        if draw(person, 0) < 0.5 {
            return at(draw(person, 1) * side_km, draw(person, 2) * side_km);
        }
        let centre = 1_000_000 + (draw(person, 3) * f64::from(centres)) as u32;
        let near = |index: u32| (draw(person, index) + draw(person, index + 1) - 1.0) * side_km / 6.0;
        let inside = |x: f64| x.clamp(0.0, side_km);
        at(inside(draw(centre, 0) * side_km + near(4)), inside(draw(centre, 1) * side_km + near(6)))
    };
    let site = |person: u32| {
        let all = TUBES[0] + (TUBES[1] - TUBES[0]) * draw(person, 8);
        let quarter = |share: &f64| [all * share / 4.0; 4];
        let tubes: Vec<f64> = SHARES.iter().flat_map(quarter).collect();
        let last_min = QUARTER_MIN * tubes.len() as f64;
        Site { position: place(person), tubes, opens_min: 0.0, last_min }
    };
    let sites: Vec<Site> = (0..sites as u32).map(site).collect();
    let all: f64 = sites.iter().map(Site::all).sum();
    let due_min = 26.0 * 60.0;
    let lab = |number: u32| {
        let position = place(2_000_000 + number);
        Lab {
            places: vec![LabPlace { position, ready_min: 0.0 }],
            tubes_per_hour: room * all / labs as f64 / 20.0,
            open_min: vec![[0.0, due_min]],
            away: None,
        }
    };
    Task {
        labs: (0..labs as u32).map(lab).collect(),
        sites,
        km_per_hour: 25.0,
        every_min: 60.0,
        vehicle: Vehicle { boxes: 100, tubes_per_box: 20, route_max_min: 150.0, stop_min: 3.0 },
        open_max_min: 60.0,
        within_min: 24.0 * 60.0,
        due_min,
        run_min: 180.0,
        fill_min: 30.0,
    }
}
