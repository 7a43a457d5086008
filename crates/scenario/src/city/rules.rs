//! `[city]`, `[arrivals]`, `[couriers]` and `[testing]`.

use super::made::SiteRule;
use crate::{
    clock::{ROUND_DAYS_MAX, TICKS_PER_DAY, TICKS_PER_MINUTE, ticks_after},
    law::{Sign, law_of},
    reader::{Field, Limits, Section},
    round::is_timezone,
};
use chance::{Law, Ticks};
use domain::city::{Couriers, Lab, Stream, Testing, Vehicle};
use jiff::civil::{DateTime, Time};

/// The largest city has some forty million.
const RESIDENTS_MAX: f64 = 200_000_000.0;
/// People whom one site serves.
const SITE_RESIDENTS: Limits = Limits::new(1.0, 1_000_000.0);
/// Hours in which people come: a week.
const HOURS_MAX: usize = 24 * ROUND_DAYS_MAX as usize;
/// Shares of residents who come are known to a thousandth at best.
const SHARE_TOLERANCE: f64 = 1e-9;
/// Minutes of the same week.
const MINUTES_MAX: f64 = 60.0 * HOURS_MAX as f64;
/// Wells of one run: the largest plates have 1,536.
const BATCH_MAX: f64 = 1_536.0;
/// A tube that nobody tests within a week is thrown away.
const WITHIN_H_MAX: f64 = HOURS_MAX as f64;
/// A batch that is not full starts after so many minutes, where nothing is said.
const FILL_MIN: f64 = 30.0;
/// Days after the opening on which labs still work, where nothing is said.
const ENDS_DAYS: i64 = 3;
/// Boxes of one vehicle, or tubes in a box: beyond that it is a train.
const BOXES_MAX: f64 = 100_000.0;
/// When results are due on the next day, where nothing is said: the hour at which Shanghai counted on 5 April 2022.
const DUE: Time = Time::constant(8, 0, 0, 0);

/// Whom a city serves.
pub(super) struct People {
    pub name: String,
    pub timezone: String,
    pub rule: SiteRule,
}

/// `[city]`.
pub(super) fn read_people(mut section: Section<'_>) -> People {
    let name = section.need("name").and_then(|field| field.name()).unwrap_or_default().to_owned();
    let timezone = match section.get("timezone") {
        Some(field) => {
            let zone = field.name().filter(|name| is_timezone(name));
            if zone.is_none() && field.is_text() {
                field.error("timezone_name", &[]);
            }
            zone.unwrap_or("UTC").to_owned()
        }
        None => {
            section.context.hint(&section.place_of("timezone"), "no_timezone", &[]);
            "UTC".to_owned()
        }
    };
    let residents = section.whole("residents", Limits::new(1.0, RESIDENTS_MAX));
    let (mut mean, mut cv) = (None, 0.0);
    if let Some(field) = section.get("residents_per_site") {
        if field.is_table() {
            if let Some(mut table) = field.table() {
                mean = table.need("mean").and_then(|field| field.number(SITE_RESIDENTS));
                cv = table.number("cv", Limits::SHARE).unwrap_or(0.0);
                table.finish();
            }
        } else {
            mean = field.number(SITE_RESIDENTS);
        }
    }
    let place = section.place_of("residents");
    section.finish();
    People { name, timezone, rule: SiteRule { residents: residents.map(u64::from), mean, cv, place } }
}

/// `[arrivals]` of a city: people come by chance.
pub(super) fn read_arrivals(mut section: Section<'_>) -> Option<Stream> {
    section.need("law").and_then(|field| field.choice(&[("poisson", ())]));
    let shares = section.need("share_per_hour").and_then(|field| read_shares(&field));
    let green_share = section.number("green_share", Limits::SHARE).unwrap_or(0.0);
    section.finish();
    Some(Stream { share_per_hour: shares?, sooner: 0, green_share })
}

fn read_shares(field: &Field<'_>) -> Option<Vec<f64>> {
    let shares: Vec<Option<f64>> =
        field.list(HOURS_MAX)?.iter().map(|item| item.number(Limits::SHARE)).collect();
    let shares = shares.into_iter().collect::<Option<Vec<f64>>>()?;
    let sum: f64 = shares.iter().sum();
    if sum == 0.0 {
        field.error("nobody_comes", &[]);
        return None;
    }
    if sum > 1.0 + SHARE_TOLERANCE {
        field.error("city_more_than_all_come", &[("sum", &crate::law::rounded(sum))]);
        return None;
    }
    Some(shares)
}

/// `[couriers]`.
pub(super) fn read_couriers(mut section: Section<'_>) -> Option<Couriers> {
    let every = section.need("every_min").and_then(|field| field.number(Limits::new(1.0, MINUTES_MAX)));
    let travel = section.need("travel").and_then(|field| law_of(&field, Sign::NotNegative));
    let km_per_hour = section.number("km_per_hour", Limits::new(1.0, 300.0));
    let mut vehicle = Vehicle::default();
    if let Some(boxes) = section.whole("boxes", Limits::new(1.0, BOXES_MAX)) {
        vehicle.boxes = boxes;
    }
    if let Some(tubes) = section.whole("tubes_per_box", Limits::new(1.0, BOXES_MAX)) {
        vehicle.tubes_per_box = tubes;
    }
    if let Some(most) = section.number("route_max_min", Limits::new(1.0, MINUTES_MAX)) {
        vehicle.route_max = minutes(most);
    }
    if let Some(stop) = section.number("stop_min", Limits::new(0.0, 120.0)) {
        vehicle.stop = minutes(stop);
    }
    section.finish();
    Some(Couriers { every: minutes(every?), travel: travel?, km_per_hour, vehicle })
}

/// `[testing]` without couriers and labs.
pub(super) struct TestingRules {
    open_max: Option<Ticks>,
    prevalence: f64,
    within: Ticks,
    due: Ticks,
    ends: Ticks,
    recall: Law,
    batch: u32,
    run: Law,
    fill: Ticks,
}

impl TestingRules {
    pub(super) fn with(self, couriers: Couriers, labs: Vec<Lab>) -> Testing {
        let TestingRules { open_max, prevalence, within, due, ends, recall, batch, run, fill } = self;
        Testing { open_max, prevalence, within, due, ends, recall, couriers, batch, run, fill, labs }
    }
}

/// `[testing]`.
pub(super) fn read_testing(mut section: Section<'_>, opens: Option<DateTime>) -> Option<TestingRules> {
    let open_max = section.number("open_max_min", Limits::new(1.0, MINUTES_MAX)).map(minutes);
    let prevalence = section.number("prevalence", Limits::SHARE).unwrap_or(0.0);
    let within_h = section.number("within_h", Limits::new(0.1, WITHIN_H_MAX)).unwrap_or(WITHIN_H_MAX);
    let next_day =
        opens.and_then(|opens| Some(ticks_after(opens, opens.date().tomorrow().ok()?.to_datetime(DUE))));
    let due = match section.get("due") {
        Some(field) => moment(&field, opens),
        None => next_day,
    };
    let ends = match section.get("ends") {
        Some(field) => moment(&field, opens),
        None => Some(due.unwrap_or(0).max(ENDS_DAYS * TICKS_PER_DAY)),
    };
    let recall = match section.get("recall") {
        Some(field) => law_of(&field, Sign::NotNegative),
        None => Some(Law::constant(2.0 * 3_600.0)),
    };
    let batch = section.need("batch_tubes").and_then(|field| field.whole(Limits::new(1.0, BATCH_MAX)));
    let run = section.need("run").and_then(|field| law_of(&field, Sign::NotNegative));
    let fill = section.number("fill_min", Limits::new(0.0, MINUTES_MAX)).unwrap_or(FILL_MIN);
    section.finish();
    let run = run.filter(|run| run.mean_s() > 0.0);
    Some(TestingRules {
        open_max,
        prevalence,
        within: minutes(60.0 * within_h),
        due: due?,
        ends: ends?,
        recall: recall?,
        batch: batch?,
        run: run?,
        fill: minutes(fill),
    })
}

fn moment(field: &Field<'_>, opens: Option<DateTime>) -> Option<Ticks> {
    let (clock, opens) = (field.clock()?, opens?);
    let at = ticks_after(opens, clock.on(opens.date()));
    if at <= 0 {
        field.error("closes_before_opening", &[]);
        return None;
    }
    if at > ROUND_DAYS_MAX * TICKS_PER_DAY {
        field.error("too_late", &[("days", &ROUND_DAYS_MAX)]);
        return None;
    }
    Some(at)
}

fn minutes(minutes: f64) -> Ticks {
    (minutes * TICKS_PER_MINUTE as f64).round() as Ticks
}
