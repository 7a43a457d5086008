//! What authorities require, whether a community keeps it, and what its residents are told.
//!
//! # Map
//! [`check`](check()) the community against its chain of directives, and the chain against itself · [`hold`], [`clash`] one demand
//! against another · `practice` what a community does, in the terms of demands · [`Notice`], [`write`](write()) what residents are
//! told, as facts · `correct` what is otherwise than before · `words` the same in sentences: paper, chat, loudspeaker · [`spoken`] numbers as words ·
//! [`alert`](Notice::alert) the same for public alerts · [`grouped`] residents' questions · [`receipts`](receipts()) who has it ·
//! `print` the same as files.
//!
//! # What it deliberately does not know
//! No disk, no clock, no network, and no name of a resident: a notice is for everybody, a building, an entrance or a door.

mod addressed;
mod alert;
mod check;
mod correct;
mod local;
mod practice;
#[cfg(feature = "files")]
mod print;
mod questions;
mod receipts;
mod spoken;
mod verdict;
mod words;
mod write;

pub use addressed::Addressed;
pub use check::{Held, check};
pub use local::local_time;
pub use practice::shown;
#[cfg(feature = "files")]
pub use print::pdf;
pub use questions::{Answered, grouped};
pub use receipts::{EntranceReceipts, receipts};
pub use spoken::spoken;
pub use verdict::{Verdict, clash, hold};
pub use words::Paper;
pub use write::{Above, Both, Call, Change, How, Notice, Replaced, Request, write};
