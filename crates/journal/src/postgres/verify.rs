//! The database, looked at as [`crate::store`] says it of all journals. Rows are read as they come: whatever a log's length,
//! few are in memory.

use super::{
    connect::Address,
    reader,
    session::{Failed, Session, bytes, number, value},
};
use crate::{
    LogName, Progress, Verified,
    store::{
        rows::{Odd, Result},
        verify::{self, Each, Heads, Item, Placed, SliceRow},
    },
};
use postgres::fallible_iterator::FallibleIterator;

pub(super) fn all(
    address: &Address,
    heads: &Heads,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Verified> {
    let items = items(&mut Session::open(address)?, heads)?;
    let connect = || Ok(Session::open(address)?);
    verify::all(&items, progress, connect, |db, item, seen| {
        // One transaction sees one moment, whatever is appended meanwhile.
        db.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        match look(db, item, heads, seen) {
            // What was never written so is a fault of it; a connection that is gone is none.
            Err(odd) if odd.is::<Odd>() => seen.faults.push(item.unreadable(odd.to_string())),
            other => other?,
        }
        db.batch("COMMIT")
    })
}

fn items(db: &mut Session, heads: &Heads) -> Result<Vec<Item>> {
    const COMMUNITIES: &str =
        "SELECT community_id FROM journal.community UNION SELECT community_id FROM journal.slice ORDER BY 1";
    const LOGS: &str =
        "SELECT community_id, device FROM journal.log UNION SELECT community_id, device FROM journal.slice";
    let communities =
        db.query(COMMUNITIES, &[])?.iter().map(|row| bytes(row, 0)).collect::<Result<Vec<_>>>()?;
    let named = |row: &postgres::Row| Ok(LogName { community: bytes(row, 0)?, device: bytes(row, 1)? });
    let logs = db.query(LOGS, &[])?.iter().map(named).collect::<Result<Vec<_>>>()?;
    Ok(Item::all(communities, logs, heads))
}

fn look(db: &mut Session, item: &Item, heads: &Heads, seen: &mut Verified) -> Result<()> {
    match item {
        // The server checks its own pages, where it was set up to.
        Item::Whole => {}
        Item::Community(community) => {
            const ROWS: &str =
                "SELECT first_position, last_seq - after_seq, device, after_seq + 1 FROM journal.slice
                 WHERE community_id = $1";
            let placed = |row: &postgres::Row| -> Result<Placed> {
                Ok((number(row, 0)?, number(row, 1)?, bytes(row, 2)?, number(row, 3)?))
            };
            let rows = db.query(ROWS, &[&&community[..]])?.iter().map(placed).collect::<Result<_>>()?;
            const HELD: &str = "SELECT position FROM journal.community WHERE community_id = $1";
            let held = db.first(HELD, &[&&community[..]])?.map(|row| number(&row, 0)).transpose()?;
            seen.faults.extend(verify::positions(*community, rows, held));
        }
        Item::Log(name) => {
            let state = reader::log(db, *name)?;
            verify::check(*name, state.as_ref(), heads.get(name), seen, |each| rows(db, *name, each))?;
        }
    }
    Ok(())
}

fn rows(db: &mut Session, name: LogName, each: Each<'_>) -> Result<()> {
    const ROWS: &str = "SELECT after_seq, last_seq, book, hash, signature, frames FROM journal.slice
         WHERE community_id = $1 AND device = $2 ORDER BY last_seq";
    let mut rows = db.stream(ROWS, &[&&name.community[..], &&name.device[..]])?;
    while let Some(row) = rows.next().map_err(Failed)? {
        let row = SliceRow {
            after: number(&row, 0)?,
            last: number(&row, 1)?,
            book: bytes(&row, 2)?,
            hash: bytes(&row, 3)?,
            signature: bytes(&row, 4)?,
            frames: value(&row, 5)?,
        };
        if !each(&row) {
            break;
        }
    }
    Ok(())
}
