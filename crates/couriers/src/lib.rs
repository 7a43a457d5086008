//! Tubes to labs: which lab tests whose tubes, on which rounds they are brought, and whether each is in time.
//!
//! Map: [`Task`] what is to be planned · [`plan`] all of it · `windows` what a lab can take and when · `assign` sites to labs, with a
//! proven bound · `places` where labs that can move should stand · `rounds` the ways of vehicles: `rounds/tours` what stands,
//! `rounds/ruin` taking stops out and putting them back, `rounds/second` a second opinion · `schedule` departures, vehicles and
//! trucks · [`replan`] when a lab stops · [`unserved`](fn@unserved) where nobody comes any more · [`check`](mod@check) an independent replay.
//!
//! It does not know where tubes come from: their number by quarter of an hour is given, from a rehearsal of the sites. It knows no
//! chance either: a plan is made for what is to be expected, and a rehearsal says what chance makes of it. It reads no clock; the
//! second opinion does, which is why it is a feature.

mod assign;
pub mod check;
pub mod made;
mod places;
mod planned;
mod replan;
mod rounds;
mod schedule;
mod task;
mod unserved;
mod ways;
mod windows;

pub use planned::{Effort, Planned, plan};
pub use replan::{Replanned, replan};
pub use task::{Away, Lab, LabPlace, QUARTER_MIN, Site, Task, Vehicle};
pub use unserved::{LEFT, unserved};
