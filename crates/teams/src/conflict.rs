//! Facts that cannot both be true. None is refused: both stay written, and a person settles it.

use crate::{
    Said, Step, Teams,
    state::{Key, State},
};
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

named!(
    /// What contradicts itself.
    ConflictKind {
        /// A team is told to be with two recipients at one time.
        TeamInTwoPlaces "team_in_two_places",
        /// A member is told to be in two teams at one time.
        MemberInTwoTeams "member_in_two_teams",
        /// A member is told to work in two places at one time.
        MemberInTwoShifts "member_in_two_shifts",
        /// An offer was answered in two ways.
        TwoAnswers "two_answers",
        /// One thing was told twice, and differently.
        SaidTwice "said_twice",
        /// A team came home, and then was told to be on its way there.
        AfterReturn "after_return",
    }
);

/// Two facts that cannot both be true, the earlier first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// What of it.
    pub kind: ConflictKind,
    /// Of which team, member, offer, deployment …
    pub of: Uuid,
    /// When, and the fact.
    pub first: (Moment, Uuid),
    /// When, and the fact.
    pub second: (Moment, Uuid),
}

impl Conflict {
    pub(crate) fn new(kind: ConflictKind, of: Uuid, one: Key, other: Key) -> Conflict {
        Conflict { kind, of, first: one.min(other), second: one.max(other) }
    }

    /// The pair by which it is settled.
    pub fn pair(&self) -> (Uuid, Uuid) {
        (self.first.1, self.second.1)
    }

    /// Its key in the catalogue, and what fills its gaps.
    pub fn said(&self, teams: &Teams) -> Said {
        let key = match self.kind {
            ConflictKind::TeamInTwoPlaces => "team.conflict.team_in_two_places",
            ConflictKind::MemberInTwoTeams => "team.conflict.member_in_two_teams",
            ConflictKind::MemberInTwoShifts => "team.conflict.member_in_two_shifts",
            ConflictKind::TwoAnswers => "team.conflict.two_answers",
            ConflictKind::SaidTwice => "team.conflict.said_twice",
            ConflictKind::AfterReturn => "team.conflict.after_return",
        };
        let rules = teams.rules_here();
        let args = [
            ("of", teams.name(self.of)),
            ("at", rules.clock(self.first.0)),
            ("next_at", rules.clock(self.second.0)),
        ];
        (key, args.to_vec())
    }
}

impl State {
    /// All pairs of facts that cannot both be true.
    pub(crate) fn conflicts(&self) -> BTreeMap<(Uuid, Uuid), Conflict> {
        let mut all = self.contradictions.clone();
        let mut add = |of: Conflict| {
            all.entry(of.pair()).or_insert(of);
        };
        for (&id, team) in &self.teams {
            // Two deployments are two places, also in one city: each has its district.
            let stays = team.deployments.iter().filter_map(|of| {
                let of = self.deployments.get(of)?;
                Some((of.deployment.id, *of.steps.get(&Step::Arrived)?, of.ends()))
            });
            overlaps(stays.collect(), |one, other| {
                add(Conflict::new(ConflictKind::TeamInTwoPlaces, id, one, other));
            });
        }
        let mut works: BTreeMap<Uuid, Vec<(Uuid, Key, Option<Key>)>> = BTreeMap::new();
        for (&id, of) in &self.shifts {
            let Some(began) = of.began else { continue };
            let planned = (of.shift.until.max(began.0), Uuid::nil());
            for &member in &of.shift.members {
                works.entry(member).or_default().push((id, began, Some(of.ended.unwrap_or(planned))));
            }
        }
        for (&id, member) in &self.members {
            overlaps(member.stays.clone(), |one, other| {
                add(Conflict::new(ConflictKind::MemberInTwoTeams, id, one, other));
            });
            overlaps(works.remove(&id).unwrap_or_default(), |one, other| {
                add(Conflict::new(ConflictKind::MemberInTwoShifts, id, one, other));
            });
        }
        all
    }
}

/// Of many that share some time each is told with so many after it: whoever settles these sees the next.
const MEET_MOST: usize = 16;

/// Stays in different places that share some time: where, since which fact, until which.
fn overlaps(mut stays: Vec<(Uuid, Key, Option<Key>)>, mut found: impl FnMut(Key, Key)) {
    stays.sort_unstable_by_key(|(_, from, _)| *from);
    for (nth, (place, from, until)) in stays.iter().enumerate() {
        let meets = |(_, next, _): &&(Uuid, Key, Option<Key>)| until.is_none_or(|(until, _)| next.0 < until);
        let elsewhere = stays[nth + 1..].iter().take_while(meets).filter(|(other, ..)| other != place);
        for (_, next, _) in elsewhere.take(MEET_MOST) {
            found(*from, *next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MEET_MOST, overlaps};
    use domain::Moment;
    use uuid::Uuid;

    #[test]
    fn of_many_at_one_time_each_is_told_with_the_nearest() {
        let count = 1000;
        let key = |nth: i64| (Moment(nth), Uuid::from_u128(nth as u128));
        let place = |nth: i64| Uuid::from_u128(nth as u128);
        let stays = (0..count).map(|nth| (place(nth), key(nth), Some(key(2 * count)))).collect();
        let mut found = Vec::new();
        overlaps(stays, |one, other| found.push((one.0.0, other.0.0)));
        let most = MEET_MOST as i64;
        assert!(found.iter().all(|(one, other)| (1..=most).contains(&(other - one))));
        let last = (0..most).sum::<i64>();
        assert_eq!(found.len() as i64, (count - most) * most + last);
    }
}
