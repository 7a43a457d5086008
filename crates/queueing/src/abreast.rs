//! Several replications side by side: each lane of a vector register is a replication's clock.
//!
//! A person's place in the stream is the same in all of them, so that one instruction moves all clocks. Where a place has
//! nobody, because a replication has fewer people or somebody gave up, a *ghost* passes through: it takes no time, and
//! lets go whoever departs next. Times are 32-bit ticks here, 30 hours either way. What does not fit, or is rare and
//! intricate, is left to the engine of the model: [`run`] says so, and nothing of it has been counted.
//!
//! Map: `admit` people into lanes · `process` those who come by chance · `passage` rows of people on their way · `station`
//! a queue with a constant number of servers · `general` one with calendars and pauses · `picked` one at which some are
//! served before others · `written` what is noted of each row · `counts` histograms · `crowd` how many wait at one time ·
//! `departed` when they left.
//!
//! The numbers are those of the engine that [`Model::engine`] names, bit for bit, whatever the width of the registers.

mod admit;
mod counts;
mod crowd;
mod departed;
mod general;
mod lanes;
mod passage;
mod picked;
mod process;
mod station;
mod written;

use crate::{
    model::{LaneChoice, Model, Servers, Walk},
    people::{People, Visit},
    poisson::Poisson,
    profile::Crowding,
    tally::{Detail, Tally},
    ways::Ways,
};
use admit::Line;
use chance::{Chance, Ticks};
use crowd::Crowd;
use departed::Departed;
use passage::Passage;
use pulp::{Arch, Scalar128b, Scalar512b, Simd, WithSimd};
use station::Books;
pub(crate) use {
    counts::{Counts, Times},
    departed::Done,
};

/// Most servers of a station that is served here: more of them are not worth a register each.
const SERVERS_MAX: u32 = 8;
/// Most classes of people.
const CLASSES_MAX: usize = 8;
/// Most lanes of any register.
const LANES_MAX: usize = 64;
/// Words in a block of chance: so many stations have their words drawn at once.
const WORDS: usize = 4;
/// People are numbered in so many numbers, below the bits of a cause.
const PEOPLE_MAX: usize = 1 << 28;
/// Times stay below this, so that the sum of any two fits into a lane.
const TIME_MAX: Ticks = 1 << 30;
/// In a place without anybody: earlier than any time, and so that its double still fits into a lane.
const GHOST: i32 = -(1 << 30);

/// One replication of several: who comes, by whose luck.
#[derive(Debug)]
pub struct Column {
    /// Arrivals, in the order of time, unless they come by a process.
    pub people: People,
    /// The process by which single people come, to the lanes of the site in turn.
    pub poisson: Option<Poisson>,
    /// The replication's luck.
    pub chance: Chance,
    /// The replication's number.
    pub number: u32,
}

impl Default for Column {
    fn default() -> Column {
        Column { people: People::default(), poisson: None, chance: Chance::new(0, 0, 0), number: 0 }
    }
}

impl Column {
    /// Makes room for another replication.
    pub fn begin(&mut self, chance: Chance, number: u32) {
        (self.chance, self.number) = (chance, number);
        self.people.visits.clear();
        self.poisson = None;
    }
}

/// Room for replications side by side. Reused from one batch to the next.
#[derive(Debug, Default)]
pub struct Workspace {
    lines: Vec<Line>,
    passage: Passage,
    counts: Counts,
    crowd: Crowd,
    departed: Departed,
}

impl Workspace {
    /// Tells how many people came in this column of the last batch, to so many lanes in turn, and when each of them did.
    pub fn arrivals(&self, column: usize, lanes: u16, told: impl FnOnce(usize, &dyn Fn(usize) -> Ticks)) {
        let lines = &self.lines[..lanes as usize];
        let people = lines.iter().map(|line| line.filled[column]).sum();
        told(people, &|person| lines[person % lines.len()].came(column, person / lines.len()).into());
    }

    /// Tells when those served in this column of the last batch left each lane of the site, in order.
    pub fn departures(&mut self, column: usize, told: impl FnMut(usize, &[Ticks])) {
        self.departed.tell(column, told);
    }
}

/// How many replications this machine's registers hold side by side; 1 where they are not worth it.
pub fn width() -> usize {
    struct Width;
    impl WithSimd for Width {
        type Output = usize;
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::I32_LANES
        }
    }
    Arch::new().dispatch(Width)
}

/// Whether replications of this model may run side by side; whether they do is also up to who comes.
pub fn suits(model: &Model) -> bool {
    let mut ways = Ways::default();
    ways.find(model);
    let stations = model.stations.len();
    let chain = ways.common_entry() == Some(0)
        && (0..stations)
            .all(|station| ways.common(station) == Some((station + 1 < stations).then_some(station + 1)));
    let one_queue = model.queues().all(|queue| queue == 0);
    let one_speed = model.classes.iter().all(|class| class.factor == 1 << 16);
    let factor = i64::from(model.classes.iter().map(|class| class.factor).max().unwrap_or(0).max(1 << 16));
    let plain = model.stations.iter().enumerate().all(|(place, station)| {
        let last = place + 1 == stations;
        let servers = match &station.servers {
            // (Whoever is called before others might do so in the tick of a service of no length before.)
            Servers::Unlimited => {
                last || one_speed
                    && station.service.is_constant().is_some_and(|service| one_queue || service > 0)
            }
            Servers::Calendar(calendar) => {
                !calendar.is_empty()
                    && calendar.iter().all(|&(from, servers)| servers <= SERVERS_MAX && from.abs() < TIME_MAX)
            }
        };
        let walk = match station.walk {
            Walk::Constant(walk) => walk,
            Walk::Random(_) => return false,
        };
        servers
            && station.changeover.is_none_or(|pause| pause.away < TIME_MAX)
            && (!station.shared || model.lanes == 1 || last && matches!(station.servers, Servers::Unlimited))
            && !station.scrum
            && station.room.is_none()
            && (station.service.max_ticks() * factor) >> 16 < TIME_MAX - 1
            && station.observe + walk < TIME_MAX
    });
    let lanes = model.lanes == 1 || model.lane_choice == LaneChoice::Assigned;
    let few = model.classes.len() <= CLASSES_MAX
        && model.queues().all(|queue| usize::from(queue) < picked::QUEUES)
        && !model.instant_services_chain();
    chain && plain && lanes && few && stations <= WORDS && (model.warmup == 0 || model.lanes == 1)
}

/// Runs a replication in each column, as many as [`width`] or fewer, and adds them to the tally; or returns false
/// without having done so: then they are for the model's engine. The model must be one that [`suits`].
pub fn run(model: &Model, columns: &[Column], tally: &mut Tally, workspace: &mut Workspace) -> bool {
    Arch::new().dispatch(Run { model, columns, tally, workspace })
}

/// As [`run`], in portable code that stands for registers of 4 or 16 lanes: to show that the width does not matter.
pub fn run_portably(
    lanes: usize,
    model: &Model,
    columns: &[Column],
    tally: &mut Tally,
    workspace: &mut Workspace,
) -> bool {
    let run = Run { model, columns, tally, workspace };
    match lanes {
        4 => Scalar128b::vectorize(Scalar128b, run),
        16 => Scalar512b::vectorize(Scalar512b, run),
        _ => panic!("these registers have 4 or 16 lanes"),
    }
}

struct Run<'a> {
    model: &'a Model,
    columns: &'a [Column],
    tally: &'a mut Tally,
    workspace: &'a mut Workspace,
}

impl WithSimd for Run<'_> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> bool {
        let Run { model, columns, tally, workspace } = self;
        let Workspace { lines, passage, counts, crowd, departed } = workspace;
        assert!(columns.len() <= S::I32_LANES, "a column a lane");
        counts.begin::<S>(model);
        lines.resize_with(lines.len().max(model.lanes as usize), Line::default);
        let lines = &mut lines[..model.lanes as usize];
        let mut chances = [Chance::new(0, 0, 0); LANES_MAX];
        for (chance, column) in chances.iter_mut().zip(columns) {
            *chance = column.chance;
        }
        let streams = chance::stream::Abreast::new(simd, &chances[..columns.len()]);
        let by_class = model.classes.len() > 1 || model.classes[0].factor != 1 << 16;
        if !admit::admit(simd, columns, &streams, lines, by_class) {
            return false;
        }
        lines.iter_mut().for_each(|line| line.make_room(model));
        crowd.begin::<S>(lines, model.stations.len());
        departed.begin(S::I32_LANES);
        let mut arrived = [[0; CLASSES_MAX]; LANES_MAX];
        for line in lines {
            line.count_classes(&mut arrived, by_class);
            departed.line();
            let books = Books { counts, crowd, departed, detail: tally.detail };
            if !station::pass(simd, model, line, &streams, passage, books) {
                counts.clear();
                return false;
            }
        }
        if tally.detail == Detail::Waits {
            for (lane, column) in columns.iter().enumerate() {
                let arrived = &arrived[lane][..model.classes.len()];
                let (done, crowding) = (Done { by_97: None, last: 0 }, Crowding::default());
                tally.take(model, (column.number, arrived), (counts, lane), done, crowding);
            }
            counts.clear();
            return true;
        }
        crowd.bound(simd);
        crowd.tell(simd, &counts.waited[..columns.len()], model.room, |lane, crowding| {
            let done = departed.end(lane, counts.served[lane] as usize);
            tally.take(
                model,
                (columns[lane].number, &arrived[lane][..model.classes.len()]),
                (counts, lane),
                done,
                crowding,
            );
        });
        tally.pool(model, counts);
        counts.clear();
        true
    }
}

/// Whether all of these come alone, are few enough to be numbered here, and in time for 32-bit clocks.
fn alone_and_in_time(visits: &[Visit]) -> bool {
    let in_time = |visit: Option<&Visit>| visit.is_none_or(|visit| visit.at.abs() < TIME_MAX);
    visits.len() < PEOPLE_MAX
        && in_time(visits.first())
        && in_time(visits.last())
        && visits.iter().all(|visit| visit.party == 1)
}
