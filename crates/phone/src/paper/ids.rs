//! Identifiers that come from a round, a sheet and a row, so that a sheet that is sent twice says everything once.

use super::{Row, Shift};
use domain::{Event, Origin};
use round::Folded;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Of an event's identifier the first eight bytes say which row it is, the next six what the row says.
const ROW: usize = 8;
const SAYS: usize = 6;

/// Rows that were ever stored.
pub(super) struct Stored(BTreeMap<[u8; ROW], Kept>);

/// What a row says that was stored.
#[derive(Default)]
struct Kept {
    /// What it says; absent where it was taken back.
    says: Option<[u8; SAYS]>,
    /// What it said when it was taken back.
    back: BTreeSet<[u8; SAYS]>,
}

/// What is known of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing, or something else that was taken back.
    New,
    /// It is stored, and says the same.
    Same,
    /// It is stored, and says something else.
    Other,
    /// It said the same, and was taken back.
    Back,
}

/// The identifiers of a row.
#[derive(Clone, Copy)]
pub(super) struct RowIds {
    row: [u8; 32],
    says: [u8; 32],
}

impl RowIds {
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
    /// What was ever typed from paper.
    pub(super) fn new(folded: &Folded) -> Stored {
        let mut rows = BTreeMap::<[u8; ROW], Kept>::new();
        for told in folded.told().iter().filter(|told| told.origin == Origin::Paper) {
            let (row, says, number) = parts(told.id);
            // The first event speaks for the row: the seal of a tube can be taken back alone.
            if number != 0 || matches!(told.event, Event::Undone { .. }) {
                continue;
            }
            let kept = rows.entry(row).or_default();
            if folded.stands(told) {
                kept.says = Some(says);
            } else {
                kept.back.insert(says);
            }
        }
        Stored(rows)
    }

    /// The identifiers of a row whose cells were read, and what is known of it. However they were typed, `says` is the same for
    /// the same row. A row that is typed anew after it was taken back has others.
    pub(super) fn row(&self, round: Uuid, shift: &Shift, row: u32, says: &str) -> (RowIds, Known) {
        let table = &shift.table;
        let says = format!("{}\0{}\0{}\0{says}", table.station, table.lane, table.server);
        self.ids(row_hash(round, &shift.sheet, row), |again| match again {
            0 => hash(&[says.as_bytes()]),
            _ => hash(&[says.as_bytes(), &again.to_le_bytes()]),
        })
    }

    /// The same of the seal of a tube that the sheet has.
    pub(super) fn seal(&self, round: Uuid, shift: &Shift, tube: Uuid) -> (RowIds, Known) {
        let row = hash(&[b"seal", round.as_bytes(), shift.sheet.as_bytes(), tube.as_bytes()]);
        self.ids(row, |again| match again {
            0 => row,
            _ => hash(&[&row, &again.to_le_bytes()]),
        })
    }

    fn ids(&self, row: [u8; 32], says: impl Fn(u32) -> [u8; 32]) -> (RowIds, Known) {
        let ids = |again| RowIds { row, says: says(again) };
        let kept = self.0.get(&row_of(ids(0).event(0)));
        let again = kept.map_or(0, |kept| kept.back.len() as u32);
        let says = |again| parts(ids(again).event(0)).1;
        let known = match kept {
            None => Known::New,
            Some(Kept { says: Some(stored), .. }) if *stored == says(again) => Known::Same,
            Some(Kept { says: Some(_), .. }) => Known::Other,
            Some(kept) if (0..again).any(|before| kept.back.contains(&says(before))) => Known::Back,
            Some(_) => Known::New,
        };
        (ids(again), known)
    }
}

/// By what the events of a sheet's row are known.
pub(super) fn row_key(round: Uuid, sheet: &str, row: u32) -> [u8; ROW] {
    let row = row_hash(round, sheet, row);
    row_of(RowIds { row, says: row }.event(0))
}

fn row_hash(round: Uuid, sheet: &str, row: u32) -> [u8; 32] {
    hash(&[b"row", round.as_bytes(), sheet.as_bytes(), &row.to_le_bytes()])
}

/// What the events of one row have in common.
pub(super) fn row_of(event: Uuid) -> [u8; ROW] {
    parts(event).0
}

fn parts(id: Uuid) -> ([u8; ROW], [u8; SAYS], u16) {
    let bytes = id.as_bytes();
    let part = |from: usize| bytes[from..].iter().copied();
    let (mut row, mut says) = ([0; ROW], [0; SAYS]);
    row.iter_mut().zip(part(0)).for_each(|(to, from)| *to = from);
    says.iter_mut().zip(part(ROW)).for_each(|(to, from)| *to = from);
    (row, says, u16::from_be_bytes([bytes[ROW + SAYS], bytes[ROW + SAYS + 1]]))
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
