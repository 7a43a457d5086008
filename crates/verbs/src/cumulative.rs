//! Cumulative figures of a place, with what is counted and what is not, so that they can be quoted.

use crate::{Voice, number::whole, sheets::harmless};
use domain::{Moment, Notes, event::Finding};
use formats::dhis2::{DataValue, DataValueSet};
use jiff::civil::Date;
use round::Round;
use scenario::{Dhis2Mapping, dhis2_other_day, dhis2_shared, without_dhis2_id};
use std::collections::BTreeMap;

/// To the public a smaller number of people is told as "fewer than" this: with such a number somebody may be recognised by
/// those who know the place.
pub const PUBLIC_LEAST: u64 = 5;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// People who went through, all stations.
    PeopleServed,
    /// Doors of which nobody who came is left to be served.
    DoorsDone,
    /// Tubes that were begun.
    Tubes,
    /// Tubes whose result was released.
    ResultsOut,
    /// Positive tubes, as the authority has released them.
    PositiveTubes,
}

impl Figure {
    /// All of them, in the order in which they are told.
    pub const ALL: [Figure; 5] =
        [Figure::PeopleServed, Figure::DoorsDone, Figure::Tubes, Figure::ResultsOut, Figure::PositiveTubes];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Figure::PeopleServed => "people_served",
            Figure::DoorsDone => "doors_done",
            Figure::Tubes => "tubes",
            Figure::ResultsOut => "results_out",
            Figure::PositiveTubes => "positive_tubes",
        }
    }

    /// What people call it.
    pub fn title(self, voice: Voice) -> String {
        voice.word(match self {
            Figure::PeopleServed => "figure.people_served",
            Figure::DoorsDone => "figure.doors_done",
            Figure::Tubes => "figure.tubes",
            Figure::ResultsOut => "figure.results_out",
            Figure::PositiveTubes => "figure.positive_tubes",
        })
    }

    /// What is counted and what is not, to be quoted beside the number.
    pub fn meaning(self, voice: Voice) -> String {
        voice.word(match self {
            Figure::PeopleServed => "figure.people_served_is",
            Figure::DoorsDone => "figure.doors_done_is",
            Figure::Tubes => "figure.tubes_is",
            Figure::ResultsOut => "figure.results_out_is",
            Figure::PositiveTubes => "figure.positive_tubes_is",
        })
    }
}

/// Figures of some rounds together, as of a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cumulative {
    /// Rounds that are in it.
    pub rounds: u64,
    /// The moment up to which all of them are known: the earliest of theirs; `None` where there is no round.
    pub as_of: Option<Moment>,
    /// The day on which the round opened, at its site; `None` for rounds of several days.
    pub day: Option<Date>,
    /// Each figure by its place in [`Figure::ALL`]; `None` where nothing is to be told yet.
    counts: [Option<u64>; Figure::ALL.len()],
}

/// A figure as the public is told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The number.
    Number(u64),
    /// Somebody, but fewer than [`PUBLIC_LEAST`].
    Fewer,
    /// Nothing is released yet.
    NotReleased,
}

impl Cumulative {
    /// A round's figures, as of a moment.
    pub fn of(as_of: Moment, round: &Round) -> Cumulative {
        let tubes = round.tube_counts();
        let done = round.households().values().filter(|household| household.done()).count();
        let mut counts = vec![
            (Figure::PeopleServed, u64::from(round.counts().served)),
            (Figure::DoorsDone, done as u64),
            (Figure::Tubes, round.tubes().len() as u64),
        ];
        // Before anything is released there is no number, not even none.
        if tubes.released > 0 {
            let released =
                round.all_tubes().filter_map(|item| round.result(item)).filter(|of| of.released.is_some());
            let positive = released.filter(|of| of.report.finding == Finding::Positive).count();
            counts.push((Figure::ResultsOut, u64::from(tubes.released)));
            counts.push((Figure::PositiveTubes, positive as u64));
        }
        Cumulative::of_round(as_of, counts)
    }

    /// One round's figures, as of a moment.
    pub fn of_round(as_of: Moment, counts: impl IntoIterator<Item = (Figure, u64)>) -> Cumulative {
        let mut of = Cumulative { rounds: 1, as_of: Some(as_of), ..Cumulative::default() };
        for (figure, count) in counts {
            of.counts[figure as usize] = Some(count);
        }
        of
    }

    /// Says on which day the round opened.
    pub fn on(self, day: Option<Date>) -> Cumulative {
        Cumulative { day, ..self }
    }

    /// Takes another's rounds in. What is told of one of the two only is told of that one: a figure says of which rounds it is by
    /// its definition.
    pub fn add(&mut self, other: &Cumulative) {
        self.day = if self.rounds == 0 { other.day } else { self.day.filter(|day| other.day == Some(*day)) };
        self.rounds += other.rounds;
        self.as_of = match (self.as_of, other.as_of) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        for (count, other) in self.counts.iter_mut().zip(other.counts) {
            *count = match (*count, other) {
                (Some(one), Some(other)) => Some(one + other),
                (one, other) => one.or(other),
            };
        }
    }

    /// A figure; `None` where nothing is to be told yet.
    pub fn count(&self, figure: Figure) -> Option<u64> {
        self.counts[figure as usize]
    }

    /// The same for the public: small numbers of people are not told exactly.
    pub fn public(&self, figure: Figure) -> Shown {
        Shown::of(self.count(figure))
    }
}

impl Shown {
    /// A number of people, or none that is released.
    pub fn of(count: Option<u64>) -> Shown {
        match count {
            None => Shown::NotReleased,
            Some(count @ (0 | PUBLIC_LEAST..)) => Shown::Number(count),
            Some(_) => Shown::Fewer,
        }
    }

    /// The number in words, or why there is none.
    pub fn text(self, voice: Voice) -> String {
        match self {
            Shown::Number(count) => whole(count as f64),
            Shown::Fewer => voice.say("figure.fewer", &[("least", &PUBLIC_LEAST.to_string())]),
            Shown::NotReleased => voice.word("figure.not_released"),
        }
    }
}

/// The figures of places as a table: place, figure, number, as of when, of how many rounds, what it means.
pub fn csv(places: &[(String, Cumulative)], voice: Voice) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [String; 6]| table.write_record(cells).expect("a vector takes what is written");
    write(["place", "figure", "value", "as_of", "rounds", "definition"].map(str::to_owned));
    for (place, of) in places {
        for figure in Figure::ALL {
            write([
                harmless(place),
                figure.name().to_owned(),
                of.count(figure).map_or_else(String::new, |count| count.to_string()),
                of.as_of.map_or_else(String::new, Moment::rfc3339),
                of.rounds.to_string(),
                figure.meaning(voice),
            ]);
        }
    }
    let bytes = table.into_inner().expect("a vector takes what is written");
    String::from_utf8(bytes).expect("texts were written")
}

/// The figures of places for DHIS2, of a day; a note for whatever has no identifier there, for what would stand there twice, which
/// is left out, and for rounds of another day.
pub fn dhis2(places: &[(String, Cumulative)], mapping: &Dhis2Mapping, day: Date) -> (DataValueSet, Notes) {
    let period = day.strftime("%Y%m%d").to_string();
    let mut notes = Notes::default();
    for figure in Figure::ALL {
        if !mapping.data_elements.contains_key(figure.name()) {
            without_dhis2_id(&mut notes, false, figure.name());
        }
    }
    let mut units: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (place, _) in places {
        if let Some(unit) = mapping.org_units.get(place) {
            units.entry(unit).or_default().push(place);
        }
    }
    for (unit, names) in units.iter().filter(|(_, names)| names.len() > 1) {
        dhis2_shared(&mut notes, unit, &names.join(", "));
    }
    let mut data_values = Vec::new();
    for (place, of) in places {
        let Some(org_unit) = mapping.org_units.get(place) else {
            without_dhis2_id(&mut notes, true, place);
            continue;
        };
        // DHIS2 would keep the last and tell nobody.
        if units.get(&**org_unit).is_some_and(|names| names.len() > 1) {
            continue;
        }
        if let Some(other) = of.day.filter(|of| *of != day) {
            dhis2_other_day(&mut notes, place, &other.to_string(), &day.to_string());
        }
        for figure in Figure::ALL {
            let element = mapping.data_elements.get(figure.name());
            if let (Some(element), Some(count)) = (element, of.count(figure)) {
                data_values.push(DataValue {
                    data_element: element.clone(),
                    period: period.clone(),
                    org_unit: org_unit.clone(),
                    value: count.to_string(),
                    comment: of.as_of.map(Moment::rfc3339),
                });
            }
        }
    }
    (DataValueSet { data_set: mapping.data_set.clone(), data_values }, notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use words::Language;

    const VOICE: Voice = Voice { language: Language::En };

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn court() -> Cumulative {
        let counts = [(Figure::PeopleServed, 1_204), (Figure::DoorsDone, 3), (Figure::Tubes, 0)];
        Cumulative::of_round(at("2022-03-28T03:00:00Z"), counts)
    }

    #[test]
    fn small_numbers_of_people_are_not_told_to_the_public_and_nothing_is_made_up() {
        let court = court();
        let shown = Figure::ALL.map(|figure| court.public(figure).text(VOICE));
        assert_eq!(shown, ["1,204", "fewer than 5", "0", "not released yet", "not released yet"]);
    }

    #[test]
    fn figures_of_two_rounds_are_as_old_as_the_older() {
        let mut sum = court();
        let released = [(Figure::PeopleServed, 6), (Figure::PositiveTubes, 1)];
        sum.add(&Cumulative::of_round(at("2022-03-28T02:00:00Z"), released));
        assert_eq!((sum.rounds, sum.as_of), (2, Some(at("2022-03-28T02:00:00Z"))));
        assert_eq!(sum.count(Figure::PeopleServed), Some(1_210));
        assert_eq!((sum.count(Figure::PositiveTubes), sum.count(Figure::ResultsOut)), (Some(1), None));
        sum.add(&Cumulative::default());
        assert_eq!(sum.rounds, 2);
    }

    #[test]
    fn a_table_tells_each_figure_with_its_definition() {
        let text = csv(&[("=Court".to_owned(), court())], VOICE);
        let first: Vec<&str> = text.lines().take(2).collect();
        assert_eq!(first[0], "place,figure,value,as_of,rounds,definition");
        assert!(first[1].starts_with("'=Court,people_served,1204,2022-03-28T03:00:00.0000Z,1,"), "{text}");
        assert_eq!(text.lines().count(), 1 + Figure::ALL.len());
    }

    #[test]
    fn dhis2_gets_what_it_has_an_identifier_for_and_a_note_tells_of_the_rest() {
        let mapping = br#"format = 1
data_set = "pBOMPrpg1QX"
[[data_element]]
figure = "people_served"
id = "f7n9E0hX8qk"
[[data_element]]
figure = "positive_tubes"
id = "Ix2HsbDMLea"
[[org_unit]]
place = "First Court"
id = "DiszpKrYNg8"
"#;
        let (mapping, notes) = scenario::read_dhis2(mapping, &Figure::ALL.map(Figure::name));
        assert_eq!(notes, Notes::default());
        let places = [("First Court".to_owned(), court()), ("Second Court".to_owned(), court())];
        let (set, notes) = dhis2(&places, &mapping.unwrap(), date(2022, 3, 28));
        assert_eq!(
            serde_json::to_string_pretty(&set).unwrap(),
            r#"{
  "dataSet": "pBOMPrpg1QX",
  "dataValues": [
    {
      "dataElement": "f7n9E0hX8qk",
      "period": "20220328",
      "orgUnit": "DiszpKrYNg8",
      "value": "1204",
      "comment": "2022-03-28T03:00:00.0000Z"
    }
  ]
}"#
        );
        let left_out: Vec<&str> = notes.0.iter().map(|note| note.args[0].1.as_str()).collect();
        assert_eq!(left_out, ["doors_done", "tubes", "results_out", "Second Court"]);
    }

    #[test]
    fn dhis2_is_never_told_two_values_of_one_unit_and_hears_of_rounds_of_another_day() {
        let mapping = br#"format = 1
[[data_element]]
figure = "people_served"
id = "f7n9E0hX8qk"
[[org_unit]]
place = "Court"
id = "DiszpKrYNg8"
[[org_unit]]
place = "Garden"
id = "Rp268JB6Ne4"
"#;
        let (mapping, _) = scenario::read_dhis2(mapping, &[Figure::PeopleServed.name()]);
        let day = |day| court().on(Some(date(2022, 3, day)));
        let places = [("Court", day(28)), ("Court", day(28)), ("Garden", day(27))];
        let places = places.map(|(name, of)| (name.to_owned(), of));
        let (set, notes) = dhis2(&places, &mapping.unwrap(), date(2022, 3, 28));
        let units: Vec<&str> = set.data_values.iter().map(|of| of.org_unit.as_str()).collect();
        assert_eq!(units, ["Rp268JB6Ne4"]);
        let mut notes: Vec<&str> = notes.0.iter().map(|note| note.code).collect();
        notes.retain(|code| code != &"dhis2_no_data_element");
        assert_eq!(notes, ["dhis2_shared", "dhis2_other_day"]);
    }

    #[test]
    fn a_mapping_that_is_wrong_is_refused_row_by_row() {
        let wrong = br#"format = 1
[[data_element]]
figure = "people_serve"
id = "f7n9E0hX8qk"
[[org_unit]]
place = "First Court"
id = "1234"
[[org_unit]]
place = "Second Court"
id = "DiszpKrYNg8"
[[org_unit]]
place = "Second Court"
id = "DiszpKrYNg8"
"#;
        let (mapping, notes) = scenario::read_dhis2(wrong, &Figure::ALL.map(Figure::name));
        assert_eq!(mapping, None);
        let codes: Vec<(&str, Option<u32>)> =
            notes.0.iter().map(|note| (note.code, note.place.row)).collect();
        assert_eq!(codes, [("unknown_word_near", Some(3)), ("dhis2_id", Some(7)), ("dhis2_twice", Some(12))]);
    }
}
