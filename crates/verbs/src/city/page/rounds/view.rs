//! Rounds of couriers, as a page draws them.

use super::RoundsDocument;
use crate::{
    city::{
        page::Sees,
        rounds::{Map, MapBrought, MapFlow, MapSite, RoundFile, StopFile},
    },
    clock::after,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Hours of a plan that are drawn: four days.
const HOURS_MAX: usize = 96;

/// Rounds as they are drawn. Numbers of districts, labs and sites are places in these lists.
#[derive(Clone, Debug, Serialize)]
pub(in crate::city::page) struct RoundsView {
    city: String,
    /// Clock of each hour that is drawn.
    hours: Vec<String>,
    due: String,
    districts: Vec<DistrictView>,
    labs: Vec<LabView>,
    sites: Vec<SiteView>,
    flows: Vec<FlowView>,
    clocks: Clocks,
    /// The one with the oldest tube first.
    rounds: Vec<RoundView>,
    transfers: Vec<TransferView>,
    unserved: Vec<String>,
    sentences: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct DistrictView {
    name: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    radius_km: f64,
    outline: Option<Vec<Vec<Vec<[f64; 2]>>>>,
    sites: usize,
    tubes: f64,
    /// Hours of its oldest tube.
    oldest_h: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
struct LabView {
    name: String,
    latitude: f64,
    longitude: f64,
    away: bool,
    /// Whether all that comes there is shown, or a part.
    whole: bool,
    tubes: f64,
    /// Of what it can test until results are due; null where it can test nothing, and for whoever sees a part of what comes there.
    share: Option<f64>,
    brought: Vec<f64>,
    capacity: Vec<f64>,
    /// Most tubes that wait there; null for whoever sees a part of them.
    waiting_max: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
struct SiteView {
    name: String,
    district: usize,
    latitude: f64,
    longitude: f64,
    tubes: f64,
    /// The lab to which its last tubes go: where a plan was changed, the one that goes on. Null where nobody comes any more.
    lab: Option<usize>,
}

#[derive(Clone, Debug, Serialize)]
struct FlowView {
    district: usize,
    lab: usize,
    tubes: f64,
}

/// How old tubes are when their result is there.
#[derive(Clone, Debug, Default, Serialize)]
struct Clocks {
    within_h: f64,
    /// Tubes by half hours.
    half_hours: Vec<f64>,
    tubes: f64,
    late: f64,
    untested: f64,
    /// Half of them, and 95 in 100, are no older; to the half hour above. Null where so many get no result.
    p50_h: Option<f64>,
    p95_h: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
struct RoundView {
    /// From 1, as drivers have it.
    number: usize,
    lab: usize,
    ends: usize,
    vehicles: u32,
    minutes: f64,
    departs: Vec<String>,
    /// When each of them is back with its boxes.
    arrives: Vec<String>,
    oldest_h: Option<f64>,
    /// Whether that is more than a tube has.
    too_old: bool,
    stops: Vec<StopView>,
}

#[derive(Clone, Debug, Serialize)]
struct StopView {
    site: usize,
    /// When the first round comes there.
    first: String,
    boxes: u32,
    /// Of that site, all that come to the round's lab.
    tubes: f64,
}

#[derive(Clone, Debug, Serialize)]
struct TransferView {
    /// Null where that lab is not theirs.
    from: Option<usize>,
    to: usize,
    departs: String,
    arrives: String,
    tubes: f64,
    /// By when the lab must have been told.
    told_by: String,
}

/// Numbers as they were → as they are in what is shown.
struct Numbers(Vec<Option<usize>>);

impl Numbers {
    fn of(kept: impl Iterator<Item = bool>) -> Numbers {
        let mut next = 0;
        Numbers(
            kept.map(|kept| {
                kept.then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect(),
        )
    }

    fn get(&self, before: u32) -> Option<usize> {
        self.0.get(before as usize).copied().flatten()
    }
}

/// What somebody may see of a plan: of each district and lab whether it is theirs. What is shown is theirs tube by tube, of their district
/// or for their lab, and every sum is one of these alone.
struct Part<'a> {
    map: &'a Map,
    districts: Vec<bool>,
    labs: Vec<bool>,
}

impl<'a> Part<'a> {
    fn of(map: &'a Map, sees: &Sees) -> Part<'a> {
        Part {
            map,
            districts: map.districts.iter().map(|of| sees.district(&of.name)).collect(),
            labs: map.labs.iter().map(|of| sees.lab(&of.name)).collect(),
        }
    }

    fn district(&self, number: u32) -> bool {
        self.districts[number as usize]
    }

    fn lab(&self, number: u32) -> bool {
        self.labs[number as usize]
    }

    /// Whether a district's tubes for a lab are shown.
    fn flow(&self, of: &MapFlow) -> bool {
        self.district(of.district) || (self.lab(of.lab) && sum(of) > 0.0)
    }

    /// What is shown of a site's tubes, by lab.
    fn brought<'b>(&'b self, site: &'b MapSite) -> impl Iterator<Item = &'b MapBrought> {
        site.brought.iter().filter(|of| self.district(site.district) || (self.lab(of.lab) && of.tubes > 0.0))
    }

    /// Whether a site is shown.
    fn site(&self, site: &MapSite) -> bool {
        self.district(site.district) || self.brought(site).next().is_some()
    }

    /// Whether a stop is theirs: at a site of their district, or with tubes for a lab that is theirs.
    fn stop(&self, site: &MapSite, lab: u32) -> bool {
        self.district(site.district) || self.brought(site).any(|of| of.lab == lab)
    }

    /// Tubes of a site that are shown.
    fn tubes(&self, site: &MapSite) -> f64 {
        if self.district(site.district) { site.tubes } else { self.brought(site).map(|of| of.tubes).sum() }
    }

    fn oldest_h(&self, site: &MapSite) -> Option<f64> {
        self.brought(site).filter_map(|of| of.oldest_h).reduce(f64::max)
    }
}

fn sum(flow: &MapFlow) -> f64 {
    flow.brought.iter().sum()
}

/// What somebody may see of rounds.
pub(in crate::city::page) fn view(of: &RoundsDocument, sees: &Sees) -> RoundsView {
    let map = &of.map;
    let opens = of.opens().unwrap_or_default();
    let part = Part::of(map, sees);
    let sites = Numbers::of(map.sites.iter().map(|site| part.site(site)));
    let flows: Vec<&MapFlow> = map.flows.iter().filter(|flow| part.flow(flow)).collect();
    let shown = map.sites.iter().filter(|site| part.site(site)).map(|site| site.district);
    let shown: BTreeSet<u32> = shown.chain(flows.iter().map(|flow| flow.district)).collect();
    let districts = (0u32..).zip(&map.districts);
    let districts =
        Numbers::of(districts.map(|(number, _)| part.district(number) || shown.contains(&number)));
    let numbers: BTreeMap<&str, u32> = map.labs.iter().map(|lab| lab.name.as_str()).zip(0..).collect();
    let number = |name: &str| numbers.get(name).copied().unwrap_or(0);
    let site = |stop: &StopFile| &map.sites[stop.number as usize - 1];

    // Who holds a lab is told of the rounds that end at its door; what comes by way of another lab comes by truck.
    let stops_shown = |round: &RoundFile, stop: &StopFile| {
        let (lab, ends) = (number(&round.lab), number(&round.ends));
        part.district(site(stop).district) || (part.lab(ends) && part.stop(site(stop), lab))
    };
    let driven = of.rounds.iter().filter(|round| round.stops.iter().any(|stop| stops_shown(round, stop)));
    let driven: BTreeSet<u32> = driven
        .flat_map(|round| [&round.ends, &round.lab])
        .map(|name| number(name))
        .chain(flows.iter().map(|flow| flow.lab))
        .collect();
    let labs = Numbers::of((0u32..).zip(&map.labs).map(|(lab, _)| part.lab(lab) || driven.contains(&lab)));
    let lab = |name: &str| labs.get(number(name));
    let clock = |minutes: f64| after(opens, minutes);

    // By site: when its last round leaves, and to which lab.
    let mut last: Vec<Option<(f64, u32)>> = vec![None; map.sites.len()];
    let mut rounds = Vec::new();
    for (place, round) in (1..).zip(&of.rounds) {
        let to = number(&round.lab);
        for stop in round.stops.iter().filter(|stop| part.stop(site(stop), to)) {
            let leaves = round.departs_min.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let last = &mut last[stop.number as usize - 1];
            if last.is_none_or(|(before, _)| before <= leaves) {
                *last = Some((leaves, to));
            }
        }
        let stops: Vec<&StopFile> = round.stops.iter().filter(|stop| stops_shown(round, stop)).collect();
        let (Some(lab), Some(ends), false) = (lab(&round.lab), lab(&round.ends), stops.is_empty()) else {
            continue;
        };
        let to_it = |stop: &StopFile| site(stop).brought.iter().find(|of| of.lab == to);
        // A stop from which nothing comes there any more is as old as what others fetch.
        let oldest =
            |stop: &&StopFile| to_it(stop).map_or_else(|| part.oldest_h(site(stop)), |of| of.oldest_h);
        let oldest_h = stops.iter().filter_map(oldest).reduce(f64::max);
        let leaves = round.departs_min.first().copied().unwrap_or(0.0);
        let clocks =
            |later: f64| round.departs_min.iter().map(|&minutes| clock(minutes + later)).collect::<Vec<_>>();
        rounds.push(RoundView {
            number: place,
            lab,
            ends,
            vehicles: round.vehicles,
            minutes: round.back_min.round(),
            departs: clocks(0.0),
            arrives: clocks(round.back_min),
            oldest_h,
            too_old: oldest_h.is_none_or(|hours| hours > map.within_h),
            stops: stops
                .into_iter()
                .filter_map(|stop| {
                    Some(StopView {
                        site: sites.get(stop.number - 1)?,
                        first: clock(leaves + stop.after_min),
                        boxes: stop.boxes,
                        tubes: to_it(stop).map_or(0.0, |of| of.tubes).round(),
                    })
                })
                .collect(),
        });
    }
    let age = |hours: Option<f64>| hours.unwrap_or(f64::INFINITY);
    rounds.sort_by(|one, other| age(other.oldest_h).total_cmp(&age(one.oldest_h)));

    let hours = hours_drawn(&flows);
    let unserved = Unserved::of(of);
    let left_behind = (0u32..).zip(&map.districts).filter(|(number, _)| part.district(*number));
    let left_behind = left_behind.map(|(_, district)| district.left_behind).sum();
    RoundsView {
        city: map.city.clone(),
        hours: (0..hours).map(|hour| clock(60.0 * hour as f64)).collect(),
        due: clock(map.due_min),
        clocks: clocks(map.within_h, &flows, left_behind),
        districts: district_views(&part, &districts),
        labs: lab_views(of, &labs, &flows, hours, &part),
        sites: map
            .sites
            .iter()
            .zip(last)
            .filter(|(site, _)| part.site(site))
            .filter_map(|(site, last)| {
                let last = last.map(|(_, lab)| lab);
                // That nobody comes there any more is told to the district, not to a lab to which it sent tubes before.
                let lab = if part.district(site.district) {
                    last.filter(|_| !unserved.all_of(&site.name))
                } else {
                    last.or_else(|| part.brought(site).next().map(|of| of.lab))
                };
                Some(SiteView {
                    name: site.name.clone(),
                    district: districts.get(site.district)?,
                    latitude: site.latitude,
                    longitude: site.longitude,
                    tubes: part.tubes(site),
                    lab: lab.and_then(|lab| labs.get(lab)),
                })
            })
            .collect(),
        flows: flows
            .iter()
            .filter_map(|flow| {
                let (district, lab) = (districts.get(flow.district)?, labs.get(flow.lab)?);
                Some(FlowView { district, lab, tubes: sum(flow).round() })
            })
            .collect(),
        rounds,
        transfers: of
            .transfers
            .iter()
            .filter(|of| part.lab(number(&of.to)))
            .filter_map(|of| {
                Some(TransferView {
                    from: lab(&of.from).filter(|_| part.lab(number(&of.from))),
                    to: lab(&of.to)?,
                    departs: clock(of.departs_min),
                    arrives: clock(of.arrives_min),
                    tubes: of.tubes,
                    told_by: clock(of.notify_by_min),
                })
            })
            .collect(),
        unserved: unserved.seen(of, sees),
        sentences: if sees.all() { of.findings.clone() } else { Vec::new() },
    }
}

/// Sites that nobody comes to any more, by name: how often each stands there, and the districts of the sites that are called so.
struct Unserved<'a>(BTreeMap<&'a str, (usize, Vec<u32>)>);

impl<'a> Unserved<'a> {
    fn of(of: &'a RoundsDocument) -> Unserved<'a> {
        let mut names: BTreeMap<&str, (usize, Vec<u32>)> = BTreeMap::new();
        for name in &of.unserved {
            names.entry(name).or_default().0 += 1;
        }
        for site in &of.map.sites {
            if let Some((_, districts)) = names.get_mut(site.name.as_str()) {
                districts.push(site.district);
            }
        }
        Unserved(names)
    }

    /// Whether all sites of this name are among them.
    fn all_of(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|(times, districts)| *times >= districts.len())
    }

    /// Those that somebody may see. A name alone tells no district where two have the same: then it is nobody's but the city's.
    fn seen(&self, of: &RoundsDocument, sees: &Sees) -> Vec<String> {
        let own = |district: &u32| sees.district(&of.map.districts[*district as usize].name);
        let is_own: BTreeMap<&str, bool> = self
            .0
            .iter()
            .map(|(&name, (_, districts))| (name, !districts.is_empty() && districts.iter().all(own)))
            .collect();
        of.unserved.iter().filter(|name| sees.all() || is_own[name.as_str()]).cloned().collect()
    }
}

/// As far as anything is brought.
fn hours_drawn(flows: &[&MapFlow]) -> usize {
    let last = flows.iter().filter_map(|flow| flow.brought.iter().rposition(|tubes| *tubes > 0.0));
    last.max().map_or(0, |last| (last + 1).min(HOURS_MAX))
}

/// Districts that are shown, with what is shown of their sites.
fn district_views(part: &Part<'_>, shown: &Numbers) -> Vec<DistrictView> {
    let mut views: Vec<DistrictView> = (0u32..)
        .zip(&part.map.districts)
        .filter(|(number, _)| shown.get(*number).is_some())
        .map(|(_, district)| DistrictView {
            name: district.name.clone(),
            latitude: district.latitude,
            longitude: district.longitude,
            radius_km: district.radius_km,
            outline: district.outline.clone(),
            sites: 0,
            tubes: 0.0,
            oldest_h: None,
        })
        .collect();
    for site in part.map.sites.iter().filter(|site| part.site(site)) {
        let Some(number) = shown.get(site.district) else { continue };
        let view = &mut views[number];
        view.sites += 1;
        view.tubes += part.tubes(site);
        view.oldest_h = [view.oldest_h, part.oldest_h(site)].into_iter().flatten().reduce(f64::max);
    }
    views.iter_mut().for_each(|view| view.tubes = view.tubes.round());
    views
}

/// Labs that are shown, with what these flows bring there: to one that is theirs, all that comes.
fn lab_views(
    of: &RoundsDocument,
    shown: &Numbers,
    flows: &[&MapFlow],
    hours: usize,
    part: &Part<'_>,
) -> Vec<LabView> {
    let mut brought: Vec<(f64, Vec<f64>)> = vec![(0.0, vec![0.0; hours]); of.labs.len()];
    for flow in flows {
        let (all, by_hour) = &mut brought[flow.lab as usize];
        *all += sum(flow);
        by_hour.iter_mut().zip(&flow.brought).for_each(|(sum, tubes)| *sum += tubes);
    }
    let labs = (0u32..).zip(of.labs.iter().zip(&of.map.labs)).zip(brought);
    let labs = labs.filter(|((number, _), _)| shown.get(*number).is_some());
    labs.map(|((number, (lab, place)), (tubes, brought))| {
        let open = |from: f64, until: f64| -> f64 {
            let shared = |&[opens, closes]: &[f64; 2]| (closes.min(until) - opens.max(from)).max(0.0);
            place.open_min.iter().map(shared).sum::<f64>() / 60.0 * lab.tubes_per_hour
        };
        let capacity = |hour: usize| open(60.0 * hour as f64, 60.0 * (hour + 1) as f64).round();
        let all = open(0.0, of.map.due_min);
        let whole = part.lab(number);
        LabView {
            name: lab.name.clone(),
            latitude: place.latitude,
            longitude: place.longitude,
            away: place.away,
            whole,
            tubes: tubes.round(),
            share: (whole && all > 0.0).then(|| tubes / all),
            brought: brought.into_iter().map(f64::round).collect(),
            capacity: (0..hours).map(capacity).collect(),
            waiting_max: whole.then_some(lab.waiting_max),
        }
    })
    .collect()
}

/// Clocks of these tubes, with those that come to no lab.
fn clocks(within_h: f64, flows: &[&MapFlow], left_behind: f64) -> Clocks {
    let mut all = Clocks { within_h, tubes: left_behind, untested: left_behind, ..Clocks::default() };
    for of in flows {
        let places = all.half_hours.len().max(of.half_hours.len()).min(2 * HOURS_MAX);
        all.half_hours.resize(places, 0.0);
        all.half_hours.iter_mut().zip(&of.half_hours).for_each(|(sum, tubes)| *sum += tubes);
        all.tubes += of.half_hours.iter().sum::<f64>() + of.untested;
        all.late += of.late;
        all.untested += of.untested;
    }
    let reached = |share: f64| {
        let mut below = 0.0;
        let place = all.half_hours.iter().position(|tubes| {
            below += tubes;
            below > 0.0 && below >= share * all.tubes
        });
        place.map(|place| 0.5 * (place + 1) as f64)
    };
    (all.p50_h, all.p95_h) = (reached(0.5), reached(0.95));
    [&mut all.tubes, &mut all.late, &mut all.untested].into_iter().for_each(|sum| *sum = sum.round());
    all.half_hours.iter_mut().for_each(|tubes| *tubes = tubes.round());
    all
}
