//! A day to try a review on: one station takes longer than the scenario says, and varies more.

use domain::Scenario;

/// How much longer a service takes: clearly more than chance, and no more than people have seen.
const LONGER: f64 = 1.35;
/// Standard deviation of a service over its mean.
const CV: f64 = 0.5;

/// What is set in a scenario for a day on which this station is slow, `[["site.station.NAME.service", "{ … }"]]`; nothing
/// if it has no such station.
pub fn slow_day(scenario: &Scenario, station: &str) -> Vec<(String, String)> {
    let slow = scenario.site.stations.iter().find(|one| one.name == station);
    let set = slow.map(|slow| {
        let mean_s = slow.service.mean_s() * LONGER;
        let law = format!("{{ law = \"lognormal\", mean_s = {mean_s:.2}, cv = {CV} }}");
        (format!("site.station.{station}.service"), law)
    });
    set.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::{example, read};

    #[test]
    fn a_slow_day_is_a_scenario_whose_station_takes_a_third_longer() {
        let files = example("sunshine-garden").unwrap();
        let usual = read(&files, &[], &mut |_, _| {}).0.unwrap();
        let set = slow_day(&usual, "sampling");
        let (slow, notes) = read(&files, &set, &mut |_, _| {});
        let mean_s = |scenario: &Scenario| {
            scenario.site.stations.iter().find(|one| one.name == "sampling").unwrap().service.mean_s()
        };
        let ratio = mean_s(&slow.unwrap_or_else(|| panic!("{notes:?}"))) / mean_s(&usual);
        assert!((ratio - LONGER).abs() < 0.01, "{ratio}");
        assert_eq!(slow_day(&usual, "no such station"), Vec::new());
    }
}
