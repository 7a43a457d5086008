//! Who has a notice, by entrance: printed for its door, opened on telephones, told at its doors. Nobody is known by it.

use crate::Addressed;
use domain::{Roll, roll::door_label};
use serde::Serialize;

/// Receipts of one entrance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EntranceReceipts {
    /// The building.
    pub building: String,
    /// The entrance; empty where a building has only one.
    pub entrance: String,
    /// Its households.
    pub households: u32,
    /// Sheets that were printed for it.
    pub printed: u32,
    /// Browsers that opened it: a household may have several, or none.
    pub seen: u32,
    /// Households that were told at the door.
    pub told: u32,
}

impl EntranceReceipts {
    /// Its label: `12-2`.
    pub fn label(&self) -> String {
        door_label(&self.building, &self.entrance, "")
    }

    /// Households that have it in neither way, if each browser is a household of its own: there may be more, and a walk through the
    /// staircase tells.
    pub fn still_to_tell(&self) -> u32 {
        self.households.saturating_sub(self.seen.saturating_add(self.told))
    }
}

/// The entrances that a notice is for, in the order of the roll, with nothing counted yet. For a household there is none: what is for
/// one door is not hung up.
pub fn receipts(addressed: &Addressed, roll: &Roll) -> Vec<EntranceReceipts> {
    let meant = |at: &&domain::roll::Entrance| match addressed {
        Addressed::Everybody => true,
        Addressed::Building(building) => at.building == *building,
        Addressed::Entrance(building, entrance) => at.building == *building && at.entrance == *entrance,
        Addressed::Household(..) => false,
    };
    let of = |at: &domain::roll::Entrance| EntranceReceipts {
        building: at.building.clone(),
        entrance: at.entrance.clone(),
        households: at.households.end - at.households.start,
        ..EntranceReceipts::default()
    };
    roll.entrances.iter().filter(meant).map(of).collect()
}
