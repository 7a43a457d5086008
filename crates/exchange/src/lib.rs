//! Neighbours who help each other: what one needs, what another offers, and how the two come together. Commands are decided into events,
//! events folded into state.
//!
//! Map: [`Posting`] a need or an offer, at a [`Place`] · [`Command`], [`Event`] what is asked and what happened · [`Exchange`] the state, with
//! [`Exchange::decide`] (a command becomes events, or a [`Refusal`]) and [`Exchange::apply`] (an event is folded; it cannot fail) · [`Need`],
//! [`Life`], [`Offer`], [`Voice`] what the state is made of · [`Exchange::proposals`] who could help whom, and why, by `assign` ·
//! [`Exchange::near`] what the secretariat should look at, the soonest first · [`Exchange::partner`] whom one may know of.
//!
//! It does not know who anybody is: people are identifiers, doors are a building, an entrance and a floor. It has no clock, stores nothing and
//! sends nothing. It speaks in codes that the catalogue of messages has words for.

mod assign;
mod command;
mod decide;
mod near;
mod place;
mod posting;
mod proposal;
mod refusal;
mod state;

pub use assign::assign;
pub use command::{Command, Event, Who};
pub use decide::{
    LIVE_MOST, LIVE_OF_ONE, MANY_MOST, POSTED_A_DAY, VOICE_LETTERS, WINDOW_MOST, WORDS_LETTERS,
};
pub use near::{FORGOTTEN_AFTER, Near, NearWhy};
pub use place::{Distance, Place};
pub use posting::{Kind, Meet, Posting, Side, Subject, Tone, Urgency};
pub use proposal::{Proposal, Reason};
pub use refusal::Refusal;
pub use state::{Exchange, How, Life, Need, Offer, Voice};

use chance::{TICKS_PER_SECOND, Ticks};

/// An hour, in ticks.
const HOUR: Ticks = 3600 * TICKS_PER_SECOND;
/// A day, in ticks.
const DAY: Ticks = 24 * HOUR;

/// A key of the catalogue, and what fills its gaps.
pub type Said = (&'static str, Vec<(&'static str, String)>);
