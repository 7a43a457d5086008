//! What a day came to: who of a household was served and why the others were not, and who came to the green channel when.

use crate::{End, Live, Rules, Stands, Visit};
use chance::TICKS_PER_SECOND;
use domain::{Moment, event::Answer};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What became of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// People of it who were served: see [`Live::was_served`].
    pub served: u32,
    /// People of it who were not.
    pub missing: u32,
    /// Why; `None` where all were served.
    pub why: Option<Why>,
}

/// Why somebody of a household was not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Nobody called it.
    NotCalled,
    /// Nobody opened.
    NotAtHome,
    /// It said that it comes, and nobody came.
    Coming,
    /// It was called, said nothing that was written down, and nobody came. So it is of whoever was to come by themselves.
    NotCome,
    /// Somebody cannot come down.
    CannotCome,
    /// Some of it were served, and nobody saw the others.
    SomeCame,
    /// Somebody came and was not served.
    NotServed,
}

/// People of one green class who came in one hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GreenHour {
    /// The hour's beginning at the site, `07:00`.
    pub hour: String,
    /// The class.
    pub class: String,
    /// Who claimed it at the site.
    pub claimed: u32,
    /// Who stands on the roll with it.
    pub marked: u32,
}

impl Why {
    /// Every reason, in the order in which they are told.
    pub const ALL: [Why; 7] = [
        Why::NotCalled,
        Why::NotAtHome,
        Why::Coming,
        Why::NotCome,
        Why::CannotCome,
        Why::SomeCame,
        Why::NotServed,
    ];

    /// The word for it in files: `not_at_home`.
    pub fn name(self) -> &'static str {
        match self {
            Why::NotCalled => "not_called",
            Why::NotAtHome => "not_at_home",
            Why::Coming => "coming",
            Why::NotCome => "not_come",
            Why::CannotCome => "cannot_come",
            Why::SomeCame => "some_came",
            Why::NotServed => "not_served",
        }
    }
}

impl Live {
    /// What became of a household whose people on the roll have these visits. `one_for_all`: whoever of it comes is served for
    /// all of it.
    pub fn reached(&self, household: Uuid, people: &[Uuid], one_for_all: bool) -> Reached {
        let round = self.round();
        let of = round.households().get(&household);
        let all = people.len() as u32;
        let seen = people.iter().filter(|of| round.visits().contains_key(of)).count() as u32;
        let served = people.iter().filter(|of| self.was_served(**of)).count() as u32;
        // Paper does not say who came: with one for all, somebody who is no one on the roll counts, too.
        let came = of.map_or(&[][..], |of| &of.people);
        let for_all = one_for_all && (served > 0 || came.iter().any(|of| self.was_served(*of)));
        let served_now = if for_all { all } else { served };
        let missing = all - served_now;
        let called = of.is_some_and(|of| of.called.is_some());
        let by_themselves = self.calls().waves.is_empty() || self.calls().broadcast;
        let why = match of.and_then(crate::Household::answer) {
            _ if missing == 0 => None,
            _ if seen > served || one_for_all && !came.is_empty() => Some(Why::NotServed),
            _ if seen > 0 => Some(Why::SomeCame),
            Some((_, Answer::CannotCome)) => Some(Why::CannotCome),
            Some((_, Answer::NotAtHome)) => Some(Why::NotAtHome),
            Some((_, Answer::Coming)) => Some(Why::Coming),
            None if called || by_themselves => Some(Why::NotCome),
            None => Some(Why::NotCalled),
        };
        Reached { served: served_now, missing, why }
    }

    /// Whether somebody has what the round gives, or has passed its last station. Who is still watched after a dose has had the
    /// dose, whatever becomes of the visit.
    pub fn was_served(&self, visit: Uuid) -> bool {
        self.round().visit(visit).is_some_and(|of| of.item.is_some() || self.is_through(of))
    }

    fn is_through(&self, of: &Visit) -> bool {
        let past = |station| {
            let ways = self.round().rules().ways_on(&of.class, station);
            ways.len() == 1 && ways.contains(&None)
        };
        match of.stands {
            Stands::Gone { end: End::Served, .. } => true,
            Stands::Gone { .. } | Stands::Observed { .. } | Stands::Walking { .. } => {
                of.last.is_some_and(|last| past(last.desk.station))
            }
            Stands::Waiting { .. } | Stands::Serving { .. } => false,
        }
    }

    /// Who came to the green channel, by hour and class, in that order. `marked`: whose class the roll says.
    pub fn green_hours(&self, marked: impl Fn(Uuid) -> bool) -> Vec<GreenHour> {
        let round = self.round();
        let mut hours = BTreeMap::<(i64, &str), [u32; 2]>::new();
        let green = round.visits().iter().filter(|(_, visit)| visit.green);
        for (&id, visit) in green {
            let Some(arrived) = visit.arrived else { continue };
            let counts = hours.entry((hour(round.rules(), arrived), &visit.class)).or_default();
            counts[usize::from(marked(id))] += 1;
        }
        let told = hours.into_iter().map(|((hour, class), [claimed, marked])| GreenHour {
            hour: format!("{:02}:00", hour.rem_euclid(24)),
            class: class.to_owned(),
            claimed,
            marked,
        });
        told.collect()
    }
}

/// The hour at the site, counted from midnight of the day on which it opens.
fn hour(rules: &Rules, at: Moment) -> i64 {
    (rules.opens_s + rules.ticks(at).div_euclid(TICKS_PER_SECOND)).div_euclid(3600)
}
