//! What a document says. All text is plain: whoever writes it out escapes it.

use serde::{Deserialize, Serialize};

/// A document in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// BCP 47: `en`, `zh-CN`.
    pub language: String,
    /// Its title.
    pub title: String,
    /// Below the title: what is what, such as a place and a date.
    pub facts: Vec<(String, String)>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// The last line.
    pub foot: String,
}

/// A part under a heading of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The heading.
    pub heading: String,
    /// What to know first; may be empty.
    pub lead: String,
    /// What follows.
    pub blocks: Vec<Block>,
}

/// A piece of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading within the part.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// Somebody else's words, untouched, lines as they are.
    Quote(String),
    /// Sentences, one below the other.
    List(Vec<String>),
    /// A table.
    Table(Table),
    /// Lines over time.
    Picture(Picture),
}

/// A table; empty cells are filled in by hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// What it is of.
    pub caption: String,
    /// Headings of the columns; none for a form of names and values.
    pub head: Vec<String>,
    /// Rows; the first cell is the row's name.
    pub rows: Vec<Vec<String>>,
}

/// Lines over the minutes of a day. Where it cannot be drawn, its table says the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// The picture in a sentence.
    pub told: String,
    /// Minutes after midnight at minute 0.
    pub opens_min: i64,
    /// The lines.
    pub lines: Vec<Line>,
    /// Its numbers.
    pub numbers: Table,
}

/// One line: a value at each whole minute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What it is of.
    pub name: String,
    /// The minute of the first value.
    pub first_minute: i64,
    /// The values.
    pub values: Vec<f64>,
}
