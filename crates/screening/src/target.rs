//! Whether a target such as "no cases outside quarantine by the 11th" can be reached, and what moves it.
//!
//! Map: [`Assumptions`] what nobody knows, in named sets · [`Policy`] what is done from when on · [`Tracker`] learns from the
//! cases so far how things stand · [`Forecast`] how they may go on · [`Goal`] when the target counts as reached · [`Scores`] how good such forecasts were within the
//! series itself, beside naive ones.
//!
//! A renewal model by days. Whoever is infected and not found yet infects others by the load of that day
//! ([`transmission`](crate::transmission)); their number has a negative binomial law (superspreading), so that an outbreak can die out. R
//! without screening wanders from day to day, and nobody sees it: a particle filter (Gordon, Salmond, Smith, IEE Proceedings
//! F 140, 1993) keeps those of thousands of paths that foretold the cases reported. What is reported scatters around what is found, by
//! a negative binomial law whose dispersion is learned, too. Another policy changes how soon people are found, and with it, by the same viral loads, how many they infect.
//!
//! It does not know where people live, who has been ill or vaccinated, and why R changes.

mod assumptions;
mod backtest;
mod draws;
mod filter;
mod forecast;
mod goal;
mod naive;
mod path;
mod regime;
mod score;

pub use assumptions::{Assumptions, SETS};
pub use backtest::{CountScore, EventScore, HORIZONS, Scores, WITHIN, backtest};
pub use filter::Tracker;
pub use forecast::{Forecast, forecast};
pub use goal::Goal;
pub use regime::{Policy, Step};
pub use score::{crps, quantile};
