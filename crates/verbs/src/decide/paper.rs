//! The log as a part of the evening's paper.

use super::{
    judged::{Judged, expectation, word_of},
    output::{change, did, moment, words_of},
};
use crate::voice::Voice;
use domain::decision::{Decision, Decisions};
use formats::{Block, Part, Table};

/// What was said, and each decision: what, by whom, how far, what was expected, whether it helped. `None` where nothing was.
pub fn part(log: &Decisions, judged: &[Judged], voice: Voice) -> Option<Part> {
    let mut blocks = Vec::new();
    let said = log.said.iter().map(|entry| {
        let by = words_of(&entry.by, voice);
        voice.say("decide.paper.said", &[("at", &moment(entry.at)), ("by", &by), ("words", &entry.words)])
    });
    let said: Vec<String> = said.collect();
    if !said.is_empty() {
        blocks.push(Block::Heading(voice.word("decide.said")));
        blocks.push(Block::List(said));
    }
    for (decision, judged) in log.all.iter().zip(judged) {
        let number = decision.number.to_string();
        let args = [("number", number.as_str()), ("words", decision.words.as_str())];
        blocks.push(Block::Heading(voice.say("decide.paper.heading", &args)));
        blocks.push(Block::Table(of_one(decision, judged, voice)));
    }
    (!blocks.is_empty()).then(|| Part {
        heading: voice.word("decide.title"),
        lead: voice.word("decide.lead"),
        blocks,
    })
}

/// Names and values, one below the other: what is not known has no line.
fn of_one(decision: &Decision, judged: &Judged, voice: Voice) -> Table {
    let proposal = &decision.proposal;
    let (at, by) = (moment(decision.at), words_of(&decision.by, voice));
    let mut rows = vec![
        ("decide.head.state", voice.word(&format!("decide.state.{}", decision.state.name()))),
        ("decide.head.proposed", voice.say("decide.paper.by", &[("at", &at), ("by", &by)])),
        ("decide.head.problem", proposal.problem.clone()),
        ("decide.head.change", change(&proposal.change, voice)),
        ("decide.head.figure", word_of(&proposal.figure, voice)),
    ];
    let steps = decision.moves.iter().map(|entry| {
        let by = words_of(&entry.by, voice);
        let args = [
            ("at", moment(entry.at)),
            ("by", by),
            ("did", did(entry, voice)),
            ("words", entry.words.clone()),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let key = if entry.words.is_empty() { "decide.paper.step" } else { "decide.paper.step_words" };
        ("decide.head.step", voice.say(key, &args))
    });
    rows.extend(steps);
    let expected = decision.expected().map(|of| expectation(&of, voice));
    rows.push(("decide.head.expected", expected.unwrap_or_default()));
    rows.push(("decide.head.helped", judged.sentence(decision, voice).unwrap_or_default()));
    let rows = rows.into_iter().filter(|(_, text)| !text.is_empty());
    Table { rows: rows.map(|(key, text)| vec![voice.word(key), text]).collect(), ..Table::default() }
}
