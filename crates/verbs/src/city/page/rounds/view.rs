//! Rounds of couriers, as a page draws them.

use super::RoundsDocument;
use crate::{
    city::{
        page::Sees,
        rounds::{Map, MapDistrict, MapFlow, RoundFile, StopFile},
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
    /// Whether it is the whole city, or what somebody may see of it.
    whole: bool,
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
    oldest_h: Option<f64>,
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
    starts: usize,
    ends: usize,
    vehicles: u32,
    minutes: f64,
    departs: Vec<String>,
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
}

#[derive(Clone, Debug, Serialize)]
struct TransferView {
    from: usize,
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

/// What somebody may see of rounds.
pub(in crate::city::page) fn view(of: &RoundsDocument, sees: &Sees) -> RoundsView {
    let map = &of.map;
    let opens = of.opens().unwrap_or_default();
    let districts = Numbers::of(map.districts.iter().map(|district| sees.district(&district.name)));
    let sites = Numbers::of(map.sites.iter().map(|site| districts.get(site.district).is_some()));
    let flows: Vec<&MapFlow> =
        map.flows.iter().filter(|flow| districts.get(flow.district).is_some()).collect();
    let numbers: BTreeMap<&str, u32> = map.labs.iter().map(|lab| lab.name.as_str()).zip(0..).collect();
    let stops_here =
        |round: &&RoundFile| round.stops.iter().any(|stop| sites.get(stop.number.wrapping_sub(1)).is_some());
    let driven: BTreeSet<u32> = of
        .rounds
        .iter()
        .filter(stops_here)
        .flat_map(|round| [&round.starts, &round.ends, &round.lab])
        .filter_map(|name| numbers.get(name.as_str()).copied())
        .chain(flows.iter().map(|flow| flow.lab))
        .collect();
    let labs = Numbers::of((0..map.labs.len() as u32).map(|lab| sees.all() || driven.contains(&lab)));
    let lab = |name: &str| numbers.get(name).and_then(|&number| labs.get(number)).unwrap_or(0);
    let clock = |minutes: f64| after(opens, minutes);

    // By site: when its last round leaves, and to which lab.
    let mut last: Vec<Option<(f64, usize)>> = vec![None; map.sites.len()];
    let mut rounds = Vec::new();
    for (number, round) in (1..).zip(&of.rounds) {
        let stops: Vec<(u32, usize, &StopFile)> = round
            .stops
            .iter()
            .filter_map(|stop| Some((stop.number - 1, sites.get(stop.number.wrapping_sub(1))?, stop)))
            .collect();
        if stops.is_empty() {
            continue;
        }
        for &(site, _, _) in &stops {
            let leaves = round.departs_min.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let last = &mut last[site as usize];
            if last.is_none_or(|(before, _)| before <= leaves) {
                *last = Some((leaves, lab(&round.lab)));
            }
        }
        let oldest = stops.iter().filter_map(|&(site, _, _)| map.sites[site as usize].oldest_h);
        let oldest_h = oldest.reduce(f64::max);
        let leaves = round.departs_min.first().copied().unwrap_or(0.0);
        rounds.push(RoundView {
            number,
            lab: lab(&round.lab),
            starts: lab(&round.starts),
            ends: lab(&round.ends),
            vehicles: round.vehicles,
            minutes: round.back_min.round(),
            departs: round.departs_min.iter().map(|&minutes| clock(minutes)).collect(),
            oldest_h,
            too_old: oldest_h.is_none_or(|hours| hours > map.within_h),
            stops: stops
                .into_iter()
                .map(|(_, site, stop)| StopView {
                    site,
                    first: clock(leaves + stop.after_min),
                    boxes: stop.boxes,
                })
                .collect(),
        });
    }
    let age = |hours: Option<f64>| hours.unwrap_or(f64::INFINITY);
    rounds.sort_by(|one, other| age(other.oldest_h).total_cmp(&age(one.oldest_h)));

    let hours = hours_drawn(&flows);
    let unserved = Unserved::of(of);
    let shown = map.districts.iter().zip(0u32..).filter(|(_, number)| districts.get(*number).is_some());
    let shown: Vec<(&MapDistrict, u32)> = shown.collect();
    let sum = |flow: &MapFlow| flow.brought.iter().sum::<f64>();
    RoundsView {
        city: map.city.clone(),
        whole: sees.all(),
        hours: (0..hours).map(|hour| clock(60.0 * hour as f64)).collect(),
        due: clock(map.due_min),
        clocks: clocks(map.within_h, &shown),
        districts: district_views(map, &districts),
        labs: lab_views(of, &labs, &flows, hours, sees.all()),
        sites: map
            .sites
            .iter()
            .enumerate()
            .filter_map(|(number, site)| {
                Some(SiteView {
                    name: site.name.clone(),
                    district: districts.get(site.district)?,
                    latitude: site.latitude,
                    longitude: site.longitude,
                    tubes: site.tubes,
                    oldest_h: site.oldest_h,
                    lab: last[number].filter(|_| !unserved.all_of(&site.name)).map(|(_, lab)| lab),
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
            .filter(|_| sees.all())
            .map(|of| TransferView {
                from: lab(&of.from),
                to: lab(&of.to),
                departs: clock(of.departs_min),
                arrives: clock(of.arrives_min),
                tubes: of.tubes,
                told_by: clock(of.notify_by_min),
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

/// Districts that are shown, with what their sites come to.
fn district_views(map: &Map, shown: &Numbers) -> Vec<DistrictView> {
    let mut views: Vec<DistrictView> = (0u32..)
        .zip(&map.districts)
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
    for site in &map.sites {
        let Some(number) = shown.get(site.district) else { continue };
        let view = &mut views[number];
        view.sites += 1;
        view.tubes += site.tubes;
        view.oldest_h = [view.oldest_h, site.oldest_h].into_iter().flatten().reduce(f64::max);
    }
    views.iter_mut().for_each(|view| view.tubes = view.tubes.round());
    views
}

/// Labs that are shown, with what these flows bring there.
fn lab_views(
    of: &RoundsDocument,
    shown: &Numbers,
    flows: &[&MapFlow],
    hours: usize,
    whole: bool,
) -> Vec<LabView> {
    let mut brought: Vec<(f64, Vec<f64>)> = vec![(0.0, vec![0.0; hours]); of.labs.len()];
    for flow in flows {
        let (all, by_hour) = &mut brought[flow.lab as usize];
        *all += flow.brought.iter().sum::<f64>();
        by_hour.iter_mut().zip(&flow.brought).for_each(|(sum, tubes)| *sum += tubes);
    }
    let labs = (0u32..).zip(of.labs.iter().zip(&of.map.labs)).zip(brought);
    let labs = labs.filter(|((number, _), _)| shown.get(*number).is_some());
    labs.map(|((_, (lab, place)), (tubes, brought))| {
        let open = |from: f64, until: f64| -> f64 {
            let shared = |&[opens, closes]: &[f64; 2]| (closes.min(until) - opens.max(from)).max(0.0);
            place.open_min.iter().map(shared).sum::<f64>() / 60.0 * lab.tubes_per_hour
        };
        let capacity = |hour: usize| open(60.0 * hour as f64, 60.0 * (hour + 1) as f64).round();
        let all = open(0.0, of.map.due_min);
        LabView {
            name: lab.name.clone(),
            latitude: place.latitude,
            longitude: place.longitude,
            away: place.away,
            tubes: tubes.round(),
            share: (whole && all > 0.0).then(|| tubes / all),
            brought: brought.into_iter().map(f64::round).collect(),
            capacity: (0..hours).map(capacity).collect(),
            waiting_max: whole.then_some(lab.waiting_max),
        }
    })
    .collect()
}

fn clocks(within_h: f64, districts: &[(&MapDistrict, u32)]) -> Clocks {
    let mut all = Clocks { within_h, ..Clocks::default() };
    for (of, _) in districts {
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
