//! Where people go: the ways through a site, of all classes together.

use super::{Scenario, Station, Target};

impl Scenario {
    /// The stations at which people begin, each once: the first of the list, or the first that a class does not skip.
    pub fn starts(&self) -> Vec<usize> {
        let mut starts = Vec::new();
        for (_, skips) in self.ways_of_classes() {
            let first = (0..self.site.stations.len()).find(|station| !skips.contains(station));
            starts.extend(first.filter(|first| !starts.contains(first)));
        }
        starts
    }

    /// Where people go from a station, each end once, in the order of the site with the exit last. A station that a class
    /// skips is passed by on its way.
    pub fn next_of(&self, place: usize) -> Vec<Target> {
        let stations = &self.site.stations;
        let mut ends = vec![false; stations.len() + 1];
        for (class, skips) in self.ways_of_classes() {
            if skips.contains(&place) {
                continue;
            }
            let mut passed = vec![false; stations.len()];
            let mut open = targets(stations, place, class);
            while let Some(to) = open.pop() {
                match to {
                    Target::Exit => ends[stations.len()] = true,
                    Target::Station(to) if !skips.contains(&to) => ends[to] = true,
                    Target::Station(to) if passed[to] => {}
                    Target::Station(to) => {
                        passed[to] = true;
                        open.extend(targets(stations, to, class));
                    }
                }
            }
        }
        let reached = (0..ends.len()).filter(|&end| ends[end]);
        reached.map(|end| if end < stations.len() { Target::Station(end) } else { Target::Exit }).collect()
    }

    /// Everybody without a class, then each class, with the stations that it skips.
    fn ways_of_classes(&self) -> impl Iterator<Item = (Option<&str>, &[usize])> {
        let classes =
            self.visitors.iter().map(|visitor| (Some(visitor.class.as_str()), visitor.skips.as_slice()));
        std::iter::once((None, &[][..])).chain(classes)
    }
}

/// A class follows the ways that name it, where there are any, and else those that name no class; without any, it goes to
/// the next station of the list.
fn targets(stations: &[Station], place: usize, class: Option<&str>) -> Vec<Target> {
    let of = |class: Option<&str>| -> Option<Vec<Target>> {
        let mut own =
            stations[place].next.iter().filter(|branch| branch.class.as_deref() == class).peekable();
        own.peek()?;
        Some(own.filter(|branch| branch.share > 0.0).map(|branch| branch.to).collect())
    };
    let in_order =
        || vec![if place + 1 < stations.len() { Target::Station(place + 1) } else { Target::Exit }];
    of(class).or_else(|| of(None)).unwrap_or_else(in_order)
}
