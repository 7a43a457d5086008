//! What a community hands on.

use super::{METHOD_FILE, files_of, texts};
use crate::{
    Files, decisions,
    edit::{document, standing},
    own_rules::QUESTIONS,
    read, read_decisions,
};
use domain::{
    Notes, Place, Scenario,
    decision::{Change, Onto},
    notice::Question,
};
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

/// What is measured or decided of a station, whoever staffs it.
const OF_STATIONS: [&str; 5] = ["service", "changeover", "walk_s", "order", "observe_min"];
/// Of the whole site and its people. How many serve is not among them, nor when and for whom.
const OF_ALL: [&str; 10] = [
    "site.lane_choice",
    "site.green_channel",
    "arrivals.reaction",
    "waves.reaction",
    "waves.late",
    "waves.callers",
    "attendance.households",
    "attendance.persons",
    "patience",
    "roster",
];
/// In a table that is handed on: what a community has, not what it learned.
pub(super) const STOCK: [&str; 6] = ["number", "suits", "vests", "post", "crew", "heat"];

/// Which texts are handed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WithTexts {
    /// Questions that were answered.
    pub questions: bool,
    /// The further sentences of notices, and services of one's own.
    pub texts: bool,
}

/// Whether a key is of those that are handed on.
pub(super) fn is_handed_on(key: &str) -> bool {
    let of_station = key.strip_prefix("site.station.").and_then(|rest| rest.rsplit_once('.'));
    of_station.map_or_else(|| OF_ALL.contains(&key), |(_, field)| OF_STATIONS.contains(&field))
}

/// The method of a scenario's folder, as a folder: its laws and rules, each with why it was changed last, the measured tables that
/// they read, the rules that it agreed on, and the texts that are asked for. `about` says where it was learned, in words that name nobody.
///
/// `None` if the notes refuse: the folder, or the sheet of its volunteers, cannot be read.
pub fn export_method(files: &Files, about: Option<&str>, with: WithTexts) -> (Option<Files>, Notes) {
    let (scenario, mut notes) = read(files, &[], &mut |_, _| {});
    let Some(scenario) = scenario else { return (None, notes) };
    let (document, mut method) = (document(files), Files::default());
    let names = match texts::own_names(files, &scenario) {
        Ok(names) => names,
        Err(unread) => {
            notes.extend(unread);
            return (None, notes);
        }
    };
    let mut learned = ArrayOfTables::new();
    for key in keys(&scenario) {
        let Some(found) = standing(&document, files, &key).and_then(|text| text.parse::<Value>().ok()) else {
            continue;
        };
        let Some(kept) = without_stock(found) else { continue };
        for file in files_of(&kept) {
            method.0.extend(files.0.get(file).map(|content| (file.to_owned(), content.clone())));
        }
        let mut one = Table::new();
        one.insert("key", value(&key));
        one.insert("value", value(kept.to_string().trim()));
        let why = scenario.lessons.iter().rev().find(|lesson| lesson.key == key).map(|lesson| &lesson.why);
        if let Some(why) = why.filter(|why| !why.is_empty() && texts::against(why, &names).is_none()) {
            one.insert("why", value(why));
        }
        learned.push(one);
    }
    let mut text = DocumentMut::new();
    text.insert("format", value(crate::FORMAT));
    if let Some(about) = about {
        text.insert("about", value(about));
    }
    text.insert("learned", Item::ArrayOfTables(learned));
    let rules = agreed(files, &names, &mut notes);
    if !rules.is_empty() {
        text.insert("rule", Item::ArrayOfTables(rules));
    }
    method.0.insert(METHOD_FILE.to_owned(), text.to_string().into_bytes());
    if with.texts {
        texts::hand_on(files, &names, &mut method, &mut notes);
    }
    if with.questions {
        let mut kept: Vec<&Question> = Vec::new();
        for one in scenario.own_rules.questions.iter().filter(|one| one.answer.is_some()) {
            let said = [Some(&one.question), one.answer.as_ref()].into_iter().flatten();
            match said.into_iter().find_map(|text| texts::against(text, &names)) {
                Some(code) => notes.warning(one.place.clone(), code, &[]),
                None => kept.push(one),
            }
        }
        if !kept.is_empty() {
            method.0.insert(QUESTIONS[0].to_owned(), as_csv(&kept));
        }
    }
    (Some(method), notes)
}

/// The keys of a scenario that may be handed on.
fn keys(scenario: &Scenario) -> Vec<String> {
    let stations = scenario.site.stations.iter();
    let of_stations = stations.flat_map(|station| {
        OF_STATIONS.iter().map(move |field| format!("site.station.{}.{field}", station.name))
    });
    of_stations.chain(OF_ALL.map(str::to_owned)).collect()
}

/// A value without what a community has in stock; `None` if nothing is left.
fn without_stock(value: Value) -> Option<Value> {
    let Value::InlineTable(table) = value else { return Some(value) };
    let kept: InlineTable = table.iter().filter(|(key, _)| !STOCK.contains(key)).collect();
    (!kept.is_empty()).then_some(Value::InlineTable(kept))
}

/// The rules that the community agreed on and holds, without who said what.
fn agreed(files: &Files, names: &[String], notes: &mut Notes) -> ArrayOfTables {
    let log = read_decisions(files).0;
    let rules = log.agreed().filter_map(|one| {
        let Change::Rule(onto) = &one.proposal.change else { return None };
        if let Some(code) = texts::against(&one.words, names) {
            notes.warning(Place::file(decisions::FILE), code, &[]);
            return None;
        }
        let mut rule = Table::new();
        rule.insert("words", value(&one.words));
        match onto {
            Onto::Log => {}
            Onto::Notice => drop(rule.insert("onto", value("notice"))),
            Onto::Card(role) => drop(rule.insert("role", value(role))),
        }
        rule.insert("figure", value(one.proposal.figure.name()));
        Some(rule)
    });
    rules.collect()
}

/// Where a question was asked stays with the community.
fn as_csv(questions: &[&Question]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 2]| table.write_record(cells).expect("a vector takes what is written");
    write(["question", "answer"]);
    for one in questions {
        write([&one.question, one.answer.as_deref().unwrap_or_default()]);
    }
    table.into_inner().expect("a vector takes what is written")
}
