//! Parties that work together: a community, a committee, a city, the cities that come to help. Each keeps a book of its own, and tells the
//! others what it chose to share.
//!
//! Map: [`Card`] by which parties get to know each other · [`Act`] what is written in a book, [`Written`] with its time and its person ·
//! [`Command`] what somebody asks for, [`Refusal`] why not · [`Book`] the state: [`Book::decide`] makes acts of a command, [`Book::admit`] takes in
//! what the journal has, whoever wrote it; stock and shipments in it are the crate `supplies`'s, requests, offers and teams the crate `teams`'s · [`Partner`] another party, and what it was told: a
//! log that stands in the book ([`Book::untold`], [`Book::told`], [`heard_in`]).
//!
//! What a partner is told is one signed log, as a phone's is: it is sent to the same door, in slices, and sending again is always a success. No
//! list of what is still to be sent is kept: what is told next is an act of the book ([`PartnerEvent::Told`]), and the other's answer says how far it is.
//!
//! It has no clock, stores nothing and sends nothing. A party passes on nothing that a third one told it.

mod act;
mod aid;
mod book;
mod card;
mod concern;
mod decide;
mod hex;
mod near;
mod partner;
mod refusal;
mod words;

pub use act::{Act, AidEvent, PartnerEvent, Subject, SuppliesEvent, ToldAt, WordsEvent, Writer, Written};
pub use book::Book;
pub use card::Card;
pub use decide::{Command, PARTNERS_MOST, WORDS_LETTERS};
pub use near::{Near, NearWhy};
pub use partner::{Partner, ToldFrame, beside, heard_in, question};
pub use refusal::Refusal;
pub use words::Message;

/// A key of the catalogue, and what fills its gaps.
pub type Said = (&'static str, Vec<(&'static str, String)>);
