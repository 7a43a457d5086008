//! Where notices are sent: channels that whoever runs the server has named in a file, and nobody else can.
//!
//! # Map
//! [`Channels`] all of them · [`Way`] a webhook or a mail · `file` how they are named, and what is wrong with it · `webhook`, `mail` one try ·
//! [`Message`] what is sent · `sending` what waits, one after the other in each channel. What waits stands in the book's outbox, so that
//! it survives a restart.
//!
//! No redirect is followed, of an answer nothing but its status is read, and neither an address nor a secret is logged or told.

mod file;
mod mail;
mod message;
mod sending;
mod webhook;

pub use file::ChannelProblem;
pub(crate) use sending::send_all;

use crate::people::id::CommunityId;
use ::notice::{Addressed, Notice};
use mail::Mail;
use message::Message;
use std::{fmt, path::Path};
use tokio::sync::Notify;
use webhook::Webhook;
use words::Language;

/// Where notices are sent.
#[derive(Debug, Default)]
pub struct Channels {
    all: Vec<Channel>,
    /// Something waits that did not before.
    woken: Notify,
}

/// One channel.
pub struct Channel {
    /// What the desk calls it.
    pub name: String,
    /// In which language it is written to.
    pub language: Language,
    /// Of which buildings; empty: of all.
    pub buildings: Vec<String>,
    /// Of which communities; empty: of all on this server.
    communities: Vec<CommunityId>,
    way: Way,
}

/// How it is written to.
enum Way {
    Webhook(Webhook),
    Mail(Mail),
}

/// Why a try did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Its word, the same in every language.
    pub why: &'static str,
    /// The status of the answer; 0 where there was none.
    pub status: u16,
    /// Whether another try would get the same answer.
    pub is_final: bool,
}

impl Unsent {
    /// It may go another time.
    fn now(why: &'static str) -> Unsent {
        Unsent { why, status: 0, is_final: false }
    }

    /// It does not go until somebody mends something.
    fn ever(why: &'static str) -> Unsent {
        Unsent { why, status: 0, is_final: true }
    }
}

impl Channels {
    /// Those of a file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(path: &Path) -> Result<Channels, Vec<ChannelProblem>> {
        let all = file::read(path)?;
        Ok(Channels { all, woken: Notify::new() })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Those that a community may use.
    pub fn of(&self, community: CommunityId) -> impl Iterator<Item = &Channel> {
        self.all.iter().filter(move |channel| channel.serves(community))
    }

    /// The community's channel of this name.
    pub fn named(&self, community: CommunityId, name: &str) -> Option<&Channel> {
        self.of(community).find(|channel| channel.name == name)
    }

    /// Something waits: it is not waited for the next look.
    pub fn wake(&self) {
        self.woken.notify_waiters();
    }
}

impl Channel {
    /// `webhook` or `smtp`.
    pub fn kind(&self) -> &'static str {
        match self.way {
            Way::Webhook(_) => "webhook",
            Way::Mail(_) => "smtp",
        }
    }

    /// Whether a community may use it.
    fn serves(&self, community: CommunityId) -> bool {
        self.communities.is_empty() || self.communities.contains(&community)
    }

    /// Whether a notice is for anybody who reads it.
    pub fn is_for(&self, addressed: &Addressed) -> bool {
        let building = match addressed {
            Addressed::Everybody => return true,
            Addressed::Building(building)
            | Addressed::Entrance(building, _)
            | Addressed::Household(building, ..) => building,
        };
        self.buildings.is_empty() || self.buildings.contains(building)
    }

    /// A notice as it is written to this channel.
    fn written(&self, notice: &Notice) -> Notice {
        if self.buildings.is_empty() { notice.clone() } else { notice.for_buildings(&self.buildings) }
    }

    /// One try.
    async fn send(&self, message: &Message) -> Result<(), Unsent> {
        match &self.way {
            Way::Webhook(webhook) => webhook.send(message).await,
            Way::Mail(mail) => mail.send(message).await,
        }
    }
}

/// Neither an address nor a secret is printed by mistake.
impl fmt::Debug for Channel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Channel")
            .field("name", &self.name)
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}
