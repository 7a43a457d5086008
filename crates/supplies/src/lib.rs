//! Supplies to the last hundred metres: what is in stock, what is on its way, who says that it came, and what a site needs when.
//!
//! Map: [`Good`], [`Lines`] what is counted · [`Who`], [`Store`], [`End`] who says something, and where things are · [`ShipmentCode`] what stands on
//! a delivery note · [`Command`] what is asked · [`Event`], [`Record`] what happened · [`Supplies`] what a party's book comes to, with
//! [`Supplies::decide`] (a command becomes events, or a [`Refusal`]) and [`Supplies::apply`] (a record is folded; it cannot fail) · [`ShipmentNow`]
//! how far a shipment is · [`shipments`] goods to many households, as many as fit on each · [`Ledger`], [`Account`] where each unit is · [`Supplies::near`] what somebody should look at, and whom to call ·
//! [`Supplies::slots`] whether a stock reaches for what rounds need · [`demand`] what must be at the gate when.
//!
//! What a book comes to depends on which records came in, never on their order: a receipt may come in before the promise, twice, or
//! against another receipt. Of a shipment each party's word counts for what is theirs; what anybody else writes stands aside, and is shown.
//! It does not know who anybody is: parties, places, people and households are identifiers. It has no clock, stores
//! nothing and sends nothing. It speaks in codes that the catalogue of messages has words for.

mod claim;
mod code;
mod command;
mod decide;
pub mod demand;
mod doors;
mod event;
mod facts;
mod flow;
mod folded;
mod good;
mod ledger;
mod near;
mod parties;
mod reach;
mod refusal;
mod shipment;
mod state;
mod who;
mod write_off;

pub use code::{SHIPMENTS_MOST, ShipmentCode, ShipmentKey, same_letters};
pub use command::{Asked, Command};
pub use decide::{BYTES_MOST, COUNT_MOST, Differs, LINES_MOST, NAME_LETTERS, SHARES_MOST, WINDOW_MOST};
pub use doors::shipments;
pub use event::{Carrier, Entry, Event, Loss, Promise, Reason, Record, Share, Step, To};
pub use good::{Counts, Good, Lines};
pub use ledger::{Account, Difference, Ledger};
pub use near::{CONFIRMED_WITHIN, Call, LOW_BEFORE, Near, NearWhy, Subject};
pub use reach::SlotNow;
pub use refusal::Refusal;
pub use shipment::{ShareNow, ShipmentNow, Stage};
pub use state::Supplies;
pub use who::{End, Mark, Role, Store, Who};

use chance::{TICKS_PER_SECOND, Ticks};

/// A minute, in ticks.
const MINUTE: Ticks = 60 * TICKS_PER_SECOND;

/// A key of the catalogue, and what fills its gaps.
pub type Said = (&'static str, Vec<(&'static str, String)>);
