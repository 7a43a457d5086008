//! `rehearse --stress` on a city: each card that it can meet is played alone, to see what breaks first.

use super::{DayOutput, LivedCity};
use crate::{
    Voice,
    faults::{PlayedFault, in_words},
    number::NONE,
};
use domain::City;
use rehearse::{
    TICKS_PER_MINUTE,
    city::CityFigures,
    faults::{Fault, cards, faulted_city},
};
use serde::Serialize;

/// One in a hundred who goes home unserved is a round that has to come back, as at a single site.
const UNSERVED_SHARE: f64 = 0.01;
/// More jammed sites than one in twenty are more than anybody drives help to in a day: ours to assume.
const JAMMED_SHARE: f64 = 0.05;
/// A round of which one tube in twenty is late has not said who is ill: ours to assume.
const LATE_SHARE: f64 = 0.05;

/// What a city's day can break, in the order in which it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CityLimit {
    /// One site in twenty jams.
    Jammed,
    /// One person in a hundred gives up or is turned away.
    Served,
    /// 97 in 100 are done before the last site closes.
    Closing,
    /// One tube in twenty has no result in time.
    Tubes,
}

impl CityLimit {
    /// All, in the order in which they are said.
    pub const ALL: [CityLimit; 4] =
        [CityLimit::Jammed, CityLimit::Served, CityLimit::Closing, CityLimit::Tubes];

    /// The word for it in the catalogue, under `stress.city_limit.`.
    fn name(self) -> &'static str {
        match self {
            CityLimit::Jammed => "jammed",
            CityLimit::Served => "served",
            CityLimit::Closing => "closing",
            CityLimit::Tubes => "tubes",
        }
    }
}

/// Figures over their limits: above 1 the day breaks. Null where the city sets no limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CityStrain {
    /// Of the sites that jam, over one in twenty.
    pub jammed: f64,
    /// Of those who gave up or were turned away, over one in a hundred.
    pub served: f64,
    /// Of the time at which 97 in 100 are done, over the last site's closing.
    pub closing: Option<f64>,
    /// Of the tubes that have no result in time, over one in twenty.
    pub tubes: Option<f64>,
}

impl CityStrain {
    /// Of a day, as its figures say.
    pub fn of(city: &City, figures: &CityFigures) -> CityStrain {
        let closes: Option<Vec<i64>> = city.shapes.iter().map(|shape| shape.closes).collect();
        let closes = closes
            .and_then(|closes| closes.into_iter().max())
            .map(|closes| closes as f64 / TICKS_PER_MINUTE as f64);
        let jammed = figures.sites.jammed as f64 / figures.sites.count.max(1) as f64;
        let not_served = (figures.left + figures.unserved) / figures.people.max(1.0);
        CityStrain {
            jammed: jammed / JAMMED_SHARE,
            served: not_served / UNSERVED_SHARE,
            closing: closes
                .filter(|&closes| closes > 0.0)
                .map(|closes| figures.done_97_min.unwrap_or(0.0) / closes),
            tubes: figures.tubes.map(|tubes| (1.0 - tubes.in_time_share) / LATE_SHARE),
        }
    }

    fn each(&self) -> [(CityLimit, f64); 4] {
        let values = [self.jammed, self.served, self.closing.unwrap_or(0.0), self.tubes.unwrap_or(0.0)];
        std::array::from_fn(|place| (CityLimit::ALL[place], values[place]))
    }

    /// What breaks.
    pub fn breaks(&self) -> Vec<CityLimit> {
        self.each().into_iter().filter(|(_, strain)| *strain > 1.0).map(|(limit, _)| limit).collect()
    }

    /// The greatest strain.
    pub fn worst(&self) -> f64 {
        self.each().into_iter().map(|(_, strain)| strain).fold(0.0, f64::max)
    }

    /// The greatest rise of a strain above another day's.
    fn above(&self, other: &CityStrain) -> f64 {
        self.each().iter().zip(other.each()).map(|(this, that)| this.1 - that.1).fold(0.0, f64::max)
    }
}

/// A city's day with one card.
#[derive(Debug)]
pub struct CityTrial {
    /// The card as it is usually played.
    pub fault: PlayedFault,
    /// What the day came to; `None` where the city cannot meet the card.
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
    /// Whether the city breaks without any card, or else the card that breaks it first.
    pub first: CityFirst,
}

/// What breaks a city first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CityFirst {
    /// It breaks without any card; the card that raises a strain most, if one does.
    Itself(Option<usize>),
    /// A card does.
    Card(usize),
    /// None does.
    Nothing,
}

/// Plays every card that the city can meet, each as it is usually played, all with the luck of the day without.
///
/// # Errors
/// Those of `live`.
pub fn stress<E>(
    plain: LivedCity,
    live: &mut dyn FnMut(City) -> Result<LivedCity, E>,
) -> Result<StressedCity, E> {
    let city = &plain.city;
    let mut cards_found = Vec::new();
    for fault in cards().iter().map(Fault::usual) {
        let told = PlayedFault::of_city(fault, city);
        let found = match told.unmet {
            Some(_) => None,
            None => {
                let lived = live(faulted_city(city, &[fault]))?;
                let strain = CityStrain::of(&lived.city, &lived.figures);
                Some((lived.figures, strain))
            }
        };
        cards_found.push(CityTrial { fault: told, found });
    }
    let strain = CityStrain::of(city, &plain.figures);
    let most = |of: &dyn Fn(&CityStrain) -> f64| {
        let tried = cards_found.iter().enumerate();
        let tried = tried.filter_map(|(place, trial)| Some((place, of(&trial.found.as_ref()?.1))));
        tried.reduce(|best, next| if next.1 > best.1 { next } else { best })
    };
    let first = if strain.worst() > 1.0 {
        let raised = most(&|with| with.above(&strain)).filter(|(_, rise)| *rise > 0.0);
        CityFirst::Itself(raised.map(|(place, _)| place))
    } else {
        match most(&CityStrain::worst).filter(|(_, worst)| *worst > 1.0) {
            Some((place, _)) => CityFirst::Card(place),
            None => CityFirst::Nothing,
        }
    };
    Ok(StressedCity { strain, cards: cards_found, first, plain })
}

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    day: DayOutput<'a>,
    stress: Stress<'a>,
    findings: Vec<String>,
}

#[derive(Serialize)]
struct Stress<'a> {
    replications: u32,
    strain: CityStrain,
    cards: Vec<TrialOutput<'a>>,
    /// The card that breaks the city first; null where none does, or where it breaks without.
    first: Option<&'a PlayedFault>,
}

#[derive(Serialize)]
struct TrialOutput<'a> {
    faults: [&'a PlayedFault; 1],
    unmet: Option<&'static str>,
    breaks: Vec<CityLimit>,
    strain: Option<CityStrain>,
    wait_p95_min: Option<f64>,
    done_97_min: Option<f64>,
    left: Option<f64>,
    unserved: Option<f64>,
    jammed: Option<u64>,
    tubes_in_time_share: Option<f64>,
    result_p95_h: Option<f64>,
}

impl StressedCity {
    /// The command's JSON.
    pub fn output(&self, voice: Voice) -> impl Serialize + '_ {
        Output {
            day: self.plain.day_output(),
            stress: Stress {
                replications: self.plain.figures.replications,
                strain: self.strain,
                cards: self.cards.iter().map(trial_output).collect(),
                first: match self.first {
                    CityFirst::Card(place) => Some(&self.cards[place].fault),
                    CityFirst::Itself(_) | CityFirst::Nothing => None,
                },
            },
            findings: self.sentences(voice),
        }
    }

    /// What breaks first.
    pub fn sentences(&self, voice: Voice) -> Vec<String> {
        let name = |place: usize| self.name(&self.cards[place], voice);
        let breaks = |place: usize| {
            self.cards[place].found.as_ref().map_or_else(Vec::new, |(_, strain)| strain.breaks())
        };
        match self.first {
            CityFirst::Nothing => vec![voice.word("stress.city_nothing_breaks")],
            CityFirst::Card(place) => {
                let limits = limits_in_words(&breaks(place), voice);
                vec![voice.say("stress.breaks_first", &[("faults", &name(place)), ("limits", &limits)])]
            }
            CityFirst::Itself(raises) => {
                let limits = limits_in_words(&self.strain.breaks(), voice);
                let mut said = vec![voice.say("stress.city_breaks", &[("limits", &limits)])];
                said.extend(raises.map(|place| voice.say("stress.city_raises", &[("faults", &name(place))])));
                said
            }
        }
    }

    /// A card's name with how much, from when and where.
    pub fn name(&self, trial: &CityTrial, voice: Voice) -> String {
        let words = in_words(trial.fault.clone(), self.plain.city.round.opens, voice);
        if words.amount.is_empty() {
            words.title
        } else {
            voice.say("fault.with_amount", &[("title", &words.title), ("amount", &words.amount)])
        }
    }
}

fn trial_output(trial: &CityTrial) -> TrialOutput<'_> {
    let figures = trial.found.as_ref().map(|(figures, _)| figures);
    let strain = trial.found.as_ref().map(|(_, strain)| *strain);
    TrialOutput {
        faults: [&trial.fault],
        unmet: trial.fault.unmet,
        breaks: strain.map_or_else(Vec::new, |strain| strain.breaks()),
        strain,
        wait_p95_min: figures.and_then(|figures| figures.wait_min.p95),
        done_97_min: figures.and_then(|figures| figures.done_97_min),
        left: figures.map(|figures| figures.left),
        unserved: figures.map(|figures| figures.unserved),
        jammed: figures.map(|figures| figures.sites.jammed),
        tubes_in_time_share: figures.and_then(|figures| figures.tubes).map(|tubes| tubes.in_time_share),
        result_p95_h: figures.and_then(|figures| figures.result_h).and_then(|hours| hours.p95),
    }
}

/// Limits in words; `–` for none.
pub fn limits_in_words(limits: &[CityLimit], voice: Voice) -> String {
    if limits.is_empty() {
        return NONE.to_owned();
    }
    let words = limits.iter().map(|limit| voice.word(&format!("stress.city_limit.{}", limit.name())));
    words.collect::<Vec<_>>().join(&voice.word("list.separator"))
}
