//! `shouhu decide`: the log of the evenings, and what is agreed carried into the scenario.

use super::{Stop, refuse, review};
use crate::{
    args::{Decide, DecideAct, Measuring, Proposing, Speaking},
    clock, folder,
    rehearsing::Terminal,
    speak::Speaker,
};
use domain::{
    Notes, Scenario,
    decision::{Act, Agreement, By, Change, Entry, Expected, Figure, Onto, Proposal, What},
};
use scenario::Files;
use std::{collections::BTreeMap, path::Path};
use verbs::{
    Happened, Reviewed,
    decide::{Asked, Seen, Told, expected, from_lesson, judge, output, part},
};

pub fn run(args: &Decide, speaker: Speaker) -> Result<(), Stop> {
    let before = folder::read(&args.scenario)?;
    let (scenario, notes) = verbs::read(&before, &[], &clock::zones, &mut |_, _| ());
    let Some(scenario) = scenario else { return Err(refuse(&notes, args.json, speaker)) };
    let desk = Desk { args, scenario: &scenario, speaker };
    let Some(act) = &args.act else { return desk.tell(&before) };
    let mut files = before.clone();
    let entry = desk.entry(act, &mut files)?;
    let (after, notes) = scenario::decide(&files, entry);
    let Some(after) = after else { return Err(refuse(&notes, args.json, speaker)) };
    folder::write_changed(&args.scenario, &before, &after)?;
    if !args.json {
        speaker.aside_if_any(&speaker.notes_as_text(&notes));
    }
    desk.tell(&after)?;
    let changed = after.0.iter().filter(|(name, content)| before.0.get(*name) != Some(content));
    let changed: Vec<&str> = changed.map(|(name, _)| name.as_str()).collect();
    speaker.aside(&speaker.say("decide.written", &[("files", &changed.join(", "))]));
    Ok(())
}

struct Desk<'a> {
    args: &'a Decide,
    scenario: &'a Scenario,
    speaker: Speaker,
}

impl Desk<'_> {
    /// The log as it is.
    fn tell(&self, files: &Files) -> Result<(), Stop> {
        let (log, _) = scenario::read_decisions(files);
        let judged = judge(&log, None);
        let voice = self.speaker.voice;
        if self.args.json {
            let told =
                Told { log: &log, judged: &judged, files, scenario: self.scenario, lessons: &[], voice };
            self.speaker.json(&output(&told));
        } else {
            match part(&log, &judged, voice) {
                Some(part) => self.speaker.result(review::text(&[part]).trim_end()),
                None => self.speaker.result(&voice.word("decide.nothing")),
            }
        }
        Ok(())
    }

    /// What was typed, as a line of the log.
    fn entry(&self, act: &DecideAct, files: &mut Files) -> Result<Entry, Stop> {
        Ok(match act {
            DecideAct::Say(speaking) => self.line(speaking, What::Said),
            DecideAct::Propose(proposing) => return self.proposed(proposing, files),
            DecideAct::Object(of) => {
                self.line(&of.speaking, What::Moved { decision: of.number, act: Act::Object })
            }
            DecideAct::Drop(of) => {
                self.line(&of.speaking, What::Moved { decision: of.number, act: Act::Drop })
            }
            DecideAct::Try(of) => {
                let act = Act::Try { on: of.on, part: of.part.clone() };
                self.line(&of.speaking, What::Moved { decision: of.number, act })
            }
            DecideAct::Agree(of) => {
                let (log, _) = scenario::read_decisions(files);
                let mut agreement = Agreement::default();
                if let Some(found) = log.get(of.number) {
                    let figure = &found.proposal.figure;
                    let taught = found.by.contains(&By::Review);
                    let measuring = &of.measuring;
                    agreement.expected =
                        self.expected(files, (&found.proposal.change, figure), taught, measuring)?;
                    agreement.measured = self.reviewed(measuring)?.and_then(|of| seen(&of).fact(figure));
                }
                self.line(&of.speaking, What::Moved { decision: of.number, act: Act::Agree(agreement) })
            }
        })
    }

    fn line(&self, speaking: &Speaking, what: What) -> Entry {
        Entry {
            at: speaking.at.unwrap_or_else(|| clock::now_in(&self.scenario.community.timezone)),
            by: speaking.by.clone(),
            words: speaking.words.clone().unwrap_or_default(),
            what,
        }
    }

    fn proposed(&self, asked: &Proposing, files: &mut Files) -> Result<Entry, Stop> {
        let reviewed = self.reviewed(&asked.measuring)?;
        let mut taught = None;
        let change = if let Some(key) = &asked.lesson {
            let lesson = reviewed.as_ref().and_then(|of| from_lesson(of, key, files, self.speaker.voice));
            let Some((change, sentence)) = lesson else {
                return Err(Stop::Usage(self.speaker.say("usage.decide_lesson", &[("key", key)])));
            };
            taught = Some(sentence);
            change
        } else if let Some((key, value)) = &asked.set {
            Change::Value { key: key.clone(), value: value.clone() }
        } else if let Some(role) = &asked.role {
            Change::Rule(Onto::Card(role.clone()))
        } else {
            Change::Rule(if asked.notice { Onto::Notice } else { Onto::Log })
        };
        let figure = asked.figure.clone();
        let expected = self.expected(files, (&change, &figure), taught.is_some(), &asked.measuring)?;
        let measured = reviewed.and_then(|of| seen(&of).fact(&figure));
        let problem = asked.problem.clone().unwrap_or_default();
        let proposal = Proposal { problem, change, figure, expected, measured };
        let mut line = self.line(&asked.speaking, What::Proposed(Box::new(proposal)));
        if let Some(sentence) = taught {
            line.by = vec![By::Review];
            line.words = asked.speaking.words.clone().unwrap_or(sentence);
        }
        Ok(line)
    }

    /// What rehearsals expect, or their refusal said.
    fn expected(
        &self,
        files: &Files,
        (change, figure): (&Change, &Figure),
        taught: bool,
        measuring: &Measuring,
    ) -> Result<Option<Expected>, Stop> {
        let terminal = Terminal::new(&measuring.running, self.speaker);
        let asked = Asked {
            files,
            change,
            figure,
            taught,
            policy: measuring.policy.map(Into::into),
            run: &terminal.run_of(&measuring.running),
            zones: &clock::zones,
        };
        expected(&asked).map_err(|notes| refuse(&notes, self.args.json, self.speaker))
    }

    /// How the evening's round went, where its events are given.
    fn reviewed(&self, measuring: &Measuring) -> Result<Option<Reviewed>, Stop> {
        if measuring.events.is_empty() {
            return Ok(None);
        }
        let mut events = BTreeMap::new();
        for path in &measuring.events {
            events.insert(path.display().to_string(), folder::read_file(path)?);
        }
        let plan = measuring.plan.as_deref().map(|path| self.plan(path)).transpose()?;
        let (reviewed, notes) = verbs::review(&Happened {
            files: &events,
            scenario: Some(self.scenario),
            plan: plan.as_ref(),
            run: None,
            curves: 0,
            zones: &clock::zones,
        });
        match reviewed {
            Some(reviewed) => Ok(Some(reviewed)),
            None => Err(self.refused(&notes)),
        }
    }

    fn plan(&self, path: &Path) -> Result<domain::Plan, Stop> {
        super::read_plan(path, self.scenario, self.args.json, self.speaker)
    }

    fn refused(&self, notes: &Notes) -> Stop {
        refuse(notes, self.args.json, self.speaker)
    }
}

/// The terminal knows no neighbours, and doors by the events alone.
fn seen(reviewed: &Reviewed) -> Seen<'_> {
    Seen { reviewed, doors: verbs::decide::missed(reviewed), complaints: None }
}
