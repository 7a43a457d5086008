//! Who comes to a site: a Poisson process whose rate in each hour is a share of the site's residents.

use chance::{Cause, Chance, Ticks};
use domain::city::Stream;
use queueing::{Visit, poisson::Poisson};

/// People who come to sites of one shape.
#[derive(Clone, Debug)]
pub(super) struct Coming {
    /// How a single resident comes.
    process: Poisson,
    green: Option<(f64, u8)>,
    lanes: u16,
}

impl Coming {
    pub(super) fn new(stream: &Stream, green_class: Option<u8>, lanes: u16) -> Coming {
        let process = Poisson::hourly(&stream.share_per_hour, u32::MAX, Ticks::MAX).sooner(stream.sooner);
        let green = green_class.filter(|_| stream.green_share > 0.0).map(|class| (stream.green_share, class));
        Coming { process, green, lanes }
    }

    /// Whether some go through the green channel.
    pub(super) fn has_green(&self) -> bool {
        self.green.is_some()
    }

    /// How those come to a site of so many residents.
    pub(super) fn process(&self, residents: u32) -> Poisson {
        self.process.scaled(residents.into())
    }

    /// Everyone who comes to a site of so many residents, in the order of time, lanes in turn.
    pub(super) fn fill(&self, residents: u32, chance: &Chance, visits: &mut Vec<Visit>) {
        self.process(residents).arrive(chance, self.lanes, visits);
        if let Some((share, class)) = self.green {
            for visit in visits {
                if chance::happens(chance.word(Cause::Mark, visit.key, 0), share) {
                    visit.class = class;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_come_in_each_hour_as_the_shares_say() {
        let stream = Stream { share_per_hour: vec![0.0, 0.3, 0.0, 0.6], sooner: 0, green_share: 0.0 };
        let coming = Coming::new(&stream, None, 3);
        let mut visits = Vec::new();
        coming.fill(100_000, &Chance::new(1, 2, 3), &mut visits);
        assert!(visits.is_sorted_by_key(|visit| visit.at));
        let came = |hour: i64| visits.iter().filter(|visit| visit.at / 36_000_000 == hour).count() as f64;
        assert_eq!((came(0), came(2), came(4)), (0.0, 0.0, 0.0));
        assert!((came(1) - 30_000.0).abs() < 600.0, "{}", came(1));
        assert!((came(3) - 60_000.0).abs() < 900.0, "{}", came(3));
        assert!(visits.iter().zip(0..).all(|(visit, number)| visit.lane == (number % 3) as u16));
    }
}
