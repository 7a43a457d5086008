//! What labs find, why they say something else later, and what came of calling people back.

use serde::{Deserialize, Serialize};

/// What a lab found in a tube.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Not detected.
    Negative,
    /// Detected.
    Positive,
    /// Neither can be said.
    Inconclusive,
    /// The test did not work, or the specimen is not fit for it.
    Invalid,
}

impl Finding {
    /// Every finding.
    pub const ALL: [Finding; 4] =
        [Finding::Negative, Finding::Positive, Finding::Inconclusive, Finding::Invalid];

    /// Its word in data.
    pub fn name(self) -> &'static str {
        match self {
            Finding::Negative => "negative",
            Finding::Positive => "positive",
            Finding::Inconclusive => "inconclusive",
            Finding::Invalid => "invalid",
        }
    }
}

/// Why a report takes the place of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It was tested once more.
    Retested,
    /// The tube had the wrong label.
    Mislabelled,
    /// The plate lay the wrong way round in the machine.
    PlateSwapped,
    /// Somebody typed the wrong thing.
    TypingError,
    /// Something else.
    Other,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 5] =
        [Reason::Retested, Reason::Mislabelled, Reason::PlateSwapped, Reason::TypingError, Reason::Other];

    /// Its word in data.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Retested => "retested",
            Reason::Mislabelled => "mislabelled",
            Reason::PlateSwapped => "plate_swapped",
            Reason::TypingError => "typing_error",
            Reason::Other => "other",
        }
    }
}

/// What came of calling somebody back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallBack {
    /// They know.
    Reached,
    /// Nobody answered.
    NotReached,
    /// They will not come.
    Refused,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_data_is_the_word_in_events() {
        for finding in Finding::ALL {
            assert_eq!(serde_json::to_value(finding).unwrap(), finding.name());
        }
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
        }
    }
}
