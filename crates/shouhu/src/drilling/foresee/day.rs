//! A day as it comes, at a site that is not quite as planned, and what phones at its tables write of it.

use chance::Ticks;
use domain::{Envelope, Event, Moment, Plan, Scenario};
use rehearse::{Luck, Purpose, Rehearsal, TICKS_PER_MINUTE, events::replication_0};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A day. Times are ticks after its opening.
pub struct Day {
    /// Whose luck it has.
    pub luck: Luck,
    /// Those who came, and were served.
    pub people: Vec<Came>,
    /// When 97 % of them had left.
    pub done_97: Ticks,
    /// What is written down, in order.
    pub written: Vec<Written>,
    /// Phones that it takes: one for the calls, one for each table.
    pub phones: usize,
}

/// Somebody who came and was served.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Came {
    /// From 1.
    pub lane: u16,
    pub arrived: Ticks,
    /// Before all stations together.
    pub waited: Ticks,
    pub class: String,
    left: Option<Ticks>,
}

/// Something that a phone writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub at: Ticks,
    /// Which of the day's phones: those of later stations have higher numbers.
    pub phone: usize,
    pub event: Event,
}

impl Day {
    /// Lives the day of a number; `None` where nobody is served.
    pub fn live(scenario: &Scenario, plan: Option<&Plan>, number: u64) -> Option<Day> {
        let real = verbs::ahead::as_it_turns_out(scenario, number);
        let luck = Luck { seed: number, purpose: Purpose::Rehearse };
        let told = replication_0(&Rehearsal::new(&real, plan), &real, luck, |at| Moment(at).rfc3339());
        let told: Vec<(Ticks, Event)> = told.into_iter().filter_map(dated).collect();
        let people = came(&told);
        let mut left: Vec<Ticks> = people.values().filter_map(|of| of.left).collect();
        left.sort_unstable();
        let done_97 = *left.get((left.len() * 97).div_ceil(100).checked_sub(1)?)?;
        let (written, phones) = as_phones_write(scenario, told, &people);
        let people = people.into_values().filter(|of| of.left.is_some()).collect();
        Some(Day { luck, people, done_97, written, phones })
    }

    /// The wait of the next one who comes to a lane (from 1) within five minutes of a time, in minutes.
    pub fn wait_from(&self, lane: u16, from: Ticks) -> Option<f64> {
        let soon = from..from + SOON;
        // Others are served before or after their turn, and no wait is shown to them.
        let of = self.people.iter().filter(|of| of.lane == lane && of.class == "general");
        let next = of.filter(|of| soon.contains(&of.arrived)).min_by_key(|of| of.arrived)?;
        Some(next.waited as f64 / TICKS_PER_MINUTE as f64)
    }
}

const SOON: Ticks = 5 * TICKS_PER_MINUTE;

fn dated(told: Envelope) -> Option<(Ticks, Event)> {
    Some((Moment::parse(&told.at)?.0, told.event))
}

fn came(told: &[(Ticks, Event)]) -> BTreeMap<Uuid, Came> {
    let mut people = BTreeMap::<Uuid, Came>::new();
    let mut queued = BTreeMap::<Uuid, Ticks>::new();
    for (at, event) in told {
        match event {
            Event::Arrived { visit, lane, class, .. } => {
                let of = people.entry(*visit).or_default();
                (of.arrived, of.lane, of.class) = (*at, lane.unwrap_or(0), class.clone());
            }
            Event::Queued { visit, lane, .. } => {
                queued.insert(*visit, *at);
                let of = people.entry(*visit).or_default();
                of.lane = of.lane.max(*lane);
            }
            Event::ServiceStarted { visit, .. } => {
                let since = queued.get(visit).copied().unwrap_or(*at);
                people.entry(*visit).or_default().waited += at - since;
            }
            Event::Left { visit } => people.entry(*visit).or_default().left = Some(*at),
            _ => {}
        }
    }
    people
}

/// What phones at the tables write of it, and how many they are: whoever comes is seen when the first table is done with
/// them, and nobody taps when a service begins. Whoever leaves a table is sent on from there.
fn as_phones_write(
    scenario: &Scenario,
    told: Vec<(Ticks, Event)>,
    people: &BTreeMap<Uuid, Came>,
) -> (Vec<Written>, usize) {
    let table = |event: &Event| {
        let Event::Served { station, lane, .. } = event else { return None };
        Some((scenario.site.stations.iter().position(|of| of.name == *station)?, *lane))
    };
    let tables: BTreeSet<(usize, u16)> = told.iter().filter_map(|(_, event)| table(event)).collect();
    let phones: BTreeMap<(usize, u16), usize> = tables.into_iter().zip(CALLS + 1..).collect();
    let mut arrivals = BTreeMap::new();
    let (mut seen_by, mut tube_of) = (BTreeMap::<Uuid, usize>::new(), BTreeMap::<Uuid, usize>::new());
    let mut written = Vec::new();
    for (at, event) in told {
        let before = event.visit().and_then(|visit| seen_by.get(&visit).copied());
        let phone = table(&event).and_then(|table| phones.get(&table).copied()).or(before);
        match &event {
            Event::Arrived { visit, household, class, .. } => {
                let lane = people.get(visit).map(|of| of.lane);
                let (household, class) = (*household, class.clone());
                arrivals.insert(*visit, Event::Arrived { visit: *visit, household, class, lane });
                continue;
            }
            Event::Queued { .. } if before.is_none() => continue,
            Event::ServiceStarted { .. } => continue,
            Event::Served { visit, .. } => {
                let phone = phone.unwrap_or(CALLS);
                seen_by.insert(*visit, phone);
                written.extend(arrivals.remove(visit).map(|event| Written { at, phone, event }));
            }
            Event::ItemGiven { item, .. } => {
                tube_of.extend(phone.map(|phone| (*item, phone)));
            }
            _ => {}
        }
        let of_tube = || match &event {
            Event::TubeSealed { item, .. } => tube_of.get(item).copied(),
            _ => None,
        };
        let phone = phone.or_else(of_tube).unwrap_or(CALLS);
        written.push(Written { at, phone, event });
    }
    (written, phones.len() + 1)
}

/// The phone from which households are called, and the site is opened and closed.
const CALLS: usize = 0;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;

    #[test]
    fn phones_write_a_day_in_which_everybody_is_served_once_and_nobody_is_seen_to_arrive() {
        let files = scenario::example("sunshine-garden").unwrap();
        let scenario = scenario::read(&files, &[], &mut |_, _| ()).0.unwrap();
        let plan = plan::waves(&scenario, 0.95);
        let day = Day::live(&scenario, Some(&plan), 3).unwrap();
        // Four lanes of two tables each, and the calls.
        assert_eq!(day.phones, 9);
        let mut since = BTreeMap::new();
        for Written { at, phone, event } in &day.written {
            match event {
                Event::Arrived { visit, .. } => {
                    since.insert(*visit, (*at, *phone));
                }
                Event::Served { visit, station, lane, .. } => {
                    let first = station == "registration";
                    assert_eq!(*phone, usize::from(*lane) + if first { 0 } else { 4 });
                    assert!(!first || since[visit] == (*at, *phone), "seen when the first table is done");
                }
                Event::ServiceStarted { .. } => panic!("nobody taps that"),
                Event::HouseholdCalled { .. } | Event::RoundOpened | Event::RoundClosed => {
                    assert_eq!(*phone, CALLS);
                }
                _ => assert_ne!(*phone, CALLS, "{event:?}"),
            }
        }
        let left = day.written.iter().filter(|of| matches!(of.event, Event::Left { .. })).count();
        assert_eq!((left, since.len()), (day.people.len(), day.people.len()));
        let late = day.people.iter().filter(|of| of.left > Some(day.done_97)).count();
        assert_eq!(late, day.people.len() * 3 / 100);
        // Another number is another day at another site, the same one the same.
        assert_eq!(Day::live(&scenario, Some(&plan), 3).unwrap().written, day.written);
        assert_ne!(Day::live(&scenario, Some(&plan), 4).unwrap().done_97, day.done_97);
    }
}
