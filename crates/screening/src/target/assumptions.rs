//! What nobody knows while it happens, in named sets: each is lived through whole, and their spread is told.

use crate::transmission::{Infection, Screening};

/// One set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumptions {
    /// Its word in the catalogue and in JSON.
    pub name: &'static str,
    /// How long an infection takes, as a share of the times of 2020.
    pub pace: f64,
    /// Standard deviation of what log R gains or loses from one day to the next.
    pub restless: f64,
    /// Share of log R that is left a day later: 1 wanders, below 1 R returns to 1 by itself.
    pub lasting: f64,
    /// Dispersion k of how many one person infects: the less, the more few people infect most.
    pub clustering: f64,
    /// Infections a day that come in from elsewhere, or out of quarantine.
    pub leaks_per_day: f64,
    /// Share of those said to take part who really do.
    pub really_come: f64,
}

/// The middle one first; each of the others differs from it in one thing.
///
/// - Pace: an infection of early 2022 took about 0.6 of the time. Serial intervals of 3.5 days within households (Omicron; Backer et al.,
///   Eurosurveillance 27(6), 2022) stand beside the 6 days of the loads of 2020.
/// - Clustering: k = 0.3 is between 0.1 (Endo et al., Wellcome Open Research 5:67, 2020) and the 0.58 of Hong Kong (Adam et al., Nature Medicine 26, 2020).
/// - The others are choices: they cover what could be, and were not fitted to any series.
pub const SETS: [Assumptions; 6] = [
    MIDDLE,
    Assumptions { name: "slower_infection", pace: 1.0, ..MIDDLE },
    Assumptions { name: "restless", restless: 0.2, lasting: 1.0, ..MIDDLE },
    Assumptions { name: "clustered", clustering: 0.1, ..MIDDLE },
    Assumptions { name: "leaks", leaks_per_day: 0.2, ..MIDDLE },
    Assumptions { name: "fewer_come", really_come: 0.8, ..MIDDLE },
];

const MIDDLE: Assumptions = Assumptions {
    name: "middle",
    pace: 0.6,
    restless: 0.1,
    lasting: 0.97,
    clustering: 0.3,
    leaks_per_day: 0.0,
    really_come: 1.0,
};

/// However good it is, screening misses some people: nobody's roll is complete. Two in a hundred is a choice, not a finding.
const REACHED_MAX: f64 = 0.98;

impl Assumptions {
    /// How an infection goes.
    pub fn infection(&self) -> Infection {
        Infection { pace: self.pace, ..Infection::default() }
    }

    /// Screening as it really is.
    pub fn really(&self, screening: &Screening) -> Screening {
        Screening {
            participation: (screening.participation * self.really_come).min(REACHED_MAX),
            ..*screening
        }
    }
}
