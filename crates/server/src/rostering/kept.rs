//! A roster as it is written down: shifts with their local times, and who has them, by ids.

use super::minute_of;
use crate::{
    people::{id::VolunteerId, volunteers::Volunteer},
    problem::Fault,
};
use axum::http::StatusCode;
use domain::{
    Scenario,
    roster::{Roster, Task},
};
use jiff::civil::DateTime;
use scenario::ShiftRow;
use serde::{Deserialize, Serialize};
use verbs::roster::local;

/// A roster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRoster {
    /// Where its clocks are.
    pub zone: String,
    /// What people call the community.
    pub community: String,
    /// What the round is for: its role cards are those of this service.
    pub purpose: String,
    /// No roster costs less; `None` where nothing is proven, and after every change.
    pub bound: Option<u64>,
    /// How often it was made: shifts are told by their places since the last time.
    #[serde(default)]
    pub made: u32,
    /// When that was, seconds since 1970.
    #[serde(default)]
    pub made_at: i64,
    /// What was fair before somebody dropped out stays fair.
    pub agreed_max_min: Option<i32>,
    /// The shifts, in the order of time.
    pub shifts: Vec<KeptShift>,
    /// Who cannot come after all.
    pub outs: Vec<Out>,
    /// Who would give a shift away.
    pub swaps: Vec<Swap>,
}

/// A shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptShift {
    /// When it begins, local: `2022-03-28T07:00`.
    pub from: String,
    /// When it ends.
    pub until: String,
    /// What is done.
    pub role: String,
    /// Where, for people who are lent.
    pub site: Option<String>,
    /// How many people.
    pub people: u32,
    /// In protective clothing.
    pub suit: bool,
    /// In the heat.
    pub heat: bool,
    /// Who.
    pub on: Vec<OnShift>,
}

/// Somebody at a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnShift {
    /// Who.
    pub volunteer: VolunteerId,
    /// Whether a person set it.
    #[serde(default, skip_serializing_if = "is_not")]
    pub pinned: bool,
    /// Whether they say that they cannot come.
    #[serde(default, skip_serializing_if = "is_not")]
    pub cannot: bool,
    /// When they had their five minutes and their card, seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub briefed: Option<i64>,
    /// When they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<i64>,
    /// When they left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
    /// Whether they scanned the card of their role.
    #[serde(default, skip_serializing_if = "is_not")]
    pub by_card: bool,
    /// Whether they came by the code that hangs at the site.
    #[serde(default, skip_serializing_if = "is_not")]
    pub at_site: bool,
    /// Whether it was told later when they came or left: their telephone had no network.
    #[serde(default, skip_serializing_if = "is_not")]
    pub told_later: bool,
}

fn is_not(it: &bool) -> bool {
    !it
}

/// Somebody cannot come from one local time to another; `None`: not any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Out {
    /// Who.
    pub volunteer: VolunteerId,
    /// From when on.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
}

/// Somebody would give a shift away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Who.
    pub volunteer: VolunteerId,
    /// Which: a place in [`KeptRoster::shifts`].
    pub shift: usize,
}

impl OnShift {
    /// Somebody, and nothing more is known.
    pub fn new(volunteer: VolunteerId) -> OnShift {
        OnShift {
            volunteer,
            pinned: false,
            cannot: false,
            briefed: None,
            came: None,
            left: None,
            by_card: false,
            at_site: false,
            told_later: false,
        }
    }
}

fn broken() -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken")
}

impl KeptRoster {
    /// As it was written.
    pub fn of(text: &str) -> Result<KeptRoster, Fault> {
        serde_json::from_str(text).map_err(|_| broken())
    }

    /// To be written.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("our own types are written as JSON")
    }

    /// The shifts of a task, with nobody on them.
    pub fn of_task(task: &Task, scenario: &Scenario) -> KeptRoster {
        let shifts = task.shifts.iter().map(|shift| KeptShift {
            from: local(task, shift.span.from_min),
            until: local(task, shift.span.until_min),
            role: task.roles[shift.role].name.clone(),
            site: (shift.site > 0).then(|| task.sites[shift.site].clone()),
            people: shift.people,
            suit: shift.suit,
            heat: shift.heat,
            on: Vec::new(),
        });
        KeptRoster {
            zone: scenario.community.timezone.clone(),
            community: scenario.community.name.clone(),
            purpose: scenario.round.purpose.clone(),
            shifts: shifts.collect(),
            ..KeptRoster::default()
        }
    }

    /// Puts people where a roster has them. What is known of who stays is kept.
    pub fn place(&mut self, roster: &Roster, task: &Task, ids: &[VolunteerId]) {
        let places = self.places_in(task).unwrap_or_else(|_| (0..self.shifts.len()).collect());
        for (shift, at) in self.shifts.iter_mut().zip(places) {
            let on = roster.shifts[at].iter().map(|&who| {
                let known = shift.on.iter().find(|on| on.volunteer == ids[who]).copied();
                let pinned = task.pinned.contains(&(who, at));
                OnShift { pinned, ..known.unwrap_or_else(|| OnShift::new(ids[who])) }
            });
            shift.on = on.collect();
        }
        self.swaps.retain(|swap| self.shifts[swap.shift].on.iter().any(|on| on.volunteer == swap.volunteer));
    }

    /// Whether the desk knew of somebody when it was made, or gave them a shift since: nobody else takes one unseen.
    pub fn knows(&self, one: &Volunteer) -> bool {
        let has_one = || self.shifts.iter().flat_map(|shift| &shift.on).any(|on| on.volunteer == one.id);
        one.created <= self.made_at || has_one()
    }

    /// The shifts that stand in another roster as well, and where. Of shifts alike the first is the first.
    fn met_in<'a>(&'a self, other: &KeptRoster) -> Vec<(&'a KeptShift, usize)> {
        let mut taken = vec![false; other.shifts.len()];
        let mut met = Vec::new();
        for shift in &self.shifts {
            let at = (0..taken.len()).find(|&at| !taken[at] && other.shifts[at].is(shift));
            if let Some(at) = at {
                taken[at] = true;
                met.push((shift, at));
            }
        }
        met
    }

    /// Who has to stay at shifts of this one: whom a roster of before had pinned there, and who came.
    pub fn pins_of(&self, old: &KeptRoster, ids: &[VolunteerId]) -> Vec<(usize, usize)> {
        let mut pins = Vec::new();
        for (shift, at) in old.met_in(self) {
            for on in shift.on.iter().filter(|on| on.pinned || on.came.is_some()) {
                if let Some(who) = ids.iter().position(|id| *id == on.volunteer) {
                    pins.push((who, at));
                }
            }
        }
        pins
    }

    /// Pins whoever got a shift since: somebody put them there, or two agreed on it. Rosters that were made anew between have other shifts.
    pub fn pin_since(&mut self, before: &KeptRoster) {
        if self.made != before.made {
            return;
        }
        for (shift, was) in self.shifts.iter_mut().zip(&before.shifts) {
            for on in &mut shift.on {
                on.pinned |= !was.on.iter().any(|of| of.volunteer == on.volunteer);
            }
        }
    }

    /// Takes over from a roster of before who cannot come, and who came to a shift of both.
    pub fn carry(&mut self, old: KeptRoster) {
        for (before, at) in old.met_in(self) {
            for on in &mut self.shifts[at].on {
                if let Some(known) = before.on.iter().find(|of| of.volunteer == on.volunteer) {
                    *on = *known;
                }
            }
        }
        self.outs = old.outs;
    }

    /// The shifts as the rows of a sheet.
    pub fn rows(&self) -> Result<Vec<ShiftRow>, Fault> {
        let row = |shift: &KeptShift| {
            Ok(ShiftRow {
                from: shift.begins()?,
                until: shift.ends()?,
                role: shift.role.clone(),
                people: shift.people,
                site: shift.site.clone(),
                suit: shift.suit,
                heat: shift.heat,
            })
        };
        self.shifts.iter().map(row).collect()
    }

    /// For each shift the one of a task that was made of [`KeptRoster::rows`]. Of shifts alike the first is the first.
    ///
    /// # Errors
    /// The task has other shifts: the scenario's day is another one by now.
    pub fn places_in(&self, task: &Task) -> Result<Vec<usize>, Fault> {
        let mut taken = vec![false; task.shifts.len()];
        let mut places = Vec::new();
        for shift in &self.shifts {
            let (from, until) = (shift.begins()?, shift.ends()?);
            let same = |at: &usize| {
                let own = &task.shifts[*at];
                !taken[*at]
                    && own.span.from_min == minute_of(task.midnight, from)
                    && own.span.until_min == minute_of(task.midnight, until)
                    && task.roles[own.role].name == shift.role
                    && (own.site > 0).then(|| task.sites[own.site].as_str()) == shift.site.as_deref()
            };
            let place = (0..task.shifts.len()).find(same);
            let place = place.ok_or_else(|| Fault::new(StatusCode::CONFLICT, "roster_other_day"))?;
            taken[place] = true;
            places.push(place);
        }
        Ok(places)
    }

    /// A shift.
    ///
    /// # Errors
    /// There is none of this number.
    pub fn shift(&mut self, number: usize) -> Result<&mut KeptShift, Fault> {
        let unknown = || Fault::new(StatusCode::NOT_FOUND, "roster_shift_unknown");
        self.shifts.get_mut(number).ok_or_else(unknown)
    }
}

impl KeptShift {
    /// When it begins.
    pub fn begins(&self) -> Result<DateTime, Fault> {
        self.from.parse().map_err(|_| broken())
    }

    /// When it ends.
    pub fn ends(&self) -> Result<DateTime, Fault> {
        self.until.parse().map_err(|_| broken())
    }

    /// Somebody at it.
    ///
    /// # Errors
    /// They are not.
    pub fn on(&mut self, volunteer: VolunteerId) -> Result<&mut OnShift, Fault> {
        let not_on = || Fault::new(StatusCode::CONFLICT, "roster_not_on");
        self.on.iter_mut().find(|on| on.volunteer == volunteer).ok_or_else(not_on)
    }

    /// Whether it is the same shift of another roster.
    fn is(&self, other: &KeptShift) -> bool {
        (&self.from, &self.until, &self.role, &self.site)
            == (&other.from, &other.until, &other.role, &other.site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(on: Vec<OnShift>) -> KeptShift {
        let [from, until] = ["2022-03-28T07:00", "2022-03-28T09:00"].map(str::to_owned);
        let role = "registration".to_owned();
        KeptShift { from, until, role, site: None, people: 1, suit: false, heat: false, on }
    }

    #[test]
    fn who_came_stays_when_it_is_made_anew_and_of_shifts_alike_each_keeps_its_own() {
        let [ann, ben, cem] = [(); 3].map(|()| VolunteerId::draw());
        let came = OnShift { came: Some(5), left: Some(9), ..OnShift::new(ann) };
        let pinned = OnShift { pinned: true, ..OnShift::new(ben) };
        let old =
            KeptRoster { shifts: vec![shift(vec![came]), shift(vec![pinned])], ..KeptRoster::default() };
        let mut new =
            KeptRoster { shifts: vec![shift(Vec::new()), shift(Vec::new())], ..KeptRoster::default() };
        assert_eq!(new.pins_of(&old, &[cem, ben, ann]), [(2, 0), (1, 1)]);
        new.shifts[0].on = vec![OnShift { pinned: true, ..OnShift::new(ann) }];
        new.shifts[1].on = vec![OnShift { pinned: true, ..OnShift::new(ben) }];
        new.carry(old);
        assert_eq!(new.shifts[0].on, [came], "what is known of them, and no pin that nobody set");
        assert_eq!(new.shifts[1].on, [pinned]);
    }

    #[test]
    fn who_signed_up_since_takes_no_shift_unseen() {
        let one = |created| Volunteer {
            id: VolunteerId::draw(),
            created,
            retain_until: 99,
            token: String::new(),
            feed: String::new(),
            cells: Default::default(),
        };
        let (before, since) = (one(10), one(11));
        let mut kept = KeptRoster { made_at: 10, shifts: vec![shift(Vec::new())], ..KeptRoster::default() };
        assert_eq!([kept.knows(&before), kept.knows(&since)], [true, false]);
        kept.shifts[0].on.push(OnShift::new(since.id));
        assert!(kept.knows(&since), "the desk gave them one");
    }
}
