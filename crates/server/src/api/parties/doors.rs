//! Goods to the households of a community, at its desk: whose doors they are, what each gets, and how far it is, door by door. Households are ids of a round;
//! their doors are read from it when somebody looks, and nothing of a person is told.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    place_of, seconds,
    shipments::{LineAsked, asked, reason, refused, stock_of},
};
use crate::{
    access::{
        role::Place,
        table::{self, Found},
        who::Asking,
    },
    api::{Asker, Query, shift::doors_to_count},
    app::App,
    limits,
    machine::aside,
    parties::OpenBook,
    people::{
        self,
        id::{CommunityId, RoundId},
    },
    problem::{Fault, Problem},
    run::{held, walks::as_walked},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{Method, StatusCode},
};
use domain::Moment;
use parties::Book;
use phone::Door;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use supplies::{
    Carrier, Command, Counts, End, Good, Lines, Near, NearWhy, Promise, Refusal, Role, Share, ShareNow,
    ShipmentNow, Stage, Step, Subject, To,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use verbs::Voice;

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

/// Of which round doors are to be chosen.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DoorsAsked {
    /// The newest, if it is left out.
    #[param(value_type = Option<String>)]
    round: Option<RoundId>,
    /// Language of the answer.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// Whose doors can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorsPage {
    /// Rounds whose doors are known, the newest first.
    rounds: Vec<DoorsRound>,
    /// The one whose buildings are told; null where there is none.
    #[schema(required, value_type = Option<String>)]
    round: Option<RoundId>,
    /// In the order of walking.
    buildings: Vec<DoorsBuilding>,
    /// Households of one shipment, at most.
    most: usize,
}

/// A round.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorsRound {
    #[schema(value_type = String)]
    id: RoundId,
    /// What people call it.
    name: String,
    /// The planned opening, seconds since 1970.
    opens: i64,
}

/// A building of a round.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorsBuilding {
    /// As on its wall.
    building: String,
    doors: usize,
    people: usize,
}

/// How far a shipment to doors is.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorsCount {
    /// Households that get something.
    all: usize,
    /// At whose doors it was left, as whoever brings it says, and that have said nothing yet.
    given: usize,
    /// That have it, all or a part.
    confirmed: usize,
    /// For whom it came back.
    back: usize,
    /// Of whom nobody knows yet that they have it.
    unconfirmed: usize,
    /// Whether they are this party's.
    ours: bool,
}

/// The doors of a shipment.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShipmentDoors {
    /// In the order of walking.
    doors: Vec<DoorSeen>,
}

/// A door.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorSeen {
    /// The household's id in its round.
    #[schema(value_type = String)]
    household: Uuid,
    /// Building, entrance and door; the end of the id where nobody here knows them any more, or may not.
    door: String,
    lines: Vec<DoorLine>,
    /// Since when it is said to stand there, seconds since 1970.
    #[schema(required)]
    given: Option<i64>,
    /// Since when it is known to have come, or not to have been taken, seconds since 1970.
    #[schema(required)]
    confirmed: Option<i64>,
    /// Why it came back, in words; empty where it did not.
    back: String,
    /// Whether whoever asks has said that they left it there: they confirm nothing of it.
    by_you: bool,
    /// What can be said of it now: `give`, `confirm`, `rest`, `return`, `settle`.
    can: Vec<&'static str>,
}

/// A good for a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorLine {
    good: String,
    unit: String,
    /// How many are for them.
    count: i64,
    /// How many came.
    received: i64,
}

/// Which rounds have doors to which goods can go, and how many.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/supplies/doors",
    params(("party" = String, Path, description = "A community's id"), DoorsAsked),
    responses((status = OK, body = DoorsPage), (status = NOT_FOUND, body = Problem))
)]
pub async fn doors_to_choose(
    State(app): State<App>,
    asking: Asking,
    Path(party): Path<String>,
    Query(DoorsAsked { round, .. }): Query<DoorsAsked>,
) -> Result<Json<DoorsPage>, Fault> {
    let page = aside(move || {
        let Place::Community(community) = place_of(&app, &party)?.0 else { return Err(unknown()) };
        let rounds = rounds_of(&app, community)?;
        let round = round.or(rounds.first().map(|of| of.id));
        let mut buildings: Vec<DoorsBuilding> = Vec::new();
        let walked = round.map(|round| walked(&app, &asking, community, round)).transpose()?;
        for door in walked.iter().flat_map(|(doors, order)| order.iter().map(move |place| &doors[*place])) {
            let people = door.people.len();
            if let Some(of) = buildings.iter_mut().find(|of| of.building == door.building) {
                (of.doors, of.people) = (of.doors + 1, of.people + people);
            } else {
                buildings.push(DoorsBuilding { building: door.building.clone(), doors: 1, people });
            }
        }
        Ok(DoorsPage { rounds, round, buildings, most: supplies::SHARES_MOST })
    });
    page.await.map(Json)
}

/// The doors of a shipment, each with what is for it and how far that is.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/supplies/{shipment}/doors",
    params(
        ("party" = String, Path, description = "A community's id, or `in:` and a place's"),
        ("shipment" = String, Path), ("lang" = Option<String>, Query)
    ),
    responses((status = OK, body = ShipmentDoors), (status = NOT_FOUND, body = Problem))
)]
pub async fn doors_of_shipment(
    State(app): State<App>,
    asking: Asking,
    Path((party, shipment)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Json<ShipmentDoors>, Fault> {
    let page = aside(move || {
        let place = place_of(&app, &party)?.0;
        let book = app.parties.at(place)?;
        let id = Uuid::try_parse(&shipment).map_err(|_| unknown())?;
        let (own, me, of) = {
            let book = held(&book);
            let book = book.book();
            (book.own(), book.person(&asking.who.label()), book.supplies().shipment(id).ok_or_else(unknown)?)
        };
        let shares = shares(&of);
        let labels = labels(&app, &asking, place, shares.keys().copied().collect())?;
        let mut doors: Vec<((usize, String), DoorSeen)> = of
            .shares
            .iter()
            .filter_map(|share| {
                let household = share.household?;
                let lines = shares.get(&household)?;
                let at = label(&labels, household);
                Some((at.clone(), seen((own, me), &of, (household, at.1, lines), share, voice)))
            })
            .collect();
        doors.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(ShipmentDoors { doors: doors.into_iter().map(|(_, door)| door).collect() })
    });
    page.await.map(Json)
}

/// Doors by their households, each with its place in the order of walking.
pub type Labels = BTreeMap<Uuid, (usize, String)>;

/// What a desk's page says of doors.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Whether there are rounds whose doors can be chosen.
    pub choose: bool,
    /// Doors of which somebody should look at something.
    pub labels: Labels,
}

impl Known {
    /// Of a party, as far as whoever asks may see doors. Blocks on the disk.
    ///
    /// # Errors
    /// A store says no.
    pub fn of(app: &App, asking: &Asking, party: &str) -> Result<Known, Fault> {
        let place = place_of(app, party)?.0;
        let Place::Community(community) = place else { return Ok(Known::default()) };
        if !sees_doors(asking, place) {
            return Ok(Known::default());
        }
        let wanted = {
            let book = app.parties.at(place)?;
            let book = held(&book);
            let near = book.book().near_supplies(super::clock());
            near.iter().flat_map(|near| concerned(book.book(), near)).collect()
        };
        Ok(Known {
            choose: !rounds_of(app, community)?.is_empty(),
            labels: labels(app, asking, place, wanted)?,
        })
    }

    /// The doors that something is about, in the order of walking.
    pub fn doors(&self, book: &Book, near: &Near) -> Vec<String> {
        let mut all: Vec<(usize, String)> =
            concerned(book, near).into_iter().map(|household| label(&self.labels, household)).collect();
        all.sort();
        all.into_iter().map(|(_, door)| door).collect()
    }
}

/// Own households that something is about: that have not said that it came, or that lack something.
fn concerned(book: &Book, near: &Near) -> Vec<Uuid> {
    let Subject::Shipment(id) = near.of else { return Vec::new() };
    if near.households.is_empty() && near.why != NearWhy::Short {
        return Vec::new();
    }
    let Some(of) = book.supplies().shipment(id).filter(|of| is_to_us(book.own(), of)) else {
        return Vec::new();
    };
    if near.why != NearWhy::Short {
        return near.households.clone();
    }
    let shares = shares(&of);
    let lacks = |share: &&ShareNow| {
        let lines = share.household.and_then(|household| shares.get(&household));
        share.confirmed.is_some()
            && share.refused.is_none()
            && lines.is_some_and(|lines| is_short(lines, share))
    };
    of.shares.iter().filter(lacks).filter_map(|share| share.household).collect()
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
    if let Some(of) = each.iter().find(|of| of.count < 0) {
        return Err(refused(&Refusal::CountNegative { good: of.good.clone() }));
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

/// How far a shipment to doors is; `None` for one that goes to a stock.
pub fn count(own: Uuid, of: &ShipmentNow) -> Option<DoorsCount> {
    let Some(Promise { to: To::Doors { .. }, .. }) = of.promise else { return None };
    let doors = || of.shares.iter().filter(|share| share.household.is_some());
    let counted = |is: &dyn Fn(&ShareNow) -> bool| doors().filter(|share| is(share)).count();
    Some(DoorsCount {
        all: doors().count(),
        given: counted(&|share| share.confirmed.is_none() && share.brought.is_some()),
        confirmed: counted(&|share| share.confirmed.is_some() && share.refused.is_none()),
        back: counted(&|share| share.refused.is_some()),
        unconfirmed: counted(&|share| share.confirmed.is_none()),
        ours: is_to_us(own, of),
    })
}

fn seen(
    (own, me): (Uuid, Uuid),
    of: &ShipmentNow,
    (household, door, lines): (Uuid, String, &Lines),
    share: &ShareNow,
    voice: Voice,
) -> DoorSeen {
    let promise = of.promise.as_ref();
    let ours = is_to_us(own, of);
    let has_part = promise.is_some_and(|of| [of.carrier.party, of.party(), of.to.party()].contains(&own));
    let from_us = promise.is_some_and(|of| of.party() == own);
    let waits = share.confirmed.is_none() && !matches!(of.stage, Stage::CalledOff | Stage::TakenBack);
    let by_you = share.gave.iter().any(|who| (who.party, who.person) == (own, me));
    let short = is_short(lines, share);
    let came = share.confirmed.is_some() && share.refused.is_none();
    let all = [
        ("give", waits && has_part && share.brought.is_none()),
        ("confirm", waits && ours && !by_you),
        ("rest", ours && came && short && !by_you),
        ("return", waits && ours && from_us),
        ("settle", ours && share.confirmed.is_some()),
    ];
    DoorSeen {
        household,
        door,
        lines: lines.0.iter().map(|(good, count)| line(good, *count, &share.received)).collect(),
        given: share.brought.map(seconds),
        confirmed: share.confirmed.map(seconds),
        back: share.refused.map(|reason| voice.word(reason.key())).unwrap_or_default(),
        by_you: by_you && waits,
        can: all.into_iter().filter(|(_, is)| *is).map(|(word, _)| word).collect(),
    }
}

pub(in crate::api) fn line(good: &Good, count: u32, received: &Counts) -> DoorLine {
    let received = received.get(good).copied().unwrap_or(0);
    DoorLine { good: good.name.clone(), unit: good.unit.clone(), count: i64::from(count), received }
}

/// Whether a household lacks something of what was for it.
pub(in crate::api) fn is_short(lines: &Lines, share: &ShareNow) -> bool {
    lines.0.iter().any(|(good, count)| share.received.get(good).copied().unwrap_or(0) < i64::from(*count))
}

fn is_to_us(own: Uuid, of: &ShipmentNow) -> bool {
    of.promise.as_ref().is_some_and(|promise| promise.to.party() == own)
}

/// What each household of a shipment gets.
fn shares(of: &ShipmentNow) -> BTreeMap<Uuid, Lines> {
    match of.promise.as_ref().map(|promise| &promise.to) {
        Some(To::Doors { of, .. }) => of.iter().map(|share| (share.household, share.lines.clone())).collect(),
        _ => BTreeMap::new(),
    }
}

/// What is for a household, and how far it is.
///
/// # Errors
/// It gets nothing of it.
pub(in crate::api) fn share(of: &ShipmentNow, household: Uuid) -> Result<(&Lines, &ShareNow), Fault> {
    let now = of.shares.iter().find(|share| share.household == Some(household)).ok_or_else(unknown)?;
    let Some(Promise { to: To::Doors { of, .. }, .. }) = &of.promise else { return Err(unknown()) };
    let theirs = of.iter().find(|share| share.household == household).ok_or_else(unknown)?;
    Ok((&theirs.lines, now))
}

fn unknown() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "unknown_here")
}

/// Doors are shown to whoever may have the lists of doors of this place's rounds.
fn sees_doors(asking: &Asking, place: Place) -> bool {
    let rule = table::find(&Method::GET, "/api/v1/communities/{community}/rounds/{round}/walks");
    matches!(rule, Found::Rule(rule) if rule.permits(&asking.who, Some(place)))
}

/// Rounds of which doors are known, the newest first.
fn rounds_of(app: &App, community: CommunityId) -> Result<Vec<DoorsRound>, Fault> {
    let now = people::now();
    let known = app.runs.book.rounds(community)?.into_iter().filter(|of| of.retain_until > now);
    let round = |of: crate::run::book::RoundListed| DoorsRound { id: of.id, name: of.name, opens: of.opens };
    Ok(known.take(limits::ROUNDS_WITH_DOORS).map(round).collect())
}

/// The doors of a round, and their places in the order of walking.
fn walked(
    app: &App,
    asking: &Asking,
    community: CommunityId,
    round: RoundId,
) -> Result<(std::sync::Arc<Vec<Door>>, Vec<usize>), Fault> {
    let running = app.runs.running(community, round)?;
    let doors = doors_to_count(app, &running, asking, "goods go to doors")?;
    let definition = held(&running).made.definition.clone();
    let place: BTreeMap<Uuid, usize> =
        doors.iter().enumerate().map(|(place, door)| (door.household, place)).collect();
    let order = as_walked(&definition, &doors).into_iter().map(|door| place[&door.household]).collect();
    Ok((doors, order))
}

/// The doors of these households, of whichever round they are.
fn labels(app: &App, asking: &Asking, place: Place, mut wanted: BTreeSet<Uuid>) -> Result<Labels, Fault> {
    let mut labels = Labels::new();
    let Place::Community(community) = place else { return Ok(labels) };
    if wanted.is_empty() || !sees_doors(asking, place) {
        return Ok(labels);
    }
    for round in rounds_of(app, community)? {
        if wanted.is_empty() {
            break;
        }
        let running = app.runs.running(community, round.id)?;
        let doors = doors_to_count(app, &running, asking, "goods go to doors")?;
        if !doors.iter().any(|door| wanted.contains(&door.household)) {
            continue;
        }
        let definition = held(&running).made.definition.clone();
        for (place, door) in as_walked(&definition, &doors).into_iter().enumerate() {
            if wanted.remove(&door.household) {
                labels.insert(door.household, (place, door.label()));
            }
        }
    }
    Ok(labels)
}

/// A door where it is known, and else the end of the household's id, behind all that are.
fn label(labels: &Labels, household: Uuid) -> (usize, String) {
    let end = || household.simple().to_string().split_off(26);
    labels.get(&household).cloned().unwrap_or_else(|| (usize::MAX, format!("…{}", end())))
}
