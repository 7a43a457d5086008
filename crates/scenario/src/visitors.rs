//! `[[visitor]]`: classes of people with a share, speed or way of their own.

use crate::reader::{Field, Limits, Section, nearest};
use domain::Place;
use domain::roll::Mark;
use domain::scenario::{Party, Visitor};

/// Classes that anybody can keep apart in a report.
const CLASSES_MAX: usize = 64;
/// Ten times as slow as others: a wheelchair on stairs; beyond that it is another station.
const FACTOR_MAX: f64 = 10.0;
/// Sizes of parties.
const SIZES_MAX: usize = 100;
/// People in one party: a coach.
const SIZE_MAX: f64 = 100.0;
/// The word of the reports for all who have the green channel, whatever their class.
const GREEN: &str = "green";

/// A class whose skipped stations are still names.
pub(crate) struct VisitorDraft<'a> {
    pub visitor: Visitor,
    pub skips: Vec<Field<'a>>,
    pub place: Place,
}

/// Reads all `[[visitor]]`.
pub(crate) fn read_visitors<'a>(field: &Field<'a>) -> Vec<VisitorDraft<'a>> {
    let visitors: Vec<VisitorDraft<'_>> = field.tables(CLASSES_MAX).into_iter().map(read_visitor).collect();
    for (index, draft) in visitors.iter().enumerate() {
        let class = &draft.visitor.class;
        if !class.is_empty() && visitors[..index].iter().any(|before| before.visitor.class == *class) {
            field.context.error(&draft.place, "class_twice", &[("class", class)]);
        }
    }
    let sum: f64 = visitors.iter().map(|draft| draft.visitor.share).sum();
    if sum > 1.0 + chance::law::SHARES_TOLERANCE {
        field.context.error(&field.place, "class_shares", &[("sum", &crate::law::rounded(sum))]);
    }
    visitors
}

fn read_visitor<'a>(mut section: Section<'a>) -> VisitorDraft<'a> {
    let class_field = section.need("class");
    let class = class_field.as_ref().and_then(Field::name).unwrap_or_default();
    if class == GREEN {
        class_field.as_ref().expect("it was read").error("class_green", &[]);
    }
    let is_mark = Mark::ALL.iter().any(|mark| mark.name() == class);
    let share = section.number("share", Limits::SHARE);
    if !class.is_empty() && !is_mark && !section.has("share") {
        section.missing("share");
    }
    let service_factor = section.number("service_factor", Limits::new(0.0, FACTOR_MAX)).unwrap_or(1.0);
    let skips = section.get("skips").and_then(|field| field.list(SIZES_MAX)).unwrap_or_default();
    let skips = skips.into_iter().filter(|skip| skip.name().is_some()).collect();
    let priority = section.flag("priority");
    let parties = section.get("party_sizes").map(|field| read_parties(&field)).unwrap_or_default();
    let place = section.place.clone();
    section.finish();
    let visitor = Visitor {
        class: class.to_owned(),
        share: share.unwrap_or(0.0),
        service_factor,
        skips: Vec::new(),
        priority,
        parties,
    };
    VisitorDraft { visitor, skips, place }
}

fn read_parties(field: &Field<'_>) -> Vec<Party> {
    let mut parties = Vec::new();
    let mut sound = true;
    for mut table in field.tables(SIZES_MAX) {
        let size = table.need("size").and_then(|field| field.whole(Limits::new(1.0, SIZE_MAX)));
        let share = table.need("share").and_then(|field| field.number(Limits::SHARE));
        table.finish();
        match (size, share) {
            (Some(size), Some(weight)) => {
                parties.push(Party { size: u16::try_from(size).expect("the limit is below"), weight });
            }
            _ => sound = false,
        }
    }
    let sum: f64 = parties.iter().map(|party| party.weight).sum();
    if sound && (sum - 1.0).abs() > chance::law::SHARES_TOLERANCE {
        field.context.error(&field.place, "shares_sum", &[("sum", &crate::law::rounded(sum))]);
    }
    parties
}

/// The place of a name in a list of names; noted with the nearest if it is not there.
pub(crate) fn index_of(field: &Field<'_>, names: &[&str]) -> Option<usize> {
    let name = field.text()?;
    let found = names.iter().position(|known| *known == name);
    if found.is_none() {
        let known = names.join(", ");
        match nearest(name, names) {
            Some(near) => field.error("unknown_station_near", &[("near", &near), ("known", &known)]),
            None => field.error("unknown_station", &[("known", &known)]),
        }
    }
    found
}
