//! A station at which some are served before others. Everyone who comes stands in one of two queues; a server who is free
//! takes the first of the one, or else of the other, or else waits for whoever comes next. Who that is differs from
//! lane to lane, so that each lane has its own place in each queue.

use super::{
    lanes,
    station::{Desk, before},
};
use pulp::Simd;

/// So many queues a station has.
pub(super) const QUEUES: usize = 2;

/// One person: when the person comes, who it is, how long the service takes, how long the person has patience.
type Person = [i32; 4];
/// A person in each lane.
type Row<S> = [<S as Simd>::i32s; 4];

/// All who come to a station, by queue and lane in the order in which they come.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Of each queue rows of places, a lane each.
    people: Vec<Person>,
    /// Of each queue and lane where the next who comes will stand,
    ends: Vec<i32>,
    /// and where the next to be served stands.
    heads: Vec<i32>,
    width: usize,
}

impl Waiting {
    /// Nobody has come yet, and no more will come than have a place.
    pub(super) fn begin(&mut self, places: usize, width: usize) {
        let queue = (places + 1) * width;
        self.people.resize(QUEUES * queue, Person::default());
        self.ends.clear();
        self.ends.extend(
            (0..QUEUES).flat_map(|number| (0..width).map(move |lane| (number * queue + lane) as i32)),
        );
        self.heads.clone_from(&self.ends);
        self.width = width;
    }

    #[inline(always)]
    fn come(&mut self, queue: u8, lane: usize, person: Person) {
        let end = &mut self.ends[usize::from(queue) * self.width + lane];
        self.people[*end as usize] = person;
        *end += self.width as i32;
    }

    /// Nobody else will come. Returns the most people of any lane.
    pub(super) fn close(&mut self, nobody: i32) -> usize {
        for &end in &self.ends {
            self.people[end as usize] = [i32::MAX, nobody, 0, i32::MAX];
        }
        let came = |lane| {
            let places = self.ends[lane..].iter().zip(&self.heads[lane..]).step_by(self.width);
            places.map(|(end, head)| (end - head) as usize / self.width).sum()
        };
        (0..self.width).map(came).max().unwrap_or(0)
    }

    /// Who stands first in each queue.
    #[inline(always)]
    pub(super) fn heads<S: Simd>(&self, simd: S) -> Heads<S> {
        let places = lanes::rows::<S>(&self.heads);
        let places = [places[0], places[1]];
        Heads { people: places.map(|places| self.stand_at(simd, places)), places }
    }

    /// So far the queues have moved on.
    #[inline(always)]
    pub(super) fn moved_on<S: Simd>(&mut self, heads: &Heads<S>) {
        lanes::rows_mut::<S>(&mut self.heads).copy_from_slice(&heads.places);
    }

    /// Who stands at these places, a lane each.
    #[inline(always)]
    fn stand_at<S: Simd>(&self, simd: S, places: S::i32s) -> Row<S> {
        let mut rows = [simd.splat_i32s(0); 4];
        let (several, rest) = lanes::each::<S>(&places).as_chunks::<8>();
        for (number, places) in several.iter().enumerate() {
            let people = places.map(|place| self.people[place as usize]);
            for (field, row) in rows.iter_mut().enumerate() {
                let column = people.map(|person| person[field]);
                lanes::each_mut::<S>(row)[8 * number..8 * number + 8].copy_from_slice(&column);
            }
        }
        let first = 8 * several.len();
        for (lane, &place) in (first..).zip(rest) {
            for (row, field) in rows.iter_mut().zip(self.people[place as usize]) {
                lanes::each_mut::<S>(row)[lane] = field;
            }
        }
        rows
    }
}

/// Who stands first in each queue of a station.
#[derive(Clone, Copy)]
pub(super) struct Heads<S: Simd> {
    people: [Row<S>; QUEUES],
    places: [S::i32s; QUEUES],
}

impl<S: Simd> Heads<S> {
    /// When whoever of them came first came, and who that is.
    #[inline(always)]
    pub(super) fn first(&self, simd: S) -> (S::i32s, S::i32s) {
        let [one, other] = self.people.map(|[at, who, ..]| (at, who));
        let sooner = before(simd, one, other);
        (simd.select_i32s(sooner, one.0, other.0), simd.select_i32s(sooner, one.1, other.1))
    }

    /// Takes out the next to be served, by a server who is free at a time, for a cause; returns the person, and the
    /// number of the queue. At equal times those from outside come after the server is free; others come in the order
    /// of causes.
    #[inline(always)]
    pub(super) fn next(
        &mut self,
        simd: S,
        waiting: &Waiting,
        (free, cause): (S::i32s, S::i32s),
        from_outside: bool,
        nobody: S::i32s,
    ) -> (Row<S>, S::i32s) {
        let [one, other] = self.people;
        let waits = |[at, who, ..]: Row<S>| {
            let sooner = simd.less_than_i32s(at, free);
            let of_same_tick = simd.and_m32s(simd.equal_i32s(at, free), simd.less_than_i32s(who, cause));
            if from_outside { sooner } else { simd.or_m32s(sooner, of_same_tick) }
        };
        let sooner = before(simd, (one[0], one[1]), (other[0], other[1]));
        let takes_one = simd.or_m32s(waits(one), simd.and_m32s(sooner, simd.not_m32s(waits(other))));
        let select = |one: S::i32s, other: S::i32s| simd.select_i32s(takes_one, one, other);
        let next: Row<S> = std::array::from_fn(|field| select(one[field], other[field]));
        let real = simd.less_than_i32s(next[1], nobody);
        let step = simd.select_i32s(real, simd.splat_i32s(S::I32_LANES as i32), simd.splat_i32s(0));
        let place = simd.add_i32s(select(self.places[0], self.places[1]), step);
        let behind = waiting.stand_at(simd, place);
        self.people = [
            std::array::from_fn(|field| select(behind[field], one[field])),
            std::array::from_fn(|field| select(other[field], behind[field])),
        ];
        self.places = [select(place, self.places[0]), select(self.places[1], place)];
        (next, select(simd.splat_i32s(0), simd.splat_i32s(1)))
    }
}

impl<S: Simd> Desk<'_, '_, S> {
    /// These rows of people, whose services are drawn, come to the station.
    #[inline(always)]
    pub(super) fn come(&mut self, rows: usize) {
        let width = S::I32_LANES;
        let passage = &mut *self.passage;
        let waiting = &mut passage.waiting[self.place];
        let people = passage.at.iter().zip(&passage.who).zip(passage.services.iter().zip(&passage.patience));
        for (place, ((&at, &who), (&service, &patience))) in people.take(rows * width).enumerate() {
            if who < self.nobody {
                let lane = place % width;
                let class = self.line.classes[who as usize * width + lane];
                waiting.come(passage.queue_of[class as usize], lane, [at, who, service, patience]);
            }
        }
    }
}
