//! Who comes to help, by district and day.

use super::{Sees, read::Odd, rounds::DISTRICTS_MAX};
use crate::aid::percent_down;
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Days of a plan: a little more than a year.
const DAYS_MAX: usize = 400;
/// Deployments, and reasons why something is short.
const LINES_MAX: usize = 100_000;
/// People by day that are drawn, over all rows.
const CELLS_MAX: usize = 1_000_000;

/// What is read of a plan of aid.
#[derive(Clone, Debug, Deserialize)]
pub struct TeamsDocument {
    first: String,
    days: usize,
    pub(crate) deployments: Vec<DeploymentDocument>,
    /// Rules that the plan's own check found broken.
    #[serde(default)]
    pub(crate) broken: usize,
    districts: Vec<DistrictDocument>,
    #[serde(default)]
    unmet: Vec<UnmetDocument>,
    #[serde(default)]
    sentences: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct DeploymentDocument {
    pub team: String,
    pub donor: String,
    pub recipient: String,
    pub skill: String,
    pub people: u32,
    /// Older files have none of those that had left.
    pub leaves: Option<String>,
    pub from: String,
    pub until: String,
    /// Whether they had left when the plan was made.
    #[serde(default)]
    pub left: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct DistrictDocument {
    recipient: String,
    asked_person_days: u64,
    met_person_days: u64,
    share: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct UnmetDocument {
    recipient: String,
    why: String,
}

/// Teams by day.
#[derive(Clone, Debug, Serialize)]
pub(super) struct TeamsView {
    /// `2022-04-04`, one after the other.
    days: Vec<String>,
    recipients: Vec<RecipientView>,
    sentences: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct RecipientView {
    name: String,
    asked_person_days: u64,
    met_person_days: u64,
    /// Of what was asked for, in words that are never more than it.
    met: String,
    /// People at work there, by day.
    people: Vec<u64>,
    /// By who sends them and what they do.
    donors: Vec<DonorView>,
    /// What is short, in words.
    short: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct DonorView {
    donor: String,
    skill: String,
    teams: Vec<String>,
    people: Vec<u64>,
}

impl TeamsDocument {
    pub(super) fn districts(&self) -> Vec<&str> {
        self.districts.iter().map(|of| of.recipient.as_str()).collect()
    }

    fn first(&self) -> Option<Date> {
        self.first.parse().ok()
    }

    pub(super) fn check(&self, odd: &mut Odd<'_>) {
        odd.unless(self.first().is_some(), || "first".to_owned());
        odd.unless((1..=DAYS_MAX).contains(&self.days), || "days".to_owned());
        odd.unless(self.deployments.len() <= LINES_MAX, || "deployments".to_owned());
        odd.unless(self.unmet.len() <= LINES_MAX, || "unmet".to_owned());
        let rows: BTreeSet<_> =
            self.deployments.iter().map(|of| (&of.recipient, &of.donor, &of.skill)).collect();
        odd.unless((rows.len() + self.districts.len()).saturating_mul(self.days) <= CELLS_MAX, || {
            "deployments".to_owned()
        });
        odd.unless(self.districts.len() <= DISTRICTS_MAX, || "districts".to_owned());
        let known: BTreeSet<&str> = self.districts().into_iter().collect();
        odd.unless(known.len() == self.districts.len(), || "districts".to_owned());
        for (number, of) in self.deployments.iter().enumerate() {
            let dates = [Some(&of.from), Some(&of.until), of.leaves.as_ref()];
            let dates = dates.into_iter().flatten().all(|date| date.parse::<Date>().is_ok());
            odd.unless(dates && known.contains(of.recipient.as_str()), || format!("deployments[{number}]"));
        }
        for (number, of) in self.unmet.iter().enumerate() {
            odd.unless(known.contains(of.recipient.as_str()), || format!("unmet[{number}]"));
        }
    }

    /// The days of a plan on which somebody works.
    fn at_work(&self, of: &DeploymentDocument, first: Date) -> std::ops::Range<usize> {
        let day = |text: &str| -> i64 {
            let date: Option<Date> = text.parse().ok();
            let days = date.and_then(|date| first.until(date).ok()).map_or(0, |span| span.get_days());
            i64::from(days)
        };
        let all = self.days as i64;
        let (from, until) = (day(&of.from).clamp(0, all), (day(&of.until) + 1).clamp(0, all));
        from as usize..until as usize
    }
}

/// What somebody may see of who comes.
pub(super) fn view(of: &TeamsDocument, sees: &Sees) -> TeamsView {
    let first = of.first().unwrap_or_default();
    let mut of_district: BTreeMap<&str, (Vec<&DeploymentDocument>, Vec<String>)> = BTreeMap::new();
    for team in &of.deployments {
        of_district.entry(&team.recipient).or_default().0.push(team);
    }
    for unmet in &of.unmet {
        of_district.entry(&unmet.recipient).or_default().1.push(unmet.why.clone());
    }
    let mut recipient = |district: &DistrictDocument| {
        let (teams, short) = of_district.remove(district.recipient.as_str()).unwrap_or_default();
        let mut people = vec![0; of.days];
        let mut donors: BTreeMap<(&str, &str), DonorView> = BTreeMap::new();
        for team in teams {
            let row = donors.entry((&team.donor, &team.skill)).or_insert_with(|| DonorView {
                donor: team.donor.clone(),
                skill: team.skill.clone(),
                teams: Vec::new(),
                people: vec![0; of.days],
            });
            row.teams.push(team.team.clone());
            for day in of.at_work(team, first) {
                row.people[day] += u64::from(team.people);
                people[day] += u64::from(team.people);
            }
        }
        RecipientView {
            name: district.recipient.clone(),
            asked_person_days: district.asked_person_days,
            met_person_days: district.met_person_days,
            met: percent_down(district.share),
            people,
            donors: donors.into_values().collect(),
            short,
        }
    };
    let date = |day: usize| first.saturating_add(Span::new().days(day as i64)).to_string();
    TeamsView {
        days: (0..of.days).map(date).collect(),
        recipients: of
            .districts
            .iter()
            .filter(|of| sees.district(&of.recipient))
            .map(&mut recipient)
            .collect(),
        sentences: if sees.all() { of.sentences.clone() } else { Vec::new() },
    }
}
