//! Whom a notice is for: everybody, a building, an entrance, a household.

use domain::{Notes, Place, Roll};
use serde::{Deserialize, Serialize};

/// Whom a notice is for; labels as plans have them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressed {
    /// All of the community.
    #[default]
    Everybody,
    /// One building, `12`.
    Building(String),
    /// One entrance: its building, and which of it.
    Entrance(String, String),
    /// One household: its building, entrance and door.
    Household(String, String, String),
}

impl Addressed {
    /// Reads `12`, `12-2`, `12-2-301`, or `12号楼2单元301室`.
    ///
    /// # Errors
    /// The roll has nothing of that name; the note names the nearest that it has.
    pub fn parse(text: &str, roll: &Roll) -> Result<Addressed, Notes> {
        let bare = bare(text);
        for (index, entrance) in roll.entrances.iter().enumerate() {
            let (building, part) = (&entrance.building, &entrance.entrance);
            if *building == bare {
                return Ok(Addressed::Building(building.clone()));
            }
            if roll.entrance_label(index) == bare {
                return Ok(Addressed::Entrance(building.clone(), part.clone()));
            }
            for household in entrance.households.clone() {
                if roll.household_id(household) == bare {
                    let door = roll.households[household as usize].door.clone();
                    return Ok(Addressed::Household(building.clone(), part.clone(), door));
                }
            }
        }
        Err(refused(text, &bare, roll))
    }

    /// As a label: `12-2-301`; empty for everybody.
    pub fn label(&self) -> String {
        match self {
            Addressed::Everybody => String::new(),
            Addressed::Building(building) => building.clone(),
            Addressed::Entrance(building, entrance) => domain::roll::door_label(building, entrance, ""),
            Addressed::Household(building, entrance, door) => {
                domain::roll::door_label(building, entrance, door)
            }
        }
    }

    /// Whether a household is meant.
    pub(crate) fn has(&self, roll: &Roll, household: u32) -> bool {
        let home = &roll.households[household as usize];
        let at = &roll.entrances[home.entrance as usize];
        match self {
            Addressed::Everybody => true,
            Addressed::Building(building) => at.building == *building,
            Addressed::Entrance(building, entrance) => at.building == *building && at.entrance == *entrance,
            Addressed::Household(building, entrance, door) => {
                at.building == *building && at.entrance == *entrance && home.door == *door
            }
        }
    }
}

/// What people write around the numbers is left out: `12号楼2单元301室` is `12-2-301`.
fn bare(text: &str) -> String {
    let mut bare = text.trim().to_owned();
    for (word, instead) in [
        ("号楼", "-"),
        ("栋", "-"),
        ("幢", "-"),
        ("号", "-"),
        ("楼", "-"),
        ("单元", "-"),
        ("室", ""),
        ("/", "-"),
        ("–", "-"),
    ] {
        bare = bare.replace(word, instead);
    }
    bare.split('-').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn refused(text: &str, bare: &str, roll: &Roll) -> Notes {
    let mut notes = Notes::default();
    let place = Place::file("--for");
    match nearest(bare, roll) {
        Some(near) => notes.error(place, "notice_nowhere", &[("place", &text), ("near", &near)]),
        None => notes.error(place, "notice_without_roll", &[("place", &text)]),
    }
    notes
}

/// The label that shares most of its parts with this one, and whose next part is nearest.
fn nearest(bare: &str, roll: &Roll) -> Option<String> {
    let parts: Vec<&str> = bare.split('-').collect();
    let wanted = |depth: usize| parts.get(depth).copied().unwrap_or_default();
    let at = |building: &str| roll.entrances.iter().any(|one| one.building == building);
    let building = if at(wanted(0)) {
        wanted(0).to_owned()
    } else {
        return closest(wanted(0), roll.entrances.iter().map(|one| one.building.clone()));
    };
    let inside = || roll.entrances.iter().enumerate().filter(|(_, one)| one.building == building);
    let found = inside().find(|(_, one)| one.entrance == wanted(1) || one.entrance.is_empty());
    let Some((index, entrance)) = found else {
        let entrance = closest(wanted(1), inside().map(|(_, one)| one.entrance.clone()))?;
        return Some(domain::roll::door_label(&building, &entrance, ""));
    };
    let door = if entrance.entrance.is_empty() { wanted(1) } else { wanted(2) };
    let doors = entrance.households.clone().map(|one| roll.households[one as usize].door.clone());
    let door = closest(door, doors)?;
    Some(format!("{}-{door}", roll.entrance_label(index)))
}

/// The nearest number, or else the word most like it.
fn closest(wanted: &str, all: impl Iterator<Item = String>) -> Option<String> {
    let number = |text: &str| text.parse::<i64>().ok();
    let far = |one: &String| match (number(wanted), number(one)) {
        (Some(wanted), Some(one)) => wanted.abs_diff(one) as f64,
        _ => 1.0 - strsim::normalized_levenshtein(wanted, one),
    };
    all.min_by(|one, other| far(one).total_cmp(&far(other)))
}
