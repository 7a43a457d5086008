//! How well the desk foresees a day: rounds are lived at sites that are not quite as planned, phones write them down, and the
//! server is asked every half hour how the round goes on. What it shows is held against what came.
//!
//! Map: [`day`] a day as it comes, and what phones write of it · [`score`] what was shown against what came.
//!
//! A round's day lies where its scenario says, so the server is asked as of a moment of that day.

mod day;
pub mod score;

use super::{
    DrillFault, Step, Tell,
    http::{Address, Connection},
    load::{Upload, Writer},
    send::{GRACE, Sent, one},
    site::{self, Member, Place, ask},
    watched,
};
use chance::Ticks;
use day::Day;
use domain::{Event, Moment, Plan, Scenario};
use phone::Bundle;
use rehearse::{Luck, TICKS_PER_MINUTE};
use scenario::Files;
use score::{Foresights, Look, Shown};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{runtime::Runtime, task::JoinSet, time::Instant};
use uuid::Uuid;

/// Rounds to be foreseen.
pub struct Wanted {
    pub files: Files,
    pub scenario: Scenario,
    /// Who is called when, if anybody is.
    pub plan: Option<Plan>,
    pub rounds: u16,
    /// So many rounds at a time.
    pub connections: usize,
    /// The number of the first day.
    pub seed: u64,
    /// The day until which rounds keep names, which are none.
    pub until: String,
    /// What nobody can foresee.
    pub random: fn() -> [u8; 32],
}

/// The server is asked so often.
const EVERY_MIN: i64 = 30;
/// And for the wait of whoever comes then.
const LATER_MIN: i64 = 60;

/// Lives so many rounds on a server, and asks it how they go on.
///
/// # Errors
/// Why it could not be done.
pub fn foresee(url: &str, wanted: Wanted, tell: Tell<'_>) -> Result<Foresights, DrillFault> {
    let runtime = Runtime::new().map_err(DrillFault::System)?;
    runtime.block_on(async {
        let address = Address::find(url).await.ok_or(DrillFault::NoAddress)?.map_err(DrillFault::Broken)?;
        let place = Place::make(&mut Connection::new(&address), &wanted.files).await?;
        let plan = wanted.plan.as_ref().map(|plan| scenario::write_plan(plan, &wanted.scenario));
        let plan = plan.map(|plan| serde_json::to_value(plan).expect("our own types are written as JSON"));
        let (begun, done) = (AtomicU64::new(0), Arc::new(AtomicU64::new(0)));
        let rounds = u64::from(wanted.rounds);
        let connections = wanted.connections.min(usize::from(wanted.rounds));
        let shared = Arc::new(Shared { wanted, address, place, plan, begun, done: done.clone() });
        let mut working = JoinSet::new();
        for _ in 0..connections {
            working.spawn(some(shared.clone()));
        }
        let work = async {
            let mut seen = Vec::new();
            while let Some(of) = working.join_next().await {
                seen.extend(of.expect("a panic ends the program")?);
            }
            Ok::<_, DrillFault>(seen)
        };
        let mut seen = watched(work, Step::Foresee, &done, rounds, tell).await?;
        seen.sort_by_key(|(number, _)| *number);
        let looks: Vec<Vec<Look>> = seen.into_iter().map(|(_, looks)| looks).collect();
        Ok(Foresights::of(&looks))
    })
}

/// What those who live rounds at the same time share.
struct Shared {
    wanted: Wanted,
    address: Address,
    place: Place,
    plan: Option<Value>,
    /// Rounds that somebody has taken, and those that are done.
    begun: AtomicU64,
    done: Arc<AtomicU64>,
}

/// Lives rounds on one connection as long as there are any.
async fn some(shared: Arc<Shared>) -> Result<Vec<(u64, Vec<Look>)>, DrillFault> {
    let mut connection = Connection::new(&shared.address);
    let mut seen = Vec::new();
    loop {
        let number = shared.begun.fetch_add(1, Ordering::Relaxed);
        if number >= u64::from(shared.wanted.rounds) {
            return Ok(seen);
        }
        seen.push((number, live(&mut connection, &shared, number).await?));
        shared.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Lives one round, and looks ahead from time to time until it is nearly done.
async fn live(connection: &mut Connection, shared: &Shared, number: u64) -> Result<Vec<Look>, DrillFault> {
    let Shared { wanted, place, .. } = shared;
    let seed = wanted.seed.wrapping_add(number);
    let Some(day) = Day::live(&wanted.scenario, wanted.plan.as_ref(), seed) else { return Ok(Vec::new()) };
    let round = place.round(connection, &wanted.until, shared.plan.as_ref()).await?;
    let members = site::phones(connection, (0, &round), day.phones, wanted.random, || ()).await?;
    let bundle = &members.first().ok_or(DrillFault::Foreign)?.bundle;
    let homes = homes(wanted.plan.as_ref(), bundle, day.luck);
    let mut uploads = uploads(&day, &members, &homes).into_iter().peekable();
    let mut looks = Vec::new();
    for minute in (0..).step_by(EVERY_MIN as usize) {
        let now = minute * TICKS_PER_MINUTE;
        if now >= day.done_97 {
            break;
        }
        while let Some((_, path, upload)) = uploads.next_if(|(until, ..)| *until <= minute) {
            let (start, mut sent) = (Instant::now(), Sent::default());
            if !one(std::slice::from_mut(connection), &path, &upload, start, start + GRACE, &mut sent).await {
                return Err(sent.odd.map_or_else(|| DrillFault::Broken(path.into()), DrillFault::Odd));
            }
        }
        let opens = bundle.rules.opens;
        let path = format!("{round}/ahead?at={}", (opens + now).rfc3339());
        let ahead: Ahead = serde_json::from_slice(&ask(connection, "GET", &path, None).await?.body)
            .map_err(|_| DrillFault::Foreign)?;
        let clock = |ticks: Ticks| bundle.rules.clock(opens + ticks);
        looks.push(look(&ahead, &day, minute, clock).ok_or(DrillFault::Foreign)?);
    }
    Ok(looks)
}

/// What the server shows of how a round goes on.
#[derive(Deserialize)]
struct Ahead {
    done_97: Option<[String; 3]>,
    waits: Vec<WaitAhead>,
}

#[derive(Deserialize)]
struct WaitAhead {
    clock: String,
    lanes: Vec<[f64; 3]>,
}

/// What was shown beside what came; `None` if what is shown is not a time of day.
fn look(ahead: &Ahead, day: &Day, minute: i64, clock: impl Fn(Ticks) -> String) -> Option<Look> {
    let waits = |minute: i64| {
        let from = minute * TICKS_PER_MINUTE;
        let at = ahead.waits.iter().find(|of| of.clock == clock(from));
        let lanes = (1..).zip(at.map_or(&[][..], |of| &of.lanes));
        lanes.filter_map(|(lane, &band)| Some(Shown { band, came: day.wait_from(lane, from)? })).collect()
    };
    let done = match &ahead.done_97 {
        Some(band) => {
            let came = minute_of_day(&clock(day.done_97))?;
            // Clocks begin anew at midnight: a time is the one that is nearer.
            let off = |shown: &String| {
                Some(f64::from(
                    (minute_of_day(shown)? - came + DAY_MIN / 2).rem_euclid(DAY_MIN) - DAY_MIN / 2,
                ))
            };
            Some(Shown { band: [off(&band[0])?, off(&band[1])?, off(&band[2])?], came: 0.0 })
        }
        None => None,
    };
    Some(Look { minute, waits: waits(minute), later: waits(minute + LATER_MIN), done })
}

const DAY_MIN: i32 = 24 * 60;

fn minute_of_day(clock: &str) -> Option<i32> {
    let (hour, minute) = clock.split_once(':')?;
    Some(hour.parse::<i32>().ok()? * 60 + minute.parse::<i32>().ok()?)
}

/// What the households of a rehearsal are called in the round.
fn homes(plan: Option<&Plan>, bundle: &Bundle, luck: Luck) -> BTreeMap<Uuid, Uuid> {
    let waves = plan.into_iter().flat_map(|plan| &plan.waves).zip(&bundle.waves);
    let homes = waves.flat_map(|(planned, called)| planned.households.iter().zip(&called.households));
    homes.map(|(&household, &id)| (rehearse::events::household(luck, household), id)).collect()
}

/// What phones send, in order, each with the minute until which it was written: once a minute, those of the first tables first,
/// so that nobody is told of at the second table before the first.
fn uploads(day: &Day, members: &[Member], homes: &BTreeMap<Uuid, Uuid>) -> Vec<(i64, String, Upload)> {
    let mut phones: Vec<_> = members.iter().map(Writer::new).collect();
    let mut written: BTreeMap<(i64, usize), Vec<(Ticks, Event)>> = BTreeMap::new();
    for of in &day.written {
        let until = (of.at + TICKS_PER_MINUTE - 1).div_euclid(TICKS_PER_MINUTE);
        let mut event = of.event.clone();
        match &mut event {
            Event::HouseholdCalled { household, .. } => {
                *household = homes.get(household).copied().unwrap_or(*household);
            }
            Event::Arrived { household, .. } => {
                *household = household.and_then(|of| homes.get(&of).copied());
            }
            _ => {}
        }
        written.entry((until, of.phone)).or_default().push((of.at, event));
    }
    let mut all = Vec::new();
    let mut tubes = BTreeMap::new();
    for ((until, number), events) in written {
        let (writer, sender) = &mut phones[number];
        let opens: Moment = members[number].bundle.rules.opens;
        for (at, event) in events {
            let event = writer.labelled(event, &mut tubes);
            writer.write(opens + at, event, sender);
        }
        writer.pack(Duration::ZERO, sender);
        all.extend(sender.uploads.drain(..).map(|upload| (until, sender.path.clone(), upload)));
    }
    all
}
