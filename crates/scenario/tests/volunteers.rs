//! Volunteers' sheets as people keep them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::prelude::*;
use scenario::{Files, VolunteerSheets, example, read, read_volunteers};

fn folder(volunteers: &str, shifts: Option<&str>) -> Files {
    let mut files = example("sunshine-garden").unwrap();
    files.0.insert("volunteers.csv".to_owned(), volunteers.as_bytes().to_vec());
    if let Some(shifts) = shifts {
        files.0.insert("shifts.csv".to_owned(), shifts.as_bytes().to_vec());
    }
    files
}

/// The sheets, and the notes as `row code column`.
fn sheets(volunteers: &str, shifts: Option<&str>) -> (Option<VolunteerSheets>, Vec<String>) {
    let files = folder(volunteers, shifts);
    let scenario = read(&files, &[], &mut |_, _| {}).0.unwrap();
    let (sheets, notes) = read_volunteers(&files, &scenario, &[]);
    let said = notes.0.iter().map(|note| {
        let (row, column) = (note.place.row.unwrap_or(0), note.place.column.clone().unwrap_or_default());
        format!("{row} {} {column}", note.code).trim().to_owned()
    });
    (sheets, said.collect())
}

#[test]
fn a_sheet_as_people_keep_it_is_read_and_everything_odd_is_said_at_once() {
    let text = "志愿者名单,,,,,,,\n\
        姓名,联系电话,特长,时间,经验,一起,孩子,备用\n\
        示例甲,13800138000/13900139000,登记；会英语,周一三五上午,有,,,\n\
        示例乙,13700137000,登纪,随时,新手,示例甲,,\n\
        示例丙,13600136000,敲门、维持秩序,看孩子情况,3次,,和示例丁轮流,\n\
        示例丁,,,每天晚上,无,查无此人,,是\n\
        示例甲,13800138000,,,,,,\n\
        示例乙,13500135000,,,,,,\n";
    let (sheets, said) = sheets(text, None);
    assert_eq!(
        said,
        [
            "3 volunteers_two_phones 联系电话",
            "4 volunteers_skill_unknown_near 特长",
            "5 volunteers_when_unknown 时间",
            "7 volunteers_twice 姓名",
            "8 volunteers_same_name 姓名",
            "6 volunteers_name_unknown 一起",
        ]
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
    );
    let sheets = sheets.unwrap();
    let role = |name: &str| sheets.roles.iter().position(|role| role.name == name).unwrap();
    let people = &sheets.volunteers;
    assert_eq!(people.len(), 5);
    let mut first = vec![role("registration"), role("interpreting")];
    first.sort_unstable();
    assert_eq!(people[0].roles, first);
    // Monday of the round, from six to noon.
    assert_eq!(people[0].available, [domain::roster::Span { from_min: 360, until_min: 720 }]);
    assert!(people[1].first_timer && people[3].first_timer && !people[2].first_timer);
    assert!(people[3].if_needed && !people[0].if_needed);
    assert_eq!((sheets.together.clone(), sheets.apart.clone()), (vec![(0, 1)], vec![(2, 3)]));
}

#[test]
fn no_note_quotes_a_name_or_a_number() {
    let text = "name,phone,skills,available,together\nAnn Example,13800138000 13900139000,jugling,maybe,Nobody Known\n";
    let files = folder(text, None);
    let scenario = read(&files, &[], &mut |_, _| {}).0.unwrap();
    let (_, notes) = read_volunteers(&files, &scenario, &[]);
    assert!(notes.0.len() >= 4);
    let all = format!("{notes:?}");
    for secret in ["Ann", "138001", "Nobody Known", "jugling"] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
}

#[test]
fn posts_of_the_scenario_and_stations_of_two_words_are_skills() {
    let mut files = folder(
        "name,skills\nAnn,lift_minding\nBob,check in\n",
        Some("role,from,until,people\ncheck_in,07:00,09:00,1\n"),
    );
    let text = String::from_utf8(files.0["scenario.toml"].clone()).unwrap();
    let text = text.replace("name = \"registration\"", "name = \"check_in\"");
    assert!(text.contains("check_in"));
    let text = text + "\n[roster]\npost = [{ role = \"lift_minding\", people = 1 }]\n";
    files.0.insert("scenario.toml".to_owned(), text.into_bytes());
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    let codes = |notes: &domain::Notes| notes.0.iter().map(|note| note.code).collect::<Vec<_>>();
    assert!(!codes(&notes).iter().any(|code| code.starts_with("volunteers_skill")), "{notes:?}");
    let (sheets, notes) = read_volunteers(&files, &scenario.unwrap(), &[]);
    assert!(!codes(&notes).iter().any(|code| code.starts_with("volunteers_skill")), "{notes:?}");
    let sheets = sheets.unwrap();
    let role = |name: &str| sheets.roles.iter().position(|role| role.name == name).unwrap();
    assert_eq!(sheets.volunteers[0].roles, [role("lift_minding")]);
    assert_eq!(sheets.volunteers[1].roles, [role("check_in")]);
}

#[test]
fn a_round_at_night_without_a_closing_has_volunteers_after_midnight() {
    let mut files = folder("name\nAnn\n", None);
    let text = String::from_utf8(files.0["scenario.toml"].clone()).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("closes"));
    let text: Vec<&str> =
        lines.map(|line| if line.starts_with("opens") { "opens = \"20:00\"" } else { line }).collect();
    files.0.insert("scenario.toml".to_owned(), text.join("\n").into_bytes());
    let sets = [("arrivals.at".to_owned(), "20:00".to_owned())];
    let (scenario, notes) = read(&files, &sets, &mut |_, _| {});
    let scenario = scenario.unwrap_or_else(|| panic!("{notes:?}"));
    let sheets = read_volunteers(&files, &scenario, &sets).0.unwrap();
    let span = domain::roster::Span { from_min: 0, until_min: 2 * domain::roster::DAY_MIN };
    assert_eq!(sheets.volunteers[0].available, [span]);
}

#[test]
fn as_many_questions_as_may_be_are_read_and_one_more_is_refused() {
    for (count, refused) in [(2_000, false), (2_001, true)] {
        let mut files = example("sunshine-garden").unwrap();
        let rows: String = (0..count).map(|number| format!("question {number}\n")).collect();
        files.0.insert("questions.csv".to_owned(), format!("question\n{rows}").into_bytes());
        let (_, notes) = read(&files, &[], &mut |_, _| {});
        assert_eq!(notes.0.iter().any(|note| note.code == "questions_too_many"), refused, "{count}");
    }
}

#[test]
fn shifts_are_read_and_impossible_ones_refused() {
    let volunteers = "name\nAnn\n";
    let shifts = "岗位,日期,开始,结束,需要人数,小区,大白,高温\n\
        登记,2022-03-28,7:00,9:00,4,,是,\n\
        敲门,,22:00,1:00,2,隔壁小区,,是\n";
    let (found, said) = sheets(volunteers, Some(shifts));
    assert!(said.is_empty(), "{said:?}");
    let found = found.unwrap();
    let all = found.shifts.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].span.from_min, all[0].span.until_min, all[0].people), (420, 540, 4));
    assert!(all[0].suit && !all[0].heat && all[0].site == 0);
    assert_eq!((all[1].span.from_min, all[1].span.until_min), (1320, 1500));
    assert!(all[1].heat && found.sites[all[1].site] == "隔壁小区");
    let (none, said) =
        sheets(volunteers, Some("role,from,until,people\norder,7,9:00,1\norder,07:00,23:00,many\n"));
    assert!(none.is_none());
    assert_eq!(said, ["2 table_time_expected from", "3 table_whole_expected people"]);
}

#[test]
fn a_spoilt_sheet_refuses_a_roster_and_no_rehearsal() {
    let files = folder("phone\n1\n", None);
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    let scenario = scenario.unwrap();
    assert!(notes.0.iter().any(|note| note.code == "table_heading_missing"));
    let (none, notes) = read_volunteers(&files, &scenario, &[]);
    assert!(none.is_none() && notes.refuses());
}

#[test]
fn who_is_to_be_together_and_apart_is_refused() {
    let (none, said) = sheets("name,together_with,apart_from\nAnn,Bob,Bob\nBob,,\n", None);
    assert!(none.is_none());
    assert_eq!(said, ["3 volunteers_together_and_apart"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_cell_is_so_odd_that_reading_it_stops(
        cells in prop::collection::vec("([周一二十两半点日号月到至除外前后-]|[0-9:/,; ]|am|pm|mon|until|except|[a-z]|[小时分不晚]){0,14}", 1..6)
    ) {
        let mut text = "name,available,skills,limits,hours_max,experience,together_with,phone\n".to_owned();
        for (row, cell) in cells.iter().enumerate() {
            let cell = cell.replace('"', "");
            text += &format!("p{row},\"{cell}\",\"{cell}\",\"{cell}\",\"{cell}\",\"{cell}\",\"{cell}\",\"{cell}\"\n");
        }
        let (found, said) = sheets(&text, None);
        for person in found.iter().flat_map(|found| &found.volunteers) {
            let apart = person.available.windows(2).all(|two| two[0].until_min < two[1].from_min);
            prop_assert!(apart && person.available.iter().all(|span| span.minutes() > 0), "{said:?}");
        }
    }
}
