//! How well a running day is foreseen: the wait that is shown against the wait that came, and whether bands hold what they
//! promise. Rounds are rehearsed at sites that are not quite as planned, written down as phones write them (nobody taps an
//! arrival or the beginning of a service), and foreseen every half hour:
//! `cargo run --release -p verbs --example foresee [ROUNDS] [EXAMPLE]`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program that prints a table, and stops if it cannot"
)]

use chance::{Cause, Chance, Ticks, normal};
use domain::{Envelope, Event, Moment, Plan, Scenario};
use rehearse::{Luck, Purpose, Rehearsal, TICKS_PER_MINUTE, events::replication_0};
use round::{Calls, Folded, Rules};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use verbs::ahead::{Foreseen, Running};

/// Sites differ from their plan by so much, as standard deviations: of the logarithm of a service's mean, and of attendance.
const SERVICE_SD: f64 = 0.15;
const ATTENDANCE_SD: f64 = 0.02;
/// A day is foreseen so often, for so long.
const EVERY_MIN: i64 = 30;
const UNTIL_MIN: i64 = 240;

/// A wait that was shown, and the one that came.
struct Shown {
    band: [f64; 3],
    came: f64,
}

/// A person as the site really was.
#[derive(Default)]
struct Truth {
    lane: u16,
    arrived: Ticks,
    queued: Ticks,
    waited: Ticks,
    served: Option<Ticks>,
    class: String,
}

fn main() {
    let rounds: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    let name = std::env::args().nth(2).unwrap_or_else(|| "sunshine-garden".to_owned());
    let files = scenario::example(&name).unwrap();
    let scenario = scenario::read(&files, &[], &mut |_, _| ()).0.unwrap();
    let plan = scenario.arrivals.needs_roll().then(|| plan::waves(&scenario, 0.95));
    let kept = verbs::ahead::Kept::of(&files, &scenario).scenario().unwrap();
    let (mut shown, mut done) = (Vec::new(), BTreeMap::<i64, Vec<Shown>>::new());
    for seed in 0..rounds {
        live(seed, &scenario, plan.as_ref(), &kept, &mut shown, &mut done);
    }
    report("wait of whoever comes now", &shown);
    for (minute, of) in done {
        report(&format!("97 % done, foreseen at {minute} min"), &of);
    }
}

fn live(
    seed: u64,
    scenario: &Scenario,
    plan: Option<&Plan>,
    kept: &Scenario,
    shown: &mut Vec<Shown>,
    done: &mut BTreeMap<i64, Vec<Shown>>,
) {
    let opens = Moment::parse("2022-03-27T23:00:00.0000Z").unwrap();
    let luck = Luck { seed, purpose: Purpose::Rehearse };
    let real = as_it_is(scenario, seed);
    let told = replication_0(&Rehearsal::new(&real, plan), &real, luck, |at| (opens + at).rfc3339());
    let people = truth(&told, opens);
    let mut left: Vec<Ticks> = people.values().filter_map(|of| of.served).collect();
    left.sort_unstable();
    let done_97 = left[(left.len() * 97).div_ceil(100) - 1] as f64 / TICKS_PER_MINUTE as f64;
    let waves = members(&told);
    let green = scenario.roll.residents.iter().filter(|marks| marks.green()).count() as f64;
    let classes = [("green".to_owned(), green / scenario.roll.residents.len().max(1) as f64)];
    let written = as_phones_write(told, &people);
    let mut folded = Folded::new(Rules::new(scenario, opens), Calls::new(scenario, plan));
    let mut next = written.into_iter().peekable();
    for minute in (0..=UNTIL_MIN).step_by(EVERY_MIN as usize) {
        let now = opens + minute * TICKS_PER_MINUTE;
        let mut so_far = Vec::new();
        while let Some(told) = next.next_if(|told| Moment::parse(&told.at).unwrap() <= now) {
            so_far.push(told);
        }
        folded.admit(so_far);
        let running = Running { folded: &folded, scenario: kept, waves: &waves, classes: &classes };
        let Some(foreseen) = running.foresee(now) else { break };
        if let Some(band) = foreseen.done_97_min.filter(|_| (minute as f64) < done_97) {
            done.entry(minute).or_default().push(Shown { band, came: done_97 });
        }
        compare(&foreseen, &people, minute * TICKS_PER_MINUTE, shown);
    }
}

/// The wait that was shown beside that of the next one who came to each lane within five minutes.
fn compare(foreseen: &Foreseen, people: &BTreeMap<Uuid, Truth>, now: Ticks, shown: &mut Vec<Shown>) {
    for (lane, band) in (1..).zip(&foreseen.waits[0].lanes) {
        let coming =
            people.values().filter(|of| of.lane == lane && of.class == "general" && of.served.is_some());
        let coming = coming.filter(|of| (now..now + 5 * TICKS_PER_MINUTE).contains(&of.arrived));
        if let Some(next) = coming.min_by_key(|of| of.arrived) {
            shown.push(Shown { band: *band, came: next.waited as f64 / TICKS_PER_MINUTE as f64 });
        }
    }
}

/// The site as it turns out to be.
fn as_it_is(scenario: &Scenario, seed: u64) -> Scenario {
    let chance = Chance::new(seed, u32::MAX, 0);
    let off = |place: u32| normal(chance.word(Cause::Site, place, 0));
    let mut real = scenario.clone();
    for (place, station) in (0..).zip(&mut real.site.stations) {
        if station.service.variance() > 0.0 {
            station.service = station.service.scaled_by(libm::exp(SERVICE_SD * off(place)));
        }
    }
    let attendance = &mut real.attendance.households;
    *attendance = (*attendance + ATTENDANCE_SD * off(100)).clamp(0.5, 1.0);
    real
}

fn truth(told: &[Envelope], opens: Moment) -> BTreeMap<Uuid, Truth> {
    let mut people = BTreeMap::<Uuid, Truth>::new();
    for envelope in told {
        let at = Moment::parse(&envelope.at).unwrap() - opens;
        match &envelope.event {
            Event::Arrived { visit, lane, class, .. } => {
                let of = people.entry(*visit).or_default();
                (of.arrived, of.lane, of.class) = (at, lane.unwrap_or(0), class.clone());
            }
            Event::Queued { visit, lane, .. } => {
                let of = people.entry(*visit).or_default();
                of.queued = at;
                of.lane = of.lane.max(*lane);
            }
            Event::ServiceStarted { visit, .. } => {
                let of = people.entry(*visit).or_default();
                of.waited += at - of.queued;
            }
            Event::Left { visit } => people.entry(*visit).or_default().served = Some(at),
            _ => {}
        }
    }
    people
}

fn members(told: &[Envelope]) -> BTreeMap<u32, Vec<Uuid>> {
    let mut waves = BTreeMap::<u32, Vec<Uuid>>::new();
    for envelope in told {
        if let Event::HouseholdCalled { household, wave } = envelope.event {
            waves.entry(wave).or_default().push(household);
        }
    }
    waves
}

/// What phones at the tables write of it: whoever comes is seen when the first table is done with them, and nobody taps
/// when a service begins.
fn as_phones_write(told: Vec<Envelope>, people: &BTreeMap<Uuid, Truth>) -> Vec<Envelope> {
    let mut arrivals = BTreeMap::new();
    let (mut entered, mut written) = (BTreeSet::new(), Vec::new());
    for envelope in told {
        match &envelope.event {
            Event::Arrived { visit, household, class, .. } => {
                let lane = people.get(visit).map(|of| of.lane);
                let (household, class) = (*household, class.clone());
                let event = Event::Arrived { visit: *visit, household, class, lane };
                arrivals.insert(*visit, Envelope { event, ..envelope });
            }
            Event::Queued { visit, .. } if !entered.contains(visit) => {}
            Event::ServiceStarted { .. } => {}
            Event::Served { visit, .. } => {
                if let Some(arrived) = arrivals.remove(visit) {
                    entered.insert(*visit);
                    written.push(Envelope { at: envelope.at.clone(), ..arrived });
                }
                written.push(envelope);
            }
            _ => written.push(envelope),
        }
    }
    written.sort_by(|one, other| one.at.cmp(&other.at));
    written
}

fn report(what: &str, shown: &[Shown]) {
    let mut errors: Vec<f64> = shown.iter().map(|of| (of.band[1] - of.came).abs()).collect();
    errors.sort_by(f64::total_cmp);
    let at =
        |percent: usize| errors.get((errors.len().max(1) - 1) * percent / 100).copied().unwrap_or(f64::NAN);
    let held = shown.iter().filter(|of| (of.band[0]..=of.band[2]).contains(&of.came)).count();
    let bias: f64 = shown.iter().map(|of| of.band[1] - of.came).sum::<f64>() / shown.len().max(1) as f64;
    let share = 100.0 * held as f64 / shown.len().max(1) as f64;
    println!(
        "{what}: {} shown, error median {:.1} min, p90 {:.1} min, bias {bias:+.1} min, band holds {share:.0} %",
        shown.len(),
        at(50),
        at(90)
    );
}
