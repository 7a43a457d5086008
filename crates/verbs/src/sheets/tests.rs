use super::*;
use crate::{Cost, Desk, Machine, Trials, Work};
use ::rehearse::Progress;
use std::io::{Cursor, Write};
use words::Language;

/// Bytes of a resident's page as it is sent.
const SENT_MAX: usize = 60_000;

/// Rehearses here and now.
struct Alone;

impl Machine for Alone {
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        work(1, &Progress::default());
        Cost::default()
    }
}

/// The sheets of a folder as a page gets them.
fn sheets(files: &Files, voice: Voice) -> Vec<(&'static str, String)> {
    let zones = |_: &str, _: jiff::civil::DateTime| domain::Moment::parse("2026-01-01T00:00:00Z");
    let desk = Desk { files, machine: &Alone, zones: &zones, voice };
    desk.sheets(None).unwrap_or_else(|notes| panic!("{notes:?}"))
}

fn of<'s>(sheets: &'s [(&'static str, String)], name: &str) -> &'s str {
    let found = sheets.iter().find(|(sheet, _)| *sheet == name);
    &found.unwrap_or_else(|| panic!("no {name}")).1
}

/// Bytes of a text packed as web servers pack it.
fn packed(text: &str) -> usize {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("page", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner().len()
}

fn voices() -> [Voice; Language::ALL.len()] {
    Language::ALL.map(|language| Voice { language })
}

#[test]
fn every_example_has_a_light_page_for_residents_with_every_notice_and_a_card_for_every_role() {
    for name in scenario::examples() {
        let files = scenario::example(name).unwrap();
        let (read, _) = scenario::read(&files, &[], &mut |_, _| ());
        let read = read.unwrap();
        for voice in voices() {
            let sheets = sheets(&files, voice);
            let (residents, roles) = (of(&sheets, "residents.html"), of(&sheets, "roles.html"));
            assert!(packed(residents) <= SENT_MAX, "{name}: {}", packed(residents));
            let service = crate::view::service(&read.round.purpose, &files, voice).unwrap();
            let notice = &service.notice;
            for text in [&notice.call, &notice.bring, &notice.at_site, &notice.after] {
                let text = html::escape(text.as_ref().unwrap());
                assert!(residents.contains(&text), "{name}: {text}");
            }
            assert_eq!(roles.matches("<section>").count(), service.roles.len(), "{name}");
            for role in &service.roles {
                let lines = role.tasks.iter().chain(&role.limits).chain(&role.doubts).chain([&role.name]);
                for line in lines {
                    assert!(roles.contains(&html::escape(line)), "{name}: {line}");
                }
            }
            for page in [residents, roles] {
                assert!(!page.contains("<script") && !page.contains("http"), "{name}");
                assert!(page.starts_with(&format!("<!doctype html><html lang={}>", voice.language.tag())));
                // A key that the catalogue lacks would stand here as itself, a gap with its braces.
                let body = &page[page.find("</style>").unwrap()..];
                assert!(!body.contains("sheet.") && !body.contains("chat.") && !body.contains('{'), "{name}");
            }
            let green = html::escape(&voice.word("chat.green"));
            assert_eq!(residents.contains(&green), read.site.green_channel, "{name}");
        }
    }
}

/// The sheets of Sunshine Garden, called by a policy, after a change of its scenario.
fn of_sunshine_garden(policy: Policy, change: impl FnOnce(&mut Scenario)) -> Vec<(&'static str, String)> {
    let files = scenario::example("sunshine-garden").unwrap();
    let mut scenario = scenario::read(&files, &[], &mut |_, _| ()).0.unwrap();
    change(&mut scenario);
    let run = Run { seed: 1, reps: 2, trials: Trials::QUICK, on_event_engine: false, machine: &Alone };
    let plan = run.plan_alone(&scenario, policy);
    let figures = run.rehearse(&run.rehearsal(&scenario, Some(&plan))).0.figures();
    let voice = Voice { language: Language::En };
    Papers::new(&scenario, Some(&plan), &figures, None, &run, &files, voice).sheets()
}

const ENTRANCES: usize = 48;

#[test]
fn residents_who_are_called_find_every_wave_of_their_entrance() {
    let sheets = of_sunshine_garden(Policy::Waves, |_| ());
    let (page, timetable) = (of(&sheets, "residents.html"), of(&sheets, "timetable.html"));
    assert_eq!(sheets[0].0, "timetable.txt");
    // As many lines as the timetable, and a line for each entrance besides.
    assert_eq!(page.matches("<tr>").count(), timetable.matches("<tr>").count() + ENTRANCES);
    assert!(page.contains("until a volunteer knocks"));
}

#[test]
fn residents_who_are_told_all_at_once_find_the_lane_of_their_entrance() {
    let sheets = of_sunshine_garden(Policy::Broadcast, |_| ());
    let page = of(&sheets, "residents.html");
    assert_eq!(page.matches("<tr>").count(), 1 + ENTRANCES);
    assert!(page.contains("Please come when you can"));
}

#[test]
fn a_list_of_call_times_that_would_not_fit_is_left_to_the_group_chat() {
    let sheets = of_sunshine_garden(Policy::Waves, |scenario| {
        for entrance in &mut scenario.roll.entrances {
            entrance.building = "x".repeat(10_000);
        }
    });
    let page = of(&sheets, "residents.html");
    assert!(page.contains("too long for this page") && page.len() < SENT_MAX);
}

#[test]
fn a_walk_in_point_tells_its_waits_by_hour_and_the_rule_of_the_proof() {
    let files = scenario::example("walk-in-point").unwrap();
    for voice in voices() {
        let sheets = sheets(&files, voice);
        let names: Vec<&str> = sheets.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["residents.html", "roles.html"]);
        let page = of(&sheets, "residents.html");
        for key in ["sheet.come.walk_in", "sheet.proof_how", "sheet.proof_private", "sheet.by_hour"] {
            assert!(page.contains(&html::escape(&voice.word(key))), "{key}");
        }
        for hour in 7..20 {
            assert!(page.contains(&format!("<td>{hour:02}:00<td>")), "{hour}");
        }
    }
}

#[test]
fn waits_by_hour_are_together_the_wait_of_the_day() {
    let files = scenario::example("walk-in-point").unwrap();
    let scenario = scenario::read(&files, &[], &mut |_, _| ()).0.unwrap();
    let run = Run { seed: 1, reps: 50, trials: Trials::QUICK, on_event_engine: false, machine: &Alone };
    let rehearsal = run.rehearsal(&scenario, None);
    let figures = run.rehearse(&rehearsal).0.figures();
    let curves = rehearsal.curves(run.luck(), 50);
    let found = hours::hours(&curves, 13.0 * 60.0);
    assert_eq!(found.len(), 13);
    let came = |minute: u32| curves.arrived[(i64::from(minute) - curves.first_minute) as usize];
    let waits = found.iter().map(|hour| hour.wait_min * (came(hour.from_min + 60) - came(hour.from_min)));
    let mean = waits.sum::<f64>() / figures.people;
    let wanted = figures.wait_min.mean.unwrap();
    assert!((mean / wanted - 1.0).abs() < 0.05, "{mean} {wanted}");
    assert!(found.iter().all(|hour| hour.wait_min < hour.bad_day_min));
}

#[test]
fn who_has_a_time_is_told_to_keep_it_and_no_hour_is_listed() {
    let files = scenario::example("flu-clinic").unwrap();
    let voice = Voice { language: Language::En };
    let sheets = sheets(&files, voice);
    let page = of(&sheets, "residents.html");
    assert!(page.contains(&voice.word("sheet.come.appointment")));
    assert!(!page.contains(&voice.word("sheet.by_hour")) && !page.contains(&voice.word("sheet.proof")));
}
