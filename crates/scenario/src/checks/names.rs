//! Names resolved to places in lists: stations that routes lead to, stations skipped, classes of routes.

use crate::law::rounded;
use crate::reader::Context;
use crate::site::{SiteDraft, StationDraft};
use crate::visitors::{VisitorDraft, index_of};
use chance::law::SHARES_TOLERANCE;
use domain::Place;
use domain::scenario::{Branch, Site, Target, Visitor};

/// The word for home in routes.
const EXIT: &str = "exit";

/// A site and classes with all names resolved, and where each station and class stands in the file.
pub(crate) struct Resolved {
    pub site: Site,
    pub visitors: Vec<Visitor>,
    pub stations_at: Vec<Place>,
    pub visitors_at: Vec<Place>,
}

/// Resolves all names; one that is unknown is noted and left out.
pub(crate) fn resolve(
    context: &Context<'_>,
    draft: SiteDraft<'_>,
    visitors: Vec<VisitorDraft<'_>>,
) -> Resolved {
    let SiteDraft { mut site, stations } = draft;
    let names: Vec<String> = stations.iter().map(|draft| draft.station.name.clone()).collect();
    for (index, draft) in stations.iter().enumerate() {
        let name = &draft.station.name;
        if name == EXIT {
            context.error(&draft.place, "station_exit", &[]);
        } else if !name.is_empty() && names[..index].contains(name) {
            context.error(&draft.place, "station_twice", &[("name", name)]);
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let classes: Vec<&str> = visitors.iter().map(|draft| draft.visitor.class.as_str()).collect();
    let visitors_at = visitors.iter().map(|draft| draft.place.clone()).collect();
    let stations_at = stations.iter().map(|draft| draft.place.clone()).collect();
    let branches: Vec<Vec<Branch>> =
        stations.iter().map(|station| branches(context, station, &names, &classes)).collect();
    site.stations = stations.into_iter().map(|draft| draft.station).collect();
    for (station, branches) in site.stations.iter_mut().zip(branches) {
        station.next = branches;
    }
    let visitors = visitors
        .into_iter()
        .map(|VisitorDraft { mut visitor, skips, place }| {
            visitor.skips = skips.iter().filter_map(|skip| index_of(skip, &names)).collect();
            visitor.skips.sort_unstable();
            visitor.skips.dedup();
            let starts = |station: &&domain::scenario::Station| {
                station.waiting_at_start > 0 && station.start_class() == visitor.class
            };
            if let Some(station) = site.stations.iter().find(starts) {
                context.error(
                    &place,
                    "class_waiting",
                    &[("class", &visitor.class), ("station", &station.name)],
                );
            }
            if !names.is_empty() && visitor.skips.len() == names.len() {
                context.warning(&place, "class_skips_all", &[("class", &visitor.class)]);
            }
            visitor
        })
        .collect();
    Resolved { site, visitors, stations_at, visitors_at }
}

fn branches(
    context: &Context<'_>,
    draft: &StationDraft<'_>,
    names: &[&str],
    classes: &[&str],
) -> Vec<Branch> {
    let mut branches = Vec::new();
    let mut sound = true;
    for way in &draft.ways {
        let to = if way.to.value.text() == Some(EXIT) {
            Some(Target::Exit)
        } else {
            index_of(&way.to, names).map(Target::Station)
        };
        let class = way.class.as_ref().and_then(|field| {
            let class = field.text()?;
            if !classes.contains(&class) {
                let known = if classes.is_empty() { "–".to_owned() } else { classes.join(", ") };
                field.error("unknown_class", &[("known", &known)]);
                sound = false;
            }
            Some(class.to_owned())
        });
        match to {
            Some(to) => branches.push(Branch { to, share: way.share, class }),
            None => sound = false,
        }
    }
    if sound {
        check_shares(context, draft, &branches);
    }
    branches
}

/// The shares of those without a class, and of each class, sum to 1.
fn check_shares(context: &Context<'_>, draft: &StationDraft<'_>, branches: &[Branch]) {
    let mut seen: Vec<Option<&str>> = Vec::new();
    for (branch, way) in branches.iter().zip(&draft.ways) {
        let class = branch.class.as_deref();
        if seen.contains(&class) {
            continue;
        }
        seen.push(class);
        let sum: f64 =
            branches.iter().filter(|other| other.class.as_deref() == class).map(|other| other.share).sum();
        if (sum - 1.0).abs() > SHARES_TOLERANCE {
            let station = &draft.station.name;
            let sum = rounded(sum);
            match class {
                Some(class) => {
                    let args: [(&'static str, &dyn std::fmt::Display); 3] =
                        [("station", station), ("class", &class), ("sum", &sum)];
                    context.error(&way.place, "route_shares_of_class", &args);
                }
                None => context.error(&way.place, "route_shares", &[("station", station), ("sum", &sum)]),
            }
        }
    }
}
