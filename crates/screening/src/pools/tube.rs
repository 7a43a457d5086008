//! Who is in a tube: how many people, and how many of them are positive.

/// Tubes of one kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Content {
    /// People.
    pub persons: u32,
    /// Of them positive.
    pub positives: u32,
    /// How many such tubes there are for each person tested.
    pub a_person: f64,
}

/// All tubes that a filling makes, for each person tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Tube(pub Vec<Content>);

impl Tube {
    /// Tubes of `size` people who have nothing to do with each other; each is positive with the probability `prevalence`.
    pub fn of_strangers(size: u32, prevalence: f64) -> Tube {
        let shares = binomial(size, prevalence);
        let contents = (0..).zip(shares).map(|(positives, share)| Content {
            persons: size,
            positives,
            a_person: share / f64::from(size),
        });
        Tube(contents.filter(|content| content.a_person > 0.0).collect())
    }

    /// Tubes for each person.
    pub fn a_person(&self) -> f64 {
        self.0.iter().map(|content| content.a_person).sum()
    }

    /// The share of positive people.
    pub fn prevalence(&self) -> f64 {
        self.0.iter().map(|content| content.a_person * f64::from(content.positives)).sum()
    }
}

/// The binomial law by place, from 0 to `size`. Counted from its greatest place outwards: nothing is lost to powers that are
/// too small for a number.
pub(crate) fn binomial(size: u32, chance: f64) -> Vec<f64> {
    let mut shares = vec![0.0; size as usize + 1];
    let most = ((f64::from(size) + 1.0) * chance).min(f64::from(size)) as usize;
    shares[most] = 1.0;
    if chance > 0.0 && chance < 1.0 {
        let odds = chance / (1.0 - chance);
        for place in most + 1..shares.len() {
            shares[place] = shares[place - 1] * odds * (shares.len() - place) as f64 / place as f64;
        }
        for place in (0..most).rev() {
            shares[place] =
                shares[place + 1] * (place + 1) as f64 / (odds * (shares.len() - 1 - place) as f64);
        }
    }
    let all: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= all);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binomial_law_is_one_also_where_powers_vanish() {
        for (size, chance) in [(5, 0.3), (1_000, 0.999), (1_000, 1e-9), (3, 0.0), (3, 1.0)] {
            let shares = binomial(size, chance);
            let mean: f64 = shares.iter().enumerate().map(|(place, share)| place as f64 * share).sum();
            let wanted = f64::from(size) * chance;
            assert!((mean - wanted).abs() <= 1e-12 * wanted.max(1.0), "{size} {chance}: {mean}");
        }
        assert!((binomial(2, 0.25)[1] - 0.375).abs() < 1e-15);
    }
}
