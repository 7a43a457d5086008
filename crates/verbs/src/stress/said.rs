//! What a stress test says, as sentences.

use super::{Answer, Change, First, Limit, Margin, Stressed};
use crate::{
    Voice,
    faults::{played, value_in_words},
    number::number,
    station_word,
};
use ::rehearse::faults::Fault;
use domain::Scenario;

/// What breaks first, the single change that survives it, and the margin of each card.
pub fn sentences(stressed: &Stressed, voice: Voice) -> Vec<String> {
    let scenario = &stressed.plain.scenario;
    let mut said = Vec::new();
    let (faults, breaks) = match stressed.first {
        First::Nothing => {
            said.push(voice.word("stress.nothing_breaks"));
            (&[][..], Vec::new())
        }
        First::Plan => (&[][..], stressed.strain.breaks()),
        First::Card(place) => (&stressed.cards[place].faults[..], broken(&stressed.cards[place])),
        First::Pair(place) => (&stressed.pairs[place].faults[..], broken(&stressed.pairs[place])),
    };
    let limits = limits_in_words(&breaks, voice);
    match stressed.first {
        First::Nothing => {}
        First::Plan => said.push(voice.say("stress.plan_breaks", &[("limits", &limits)])),
        First::Card(_) | First::Pair(_) => {
            let args = [("faults", &*faults_in_words(faults, scenario, voice)), ("limits", &*limits)];
            said.push(voice.say("stress.breaks_first", &args));
        }
    }
    if stressed.first != First::Nothing
        && let Some(answer) = stressed.answer_to(faults)
    {
        said.push(answer_in_words(answer, scenario, voice));
    }
    // The others in the order of the cards, a line each.
    for answer in stressed.answers.iter().filter(|answer| answer.faults != faults) {
        if let Some(survives) = &answer.survives {
            let args = [
                ("faults", &*faults_in_words(&answer.faults, scenario, voice)),
                ("change", &*change_in_words(survives.change, scenario, voice)),
                ("hours", &*number(survives.people_hours)),
            ];
            said.push(voice.say("stress.answer", &args));
        }
    }
    said.extend(stressed.margins.iter().map(|margin| margin_in_words(margin, voice)));
    said
}

fn broken(trial: &super::Trial) -> Vec<Limit> {
    trial.found.as_ref().map_or_else(Vec::new, |found| found.strain.breaks())
}

/// Faults with how much and from when, several with `+`.
pub fn faults_in_words(faults: &[Fault], scenario: &Scenario, voice: Voice) -> String {
    faults.iter().map(|fault| played(fault, scenario.round.opens, voice)).collect::<Vec<_>>().join(" + ")
}

/// Limits in words; `–` for none.
pub fn limits_in_words(limits: &[Limit], voice: Voice) -> String {
    if limits.is_empty() {
        return crate::number::NONE.to_owned();
    }
    let words = limits.iter().map(|limit| voice.word(&format!("stress.limit.{}", limit.name())));
    words.collect::<Vec<_>>().join(&voice.word("list.separator"))
}

/// The cheapest change that survives, with what it costs and what the wait is then.
pub fn answer_in_words(answer: &Answer, scenario: &Scenario, voice: Voice) -> String {
    let Some(survives) = &answer.survives else {
        let tried = answer.tried.to_string();
        let Some((change, strain)) = answer.nearest else {
            return voice.say("stress.none_survives", &[("tried", &tried)]);
        };
        let change = change_in_words(change, scenario, voice);
        let times = format!("{strain:.1}");
        return voice.say("stress.nearest", &[("tried", &tried), ("change", &change), ("times", &times)]);
    };
    let wait = survives.figures.wait_min.p95.unwrap_or(0.0);
    let [low, high] = survives.figures.wait_min.p95_ci95.unwrap_or([wait, wait]);
    let (reps, wait) = (survives.reps.to_string(), number(wait));
    let (low, high, hours) = (number(low), number(high), number(survives.people_hours));
    let change = change_in_words(survives.change, scenario, voice);
    let args = [
        ("change", &*change),
        ("hours", &*hours),
        ("wait", &*wait),
        ("low", &*low),
        ("high", &*high),
        ("reps", &*reps),
    ];
    voice.say("stress.survives", &args)
}

/// A change as an imperative.
pub fn change_in_words(change: Change, scenario: &Scenario, voice: Voice) -> String {
    let station = |place: usize| station_word(&scenario.site.stations[place].name);
    match change {
        Change::Server(place) => {
            let key = if scenario.site.stations[place].shared || scenario.site.lanes == 1 {
                "stress.change.server_shared"
            } else {
                "stress.change.server"
            };
            voice.say(key, &[("station", &station(place))])
        }
        Change::Lane => voice.word("stress.change.lane"),
        Change::Move(from, to) => {
            voice.say("stress.change.move", &[("from", &station(from)), ("to", &station(to))])
        }
        Change::Load(share) => {
            voice.say("stress.change.load", &[("percent", &format!("{:.0}", (1.0 - share) * 100.0))])
        }
        Change::Longer(minutes) => voice.say("stress.change.longer", &[("minutes", &minutes.to_string())]),
        Change::Room(room) => voice.say("stress.change.room", &[("people", &room.to_string())]),
        Change::Offline => voice.word("stress.change.offline"),
    }
}

/// Between which values the day breaks.
pub fn margin_in_words(margin: &Margin, voice: Voice) -> String {
    let title = voice.word(&format!("fault.{}.title", margin.fault.card.name));
    let value = |value: f64| value_in_words(&margin.fault, value, voice);
    let (key, holds, breaks) = match (margin.holds, margin.breaks) {
        (Some(holds), Some(breaks)) if value(holds) == value(breaks) => {
            ("stress.margin.about", String::new(), value(breaks))
        }
        (Some(holds), Some(breaks)) => ("stress.margin.between", value(holds), value(breaks)),
        (Some(holds), None) => ("stress.margin.holds", value(holds), String::new()),
        (None, breaks) => ("stress.margin.breaks", String::new(), breaks.map_or_else(String::new, value)),
    };
    voice.say(key, &[("title", &title), ("holds", &holds), ("breaks", &breaks)])
}
