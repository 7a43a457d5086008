//! What is asked.

use crate::{End, Entry, Good, Loss, Promise, Reason, Step, Store};
use domain::Moment;
use uuid::Uuid;

/// What somebody typed: a good and a number, which may be none that counts.
pub type Asked = Vec<(Good, i64)>;

/// What somebody asks for. Each becomes the event of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are those of the events")]
pub enum Command {
    /// A shipment is promised; or promised otherwise, as long as it has not left.
    Promise(Promise),
    /// It will not come.
    CallOff { shipment: Uuid },
    /// It leaves.
    Send { shipment: Uuid, from: Store, lines: Asked },
    /// It stands at the gate.
    ReachGate { shipment: Uuid },
    /// It was left at a household's door.
    Give { shipment: Uuid, household: Uuid },
    /// It came. `rest`: beside what was received before. `unlisted`: the code is not known here, and whoever took it in has looked twice.
    Receive { shipment: Uuid, at: End, lines: Asked, rest: bool, unlisted: bool },
    /// It is not taken.
    Refuse { shipment: Uuid, at: End, reason: Reason },
    /// The desk has looked: so many it was; `None`: it was refused.
    Settle { shipment: Uuid, step: Step, at: End, lines: Option<Asked> },
    /// It is in the sender's stock again.
    TakeBack { shipment: Uuid, at: Store, lines: Asked },
    /// What was missing has turned up.
    Find { shipment: Uuid, at: Store, lines: Asked },
    /// What somebody knows of it.
    Explain { shipment: Uuid, reason: Reason },
    /// It should be written off.
    AskWriteOff { write_off: Uuid, of: Loss, lines: Asked, reason: Reason },
    /// A second person agrees.
    AgreeWriteOff { write_off: Uuid },
    /// Something comes into stock without a shipment.
    Enter { store: Store, lines: Asked, entry: Entry },
    /// From one stock to another.
    Move { party: Uuid, from: Uuid, to: Uuid, lines: Asked },
    /// What was used so far in a slot.
    Use { store: Store, slot: Moment, lines: Asked },
    /// So many there are.
    Count { store: Store, lines: Asked },
    /// What a slot needs.
    Need { store: Store, slot: Moment, until: Moment, round: Option<Uuid>, lines: Asked },
    /// Any of these, by somebody who had not heard what others said: a receipt that differs from theirs is not refused, but stands beside it until
    /// the desk has looked.
    Unheard(Box<Command>),
}
