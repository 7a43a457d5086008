//! The site as it is lived from a moment on: whoever stands at a station already has a class that enters there.

use super::{Midway, Standing};
use crate::compile::compile;
use chance::Ticks;
use domain::{Mark, Scenario};
use queueing::{Class, Model, Servers};

/// Which class somebody has.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    /// Names of those who come from outside.
    names: Vec<String>,
    /// (class from outside, station, 65,536ths of the service that are left) and the class of those who stand there.
    standing: Vec<((u8, usize, u32), u8)>,
    /// Whoever is imagined: takes next to no time from anybody.
    pub imagined: u8,
}

/// So much of a service is left to whoever is being served: steps of an eighth are fine enough for times of seconds.
const PARTS: f64 = 8.0;
const WHOLE: u32 = 1 << 16;

pub(super) fn site(scenario: &Scenario, midway: &Midway) -> (Model, Classes) {
    let mut compiled = compile(scenario);
    let model = &mut compiled.model;
    model.warmup = 0;
    close(model, midway.at);
    let mut classes = Classes { names: compiled.class_names, standing: Vec::new(), imagined: 0 };
    let of_visitors = midway.classes.iter().map(|(name, _)| name);
    for name in of_visitors.chain(midway.standing.iter().map(|of| &of.class)) {
        if Mark::names_green(name) && !classes.names.contains(name) {
            classes.names.push(name.clone());
            let priority = if scenario.site.green_channel { 0 } else { 1 };
            add(model, 0, Class { priority, watched: true, ..Class::COMMON });
        }
    }
    for standing in &midway.standing {
        let key = classes.key(standing);
        if classes.standing.iter().any(|(known, _)| *known == key) || model.classes.len() >= CLASSES_MAX {
            continue;
        }
        let (class, station, left) = key;
        let of = model.classes[usize::from(class)];
        let factor = (u64::from(of.factor) * u64::from(left) / u64::from(WHOLE)).max(1) as u32;
        let enters = u8::try_from(station).expect("a site has 64 stations at most");
        let place = add(model, usize::from(class), Class { enters, factor, ..of });
        classes.standing.push((key, place));
    }
    classes.imagined = add(model, 0, Class { factor: 1, ..Class::COMMON });
    (compiled.model, classes)
}

/// The last class is left for whoever is imagined; the rare person beyond stands as one of the first class.
const CLASSES_MAX: usize = 250;

fn add(model: &mut Model, like: usize, class: Class) -> u8 {
    let place = u8::try_from(model.classes.len()).expect("a model has 256 classes at most");
    model.classes.push(class);
    for station in &mut model.stations {
        let routes = station.routes[like].clone();
        station.routes.push(routes);
    }
    place
}

/// Nobody begins after closing; whoever stands at a later station is served. So the first station's servers go home,
/// instead of the site's closing, which knows no one who is halfway.
fn close(model: &mut Model, at: Ticks) {
    let Some(closes) = model.closes.take() else { return };
    if let Some(Servers::Calendar(calendar)) = model.stations.first_mut().map(|first| &mut first.servers) {
        let closes = closes.max(at);
        calendar.retain(|&(from, _)| from < closes);
        calendar.push((closes, 0));
    }
}

impl Classes {
    fn key(&self, standing: &Standing) -> (u8, usize, u32) {
        let parts = (standing.left.clamp(0.0, 1.0) * PARTS + 0.5) as u32;
        (self.of(&standing.class), standing.station, parts.max(1) * (WHOLE / PARTS as u32))
    }

    /// Of somebody who comes from outside.
    pub(super) fn of(&self, name: &str) -> u8 {
        self.names.iter().position(|known| known == name).map_or(0, |place| place as u8)
    }

    /// Of somebody who stands at a station.
    pub(super) fn of_standing(&self, standing: &Standing) -> u8 {
        let key = self.key(standing);
        self.standing.iter().find(|(known, _)| *known == key).map_or(key.0, |&(_, class)| class)
    }
}
