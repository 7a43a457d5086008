//! What of a scenario a round goes by, from its making on: the scenario may change, the round does not.

use super::{
    ids::Secrets,
    mop_up::Before,
    roll::{OfRoll, OnRoll},
};
use domain::{Mark, Plan, Scenario, roll::Marks};
use jiff::tz::TimeZone;
use phone::Wave;
use round::{Calls, Lot, Rules};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use verbs::{Voice, ahead::Kept, board_site, provision::Needs};
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
    /// The visits of those who are marked as frail or ill.
    #[serde(default)]
    pub frail: BTreeSet<Uuid>,
    /// The language in which people are spoken to, by visit, where the roll has a mark of it: see [`Marks::language`].
    #[serde(default)]
    pub languages: BTreeMap<Uuid, String>,
    /// The visits of everybody on the roll of this round.
    pub people: BTreeSet<Uuid>,
    /// What its rest is foreseen with; of a round from before there was any, nothing.
    #[serde(default)]
    pub kept: Kept,
    /// What its plan needs of goods, slot by slot.
    #[serde(default)]
    pub needs: Needs,
    /// Visitor classes of those on the roll, with their shares.
    #[serde(default)]
    pub shares: Vec<(String, f64)>,
    /// Whether one comes for each household.
    #[serde(default)]
    pub one_for_all: bool,
    /// The scenario that it was made from; what was measured goes back there. Empty: not known.
    #[serde(default)]
    pub made_from: String,
    /// The round that missed those for whom it is.
    #[serde(default)]
    pub before: Option<Before>,
}

/// What it is made from.
pub struct Source<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Who is called when, if anybody is.
    pub plan: Option<&'a Plan>,
    /// Households and residents of the community on its roll.
    pub on_roll: &'a OfRoll,
    /// Whether one comes for each household.
    pub one_for_all: bool,
    /// Lots that may be given.
    pub lots: Vec<Lot>,
    /// What its rest is foreseen with.
    pub kept: Kept,
    /// What its plan needs of goods.
    pub needs: Needs,
    /// The scenario's id.
    pub made_from: &'a str,
    /// The round that missed those for whom it is.
    pub before: Option<Before>,
}

impl Definition {
    /// Makes it; `None` if the scenario's time zone is not known.
    pub fn new(source: Source<'_>, secret: &[u8; 32]) -> Option<Definition> {
        let Source { scenario, plan, on_roll, one_for_all, lots, kept, needs, made_from, before } = source;
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
        let household = |place: u32| on_roll.households.get(place as usize).map(|of| secrets.household(of.0));
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
        let class_of = |marks: &Marks| {
            let mark = marks.iter().find(|mark| Mark::GREEN.contains(mark))?;
            // A class of that name has rules of its own; else all green people are one.
            let own = rules.classes.iter().any(|class| class.name == mark.name());
            Some(if own { mark.name() } else { round::GREEN })
        };
        let visit = |of: &OnRoll| secrets.visit(of.id.0);
        let marked = on_roll.residents.iter();
        let marked = marked.filter_map(|of| Some((visit(of), class_of(&of.marks)?.to_owned())));
        let classes: BTreeMap<Uuid, String> = marked.collect();
        let frail =
            on_roll.residents.iter().filter(|of| of.marks.has(Mark::Frail) || of.marks.has(Mark::Ill));
        let frail = frail.map(visit).collect();
        let spoken = on_roll.residents.iter();
        let spoken = spoken.filter_map(|of| Some((visit(of), of.marks.language()?.to_string())));
        let languages = spoken.collect();
        // Of those who come: where that is one for each household, of those alone.
        let mut counted = BTreeMap::<&str, usize>::new();
        let come = &scenario.roll.residents;
        come.iter().filter_map(class_of).for_each(|class| *counted.entry(class).or_default() += 1);
        let all = come.len().max(1) as f64;
        let shares = counted.into_iter().map(|(class, count)| (class.to_owned(), count as f64 / all));
        let shares = shares.collect();
        let people = on_roll.residents.iter().map(visit).collect();
        Some(Definition {
            sites,
            waves: called.collect(),
            lanes,
            classes,
            frail,
            languages,
            people,
            rules,
            calls,
            kept,
            needs,
            shares,
            one_for_all,
            made_from: made_from.to_owned(),
            before,
        })
    }

    /// What a board needs first, in this language, or in one that stands in for it: a round may be older than a language.
    pub fn site(&self, language: Language) -> Option<&Value> {
        language.and_instead().find_map(|language| self.sites.get(language.tag()))
    }

    /// What people call the community.
    pub fn community(&self) -> String {
        let named = self.sites.values().find_map(|site| site["view"]["community"].as_str());
        named.unwrap_or_default().to_owned()
    }

    /// The site's time zone.
    pub fn zone(&self) -> TimeZone {
        let kept = self.kept.scenario();
        kept.and_then(|kept| TimeZone::get(&kept.community.timezone).ok()).unwrap_or(TimeZone::UTC)
    }

    /// Takes out all that leads from identifiers to doors.
    pub fn forget(&mut self) {
        for site in self.sites.values_mut() {
            site["doors"] = Value::Array(Vec::new());
        }
        self.waves.clear();
        self.lanes.clear();
        self.classes.clear();
        self.frail.clear();
        self.languages.clear();
        self.people.clear();
        self.before = None;
    }
}
