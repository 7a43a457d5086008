//! What is sent: a notice as one channel is told it.

use super::Channel;
use crate::{clock::with_offset, run::book::Posted};
use ::notice::Notice;
use serde::Serialize;

/// A notice for one channel; as JSON, the body of a webhook.
#[derive(Debug, Serialize)]
pub(crate) struct Message {
    format: u32,
    /// By which whoever receives it knows that it came twice.
    pub key: String,
    community: String,
    round: String,
    /// The notice's number in its round.
    pub number: u32,
    kind: String,
    /// `en`, `zh`.
    pub language: &'static str,
    /// With offset, as in a public alert.
    at: String,
    /// A building or an entrance; empty: everybody.
    #[serde(rename = "for")]
    addressed: String,
    /// What residents see first.
    pub title: String,
    /// The community's name.
    pub name: String,
    /// The message for the chat.
    pub text: String,
    /// The same as CAP 1.2.
    cap: String,
    /// Which it takes the place of.
    pub supersedes: Option<Superseded>,
}

/// The notice that another takes the place of.
#[derive(Debug, Serialize)]
pub(crate) struct Superseded {
    /// Its number in the round.
    pub number: u32,
    /// With offset.
    at: String,
    /// By which it was sent to this channel, if it was.
    pub key: Option<String>,
}

impl Message {
    /// As this channel is told it. `earlier` is the key of the notice that it replaces, if that was sent here.
    pub fn of(channel: &Channel, posted: &Posted, notice: &Notice, earlier: Option<String>) -> Message {
        let (language, notice) = (channel.language, channel.written(notice));
        let world = |at| with_offset(&notice.timezone, at);
        let superseded =
            notice.replaces.map(|old| Superseded { number: old.number, at: world(old.at), key: earlier });
        Message {
            format: 1,
            key: posted.key.clone(),
            community: posted.community.to_string(),
            round: posted.round.to_string(),
            number: notice.number,
            kind: notice.kind.clone(),
            language: language.tag(),
            at: world(notice.at),
            addressed: notice.addressed.label(),
            title: notice.title(language),
            name: notice.community.clone(),
            text: notice.chat(language),
            cap: notice.cap(language, &world),
            supersedes: superseded,
        }
    }
}
