//! What a stress test of a city says, as JSON and as sentences.

use super::{CityAnswer, CityChange, CityFirst, CityLimit, CityStrain, CityTrial, StressedCity};
use crate::{
    Voice,
    city::DayOutput,
    faults::{PlayedFault, in_words},
    number::{NONE, number, percent, whole},
    station_word,
    stress::{margin_in_words, margin_output},
};
use domain::City;
use rehearse::faults::Fault;
use serde::Serialize;
use serde_json::{Value, json};

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
    pairs: Vec<TrialOutput<'a>>,
    /// What breaks the city first, without faults where it breaks by itself; null where nothing does.
    first: Option<Value>,
    margins: Vec<Value>,
    /// The cheapest change that survives what breaks first.
    change: Option<Value>,
    changes: Vec<Value>,
}

#[derive(Serialize)]
struct TrialOutput<'a> {
    faults: &'a [PlayedFault],
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
        let trial = match self.first {
            CityFirst::Card(place) => Some(&self.cards[place]),
            CityFirst::Pair(place) => Some(&self.pairs[place]),
            CityFirst::Itself(_) | CityFirst::Nothing => None,
        };
        let strain = match self.first {
            CityFirst::Nothing => None,
            CityFirst::Itself(_) => Some(self.strain),
            CityFirst::Card(_) | CityFirst::Pair(_) => {
                trial.and_then(|trial| trial.found.as_ref()).map(|(_, strain)| *strain)
            }
        };
        let faults = self.first_faults();
        let first =
            strain.map(|strain| json!({ "faults": faults, "breaks": strain.breaks(), "strain": strain }));
        let city = &self.plain.city;
        let change = strain.and_then(|_| self.answer_to(faults));
        Output {
            day: self.plain.day_output(voice),
            stress: Stress {
                replications: self.plain.figures.replications,
                strain: self.strain,
                cards: self.cards.iter().map(trial_output).collect(),
                pairs: self.pairs.iter().map(trial_output).collect(),
                first,
                margins: self.margins.iter().map(margin_output).collect(),
                change: change.map(|answer| answer_output(answer, city)),
                changes: self.answers.iter().map(|answer| answer_output(answer, city)).collect(),
            },
            findings: self.sentences(voice),
        }
    }

    /// What breaks first, the single change that survives it, and the margin of each card.
    pub fn sentences(&self, voice: Voice) -> Vec<String> {
        let faults = self.first_faults();
        let mut said = Vec::new();
        let breaks = |trial: &CityTrial| {
            let limits = trial.found.as_ref().map_or_else(Vec::new, |(_, strain)| strain.breaks());
            let args = [
                ("faults", &*self.name(&trial.faults, voice)),
                ("limits", &*limits_in_words(&limits, voice)),
            ];
            voice.say("stress.breaks_first", &args)
        };
        match self.first {
            CityFirst::Nothing => said.push(voice.word("stress.city_nothing_breaks")),
            CityFirst::Card(place) => said.push(breaks(&self.cards[place])),
            CityFirst::Pair(place) => said.push(breaks(&self.pairs[place])),
            CityFirst::Itself(raises) => {
                let limits = limits_in_words(&self.strain.breaks(), voice);
                said.push(voice.say("stress.city_breaks", &[("limits", &limits)]));
                said.extend(raises.map(|place| {
                    voice.say(
                        "stress.city_raises",
                        &[("faults", &self.name(&self.cards[place].faults, voice))],
                    )
                }));
            }
        }
        let answer = if self.first == CityFirst::Nothing { None } else { self.answer_to(faults) };
        said.extend(answer.map(|answer| self.answer_in_words(answer, voice)));
        // The others in the order of the cards, a line each.
        for other in
            self.answers.iter().filter(|other| answer.is_none_or(|answer| answer.faults != other.faults))
        {
            if let Some(survives) = &other.survives {
                let change = change_in_words(&survives.change, &self.plain.city, voice);
                let faults = self.name(&self.told(&other.faults), voice);
                let args = [
                    ("faults", &*faults),
                    ("change", &*change),
                    ("cost", &*cost(survives.people_hours, voice)),
                ];
                said.push(voice.say("stress.city_answer", &args));
            }
        }
        said.extend(self.margins.iter().map(|margin| margin_in_words(margin, voice)));
        said
    }

    fn told(&self, faults: &[Fault]) -> Vec<PlayedFault> {
        faults.iter().map(|&fault| PlayedFault::of_city(fault, &self.plain.city)).collect()
    }

    /// Cards with how much, from when and where, several with `+`.
    pub fn name(&self, faults: &[PlayedFault], voice: Voice) -> String {
        let name = |told: &PlayedFault| {
            let words = in_words(told.clone(), self.plain.city.round.opens, voice);
            if words.amount.is_empty() {
                words.title
            } else {
                voice.say("fault.with_amount", &[("title", &words.title), ("amount", &words.amount)])
            }
        };
        faults.iter().map(name).collect::<Vec<_>>().join(" + ")
    }

    fn answer_in_words(&self, answer: &CityAnswer, voice: Voice) -> String {
        let tried = answer.tried.to_string();
        let city = &self.plain.city;
        if let Some(survives) = &answer.survives {
            let figures = &survives.figures;
            let change = change_in_words(&survives.change, city, voice);
            let share = percent(survives.strain.worst());
            let args = [
                ("change", &*change),
                ("cost", &*cost(survives.people_hours, voice)),
                ("jammed", &*whole(figures.sites.jammed as f64)),
                ("share", &*share),
            ];
            let key = if survives.people_hours.is_some() { "known" } else { "unknown" };
            return voice.say(&format!("stress.city_survives.{key}"), &args);
        }
        let Some((change, strain)) = &answer.nearest else {
            return voice.say("stress.none_survives", &[("tried", &tried)]);
        };
        let change = change_in_words(change, city, voice);
        let times = format!("{strain:.1}");
        voice.say("stress.nearest", &[("tried", &tried), ("change", &change), ("times", &times)])
    }
}

fn cost(people_hours: Option<f64>, voice: Voice) -> String {
    match people_hours {
        Some(hours) => voice.say("stress.city_cost", &[("hours", &whole(hours))]),
        None => voice.word("stress.city_cost_unknown"),
    }
}

/// A change as an imperative.
fn change_in_words(change: &CityChange, city: &City, voice: Voice) -> String {
    match change {
        CityChange::Offline => voice.word("stress.change.offline"),
        CityChange::Longer(minutes) => {
            voice.say("stress.change.longer", &[("minutes", &minutes.to_string())])
        }
        CityChange::Couriers(minutes) => {
            voice.say("stress.city_change.couriers", &[("minutes", &number(*minutes))])
        }
        CityChange::Labs(share) => voice.say("stress.city_change.labs", &[("share", &percent(*share))]),
        CityChange::Server(station, of) => {
            let shapes =
                city.shapes.iter().filter(|shape| of.as_ref().is_none_or(|name| *name == shape.name));
            let mut stations = shapes.flat_map(|shape| &shape.site.stations).filter(|at| at.name == *station);
            let key = match (stations.all(|station| station.shared), of) {
                (false, Some(_)) => "stress.city_change.server_lanes_shape",
                (false, None) => "stress.city_change.server_lanes_all",
                (true, Some(_)) => "stress.city_change.server_shared_shape",
                (true, None) => "stress.city_change.server_shared_all",
            };
            let station = station_word(station);
            voice.say(key, &[("station", &station), ("shape", of.as_deref().unwrap_or_default())])
        }
        CityChange::Lane(Some(shape)) => voice.say("stress.city_change.lane", &[("shape", shape)]),
        CityChange::Lane(None) => voice.word("stress.city_change.lane_all"),
    }
}

fn change_output(change: &CityChange) -> (&'static str, Value) {
    match change {
        CityChange::Offline => ("offline", json!({})),
        CityChange::Server(station, of) => ("server", json!({ "station": station, "shape": of })),
        CityChange::Lane(of) => ("lane", json!({ "shape": of })),
        CityChange::Longer(minutes) => ("longer", json!({ "minutes": minutes })),
        CityChange::Couriers(minutes) => ("couriers", json!({ "every_min": minutes })),
        CityChange::Labs(share) => ("labs", json!({ "share": share })),
    }
}

fn answer_output(answer: &CityAnswer, city: &City) -> Value {
    let told: Vec<PlayedFault> =
        answer.faults.iter().map(|&fault| PlayedFault::of_city(fault, city)).collect();
    let survives = answer.survives.as_ref().map(|survives| {
        let (kind, detail) = change_output(&survives.change);
        json!({
            "kind": kind,
            "detail": detail,
            "people_hours": survives.people_hours,
            "replications": survives.figures.replications,
            "strain": survives.strain,
            "jammed": survives.figures.sites.jammed,
            "wait_p95_min": survives.figures.wait_min.p95,
            "done_97_min": survives.figures.done_97_min,
        })
    });
    let nearest = answer.nearest.as_ref().map(|(change, strain)| {
        let (kind, detail) = change_output(change);
        json!({ "kind": kind, "detail": detail, "strain": strain })
    });
    json!({ "faults": told, "tried": answer.tried, "survives": survives, "nearest": nearest })
}

fn trial_output(trial: &CityTrial) -> TrialOutput<'_> {
    let figures = trial.found.as_ref().map(|(figures, _)| figures);
    let strain = trial.found.as_ref().map(|(_, strain)| *strain);
    TrialOutput {
        faults: &trial.faults,
        unmet: trial.faults.iter().find_map(|told| told.unmet),
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
