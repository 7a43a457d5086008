//! People into places: the arrivals of all columns, the lanes of the site apart.

use super::{CLASSES_MAX, Column, GHOST, LANES_MAX, WORDS, alone_and_in_time, process};
use crate::{model::Model, poisson::Poisson};
use chance::{Cause, stream::Abreast};
use pulp::Simd;

/// One lane of the site: who arrives there, in every column. Rows are places, one more than the most that any column
/// fills: who is nobody has the last.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// The most people of any column.
    pub places: usize,
    /// When the person in this place arrived; [`GHOST`] where there is none.
    pub arrived: Vec<i32>,
    /// What the person has waited so far.
    pub waited: Vec<i32>,
    /// Each person's service words, station by station.
    pub service_words: [Vec<u32>; WORDS],
    /// Each person's words of patience, where that can end.
    pub patience_words: [Vec<u32>; WORDS],
    pub keys: Vec<u32>,
    /// Each person's class, where there are several.
    pub classes: Vec<i32>,
    /// Whether services of some classes take longer than those of others.
    pub several_speeds: bool,
    /// How many people each column has.
    pub filled: Vec<usize>,
}

/// Brings everyone of all columns into the site's lanes; false if somebody does not fit in.
#[inline(always)]
pub(super) fn admit<S: Simd>(
    simd: S,
    columns: &[Column],
    streams: &Abreast<S>,
    lines: &mut [Line],
    by_class: bool,
) -> bool {
    let processes: Vec<&Poisson> = columns.iter().filter_map(|column| column.poisson.as_ref()).collect();
    if processes.len() == columns.len() {
        return process::admit(simd, &processes, streams, lines, by_class);
    }
    let fits = |column: &Column| column.poisson.is_none() && alone_and_in_time(&column.people.visits);
    if !columns.iter().all(fits) {
        return false;
    }
    one_by_one(S::I32_LANES, columns, lines);
    if by_class {
        by_their_classes(S::I32_LANES, columns, lines);
    }
    true
}

/// What class those are of who were brought in one by one.
fn by_their_classes(width: usize, columns: &[Column], lines: &mut [Line]) {
    for line in lines.iter_mut() {
        line.classes.clear();
        line.classes.resize(line.keys.len(), 0);
    }
    let mut filled = vec![0; lines.len()];
    for (lane, column) in columns.iter().enumerate() {
        filled.fill(lane);
        for visit in &column.people.visits {
            let line = if lines.len() == 1 { 0 } else { visit.lane as usize };
            lines[line].classes[filled[line]] = visit.class.into();
            filled[line] += width;
        }
    }
}

fn one_by_one(width: usize, columns: &[Column], lines: &mut [Line]) {
    lines.iter_mut().for_each(|line| line.begin(width));
    for (lane, column) in columns.iter().enumerate() {
        match &mut *lines {
            [only] => only.filled[lane] = column.people.visits.len(),
            several => {
                for visit in &column.people.visits {
                    several[visit.lane as usize].filled[lane] += 1;
                }
            }
        }
    }
    for line in lines.iter_mut() {
        line.places = line.filled.iter().copied().max().unwrap_or(0);
        let numbers = (line.places + 1) * width;
        line.arrived.resize(numbers, GHOST);
        line.keys.resize(numbers, 0);
        for (lane, filled) in line.filled.iter_mut().enumerate() {
            for place in *filled..=line.places {
                line.arrived[place * width + lane] = GHOST;
                line.keys[place * width + lane] = 0;
            }
            *filled = 0;
        }
    }
    for (lane, column) in columns.iter().enumerate() {
        match &mut *lines {
            [only] => {
                let (arrived, keys) =
                    (only.arrived.chunks_exact_mut(width), only.keys.chunks_exact_mut(width));
                for ((visit, arrived), keys) in column.people.visits.iter().zip(arrived).zip(keys) {
                    arrived[lane] = visit.at as i32;
                    keys[lane] = visit.key;
                }
                only.filled[lane] = column.people.visits.len();
            }
            several => {
                for visit in &column.people.visits {
                    let line = &mut several[visit.lane as usize];
                    let place = line.filled[lane] * width + lane;
                    line.filled[lane] += 1;
                    line.arrived[place] = visit.at as i32;
                    line.keys[place] = visit.key;
                }
            }
        }
    }
}

impl Line {
    /// Nobody has come yet. (What stands in the places is left: whoever comes, and every ghost, is written over it.)
    pub(super) fn begin(&mut self, width: usize) {
        self.filled.clear();
        self.filled.resize(width, 0);
    }

    /// Draws the words of the services of people in these places, and of their patience.
    #[inline(always)]
    pub(super) fn draw_words<S: Simd>(
        &mut self,
        simd: S,
        model: &Model,
        streams: &Abreast<S>,
        places: std::ops::Range<usize>,
    ) {
        let width = S::I32_LANES;
        let numbers = places.start * width..places.end * width;
        let stations = model.stations.len();
        let drawn = [
            (Cause::Service, &mut self.service_words, true),
            (Cause::Patience, &mut self.patience_words, model.patience.is_some()),
        ];
        for (cause, words, _) in drawn.into_iter().filter(|(.., wanted)| *wanted) {
            for (place, &keys) in S::as_simd_u32s(&self.keys[numbers.clone()]).0.iter().enumerate() {
                let block = streams.block(simd, cause, keys, 0);
                for (words, block) in words[..stations].iter_mut().zip(block) {
                    S::as_mut_simd_u32s(&mut words[numbers.clone()]).0[place] = block;
                }
            }
        }
    }

    /// Makes room for all that is drawn of people in all places.
    pub(super) fn make_room(&mut self, model: &Model) {
        let (stations, patient) = (model.stations.len(), model.patience.is_some());
        let numbers = self.keys.len();
        self.several_speeds = model.classes.iter().any(|class| class.factor != 1 << 16);
        self.waited.resize(numbers, 0);
        self.service_words[..stations].iter_mut().for_each(|words| words.resize(numbers, 0));
        if patient {
            self.patience_words[..stations].iter_mut().for_each(|words| words.resize(numbers, 0));
        }
    }

    /// Adds how many people of each class came in each column.
    pub(super) fn count_classes(&self, arrived: &mut [[u64; CLASSES_MAX]; LANES_MAX], by_class: bool) {
        let width = self.filled.len();
        for ((lane, arrived), &filled) in arrived.iter_mut().enumerate().zip(&self.filled) {
            if by_class {
                let classes = self.classes[lane..].iter().step_by(width).take(filled);
                classes.for_each(|&class| arrived[class as usize] += 1);
            } else {
                arrived[0] += filled as u64;
            }
        }
    }

    /// When somebody arrived.
    pub(super) fn came(&self, column: usize, place: usize) -> i32 {
        self.arrived[place * self.filled.len() + column]
    }

    /// The earliest and the latest arrival.
    pub(super) fn span(&self) -> Option<(i32, i32)> {
        let columns = self.filled.iter().enumerate().filter(|(_, filled)| **filled > 0);
        let ends = columns.map(|(column, filled)| (self.came(column, 0), self.came(column, filled - 1)));
        ends.reduce(|(first, last), end| (first.min(end.0), last.max(end.1)))
    }
}
