//! What a phone is given when it joins a round: its rules, and its part of the roll.

use domain::{Moment, Walking, command::Table, roll::floor_of, walk::Stop};
use round::{Calls, Rules};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// All that a phone needs for its shift, so that it needs no network after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The community that owns what is written.
    pub community: Uuid,
    /// What people call it.
    pub name: String,
    /// The round.
    pub round: Uuid,
    /// The phone, of this round alone.
    pub device: Uuid,
    /// What its person does.
    pub task: Task,
    /// What the site goes by.
    pub rules: Rules,
    /// Who is expected when.
    pub calls: Calls,
    /// Whom each wave calls, in the order of their calls.
    pub waves: Vec<Wave>,
    /// What the community says of the ways between its doors.
    #[serde(default)]
    pub walking: Walking,
    /// Among how many callers a wave's doors are shared out; 0: nobody said, one.
    #[serde(default)]
    pub callers: u32,
    /// Whether whoever comes of a household comes for all of it.
    #[serde(default)]
    pub one_for_all: bool,
    /// The phone's part of the roll.
    pub doors: Vec<Door>,
    /// The key of the round's tubes; absent where the task has nothing to do with tubes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tube_key: Option<[u8; 32]>,
    /// The key by which codes of other systems are written down, so that they cannot be read out of a journal; absent where the
    /// task has nothing to do with people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_key: Option<[u8; 32]>,
    /// When the roll is forgotten, sent or not: what was written down holds no names.
    pub forget_at: Moment,
}

/// What a volunteer does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// `registrar`, `sampler`, `caller`, `order`, `courier`, `lab` or `secretary`.
    pub role: String,
    /// The table, for who sits at one; it can be changed on the phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
}

/// A wave and whom it calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    /// Its number, from 1.
    pub number: u32,
    /// The households, in the order in which they are called.
    pub households: Vec<Uuid>,
}

/// A household and its door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// The household, as this round's events name it.
    pub household: Uuid,
    /// The household's code.
    pub code: String,
    /// The building, as on its wall.
    pub building: String,
    /// The entrance of the building; empty where it has only one.
    pub entrance: String,
    /// The door: `301`.
    pub door: String,
    /// The lane to which the plan sends it, from 1; 0: any.
    pub lane: u16,
    /// Who lives there.
    pub people: Vec<Person>,
}

/// Somebody on the roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The person's visit of this round: nobody comes twice.
    pub visit: Uuid,
    /// The person's code.
    pub code: String,
    /// What a volunteer may read of the name.
    pub name: String,
    /// Visitor class; empty: general.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Whether the roll says that the person is frail or ill.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub frail: bool,
    /// The language in which the person is spoken to, where the roll says one: `ko`; `und`: it does not say which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl Door {
    /// The whole label, `12-2-301`.
    pub fn label(&self) -> String {
        domain::roll::door_label(&self.building, &self.entrance, &self.door)
    }

    /// The floor, as far as the door says it.
    pub fn floor(&self) -> Option<u32> {
        floor_of(&self.door).map(u32::from)
    }

    /// Languages in which its people are spoken to, where the roll says so, each once.
    pub fn languages(&self) -> Vec<String> {
        let mut all: Vec<String> = self.people.iter().filter_map(|person| person.language.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The door as somebody walks to it, who stays for so many seconds.
    pub fn stop(&self, stay_s: u32) -> Stop<'_> {
        Stop { building: &self.building, entrance: &self.entrance, door: &self.door, stay_s }
    }
}
