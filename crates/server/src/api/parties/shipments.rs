//! The stock of a party and the shipments that concern it, at its desk: what is there, what is on its way, what is in doubt and whom to call.

mod seen;

pub(super) use seen::Desk;
pub use seen::{CallSeen, PartyNamed, SuppliesPage, Worded};

use super::{
    Once, at_desk,
    doors::{self, DoorsAct, Known},
    provide::{self, GoodNamed, Rounds},
};
use crate::{
    access::who::Asking,
    api::{Asker, Body, Query},
    app::App,
    machine::aside,
    parties::{OpenBook, calls::Calls, clock, stock_of},
    people::id::RoundId,
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::Moment;
use serde::Deserialize;
use std::collections::BTreeMap;
use supplies::{
    Asked, Carrier, Command, End, Entry, Good, Lines, Loss, Promise, Reason, Refusal, Role, ShipmentCode,
    Step, To,
};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// A good and how many, as somebody typed it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineAsked {
    /// What stands on the box.
    good: String,
    /// In what it is counted.
    unit: String,
    count: i64,
}

/// Something that is done with supplies. As what somebody does it follows from what it is: who sends keeps the stock, who receives is at the gate.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SupplyAct {
    /// A shipment is promised to a party; or promised otherwise, as long as it has not left.
    Promise {
        /// One that was promised before; left out for a new one, which gets a code.
        #[schema(value_type = Option<String>)]
        shipment: Option<Uuid>,
        /// To whom: a partner, or the party's own id for what comes from outside.
        #[schema(value_type = String)]
        to: Uuid,
        /// Who brings it: a party; left out where it is the party's own.
        #[schema(value_type = Option<String>)]
        carrier: Option<Uuid>,
        lines: Vec<LineAsked>,
        /// When it leaves, seconds since 1970, where that is known.
        leaves: Option<i64>,
        /// When it is handed over at the latest, seconds since 1970.
        due: i64,
    },
    /// It will not come.
    CallOff {
        #[schema(value_type = String)]
        shipment: Uuid,
    },
    /// It leaves.
    Send {
        #[schema(value_type = String)]
        shipment: Uuid,
        lines: Vec<LineAsked>,
    },
    /// It stands at the gate.
    ReachGate {
        #[schema(value_type = String)]
        shipment: Uuid,
    },
    /// It came.
    Receive {
        /// Its id, or what stands on its delivery note, whole or in short.
        shipment: String,
        lines: Vec<LineAsked>,
        /// This came beside what came before.
        #[serde(default)]
        rest: bool,
        /// Nobody here knows the code, and whoever took it in has looked twice.
        #[serde(default)]
        unlisted: bool,
        /// Why it is another number than left, where somebody knows: one of the page's reasons.
        why: Option<String>,
    },
    /// It is not taken.
    Refuse {
        #[schema(value_type = String)]
        shipment: Uuid,
        /// One of the page's reasons.
        why: String,
    },
    /// The desk has looked: so many left, or came, whatever was said before.
    Settle {
        #[schema(value_type = String)]
        shipment: Uuid,
        /// Whether it is about what left; otherwise about what came.
        #[serde(default)]
        sent: bool,
        lines: Vec<LineAsked>,
    },
    /// It is in the sender's stock again.
    TakeBack {
        #[schema(value_type = String)]
        shipment: Uuid,
        lines: Vec<LineAsked>,
    },
    /// What was missing has turned up here.
    Find {
        #[schema(value_type = String)]
        shipment: Uuid,
        lines: Vec<LineAsked>,
    },
    /// What somebody knows of what is missing or too much.
    Explain {
        #[schema(value_type = String)]
        shipment: Uuid,
        /// One of the page's reasons.
        why: String,
    },
    /// What is missing of a shipment should be written off: somebody else, in another role, agrees.
    AskWriteOff {
        #[schema(value_type = String)]
        shipment: Uuid,
        lines: Vec<LineAsked>,
        /// One of the page's reasons.
        why: String,
    },
    /// The second person agrees.
    AgreeWriteOff {
        #[schema(value_type = String)]
        write_off: Uuid,
    },
    /// It came into stock without a shipment.
    Enter {
        lines: Vec<LineAsked>,
        /// `opening`, `bought` or `donated`.
        #[schema(value_type = String)]
        how: Entry,
    },
    /// So many there are.
    Count { lines: Vec<LineAsked> },
    /// The stock provides for a round: what its slots need of these goods is held against what there is, and what it uses goes from the stock.
    Provide {
        #[schema(value_type = String)]
        round: RoundId,
        /// These and no others; none: it provides for the round no more.
        goods: Vec<GoodNamed>,
    },
    /// Something with goods to households.
    Doors(DoorsAct),
}

/// The stock of a party and the shipments that concern it.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/supplies",
    params(("party" = String, Path, description = "A community's id, or `in:` and a place's"), ("lang" = Option<String>, Query)),
    responses((status = OK, body = SuppliesPage), (status = NOT_FOUND, body = Problem))
)]
pub async fn supplies_of(
    State(app): State<App>,
    asking: Asking,
    Path(party): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<SuppliesPage>, Fault> {
    let beside = beside(&app, &asking, &party).await?;
    at_desk(app, asking, party, |_, _, _| Ok(()), page_in(voice, beside)).await
}

/// Does something with supplies; all of it as it is then.
#[utoipa::path(
    post, path = "/api/v1/parties/{party}/supplies", request_body = SupplyAct,
    params(
        ("party" = String, Path, description = "A community's id, or `in:` and a place's"),
        ("lang" = Option<String>, Query),
        ("once" = Option<String>, Query, description = "An id that was drawn for it: sent again after an answer was lost, it is done once")
    ),
    responses((status = OK, body = SuppliesPage), (status = NOT_FOUND, body = Problem), (status = CONFLICT, description = "A rule says no", body = Problem))
)]
pub async fn act_with_supplies(
    State(app): State<App>,
    asking: Asking,
    Path(party): Path<String>,
    Asker(voice): Asker,
    Query(Once { once }): Query<Once>,
    Body(act): Body<SupplyAct>,
) -> Result<Json<SuppliesPage>, Fault> {
    let homes = match act.clone() {
        SupplyAct::Doors(act) => {
            let (app, asking, party) = (app.clone(), asking.clone(), party.clone());
            aside(move || doors::homes(&app, &asking, &party, &act)).await?
        }
        _ => Vec::new(),
    };
    let provides = match act.clone() {
        SupplyAct::Provide { round, goods } => {
            let (app, party) = (app.clone(), party.clone());
            Some((round, aside(move || provide::wanted(&app, &party, round, &goods)).await?))
        }
        _ => None,
    };
    let act = move |app: &App, book: &mut OpenBook, by: &str| {
        if let SupplyAct::Doors(act) = &act {
            let of = |book: &OpenBook| {
                let commands = doors::commands(book, act, &homes)?;
                Ok(parties::Command::AllSupplies { commands })
            };
            return book.command_once(&app.runs, by, None, once, of);
        }
        if let Some((round, wanted)) = &provides {
            let of = |book: &OpenBook| {
                let commands = provide::commands(book, *round, wanted);
                Ok(parties::Command::AllSupplies { commands })
            };
            return book.command_once(&app.runs, by, None, once, of);
        }
        // From the book as it is when it is written: another process may have given out a number since.
        let is_promise = matches!(act, SupplyAct::Promise { .. });
        let mut once = once;
        for given in commands(book, act.clone())? {
            let of = |book: &OpenBook| {
                let anew = if is_promise { commands(book, act.clone())?.pop() } else { None };
                let (role, command) = anew.unwrap_or_else(|| given.clone());
                Ok(parties::Command::Supplies { role, command })
            };
            book.command_once(&app.runs, by, None, once.take(), of)?;
        }
        Ok(())
    };
    let Json(()) = at_desk(app.clone(), asking.clone(), party.clone(), act, |_, _, _, _| ()).await?;
    // Which doors are to be told follows from what is so now.
    let beside = beside(&app, &asking, &party).await?;
    at_desk(app, asking, party, |_, _, _| Ok(()), page_in(voice, beside)).await
}

/// What the page says of doors and of rounds.
async fn beside(app: &App, asking: &Asking, party: &str) -> Result<(Known, Rounds), Fault> {
    let (app, asking, party) = (app.clone(), asking.clone(), party.to_owned());
    aside(move || Ok((Known::of(&app, &asking, &party)?, Rounds::of(&app, &party)?))).await
}

fn page_in(
    voice: Voice,
    (doors, rounds): (Known, Rounds),
) -> impl FnOnce(&OpenBook, String, &str, BTreeMap<Uuid, Calls>) -> SuppliesPage {
    move |book, name, by, calls| Desk { book: book.book(), name, by, calls, doors, rounds, voice }.page()
}

pub(super) fn asked(lines: Vec<LineAsked>) -> Asked {
    lines.into_iter().map(|line| (Good::new(line.good.trim(), line.unit.trim()), line.count)).collect()
}

/// What is asked comes to one command, or to two that are given one after the other.
pub(super) fn commands(open: &OpenBook, act: SupplyAct) -> Result<Vec<(Role, Command)>, Fault> {
    let (own, supplies) = (open.book().own(), open.book().supplies());
    let (store, end) = (stock_of(own), End::Store(stock_of(own)));
    // What goes to doors comes to doors, and not into a stock.
    let to_stock = |shipment: Uuid| {
        let promise = supplies.shipment(shipment).and_then(|of| of.promise);
        let doors = promise.is_some_and(|promise| matches!(promise.to, To::Doors { .. }));
        if doors { Err(refused(&Refusal::NotTheirs)) } else { Ok(shipment) }
    };
    let one = match act {
        SupplyAct::Promise { shipment, to, carrier, lines, leaves, due } => {
            let full = || Fault::new(StatusCode::CONFLICT, "full").with("most", supplies::SHIPMENTS_MOST);
            let key = open.shipment_key();
            let shipment = match shipment {
                // Every shipment of a desk has a code of its own.
                Some(shipment) => key.check(shipment).map_err(|_| refused(&Refusal::OtherParty))?.id(),
                None => key.code(supplies.next_number(&key)).ok_or_else(full)?.id(),
            };
            let moment = |seconds: i64| Moment(seconds.saturating_mul(10_000));
            let promise = Promise {
                shipment,
                from: (to != own).then_some(store),
                carrier: Carrier { party: carrier.unwrap_or(own), person: None },
                to: To::Store { store: stock_of(to), lines: promised(lines)? },
                leaves: leaves.map(moment),
                due: moment(due),
            };
            (Role::Desk, Command::Promise(promise))
        }
        SupplyAct::CallOff { shipment } => (Role::Desk, Command::CallOff { shipment }),
        SupplyAct::Send { shipment, lines } => {
            (Role::Keeper, Command::Send { shipment, from: store, lines: asked(lines) })
        }
        SupplyAct::ReachGate { shipment } => {
            let promise = supplies.shipment(shipment).and_then(|of| of.promise);
            let brings = promise.is_some_and(|promise| promise.to.party() != own);
            (if brings { Role::Carrier } else { Role::Gate }, Command::ReachGate { shipment })
        }
        SupplyAct::Receive { shipment, lines, rest, unlisted, why } => {
            let shipment = to_stock(named(open, &shipment, unlisted)?)?;
            let receive = Command::Receive { shipment, at: end, lines: asked(lines), rest, unlisted };
            let mut all = vec![(Role::Gate, receive)];
            if let Some(why) = why {
                all.push((Role::Gate, Command::Explain { shipment, reason: reason(&why)? }));
            }
            return Ok(all);
        }
        SupplyAct::Refuse { shipment, why } => {
            let shipment = to_stock(shipment)?;
            (Role::Gate, Command::Refuse { shipment, at: end, reason: reason(&why)? })
        }
        SupplyAct::Settle { shipment, sent, lines } => {
            let step = if sent { Step::Sent } else { Step::Received };
            // What strayed here is settled here, wherever it was to go.
            let strayed = || supplies.shipment(shipment).is_some_and(|of| of.elsewhere.contains_key(&own));
            let shipment = if sent || strayed() { shipment } else { to_stock(shipment)? };
            (Role::Desk, Command::Settle { shipment, step, at: end, lines: Some(asked(lines)) })
        }
        SupplyAct::TakeBack { shipment, lines } => {
            (Role::Keeper, Command::TakeBack { shipment, at: store, lines: asked(lines) })
        }
        SupplyAct::Find { shipment, lines } => {
            (Role::Keeper, Command::Find { shipment, at: store, lines: asked(lines) })
        }
        SupplyAct::Explain { shipment, why } => {
            (Role::Desk, Command::Explain { shipment, reason: reason(&why)? })
        }
        SupplyAct::AskWriteOff { shipment, lines, why } => {
            let (write_off, of) = (Uuid::new_v4(), Loss::Shipment(shipment));
            (Role::Keeper, Command::AskWriteOff { write_off, of, lines: asked(lines), reason: reason(&why)? })
        }
        SupplyAct::AgreeWriteOff { write_off } => (Role::Desk, Command::AgreeWriteOff { write_off }),
        SupplyAct::Enter { lines, how } => {
            (Role::Keeper, Command::Enter { store, lines: asked(lines), entry: how })
        }
        SupplyAct::Count { lines } => (Role::Keeper, Command::Count { store, lines: asked(lines) }),
        // These come to commands that are carried out together.
        SupplyAct::Doors(_) | SupplyAct::Provide { .. } => return Ok(vec![]),
    };
    Ok(vec![one])
}

/// The reason of a word.
pub(super) fn reason(word: &str) -> Result<Reason, Fault> {
    let of = Reason::ALL.into_iter().find(|of| super::last(of.key()) == word);
    of.ok_or_else(|| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "supplies_reason"))
}

/// The shipment of an id or a code. One that nobody here has heard of has to be typed whole.
fn named(open: &OpenBook, text: &str, unlisted: bool) -> Result<Uuid, Fault> {
    if let Ok(id) = Uuid::try_parse(text.trim()) {
        return Ok(id);
    }
    let known = open.book().supplies().read(text);
    let code = if unlisted { known.or_else(|_| ShipmentCode::parse(text)) } else { known };
    code.map(ShipmentCode::id).map_err(|fault| refused(&Refusal::Code(fault)))
}

/// What is promised. Too many is refused by the rules themselves; less than nothing is none.
fn promised(lines: Vec<LineAsked>) -> Result<Lines, Fault> {
    let negative = |line: &LineAsked| refused(&Refusal::CountNegative { good: line.good.clone() });
    let count = |line: LineAsked| match u32::try_from(line.count) {
        Err(_) if line.count < 0 => Err(negative(&line)),
        count => Ok((Good::new(line.good.trim(), line.unit.trim()), count.unwrap_or(u32::MAX))),
    };
    Ok(lines.into_iter().map(count).collect::<Result<Vec<_>, Fault>>()?.into_iter().collect())
}

pub(super) fn refused(refusal: &Refusal) -> Fault {
    let (code, args) = refusal.said();
    Fault::Problem { status: StatusCode::CONFLICT, code, args }
}
