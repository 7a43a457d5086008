//! Households that share a tube, and what they share besides.

use super::tube::{Content, Tube, binomial};

/// The share of the others at home who are infected once one is: 42.7 % for Omicron, in a review of 135
/// studies (Madewell, Yang, Longini, Halloran, Dean: Household Secondary Attack Rates of SARS-CoV-2 by Variant and Vaccination Status,
/// JAMA Network Open, 28 April 2022).
pub const SECONDARY: f64 = 0.427;

/// People by households, and how often one of them passes an infection on to another at home.
#[derive(Clone, Debug, PartialEq)]
pub struct Households {
    /// The share of households of 1, 2, 3 … people; they add up to 1.
    sizes: Vec<f64>,
    /// The probability that a person at home is infected once another one is.
    secondary: f64,
}

impl Households {
    /// Of the number of households of 1, 2, 3 … people, and the probability (0 to 1) that an infection at home is passed on to each
    /// of the others. `None` where there is no household, or the probability is none.
    pub fn new(numbers: &[u64], secondary: f64) -> Option<Households> {
        let all: u64 = numbers.iter().sum();
        let sizes = numbers.iter().map(|&number| number as f64 / all as f64).collect();
        (all > 0 && (0.0..=1.0).contains(&secondary)).then_some(Households { sizes, secondary })
    }

    /// The probability that an infection at home is passed on to each of the others.
    pub fn secondary(&self) -> f64 {
        self.secondary
    }

    fn mean(&self) -> f64 {
        (1..).zip(&self.sizes).map(|(size, share)| f64::from(size) * share).sum()
    }

    /// People infected from outside, by which the whole population has this prevalence: found by halving, to the last bit.
    fn brought_in(&self, prevalence: f64) -> f64 {
        let (mut low, mut high) = (0.0, prevalence);
        loop {
            let middle = f64::midpoint(low, high);
            if middle <= low || middle >= high {
                return middle;
            }
            let infected: f64 =
                (1..).zip(&self.sizes).map(|(size, share)| share * self.expected(size, middle)).sum();
            if infected < prevalence * self.mean() { low = middle } else { high = middle }
        }
    }

    /// Infected people of a household: those from outside, and of the others those to whom they passed it on.
    fn expected(&self, size: i32, outside: f64) -> f64 {
        let size = f64::from(size);
        let others_too = -libm::expm1((size - 1.0) * libm::log1p(-outside));
        size * outside + self.secondary * size * (1.0 - outside) * others_too
    }

    /// The law of the infected people of a household.
    fn infected(&self, size: u32, outside: f64) -> Vec<f64> {
        let mut law = vec![0.0; size as usize + 1];
        for (first, share) in binomial(size, outside).into_iter().enumerate() {
            if first == 0 {
                law[0] += share;
                continue;
            }
            for (later, passed) in binomial(size - first as u32, self.secondary).into_iter().enumerate() {
                law[first + later] += share * passed;
            }
        }
        law
    }

    /// Tubes of at most `size` people that are filled in the order in which households come, none of them divided: who does not
    /// fit begins the next tube. A household that fills a tube, or several, has them to itself; the rest of it shares one.
    pub fn tubes(&self, size: u32, prevalence: f64) -> Tube {
        let outside = self.brought_in(prevalence);
        let mut parts: Vec<Part> = Vec::new();
        let mut contents = Vec::new();
        for (people, &share) in (1u32..).zip(&self.sizes).filter(|(_, share)| **share > 0.0) {
            let law = self.infected(people, outside);
            let (full, rest) = (people / size, people % size);
            if full > 0 {
                let a_person = share * f64::from(full) / self.mean();
                let own = (0..).zip(thinned(&law, size)).map(|(positives, of_law)| Content {
                    persons: size,
                    positives,
                    a_person: a_person * of_law,
                });
                contents.extend(own.filter(|tube| tube.a_person > 0.0));
            }
            if rest > 0 {
                let law = thinned(&law, rest).into_iter().map(|of_law| of_law * share);
                match parts.iter_mut().find(|part| part.people == rest as usize) {
                    Some(part) => part.law.iter_mut().zip(law).for_each(|(sum, of_law)| *sum += of_law),
                    None => parts.push(Part { people: rest as usize, law: law.collect() }),
                }
            }
        }
        contents.extend(shared(size as usize, &parts, self.mean()));
        Tube(contents)
    }
}

/// Parts of households that come to a tube which others share.
struct Part {
    /// How many people.
    people: usize,
    /// How many such parts a household brings, by their positives.
    law: Vec<f64>,
}

impl Part {
    fn share(&self) -> f64 {
        self.law.iter().sum()
    }
}

/// The law of positives among so many of a household's people, taken without looking.
fn thinned(law: &[f64], taken: u32) -> Vec<f64> {
    let mut law = law.to_vec();
    while law.len() > taken as usize + 1 {
        // One goes home: a positive one with the share of positives.
        let people = (law.len() - 1) as f64;
        let stays = |place: usize| law[place] * (people - place as f64) / people;
        let went = |place: usize| law[place + 1] * (place + 1) as f64 / people;
        law = (0..law.len() - 1).map(|place| stays(place) + went(place)).collect();
    }
    law
}

/// The tubes that parts of households share: where a Markov chain over (people, positives) of the open tube ends.
fn shared(room: usize, parts: &[Part], household: f64) -> Vec<Content> {
    let shares: Vec<(usize, f64)> = parts.iter().map(|part| (part.people, part.share())).collect();
    let all: f64 = shares.iter().map(|(_, share)| share).sum();
    if all == 0.0 {
        return Vec::new();
    }
    let mut passing = vec![vec![0.0; room + 1]; room + 1];
    let first = begun(room, &shares, all);
    for (part, (people, share)) in parts.iter().zip(&shares) {
        for (positives, of_law) in part.law.iter().enumerate() {
            passing[*people][positives] += first[*people] * of_law / share;
        }
    }
    let mut ended = Vec::new();
    for people in 1..=room {
        let left = room - people;
        // The probability that the next part does not fit.
        let closes =
            shares.iter().filter(|(more, _)| *more > left).map(|(_, share)| share).sum::<f64>() / all;
        let (so_far, fuller) = passing.split_at_mut(people + 1);
        let here = &so_far[people][..=people];
        for part in parts.iter().filter(|part| part.people <= left) {
            for (others, of_law) in part.law.iter().enumerate() {
                let goes = of_law / all;
                let there = fuller[part.people - 1][others..].iter_mut();
                there.zip(here).for_each(|(there, here)| *there += here * goes);
            }
        }
        let closing = (0..).zip(here).map(|(positives, here)| (positives, here * closes));
        ended.extend(closing.filter(|(_, share)| *share > 0.0).map(|(positives, share)| Content {
            persons: people as u32,
            positives,
            a_person: share,
        }));
    }
    let in_a_tube: f64 = ended.iter().map(|tube| f64::from(tube.persons) * tube.a_person).sum();
    let brought: f64 = shares.iter().map(|(people, share)| *people as f64 * share).sum();
    let tubes_a_person = brought / in_a_tube / household;
    ended.iter_mut().for_each(|tube| tube.a_person *= tubes_a_person);
    ended
}

/// How often a tube begins with a part of so many people: with what did not fit into the one before.
fn begun(room: usize, shares: &[(usize, f64)], all: f64) -> Vec<f64> {
    // Tubes forget how they began within a few dozen of them.
    const TUBES_MAX: usize = 500;
    let mut first = vec![0.0; room + 1];
    shares.iter().for_each(|(people, share)| first[*people] = share / all);
    for _ in 0..TUBES_MAX {
        let mut passing = first.clone();
        let mut next = vec![0.0; room + 1];
        for people in 1..=room {
            for &(more, share) in shares {
                let goes = passing[people] * share / all;
                if people + more <= room { passing[people + more] += goes } else { next[more] += goes }
            }
        }
        let change: f64 = first.iter().zip(&next).map(|(before, after)| (before - after).abs()).sum();
        first = next;
        if change < 1e-15 {
            break;
        }
    }
    first
}
