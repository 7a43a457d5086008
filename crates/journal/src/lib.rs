//! An append-only log of one device for one community: what is written down once is never changed, lost or doubled
//! without being noticed.
//!
//! Map: [`LogName`] whose log · [`Frame`] an event as bytes, chained to the one before · [`Head`] where a log stands ·
//! [`Slice`] what is sent, with one [`Signature`] over its head · [`Tail`] what a device has not been told is stored ·
//! [`admit`] what a server takes of a slice, or why not.
//!
//! It knows no domain: a body is bytes. It has no clock and no chance: who makes keys brings the randomness. It stores nothing
//! either, unless it is built with the feature `sqlite`, which keeps the logs of many devices in one file, or `postgres`,
//! which keeps them in a database that any number of processes share; [`Journal`] is the door to both.

mod admit;
mod claim;
mod frame;
mod key;
#[cfg(feature = "postgres")]
pub mod postgres;
mod slice;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod store;
mod tail;
mod wire;

pub use admit::{Admitted, Held, Refused, admit};
pub use frame::{BODY_MAX, Frame, Hash, Head, LogName};
pub use key::{PublicKey, SecretKey, Signature};
pub use slice::{BYTES_MAX, FRAMES_MAX, Slice};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use store::*;
pub use tail::Tail;
pub use wire::Garbled;
