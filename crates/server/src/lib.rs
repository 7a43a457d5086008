//! Scenarios, plans and rehearsals over HTTP, and the pages: a mouth of the house for browsers.
//!
//! # Map
//! [`Server`] listens and stops · [`App`] the service with the layers around it · `api` what can be asked · `schema` what
//! goes over the wire · [`Store`] the data folder · `recording`, `stream` what a live board plays · `machine` rehearsals on
//! this machine's processors · `guard` who may speak to it · `pages` the built pages · `problem` what is wrong, in words ·
//! [`limits`] every limit with its reason.
//!
//! # What it deliberately does not know
//! No rule of queues, plans or the scenario's format: it hands files to the verbs, and their answers on. It has no
//! accounts yet, so it listens on this machine alone. It writes no log, and nothing of a roll's cells reaches an address
//! or a problem.

pub mod limits;

mod api;
mod app;
mod guard;
mod listen;
mod machine;
mod pages;
mod problem;
mod recording;
mod schema;
mod store;
mod stream;

pub use crate::{
    app::{App, openapi},
    listen::{Address, ListenError, Server},
    pages::{Find, are_built},
    problem::Problem,
    store::{Changes, Id, Kept, Listed, Packed, Store, StoreError, Written},
};
