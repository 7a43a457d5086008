//! A party's gate: phones of volunteers who take in what comes, with or without a network, by a link and without an account. They see what comes to this
//! party and nothing else of it, and what they did is written at the time at which they did it.

use super::{
    doors::Known,
    place_of,
    provide::Rounds,
    seconds,
    shipments::{CallSeen, Desk, LineAsked, SupplyAct, Worded, commands, refused},
};
use crate::{
    access::{
        secret::{Secret, SecretHash, hex},
        who::Asking,
    },
    api::{
        Asker, Body,
        rounds::{picture, reached_at},
    },
    app::App,
    limits,
    machine::aside,
    parties::{OpenBook, clock},
    people::{self, PeopleError},
    problem::{Fault, Problem},
    run::held,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use domain::Moment;
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, time::Instant};
use supplies::{Call, Command, Promise, Refusal, Role, ShipmentCode, ShipmentNow, To};
use utoipa::ToSchema;
use uuid::Uuid;

/// What the gate does with a shipment; all else is the desk's.
const AT_GATE: [&str; 4] = ["receive", "rest", "reach_gate", "refuse"];
/// So many bytes of a code's hash stand in the journal for whoever took something in: codes are told apart by them, and nobody is named.
const BY_BYTES: usize = 8;

/// Whether phones at the gate can tell what came.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateOpen {
    /// Until when the code holds, seconds since 1970; null where there is none.
    #[schema(required)]
    until: Option<i64>,
    /// When a phone asked by it last, seconds since 1970; null where none did.
    #[schema(required)]
    heard: Option<i64>,
}

/// A new code. It is shown once: only its hash is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateCodeMade {
    /// What is scanned: a link with the secret behind `#`.
    link: String,
    /// The same as a picture, SVG.
    svg: String,
    /// Until when it holds, seconds since 1970.
    until: i64,
}

/// What a phone at the gate shows to prove whose gate it is, and what was done there since it asked last.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GateAsked {
    /// What proves it.
    token: String,
    /// What was done, the first first.
    #[serde(default)]
    acts: Vec<GateDone>,
}

/// Something that was done at the gate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GateDone {
    /// Drawn by the phone: told again after an answer was lost, it is done once.
    #[schema(value_type = String)]
    id: Uuid,
    /// When it was done, seconds since 1970.
    made: i64,
    act: GateAct,
}

/// What is done at the gate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum GateAct {
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
        /// Nobody there knows the code, and whoever took it in has looked twice.
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
}

/// What a gate sees: what comes to its party.
#[derive(Debug, Serialize, ToSchema)]
pub struct GatePage {
    /// What people call the party.
    name: String,
    /// Until when the code holds, seconds since 1970.
    until: i64,
    /// What is awaited, the soonest first, and then what came, the newest first: until nothing is to be done any more, and a day longer.
    shipments: Vec<GateShipment>,
    /// Why another number came, or something is not taken.
    reasons: Vec<Worded>,
    /// What became of each act, in their order.
    told: Vec<GateTold>,
}

/// A shipment that comes to the party.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateShipment {
    /// Its id.
    #[schema(value_type = String)]
    id: Uuid,
    /// What stands on its delivery note; empty where it has no code.
    code: String,
    /// The same in short.
    short: String,
    /// How far it is, in words.
    stage: String,
    /// From whom; empty where that is not known, or it comes from outside.
    from: String,
    /// When it is handed over at the latest, seconds since 1970; null where nobody promised it.
    #[schema(required)]
    due: Option<i64>,
    /// What is on it.
    lines: Vec<GateLine>,
    /// What the gate can do with it now: `receive`, `rest`, `reach_gate`, `refuse`.
    can: Vec<&'static str>,
    /// Whom to call of it: those who gave a number.
    call: Vec<CallSeen>,
}

/// A good on a shipment.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateLine {
    good: String,
    unit: String,
    /// How many should be there: what left; as long as nobody has said that, what was promised.
    awaited: i64,
    /// How many came.
    received: i64,
    /// How many left, did not come, and are neither found nor written off.
    missing: i64,
}

/// What became of an act.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateTold {
    /// Which.
    #[schema(value_type = String)]
    id: Uuid,
    /// Why it was not done, and what to do; null where it was done, now or before.
    #[schema(required)]
    problem: Option<Problem>,
}

/// Whether phones at the gate can tell what came, and when one was heard last.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/gate",
    params(("party" = String, Path, description = "A community's id, or `in:` and a place's")),
    responses((status = OK, body = GateOpen), (status = NOT_FOUND, body = Problem))
)]
pub async fn gate_of(State(app): State<App>, Path(party): Path<String>) -> Result<Json<GateOpen>, Fault> {
    let open = aside(move || {
        let code = app.runs.book.gate(party_of(&app, &party)?, people::now())?;
        let heard = code.map(|code| code.heard).filter(|heard| *heard > 0);
        Ok(GateOpen { until: code.map(|code| code.expires), heard })
    });
    open.await.map(Json)
}

/// Makes a code by which phones at the gate tell what came, without an account; one that there was ends.
#[utoipa::path(
    post, path = "/api/v1/parties/{party}/gate",
    params(("party" = String, Path, description = "A community's id, or `in:` and a place's")),
    responses((status = CREATED, body = GateCodeMade), (status = NOT_FOUND, body = Problem))
)]
pub async fn open_gate(
    State(app): State<App>,
    Path(party): Path<String>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<GateCodeMade>), Fault> {
    let reached = reached_at(&app, &headers);
    let made = aside(move || {
        let party = party_of(&app, &party)?;
        let token = Secret::draw();
        let until = people::now() + limits::GATE_WITHIN.as_secs() as i64;
        app.runs.book.open_gate(party, &token.hash(), until)?;
        let link = format!("{reached}/gate#{party}/{}", token.text());
        Ok(GateCodeMade { svg: picture(&link), link, until })
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// Ends the code: no phone at the gate tells anything more until there is a new one.
#[utoipa::path(
    delete, path = "/api/v1/parties/{party}/gate",
    params(("party" = String, Path, description = "A community's id, or `in:` and a place's")),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem))
)]
pub async fn end_gate(State(app): State<App>, Path(party): Path<String>) -> Result<StatusCode, Fault> {
    let ended = aside(move || app.runs.book.end_gate(party_of(&app, &party)?));
    ended.await.map(|()| StatusCode::NO_CONTENT)
}

/// Takes what was done at a gate, each act once and at its own time, and answers what comes there. What is refused says why, and keeps nothing else
/// from being done.
#[utoipa::path(
    post, path = "/api/v1/gates/{gate}", request_body = GateAsked,
    params(("gate" = String, Path, description = "The party's own id, as the link says"), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = GatePage), (status = NOT_FOUND, description = "The link opens nothing", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "Too many acts at once", body = Problem),
        (status = TOO_MANY_REQUESTS, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)
    )
)]
pub async fn at_gate(
    State(app): State<App>,
    asking: Asking,
    Path(gate): Path<String>,
    Asker(voice): Asker,
    Body(asked): Body<GateAsked>,
) -> Result<Json<GatePage>, Fault> {
    app.attempts.reading(asking.address, Instant::now())?;
    if asked.acts.len() > limits::GATE_ACTS {
        let many = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "gate_many");
        return Err(many.with("most", limits::GATE_ACTS));
    }
    let page = aside(move || {
        let shown = Uuid::try_parse(&gate).ok().zip(Secret::parse(&asked.token));
        let code = |(party, token): (Uuid, Secret)| {
            let code = app.runs.book.gate_of(party, &token.hash(), people::now())?;
            Ok::<_, Fault>(code.map(|code| (party, token.hash(), code.expires)))
        };
        let Some((party, hash, until)) = shown.map(code).transpose()?.flatten() else {
            app.attempts.stranger(asking.address, Instant::now())?;
            return Err(unknown());
        };
        let book = app.parties.of(party)?.ok_or_else(unknown)?;
        let mut book = held(&book);
        let (_, name) = place_of(&app, &book.party.place.to_string())?;
        let by = by(&hash);
        let mut told = Vec::with_capacity(asked.acts.len());
        for GateDone { id, made, act } in asked.acts {
            let problem = match does(&app, &mut book, &by, (id, made), act) {
                Ok(()) => None,
                // What failed is told again, and with it all that was done after it.
                Err(fault) => Some(fault.refusal(voice).ok_or(fault)?),
            };
            told.push(GateTold { id, problem });
        }
        let calls = app.parties.calls(party)?;
        let doors = Known::default();
        let desk = Desk {
            book: book.book(),
            name: name.clone(),
            by: &by,
            calls,
            doors,
            rounds: Rounds::default(),
            voice,
        };
        Ok(GatePage { until, shipments: seen(&desk), reasons: desk.reasons(), told, name })
    });
    page.await.map(Json)
}

fn unknown() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "gate_unknown")
}

/// The party's own id. Its book is opened with the first look.
fn party_of(app: &App, text: &str) -> Result<Uuid, Fault> {
    let (place, _) = place_of(app, text)?;
    app.parties.at(place)?;
    crate::run::book::Party::id_of(place).ok_or(PeopleError::Unknown.into())
}

/// What stands in the journal for whoever holds a code.
fn by(hash: &SecretHash) -> String {
    format!("gate-{}", hex(&hash[..BY_BYTES]))
}

/// Does something that was done at the gate at that time, if it was not done before.
fn does(
    app: &App,
    book: &mut OpenBook,
    by: &str,
    (id, made): (Uuid, i64),
    act: GateAct,
) -> Result<(), Fault> {
    // Told again, it is done; but for why it was another number, a record of its own that may have failed.
    let is_done = book.book().has_written(id);
    if is_done && !matches!(act, GateAct::Receive { why: Some(_), .. }) {
        return Ok(());
    }
    let at = if is_done { moment(made).ok() } else { Some(moment(made)?) };
    let mut once = Some(id);
    for (_, command) in commands(book, act.into())? {
        if is_done && once.take().is_some() {
            continue;
        }
        is_ours(book, &command)?;
        // Whoever stands at the gate says what is there, whatever another phone has said meanwhile.
        let command = Command::Unheard(Box::new(command));
        let of = |_: &OpenBook| Ok(parties::Command::Supplies { role: Role::Gate, command: command.clone() });
        book.command_once(&app.runs, by, at, once.take(), of)?;
    }
    Ok(())
}

/// When something was done that a phone tells now.
fn moment(made: i64) -> Result<Moment, Fault> {
    let now = people::now();
    let (ahead, within) = (limits::GATE_AHEAD.as_secs() as i64, limits::GATE_TOLD_WITHIN.as_secs() as i64);
    if made > now.saturating_add(ahead) {
        return Err(Fault::new(StatusCode::CONFLICT, "gate_ahead").with("minutes", ahead / 60));
    }
    if made < now - within {
        return Err(Fault::new(StatusCode::CONFLICT, "gate_late").with("days", within / 86_400));
    }
    Ok(Moment(made.saturating_mul(10_000)).min(clock()))
}

/// Whether it is the gate's to say. What another party awaits may have come here all the same; it is seen as astray.
fn is_ours(book: &OpenBook, command: &Command) -> Result<(), Fault> {
    let (shipment, may_stray) = match command {
        Command::Receive { shipment, .. } => (*shipment, true),
        Command::ReachGate { shipment } | Command::Refuse { shipment, .. } => (*shipment, false),
        _ => return Ok(()),
    };
    let own = book.book().own();
    let promise = book.book().supplies().shipment(shipment).and_then(|of| of.promise);
    match promise {
        Some(of) if !(comes_to(own, &of) || may_stray && of.to.party() != own) => {
            Err(refused(&Refusal::NotTheirs))
        }
        _ => Ok(()),
    }
}

/// Whether it comes to a party's gate; what goes to doors does not.
fn comes_to(own: Uuid, promise: &Promise) -> bool {
    matches!(&promise.to, To::Store { store, .. } if store.party == own)
}

/// What comes to the party, and what came.
fn seen(desk: &Desk<'_>) -> Vec<GateShipment> {
    let (own, now) = (desk.book.own(), clock());
    let since = people::now() - limits::GATE_SHOWN.as_secs() as i64;
    let comes = |of: &ShipmentNow| match &of.promise {
        Some(promise) => comes_to(own, promise),
        None => !of.received.is_empty(),
    };
    let is_shown = |of: &ShipmentNow| !of.is_over() || !of.received.is_empty() && seconds(of.since) >= since;
    let all = desk.book.supplies().shipments().filter(|of| comes(of) && is_shown(of));
    let (mut over, mut open): (Vec<ShipmentNow>, Vec<ShipmentNow>) = all.partition(ShipmentNow::is_over);
    // What can be done is asked of the rules: of no more than somebody looks through.
    open.sort_by_key(|of| (of.promise.as_ref().map_or(of.since, |promise| promise.due), of.id));
    open.truncate(limits::LINES_SHOWN);
    over.sort_by_key(|of| (Reverse(of.since), of.id));
    over.truncate(limits::SHIPMENTS_SHOWN);
    let all = open.into_iter().chain(over).map(|of| (desk.can(now, &of), of));
    let (mut awaited, mut came): (Vec<_>, Vec<_>) = all.partition(|(can, _)| can.contains(&"receive"));
    awaited.sort_by_key(|(_, of)| (of.promise.as_ref().map_or(of.since, |promise| promise.due), of.id));
    came.sort_by_key(|(_, of)| (Reverse(of.since), of.id));
    awaited.truncate(limits::LINES_SHOWN);
    came.truncate(limits::SHIPMENTS_SHOWN);
    awaited.into_iter().chain(came).map(|(can, of)| shipment(desk, can, &of)).collect()
}

fn shipment(desk: &Desk<'_>, can: Vec<&'static str>, of: &ShipmentNow) -> GateShipment {
    let awaited = of.awaited();
    let mut goods: Vec<_> = awaited.keys().chain(of.received.keys()).collect();
    goods.sort();
    goods.dedup();
    let lines = goods.into_iter().map(|good| GateLine {
        good: good.name.clone(),
        unit: good.unit.clone(),
        awaited: awaited.get(good).copied().unwrap_or(0),
        received: of.received.get(good).copied().unwrap_or(0),
        missing: of.missing.get(good).copied().unwrap_or(0),
    });
    let code = ShipmentCode::of_id(of.id);
    GateShipment {
        id: of.id,
        code: code.map(|code| code.to_string()).unwrap_or_default(),
        short: code.map(ShipmentCode::short).unwrap_or_default(),
        stage: desk.voice.word(of.stage.key()),
        from: of
            .promise
            .as_ref()
            .and_then(|of| of.from)
            .map(|from| desk.named(from.party))
            .unwrap_or_default(),
        due: of.promise.as_ref().map(|promise| seconds(promise.due)),
        lines: lines.collect(),
        can: can.into_iter().filter(|can| AT_GATE.contains(can)).collect(),
        call: of.promise.as_ref().map(|promise| call(desk, promise)).unwrap_or_default(),
    }
}

/// Whoever brings it, and whoever sends it.
fn call(desk: &Desk<'_>, promise: &Promise) -> Vec<CallSeen> {
    let of = |party, role| Call { party, role, person: None };
    let sender = promise.from.map(|from| of(from.party, Role::Keeper));
    let all = [Some(of(promise.carrier.party, Role::Carrier)), sender].into_iter().flatten();
    let others = all.filter(|call| call.party != desk.book.own()).map(|call| desk.called(&call));
    others.filter(|call| !call.phone.is_empty()).collect()
}

impl From<GateAct> for SupplyAct {
    fn from(act: GateAct) -> SupplyAct {
        match act {
            GateAct::ReachGate { shipment } => SupplyAct::ReachGate { shipment },
            GateAct::Receive { shipment, lines, rest, unlisted, why } => {
                SupplyAct::Receive { shipment, lines, rest, unlisted, why }
            }
            GateAct::Refuse { shipment, why } => SupplyAct::Refuse { shipment, why },
        }
    }
}
