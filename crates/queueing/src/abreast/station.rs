//! One station of a line, in all lanes of the registers at once.

use super::{
    GHOST, TIME_MAX,
    admit::Line,
    counts::{Counts, GAVE_UP, NOBODY, TURNED_AWAY},
    crowd::Crowd,
    departed::Departed,
    general::Staff,
    lanes,
    passage::{Free, Passage, ROWS},
};
use crate::{
    model::{Model, Servers, Station, Walk},
    tally::Detail,
};
use chance::stream::Abreast;
use pulp::{Simd, WithSimd};

/// Where everything of a batch is written down.
pub(super) struct Books<'a> {
    pub counts: &'a mut Counts,
    pub crowd: &'a mut Crowd,
    pub departed: &'a mut Departed,
    pub detail: Detail,
}

/// Takes a line through all stations; false if its times outgrow the lanes.
#[inline(always)]
pub(super) fn pass<S: Simd>(
    simd: S,
    model: &Model,
    line: &mut Line,
    streams: &Abreast<S>,
    passage: &mut Passage,
    mut books: Books,
) -> bool {
    let stations = model.stations.len();
    passage.enter::<S>(model, line, &mut books);
    for first in (0..line.places).step_by(ROWS) {
        let rows = line.places.min(first + ROWS) - first;
        line.draw_words(simd, model, streams, first..first + rows);
        passage.arrive::<S>(line, first, rows);
        if !walk(simd, (model, 0), line, passage, &mut books, first, rows) {
            return false;
        }
    }
    // Whoever is called before others can be, now that all who come to the station are known; and those who are still
    // being served when the last has come leave in the order of their servers.
    let all = line.places;
    for place in 0..stations {
        if passage.picks() && matches!(model.stations[place].servers, Servers::Calendar(_)) {
            let steps = passage.waiting[place].close(line.places as i32);
            for first in (0..steps).step_by(ROWS) {
                let rows = steps.min(first + ROWS) - first;
                let what = What::CallNext;
                let books = &mut books;
                if !simd.vectorize(Take { model, place, line, passage, books, first: all, rows, what })
                    || !walk(simd, (model, place + 1), line, passage, books, all, rows)
                {
                    return false;
                }
            }
        }
        let rows = Desk::new(simd, model, place, line, passage, &mut books).let_go();
        if !walk(simd, (model, place + 1), line, passage, &mut books, all, rows) {
            return false;
        }
    }
    true
}

/// People walk on, from this station through all others or, where not the first is next, to the next queue.
#[inline(always)]
fn walk<S: Simd>(
    simd: S,
    (model, from): (&Model, usize),
    line: &mut Line,
    passage: &mut Passage,
    books: &mut Books,
    first: usize,
    rows: usize,
) -> bool {
    for place in from..model.stations.len() {
        let queues = passage.picks() && matches!(model.stations[place].servers, Servers::Calendar(_));
        let what = if queues { What::Queue } else { What::Serve };
        if !simd.vectorize(Take { model, place, line, passage, books, first, rows, what }) {
            return false;
        }
        if queues {
            break;
        }
    }
    true
}

/// What happens to people at a station.
#[derive(Clone, Copy)]
enum What {
    /// They are served as they come.
    Serve,
    /// They come, and stand in a queue.
    Queue,
    /// They are called from the queues.
    CallNext,
}

/// Rows taken through a station, as one piece of machine code wherever that is asked for.
struct Take<'a, 'b> {
    model: &'a Model,
    place: usize,
    line: &'a mut Line,
    passage: &'a mut Passage,
    books: &'a mut Books<'b>,
    first: usize,
    rows: usize,
    what: What,
}

impl WithSimd for Take<'_, '_> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> bool {
        let Take { model, place, line, passage, books, first, rows, what } = self;
        let mut desk = Desk::new(simd, model, place, line, passage, books);
        match what {
            What::Serve => desk.take(first, rows),
            What::Queue => {
                desk.draw(first, rows);
                desk.come(rows);
                true
            }
            What::CallNext => desk.call_next(rows),
        }
    }
}

pub(super) struct Desk<'a, 'b, S> {
    pub simd: S,
    pub model: &'a Model,
    station: &'a Station,
    pub place: usize,
    /// Whoever is nobody.
    pub nobody: i32,
    pub line: &'a mut Line,
    pub passage: &'a mut Passage,
    pub books: &'a mut Books<'b>,
}

impl<'a, 'b, S: Simd> Desk<'a, 'b, S> {
    fn new(
        simd: S,
        model: &'a Model,
        place: usize,
        line: &'a mut Line,
        passage: &'a mut Passage,
        books: &'a mut Books<'b>,
    ) -> Self {
        let nobody = line.places as i32;
        Desk { simd, model, station: &model.stations[place], place, nobody, line, passage, books }
    }

    /// Whether nobody ever waits here.
    pub(super) fn unlimited(&self) -> bool {
        matches!(self.station.servers, Servers::Unlimited)
    }

    /// Whether people are called from several queues.
    pub(super) fn picks(&self) -> bool {
        self.passage.picks() && !self.unlimited()
    }

    pub(super) fn last(&self) -> bool {
        self.place + 1 == self.model.stations.len()
    }

    /// So many of the first people are left out of every wait.
    pub(super) fn early(&self) -> i32 {
        self.model.warmup as i32
    }

    /// Ticks from a service to the next queue, or home.
    pub(super) fn delay(&self) -> i32 {
        let walk = match self.station.walk {
            Walk::Constant(walk) if !self.last() => walk,
            _ => 0,
        };
        (self.station.observe + walk) as i32
    }

    /// The last tick at which a service may start here.
    pub(super) fn closes(&self) -> i32 {
        let closes = self.model.closes.filter(|_| self.place == 0);
        closes.map_or(i32::MAX, |closes| closes.clamp(GHOST.into(), i32::MAX.into()) as i32)
    }

    /// Takes so many rows through the station; those at the first stand in the places from `first` on.
    /// False if times outgrow the lanes.
    #[inline(always)]
    fn take(&mut self, first: usize, rows: usize) -> bool {
        self.draw(first, rows);
        let strict = self.model.patience.is_some() || self.closes() < i32::MAX;
        let station = self.station;
        let servers = match &station.servers {
            Servers::Unlimited => None,
            Servers::Calendar(calendar) => Some(calendar[0].1),
        };
        match (servers, strict) {
            _ if Staff::needed(station) => {
                if let Servers::Calendar(calendar) = &station.servers
                    && !self.serve_general::<false>(rows, calendar)
                {
                    return false;
                }
            }
            (None, _) => self.serve_at_once(rows),
            (Some(1), false) => self.serve::<1, false>(rows),
            (Some(2), false) => self.serve::<2, false>(rows),
            (Some(3), false) => self.serve::<3, false>(rows),
            (Some(4), false) => self.serve::<4, false>(rows),
            (Some(_), false) => self.serve::<0, false>(rows),
            (Some(1), true) => self.serve::<1, true>(rows),
            (Some(2), true) => self.serve::<2, true>(rows),
            (Some(3), true) => self.serve::<3, true>(rows),
            (Some(4), true) => self.serve::<4, true>(rows),
            (Some(_), true) => self.serve::<0, true>(rows),
        }
        self.end(first, rows, strict || Staff::needed(station))
    }

    /// Calls so many rows of people from the station's queues. False if that is for another engine.
    #[inline(always)]
    fn call_next(&mut self, rows: usize) -> bool {
        let Servers::Calendar(calendar) = &self.station.servers else { return false };
        if !self.serve_general::<true>(rows, calendar) {
            return false;
        }
        self.find(rows);
        self.end(self.line.places, rows, true)
    }

    /// Rows of people have been served, or `may_lose` some who were not; they go on. False if times outgrow the lanes.
    #[inline(always)]
    fn end(&mut self, first: usize, rows: usize, may_lose: bool) -> bool {
        if i64::from(self.passage.free[self.place].top) + i64::from(self.delay()) >= TIME_MAX {
            return false;
        }
        if may_lose {
            self.dismiss(rows);
        }
        self.write_down(first, rows);
        self.go_on(rows);
        true
    }

    /// `SERVERS` servers, or, if that is 0, as many as there are; `STRICT` where somebody may give up or be turned away.
    #[inline(always)]
    fn serve<const SERVERS: usize, const STRICT: bool>(&mut self, rows: usize) {
        let simd = self.simd;
        let (ghost, nobody) = (simd.splat_i32s(GHOST), simd.splat_i32s(self.nobody));
        let (delay, closes) = (simd.splat_i32s(self.delay()), simd.splat_i32s(self.closes()));
        let Passage { at, who, services, patience, waits, until, next_at, next_who, free, .. } =
            &mut *self.passage;
        let Free { at: free_at, who: free_who, top: free_top, .. } = &mut free[self.place];
        let (free_at, free_who) = (lanes::rows_mut::<S>(free_at), lanes::rows_mut::<S>(free_who));
        // In registers, or, where there are many, in memory.
        let mut near = [(ghost, nobody); SERVERS];
        for ((near, &at), &who) in near.iter_mut().zip(&*free_at).zip(&*free_who) {
            *near = (at, who);
        }
        let mut top = ghost;
        let came = lanes::rows::<S>(at).iter().zip(lanes::rows::<S>(who)).take(rows);
        let known = lanes::rows::<S>(services).iter().zip(lanes::rows::<S>(patience));
        let found = lanes::rows_mut::<S>(waits).iter_mut().zip(lanes::rows_mut::<S>(until));
        let next = lanes::rows_mut::<S>(next_at).iter_mut().zip(lanes::rows_mut::<S>(next_who));
        for ((((&at, &who), (&service, &patience)), (waits, until)), next) in
            came.zip(known).zip(found).zip(next)
        {
            let (free, by) = if SERVERS > 0 { near[0] } else { (free_at[0], free_who[0]) };
            let start = simd.max_i32s(at, free);
            let real = simd.less_than_i32s(who, nobody);
            let (mut serves, mut stays) = (real, real);
            *until = start;
            if STRICT {
                let in_time = simd.less_than_or_equal_i32s(start, closes);
                let end = simd.select_i32s(in_time, start, simd.max_i32s(at, closes));
                // Who would have to wait longer than their patience gives up before.
                let wait = simd.min_i32s(simd.sub_i32s(end, at), patience);
                *until = simd.add_i32s(at, wait);
                stays = simd.equal_i32s(*until, end);
                serves = simd.and_m32s(real, simd.and_m32s(in_time, stays));
            }
            let mut lost = simd.splat_i32s(NOBODY);
            if STRICT {
                lost = simd.select_i32s(stays, simd.splat_i32s(TURNED_AWAY), simd.splat_i32s(GAVE_UP));
                lost = simd.select_i32s(real, lost, simd.splat_i32s(NOBODY));
            }
            *waits = simd.select_i32s(serves, simd.sub_i32s(start, at), lost);
            let end = simd.select_i32s(serves, simd.add_i32s(start, service), free);
            let served = (end, simd.select_i32s(serves, who, nobody));
            top = simd.max_i32s(top, end);
            if SERVERS > 0 {
                replace_first(simd, &mut near, served);
            } else {
                replace_first_of_many(simd, free_at, free_who, served);
            }
            *next.0 = simd.select_i32s(simd.less_than_i32s(by, nobody), simd.add_i32s(free, delay), ghost);
            *next.1 = by;
        }
        for ((near, at), who) in near.iter().zip(free_at).zip(free_who) {
            (*at, *who) = *near;
        }
        *free_top = lanes::each::<S>(&top).iter().copied().fold(*free_top, i32::max);
    }

    /// Nobody ever waits.
    #[inline(always)]
    fn serve_at_once(&mut self, rows: usize) {
        let simd = self.simd;
        if self.last() {
            self.books.departed.mixed();
        }
        let (ghost, nobody) = (simd.splat_i32s(GHOST), simd.splat_i32s(self.nobody));
        let (delay, closes) = (simd.splat_i32s(self.delay()), simd.splat_i32s(self.closes()));
        let Passage { at, who, services, waits, until, next_at, next_who, free, .. } = &mut *self.passage;
        let came = lanes::rows::<S>(at).iter().zip(lanes::rows::<S>(who)).take(rows);
        let found = lanes::rows_mut::<S>(waits).iter_mut().zip(lanes::rows_mut::<S>(until));
        let next = lanes::rows_mut::<S>(next_at).iter_mut().zip(lanes::rows_mut::<S>(next_who));
        let mut top = ghost;
        for ((((&at, &who), &service), (waits, until)), next) in
            came.zip(lanes::rows::<S>(services)).zip(found).zip(next)
        {
            let in_time = simd.less_than_or_equal_i32s(at, closes);
            let real = simd.less_than_i32s(who, nobody);
            let serves = simd.and_m32s(real, in_time);
            let lost = simd.select_i32s(real, simd.splat_i32s(TURNED_AWAY), simd.splat_i32s(NOBODY));
            *waits = simd.select_i32s(serves, simd.splat_i32s(0), lost);
            *until = at;
            let end = simd.select_i32s(serves, simd.add_i32s(simd.add_i32s(at, service), delay), ghost);
            top = simd.max_i32s(top, end);
            *next.0 = end;
            *next.1 = simd.select_i32s(serves, who, nobody);
        }
        let free_top = &mut free[self.place].top;
        *free_top = lanes::each::<S>(&top).iter().copied().fold(*free_top, i32::max);
    }

    /// Lets everyone go who is still being served; returns how many rows that takes.
    #[inline(always)]
    fn let_go(&mut self) -> usize {
        let simd = self.simd;
        let (ghost, nobody) = (simd.splat_i32s(GHOST), simd.splat_i32s(self.nobody));
        let delay = simd.splat_i32s(self.delay());
        let picks = self.passage.picks();
        let Passage { next_at, next_who, free, staff, .. } = &mut *self.passage;
        let (free_at, free_who) = match &self.station.servers {
            Servers::Calendar(calendar) if picks || Staff::needed(self.station) => {
                let staff = &mut staff[self.place];
                staff.finish(calendar, &mut self.books.counts.overtime[self.place]);
                staff.departing()
            }
            _ => (&*free[self.place].at, &*free[self.place].who),
        };
        let (free_at, free_who) = (lanes::rows::<S>(free_at), lanes::rows::<S>(free_who));
        let next = lanes::rows_mut::<S>(next_at).iter_mut().zip(lanes::rows_mut::<S>(next_who));
        for (next, (&free, &by)) in next.zip(free_at.iter().zip(free_who)) {
            *next.0 = simd.select_i32s(simd.less_than_i32s(by, nobody), simd.add_i32s(free, delay), ghost);
            *next.1 = by;
        }
        let rows = free_at.len();
        self.go_on(rows);
        rows
    }

    /// Finds where the people of these rows stand among all of the line.
    #[inline(always)]
    fn find(&mut self, rows: usize) {
        let simd = self.simd;
        let Passage { who, index, .. } = &mut *self.passage;
        let shift = simd.splat_u32s(S::I32_LANES.ilog2());
        let number = simd.transmute_u32s_i32s(lanes::numbered(simd));
        let people = lanes::rows::<S>(&who[..rows * S::I32_LANES]).iter();
        for (index, &who) in lanes::rows_mut::<S>(index).iter_mut().zip(people) {
            let row = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_i32s(who), shift);
            *index = simd.transmute_i32s_u32s(simd.or_u32s(row, number));
        }
    }

    /// Draws the services of these rows, and the patience of their people.
    #[inline(always)]
    fn draw(&mut self, first: usize, rows: usize) {
        let width = S::I32_LANES;
        let count = rows * width;
        if self.place > 0 {
            self.find(rows);
        }
        let Passage { words, index, services, patience, .. } = &mut *self.passage;
        let laws = [
            (Some(&self.station.service), &self.line.service_words, services),
            (self.model.patience.as_ref(), &self.line.patience_words, patience),
        ];
        for (law, drawn, ticks) in laws {
            let Some(law) = law else { continue };
            let drawn = &drawn[self.place][..];
            if self.place == 0 {
                // At the first station everyone stands in the own place.
                law.draw_each(&drawn[first * width..first * width + count], ticks);
            } else {
                lanes::gather(drawn, &index[..count], words);
                law.draw_each(&words[..count], ticks);
            }
        }
        if self.line.several_speeds {
            self.speed(first, rows);
        }
    }

    /// Services of some classes take longer than those of others.
    #[inline(always)]
    fn speed(&mut self, first: usize, rows: usize) {
        let width = S::I32_LANES;
        for place in 0..rows * width {
            let person =
                if self.place == 0 { first * width + place } else { self.passage.index[place] as usize };
            let factor = self.model.classes[self.line.classes[person] as usize].factor;
            if factor != 1 << 16 {
                let service = &mut self.passage.services[place];
                *service = ((i64::from(*service) * i64::from(factor) + (1 << 15)) >> 16) as i32;
            }
        }
    }
}

/// Takes out the first server, puts in another: without branches, because chance would mislead them.
#[inline(always)]
pub(super) fn replace_first<S: Simd, const SERVERS: usize>(
    simd: S,
    free: &mut [(S::i32s, S::i32s); SERVERS],
    by: (S::i32s, S::i32s),
) {
    let mut by = by;
    for place in 1..SERVERS {
        let next = free[place];
        let before = before(simd, next, by);
        free[place - 1] = select(simd, before, next, by);
        by = select(simd, before, by, next);
    }
    free[SERVERS - 1] = by;
}

#[inline(always)]
fn replace_first_of_many<S: Simd>(simd: S, at: &mut [S::i32s], who: &mut [S::i32s], by: (S::i32s, S::i32s)) {
    let mut by = by;
    let last = at.len() - 1;
    for place in 1..=last {
        let next = (at[place], who[place]);
        let before = before(simd, next, by);
        (at[place - 1], who[place - 1]) = select(simd, before, next, by);
        by = select(simd, before, by, next);
    }
    (at[last], who[last]) = by;
}

/// Whether the one is earlier than the other, or as early and of a person who entered before.
#[inline(always)]
pub(super) fn before<S: Simd>(simd: S, one: (S::i32s, S::i32s), other: (S::i32s, S::i32s)) -> S::m32s {
    let same = simd.and_m32s(simd.equal_i32s(one.0, other.0), simd.less_than_i32s(one.1, other.1));
    simd.or_m32s(simd.less_than_i32s(one.0, other.0), same)
}

#[inline(always)]
fn select<S: Simd>(
    simd: S,
    which: S::m32s,
    one: (S::i32s, S::i32s),
    other: (S::i32s, S::i32s),
) -> (S::i32s, S::i32s) {
    (simd.select_i32s(which, one.0, other.0), simd.select_i32s(which, one.1, other.1))
}
