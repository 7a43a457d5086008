//! A journal in a PostgreSQL database.

mod connect;

pub use connect::{ConnectError, connect};
