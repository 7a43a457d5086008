//! The report as a document: what happened, plan against actual, who was missed, what was learned, the fields of a
//! throughput drill, and an after-action outline that people fill in.

mod tables;

use super::{Reviewed, taught};
use crate::{number::number, voice::Voice};
use domain::Scenario;
use formats::{Block, Document, Line, Part, Picture, Table};

/// Doors listed on paper; the CSV has all.
const DOORS_MAX: usize = 120;
/// Minutes between the rows of the queue's table.
const STEP: i64 = 15;
/// Rows of the after-action table that are left to be filled in.
const EMPTY_ACTIONS: usize = 3;
/// Empty lines under a question that people answer.
const EMPTY_LINES: usize = 2;

pub(super) fn document(reviewed: &Reviewed, scenario: Option<&Scenario>, voice: Voice) -> Document {
    let paper = Paper { reviewed, scenario, voice };
    let parts = [
        paper.in_short(),
        paper.what_happened(),
        paper.queue(),
        paper.planned(),
        paper.missed(),
        paper.learned(),
        paper.helped(),
        paper.drill(),
        paper.after_action(),
        paper.notes(),
    ];
    Document {
        language: voice.language.html().to_owned(),
        title: paper.title(),
        facts: paper.facts(),
        parts: parts.into_iter().flatten().collect(),
        foot: voice.word("review.foot"),
    }
}

/// What a terminal shows of it: the parts to be read at once.
pub(super) fn brief(reviewed: &Reviewed, scenario: Option<&Scenario>, voice: Voice) -> Vec<Part> {
    let paper = Paper { reviewed, scenario, voice };
    let reached = paper.part("missed", vec![Block::Table(paper.coverage_table())]);
    let lessons = reviewed.review.lessons.iter();
    let learned =
        lessons.map(|lesson| format!("{} ({})", taught::sentence(lesson, voice), lesson.key)).collect();
    let learned = paper.part("learned", list(learned));
    let parts = [paper.in_short(), paper.what_happened(), paper.planned(), reached, learned, paper.helped()];
    parts.into_iter().flatten().collect()
}

/// What the report is written from.
struct Paper<'a> {
    reviewed: &'a Reviewed,
    scenario: Option<&'a Scenario>,
    voice: Voice,
}

impl Paper<'_> {
    fn word(&self, key: &str) -> String {
        self.voice.word(&format!("review.{key}"))
    }

    fn title(&self) -> String {
        match self.scenario {
            Some(scenario) => self.voice.say("review.title.of", &[("community", &scenario.community.name)]),
            None => self.word("title"),
        }
    }

    fn facts(&self) -> Vec<(String, String)> {
        let review = &self.reviewed.review;
        let mut facts = Vec::new();
        if let Some(scenario) = self.scenario {
            facts.push((self.word("fact.site"), scenario.community.name.clone()));
            facts.push((self.word("fact.purpose"), self.purpose(scenario)));
        }
        if let Some(opened) = self.reviewed.opened {
            facts.push((self.word("fact.date"), opened.date().to_string()));
            facts.push((self.word("fact.opened"), domain::time_of_day(opened)));
        }
        facts.push((self.word("fact.rounds"), review.rounds.to_string()));
        facts.push((self.word("fact.waits"), self.word(&format!("waits.{}", review.waits))));
        facts
    }

    fn purpose(&self, scenario: &Scenario) -> String {
        let id = &scenario.round.purpose;
        let service = scenario::service(id, &scenario::Files::default()).0;
        service.map_or_else(|| id.clone(), |service| self.voice.language.among(&service.name.0).to_owned())
    }

    /// A part, if there is anything in it.
    fn part(&self, name: &str, blocks: Vec<Block>) -> Option<Part> {
        let lead = format!("review.part.{name}.lead");
        let said = self.voice.word(&lead);
        (!blocks.is_empty()).then(|| Part {
            heading: self.word(&format!("part.{name}")),
            lead: if said == lead { String::new() } else { said },
            blocks,
        })
    }

    fn sentences(&self) -> Vec<String> {
        let findings = self.reviewed.findings(self.scenario);
        findings.iter().map(|finding| finding.sentence(self.voice)).collect()
    }

    fn in_short(&self) -> Option<Part> {
        self.part("short", list(self.sentences()))
    }

    fn what_happened(&self) -> Option<Part> {
        self.part("happened", vec![Block::Table(self.figures_table())])
    }

    fn queue(&self) -> Option<Part> {
        let queue = &self.reviewed.review.queue;
        let opens = self.reviewed.opened.map_or(0, |at| i64::from(at.hour()) * 60 + i64::from(at.minute()));
        let actual = Line {
            name: self.word("actual"),
            first_minute: queue.first_minute,
            values: queue.waiting.clone(),
        };
        let planned = self.reviewed.curves.as_ref().map(|curves| Line {
            name: self.word("planned"),
            first_minute: curves.first_minute,
            values: curves.waiting[1].clone(),
        });
        let lines: Vec<Line> = std::iter::once(actual).chain(planned).collect();
        let peak = queue.waiting.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        let told = self.voice.say(
            "review.queue.told",
            &[
                ("clock", &self.clock((queue.first_minute + peak.0 as i64) as f64)),
                ("people", &number(*peak.1)),
            ],
        );
        let numbers = self.queue_table(&lines);
        self.part("queue", vec![Block::Picture(Picture { told, opens_min: opens, lines, numbers })])
    }

    fn queue_table(&self, lines: &[Line]) -> Table {
        let queue = &self.reviewed.review.queue;
        let last = queue.first_minute + queue.waiting.len() as i64;
        let first = queue.first_minute.div_euclid(STEP) * STEP;
        let at = |line: &Line, minute: i64| {
            let place = usize::try_from(minute - line.first_minute).ok();
            place
                .and_then(|place| line.values.get(place))
                .map_or_else(|| "0".to_owned(), |&value| number(value))
        };
        let row = |minute: i64| {
            let cells = lines.iter().map(|line| at(line, minute));
            std::iter::once(self.clock(minute as f64)).chain(cells).collect()
        };
        let minutes = (0..).map(|step| first + step * STEP).take_while(|minute| *minute < last + STEP);
        Table {
            caption: self.word("queue.table"),
            head: std::iter::once(self.word("time"))
                .chain(lines.iter().map(|line| line.name.clone()))
                .collect(),
            rows: minutes.map(row).collect(),
        }
    }

    fn planned(&self) -> Option<Part> {
        let mut blocks = vec![Block::Table(self.stations_table())];
        blocks.extend(self.waves_table().map(Block::Table));
        self.part("planned", blocks)
    }

    fn missed(&self) -> Option<Part> {
        let mut blocks = vec![Block::Table(self.coverage_table())];
        let missed = &self.reviewed.missed;
        if missed.iter().any(|one| one.door.is_some()) {
            blocks.push(Block::Table(self.doors_table(DOORS_MAX)));
            if missed.len() > DOORS_MAX {
                let more = (missed.len() - DOORS_MAX).to_string();
                blocks.push(Block::Paragraph(self.voice.say("review.missed.more", &[("count", &more)])));
            }
        } else if !missed.is_empty() {
            blocks.push(Block::Paragraph(self.word("missed.doors_unknown")));
        }
        self.part("missed", blocks)
    }

    fn learned(&self) -> Option<Part> {
        self.scenario?;
        let lessons = &self.reviewed.review.lessons;
        if lessons.is_empty() {
            return self.part("learned", vec![Block::Paragraph(self.word("learned.nothing"))]);
        }
        let rows = lessons.iter().map(|lesson| {
            vec![
                taught::about(&lesson.key, self.voice),
                taught::sentence(lesson, self.voice),
                self.word(&format!("why.{}", lesson.why)),
            ]
        });
        let table = Table {
            caption: self.word("learned.table"),
            head: ["about", "learned", "why"].map(|name| self.word(&format!("head.{name}"))).to_vec(),
            rows: rows.collect(),
        };
        self.part("learned", vec![Block::Table(table)])
    }

    fn helped(&self) -> Option<Part> {
        let helped = &self.reviewed.helped;
        self.part("helped", list(helped.iter().map(|helped| helped.sentence(self.voice)).collect()))
    }

    fn drill(&self) -> Option<Part> {
        self.part("drill", vec![Block::Table(self.drill_table()), Block::Table(self.drill_stations())])
    }

    /// What only people know is left empty; what was measured stands there for a start.
    fn after_action(&self) -> Option<Part> {
        let heading = |name: &str| Block::Heading(self.word(&format!("action.{name}")));
        let lines =
            || Block::Table(Table { rows: vec![vec![String::new()]; EMPTY_LINES], ..Table::default() });
        let mut blocks = vec![heading("objectives"), Block::Table(self.objectives_table())];
        blocks.extend([heading("strengths"), Block::Paragraph(self.word("action.strengths.ask")), lines()]);
        blocks.extend([heading("improve"), Block::Paragraph(self.word("action.improve.ask"))]);
        blocks.extend(list(self.to_improve()));
        blocks.push(lines());
        let lessons = self.reviewed.review.lessons.iter();
        let filled = lessons.map(|lesson| {
            let about = taught::about(&lesson.key, self.voice);
            let what = self.voice.say("review.action.use_figure", &[("about", &about)]);
            vec![what, String::new(), String::new(), String::new()]
        });
        let empty = std::iter::repeat_n(vec![String::new(); 4], EMPTY_ACTIONS);
        let actions = Table {
            caption: String::new(),
            head: ["what", "who", "until", "done"].map(|name| self.word(&format!("action.{name}"))).to_vec(),
            rows: filled.chain(empty).collect(),
        };
        blocks.extend([heading("actions"), Block::Table(actions)]);
        self.part("action", blocks)
    }

    /// The findings that speak of trouble.
    fn to_improve(&self) -> Vec<String> {
        let trouble = [
            "review_wait_longer",
            "review_done_later",
            "review_wave_late",
            "review_left",
            "review_unserved",
            "review_missed",
            "review_missed_called",
            "review_crowded",
        ];
        let findings = self.reviewed.findings(self.scenario);
        let found = findings.iter().filter(|finding| trouble.contains(&finding.code));
        found.map(|finding| finding.sentence(self.voice)).collect()
    }

    fn notes(&self) -> Option<Part> {
        let spoken = self.voice.notes(&self.reviewed.notes);
        let said = spoken.into_iter().map(|note| {
            let row = note.row.map(|row| format!(":{row}")).unwrap_or_default();
            let place = if note.file.is_empty() { String::new() } else { format!("{}{row}: ", note.file) };
            format!("{place}{} {}", note.message, note.mend).trim().to_owned()
        });
        self.part("notes", list(said.collect()))
    }

    fn clock(&self, minutes: f64) -> String {
        self.reviewed.clock(minutes).unwrap_or_else(|| number(minutes))
    }
}

fn list(sentences: Vec<String>) -> Vec<Block> {
    if sentences.is_empty() { Vec::new() } else { vec![Block::List(sentences)] }
}
