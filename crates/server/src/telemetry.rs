//! What whoever runs a server sees of it: metrics, a log of what went wrong, and whether it can take requests. No name, no
//! door, no id of a person and no client's address is in any of it: a request is the route that it took, never its path.
//!
//! # Map
//! [`Metric`] all that is counted · [`Side`] a listener of its own for it · [`log()`] lines on stderr · `request` each request ·
//! `ready` whether the stores answer.

mod log;
mod metric;
mod ready;
mod request;
mod side;

pub(crate) use log::TARGET;
pub use log::{Format, Level, log};
pub use metric::{Kind, Metric};
pub(crate) use metric::{committed, posted, purged, slice};
pub use ready::{NotReady, ready};
pub(crate) use request::{Reference, Waited, watched};
pub(crate) use side::Side;
