//! What stands in a plan's file so that it can be drawn: where everything is, whose tubes come to which lab in which hour, and how
//! old they are when their result is there. Each figure is of a district or a site, so that whoever looks after one can be given
//! their own.

use super::PlannedCity;
use couriers::check::Tested;
use domain::city::{District, Position};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a plan's rounds are driven. The numbers of districts, labs and sites are their places in these lists, from 0; in the
/// city's lists, too.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Map {
    /// The city's name.
    pub city: String,
    /// Local time of the opening, `2022-04-04T06:00`; minutes count from there.
    pub opens: String,
    /// Hours from the first swab within which a tube must be tested.
    pub within_h: f64,
    /// By when it must be.
    pub due_min: f64,
    /// Its districts.
    pub districts: Vec<MapDistrict>,
    /// Its labs, and those in other cities.
    pub labs: Vec<MapLab>,
    /// Its sites.
    pub sites: Vec<MapSite>,
    /// Whose tubes come to which lab.
    pub flows: Vec<MapFlow>,
}

/// A district.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct MapDistrict {
    /// Its name.
    pub name: String,
    /// Its middle, in degrees.
    pub latitude: Option<f64>,
    /// Likewise.
    pub longitude: Option<f64>,
    /// How far its sites stand from there.
    pub radius_km: f64,
    /// Where it ends: the coordinates of a GeoJSON `MultiPolygon`; null where nobody says.
    pub outline: Option<Vec<Vec<Vec<[f64; 2]>>>>,
    /// Its tubes by the time from the first swab to the result, in half hours.
    pub half_hours: Vec<f64>,
    /// Those of them whose result comes too late: after the hours that a tube has, or after results are due.
    pub late: f64,
    /// Those that get no result: nobody fetches them, they never reach a lab, or it does not come to them.
    pub untested: f64,
}

/// A lab.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct MapLab {
    /// Its name.
    pub name: String,
    /// Where it stands, in degrees.
    pub latitude: f64,
    /// Likewise.
    pub longitude: f64,
    /// It is in another city.
    pub away: bool,
    /// When it starts batches where it is to stand, in minutes after the opening.
    pub open_min: Vec<[f64; 2]>,
}

/// A site, in the file an array: name, district, latitude, longitude, tubes, hours of its oldest tube. Nine thousand of them are
/// half the file as they are.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(from = "Row", into = "Row")]
pub struct MapSite {
    /// Its name.
    pub name: String,
    /// Its district.
    pub district: u32,
    /// In degrees.
    pub latitude: f64,
    /// In degrees.
    pub longitude: f64,
    /// Tubes that are to be expected.
    pub tubes: f64,
    /// Hours from the first swab to the result of the one that takes longest; null where none has a result.
    pub oldest_h: Option<f64>,
}

type Row = (String, u32, f64, f64, f64, Option<f64>);

impl From<Row> for MapSite {
    fn from((name, district, latitude, longitude, tubes, oldest_h): Row) -> MapSite {
        MapSite { name, district, latitude, longitude, tubes, oldest_h }
    }
}

impl From<MapSite> for Row {
    fn from(of: MapSite) -> Row {
        (of.name, of.district, of.latitude, of.longitude, of.tubes, of.oldest_h)
    }
}

/// Tubes of a district for a lab.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct MapFlow {
    /// The district.
    pub district: u32,
    /// The lab.
    pub lab: u32,
    /// Tubes that come there, by hour after the opening.
    pub brought: Vec<f64>,
}

/// Five digits of a degree are a metre.
fn degrees(of: f64) -> f64 {
    (of * 1e5).round() / 1e5
}

fn tenths(of: f64) -> f64 {
    (of * 10.0).round() / 10.0
}

/// Adds to the place of a list, which grows as far as that.
fn add(list: &mut Vec<f64>, place: usize, tubes: f64) {
    list.resize(list.len().max(place + 1), 0.0);
    list[place] += tubes;
}

fn outline(of: &District) -> Option<Vec<Vec<Vec<[f64; 2]>>>> {
    let point = |at: &Position| [degrees(at.longitude), degrees(at.latitude)];
    let ring = |ring: &Vec<Position>| ring.iter().map(point).collect();
    let area = |area: &Vec<Vec<Position>>| area.iter().map(ring).collect();
    (!of.outline.is_empty()).then(|| of.outline.iter().map(area).collect())
}

/// What a replay shows of a plan's tubes, where they come from.
struct Sums {
    districts: Vec<MapDistrict>,
    flows: BTreeMap<(u32, u32), Vec<f64>>,
    /// The oldest tube of each site.
    oldest_h: Vec<f64>,
}

impl Sums {
    fn add(&mut self, of: &Tested, district: u32) {
        let flow = self.flows.entry((district, of.lab)).or_default();
        add(flow, (of.at_min.max(0.0) / 60.0) as usize, of.tubes);
        let district = &mut self.districts[district as usize];
        if of.elapsed_h.is_finite() {
            add(&mut district.half_hours, (of.elapsed_h.max(0.0) * 2.0) as usize, of.tubes);
            let oldest = &mut self.oldest_h[of.site as usize];
            *oldest = oldest.max(of.elapsed_h);
            district.late += if of.late { of.tubes } else { 0.0 };
        }
    }
}

/// The map of a plan.
pub(super) fn map(planned: &PlannedCity) -> Map {
    let (city, task) = (&planned.city, &planned.task);
    let within_h = task.within_min / 60.0;
    let district = |of: &District| MapDistrict {
        name: of.name.clone(),
        latitude: of.centre.map(|at| degrees(at.latitude)),
        longitude: of.centre.map(|at| degrees(at.longitude)),
        radius_km: of.radius_km,
        outline: outline(of),
        half_hours: Vec::new(),
        late: 0.0,
        untested: 0.0,
    };
    let mut sums = Sums {
        districts: city.districts.iter().map(district).collect(),
        flows: BTreeMap::new(),
        oldest_h: vec![f64::NEG_INFINITY; city.sites.len()],
    };
    for of in &planned.checked.tested {
        sums.add(of, city.sites[of.site as usize].district);
    }
    for (of, task) in city.sites.iter().zip(&task.sites) {
        sums.districts[of.district as usize].untested += task.tubes.iter().sum::<f64>();
    }
    for of in &mut sums.districts {
        of.untested = (of.untested - of.half_hours.iter().sum::<f64>()).max(0.0);
        of.half_hours.iter_mut().for_each(|tubes| *tubes = tenths(*tubes));
        (of.late, of.untested) = (tenths(of.late), tenths(of.untested));
    }
    let site = |((of, task), &oldest): ((&domain::city::CitySite, &couriers::Site), &f64)| MapSite {
        name: of.name.clone(),
        district: of.district,
        latitude: degrees(task.position.latitude),
        longitude: degrees(task.position.longitude),
        tubes: tenths(task.tubes.iter().sum()),
        oldest_h: oldest.is_finite().then(|| tenths(oldest)),
    };
    let places = &planned.rounds().places;
    let lab = |(number, of): (usize, &couriers::Lab)| {
        let place = places.get(number).copied().unwrap_or(0) as usize;
        let place = of.places.get(place).or_else(|| of.places.first());
        let at = place.map_or(Position { latitude: 0.0, longitude: 0.0 }, |place| place.position);
        let ready = place.map_or(0.0, |place| place.ready_min);
        let open = of.open_min.iter().map(|&[from, until]| [from.max(ready), until]);
        MapLab {
            name: planned.lab(number as u32),
            latitude: degrees(at.latitude),
            longitude: degrees(at.longitude),
            away: of.away.is_some(),
            open_min: open.filter(|[from, until]| from < until).map(|open| open.map(tenths)).collect(),
        }
    };
    let flow = |((district, lab), brought): ((u32, u32), Vec<f64>)| MapFlow {
        district,
        lab,
        brought: brought.into_iter().map(tenths).collect(),
    };
    Map {
        city: city.name.clone(),
        opens: minute(city.round.opens),
        within_h: tenths(within_h),
        due_min: tenths(task.due_min),
        districts: sums.districts,
        labs: task.labs.iter().enumerate().map(lab).collect(),
        sites: city.sites.iter().zip(&task.sites).zip(&sums.oldest_h).map(site).collect(),
        flows: sums.flows.into_iter().map(flow).collect(),
    }
}

fn minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}
