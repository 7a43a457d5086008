//! A small community, and its notes as text.
#![allow(dead_code, reason = "each test uses a part of it")]

use domain::{Note, Notes, Plan, Policy, Scenario, Wave};
use scenario::Files;
use words::Language;

/// Two buildings, eight doors, one morning.
pub const COMMUNITY: &str = r#"format = 1
[community]
name = "都市阳光花园"
timezone = "Asia/Shanghai"
[round]
purpose = "screening"
date = 2022-03-28
opens = "07:00"
closes = "13:00"
pool = 10
[site]
lanes = 2
lane_choice = "assigned"
green_channel = true
[arrivals]
law = "broadcast"
at = "07:00"
reaction = { law = "constant", mean_min = 5 }
"#;
const ROLL: &str = "楼栋,单元,室号,姓名,人员类别\n\
    1号楼,1单元,101,甲,高龄\n1号楼,1单元,102,乙,\n1号楼,1单元,201,丙,\n1号楼,1单元,202,丁,\n\
    1号楼,2单元,101,戊,学生\n2号楼,1单元,101,己,\n2号楼,1单元,102,庚,\n12号楼,2单元,301,辛,\n";

pub fn folder(scenario: &str, more: &[(&str, String)]) -> Files {
    let mut files = Files::default();
    files.0.insert("scenario.toml".to_owned(), scenario.into());
    files.0.insert("roll.csv".to_owned(), ROLL.into());
    for (name, text) in more {
        files.0.insert((*name).to_owned(), text.clone().into_bytes());
    }
    files
}

pub fn scenario(files: &Files, sets: &[(String, String)]) -> (Option<Scenario>, Notes) {
    scenario::read(files, sets, &mut |_, _| {})
}

/// A wave every five minutes, a household each, without some.
pub fn plan_without(scenario: &Scenario, left: &[u32]) -> Plan {
    let households = 0..u32::try_from(scenario.roll.households.len()).unwrap();
    let waves = households.filter(|one| !left.contains(one)).zip(1u32..).map(|(household, number)| Wave {
        number,
        call_at: i64::from(household) * 5 * 60 * chance::TICKS_PER_SECOND,
        lane: (household % 2) as u16,
        households: vec![household],
        pinned: false,
    });
    Plan { policy: Policy::Waves, load: Some(0.9), waves: waves.collect(), staff: Vec::new(), callers: None }
}

/// One note a line: severity, place, code, and its words in Chinese and what to do in English.
pub fn notes_of(notes: &Notes) -> String {
    notes.0.iter().map(said).collect()
}

fn said(note: &Note) -> String {
    let row = note.place.row.map(|row| format!(":{row}")).unwrap_or_default();
    let column = note.place.column.as_ref().map(|column| format!(":{column}")).unwrap_or_default();
    let say = |language, key: String| {
        let catalogue = |key: &str| words::say::<&str, &str>(language, key, &[]);
        let args: Vec<(&str, String)> = note
            .args
            .iter()
            .map(|(name, value)| {
                let word = value.strip_prefix('@').map(|keys| {
                    keys.split(" @").map(catalogue).collect::<Vec<_>>().join(&catalogue("list.separator"))
                });
                (*name, word.unwrap_or_else(|| value.clone()))
            })
            .collect();
        let said = words::say(language, &key, &args);
        assert!(said != key && !said.contains('{'), "{said}");
        said
    };
    format!(
        "{:?} {}{row}{column} {}\n  {}\n  → {}\n",
        note.severity,
        note.place.file,
        note.code,
        say(Language::Zh, format!("note.{}", note.code)),
        say(Language::En, format!("mend.{}", note.code)),
    )
}
