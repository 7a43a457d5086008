//! Identifiers that come from a round, a sheet and a row, so that a sheet that is sent twice says everything once.

use super::{Row, Shift};
use domain::Envelope;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Of an event's identifier the first eight bytes say which row it is, the next six what the row says.
const ROW: usize = 8;
const SAYS: usize = 6;

/// Rows that are stored already: what each says.
pub(super) struct Stored(BTreeMap<[u8; ROW], [u8; SAYS]>);

/// The identifiers of a row.
#[derive(Clone, Copy)]
pub(super) struct RowIds {
    row: [u8; 32],
    says: [u8; 32],
}

impl RowIds {
    /// Of a row whose cells were read: however they were typed, `says` is the same for the same row.
    pub(super) fn new(round: Uuid, shift: &Shift, row: u32, says: &str) -> RowIds {
        let table = &shift.table;
        let says = format!("{}\0{}\0{}\0{says}", table.station, table.lane, table.server);
        RowIds {
            row: hash(&[b"row", round.as_bytes(), shift.sheet.as_bytes(), &row.to_le_bytes()]),
            says: hash(&[says.as_bytes()]),
        }
    }

    /// Of the seal of a tube that the sheet has.
    pub(super) fn of_seal(round: Uuid, shift: &Shift, tube: Uuid) -> RowIds {
        let row = hash(&[b"seal", round.as_bytes(), shift.sheet.as_bytes(), tube.as_bytes()]);
        RowIds { row, says: row }
    }

    /// The row's event of this number.
    pub(super) fn event(&self, number: u16) -> Uuid {
        let mut bytes = [0; 16];
        bytes[..ROW].copy_from_slice(&self.row[..ROW]);
        bytes[ROW..ROW + SAYS].copy_from_slice(&self.says[..SAYS]);
        bytes[ROW + SAYS..].copy_from_slice(&number.to_be_bytes());
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    /// Something that the row speaks of and that has no identifier of its own: a person, a dose.
    pub(super) fn thing(&self, kind: &[u8], number: u32) -> Uuid {
        let hash = hash(&[kind, &self.row, &number.to_le_bytes()]);
        let (bytes, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        uuid::Builder::from_custom_bytes(*bytes).into_uuid()
    }
}

impl Stored {
    /// What of these events was typed from paper.
    pub(super) fn new<'a>(paper: impl Iterator<Item = &'a Envelope>) -> Stored {
        Stored(paper.map(|told| parts(told.id)).collect())
    }

    /// Whether the row is stored; and if so, whether it says this.
    pub(super) fn says(&self, ids: &RowIds) -> Option<bool> {
        let (row, says) = parts(ids.event(0));
        Some(*self.0.get(&row)? == says)
    }
}

/// What the events of one row have in common.
pub(super) fn row_of(event: Uuid) -> [u8; ROW] {
    parts(event).0
}

fn parts(id: Uuid) -> ([u8; ROW], [u8; SAYS]) {
    let bytes = id.as_bytes();
    let part = |from: usize| bytes[from..].iter().copied();
    let (mut row, mut says) = ([0; ROW], [0; SAYS]);
    row.iter_mut().zip(part(0)).for_each(|(to, from)| *to = from);
    says.iter_mut().zip(part(ROW)).for_each(|(to, from)| *to = from);
    (row, says)
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"shouhu/paper/1");
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

impl Row {
    /// Whether nothing was typed.
    pub(super) fn is_blank(&self) -> bool {
        [&self.time, &self.door, &self.people, &self.green, &self.item].iter().all(|cell| cell.is_empty())
    }
}
