//! A drill: a rehearsal played through a running server as so many phones, open-loop, and held against what arrived.
//!
//! Map: [`http`] requests · [`site`] a round made as a secretary makes one, phones that join it, and what the server holds ·
//! [`load`] what is sent, and when · [`send`] sending, each upload at its moment · [`count`] the figures · [`killing`] the same over
//! several processes, one of which is killed again and again ([`process`]), and what their boards show ([`board`]) · [`foresee`] rounds
//! of which the server is asked how they go on, held against how they went.
//!
//! Phones are those of the crate `phone`, with keys, chains and signatures of their own. All is written and signed before
//! the clock starts: the drill's own work should not slow down what it measures.

mod board;
pub mod count;
pub mod foresee;
mod http;
pub mod killing;
mod load;
mod process;
mod send;
mod site;

pub use load::{EVENTS_MAX, Pace, Wanted};

use count::{Figures, Meant};
use domain::{Envelope, Moment};
use http::{Address, Broken};
use load::{Sender, acknowledged, load};
use scenario::Files;
use send::{Progress, Sent, send};
use site::{Held, Site, hex};
use std::{
    collections::BTreeMap,
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{runtime::Runtime, time::interval};

/// What a drill is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Phones join.
    Join,
    /// Events are sent.
    Send,
    /// What arrived is read back.
    Compare,
    /// Rounds are lived and foreseen.
    Foresee,
}

/// Who is told how far it is: the step, how much is done, of how much.
pub type Tell<'a> = &'a (dyn Fn(Step, u64, u64) + Sync);

/// Why there was no drill, or no whole one.
#[derive(Debug)]
pub enum DrillFault {
    /// Not written as `http://HOST:PORT`.
    NoAddress,
    /// The server was not started for drills.
    NotForDrills,
    /// It wants an account.
    NeedsAccount,
    /// What answers is no server of ours.
    Foreign,
    /// There is no answer.
    Broken(Broken),
    /// The server said no.
    Refused {
        /// To what.
        path: String,
        status: u16,
        why: String,
    },
    /// An upload was answered as no phone expects.
    Odd(String),
    /// A process could not be started over the database; what it said.
    Process(String),
    /// The system said no.
    System(io::Error),
}

/// A drill as it was asked for.
pub struct Drill<'a> {
    pub url: &'a str,
    pub files: &'a Files,
    pub phones: usize,
    pub connections: usize,
    pub wanted: Wanted,
    /// The day until which the round keeps names, which are none.
    pub until: String,
}

/// What came of it.
pub struct Drilled {
    pub figures: Figures,
    /// The first answer that was neither "stored" nor "later".
    pub odd: Option<String>,
}

/// Holds a drill. `lived` gives the events of a rehearsal with the luck of a number; `random` what nobody can foresee.
///
/// # Errors
/// Why there was none, or not a whole one.
pub fn hold(
    drill: &Drill<'_>,
    lived: impl FnMut(u64) -> Vec<Envelope>,
    random: impl Fn() -> [u8; 32],
    now: impl Fn() -> Moment,
    tell: Tell<'_>,
) -> Result<Drilled, DrillFault> {
    let runtime = Runtime::new().map_err(DrillFault::System)?;
    runtime.block_on(async {
        let address = Address::find(drill.url).await.ok_or(DrillFault::NoAddress)?;
        let address = address.map_err(DrillFault::Broken)?;
        let phones = drill.phones as u64;
        let mut joined = 0;
        let site = Site::open(&address, drill.files, drill.phones, &drill.until, random, || {
            joined += 1;
            tell(Step::Join, joined, phones);
        });
        let (site, senders) = load(site.await?, &drill.wanted, now(), lived);
        let meant = meant(drill, &senders);
        let senders: Vec<Arc<Sender>> = senders.into_iter().map(Arc::new).collect();
        let progress = Arc::new(Progress::default());
        let addresses = [address];
        let sending = send(&addresses, senders.clone(), drill.connections, progress.clone());
        let sent = watched(sending, Step::Send, &progress.events, meant.events as u64, tell).await;
        let mut figures = Figures::of(&meant, &drill.wanted, &sent);
        (figures.lost, figures.doubled) = read_back(&site, &addresses[0], &senders, &sent, tell).await?;
        Ok(Drilled { figures, odd: sent.odd })
    })
}

/// How many acknowledged events a server has lost, and how many it has more than once.
async fn read_back(
    site: &Site,
    address: &Address,
    senders: &[Arc<Sender>],
    sent: &Sent,
    tell: Tell<'_>,
) -> Result<(usize, usize), DrillFault> {
    let done: BTreeMap<usize, usize> = sent.done.iter().copied().collect();
    let stored = senders.iter().enumerate().map(|(number, sender)| {
        let uploads = done.get(&number).copied().unwrap_or(0);
        (&**sender, sender.uploads[..uploads].iter().map(|upload| upload.events).sum())
    });
    let expected = acknowledged(stored);
    let all: u64 = expected.values().flatten().map(|(_, ids)| ids.len() as u64).sum();
    let (mut read, mut lost, mut doubled) = (0, 0, 0);
    for round in 0..site.rounds() {
        let held = site.held(address, round, |events| {
            read += events as u64;
            tell(Step::Compare, read.min(all), all);
        });
        let held = held.await?;
        let more = compared(expected.get(&round).map_or(&[], |of| &**of), senders, &held);
        (lost, doubled) = (lost + more.0, doubled + more.1);
    }
    Ok((lost, doubled))
}

/// Tells from time to time how much of a step is done.
async fn watched<T>(
    work: impl Future<Output = T>,
    step: Step,
    told: &AtomicU64,
    all: u64,
    tell: Tell<'_>,
) -> T {
    let mut work = std::pin::pin!(work);
    let mut every = interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = every.tick() => tell(step, told.load(Ordering::Relaxed), all),
        }
    }
}

fn meant(drill: &Drill<'_>, senders: &[Sender]) -> Meant {
    let uploads = || senders.iter().flat_map(|sender| &sender.uploads);
    Meant {
        events: uploads().map(|upload| upload.events).sum(),
        uploads: uploads().count(),
        bytes: uploads().map(|upload| upload.bytes.len()).sum(),
        lasts: uploads().map(|upload| upload.due).max().unwrap_or_default(),
        phones: drill.phones,
        connections: drill.connections,
    }
}

/// How many events of a round are lost, and how many are there more than once. A log that has the same head as on its phone
/// is the same, byte for byte; a longer one has something twice that the round may have told once.
fn compared(
    expected: &[(uuid::Uuid, &[uuid::Uuid])],
    senders: &[Arc<Sender>],
    held: &Held,
) -> (usize, usize) {
    let (mut lost, mut doubled) = (0, 0);
    let nothing = (0, String::new());
    for (device, ids) in expected {
        lost += ids.iter().filter(|id| !held.told.contains_key(id)).count();
        doubled += ids.iter().filter_map(|id| held.told.get(id)).map(|times| times - 1).sum::<usize>();
        let (seq, hash) = held.logs.get(device).unwrap_or(&nothing);
        let uploads = senders.iter().filter(|sender| sender.device == *device).flat_map(|of| &of.uploads);
        let all = uploads.map(|upload| upload.head);
        match all.clone().find(|head| head.seq == *seq) {
            Some(head) if hex(&head.hash.0) == *hash => {}
            // Nothing was sent, nothing is there.
            None if *seq == 0 => {}
            _ => {
                let most = all.map(|head| head.seq).max().unwrap_or(0);
                doubled += seq.saturating_sub(most) as usize;
                lost += usize::from(*seq <= most);
            }
        }
    }
    (lost, doubled)
}
