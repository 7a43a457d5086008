//! A log that the server itself writes into a book: that of its own desk.

use crate::problem::Fault;
use axum::http::StatusCode;
use domain::Moment;
use journal::{Answer, Frame, Head, Journal, LogName, SecretKey, Slice, Why};
use std::sync::mpsc;

/// Writes frames into it behind its head, and blocks until they are stored. False where another process wrote into it since: what it wrote is to
/// be read, and decided anew.
///
/// # Errors
/// They could not be stored.
pub fn write(
    journal: &Journal,
    (name, head): (LogName, &Head),
    key: &[u8; 32],
    at: Moment,
    frames: Vec<Frame>,
) -> Result<bool, Fault> {
    let slice = Slice::sign(name, head, frames, &SecretKey::from_random(*key));
    match append(journal, slice, at) {
        Answer::Stored { .. } => Ok(true),
        Answer::Busy | Answer::QuarantineFull => Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy")),
        Answer::Failed(error) => Err(Fault::from(&*error)),
        // Nobody need look at what is decided anew.
        Answer::Quarantined { number, why: Why::Forked { .. } } => {
            journal.settle(name.community, number).map_err(|error| Fault::from(&*error))?;
            Ok(false)
        }
        // The desk's log is the server's own: nobody else writes it.
        Answer::Refused(_) | Answer::Quarantined { .. } => {
            Err(Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken"))
        }
    }
}

/// Appends and waits.
pub fn append(journal: &Journal, slice: Slice, at: Moment) -> Answer {
    let (reply, replied) = mpsc::sync_channel(1);
    let from: LogName = slice.log;
    journal.append(from, slice, at.0 / 10, move |answer| drop(reply.send(answer)));
    replied.recv().unwrap_or(Answer::Busy)
}
