//! A drill over several processes and one database: one process after the other is killed and started again, while phones send.
//!
//! Each phone sends to the processes in turn, and to the next where one does not answer, as through a balancer. A board of every
//! round is open on each process.

use super::{
    Drill, DrillFault, Tell,
    board::Board,
    count::{Figures, quantile_ms},
    http::Address,
    load::{Sender, load},
    meant,
    process::Processes,
    read_back,
    send::{Acknowledged, Progress, send},
    site::Site,
    watched,
};
use crate::drilling::Step;
use domain::{Envelope, Moment};
use serde::Serialize;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    runtime::Runtime,
    task::block_in_place,
    time::{Instant, sleep, sleep_until},
};
use uuid::Uuid;

/// A board should have each acknowledged event after so long: whoever looks at one looks that often.
pub const COMPLETE_WITHIN: Duration = Duration::from_secs(3);
/// Whatever looks after processes starts one again after a moment.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// A board that has not all of it after so long is not waited for.
const GIVE_UP: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(20);

/// How often who is killed.
#[derive(Clone, Copy, Debug)]
pub struct Kills {
    pub processes: usize,
    pub every: Duration,
}

impl Kills {
    /// How long after the beginning, of a drill that lasts so long.
    fn at(self, lasts: Duration) -> impl Iterator<Item = Duration> {
        (0..).map(move |number| self.every * number + self.every / 2).take_while(move |at| *at < lasts)
    }
}

/// What came of it.
pub struct Survived {
    pub figures: Survival,
    /// The first answer that was neither "stored" nor "later".
    pub odd: Option<String>,
}

/// The figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Survival {
    #[serde(flatten)]
    pub figures: Figures,
    pub processes: usize,
    pub kills: Vec<Kill>,
    /// Milliseconds from an acknowledgement until the event was on the boards of all processes that ran.
    pub shown_p99_ms: f64,
    pub shown_max_ms: f64,
}

/// A process that was killed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kill {
    /// Seconds from the beginning.
    pub at_s: f64,
    /// Its number.
    pub process: usize,
    /// Events that were acknowledged until then.
    pub events: usize,
    /// Seconds until the boards of all others had those; null: they had not after 20.
    pub complete_s: Option<f64>,
    /// Seconds until it ran again, and a board on it had them; null as well.
    pub back_s: Option<f64>,
}

impl Survival {
    /// Whether every event arrived, and once, and boards were complete in time.
    pub fn holds(&self) -> bool {
        let within = COMPLETE_WITHIN.as_secs_f64();
        self.figures.is_whole()
            && !self.kills.is_empty()
            && self.kills.iter().all(|kill| kill.complete_s.is_some_and(|seconds| seconds <= within))
            && self.shown_max_ms <= within * 1e3
    }
}

/// Holds it, over the database at the drill's address.
///
/// # Errors
/// Why there was none, or not a whole one.
pub fn hold(
    drill: &Drill<'_>,
    kills: Kills,
    lived: impl FnMut(u64) -> Vec<Envelope>,
    random: impl Fn() -> [u8; 32],
    now: impl Fn() -> Moment,
    tell: Tell<'_>,
) -> Result<Survived, DrillFault> {
    let processes = Processes::start(drill.url, kills.processes)?;
    let runtime = Runtime::new().map_err(DrillFault::System)?;
    runtime.block_on(async {
        let mut addresses = Vec::new();
        for url in processes.urls() {
            let address = Address::find(url).await.ok_or(DrillFault::NoAddress)?;
            addresses.push(address.map_err(DrillFault::Broken)?);
        }
        let (mut joined, phones) = (0, drill.phones as u64);
        let site = Site::open(&addresses[0], drill.files, drill.phones, &drill.until, random, || {
            joined += 1;
            tell(Step::Join, joined, phones);
        });
        let (site, senders) = load(site.await?, &drill.wanted, now(), lived);
        let meant = meant(drill, &senders);
        let senders: Vec<Arc<Sender>> = senders.into_iter().map(Arc::new).collect();
        let progress = Arc::new(Progress { uploads: Some(Mutex::default()), ..Progress::default() });
        let mut watch = Watch::new(&site, &addresses, &senders, &progress);
        let sending = send(&addresses, senders.clone(), drill.connections, progress.clone());
        let sending =
            async { Ok(watched(sending, Step::Send, &progress.events, meant.events as u64, tell).await) };
        let killing = killed(processes, kills, meant.lasts, &mut watch);
        let (sent, (kills, processes)) = tokio::try_join!(sending, killing)?;
        watch.end().await;
        let mut figures = Figures::of(&meant, &drill.wanted, &sent);
        // What one of them tells the others tell, too.
        for address in &addresses {
            let (lost, doubled) = read_back(&site, address, &senders, &sent, tell).await?;
            (figures.lost, figures.doubled) = (figures.lost.max(lost), figures.doubled.max(doubled));
        }
        drop(processes);
        watch.late.sort_unstable();
        let shown = |share| quantile_ms(&watch.late, share).unwrap_or(0.0);
        let (shown_p99_ms, shown_max_ms) = (shown(0.99), shown(1.0));
        let figures = Survival { figures, processes: addresses.len(), kills, shown_p99_ms, shown_max_ms };
        Ok(Survived { figures, odd: sent.odd })
    })
}

/// Kills one after the other, and starts each again.
async fn killed(
    mut processes: Processes,
    kills: Kills,
    lasts: Duration,
    watch: &mut Watch<'_>,
) -> Result<(Vec<Kill>, Processes), DrillFault> {
    let start = Instant::now();
    let mut done = Vec::new();
    for (number, due) in kills.at(lasts).enumerate() {
        // Later, where the one before took so long: never are two of them down.
        sleep_until(start + due).await;
        let process = number % kills.processes;
        let at = Instant::now();
        block_in_place(|| processes.kill(process))?;
        watch.close(process, at);
        let events = watch.acknowledged(at);
        let others = (0..kills.processes).filter(|other| *other != process).collect::<Vec<usize>>();
        let again = async {
            sleep(AGAIN_AFTER).await;
            block_in_place(|| processes.again(process))
        };
        let (complete, again) = tokio::join!(watch.complete(&others, &events, at), again);
        again?;
        watch.open(process);
        let back = watch.complete(&[process], &events, at).await;
        watch.boards[process].since = Instant::now();
        done.push(Kill {
            at_s: (at - start).as_secs_f64(),
            process,
            events: events.len(),
            complete_s: complete.map(|after| after.as_secs_f64()),
            back_s: back.map(|after| after.as_secs_f64()),
        });
    }
    Ok((done, processes))
}

/// The boards on all processes, and what they should show.
struct Watch<'a> {
    site: &'a Site,
    addresses: &'a [Address],
    senders: &'a [Arc<Sender>],
    progress: &'a Progress,
    boards: Vec<Boards>,
    /// From acknowledgements until events were shown, on each board.
    late: Vec<Duration>,
}

/// Boards on one process, one for each round.
struct Boards {
    of_rounds: Vec<Board>,
    /// From when on it should show what is acknowledged.
    since: Instant,
}

/// An event: of which round.
type Told = (usize, Uuid);

impl<'a> Watch<'a> {
    fn new(
        site: &'a Site,
        addresses: &'a [Address],
        senders: &'a [Arc<Sender>],
        progress: &'a Progress,
    ) -> Watch<'a> {
        let mut watch = Watch { site, addresses, senders, progress, boards: Vec::new(), late: Vec::new() };
        watch.boards = addresses.iter().map(|address| watch.opened(address)).collect();
        watch
    }

    fn opened(&self, address: &Address) -> Boards {
        let of_rounds = self.site.paths().iter().map(|path| Board::open(address, path)).collect();
        Boards { of_rounds, since: Instant::now() }
    }

    fn open(&mut self, process: usize) {
        self.boards[process] = self.opened(&self.addresses[process]);
    }

    /// Events of an upload that was acknowledged.
    fn events(&self, of: Acknowledged) -> impl Iterator<Item = Told> {
        let sender = &self.senders[of.phone];
        let before: usize = sender.uploads[..of.upload].iter().map(|upload| upload.events).sum();
        let ids = &sender.ids[before..before + sender.uploads[of.upload].events];
        ids.iter().map(|id| (sender.round, *id))
    }

    /// All that was acknowledged until then.
    fn acknowledged(&self, until: Instant) -> Vec<Told> {
        let all = self.progress.since(0).into_iter().filter(|of| of.at <= until);
        all.flat_map(|of| self.events(of).collect::<Vec<Told>>()).collect()
    }

    /// How long after `from` all boards of these processes had these events; `None` where they have not.
    async fn complete(&self, processes: &[usize], events: &[Told], from: Instant) -> Option<Duration> {
        let mut last = from;
        for process in processes {
            let mut missing = events.to_vec();
            loop {
                for (round, board) in self.boards[*process].of_rounds.iter().enumerate() {
                    let shown = board.shown();
                    missing.retain(|(of, id)| match shown.get(id) {
                        Some(at) if *of == round => {
                            last = last.max(*at);
                            false
                        }
                        _ => true,
                    });
                }
                if missing.is_empty() {
                    break;
                }
                if from.elapsed() > GIVE_UP {
                    return None;
                }
                sleep(LOOK).await;
            }
        }
        Some(last - from)
    }

    /// Counts how late a process's boards were, until its end.
    fn close(&mut self, process: usize, until: Instant) {
        let Boards { since, .. } = self.boards[process];
        let acknowledged = self.progress.since(0).into_iter().filter(|of| since <= of.at && of.at < until);
        let mut late = Vec::new();
        for of in acknowledged {
            for (round, id) in self.events(of) {
                match self.boards[process].of_rounds[round].shown().get(&id) {
                    Some(at) => late.push(at.saturating_duration_since(of.at)),
                    // It was not shown while there was time.
                    None if until - of.at > COMPLETE_WITHIN => late.push(until - of.at),
                    None => {}
                }
            }
        }
        self.late.append(&mut late);
    }

    /// Waits until all is shown everywhere, and counts.
    async fn end(&mut self) {
        let now = Instant::now();
        let all: Vec<usize> = (0..self.boards.len()).collect();
        self.complete(&all, &self.acknowledged(now), now).await;
        for process in all {
            self.close(process, Instant::now());
        }
    }
}
