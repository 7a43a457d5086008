//! Faults in the user's language.

use super::PlayedFault;
use crate::{Voice, clock::after, number::number};
use ::rehearse::{
    TICKS_PER_MINUTE,
    faults::{Fault, cards},
};
use domain::{City, Plan, Scenario};
use jiff::civil::DateTime;
use serde::Serialize;

/// A card in words, as a page deals it.
#[derive(Clone, Debug, Serialize)]
pub struct CardWords {
    /// The card as it is usually played, and whether the scenario can meet it.
    #[serde(flatten)]
    pub played: PlayedFault,
    /// The smallest and the greatest value; null where it has none.
    pub range: Option<[f64; 2]>,
    /// Its name for people.
    pub title: String,
    /// How much and from when: `45 minutes, from 08:00`; empty where it has neither.
    pub amount: String,
    /// What happened.
    pub happened: String,
    /// What to look at.
    pub look: String,
    /// Who must decide what.
    pub decide: String,
    /// Why the scenario cannot meet it; empty where it can.
    pub unmet_because: String,
}

/// Every card as it is usually played, in words.
pub fn deal(scenario: &Scenario, plan: Option<&Plan>, voice: Voice) -> Vec<CardWords> {
    let usual = cards().iter().map(Fault::usual);
    let opens = scenario.round.opens;
    usual.map(|fault| in_words(PlayedFault::new(fault, scenario, plan), opens, voice)).collect()
}

/// The same for a city.
pub fn deal_city(city: &City, voice: Voice) -> Vec<CardWords> {
    let usual = cards().iter().map(Fault::usual);
    usual.map(|fault| in_words(PlayedFault::of_city(fault, city), city.round.opens, voice)).collect()
}

/// A card in words.
pub fn in_words(played: PlayedFault, opens: DateTime, voice: Voice) -> CardWords {
    let fault = played.fault;
    let part = |part: &str| voice.word(&format!("fault.{}.{part}", fault.card.name));
    CardWords {
        range: fault.card.scale.as_ref().map(|scale| [scale.least, scale.most]),
        title: part("title"),
        amount: match (&played.place, amount(&fault, opens, voice)) {
            (Some(place), amount) => voice.say("fault.city_at", &[("place", place), ("amount", &amount)]),
            (None, amount) => amount,
        },
        happened: part("happened"),
        look: part("look"),
        decide: part("decide"),
        unmet_because: played
            .unmet
            .map_or_else(String::new, |unmet| voice.word(&format!("fault.unmet.{unmet}"))),
        played,
    }
}

/// A card's value with its unit; empty where it has none.
pub fn value_in_words(fault: &Fault, value: f64, voice: Voice) -> String {
    let Some(scale) = &fault.card.scale else { return String::new() };
    let several = if value == 1.0 { "one" } else { "unit" };
    voice.say(&format!("fault.{several}.{}", scale.unit.name()), &[("value", &number(value))])
}

/// When a fault begins, as a time of day; `None` where it lasts all day.
pub fn clock_of(fault: &Fault, opens: DateTime) -> Option<String> {
    let minutes = fault.from as f64 / TICKS_PER_MINUTE as f64;
    fault.card.from_min.map(|_| after(opens, minutes))
}

/// How much and from when.
pub fn amount(fault: &Fault, opens: DateTime, voice: Voice) -> String {
    let value = value_in_words(fault, fault.value, voice);
    match clock_of(fault, opens) {
        Some(time) => voice.say("fault.amount_from", &[("value", &value), ("time", &time)]),
        None => value,
    }
}

/// A fault's name for people with how much and from when.
pub fn played(fault: &Fault, opens: DateTime, voice: Voice) -> String {
    let title = voice.word(&format!("fault.{}.title", fault.card.name));
    match amount(fault, opens, voice) {
        amount if amount.is_empty() => title,
        amount => voice.say("fault.with_amount", &[("title", &title), ("amount", &amount)]),
    }
}

/// Faults as they are typed, several with ` + ` between them.
pub fn title(faults: &[Fault]) -> String {
    let one = |fault: &Fault| {
        let mut text = fault.card.name.to_owned();
        if fault.card.scale.is_some() {
            text += &format!("={}", fault.value);
        }
        if fault.card.from_min.is_some() {
            text += &format!("@{}", fault.from as f64 / TICKS_PER_MINUTE as f64);
        }
        text
    };
    faults.iter().map(one).collect::<Vec<_>>().join(" + ")
}
