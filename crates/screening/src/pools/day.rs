//! How long a day takes whose tubes hold so many: the table, the laboratory, and the second visit.

use super::Figures;

/// What a day has to work with. Flows without chance: what a rehearsal of the site adds are the queues.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    /// People to be tested.
    pub people: f64,
    /// Samplers at work at one time.
    pub samplers: f64,
    /// Seconds for a swab.
    pub swab_s: f64,
    /// Seconds for a change of tubes.
    pub change_s: f64,
    /// Tubes that laboratories finish in an hour.
    pub lab_tubes_per_hour: f64,
    /// Hours from a tube's arrival at an idle laboratory to its result.
    pub turnaround_h: f64,
    /// Hours until those who are called again stand at the table.
    pub return_h: f64,
}

/// The hours of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hours {
    /// At the table, first visits.
    pub sampling_h: f64,
    /// From the first swab until all tubes of the first stage have a result.
    pub first_h: f64,
    /// From the first swab until everybody has a result, second visits included.
    pub all_h: f64,
}

impl Day {
    /// With tubes of these figures. The laboratory works while people are still swabbed; second visits follow the last
    /// result of the first stage, each with a tube of its own.
    pub fn hours(&self, figures: &Figures) -> Hours {
        let at_table = |people: f64, tubes: f64| {
            (people * self.swab_s + tubes * self.change_s) / self.samplers / 3_600.0
        };
        let in_lab = |tubes: f64| tubes / self.lab_tubes_per_hour;
        let tubes = self.people * figures.tubes_per_person;
        let sampling_h = at_table(self.people, tubes);
        let first_h = sampling_h.max(in_lab(tubes)) + self.turnaround_h;
        let again = self.people * figures.recalls_per_1000 / 1_000.0;
        let second_h = if again > 0.0 {
            self.return_h + at_table(again, again).max(in_lab(again)) + self.turnaround_h
        } else {
            0.0
        };
        Hours { sampling_h, first_h, all_h: first_h + second_h }
    }
}
