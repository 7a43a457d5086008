//! What a donor's own situation keeps at home.

use domain::aid::{Aid, Donor, Skill};

/// A donor's own day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HomeDay {
    /// Its own cases on that day, if they go on as they grow.
    pub cases: f64,
    /// People whom it tests itself.
    pub tests: f64,
    /// Whether it tests all of its residents.
    pub whole_city: bool,
}

/// What a donor does at home on a day.
pub fn home_day(aid: &Aid, donor: usize, day: usize) -> HomeDay {
    let (of, rules) = (&aid.donors[donor], &aid.rules);
    let cases = (0..=day).fold(of.cases, |cases, _| cases * of.growth);
    let whole_city = cases > 0.0 && cases >= rules.whole_city_cases;
    let within = if of.residents <= rules.round_residents { rules.round_days.0 } else { rules.round_days.1 };
    let ruled = if of.tests_until.is_none_or(|until| day as i32 <= until) { of.tests_per_day } else { 0.0 };
    let round = if whole_city { f64::from(of.residents) / f64::from(within.max(1)) } else { 0.0 };
    HomeDay { cases, tests: ruled.max(round), whole_city }
}

/// People of a skill whom that day needs at home.
pub fn own_need(aid: &Aid, skill: &Skill, home: HomeDay) -> u32 {
    let sampling = skill.tests_per_day.map_or(0.0, |each| (home.tests / each).ceil());
    let tubes = home.tests / f64::from(aid.rules.pool.max(1));
    let testing = skill.tubes_per_day.map_or(0.0, |each| (tubes / each).ceil());
    (sampling + testing + (home.cases * skill.staff_per_case).ceil()).min(f64::from(u32::MAX)) as u32
}

/// People of a skill who stay on a day: the reserve that is named, or what the day needs if that is more.
pub fn stays(aid: &Aid, donor: usize, skill: usize, day: usize) -> u32 {
    let own = own_need(aid, &aid.skills[skill], home_day(aid, donor, day));
    own.max(aid.donors[donor].staff[skill].reserve)
}

/// By day, people of a skill who may be away.
pub fn limits(aid: &Aid, donor: usize, skill: usize) -> Vec<u32> {
    let staff = aid.donors[donor].staff[skill];
    let most = staff.offered.unwrap_or(staff.people).min(staff.people);
    (0..aid.days).map(|day| staff.people.saturating_sub(stays(aid, donor, skill, day)).min(most)).collect()
}

/// The first day on which a donor tests all of its residents.
pub fn turns(aid: &Aid, donor: usize) -> Option<usize> {
    (0..aid.days).find(|day| home_day(aid, donor, *day).whole_city)
}

/// Whether a donor sends at all.
pub fn has_any(of: &Donor) -> bool {
    of.staff.iter().any(|staff| staff.people > 0)
}
