//! Who has left to help, as rows of `deployed.csv`: what the next plan begins with.

use super::{Held, Order, Orders};
use crate::sheets::csv_of;
use domain::aid::REST_DAYS_MAX;
use formats::Table;
use jiff::{Span, civil::Date};
use teams::{DeploymentNow, RequestNow};
use uuid::Uuid;

/// The columns of the table.
const COLUMNS: [&str; 7] = ["team", "donor", "recipient", "skill", "people", "from", "to"];
/// Days after its last of work for which a team is told of: a way there and home of 168 hours, the most that `travel_h` holds, and the
/// longest rest. Until then its people may be away.
const AWAY_DAYS: i64 = REST_DAYS_MAX as i64 + 2 * 7 + 1;

/// A team that has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What the plan calls it, or else its own name.
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
    /// The last day of work: of who was let go the day before, and one day at least.
    pub to: Date,
}

/// A team that was sent, and has left.
struct Sent {
    left: Left,
    /// Whether an order of the plan stands behind it.
    is_ordered: bool,
    /// The first and the last day that were agreed.
    agreed: (Date, Date),
}

impl Left {
    fn overlaps(&self, other: &Left) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// Whether both may be the same people, as long as nobody was let go.
    fn may_be(&self, sent: &Sent) -> bool {
        let of = &sent.left;
        let is_alike = (&self.donor, &self.recipient, &self.skill) == (&of.donor, &of.recipient, &of.skill);
        is_alike && self.from <= sent.agreed.1 && sent.agreed.0 <= self.to
    }

    /// Whether both under one name would be one team in two places, or twice.
    fn clashes(&self, other: &Left) -> bool {
        let is_apart = self.recipient == other.recipient && self.skill != other.skill;
        self.team == other.team && self.overlaps(other) && !is_apart
    }
}

impl Held<'_> {
    /// Who has left: by what was told here, under the name that the plan has for them; and of whom nobody told anything here, as the plan says.
    /// A plan that is made of it and kept gives the same again. `partner` is what a party is called for which no donor of the plan stands.
    pub fn left(&self, orders: &Orders, partner: &dyn Fn(Uuid) -> String) -> Vec<Left> {
        let of_request = self.by_request(orders);
        let ours = self.teams.deployments().filter(|of| of.host == self.host);
        let mut sent: Vec<Sent> = ours
            .filter_map(|sent| {
                let offer = self.teams.offer(sent.deployment.offer);
                let order = offer.and_then(|of| of_request.get(&of.offer.request).copied());
                let order = order.filter(|of| !of.left);
                self.sent(sent, order, orders, partner)
            })
            .collect();
        sent.sort_by(|one, other| in_order(&one.left, &other.left));
        // Whom an earlier plan ordered, or none, stands in the table that this plan was made of: there they have a name.
        let mut known = orders.left.clone();
        for of in sent.iter_mut().filter(|of| !of.is_ordered) {
            let (from, _) = of.agreed;
            let other = |known: &Left| {
                (known.people != of.left.people, known.from != from, known.team != of.left.team)
            };
            let same =
                (0..known.len()).filter(|&at| known[at].may_be(of)).min_by_key(|&at| other(&known[at]));
            if let Some(at) = same {
                of.left.team = known.remove(at).team;
            }
        }
        let mut left: Vec<Left> = Vec::new();
        let since = self.today().saturating_sub(Span::new().days(AWAY_DAYS));
        for mut of in known.into_iter().chain(sent.into_iter().map(|of| of.left)).filter(|of| of.to >= since)
        {
            let name = of.team.clone();
            let mut times = 1;
            while left.iter().any(|other| other.clashes(&of)) {
                times += 1;
                of.team = format!("{name} ({times})");
            }
            left.push(of);
        }
        left.sort_by(in_order);
        left
    }

    /// Whether all who were asked for have left home.
    pub(super) fn has_left(&self, of: &RequestNow) -> bool {
        let offers = of.offers.iter().filter_map(|id| self.teams.offer(*id));
        let mut sent =
            offers.flat_map(|of| &of.deployments).filter_map(|id| self.teams.deployment(*id)).peekable();
        sent.peek().is_some() && self.teams.uncovered(of) == 0 && sent.all(DeploymentNow::has_left)
    }

    /// A team that was sent, if it has left home.
    fn sent(
        &self,
        sent: &DeploymentNow,
        order: Option<&Order>,
        orders: &Orders,
        partner: &dyn Fn(Uuid) -> String,
    ) -> Option<Sent> {
        if !sent.has_left() {
            return None;
        }
        let arrived = self.date(sent.there().map_or(sent.deployment.arrives, |(from, _)| from));
        let wanted = order.map(|of| of.from).or_else(|| {
            let request = self.teams.request(self.teams.offer(sent.deployment.offer)?.offer.request)?;
            Some(self.date(request.request.from))
        });
        let from = wanted.map_or(arrived, |from| from.max(arrived));
        // It is said until which moment they stay: the day that begins then is none of theirs.
        let until = self.date(sent.until + -1);
        let agreed = (from, until);
        let (from, to) = match sent.ends().map(|(at, _)| self.date(at)) {
            Some(ends) => (from.min(ends), until.min(ends.saturating_sub(Span::new().days(1)))),
            None => (from, until),
        };
        let stands = |of: &&Order| (self.stands)(&of.key.0) == Some(sent.donor);
        let donor = || orders.orders.iter().find(stands).map(|of| of.key.0.clone());
        let left = Left {
            team: order.map_or_else(|| self.teams.name(sent.deployment.team), |of| of.teams.clone()),
            donor: order.map(|of| of.key.0.clone()).or_else(donor).unwrap_or_else(|| partner(sent.donor)),
            recipient: sent.district.clone(),
            skill: sent.skill.clone(),
            people: sent.deployment.number,
            from,
            to: to.max(from),
        };
        Some(Sent { left, is_ordered: order.is_some(), agreed })
    }
}

fn in_order(one: &Left, other: &Left) -> std::cmp::Ordering {
    (one.from, &one.donor, &one.team, one.people, &one.recipient).cmp(&(
        other.from,
        &other.donor,
        &other.team,
        other.people,
        &other.recipient,
    ))
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
