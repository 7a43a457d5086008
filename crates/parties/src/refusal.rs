//! Why something cannot be done. The catalogue says under `problem.CODE` what is the matter and under `problem_mend.CODE` what to do now.

use crate::Said;

/// A rule says no.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each state of affairs is said by its name and its sentence")]
pub enum Refusal {
    CardUnreadable,
    CardOwn,
    CardLetters,
    KeyOther,
    PartnerUnknown,
    PartnersMany {
        most: usize,
    },
    Parted,
    NotShared,
    SuppliesNotShared,
    WordsMissing,
    WordsLong {
        most: usize,
    },
    MessageUnknown,
    MessageOwn,
    AidNotShared,
    NobodyAsked,
    Supplies(supplies::Refusal),
    /// All that is wrong.
    Aid(Vec<teams::Refusal>),
}

impl Refusal {
    /// All that is wrong, each with its code and what fills its sentences.
    pub fn said(&self) -> Vec<Said> {
        vec![match self {
            Refusal::CardUnreadable => ("party_card_unreadable", vec![]),
            Refusal::CardOwn => ("party_card_own", vec![]),
            Refusal::CardLetters => ("party_card_letters", vec![]),
            Refusal::KeyOther => ("party_key_other", vec![]),
            Refusal::PartnerUnknown => ("party_partner_unknown", vec![]),
            Refusal::PartnersMany { most } => ("party_partners_many", vec![("most", most.to_string())]),
            Refusal::Parted => ("party_parted", vec![]),
            Refusal::NotShared => ("party_not_shared", vec![]),
            Refusal::SuppliesNotShared => ("party_supplies_not_shared", vec![]),
            Refusal::WordsMissing => ("party_words_missing", vec![]),
            Refusal::WordsLong { most } => ("party_words_long", vec![("most", most.to_string())]),
            Refusal::MessageUnknown => ("party_message_unknown", vec![]),
            Refusal::MessageOwn => ("party_message_own", vec![]),
            Refusal::AidNotShared => ("party_aid_not_shared", vec![]),
            Refusal::NobodyAsked => ("party_nobody_asked", vec![]),
            Refusal::Supplies(refusal) => refusal.said(),
            Refusal::Aid(refusals) => return refusals.iter().map(teams::Refusal::said).collect(),
        }]
    }
}
