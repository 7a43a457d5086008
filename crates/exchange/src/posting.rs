//! What somebody needs or offers.

use crate::{HOUR, Place};
use chance::Ticks;
use domain::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($(#[$each:meta])* $variant:ident $text:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$each])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// As it is written.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
    };
}

named!(
    /// Whether help is needed or offered.
    Side {
        /// Somebody needs help.
        Need "need",
        /// Somebody offers it.
        Offer "offer",
    }
);

named!(
    /// What with.
    Kind {
        /// Medicine is fetched.
        Medicine "medicine",
        /// Food and necessities.
        Food "food",
        /// Lessons.
        Lessons "lessons",
        /// Somebody looks after a child.
        Childcare "childcare",
        /// Something is repaired.
        Repairs "repairs",
        /// Somebody interprets.
        Interpreting "interpreting",
        /// Somebody goes along to dialysis or to a hospital.
        Visit "visit",
    }
);

named!(
    /// How urgent it is.
    Urgency {
        /// Somebody's health hangs on it.
        Urgent "urgent",
        /// It should be done in its time.
        Usual "usual",
        /// It can be done later.
        Later "later",
    }
);

named!(
    /// What exactly: which lesson, language, repair or way.
    #[expect(missing_docs, reason = "each is said by its name")]
    Subject {
        Chinese "chinese",
        Maths "maths",
        Science "science",
        Music "music",
        Sport "sport",
        English "english",
        Japanese "japanese",
        Korean "korean",
        French "french",
        German "german",
        Spanish "spanish",
        Russian "russian",
        Arabic "arabic",
        Water "water",
        Power "power",
        Lock "lock",
        Appliance "appliance",
        Dialysis "dialysis",
        Hospital "hospital",
    }
);

named!(
    /// What somebody says of how things go.
    Tone {
        /// Something is wrong.
        Complaint "complaint",
        /// Something is good.
        Praise "praise",
        /// Something is not known.
        Question "question",
    }
);

named!(
    /// Where the two meet: a word of a short list, which tells nothing of anybody.
    #[derive(Default)]
    Meet {
        /// At the door of whoever needs it.
        #[default]
        Door "door",
        /// At the hospital.
        Hospital "hospital",
        /// At the site of the round.
        Site "site",
        /// At the compound's gate.
        Gate "gate",
    }
);

/// A need or an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Drawn by whoever takes it in.
    pub id: Uuid,
    /// Whose it is.
    pub by: Uuid,
    /// The household: within one nobody is asked by this way.
    pub home: Uuid,
    /// Need or offer.
    pub side: Side,
    /// What with.
    pub kind: Kind,
    /// What exactly; `None`: not said.
    pub subject: Option<Subject>,
    /// Of a need: whether it is for a child, as [`Kind::is_for_child`] takes what was said. Nobody helps with it without the secretariat's word.
    pub for_child: bool,
    /// Of a need.
    pub urgency: Urgency,
    /// Where.
    pub place: Place,
    /// Of a need: where the two meet.
    #[serde(default)]
    pub meet: Meet,
    /// Of a need: whether it has a day and an hour of its own, and is promised before it begins; otherwise anybody can do it whenever they
    /// like from the one to the other.
    #[serde(default)]
    pub timed: bool,
    /// From when it can be done.
    pub from: Moment,
    /// Until when it can be done.
    pub until: Moment,
    /// Of an offer: how many neighbours at one time.
    pub most: u8,
    /// Their own words; for the secretariat, and for the neighbour once both have said yes.
    pub words: String,
    /// Whether the secretariat wrote it down for them: they telephoned, or came.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_behalf: bool,
}

impl Kind {
    /// What exactly it can be.
    pub fn subjects(self) -> &'static [Subject] {
        use Subject::*;
        match self {
            Kind::Lessons => &[Chinese, Maths, Science, English, Music, Sport],
            Kind::Interpreting => &[English, Japanese, Korean, French, German, Spanish, Russian, Arabic],
            Kind::Repairs => &[Water, Power, Lock, Appliance],
            Kind::Visit => &[Dialysis, Hospital],
            Kind::Medicine | Kind::Food | Kind::Childcare => &[],
        }
    }

    /// Whether a need of it has a day and an hour, and perhaps a place other than the door.
    pub fn is_timed(self) -> bool {
        matches!(self, Kind::Lessons | Kind::Childcare | Kind::Interpreting | Kind::Visit)
    }

    /// Whether a volunteer who carries it is told by what name it is asked for: medicine is handed out by name, and who is with somebody knows
    /// with whom. Food is brought to a door, a tap is mended behind one.
    pub fn needs_name(self) -> bool {
        !matches!(self, Kind::Food | Kind::Repairs)
    }

    /// Whether it is one for children as a rule: an offer of it is flagged before any child needs it, and a need of it is for a child unless
    /// somebody says that it is not.
    pub fn is_for_children(self) -> bool {
        matches!(self, Kind::Lessons | Kind::Childcare)
    }

    /// Whether a need of it is for a child, as was said; `None`: nothing was. Who looks after somebody looks after a child, whatever is said.
    pub fn is_for_child(self, said: Option<bool>) -> bool {
        self == Kind::Childcare || said.unwrap_or(self.is_for_children())
    }
}

impl Urgency {
    /// So long before its time the secretariat is shown a need for which there is nobody yet; an urgent one from its beginning.
    pub(crate) fn lead(self) -> Ticks {
        match self {
            Urgency::Urgent => Ticks::MAX,
            Urgency::Usual => 6 * HOUR,
            Urgency::Later => 24 * HOUR,
        }
    }

    /// How much more a way or a doubt costs: who is nearest goes to whoever needs it most.
    pub(crate) fn weight(self) -> i64 {
        match self {
            Urgency::Urgent => 4,
            Urgency::Usual => 2,
            Urgency::Later => 1,
        }
    }
}

impl Posting {
    /// Its time, before which there is somebody for it: when it begins, or until when it can be done.
    pub fn time(&self) -> Moment {
        if self.timed { self.from } else { self.until }
    }

    /// Whether both can be done at one time.
    pub(crate) fn meets(&self, other: &Posting) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// Whether it asks for the same, so that both are one.
    pub(crate) fn is_same(&self, other: &Posting) -> bool {
        let key = |of: &Posting| (of.by, of.side, of.kind, of.subject, of.for_child);
        key(self) == key(other) && self.meets(other)
    }

    /// Whether somebody else of the household seems to ask for the same.
    pub(crate) fn is_double(&self, other: &Posting) -> bool {
        let key = |of: &Posting| (of.home, of.side, of.kind, of.subject);
        key(self) == key(other) && self.id != other.id && self.meets(other)
    }

    /// Whether it says nothing that the other does not. A time that differs by less than an hour is the same: it was tapped twice.
    pub(crate) fn says_no_more_than(&self, other: &Posting) -> bool {
        let near = |one: Moment, other: Moment| (one - other).abs() < HOUR;
        let said =
            |of: &Posting| (of.urgency, of.most, of.timed, of.meet, of.words.clone(), of.place.clone());
        said(self) == said(other) && near(self.from, other.from) && near(self.until, other.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_they_are_written() {
        let written = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        for of in Kind::ALL {
            assert_eq!(written(serde_json::to_value(of).unwrap()), of.name());
        }
        for of in Subject::ALL {
            assert_eq!(written(serde_json::to_value(of).unwrap()), of.name());
        }
        for of in Urgency::ALL {
            assert_eq!(written(serde_json::to_value(of).unwrap()), of.name());
        }
        for of in Meet::ALL {
            assert_eq!(written(serde_json::to_value(of).unwrap()), of.name());
        }
    }

    #[test]
    fn each_subject_is_of_some_kind() {
        for subject in Subject::ALL {
            assert!(Kind::ALL.iter().any(|kind| kind.subjects().contains(subject)), "{subject:?}");
        }
    }
}
