//! What stays unmet, and what binds; and who stays at home although they were offered.

use crate::board::Board;
use crate::home::{home_day, own_need};
use domain::aid::{Aid, AidPlan};

/// A piece of a request that is not met.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmet {
    /// The district.
    pub district: usize,
    /// The skill.
    pub skill: usize,
    /// The first day on which somebody is missing.
    pub from: i32,
    /// The last such day of the plan.
    pub until: i32,
    /// People who are missing on the worst of them.
    pub people: u32,
    /// Person-days that are missing.
    pub person_days: u64,
    /// What binds, what binds most first.
    pub why: Vec<Why>,
}

/// What keeps a donor's people at home on a day.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// The reserve that it named.
    Reserve,
    /// Its own rule of daily tests.
    Tests,
    /// It tests all of its residents: it asks for help tomorrow.
    WholeCity,
    /// Its own patients.
    Cases,
    /// It offers no more.
    Offer,
}

/// What binds.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// No donor has people of this skill.
    Nobody,
    /// Nobody can be there before this day.
    Travel {
        /// The first day on which somebody can be there.
        earliest: i32,
    },
    /// Whoever leaves now comes when the place no longer asks, or after the plan.
    Away,
    /// All beds are taken.
    Beds {
        /// Beds.
        beds: u32,
        /// The first such day.
        day: i32,
    },
    /// So many donors have sent all that they can spare; this one keeps most.
    Spent {
        /// Donors.
        donors: usize,
        /// The donor that keeps most.
        donor: usize,
        /// People whom it keeps.
        stay: u32,
        /// The day.
        day: i32,
        /// What for.
        kept: Kept,
    },
    /// So many donors have people, but less than a team.
    Team {
        /// Donors.
        donors: usize,
        /// People of a team.
        team: u32,
    },
    /// So many donors have people, but no bus.
    Buses {
        /// Donors.
        donors: usize,
    },
}

/// People who were offered and stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Idle {
    /// The donor.
    pub donor: usize,
    /// The skill.
    pub skill: usize,
    /// How many could be away on every day of the plan that is left.
    pub people: u32,
}

/// All that is not met, in the order of districts and skills.
pub fn explain(aid: &Aid, plan: &AidPlan) -> Vec<Unmet> {
    let board = Board::of(aid, plan);
    let mut all = Vec::new();
    for district in 0..aid.districts.len() {
        for skill in 0..aid.skills.len() {
            let missing = &board.ground.missing[district][skill];
            let days: Vec<usize> = (aid.now..aid.days).filter(|day| missing[*day] > 0).collect();
            let (Some(&from), Some(&until)) = (days.first(), days.last()) else { continue };
            all.push(Unmet {
                district,
                skill,
                from: from as i32,
                until: until as i32,
                people: days.iter().map(|day| missing[*day]).max().unwrap_or(0),
                person_days: days.iter().map(|day| u64::from(missing[*day])).sum(),
                why: why(&board, district, skill, &days),
            });
        }
    }
    all
}

/// What holds each donor back on each day, and what does so for most person-days.
fn why(board: &Board<'_>, district: usize, skill: usize, days: &[usize]) -> Vec<Why> {
    let (aid, ground) = (board.ground.aid, &board.ground);
    let has: Vec<usize> =
        (0..aid.donors.len()).filter(|of| aid.donors[*of].staff[skill].people > 0).collect();
    if has.is_empty() {
        return vec![Why::Nobody];
    }
    let team = aid.skills[skill].team.max(1);
    let mut weights = [0u64; 5];
    let mut spent: Vec<(usize, usize)> = Vec::new();
    let (mut teamless, mut busless) = (Vec::new(), Vec::new());
    let mut full: Option<usize> = None;
    for &day in days {
        let weight = u64::from(ground.missing[district][skill][day]);
        let mut reached = false;
        let beds = ground.beds[district].as_ref().map(|beds| beds[day]);
        let full_now = beds.is_some_and(|beds| beds < team);
        for &donor in &has {
            let comes = (aid.now..=day).filter(|leaves| {
                ground
                    .journey(donor, district, skill, *leaves)
                    .is_some_and(|(from, until, _)| (from..=until).contains(&(day as i32)))
            });
            let comes: Vec<usize> = comes.collect();
            if comes.is_empty() {
                continue;
            }
            reached = true;
            let spare = |leaves: usize| {
                let (_, _, free) = ground.journey(donor, district, skill, leaves)?;
                (leaves..aid.days.min(free as usize)).map(|day| ground.room[donor][skill][day]).min()
            };
            let most = comes.iter().filter_map(|leaves| spare(*leaves)).max().unwrap_or(0);
            if most == 0 {
                let left = comes.iter().map(|leaves| unused(board, donor, skill, *leaves)).max().unwrap_or(0);
                if team > 1 && left > 0 {
                    weights[3] += 1;
                    teamless.push(donor);
                } else {
                    weights[2] += 1;
                    spent.push((donor, day));
                }
            } else if !full_now && comes.iter().all(|leaves| board.seats(donor, district, *leaves) < team) {
                weights[4] += 1;
                busless.push(donor);
            }
        }
        if !reached {
            weights[0] += weight * has.len() as u64;
        } else if full_now {
            weights[1] += weight * has.len() as u64;
            full = full.or(Some(day));
        }
    }
    let mut found: Vec<(u64, Why)> = Vec::new();
    if weights[0] > 0 {
        let from =
            |leaves: usize, donor: usize| ground.journey(donor, district, skill, leaves).map(|of| of.0);
        let all =
            has.iter().flat_map(|donor| (aid.now..aid.days).filter_map(move |leaves| from(leaves, *donor)));
        found.push((weights[0], all.min().map_or(Why::Away, |earliest| Why::Travel { earliest })));
    }
    if let (Some(day), Some(beds)) = (full, aid.districts[district].beds) {
        found.push((weights[1], Why::Beds { beds, day: day as i32 }));
    }
    let stay = |(donor, day): &(usize, usize)| kept(aid, *donor, skill, *day).0;
    if let Some(&(donor, day)) = spent.iter().max_by_key(|of| (stay(of), usize::MAX - of.0)) {
        let (stay, kept) = kept(aid, donor, skill, day);
        let donors = distinct(spent.iter().map(|(donor, _)| *donor));
        found.push((weights[2], Why::Spent { donors, donor, stay, day: day as i32, kept }));
    }
    if !teamless.is_empty() {
        found.push((weights[3], Why::Team { donors: distinct(teamless.into_iter()), team }));
    }
    if !busless.is_empty() {
        found.push((weights[4], Why::Buses { donors: distinct(busless.into_iter()) }));
    }
    found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    found.into_iter().map(|(_, why)| why).collect()
}

/// People who could be away from a day on to the end and are not, teams aside.
fn unused(board: &Board<'_>, donor: usize, skill: usize, leaves: usize) -> u32 {
    let ground = &board.ground;
    let team = ground.aid.skills[skill].team.max(1);
    // The rest that is left after whole teams stays the same whoever goes.
    (leaves..ground.aid.days).map(|day| ground.limit[donor][skill][day] % team).min().unwrap_or(0)
}

/// How many stay on a day, and what for.
fn kept(aid: &Aid, donor: usize, skill: usize, day: usize) -> (u32, Kept) {
    let home = home_day(aid, donor, day);
    let (staff, of) = (aid.donors[donor].staff[skill], &aid.skills[skill]);
    let own = own_need(aid, of, home);
    let stay = own.max(staff.reserve).min(staff.people);
    if let Some(offered) = staff.offered
        && offered < staff.people - stay
    {
        return (staff.people - stay - offered, Kept::Offer);
    }
    let kept = match (own > staff.reserve, home.whole_city) {
        (false, _) => Kept::Reserve,
        (true, true) if of.staff_per_case == 0.0 => Kept::WholeCity,
        (true, _) if of.staff_per_case > 0.0 => Kept::Cases,
        (true, _) => Kept::Tests,
    };
    (stay, kept)
}

fn distinct(of: impl Iterator<Item = usize>) -> usize {
    of.collect::<std::collections::BTreeSet<usize>>().len()
}

/// Who could go on every day that is left and does not.
pub fn idle(aid: &Aid, plan: &AidPlan) -> Vec<Idle> {
    let board = Board::of(aid, plan);
    let mut all = Vec::new();
    for donor in 0..aid.donors.len() {
        for skill in 0..aid.skills.len() {
            let left = (aid.now..aid.days).map(|day| board.ground.room[donor][skill][day]).min().unwrap_or(0);
            if left == 0 {
                continue;
            }
            all.push(Idle { donor, skill, people: left });
        }
    }
    all
}
