//! One person from one place to another, with all that counts them.

use super::Round;
use crate::{
    Conflict, Visit,
    counter::Waiting,
    visit::{Desk, Stands},
};
use domain::Moment;
use uuid::Uuid;

/// How far through the site a place is: the station, and how far there.
type Progress = (usize, u8);

const NOT_BEGUN: Progress = (0, 0);
const GONE: Progress = (usize::MAX, 0);

impl Round {
    /// Moves a person. Whether the move was made: a fact that came in after later ones does not take a person back.
    pub(super) fn go(&mut self, at: Moment, visit: Uuid, stands: Stands) -> bool {
        let station = match stands {
            Stands::Waiting { desk, .. } | Stands::Serving { desk, .. } => desk.station,
            _ => 0,
        };
        self.go_past(at, visit, stands, station)
    }

    /// The same, where the fact is about this station.
    pub(super) fn go_past(&mut self, at: Moment, visit: Uuid, stands: Stands, station: usize) -> bool {
        let Some(of) = self.visits.get_mut(&visit) else { return false };
        let before = of.stands;
        if at < before.since() && progress_to(of, stands, station) <= progress(of) {
            return false;
        }
        if same_place(before, stands) {
            return false;
        }
        if let Stands::Gone { since: left, .. } = before {
            self.conflicts.push(Conflict::AfterLeaving { visit, left, at });
        }
        // A device whose clock is slow still moves people on; nobody stands anywhere since before they came there.
        let at = at.max(before.since());
        let stands = since(stands, at);
        of.stands = stands;
        if let Stands::Waiting { desk, .. } = stands
            && desk.lane > 0
        {
            of.lane = Some(desk.lane);
        }
        let (household, green) = (of.household, of.green);
        let first = self.rules.is_first(&of.class);
        self.counts.leave(before, green);
        self.counts.enter(stands, green);
        match before {
            Stands::Waiting { desk, .. } => self.counters.entry(desk).or_default().quit(visit),
            Stands::Serving { desk, server, .. } => {
                self.counters.entry(desk).or_default().finish(visit, server, at);
            }
            _ => {}
        }
        match stands {
            Stands::Waiting { since, desk } => {
                self.counters.entry(desk).or_default().join(Waiting { visit, since, first });
            }
            Stands::Serving { desk, server, .. } => {
                self.counters.entry(desk).or_default().start(visit, server);
            }
            _ => {}
        }
        if let Some(household) = household.and_then(|household| self.households.get_mut(&household)) {
            match (before.gone(), stands.gone()) {
                (false, true) => household.gone += 1,
                (true, false) => household.gone = household.gone.saturating_sub(1),
                _ => {}
            }
        }
        true
    }

    /// Whether a server who serves one person may serve another at the same time: people of one household, or who
    /// begin at the same moment, where people are served together.
    pub(super) fn may_join(&self, desk: Desk, visit: Uuid, other: Uuid, at: Moment) -> bool {
        let together = self.rules.stations.get(desk.station).is_some_and(|station| station.together);
        let (Some(one), Some(other)) = (self.visits.get(&visit), self.visits.get(&other)) else {
            return false;
        };
        together
            && (one.household.is_some() && one.household == other.household || other.stands.since() == at)
    }
}

fn progress(of: &Visit) -> Progress {
    match of.stands {
        Stands::Waiting { desk, .. } => (desk.station, 1),
        Stands::Serving { desk, .. } => (desk.station, 2),
        Stands::Walking { .. } => of.last.map_or(NOT_BEGUN, |last| (last.desk.station, 4)),
        Stands::Observed { .. } => of.last.map_or(NOT_BEGUN, |last| (last.desk.station, 3)),
        Stands::Gone { .. } => GONE,
    }
}

fn progress_to(of: &Visit, stands: Stands, station: usize) -> Progress {
    match stands {
        Stands::Waiting { .. } => (station, 1),
        Stands::Serving { .. } => (station, 2),
        Stands::Observed { .. } => (station, 3),
        Stands::Walking { .. } if matches!(of.stands, Stands::Observed { .. }) => {
            of.last.map_or(NOT_BEGUN, |last| (last.desk.station, 4))
        }
        Stands::Walking { .. } => (station, 4),
        Stands::Gone { .. } => GONE,
    }
}

/// Whether both say the same: what two devices write down keeps its first time.
fn same_place(one: Stands, other: Stands) -> bool {
    match (one, other) {
        (Stands::Waiting { desk: one, .. }, Stands::Waiting { desk: other, .. }) => one == other,
        (Stands::Serving { .. }, Stands::Serving { .. }) => since(one, other.since()) == other,
        _ => one == other,
    }
}

/// The same place since another moment.
fn since(stands: Stands, at: Moment) -> Stands {
    match stands {
        Stands::Walking { .. } => Stands::Walking { since: at },
        Stands::Waiting { desk, .. } => Stands::Waiting { since: at, desk },
        Stands::Serving { desk, server, .. } => Stands::Serving { since: at, desk, server },
        Stands::Observed { until, .. } => Stands::Observed { since: at, until },
        Stands::Gone { end, .. } => Stands::Gone { since: at, end },
    }
}
