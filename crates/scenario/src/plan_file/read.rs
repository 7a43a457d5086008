//! Reads a plan's file, which a person may have edited: everything that does not fit the scenario is noted at once.

use crate::clock::{Clock, ROUND_DAYS_MAX, TICKS_PER_DAY, ticks_after};
use crate::value::shortened;
use domain::plan::{Plan, Policy, Wave};
use domain::{Notes, Place, Scenario, scenario::Servers};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The largest plan that is read: 20 bytes for each of a million households, twice over.
const PLAN_BYTES_MAX: usize = 64 << 20;
/// Loads a plan may carry: above any that is planned with.
const LOAD_MAX: f64 = 10.0;
/// Servers that a plan may put at a station: as many as a scenario may.
const SERVERS_MAX: u32 = 10_000;

/// Reads a plan for this scenario. `None` exactly if the notes refuse. Keys it does not know are ignored: a plan's
/// file also carries its forecast and rosters. Columns of notes are the keys' paths, waves counted from 1.
pub fn read_plan(file: &str, bytes: &[u8], scenario: &Scenario) -> (Option<Plan>, Notes) {
    let mut reader =
        Reader { notes: Notes::default(), file, scenario, called: BTreeMap::new(), numbers: BTreeMap::new() };
    let plan = reader.plan(bytes);
    let refused = reader.notes.refuses();
    (plan.filter(|_| !refused), reader.notes)
}

struct Reader<'a> {
    notes: Notes,
    file: &'a str,
    scenario: &'a Scenario,
    /// The wave that calls each household, by the household's place in the roll.
    called: BTreeMap<u32, u32>,
    /// The first wave of each number, by its place in the list.
    numbers: BTreeMap<u32, usize>,
}

impl Reader<'_> {
    fn at(&self, path: &str) -> Place {
        Place::file(self.file).column(path)
    }

    fn plan(&mut self, bytes: &[u8]) -> Option<Plan> {
        if bytes.len() > PLAN_BYTES_MAX {
            let mib = PLAN_BYTES_MAX >> 20;
            self.notes.error(Place::file(self.file), "plan_too_large", &[("max", &mib)]);
            return None;
        }
        let tree: Value = match serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
            Ok(tree) => tree,
            Err(error) => {
                let row = u32::try_from(error.line()).unwrap_or(u32::MAX);
                let place = Place::file(self.file).row(row.max(1)).column(error.column().to_string());
                let code = if error.is_eof() { "plan_cut_off" } else { "plan_not_json" };
                self.notes.error(place, code, &[]);
                return None;
            }
        };
        let Some(top) = tree.as_object() else {
            self.notes.error(Place::file(self.file), "plan_not_json", &[]);
            return None;
        };
        let policy = self.policy(top);
        let load = self.load(top);
        let Some(list) = top.get("waves").and_then(Value::as_array) else {
            self.notes.error(self.at("waves"), "plan_no_waves", &[]);
            return None;
        };
        let ids = self.ids();
        let waves: Vec<Option<Wave>> =
            list.iter().enumerate().map(|(index, wave)| self.wave(index, wave, &ids)).collect();
        self.uncalled();
        Some(Plan {
            policy: policy?,
            load: load?,
            waves: waves.into_iter().collect::<Option<_>>()?,
            staff: self.staff(top)?,
            callers: None,
        })
    }

    fn policy(&mut self, top: &Map<String, Value>) -> Option<Policy> {
        let word = top.get("policy").and_then(Value::as_str);
        let policy =
            [Policy::Broadcast, Policy::Waves].into_iter().find(|policy| Some(policy.name()) == word);
        if policy.is_none() {
            self.notes.error(self.at("policy"), "plan_policy", &[]);
        }
        policy
    }

    fn load(&mut self, top: &Map<String, Value>) -> Option<Option<f64>> {
        match top.get("load") {
            None | Some(Value::Null) => Some(None),
            Some(value) => {
                let load = value.as_f64().filter(|load| *load > 0.0 && *load <= LOAD_MAX);
                if load.is_none() {
                    self.notes.error(
                        self.at("load"),
                        "plan_load",
                        &[("value", &shown(value)), ("max", &LOAD_MAX)],
                    );
                }
                load.map(Some)
            }
        }
    }

    /// Stations that are staffed otherwise than the scenario has them.
    fn staff(&mut self, top: &Map<String, Value>) -> Option<Vec<(usize, u32)>> {
        let list = match top.get("staff") {
            None | Some(Value::Null) => return Some(Vec::new()),
            Some(value) => value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]),
        };
        let staffed = list.iter().enumerate().map(|(index, post)| {
            let stations = &self.scenario.site.stations;
            let name = post.get("station").and_then(Value::as_str);
            let place = stations.iter().position(|station| Some(station.name.as_str()) == name);
            let place = place.filter(|&place| stations[place].servers != Servers::Unlimited);
            let servers = post.as_object().and_then(|post| count(post, "servers"));
            let servers = servers.filter(|servers| (1..=SERVERS_MAX).contains(servers));
            let both = place.zip(servers);
            if both.is_none() {
                let args: [(&'static str, &dyn std::fmt::Display); 1] = [("max", &SERVERS_MAX)];
                self.notes.error(self.at(&format!("staff[{}]", index + 1)), "plan_staff", &args);
            }
            both
        });
        staffed.collect::<Vec<_>>().into_iter().collect()
    }

    /// Households by what plans call them.
    fn ids(&self) -> BTreeMap<String, u32> {
        let roll = &self.scenario.roll;
        let count = u32::try_from(roll.households.len()).expect("the importer limits rows");
        (0..count).rev().map(|household| (roll.household_id(household), household)).collect()
    }

    fn wave(&mut self, index: usize, wave: &Value, ids: &BTreeMap<String, u32>) -> Option<Wave> {
        let path = format!("waves[{}]", index + 1);
        let Some(wave) = wave.as_object() else {
            self.notes.error(self.at(&path), "plan_wave", &[]);
            return None;
        };
        let number = self.number(index, wave);
        let call_at = self.call_at(wave, &path);
        let lane = self.lane(wave, &path);
        let pinned = self.pinned(wave, &path);
        let Some(members) = wave.get("members").and_then(Value::as_array) else {
            self.notes.error(self.at(&format!("{path}.members")), "plan_members", &[]);
            return None;
        };
        // As people would find it, even where the number is not good for a plan.
        let called = count(wave, "number").unwrap_or(u32::try_from(index + 1).unwrap_or(u32::MAX));
        let households: Vec<Option<u32>> = members
            .iter()
            .enumerate()
            .map(|(place, member)| {
                self.member(&format!("{path}.members[{}]", place + 1), member, called, ids)
            })
            .collect();
        let households = households.into_iter().collect::<Option<Vec<u32>>>();
        self.counts(wave, &path, members.len(), households.as_deref());
        Some(Wave {
            number: number?,
            call_at: call_at?,
            lane: lane?,
            households: households?,
            pinned: pinned?,
        })
    }

    fn pinned(&mut self, wave: &Map<String, Value>, path: &str) -> Option<bool> {
        match wave.get("pinned") {
            None => Some(false),
            Some(Value::Bool(pinned)) => Some(*pinned),
            Some(other) => {
                let value = shown(other);
                self.notes.error(self.at(&format!("{path}.pinned")), "plan_pinned", &[("value", &value)]);
                None
            }
        }
    }

    fn call_at(&mut self, wave: &Map<String, Value>, path: &str) -> Option<i64> {
        let opens = self.scenario.round.opens;
        let at = self.at(&format!("{path}.call_at"));
        let value = wave.get("call_at");
        let clock = value.and_then(Value::as_str).and_then(Clock::parse);
        let ticks = clock.map(|clock| ticks_after(opens, clock.on(opens.date())));
        match ticks {
            None => self.notes.error(at, "plan_time", &[("value", &value.map(shown).unwrap_or_default())]),
            Some(ticks) if ticks.abs() > ROUND_DAYS_MAX * TICKS_PER_DAY => {
                self.notes.error(at, "plan_time_far", &[("days", &ROUND_DAYS_MAX)]);
                return None;
            }
            Some(_) => {}
        }
        ticks
    }

    fn lane(&mut self, wave: &Map<String, Value>, path: &str) -> Option<u16> {
        let lanes = self.scenario.site.lanes;
        let lane = count(wave, "lane").filter(|lane| (1..=u32::from(lanes)).contains(lane));
        if lane.is_none() {
            let value = wave.get("lane").map(shown).unwrap_or_default();
            self.notes.error(
                self.at(&format!("{path}.lane")),
                "plan_lane",
                &[("value", &value), ("lanes", &lanes)],
            );
        }
        lane.map(|lane| u16::try_from(lane - 1).expect("there are fewer lanes"))
    }

    fn member(&mut self, path: &str, member: &Value, wave: u32, ids: &BTreeMap<String, u32>) -> Option<u32> {
        let Some(&household) = member.as_str().and_then(|id| ids.get(id)) else {
            self.notes.error(self.at(path), "plan_household_unknown", &[("household", &shown(member))]);
            return None;
        };
        if let Some(other) = self.called.insert(household, wave) {
            let household = shown(member);
            let args: [(&'static str, &dyn std::fmt::Display); 3] =
                [("household", &household), ("other", &other), ("wave", &wave)];
            self.notes.error(self.at(path), "plan_household_twice", &args);
            return None;
        }
        Some(household)
    }

    /// The counts beside the list of members are for people's eyes: where they differ, the members are what counts.
    fn counts(&mut self, wave: &Map<String, Value>, path: &str, members: usize, households: Option<&[u32]>) {
        if members == 0 {
            self.notes.warning(self.at(&format!("{path}.members")), "plan_wave_empty", &[]);
        }
        let roll = &self.scenario.roll;
        let people =
            households.map(|list| list.iter().map(|&household| u64::from(roll.size(household))).sum());
        for (key, counted) in [("households", Some(members as u64)), ("people", people)] {
            let Some(given) = wave.get(key) else { continue };
            let Some(counted) = counted else { continue };
            if given.as_u64() != Some(counted) {
                let given = shown(given);
                let args: [(&'static str, &dyn std::fmt::Display); 2] =
                    [("given", &given), ("counted", &counted)];
                self.notes.warning(self.at(&format!("{path}.{key}")), "plan_count", &args);
            }
        }
    }

    fn number(&mut self, index: usize, wave: &Map<String, Value>) -> Option<u32> {
        let place = self.at(&format!("waves[{}].number", index + 1));
        let Some(number) = count(wave, "number").filter(|number| *number > 0) else {
            self.notes.error(place, "plan_number", &[]);
            return None;
        };
        if let Some(first) = self.numbers.get(&number) {
            let first = format!("waves[{}]", first + 1);
            self.notes.error(place, "plan_number_twice", &[("number", &number), ("first", &first)]);
            return None;
        }
        self.numbers.insert(number, index);
        Some(number)
    }

    /// Households that no wave calls: nobody would knock at their doors.
    fn uncalled(&mut self) {
        /// As many as a note can name and still be read.
        const NAMED_MAX: usize = 10;
        let roll = &self.scenario.roll;
        let count = u32::try_from(roll.households.len()).expect("the importer limits rows");
        let uncalled: Vec<u32> =
            (0..count).filter(|household| !self.called.contains_key(household)).collect();
        if uncalled.is_empty() {
            return;
        }
        let mut named: Vec<String> =
            uncalled.iter().take(NAMED_MAX).map(|&household| roll.household_id(household)).collect();
        if uncalled.len() > NAMED_MAX {
            named.push("…".to_owned());
        }
        let args: [(&'static str, &dyn std::fmt::Display); 2] =
            [("count", &uncalled.len()), ("households", &named.join(", "))];
        self.notes.warning(self.at("waves"), "plan_uncalled", &args);
    }
}

fn count(wave: &Map<String, Value>, key: &str) -> Option<u32> {
    u32::try_from(wave.get(key)?.as_u64()?).ok()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => shortened(text),
        Value::Array(_) => "[…]".to_owned(),
        Value::Object(_) => "{…}".to_owned(),
        other => shortened(&other.to_string()),
    }
}
