//! The nouns of a round, in one vocabulary: what a scenario, a roll, a plan and an event *are*.
//!
//! Map: [`scenario`] what is to be served, where and how · [`city`] many sites, couriers and labs · [`crews`] few crews and several communities · [`aid`] who sends whom · [`roll`] who lives behind which door · [`plan`] who is
//! called when · [`roster`] who does what when · [`layout`] where everything stands · [`walk`] ways from door to door · [`command`] what somebody at the site asks for · [`event`] what
//! happened, rehearsed or real · [`letters`] those of codes · [`moment`] when · [`supply`] what a site uses up · [`directive`] what authorities above require · [`notice`] what a community says beneath them · [`decision`] what people agree on in the evening · [`note`] what is wrong with any of them, and how to mend it.
//!
//! This crate reads no file and knows no clock: times are ticks after the round opens, and the mouths of the house
//! turn them into times of day. It does not know how anything is simulated, stored or shown, and it keeps no names:
//! a resident here is a door, a place in a household and marks.

pub mod aid;
pub mod city;
pub mod command;
pub mod crews;
pub mod decision;
pub mod directive;
pub mod event;
pub mod layout;
pub mod letters;
pub mod moment;
pub mod note;
pub mod notice;
pub mod plan;
pub mod roll;
pub mod roster;
pub mod scenario;
mod simplified;
pub mod supply;
mod text;
pub mod walk;

pub use aid::{Aid, AidPlan};
pub use city::City;
pub use command::Command;
pub use crews::CrewDay;
pub use directive::Directive;
pub use event::{Envelope, Event, Origin};
pub use layout::Layout;
pub use moment::{Moment, day_and_time, rfc3339, time_of_day};
pub use note::{Note, Notes, Place, Severity};
pub use notice::OwnRules;
pub use plan::{Plan, Policy, Wave};
pub use roll::{Mark, Marks, Roll};
pub use scenario::Scenario;
pub use simplified::{simplified, simplified_letter};
pub use supply::{Supply, SupplyRules};
pub use text::Text;
pub use walk::Walking;
