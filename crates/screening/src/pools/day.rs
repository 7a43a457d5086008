//! How long a day takes whose tubes hold so many: the table, the laboratory, and the second visit.

use super::Figures;
use std::collections::VecDeque;

/// Steps of a day, about: a laboratory that takes a month is looked at by the quarter of an hour.
const STEPS: f64 = 5_000.0;

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
    pub people: &'a [f64],
    /// When the first step ends, in hours from the day's beginning.
    pub from_h: f64,
    /// Hours of a step.
    pub step_h: f64,
}

impl Day {
    /// With tubes of these figures, and people at the table without a gap.
    pub fn hours(&self, figures: &Figures) -> Hours {
        const MINUTE_H: f64 = 1.0 / 60.0;
        let table_h = self.at_table_h(self.people, self.people * figures.tubes_per_person);
        let steps = (table_h / MINUTE_H).ceil().clamp(1.0, STEPS);
        let even = vec![self.people / steps; steps as usize];
        let step_h = (table_h / steps).max(1e-6);
        self.hours_after(Flow { people: &even, from_h: step_h, step_h }, figures)
    }

    /// With tubes of these figures, where people left the table as a rehearsal has it. Tubes are tested in the order in which they
    /// come, while people are still swabbed; those of second visits, each of one person, come after their own.
    pub fn hours_after(&self, flow: Flow<'_>, figures: &Figures) -> Hours {
        let people: f64 = flow.people.iter().sum();
        let tubes = people * figures.tubes_per_person;
        let told = (figures.positive_tubes_per_1000 / 1_000.0 / figures.tubes_per_person).min(1.0);
        // Of tubes that are alike none is told positive.
        let recall_chance = if tubes > 0.0 { -libm::expm1(tubes * libm::log1p(-told)) } else { 0.0 };
        let again = figures.recalls_per_1000 / 1_000.0 / figures.tubes_per_person;
        let again = if recall_chance > 0.0 { again / recall_chance } else { 0.0 };
        let [first, all] = self.tested_h(flow, figures.tubes_per_person, again);
        let last = flow.people.iter().rposition(|&people| people > 0.0).unwrap_or(0);
        let second_h = all - first;
        Hours {
            sampling_h: flow.from_h + last as f64 * flow.step_h,
            first_h: first + self.turnaround_h,
            recall_chance,
            second_h,
            all_h: first + self.turnaround_h + recall_chance * second_h,
        }
    }

    /// Hours at the table, without a gap.
    fn at_table_h(&self, people: f64, tubes: f64) -> f64 {
        (people * self.swab_s + tubes * self.change_s) / self.samplers / 3_600.0
    }

    /// When the last tube of the first stage is tested, and the last of all; `again` people are called for each tube.
    fn tested_h(&self, flow: Flow<'_>, tubes_per_person: f64, again: f64) -> [f64; 2] {
        let tubes = flow.people.iter().sum::<f64>() * tubes_per_person;
        let delay_h = self.turnaround_h + self.return_h;
        let work_h = tubes * (1.0 + again) / self.lab_tubes_per_hour;
        let horizon_h = flow.people.len() as f64 * flow.step_h + work_h + delay_h;
        let together = (horizon_h / STEPS / flow.step_h).ceil().max(1.0) as usize;
        let step_h = together as f64 * flow.step_h;
        let at_table = step_h / self.at_table_h(1.0, 1.0);
        let delay = (delay_h / step_h).round().max(1.0) as usize;
        let mut lab = Lab { waiting: VecDeque::new(), room: self.lab_tubes_per_hour * step_h };
        let mut called: VecDeque<f64> = VecDeque::new();
        let mut before_table = 0.0;
        let mut last = [0.0; 2];
        let mut coming = flow.people.chunks(together);
        for step in 1.. {
            let at_h = flow.from_h + (step * together - 1) as f64 * flow.step_h;
            let people = coming.next();
            before_table += if called.len() >= delay { called.pop_front().unwrap_or(0.0) } else { 0.0 };
            let singles = before_table.min(at_table);
            before_table -= singles;
            let first = people.map_or(0.0, |people| people.iter().sum::<f64>() * tubes_per_person);
            lab.receive([first, singles]);
            let tested = lab.test();
            called.push_back(tested[0] * again);
            let till_h = at_h + (tested[0] + tested[1]) / self.lab_tubes_per_hour;
            last[0] = if tested[0] > 0.0 { till_h } else { last[0] };
            last[1] = if tested[0] + tested[1] > 0.0 { till_h } else { last[1] };
            let over = people.is_none() && lab.waiting.is_empty() && before_table == 0.0;
            if over && called.iter().all(|&people| people == 0.0) {
                break;
            }
        }
        last
    }
}

/// Tubes that wait for a test, in the order in which they came: of the first stage, and of second visits.
struct Lab {
    waiting: VecDeque<[f64; 2]>,
    /// Tubes tested in a step.
    room: f64,
}

impl Lab {
    fn receive(&mut self, tubes: [f64; 2]) {
        if tubes != [0.0; 2] {
            self.waiting.push_back(tubes);
        }
    }

    /// Tests for a step.
    fn test(&mut self) -> [f64; 2] {
        let (mut room, mut tested) = (self.room, [0.0; 2]);
        while let Some(next) = self.waiting.front_mut().filter(|_| room > 0.0) {
            let all = next[0] + next[1];
            let share = (room / all).min(1.0);
            tested = [tested[0] + next[0] * share, tested[1] + next[1] * share];
            if all <= room {
                self.waiting.pop_front();
            } else {
                *next = next.map(|tubes| tubes * (1.0 - share));
            }
            room -= all.min(room);
        }
        tested
    }
}
