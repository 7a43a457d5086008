//! Orders of a plan of aid at the desk of whoever asked for it: what a partner is still to be asked for, and what of the plan has come.
//!
//! Map: [`Orders::read`] the orders of a document, and what is wrong with them · [`Held`] what the desk holds them against ·
//! [`Held::orders`] each order beside what was asked and came · [`Held::unlike`] what was asked, and is not as the plan says now ·
//! `left` who has left, for the next plan.
//!
//! An order is what one donor sends to one district for one skill on one day. Days are the host's, whole: from the first day of work to the
//! last.

mod left;

pub use left::{Left, left_csv};

use crate::city::page::{Document, read};
use domain::{Moment, Notes, Place};
use jiff::{Span, civil::Date};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};
use teams::{DAY, NAME_LETTERS, NUMBER_MOST, RequestNow, Rules, Stage, Teams};
use uuid::Uuid;

/// What an order is known by: donor, district, skill and the day of leaving. A plan that is made anew keeps it.
pub type Key = (String, String, String, Date);

/// So many people of a donor who leave together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Donor, district, skill and the day of leaving.
    pub key: Key,
    /// What the plan calls them.
    pub teams: String,
    /// How many they are.
    pub people: u32,
    /// The first day of work.
    pub from: Date,
    /// The last day of work.
    pub until: Date,
    /// Whether they had left when the plan was made.
    pub left: bool,
    /// Whether it cannot be asked for: why stands among the notes.
    pub is_off: bool,
}

/// All orders of a plan.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// By their keys.
    pub orders: Vec<Order>,
    /// Who had left when the plan was made, team by team.
    pub left: Vec<Left>,
    /// What is wrong with them, each thing once.
    pub notes: Notes,
}

/// What orders are held against.
#[derive(Clone, Copy)]
pub struct Held<'a> {
    /// What is known of requests and teams.
    pub teams: &'a Teams,
    /// Whose desk it is.
    pub host: Uuid,
    /// Now.
    pub now: Moment,
    /// The id of the nth request for an order.
    pub id: &'a dyn Fn(&Order, u32) -> Uuid,
    /// The partner that stands for a donor.
    pub stands: &'a dyn Fn(&str) -> Option<Uuid>,
}

/// An order, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderNow<'a> {
    /// What the plan says.
    pub order: &'a Order,
    /// The partner that stands for its donor.
    pub stands: Option<Uuid>,
    /// Requests that were made for it.
    pub requests: Vec<Uuid>,
    /// The request that is to be made for what it lacks.
    pub next: Uuid,
    /// People who are still to be asked for; nobody of an order whose day of leaving is over.
    pub lacks: u32,
    /// People who are asked for, and those who came of what is asked no longer.
    pub asked: u32,
    /// People who are offered, and nobody has answered.
    pub offered: u32,
    /// People who are to come, are there or were.
    pub accepted: u32,
    /// People on their way.
    pub on_way: u32,
    /// People who are there.
    pub there: u32,
    /// Whether the partner said that it cannot.
    pub declined: bool,
    /// People who are missing: not accepted until the day of leaving is over, not on their way after it, not there after the first day of
    /// work.
    pub short: u32,
    /// Whether they leave by tomorrow, and somebody is missing.
    pub is_urgent: bool,
    /// Whether its day of leaving is over.
    pub is_past: bool,
}

/// Why a request is not as the plan says now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// The plan has no such order any more.
    Gone,
    /// The plan wants fewer.
    Fewer {
        /// So many.
        people: u32,
    },
    /// The plan has other days of work.
    Days {
        /// The first.
        from: Date,
        /// The last.
        until: Date,
    },
    /// Another partner stands for the donor.
    Partner,
}

impl Orders {
    /// The orders of a document as a place keeps it.
    ///
    /// # Errors
    /// It is no plan of aid that this program can read: why.
    pub fn read(bytes: &[u8]) -> Result<Orders, Notes> {
        let document = match read("aid", bytes)? {
            Document::Aid(document) => document,
            other => {
                let mut notes = Notes::default();
                let args: [(&str, &dyn fmt::Display); 2] =
                    [("found", &other.kind().name()), ("wanted", &"aid")];
                notes.error(Place::file("aid"), "document_other", &args);
                return Err(notes);
            }
        };
        let mut wrong = Wrong::default();
        if document.broken > 0 {
            wrong.at("broken".to_owned(), "order_broken", &[("count", &document.broken)]);
        }
        let mut orders: BTreeMap<Key, Order> = BTreeMap::new();
        let mut left = Vec::new();
        for (number, of) in document.deployments.into_iter().enumerate() {
            let day = |text: &str| text.parse::<Date>().expect("a document that was read has dates");
            let (from, until) = (day(&of.from), day(&of.until));
            let leaves = of.leaves.as_deref().map_or(from, day);
            let at = |what: &str| format!("deployments[{number}].{what}");
            let mut is_off = document.broken > 0;
            if !of.left {
                for (what, name) in [("donor", &of.donor), ("recipient", &of.recipient), ("skill", &of.skill)]
                {
                    let is_good = !name.trim().is_empty() && name.chars().count() <= NAME_LETTERS;
                    is_off |= !is_good;
                    if !is_good && wrong.names.insert(name.clone()) {
                        wrong.at(at(what), "order_name", &[("most", &NAME_LETTERS)]);
                    }
                }
                if !(1..=NUMBER_MOST).contains(&of.people) {
                    is_off = true;
                    wrong.at(at("people"), "order_people", &[("most", &NUMBER_MOST)]);
                }
                if until < from || from < leaves {
                    is_off = true;
                    wrong.at(at("until"), "order_days", &[("team", &of.team)]);
                }
            }
            if of.left {
                left.push(Left {
                    team: of.team.clone(),
                    donor: of.donor.clone(),
                    recipient: of.recipient.clone(),
                    skill: of.skill.clone(),
                    people: of.people,
                    from,
                    to: until,
                });
            }
            let order = Order {
                key: (of.donor, of.recipient, of.skill, leaves),
                teams: of.team,
                people: of.people,
                from,
                until,
                left: of.left,
                is_off,
            };
            match orders.get_mut(&order.key) {
                None => drop(orders.insert(order.key.clone(), order)),
                // Whoever had left is no order: who is to leave counts.
                Some(known) if known.left && !order.left => *known = order,
                Some(known) if order.left && !known.left => {}
                Some(known) => {
                    if !known.left && (known.from, known.until) != (from, until) {
                        known.is_off = true;
                        wrong.at(at("until"), "order_days", &[("team", &order.teams)]);
                    }
                    known.is_off |= order.is_off;
                    known.people = known.people.saturating_add(order.people);
                    known.until = known.until.max(until);
                    known.teams = format!("{}, {}", known.teams, order.teams);
                }
            }
        }
        Ok(Orders { orders: orders.into_values().collect(), left, notes: wrong.notes })
    }
}

/// What is wrong, each name once.
#[derive(Default)]
struct Wrong {
    notes: Notes,
    names: BTreeSet<String>,
}

impl Wrong {
    fn at(&mut self, path: String, code: &'static str, args: &[(&'static str, &dyn fmt::Display)]) {
        self.notes.error(Place::file("aid").column(path), code, args);
    }
}

impl Held<'_> {
    /// The orders that are not over, beside what was asked and came of them; those that had left, or whose day of leaving is over, as far as
    /// they were asked. What is short and leaves by tomorrow comes first, then by day and donor. And how many of the plan were never asked for, and
    /// leave no more.
    pub fn orders<'a>(&self, orders: &'a Orders) -> (Vec<OrderNow<'a>>, usize) {
        let today = self.today();
        let all = orders.orders.iter().filter(|of| of.until >= today).map(|of| self.order(of));
        let (seen, unasked): (Vec<OrderNow<'_>>, Vec<OrderNow<'_>>) =
            all.partition(|of| !of.requests.is_empty() || !(of.order.left || of.is_past));
        let over = orders.orders.iter().filter(|of| of.until < today && !of.left);
        let over = over.filter(|of| self.requests(of).0.is_empty()).count();
        let past = over + unasked.iter().filter(|of| !of.order.left).count();
        let mut seen = seen;
        let urgent: BTreeSet<(Date, &str)> =
            seen.iter().filter(|of| of.is_urgent).map(|of| group(of.order)).collect();
        seen.sort_by_key(|of| {
            (!urgent.contains(&group(of.order)), group(of.order), !of.is_urgent, &of.order.key)
        });
        (seen, past)
    }

    /// Open requests that were made for orders, and are not as the plan says now: each with all that is other.
    pub fn unlike(&self, orders: &Orders) -> Vec<(Uuid, Vec<Unlike>)> {
        let of_request = self.by_request(orders);
        let made = self.teams.requests().filter(|of| is_order(of.request.id) && self.is_ours(of));
        let open = made.filter(|of| of.closed.is_none() && of.request.until > self.now);
        let mut unlike: Vec<(&RequestNow, Vec<Unlike>)> = open
            .map(|of| match of_request.get(&of.request.id) {
                // Whoever has left is where they are.
                None if self.has_left(of) => (of, Vec::new()),
                None => (of, vec![Unlike::Gone]),
                Some(order) => (of, self.other(of, order)),
            })
            .filter(|(_, other)| !other.is_empty())
            .collect();
        unlike.sort_by_key(|(of, _)| (of.request.from, of.request.id));
        unlike.into_iter().map(|(of, other)| (of.request.id, other)).collect()
    }

    /// Orders by the requests that were made for them.
    fn by_request<'a>(&self, orders: &'a Orders) -> BTreeMap<Uuid, &'a Order> {
        let made = |of: &'a Order| self.requests(of).0.into_iter().map(move |made| (made.request.id, of));
        orders.orders.iter().flat_map(made).collect()
    }

    /// The day that it is at the host.
    pub fn today(&self) -> Date {
        self.date(self.now)
    }

    /// The day of a moment at the host.
    fn date(&self, at: Moment) -> Date {
        let day = self.rules().day(at);
        Date::constant(1970, 1, 1).saturating_add(Span::new().try_days(day).unwrap_or_default())
    }

    /// When a day begins at the host.
    pub fn begins(&self, day: Date) -> Moment {
        let first = Date::constant(1970, 1, 1);
        self.rules().begins(first.until(day).map_or(0, |span| i64::from(span.get_days())))
    }

    /// When the last day of work is over.
    pub fn ends(&self, order: &Order) -> Moment {
        self.begins(order.until.saturating_add(Span::new().days(1)))
    }

    fn rules(&self) -> &Rules {
        self.teams.rules(self.host)
    }

    fn is_ours(&self, of: &RequestNow) -> bool {
        of.request.host == self.host
    }

    /// Requests that were made for an order, and the id of the next.
    fn requests(&self, order: &Order) -> (Vec<&RequestNow>, Uuid) {
        let mut made = Vec::new();
        for nth in 0.. {
            let id = (self.id)(order, nth);
            match self.teams.request(id) {
                None => return (made, id),
                // What others told under its id is not its own.
                Some(of) => made.extend(Some(of).filter(|of| self.is_ours(of))),
            }
        }
        unreachable!("nobody tells of so many requests")
    }

    fn order<'a>(&self, order: &'a Order) -> OrderNow<'a> {
        let ((requests, next), stands) = (self.requests(order), (self.stands)(&order.key.0));
        let today = self.today();
        let mut of = OrderNow {
            order,
            stands,
            requests: requests.iter().map(|of| of.request.id).collect(),
            next,
            lacks: 0,
            asked: 0,
            offered: 0,
            accepted: 0,
            on_way: 0,
            there: 0,
            declined: false,
            short: 0,
            is_urgent: false,
            is_past: order.key.3 < today,
        };
        let mut refused = 0_u32;
        for request in requests {
            let accepted = request.request.number.saturating_sub(self.teams.uncovered(request));
            of.accepted = of.accepted.saturating_add(accepted);
            let declined = stands.is_some_and(|party| request.declined.contains(&party));
            of.declined |= declined;
            let number = request.request.number;
            let is_open = request.closed.is_none();
            of.asked = of.asked.saturating_add(if is_open { number } else { accepted });
            // Whoever said no and still stands for the donor is not asked again.
            if declined && !is_open {
                refused = refused.saturating_add(number - accepted);
            }
            for offer in request.offers.iter().filter_map(|id| self.teams.offer(*id)) {
                if offer.answer.is_none() && request.closed.is_none() {
                    of.offered = of.offered.saturating_add(offer.offer.number);
                }
                for sent in offer.deployments.iter().filter_map(|id| self.teams.deployment(*id)) {
                    let people = match sent.stage() {
                        Stage::Departed => &mut of.on_way,
                        Stage::Arrived | Stage::Lodged => &mut of.there,
                        Stage::Committed | Stage::Leaving | Stage::Over => continue,
                    };
                    *people = people.saturating_add(sent.deployment.number);
                }
            }
        }
        if !order.left && !of.is_past {
            of.lacks = order.people.saturating_sub(of.asked).saturating_sub(refused);
        }
        let came = if order.from < today {
            of.there
        } else if of.is_past {
            of.there.saturating_add(of.on_way)
        } else {
            of.accepted
        };
        of.short = order.people.saturating_sub(came);
        of.is_urgent = of.short > 0 && order.key.3 <= today.saturating_add(Span::new().days(1));
        of
    }

    fn other(&self, of: &RequestNow, order: &Order) -> Vec<Unlike> {
        let mut other = Vec::new();
        // Who had left is where they are: a plan that was made since orders nothing of them.
        if order.left {
            return other;
        }
        let now = self.order(order);
        if now.asked > order.people && self.teams.uncovered(of) > 0 {
            other.push(Unlike::Fewer { people: order.people });
        }
        // Less than a day: somebody said since which time zone it is.
        let is_day = |at: Moment, wanted: Moment| at.0.abs_diff(wanted.0) < DAY.unsigned_abs();
        if !is_day(of.request.from, self.begins(order.from)) || !is_day(of.request.until, self.ends(order)) {
            other.push(Unlike::Days { from: order.from, until: order.until });
        }
        if now.stands.is_some_and(|party| !of.request.asked.contains(&party)) {
            other.push(Unlike::Partner);
        }
        other
    }
}

/// Whether a request was made for an order: ids of others are drawn.
fn is_order(request: Uuid) -> bool {
    request.get_version_num() == 8
}

/// By what orders stand together: the day of leaving, and the donor.
pub fn group(order: &Order) -> (Date, &str) {
    (order.key.3, &order.key.0)
}
