//! What the figures say, as sentences: where the bottleneck is, who stands idle, what the least change would gain.

use crate::{
    clock::time_of_day,
    number::{number, percent},
    run::Run,
    voice::{Voice, station_word},
};
use domain::{
    Plan, Policy, Scenario,
    scenario::{Calendar, Servers},
};
use rehearse::{Figures, Outcome, Paired};

/// Staff who are idle more than this stand idle, in the story's sense.
const IDLE: f64 = 0.4;
/// A station busier than this may hold the others up; staff who wait for the last comers count as idle.
const BUSY: f64 = 0.5;
/// A move that gains less than this, in minutes, is not worth the trouble.
const GAIN: f64 = 1.0;
/// Crowding that is worth a sentence, in person-minutes.
const CROWD: f64 = 60.0;
/// Replications that a suggested change is tried on.
const TRIAL_REPS: u32 = 200;

/// A sentence of the catalogue with its gaps filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The key of the catalogue, without `finding.`.
    pub code: &'static str,
    /// What fills the gaps; a value that starts with `@` is itself a key of the catalogue.
    pub args: Vec<(&'static str, String)>,
}

impl Finding {
    /// The sentence in the user's language.
    pub fn sentence(&self, voice: Voice) -> String {
        let args: Vec<(&str, &str)> = self.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        voice.say(&format!("finding.{}", self.code), &args)
    }
}

/// What one rehearsal says of itself.
pub fn of_one(policy: Option<Policy>, scenario: &Scenario, figures: &Figures) -> Vec<Finding> {
    let mut findings = Vec::new();
    let with_policy = |mut args: Vec<(&'static str, String)>| {
        args.push(("policy", policy_word(policy)));
        args
    };
    if let (Some(p95), Some(done)) = (figures.wait_min.p95, figures.done_97_min) {
        let args = with_policy(vec![
            ("wait", number(p95)),
            ("done", number(done)),
            ("clock", time_of_day(scenario, done)),
        ]);
        findings.push(Finding { code: "wait_and_done", args });
    }
    let busy = |station: &&rehearse::StationFigures| station.utilisation;
    let busiest = figures.stations.iter().filter(|station| station.utilisation.is_some());
    if let Some(busiest) =
        busiest.max_by(|a, b| busy(a).partial_cmp(&busy(b)).unwrap_or(std::cmp::Ordering::Equal))
    {
        let share = busiest.utilisation.unwrap_or(0.0);
        if share > BUSY {
            let args = vec![("station", station_word(&busiest.name)), ("busy", percent(share.min(1.0)))];
            findings.push(Finding { code: "bottleneck", args });
        }
        let others = figures.stations.iter().zip(&scenario.site.stations);
        for (station, place) in others.filter(|(station, _)| station.name != busiest.name) {
            if let (Some(used), Some(servers)) = (station.utilisation, station.servers)
                && 1.0 - used > IDLE
                && share > BUSY
            {
                let args = vec![
                    ("station", station_word(&station.name)),
                    ("servers", servers.to_string()),
                    ("idle", percent(1.0 - used)),
                ];
                findings.push(Finding { code: if place.shared { "idle_shared" } else { "idle" }, args });
            }
        }
    }
    if let (Some(room), Some(crowd)) = (scenario.site.room, figures.crowd_person_min)
        && crowd > CROWD
        && figures.queue_max > f64::from(room)
    {
        let args = with_policy(vec![
            ("queue", number(figures.queue_max)),
            ("room", room.to_string()),
            ("hours", number(crowd / 60.0)),
        ]);
        findings.push(Finding { code: "crowded", args });
    }
    if figures.unserved >= 0.5 {
        findings.push(Finding {
            code: "unserved",
            args: with_policy(vec![("people", number(figures.unserved))]),
        });
    }
    if figures.left >= 0.5 {
        findings.push(Finding { code: "left", args: with_policy(vec![("people", number(figures.left))]) });
    }
    findings
}

/// What two policies say of each other: this one against the way it was done before.
pub fn of_two(this: (Policy, &Figures), before: (Policy, &Figures)) -> Option<Finding> {
    let later = this.1.done_97_min? - before.1.done_97_min?;
    let args = vec![
        ("policy", policy_word(Some(this.0))),
        ("before", policy_word(Some(before.0))),
        ("wait", number(this.1.wait_min.p95?)),
        ("wait_before", number(before.1.wait_min.p95?)),
        ("minutes", number(later.abs())),
        ("calls", number(this.1.caller_hours)),
    ];
    Some(Finding { code: if later >= 0.0 { "waits_less_ends_later" } else { "waits_and_ends_sooner" }, args })
}

/// The one server who, moved to another station of the same lanes, ends the round earliest: tried by rehearsing, under
/// the same luck, and said only if the interval of the gain leaves no doubt.
pub fn best_move(run: &Run<'_>, scenario: &Scenario, plan: &Plan, now: &Outcome) -> Option<Finding> {
    let stations = &scenario.site.stations;
    let trial = Run { reps: run.reps.min(TRIAL_REPS), ..*run };
    let mut best: Option<(f64, [f64; 2], usize, usize)> = None;
    for from in 0..stations.len() {
        for to in 0..stations.len() {
            let Some(moved) = moved(scenario, from, to) else { continue };
            let plan = match plan.policy {
                Policy::Broadcast => plan.clone(),
                Policy::Waves => plan::waves(&moved, plan.load.unwrap_or(1.0)),
            };
            let (then, _) = trial.rehearse(&trial.rehearsal(&moved, Some(&plan)));
            let Some(gain) = Paired::of(&then, now).done_97_min else { continue };
            let Some(interval) = gain.ci95 else { continue };
            if interval[1] < 0.0 && gain.mean <= -GAIN && best.is_none_or(|(mean, ..)| gain.mean < mean) {
                best = Some((gain.mean, interval, from, to));
            }
        }
    }
    let (mean, interval, from, to) = best?;
    let args = vec![
        ("from", station_word(&stations[from].name)),
        ("to", station_word(&stations[to].name)),
        ("minutes", number(-mean)),
        ("low", number(-interval[1])),
        ("high", number(-interval[0])),
        ("policy", policy_word(Some(plan.policy))),
    ];
    Some(Finding { code: "move", args })
}

/// The scenario with one server of each lane moved; `None` where a station would be left without.
fn moved(scenario: &Scenario, from: usize, to: usize) -> Option<Scenario> {
    let stations = &scenario.site.stations;
    if from == to || stations[from].shared != stations[to].shared {
        return None;
    }
    let (Servers::Calendar(giving), Servers::Calendar(taking)) =
        (&stations[from].servers, &stations[to].servers)
    else {
        return None;
    };
    let least = giving.0.iter().map(|entry| entry.1).min()?;
    if least < 2 {
        return None;
    }
    let by = |calendar: &Calendar, change: i64| {
        let entry = |&(at, servers): &(i64, u32)| (at, (i64::from(servers) + change).max(0) as u32);
        Servers::Calendar(Calendar(calendar.0.iter().map(entry).collect()))
    };
    let mut moved = scenario.clone();
    moved.site.stations[from].servers = by(giving, -1);
    moved.site.stations[to].servers = by(taking, 1);
    Some(moved)
}

fn policy_word(policy: Option<Policy>) -> String {
    policy.map_or_else(|| "@policy.as_given".to_owned(), |policy| format!("@policy.{}", policy.name()))
}
