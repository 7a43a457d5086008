//! What a tube size costs, finds and misses.

use super::{Assay, Tube};

/// What two stages come to, when tubes are filled in one way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Tubes of the first stage for each person.
    pub tubes_per_person: f64,
    /// Tests of both stages for each person.
    pub tests_per_person: f64,
    /// Share of the positive people who are found in the end; `None` where nobody is positive.
    pub sensitivity: Option<f64>,
    /// Of 1,000 people, those who are called again for a tube of their own.
    pub recalls_per_1000: f64,
    /// Tubes of several people that are told positive, for 1,000 people tested.
    pub positive_tubes_per_1000: f64,
    /// Of 1,000 people, those told positive who are not.
    pub false_positives_per_1000: f64,
    /// Of 1,000 people, positive ones who are told negative.
    pub missed_per_1000: f64,
}

/// The figures of tubes filled like this. Who is alone in a tube needs no second test.
pub fn figures(tube: &Tube, assay: &Assay) -> Figures {
    let alone = assay.tells(1, 1);
    let mistaken = assay.tells(1, 0);
    let (mut again, mut recalled, mut found, mut wrong) = (0.0, 0.0, 0.0, 0.0);
    for content in &tube.0 {
        let told = content.a_person * assay.tells(content.persons, content.positives);
        let (positives, negatives) =
            (f64::from(content.positives), f64::from(content.persons - content.positives));
        let single = content.persons == 1;
        again += if single { 0.0 } else { told };
        recalled += if single { 0.0 } else { told * f64::from(content.persons) };
        found += told * positives * if single { 1.0 } else { alone };
        wrong += told * negatives * if single { 1.0 } else { mistaken };
    }
    let (tubes, prevalence) = (tube.a_person(), tube.prevalence());
    Figures {
        tubes_per_person: tubes,
        tests_per_person: tubes + recalled,
        sensitivity: (prevalence > 0.0).then(|| found / prevalence),
        recalls_per_1000: recalled * 1_000.0,
        positive_tubes_per_1000: again * 1_000.0,
        false_positives_per_1000: wrong * 1_000.0,
        missed_per_1000: (prevalence - found) * 1_000.0,
    }
}

/// The place of the least; of equal ones the first.
pub fn best(of: impl IntoIterator<Item = f64>) -> Option<usize> {
    let least = of.into_iter().enumerate().filter(|(_, value)| value.is_finite());
    least.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0))).map(|(place, _)| place)
}
