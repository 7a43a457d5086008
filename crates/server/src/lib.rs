//! Scenarios, plans and rehearsals over HTTP, and the pages: a mouth of the house for browsers.
//!
//! # Map
//! [`Server`] listens and stops, over `tls` for others, `connections` of whoever comes · [`App`] the service with the layers around it · [`access`] who may
//! do and see what · [`people`] accounts and names · [`run`] real rounds · `api` what can be asked · `schema` what goes over the wire · [`Store`]
//! the scenarios · `db` the database of these · [`sharing`] data folders of processes that share one, [`migrate`] the way there · [`drill`] those in which nothing is real · `recording`, `stream` what a live board plays · `rostering` rosters of volunteers · `channels` where notices are sent · `mllp` results of labs' systems · `machine` rehearsals on this machine's processors ·
//! [`clock`] local times · `guard` which pages may speak to it · `pages` the built pages · `problem` what is wrong, in words · [`telemetry`] what whoever runs it sees of it · [`limits`] every limit
//! with its reason.
//!
//! # What it deliberately does not know
//! No rule of queues, plans or the scenario's format: it hands files to the verbs, and their answers on. Nothing of a roll's
//! cells, and nobody's address or id, reaches an address, a problem, a log or a metric.

pub mod access;
pub mod clock;
pub mod drill;
pub mod limits;
pub mod migrate;
pub mod people;
pub mod run;
pub mod sharing;
pub mod telemetry;

mod api;
mod app;
mod channels;
mod connections;
mod db;
mod guard;
mod listen;
mod machine;
mod mllp;
mod pages;
mod placing;
mod problem;
mod recording;
mod rostering;
mod schema;
mod store;
mod stream;
mod tls;

pub use crate::{
    app::{App, openapi},
    channels::{ChannelProblem, Channels},
    db::{Database, Error as DatabaseError, distribution},
    listen::{Listen, ListenError, Peer, Server, Told, Typed},
    pages::{Find, are_built},
    people::{People, PeopleError},
    placing::place,
    problem::Problem,
    rostering::card_code,
    run::{Runs, RunsError},
    store::{Changes, Id, Kept, Listed, Packed, Store, StoreError, Written},
    tls::{CertificateFiles, TlsError},
};
