//! A round for tests.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use super::Made;
use crate::people::id::{CommunityId, DeviceId, RoundId};

/// A definition as an older program wrote it.
pub const DEFINITION: &str = r#"{"sites":{},"rules":{"opens":0,"opens_s":0,"closes":null,"lanes":1,"room":null,"stations":[],
    "classes":[],"gives":null,"pool":1,"households":0,"wait_p95_min":25.0},"calls":{"waves":[],"broadcast":false,
    "reaction":[],"attendance":1.0,"others":[]},"waves":[],"lanes":{"6f2c1f2e-9a3b-8c4d-8e5f-0123456789ab":1},
    "classes":{},"people":[]}"#;

/// A round that was made of a scenario and is called as that is; its names are kept until second 40.
pub fn made(community: CommunityId, scenario: &str) -> Made {
    let mut definition: crate::run::definition::Definition = serde_json::from_str(DEFINITION).unwrap();
    scenario.clone_into(&mut definition.made_from);
    Made {
        community,
        id: RoundId::draw(),
        name: scenario.to_owned(),
        opens: 1,
        made: 2,
        phones_until: 30,
        retain_until: 40,
        secret: [1; 32],
        tube_key: [2; 32],
        desk: DeviceId::draw(),
        desk_key: [3; 32],
        bound: true,
        definition,
    }
}
