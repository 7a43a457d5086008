//! The report: one page that stands alone, in every language of the house, to be read on a telephone, on a wall and on
//! paper. It draws what it is given and judges nothing but more and less.
//!
//! Map: `page` the whole · `head` title and findings · `key_figures`, `card` figures side by side · `queue`, `waits`,
//! `crowding`, `stations`, `green` the pictures · `making` the small print · `review` a document as a page of the same kind · `city`, `target` pages of their own · `sheet` what the pictures share · `plot`,
//! `axis`, `curve`, `figure` how a picture is drawn · `voice`, `number` words and numbers.

mod axis;
mod card;
mod city;
mod crowding;
mod curve;
mod figure;
mod green;
mod head;
mod key_figures;
mod making;
mod number;
mod page;
mod plot;
mod queue;
mod review;
mod sheet;
mod stations;
mod target;
mod voice;
mod waits;

#[cfg(test)]
mod tests;

pub use city::city_page;
use domain::{Scenario, scenario::Site};
use rehearse::{Curves, Figures};
pub use review::review_page;
pub use target::target_page;
pub use verbs::Finding;
use words::Language;

/// All that the page shows.
pub struct Report<'a> {
    /// What was rehearsed.
    pub scenario: &'a Scenario,
    /// One for each policy or swept value, the one under discussion last.
    pub runs: Vec<Run>,
    /// What the figures say, as sentences of the catalogue.
    pub findings: Vec<Finding>,
    /// The command that makes the page again.
    pub command: String,
    /// The seed of the rehearsal.
    pub seed: u64,
    /// The languages that the page speaks, one at a time; the first where there is no script.
    pub languages: Vec<Language>,
}

impl Report<'_> {
    /// The page: one HTML file that loads nothing.
    pub fn page(&self) -> String {
        page::page(self)
    }
}

/// One rehearsal.
pub struct Run {
    /// `broadcast`, `waves`, or a swept value such as `site.lanes=3`.
    pub name: String,
    /// The site as it was in this run.
    pub site: Site,
    /// Its figures.
    pub figures: Figures,
    /// Who stands where, minute by minute.
    pub curves: Curves,
    /// Share of those served who waited at most k minutes, for k = 0, 1, 2 …
    pub waited_at_most: Vec<f64>,
}
