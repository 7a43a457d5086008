//! The day of a city with tubes of each size: its sites, couriers, laboratories and recalls are all rehearsed.

use super::{Question, site::SizeDay};
use ::rehearse::{
    Luck, Progress,
    city::{CityFigures, CityRehearsal},
};
use domain::{City, Notes, Place, scenario::Changeover};

/// Sizes where nothing is asked: a day of a large city takes seconds each. These are what China's guides of spring 2022 know: one alone, ten,
/// and twenty where hardly anybody is positive; and five.
pub const SIZES: [u32; 4] = [1, 5, 10, 20];

/// A city with tubes of each size.
#[derive(Debug)]
pub struct Tried(Vec<City>);

/// The same, rehearsed.
#[derive(Debug)]
pub struct Lived {
    days: Vec<(u32, CityFigures)>,
    /// People simulated.
    pub people_simulated: f64,
}

/// What speaks against asking a city, or should be known first.
pub fn notes(city: &City, question: &Question) -> Notes {
    let mut notes = Notes::default();
    let place = |key: &str| Place::file("scenario.toml").column(key);
    if city.testing.is_none() {
        notes.error(place("testing"), "pooled_no_labs", &[]);
    }
    let assay = &question.assay;
    if assay.sensitivity < 1.0 || assay.specificity < 1.0 || assay.dilution.known_to().is_some() {
        notes.hint(place("testing"), "pooled_city_perfect", &[]);
    }
    notes
}

impl Tried {
    /// The city with tubes of each size, where so many carry what is looked for.
    pub fn new(city: &City, question: &Question) -> Tried {
        let prevalence = question.prevalences.first().copied().unwrap_or(0.0);
        Tried(question.sizes.iter().map(|&size| with_tubes_of(city, size, prevalence)).collect())
    }

    /// Sites to rehearse in so many days, over all sizes.
    pub fn sites(&self, days: u32) -> u64 {
        self.0.iter().map(|city| city.sites.len() as u64 * u64::from(days)).sum()
    }

    /// Rehearses each under the same luck.
    pub fn live(self, luck: Luck, days: u32, threads: usize, progress: &Progress) -> Lived {
        let mut lived = Lived { days: Vec::new(), people_simulated: 0.0 };
        for city in &self.0 {
            let outcome = CityRehearsal::new(city).run(luck, days, threads, progress);
            lived.people_simulated += outcome.people_simulated();
            lived.days.push((u32::from(city.round.pool), outcome.figures(city)));
        }
        lived
    }
}

impl Lived {
    /// The day with tubes of the size at this place. Infinite hours: not everybody had a result before the city's rehearsal ended.
    pub fn day(&self, place: usize) -> Option<SizeDay> {
        let (size, day) = self.days.get(place)?;
        let (tubes, recalls) = (day.tubes?, day.recalls?);
        // Who is alone in a tube is not called again.
        let again = *size > 1 && recalls.people > 0.0;
        let by = |done: bool, hours: f64| if done { hours } else { f64::INFINITY };
        let first_h = by(tubes.waiting == 0.0, tubes.last_result_h);
        let last_h = by(recalls.tested >= recalls.people, first_h.max(recalls.last_result_h));
        let all_h = if again { last_h } else { first_h };
        Some(SizeDay {
            people: day.served,
            unserved: day.unserved + day.left,
            wait_p95_min: day.wait_min.p95,
            tubes: tubes.filled,
            recalls: if again { recalls.people } else { 0.0 },
            sampling_h: None,
            sampling_flow_h: None,
            first_h,
            recall_chance: if again { 1.0 } else { 0.0 },
            second_h: all_h - first_h,
            all_h,
            rehearsed: &["table", "couriers", "labs", "recalls"],
        })
    }
}

fn with_tubes_of(city: &City, size: u32, prevalence: f64) -> City {
    let mut city = city.clone();
    city.round.pool = u8::try_from(size).unwrap_or(u8::MAX);
    if let Some(testing) = &mut city.testing {
        testing.prevalence = prevalence;
    }
    for shape in &mut city.shapes {
        for place in shape.site.giving() {
            let station = &mut shape.site.stations[place];
            station.changeover = station.changeover.map(|change| Changeover { every: size, ..change });
        }
    }
    city
}
