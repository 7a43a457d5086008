//! The roll: who lives behind which door. It holds no names, telephones or document numbers: the importer uses
//! them to find people entered twice and lets them go.

use std::{
    fmt::{self, Write as _},
    ops::Range,
};

/// The list of entrances, households and residents of one community, each contiguous within the one above it and
/// in the order of the list it was read from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roll {
    /// Entrances, in roll order.
    pub entrances: Vec<Entrance>,
    /// Households, in roll order.
    pub households: Vec<Household>,
    /// Each resident's marks, in roll order.
    pub residents: Vec<Marks>,
}

/// One staircase of one building.
#[derive(Clone, Debug, PartialEq)]
pub struct Entrance {
    /// The building, as on its wall: `12`, `A3`.
    pub building: String,
    /// The entrance (单元) of the building; empty where a building has only one.
    pub entrance: String,
    /// Its households: a range of [`Roll::households`].
    pub households: Range<u32>,
}

/// People who are called together.
#[derive(Clone, Debug, PartialEq)]
pub struct Household {
    /// Which entrance: an index of [`Roll::entrances`].
    pub entrance: u32,
    /// The door: `301`.
    pub door: String,
    /// Its residents: a range of [`Roll::residents`].
    pub residents: Range<u32>,
}

/// What a volunteer should know about a resident before the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Frail or old: green channel.
    Frail,
    /// A patient: green channel.
    Ill,
    /// A pupil with lessons online: green channel.
    Pupil,
    /// A teacher with lessons online: green channel.
    Teacher,
    /// Needs a caller who speaks another language.
    ForeignLanguage,
    /// Rents, and may not be on the authority's list.
    Tenant,
}

/// The class of people who are green and have no class of their own.
pub const GREEN: &str = "green";

impl Mark {
    /// All marks, in the order of their bits.
    pub const ALL: [Mark; 6] =
        [Mark::Frail, Mark::Ill, Mark::Pupil, Mark::Teacher, Mark::ForeignLanguage, Mark::Tenant];
    /// The marks that open the green channel.
    pub const GREEN: [Mark; 4] = [Mark::Frail, Mark::Ill, Mark::Pupil, Mark::Teacher];

    /// Whether a visitor class of this name is that of frail people, patients, pupils or teachers, or of all of them.
    pub fn names_green(class: &str) -> bool {
        class == GREEN || Mark::GREEN.iter().any(|mark| mark.name() == class)
    }

    /// The word for it in files: `foreign-language`.
    pub fn name(self) -> &'static str {
        match self {
            Mark::Frail => "frail",
            Mark::Ill => "ill",
            Mark::Pupil => "pupil",
            Mark::Teacher => "teacher",
            Mark::ForeignLanguage => "foreign-language",
            Mark::Tenant => "tenant",
        }
    }
}

/// A language in which somebody is spoken to: a tag of BCP 47 of two or three letters, `ko`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tongue([u8; 3]);

impl Tongue {
    /// Which it is is not known.
    pub const UNKNOWN: Tongue = Tongue(*b"und");

    /// The language of a tag, in any case; `None` for anything but two or three letters.
    pub fn parse(tag: &str) -> Option<Tongue> {
        let letters = tag.as_bytes();
        let fits = (2..=3).contains(&letters.len()) && letters.iter().all(u8::is_ascii_alphabetic);
        let mut tongue = [0; 3];
        tongue[..letters.len().min(3)].copy_from_slice(&letters[..letters.len().min(3)]);
        fits.then(|| Tongue(tongue.map(|letter| letter.to_ascii_lowercase())))
    }
}

impl fmt::Display for Tongue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = self.0.iter().filter(|letter| **letter != 0);
        letters.map(|letter| char::from(*letter)).try_for_each(|letter| f.write_char(letter))
    }
}

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    set: u8,
    language: Option<Tongue>,
}

impl Marks {
    /// The set with this mark added.
    #[must_use]
    pub fn with(self, mark: Mark) -> Self {
        Marks { set: self.set | 1 << mark as u8, ..self }
    }
    /// The set with the mark of a foreign language, which is this one.
    #[must_use]
    pub fn speaking(self, language: Tongue) -> Self {
        Marks { language: Some(language), ..self.with(Mark::ForeignLanguage) }
    }
    /// The language in which the resident is spoken to; [`Tongue::UNKNOWN`] where there is only the mark.
    pub fn language(self) -> Option<Tongue> {
        self.has(Mark::ForeignLanguage).then(|| self.language.unwrap_or(Tongue::UNKNOWN))
    }
    /// Whether the mark is in the set.
    pub fn has(self, mark: Mark) -> bool {
        self.set & 1 << mark as u8 != 0
    }
    /// Both sets together.
    #[must_use]
    pub fn union(self, other: Marks) -> Self {
        Marks { set: self.set | other.set, language: self.language.or(other.language) }
    }
    /// Whether one of the marks opens the green channel.
    pub fn green(self) -> bool {
        Mark::GREEN.iter().any(|&mark| self.has(mark))
    }
    /// The marks in the set, in the order of [`Mark::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |&mark| self.has(mark))
    }
}

impl Roll {
    /// The roll of some of its residents, and the places in this one of the households that they leave.
    pub fn only(&self, stays: impl Fn(u32) -> bool) -> (Roll, Vec<u32>) {
        let (mut roll, mut kept) = (Roll::default(), Vec::new());
        for entrance in &self.entrances {
            let first = kept.len() as u32;
            for place in entrance.households.clone() {
                let household = &self.households[place as usize];
                let start = roll.people();
                let some = household.residents.clone().filter(|&one| stays(one));
                roll.residents.extend(some.map(|one| self.residents[one as usize]));
                if roll.people() > start {
                    let (door, residents) = (household.door.clone(), start..roll.people());
                    let entrance = roll.entrances.len() as u32;
                    roll.households.push(Household { entrance, door, residents });
                    kept.push(place);
                }
            }
            let households = first..kept.len() as u32;
            if !households.is_empty() {
                roll.entrances.push(Entrance { households, ..entrance.clone() });
            }
        }
        (roll, kept)
    }

    /// The number of residents.
    pub fn people(&self) -> u32 {
        u32::try_from(self.residents.len()).expect("the importer limits rows")
    }
    /// The number of residents of an entrance.
    pub fn people_of_entrance(&self, entrance: usize) -> u32 {
        let households = &self.entrances[entrance].households;
        if households.is_empty() {
            return 0;
        }
        let first = &self.households[households.start as usize];
        let last = &self.households[households.end as usize - 1];
        last.residents.end - first.residents.start
    }
    /// The number of residents of a household.
    pub fn size(&self, household: u32) -> u32 {
        let residents = &self.households[household as usize].residents;
        residents.end - residents.start
    }
    /// The household's identifier in plans: its door with the way to it, `12-2-301`.
    pub fn household_id(&self, household: u32) -> String {
        let household = &self.households[household as usize];
        let entrance = &self.entrances[household.entrance as usize];
        door_label(&entrance.building, &entrance.entrance, &household.door)
    }
    /// Doors as a volunteer says them: `101–602`, or singly where they are few.
    pub fn doors_in_words(&self, households: &[u32]) -> String {
        let door = |household: &u32| self.households[*household as usize].door.as_str();
        let whole_run =
            || households.iter().copied().eq(households[0]..households[0] + households.len() as u32);
        match households {
            [] => String::new(),
            [only] => door(only).to_owned(),
            [first, .., last] if whole_run() => format!("{}–{}", door(first), door(last)),
            several => several.iter().map(door).collect::<Vec<_>>().join(", "),
        }
    }
    /// The entrance's label: `12-2`, or `12` where a building has only one.
    pub fn entrance_label(&self, entrance: usize) -> String {
        let entrance = &self.entrances[entrance];
        [entrance.building.as_str(), entrance.entrance.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("-")
    }
}

/// Building, entrance and door as one label; empty parts are left out.
pub fn door_label(building: &str, entrance: &str, door: &str) -> String {
    [building, entrance, door].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The floor of a door, as doors are numbered: `301` is on the third, `1204` on the twelfth. `None` where it does not tell.
pub fn floor_of(door: &str) -> Option<u8> {
    let digits: String = door.chars().filter(char::is_ascii_digit).collect();
    let floor = match digits.len() {
        3 => &digits[..1],
        4 => &digits[..2],
        _ => return None,
    };
    floor.parse().ok().filter(|floor| *floor > 0)
}

#[cfg(test)]
mod tests {
    use super::floor_of;

    #[test]
    fn a_door_tells_its_floor() {
        let doors = ["301", "1204", "302室", "A1203", "12", "12045", "B01", "", "001", "三楼"];
        let floors = [Some(3), Some(12), Some(3), Some(12), None, None, None, None, None, None];
        assert_eq!(doors.map(floor_of), floors);
    }
}
