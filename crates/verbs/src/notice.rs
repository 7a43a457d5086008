//! `notice`: what residents are told beneath the directives, as every mouth gives it.

use crate::{
    Desk,
    desk::{plan_of, read_loose},
    options::NoticeOptions,
    voice::{SpokenNote, Voice},
};
use ::notice::{Addressed, Answered, Held, Notice, Request};
use domain::{Notes, Place, Plan, Scenario, notice::NoticeKind};
use jiff::civil::DateTime;
use serde::Serialize;
use serde_json::{Value, json};
use words::Language;

/// A notice, and all that a page shows beside it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The notice.
    pub notice: Notice,
    /// What should be looked at.
    pub notes: Notes,
    /// The directives, clause by clause.
    pub held: Vec<Held>,
    /// What residents asked.
    pub asked: Asked,
}

/// Why there is no notice.
#[derive(Clone, Debug, Default)]
pub struct Unwritten {
    /// What refuses.
    pub notes: Notes,
    /// The directives, clause by clause, as far as the folder could be read.
    pub held: Vec<Held>,
    /// What residents asked, likewise.
    pub asked: Asked,
}

/// What residents asked: like questions as one, answered or not.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Asked {
    /// The file in which the questions stand; null where there is none.
    pub file: Option<String>,
    /// The heading of its questions.
    pub question: String,
    /// That of its answers; empty where it has no such column.
    pub answer: String,
    /// The questions, those most asked first.
    pub groups: Vec<AskedGroup>,
}

/// Questions that are nearly the same.
#[derive(Clone, Debug, Serialize)]
pub struct AskedGroup {
    /// As it was asked first; long numbers are hidden.
    pub question: String,
    /// The answer; null as long as nobody gave one.
    pub answer: Option<String>,
    /// How many rows asked it.
    pub asked: u32,
    /// Buildings and entrances from which it came; empty: from anywhere.
    pub from: Vec<String>,
    /// Its rows in the file, from 1.
    pub rows: Vec<u32>,
}

/// The highest number of a notice; the command line's limit, too.
const NUMBER_MAX: u32 = 100_000;

/// Writes a notice, with all that is shown beside it.
///
/// # Errors
/// All notes, where one of them refuses.
pub fn write(request: &Request<'_>) -> Result<Written, Notes> {
    let (notice, notes) = ::notice::write(request)?;
    let (scenario, plan) = (request.scenario, request.plan);
    Ok(Written { notice, notes, held: ::notice::check(scenario, plan).0, asked: Asked::of(scenario) })
}

impl Written {
    /// The command's JSON, the notice's sentences in its own language.
    pub fn output(&self, language: Language, voice: Voice) -> Value {
        json!({
            "notice": self.notice,
            "title": self.notice.title(language),
            "language": language.tag(),
            "text": self.notice.chat(language),
            "script": self.notice.script(language),
            "clauses": clauses(&self.held, voice),
            "questions": self.asked,
            "notes": voice.notes(&self.notes),
        })
    }
}

impl Unwritten {
    /// The same without a notice: what refuses, and what it is about.
    pub fn output(&self, voice: Voice) -> Value {
        let notes: Vec<SpokenNote> = voice.notes(&self.notes);
        json!({ "notes": notes, "clauses": clauses(&self.held, voice), "questions": self.asked })
    }
}

impl Asked {
    fn of(scenario: &Scenario) -> Asked {
        let own = &scenario.own_rules;
        let (groups, _) = ::notice::grouped(&own.questions, &scenario.roll);
        let group = |Answered { question, answer, asked, from, rows }| AskedGroup {
            question,
            answer,
            asked,
            from,
            rows,
        };
        let heads = own.asked_in.clone();
        Asked {
            file: heads.as_ref().map(|heads| heads.file.clone()),
            question: heads.as_ref().map(|heads| heads.question.clone()).unwrap_or_default(),
            answer: heads.map(|heads| heads.answer).unwrap_or_default(),
            groups: groups.into_iter().map(group).collect(),
        }
    }
}

/// The directives clause by clause, with the figures in words.
pub fn clauses(held: &[Held], voice: Voice) -> Vec<Value> {
    let spoken = |text: &str| voice.say("notice.as_it_is", &[("text", text)]);
    let one = |one: &Held| {
        let mut value = json!(one);
        value["asked"] = json!(spoken(&one.asked));
        value["found"] = json!(spoken(&one.found));
        value
    };
    held.iter().map(one).collect()
}

impl Desk<'_> {
    /// The notice that is asked for. `now` is the time of day in a time zone.
    ///
    /// # Errors
    /// All notes, where one of them refuses, with the clauses and questions as far as they are known.
    pub fn notice(
        &self,
        options: &NoticeOptions,
        now: &dyn Fn(&str) -> DateTime,
    ) -> Result<Written, Box<Unwritten>> {
        let (scenario, mut notes) = read_loose(self.files, &[], self.zones, &mut |_, _| ());
        let Some(scenario) = scenario else {
            return Err(Box::new(Unwritten { notes, ..Unwritten::default() }));
        };
        notes.extend(::notice::check(&scenario, None).1);
        let plan = options.plan.as_ref().map(|file| plan_of(file, &scenario)).transpose();
        let (plan, refused) = match plan {
            Ok(plan) => (plan, Notes::default()),
            Err(refused) => (None, refused),
        };
        notes.extend(refused);
        let written = match notes.refuses() {
            true => Err(notes),
            false => self.noticed(&scenario, plan.as_ref(), options, now),
        };
        written.map_err(|notes| {
            let held = ::notice::check(&scenario, plan.as_ref()).0;
            Box::new(Unwritten { notes, held, asked: Asked::of(&scenario) })
        })
    }

    /// The same of a scenario that was read, and of a plan.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn noticed(
        &self,
        scenario: &Scenario,
        plan: Option<&Plan>,
        options: &NoticeOptions,
        now: &dyn Fn(&str) -> DateTime,
    ) -> Result<Written, Notes> {
        let (service, _) = scenario::service(&scenario.round.purpose, self.files);
        let service = service.expect("a scenario without its service was refused");
        let mut notes = Notes::default();
        let addressed = match options.addressed.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Addressed::parse(text, &scenario.roll).unwrap_or_else(|refused| {
                notes.extend(refused);
                Addressed::Everybody
            }),
            None => Addressed::Everybody,
        };
        let replaces: Option<Notice> =
            options.replaces.clone().and_then(|file| match serde_json::from_value(file) {
                Ok(notice) => Some(notice),
                Err(error) => {
                    notes.error(Place::file("replaces"), "notice_unreadable", &[("why", &error)]);
                    None
                }
            });
        let day = scenario.round.opens.date();
        let mut time = |name: &str, text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            let read = ::notice::local_time(text, day);
            if read.is_none() {
                notes.error(Place::file(name), "notice_time", &[("value", &text)]);
            }
            read
        };
        let (at, from, until) =
            (time("at", &options.at), time("from", &options.from), time("until", &options.until));
        if options.number.is_some_and(|number| !(1..=NUMBER_MAX).contains(&number)) {
            notes.error(Place::file("number"), "notice_number", &[("max", &NUMBER_MAX)]);
        }
        if notes.refuses() {
            return Err(notes);
        }
        let kind = match options.kind {
            Some(kind) => kind.into(),
            None if replaces.is_some() => NoticeKind::Change,
            None => NoticeKind::Round,
        };
        let told: Vec<String> = options
            .changed
            .iter()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect();
        write(&Request {
            scenario,
            plan,
            service: &service,
            kind,
            number: options.number,
            at: at.unwrap_or_else(|| now(&scenario.community.timezone)),
            addressed,
            replaces: replaces.as_ref(),
            told: &told,
            from,
            until,
        })
    }
}
