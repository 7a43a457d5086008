//! What a site uses up, and by what rule: the rows of `supplies.csv`.

use chance::Ticks;

/// Letters of a good's name, and of its unit: what stands on a box.
pub const NAME_LETTERS: usize = 40;

/// All that is said of supplies; without rows nothing is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplyRules {
    /// Whether it is a hot day: rates for hot days hold where there are any.
    pub hot: bool,
    /// How long a slot is, in ticks.
    pub slot: Ticks,
    /// So long before a slot what it needs is at the gate, in ticks: time to count it and to carry it to the tables.
    pub spare: Ticks,
    /// The goods.
    pub goods: Vec<Supply>,
}

/// A good and how much of it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supply {
    /// What it is called.
    pub good: String,
    /// In what it is counted.
    pub unit: String,
    /// For what some is used.
    pub per: Per,
    /// How much for each, in millionths of a unit.
    pub rate_millionths: u64,
    /// The same on a hot day.
    pub hot_rate_millionths: Option<u64>,
    /// At which station, by its place in the site; `None`: where the round gives what it gives.
    pub station: Option<usize>,
    /// Units in a box: only whole boxes are brought.
    pub per_box: u32,
    /// Units at the site when it opens.
    pub on_hand: u32,
    /// Units that are surely on their way, with when they are there, in ticks after opening.
    pub coming: Vec<(Ticks, u32)>,
    /// From leaving to the gate, in ticks.
    pub lead: Ticks,
}

/// For what some of a good is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    /// A person who is served.
    Person,
    /// A household, a vehicle or whoever else is served at one time.
    Party,
    /// A tube that is begun.
    Tube,
    /// An hour of one who works at a station.
    StaffHour,
}

impl Per {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Per::Person => "person",
            Per::Party => "party",
            Per::Tube => "tube",
            Per::StaffHour => "staff_hour",
        }
    }
}

impl Default for SupplyRules {
    /// Hours, as timetables have them, and a quarter of one to carry things from the gate.
    fn default() -> SupplyRules {
        const MINUTE: Ticks = 60 * chance::TICKS_PER_SECOND;
        SupplyRules { hot: false, slot: 60 * MINUTE, spare: 15 * MINUTE, goods: Vec::new() }
    }
}

impl Supply {
    /// How much is used for each on this day, in millionths of a unit.
    pub fn rate(&self, hot: bool) -> u64 {
        self.hot_rate_millionths.filter(|_| hot).unwrap_or(self.rate_millionths)
    }
}
