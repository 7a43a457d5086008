//! A notice: what residents are told, as facts; sentences come later.

use crate::{Addressed, Answered, grouped, practice::moment};
use domain::{
    Directive, Notes, Place, Plan, Policy, Scenario, Text,
    notice::NoticeKind,
    scenario::{Arrivals, Gives, Mix},
};
use jiff::civil::DateTime;
use scenario::Service;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the notice's own file.
const FORMAT: u32 = 1;

/// A notice as it is kept, and held against the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The version of the file.
    pub format: u32,
    /// Its number, from 1.
    pub number: u32,
    /// What it is for.
    pub kind: String,
    /// When it was written, local.
    #[serde(with = "crate::local")]
    pub at: DateTime,
    /// The community's name.
    pub community: String,
    /// Its time zone.
    pub timezone: String,
    /// Who wrote it.
    pub issued_by: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// A page with the same.
    pub link: Option<String>,
    /// Who sends it, in public alerts.
    pub sender: Option<String>,
    /// The area by codes that others know, in public alerts: the name of each list and its value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub area_codes: Vec<(String, String)>,
    /// Whom it is for.
    pub addressed: Addressed,
    /// What each person gets or gives: `tube`, `dose`, `course`, `parcel`, `nothing`; empty in a notice from before this was written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gives: String,
    /// What the round is.
    pub service: Both,
    /// Where the site is.
    pub site: Option<Both>,
    /// When it opens, local.
    #[serde(with = "crate::local")]
    pub opens: DateTime,
    /// When it closes, if at a fixed time.
    #[serde(with = "crate::local::maybe")]
    pub closes: Option<DateTime>,
    /// From when the news of an all clear or a call-back holds.
    #[serde(with = "crate::local::maybe")]
    pub from: Option<DateTime>,
    /// Until when.
    #[serde(with = "crate::local::maybe")]
    pub until: Option<DateTime>,
    /// How people come.
    pub how: How,
    /// Who is called when.
    pub calls: Vec<Call>,
    /// Whether there is a green channel.
    pub green: bool,
    /// People in a tube, where there are tubes.
    pub pool: Option<u8>,
    /// Hours to the result, where there are tubes.
    pub result_h: Option<f64>,
    /// Metres between those who wait.
    pub spacing_m: Option<f64>,
    /// Days until names are erased.
    pub names_kept_days: Option<u32>,
    /// What to bring.
    pub bring: Option<Both>,
    /// How to behave at the site.
    pub at_site: Option<Both>,
    /// What follows.
    pub after: Option<Both>,
    /// More to say.
    pub more: Vec<Both>,
    /// Questions and answers.
    pub answers: Vec<Answered>,
    /// The directives above it, words untouched.
    pub above: Vec<Above>,
    /// Which notice it replaces.
    pub replaces: Option<Replaced>,
    /// What is otherwise than there.
    pub changed: Vec<Change>,
    /// The same, as somebody wrote it.
    pub told: Vec<String>,
}

/// A sentence by the tags of its languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Both(pub BTreeMap<String, String>);

impl From<&Text> for Both {
    fn from(text: &Text) -> Both {
        Both(text.0.clone())
    }
}

/// How people come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Somebody knocks.
    Waves,
    /// Everybody comes after one message.
    Broadcast,
    /// At a booked time.
    Appointment,
    /// As they like.
    WalkIn,
}

/// Doors of one entrance that are called at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The building.
    pub building: String,
    /// The entrance.
    pub entrance: String,
    /// The doors, as they are said.
    pub doors: String,
    /// When, local.
    #[serde(with = "crate::local")]
    pub at: DateTime,
    /// To which lane, from 1; null where people choose.
    pub lane: Option<u16>,
}

/// A directive above a notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Above {
    /// The level's word.
    pub level: String,
    /// Who issued it.
    pub issued_by: String,
    /// When.
    pub date: String,
    /// Its title.
    pub title: Option<String>,
    /// Its words, untouched.
    pub text: String,
}

/// The notice that this one takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its number.
    pub number: u32,
    /// When it was written, local.
    #[serde(with = "crate::local")]
    pub at: DateTime,
}

/// Something that is otherwise now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What: a word of the catalogue, `opens`, or `call` with whose.
    pub what: String,
    /// Whose call, where it is one.
    pub call: Option<Call>,
    /// How it was; empty where it was not.
    pub before: Both,
    /// How it is; empty where it is no more.
    pub now: Both,
}

/// What a notice is written from.
pub struct Request<'a> {
    /// The scenario, with the community's own rules.
    pub scenario: &'a Scenario,
    /// The plan, if there is one.
    pub plan: Option<&'a Plan>,
    /// The service of the round.
    pub service: &'a Service,
    /// What it is for.
    pub kind: NoticeKind,
    /// Its number; absent: one more than that of the notice it replaces, or 1.
    pub number: Option<u32>,
    /// When it is written, local.
    pub at: DateTime,
    /// Whom it is for.
    pub addressed: Addressed,
    /// The notice it replaces.
    pub replaces: Option<&'a Notice>,
    /// What is otherwise, as somebody wrote it.
    pub told: &'a [String],
    /// From when it holds.
    pub from: Option<DateTime>,
    /// Until when it holds.
    pub until: Option<DateTime>,
}

/// Writes it, with what should be looked at.
///
/// # Errors
/// All notes, where one of them refuses: looser than a directive; a correction that corrects nothing.
pub fn write(request: &Request<'_>) -> Result<(Notice, Notes), Notes> {
    let Request { scenario, plan, service, kind, at, .. } = *request;
    let (round, own) = (&scenario.round, &scenario.own_rules);
    // What was noted of the scenario alone has been said when it was read.
    let before = crate::check(scenario, None).1;
    let mut notes =
        Notes(crate::check(scenario, plan).1.0.into_iter().filter(|note| !before.0.contains(note)).collect());
    let (mut answers, more) = grouped(&own.questions, &scenario.roll);
    notes.extend(more);
    // News of one kind does not go under in answers to other questions.
    let asks = matches!(kind, NoticeKind::Round | NoticeKind::Change | NoticeKind::Questions);
    answers.retain(|one| asks && one.answer.is_some() && concerns(&one.from, &request.addressed));
    let tubes = round.gives == Gives::Tube;
    let both = |text: &Option<Text>| text.as_ref().map(Both::from);
    let mut notice = Notice {
        format: FORMAT,
        number: request.number.unwrap_or_else(|| request.replaces.map_or(1, |old| old.number + 1)),
        kind: kind.name().to_owned(),
        at,
        community: scenario.community.name.clone(),
        timezone: scenario.community.timezone.clone(),
        issued_by: own.issued_by.clone(),
        contact: own.contact.clone(),
        link: own.link.clone(),
        sender: own.sender.clone(),
        area_codes: own.area_codes.clone(),
        addressed: request.addressed.clone(),
        gives: match round.gives {
            Gives::Tube => "tube",
            Gives::Dose => "dose",
            Gives::Course => "course",
            Gives::Parcel => "parcel",
            Gives::Nothing => "nothing",
        }
        .to_owned(),
        service: (&service.name).into(),
        site: both(&own.site),
        opens: round.opens,
        closes: round.closes.map(|ticks| moment(scenario, ticks)),
        from: request.from,
        until: request.until,
        how: how(scenario, plan),
        calls: plan.map(|plan| calls(plan, scenario, &request.addressed)).unwrap_or_default(),
        green: scenario.site.green_channel,
        pool: tubes.then_some(round.pool),
        result_h: tubes.then_some(scenario.custody.to_result_h),
        spacing_m: own.spacing_m,
        names_kept_days: own.names_kept_days,
        bring: both(&service.notice.bring),
        at_site: both(&service.notice.at_site),
        after: both(&service.notice.after),
        more: own.more.iter().filter(|(of, _)| *of == kind).map(|(_, text)| text.into()).collect(),
        answers,
        above: scenario.directives.iter().map(above).collect(),
        replaces: request.replaces.map(|old| Replaced { number: old.number, at: old.at }),
        changed: Vec::new(),
        told: request.told.to_vec(),
    };
    if let Some(old) = request.replaces {
        notice.changed = crate::correct::changes(old, &notice);
    }
    refuse(request, &notice, &mut notes);
    if notes.refuses() { Err(notes) } else { Ok((notice, notes)) }
}

impl Notice {
    /// What of it concerns one entrance: its own times and questions. The same as if it had been written for it.
    #[must_use]
    pub fn narrowed(&self, building: &str, entrance: &str) -> Notice {
        let here = |call: &Call| call.building == building && call.entrance == entrance;
        let mut notice = self.clone();
        notice.addressed = Addressed::Entrance(building.to_owned(), entrance.to_owned());
        notice.calls.retain(here);
        notice.answers.retain(|one| concerns(&one.from, &notice.addressed));
        notice.changed.retain(|change| change.call.as_ref().is_none_or(here));
        notice
    }

    /// What of it concerns these buildings: their calls. For one alone, the same as if it had been written for it.
    #[must_use]
    pub fn for_buildings(&self, buildings: &[String]) -> Notice {
        let here = |call: &Call| buildings.contains(&call.building);
        let mut notice = self.clone();
        notice.calls.retain(here);
        notice.changed.retain(|change| change.call.as_ref().is_none_or(here));
        if let ([one], Addressed::Everybody) = (buildings, &self.addressed) {
            notice.addressed = Addressed::Building(one.clone());
            notice.answers.retain(|one| concerns(&one.from, &notice.addressed));
        }
        notice
    }
}

fn refuse(request: &Request<'_>, notice: &Notice, notes: &mut Notes) {
    let place = || Place::file("--kind");
    if request.kind == NoticeKind::CallBack && notice.is_private() {
        notes.warning(Place::file("--for"), "notice_private", &[]);
    }
    match request.kind {
        NoticeKind::Change if request.replaces.is_none() => {
            notes.error(place(), "notice_replaces_nothing", &[]);
        }
        NoticeKind::Change if notice.changed.is_empty() && notice.told.is_empty() => {
            let number = request.replaces.map_or(0, |old| old.number);
            notes.error(Place::file("--replaces"), "notice_changes_nothing", &[("number", &number)]);
        }
        NoticeKind::CallBack if matches!(request.addressed, Addressed::Everybody) => {
            notes.error(Place::file("--for"), "notice_call_back_all", &[]);
        }
        NoticeKind::Questions if notice.answers.is_empty() => {
            notes.error(Place::file("questions.csv"), "notice_no_answers", &[]);
        }
        _ => {}
    }
    if let Some(old) = request.replaces {
        if old.community != notice.community {
            notes.error(Place::file("--replaces"), "notice_of_another", &[("community", &old.community)]);
        }
        if notice.number <= old.number {
            let args: [(&str, &dyn std::fmt::Display); 2] =
                [("number", &notice.number), ("replaced", &old.number)];
            notes.error(Place::file("--number"), "notice_number_used", &args);
        }
    }
    if let (Some(from), Some(until)) = (request.from, request.until)
        && until < from
    {
        let args: [(&str, &dyn std::fmt::Display); 2] = [("value", &until), ("from", &from)];
        notes.error(Place::file("--until"), "until_before_from", &args);
    }
}

/// What everybody asked, and what was asked there.
fn concerns(from: &[String], addressed: &Addressed) -> bool {
    let label = addressed.label();
    from.is_empty()
        || label.is_empty()
        || from.iter().any(|at| {
            let inside = |one: &str, other: &str| {
                one == other || one.strip_prefix(other).is_some_and(|rest| rest.starts_with('-'))
            };
            inside(at, &label) || inside(&label, at)
        })
}

fn how(scenario: &Scenario, plan: Option<&Plan>) -> How {
    match plan.map(|plan| plan.policy) {
        Some(Policy::Waves) => return How::Waves,
        Some(Policy::Broadcast) => return How::Broadcast,
        None => {}
    }
    match &scenario.arrivals {
        Arrivals::Waves | Arrivals::Mix(Mix { waves: true, .. }) => How::Waves,
        Arrivals::Broadcast { .. } => How::Broadcast,
        Arrivals::Appointments(_)
        | Arrivals::Schedule { .. }
        | Arrivals::Mix(Mix { appointments: Some(_), .. }) => How::Appointment,
        Arrivals::Poisson(_) | Arrivals::Mix(_) => How::WalkIn,
    }
}

/// The calls of those who are meant, by entrance in the order of the roll, and of one entrance in the order of time.
fn calls(plan: &Plan, scenario: &Scenario, addressed: &Addressed) -> Vec<Call> {
    let roll = &scenario.roll;
    let assigned = scenario.site.lane_choice == domain::scenario::LaneChoice::Assigned;
    let mut found: Vec<(usize, Call)> = Vec::new();
    for line in plan.lines(roll) {
        let meant: Vec<u32> =
            line.households.iter().copied().filter(|&one| addressed.has(roll, one)).collect();
        if meant.is_empty() {
            continue;
        }
        let entrance = &roll.entrances[line.entrance];
        let call = Call {
            building: entrance.building.clone(),
            entrance: entrance.entrance.clone(),
            doors: roll.doors_in_words(&meant),
            at: moment(scenario, line.wave.call_at),
            lane: assigned.then_some(line.wave.lane + 1),
        };
        found.push((line.entrance, call));
    }
    found.sort_by_key(|(entrance, call)| (*entrance, call.at));
    found.into_iter().map(|(_, call)| call).collect()
}

fn above(directive: &Directive) -> Above {
    Above {
        level: directive.level.name().to_owned(),
        issued_by: directive.issued_by.clone(),
        date: directive.date.to_string(),
        title: directive.title.clone(),
        text: directive.text.clone(),
    }
}
