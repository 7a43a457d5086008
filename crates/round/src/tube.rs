//! A sample tube and the people mixed in it.

use crate::{BatchCode, TubeCode};
use domain::Moment;
use uuid::Uuid;

/// A sample tube.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tube {
    /// When the first specimen came in, or the seal was seen.
    pub since: Moment,
    /// Whose specimens are in it, in order.
    pub people: Vec<Uuid>,
    /// Whether more may be mixed in.
    pub seal: Seal,
}

/// Whether more may be mixed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// It is open.
    Open,
    /// It is sealed.
    Sealed {
        /// When.
        at: Moment,
        /// With so many people in it, says who sealed it.
        people: u8,
    },
}

impl Tube {
    /// Whether more may be mixed in.
    pub fn is_open(&self) -> bool {
        self.seal == Seal::Open
    }
}

/// The short label of a thing: the number's letters of a tube or a box with a code, the last four digits of any other identifier.
pub fn label(id: Uuid) -> String {
    if let Some(code) = TubeCode::of_item(id) {
        return code.short();
    }
    if let Some(code) = BatchCode::of_id(id) {
        return code.short();
    }
    format!("{:04X}", id.as_u128() & 0xffff)
}
