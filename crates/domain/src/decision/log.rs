//! The lines folded: which decisions there are, and how far each is.

use super::{Act, Agreement, By, Entry, Expected, Fact, Move, Proposal, Rule, State, What};
use jiff::civil::{Date, DateTime};

/// All that the lines of a log come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decisions {
    /// What was said of the days, in the order of the log.
    pub said: Vec<Entry>,
    /// What was proposed, by number: the first is 1.
    pub all: Vec<Decision>,
}

/// One proposal, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Its number in the log.
    pub number: u32,
    /// When it was proposed.
    pub at: DateTime,
    /// By whom.
    pub by: Vec<By>,
    /// What, in words.
    pub words: String,
    /// What exactly.
    pub proposal: Proposal,
    /// How far it is.
    pub state: State,
    /// What was done with it: lines of the log.
    pub moves: Vec<Entry>,
}

/// Why a line cannot stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No proposal has this number yet.
    Unknown,
    /// Nothing like that may be done with it any more, or yet.
    Move {
        /// How far it is.
        state: State,
    },
    /// It takes a sentence.
    Words {
        /// What was to be done.
        act: Move,
    },
    /// Neither figures nor another community decide anything.
    Nobody,
}

impl Decisions {
    /// A proposal by its number.
    pub fn get(&self, number: u32) -> Option<&Decision> {
        self.all.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Those that hold.
    pub fn agreed(&self) -> impl Iterator<Item = &Decision> {
        self.all.iter().filter(|one| one.state == State::Agreed)
    }

    /// The number of the next proposal.
    pub fn next_number(&self) -> u32 {
        u32::try_from(self.all.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Whether a line may follow those that are there.
    ///
    /// # Errors
    /// The table of moves says no.
    pub fn admit(&self, entry: &Entry) -> Result<(), Refusal> {
        let What::Moved { decision, act } = &entry.what else { return Ok(()) };
        let state = self.get(*decision).ok_or(Refusal::Unknown)?.state;
        let kind = act.kind();
        let rule = rule_of(state, kind).ok_or(Refusal::Move { state })?;
        if !entry.by.iter().all(|by| by.is_people()) {
            return Err(Refusal::Nobody);
        }
        if rule.words && entry.words.is_empty() {
            return Err(Refusal::Words { act: kind });
        }
        Ok(())
    }

    /// Takes a line in. What the table does not have changes nothing but the list of what was done.
    pub fn apply(&mut self, entry: Entry) {
        match entry.what {
            What::Said => self.said.push(entry),
            What::Proposed(proposal) => self.all.push(Decision {
                number: self.next_number(),
                at: entry.at,
                by: entry.by,
                words: entry.words,
                proposal: *proposal,
                state: State::Proposed,
                moves: Vec::new(),
            }),
            What::Moved { decision, ref act } => {
                let place = usize::try_from(decision).ok().and_then(|number| number.checked_sub(1));
                if let Some(found) = place.and_then(|place| self.all.get_mut(place)) {
                    found.state = rule_of(found.state, act.kind()).map_or(found.state, |rule| rule.to);
                    found.moves.push(entry);
                }
            }
        }
    }
}

fn rule_of(state: State, act: Move) -> Option<&'static Rule> {
    state.moves().find(|rule| rule.act == act)
}

impl Decision {
    /// The last agreement, where it holds.
    pub fn agreement(&self) -> Option<(&Entry, &Agreement)> {
        let agreed = self.moves.iter().rev().find_map(|entry| match &entry.what {
            What::Moved { act: Act::Agree(agreement), .. } => Some((entry, agreement)),
            _ => None,
        });
        agreed.filter(|_| self.state == State::Agreed)
    }

    /// In which rounds it was tried, and on which part.
    pub fn trials(&self) -> impl Iterator<Item = (&Entry, Option<Date>, &str)> {
        self.moves.iter().filter_map(|entry| match &entry.what {
            What::Moved { act: Act::Try { on, part }, .. } => Some((entry, *on, part.as_str())),
            _ => None,
        })
    }

    /// What a rehearsal expects of it: the agreement's word before the proposal's.
    pub fn expected(&self) -> Option<Expected> {
        let agreed = self.agreement().and_then(|(_, agreement)| agreement.expected);
        agreed.or(self.proposal.expected)
    }

    /// What was measured before it held.
    pub fn measured(&self) -> Option<Fact> {
        // Where it was tried, it held already.
        let tried = |of: &Fact| of.on.is_some() && self.trials().any(|(_, on, _)| on == of.on);
        let agreed = self.agreement().and_then(|(_, agreement)| agreement.measured);
        agreed.filter(|of| !tried(of)).or(self.proposal.measured)
    }
}
