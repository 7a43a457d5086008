//! The roll of a round that is being made: whose doors and people they are here.

use crate::{
    people::{
        id::{HouseholdId, ResidentId},
        names::Imported,
    },
    problem::Fault,
};
use axum::http::StatusCode;
use domain::{Roll, Scenario, roll::Marks};
use scenario::{Files, roll::Cells};

/// Households and residents of the community, as they stand on a roll.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfRoll {
    /// In the order of the roll.
    pub households: Vec<HouseholdId>,
    /// Likewise; also where one comes for each household, all of it.
    pub residents: Vec<OnRoll>,
}

/// Somebody on the roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnRoll {
    /// Who.
    pub id: ResidentId,
    /// The household, as its place.
    pub home: u32,
    /// What the roll says of them.
    pub marks: Marks,
}

impl OfRoll {
    /// Of a roll that came in.
    pub fn new(imported: Imported, roll: &Roll) -> OfRoll {
        let homes = (0..).zip(&roll.households);
        let homes = homes.flat_map(|(place, of)| of.residents.clone().map(move |_| place));
        let marks = roll.residents.iter().copied();
        let residents = imported.residents.into_iter().zip(homes).zip(marks);
        let residents = residents.map(|((id, home), marks)| OnRoll { id, home, marks });
        OfRoll { households: imported.households, residents: residents.collect() }
    }
}

/// The list of a scenario, with what each row says; `None` where nobody is on any. A scenario without a list of its own has nobody's
/// names; then the community must have none that a made-up list would write over.
///
/// # Errors
/// It would.
pub fn list_of(
    files: &Files,
    scenario: &Scenario,
    has_names: bool,
) -> Result<Option<(Roll, Vec<Cells>)>, Fault> {
    if scenario.roll.households.is_empty() {
        return Ok(None);
    }
    let read = scenario::roll::roll_file(files)
        .map(|(name, bytes)| scenario::roll::read_roll_with_cells(name, bytes, &mut |_, _| ()));
    match read {
        Some((roll, cells, _)) => Ok(Some((roll, cells))),
        None if has_names => Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "roll_made")),
        None => Ok(Some((scenario.roll.clone(), vec![Cells::default(); scenario.roll.residents.len()]))),
    }
}
