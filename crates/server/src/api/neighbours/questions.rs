//! What residents ask from their own pages: like questions as one, answered once, on the page of each who asked and in the next notice.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use crate::{
    access::who,
    app::App,
    people::id::CommunityId,
    problem::Fault,
    store::{Changes, Id, Written},
};
use axum::http::StatusCode;
use domain::{Place, Roll, notice::Question};
use exchange::{Exchange, Tone, Voice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Questions of residents that are alike, and wait for an answer. Nothing of who asked is in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskQuestion {
    /// The ids of the voices.
    of: Vec<String>,
    /// As it was asked first, long numbers hidden.
    question: String,
}

/// One answer to all who asked the same.
#[derive(Deserialize, ToSchema)]
pub struct NeighbourAnswer {
    /// The voices.
    #[schema(value_type = Vec<String>)]
    pub of: Vec<Uuid>,
    /// What is answered.
    pub words: String,
    /// How the question stands in the next notice; null or absent: not in it.
    pub notice: Option<String>,
}

/// Open questions, those that most asked first.
pub(super) fn questions(exchange: &Exchange) -> Vec<DeskQuestion> {
    let is_open = |voice: &&Voice| voice.tone == Tone::Question && voice.answer.is_none();
    let mut open: Vec<&Voice> = exchange.voices().filter(is_open).collect();
    open.sort_by_key(|voice| (voice.at, voice.id));
    let asked = (0..).zip(&open).map(|(row, voice)| Question {
        question: voice.words.clone(),
        answer: None,
        asked_at: None,
        place: Place::file("").row(row),
    });
    let (groups, _) = notice::grouped(&asked.collect::<Vec<_>>(), &Roll::default());
    let group = |of: notice::Answered| DeskQuestion {
        of: of
            .rows
            .iter()
            .filter_map(|row| open.get(*row as usize))
            .map(|voice| voice.id.to_string())
            .collect(),
        question: of.question,
    };
    groups.into_iter().map(group).collect()
}

/// Writes a question and its answer into the scenario of the community's newest round, from which its next notice is written. Blocks on
/// the disk.
///
/// # Errors
/// There is no such scenario, or it takes no question; the disk says no.
pub(super) fn keep(
    app: &App,
    who: &who::Who,
    community: CommunityId,
    (question, answer, asked): (&str, &str, usize),
) -> Result<(), Fault> {
    let not_kept = || Fault::new(StatusCode::CONFLICT, "question_not_kept");
    let newest = app.runs.book.rounds(community)?.first().map(|round| round.id).ok_or_else(not_kept)?;
    let made_from = app.runs.book.round(community, newest)?.definition.made_from;
    let id = Id::parse(&made_from).ok_or_else(not_kept)?;
    let mut kept = app.store.get(who, &id)?;
    // Somebody else may write at the same time: then once more, upon what they wrote.
    for _ in 0..3 {
        let edited = scenario::answer_question(&kept.files, question, answer, asked).ok_or_else(not_kept)?;
        let new = edited.0.into_iter().filter(|(name, bytes)| kept.files.0.get(name) != Some(bytes));
        let changes =
            Changes { files: new.map(|(name, bytes)| (name, Some(bytes))).collect(), ..Changes::default() };
        match app.store.change(who, &id, &kept.version, &changes)? {
            Written::Now(_) => return Ok(()),
            Written::Conflict(newer) => kept = newer,
        }
    }
    Err(not_kept())
}
