//! `[travel]`: minutes between communities, with packing up and setting up.

use super::community;
use crate::reader::{Context, Limits, Section};
use domain::Place;

/// Minutes of a way within one committee's reach; beyond that it is another day.
const MINUTES: Limits = Limits::new(0.0, 600.0);
/// Pairs that may be named: each with each.
const PAIRS_MAX: usize = 20 * 19 / 2;

/// The ways as far as they are said.
pub(super) struct Ways {
    pub pack_min: f64,
    pub setup_min: f64,
    /// Between any two of which nothing else is said.
    usual_min: Option<f64>,
    pairs: Vec<Vec<Option<f64>>>,
    place: Place,
}

impl Ways {
    /// Nothing is said.
    pub(super) fn unknown(communities: usize, place: Place) -> Ways {
        let pairs = vec![vec![None; communities]; communities];
        Ways { pack_min: 0.0, setup_min: 0.0, usual_min: None, pairs, place }
    }

    /// Minutes from each to each; notes the pairs of which nothing is said.
    pub(super) fn whole(&self, context: &Context<'_>, communities: &[&str]) -> Vec<Vec<f64>> {
        let count = communities.len();
        let mut whole = vec![vec![0.0; count]; count];
        for one in 0..count {
            for other in (0..count).filter(|&other| other != one) {
                match self.pairs[one][other].or(self.usual_min) {
                    Some(minutes) => whole[one][other] = minutes,
                    None if one < other => {
                        let pair: [(&str, &dyn std::fmt::Display); 2] =
                            [("one", &communities[one]), ("other", &communities[other])];
                        context.error(&self.place, "crews_no_way", &pair);
                    }
                    None => {}
                }
            }
        }
        whole
    }
}

/// `[travel]`.
pub(super) fn read(mut section: Section<'_>, communities: &[&str]) -> Ways {
    let mut ways = Ways::unknown(communities.len(), section.place.clone());
    ways.pack_min = section.need("pack_min").and_then(|field| field.number(MINUTES)).unwrap_or_default();
    ways.setup_min = section.need("setup_min").and_then(|field| field.number(MINUTES)).unwrap_or_default();
    ways.usual_min = section.number("way_min", MINUTES);
    for mut pair in section.get("between").map(|field| field.tables(PAIRS_MAX)).unwrap_or_default() {
        let ends = pair.need("communities");
        let minutes = pair.need("way_min").and_then(|field| field.number(MINUTES));
        if let Some(ends) = ends
            && let Some(named) = ends.list(2)
        {
            let named: Vec<_> = named.iter().filter_map(|field| community(field, communities)).collect();
            match (named.as_slice(), minutes) {
                (&[one, other], Some(minutes)) if one != other => {
                    if ways.pairs[one][other].is_some() {
                        let args: [(&str, &dyn std::fmt::Display); 2] =
                            [("one", &communities[one]), ("other", &communities[other])];
                        pair.context.error(&ends.place, "crews_way_twice", &args);
                    }
                    ways.pairs[one][other] = Some(minutes);
                    ways.pairs[other][one] = Some(minutes);
                }
                (&[_, _], None) => {}
                _ if pair.context.refuses() => {}
                _ => ends.error("crews_way_ends", &[]),
            }
        }
        pair.finish();
    }
    section.finish();
    ways
}
