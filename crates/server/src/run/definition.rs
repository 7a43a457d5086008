//! What of a scenario a round goes by, from its making on: the scenario may change, the round does not.

use super::ids::Secrets;
use crate::people::id::{HouseholdId, ResidentId};
use domain::{Plan, Scenario};
use phone::Wave;
use round::{Calls, Lot, Rules};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use verbs::{Voice, ahead::Kept, board_site};
use words::Language;

/// What a round goes by. It holds doors as they are called out, and no names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Definition {
    /// What a board needs first, by language.
    pub sites: BTreeMap<String, Value>,
    /// What the site goes by.
    pub rules: Rules,
    /// Who is expected when.
    pub calls: Calls,
    /// Whom each wave calls.
    pub waves: Vec<Wave>,
    /// The lane of each household, where the plan says one.
    pub lanes: BTreeMap<Uuid, u16>,
    /// The visitor class of each visit that has one.
    pub classes: BTreeMap<Uuid, String>,
    /// The visits of everybody on the roll of this round.
    pub people: BTreeSet<Uuid>,
    /// What its rest is foreseen with; of a round from before there was any, nothing.
    #[serde(default)]
    pub kept: Kept,
    /// Visitor classes of those on the roll, with their shares.
    #[serde(default)]
    pub shares: Vec<(String, f64)>,
    /// Whether one comes for each household.
    #[serde(default)]
    pub one_for_all: bool,
    /// The scenario that it was made from; what was measured goes back there. Empty: not known.
    #[serde(default)]
    pub made_from: String,
}

/// What it is made from.
pub struct Source<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Who is called when, if anybody is.
    pub plan: Option<&'a Plan>,
    /// The community's households, in the order of the roll.
    pub households: &'a [HouseholdId],
    /// Its residents, likewise.
    pub residents: &'a [ResidentId],
    /// Lots that may be given.
    pub lots: Vec<Lot>,
    /// What its rest is foreseen with.
    pub kept: Kept,
    /// The scenario's id.
    pub made_from: &'a str,
}

impl Definition {
    /// Makes it; `None` if the scenario's time zone is not known.
    pub fn new(source: Source<'_>, secret: &[u8; 32]) -> Option<Definition> {
        let Source { scenario, plan, households, residents, lots, kept, made_from } = source;
        let secrets = Secrets(secret);
        let mut sites = BTreeMap::new();
        let mut known = None;
        for language in Language::ALL {
            let mut site = board_site(scenario, plan, &crate::machine::zones, Voice { language })?;
            site.rules.lots.clone_from(&lots);
            let value = serde_json::to_value(&site).expect("our own types are written as JSON");
            sites.insert(language.tag().to_owned(), value);
            known = Some((site.rules, site.calls));
        }
        let (rules, calls) = known?;
        let household = |place: u32| households.get(place as usize).map(|of| secrets.household(of.0));
        let waves = plan.iter().flat_map(|plan| &plan.waves);
        let chosen = calls.waves.iter().all(|wave| wave.lane == 0);
        let mut lanes = BTreeMap::new();
        for wave in waves.clone().filter(|_| !chosen) {
            lanes.extend(wave.households.iter().filter_map(|&of| Some((household(of)?, wave.lane + 1))));
        }
        let called = waves.map(|wave| Wave {
            number: wave.number,
            households: wave.households.iter().filter_map(|&of| household(of)).collect(),
        });
        let marked = residents.iter().zip(&scenario.roll.residents).filter_map(|(resident, marks)| {
            let mark = marks.iter().find(|mark| domain::Mark::GREEN.contains(mark))?;
            // A class of that name has rules of its own; else all green people are one.
            let own = rules.classes.iter().any(|class| class.name == mark.name());
            let class = if own { mark.name() } else { round::GREEN };
            Some((secrets.visit(resident.0), class.to_owned()))
        });
        let classes: BTreeMap<Uuid, String> = marked.collect();
        let mut counted = BTreeMap::<&String, usize>::new();
        classes.values().for_each(|class| *counted.entry(class).or_default() += 1);
        let all = residents.len().max(1) as f64;
        let shares = counted.into_iter().map(|(class, count)| (class.clone(), count as f64 / all)).collect();
        let people = residents.iter().map(|resident| secrets.visit(resident.0)).collect();
        Some(Definition {
            sites,
            waves: called.collect(),
            lanes,
            classes,
            people,
            rules,
            calls,
            kept,
            shares,
            one_for_all: scenario.roll.residents.len() < residents.len(),
            made_from: made_from.to_owned(),
        })
    }

    /// What people call the community.
    pub fn community(&self) -> String {
        let named = self.sites.values().find_map(|site| site["view"]["community"].as_str());
        named.unwrap_or_default().to_owned()
    }

    /// Takes out all that leads from identifiers to doors.
    pub fn forget(&mut self) {
        for site in self.sites.values_mut() {
            site["doors"] = Value::Array(Vec::new());
        }
        self.waves.clear();
        self.lanes.clear();
        self.classes.clear();
        self.people.clear();
    }
}
