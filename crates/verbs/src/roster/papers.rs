//! What volunteers get: their shifts as text and for their calendar, their role cards, the hours, and thanks.

use super::{Rostered, output::clock, said::role_word};
use crate::{clock::Zones, number::number, sheets::harmless, view::ServiceView, voice::Voice};
use domain::{Moment, Scenario, roster::Shift};
use formats::icalendar::{Calendar, Event};
use scenario::Files;
use std::fmt::Write;

/// Files by their name: `calendar/NN.ics`, `shifts/NN.txt`, `hours.csv`, `thanks.txt`. Numbers are the rows of the volunteers' sheet: no file
/// is named after anybody.
pub fn papers(
    rostered: &Rostered,
    scenario: &Scenario,
    files: &Files,
    zones: Zones<'_>,
    voice: Voice,
) -> Vec<(String, Vec<u8>)> {
    let task = &rostered.task;
    let service = crate::view::service(&scenario.round.purpose, files, voice);
    let mut papers = Vec::new();
    for (who, person) in task.volunteers.iter().enumerate() {
        let mut own: Vec<(usize, &Shift)> =
            rostered.roster.of(who).map(|at| (at, &task.shifts[at])).collect();
        own.sort_by_key(|(_, shift)| shift.span);
        if own.is_empty() {
            continue;
        }
        let what = |shift: &Shift| role_word(&task.roles[shift.role].name, voice);
        let place = |shift: &Shift| task.sites[shift.site].clone();
        let events = own.iter().filter_map(|(at, shift)| {
            let moment = |minute: i32| {
                let local = task.midnight.saturating_add(jiff::SignedDuration::from_mins(i64::from(minute)));
                zones(&scenario.community.timezone, local).map(basic)
            };
            Some(Event {
                id: format!("{}-{at}-{}", task.midnight.date(), person.row),
                from_utc: moment(shift.span.from_min)?,
                until_utc: moment(shift.span.until_min)?,
                summary: what(shift),
                place: place(shift),
                text: hint(shift, voice),
            })
        });
        let calendar = Calendar { name: scenario.community.name.clone(), events: events.collect() };
        papers.push((format!("calendar/{:03}.ics", person.row), calendar.text().into_bytes()));
        let mut text = format!("{}\n\n", voice.say("rostered.your_shifts", &[("name", &person.name)]));
        for (_, shift) in &own {
            let (from, until) = (clock(task, shift.span.from_min), clock(task, shift.span.until_min));
            let _ = writeln!(text, "{from} – {until}  {}  {}", what(shift), place(shift));
            let hint = hint(shift, voice);
            if !hint.is_empty() {
                let _ = writeln!(text, "    {hint}");
            }
        }
        text += &cards(&own, rostered, service.as_ref(), voice);
        papers.push((format!("shifts/{:03}.txt", person.row), text.into_bytes()));
    }
    papers.push(("hours.csv".to_owned(), hours(rostered, voice)));
    papers.push(("thanks.txt".to_owned(), thanks(rostered, scenario, voice).into_bytes()));
    papers
}

/// A moment as iCalendar writes it: `20220327T230000Z`.
fn basic(moment: Moment) -> String {
    let text = moment.rfc3339();
    let whole = text.split('.').next().unwrap_or_default();
    format!("{}Z", whole.replace(['-', ':'], ""))
}

/// What to know of a shift: clothing, heat, another community.
fn hint(shift: &Shift, voice: Voice) -> String {
    let mut parts = Vec::new();
    if shift.suit {
        parts.push(voice.word("rostered.wear_suit"));
    }
    if shift.heat {
        parts.push(voice.word("rostered.drink"));
    }
    if shift.site > 0 {
        parts.push(voice.word("rostered.lent"));
    }
    parts.join(" ")
}

/// The role cards of the service file that belong to somebody's roles, found by the role's word.
fn cards(
    own: &[(usize, &Shift)],
    rostered: &Rostered,
    service: Option<&ServiceView>,
    voice: Voice,
) -> String {
    let mut roles: Vec<usize> = own.iter().map(|(_, shift)| shift.role).collect();
    roles.sort_unstable();
    roles.dedup();
    let mut text = String::new();
    for card in service.iter().flat_map(|service| &service.roles) {
        let of = scenario::known_role(&card.name);
        let theirs = |role: &usize| of.as_deref() == Some(&rostered.task.roles[*role].name);
        if !roles.iter().any(theirs) {
            continue;
        }
        let _ = write!(text, "\n── {} ──\n", card.name);
        for (key, lines) in [("do", &card.tasks), ("do_not", &card.limits), ("if_in_doubt", &card.doubts)] {
            let _ = writeln!(text, "{}", voice.word(&format!("sheet.{key}")));
            for line in lines {
                let _ = writeln!(text, "  · {line}");
            }
        }
    }
    text
}

/// Hours as a table: a row for each volunteer and each organisation with which they count.
fn hours(rostered: &Rostered, voice: Voice) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = [
        "rostered.name",
        "rostered.organisation",
        "rostered.hours",
        "rostered.hours_lent",
        "rostered.hours_suit",
        "rostered.shifts",
    ];
    let _ = table.write_record(head.map(|key| voice.word(key)));
    for credit in ::roster::hours(&rostered.task, &rostered.roster) {
        let name = harmless(&rostered.task.volunteers[credit.volunteer].name);
        let hours = |minutes: i32| format!("{:.2}", f64::from(minutes) / 60.0);
        let none = vec![String::new()];
        let all = if credit.organisations.is_empty() { &none } else { &credit.organisations };
        for organisation in all {
            let row = [
                name.clone(),
                harmless(organisation),
                hours(credit.minutes),
                hours(credit.lent_min),
                hours(credit.suit_min),
                credit.shifts.to_string(),
            ];
            let _ = table.write_record(row);
        }
    }
    table.into_inner().unwrap_or_default()
}

fn thanks(rostered: &Rostered, scenario: &Scenario, voice: Voice) -> String {
    let served: Vec<_> = ::roster::hours(&rostered.task, &rostered.roster)
        .into_iter()
        .filter(|credit| credit.minutes > 0)
        .collect();
    let hours: i32 = served.iter().map(|credit| credit.minutes).sum();
    let args = [
        ("community", scenario.community.name.clone()),
        ("people", served.len().to_string()),
        ("hours", number(f64::from(hours) / 60.0)),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut text = voice.say("rostered.thanks", &args) + "\n\n";
    for credit in served {
        text += &rostered.task.volunteers[credit.volunteer].name;
        text += "\n";
    }
    text
}
