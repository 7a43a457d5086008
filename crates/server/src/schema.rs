//! What goes over the wire, described for the API's schema.
//!
//! The middle's types know nothing of schemas. Here stand their twins; a test holds each of them against what is really
//! sent, both ways, so that neither can grow without the other.

pub mod answers;
pub mod events;
pub mod figures;
pub mod notes;
pub mod options;
pub mod plan;
pub mod rehearsal;
pub mod view;
