//! The command's JSON, and what has to be said to whom.

use super::{Divided, LivedDay};
use chance::Ticks;
use domain::CrewDay;
use rehearse::TICKS_PER_MINUTE;
use serde::Serialize;

/// A crew at a community.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrewStay {
    /// The crew.
    pub crew: String,
    /// The community.
    pub community: String,
    /// When it begins, local: `10:30:00`, with a date on another day, as all times here.
    pub from: String,
    /// When it leaves.
    pub until: String,
    /// People whom it serves.
    pub people: u32,
}

/// A crew that goes somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The crew.
    pub crew: String,
    /// Where it stood; `None` if elsewhere.
    pub from: Option<String>,
    /// Where to.
    pub to: String,
    /// When it packs up, in minutes after midnight.
    pub leaves_min: f64,
    /// When it begins there.
    pub begins_min: f64,
}

/// The JSON.
#[derive(Clone, Debug, Serialize)]
pub struct CrewsOutput {
    stays: Vec<CrewStay>,
    done: Vec<Done>,
    /// When the last community is done; null where somebody is not served.
    latest: Option<String>,
    /// No division is done earlier than this.
    bound: String,
    /// (latest − bound) over the time from the first crew's beginning to the latest: the division is no further from the best.
    gap: Option<f64>,
    unserved: Vec<Unserved>,
    moves: Vec<MoveOutput>,
    /// Under chance.
    rehearsed: LivedOutput,
    /// What was agreed, under the same luck; null where nothing was.
    agreed: Option<AgreedOutput>,
    sentences: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Done {
    community: String,
    at: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Unserved {
    community: String,
    people: u32,
}

#[derive(Clone, Debug, Serialize)]
struct MoveOutput {
    crew: String,
    from: Option<String>,
    to: String,
    at: String,
    begins: String,
}

#[derive(Clone, Debug, Serialize)]
struct AgreedOutput {
    latest: Option<String>,
    unserved: u32,
    rehearsed: LivedOutput,
}

#[derive(Clone, Debug, Serialize)]
struct LivedOutput {
    draws: u32,
    promise: Option<String>,
    /// Share of the draws in which all were done by the promise.
    kept: Option<f64>,
    /// When all are done, in half, nine of ten and 95 of 100 draws; null where it takes luck to serve all.
    latest: Latest,
    communities: Vec<CommunityOutput>,
}

#[derive(Clone, Debug, Serialize)]
struct Latest {
    p50: Option<String>,
    p90: Option<String>,
    p95: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct CommunityOutput {
    community: String,
    done_p50: Option<String>,
    done_p95: Option<String>,
    wait_mean_min: f64,
    wait_p95_min: f64,
    unserved: f64,
}

impl Divided {
    /// The command's JSON.
    pub fn output(&self, voice: crate::Voice) -> CrewsOutput {
        let (day, division) = (&self.day, &self.division);
        let names = || day.communities.iter().map(|of| of.name.clone());
        let unserved: f64 = division.unserved.iter().sum();
        let served = unserved == 0.0 && division.latest_min > 0.0;
        let start = division.stays.iter().flatten().map(|stay| stay.from_min).fold(f64::INFINITY, f64::min);
        let gap = (division.latest_min - division.bound_min).max(0.0) / (division.latest_min - start);
        let left = names().zip(&division.unserved).filter(|(_, left)| **left > 0.0);
        CrewsOutput {
            stays: self.stays(),
            done: names()
                .zip(&division.done_min)
                .map(|(community, at)| Done { community, at: at.map(|at| time(day, at)) })
                .collect(),
            latest: served.then(|| time(day, division.latest_min)),
            bound: time(day, division.bound_min),
            gap: (served && gap.is_finite()).then_some(gap),
            unserved: left
                .map(|(community, left)| Unserved { community, people: left.ceil() as u32 })
                .collect(),
            moves: self
                .moves()
                .into_iter()
                .map(|step| MoveOutput {
                    crew: step.crew,
                    from: step.from,
                    to: step.to,
                    at: time(day, step.leaves_min),
                    begins: time(day, step.begins_min),
                })
                .collect(),
            rehearsed: lived(day, &self.lived),
            agreed: self.agreed.as_ref().zip(self.agreed_lived.as_ref()).map(|(agreed, lived_day)| {
                let unserved = agreed.unserved.iter().sum::<f64>();
                AgreedOutput {
                    latest: (unserved == 0.0).then(|| time(day, agreed.latest_min)),
                    unserved: unserved.ceil() as u32,
                    rehearsed: lived(day, lived_day),
                }
            }),
            sentences: self.sentences(voice),
        }
    }

    /// Who is where and when, in the order of the crews.
    pub fn stays(&self) -> Vec<CrewStay> {
        let day = &self.day;
        let of_crew = |(crew, stays): (&domain::crews::Crew, &Vec<plan::crews::Stay>)| {
            let stay = |stay: &plan::crews::Stay| CrewStay {
                crew: crew.name.clone(),
                community: day.communities[stay.community].name.clone(),
                from: time(day, stay.from_min),
                until: time(day, stay.until_min),
                people: stay.people.round() as u32,
            };
            stays.iter().map(stay).collect::<Vec<CrewStay>>()
        };
        day.crews.iter().zip(&self.division.stays).flat_map(of_crew).collect()
    }

    /// Which crew goes somewhere when, in the order of time.
    pub fn moves(&self) -> Vec<Move> {
        let day = &self.day;
        let name = |place: usize| day.communities[place].name.clone();
        let mut moves = Vec::new();
        for (crew, stays) in day.crews.iter().zip(&self.division.stays) {
            let (mut at, mut leaves_min) = (crew.at, crew.from_min.max(day.now_min.unwrap_or(0.0)));
            for stay in stays {
                if at != Some(stay.community) {
                    moves.push(Move {
                        crew: crew.name.clone(),
                        from: at.map(name),
                        to: name(stay.community),
                        leaves_min,
                        begins_min: stay.from_min,
                    });
                }
                (at, leaves_min) = (Some(stay.community), stay.until_min);
            }
        }
        moves.sort_by(|one, other| one.leaves_min.total_cmp(&other.leaves_min));
        moves
    }
}

fn lived(day: &CrewDay, lived: &LivedDay) -> LivedOutput {
    let at = |minutes: Option<f64>| minutes.map(|minutes| time(day, minutes));
    LivedOutput {
        draws: lived.draws(),
        promise: at(day.promise_min),
        kept: lived.kept(day),
        latest: Latest {
            p50: at(lived.done_by(0.5)),
            p90: at(lived.done_by(super::PROMISED)),
            p95: at(lived.done_by(0.95)),
        },
        communities: lived
            .communities
            .iter()
            .zip(&day.communities)
            .map(|(of, community)| CommunityOutput {
                community: community.name.clone(),
                done_p50: at(of.done_by(0.5)),
                done_p95: at(of.done_by(0.95)),
                wait_mean_min: of.wait_mean_min,
                wait_p95_min: of.wait_p95_min,
                unserved: of.unserved,
            })
            .collect(),
    }
}

fn time(day: &CrewDay, minutes: f64) -> String {
    scenario::local_time(day.midnight, (minutes * TICKS_PER_MINUTE as f64).round() as Ticks)
}
