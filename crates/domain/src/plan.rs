//! The plan: which lane an entrance goes to, and who is called when.

use chance::Ticks;

/// How residents are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// One message to all.
    Broadcast,
    /// Door by door, wave by wave.
    Waves,
}

impl Policy {
    /// The word for it on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Policy::Broadcast => "broadcast",
            Policy::Waves => "waves",
        }
    }
}

/// Who is called when, and to which lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// How residents are reached.
    pub policy: Policy,
    /// Share of the bottleneck's capacity at which the waves follow each other; `None` for a broadcast.
    pub load: Option<f64>,
    /// The waves, in the order of their calls.
    pub waves: Vec<Wave>,
}

/// The households called for one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wave {
    /// Its number, from 1, unique in the plan.
    pub number: u32,
    /// When its call starts, in ticks after opening (negative: before).
    pub call_at: Ticks,
    /// The lane they go to, from 0.
    pub lane: u16,
    /// The households in the order in which they are called: places in the roll.
    pub households: Vec<u32>,
    /// Whether a person set it: planning anew leaves its time, lane and households as they are.
    pub pinned: bool,
}

impl Plan {
    /// The waves that a person set.
    pub fn pinned(&self) -> impl Iterator<Item = &Wave> {
        self.waves.iter().filter(|wave| wave.pinned)
    }
}
