//! Stopwatch cards that phones tapped: handed out at the entrance, shown at each table when the service begins there. It ends
//! when that table next writes down that somebody was served.

use super::{Card, Tap, What};
use domain::{Event, Moment, command::Table};
use std::collections::BTreeMap;

/// The cards among a round's events, which are in the order of their moments. A card that is handed out again is another.
pub(crate) fn tapped(events: &[(Moment, &Event)]) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    let mut carried = BTreeMap::<u32, usize>::new();
    // Who is served at a table with a card: which card, and the station.
    let mut served = BTreeMap::<(&str, u16, u32), usize>::new();
    // When a card was handed out: its first table is where that queue leads.
    let mut handed = BTreeMap::<usize, Moment>::new();
    for &(at, event) in events {
        match event {
            Event::CardTapped { card, table: None } => {
                carried.insert(*card, cards.len());
                handed.insert(cards.len(), at);
                cards.push(Card { name: card.to_string(), taps: Vec::new() });
            }
            Event::CardTapped { card, table: Some(Table { station, lane, server }) } => {
                let place = *carried.entry(*card).or_insert_with(|| {
                    cards.push(Card { name: card.to_string(), taps: Vec::new() });
                    cards.len() - 1
                });
                let card = &mut cards[place];
                if card.taps.iter().any(|tap| tap.station == *station) {
                    continue;
                }
                if let Some(at) = handed.remove(&place) {
                    card.taps.push(Tap { station: station.clone(), what: What::Came, at });
                }
                card.taps.push(Tap { station: station.clone(), what: What::Started, at });
                served.insert((station, *lane, *server), place);
            }
            Event::Served { station, lane, server, .. } => {
                if let Some(place) = served.remove(&(station.as_str(), *lane, *server)) {
                    cards[place].taps.push(Tap { station: station.clone(), what: What::Ended, at });
                }
            }
            _ => {}
        }
    }
    // A card that nobody has shown yet measures nothing.
    cards.retain(|card| !card.taps.is_empty());
    cards
}
