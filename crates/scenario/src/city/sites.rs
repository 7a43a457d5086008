//! `sites.csv`: each row a site of one of the shapes, with what it has of its own.

use super::{made, tables};
use crate::{
    checks,
    clock::{Clock, ticks_after},
    reader::{Context, nearest},
    sheet::Grouped,
    tables::Cells,
};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::{
    City,
    city::{CitySite, District, Shape},
    scenario::{Calendar, Servers, Site, Station},
};
use std::{collections::BTreeMap, fmt::Display};

/// Servers of one station in one lane.
const SERVERS_MAX: u32 = 10_000;
/// An hour.
const HOUR: Ticks = 3_600 * TICKS_PER_SECOND;

/// Reads all sites of the table; false if there is none.
pub(super) fn read(context: &Context<'_>, city: &mut City, progress: &mut dyn FnMut(u64, u64)) -> bool {
    let Some((file, bytes)) = tables::file(context, "sites") else { return false };
    let mut notes = Grouped::new(&file);
    let mut rows = Rows {
        places: city.districts.len() > 1 || city.districts[0].centre.is_some(),
        districts: named(&city.districts),
        shapes: BTreeMap::new(),
        plain: city.shapes.len(),
        hours: city.arrivals.share_per_hour.len() as Ticks * HOUR,
        city,
    };
    super::super::tables::read(tables::table("sites"), bytes, &mut notes, progress, &mut |cells, notes| {
        rows.take(cells, notes);
    });
    context.take_over(notes.finish());
    for district in &mut city.districts {
        district.residents = 0;
    }
    for (number, site) in (0u32..).zip(&mut city.sites) {
        let district = &mut city.districts[site.district as usize];
        district.residents += u64::from(site.residents);
        if site.position.is_none()
            && let Some(centre) = district.centre
        {
            site.position = Some(made::around(centre, district.radius_km, number));
        }
    }
    true
}

fn named(districts: &[District]) -> BTreeMap<String, u32> {
    districts.iter().zip(0u32..).map(|(district, number)| (district.name.clone(), number)).collect()
}

/// What a row has of its own, apart from its shape.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Own {
    shape: usize,
    lanes: u16,
    servers: Vec<Option<u32>>,
    opens: Ticks,
    closes: Option<Ticks>,
}

struct Rows<'c> {
    city: &'c mut City,
    /// Whether districts are those of `places.csv`.
    places: bool,
    districts: BTreeMap<String, u32>,
    /// Shapes that rows have made, by what is their own.
    shapes: BTreeMap<Own, (u32, Option<(f64, String)>)>,
    /// How many shapes the file has.
    plain: usize,
    /// Ticks in which people come.
    hours: Ticks,
}

impl Rows<'_> {
    fn take(&mut self, cells: &Cells<'_>, notes: &mut Grouped) {
        let name = cells.text("site").to_owned();
        let (Some(district), Some(own)) = (self.district(cells, notes), self.own(cells, notes)) else {
            return;
        };
        let residents = cells.whole("residents").unwrap_or(0);
        let people = f64::from(residents) * self.city.arrivals.share();
        let (shape, most) = self.shape(own);
        let is_read = !cells.noted(&["residents", "lanes", "staff", "opens", "closes"]);
        if let Some((most, station)) = most.as_ref().filter(|(most, _)| is_read && people > *most) {
            let (people, most) = (people.ceil(), most.floor());
            let args: [(&str, &dyn Display); 3] =
                [("people", &people), ("most", &most), ("station", station)];
            notes.warning(Some(cells.number()), cells.heading("residents"), "city_site_overloaded", &args);
        }
        self.city.sites.push(CitySite {
            name,
            district,
            shape,
            residents,
            position: tables::position(cells, notes),
        });
    }

    fn district(&mut self, cells: &Cells<'_>, notes: &mut Grouped) -> Option<u32> {
        let name = cells.text("district");
        if name.is_empty() {
            return Some(0);
        }
        if let Some(&number) = self.districts.get(name) {
            return Some(number);
        }
        if self.places {
            let known: Vec<&str> = self.districts.keys().map(String::as_str).collect();
            let near = nearest(name, &known).unwrap_or(known[0]);
            let args: [(&str, &dyn Display); 2] = [("name", &name), ("near", &near)];
            notes.error(Some(cells.number()), cells.heading("district"), "city_district_unknown", &args);
            return None;
        }
        let number = self.districts.len() as u32;
        // The one district that stands for the whole city gives way to the first that is named.
        if self.city.sites.is_empty() && number == 1 {
            self.city.districts.clear();
            self.districts.clear();
        }
        let number = self.districts.len() as u32;
        self.districts.insert(name.to_owned(), number);
        self.city.districts.push(District::new(name));
        Some(number)
    }

    /// The row's shape with what is its own; `None` once it is noted what is wrong.
    fn own(&self, cells: &Cells<'_>, notes: &mut Grouped) -> Option<Own> {
        let number = Some(cells.number());
        let word = cells.text("shape");
        let shapes = &self.city.shapes[..self.plain];
        let shape = match word {
            "" => 0,
            _ => match shapes.iter().position(|shape| shape.name == word) {
                Some(shape) => shape,
                None => {
                    let known: Vec<&str> = shapes.iter().map(|shape| shape.name.as_str()).collect();
                    let list = known.join(", ");
                    let near = nearest(word, &known).unwrap_or(known[0]);
                    let args: [(&str, &dyn Display); 3] =
                        [("name", &word), ("near", &near), ("known", &list)];
                    notes.error(number, cells.heading("shape"), "city_shape_unknown", &args);
                    return None;
                }
            },
        };
        let shape_of = &shapes[shape];
        let servers = servers(cells, &shape_of.site, notes)?;
        let lanes = lanes(cells, &shape_of.site, &servers, notes)?;
        let opens = self.moment(cells, "opens").unwrap_or(shape_of.opens);
        let closes = self.moment(cells, "closes").or(shape_of.closes);
        if opens < 0 {
            notes.error(number, cells.heading("opens"), "city_before_opening", &[]);
            return None;
        }
        if closes.is_some_and(|closes| closes <= opens) && !cells.noted(&["opens", "closes"]) {
            let column = if cells.text("closes").is_empty() { "opens" } else { "closes" };
            notes.error(number, cells.heading(column), "city_site_closes_first", &[]);
            return None;
        }
        Some(Own { shape, lanes, servers, opens, closes })
    }

    fn moment(&self, cells: &Cells<'_>, column: &str) -> Option<Ticks> {
        let text = cells.text(column);
        let opening = self.city.round.opens;
        if text == "24:00" {
            return Some(ticks_after(
                opening,
                opening.date().tomorrow().ok()?.to_datetime(Default::default()),
            ));
        }
        let text = text.replace('/', "-");
        Clock::parse(&text).map(|clock| ticks_after(opening, clock.on(opening.date())))
    }

    /// The number of the shape, and the most people whom it can serve in the hours in which they come.
    fn shape(&mut self, own: Own) -> (u32, &Option<(f64, String)>) {
        let (city, hours) = (&mut *self.city, self.hours);
        let entry = self.shapes.entry(own);
        let own = entry.key().clone();
        let (number, most) = entry.or_insert_with(|| {
            let base = &city.shapes[own.shape];
            let mut site = Site { lanes: own.lanes, ..base.site.clone() };
            for (station, servers) in site.stations.iter_mut().zip(&own.servers) {
                if let Some(servers) = servers {
                    station.servers = Servers::Calendar(Calendar(vec![(0, *servers)]));
                }
            }
            let shape = Shape { name: base.name.clone(), site, opens: own.opens, closes: own.closes };
            let until = shape.closes.map_or(hours, |closes| closes - shape.opens);
            let most = checks::people_at_most(&shape.site, until);
            let most = most.map(|(most, station)| (most, station.to_owned()));
            let same = city.shapes.iter().position(|other| *other == shape);
            let number = same.unwrap_or_else(|| {
                city.shapes.push(shape);
                city.shapes.len() - 1
            });
            (number as u32, most)
        });
        (*number, most)
    }
}

/// `registration 2; sampling 4`: servers in each lane, by the stations' names.
fn servers(cells: &Cells<'_>, site: &Site, notes: &mut Grouped) -> Option<Vec<Option<u32>>> {
    let mut servers = vec![None; site.stations.len()];
    let text = cells.text("servers");
    for part in text.split([';', '；']).map(str::trim).filter(|part| !part.is_empty()) {
        let (name, count) = part.rsplit_once([' ', '=', ':']).unwrap_or((part, ""));
        let name = name.trim_end_matches([' ', '=', ':']);
        let known: Vec<&str> = site.stations.iter().map(|station| station.name.as_str()).collect();
        let place = known.iter().position(|known| *known == name);
        let count = count.parse::<u32>().ok().filter(|count| (1..=SERVERS_MAX).contains(count));
        let (Some(place), Some(count)) = (place, count) else {
            let list = known.join(", ");
            let args: [(&str, &dyn Display); 1] = [("known", &list)];
            notes.error(Some(cells.number()), cells.heading("servers"), "city_site_servers", &args);
            return None;
        };
        servers[place] = Some(count);
    }
    Some(servers)
}

/// Lanes as the row says, or as many as its staff can open, or those of the shape.
fn lanes(cells: &Cells<'_>, site: &Site, servers: &[Option<u32>], notes: &mut Grouped) -> Option<u16> {
    let staff_of = |shared: bool| -> u32 {
        let stations = site.stations.iter().zip(servers).filter(|(station, _)| station.shared == shared);
        stations.map(|(station, own)| own.unwrap_or_else(|| most(station))).sum()
    };
    let (a_lane, shared) = (staff_of(false), staff_of(true));
    let given = cells.whole("lanes");
    let number = Some(cells.number());
    if given == Some(0) {
        notes.error(number, cells.heading("lanes"), "city_site_no_lanes", &[]);
        return None;
    }
    let Some(staff) = cells.whole("staff") else {
        return Some(given.map_or(site.lanes, |lanes| lanes as u16));
    };
    let needs = shared + a_lane * given.unwrap_or(1);
    if staff == 0 || staff < needs {
        let code = if staff == 0 { "city_site_no_staff" } else { "city_site_short_staff" };
        let args: [(&str, &dyn Display); 2] = [("staff", &staff), ("needs", &needs)];
        notes.error(number, cells.heading("staff"), code, &args);
        return None;
    }
    let lanes = given.unwrap_or_else(|| (staff - shared) / a_lane.max(1));
    Some(lanes.clamp(1, 1_000) as u16)
}

/// The most servers that a station ever has.
fn most(station: &Station) -> u32 {
    match &station.servers {
        Servers::Unlimited => 0,
        Servers::Calendar(calendar) => calendar.0.iter().map(|(_, servers)| *servers).max().unwrap_or(0),
    }
}
