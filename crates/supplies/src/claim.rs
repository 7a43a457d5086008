//! What several people said of one count, and what holds. It depends on what was said, never on the order in which it came in.

use crate::{End, Lines, Mark, Reason};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Somebody says what left or what came.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    pub mark: Mark,
    pub at: End,
    pub says: Says,
}

/// What somebody says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Says {
    /// So many.
    Counted(Lines),
    /// So many beside what was counted before.
    Rest(Lines),
    /// Nothing was taken.
    Refused(Reason),
}

/// The desk has looked at these records: so it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Settling {
    pub mark: Mark,
    pub at: End,
    pub over: BTreeSet<Uuid>,
    pub lines: Option<Lines>,
}

/// What holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holding {
    /// What came, or left: the first count and what came beside it.
    pub parts: Vec<Part>,
    /// It was refused.
    pub refused: Option<(Mark, Reason)>,
    /// Records that contradict each other: the first of them holds until somebody has looked.
    pub contested: BTreeSet<Uuid>,
    /// All records of it that count.
    pub told: BTreeSet<Uuid>,
}

/// A count that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub mark: Mark,
    pub at: End,
    pub lines: Lines,
}

impl Holding {
    /// What holds of these claims. What the desk has settled takes the place of the claims that it looked at, at the time of the first of
    /// them; a claim that nobody has looked at may contradict it.
    pub fn of<'a>(
        claims: impl Iterator<Item = &'a Claim> + Clone,
        settled: impl Iterator<Item = &'a Settling> + Clone,
    ) -> Holding {
        let seen: BTreeSet<Uuid> = settled.clone().flat_map(|of| of.over.iter().copied()).collect();
        let mut open = claims.clone().filter(|claim| !seen.contains(&claim.mark.id));
        let mut holding =
            Holding { told: claims.clone().map(|claim| claim.mark.id).collect(), ..Holding::default() };
        let base = settled.max().map(|last| {
            let looked_at = claims.clone().filter(|claim| seen.contains(&claim.mark.id));
            let refused = looked_at.clone().find_map(|claim| match claim.says {
                Says::Refused(reason) => Some(reason),
                _ => None,
            });
            let says = match &last.lines {
                Some(lines) => Says::Counted(lines.clone()),
                None => Says::Refused(refused.unwrap_or(Reason::Unknown)),
            };
            Claim { mark: looked_at.map(|claim| claim.mark).min().unwrap_or(last.mark), at: last.at, says }
        });
        let base = base.or_else(|| open.clone().find(|claim| !matches!(claim.says, Says::Rest(_))).cloned());
        for claim in open.by_ref() {
            match (&claim.says, &base) {
                (Says::Rest(lines), _) => {
                    holding.parts.push(Part { mark: claim.mark, at: claim.at, lines: lines.clone() });
                }
                (said, Some(base)) if !base.says.agrees(said) || base.at != claim.at => {
                    holding.contested.extend([base.mark.id, claim.mark.id]);
                }
                _ => {}
            }
        }
        match base {
            Some(Claim { mark, at, says: Says::Counted(lines) }) => {
                holding.parts.insert(0, Part { mark, at, lines });
            }
            Some(Claim { mark, says: Says::Refused(reason), .. }) => holding.refused = Some((mark, reason)),
            _ => {}
        }
        holding
    }

    /// Whether anybody said anything.
    pub fn is_told(&self) -> bool {
        !self.parts.is_empty() || self.refused.is_some()
    }
}

impl Says {
    /// Whether two say the same; why something was refused may be told in two ways.
    fn agrees(&self, other: &Says) -> bool {
        matches!((self, other), (Says::Refused(_), Says::Refused(_))) || self == other
    }
}
