//! A journal in a PostgreSQL database: the same tables, keys and meaning as in the file, for any number of processes at once.
//!
//! Map: [`connect()`] a connection by its address · [`distribution`] how the tables are spread over machines by Citus. To
//! write to one is [`Options::connect`](crate::Options::connect).
//!
//! A transaction is of one community, and begins by locking the community's own row. So whatever is decided in it stands
//! still until it ends: logs are compared and set, positions are given in the order of the commits, and a reader who goes on
//! from the last position that it saw passes none that is committed later. No transaction waits for a second lock, so that
//! none can wait for each other. On Citus it is a transaction of one shard.
//!
//! Uploads wait by community; a few threads, each with a connection of its own, take what waits of one, decide it all, and
//! commit it. What a process knows of logs in memory is a hint: chains are checked against it beside the writers, and the
//! row decides. A transaction that failed without a fault of its own is tried again whole, on a new connection where the
//! old one is gone; that it may have been committed after all is no matter, for what is held already is a success.
//!
//! After each commit the other processes are told by `NOTIFY`, which is sent after it and not within: notices within
//! transactions have all of a server's commits wait for each other. Who is not told finds out by looking, once a second.

mod batch;
mod connect;
mod follow;
mod journal;
mod reader;
mod schema;
mod session;
mod verify;
mod waiting;
mod writer;

pub use connect::{ConnectError, connect};
pub(crate) use journal::Journal;
pub use schema::distribution;
