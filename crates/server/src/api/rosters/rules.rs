//! What rosters are made by: `[roster]` of a scenario, as a form has it. Comments in the file stay, and what the form does not show.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use crate::{
    access::who::Asking,
    api::{Asker, Body, rounds::community_of},
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    schema::notes::Refused,
    store::{Changes, Id, Kept, Written},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::roster::{Force, Rule};
use scenario::Files;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use verbs::{
    Voice,
    roster::{ROLE_WORDS, role_word, rule_word},
};

const SCENARIO: &str = "scenario.toml";
/// The wishes, the dearest first.
const COSTS: [Rule; 5] = [Rule::Filled, Rule::Nobody, Rule::IfNeeded, Rule::Preference, Rule::Rotation];

/// A wish's key below `roster.costs`.
fn cost_key(rule: Rule) -> &'static str {
    if rule == Rule::Filled { "empty" } else { rule.name() }
}

/// What rosters are made by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterRules {
    /// Sets of protective clothing in stock; null: enough.
    #[schema(required)]
    suits: Option<u32>,
    /// Vests at one time; null: enough.
    #[schema(required)]
    vests: Option<u32>,
    /// The hours of heat, `["10:00", "16:00"]`; null on a mild day.
    #[schema(required)]
    heat: Option<[String; 2]>,
    /// Roles in protective clothing.
    suit: Vec<String>,
    /// Posts beside the stations; none: an order keeper for each lane.
    posts: Vec<RosterPost>,
    /// Whether nobody stays at one hard post longer than an hour, rather than that it costs something.
    rotation_hard: bool,
    /// What broken wishes cost: `empty`, `nobody_nothing`, `if_needed`, `preference`, `rotation`.
    costs: BTreeMap<String, u32>,
}

/// A post beside the stations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterPost {
    /// Its role.
    role: String,
    /// How many people.
    people: u32,
}

/// The same with what a form has to know.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterRulesSeen {
    /// Of the scenario's content.
    version: String,
    /// As they are.
    rules: RosterRules,
    /// Roles that can be chosen, each with its word.
    roles: Vec<[String; 2]>,
    /// What can cost something, each with its word.
    costs: Vec<[String; 2]>,
}

/// What rosters are to be made by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterRulesAsked {
    /// The version that was read.
    version: String,
    /// As they shall be.
    rules: RosterRules,
}

/// What the rosters of a scenario are made by.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rosters/{id}/rules",
    params(("community" = String, Path), ("id" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = RosterRulesSeen), (status = NOT_FOUND, body = Problem))
)]
pub async fn roster_rules(
    State(app): State<App>,
    asking: Asking,
    Path((community, scenario)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Json<RosterRulesSeen>, Fault> {
    let seen = aside(move || {
        app.people.community(community_of(&community)?)?;
        Ok(seen(&app.store.get(&asking.who, &known(&scenario)?)?, voice))
    });
    seen.await.map(Json)
}

/// Writes into a scenario what its rosters are made by, if nobody else has written since. A roster that is there is held against the new
/// rules at once; its shifts are others only when it is made anew.
#[utoipa::path(
    put, path = "/api/v1/communities/{community}/rosters/{id}/rules", request_body = RosterRulesAsked,
    params(("community" = String, Path), ("id" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = RosterRulesSeen), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "Somebody wrote into the scenario since", body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn change_roster_rules(
    State(app): State<App>,
    asking: Asking,
    Path((community, scenario)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(asked): Body<RosterRulesAsked>,
) -> Result<Json<RosterRulesSeen>, Fault> {
    let seen = aside(move || {
        app.people.community(community_of(&community)?)?;
        let id = known(&scenario)?;
        let kept = app.store.get(&asking.who, &id)?;
        let keys = asked.rules.keys(&RosterRules::of(&kept.files));
        let (files, notes) = scenario::change(&kept.files, &keys);
        let Some(mut files) = files else { return Err(notes.into()) };
        let written = files.0.remove(SCENARIO);
        let changes =
            Changes { files: BTreeMap::from([(SCENARIO.to_owned(), written)]), ..Changes::default() };
        match app.store.change(&asking.who, &id, &asked.version, &changes)? {
            Written::Now(kept) => Ok(seen(&kept, voice)),
            Written::Conflict(_) => Err(Fault::new(StatusCode::CONFLICT, "roster_rules_changed")),
        }
    });
    seen.await.map(Json)
}

fn known(scenario: &str) -> Result<Id, Fault> {
    Id::parse(scenario).ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "unknown_here"))
}

fn seen(kept: &Kept, voice: Voice) -> RosterRulesSeen {
    let rules = RosterRules::of(&kept.files);
    let own = rules.posts.iter().map(|post| post.role.as_str()).chain(rules.suit.iter().map(String::as_str));
    let mut names: Vec<&str> = ROLE_WORDS.iter().map(|(name, _)| *name).collect();
    for name in own {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let roles = names.into_iter().map(|name| [name.to_owned(), role_word(name, voice)]).collect();
    let costs = COSTS.iter().map(|rule| [cost_key(*rule).to_owned(), rule_word(*rule, voice)]).collect();
    RosterRulesSeen { version: kept.version.clone(), rules, roles, costs }
}

impl RosterRules {
    /// As a folder has them.
    fn of(files: &Files) -> RosterRules {
        let (rules, made) = scenario::roster_rules(files, &[]);
        let clock = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let hard = rules.rotation_hard;
        let soft = domain::roster::Rules { rotation_hard: false, ..rules };
        let cost = |rule: Rule| match soft.force(rule) {
            Force::Soft(cost) => (cost_key(rule).to_owned(), cost),
            Force::Hard => (cost_key(rule).to_owned(), 0),
        };
        RosterRules {
            suits: soft.suits,
            vests: soft.vests,
            heat: made.heat.map(|(from, until)| [clock(from), clock(until)]),
            suit: made.suit,
            posts: made.posts.into_iter().map(|(role, people)| RosterPost { role, people }).collect(),
            rotation_hard: hard,
            costs: COSTS.map(cost).into(),
        }
    }

    /// The keys that are others than they were: a value in TOML, or nothing where a key is taken away.
    fn keys(&self, old: &RosterRules) -> Vec<(String, Option<String>)> {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let list = |items: Vec<String>| format!("[{}]", items.join(", "));
        let post = |post: &RosterPost| format!("{{ role = {}, people = {} }}", text(&post.role), post.people);
        let mut keys = Vec::new();
        let mut put = |is_other: bool, key: &str, value: Option<String>| {
            if is_other {
                keys.push((format!("roster.{key}"), value));
            }
        };
        put(self.suits != old.suits, "suits", self.suits.map(|stock| stock.to_string()));
        put(self.vests != old.vests, "vests", self.vests.map(|stock| stock.to_string()));
        let heat = self.heat.as_ref();
        let hours = heat.map(|[from, until]| format!("{{ from = {}, until = {} }}", text(from), text(until)));
        put(self.heat != old.heat, "heat", hours);
        put(self.suit != old.suit, "suit", Some(list(self.suit.iter().map(|role| text(role)).collect())));
        let posts = list(self.posts.iter().map(post).collect());
        put(self.posts != old.posts, "post", (!self.posts.is_empty()).then_some(posts));
        let hard = self.rotation_hard.then(|| "[\"rotation\"]".to_owned());
        put(self.rotation_hard != old.rotation_hard, "hard", hard);
        for (name, cost) in &self.costs {
            put(old.costs.get(name) != Some(cost), &format!("costs.{name}"), Some(cost.to_string()));
        }
        keys
    }
}
