//! What a phone is given when it joins a round: its rules, and its part of the roll.

use domain::{Moment, command::Table};
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
}

impl Door {
    /// The whole label, `12-2-301`.
    pub fn label(&self) -> String {
        domain::roll::door_label(&self.building, &self.entrance, &self.door)
    }

    /// The floor, as far as the door says it: all but its last two digits.
    pub fn floor(&self) -> Option<u32> {
        let digits: String = self.door.chars().filter(char::is_ascii_digit).collect();
        digits.len().checked_sub(2).filter(|&of| of > 0).and_then(|of| digits[..of].parse().ok())
    }
}
