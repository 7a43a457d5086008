//! Rosters to be solved, made from a seed: days of seven shifts from five in the morning to midnight, six skills.
#![allow(dead_code, reason = "each test uses a part")]

use domain::roster::{DAY_MIN, Role, Rules, Shift, Span, Task, Volunteer};

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
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
    pub fn yes(&mut self, share: f64) -> bool {
        ((self.next() >> 11) as f64) < share * (1u64 << 53) as f64
    }
}

/// Hours at which shifts of two hours begin. The last of a day and the first of the next exclude each other.
const BEGIN_H: [i32; 7] = [5, 7, 9, 11, 14, 19, 22];
/// Skills, the share of people who have each, and the share of places that ask for it.
const SKILLS: [(&str, f64, f64); 6] = [
    ("registration", 0.45, 0.25),
    ("scanning", 0.40, 0.20),
    ("calling", 0.40, 0.20),
    ("order", 0.35, 0.15),
    ("courier", 0.25, 0.12),
    ("interpreting", 0.15, 0.08),
];

/// A task with so many volunteers and shifts, each shift with places for all six skills; `load` places for each volunteer and day.
pub fn made(volunteers: usize, shifts: usize, load: f64, seed: u64) -> Task {
    let mut chance = Chance(seed ^ (volunteers as u64) << 32 ^ shifts as u64);
    let days = shifts.div_ceil(BEGIN_H.len());
    let begin: Vec<i32> = (0..shifts)
        .map(|at| (at / BEGIN_H.len()) as i32 * DAY_MIN + 60 * BEGIN_H[at % BEGIN_H.len()])
        .collect();
    let places = load * volunteers as f64 * days as f64 / shifts as f64;
    let mut all = Vec::new();
    for &from_min in &begin {
        let noon = (9 * 60..17 * 60).contains(&from_min.rem_euclid(DAY_MIN));
        for (role, (_, _, share)) in SKILLS.iter().enumerate() {
            let span = Span { from_min, until_min: from_min + 120 };
            let exact = places * share;
            let people = exact.floor() as u32 + u32::from(chance.yes(exact.fract()));
            all.push(Shift { span, role, people, site: 0, suit: role < 2, heat: noon });
        }
    }
    let people: Vec<Volunteer> = (0..volunteers).map(|who| volunteer(who, &begin, &mut chance)).collect();
    let mut pairs = |share: f64| {
        let count = (share * volunteers as f64) as usize;
        let drawn = (0..count).map(|_| (chance.below(volunteers), chance.below(volunteers)));
        let mut pairs: Vec<(usize, usize)> = drawn
            .filter(|(one, other)| one != other)
            .map(|(one, other)| (one.min(other), one.max(other)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    };
    let mut together: Vec<(usize, usize)> = pairs(0.04);
    // Couples, not crowds.
    let mut tied = vec![false; volunteers];
    together.retain(|&(one, other)| {
        let free = !tied[one] && !tied[other];
        (tied[one], tied[other]) = (true, true);
        free
    });
    let mut apart = pairs(0.04);
    apart.retain(|pair| !together.contains(pair));
    let suits: u32 = all.iter().filter(|shift| shift.suit).map(|shift| shift.people).sum();
    Task {
        midnight: jiff::civil::date(2022, 3, 28).at(0, 0, 0, 0),
        roles: SKILLS.iter().map(|(name, ..)| Role { name: (*name).to_owned(), anyone: false }).collect(),
        sites: vec!["here".to_owned()],
        volunteers: people,
        shifts: all,
        together,
        apart,
        rules: Rules { suits: Some(suits + suits / 20), ..Rules::default() },
        pinned: Vec::new(),
    }
}

fn volunteer(who: usize, begin: &[i32], chance: &mut Chance) -> Volunteer {
    let mut roles: Vec<usize> = (0..SKILLS.len()).filter(|&role| chance.yes(SKILLS[role].1)).collect();
    if roles.is_empty() {
        roles.push(chance.below(3));
    }
    // Half of the shifts, in the stretches that people say: mornings, after work, whole days.
    let kind = chance.below(4);
    let can = |from_min: i32, chance: &mut Chance| {
        let hour = from_min.rem_euclid(DAY_MIN) / 60;
        match kind {
            0 => hour < 12,
            1 => hour >= 14,
            2 => chance.yes(0.5),
            _ => !(7..19).contains(&hour) || chance.yes(0.3),
        }
    };
    let mut available: Vec<Span> = Vec::new();
    for &from_min in begin {
        if !can(from_min, chance) || chance.yes(0.1) {
            continue;
        }
        match available.last_mut() {
            Some(last) if last.until_min == from_min => last.until_min = from_min + 120,
            _ => available.push(Span { from_min, until_min: from_min + 120 }),
        }
    }
    let prefers =
        if roles.len() > 1 && chance.yes(0.4) { vec![roles[chance.below(roles.len())]] } else { vec![] };
    Volunteer {
        name: format!("v{who}"),
        prefers,
        available,
        if_needed: chance.yes(0.08),
        first_timer: chance.yes(0.3),
        no_suit: chance.yes(0.05),
        no_heat: chance.yes(0.05),
        minutes_per_day_max: chance.yes(0.25).then(|| 120 * (1 + chance.below(2)) as i32),
        roles,
        ..Volunteer::default()
    }
}
