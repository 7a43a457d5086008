//! Both directions in one question: a party says what is new, as a slice of its log, and hears in the answer what the other has for it. So a server
//! that nobody can reach hears of everything, too, as often as it asks.

use super::{Parties, calls::Beside, clock};
use crate::{
    limits, people,
    problem::Fault,
    run::{desk_log::append, held},
};
use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use journal::{Answer, Head, Refused, Signature, Slice};
use parties::{Written, heard_in, question};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Heard {
    /// The number of the last frame of the asking party's log that is held.
    pub seq: u64,
    /// The hash of the log up to it, as hexadecimal digits.
    pub hash: String,
    /// What the answering party tells, a slice of its own log, in base64; null where frames of the asking party are missing: it sends them first.
    #[schema(required)]
    pub told: Option<String>,
    /// How the answering party says that it is called; left out where the asking one is told of neither supplies nor teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
}

/// What a party asks of another, beside what it says.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who asks.
    pub from: Uuid,
    /// The last frame that it holds of what it was told.
    pub after: u64,
    /// When it asks, seconds since 1970.
    pub at: i64,
    /// Its word that it asks this itself.
    pub proof: Signature,
    /// How it says that it is called.
    pub beside: Option<Beside>,
}

impl Parties {
    /// Takes in what a party says to one of this server, and answers it. Whose word it is, its signature says. Blocks on the disk.
    ///
    /// # Errors
    /// There is no such party here, it has not met the asking one, its word is not believed, or a store says no.
    pub fn hear(&self, to: Uuid, asked: Question, slice: Slice) -> Result<Heard, Fault> {
        let Question { from, after, at, proof, beside } = asked;
        let unknown = || Fault::new(StatusCode::NOT_FOUND, "party_not_met");
        let book = self.of(to)?.ok_or_else(unknown)?;
        let key = {
            let book = held(&book);
            let met = book.book().partner(from).filter(|partner| !partner.parted);
            met.and_then(|partner| partner.card.public()).ok_or_else(unknown)?
        };
        let name = heard_in(to, from);
        if slice.log != name {
            return Err(Fault::new(StatusCode::BAD_REQUEST, "party_other_log"));
        }
        if slice.head().seq > limits::HEARD_FRAMES {
            let full = Fault::new(StatusCode::INSUFFICIENT_STORAGE, "full");
            return Err(full.with("most", limits::HEARD_FRAMES));
        }
        // Whoever has an old question of theirs gets no answer to it; and nothing that they did not sign is kept aside.
        if people::now().abs_diff(at) > limits::QUESTION_SECONDS {
            return Err(Fault::new(StatusCode::PRECONDITION_FAILED, "party_clock"));
        }
        let (log, head) = question(to, from, after, at);
        if !key.signed(log, &head, &proof) || !key.signed(name, &slice.head(), &slice.signature) {
            return Err(not_believed());
        }
        if is_ahead(&slice) {
            return Err(Fault::new(StatusCode::PRECONDITION_FAILED, "party_clock"));
        }
        let head = match append(&self.runs.journal, slice, clock()) {
            Answer::Stored { head, .. } => head,
            Answer::Refused(Refused::Gap(head)) => return Ok(Heard::new(&head, None)),
            Answer::Busy | Answer::QuarantineFull => {
                return Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"));
            }
            Answer::Failed(error) => return Err(Fault::from(&*error)),
            Answer::Refused(_) | Answer::Quarantined { .. } => return Err(not_believed()),
        };
        if let Some(said) = &beside {
            self.hear_beside(to, from, &key, said)?;
        }
        // Whoever could not be reached is there again.
        self.note(to, from, |progress| progress.spoke());
        let mut book = held(&book);
        book.catch_up(&self.runs)?;
        // Whoever remembers more than there is has met another server of this name.
        let told = book.told(&self.runs, from, after)?;
        let told = told.ok_or_else(not_believed)?;
        // Of whoever cannot be reached this is all that is known.
        self.note(to, from, |progress| progress.asked(after, people::now()));
        let asking = book.book().partner(from).ok_or_else(unknown)?;
        let beside = self.beside(to, &book.party.key, asking)?;
        Ok(Heard { beside, ..Heard::new(&head, Some(&told)) })
    }
}

/// Whether something is dated later than any clock may be ahead: it is taken in when its time is there, so that what the own desk does is never
/// older than what is known.
pub(super) fn is_ahead(slice: &Slice) -> bool {
    let ahead = i64::try_from(limits::QUESTION_SECONDS).unwrap_or(i64::MAX).saturating_mul(10_000);
    let most = clock().0.saturating_add(ahead);
    slice.frames.iter().filter_map(|frame| Written::read(&frame.body)).any(|written| written.at.0 > most)
}

fn not_believed() -> Fault {
    Fault::new(StatusCode::CONFLICT, "party_not_believed")
}

impl Heard {
    fn new(head: &Head, told: Option<&Slice>) -> Heard {
        let told = told.map(|slice| BASE64_STANDARD.encode(slice.to_bytes()));
        Heard { seq: head.seq, hash: crate::access::secret::hex(&head.hash.0), told, beside: None }
    }

    /// What was told; `None` where there is nothing, or it cannot be read.
    pub(super) fn slice(&self) -> Option<Slice> {
        Slice::from_bytes(&BASE64_STANDARD.decode(self.told.as_ref()?).ok()?).ok()
    }
}
