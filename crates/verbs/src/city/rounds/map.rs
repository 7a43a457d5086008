//! What stands in a plan's file so that it can be drawn: where everything is, whose tubes come to which lab in which hour, and how
//! old they are when their result is there. Each figure is of a site, or of what one district sends to one lab, so that whoever looks
//! after a district or a lab can be given their own.

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
    /// Tubes that come to no lab: nobody fetches them, or they never reach one.
    pub left_behind: f64,
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

/// A site, in the file an array: name, district, latitude, longitude, tubes, and those of each lab to which they come. Nine thousand of
/// them are half the file as they are.
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
    /// What of them comes to a lab, each lab once.
    pub brought: Vec<MapBrought>,
}

type Row = (String, u32, f64, f64, f64, Vec<MapBrought>);

impl From<Row> for MapSite {
    fn from((name, district, latitude, longitude, tubes, brought): Row) -> MapSite {
        MapSite { name, district, latitude, longitude, tubes, brought }
    }
}

impl From<MapSite> for Row {
    fn from(of: MapSite) -> Row {
        (of.name, of.district, of.latitude, of.longitude, of.tubes, of.brought)
    }
}

/// Tubes of a site for a lab, in the file an array, too.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(from = "(u32, f64, Option<f64>)", into = "(u32, f64, Option<f64>)")]
pub struct MapBrought {
    /// The lab.
    pub lab: u32,
    /// Tubes that come there.
    pub tubes: f64,
    /// Hours from the first swab to the result of the one that takes longest; null where none has a result.
    pub oldest_h: Option<f64>,
}

impl From<(u32, f64, Option<f64>)> for MapBrought {
    fn from((lab, tubes, oldest_h): (u32, f64, Option<f64>)) -> MapBrought {
        MapBrought { lab, tubes, oldest_h }
    }
}

impl From<MapBrought> for (u32, f64, Option<f64>) {
    fn from(of: MapBrought) -> Self {
        (of.lab, of.tubes, of.oldest_h)
    }
}

/// Tubes of a district for a lab.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct MapFlow {
    /// The district.
    pub district: u32,
    /// The lab.
    pub lab: u32,
    /// Tubes that come there, by hour after the opening.
    pub brought: Vec<f64>,
    /// The same by the time from the first swab to the result, in half hours.
    pub half_hours: Vec<f64>,
    /// Those of them whose result comes too late: after the hours that a tube has, or after results are due.
    pub late: f64,
    /// Those to which the lab does not come.
    pub untested: f64,
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

/// What a replay shows of a plan's tubes, by where they come from and to which lab they go.
struct Sums {
    flows: BTreeMap<(u32, u32), MapFlow>,
    /// Of each site.
    brought: Vec<BTreeMap<u32, MapBrought>>,
}

impl Sums {
    fn add(&mut self, of: &Tested, district: u32) {
        let new = || MapFlow { district, lab: of.lab, ..MapFlow::default() };
        let flow = self.flows.entry((district, of.lab)).or_insert_with(new);
        add(&mut flow.brought, (of.at_min.max(0.0) / 60.0) as usize, of.tubes);
        let new = MapBrought { lab: of.lab, tubes: 0.0, oldest_h: None };
        let brought = self.brought[of.site as usize].entry(of.lab).or_insert(new);
        brought.tubes += of.tubes;
        if of.elapsed_h.is_finite() {
            add(&mut flow.half_hours, (of.elapsed_h.max(0.0) * 2.0) as usize, of.tubes);
            flow.late += if of.late { of.tubes } else { 0.0 };
            brought.oldest_h = Some(brought.oldest_h.map_or(of.elapsed_h, |oldest| oldest.max(of.elapsed_h)));
        } else {
            flow.untested += of.tubes;
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
        left_behind: 0.0,
    };
    let mut districts: Vec<MapDistrict> = city.districts.iter().map(district).collect();
    let mut sums = Sums { flows: BTreeMap::new(), brought: vec![BTreeMap::new(); city.sites.len()] };
    for of in &planned.checked.tested {
        sums.add(of, city.sites[of.site as usize].district);
    }
    for (of, task) in city.sites.iter().zip(&task.sites) {
        districts[of.district as usize].left_behind += task.tubes.iter().sum::<f64>();
    }
    for flow in sums.flows.values() {
        districts[flow.district as usize].left_behind -= flow.brought.iter().sum::<f64>();
    }
    districts.iter_mut().for_each(|of| of.left_behind = tenths(of.left_behind.max(0.0)));
    let brought = |of: &MapBrought| MapBrought {
        lab: of.lab,
        tubes: tenths(of.tubes),
        oldest_h: of.oldest_h.map(tenths),
    };
    type Of<'a> = ((&'a domain::city::CitySite, &'a couriers::Site), &'a BTreeMap<u32, MapBrought>);
    let site = |((of, task), to): Of<'_>| MapSite {
        name: of.name.clone(),
        district: of.district,
        latitude: degrees(task.position.latitude),
        longitude: degrees(task.position.longitude),
        tubes: tenths(task.tubes.iter().sum()),
        brought: to.values().map(brought).collect(),
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
    let flow = |of: MapFlow| MapFlow {
        brought: of.brought.into_iter().map(tenths).collect(),
        half_hours: of.half_hours.into_iter().map(tenths).collect(),
        late: tenths(of.late),
        untested: tenths(of.untested),
        ..of
    };
    Map {
        city: city.name.clone(),
        opens: minute(city.round.opens),
        within_h: tenths(within_h),
        due_min: tenths(task.due_min),
        districts,
        labs: task.labs.iter().enumerate().map(lab).collect(),
        sites: city.sites.iter().zip(&task.sites).zip(&sums.brought).map(site).collect(),
        flows: sums.flows.into_values().map(flow).collect(),
    }
}

fn minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}
