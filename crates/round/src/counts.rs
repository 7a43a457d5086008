//! How many people are where.

use crate::visit::{End, Stands};
use serde::{Deserialize, Serialize};

/// People of the day by where they are now. Everyone who was ever seen is in exactly one of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Everyone seen so far.
    pub arrived: u32,
    /// On the way between stations.
    pub walking: u32,
    /// In a queue.
    pub waiting: u32,
    /// Being served.
    pub serving: u32,
    /// Watched after a service.
    pub observed: u32,
    /// Gone, all served.
    pub served: u32,
    /// Gone, gave up waiting.
    pub left: u32,
    /// Gone, turned away.
    pub unserved: u32,
    /// Green people at the site.
    pub green: u32,
}

impl Counts {
    /// People at the site.
    pub fn at_site(&self) -> u32 {
        self.walking + self.waiting + self.serving + self.observed
    }

    pub(crate) fn enter(&mut self, stands: Stands, green: bool) {
        *self.place(stands) += 1;
        self.green += u32::from(green && !stands.gone());
    }

    pub(crate) fn leave(&mut self, stands: Stands, green: bool) {
        let place = self.place(stands);
        *place = place.saturating_sub(1);
        self.green = self.green.saturating_sub(u32::from(green && !stands.gone()));
    }

    fn place(&mut self, stands: Stands) -> &mut u32 {
        match stands {
            Stands::Walking { .. } => &mut self.walking,
            Stands::Waiting { .. } => &mut self.waiting,
            Stands::Serving { .. } => &mut self.serving,
            Stands::Observed { .. } => &mut self.observed,
            Stands::Gone { end: End::Served, .. } => &mut self.served,
            Stands::Gone { end: End::Left, .. } => &mut self.left,
            Stands::Gone { end: End::Unserved, .. } => &mut self.unserved,
        }
    }
}
