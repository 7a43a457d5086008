//! Figures of a community over all of its rounds, for whoever tells them to others: each with what is counted and what is not, the
//! number itself, and how it may be told without anybody being recognised.

use crate::{
    Voice,
    cumulative::{Cumulative, Figure, PUBLIC_LEAST, Shown},
    number::whole,
};
use chance::TICKS_PER_SECOND;
use domain::{Moment, event::Finding};
use round::{End, Round, Stands};
use serde::Serialize;
use std::collections::BTreeMap;

/// What rounds came to together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllRounds {
    /// What is counted of places, too.
    pub sum: Cumulative,
    /// People of tubes whose released result is positive.
    to_call: u64,
    /// Those of them who were reached, or are in a tube alone since.
    called: u64,
    /// From arriving to leaving, of people who were served.
    stays: Spread,
    /// From a tube's first swab to its release.
    results: Spread,
}

/// How often each number of whole minutes was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Spread(BTreeMap<u32, u64>);

/// One figure, ready to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its name in files.
    pub name: &'static str,
    /// What people call it.
    pub title: String,
    /// The number, of people, doors or tubes, or minutes where the name ends so; null where there is none yet.
    pub value: Option<u64>,
    /// As it may be told: small numbers of people are not.
    pub public: String,
    /// What is counted and what is not.
    pub definition: String,
}

impl AllRounds {
    /// One round, as of a moment.
    pub fn of_round(now: Moment, round: &Round) -> AllRounds {
        let mut all = AllRounds { sum: Cumulative::of(now, round), ..AllRounds::default() };
        for call in round.to_call().iter().filter(|call| call.finding == Finding::Positive) {
            all.to_call += 1;
            all.called += u64::from(call.done());
        }
        for visit in round.visits().values() {
            if let (Some(arrived), Stands::Gone { since, end: End::Served }) = (visit.arrived, visit.stands) {
                all.stays.add(arrived, since);
            }
        }
        for item in round.all_tubes() {
            let released = round.result(item).and_then(|result| result.released);
            if let (Some(swab), Some(released)) = (round.first_swab(item), released) {
                all.results.add(swab, released);
            }
        }
        all
    }

    /// Takes another's rounds in.
    pub fn add(&mut self, other: &AllRounds) {
        self.sum.add(&other.sum);
        self.to_call += other.to_call;
        self.called += other.called;
        for (own, others) in [(&mut self.stays, &other.stays), (&mut self.results, &other.results)] {
            for (&minutes, count) in &others.0 {
                *own.0.entry(minutes).or_default() += count;
            }
        }
    }

    /// All figures, in the order in which they are told.
    pub fn told(&self, voice: Voice) -> Vec<Told> {
        let counted = Figure::ALL.map(|figure| Told {
            name: figure.name(),
            title: figure.title(voice),
            value: self.sum.count(figure),
            public: self.sum.public(figure).text(voice),
            definition: figure.meaning(voice),
        });
        // Before anything is released there is nobody to call, and no number, not even none.
        let is_released = self.sum.count(Figure::ResultsOut).is_some();
        let people = |name, count: u64, title: &str, meaning: &str| {
            let value = is_released.then_some(count);
            let (title, definition) = (voice.word(title), voice.word(meaning));
            Told { name, title, value, public: Shown::of(value).text(voice), definition }
        };
        let median = |name, of: &Spread, title: &str, meaning: &str| {
            let (value, count) = (of.median(), of.0.values().sum::<u64>());
            let public = match value {
                None => voice.word("figure.none"),
                Some(_) if count < PUBLIC_LEAST => {
                    voice.say("figure.of_few", &[("least", &PUBLIC_LEAST.to_string())])
                }
                Some(minutes) => whole(f64::from(minutes)),
            };
            let (title, definition) = (voice.word(title), voice.word(meaning));
            Told { name, title, value: value.map(u64::from), public, definition }
        };
        let mut all = Vec::from(counted);
        all.extend([
            people("people_to_call", self.to_call, "figure.people_to_call", "figure.people_to_call_is"),
            people("people_called", self.called, "figure.people_called", "figure.people_called_is"),
            median("stay_median_min", &self.stays, "figure.stay_median", "figure.stay_median_is"),
            median("result_median_min", &self.results, "figure.result_median", "figure.result_median_is"),
        ]);
        all
    }

    /// The same to be read: the community, of how many rounds and as of when, and each figure with what it means. Numbers stand as
    /// they may be told.
    pub fn text(&self, name: &str, voice: Voice) -> String {
        let as_of = self.sum.as_of.map_or_else(String::new, |at| {
            let clock = at.rfc3339();
            format!("{} {} UTC", &clock[..10], &clock[11..16])
        });
        let rounds = self.sum.rounds.to_string();
        let head = [("name", name), ("rounds", &*rounds), ("as_of", &*as_of)];
        let mut text = voice.say("figure.head", &head) + "\n";
        for Told { title, public, definition, .. } in self.told(voice) {
            let line = voice.say("figure.line", &[("title", &*title), ("value", &*public)]);
            text += &format!("\n{line}\n  {definition}\n");
        }
        text
    }

    /// The same as a table: figure, number, how it may be told, as of when, of how many rounds, what it means.
    pub fn csv(&self, voice: Voice) -> String {
        let mut table = csv::Writer::from_writer(Vec::new());
        let mut write = |cells: [&str; 6]| table.write_record(cells).expect("a vector takes what is written");
        write(["figure", "value", "public", "as_of", "rounds", "definition"]);
        let (as_of, rounds) = (self.sum.as_of.map(Moment::rfc3339), self.sum.rounds.to_string());
        for Told { name, value, public, definition, .. } in self.told(voice) {
            let value = value.map(|value| value.to_string()).unwrap_or_default();
            write([name, &value, &public, as_of.as_deref().unwrap_or_default(), &rounds, &definition]);
        }
        let bytes = table.into_inner().expect("a vector takes what is written");
        String::from_utf8(bytes).expect("texts were written")
    }
}

impl Spread {
    /// Clocks of two phones may differ; what would be less than nothing is left out.
    fn add(&mut self, from: Moment, until: Moment) {
        let minutes = (until.0 - from.0).div_euclid(60 * TICKS_PER_SECOND);
        if let Ok(minutes) = u32::try_from(minutes) {
            *self.0.entry(minutes).or_default() += 1;
        }
    }

    /// The fewest minutes which at least half of them did not exceed.
    fn median(&self) -> Option<u32> {
        let half = self.0.values().sum::<u64>().div_ceil(2);
        let mut seen = 0;
        self.0.iter().find_map(|(&minutes, count)| {
            seen += count;
            (seen >= half).then_some(minutes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use words::Language;

    const VOICE: Voice = Voice { language: Language::En };

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn round(served: u64, stays: &[(u32, u64)], called: Option<[u64; 2]>) -> AllRounds {
        let now = at("2022-04-10T03:00:00Z");
        let mut counts = vec![(Figure::PeopleServed, served)];
        counts.extend(called.map(|_| (Figure::ResultsOut, 40)));
        let [to_call, called] = called.unwrap_or_default();
        AllRounds {
            sum: Cumulative::of_round(now, counts),
            to_call,
            called,
            stays: Spread(stays.iter().copied().collect()),
            results: Spread::default(),
        }
    }

    #[test]
    fn a_median_is_over_everybody_and_not_over_the_rounds() {
        let mut all = round(3, &[(10, 3)], None);
        all.add(&round(5, &[(40, 2), (90, 3)], None));
        let told = all.told(VOICE);
        let of = |name: &str| told.iter().find(|one| one.name == name).unwrap();
        assert_eq!((of("people_served").value, all.sum.rounds), (Some(8), 2));
        assert_eq!(of("stay_median_min").value, Some(40), "the fourth of eight");
        assert_eq!((of("result_median_min").value, &*of("result_median_min").public), (None, "none yet"));
    }

    #[test]
    fn nobody_is_recognised_by_a_small_number_and_nothing_is_told_before_a_release() {
        let before = round(0, &[], None);
        let after = round(9, &[(12, 4)], Some([9, 4]));
        let public = |of: &AllRounds| -> Vec<String> {
            of.told(VOICE).into_iter().skip(5).map(|one| one.public).collect()
        };
        assert_eq!(public(&before), ["not released yet", "not released yet", "none yet", "none yet"]);
        assert_eq!(public(&after), ["9", "fewer than 5", "not told: of fewer than 5", "none yet"]);
        assert!(after.csv(VOICE).contains("\npeople_called,4,fewer than 5,2022-04-10T03:00:00.0000Z,1,"));
        assert!(!after.text("Court", VOICE).contains(": 4\n"), "what is read aloud has no small number");
    }

    #[test]
    fn minutes_are_whole_and_a_clock_that_goes_back_is_left_out() {
        let mut of = Spread::default();
        of.add(at("2022-04-10T03:00:00Z"), at("2022-04-10T03:02:59Z"));
        of.add(at("2022-04-10T03:00:00Z"), at("2022-04-10T02:59:59Z"));
        assert_eq!(of, Spread(BTreeMap::from([(2, 1)])));
    }
}
