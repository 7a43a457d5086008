//! Who told something, and when.

use domain::{Envelope, Moment, Origin};
use uuid::Uuid;

/// The record by which something is known. In the order of what the devices' clocks said, so that what comes in late takes
/// its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// When, by the device's clock.
    pub at: Moment,
    /// The event.
    pub event: Uuid,
    /// Who recorded it.
    pub device: Uuid,
    /// Real, on paper, or rehearsed.
    pub origin: Origin,
}

impl Evidence {
    pub(crate) fn of(at: Moment, envelope: &Envelope) -> Evidence {
        Evidence { at, event: envelope.id, device: envelope.device, origin: envelope.origin }
    }

    /// Of an event that came without an envelope.
    pub(crate) fn none(at: Moment) -> Evidence {
        Evidence { at, event: Uuid::nil(), device: Uuid::nil(), origin: Origin::Real }
    }
}
