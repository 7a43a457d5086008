//! What people agree on in a round's evening: what was said, proposals with what rehearsals expect of them, and whether they helped. The
//! log lies in the scenario that the round was made from; residents' voices stay sealed, and are shown without names and doors.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker, Body,
    evening::{Evened, count},
    file::{DOCX, file},
    rounds::place,
    verbs_on::desk,
};
use crate::{
    access::who::Asking,
    app::App,
    clock::now_in,
    machine::{Processors, zones},
    problem::{Fault, Problem},
    run::{book::Made, evening::Counted},
    schema::notes::{Note, Refused},
    store::{Changes, Id, Kept, StoreError, Written},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    Policy, Scenario,
    decision::{Act, Agreement, By, Change, Decisions, Entry, Expected, Fact, Figure, Onto, Proposal, What},
};
use exchange::Tone;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use scenario::Files;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;
use verbs::{
    Reviewed, Run, SpokenNote, Trials, Voice,
    decide::{Asked, Judged, Seen, Told, expected, from_lesson, judge, output, part},
};

/// Replications of each of the two rehearsals that an expectation rests on.
const REPS: u32 = 200;
/// How often a line is written anew because somebody else wrote into the scenario meanwhile.
const TRIES: usize = 3;

/// A round's evening as it is talked over.
#[derive(Debug, Serialize, ToSchema)]
pub struct EveningDecisions {
    /// The scenario in which the log lies; null where it is not here any more, and then there is no log.
    #[schema(required)]
    scenario: Option<String>,
    /// What residents said on the day, without names and doors.
    residents: Vec<ResidentSaid>,
    /// What was said, decided and may be done: the fields of `shouhu decide --json`; null without a scenario.
    #[schema(required, value_type = Option<Object>)]
    log: Option<Value>,
    /// What should be looked at after a line was written; empty otherwise.
    #[schema(value_type = [Note])]
    notes: Vec<SpokenNote>,
}

/// A resident's complaint or praise.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResidentSaid {
    /// `complaint` or `praise`.
    tone: &'static str,
    /// What.
    words: String,
    /// Whether it was answered.
    answered: bool,
}

/// A line to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// What is done.
    #[serde(rename = "do")]
    does: LineKind,
    /// The decision that it is about; of what is said or proposed, none.
    #[serde(default)]
    decision: u32,
    /// Whose word it is: `resident`, `volunteer`, `adviser`, `secretariat`, `committee`, `property`.
    #[serde(default)]
    by: Vec<String>,
    /// In a sentence.
    #[serde(default)]
    words: String,
    /// Of a proposal: the problem that it answers.
    #[serde(default)]
    problem: String,
    /// Of a proposal: the key and the value, as `--set` takes them.
    set: Option<(String, String)>,
    /// Of a proposal: the key of the review's lesson that it is.
    lesson: Option<String>,
    /// Of a rule: whether it is for the notice.
    #[serde(default)]
    notice: bool,
    /// Of a rule: the role for whose card it is.
    role: Option<String>,
    /// Of a proposal: what it is to better, `wait_p95_min`.
    figure: Option<String>,
    /// Of a trial: the day of its round.
    on: Option<String>,
    /// Of a trial: on which part of the site.
    #[serde(default)]
    part: String,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Something is said of the day.
    Say,
    /// Something is proposed.
    Propose,
    /// Something speaks against it.
    Object,
    /// It is tried.
    Try,
    /// It holds.
    Agree,
    /// It does not, or no more.
    Drop,
}

/// What was said and decided, what may be done, and whether it helped.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/decisions",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = EveningDecisions), (status = NOT_FOUND, body = Problem))
)]
pub async fn decisions(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
) -> Result<Json<EveningDecisions>, Fault> {
    let within = app.clone();
    let told = app.turns.compute(move || {
        let table = Table::of(within, &community, &round, asking, voice)?;
        let kept = table.kept()?;
        table.told(kept.as_ref().map(|kept| &kept.files), Vec::new())
    });
    told.await.map(Json)
}

/// Writes a line. What is agreed goes into the scenario at once: a value to its key, a rule into the notice or onto a card.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/decisions", request_body = NewLine,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = EveningDecisions), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "It may not follow what is there, or the scenario does not take it", body = Refused)
    )
)]
pub async fn decide(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
    Body(line): Body<NewLine>,
) -> Result<Json<EveningDecisions>, Fault> {
    let within = app.clone();
    let told = app.turns.compute(move || {
        let table = Table::of(within, &community, &round, asking, voice)?;
        for _ in 0..TRIES {
            let gone = || Fault::new(StatusCode::NOT_FOUND, "scenario_unknown");
            let kept = table.kept()?.ok_or_else(gone)?;
            let mut files = kept.files.clone();
            let entry = table.entry(&line, &mut files)?;
            let (after, notes) = scenario::decide(&files, entry);
            let Some(after) = after else { return Err(notes.into()) };
            if let Some(after) = table.write(&kept, after)? {
                return table.told(Some(&after), voice.notes(&notes));
            }
        }
        Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"))
    });
    told.await.map(Json)
}

/// The evening's report for a word processor: how the round went, and the log. No door is in it.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/evening.docx",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (status = NOT_FOUND, description = "There is no such round, or nobody came", body = Problem)
    )
)]
pub async fn evening_docx(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let within = app.clone();
    let bytes = app.turns.compute(move || {
        let table = Table::of(within, &community, &round, asking, voice)?;
        let nothing = || Fault::new(StatusCode::NOT_FOUND, "evening_empty");
        let (reviewed, scenario) = table.counted.review.as_ref().ok_or_else(nothing)?;
        let mut document = reviewed.document(scenario.as_ref(), voice);
        if let Some(kept) = table.kept()? {
            let (log, judged) = table.judged(&kept.files)?;
            // Beneath what the evening is in short.
            let place = document.parts.len().min(1);
            document.parts.splice(place..place, part(&log, &judged, voice));
        }
        Ok(formats::docx(&document))
    });
    Ok(file(DOCX, "evening.docx", bytes.await?))
}

/// Around which the evening is talked over.
struct Table {
    app: App,
    asking: Asking,
    voice: Voice,
    made: Made,
    counted: Arc<Counted>,
}

impl Table {
    fn of(app: App, community: &str, round: &str, asking: Asking, voice: Voice) -> Result<Table, Fault> {
        let (community, round) = place(community, round)?;
        let Evened { made, counted, .. } = count(&app, community, round, &asking)?;
        Ok(Table { app, asking, voice, made, counted })
    }

    /// The scenario that the round was made from, if it is still here for whoever asks.
    fn kept(&self) -> Result<Option<Kept>, Fault> {
        let Some(id) = Id::parse(&self.made.definition.made_from) else { return Ok(None) };
        match self.app.store.get(&self.asking.who, &id) {
            Ok(kept) => Ok(Some(kept)),
            Err(StoreError::Unknown) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn reviewed(&self) -> Option<&Reviewed> {
        self.counted.review.as_ref().map(|(reviewed, _)| reviewed)
    }

    /// Complaints and praise of the round's day, on the community's clock.
    fn residents(&self) -> Result<Vec<ResidentSaid>, Fault> {
        let exchange = self.app.people.exchange(self.made.community)?;
        let zone = self.made.definition.zone();
        let day = day_of(self.made.opens, &zone);
        let of_day = |of: &&exchange::Voice| day_of(of.at.0.div_euclid(10_000), &zone) == day;
        // Questions are answered where notices are written.
        let said = exchange.voices().filter(of_day).filter(|of| of.tone != Tone::Question);
        let said = said.map(|of| ResidentSaid {
            tone: of.tone.name(),
            words: of.words.clone(),
            answered: of.answer.is_some(),
        });
        Ok(said.collect())
    }

    fn seen(&self) -> Result<Option<Seen<'_>>, Fault> {
        let Some(reviewed) = self.reviewed() else { return Ok(None) };
        // Where nobody's names are kept, nobody can have complained.
        let can_complain = self.app.people.has_residents(self.made.community)?;
        let complaints = self.residents()?.iter().filter(|of| of.tone == Tone::Complaint.name()).count();
        Ok(Some(Seen {
            reviewed,
            doors: self.counted.reach.as_ref().map(|reach| reach.missed()),
            complaints: can_complain.then_some(complaints as u32),
        }))
    }

    fn judged(&self, files: &Files) -> Result<(Decisions, Vec<Judged>), Fault> {
        let (log, notes) = scenario::read_decisions(files);
        if notes.refuses() {
            return Err(notes.into());
        }
        let judged = judge(&log, self.seen()?.as_ref());
        Ok((log, judged))
    }

    fn told(&self, files: Option<&Files>, notes: Vec<SpokenNote>) -> Result<EveningDecisions, Fault> {
        let log = files.map(|files| {
            let scenario = self.scenario(files)?;
            let (log, judged) = self.judged(files)?;
            let lessons = self.reviewed().map(|of| of.review.lessons.as_slice()).unwrap_or_default();
            let voice = self.voice;
            let told = Told { log: &log, judged: &judged, files, scenario: &scenario, lessons, voice };
            Ok::<_, Fault>(output(&told))
        });
        let scenario = files.map(|_| self.made.definition.made_from.clone());
        Ok(EveningDecisions { scenario, residents: self.residents()?, log: log.transpose()?, notes })
    }

    fn scenario(&self, files: &Files) -> Result<Scenario, Fault> {
        Ok(desk(files, self.voice).scenario(&[])?)
    }

    /// What was asked, as a line of the log.
    fn entry(&self, line: &NewLine, files: &mut Files) -> Result<Entry, Fault> {
        let scenario = self.scenario(files)?;
        let mut by = line.by.iter().map(|name| known(&By::ALL, name)).collect::<Result<Vec<By>, Fault>>()?;
        // What a review found, or another community, is not said by hand.
        if !by.iter().all(|by| by.is_people()) {
            return Err(unread());
        }
        if by.is_empty() {
            by.push(By::Secretariat);
        }
        let mut words = line.words.trim().to_owned();
        let act = match line.does {
            LineKind::Say => None,
            LineKind::Propose => {
                let (proposal, taught) = self.proposal(line, files)?;
                if let Some(sentence) = taught {
                    by = vec![By::Review];
                    words = if words.is_empty() { sentence } else { words };
                }
                let (at, what) = (now_in(&scenario.community.timezone), What::Proposed(Box::new(proposal)));
                return Ok(Entry { at, by, words, what });
            }
            LineKind::Object => Some(Act::Object),
            LineKind::Drop => Some(Act::Drop),
            LineKind::Try => {
                let on = line.on.as_deref().filter(|on| !on.is_empty());
                let on = on.map(|on| on.parse::<Date>().map_err(|_| unread())).transpose()?;
                Some(Act::Try { on, part: line.part.trim().to_owned() })
            }
            LineKind::Agree => Some(Act::Agree(self.agreement(line.decision, files)?)),
        };
        let what = act.map_or(What::Said, |act| What::Moved { decision: line.decision, act });
        Ok(Entry { at: now_in(&scenario.community.timezone), by, words, what })
    }

    /// A proposal, and what the lesson says that it comes of.
    fn proposal(&self, line: &NewLine, files: &mut Files) -> Result<(Proposal, Option<String>), Fault> {
        let figure =
            line.figure.as_deref().map_or(Some(Figure::WaitP95), Figure::parse).ok_or_else(unread)?;
        let mut taught = None;
        let change = match (&line.lesson, &line.set, &line.role) {
            (Some(key), None, None) => {
                let lesson = self.reviewed().and_then(|of| from_lesson(of, key, files, self.voice));
                let (change, sentence) = lesson.ok_or_else(unread)?;
                taught = Some(sentence);
                change
            }
            (None, Some((key, value)), None) => Change::Value { key: key.clone(), value: value.clone() },
            (None, None, Some(role)) => Change::Rule(Onto::Card(role.clone())),
            (None, None, None) => Change::Rule(if line.notice { Onto::Notice } else { Onto::Log }),
            _ => return Err(unread()),
        };
        let expected = self.expected(files, (&change, &figure), taught.is_some())?;
        let measured = self.measured(&figure)?;
        let problem = line.problem.trim().to_owned();
        Ok((Proposal { problem, change, figure, expected, measured }, taught))
    }

    fn agreement(&self, number: u32, files: &Files) -> Result<Agreement, Fault> {
        let (log, _) = scenario::read_decisions(files);
        // One that is not there is refused with the line.
        let Some(found) = log.get(number) else { return Ok(Agreement::default()) };
        let (change, figure) = (&found.proposal.change, &found.proposal.figure);
        Ok(Agreement {
            old: None,
            expected: self.expected(files, (change, figure), found.by.contains(&By::Review))?,
            measured: self.measured(figure)?,
        })
    }

    fn measured(&self, figure: &Figure) -> Result<Option<Fact>, Fault> {
        Ok(self.seen()?.and_then(|seen| seen.fact(figure)))
    }

    fn expected(
        &self,
        files: &Files,
        (change, figure): (&Change, &Figure),
        taught: bool,
    ) -> Result<Option<Expected>, Fault> {
        let calls = &self.made.definition.calls;
        let called = if calls.broadcast { Policy::Broadcast } else { Policy::Waves };
        let run =
            Run { seed: 1, reps: REPS, trials: Trials::QUICK, on_event_engine: false, machine: &Processors };
        let asked = Asked {
            files,
            change,
            figure,
            taught,
            policy: (!calls.waves.is_empty()).then_some(called),
            run: &run,
            zones: &zones,
        };
        Ok(expected(&asked)?)
    }

    /// Writes what changed; `None` if somebody else wrote meanwhile.
    fn write(&self, kept: &Kept, after: Files) -> Result<Option<Files>, Fault> {
        let changed = after.0.iter().filter(|(name, content)| kept.files.0.get(*name) != Some(content));
        let files = changed.map(|(name, content)| (name.clone(), Some(content.clone()))).collect();
        let changes = Changes { name: None, files, place: None };
        match self.app.store.change(&self.asking.who, &kept.id, &kept.version, &changes)? {
            Written::Now(_) => Ok(Some(after)),
            Written::Conflict(_) => Ok(None),
        }
    }
}

fn known<T: Copy>(all: &[(&str, T)], name: &str) -> Result<T, Fault> {
    all.iter().find(|(known, _)| *known == name).map(|(_, found)| *found).ok_or_else(unread)
}

fn unread() -> Fault {
    Fault::new(StatusCode::BAD_REQUEST, "decision_line")
}

fn day_of(seconds: i64, zone: &TimeZone) -> Option<Date> {
    Some(zone.to_datetime(Timestamp::from_second(seconds).ok()?).date())
}
