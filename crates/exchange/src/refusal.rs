//! Why something cannot be done. The catalogue says under `problem.CODE` what is the matter and under `problem_mend.CODE` what to do now.

use crate::{Said, decide};

/// A rule says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each state of affairs is said by its name and its sentence")]
pub enum Refusal {
    Unknown,
    NotYours,
    DeskAlone,
    TimePast,
    TimeFar,
    WordsLong { most: usize },
    WordsMissing,
    SubjectOther,
    MostOff { most: u8 },
    TooManyOpen { most: usize },
    TooManyToday { most: usize },
    Full,
    UnderWay,
    NeedNotOpen,
    NeedClosed,
    OfferNotOpen,
    OfferFull,
    OtherKind,
    SameHome,
    DeclinedBefore,
    TimesApart,
    NeedsWord,
    NothingAsked,
    NotAgreed,
    NotTheSame,
    NobodyCarries,
    AlreadyCarried,
    Answered,
}

impl Refusal {
    /// Its code, and what fills its sentences.
    pub fn said(self) -> Said {
        use Refusal::*;
        match self {
            Unknown => ("exchange_unknown", vec![]),
            NotYours => ("exchange_not_yours", vec![]),
            DeskAlone => ("exchange_desk_alone", vec![]),
            TimePast => ("exchange_time_past", vec![]),
            TimeFar => ("exchange_time_far", vec![("days", (decide::WINDOW_MOST / crate::DAY).to_string())]),
            WordsLong { most } => ("exchange_words_long", vec![("most", most.to_string())]),
            WordsMissing => ("exchange_words_missing", vec![]),
            SubjectOther => ("exchange_subject_other", vec![]),
            MostOff { most } => ("exchange_most_off", vec![("most", most.to_string())]),
            TooManyOpen { most } => ("exchange_too_many_open", vec![("most", most.to_string())]),
            TooManyToday { most } => ("exchange_too_many_today", vec![("most", most.to_string())]),
            Full => ("exchange_full", vec![]),
            UnderWay => ("exchange_under_way", vec![]),
            NeedNotOpen => ("exchange_need_not_open", vec![]),
            NeedClosed => ("exchange_need_closed", vec![]),
            OfferNotOpen => ("exchange_offer_not_open", vec![]),
            OfferFull => ("exchange_offer_full", vec![]),
            OtherKind => ("exchange_other_kind", vec![]),
            SameHome => ("exchange_same_home", vec![]),
            DeclinedBefore => ("exchange_declined_before", vec![]),
            TimesApart => ("exchange_times_apart", vec![]),
            NeedsWord => ("exchange_needs_word", vec![]),
            NothingAsked => ("exchange_nothing_asked", vec![]),
            NobodyCarries => ("exchange_nobody_carries", vec![]),
            NotTheSame => ("exchange_not_the_same", vec![]),
            NotAgreed => ("exchange_not_agreed", vec![]),
            AlreadyCarried => ("exchange_already_carried", vec![]),
            Answered => ("exchange_answered", vec![]),
        }
    }
}
