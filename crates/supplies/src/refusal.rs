//! Why something cannot be done. The catalogue says under `problem.CODE` what is the matter and under `problem_mend.CODE` what to do now.

use crate::{Said, decide};
use domain::letters::CodeFault;

/// A rule says no.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each state of affairs is said by its name and its sentence")]
pub enum Refusal {
    Code(CodeFault),
    UnknownShipment,
    UnknownWriteOff,
    NotTheirs,
    GoodUnnamed,
    CountNegative { good: String },
    CountLarge { good: String },
    NothingCounted,
    TooManyLines,
    TooManyShares,
    ShareTwice,
    TimePast,
    TimeFar,
    SlotEnds,
    AlreadySent,
    OnItsWay,
    CalledOff,
    AlreadyReceived,
    AlreadyRefused,
    OwnGift,
    OtherParty,
    NothingToSettle,
    NothingMissing,
    MoreThanMissing { good: String, missing: i64 },
    SameHand,
    SameRole,
    CarriersHands,
    WriteOffDiffers,
    TooLarge,
}

impl Refusal {
    /// Its code, and what fills its sentences.
    pub fn said(&self) -> Said {
        use Refusal::*;
        let good = |good: &String| vec![("good", good.clone())];
        match self {
            Code(CodeFault::NoCode | CodeFault::Mistyped) => ("supplies_code_mistyped", vec![]),
            Code(CodeFault::Foreign | CodeFault::NotOurs) | UnknownShipment => {
                ("supplies_unknown_shipment", vec![])
            }
            UnknownWriteOff => ("supplies_unknown_write_off", vec![]),
            NotTheirs => ("supplies_not_theirs", vec![]),
            GoodUnnamed => ("supplies_good_unnamed", vec![("most", decide::NAME_LETTERS.to_string())]),
            CountNegative { good: of } => ("supplies_count_negative", good(of)),
            CountLarge { good: of } => {
                ("supplies_count_large", vec![("good", of.clone()), ("most", decide::COUNT_MOST.to_string())])
            }
            NothingCounted => ("supplies_nothing_counted", vec![]),
            TooManyLines => ("supplies_too_many_lines", vec![("most", decide::LINES_MOST.to_string())]),
            TooManyShares => ("supplies_too_many_shares", vec![("most", decide::SHARES_MOST.to_string())]),
            ShareTwice => ("supplies_share_twice", vec![]),
            TimePast => ("supplies_time_past", vec![]),
            TimeFar => (
                "supplies_time_far",
                vec![("days", (decide::WINDOW_MOST / (24 * 60 * crate::MINUTE)).to_string())],
            ),
            SlotEnds => ("supplies_slot_ends", vec![]),
            AlreadySent => ("supplies_already_sent", vec![]),
            OnItsWay => ("supplies_on_its_way", vec![]),
            CalledOff => ("supplies_called_off", vec![]),
            AlreadyReceived => ("supplies_already_received", vec![]),
            AlreadyRefused => ("supplies_already_refused", vec![]),
            OwnGift => ("supplies_own_gift", vec![]),
            OtherParty => ("supplies_other_party", vec![]),
            NothingToSettle => ("supplies_nothing_to_settle", vec![]),
            NothingMissing => ("supplies_nothing_missing", vec![]),
            MoreThanMissing { good: of, missing } => {
                ("supplies_more_than_missing", vec![("good", of.clone()), ("missing", missing.to_string())])
            }
            SameHand => ("supplies_same_hand", vec![]),
            SameRole => ("supplies_same_role", vec![]),
            CarriersHands => ("supplies_carriers_hands", vec![]),
            WriteOffDiffers => ("supplies_write_off_differs", vec![]),
            TooLarge => ("supplies_too_large", vec![]),
        }
    }
}
