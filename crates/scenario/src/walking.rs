//! `[walking]`: where buildings are and which have a lift, for whoever walks from door to door.

use crate::reader::{Context, Field, Limits, Section};
use domain::{
    Place, Roll,
    walk::{Lifts, Spot, Walking},
};

/// A compound larger than this, in metres, is a town.
const METRES: Limits = Limits::new(0.0, 10_000.0);
/// Buildings and entrances of one community: more than rolls have.
const SPOTS_MAX: usize = 2_000;

/// Seconds at a door: a word, or a long talk.
const STAY_S: Limits = Limits::new(1.0, 600.0);
/// Minutes with a person at home.
const VISIT_MIN: Limits = Limits::new(0.5, 120.0);
/// Pairs of people who go to those who cannot come.
const PAIRS: Limits = Limits::new(1.0, 200.0);

/// `[walking]`, before its buildings are held against the roll.
pub(crate) struct WalkingDraft {
    walking: Walking,
    /// Buildings that are named, and where.
    named: Vec<(String, Place)>,
}

/// Reads `[walking]`.
pub(crate) fn read_walking(mut section: Section<'_>) -> WalkingDraft {
    let mut named = Vec::new();
    let from_m = section.get("from_m").and_then(|field| point(&field));
    let lifts = section.get("lift").map_or(Lifts::Assumed, |field| lifts(&field, &mut named));
    let spots = section.get("building").map(|field| field.tables(SPOTS_MAX)).unwrap_or_default();
    let spots = spots.into_iter().filter_map(|section| read_spot(section, &mut named)).collect();
    let usual = Walking::default();
    let knock_s = section.whole("knock_s", STAY_S).unwrap_or(usual.knock_s);
    let visit_min = section.number("visit_min", VISIT_MIN);
    let visit_s = visit_min.map_or(usual.visit_s, |minutes| (minutes * 60.0 + 0.5) as u32);
    let pairs = section.whole("pairs", PAIRS).map_or(usual.pairs, |pairs| pairs as u16);
    section.finish();
    WalkingDraft { walking: Walking { from_m, lifts, spots, knock_s, visit_s, pairs }, named }
}

fn lifts(field: &Field<'_>, named: &mut Vec<(String, Place)>) -> Lifts {
    if !field.is_list() {
        return match field.flag() {
            Some(true) => Lifts::All,
            Some(false) => Lifts::Nowhere,
            None => Lifts::Assumed,
        };
    }
    let buildings = field.list(SPOTS_MAX).unwrap_or_default();
    let name = |field: &Field<'_>| {
        let name = field.name()?.to_owned();
        named.push((name.clone(), field.place.clone()));
        Some(name)
    };
    Lifts::In(buildings.iter().filter_map(name).collect())
}

fn read_spot(mut section: Section<'_>, named: &mut Vec<(String, Place)>) -> Option<Spot> {
    let building = section.need("building").and_then(|field| field.name().map(str::to_owned));
    let entrance = section.get("entrance").and_then(|field| field.name().map(str::to_owned));
    let at_m = section.need("at_m").and_then(|field| point(&field));
    if let Some(building) = &building {
        named.push((building.clone(), section.place_of("building")));
    }
    section.finish();
    Some(Spot { building: building?, entrance: entrance.unwrap_or_default(), at_m: at_m? })
}

fn point(field: &Field<'_>) -> Option<[f64; 2]> {
    let parts = field.list(2)?;
    let [right, down] = parts.as_slice() else {
        field.error("layout_point", &[]);
        return None;
    };
    let (right, down) = (right.number(METRES), down.number(METRES));
    Some([right?, down?])
}

impl WalkingDraft {
    /// The ways; a building that is on no door of the roll is noted.
    pub fn resolve(self, context: &Context<'_>, roll: &Roll) -> Walking {
        let known = |name: &str| roll.entrances.iter().any(|of| of.building == name);
        let strange = self.named.iter().filter(|(name, _)| !roll.entrances.is_empty() && !known(name));
        for (name, place) in strange {
            context.warning(place, "walking_building", &[("building", name)]);
        }
        self.walking
    }
}
