//! How long a day takes whose tubes hold so many: the table, the laboratory, and the second visit.

use super::Figures;

/// What a day has to work with. Flows without chance: what a rehearsal of the site adds are the queues at the table.
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
    /// Tubes that laboratories finish in an hour; infinite where nothing limits them.
    pub lab_tubes_per_hour: f64,
    /// Hours from a tube that is full, with a free laboratory, to its result.
    pub turnaround_h: f64,
    /// Hours until those who are called again stand at the table.
    pub return_h: f64,
}

/// The hours of a day, from its beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hours {
    /// Until the last swab of the first stage.
    pub sampling_h: f64,
    /// Until all tubes of the first stage have a result.
    pub first_h: f64,
    /// The probability that anybody is called again.
    pub recall_chance: f64,
    /// What second visits take beyond that, if there are any; 0 where there can be none.
    pub second_h: f64,
    /// Until everybody has a result, on average: with second visits as often as there are any.
    pub all_h: f64,
}

/// People who leave the table, as a rehearsal has them, one step after the other.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    /// People in each step.
    pub people: &'a [u32],
    /// When the first step ends, in hours from the day's beginning.
    pub from_h: f64,
    /// Hours of a step.
    pub step_h: f64,
}

impl Day {
    /// With tubes of these figures, and people at the table without a gap. The laboratory works while people are still swabbed;
    /// second visits follow the last result of the first stage, each with a tube of its own.
    pub fn hours(&self, figures: &Figures) -> Hours {
        let tubes = self.people * figures.tubes_per_person;
        let sampling_h = self.at_table(self.people, tubes);
        let tested_h = sampling_h.max(tubes / self.lab_tubes_per_hour);
        self.with_second(sampling_h, tested_h, figures)
    }

    /// The same, where people left the table as a rehearsal has it.
    pub fn hours_after(&self, flow: Flow<'_>, figures: &Figures) -> Hours {
        let (mut rest, mut sampling_h, mut tested_h) = (0.0, 0.0, 0.0f64);
        // A laboratory that has work from some moment on until the end decides when the last tube is tested.
        for (step, &people) in flow.people.iter().enumerate().rev().filter(|(_, people)| **people > 0) {
            let at = flow.from_h + step as f64 * flow.step_h;
            if rest == 0.0 {
                sampling_h = at;
            }
            rest += f64::from(people) * figures.tubes_per_person;
            tested_h = tested_h.max(at + rest / self.lab_tubes_per_hour);
        }
        self.with_second(sampling_h, tested_h, figures)
    }

    fn at_table(&self, people: f64, tubes: f64) -> f64 {
        (people * self.swab_s + tubes * self.change_s) / self.samplers / 3_600.0
    }

    fn with_second(&self, sampling_h: f64, tested_h: f64, figures: &Figures) -> Hours {
        let first_h = tested_h + self.turnaround_h;
        let tubes = self.people * figures.tubes_per_person;
        let told = (figures.positive_tubes_per_1000 / 1_000.0 / figures.tubes_per_person).min(1.0);
        // Of tubes that are alike none is told positive.
        let recall_chance = if tubes > 0.0 { -libm::expm1(tubes * libm::log1p(-told)) } else { 0.0 };
        let second_h = if recall_chance > 0.0 {
            let again = self.people * figures.recalls_per_1000 / 1_000.0 / recall_chance;
            let tested_h = self.at_table(again, again).max(again / self.lab_tubes_per_hour);
            self.return_h + tested_h + self.turnaround_h
        } else {
            0.0
        };
        Hours { sampling_h, first_h, recall_chance, second_h, all_h: first_h + recall_chance * second_h }
    }
}
