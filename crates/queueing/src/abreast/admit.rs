//! People into places: the arrivals of all columns, the lanes of the site apart.

use super::{Column, GHOST, PEOPLE_MAX, TIME_MAX, WORDS, alone_and_in_time};
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
    keys: Vec<u32>,
    filled: Vec<usize>,
}

/// Brings everyone of all columns into the site's lanes; false if somebody does not fit in.
#[inline(always)]
pub(super) fn admit<S: Simd>(simd: S, columns: &[Column], streams: &Abreast<S>, lines: &mut [Line]) -> bool {
    if columns.iter().all(|column| column.poisson.is_some()) {
        return by_process(simd, columns, streams, lines);
    }
    let fits = |column: &Column| column.poisson.is_none() && alone_and_in_time(&column.people.visits);
    if !columns.iter().all(fits) {
        return false;
    }
    one_by_one(S::I32_LANES, columns, lines);
    true
}

fn one_by_one(width: usize, columns: &[Column], lines: &mut [Line]) {
    for line in lines.iter_mut() {
        line.filled.clear();
        line.filled.resize(width, 0);
    }
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

/// As [`Poisson::arrive`](crate::poisson::Poisson::arrive), for all columns at once.
#[inline(always)]
fn by_process<S: Simd>(simd: S, columns: &[Column], streams: &Abreast<S>, lines: &mut [Line]) -> bool {
    let width = S::I32_LANES;
    for line in lines.iter_mut() {
        line.arrived.clear();
        line.keys.clear();
        line.filled.clear();
        line.filled.resize(width, 0);
        line.places = 0;
    }
    let mut clocks: Vec<_> =
        columns.iter().filter_map(|column| column.poisson.as_ref().map(Poisson::clock)).collect();
    let people: Vec<u32> =
        columns.iter().filter_map(|column| column.poisson.as_ref().map(Poisson::people)).collect();
    let mut open: Vec<usize> = (0..clocks.len()).collect();
    let mut number = 0;
    let mut in_turn = 0;
    let lanes_of_site = lines.len();
    while !open.is_empty() {
        let block = streams.block(simd, Cause::Gap, simd.splat_u32s(number / 4), 0);
        for words in &block {
            let words: &[u32] = bytemuck::cast_slice(std::slice::from_ref(words));
            let line = &mut lines[in_turn];
            in_turn = if in_turn + 1 < lanes_of_site { in_turn + 1 } else { 0 };
            let row = line.arrived.len();
            line.arrived.resize(row + width, GHOST);
            line.keys.resize(row + width, number);
            let arrived = &mut line.arrived[row..];
            let mut closed = false;
            for &lane in &open {
                match clocks[lane].next(words[lane]) {
                    Some(at) if number < people[lane] => {
                        if at >= TIME_MAX {
                            return false;
                        }
                        arrived[lane] = at as i32;
                        line.filled[lane] += 1;
                    }
                    _ => closed = true,
                }
            }
            if closed {
                open.retain(|&lane| arrived[lane] != GHOST);
            }
            number += 1;
            if open.is_empty() {
                break;
            }
        }
        if number as usize > PEOPLE_MAX - 4 {
            return false;
        }
    }
    for line in lines {
        line.places = line.filled.iter().copied().max().unwrap_or(0);
        line.arrived.resize((line.places + 1) * width, GHOST);
        line.arrived[line.places * width..].fill(GHOST);
        line.keys.resize((line.places + 1) * width, 0);
    }
    true
}

impl Line {
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
        self.waited.resize(numbers, 0);
        self.service_words[..stations].iter_mut().for_each(|words| words.resize(numbers, 0));
        if patient {
            self.patience_words[..stations].iter_mut().for_each(|words| words.resize(numbers, 0));
        }
    }

    /// How many people each column has.
    pub(super) fn filled(&self) -> &[usize] {
        &self.filled
    }

    /// The earliest and the latest arrival.
    pub(super) fn span(&self) -> Option<(i32, i32)> {
        let came = || self.arrived.iter().copied().filter(|&at| at != GHOST);
        Some((came().min()?, came().max()?))
    }
}
