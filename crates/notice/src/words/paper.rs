//! A notice as a document: what a printer and a word processor write.

use super::Tongue;
use crate::{Addressed, Notice};
use ::words::Language;
use formats::{Block, Document, Part, Table};

/// A notice for paper.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// All that it says.
    pub document: Document,
    /// Which one it is: large.
    pub number: String,
    /// What stands above all else, a line each: that it replaces another, the own time.
    pub large: Vec<String>,
    /// What a camera reads.
    pub code: String,
}

/// Changes that are told singly.
const CHANGES_MAX: usize = 12;

impl Notice {
    /// The notice for paper. Not `whole`: without the directives' words, for a picture that is read on a telephone.
    pub fn paper(&self, language: Language, whole: bool) -> Paper {
        let tongue = Tongue(language);
        let mut parts = Vec::new();
        let part = |key: &str, blocks: Vec<Block>| {
            let heading = tongue.word(&format!("notice.part.{key}"));
            (!blocks.is_empty()).then_some(Part { heading, lead: String::new(), blocks })
        };
        let list = |said: Vec<String>| if said.is_empty() { Vec::new() } else { vec![Block::List(said)] };
        let paragraphs = |said: Vec<String>| said.into_iter().map(Block::Paragraph).collect::<Vec<_>>();
        parts.extend(part("changed", list(self.changes(tongue, CHANGES_MAX))));
        let first = if self.tells_round() { "when" } else { "news" };
        let mut said = self.first(tongue);
        said.extend(self.coming(tongue));
        parts.extend(part(first, paragraphs(said)));
        if self.own_time(tongue).is_empty() && self.tells_round() {
            parts.extend(part("times", self.times(tongue)));
        }
        let doing = self.doing(tongue).into_iter().map(|(name, text)| vec![name, text]).collect::<Vec<_>>();
        if !doing.is_empty() {
            let table = Table { rows: doing, ..Table::default() };
            parts.extend(part("do", vec![Block::Table(table)]));
        }
        parts.extend(part("rules", list(self.rules(tongue))));
        parts.extend(part("more", paragraphs(self.more(tongue))));
        let answers = self.asked().flat_map(|(question, answer)| {
            [Block::Heading(question.to_owned()), Block::Paragraph(answer.to_owned())]
        });
        parts.extend(part("questions", answers.collect()));
        parts.extend(part("ask", paragraphs(self.signed(tongue))));
        if whole {
            parts.extend(part("above", self.above_in_words(tongue)));
        }
        let document = Document {
            language: language.html().to_owned(),
            title: self.title(language),
            facts: vec![
                (tongue.word("notice.fact.community"), self.community.clone()),
                (tongue.word("notice.fact.for"), tongue.addressed(&self.addressed)),
            ],
            parts,
            foot: format!("{} · {}", self.community, self.numbered(tongue)),
        };
        let mut large: Vec<String> = self.replacing(tongue).into_iter().collect();
        large.extend(self.own_time(tongue));
        let number = tongue.say("notice.number_short", &[("number", &self.number.to_string())]);
        Paper { document, number, large, code: self.code(tongue) }
    }

    /// The page's address, or else the notice itself in as few letters as a camera takes easily.
    fn code(&self, tongue: Tongue) -> String {
        /// Bytes of a code of about 49 modules, which an old camera reads from paper on a door.
        const BYTES_MAX: usize = 180;
        if let Some(link) = &self.link {
            return link.clone();
        }
        let mut lines = vec![format!("{} · {}", self.community, self.numbered(tongue))];
        lines.extend(self.replacing(tongue));
        lines.extend(self.own_time(tongue));
        lines.extend(self.first(tongue));
        let mut code = String::new();
        for line in lines {
            if code.len() + line.len() < BYTES_MAX {
                code += if code.is_empty() { "" } else { "\n" };
                code += &line;
            }
        }
        code
    }

    /// Who is called when, by entrance.
    fn times(&self, tongue: Tongue) -> Vec<Block> {
        if self.calls.is_empty() {
            return Vec::new();
        }
        let heads = ["notice.head.entrance", "notice.head.doors", "notice.head.time", "notice.head.lane"];
        let row = |call: &crate::Call| {
            vec![
                tongue.begun(&tongue.place(&call.building, &call.entrance)),
                call.doors.clone(),
                tongue.time(call.at, self.day()),
                call.lane.map(|lane| lane.to_string()).unwrap_or_default(),
            ]
        };
        let head = heads.map(|head| tongue.word(head)).to_vec();
        vec![Block::Table(Table { caption: String::new(), head, rows: self.calls.iter().map(row).collect() })]
    }

    /// The directives, the highest first, word for word.
    fn above_in_words(&self, tongue: Tongue) -> Vec<Block> {
        let mut blocks = Vec::new();
        for one in &self.above {
            let level = tongue.word(&format!("directive.level.{}", one.level));
            let title = one.title.as_deref().unwrap_or_default();
            let args =
                [("level", &*level), ("issuer", &*one.issued_by), ("date", &*one.date), ("title", title)];
            blocks.push(Block::Heading(tongue.say("notice.above", &args).trim().to_owned()));
            blocks.push(Block::Quote(one.text.clone()));
        }
        blocks
    }

    /// Whether it is for one household only, and so for nobody else's eyes.
    pub fn is_private(&self) -> bool {
        matches!(self.addressed, Addressed::Household(..))
    }
}
