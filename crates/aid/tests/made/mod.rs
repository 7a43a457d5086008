//! Tasks made from a seed: cities around a recipient, some with cases of their own.
#![allow(dead_code, reason = "each test uses a part")]

use domain::aid::{Aid, District, Donor, Request, Rules, Skill, Staff};
use jiff::civil::date;

/// SplitMix64.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }
}

/// What is made.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub donors: usize,
    pub districts: usize,
    pub days: usize,
    /// Whole buses, and samplers in whole teams.
    pub buses: bool,
    /// What is asked for over what can be spared.
    pub asked: f64,
}

/// Three skills: samplers, laboratory staff, nurses of wards.
pub fn made(size: Size, seed: u64) -> Aid {
    let mut chance = Chance(seed);
    let skill = |name: &str, team, tests, tubes, cases| Skill {
        name: name.to_owned(),
        team: if size.buses { team } else { 1 },
        tests_per_day: tests,
        tubes_per_day: tubes,
        staff_per_case: cases,
    };
    let skills = vec![
        skill("sampling", 20, Some(360.0), None, 0.0),
        skill("laboratory", 1, None, Some(344.0), 0.0),
        skill("ward", 10, None, None, 0.3),
    ];
    let mut donors = Vec::new();
    let mut places = Vec::new();
    for at in 0..size.donors {
        let residents = 500_000 + (chance.unit() * chance.unit() * 8e6) as u32;
        let staff = [2e-4, 3e-5, 6e-5].map(|each| {
            let people = (f64::from(residents) * each * chance.between(0.6, 1.4)) as u32;
            let share = chance.between(0.4, 0.8);
            Staff { people, offered: None, reserve: (f64::from(people) * share) as u32 }
        });
        let outbreak = chance.below(6) == 0;
        donors.push(Donor {
            name: format!("city {at}"),
            residents,
            cases: if outbreak { chance.between(0.0, 20.0) } else { 0.0 },
            growth: chance.between(1.0, 1.4),
            tests_per_day: if chance.below(3) == 0 { f64::from(residents) * 0.02 } else { 0.0 },
            tests_until: (chance.below(2) == 0).then(|| chance.below(7) as i32),
            buses: size.buses.then(|| 2 + chance.below(3) as u32),
            staff: staff.to_vec(),
        });
        places.push((chance.between(30.0, 1_200.0), chance.between(0.0, 1.0)));
    }
    let districts: Vec<District> = (0..size.districts)
        .map(|at| District { name: format!("district {at}"), beds: (at % 5 == 0).then_some(0) })
        .collect();
    let mut aid = Aid {
        name: "made".to_owned(),
        first: date(2022, 4, 3),
        days: size.days,
        now: 0,
        skills,
        donors,
        districts,
        requests: Vec::new(),
        travel_h: Vec::new(),
        teams: Vec::new(),
        rules: Rules {
            same_day_h: 4.0,
            stay_days: 14,
            rest_days: 7,
            seats: size.buses.then_some(45),
            whole_city_cases: 20.0,
            round_days: (2, 3),
            round_residents: 5_000_000,
            pool: 10,
        },
    };
    let offsets: Vec<(f64, f64)> =
        (0..size.districts).map(|_| (chance.between(-30.0, 30.0), chance.between(-30.0, 30.0))).collect();
    // On a ring of 1 in angle, without transcendental functions: a diamond.
    aid.travel_h = places
        .iter()
        .map(|(km, turn)| {
            let (x, y) = (km * (1.0 - 2.0 * (turn - 0.5).abs() * 2.0), km * (turn - 0.5) * 2.0);
            offsets.iter().map(|(dx, dy)| ((x - dx).abs() + (y - dy).abs()) / 80.0 + 0.5).collect()
        })
        .collect();
    // A fifth more than can be spared on the middle day.
    let spare = |aid: &Aid, skill: usize| -> f64 {
        (0..aid.donors.len())
            .map(|donor| f64::from(aid::home::limits(aid, donor, skill)[size.days / 2]))
            .sum()
    };
    let weights: Vec<f64> = (0..size.districts).map(|_| chance.between(0.4, 1.6)).collect();
    let all: f64 = weights.iter().sum();
    for (district, weight) in weights.iter().enumerate() {
        let mut asked = 0;
        for skill in 0..3 {
            let share = spare(&aid, skill) * size.asked * [1.0, 0.75, 1.0][skill] * weight / all;
            let people = (share * chance.between(0.8, 1.2)).max(1.0) as u32;
            let from = chance.below(2) as i32;
            let request = Request { district, skill, people, from, until: 20, why: String::new() };
            aid.requests.push(request);
            asked += people;
        }
        if let Some(beds) = &mut aid.districts[district].beds {
            *beds = (f64::from(asked) * chance.between(0.6, 1.0)) as u32;
        }
    }
    aid
}
