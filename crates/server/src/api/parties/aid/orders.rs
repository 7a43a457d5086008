//! The orders of the plan of aid that a place keeps, at its desk: who stands for whom, what is to be asked, what came, and what was asked and is not
//! so any more.

use super::super::{place_of, shipments::PartyNamed};
use crate::{
    access::{secret::hex, who::Who},
    app::App,
    limits,
    parties::{OpenBook, clock},
    problem::Fault,
};
use axum::http::StatusCode;
use domain::Notes;
use jiff::civil::Date;
use parties::{Book, Subject};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use teams::{Ask, Command};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::{
    Voice,
    orders::{Held, Order, OrderNow, Orders, Unlike, group, left_csv},
};

/// Letters of what a plan calls a team that are told to whoever is asked.
const TEAM_LETTERS: usize = 200;

/// The plan that stands at a place.
pub struct Plan {
    /// By which it is told from another.
    mark: String,
    at: i64,
    read: Result<Orders, Notes>,
}

impl Plan {
    /// That of a party's place, for whoever may see it. Blocks on the disk.
    ///
    /// # Errors
    /// There is no such place, or the database says no.
    pub fn at(app: &App, who: &Who, party: &str) -> Result<Option<Plan>, Fault> {
        let place = place_of(app, party)?.0;
        let crate::access::role::Place::Tree(id) = place else { return Ok(None) };
        if !who.looks_over(place) {
            return Ok(None);
        }
        let kept = app.people.city_document(id, "aid")?;
        Ok(kept.map(|of| {
            let mark = hex(&Sha256::digest(of.document.as_bytes())[..16]);
            Plan { mark, at: of.at, read: Orders::read(of.document.as_bytes()) }
        }))
    }

    /// Whether somebody of this name sends people in it.
    pub fn has_donor(&self, name: &str) -> bool {
        self.read.as_ref().is_ok_and(|of| of.orders.iter().any(|of| of.key.0 == name))
    }

    /// Requests for those of its orders that somebody saw and are not asked yet. What was asked since is not asked again.
    ///
    /// # Errors
    /// Another plan stands there now, or has other orders.
    pub fn requests(
        &self,
        book: &OpenBook,
        (mark, seen): (&str, &[Uuid]),
        voice: Voice,
    ) -> Result<Vec<Command>, Fault> {
        let other = || Fault::new(StatusCode::CONFLICT, "aid_plan_other");
        let orders = self.read.as_ref().ok().filter(|_| mark == self.mark).ok_or_else(other)?;
        let (seen, own): (BTreeSet<Uuid>, Uuid) = (seen.iter().copied().collect(), book.book().own());
        let known = |id: &Uuid| book.book().teams().request(*id).is_some_and(|of| of.request.host == own);
        with_held(book, |held| {
            let (all, _) = held.orders(orders);
            let mut left: BTreeSet<Uuid> = seen.iter().filter(|id| !known(id)).copied().collect();
            let asks = all.iter().filter_map(|of| {
                let ask = is_asked(of, book.book()).filter(|id| left.remove(id))?;
                Some(Command::Request(request(held, of, ask, voice)))
            });
            let asks: Vec<Command> = asks.collect();
            if left.is_empty() { Ok(asks) } else { Err(other()) }
        })
    }

    /// Who has left to help, as the table with which the next plan begins.
    ///
    /// # Errors
    /// It is no plan that this program can read.
    pub fn left(&self, book: &OpenBook) -> Result<String, Fault> {
        let orders = self.read.as_ref().map_err(|_| Fault::new(StatusCode::CONFLICT, "aid_plan_other"))?;
        let named = |party| book.book().partner(party).map_or_else(String::new, |of| of.card.name.clone());
        Ok(with_held(book, |held| left_csv(&held.left(orders, &named))))
    }

    /// As its desk sees it.
    pub fn seen(&self, book: &OpenBook, voice: Voice) -> PlanSeen {
        let mut seen = PlanSeen {
            mark: self.mark.clone(),
            at: self.at,
            readable: self.read.is_ok(),
            notes: Vec::new(),
            donors: Vec::new(),
            groups: Vec::new(),
            unlike: Vec::new(),
            past: 0,
            left_off: 0,
        };
        let orders = match &self.read {
            Ok(orders) => orders,
            Err(notes) => {
                seen.notes = told(notes, voice, &mut seen.left_off);
                return seen;
            }
        };
        seen.notes = told(&orders.notes, voice, &mut seen.left_off);
        with_held(book, |held| {
            let (mut all, past) = held.orders(orders);
            seen.past = past;
            seen.donors = donors(&all, book.book());
            seen.left_off += seen.donors.len().saturating_sub(limits::LINES_SHOWN);
            seen.donors.truncate(limits::LINES_SHOWN);
            seen.left_off += all.len().saturating_sub(limits::ORDERS_SHOWN);
            all = first_to_ask(all, book.book());
            for of in all.chunk_by(|one, other| group(one.order) == group(other.order)) {
                let (leaves, donor) = group(of[0].order);
                seen.groups.push(OrdersSeen {
                    leaves: leaves.to_string(),
                    donor: donor.to_owned(),
                    urgent: of.iter().any(|of| of.is_urgent),
                    orders: of.iter().map(|of| order_seen(of, book.book())).collect(),
                });
            }
            let mut unlike = held.unlike(orders);
            seen.left_off += unlike.len().saturating_sub(limits::LINES_SHOWN);
            unlike.truncate(limits::LINES_SHOWN);
            let unlike = unlike.into_iter().filter_map(|(id, why)| unlike_seen(id, &why, book.book(), voice));
            seen.unlike = unlike.collect();
        });
        seen
    }
}

/// The orders of the plan that a place keeps, as its desk sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanSeen {
    /// By which it is told from another: who asks says which they saw.
    mark: String,
    /// Since when it stands there, seconds since 1970.
    at: i64,
    /// Whether this program can read it.
    readable: bool,
    /// What is wrong with it, in words: all of it.
    notes: Vec<String>,
    /// Its donors, by their names, and who stands for them; first those for whom nobody does.
    donors: Vec<DonorSeen>,
    /// Orders that are not over, of one day of leaving and one donor together: first those of which somebody is missing and that leave by tomorrow.
    groups: Vec<OrdersSeen>,
    /// What was asked for an order, and is not as the plan says now.
    unlike: Vec<UnlikeSeen>,
    /// Orders that were never asked for, and whose day of leaving is over.
    past: usize,
    /// How many lines of all these lists are left off.
    left_off: usize,
}

/// A donor of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct DonorSeen {
    /// As the plan calls it.
    donor: String,
    /// The partner that stands for it; null: nobody whom the desk may ask.
    #[schema(required)]
    stands: Option<PartyNamed>,
    /// A partner of the same name: to be chosen, never taken.
    #[schema(required, value_type = Option<String>)]
    proposed: Option<Uuid>,
}

/// Orders of one donor that leave on one day.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrdersSeen {
    /// The day: `2022-04-03`.
    leaves: String,
    donor: String,
    /// Whether somebody is missing who leaves by tomorrow.
    urgent: bool,
    orders: Vec<OrderSeen>,
}

/// An order, and what came of it; all but `lacks` and `short` are people whom the plan or the desks told of.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderSeen {
    /// The request that asks for what it lacks; null where nothing is to be asked, or nobody stands for its donor.
    #[schema(required, value_type = Option<String>)]
    ask: Option<Uuid>,
    /// What the plan calls them.
    teams: String,
    district: String,
    skill: String,
    people: u32,
    /// The first day of work.
    from: String,
    /// The last day of work.
    until: String,
    /// How many are still to be asked for.
    lacks: u32,
    asked: u32,
    offered: u32,
    accepted: u32,
    on_way: u32,
    there: u32,
    /// Whether the partner said that it cannot.
    declined: bool,
    /// How many are missing: not accepted, after the day of leaving not on their way, after the first day of work not there.
    short: u32,
}

/// A request that was made for an order, and is not as the plan says now.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnlikeSeen {
    #[schema(value_type = String)]
    request: Uuid,
    /// Who was asked.
    party: String,
    number: u32,
    skill: String,
    district: String,
    /// From when, seconds since 1970.
    from: i64,
    /// Until when.
    until: i64,
    /// How many are to come, are there or were.
    accepted: u32,
    /// What is other, in words.
    why: Vec<String>,
}

fn with_held<T>(book: &OpenBook, of: impl FnOnce(&Held<'_>) -> T) -> T {
    let id = |order: &Order, nth: u32| {
        let (donor, district, skill, leaves) = &order.key;
        book.order_request([donor, district, skill, &leaves.to_string()], nth)
    };
    let stands = |donor: &str| told_of(book.book(), book.book().stands_for(donor)?);
    let teams = book.book().teams();
    of(&Held { teams, host: book.book().own(), now: clock(), id: &id, stands: &stands })
}

/// A partner, as long as it is told of teams.
fn told_of(book: &Book, party: Uuid) -> Option<Uuid> {
    book.partner(party).filter(|of| of.is_told(Subject::Aid)).map(|_| party)
}

/// The request that asks for what an order lacks.
fn is_asked(of: &OrderNow<'_>, book: &Book) -> Option<Uuid> {
    let may = of.lacks > 0 && !of.order.is_off && told_of(book, of.stands?).is_some();
    may.then_some(of.next)
}

fn request(held: &Held<'_>, of: &OrderNow<'_>, id: Uuid, voice: Voice) -> Ask {
    let (order, (_, district, skill, leaves)) = (of.order, &of.order.key);
    let (from, until) = (order.from.to_string(), order.until.to_string());
    let team: String = order.teams.chars().take(TEAM_LETTERS).collect();
    let said = [("team", team.as_str()), ("leaves", &leaves.to_string()), ("from", &from), ("until", &until)];
    Ask {
        id,
        host: held.host,
        asked: of.stands.into_iter().collect(),
        skill: skill.clone(),
        number: of.lacks,
        district: district.clone(),
        from: Some(held.begins(order.from)),
        until: Some(held.ends(order)),
        answer_by: Some(held.begins(*leaves)),
        why: voice.say("team.order.why", &said),
    }
}

/// So many orders, as they stand: where there are more, those of which nothing can be asked give way.
fn first_to_ask<'a>(all: Vec<OrderNow<'a>>, book: &Book) -> Vec<OrderNow<'a>> {
    let most = limits::ORDERS_SHOWN;
    let mut asks = all.iter().filter(|of| is_asked(of, book).is_some()).count().min(most);
    let mut others = most - asks;
    let kept = all.into_iter().filter(|of| {
        let room = if is_asked(of, book).is_some() { &mut asks } else { &mut others };
        let has_room = *room > 0;
        *room = room.saturating_sub(1);
        has_room
    });
    kept.collect()
}

fn told(notes: &Notes, voice: Voice, left_off: &mut usize) -> Vec<String> {
    *left_off += notes.0.len().saturating_sub(limits::LINES_SHOWN);
    let notes = voice.notes(notes).into_iter().take(limits::LINES_SHOWN);
    let said = notes.map(|of| {
        let place = of.column.map(|column| format!("{column}: ")).unwrap_or_default();
        format!("{place}{} {}", of.message, of.mend)
    });
    said.collect()
}

fn donors(all: &[OrderNow<'_>], book: &Book) -> Vec<DonorSeen> {
    let mut named: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    for of in book.partners().filter(|of| of.is_told(Subject::Aid)) {
        named.entry(&of.card.name).or_default().push(of.card.party);
    }
    let stands: BTreeMap<&str, Option<Uuid>> =
        all.iter().filter(|of| !of.order.left).map(|of| (of.order.key.0.as_str(), of.stands)).collect();
    let seen = |(donor, stands): (&str, Option<Uuid>)| {
        let stands = stands.and_then(|party| book.partner(party));
        let alone = named.get(donor).filter(|of| of.len() == 1);
        DonorSeen {
            donor: donor.to_owned(),
            stands: stands.map(|of| PartyNamed { party: of.card.party, name: of.card.name.clone() }),
            proposed: alone.filter(|_| stands.is_none()).and_then(|of| of.first().copied()),
        }
    };
    let mut donors: Vec<DonorSeen> = stands.into_iter().map(seen).collect();
    donors.sort_by_key(|of| of.stands.is_some());
    donors
}

fn order_seen(of: &OrderNow<'_>, book: &Book) -> OrderSeen {
    let (order, (_, district, skill, _)) = (of.order, &of.order.key);
    OrderSeen {
        ask: is_asked(of, book),
        teams: order.teams.clone(),
        district: district.clone(),
        skill: skill.clone(),
        people: order.people,
        from: order.from.to_string(),
        until: order.until.to_string(),
        lacks: of.lacks,
        asked: of.asked,
        offered: of.offered,
        accepted: of.accepted,
        on_way: of.on_way,
        there: of.there,
        declined: of.declined,
        short: of.short,
    }
}

fn unlike_seen(id: Uuid, why: &[Unlike], book: &Book, voice: Voice) -> Option<UnlikeSeen> {
    let of = book.teams().request(id)?;
    let request = &of.request;
    let date = |day: &Date| day.to_string();
    let said = |why: &Unlike| match why {
        Unlike::Gone => voice.word("team.order.gone"),
        Unlike::Fewer { people } => voice.say("team.order.fewer", &[("people", &people.to_string())]),
        Unlike::Days { from, until } => {
            voice.say("team.order.days", &[("from", &date(from)), ("until", &date(until))])
        }
        Unlike::Partner => voice.word("team.order.partner"),
    };
    let named = |party: &Uuid| book.partner(*party).map(|of| of.card.name.clone());
    Some(UnlikeSeen {
        request: id,
        party: request.asked.iter().filter_map(named).collect::<Vec<_>>().join(", "),
        number: request.number,
        skill: request.skill.clone(),
        district: request.district.clone(),
        from: super::super::seconds(request.from),
        until: super::super::seconds(request.until),
        accepted: request.number.saturating_sub(book.teams().uncovered(of)),
        why: why.iter().map(said).collect(),
    })
}
