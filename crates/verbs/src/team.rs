//! Teams that went to help: who is where, what is due and whose turn it is, alarms, and what if a team were withdrawn.

mod day;
mod words;

pub use day::{CrewHere, DayHere, SpanHere, SpellHere, schedule};

use domain::{Moment, Notes, Place};
use serde::Serialize;
use teams::{Fitness, Role, Stage, Teams, Told};
use uuid::Uuid;

/// Facts of one book: thirty days of ten thousand people are fewer.
const LINES_MOST: usize = 5_000_000;

/// Reads facts, one JSON object a line. What cannot be read is told line by line.
pub fn read(file: &str, text: &str) -> (Vec<Told>, Notes) {
    let (mut facts, mut notes) = (Vec::new(), Notes::default());
    for (nth, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if nth >= LINES_MOST {
            notes.error(Place::file(file), "team_long", &[("most", &LINES_MOST)]);
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str(line) {
            Ok(told) => facts.push(told),
            Err(problem) => {
                let row = u32::try_from(nth + 1).unwrap_or(u32::MAX);
                notes.error(Place::file(file).row(row), "team_line", &[("problem", &problem)]);
            }
        }
    }
    (facts, notes)
}

/// The teams that somebody may mean: the one with that identifier, or all of that name.
pub fn named(teams: &Teams, text: &str) -> Vec<Uuid> {
    let all = || teams.teams().map(|(id, _)| id);
    match all().find(|id| id.to_string() == text.trim()) {
        Some(id) => vec![id],
        None => all().filter(|id| teams.name(*id) == text.trim()).collect(),
    }
}

/// All that is to be said at a moment.
#[derive(Clone, Debug, Serialize)]
pub struct TeamOutput {
    /// The moment.
    pub at: String,
    /// Who is where.
    pub teams: Vec<TeamHere>,
    /// What is due or overdue.
    pub near: Vec<Due>,
    /// Members who are positive.
    pub alarms: Vec<AlarmHere>,
    /// People missing on the next day.
    pub tomorrow: Vec<ShortHere>,
    /// Facts that contradict each other.
    pub conflicts: Vec<ConflictHere>,
    /// Times at work without water.
    pub dry: Vec<DryHere>,
    /// What if a team were withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drill: Option<DrillHere>,
}

/// A deployment of a team.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct TeamHere {
    pub team: Uuid,
    pub name: String,
    pub deployment: Uuid,
    pub donor: String,
    pub host: String,
    pub district: String,
    pub skill: String,
    #[serde(skip)]
    pub stage_key: &'static str,
    pub stage: &'static str,
    pub until: String,
    pub members: usize,
    pub fit: usize,
    pub exposed: usize,
    pub to_isolate: usize,
    pub isolated: usize,
    pub working: usize,
    /// What it needs on this day.
    pub water_bottles: u32,
    pub meals: u32,
    pub clothing_sets: u32,
}

/// Something that is due.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct Due {
    pub by: String,
    pub why: &'static str,
    #[serde(skip)]
    pub key: &'static str,
    pub of: Uuid,
    /// What it is about, so that it can be found: where, when, or the end of its identifier.
    #[serde(skip)]
    pub which: String,
    pub team: Option<Uuid>,
    #[serde(skip)]
    pub team_name: String,
    pub party: Uuid,
    pub party_name: String,
    pub role: Role,
}

/// A member who is positive.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct AlarmHere {
    pub member: Uuid,
    pub team: String,
    pub taken: String,
    pub known: String,
    pub contacts: Vec<ContactHere>,
}

/// Somebody who was near.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct ContactHere {
    pub member: Uuid,
    pub shared: Vec<teams::Shared>,
    pub last: String,
    pub tests: Vec<String>,
    pub clear_from: String,
}

/// People missing of a deployment on a day.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct ShortHere {
    pub day: String,
    pub host: String,
    pub district: String,
    pub skill: String,
    pub team: String,
    pub committed: u32,
    pub fit: u32,
    pub seats: u32,
}

/// Two facts that cannot both be true.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct ConflictHere {
    pub kind: teams::ConflictKind,
    pub of: Uuid,
    pub first: Uuid,
    pub second: Uuid,
    #[serde(skip)]
    pub said: teams::Said,
}

/// A time at work without water.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct DryHere {
    pub team: String,
    pub shift: Uuid,
    pub from: String,
    pub until: String,
}

/// What if a team were withdrawn.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct DrillHere {
    pub team: String,
    pub gaps: Vec<GapHere>,
    pub requests: Vec<RequestHere>,
}

/// People missing on a day.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct GapHere {
    pub day: String,
    pub host: String,
    pub district: String,
    pub skill: String,
    pub people: u32,
    pub planned: bool,
    pub fillers: Vec<Uuid>,
    pub uncovered: u32,
}

/// A request that would cover it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct RequestHere {
    pub host: String,
    pub skill: String,
    pub number: u32,
    pub district: String,
    pub from: String,
    pub until: String,
}

/// All that is to be said at a moment, and what if a team were withdrawn then. Times are the recipient's.
pub fn team(teams: &Teams, now: Moment, withdraw: Option<Uuid>) -> TeamOutput {
    let clock = |host: Uuid, at: Moment| teams.rules(host).clock(at);
    let clock_of = |team: Uuid, at: Moment| clock(teams.host(team, at).unwrap_or_default(), at);
    let near = teams.near(now).into_iter().map(|of| Due {
        by: of.team.map_or_else(|| clock(of.turn.party, of.by), |team| clock_of(team, of.by)),
        why: of.why.name(),
        key: of.why.key(),
        of: of.of,
        which: which(teams, of.of),
        team: of.team,
        team_name: of.team.map(|team| teams.name(team)).unwrap_or_default(),
        party: of.turn.party,
        party_name: teams.name(of.turn.party),
        role: of.turn.role,
    });
    let alarms = teams.alarms(now).into_iter().map(|of| AlarmHere {
        member: of.member,
        team: teams.name(of.team),
        taken: clock_of(of.team, of.taken),
        known: clock_of(of.team, of.known),
        contacts: of
            .contacts
            .into_iter()
            .map(|near| ContactHere {
                member: near.member,
                shared: near.shared.into_iter().collect(),
                last: clock_of(near.team, near.last),
                tests: near.tests.iter().map(|at| clock_of(near.team, *at)).collect(),
                clear_from: clock_of(near.team, near.clear_from),
            })
            .collect(),
    });
    let tomorrow = teams.tomorrow(now).into_iter().map(|of| ShortHere {
        day: of.day,
        host: teams.name(of.host),
        district: of.district,
        skill: of.skill,
        team: teams.name(of.team),
        committed: of.committed,
        fit: of.fit,
        seats: of.seats,
    });
    let conflicts = teams.conflicts().map(|of| ConflictHere {
        kind: of.kind,
        of: of.of,
        first: of.first.1,
        second: of.second.1,
        said: of.said(teams),
    });
    let dry = teams.all_dry(now).into_iter().map(|(of, gap)| DryHere {
        team: teams.name(of.shift.team),
        shift: of.shift.id,
        from: clock_of(of.shift.team, gap.from),
        until: clock_of(of.shift.team, gap.until),
    });
    TeamOutput {
        at: now.rfc3339(),
        teams: here(teams, now),
        near: near.collect(),
        alarms: alarms.collect(),
        tomorrow: tomorrow.collect(),
        conflicts: conflicts.collect(),
        dry: dry.collect(),
        drill: withdraw.map(|team| drill(teams, team, now)),
    }
}

/// A request by its district, a shift by its district and hour, a deployment by its district; anything else by its name or the end of its
/// identifier.
fn which(teams: &Teams, of: Uuid) -> String {
    let short = teams.name(of);
    if let Some(request) = teams.request(of) {
        return format!("{} {short}", request.request.district);
    }
    if let Some(of) = teams.shift(of) {
        let host = teams.host(of.shift.team, of.shift.from).unwrap_or_default();
        return format!("{} {}", of.shift.district, teams.rules(host).clock(of.shift.from));
    }
    match teams.deployment(of) {
        Some(of) => format!("{} {short}", of.district),
        None => short,
    }
}

fn here(teams: &Teams, now: Moment) -> Vec<TeamHere> {
    let fitness = teams.fitness(now);
    let one = |of: &teams::DeploymentNow| {
        let (id, stage) = (of.deployment.team, of.stage());
        let members: Vec<Uuid> = teams.members_of(id, now).map(|of| of.member.id).collect();
        let count =
            |is: fn(&Fitness) -> bool| members.iter().filter(|id| fitness.get(*id).is_some_and(is)).count();
        let working = teams.shifts().filter(|of| of.shift.team == id && of.works(now));
        let need = teams.supplies_of_day(id, now);
        TeamHere {
            team: id,
            name: teams.name(id),
            deployment: of.deployment.id,
            donor: teams.name(of.donor),
            host: teams.name(of.host),
            district: of.district.clone(),
            skill: of.skill.clone(),
            stage_key: stage.key(),
            stage: stage.name(),
            until: teams.rules(of.host).clock(of.until),
            members: members.len(),
            fit: members.iter().filter(|id| fitness.get(*id).is_none_or(|of| *of == Fitness::Fit)).count(),
            exposed: count(|of| matches!(of, Fitness::Exposed { .. })),
            to_isolate: count(|of| matches!(of, Fitness::ToIsolate { .. })),
            isolated: count(|of| matches!(of, Fitness::Isolated { .. })),
            working: working.map(|of| of.shift.members.len()).sum(),
            water_bottles: need.water,
            meals: need.meals,
            clothing_sets: need.clothing,
        }
    };
    teams.deployments().filter(|of| of.stage() != Stage::Over).map(one).collect()
}

fn drill(teams: &Teams, team: Uuid, now: Moment) -> DrillHere {
    let drill = teams.drill(team, now);
    let gap = |of: teams::Gap| GapHere {
        day: of.day,
        host: teams.name(of.host),
        district: of.district,
        skill: of.skill,
        people: of.people,
        planned: of.is_planned,
        fillers: of.fillers.into_iter().map(|of| of.member).collect(),
        uncovered: of.uncovered,
    };
    let request = |of: teams::Ask| {
        let clock = |at: Option<Moment>| at.map(|at| teams.rules(of.host).clock(at)).unwrap_or_default();
        RequestHere {
            host: teams.name(of.host),
            from: clock(of.from),
            until: clock(of.until),
            skill: of.skill,
            number: of.number,
            district: of.district,
        }
    };
    DrillHere {
        team: teams.name(team),
        gaps: drill.gaps.into_iter().map(gap).collect(),
        requests: drill.requests.into_iter().map(request).collect(),
    }
}
