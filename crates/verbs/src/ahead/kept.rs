//! What of a scenario's folder a running day is foreseen with.

use domain::Scenario;
use scenario::Files;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The stations and laws of a scenario's folder as they were written, without its roll and without anybody's name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    files: BTreeMap<String, String>,
    /// Keys that take the place of those in the folder: households, where the folder has no roll any more.
    sets: Vec<(String, String)>,
}

const SCENARIO: &str = "scenario.toml";
const SERVICES: &str = "services/";
/// What its day uses up: goods, and no names.
const SUPPLIES: &str = "supplies.csv";

impl Kept {
    /// Keeps `scenario.toml`, `supplies.csv`, service files, and the files of values that their laws name.
    pub fn of(files: &Files, scenario: &Scenario) -> Kept {
        let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).ok();
        let tables = files
            .0
            .iter()
            .filter(|(name, _)| [SCENARIO, SUPPLIES].contains(&name.as_str()) || name.starts_with(SERVICES));
        let mut kept: BTreeMap<String, String> =
            tables.filter_map(|(name, bytes)| Some((name.clone(), text(bytes)?))).collect();
        let named = |name: &str| kept.values().any(|text| text.contains(&format!("\"{name}\"")));
        let values: Vec<(String, String)> = files
            .0
            .iter()
            .filter(|(name, _)| !kept.contains_key(*name) && of_values(name) && named(name))
            .filter_map(|(name, bytes)| Some((name.clone(), text(bytes)?)))
            .collect();
        kept.extend(values);
        let made_up = ["households", "mean_size", "entrances"];
        let sets = made_up.iter().filter(|_| scenario.arrivals.needs_roll());
        Kept { files: kept, sets: sets.map(|key| (format!("community.{key}"), "1".to_owned())).collect() }
    }

    /// The scenario, with nobody on its roll but one made-up household; `None` if this program reads it otherwise than
    /// the one that kept it.
    pub fn scenario(&self) -> Option<Scenario> {
        let files = self.files.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes()));
        scenario::read(&Files(files.collect()), &self.sets, &mut |_, _| ()).0
    }
}

/// Tables of people are never kept, whatever names them.
fn of_values(name: &str) -> bool {
    name.ends_with(".csv") && !name.starts_with("roll") && !name.starts_with("volunteers")
}
