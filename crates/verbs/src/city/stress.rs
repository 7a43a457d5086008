//! `rehearse --stress` on a city: every card that it can meet and every pair is played, to see what breaks first, how much it
//! takes, and which single change would survive it.
//!
//! Map: [`stress`] the whole · [`CityStrain`], [`CityLimit`] when a day breaks · [`CityTrial`] a day with faults ·
//! [`CityAnswer`], [`CityChange`] what survives it · `output` the JSON and the sentences.

mod change;
mod output;
mod strain;

pub use change::{CityAnswer, CityChange};
pub use output::limits_in_words;
pub use strain::{CityLimit, CityStrain};

use super::LivedCity;
use crate::{
    faults::PlayedFault,
    stress::{
        Margin,
        margin::{between, ends},
    },
};
use domain::City;
use rehearse::{
    Purpose,
    city::CityFigures,
    faults::{Fault, Worse, cards, faulted_city},
};

/// Halvings between a value that holds and one that breaks: a city's day takes a second.
const STEPS: u32 = 6;

/// Lives a city's days for a purpose, without looking for help.
pub type Live<'a, E> = dyn FnMut(City, Purpose) -> Result<LivedCity, E> + 'a;

/// A city's day with faults.
#[derive(Debug)]
pub struct CityTrial {
    /// The cards as they are usually played.
    pub faults: Vec<PlayedFault>,
    /// What the day came to; `None` where the city cannot meet a card.
    pub found: Option<(CityFigures, CityStrain)>,
}

/// What a stress test of a city found.
#[derive(Debug)]
pub struct StressedCity {
    /// The day without any card.
    pub plain: LivedCity,
    /// How near it is to its limits by itself.
    pub strain: CityStrain,
    /// Each card, alone.
    pub cards: Vec<CityTrial>,
    /// Each pair that the city can meet; none where it breaks without any card.
    pub pairs: Vec<CityTrial>,
    /// What breaks it first.
    pub first: CityFirst,
    /// How much of each card it takes; none where it breaks without any.
    pub margins: Vec<Margin>,
    /// What survives each card that breaks it, and what breaks it first.
    pub answers: Vec<CityAnswer>,
}

/// What breaks a city first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CityFirst {
    /// It breaks without any card; the card that raises a strain most, if one does.
    Itself(Option<usize>),
    /// A card does.
    Card(usize),
    /// No card alone, but a pair.
    Pair(usize),
    /// None does.
    Nothing,
}

impl CityTrial {
    /// The greatest strain; 0 where nothing was tried.
    pub fn worst(&self) -> f64 {
        self.found.as_ref().map_or(0.0, |(_, strain)| strain.worst())
    }

    /// Whether the day breaks.
    pub fn breaks(&self) -> bool {
        self.worst() > 1.0
    }
}

impl StressedCity {
    /// What breaks the city first; nothing where it breaks by itself, or holds.
    pub fn first_faults(&self) -> &[PlayedFault] {
        match self.first {
            CityFirst::Card(place) => &self.cards[place].faults,
            CityFirst::Pair(place) => &self.pairs[place].faults,
            CityFirst::Itself(_) | CityFirst::Nothing => &[],
        }
    }

    /// The answer to these faults, if one was looked for.
    fn answer_to(&self, faults: &[PlayedFault]) -> Option<&CityAnswer> {
        let same = |answer: &&CityAnswer| answer.faults.iter().eq(faults.iter().map(|told| &told.fault));
        self.answers.iter().find(same)
    }
}

/// Plays every card that the city can meet and every pair, each as it is usually played, all with the luck of the day
/// without. `progress` is told how many days are done of about how many.
///
/// # Errors
/// Those of `live`.
pub fn stress<E>(
    plain: LivedCity,
    live: &mut Live<'_, E>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<StressedCity, E> {
    let city = plain.city.clone();
    let strain = CityStrain::of(&city, &plain.figures);
    let breaks_itself = strain.worst() > 1.0;
    let usual: Vec<PlayedFault> =
        cards().iter().map(|card| PlayedFault::of_city(Fault::usual(card), &city)).collect();
    let met: Vec<&PlayedFault> = usual.iter().filter(|told| told.unmet.is_none()).collect();
    let pairs = met.len() * met.len().saturating_sub(1) / 2;
    let more = if breaks_itself { 0 } else { pairs + met.len() * STEPS as usize };
    // Some of the cards break it, and then changes are tried.
    let (about, mut done) = ((met.len() + more + met.len() * 2) as u64, 0);
    let mut live = |day: City, purpose: Purpose| {
        done += 1;
        progress(done.min(about), about);
        live(day, purpose)
    };
    let mut trial = |faults: Vec<PlayedFault>| {
        let found = if faults.iter().any(|told| told.unmet.is_some()) {
            None
        } else {
            let faults: Vec<Fault> = faults.iter().map(|told| told.fault).collect();
            let lived = live(faulted_city(&city, &faults), Purpose::Rehearse)?;
            let strain = CityStrain::of(&lived.city, &lived.figures);
            Some((lived.figures, strain))
        };
        Ok::<CityTrial, E>(CityTrial { faults, found })
    };
    let cards = usual.iter().map(|told| trial(vec![told.clone()])).collect::<Result<Vec<_>, E>>()?;
    let mut pairs = Vec::new();
    if !breaks_itself {
        for (place, one) in met.iter().enumerate() {
            for other in &met[place + 1..] {
                pairs.push(trial(vec![(*one).clone(), (*other).clone()])?);
            }
        }
    }
    let first = first(&strain, &cards, &pairs);
    let mut margins = Vec::new();
    for card in cards.iter().filter(|card| card.found.is_some() && !breaks_itself) {
        let fault = card.faults[0].fault;
        let Some(range) = range(&fault, &city) else { continue };
        margins.push(between(fault, range, STEPS, card.breaks(), &mut |value| {
            let lived = live(faulted_city(&city, &[fault.with_value(value)]), Purpose::Rehearse)?;
            Ok(CityStrain::of(&lived.city, &lived.figures).worst() > 1.0)
        })?);
    }
    let mut asked: Vec<Vec<Fault>> = match first {
        CityFirst::Itself(_) => vec![Vec::new()],
        CityFirst::Pair(place) => vec![pairs[place].faults.iter().map(|told| told.fault).collect()],
        _ => Vec::new(),
    };
    if !breaks_itself {
        asked.extend(cards.iter().filter(|card| card.breaks()).map(|card| vec![card.faults[0].fault]));
    }
    let answers = asked
        .into_iter()
        .map(|faults| change::answer(&city, faults, &mut live))
        .collect::<Result<Vec<_>, E>>()?;
    Ok(StressedCity { strain, cards, pairs, first, margins, answers, plain })
}

fn first(strain: &CityStrain, cards: &[CityTrial], pairs: &[CityTrial]) -> CityFirst {
    let most = |trials: &[CityTrial], of: &dyn Fn(&CityStrain) -> f64, least: f64| {
        let tried = trials.iter().enumerate();
        let tried = tried.filter_map(|(place, trial)| Some((place, of(&trial.found.as_ref()?.1))));
        let most = tried.reduce(|best, next| if next.1 > best.1 { next } else { best });
        most.filter(|(_, found)| *found > least).map(|(place, _)| place)
    };
    if strain.worst() > 1.0 {
        return CityFirst::Itself(most(cards, &|with| with.above(strain), 0.0));
    }
    most(cards, &CityStrain::worst, 1.0)
        .map(CityFirst::Card)
        .or_else(|| most(pairs, &CityStrain::worst, 1.0).map(CityFirst::Pair))
        .unwrap_or(CityFirst::Nothing)
}

/// The mildest and the worst value that any site of the city can meet.
fn range(fault: &Fault, city: &City) -> Option<(f64, f64)> {
    let mut used = vec![false; city.shapes.len()];
    city.sites.iter().for_each(|site| used[site.shape as usize] = true);
    let shapes = city.shapes.iter().zip(used).filter(|(_, used)| *used);
    let of_shapes = shapes.filter_map(|(shape, _)| ends(fault, &city.alone(shape), None));
    let worse = fault.card.scale.as_ref()?.worse;
    of_shapes.reduce(|one, other| match worse {
        Worse::Up => (one.0.min(other.0), one.1.max(other.1)),
        Worse::Down => (one.0.max(other.0), one.1.min(other.1)),
    })
}
