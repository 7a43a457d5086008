//! A lab: machines that test tubes in batches, the line before them, and the people of positive tubes who come again.

use super::{
    couriers::Load,
    day::SiteDay,
    lab_tally::LabTally,
    quarters::QUARTER,
    stream_of_lab,
    tubes::{Tube, ticks},
};
use crate::{Luck, TICKS_PER_MINUTE};
use chance::{Cause, Sampler, Ticks};
use domain::city::{Lab, Testing};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

/// What a lab did on one day.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LabDay {
    /// What is counted.
    pub tally: LabTally,
    /// Machine-ticks in use until the last batch, and how many machines there are.
    pub busy: Ticks,
    pub machines: u32,
    /// From the first load to the end of the last batch.
    pub span: Ticks,
}

/// Counts by minute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Minutes(pub Vec<u64>);

impl Minutes {
    fn count(&mut self, time: Ticks) {
        let minute = (time.max(0) / TICKS_PER_MINUTE) as usize;
        if self.0.len() <= minute {
            self.0.resize(minute + 1, 0);
        }
        self.0[minute] += 1;
    }

    pub(super) fn extend(&mut self, other: &Minutes) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(mine, other)| *mine += other);
    }

    /// The minute that this share does not exceed; `None` if nothing was counted.
    pub(super) fn quantile(&self, share: f64) -> Option<f64> {
        let all: u64 = self.0.iter().sum();
        let mut below = 0;
        for (minute, &count) in self.0.iter().enumerate() {
            below += count;
            if count > 0 && below as f64 >= share * all as f64 {
                return Some(minute as f64 + 1.0);
            }
        }
        None
    }

    /// The mean, in the middle of minutes.
    pub(super) fn mean(&self) -> Option<f64> {
        let all: u64 = self.0.iter().sum();
        let sum: u64 = self.0.iter().zip(0u64..).map(|(count, minute)| count * minute).sum();
        (all > 0).then(|| sum as f64 / all as f64 + 0.5)
    }
}

/// A tube in the lab.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    at: Ticks,
    first: u32,
    people: u8,
    positive: bool,
    single: bool,
}

/// What comes next besides loads; of equal times in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    /// A machine is free again.
    Free,
    /// So many single tubes come.
    Singles(u8),
    /// Look again: a tube has waited long enough, or the lab opens.
    Look,
}

/// The rules that all labs share.
pub(super) struct Rules<'a> {
    pub testing: &'a Testing,
    pub run: Sampler,
    pub recall: Sampler,
    /// Ticks from midnight to the round's opening.
    pub opens: Ticks,
    pub luck: Luck,
    pub replication: u32,
}

/// Ticks in a day.
const DAY: Ticks = 24 * 60 * TICKS_PER_MINUTE;

/// Lives a lab's day, with loads in the order of time.
pub(super) fn live(rules: &Rules<'_>, number: u32, lab: &Lab, loads: &[Load], sites: &[SiteDay]) -> LabDay {
    let run_h = rules.testing.run.mean_s() / 3_600.0;
    let wells = lab.tubes_per_hour * run_h;
    let batch = f64::from(rules.testing.batch).min(wells.max(1.0)) as usize;
    let machines = (wells / batch as f64).round().max(1.0) as u32;
    let mut bench = Bench {
        rules,
        lab,
        chance: stream_of_lab(rules.luck, number, rules.replication),
        batch,
        free: if lab.tubes_per_hour > 0.0 { machines } else { 0 },
        waiting: VecDeque::new(),
        agenda: BinaryHeap::new(),
        look_at: Ticks::MIN,
        batches: 0,
        last: 0,
        day: LabDay { machines, ..LabDay::default() },
    };
    for load in loads {
        bench.until(load.at);
        let tubes = &sites[load.site as usize].tubes[load.from as usize..load.to as usize];
        bench.receive(load.at, tubes);
    }
    bench.until(rules.testing.ends + 1);
    bench.day.span = loads.first().map_or(0, |first| (bench.last - first.at).max(0));
    bench.day
}

struct Bench<'a> {
    rules: &'a Rules<'a>,
    lab: &'a Lab,
    chance: chance::Chance,
    batch: usize,
    free: u32,
    waiting: VecDeque<Waiting>,
    agenda: BinaryHeap<Reverse<(Ticks, Next)>>,
    /// When the lab is to be looked at again.
    look_at: Ticks,
    batches: u32,
    last: Ticks,
    day: LabDay,
}

impl Bench<'_> {
    fn receive(&mut self, at: Ticks, tubes: &[Tube]) {
        self.day.tally.tubes += tubes.len() as u64;
        self.day.tally.came.add((at / QUARTER) as usize, tubes.len() as u32);
        if at > self.rules.testing.ends {
            return;
        }
        self.waiting.extend(tubes.iter().map(|tube| Waiting {
            at,
            first: tube.first,
            people: tube.people,
            positive: tube.positive,
            single: false,
        }));
        self.start(at);
        self.day.tally.queue_max = self.day.tally.queue_max.max(self.waiting.len() as u64);
    }

    /// All that happens before a moment.
    fn until(&mut self, moment: Ticks) {
        let moment = moment.min(self.rules.testing.ends + 1);
        while let Some(&Reverse((at, next))) = self.agenda.peek() {
            if at >= moment {
                return;
            }
            self.agenda.pop();
            match next {
                Next::Free => self.free += 1,
                Next::Singles(count) => {
                    let single = Waiting { at, first: 0, people: 1, positive: false, single: true };
                    self.waiting.extend(std::iter::repeat_n(single, count as usize));
                }
                Next::Look => {}
            }
            self.start(at);
            self.day.tally.queue_max = self.day.tally.queue_max.max(self.waiting.len() as u64);
        }
    }

    /// Starts every batch that can start now.
    fn start(&mut self, now: Ticks) {
        while self.free > 0
            && let Some(head) = self.waiting.front()
        {
            let opens = self.opens_at(now);
            let full = self.waiting.len() >= self.batch;
            let at = if full { opens } else { opens.max(head.at + self.rules.testing.fill) };
            if at > now {
                if self.look_at <= now || at < self.look_at {
                    self.look_at = at;
                    self.agenda.push(Reverse((at, Next::Look)));
                }
                return;
            }
            self.run(now);
        }
    }

    /// The first moment from now on at which a batch may start.
    fn opens_at(&self, now: Ticks) -> Ticks {
        let open = self.by_the_clock(now.max(self.lab.ready));
        match self.lab.stops {
            Some((from, until)) if (from..until).contains(&open) => self.by_the_clock(until),
            _ => open,
        }
    }

    /// The same by the lab's hours alone.
    fn by_the_clock(&self, now: Ticks) -> Ticks {
        let Some((opens, closes)) = self.lab.hours else { return now };
        let clock = now + self.rules.opens;
        let (day, time) = (clock.div_euclid(DAY), clock.rem_euclid(DAY));
        let open =
            if opens <= closes { (opens..closes).contains(&time) } else { time >= opens || time < closes };
        let next = if time < opens { day * DAY + opens } else { (day + 1) * DAY + opens };
        if open { now } else { next - self.rules.opens }
    }

    fn run(&mut self, now: Ticks) {
        let testing = self.rules.testing;
        let result = now + self.rules.run.draw(self.chance.word(Cause::Lab, self.batches, 0)).max(1);
        let (count, tested) = (self.batch.min(self.waiting.len()), result <= testing.ends);
        let mut done = 0;
        for (place, tube) in self.waiting.drain(..count).enumerate() {
            self.day.tally.waits.count(now - tube.at);
            if tube.single {
                self.day.tally.singles_tested += u64::from(tested);
                continue;
            }
            if !tested {
                continue;
            }
            done += 1;
            let age = result - ticks(tube.first);
            self.day.tally.tested += 1;
            self.day.tally.in_time += u64::from(result <= testing.due && age <= testing.within);
            self.day.tally.results.count(age);
            if tube.positive {
                self.day.tally.positive += 1;
                self.day.tally.recalled += u64::from(tube.people);
                let word = self.chance.word(Cause::Specimen, self.batches, place as u32);
                let again = result + self.rules.recall.draw(word).max(0);
                self.agenda.push(Reverse((again, Next::Singles(tube.people))));
            }
        }
        if tested {
            self.day.tally.last[1] = self.day.tally.last[1].max(result);
        }
        if done > 0 {
            self.day.tally.last[0] = self.day.tally.last[0].max(result);
            self.day.tally.done.add((result / QUARTER) as usize, done);
        }
        self.day.busy += result - now;
        self.last = self.last.max(result);
        self.free -= 1;
        self.batches += 1;
        self.agenda.push(Reverse((result, Next::Free)));
    }
}
