//! The report's tables.

use super::Paper;
use crate::{
    number::{NONE, number, percent},
    sheets,
};
use formats::Table;

fn some(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), number)
}

impl Paper<'_> {
    fn heads(&self, names: &[&str]) -> Vec<String> {
        names.iter().map(|name| self.word(&format!("head.{name}"))).collect()
    }

    fn clock_or_none(&self, minutes: Option<f64>) -> String {
        minutes.map_or_else(|| NONE.to_owned(), |minutes| self.clock(minutes))
    }

    /// Each figure, actual beside forecast.
    pub(super) fn figures_table(&self) -> Table {
        let review = &self.reviewed.review;
        let forecast = self.reviewed.forecast.as_ref();
        let planned =
            |value: &dyn Fn(&::rehearse::Figures) -> String| forecast.map_or_else(|| NONE.to_owned(), value);
        let mut rows = vec![
            ("people", number(review.people), planned(&|f| number(f.people))),
            ("served", number(review.served), planned(&|f| number(f.served))),
            ("left", number(review.left), planned(&|f| number(f.left))),
            ("unserved", number(review.unserved), planned(&|f| number(f.unserved))),
            ("wait_p50", some(review.wait_min.p50), planned(&|f| some(f.wait_min.p50))),
            ("wait_p95", some(review.wait_min.p95), planned(&|f| some(f.wait_min.p95))),
            ("wait_max", some(review.wait_min.max), NONE.to_owned()),
            ("stay_p50", some(review.stay_min.p50), planned(&|f| some(f.stay_min.p50))),
            (
                "done_97",
                self.clock_or_none(review.done_97_min),
                planned(&|f| self.clock_or_none(f.done_97_min)),
            ),
            ("queue_max", number(review.queue_max), planned(&|f| number(f.queue_max))),
        ];
        if let Some(share) = review.coverage.people_share {
            rows.push(("people_share", percent(share), NONE.to_owned()));
        }
        let cells = |(name, actual, planned): (&str, String, String)| {
            let name = self.word(&format!("figure.{name}"));
            if forecast.is_some() { vec![name, planned, actual] } else { vec![name, actual] }
        };
        Table {
            caption: self.word("figures.table"),
            head: if forecast.is_some() {
                self.heads(&["figure", "planned", "actual"])
            } else {
                self.heads(&["figure", "actual"])
            },
            rows: rows.into_iter().map(cells).collect(),
        }
    }

    /// Stations, planned beside actual.
    pub(super) fn stations_table(&self) -> Table {
        let review = &self.reviewed.review;
        let planned = review.planned.as_ref().map_or(&[][..], |planned| &planned.stations);
        let rows = review.stations.iter().map(|station| {
            let plan = planned.iter().find(|plan| plan.name == station.name);
            let mean = if station.inferred {
                self.voice.say("review.inferred", &[("seconds", &some(station.mean_s))])
            } else {
                some(station.mean_s)
            };
            vec![
                self.voice.station(&station.name),
                plan.map_or_else(|| NONE.to_owned(), |plan| number(plan.planned_mean_s)),
                mean,
                station.utilisation.map_or_else(|| NONE.to_owned(), |busy| percent(busy.min(1.0))),
                some(station.wait_min.mean),
                some(station.wait_min.p95),
            ]
        });
        Table {
            caption: self.word("stations.table"),
            head: self.heads(&["station", "planned_s", "actual_s", "busy", "wait_mean", "wait_p95"]),
            rows: rows.collect(),
        }
    }

    /// Waves, planned beside actual; none where nobody was called in waves.
    pub(super) fn waves_table(&self) -> Option<Table> {
        let waves = &self.reviewed.review.planned.as_ref()?.waves;
        let rows = waves.iter().map(|wave| {
            vec![
                wave.wave.to_string(),
                self.clock(wave.planned_call_min),
                self.clock_or_none(wave.called_min.map(|[first, _]| first)),
                some(wave.expected_people),
                number(wave.people),
                number(wave.served),
                some(wave.wait_min.p95),
            ]
        });
        let heads =
            ["wave", "call_planned", "call_actual", "people_planned", "people_actual", "served", "wait_p95"];
        (!waves.is_empty()).then(|| Table {
            caption: self.word("waves.table"),
            head: self.heads(&heads),
            rows: rows.collect(),
        })
    }

    /// Households and people reached and missed.
    pub(super) fn coverage_table(&self) -> Table {
        let coverage = &self.reviewed.review.coverage;
        let count = |why: &str| self.reviewed.missed.iter().filter(|one| one.why == why).count().to_string();
        let mut rows = vec![
            ("called", number(coverage.called)),
            ("came", number(coverage.came)),
            ("not_come", count("not_come")),
            ("not_served", count("not_served")),
            ("not_called", count("not_called")),
        ];
        if coverage.households == 0.0 {
            rows.clear();
        }
        if let Some(share) = coverage.people_share {
            rows.push(("people_share", percent(share)));
        }
        let row = |(name, value): (&str, String)| vec![self.word(&format!("coverage.{name}")), value];
        Table {
            caption: self.word("coverage.table"),
            head: Vec::new(),
            rows: rows.into_iter().map(row).collect(),
        }
    }

    /// The doors of tomorrow's list, at most so many, grouped by wave and reason.
    pub(super) fn doors_table(&self, most: usize) -> Table {
        let missed = &self.reviewed.missed;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut last = None;
        for one in missed.iter().take(most) {
            let Some(door) = &one.door else { continue };
            let same = (one.wave, one.why);
            let door = match one.people {
                0 => door.clone(),
                people => format!("{door} ({people})"),
            };
            match rows.last_mut().filter(|_| last == Some(same)) {
                Some(row) => {
                    row[2] += &self.voice.word("list.separator");
                    row[2] += &door;
                }
                None => {
                    let wave = one.wave.map_or_else(|| NONE.to_owned(), |wave| wave.to_string());
                    rows.push(vec![wave, self.word(&format!("missed.{}", one.why)), door]);
                }
            }
            last = Some(same);
        }
        Table { caption: self.word("missed.table"), head: self.heads(&["wave", "missed_why", "doors"]), rows }
    }

    /// The fields of a throughput drill.
    pub(super) fn drill_table(&self) -> Table {
        let drill = &self.reviewed.drill;
        let site = self.scenario.map_or_else(String::new, |scenario| scenario.community.name.clone());
        let date = self.reviewed.opened.map_or_else(String::new, |at| at.date().to_string());
        let bottleneck =
            drill.bottleneck.as_ref().map_or_else(|| NONE.to_owned(), |name| self.voice.station(name));
        let stay = &self.reviewed.review.stay_min;
        let rows = [
            ("site", site),
            ("date", date),
            ("start", self.clock_or_none(drill.from_min)),
            ("end", self.clock_or_none(drill.until_min)),
            ("processed", number(drill.processed)),
            ("minutes", some(drill.minutes)),
            ("per_hour", some(drill.per_hour)),
            ("stay", some(stay.mean)),
            ("stay_p95", some(stay.p95)),
            ("bottleneck", bottleneck),
            ("evaluator", String::new()),
        ];
        let row = |(name, value): (&str, String)| vec![self.word(&format!("drill.{name}")), value];
        Table {
            caption: self.word("drill.table"),
            head: Vec::new(),
            rows: rows.into_iter().map(row).collect(),
        }
    }

    /// The drill's fields station by station.
    pub(super) fn drill_stations(&self) -> Table {
        let rows = self.reviewed.drill.stations.iter().map(|station| {
            vec![
                self.voice.station(&station.name),
                station.staff.map_or_else(|| NONE.to_owned(), |staff| staff.to_string()),
                number(station.processed),
                some(station.per_hour),
                some(station.capacity_per_hour),
                some(station.mean_s),
                station.utilisation.map_or_else(|| NONE.to_owned(), |busy| percent(busy.min(1.0))),
            ]
        });
        let heads = ["station", "staff", "processed", "per_hour", "capacity", "cycle_s", "busy"];
        Table { caption: self.word("drill.stations"), head: self.heads(&heads), rows: rows.collect() }
    }

    /// What the scenario set out to reach, and whether it was reached; more is left to be filled in.
    pub(super) fn objectives_table(&self) -> Table {
        let review = &self.reviewed.review;
        let mut rows = Vec::new();
        let met = |met: Option<bool>| match met {
            Some(true) => self.word("met.yes"),
            Some(false) => self.word("met.no"),
            None => NONE.to_owned(),
        };
        if let Some(scenario) = self.scenario {
            let target = scenario.waves.wait_p95_min;
            if target.is_finite() {
                let said = self.voice.say("review.objective.wait", &[("minutes", &number(target))]);
                let reached = review.wait_min.p95.map(|p95| p95 <= target);
                rows.push(vec![said, some(review.wait_min.p95), met(reached)]);
            }
            if let Some(closes) = scenario.round.closes {
                let said =
                    self.voice.say("review.objective.closes", &[("clock", &sheets::clock(scenario, closes))]);
                let until = self.reviewed.drill.until_min;
                let closes = closes as f64 / ::rehearse::TICKS_PER_MINUTE as f64;
                rows.push(vec![said, self.clock_or_none(until), met(until.map(|until| until <= closes))]);
            }
            if let Some(share) = review.coverage.people_share {
                rows.push(vec![self.word("objective.coverage"), percent(share), String::new()]);
            }
        }
        rows.extend(std::iter::repeat_n(vec![String::new(); 3], 2));
        Table { caption: String::new(), head: self.heads(&["objective", "reached", "met"]), rows }
    }
}
