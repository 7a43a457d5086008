//! Stopwatch cards that phones tapped: handed out at the entrance, shown at each table when the service begins there. It ends
//! when that table next writes down that somebody was served.

use crate::observed::{Observed, Round, Visit};
use crate::people;
use chance::Ticks;
use domain::{Event, Moment, command::Table, event::CARD_CARRIED_MAX};
use std::collections::BTreeMap;

/// A way of a card through the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    /// When it was handed out.
    since: Moment,
    /// Where it was shown, in that order.
    stops: Vec<Stop>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Stop {
    station: String,
    started: Moment,
    ended: Option<Moment>,
}

/// With fewer whole ways in a round, nothing is said of all who came.
pub(crate) const WHOLE_LEAST: usize = 10;
/// A way that fewer of those served took is one at which a table forgot somebody.
const WAY_SHARE: usize = 20;

/// The cards among a round's events, which are in the order of their moments. A card that is handed out again is another;
/// one that was not handed out measures nothing.
pub(crate) fn tapped(events: &[(Moment, &Event)]) -> Vec<Carried> {
    let mut cards: Vec<Carried> = Vec::new();
    let mut carried = BTreeMap::<u32, usize>::new();
    // Who is served at a table with a card: which card, and at which of its stops.
    let mut served = BTreeMap::<(&str, u16, u32), (usize, usize)>::new();
    for &(at, event) in events {
        match event {
            Event::CardTapped { card, table: None } => {
                carried.insert(*card, cards.len());
                cards.push(Carried { since: at, stops: Vec::new() });
            }
            Event::CardTapped { card, table: Some(Table { station, lane, server }) } => {
                let Some(&place) = carried.get(card) else { continue };
                let Carried { since, stops } = &mut cards[place];
                if at - *since > CARD_CARRIED_MAX || stops.iter().any(|stop| stop.station == *station) {
                    continue;
                }
                served.insert((station, *lane, *server), (place, stops.len()));
                stops.push(Stop { station: station.clone(), started: at, ended: None });
            }
            Event::Served { station, lane, server, .. } => {
                if let Some((card, stop)) = served.remove(&(station.as_str(), *lane, *server)) {
                    cards[card].stops[stop].ended = Some(at);
                }
            }
            _ => {}
        }
    }
    cards
}

impl Carried {
    /// Its waits before all its stops together; `None` where an end is not known, or lies after the next beginning.
    fn waited(&self) -> Option<Ticks> {
        let mut since = Some(self.since);
        let mut all = 0;
        for stop in &self.stops {
            let wait = stop.started - since?;
            all += (wait >= 0).then_some(wait)?;
            since = stop.ended;
        }
        Some(all)
    }
}

/// Waits of those whose cards are a sample, by round: of cards that phones tapped, those that were shown at every station of a
/// way that people of their round went.
pub(crate) fn sampled_waits(observed: &Observed) -> Vec<Vec<Ticks>> {
    let of_round = |round: &Round| {
        if round.sample {
            return round.visits.iter().filter(people::served).filter_map(Visit::waited).collect();
        }
        let ways = ways(observed, round);
        let whole = round.cards.iter().filter(|card| {
            let way: Vec<&str> = card.stops.iter().map(|stop| stop.station.as_str()).collect();
            ways.contains(&way)
        });
        whole.filter_map(Carried::waited).collect()
    };
    observed.rounds.iter().map(of_round).collect()
}

/// The ways through the stations that those served took.
fn ways<'a>(observed: &'a Observed, round: &Round) -> Vec<Vec<&'a str>> {
    let mut ways = BTreeMap::<Vec<usize>, usize>::new();
    for visit in round.visits.iter().filter(people::served) {
        *ways.entry(visit.steps.iter().map(|step| step.station).collect()).or_default() += 1;
    }
    let all: usize = ways.values().sum();
    let taken = ways.into_iter().filter(|(way, people)| !way.is_empty() && WAY_SHARE * people >= all);
    taken.map(|(way, _)| way.into_iter().map(|place| observed.stations[place].as_str()).collect()).collect()
}
