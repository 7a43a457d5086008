//! What a city's page draws: the documents that the commands print, read and held against themselves, and of them what somebody may
//! see, in the order and the words in which it is shown. Server and page have it from here.
//!
//! Map: [`read`](read()) a document, [`text`] as it is kept · [`Sees`] whose part is shown · [`CityView::add`] a document into what is shown · `rounds`, `teams`, `target` the
//! three kinds.
//!
//! Whoever looks after a district sees figures of its own sites and tubes, and none from which another district's follow: no sum over the
//! city, no sentence about it. Whoever looks after a lab sees what comes to it, and nothing of what comes to another.

mod read;
mod rounds;
mod target;
mod teams;

pub use read::{BYTES_MAX, Document, Kind, read, text};

use rounds::RoundsView;
use serde::Serialize;
use std::collections::BTreeSet;
use target::Target;
use teams::TeamsView;

/// Whose part of a city is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sees {
    /// The whole city.
    All,
    /// The districts and the labs of these names.
    Part {
        /// Of each its own sites and tubes, and the teams that come to it.
        districts: BTreeSet<String>,
        /// Of each the tubes that come to it.
        labs: BTreeSet<String>,
    },
}

impl Sees {
    fn all(&self) -> bool {
        matches!(self, Sees::All)
    }

    fn district(&self, name: &str) -> bool {
        match self {
            Sees::All => true,
            Sees::Part { districts, .. } => districts.contains(name),
        }
    }

    fn lab(&self, name: &str) -> bool {
        match self {
            Sees::All => true,
            Sees::Part { labs, .. } => labs.contains(name),
        }
    }

    /// Whether it is nothing but labs: no team comes to one.
    fn labs_alone(&self) -> bool {
        matches!(self, Sees::Part { districts, .. } if districts.is_empty())
    }
}

/// What is shown.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CityView {
    rounds: Option<RoundsView>,
    teams: Option<TeamsView>,
    target: Option<Target>,
}

impl CityView {
    /// Adds what somebody may see of a document, in the place of one of the same kind. A target is the whole city's: a district or a lab
    /// has no part of it.
    pub fn add(&mut self, document: &Document, sees: &Sees) {
        match document {
            Document::Rounds(of) => self.rounds = Some(rounds::view(of, sees)),
            Document::Aid(of) => self.teams = (!sees.labs_alone()).then(|| teams::view(of, sees)),
            Document::Target(of) => self.target = sees.all().then(|| of.clone()),
        }
    }
}
