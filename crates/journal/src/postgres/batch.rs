//! What is decided together: one transaction of one community, and what becomes true when it is committed.

use super::{
    reader,
    session::{Again, Session, bytes, literal, number, value},
};
use crate::{
    Hash, Head, LogName,
    store::{
        Log, LogState, Planted, Why,
        known::Seen,
        quarantine::Unsettled,
        rows::{Continued, Odd, Result, Row, Rows, SetAside},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// The channel on which processes tell each other what they committed.
pub(super) const CHANNEL: &str = "shouhu_journal";
/// Books that one notice names, at most: it may be 8,000 bytes long. Others are found by looking.
const NOTICE_BOOKS: usize = 64;

/// An open transaction.
pub(super) struct Batch<'s> {
    db: &'s mut Session,
    planted: Planted,
    community: [u8; 16],
    /// How many frames the community has, and had; `None` where nothing is known of it, and so nothing is locked.
    position: Option<u64>,
    begun: u64,
    /// Logs as they stand in this transaction; `None` where there is none of this device.
    logs: BTreeMap<[u8; 16], Option<LogState>>,
    moved: BTreeSet<[u8; 16]>,
    /// Rows that are not sent yet.
    new: Slices,
    books: BTreeMap<[u8; 16], u64>,
}

/// Rows of `slice`, by column.
#[derive(Default)]
struct Slices {
    device: Vec<[u8; 16]>,
    after: Vec<i64>,
    last: Vec<i64>,
    book: Vec<[u8; 16]>,
    first: Vec<i64>,
    hash: Vec<[u8; 32]>,
    signature: Vec<[u8; 64]>,
    frames: Vec<Vec<u8>>,
}

/// What a transaction did, once it is committed.
pub(super) struct Done {
    pub(super) seen: Vec<(LogName, Seen)>,
    pub(super) grown: Option<Grown>,
}

/// How a community grew.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Grown {
    pub(super) community: [u8; 16],
    /// Its first new position, and its last.
    pub(super) first: u64,
    pub(super) last: u64,
    /// The last position of each book that grew.
    pub(super) books: Vec<([u8; 16], u64)>,
}

impl<'s> Batch<'s> {
    /// Begins: locks the community's row, and then reads the logs of these devices.
    pub(super) fn begin(
        db: &'s mut Session,
        planted: Planted,
        community: [u8; 16],
        devices: &BTreeSet<[u8; 16]>,
    ) -> Result<Batch<'s>> {
        // Together they go to the server once. The logs are read after the lock is there: another statement sees what was
        // committed until then.
        let lock = if planted.early_position { "" } else { "FOR UPDATE" };
        let which = literal(&community);
        let text =
            format!("BEGIN; SELECT position FROM journal.community WHERE community_id = {which} {lock}");
        let mut position = None;
        for message in db.client().simple_query(&text).map_err(super::session::Failed)? {
            if let postgres::SimpleQueryMessage::Row(row) = message {
                let text = row.get(0).and_then(|text| text.parse().ok());
                position = Some(text.ok_or(Odd("a count below zero"))?);
            }
        }
        let mut logs: BTreeMap<_, _> = devices.iter().map(|device| (*device, None)).collect();
        if position.is_some() && !devices.is_empty() {
            let names: Vec<&[u8]> = devices.iter().map(|device| &device[..]).collect();
            for row in db.query(LOGS, &[&&community[..], &names])? {
                let state = reader::state(&row)?;
                logs.insert(state.log.name.device, Some(state));
            }
        }
        Ok(Batch {
            db,
            planted,
            community,
            position,
            begun: position.unwrap_or(0),
            logs,
            moved: BTreeSet::new(),
            new: Slices::default(),
            books: BTreeMap::new(),
        })
    }

    /// Commits, and then tells other processes.
    pub(super) fn commit(mut self) -> Result<Done> {
        self.send()?;
        let grown = self.grown();
        let mut text = String::new();
        if let (Some(grown), Some(position)) = (&grown, self.position) {
            let which = literal(&self.community);
            let heads: Vec<String> = self
                .heads()
                .map(|(device, head)| format!("({},{},{})", literal(device), head.seq, literal(&head.hash.0)))
                .collect();
            write!(
                text,
                "UPDATE journal.log AS l SET seq = v.seq, hash = v.hash FROM (VALUES {}) AS v (device, seq, hash)
                 WHERE l.community_id = {which} AND l.device = v.device;",
                heads.join(",")
            )?;
            if !self.planted.early_position {
                write!(
                    text,
                    "UPDATE journal.community SET position = {position} WHERE community_id = {which};"
                )?;
            }
            // What comes after the commit is sent along with it, and is no part of it.
            write!(text, "COMMIT; NOTIFY {CHANNEL}, '{}'", grown.notice())?;
        } else {
            text.push_str("COMMIT");
        }
        self.db.batch(&text)?;
        let seen = self.logs.into_values().flatten();
        let seen =
            seen.map(|state| (state.log.name, Seen { key: state.log.key, head: state.head })).collect();
        Ok(Done { seen, grown })
    }

    fn heads(&self) -> impl Iterator<Item = (&[u8; 16], Head)> {
        self.moved.iter().filter_map(|device| Some((device, self.logs.get(device)?.as_ref()?.head)))
    }

    fn grown(&self) -> Option<Grown> {
        let last = self.position.filter(|_| !self.moved.is_empty())?;
        let books = self.books.iter().map(|(book, position)| (*book, *position)).collect();
        Some(Grown { community: self.community, first: self.begun + 1, last, books })
    }

    /// Sends the rows that wait.
    fn send(&mut self) -> Result<()> {
        let new = std::mem::take(&mut self.new);
        if new.device.is_empty() {
            return Ok(());
        }
        fn all<const N: usize>(of: &[[u8; N]]) -> Vec<&[u8]> {
            of.iter().map(|one| &one[..]).collect()
        }
        let (device, book) = (all(&new.device), all(&new.book));
        let (hash, signature) = (all(&new.hash), all(&new.signature));
        self.db.query(
            INSERT,
            &[
                &&self.community[..],
                &device,
                &new.after,
                &new.last,
                &book,
                &new.first,
                &hash,
                &signature,
                &new.frames,
            ],
        )?;
        Ok(())
    }

    /// The last of so many new positions.
    fn place(&mut self, count: u64) -> Result<u64> {
        let last = if self.planted.early_position {
            // Planted: given at once, whenever what fills it is committed.
            const TAKE: &str = "UPDATE journal.community SET position = position + $2 WHERE community_id = $1 RETURNING position";
            let mut other = Session::open(self.db.address())?;
            let taken = other.first(TAKE, &[&&self.community[..], &(count as i64)])?;
            number(&taken.ok_or(Odd("no community"))?, 0)?
        } else {
            self.position.ok_or(Odd("no community"))? + count
        };
        self.position = Some(last);
        Ok(last)
    }
}

impl Grown {
    /// As processes tell it each other.
    fn notice(&self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let mut text = format!("{} {} {}", hex(&self.community), self.first, self.last);
        for (book, position) in self.books.iter().take(NOTICE_BOOKS) {
            text += &format!(" {}:{position}", hex(book));
        }
        text
    }

    /// What a notice says; `None` if it is none of ours.
    pub(super) fn parse(notice: &str) -> Option<Grown> {
        let id = |text: &str| -> Option<[u8; 16]> {
            let digits = u128::from_str_radix(text, 16).ok()?;
            (text.len() == 32).then_some(digits.to_be_bytes())
        };
        let mut words = notice.split(' ');
        let community = id(words.next()?)?;
        let (first, last) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let book = |word: &str| {
            let (book, position) = word.split_once(':')?;
            Some((id(book)?, position.parse().ok()?))
        };
        Some(Grown { community, first, last, books: words.map(book).collect::<Option<_>>()? })
    }
}

impl Rows for Batch<'_> {
    fn planted(&self) -> Planted {
        self.planted
    }

    fn log(&mut self, name: LogName) -> Result<Option<LogState>> {
        if let Some(known) = self.logs.get(&name.device) {
            return Ok(*known);
        }
        let state = reader::log(self.db, name)?;
        self.logs.insert(name.device, state);
        Ok(state)
    }

    fn row(&mut self, name: LogName, seq: u64) -> Result<Option<Row>> {
        const ROW: &str = "SELECT after_seq, last_seq, hash, frames FROM journal.slice
             WHERE community_id = $1 AND device = $2 AND last_seq >= $3 ORDER BY last_seq LIMIT 1";
        self.send()?;
        let found = self.db.first(ROW, &[&&name.community[..], &&name.device[..], &(seq as i64)])?;
        let row = |row: postgres::Row| {
            Ok(Row {
                after: number(&row, 0)?,
                last: number(&row, 1)?,
                hash: Hash(bytes(&row, 2)?),
                frames: value(&row, 3)?,
            })
        };
        found.map(row).transpose()
    }

    fn store(&mut self, next: Continued<'_>, revoked_too: bool) -> Result<Option<u64>> {
        let Continued { log: name, from, to, signature, frames } = next;
        let Some(state) = self.log(name)? else { return Ok(None) };
        if (state.head != from && !self.planted.no_compare) || (state.revoked && !revoked_too) {
            return Ok(None);
        }
        let count = to.seq - from.seq;
        let last = self.place(count)?;
        let Slices { device, after, last: lasts, book, first, hash, signature: signatures, frames: bytes } =
            &mut self.new;
        device.push(name.device);
        after.push(from.seq as i64);
        lasts.push(to.seq as i64);
        book.push(state.log.book);
        first.push((last - count + 1) as i64);
        hash.push(to.hash.0);
        signatures.push(signature.0);
        bytes.push(frames.to_vec());
        self.logs.insert(name.device, Some(LogState { head: to, ..state }));
        self.moved.insert(name.device);
        self.books.insert(state.log.book, last);
        Ok(Some(last))
    }

    fn position(&mut self, _: [u8; 16]) -> Result<u64> {
        Ok(self.position.unwrap_or(0))
    }

    fn enrol(&mut self, log: Log) -> Result<()> {
        let Log { name, book, key } = log;
        if self.position.is_none() {
            // Its row must be there to be locked: it is made, and all is decided again.
            const MAKE: &str = "INSERT INTO journal.community VALUES ($1, 0) ON CONFLICT DO NOTHING";
            self.db.batch("ROLLBACK")?;
            self.db.query(MAKE, &[&&name.community[..]])?;
            return Err(Again.into());
        }
        const ENROL: &str = "INSERT INTO journal.log VALUES ($1, $2, $3, $4, 'active', 0, $5)";
        let head = Head::of_nothing(name);
        let key_bytes = key.to_bytes();
        self.db.query(
            ENROL,
            &[&&name.community[..], &&name.device[..], &&book[..], &&key_bytes[..], &&head.hash.0[..]],
        )?;
        self.logs.insert(name.device, Some(LogState { log, revoked: false, head }));
        Ok(())
    }

    fn revoke(&mut self, name: LogName) -> Result<bool> {
        const REVOKE: &str =
            "UPDATE journal.log SET state = 'revoked' WHERE community_id = $1 AND device = $2 RETURNING seq";
        let found = self.db.first(REVOKE, &[&&name.community[..], &&name.device[..]])?;
        if let Some(Some(state)) = self.logs.get_mut(&name.device) {
            state.revoked = true;
        }
        Ok(found.is_some())
    }

    fn kept(&mut self, name: LogName, digest: &[u8; 32]) -> Result<Option<(u64, Why)>> {
        const KEPT: &str = "SELECT number, why FROM journal.quarantine
             WHERE community_id = $1 AND device = $2 AND digest = $3";
        let found = self.db.first(KEPT, &[&&name.community[..], &&name.device[..], &&digest[..]])?;
        found.map(|row| Ok((number(&row, 0)?, reader::why(&row, 1)?))).transpose()
    }

    fn unsettled(&mut self, of: LogName) -> Result<(Unsettled, Unsettled)> {
        // Of all communities, of which this transaction holds one: others may add a few at the same moment.
        const WAITING: &str = "SELECT count(*), coalesce(sum(length(bytes)), 0)::bigint,
                 count(*) FILTER (WHERE community_id = $1 AND device = $2),
                 coalesce(sum(length(bytes)) FILTER (WHERE community_id = $1 AND device = $2), 0)::bigint
             FROM journal.quarantine WHERE NOT settled";
        let row = self.db.first(WAITING, &[&&of.community[..], &&of.device[..]])?.ok_or(Odd("no answer"))?;
        let of = |column| Ok(Unsettled { slices: number(&row, column)?, bytes: number(&row, column + 1)? });
        let (total, device): (Result<_>, Result<_>) = (of(0), of(2));
        Ok((total?, device?))
    }

    fn keep(&mut self, aside: &SetAside<'_>) -> Result<u64> {
        const KEEP: &str = "INSERT INTO journal.quarantine (community_id, number, device, received_at_ms, why, digest, bytes)
             VALUES ($1, $7, $2, $3, $4, $5, $6) RETURNING number";
        const NUMBER: &str =
            "SELECT coalesce(max(number), 0) + 1 FROM journal.quarantine WHERE community_id = $1";
        let SetAside { log, received_at_ms, why, digest, bytes } = aside;
        let community = &log.community[..];
        let next = self.db.first(NUMBER, &[&community])?.ok_or(Odd("no answer"))?;
        let next: i64 = value(&next, 0)?;
        let why = why.to_string();
        // Of a community that is not known nothing is locked: two processes may give the same number, and one tries again.
        let kept = self
            .db
            .first(KEEP, &[&community, &&log.device[..], received_at_ms, &why, &&digest[..], bytes, &next])?;
        number(&kept.ok_or(Odd("no answer"))?, 0)
    }

    fn settle(&mut self, community: [u8; 16], which: u64) -> Result<bool> {
        const SETTLE: &str = "UPDATE journal.quarantine SET settled = true WHERE community_id = $1 AND number = $2 RETURNING number";
        Ok(self.db.first(SETTLE, &[&&community[..], &(which as i64)])?.is_some())
    }

    fn aside(&mut self, community: [u8; 16], number: u64) -> Result<Option<Vec<u8>>> {
        reader::aside(self.db, community, number)
    }
}

/// Of a community that is locked, so that they stand still.
const LOGS: &str = "SELECT community_id, device, book, public_key, state, seq, hash FROM journal.log
     WHERE community_id = $1 AND device = ANY($2)";
const INSERT: &str = "INSERT INTO journal.slice
         (community_id, device, after_seq, last_seq, book, first_position, hash, signature, frames)
     SELECT $1, v.* FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bytea[], $8::bytea[], $9::bytea[]) AS v";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_what_it_was_told() {
        let grown =
            Grown { community: [1; 16], first: 7, last: 12, books: vec![([0; 16], 9), ([0xfe; 16], 12)] };
        assert_eq!(Grown::parse(&grown.notice()).as_ref(), Some(&grown));
        for other in [
            "",
            "a",
            "01 2 3",
            "01010101010101010101010101010101 2",
            "01010101010101010101010101010101 2 3 x",
        ] {
            assert_eq!(Grown::parse(other), None);
        }
    }
}
