//! Neighbours who help each other: a person's own page, by their link, and the secretariat's desk. What may be done next is asked of the rules
//! that decide it.

pub mod desk;
pub mod own;
pub mod questions;

use crate::people::names::Resident;
use domain::Moment;
use exchange::{Command, Exchange, How, Life, Side, Who};

/// How far a need is, as one of the two sides sees it; for the secretariat, neither.
fn state(life: Life, side: Option<Side>) -> &'static str {
    let said = |both: [bool; 2]| side.is_some_and(|side| both[side as usize]);
    match life {
        Life::Open => "open",
        Life::Offered { yes, .. } => {
            if said(yes) {
                "waits"
            } else {
                "asked"
            }
        }
        Life::Agreed { offer: None, .. } => "given",
        Life::Agreed { .. } => "agreed",
        Life::Carried { confirmed, .. } => {
            if said(confirmed) {
                "confirmed"
            } else {
                "carried"
            }
        }
        Life::Handed { .. } => "handed",
        Life::Closed { how: How::Confirmed { .. }, .. } => "done",
        Life::Closed { how: How::Withdrawn, .. } => "withdrawn",
        Life::Closed { how: How::Settled, .. } => "settled",
        Life::Closed { how: How::Joined { .. }, .. } => "joined",
    }
}

/// Which of these would be granted just now, and change something.
pub(super) fn can<const N: usize>(
    exchange: &Exchange,
    at: Moment,
    by: &Who,
    all: [(&'static str, Command); N],
) -> Vec<&'static str> {
    let granted = |command| exchange.decide(at, by, command).is_ok_and(|events| !events.is_empty());
    all.into_iter().filter_map(|(name, command)| granted(command).then_some(name)).collect()
}

/// `12-2-301`.
pub(super) fn door(of: &Resident) -> String {
    let parts = [&*of.building, &*of.entrance, &*of.door];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// Seconds since 1970.
pub(super) fn seconds(Moment(ticks): Moment) -> i64 {
    ticks.div_euclid(10_000)
}
