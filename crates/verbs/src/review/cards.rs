//! Stopwatch cards as a source: their table in any encoding, their stations by name or by word.

use super::Happened;
use crate::voice::Voice;
use ::review::Observed;
use domain::{Notes, Place, Scenario};
use jiff::civil::Time;
use words::Language;

/// Takes in a table of cards. They say times of day, so the day must be known.
pub(super) fn take_in(
    observed: &mut Observed,
    name: &str,
    bytes: &[u8],
    happened: &Happened<'_>,
    notes: &mut Notes,
) {
    let Some(scenario) = happened.scenario else {
        notes.error(Place::file(name), "cards_need_scenario", &[]);
        return;
    };
    let midnight = scenario.round.opens.date().to_datetime(Time::midnight());
    let Some(midnight) = (happened.zones)(&scenario.community.timezone, midnight) else { return };
    let text = match scenario::sheet::text(name, bytes) {
        Ok(text) => text,
        Err(more) => return notes.extend(more),
    };
    let (mut cards, more) = ::review::read_cards(&text, name, midnight);
    notes.extend(more);
    for tap in cards.iter_mut().flat_map(|card| &mut card.taps) {
        if let Some(known) = station(scenario, &tap.station) {
            known.clone_into(&mut tap.station);
        }
    }
    observed.take_in_cards(&cards);
}

/// The scenario's station that somebody wrote on a card: by its name, or by its word in any language.
fn station<'a>(scenario: &'a Scenario, written: &str) -> Option<&'a str> {
    let written = written.to_lowercase();
    let named = |name: &str| name.to_lowercase() == written;
    let called = |name: &str| {
        Language::ALL.iter().any(|&language| Voice { language }.station(name).to_lowercase() == written)
    };
    let names = || scenario.site.stations.iter().map(|station| station.name.as_str());
    names().find(|name| named(name)).or_else(|| names().find(|name| called(name)))
}
