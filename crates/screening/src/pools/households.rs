//! Households that share a tube, and what they share besides.

use super::tube::{Content, Tube, binomial};

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

    fn mean(&self) -> f64 {
        (1..).zip(&self.sizes).map(|(size, share)| f64::from(size) * share).sum()
    }

    /// People infected from outside, by which the whole population has this prevalence: found by halving, to the last bit
    /// that matters.
    fn brought_in(&self, prevalence: f64) -> f64 {
        let (mut low, mut high) = (0.0, prevalence);
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            let infected: f64 =
                (1..).zip(&self.sizes).map(|(size, share)| share * self.expected(size, middle)).sum();
            if infected < prevalence * self.mean() { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    }

    /// Infected people of a household: those from outside, and of the others those to whom they passed it on.
    fn expected(&self, size: i32, outside: f64) -> f64 {
        let (size, spared) = (f64::from(size), 1.0 - outside);
        size * outside + self.secondary * size * (spared - libm::pow(spared, size))
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
    /// fit begins the next tube. A household of more people than a tube takes has full tubes of its own first.
    pub fn tubes(&self, size: u32, prevalence: f64) -> Tube {
        let outside = self.brought_in(prevalence);
        let place = |persons: u32| persons as usize;
        // What comes to the open tube: the law of positives of the last part of a household, by its people.
        let mut parts = vec![Vec::new(); place(size) + 1];
        let mut shares = vec![0.0; place(size) + 1];
        let mut contents = Vec::new();
        for (people, &share) in (1u32..).zip(&self.sizes) {
            if share == 0.0 {
                continue;
            }
            let law = self.infected(people, outside);
            let rest = people % size;
            let a_person = share * f64::from(people / size) / self.mean();
            for (positives, of_law) in (0..).zip(thinned(&law, size.min(people))) {
                let own = Content { persons: size, positives, a_person: a_person * of_law };
                contents.extend((own.a_person > 0.0).then_some(own));
            }
            if rest > 0 {
                let law = thinned(&law, rest);
                let sum: &mut Vec<f64> = &mut parts[place(rest)];
                sum.resize(law.len(), 0.0);
                sum.iter_mut().zip(law).for_each(|(sum, of_law)| *sum += share * of_law);
                shares[place(rest)] += share;
            }
        }
        contents.extend(shared(size, &shares, &parts, self.mean()));
        Tube(contents)
    }
}

/// The law of positives among so many of a household's people, taken without looking.
fn thinned(law: &[f64], taken: u32) -> Vec<f64> {
    let mut law = law.to_vec();
    while law.len() > taken as usize + 1 {
        // One goes home: a positive one with the share of positives.
        let people = (law.len() - 1) as f64;
        let stays = |place: usize| law[place] * (people - place as f64) / people;
        law = (0..law.len() - 1)
            .map(|place| stays(place) + law[place + 1] * (place + 1) as f64 / people)
            .collect();
    }
    law
}

/// The tubes that parts of households share. `shares` says how many parts of each size a household brings, `parts` the law of
/// their positives times that.
fn shared(size: u32, shares: &[f64], parts: &[Vec<f64>], household: f64) -> Vec<Content> {
    let room = size as usize;
    let all: f64 = shares.iter().sum();
    if all == 0.0 {
        return Vec::new();
    }
    // The probability that the next part has more people than this.
    let beyond: Vec<f64> = (0..=room).map(|left| shares[left + 1..].iter().sum::<f64>() / all).collect();
    let first = begun(room, shares, all);
    // Passing through (people, positives) on the way to a tube that is full enough.
    let mut passing = vec![vec![0.0; room + 1]; room + 1];
    for (people, &share) in first.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        for (positives, of_law) in parts[people].iter().enumerate() {
            passing[people][positives] += share * of_law / shares[people];
        }
    }
    for people in 1..=room {
        for positives in 0..=people {
            let here = passing[people][positives];
            if here == 0.0 {
                continue;
            }
            for more in 1..=room - people {
                for (others, of_law) in parts[more].iter().enumerate() {
                    passing[people + more][positives + others] += here * of_law / all;
                }
            }
        }
    }
    let ended = passing.iter().enumerate().flat_map(|(people, by_positives)| {
        let closes = beyond[room - people];
        by_positives
            .iter()
            .enumerate()
            .map(move |(positives, here)| (people as u32, positives as u32, here * closes))
    });
    let ended: Vec<(u32, u32, f64)> = ended.filter(|tube| tube.2 > 0.0).collect();
    let in_a_tube: f64 = ended.iter().map(|&(people, _, share)| f64::from(people) * share).sum();
    let brought: f64 = shares.iter().enumerate().map(|(people, share)| people as f64 * share).sum();
    let tubes_a_person = brought / in_a_tube / household;
    ended
        .into_iter()
        .map(|(persons, positives, share)| Content { persons, positives, a_person: share * tubes_a_person })
        .collect()
}

/// How often a tube begins with a part of each size: with what did not fit into the one before.
fn begun(room: usize, shares: &[f64], all: f64) -> Vec<f64> {
    let mut first: Vec<f64> = shares.iter().map(|share| share / all).collect();
    // Tubes forget quickly how they began: a few dozen of them are as many as it takes.
    for _ in 0..500 {
        let mut passing = first.clone();
        let mut next = vec![0.0; room + 1];
        for people in 1..=room {
            for more in 1..=room {
                let goes = passing[people] * shares[more] / all;
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
