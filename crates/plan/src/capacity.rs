//! What a lane can serve, as a fluid: people by the time after opening, at the rate of the station that is slowest then.

use chance::{TICKS_PER_SECOND, Ticks};
use domain::{
    Scenario,
    scenario::{Servers, Station, Target, Unit},
};

/// People that one lane can serve by each time.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacity {
    /// From each tick on, people a second; times increase.
    rates: Vec<(Ticks, f64)>,
}

impl Capacity {
    /// The capacity of one lane of a scenario's site.
    pub fn of_lane(scenario: &Scenario) -> Capacity {
        let passes = passes(&scenario.site.stations);
        let mut times: Vec<Ticks> = vec![0];
        for station in &scenario.site.stations {
            if let Servers::Calendar(calendar) = &station.servers {
                times.extend(calendar.0.iter().map(|&(from, _)| from.max(0)));
            }
        }
        times.sort_unstable();
        times.dedup();
        let rates = times.into_iter().map(|time| {
            let stations = scenario.site.stations.iter().zip(&passes);
            let slowest = stations.filter_map(|(station, &passes)| rate(scenario, station, passes, time));
            (time, slowest.fold(f64::INFINITY, f64::min))
        });
        Capacity { rates: rates.collect() }
    }

    /// The tick at which `people` have been served at this share of the capacity; `None` if that never comes.
    pub fn time_of(&self, people: f64, load: f64) -> Option<Ticks> {
        let mut left = people.max(0.0);
        for (place, &(from, rate)) in self.rates.iter().enumerate() {
            let rate = rate * load;
            let until = self.rates.get(place + 1).map(|next| next.0);
            let seconds =
                until.map_or(f64::INFINITY, |until| (until - from) as f64 / TICKS_PER_SECOND as f64);
            if left <= rate * seconds || left == 0.0 {
                let after = if left == 0.0 { 0.0 } else { left / rate };
                return Some(from + (after * TICKS_PER_SECOND as f64) as Ticks);
            }
            left -= rate * seconds;
        }
        None
    }

    /// People who can have been served by a time at this share of the capacity: the inverse of [`Capacity::time_of`].
    /// 0 where nobody ever waits, for there is no limit to count against.
    pub fn people_by(&self, time: Ticks, load: f64) -> f64 {
        let ends = self.rates[1..].iter().map(|next| next.0).chain([Ticks::MAX]);
        let served =
            self.rates.iter().zip(ends).filter(|&(&(from, rate), _)| from < time && rate.is_finite());
        served
            .map(|(&(from, rate), until)| {
                rate * load * (until.min(time) - from) as f64 / TICKS_PER_SECOND as f64
            })
            .sum()
    }

    /// People a second, on average until `people` are served; 0 if they never are.
    pub fn mean_rate(&self, people: f64) -> f64 {
        match self.time_of(people, 1.0) {
            Some(time) if time > 0 => people / (time as f64 / TICKS_PER_SECOND as f64),
            _ => 0.0,
        }
    }
}

/// The station that limits a lane at opening: its place among the stations, and people an hour in a lane.
pub fn bottleneck(scenario: &Scenario) -> Option<(usize, f64)> {
    let stations = &scenario.site.stations;
    let passes = passes(stations);
    let busiest = |place: &usize| {
        let most = match &stations[*place].servers {
            Servers::Unlimited => return None,
            Servers::Calendar(calendar) => calendar.0.iter().max_by_key(|entry| entry.1)?.0,
        };
        rate(scenario, &stations[*place], passes[*place], most.max(0))
    };
    (0..stations.len())
        .filter_map(|place| busiest(&place).map(|rate| (place, rate * 3600.0)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

/// People a second who pass a station of one lane at a time; `None` where nobody ever waits.
fn rate(scenario: &Scenario, station: &Station, passes: f64, time: Ticks) -> Option<f64> {
    let Servers::Calendar(calendar) = &station.servers else { return None };
    let servers =
        calendar.0.iter().take_while(|&&(from, _)| from.max(0) <= time).last().map_or(0, |entry| entry.1);
    let lanes = if station.shared { f64::from(scenario.site.lanes) } else { 1.0 };
    let rate = f64::from(servers) / lanes / (server_s(scenario, station) * passes);
    (passes > 0.0).then_some(rate)
}

/// Seconds of a server's time that one person takes at one pass, change-over included.
pub(crate) fn server_s(scenario: &Scenario, station: &Station) -> f64 {
    let pause = station.changeover.map_or(0.0, |pause| pause.away_s / f64::from(pause.every));
    let party = if station.unit == Unit::Person { 1.0 } else { mean_party(scenario) };
    (station.service.mean_s() + station.plus_each_s * (party - 1.0)) / party + pause
}

/// People who are served together: of a household, or, without a roll, of a party of the classes.
pub(crate) fn mean_party(scenario: &Scenario) -> f64 {
    if !scenario.roll.households.is_empty() {
        return (f64::from(scenario.roll.people()) / scenario.roll.households.len() as f64).max(1.0);
    }
    let further = scenario.visitors.iter().map(|visitor| {
        let weight: f64 = visitor.parties.iter().map(|party| party.weight).sum();
        let people: f64 = visitor.parties.iter().map(|party| party.weight * f64::from(party.size)).sum();
        if weight > 0.0 { visitor.share * (people / weight - 1.0) } else { 0.0 }
    });
    1.0 + further.sum::<f64>()
}

/// How often a person passes each station on average, by everyone's ways on. Ways back are followed a few times.
pub(crate) fn passes(stations: &[Station]) -> Vec<f64> {
    let mut passes = vec![0.0; stations.len()];
    let mut coming = vec![0.0; stations.len()];
    if let Some(first) = coming.first_mut() {
        *first = 1.0;
    }
    const ROUNDS: usize = 50;
    for _ in 0..stations.len() + ROUNDS {
        let mut next = vec![0.0; stations.len()];
        for (place, station) in stations.iter().enumerate() {
            let share = coming[place];
            passes[place] += share;
            let everyone: Vec<_> = station.next.iter().filter(|branch| branch.class.is_none()).collect();
            if everyone.is_empty() && place + 1 < stations.len() {
                next[place + 1] += share;
            }
            for branch in everyone {
                if let Target::Station(to) = branch.to {
                    next[to] += share * branch.share;
                }
            }
        }
        coming = next;
    }
    passes
}
