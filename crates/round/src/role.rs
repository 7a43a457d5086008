//! Which role writes down what. A phone refuses what is not its task; a server keeps aside what comes in all the same.

use domain::Event;

/// What somebody does at a site, with a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Runs the round.
    Secretary,
    /// Calls households.
    Caller,
    /// Keeps order in the line.
    Order,
    /// Registers who comes.
    Registrar,
    /// Samples, vaccinates or hands out.
    Sampler,
}

/// What an event is about, as far as roles go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// The round as a whole: opened, closed, a lot recalled, a contradiction settled.
    Round,
    /// Households that are called, and what they say at the door.
    Calls,
    /// People at the tables: who came, was served, was given something, left.
    Tables,
    /// People who were only counted, in a queue or at a gate.
    Counts,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 5] = [Role::Secretary, Role::Caller, Role::Order, Role::Registrar, Role::Sampler];

    /// Its word in data.
    pub fn name(self) -> &'static str {
        match self {
            Role::Secretary => "secretary",
            Role::Caller => "caller",
            Role::Order => "order",
            Role::Registrar => "registrar",
            Role::Sampler => "sampler",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == word)
    }

    /// Whether this role writes of a matter. Who works at one table may work at another, so registrars and samplers are alike;
    /// at which table or in which lane is nobody's rule.
    pub fn writes(self, matter: Matter) -> bool {
        match matter {
            Matter::Round => self == Role::Secretary,
            Matter::Calls => matches!(self, Role::Secretary | Role::Caller),
            Matter::Tables => matches!(self, Role::Secretary | Role::Registrar | Role::Sampler),
            Matter::Counts => self != Role::Caller,
        }
    }

    /// Whether this role writes such an event.
    pub fn may_write(self, event: &Event) -> bool {
        Matter::of(event).is_none_or(|matter| self.writes(matter))
    }

    /// Its word in the catalogue.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Role::Secretary => "@role.secretary",
            Role::Caller => "@role.caller",
            Role::Order => "@role.order",
            Role::Registrar => "@role.registrar",
            Role::Sampler => "@role.sampler",
        }
    }
}

impl Matter {
    /// What an event is about; `None` where a device takes its own step back, which each may.
    pub fn of(event: &Event) -> Option<Matter> {
        Some(match event {
            Event::RoundOpened
            | Event::RoundClosed
            | Event::LotRecalled { .. }
            | Event::ConflictSettled { .. } => Matter::Round,
            Event::HouseholdCalled { .. } | Event::HouseholdAnswered { .. } => Matter::Calls,
            Event::Arrived { .. }
            | Event::Queued { .. }
            | Event::ServiceStarted { .. }
            | Event::Served { .. }
            | Event::ItemGiven { .. }
            | Event::TubeSealed { .. }
            | Event::ObservationEnded { .. }
            | Event::Deferred { .. }
            | Event::TurnedAway { .. }
            | Event::Left { .. }
            | Event::Unlisted { .. }
            | Event::CodeLinked { .. } => Matter::Tables,
            Event::QueueCounted { .. } | Event::PeopleCounted { .. } | Event::CardTapped { .. } => {
                Matter::Counts
            }
            Event::Undone { .. } => return None,
        })
    }

    /// Its word in the catalogue.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Matter::Round => "@matter.round",
            Matter::Calls => "@matter.calls",
            Matter::Tables => "@matter.tables",
            Matter::Counts => "@matter.counts",
        }
    }
}
