//! How people come to the site.

use chance::{Law, Ticks};

/// How people come to the site.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// One message to all households at once.
    Broadcast {
        /// When it is sent, in ticks after opening.
        at: Ticks,
        /// Seconds from the message to arriving.
        reaction: Law,
    },
    /// Households are called wave by wave, as [`super::WaveRules`] say.
    Waves,
    /// Booked places.
    Appointments(Appointments),
    /// People come by chance, at a rate.
    Poisson(WalkIns),
    /// People come at given times.
    Schedule {
        /// Ticks after opening, one for each person.
        times: Vec<Ticks>,
        /// Seconds added to each; negative means early.
        punctuality: Option<Law>,
    },
    /// Waves, appointments and walk-ins together.
    Mix(Mix),
}

impl Arrivals {
    /// Whether households of the roll come by this law.
    pub fn needs_roll(&self) -> bool {
        matches!(self, Arrivals::Broadcast { .. } | Arrivals::Waves | Arrivals::Mix(Mix { waves: true, .. }))
    }
}

/// Booked places.
#[derive(Clone, Debug, PartialEq)]
pub struct Appointments {
    /// Ticks between slots.
    pub slot: Ticks,
    /// Places in a slot.
    pub places: u32,
    /// Slots: from opening, one every `slot`.
    pub slots: u32,
    /// Share who do not come.
    pub no_show: f64,
    /// Seconds added to the appointed time; negative means early.
    pub punctuality: Option<Law>,
}

/// People who come by chance.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkIns {
    /// People an hour, at the whole site.
    pub per_hour: Flow,
    /// No more than so many people in a replication.
    pub people: Option<u32>,
    /// Nobody comes later than this, in ticks after opening.
    pub until: Option<Ticks>,
    /// Share of them who are green.
    pub green_share: f64,
}

/// A rate, constant or by the hour.
#[derive(Clone, Debug, PartialEq)]
pub enum Flow {
    /// The same all day.
    Constant(f64),
    /// One rate for each hour after opening; afterwards nobody comes.
    Hourly(Vec<f64>),
}

/// Several ways of coming, together.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix {
    /// The households of the roll, called in waves.
    pub waves: bool,
    /// Booked places.
    pub appointments: Option<Appointments>,
    /// People who just come.
    pub walk_ins: Option<WalkIns>,
}

/// A share that reacts otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    /// Share of the households.
    pub share: f64,
    /// Seconds from the knock to arriving, instead of the common law.
    pub reaction: Law,
}
