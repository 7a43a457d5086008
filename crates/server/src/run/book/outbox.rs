//! Notices on their way to channels: written down with the notice, so that none is lost, and taken by one process at a time, so that none
//! is sent twice while somebody lives. Whoever ends with one in hand leaves it to the next: it may arrive twice then, with the same key.

use super::{Book, failed, notice_unknown};
use crate::{
    access::secret::{hex, random},
    channels::Unsent,
    db::{self, On, Row, values},
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use axum::http::StatusCode;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// A notice for a channel, taken to be sent.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Whose.
    pub community: CommunityId,
    /// Of which round.
    pub round: RoundId,
    /// The notice's number.
    pub number: u32,
    /// The channel's name.
    pub channel: String,
    /// By which it is known again.
    pub key: String,
    /// Tries, with this one.
    pub tries: u32,
}

/// How far a notice is in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    /// It was not tried yet, or is tried again.
    Waiting,
    /// It was taken.
    Sent,
    /// It was refused, and would be again.
    Refused,
    /// It was tried often enough.
    GivenUp,
    /// A newer notice took its place before it went.
    Replaced,
}

/// What became of a notice in a channel.
#[derive(Clone, Debug)]
pub struct PostedSeen {
    /// The notice's number.
    pub number: u32,
    /// The channel's name.
    pub channel: String,
    /// How far it is.
    pub state: PostState,
    /// Tries so far.
    pub tries: u32,
    /// When it came so far, seconds since 1970.
    pub at: i64,
    /// When it is tried next, where it waits.
    pub due: i64,
    /// Why the last try did not succeed; empty where none failed.
    pub why: String,
    /// The status of the answer; 0 where there was none.
    pub status: u32,
}

impl PostState {
    const ALL: [PostState; 5] =
        [PostState::Waiting, PostState::Sent, PostState::Refused, PostState::GivenUp, PostState::Replaced];

    /// Its word in the database.
    fn name(self) -> &'static str {
        match self {
            PostState::Waiting => "waiting",
            PostState::Sent => "sent",
            PostState::Refused => "refused",
            PostState::GivenUp => "given_up",
            PostState::Replaced => "replaced",
        }
    }

    fn parse(name: &str) -> Option<PostState> {
        PostState::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A notice is to be sent to these channels; what it takes the place of goes to none any more.
pub(super) fn post_in(
    on: &On<'_>,
    (community, round, number): (CommunityId, RoundId, u32),
    replaces: Option<u32>,
    channels: &[String],
) -> db::Result<()> {
    let clock = clock(on);
    if let Some(replaced) = replaces {
        let text = format!(
            "UPDATE outbox SET state = 'replaced', at = {clock} \
             WHERE community_id = ?1 AND round = ?2 AND number = ?3 AND state = 'waiting'"
        );
        on.execute(&text, values![community, round, replaced])?;
    }
    let text = format!(
        "INSERT INTO outbox (community_id, round, number, channel, key, state, tries, at, due, why, status, holder) \
         VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', 0, {clock}, {clock}, '', 0, '')"
    );
    for channel in channels {
        let key = hex(&random::<16>());
        on.execute(&text, values![community, round, number, channel, key])?;
    }
    Ok(())
}

fn clock(on: &On<'_>) -> &'static str {
    on.either("unixepoch()", "extract(epoch FROM clock_timestamp())::bigint")
}

fn seconds(of: Duration) -> i64 {
    i64::try_from(of.as_secs()).unwrap_or(i64::MAX)
}

impl Book {
    /// Sends a notice to a channel, or once more. What did not arrive keeps its key; what did gets a new one, for somebody wants it twice.
    ///
    /// # Errors
    /// There is no such notice, a newer one took its place, it waits already, or the database says no.
    pub fn post(
        &self,
        community: CommunityId,
        round: RoundId,
        number: u32,
        channel: &str,
    ) -> Result<(), Fault> {
        self.db.change(failed, |on| {
            let of = values![community, round, number];
            let text = "SELECT 1 FROM notice WHERE community_id = ?1 AND round = ?2 AND number = ?3";
            on.optional(text, of, |row| row.get::<i64>(0)).map_err(failed)?.ok_or_else(notice_unknown)?;
            let text = "SELECT state FROM outbox \
                        WHERE community_id = ?1 AND round = ?2 AND number = ?3 AND channel = ?4";
            let of = values![community, round, number, channel];
            let state: Option<String> = on.optional(text, of, |row| row.get(0)).map_err(failed)?;
            match state.as_deref().and_then(PostState::parse) {
                None => {
                    let channel = [channel.to_owned()];
                    return post_in(on, (community, round, number), None, &channel).map_err(failed);
                }
                Some(PostState::Waiting) => return Err(Fault::new(StatusCode::CONFLICT, "channel_waiting")),
                Some(PostState::Sent) => {
                    let text = "UPDATE outbox SET key = ?5 \
                                WHERE community_id = ?1 AND round = ?2 AND number = ?3 AND channel = ?4";
                    let key = hex(&random::<16>());
                    let of = values![community, round, number, channel, key];
                    on.execute(text, of).map_err(failed)?;
                }
                Some(PostState::Refused | PostState::GivenUp | PostState::Replaced) => {}
            }
            let clock = clock(on);
            let text = format!(
                "UPDATE outbox SET state = 'waiting', tries = 0, at = {clock}, due = {clock}, holder = '' \
                 WHERE community_id = ?1 AND round = ?2 AND number = ?3 AND channel = ?4"
            );
            on.execute(&text, values![community, round, number, channel]).map(drop).map_err(failed)
        })
    }

    /// Takes what waits longest for a channel; nobody else takes it for so long.
    ///
    /// # Errors
    /// The database says no.
    pub fn next_posted(&self, channel: &str, holder: &str, lasts: Duration) -> Result<Option<Posted>, Fault> {
        let lasts = seconds(lasts);
        self.db.change(failed, |on| {
            let clock = clock(on);
            let text = format!(
                "SELECT community_id, round, number, key, tries FROM outbox \
                 WHERE channel = ?1 AND state = 'waiting' AND due <= {clock} ORDER BY due, number LIMIT 1"
            );
            let read = |row: &Row<'_>| {
                Ok(Posted {
                    community: row.get(0)?,
                    round: row.get(1)?,
                    number: row.get(2)?,
                    channel: channel.to_owned(),
                    key: row.get(3)?,
                    tries: row.get::<u32>(4)? + 1,
                })
            };
            let Some(posted) = on.optional(&text, values![channel], read).map_err(failed)? else {
                return Ok(None);
            };
            let text = format!(
                "UPDATE outbox SET holder = ?5, tries = ?6, due = {clock} + ?7 \
                 WHERE community_id = ?1 AND round = ?2 AND number = ?3 AND channel = ?4"
            );
            let Posted { community, round, number, tries, .. } = &posted;
            let of = values![community, round, number, channel, holder, tries, lasts];
            on.execute(&text, of).map_err(failed)?;
            Ok(Some(posted))
        })
    }

    /// Writes down what came of a try: it is tried again after `again`, if there is one. What somebody else has taken since is theirs; that
    /// it arrived is true all the same.
    ///
    /// # Errors
    /// The database says no.
    pub fn posted(
        &self,
        posted: &Posted,
        tried: Result<(), Unsent>,
        again: Option<Duration>,
    ) -> Result<(), Fault> {
        let Posted { community, round, number, channel, key, tries } = posted;
        let (state, why, status) = match tried {
            Ok(()) => (PostState::Sent, "", 0),
            Err(Unsent { why, status, .. }) if again.is_some() => (PostState::Waiting, why, status),
            Err(Unsent { why, status, is_final: true }) => (PostState::Refused, why, status),
            Err(Unsent { why, status, is_final: false }) => (PostState::GivenUp, why, status),
        };
        let (state, status, pause) = (state.name(), u32::from(status), seconds(again.unwrap_or_default()));
        let theirs = if tried.is_ok() { "" } else { "AND state = 'waiting' AND tries = ?10" };
        self.db.change(failed, |on| {
            let clock = clock(on);
            let text = format!(
                "UPDATE outbox SET state = ?6, why = ?7, status = ?8, at = {clock}, due = {clock} + ?9, tries = ?10, \
                 holder = '' WHERE community_id = ?1 AND round = ?2 AND number = ?3 AND channel = ?4 AND key = ?5 {theirs}"
            );
            let of = values![community, round, number, channel, key, state, why, status, pause, tries];
            on.execute(&text, of).map(drop).map_err(failed)
        })
    }

    /// Lets go of what a process held that ended: of a file, which no other process has.
    ///
    /// # Errors
    /// The database says no.
    pub fn let_go_posted(&self) -> Result<(), Fault> {
        if self.is_shared() {
            return Ok(());
        }
        let text =
            "UPDATE outbox SET due = unixepoch(), holder = '' WHERE state = 'waiting' AND holder <> ''";
        self.db.execute(text, &[]).map(drop).map_err(failed)
    }

    /// The key by which a notice was sent to a channel, if it was.
    ///
    /// # Errors
    /// The database says no.
    pub fn key_sent(
        &self,
        community: CommunityId,
        round: RoundId,
        number: u32,
        channel: &str,
    ) -> Result<Option<String>, Fault> {
        let text = "SELECT key FROM outbox WHERE community_id = ?1 AND round = ?2 AND number = ?3 \
                    AND channel = ?4 AND state = 'sent'";
        let of = values![community, round, number, channel];
        self.db.optional(text, of, |row| row.get(0)).map_err(failed)
    }

    /// What became of a round's notices in all channels.
    ///
    /// # Errors
    /// The database says no.
    pub fn all_posted(&self, community: CommunityId, round: RoundId) -> Result<Vec<PostedSeen>, Fault> {
        let text = "SELECT number, channel, state, tries, at, due, why, status FROM outbox \
                    WHERE community_id = ?1 AND round = ?2 ORDER BY number, channel";
        let read = |row: &Row<'_>| {
            let state: String = row.get(2)?;
            let odd = db::Error::Odd("a notice in a channel is in a state that this program does not know");
            Ok(PostedSeen {
                number: row.get(0)?,
                channel: row.get(1)?,
                state: PostState::parse(&state).ok_or(odd)?,
                tries: row.get(3)?,
                at: row.get(4)?,
                due: row.get(5)?,
                why: row.get(6)?,
                status: row.get(7)?,
            })
        };
        self.db.all(text, values![community, round], read).map_err(failed)
    }

    /// How many wait, of all rounds.
    ///
    /// # Errors
    /// The database says no.
    pub fn waiting_posted(&self) -> Result<i64, Fault> {
        let text = "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'";
        self.db.read(failed, |on| on.count(text, &[]).map_err(failed))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::{
        db::both::both,
        run::book::{NoticeOfRound, example},
    };
    use serde_json::json;

    const HOUR: Duration = Duration::from_secs(3600);

    fn issued(number: u32, replaces: Option<u32>) -> NoticeOfRound {
        let replaces = replaces.map(|number| json!({ "number": number, "at": "2026-03-27T20:00" }));
        let notice = json!({
            "format": 1, "number": number, "kind": "round", "at": "2026-03-27T20:00", "community": "Willow Court",
            "timezone": "UTC", "issued_by": null, "contact": null, "link": null, "sender": null,
            "addressed": "everybody", "service": { "en": "Screening", "zh": "筛查" }, "site": null,
            "opens": "2026-03-28T07:00", "closes": null, "from": null, "until": null, "how": "waves", "calls": [],
            "green": false, "pool": null, "result_h": null, "spacing_m": null, "names_kept_days": null,
            "bring": null, "at_site": null, "after": null, "more": [], "answers": [], "above": [],
            "replaces": replaces, "changed": [], "told": []
        });
        NoticeOfRound { notice: serde_json::from_value(notice).unwrap(), entrances: Vec::new() }
    }

    #[test]
    fn one_takes_it_at_a_time_and_nothing_is_lost_with_whoever_ends() {
        both(|place| {
            let book = place.book(place.people().rounds_key());
            let made = example::made(CommunityId::draw(), "court");
            book.make(&made).unwrap();
            let (community, round) = (made.community, made.id);
            let issue = |number, replaces, to: &[&str]| {
                let to: Vec<String> = to.iter().map(|&name| name.to_owned()).collect();
                book.issue_notice(community, round, &issued(number, replaces), &to).unwrap();
            };
            let take = |holder: &str, lasts| book.next_posted("chat", holder, lasts).unwrap();
            let state = |number| {
                let all = book.all_posted(community, round).unwrap();
                let seen =
                    all.into_iter().find(|seen| seen.number == number && seen.channel == "chat").unwrap();
                (seen.state, seen.tries, seen.why)
            };
            let (later, never) = (
                Unsent { why: "later", status: 503, is_final: false },
                Unsent { why: "answer", status: 404, is_final: true },
            );
            issue(1, None, &["chat", "list"]);
            assert_eq!(book.waiting_posted().unwrap(), 2);
            let first = take("a", Duration::ZERO).unwrap();
            // The one that had it ended: its time is over.
            let second = take("b", HOUR).unwrap();
            assert_eq!((&first.key, first.tries, second.tries), (&second.key, 1, 2));
            assert!(take("c", HOUR).is_none());
            book.posted(&first, Err(never), None).unwrap();
            assert_eq!(state(1), (PostState::Waiting, 2, String::new()), "it is not its own any more");
            book.posted(&second, Err(later), Some(HOUR)).unwrap();
            assert_eq!(state(1), (PostState::Waiting, 2, "later".to_owned()));
            assert!(take("b", HOUR).is_none(), "not before its time");
            // Of a file, which no other process has, it is let go of at the start.
            book.posted(&second, Err(later), Some(Duration::ZERO)).unwrap();
            take("b", HOUR).unwrap();
            book.let_go_posted().unwrap();
            assert_eq!(take("d", HOUR).is_some(), !place.is_shared());
            // It had arrived all the same.
            book.posted(&first, Ok(()), None).unwrap();
            assert_eq!(state(1).0, PostState::Sent);
            assert_eq!(book.key_sent(community, round, 1, "chat").unwrap(), Some(first.key.clone()));
            assert_eq!(book.key_sent(community, round, 1, "list").unwrap(), None);
            // What waits is replaced, what was sent is not.
            issue(2, Some(1), &["chat"]);
            assert_eq!(state(1).0, PostState::Sent);
            assert_eq!(book.waiting_posted().unwrap(), 1, "the list's is not sent any more");
            let taken = take("a", HOUR).unwrap();
            assert_eq!(taken.number, 2);
            book.posted(&taken, Err(later), None).unwrap();
            assert_eq!(state(2), (PostState::GivenUp, 1, "later".to_owned()));
            book.post(community, round, 2, "chat").unwrap();
            let again = take("a", HOUR).unwrap();
            assert_eq!((&again.key, again.tries), (&taken.key, 1));
            book.posted(&again, Err(never), None).unwrap();
            assert_eq!(state(2).0, PostState::Refused);
            book.forget(made.retain_until).unwrap();
            assert!(book.all_posted(community, round).unwrap().is_empty());
            assert_eq!(book.post(community, round, 2, "chat").unwrap_err().code(), "notice_unknown");
        });
    }
}
