//! What a live board needs before the first event: the place, what it goes by, and who is expected when.

use crate::{
    Voice,
    clock::{Zones, opening},
    sheets::{doors_in_words, lines},
    view::{View, view},
};
use domain::{Plan, Policy, Scenario};
use round::{Calls, Rules};
use serde::Serialize;

/// A site as a board is told of it. It holds doors, as they are called out, and no names.
#[derive(Clone, Debug, Serialize)]
pub struct BoardSite {
    /// The scenario, with the plan of the site.
    pub view: View,
    /// What the site goes by.
    pub rules: Rules,
    /// Who is expected when.
    pub calls: Calls,
    /// The doors of each wave, in the order of the plan; empty where nobody is called in waves.
    pub doors: Vec<WaveDoors>,
}

/// The doors of a wave.
#[derive(Clone, Debug, Serialize)]
pub struct WaveDoors {
    /// The wave's number.
    pub wave: u32,
    /// Each entrance with its doors, `12-2 · 101–602`.
    pub doors: Vec<String>,
}

/// The site of a scenario with the plan that is lived; `None` if the scenario's time zone is not known.
pub fn board_site(
    scenario: &Scenario,
    plan: Option<&Plan>,
    zones: Zones<'_>,
    voice: Voice,
) -> Option<BoardSite> {
    Some(BoardSite {
        view: view(scenario, voice),
        rules: Rules::new(scenario, opening(scenario, zones)?),
        calls: Calls::new(scenario, plan),
        doors: plan
            .filter(|plan| plan.policy == Policy::Waves)
            .map_or_else(Vec::new, |plan| doors(plan, scenario)),
    })
}

fn doors(plan: &Plan, scenario: &Scenario) -> Vec<WaveDoors> {
    let roll = &scenario.roll;
    let mut waves: Vec<WaveDoors> = Vec::with_capacity(plan.waves.len());
    for line in lines(plan, roll) {
        let entrance = roll.entrance_label(line.entrance);
        let doors = format!("{entrance} · {}", doors_in_words(roll, line.households));
        match waves.last_mut().filter(|last| last.wave == line.wave.number) {
            Some(last) => last.doors.push(doors),
            None => waves.push(WaveDoors { wave: line.wave.number, doors: vec![doors] }),
        }
    }
    waves
}
