//! The JSON of `notice`.

use super::notes::Note;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};
use words::Language;

/// Of `notice`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeOptions {
    /// A plan's file, whose times it tells.
    pub plan: Option<Value>,
    /// A building, an entrance or a household: `12`, `12-2`, `12-2-301`; absent: everybody.
    #[serde(rename = "for")]
    pub addressed: Option<String>,
    /// Its language; absent: that of the answer.
    pub language: Option<LanguageName>,
    /// What it is for; absent: a round, or a change where it replaces one.
    pub kind: Option<NoticeKindName>,
    /// Its number, from 1; absent: 1, or one more than that of the notice that it replaces.
    pub number: Option<u32>,
    /// The notice that it replaces: `notice` of an earlier answer.
    pub replaces: Option<Value>,
    /// What is different, as somebody wrote it.
    #[schema(required = false)]
    pub changed: Vec<String>,
    /// When it is written, local: `07:10`, `2022-03-28T07:10`; absent: now.
    pub at: Option<String>,
    /// From when an all clear or a call-back holds.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
}

/// A language by its tag.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LanguageName(pub String);

impl PartialSchema for LanguageName {
    fn schema() -> RefOr<Schema> {
        let tags = Language::ALL.map(Language::tag);
        let object = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(tags));
        object.description(Some("A language by its tag.")).into()
    }
}

impl ToSchema for LanguageName {}

/// A kind of notice by its word.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKindName {
    /// A round, before it is held.
    Round,
    /// Something of an earlier notice is otherwise now.
    Change,
    /// It is over, or open again.
    AllClear,
    /// Some are asked to come once more.
    CallBack,
    /// Questions and their answers.
    Questions,
}

/// A notice, and all that is shown beside it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeWritten {
    /// The notice itself, to be kept and to be replaced later.
    #[schema(value_type = Object)]
    pub notice: Value,
    /// What residents see first.
    pub title: String,
    /// The language of its sentences.
    pub language: String,
    /// The message for the chat.
    pub text: String,
    /// What is read into a loudspeaker.
    pub script: Vec<String>,
    /// The directives, clause by clause, the highest level first.
    pub clauses: Vec<NoticeClause>,
    /// What residents asked.
    pub questions: NoticeQuestions,
    /// What should be looked at.
    pub notes: Vec<Note>,
}

/// Why there is no notice, and what it is about.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeRefused {
    /// What refuses.
    pub notes: Vec<Note>,
    /// The directives, clause by clause, as far as the folder could be read.
    pub clauses: Vec<NoticeClause>,
    /// What residents asked, likewise.
    pub questions: NoticeQuestions,
}

/// How the community stands to one clause of a directive.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeClause {
    /// `region`, `city`, `district`, `town` or `neighbourhood`.
    pub level: String,
    /// Who issued it.
    pub issued_by: String,
    /// Its number in the document.
    pub clause: String,
    /// Its words, untouched.
    pub text: String,
    /// What it is about; null where only people can read it.
    #[schema(required)]
    pub kind: Option<String>,
    /// `looser` (refused), `silent`, `stricter`, `same` or `unread`.
    pub verdict: String,
    /// What is asked, in figures.
    pub asked: String,
    /// What the community does; empty where it says nothing.
    pub found: String,
    /// A later directive of the same issuer says something else.
    pub superseded: bool,
}

/// What residents asked.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeQuestions {
    /// The file in which the questions stand; null where there is none.
    #[schema(required)]
    pub file: Option<String>,
    /// The heading of its questions, as it stands there.
    pub question: String,
    /// That of its answers; empty where it has no such column.
    pub answer: String,
    /// Like questions as one, those most asked first.
    pub groups: Vec<NoticeQuestion>,
}

/// Questions that are nearly the same.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NoticeQuestion {
    /// As it was asked first; long numbers are hidden.
    pub question: String,
    /// The answer; null as long as nobody gave one.
    #[schema(required)]
    pub answer: Option<String>,
    /// How many rows asked it.
    pub asked: u32,
    /// Buildings and entrances from which it came; empty: from anywhere.
    pub from: Vec<String>,
    /// Its rows in the file, from 1.
    pub rows: Vec<u32>,
}
