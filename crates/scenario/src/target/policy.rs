//! Policies: how people are screened and meet, now and from some day on.

use super::series::days_between;
use crate::{
    Files, compose,
    reader::{Context, Limits, Section},
    value,
};
use domain::{Notes, Place};
use jiff::civil::Date;
use std::collections::BTreeMap;
use words::Language;

/// Steps of one policy: one a day for four months.
const STEPS_MAX: usize = 120;
/// Days ahead of the last known one: beyond that nobody can say anything.
const AHEAD_MAX: f64 = 120.0;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Days from one test of a person to the next.
    pub interval_days: f64,
    /// Days from the swab until who is positive is taken out of circulation.
    pub delay_days: f64,
    /// Share of people who come.
    pub participation: f64,
    /// Limit of detection of a tube of one's own, log10 of copies a millilitre.
    pub limit_log10: f64,
    /// People in a tube.
    pub pool: u32,
    /// Share of those found who isolate.
    pub isolate: f64,
    /// Contacts outside quarantine, as a multiple of those under which the cases were reported.
    pub contacts: f64,
    /// People to be screened, where laboratories bind.
    pub people: Option<f64>,
    /// Tubes that laboratories finish in a day.
    pub lab_tubes_per_day: Option<f64>,
}

/// Where nothing is said: every second day, ten to a tube, the result a day later, 95 in 100 come.
pub const MEASURES: Measures = Measures {
    interval_days: 2.0,
    delay_days: 1.0,
    participation: 0.95,
    limit_log10: 3.0,
    pool: 10,
    isolate: 1.0,
    contacts: 1.0,
    people: None,
    lab_tubes_per_day: None,
};

/// From a day on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolicyStep {
    /// Days after the last known one: 1 is the next.
    pub from: u32,
    /// What is done then.
    pub measures: Measures,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyFile {
    /// Its name, by language.
    pub names: BTreeMap<String, String>,
    /// What was done while the cases were reported.
    pub now: Measures,
    /// What is done after, in the order of days.
    pub steps: Vec<PolicyStep>,
}

/// Reads policy files (name and bytes) that begin after the last known day. All have the same past.
pub fn read_policies(files: &[(String, Vec<u8>)], last: Date) -> (Option<Vec<PolicyFile>>, Notes) {
    let folder = Files(files.iter().cloned().collect());
    let context = Context::new(&folder);
    let mut policies: Vec<(PolicyFile, String)> = Vec::new();
    for (file, bytes) in files {
        let Some(policy) =
            value::parse(&context, file, bytes).and_then(|tree| read(&context, file, &tree, last))
        else {
            continue;
        };
        match policies.first() {
            Some((first, other)) if first.now != policy.now => {
                context.error(&Place::file(file), "target_other_past", &[("other", other)]);
            }
            _ => {}
        }
        policies.push((policy, file.clone()));
    }
    let policies = policies.into_iter().map(|(policy, _)| policy).collect();
    compose::finish(context, Some(policies))
}

fn read(context: &Context<'_>, file: &str, tree: &value::Value, last: Date) -> Option<PolicyFile> {
    let mut top = Section::top(context, file, tree);
    let names = names(&mut top);
    let earlier = top.whole("earlier_days", Limits::new(0.0, AHEAD_MAX)).unwrap_or(0);
    let now = match top.table("now") {
        Some(mut section) => {
            let now = measures(&mut section, MEASURES);
            if now.contacts != 1.0 {
                context.error(&section.place_of("contacts"), "target_contacts_now", &[]);
            }
            section.finish();
            now
        }
        None => MEASURES,
    };
    let mut steps: Vec<PolicyStep> = Vec::new();
    let mut before = now;
    for mut section in top.get("step").map(|field| field.tables(STEPS_MAX)).unwrap_or_default() {
        let place = section.place_of(if section.has("from_day") { "from_day" } else { "from" });
        let from = match (section.get("from"), section.whole("from_day", Limits::new(1.0, AHEAD_MAX))) {
            (Some(field), None) => field.date().map(|date| days_between(last, date)),
            (None, Some(day)) => Some(i64::from(day)),
            _ => {
                context.error(&place, "target_step_from", &[]);
                None
            }
        };
        let from = from.map(|from| from - i64::from(earlier));
        before = measures(&mut section, before);
        section.finish();
        let Some(from) = from else { continue };
        if from < 1 {
            context.error(&place, "target_step_past", &[("last", &last)]);
        } else if from > AHEAD_MAX as i64 {
            context.error(&place, "target_step_far", &[("days", &AHEAD_MAX)]);
        } else if steps.last().is_some_and(|step| i64::from(step.from) >= from) {
            context.error(&place, "target_step_order", &[]);
        } else {
            steps.push(PolicyStep { from: from as u32, measures: before });
        }
    }
    top.finish();
    Some(PolicyFile { names: names?, now, steps })
}

/// A name for all, or one for each language.
fn names(top: &mut Section<'_>) -> Option<BTreeMap<String, String>> {
    let field = top.need("name")?;
    if !field.is_table() {
        return Some([(Language::En.tag().to_owned(), field.name()?.to_owned())].into());
    }
    let mut section = field.table()?;
    let named = Language::ALL.into_iter().filter_map(|language| {
        let name = section.get(language.tag())?.name()?;
        Some((language.tag().to_owned(), name.to_owned()))
    });
    let names: BTreeMap<String, String> = named.collect();
    section.finish();
    if names.is_empty() {
        field.error("empty_text", &[]);
    }
    (!names.is_empty()).then_some(names)
}

/// What a table says; what it does not say stays as it was.
fn measures(section: &mut Section<'_>, was: Measures) -> Measures {
    let mut number = |key, limits, was| section.number(key, limits).unwrap_or(was);
    let interval_days = number("interval_days", Limits::new(1.0, 28.0), was.interval_days);
    let delay_days = number("delay_days", Limits::new(0.0, 14.0), was.delay_days);
    let participation = number("participation", Limits::SHARE, was.participation);
    let limit_log10 = number("limit_log10", Limits::new(0.0, 9.0), was.limit_log10);
    let isolate = number("isolate", Limits::SHARE, was.isolate);
    let contacts = number("contacts", Limits::new(0.0, 20.0), was.contacts);
    let pool = section.whole("pool", Limits::new(1.0, 100.0)).unwrap_or(was.pool);
    let people = section.number("people", Limits::new(1.0, 2e9)).or(was.people);
    let tubes = section.number("lab_tubes_per_day", Limits::new(1.0, 2e9)).or(was.lab_tubes_per_day);
    if tubes.is_some() && people.is_none() {
        section.context.error(&section.place_of("people"), "target_people", &[]);
    }
    Measures {
        interval_days,
        delay_days,
        participation,
        limit_log10,
        pool,
        isolate,
        contacts,
        people,
        lab_tubes_per_day: tubes,
    }
}
