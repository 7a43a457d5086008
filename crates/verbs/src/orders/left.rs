//! Who has left to help, as rows of `deployed.csv`: what the next plan begins with.

use super::{Held, Order, Orders};
use crate::sheets::csv_of;
use formats::Table;
use jiff::{Span, civil::Date};
use std::collections::{BTreeMap, BTreeSet};
use teams::{DeploymentNow, Step};
use uuid::Uuid;

/// The columns of the table.
const COLUMNS: [&str; 7] = ["team", "donor", "recipient", "skill", "people", "from", "to"];
/// Days after its last of work for which a team is told of: its people rest, and are not at home before.
const RESTING_DAYS: i64 = 30;

/// A team that has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What the plan calls it; that of two which left for one order has a number.
    pub team: String,
    /// The donor, as the plan calls it.
    pub donor: String,
    /// The district.
    pub recipient: String,
    /// What they can do.
    pub skill: String,
    /// How many they are.
    pub people: u32,
    /// The first day of work.
    pub from: Date,
    /// The last day of work: the day before that on which they were let go.
    pub to: Date,
}

impl Held<'_> {
    /// Who has left: by what was told since, and of whom nobody told anything as the plan says. `partner` is what a party is called for which no
    /// donor of the plan stands.
    pub fn left(&self, orders: &Orders, partner: &dyn Fn(Uuid) -> String) -> Vec<Left> {
        let since = self.today().saturating_sub(Span::new().days(RESTING_DAYS));
        let mut of_request: BTreeMap<Uuid, &Order> = BTreeMap::new();
        for order in &orders.orders {
            of_request.extend(self.requests(order).0.iter().map(|of| (of.request.id, order)));
        }
        let ours = self.teams.deployments().filter(|of| of.host == self.host);
        let mut told: BTreeSet<&super::Key> = BTreeSet::new();
        let mut left: Vec<Left> = Vec::new();
        for sent in ours {
            let offer = self.teams.offer(sent.deployment.offer);
            let order = offer.and_then(|of| of_request.get(&of.offer.request).copied());
            told.extend(order.map(|of| &of.key));
            left.extend(self.sent(sent, order, orders, partner));
        }
        let untold = orders.orders.iter().filter(|of| of.left && !told.contains(&of.key));
        left.extend(untold.map(|of| {
            let (donor, recipient, skill, _) = of.key.clone();
            let team = of.teams.clone();
            Left { team, donor, recipient, skill, people: of.people, from: of.from, to: of.until }
        }));
        left.retain(|of| of.from <= of.to && of.to >= since);
        left.sort_by(|one, other| {
            (one.from, &one.donor, &one.team).cmp(&(other.from, &other.donor, &other.team))
        });
        // No two rows have one name: a planner would take them for one team in two places.
        let mut named: BTreeMap<String, u32> = BTreeMap::new();
        for of in &mut left {
            let times = named.entry(of.team.clone()).or_default();
            *times += 1;
            if *times > 1 {
                of.team = format!("{} ({times})", of.team);
            }
        }
        left
    }

    /// A team that was sent, if it has left home.
    fn sent(
        &self,
        sent: &DeploymentNow,
        order: Option<&Order>,
        orders: &Orders,
        partner: &dyn Fn(Uuid) -> String,
    ) -> Option<Left> {
        let has = |step| sent.steps.contains_key(&step);
        if !(has(Step::Departed) || has(Step::Arrived) || !sent.lodged.is_empty()) {
            return None;
        }
        let one_day = Span::new().days(1);
        let arrived = sent.there().map_or(sent.deployment.arrives, |(from, _)| from);
        let wanted = order.map(|of| of.from).or_else(|| {
            let request = self.teams.request(self.teams.offer(sent.deployment.offer)?.offer.request)?;
            Some(self.date(request.request.from))
        });
        let arrived = self.date(arrived);
        let ends = sent.ends().map(|(at, _)| self.date(at).saturating_sub(one_day));
        // It is said until which moment they stay: the day that begins then is none of theirs.
        let until = self.date(domain::Moment(sent.until.0 - 1));
        let stands = |of: &&Order| (self.stands)(&of.key.0) == Some(sent.donor);
        let donor = || orders.orders.iter().find(stands).map(|of| of.key.0.clone());
        Some(Left {
            team: order.map_or_else(|| self.teams.name(sent.deployment.team), |of| of.teams.clone()),
            donor: order.map(|of| of.key.0.clone()).or_else(donor).unwrap_or_else(|| partner(sent.donor)),
            recipient: sent.district.clone(),
            skill: sent.skill.clone(),
            people: sent.deployment.number,
            from: wanted.map_or(arrived, |from| from.max(arrived)),
            to: ends.map_or(until, |ends| ends.min(until)),
        })
    }
}

/// The table, as `shouhu aid` reads it.
pub fn left_csv(left: &[Left]) -> String {
    let row = |of: &Left| {
        let Left { team, donor, recipient, skill, people, from, to } = of.clone();
        vec![team, donor, recipient, skill, people.to_string(), from.to_string(), to.to_string()]
    };
    let head = COLUMNS.map(str::to_owned).to_vec();
    csv_of(&Table { caption: String::new(), head, rows: left.iter().map(row).collect() })
}
