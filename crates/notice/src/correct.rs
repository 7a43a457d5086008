//! What a notice says otherwise than the one it replaces.

use crate::{Addressed, Both, Call, Change, Notice};
use ::words::Language;
use jiff::civil::DateTime;

/// The changes, in the order in which they are told.
pub(crate) fn changes(old: &Notice, new: &Notice) -> Vec<Change> {
    // A figure, or somebody's own words: they are the same for all.
    let same = |text: String| {
        Both([Language::En, Language::Zh].map(|of| (of.tag().to_owned(), text.clone())).into())
    };
    let time = |at: DateTime| same(at.strftime("%Y-%m-%d %H:%M").to_string());
    let maybe = |at: Option<DateTime>| at.map(time).unwrap_or_default();
    let text = |text: &Option<Both>| text.clone().unwrap_or_default();
    let number = |number: Option<f64>| number.map(|number| same(number.to_string())).unwrap_or_default();
    let mut all: Vec<(&str, Both, Both)> = vec![
        ("service", old.service.clone(), new.service.clone()),
        ("opens", time(old.opens), time(new.opens)),
        ("closes", maybe(old.closes), maybe(new.closes)),
        ("from", maybe(old.from), maybe(new.from)),
        ("until", maybe(old.until), maybe(new.until)),
        ("where", text(&old.site), text(&new.site)),
        ("pool", number(old.pool.map(f64::from)), number(new.pool.map(f64::from))),
        ("result", number(old.result_h), number(new.result_h)),
        ("bring", text(&old.bring), text(&new.bring)),
        (
            "contact",
            same(old.contact.clone().unwrap_or_default()),
            same(new.contact.clone().unwrap_or_default()),
        ),
    ];
    all.retain(|(_, before, now)| before != now);
    let change =
        |(what, before, now): (&str, Both, Both)| Change { what: what.to_owned(), call: None, before, now };
    let mut changes: Vec<Change> = all.into_iter().map(change).collect();
    changes.extend(calls(old, new));
    changes
}

/// Calls that the replaced notice told otherwise. Where it told none, all of them are news and no change.
fn calls(old: &Notice, new: &Notice) -> Vec<Change> {
    if old.calls.is_empty() || new.calls.is_empty() {
        return Vec::new();
    }
    let same = |one: &Call, other: &Call| {
        (&one.building, &one.entrance, &one.doors) == (&other.building, &other.entrance, &other.doors)
    };
    let said = |call: &Call| {
        let time = domain::time_of_day(call.at);
        let in_language = |language| match call.lane {
            Some(lane) => {
                let args = [("time", time.as_str()), ("lane", &lane.to_string())];
                ::words::say(language, "notice.time_and_lane", &args)
            }
            None => time.clone(),
        };
        Both(Language::ALL.map(|language| (language.tag().to_owned(), in_language(language))).into())
    };
    let of = |notice: &Notice, call: &Call| notice.calls.iter().find(|one| same(one, call)).cloned();
    let mut changes = Vec::new();
    for call in &new.calls {
        let before = of(old, call);
        if before.as_ref() == Some(call) || told_among_others(old, new, call) {
            continue;
        }
        let before = before.as_ref().map(said).unwrap_or_default();
        changes.push(Change { what: "call".to_owned(), call: Some(call.clone()), before, now: said(call) });
    }
    let meant = |call: &&Call| {
        // A notice for one entrance says nothing of the others.
        let at = domain::roll::door_label(&call.building, &call.entrance, "");
        let of = new.addressed.label();
        of.is_empty() || at == of || at.starts_with(&format!("{of}-"))
    };
    for call in old.calls.iter().filter(meant).filter(|call| of(new, call).is_none()) {
        changes.push(Change {
            what: "call".to_owned(),
            call: Some(call.clone()),
            before: said(call),
            now: Both::default(),
        });
    }
    changes
}

/// Whether a household's call is the one that its entrance was told before: there it stands among other doors.
fn told_among_others(old: &Notice, new: &Notice, call: &Call) -> bool {
    let same = |one: &Call| {
        (&one.building, &one.entrance, one.at, one.lane)
            == (&call.building, &call.entrance, call.at, call.lane)
    };
    matches!(new.addressed, Addressed::Household(..)) && old.calls.iter().any(same)
}
