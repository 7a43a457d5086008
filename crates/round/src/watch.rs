//! Findings as they become true. Each is said once, with its moment, and ends when it is not true any more; between two
//! levels it stays as it is, so that nothing flickers.

use crate::{
    Calls, Phase, Round, Said,
    board::{self, JAMMED_MIN, NextCall},
    label,
    rules::MINUTE,
};
use chance::{TICKS_PER_SECOND, Ticks};
use domain::Moment;
use serde::Serialize;
use std::collections::BTreeMap;

/// Looks at the site every ten seconds and remembers what has been true for how long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    findings: Vec<Finding>,
    subjects: BTreeMap<Subject, Heat>,
}

/// A sentence that is or was true. Its words stand in the catalogue under `live.CODE`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// When it became true.
    pub since: Moment,
    /// When it stopped being true; absent while it is.
    pub until: Option<Moment>,
    /// The sentence, with the figures of the moment when it became true.
    #[serde(flatten)]
    pub said: Said,
}

/// What a finding is about: its code, and the station or wave.
type Subject = (&'static str, usize);

/// How long something has been true, and where its finding stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Heat {
    ticks: Ticks,
    finding: Option<usize>,
}

/// What one look sees of a subject.
struct Look {
    subject: Subject,
    /// How long it must be true before it is said.
    hold: Ticks,
    /// True, or not true; `None` in between.
    is_true: Option<bool>,
    said: Said,
}

/// The watch looks so often.
pub(crate) const STEP: Ticks = 10 * TICKS_PER_SECOND;

/// Crowding ends when so many of 100 places are taken.
const ROOMY_PERCENT: u32 = 90;
/// A jam ends when the predicted wait is down to this, in minutes.
const LOOSE_MIN: f64 = 40.0;
/// Servers must have nobody to serve for so long: shorter gaps are breath.
const STARVED_FOR: Ticks = 3 * MINUTE;
/// A call is asked for after so long: callers are still on the stairs of the wave before.
const DUE_FOR: Ticks = 2 * MINUTE;
/// A call is late after so long.
const LATE_AFTER: Ticks = 5 * MINUTE;
/// A tube open for so many minutes: at a running counter ten people take about five.
const TUBE_OPEN_MIN: f64 = 20.0;

impl Watch {
    /// Everything that was found, in the order in which it became true.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What is true now.
    pub fn live(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.until.is_none())
    }

    /// Looks at the site. To be called every ten seconds, as [`crate::Live`] does.
    pub fn look(&mut self, round: &Round, calls: &Calls, at: Moment) {
        if matches!(round.phase(), Phase::Closed { .. }) {
            self.end_all(at);
            return;
        }
        let mut looks = Vec::with_capacity(self.subjects.len() + 4);
        crowding(round, &mut looks);
        stations(round, at, &mut looks);
        tubes(round, at, &mut looks);
        waves(round, calls, at, &mut looks);
        // What nothing was seen of is not true: a wave that was called, a tube that was sealed.
        let unseen: Vec<Subject> = self
            .subjects
            .keys()
            .filter(|key| !looks.iter().any(|look| look.subject == **key))
            .copied()
            .collect();
        for look in looks {
            self.take(look, at);
        }
        for subject in unseen {
            if let Some(Heat { finding: Some(finding), .. }) = self.subjects.remove(&subject) {
                self.findings[finding].until = Some(at);
            }
        }
    }

    fn take(&mut self, look: Look, at: Moment) {
        let heat = self.subjects.entry(look.subject).or_default();
        match look.is_true {
            Some(true) => heat.ticks = (heat.ticks + STEP).min(look.hold.max(STEP)),
            Some(false) => heat.ticks = (heat.ticks - STEP).max(0),
            None => {}
        }
        match heat.finding {
            None if heat.ticks > 0 && heat.ticks >= look.hold => {
                heat.finding = Some(self.findings.len());
                self.findings.push(Finding { since: at, until: None, said: look.said });
            }
            Some(finding) if heat.ticks == 0 => {
                heat.finding = None;
                self.findings[finding].until = Some(at);
            }
            _ => {}
        }
    }

    fn end_all(&mut self, at: Moment) {
        self.subjects.clear();
        for finding in self.findings.iter_mut().filter(|finding| finding.until.is_none()) {
            finding.until = Some(at);
        }
    }
}

/// True above one level, not true below another.
fn between(value: f64, above: f64, below: f64) -> Option<bool> {
    if value >= above {
        Some(true)
    } else if value <= below {
        Some(false)
    } else {
        None
    }
}

fn crowding(round: &Round, looks: &mut Vec<Look>) {
    let Some(room) = round.rules().room else { return };
    let waiting = round.counts().waiting;
    let roomy = f64::from(room) * f64::from(ROOMY_PERCENT) / 100.0;
    looks.push(Look {
        subject: ("crowding", 0),
        hold: MINUTE / 2,
        is_true: between(f64::from(waiting), f64::from(room) + 1.0, roomy),
        said: Said::new("crowding", &[("waiting", &waiting), ("room", &room)]),
    });
}

/// Jams and idle hands, of a station in all its lanes together.
fn stations(round: &Round, at: Moment, looks: &mut Vec<Look>) {
    let rules = round.rules();
    for (number, station) in rules.stations.iter().enumerate() {
        if station.servers.is_none() {
            continue;
        }
        let (mut worst, mut lane, mut ahead) = (0.0, 0, 0);
        let (mut idle, mut before) = (0, None);
        for (&desk, counter) in round.counters().iter().filter(|(desk, _)| desk.station == number) {
            let wait = board::predicted_wait_min(round, desk, counter, at);
            // A queue that nobody will serve is no jam: it is turned away.
            if let Some(wait) = wait.filter(|&wait| wait > worst) {
                (worst, lane, ahead) = (wait, desk.lane, counter.waiting());
            }
            if let Some(behind) = board::starved_behind(round, desk, counter, at) {
                idle += board::idle(round, desk, counter, at).unwrap_or(0);
                before = before.max(Some(behind));
            }
        }
        let wait = worst.round();
        let code = if lane == 0 { "jammed_shared" } else { "jammed" };
        looks.push(Look {
            subject: ("jammed", number),
            hold: MINUTE,
            is_true: between(worst, JAMMED_MIN, LOOSE_MIN),
            said: Said::new(
                code,
                &[("station", &station.name), ("lane", &lane), ("waiting", &ahead), ("minutes", &wait)],
            ),
        });
        let (behind, waiting) = before.unwrap_or((number, 0));
        let code = if idle == 1 { "starved_one" } else { "starved" };
        looks.push(Look {
            subject: ("starved", number),
            hold: STARVED_FOR,
            is_true: Some(before.is_some()),
            said: Said::new(
                code,
                &[
                    ("station", &station.name),
                    ("idle", &idle),
                    ("before", &rules.stations[behind].name),
                    ("waiting", &waiting),
                ],
            ),
        });
    }
}

/// The oldest open tube.
fn tubes(round: &Round, at: Moment, looks: &mut Vec<Look>) {
    let open = round.tubes().iter().filter(|(_, tube)| tube.is_open() && !tube.people.is_empty());
    let Some((&id, tube)) = open.min_by_key(|(_, tube)| tube.since) else { return };
    let minutes = (at - tube.since).max(0) as f64 / MINUTE as f64;
    looks.push(Look {
        subject: ("tube_open_long", (id.as_u128() & 0xffff_ffff) as usize),
        hold: 0,
        is_true: Some(minutes >= TUBE_OPEN_MIN),
        said: Said::new(
            "tube_open_long",
            &[("tube", &label(id)), ("people", &tube.people.len()), ("minutes", &minutes.floor())],
        ),
    });
}

/// The wave whose turn it is: due, late, to be held back, or to be called before its time.
fn waves(round: &Round, calls: &Calls, at: Moment, looks: &mut Vec<Look>) {
    let rules = round.rules();
    let now = rules.ticks(at);
    let Some(call_at) = board::next_wave(round, calls).map(|wave| wave.call_at) else { return };
    let due = now >= call_at;
    if !due && round.counts().waiting > 0 {
        // Nothing to say, and a forecast to spare.
        return;
    }
    let Some(next) = board::next_call(round, calls, at) else { return };
    let NextCall { wave, queue_then, wait_then_min, may, .. } = next;
    let clock = rules.clock(rules.opens + call_at);
    let wait = wait_then_min.unwrap_or(0.0).round();
    let queue = queue_then.round();
    let late = now >= call_at + LATE_AFTER;
    let open = matches!(round.phase(), Phase::Open { .. });
    let nobody = open && !due && may;
    let mut look = |code: &'static str, hold: Ticks, is_true: bool| {
        looks.push(Look {
            subject: (code, wave as usize),
            hold,
            is_true: Some(is_true),
            said: Said::new(code, &[("wave", &wave), ("at", &clock), ("queue", &queue), ("minutes", &wait)]),
        });
    };
    look("call_hold", MINUTE, due && !may);
    look("call_late", 0, late && may);
    look("call_due", DUE_FOR, due && !late && may);
    look("nobody_waiting", 2 * MINUTE, nobody);
}
