//! Which role writes down what. A phone refuses what is not its task; a server keeps aside what comes in all the same.

use domain::{Event, event::HolderKind};

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
    /// Takes boxes of tubes to a lab.
    Courier,
    /// Takes boxes in at a lab's door.
    Lab,
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
    /// Tubes on their way: boxes that are closed and taken, labels of other systems.
    Custody,
    /// What a lab found, in a box or in a tube.
    Results,
    /// Results that are let out.
    Release,
    /// People of a tube that was not negative: called back, and sampled alone.
    Recalls,
    /// What was booked in another system on somebody's behalf.
    Bookings,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 7] = [
        Role::Secretary,
        Role::Caller,
        Role::Order,
        Role::Registrar,
        Role::Sampler,
        Role::Courier,
        Role::Lab,
    ];

    /// Its word in data.
    pub fn name(self) -> &'static str {
        match self {
            Role::Secretary => "secretary",
            Role::Caller => "caller",
            Role::Order => "order",
            Role::Registrar => "registrar",
            Role::Sampler => "sampler",
            Role::Courier => "courier",
            Role::Lab => "lab",
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
            Matter::Counts => !matches!(self, Role::Caller | Role::Courier | Role::Lab),
            Matter::Custody => self != Role::Caller,
            Matter::Results => matches!(self, Role::Secretary | Role::Lab),
            Matter::Release => self == Role::Secretary,
            Matter::Recalls => matches!(self, Role::Secretary | Role::Registrar),
            Matter::Bookings => matches!(self, Role::Secretary | Role::Caller | Role::Registrar),
        }
    }

    /// Whether this role writes such an event. Who takes a box takes it as what they are, and boxes are closed at the site.
    pub fn may_write(self, event: &Event) -> bool {
        let as_itself = match event {
            Event::BatchSealed { .. } => !matches!(self, Role::Courier | Role::Lab),
            Event::BatchReceived { by, .. } => self == Role::Secretary || by.kind == self.holds(),
            _ => true,
        };
        as_itself && Matter::of(event).is_none_or(|matter| self.writes(matter))
    }

    /// What this role is to a box that it has.
    pub fn holds(self) -> HolderKind {
        match self {
            Role::Courier => HolderKind::Courier,
            Role::Lab => HolderKind::Lab,
            _ => HolderKind::Site,
        }
    }

    /// Whether a phone of this role is told such an event of others: what was found in a tube is for those alone who have to
    /// do with it, for whoever has the roll knows who is in the tube; and people are nothing for couriers and labs.
    pub fn hears(self, event: &Event) -> bool {
        let Some(matter) = Matter::of(event) else { return true };
        match self {
            Role::Secretary | Role::Registrar => true,
            Role::Courier => matches!(matter, Matter::Round | Matter::Custody),
            Role::Lab => matches!(matter, Matter::Round | Matter::Custody | Matter::Results),
            Role::Caller | Role::Order | Role::Sampler => {
                matches!(event, Event::BatchOpened { .. })
                    || !matches!(matter, Matter::Results | Matter::Release | Matter::Recalls)
            }
        }
    }

    /// Its word in the catalogue.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Role::Secretary => "@role.secretary",
            Role::Caller => "@role.caller",
            Role::Order => "@role.order",
            Role::Registrar => "@role.registrar",
            Role::Sampler => "@role.sampler",
            Role::Courier => "@role.courier",
            Role::Lab => "@role.lab",
        }
    }
}

/// Whether others should hear of an event at once: of the round as a whole, a lot that is recalled; of whom a result concerns, and
/// that somebody else has called them. All else can wait for as long as people take to look up.
pub fn cannot_wait(event: &Event) -> bool {
    matches!(Matter::of(event), Some(Matter::Round | Matter::Release | Matter::Recalls))
        || matches!(event, Event::ResultReported { instead_of: Some(_), .. })
}

impl Matter {
    /// What an event is about; `None` where a device takes its own step back, which each may.
    pub fn of(event: &Event) -> Option<Matter> {
        Some(match event {
            Event::RoundOpened
            | Event::RoundClosed
            | Event::LotRecalled { .. }
            | Event::ConflictSettled { .. } => Matter::Round,
            Event::HouseholdCalled { .. } | Event::HouseholdAnswered { .. } | Event::NoticeTold { .. } => {
                Matter::Calls
            }
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
            Event::BatchSealed { .. } | Event::BatchReceived { .. } | Event::TubeNamed { .. } => {
                Matter::Custody
            }
            Event::BatchOpened { .. } | Event::ResultReported { .. } => Matter::Results,
            Event::ResultsReleased { .. } => Matter::Release,
            Event::CalledBack { .. } | Event::Resampled { .. } => Matter::Recalls,
            Event::BookedElsewhere { .. } => Matter::Bookings,
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
            Matter::Custody => "@matter.custody",
            Matter::Results => "@matter.results",
            Matter::Release => "@matter.release",
            Matter::Recalls => "@matter.recalls",
            Matter::Bookings => "@matter.bookings",
        }
    }
}
