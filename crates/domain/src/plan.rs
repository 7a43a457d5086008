//! The plan: which lane an entrance goes to, and who is called when.

use crate::{
    Roll,
    scenario::{Calendar, Scenario, Servers},
};
use chance::Ticks;

/// How residents are reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// One message to all.
    Broadcast,
    /// Door by door, wave by wave.
    #[default]
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// How residents are reached.
    pub policy: Policy,
    /// Share of the bottleneck's capacity at which the waves follow each other; `None` for a broadcast.
    pub load: Option<f64>,
    /// The waves, in the order of their calls.
    pub waves: Vec<Wave>,
    /// Servers of stations that the plan staffs otherwise than the scenario, by the station's place: in each lane, or of a
    /// shared station. All day.
    pub staff: Vec<(usize, u32)>,
    /// Callers, if others than the scenario's.
    pub callers: Option<u32>,
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

/// Doors of one entrance that are called at one time.
pub struct Line<'a> {
    /// The wave they are of.
    pub wave: &'a Wave,
    /// The entrance: a place in the roll.
    pub entrance: usize,
    /// Its households in the order of calls.
    pub households: &'a [u32],
}

impl Plan {
    /// The waves in the order of calls, each wave's households by entrance.
    pub fn lines<'a>(&'a self, roll: &'a Roll) -> impl Iterator<Item = Line<'a>> {
        self.waves.iter().flat_map(move |wave| {
            let entrance_of = |household: u32| roll.households[household as usize].entrance;
            let by_entrance = wave.households.chunk_by(move |&a, &b| entrance_of(a) == entrance_of(b));
            by_entrance.map(move |households| Line {
                wave,
                entrance: entrance_of(households[0]) as usize,
                households,
            })
        })
    }

    /// The waves that a person set.
    pub fn pinned(&self) -> impl Iterator<Item = &Wave> {
        self.waves.iter().filter(|wave| wave.pinned)
    }

    /// Who calls under this plan.
    pub fn callers_of(&self, scenario: &Scenario) -> u32 {
        self.callers.unwrap_or(scenario.waves.callers.number)
    }

    /// The scenario with the stations and callers staffed as this plan has them; `None` where it changes nothing. Who is
    /// on duty starts when the scenario has them start.
    pub fn staffed(&self, scenario: &Scenario) -> Option<Scenario> {
        if self.staff.is_empty() && self.callers.is_none() {
            return None;
        }
        let mut staffed = scenario.clone();
        staffed.waves.callers.number = self.callers_of(scenario);
        for &(place, servers) in &self.staff {
            if let Some(station) = staffed.site.stations.get_mut(place)
                && let Servers::Calendar(calendar) = &station.servers
            {
                let from = calendar.0.first().map_or(0, |entry| entry.0);
                station.servers = Servers::Calendar(Calendar(vec![(from, servers)]));
            }
        }
        Some(staffed)
    }
}
