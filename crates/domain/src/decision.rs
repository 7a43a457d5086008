//! What people agree on in the evening: a log of what was said, proposed, objected to, tried and agreed, by roles and never by
//! names. Lines are only added.
//!
//! Map: [`Entry`] a line · [`MOVES`] what may follow what · [`Decisions`] what the lines come to · [`Figure`] what a decision is to
//! better, with what a rehearsal [`Expected`] of it and what was [`Fact`].

mod figure;
mod log;

pub use figure::{Expected, Fact, Figure};
pub use log::{Decision, Decisions, Refusal};

use jiff::civil::{Date, DateTime};

/// Whose word it is: a role, never a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Somebody who lives there.
    Resident,
    /// Somebody who helps.
    Volunteer,
    /// Somebody from outside who knows the matter.
    Adviser,
    /// Who leads the round.
    Secretariat,
    /// The owners' committee, or that of the neighbourhood.
    Committee,
    /// The property's staff.
    Property,
    /// What a round taught.
    Review,
    /// What another community learned.
    Method,
}

impl By {
    /// All of them, with their words in files.
    pub const ALL: [(&'static str, By); 8] = [
        ("resident", By::Resident),
        ("volunteer", By::Volunteer),
        ("adviser", By::Adviser),
        ("secretariat", By::Secretariat),
        ("committee", By::Committee),
        ("property", By::Property),
        ("review", By::Review),
        ("method", By::Method),
    ];

    /// The word for it in files and on the command line.
    pub fn name(self) -> &'static str {
        By::ALL.iter().find(|(_, by)| *by == self).map_or("", |(name, _)| name)
    }

    /// Whether it is people, who alone object, try, agree and drop.
    pub fn is_people(self) -> bool {
        !matches!(self, By::Review | By::Method)
    }
}

/// How far a decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Somebody wants it.
    Proposed,
    /// Somebody does not.
    Objected,
    /// It is tried.
    Trying,
    /// It holds.
    Agreed,
    /// It does not, or no more.
    Dropped,
}

impl State {
    /// All of them, in the order in which a page shows them.
    pub const ALL: [State; 5] =
        [State::Proposed, State::Objected, State::Trying, State::Agreed, State::Dropped];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Objected => "objected",
            State::Trying => "trying",
            State::Agreed => "agreed",
            State::Dropped => "dropped",
        }
    }

    /// What may be done with it now.
    pub fn moves(self) -> impl Iterator<Item = &'static Rule> {
        MOVES.iter().filter(move |rule| rule.from == self)
    }
}

/// What is done with a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// To say what speaks against it.
    Object,
    /// To try it in a round.
    Try,
    /// To let it hold.
    Agree,
    /// To let it go; where it held, to take it back.
    Drop,
}

impl Move {
    /// All of them.
    pub const ALL: [Move; 4] = [Move::Object, Move::Try, Move::Agree, Move::Drop];

    /// The word for it in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Move::Object => "object",
            Move::Try => "try",
            Move::Agree => "agree",
            Move::Drop => "drop",
        }
    }
}

/// What may follow what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How far it is.
    pub from: State,
    /// What is done.
    pub act: Move,
    /// How far it is then.
    pub to: State,
    /// Whether it takes a sentence: an objection, a reason, or the answer to what was objected.
    pub words: bool,
}

const fn rule(from: State, act: Move, to: State, words: bool) -> Rule {
    Rule { from, act, to, words }
}

/// All that may be done. What is not here is refused. An objection is answered by a trial, or in words; what was dropped is proposed
/// anew.
pub const MOVES: [Rule; 13] = [
    rule(State::Proposed, Move::Object, State::Objected, true),
    rule(State::Proposed, Move::Try, State::Trying, false),
    rule(State::Proposed, Move::Agree, State::Agreed, false),
    rule(State::Proposed, Move::Drop, State::Dropped, true),
    rule(State::Objected, Move::Object, State::Objected, true),
    rule(State::Objected, Move::Try, State::Trying, false),
    rule(State::Objected, Move::Agree, State::Agreed, true),
    rule(State::Objected, Move::Drop, State::Dropped, true),
    rule(State::Trying, Move::Object, State::Objected, true),
    rule(State::Trying, Move::Try, State::Trying, false),
    rule(State::Trying, Move::Agree, State::Agreed, false),
    rule(State::Trying, Move::Drop, State::Dropped, true),
    rule(State::Agreed, Move::Drop, State::Dropped, true),
];

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When, on the community's clock.
    pub at: DateTime,
    /// Whose word it is; several agree together.
    pub by: Vec<By>,
    /// What was said; empty where nothing had to be.
    pub words: String,
    /// What it is.
    pub what: What,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Something was said of the day, and nothing is proposed yet.
    Said,
    /// Something is proposed: the line's words say what.
    Proposed(Box<Proposal>),
    /// Something is done with a proposal.
    Moved {
        /// Its number.
        decision: u32,
        /// What.
        act: Act,
    },
}

/// What is done with a proposal, with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// To say what speaks against it.
    Object,
    /// To try it.
    Try {
        /// In the round of which day.
        on: Option<Date>,
        /// On which part of the site; empty for all of it.
        part: String,
    },
    /// To let it hold.
    Agree(Agreement),
    /// To let it go.
    Drop,
}

impl Act {
    /// Which move it is.
    pub fn kind(&self) -> Move {
        match self {
            Act::Object => Move::Object,
            Act::Try { .. } => Move::Try,
            Act::Agree(_) => Move::Agree,
            Act::Drop => Move::Drop,
        }
    }
}

/// What belongs to an agreement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    /// What stood at the key until then, as TOML; absent where nothing did.
    pub old: Option<String>,
    /// What a rehearsal expects of it.
    pub expected: Option<Expected>,
    /// What was measured on the day before it held.
    pub measured: Option<Fact>,
}

/// What somebody wants otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The problem that it answers; empty where nobody said.
    pub problem: String,
    /// What would be changed.
    pub change: Change,
    /// What it is to better.
    pub figure: Figure,
    /// What a rehearsal expects of it.
    pub expected: Option<Expected>,
    /// What was measured on the day on which it was proposed.
    pub measured: Option<Fact>,
}

/// What would be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A key of the scenario.
    Value {
        /// As `--set` takes it.
        key: String,
        /// As TOML; `none` takes the key away.
        value: String,
    },
    /// A rule: the words of the proposal.
    Rule(Onto),
}

/// Where a rule stands once it is agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Onto {
    /// In the log alone.
    Log,
    /// In the notice of every round.
    Notice,
    /// On the card of this role.
    Card(String),
}
