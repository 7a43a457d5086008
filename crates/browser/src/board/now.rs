//! The board's figures at a moment, in the user's language.

mod lanes;

use super::{ground::Ground, site::Site, tape::Tape};
use lanes::LaneNow;
use round::{Counts, DeskNow, Finding, NextCall, Tubes, WaveNow, WaveState};
use serde::Serialize;
use verbs::{Voice, station_word};

/// What the page writes beside the picture.
#[derive(Serialize)]
pub(super) struct Now<'a> {
    at_min: f64,
    clock: String,
    phase: &'static str,
    counts: Counts,
    at_site: u32,
    /// People who can wait without crowding.
    room: Option<u32>,
    crowded: bool,
    /// Called, come, done, and of the roll.
    households: [u32; 4],
    desks: Vec<DeskWords>,
    tubes: Tubes,
    /// What a person is given: `tube`, `dose` … and people in a tube.
    gives: Option<&'a str>,
    pool: u8,
    waves: Vec<WaveWords>,
    /// Whether the waves are one message to all.
    broadcast: bool,
    next_call: Option<NextCall>,
    lanes: Vec<LaneNow<'a>>,
    /// (minutes ago, people waiting), the oldest first.
    past: Vec<(i64, u32)>,
    /// People waiting in so many minutes, from now on.
    ahead: Vec<f64>,
    /// The newest first.
    findings: Vec<Found>,
    conflicts: usize,
    /// Lines of the stream that could not be read.
    unread: u32,
}

#[derive(Serialize)]
struct DeskWords {
    #[serde(flatten)]
    desk: DeskNow,
    word: String,
    /// Where it is drawn: its place among the posts.
    post: Option<usize>,
    /// People, or vehicles, who fit its line.
    places: u32,
    /// The servers at work, from 1.
    busy: Vec<u32>,
    /// Since when nobody is served here.
    idle_since: Option<String>,
}

#[derive(Serialize)]
struct WaveWords {
    #[serde(flatten)]
    wave: WaveNow,
    /// When its call is planned.
    clock: String,
    /// Its call is overdue.
    late: bool,
}

#[derive(Serialize)]
struct Found {
    code: &'static str,
    /// Tells it apart from all others.
    number: usize,
    at_min: f64,
    at: String,
    until: Option<String>,
    text: String,
}

/// The forecast and the look back, in minutes.
const MINUTES: u32 = 30;
/// So many findings are shown: more nobody reads.
const FINDINGS: usize = 40;
/// A call is late after so many minutes, as in the findings.
const LATE_MIN: f64 = 5.0;

pub(super) fn now<'a>(site: &'a Site, ground: &Ground, tape: &'a Tape, voice: Voice) -> Now<'a> {
    let (live, at) = (tape.live(), tape.at());
    let (round, rules) = (live.round(), live.round().rules());
    let board = live.board(at);
    let clock = |minutes: f64| rules.clock(rules.opens + (minutes * 600_000.0) as i64);
    let lanes = lanes::lanes(site, round, &board);
    let desks = board.desks.into_iter().map(|desk| {
        let counter =
            round.counters().iter().find(|(of, _)| (of.station, of.lane) == (desk.station, desk.lane));
        let post = ground.post(desk.station, desk.lane);
        DeskWords {
            word: voice.station(&desk.name),
            post,
            places: post.map_or(0, |post| ground.room(post)),
            busy: counter.map_or_else(Vec::new, |(_, of)| of.busy().map(|(server, _)| server).collect()),
            idle_since: desk.idle_since_min.map(clock),
            desk,
        }
    });
    let waves = board.waves.into_iter().map(|wave| WaveWords {
        clock: clock(wave.call_at_min),
        late: wave.state == WaveState::Due && board.at_min >= wave.call_at_min + LATE_MIN,
        wave,
    });
    let findings = live.findings().iter().enumerate().rev().take(FINDINGS);
    Now {
        at_min: board.at_min,
        clock: board.clock,
        phase: board.phase,
        counts: board.counts,
        at_site: board.at_site,
        room: rules.room,
        crowded: board.crowded,
        households: board.households,
        desks: desks.collect(),
        tubes: board.tubes,
        gives: rules.gives.as_ref().map(|(kind, _)| kind.as_str()),
        pool: rules.pool,
        waves: waves.collect(),
        broadcast: site.calls.broadcast,
        next_call: board.next_call,
        lanes,
        past: tape.waited(i64::from(MINUTES)),
        ahead: round.forecast(live.calls(), at, MINUTES).into_iter().map(|(_, people)| people).collect(),
        findings: findings.map(|(number, finding)| found(number, finding, rules, voice)).collect(),
        conflicts: board.conflicts,
        unread: tape.unread(),
    }
}

fn found(number: usize, finding: &Finding, rules: &round::Rules, voice: Voice) -> Found {
    let said = &finding.said;
    let args: Vec<(&str, String)> = said
        .args
        .iter()
        .map(|(name, value)| match *name {
            "station" | "next" | "before" => (*name, station_word(value)),
            name => (name, value.clone()),
        })
        .collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Found {
        code: said.code,
        number,
        at_min: rules.minutes(finding.since),
        at: rules.clock(finding.since),
        until: finding.until.map(|until| rules.clock(until)),
        text: voice.say(&format!("live.{}", said.code), &args),
    }
}
