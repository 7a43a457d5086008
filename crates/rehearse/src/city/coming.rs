//! Who comes to a site: a Poisson process whose rate in each hour is a share of the site's residents.

use chance::Ticks;
use domain::city::Stream;
use queueing::poisson::Poisson;

/// People who come to sites of one shape.
#[derive(Clone, Debug)]
pub(super) struct Coming {
    /// How a single resident comes.
    process: Poisson,
}

impl Coming {
    pub(super) fn new(stream: &Stream, green_class: Option<u8>) -> Coming {
        let process = Poisson::hourly(&stream.share_per_hour, u32::MAX, Ticks::MAX).sooner(stream.sooner);
        let green = green_class.filter(|_| stream.green_share > 0.0);
        Coming {
            process: match green {
                Some(class) => process.marked(stream.green_share, class),
                None => process,
            },
        }
    }

    /// How those come to a site of so many residents.
    pub(super) fn process(&self, residents: u32) -> Poisson {
        self.process.scaled(residents.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chance::Chance;

    #[test]
    fn as_many_come_in_each_hour_as_the_shares_say() {
        let stream = Stream { share_per_hour: vec![0.0, 0.3, 0.0, 0.6], sooner: 0, green_share: 0.0 };
        let coming = Coming::new(&stream, None);
        let mut visits = Vec::new();
        coming.process(100_000).arrive(&Chance::new(1, 2, 3), 3, &mut visits);
        assert!(visits.is_sorted_by_key(|visit| visit.at));
        let came = |hour: i64| visits.iter().filter(|visit| visit.at / 36_000_000 == hour).count() as f64;
        assert_eq!((came(0), came(2), came(4)), (0.0, 0.0, 0.0));
        assert!((came(1) - 30_000.0).abs() < 600.0, "{}", came(1));
        assert!((came(3) - 60_000.0).abs() < 900.0, "{}", came(3));
        assert!(visits.iter().zip(0..).all(|(visit, number)| visit.lane == (number % 3) as u16));
    }
}
