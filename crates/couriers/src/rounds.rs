//! The ways of vehicles: which stops one drives one after the other, from a lab and back, so that all together drive little.
//!
//! First each stop has a way of its own; then strings of neighbouring stops are taken out and put back where they fit best, again and
//! again, also into the ways of another lab that has room (J. Christiaens and G. Vanden Berghe, Slack induction by string removals
//! for vehicle routing problems, Transportation Science 54, 2020). The number of tries is given, not a time, so that the same task
//! gives the same rounds.

mod ruin;
#[cfg(feature = "routes")]
mod second;
mod tours;

pub(crate) use ruin::shorten;
#[cfg(feature = "routes")]
pub(crate) use second::second_opinion;
pub(crate) use tours::{Field, Standing, Tour};
