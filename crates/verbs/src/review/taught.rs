//! Lessons in words, and lessons written into a folder.

use crate::{
    clock::Zones,
    voice::{Voice, station_word},
};
use ::review::Lesson;
use domain::Notes;
use scenario::{Files, TAKEN_AWAY};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A lesson as a review's JSON has it: what it takes to write it down.
#[derive(Clone, Debug, Deserialize)]
pub struct Taught {
    /// The scenario's key.
    pub key: String,
    /// What stands there, as JSON.
    #[serde(default)]
    pub old: Value,
    /// What should; null to take the key away.
    #[serde(default)]
    pub new: Value,
    /// Why, in a sentence.
    #[serde(default)]
    pub sentence: String,
    /// What was measured before the change.
    #[serde(default)]
    pub before: Before,
}

/// What was measured before a change, in minutes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Before {
    /// When the round opened, RFC 3339.
    pub date: Option<String>,
    /// Half waited at most so long.
    pub wait_p50_min: Option<f64>,
    /// 95 in 100 waited at most so long.
    pub wait_p95_min: Option<f64>,
    /// 97 in 100 were done so long after opening.
    pub done_97_min: Option<f64>,
}

impl Taught {
    /// A lesson with its sentence in the user's language.
    pub fn of(lesson: &Lesson, voice: Voice) -> Taught {
        Taught {
            key: lesson.key.clone(),
            old: lesson.old.clone(),
            new: lesson.new.clone(),
            sentence: sentence(lesson, voice),
            before: Before {
                date: lesson.before.date.clone(),
                wait_p50_min: lesson.before.wait_p50_min,
                wait_p95_min: lesson.before.wait_p95_min,
                done_97_min: lesson.before.done_97_min,
            },
        }
    }
}

/// A lesson in words.
pub(crate) fn sentence(lesson: &Lesson, voice: Voice) -> String {
    let args: Vec<(&str, String)> = lesson
        .args
        .iter()
        .map(|(name, value)| (*name, if *name == "station" { station_word(value) } else { value.clone() }))
        .collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    voice.say(&format!("lesson.{}", lesson.code), &args)
}

/// What a key of the scenario is about, in words; the key itself where the catalogue has none.
pub(crate) fn about(key: &str, voice: Voice) -> String {
    if let Some((station, field)) = key.strip_prefix("site.station.").and_then(|rest| rest.rsplit_once('.')) {
        let words = format!("review.about.station.{field}");
        let said = voice.say(&words, &[("station", &station_word(station))]);
        return if said == words { key.to_owned() } else { said };
    }
    let words = format!("review.about.{key}");
    let said = voice.word(&words);
    if said == words { key.to_owned() } else { said }
}

/// Writes lessons into the folder: each new value at its key, and beside it why, when, and what was measured. Measured
/// times that no law describes get a file of their own.
///
/// `None` if the notes refuse.
pub fn learn(files: &Files, lessons: &[Taught], zones: Zones<'_>) -> (Option<Files>, Notes) {
    let (scenario, notes) = scenario::read(files, &[], &mut |_, _| ());
    let Some(scenario) = scenario else { return (None, notes) };
    let mut with_tables = files.clone();
    let written: Vec<domain::scenario::Lesson> = lessons
        .iter()
        .map(|lesson| {
            let date =
                lesson.before.date.as_deref().and_then(|date| super::local(date, Some(&scenario), zones));
            domain::scenario::Lesson {
                key: lesson.key.clone(),
                // The folder says it in its own words.
                old: None,
                new: in_toml(&lesson.new, &lesson.key, &mut with_tables),
                why: lesson.sentence.clone(),
                date: date.map(jiff::civil::DateTime::date),
                measured: domain::scenario::Measured {
                    wait_p50_min: lesson.before.wait_p50_min,
                    wait_p95_min: lesson.before.wait_p95_min,
                    done_97_min: lesson.before.done_97_min,
                },
            }
        })
        .collect();
    scenario::learn(&with_tables, &written)
}

/// A JSON value as TOML in one line; an empirical law's values go into a file of the folder.
pub(crate) fn in_toml(value: &Value, key: &str, files: &mut Files) -> String {
    match value {
        Value::Null => TAKEN_AWAY.to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        // A JSON string's escapes are a subset of TOML's.
        Value::String(text) => Value::String(text.clone()).to_string(),
        Value::Array(list) => {
            let list: Vec<String> = list.iter().map(|one| in_toml(one, key, files)).collect();
            format!("[{}]", list.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<String> = ordered(map)
                .into_iter()
                .map(|(name, value)| match (name.as_str(), value.as_array()) {
                    ("values", Some(pairs)) => format!("file = \"{}\"", keep(pairs, key, files)),
                    _ => format!("{name} = {}", in_toml(value, key, files)),
                })
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// As a person would write it: the share, the law, then its parameters.
fn ordered(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let rank = |name: &str| match name {
        "share" => 0,
        "number" => 1,
        "law" => 2,
        "mean_s" | "every" | "min_s" => 3,
        _ => 4,
    };
    let mut entries: Vec<(&String, &Value)> = map.iter().collect();
    entries.sort_by_key(|(name, _)| rank(name));
    entries
}

/// Writes measured times as a table; a table that is there already is not touched, but for the same key.
fn keep(pairs: &[Value], key: &str, files: &mut Files) -> String {
    let safe: String =
        key.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let name = format!("measured-{safe}.csv");
    let mut text = String::from("seconds,weight\n");
    for pair in pairs {
        let cell = |place: usize| pair.get(place).and_then(Value::as_f64).unwrap_or(0.0);
        text += &format!("{},{}\n", cell(0), cell(1));
    }
    files.0.insert(name.clone(), text.into_bytes());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Moment;
    use serde_json::json;

    fn toml(value: &Value) -> String {
        in_toml(value, "site.station.a.service", &mut Files::default())
    }

    #[test]
    fn a_law_is_written_as_an_inline_table() {
        let law = json!({"law": "lognormal", "mean_s": 9.01, "cv": 0.402});
        assert_eq!(toml(&law), "{ law = \"lognormal\", mean_s = 9.01, cv = 0.402 }");
        let mixture = json!({"law": "mixture", "parts": [{"share": 0.9, "law": "constant", "mean_s": 3.0}]});
        assert_eq!(
            toml(&mixture),
            "{ law = \"mixture\", parts = [{ share = 0.9, law = \"constant\", mean_s = 3.0 }] }"
        );
        assert_eq!(toml(&json!([1.5, 2.0])), "[1.5, 2.0]");
        assert_eq!(toml(&Value::Null), TAKEN_AWAY);
    }

    #[test]
    fn every_kind_of_lesson_reads_back_as_what_was_measured() {
        let files = scenario::example("sunshine-garden").unwrap();
        let values: Vec<Value> = (1..30).map(|second| json!([f64::from(second), 1.0])).collect();
        let lesson = |key: &str, new: Value| Taught {
            key: key.to_owned(),
            old: Value::Null,
            new,
            sentence: "Why.".to_owned(),
            before: Before { date: Some("2022-03-27T23:00:00.0000Z".to_owned()), ..Before::default() },
        };
        let lessons = [
            lesson("site.station.registration.service", json!({"law": "empirical", "values": values})),
            lesson("site.station.sampling.changeover", Value::Null),
            lesson("waves.late", json!({"share": 0.2, "law": "uniform", "min_s": 60.0, "max_s": 600.0})),
            lesson("waves.callers", json!({"law": "exponential", "mean_s": 33.0, "number": 3})),
            lesson("attendance.persons", json!(0.75)),
        ];
        let zones = |_: &str, at: jiff::civil::DateTime| {
            let zero = jiff::civil::date(1970, 1, 1).at(8, 0, 0, 0);
            Some(Moment(at.duration_since(zero).as_secs() * chance::TICKS_PER_SECOND))
        };
        let (learned, notes) = learn(&files, &lessons, &zones);
        let learned = learned.unwrap_or_else(|| panic!("{notes:?}"));
        let scenario = scenario::read(&learned, &[], &mut |_, _| ()).0.unwrap();
        let station = |name: &str| scenario.site.stations.iter().find(|one| one.name == name).unwrap();
        assert_eq!(station("registration").service.mean_s(), 15.0);
        assert_eq!(station("sampling").changeover, None);
        assert_eq!(scenario.waves.late.as_ref().map(|late| late.share), Some(0.2));
        assert_eq!(scenario.waves.callers.number, 3);
        assert_eq!(scenario.attendance.persons, 0.75);
        // Opened at 7 in Shanghai, which is the day before in UTC.
        assert_eq!(scenario.lessons[0].date.map(|date| date.to_string()).as_deref(), Some("2022-03-28"));
    }
}
