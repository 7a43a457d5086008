//! Teams that go to help elsewhere: what a recipient asks for, what donors offer and commit, and the people of a team from their departure
//! to their return. Facts are folded into state; commands become facts, or are refused.
//!
//! Map: [`Event`] what happened, [`Told`] by whom and when · [`Command`] what is asked · [`Teams`] the state, with [`Teams::decide`] (a command
//! becomes events, or all the [`Refusal`]s) and [`Teams::apply`] (a fact is admitted; it cannot fail) · [`Request`], [`Offer`],
//! [`Deployment`], [`Team`], [`Member`], [`Shift`] the nouns · [`Rules`] heat, rest and water, each with its source · [`Teams::near`] what
//! is due and whose turn it is · [`Conflict`] facts that cannot both be true · [`Teams::alarms`] what follows when a member turns positive ·
//! [`Teams::drill`] what follows when a team is withdrawn · [`schedule`] a team's day, and [`check`] what is wrong with one · [`Teams::supplies`]
//! what a day of work needs.
//!
//! Facts come in from several books, late and out of order. They are folded in the order of their own times, so two servers that hold the
//! same facts hold the same state.
//!
//! It does not know who anybody is: members are identifiers, and whoever tells something is a role or an identifier. It has no clock, stores
//! nothing, sends nothing, and plans no journeys. It speaks in codes that the catalogue of messages has words for.

#[macro_use]
mod named;
mod book;
mod check;
mod command;
mod conflict;
mod decide;
mod drill;
mod event;
mod exposure;
mod fold;
mod near;
mod noun;
mod refusal;
mod rules;
mod schedule;
mod state;
mod supplies;
mod theirs;
mod water;
mod work;

pub use book::Teams;
pub use check::{Broken, check};
pub use command::{Ask, Command};
pub use conflict::{Conflict, ConflictKind};
pub use decide::{MEMBERS_MOST, NAME_LETTERS, NUMBER_MOST};
pub use drill::{Drill, Filler, Gap};
pub use event::{By, Event, Role, Told};
pub use exposure::{Alarm, Contact, Fitness, Shared, Short};
pub use near::{Near, NearWhy, Turn};
pub use noun::{
    Change, Close, Deployment, Health, Lodging, Member, Offer, Request, Room, Step, Strength, Team,
};
pub use refusal::Refusal;
pub use rules::Rules;
pub use schedule::{Crew, DayPlan, Spell, schedule};
pub use state::{Answer, DeploymentNow, MemberNow, OfferNow, RequestNow, ShiftNow, Stage, TeamNow};
pub use supplies::Supplies;
pub use water::Dry;
pub use work::{Goods, Heat, Shift};

use chance::{TICKS_PER_SECOND, Ticks};

/// A minute, in ticks.
const MINUTE: Ticks = 60 * TICKS_PER_SECOND;
/// An hour, in ticks.
const HOUR: Ticks = 60 * MINUTE;
/// A day, in ticks.
pub const DAY: Ticks = 24 * HOUR;

/// A key of the catalogue, and what fills its gaps.
pub type Said = (&'static str, Vec<(&'static str, String)>);
