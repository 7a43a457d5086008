//! The ways through the stations, worked out once for a run: most stations send everybody the same way.

use crate::model::Model;

/// Where each class enters, and where it goes on from each station.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    classes: usize,
    ways: Vec<Way>,
    /// By station: the way on, if it is the same for everybody.
    common: Vec<Option<Option<usize>>>,
    entries: Vec<Option<usize>>,
    /// Whether anybody can come to a station again.
    pub loops: bool,
}

/// A way on from a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Always the same; `None` is out.
    To(Option<usize>),
    /// By the person's word.
    ByChance,
}

impl Ways {
    pub(crate) fn find(&mut self, model: &Model) {
        self.classes = model.classes.len();
        self.ways.clear();
        self.common.clear();
        for station in 0..model.stations.len() {
            for class in 0..self.classes {
                let mut asked = false;
                let to = model.next(station, class as u8, |_| {
                    asked = true;
                    0
                });
                self.ways.push(if asked { Way::ByChance } else { Way::To(to) });
            }
            let mut all = self.ways[station * self.classes..].iter();
            self.common.push(match all.next() {
                Some(&Way::To(to)) if all.all(|&way| way == Way::To(to)) => Some(to),
                _ => None,
            });
        }
        self.entries.clear();
        self.entries.extend((0..self.classes).map(|class| model.entry(class as u8)));
        let routes = model.stations.iter().enumerate().flat_map(|(number, station)| {
            station.routes.iter().flatten().map(move |route| route.to.is_some_and(|to| to <= number))
        });
        self.loops = routes.fold(false, |any, backward| any | backward);
    }

    /// The way on for a class.
    #[inline]
    pub(crate) fn way(&self, station: usize, class: u8) -> Way {
        self.ways[station * self.classes + class as usize]
    }

    /// The way on, if it is the same for everybody.
    #[inline]
    pub(crate) fn common(&self, station: usize) -> Option<Option<usize>> {
        self.common[station]
    }

    /// The first station of a class, or `None` if it skips all of them.
    #[inline]
    pub(crate) fn entry(&self, class: u8) -> Option<usize> {
        self.entries[class as usize]
    }

    /// The first station, if it is the same for everybody and nobody passes by all of them.
    pub(crate) fn common_entry(&self) -> Option<usize> {
        let first = (*self.entries.first()?)?;
        self.entries.iter().all(|&entry| entry == Some(first)).then_some(first)
    }
}
