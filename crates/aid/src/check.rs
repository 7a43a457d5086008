//! A plan held against every rule, each read anew from the task: it shares no code with what makes plans.

use domain::aid::{Aid, AidPlan, Deployment};

/// A rule that is broken.
#[derive(Clone, Debug, PartialEq)]
pub enum Broken {
    /// More are away on a day than a donor can spare.
    Reserve {
        /// The donor.
        donor: usize,
        /// The skill.
        skill: usize,
        /// The day.
        day: i32,
        /// People who are away.
        away: u64,
        /// People who may be.
        most: u64,
    },
    /// More sleep in a district than it has beds.
    Beds {
        /// The district.
        district: usize,
        /// The day.
        day: i32,
        /// People.
        people: u64,
        /// Beds.
        beds: u32,
    },
    /// More leave than the buses have seats.
    Seats {
        /// The donor.
        donor: usize,
        /// The district.
        district: usize,
        /// The day.
        day: i32,
        /// People.
        people: u64,
        /// Seats.
        seats: u64,
    },
    /// More buses leave than the donor has.
    Buses {
        /// The donor.
        donor: usize,
        /// The day.
        day: i32,
        /// Buses that leave.
        buses: u64,
        /// Buses that it has.
        most: u32,
    },
    /// A team that is not whole: the place of the deployment.
    Team(usize),
    /// Days that are not those of the journey, the stay and the rest: the place of the deployment.
    Days(usize),
    /// A deployment that stands twice: its place.
    Twice(usize),
    /// It names what there is not: its place.
    Unknown(usize),
    /// Buses of a donor, a district or a day that there is not: the place of the trip.
    UnknownTrip(usize),
    /// A team that works in two districts on one day: the places of both in the task.
    TwoPlaces(usize, usize),
}

/// What a plan breaks, and what it reaches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// In the order of the rules above.
    pub broken: Vec<Broken>,
    /// By district: person-days met, person-days asked for.
    pub met: Vec<(u64, u64)>,
    /// The least share of those who ask for something; 1 if nobody does.
    pub least: f64,
    /// Person-days that are met.
    pub total: u64,
    /// The burden of the donor that has most.
    pub burden: f64,
    /// Hours on the way: of buses where they are counted, otherwise of people.
    pub hours: f64,
}

impl Verdict {
    /// Donors, skills and days on which a reserve is not kept.
    pub fn reserve_violations(&self) -> usize {
        self.broken.iter().filter(|broken| matches!(broken, Broken::Reserve { .. })).count()
    }
}

/// Holds a plan against the task.
pub fn check(aid: &Aid, plan: &AidPlan) -> Verdict {
    let known = |of: &Deployment| {
        of.donor < aid.donors.len()
            && of.district < aid.districts.len()
            && of.skill < aid.skills.len()
            && (aid.now as i32..aid.days as i32).contains(&of.leaves)
    };
    let mut broken = Vec::new();
    let mut sound: Vec<&Deployment> = Vec::new();
    for (at, of) in plan.deployments.iter().enumerate() {
        if !known(of) {
            broken.push(Broken::Unknown(at));
            continue;
        }
        let same = |other: &&Deployment| {
            (other.leaves, other.donor, other.district, other.skill)
                == (of.leaves, of.donor, of.district, of.skill)
        };
        if sound.iter().rev().take(TWICE_NEAR).any(same) {
            broken.push(Broken::Twice(at));
        }
        if of.people == 0 || !of.people.is_multiple_of(aid.skills[of.skill].team.max(1)) {
            broken.push(Broken::Team(at));
        }
        if !days_are_right(aid, of) {
            broken.push(Broken::Days(at));
        }
        sound.push(of);
    }
    let mut verdict = Verdict { broken, least: 1.0, ..Verdict::default() };
    reserves(aid, &sound, &mut verdict);
    places(aid, &sound, &mut verdict);
    buses(aid, plan, &sound, &mut verdict);
    for (one, team) in aid.teams.iter().enumerate() {
        for (other, later) in aid.teams.iter().enumerate().skip(one + 1) {
            let named = !team.name.is_empty() && team.name == later.name;
            if named
                && team.district != later.district
                && team.from <= later.until
                && later.from <= team.until
            {
                verdict.broken.push(Broken::TwoPlaces(one, other));
            }
        }
    }
    verdict
}

/// Plans are in order, so what stands twice stands side by side; an unordered one is searched this far.
const TWICE_NEAR: usize = 64;

/// A day for each 24 hours, begun, beyond those that are travelled before work begins.
fn way(aid: &Aid, donor: usize, district: usize) -> i32 {
    let mut way = 0;
    while aid.travel_h[donor][district] > aid.rules.same_day_h + 24.0 * f64::from(way) {
        way += 1;
    }
    way
}

fn days_are_right(aid: &Aid, of: &Deployment) -> bool {
    let way = way(aid, of.donor, of.district);
    let asked = |day: i32| {
        let those =
            aid.requests.iter().filter(|r| r.district == of.district && r.skill == of.skill && r.people > 0);
        those.into_iter().any(|r| r.from <= day && day <= r.until)
    };
    let stay = of.until - of.from + 1;
    let goes_on = (of.until + 1 - of.from) < aid.rules.stay_days as i32 && asked(of.until + 1);
    of.from == of.leaves + way
        && of.free == of.until + 1 + way + aid.rules.rest_days as i32
        && (1..=aid.rules.stay_days as i32).contains(&stay)
        && (of.from..=of.until).all(asked)
        && !goes_on
}

#[allow(clippy::needless_range_loop, reason = "the day is counted, too")]
/// Who must stay, from the donor's own cases, tests and rounds.
fn reserves(aid: &Aid, plan: &[&Deployment], verdict: &mut Verdict) {
    let count = aid.skills.len();
    let mut away = vec![vec![0u64; aid.days]; aid.donors.len() * count];
    let mut planned = away.clone();
    let mut add = |donor: usize, skill: usize, from: i32, free: i32, people: u32, new: bool| {
        for day in from.max(0)..free.min(aid.days as i32) {
            away[donor * count + skill][day as usize] += u64::from(people);
            planned[donor * count + skill][day as usize] += if new { u64::from(people) } else { 0 };
        }
    };
    for team in &aid.teams {
        let way = way(aid, team.donor, team.district);
        // Home again is a way and the rest after the last day of work, whatever the task says of it.
        let free = team.until + 1 + way + aid.rules.rest_days as i32;
        add(team.donor, team.skill, team.from - way, free, team.people, false);
    }
    for of in plan {
        add(of.donor, of.skill, of.leaves, of.free, of.people, true);
    }
    for (at, donor) in aid.donors.iter().enumerate() {
        let mut cases = donor.cases;
        for day in 0..aid.days {
            cases *= donor.growth;
            let mut tested = 0.0f64;
            if donor.tests_until.is_none_or(|last| (day as i32) <= last) {
                tested = donor.tests_per_day;
            }
            if cases > 0.0 && cases >= aid.rules.whole_city_cases {
                let large = donor.residents > aid.rules.round_residents;
                let within = if large { aid.rules.round_days.1 } else { aid.rules.round_days.0 };
                tested = tested.max(f64::from(donor.residents) / f64::from(within.max(1)));
            }
            let (mut out, mut may) = (0, 0);
            for (skill, of) in aid.skills.iter().enumerate() {
                let staff = donor.staff[skill];
                let mut needed = (cases * of.staff_per_case).ceil();
                if let Some(each) = of.tests_per_day {
                    needed += (tested / each).ceil();
                }
                if let Some(each) = of.tubes_per_day {
                    needed += (tested / f64::from(aid.rules.pool.max(1)) / each).ceil();
                }
                let home = needed.max(f64::from(staff.reserve));
                let mut most = (f64::from(staff.people) - home).max(0.0);
                if let Some(offered) = staff.offered {
                    most = most.min(f64::from(offered));
                }
                let gone = away[at * count + skill][day];
                if gone as f64 > most && planned[at * count + skill][day] > 0 {
                    let (day, most) = (day as i32, most as u64);
                    verdict.broken.push(Broken::Reserve { donor: at, skill, day, away: gone, most });
                }
                out += gone;
                may += most as u64;
            }
            if may > 0 && day >= aid.now {
                verdict.burden = verdict.burden.max(out as f64 / may as f64);
            }
        }
    }
}

/// Who works and sleeps where.
fn places(aid: &Aid, plan: &[&Deployment], verdict: &mut Verdict) {
    let stays = plan.iter().map(|of| (of.district, of.skill, of.from, of.until, of.people));
    let teams = aid.teams.iter().map(|of| (of.district, of.skill, of.from, of.until, of.people));
    let new: Vec<(usize, usize, i32, i32, u32)> = stays.collect();
    let all: Vec<(usize, usize, i32, i32, u32)> = new.iter().copied().chain(teams).collect();
    let people = |of: &[(usize, usize, i32, i32, u32)], district: usize, skill: Option<usize>, day: i32| {
        let there = of.iter().filter(|(place, what, from, until, _)| {
            *place == district && skill.is_none_or(|skill| skill == *what) && (*from..=*until).contains(&day)
        });
        there.map(|(.., people)| u64::from(*people)).sum::<u64>()
    };
    for (at, district) in aid.districts.iter().enumerate() {
        let here = |of: &[(usize, usize, i32, i32, u32)]| {
            of.iter().filter(|(place, ..)| *place == at).copied().collect::<Vec<_>>()
        };
        let (all, new) = (here(&all), here(&new));
        let (mut met, mut asked) = (0, 0);
        for day in 0..aid.days as i32 {
            for skill in 0..aid.skills.len() {
                let open = aid
                    .requests
                    .iter()
                    .filter(|r| r.district == at && r.skill == skill && r.from <= day && day <= r.until);
                let wanted: u64 = open.map(|r| u64::from(r.people)).sum();
                asked += wanted;
                met += wanted.min(people(&all, at, Some(skill), day));
            }
            let asleep = people(&all, at, None, day);
            if let Some(beds) = district.beds
                && asleep > u64::from(beds)
                && people(&new, at, None, day) > 0
            {
                verdict.broken.push(Broken::Beds { district: at, day, people: asleep, beds });
            }
        }
        verdict.met.push((met, asked));
        verdict.total += met;
        if asked > 0 {
            verdict.least = verdict.least.min(met as f64 / asked as f64);
        }
    }
}

/// Who travels how.
fn buses(aid: &Aid, plan: &AidPlan, sound: &[&Deployment], verdict: &mut Verdict) {
    let Some(seats) = aid.rules.seats else {
        let each = sound.iter().map(|of| f64::from(of.people) * aid.travel_h[of.donor][of.district]);
        // A sum of nothing would be -0.
        verdict.hours = each.fold(0.0, |sum, hours| sum + hours);
        return;
    };
    let mut rides: Vec<(usize, i32, usize)> =
        sound.iter().map(|of| (of.donor, of.leaves, of.district)).collect();
    rides.sort_unstable();
    rides.dedup();
    let mut riding = std::collections::BTreeMap::new();
    for of in sound {
        *riding.entry((of.donor, of.leaves, of.district)).or_insert(0u64) += u64::from(of.people);
    }
    let mut driving = std::collections::BTreeMap::new();
    let mut leaving = std::collections::BTreeMap::new();
    for (at, of) in plan.trips.iter().enumerate() {
        let known = of.donor < aid.donors.len()
            && of.district < aid.districts.len()
            && (aid.now as i32..aid.days as i32).contains(&of.leaves);
        if !known {
            verdict.broken.push(Broken::UnknownTrip(at));
            continue;
        }
        *driving.entry((of.donor, of.leaves, of.district)).or_insert(0u64) += u64::from(of.buses);
        *leaving.entry((of.donor, of.leaves)).or_insert(0u64) += u64::from(of.buses);
        verdict.hours += f64::from(of.buses) * aid.travel_h[of.donor][of.district];
    }
    for (donor, day, district) in rides {
        let people = riding.get(&(donor, day, district)).copied().unwrap_or(0);
        let seats = driving.get(&(donor, day, district)).copied().unwrap_or(0) * u64::from(seats);
        if people > seats {
            verdict.broken.push(Broken::Seats { donor, district, day, people, seats });
        }
    }
    for ((donor, day), buses) in leaving {
        if let Some(most) = aid.donors[donor].buses
            && buses > u64::from(most)
        {
            verdict.broken.push(Broken::Buses { donor, day, buses, most });
        }
    }
}
