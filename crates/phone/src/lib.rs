//! What a volunteer's phone knows, does and has written down, with or without a network. A page, a drill and the
//! simulator all use this one.
//!
//! Map: [`Bundle`] what a phone is given when it joins · [`Phone`] the phone: a step is [decided](Phone::decide), written
//! down by whoever has a disk, and [done](Phone::done); what is not sent yet goes out as a [slice](Phone::slice) ·
//! [`Door`], [`Person`] its part of the roll, found by digits · [`Scanned`] what a scanned or typed text is ·
//! [`Now`] what a screen shows, [`CallsNow`] the doors that a caller walks to, [`BoxesNow`] of tubes on their way · [`paper`] a shift that was written down by hand and is typed in afterwards.
//!
//! It has no clock, no chance, no disk and no network: moments and randomness come with the calls, and what is to be stored
//! or sent goes back to the caller. It has no rule of its own: `round` decides.

mod boxes;
mod bundle;
mod calls;
mod doors;
mod now;
pub mod paper;
mod phone;
mod scanned;
mod step;

pub use boxes::{BoxNow, BoxesNow, CallNow, TubeLabel};
pub use bundle::{Bundle, Door, Person, Task, Wave};
pub use calls::{CallsNow, DoorList, ListKind, Walks};
pub use doors::{Found, HOUSEHOLDS_MAX};
pub use now::{Call, DoorNow, Now, PersonNow, TubeNow, WatchedNow};
pub use phone::{Kept, Phone};
pub use scanned::{ForeignCard, Scanned};
pub use step::{Refused, Step};
