//! What is asked of goods to households, and the commands to which it comes.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    is_to_us,
    known::{sees_doors, walked},
    share,
};
use crate::{
    access::{role::Place, who::Asking},
    api::parties::{
        place_of,
        shipments::{LineAsked, asked, reason, refused},
    },
    app::App,
    limits,
    parties::{OpenBook, stock_of},
    people::id::RoundId,
    problem::Fault,
};
use axum::http::StatusCode;
use domain::Moment;
use serde::Deserialize;
use supplies::{Carrier, Command, End, Good, Promise, Refusal, Role, Share, Step, To};
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that is done with goods to households.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum DoorsAct {
    /// Households of a round are promised something: as many shipments as that takes, each with a code, in the order of walking; all of them, or none.
    Promise {
        /// The round whose doors they are.
        #[schema(value_type = String)]
        round: RoundId,
        /// Those of these buildings alone; none: all doors.
        #[serde(default)]
        buildings: Vec<String>,
        /// What each gets.
        each: Vec<EachAsked>,
        /// Who brings it: a party; left out where it is the party's own.
        #[schema(value_type = Option<String>)]
        carrier: Option<Uuid>,
        /// When it leaves, seconds since 1970, where that is known.
        leaves: Option<i64>,
        /// When it is at the doors at the latest, seconds since 1970.
        due: i64,
    },
    /// All of these leave the stock, with what was promised.
    Send {
        #[schema(value_type = Vec<String>)]
        shipments: Vec<Uuid>,
    },
    /// It was left at these doors, says whoever brings it.
    Give {
        #[schema(value_type = String)]
        shipment: Uuid,
        #[schema(value_type = Vec<String>)]
        households: Vec<Uuid>,
    },
    /// They have it, says somebody who asked them, and did not leave it there.
    Confirm {
        #[schema(value_type = String)]
        shipment: Uuid,
        #[schema(value_type = String)]
        household: Uuid,
        /// What they have; none: all that was for them.
        #[serde(default)]
        lines: Vec<LineAsked>,
        /// This came beside what came before.
        #[serde(default)]
        rest: bool,
        /// Why it is another number than was for them, where somebody knows: one of the page's reasons.
        why: Option<String>,
    },
    /// It could not be left there, and is in stock again.
    Return {
        #[schema(value_type = String)]
        shipment: Uuid,
        #[schema(value_type = String)]
        household: Uuid,
        /// One of the page's reasons.
        why: String,
    },
    /// The desk has looked: so many they have, whatever was said before.
    Settle {
        #[schema(value_type = String)]
        shipment: Uuid,
        #[schema(value_type = String)]
        household: Uuid,
        lines: Vec<LineAsked>,
    },
}

/// What each household gets of a good.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EachAsked {
    /// What stands on the box.
    good: String,
    /// In what it is counted.
    unit: String,
    count: i64,
    /// Whether it is so many for each person of the household.
    #[serde(default)]
    per_person: bool,
}

/// What is done before the book is held: which households are meant. Blocks on the disk.
///
/// # Errors
/// The round is not known, or has no such doors, or too many; or whoever asks may not see them.
pub fn homes(app: &App, asking: &Asking, party: &str, act: &DoorsAct) -> Result<Vec<Vec<Home>>, Fault> {
    let DoorsAct::Promise { round, buildings, .. } = act else { return Ok(Vec::new()) };
    let place = place_of(app, party)?.0;
    let none = || Fault::new(StatusCode::CONFLICT, "supplies_no_doors");
    let Place::Community(community) = place else { return Err(none()) };
    if !sees_doors(asking, place) {
        return Err(Fault::new(StatusCode::FORBIDDEN, "forbidden"));
    }
    let (doors, order) = walked(app, asking, community, *round)?;
    let mut entrances: Vec<((&str, &str), Vec<Home>)> = Vec::new();
    let mut count = 0;
    for door in order.iter().map(|place| &doors[*place]) {
        if !buildings.is_empty() && !buildings.contains(&door.building) {
            continue;
        }
        count += 1;
        let home = Home { household: door.household, people: door.people.len() as u32 };
        let at = (&*door.building, &*door.entrance);
        match entrances.last_mut() {
            Some((last, homes)) if *last == at => homes.push(home),
            _ => entrances.push((at, vec![home])),
        }
    }
    if count == 0 {
        return Err(none());
    }
    if count > limits::DOORS_AT_ONCE {
        let many = Fault::new(StatusCode::CONFLICT, "supplies_doors_many");
        return Err(many.with("most", limits::DOORS_AT_ONCE));
    }
    Ok(entrances.into_iter().map(|(_, homes)| homes).collect())
}

/// A household that gets something.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    household: Uuid,
    people: u32,
}

/// What is asked comes to these commands: all of them are carried out, or none.
///
/// # Errors
/// A rule says no.
pub fn commands(open: &OpenBook, act: &DoorsAct, homes: &[Vec<Home>]) -> Result<Vec<(Role, Command)>, Fault> {
    let (own, supplies) = (open.book().own(), open.book().supplies());
    let store = stock_of(own);
    let at = |household: Uuid| End::Door { party: own, household };
    let known =
        |shipment: Uuid| supplies.shipment(shipment).ok_or_else(|| refused(&Refusal::UnknownShipment));
    let ours = |shipment: Uuid| {
        let of = known(shipment)?;
        // Who carries to others' households says nothing in their name.
        if is_to_us(own, &of) { Ok(of) } else { Err(refused(&Refusal::NotTheirs)) }
    };
    match act {
        DoorsAct::Promise { each, carrier, leaves, due, .. } => {
            let moment = |seconds: i64| Moment(seconds.saturating_mul(10_000));
            let key = open.shipment_key();
            let full = || Fault::new(StatusCode::CONFLICT, "full").with("most", supplies::SHIPMENTS_MOST);
            let shares = shares_of(each, homes)?;
            let template = Promise {
                shipment: Uuid::nil(),
                from: Some(store),
                carrier: Carrier { party: carrier.unwrap_or(own), person: None },
                to: To::Doors { party: own, of: Vec::new() },
                leaves: leaves.map(moment),
                due: moment(*due),
            };
            let first = supplies.next_number(&key);
            let promise = |(number, of): (u32, Vec<Share>)| {
                let shipment = key.code(number).ok_or_else(full)?.id();
                let promise = Promise { shipment, to: To::Doors { party: own, of }, ..template.clone() };
                Ok((Role::Desk, Command::Promise(promise)))
            };
            (first..).zip(supplies::shipments(&template, shares)).map(promise).collect()
        }
        DoorsAct::Send { shipments } => {
            let send = |shipment: &Uuid| {
                let promise = known(*shipment)?.promise.ok_or_else(|| refused(&Refusal::UnknownShipment))?;
                let lines = promise.to.lines().0.into_iter().map(|(good, count)| (good, i64::from(count)));
                let (shipment, lines) = (*shipment, lines.collect());
                Ok((Role::Keeper, Command::Send { shipment, from: store, lines }))
            };
            shipments.iter().map(send).collect()
        }
        DoorsAct::Give { shipment, households } => {
            let of = known(*shipment)?;
            let brings = of.promise.as_ref().is_some_and(|promise| promise.carrier.party == own);
            let role = if brings { Role::Carrier } else { Role::Desk };
            let mut all = Vec::new();
            for household in households {
                // Who has it needs no word that it stands at their door.
                if share(&of, *household)?.1.confirmed.is_none() {
                    all.push((role, Command::Give { shipment: *shipment, household: *household }));
                }
            }
            Ok(all)
        }
        DoorsAct::Confirm { shipment, household, lines, rest, why } => {
            let of = ours(*shipment)?;
            let theirs = share(&of, *household)?.0;
            let all = || theirs.0.iter().map(|(good, count)| (good.clone(), i64::from(*count))).collect();
            let lines = if lines.is_empty() { all() } else { asked(lines.clone()) };
            let (shipment, at, rest) = (*shipment, at(*household), *rest);
            let mut all =
                vec![(Role::Volunteer, Command::Receive { shipment, at, lines, rest, unlisted: false })];
            if let Some(why) = why {
                all.push((Role::Desk, Command::Explain { shipment, reason: reason(why)? }));
            }
            Ok(all)
        }
        DoorsAct::Return { shipment, household, why } => {
            let of = ours(*shipment)?;
            let (theirs, now) = share(&of, *household)?;
            if now.refused.is_some() {
                return Ok(Vec::new());
            }
            let refuse = Command::Refuse { shipment: *shipment, at: at(*household), reason: reason(why)? };
            let mut all = vec![(Role::Desk, refuse)];
            // As far as it left: what has not is in stock.
            let out = |good: &Good| of.transit.get(good).copied().unwrap_or(0);
            let back = theirs.0.iter().map(|(good, count)| (good.clone(), i64::from(*count).min(out(good))));
            let lines: supplies::Asked = back.filter(|(_, count)| *count > 0).collect();
            if !lines.is_empty() {
                all.push((Role::Keeper, Command::TakeBack { shipment: *shipment, at: store, lines }));
            }
            Ok(all)
        }
        DoorsAct::Settle { shipment, household, lines } => {
            share(&ours(*shipment)?, *household)?;
            let (step, at, lines) = (Step::Received, at(*household), Some(asked(lines.clone())));
            Ok(vec![(Role::Desk, Command::Settle { shipment: *shipment, step, at, lines })])
        }
    }
}

/// What each household gets, entrance by entrance.
fn shares_of(each: &[EachAsked], homes: &[Vec<Home>]) -> Result<Vec<Vec<Share>>, Fault> {
    let negative = each.iter().filter(|of| of.count < 0);
    let negative: Vec<_> =
        negative.map(|of| Refusal::CountNegative { good: of.good.clone() }.said()).collect();
    if !negative.is_empty() {
        return Err(Fault::Rules(negative));
    }
    let each: Vec<&EachAsked> = each.iter().filter(|of| of.count > 0).collect();
    if each.is_empty() {
        return Err(refused(&Refusal::NothingCounted));
    }
    let line = |of: &EachAsked, home: &Home| {
        let times = if of.per_person { i64::from(home.people) } else { 1 };
        // What is too much is refused by the rules themselves.
        let count = u32::try_from(of.count.saturating_mul(times)).unwrap_or(u32::MAX);
        (Good::new(of.good.trim(), of.unit.trim()), count)
    };
    let share = |home: &Home| Share {
        household: home.household,
        lines: each.iter().map(|of| line(of, home)).collect(),
    };
    Ok(homes.iter().map(|entrance| entrance.iter().map(share).collect()).collect())
}
