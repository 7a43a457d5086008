//! What is asked.

use crate::{End, Entry, Good, Loss, Promise, Reason, Step, Store};
use domain::Moment;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// What somebody typed: a good and a number, which may be none that counts.
pub type Asked = Vec<(Good, i64)>;

/// What somebody asks for. Each becomes the event of its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are those of the events")]
pub enum Command {
    /// A shipment is promised; or promised otherwise, as long as it has not left.
    Promise(Promise),
    /// It will not come.
    CallOff { shipment: Uuid },
    /// It leaves.
    Send {
        shipment: Uuid,
        from: Store,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
    },
    /// It stands at the gate.
    ReachGate { shipment: Uuid },
    /// It was left at a household's door.
    Give { shipment: Uuid, household: Uuid },
    /// It came. `rest`: beside what was received before. `unlisted`: the code is not known here, and whoever took it in has looked twice.
    Receive {
        shipment: Uuid,
        at: End,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
        #[serde(default)]
        rest: bool,
        #[serde(default)]
        unlisted: bool,
    },
    /// It is not taken.
    Refuse { shipment: Uuid, at: End, reason: Reason },
    /// The desk has looked: so many it was; `None`: it was refused.
    Settle {
        shipment: Uuid,
        step: Step,
        at: End,
        #[serde(default, deserialize_with = "maybe_asked")]
        lines: Option<Asked>,
    },
    /// It is in the sender's stock again.
    TakeBack {
        shipment: Uuid,
        at: Store,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
    },
    /// What was missing has turned up.
    Find {
        shipment: Uuid,
        at: Store,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
    },
    /// What somebody knows of it.
    Explain { shipment: Uuid, reason: Reason },
    /// It should be written off.
    AskWriteOff {
        write_off: Uuid,
        of: Loss,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
        reason: Reason,
    },
    /// A second person agrees.
    AgreeWriteOff { write_off: Uuid },
    /// Something comes into stock without a shipment.
    Enter {
        store: Store,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
        entry: Entry,
    },
    /// From one stock to another.
    Move {
        party: Uuid,
        from: Uuid,
        to: Uuid,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
    },
    /// What was used so far in a slot.
    Use {
        store: Store,
        slot: Moment,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
    },
    /// So many there are.
    Count {
        store: Store,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
    },
    /// What a slot needs.
    Need {
        store: Store,
        slot: Moment,
        until: Moment,
        #[serde(deserialize_with = "asked")]
        lines: Asked,
    },
}

/// `{good, unit, count}`, as lines are written in events.
#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    good: Good,
    count: i64,
}

fn asked<'de, D: Deserializer<'de>>(from: D) -> Result<Asked, D::Error> {
    Ok(Vec::<Line>::deserialize(from)?.into_iter().map(|line| (line.good, line.count)).collect())
}

fn maybe_asked<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Asked>, D::Error> {
    let lines = Option::<Vec<Line>>::deserialize(from)?;
    Ok(lines.map(|lines| lines.into_iter().map(|line| (line.good, line.count)).collect()))
}
