//! What is brought to a person's home, for whoever has their link: what, by when, and whether it is there. The household says so itself, of its own
//! alone; of nobody else's anything is told.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use crate::{
    api::{
        Asker, Body, Query,
        names::Unkept,
        neighbours::seconds,
        parties::{Once, doors},
        rounds::place,
    },
    app::App,
    limits,
    machine::aside,
    parties::clock,
    people::id::{CommunityId, RoundId},
    problem::{Fault, Problem},
    run::{held, own::own_unknown},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use supplies::{Asked, Command, End, Good, Lines, Role, ShareNow, ShipmentNow, Stage};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// Whose page is asked for, and what they say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnGoodsAsk {
    /// What stands behind `#` in the link.
    token: String,
    /// What they say of something; null or absent: nothing, the page is looked at.
    act: Option<OwnGoodsSaid>,
}

/// What a household says of what was for it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnGoodsSaid {
    /// Of which delivery.
    #[schema(value_type = String)]
    delivery: Uuid,
    /// How many are there; none: all of it.
    #[serde(default)]
    lines: Vec<OwnGoodsCount>,
    /// What was missing has come.
    #[serde(default)]
    rest: bool,
}

/// A good and how many are there.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnGoodsCount {
    good: String,
    unit: String,
    count: u32,
}

/// What is brought to a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnGoods {
    /// The soonest first.
    deliveries: Vec<OwnDelivery>,
}

/// Something that is brought to a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnDelivery {
    /// Its id.
    #[schema(value_type = String)]
    id: Uuid,
    /// By when, seconds since 1970.
    due: i64,
    /// `promised`, `sent`, `given`, `here`, `missing`, `back` or `called_off`.
    state: &'static str,
    /// The same in words.
    message: String,
    /// Since when it was left at the door, or is confirmed, seconds since 1970; null where neither is said.
    #[schema(required)]
    since: Option<i64>,
    /// What is for them.
    lines: Vec<doors::DoorLine>,
    /// What they can say: `here`, `missing`, `rest`.
    can: Vec<&'static str>,
}

/// What is brought to a person's home, by their link; first what they say of it is written down, in the household's own name.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/mine/goods", request_body = OwnGoodsAsk,
    params(
        ("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query),
        ("once" = Option<String>, Query, description = "An id that was drawn for it: sent again after an answer was lost, it is done once")
    ),
    responses(
        (status = OK, body = OwnGoods), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "A rule says no", body = Problem)
    )
)]
pub async fn own_goods(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Query(Once { once }): Query<Once>,
    Body(OwnGoodsAsk { token, act }): Body<OwnGoodsAsk>,
) -> Result<Unkept<OwnGoods>, Fault> {
    let (community, round) = place(&community, &round).map_err(|_| own_unknown())?;
    let goods = aside(move || {
        let household = household(&app, community, round, &token)?;
        // A community that has sent nothing has no book yet.
        let Some(book) = app.parties.of(community.0)? else { return Ok(OwnGoods { deliveries: Vec::new() }) };
        let mut book = held(&book);
        let home = Home { party: community.0, household, now: clock(), voice };
        if let Some(said) = act {
            let command = home.command(&home.delivery(book.book().supplies(), said.delivery)?, said)?;
            let command = parties::Command::Supplies { role: Role::Household, command };
            book.command_once(&app.runs, &household.to_string(), None, once, |_| Ok(command.clone()))?;
        }
        Ok(home.goods(book.book().supplies()))
    });
    goods.await.map(Unkept::of)
}

/// The household of a link, as the round has it.
fn household(app: &App, community: CommunityId, round: RoundId, token: &str) -> Result<Uuid, Fault> {
    let whose = app.runs.whose(community, round, token)?;
    let id = app.people.resident_with(community, |id| whose.is(id))?.ok_or_else(own_unknown)?;
    Ok(whose.household(app.people.neighbour(community, id)?.household))
}

/// Who looks.
struct Home {
    party: Uuid,
    household: Uuid,
    now: Moment,
    voice: Voice,
}

impl Home {
    fn goods(&self, supplies: &supplies::Supplies) -> OwnGoods {
        let since = self.now + -(limits::DELIVERIES_SHOWN.as_secs() as i64 * 10_000);
        let mut deliveries: Vec<OwnDelivery> = supplies
            .to_household(self.party, self.household)
            .filter_map(|of| self.seen(&of))
            .filter(|of| of.can.contains(&"here") || of.since.unwrap_or(of.due) >= seconds(since))
            .collect();
        deliveries.sort_by_key(|of| (of.due, of.id));
        OwnGoods { deliveries }
    }

    fn delivery(&self, supplies: &supplies::Supplies, id: Uuid) -> Result<ShipmentNow, Fault> {
        let mut theirs = supplies.to_household(self.party, self.household);
        theirs.find(|of| of.id == id).ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "unknown_here"))
    }

    fn seen(&self, of: &ShipmentNow) -> Option<OwnDelivery> {
        let (lines, share) = doors::share(of, self.household).ok()?;
        let due = of.promise.as_ref()?.due;
        let state = match (share.confirmed, of.stage) {
            (Some(_), _) if share.refused.is_some() => "back",
            (Some(_), _) if doors::is_short(lines, share) => "missing",
            (Some(_), _) => "here",
            (None, Stage::CalledOff | Stage::TakenBack) => "called_off",
            (None, _) if share.brought.is_some() => "given",
            (None, Stage::Promised) => "promised",
            (None, _) => "sent",
        };
        let can: &[&str] = match state {
            "given" => &["here", "missing"],
            "promised" | "sent" if self.now >= due => &["here", "missing"],
            "promised" | "sent" => &["here"],
            "missing" => &["rest"],
            _ => &[],
        };
        Some(OwnDelivery {
            id: of.id,
            due: seconds(due),
            state,
            message: self.voice.word(&format!("own.goods.{state}")),
            since: share.confirmed.or(share.brought).map(seconds),
            lines: lines.0.iter().map(|(good, count)| doors::line(good, *count, &share.received)).collect(),
            can: can.to_vec(),
        })
    }

    fn command(&self, of: &ShipmentNow, said: OwnGoodsSaid) -> Result<Command, Fault> {
        let (theirs, share) = doors::share(of, self.household)?;
        let lines = if said.rest { lacking(theirs, share) } else { counted(theirs, said.lines)? };
        let none = lines.iter().all(|(_, count)| *count == 0);
        let due = of.promise.as_ref().map(|promise| promise.due);
        if none && share.brought.is_none() && due.is_some_and(|due| self.now < due) {
            return Err(Fault::new(StatusCode::CONFLICT, "supplies_door_early"));
        }
        let at = End::Door { party: self.party, household: self.household };
        Ok(Command::Receive { shipment: of.id, at, lines, rest: said.rest, unlisted: false })
    }
}

/// What is missing of what was for them.
fn lacking(theirs: &Lines, share: &ShareNow) -> Asked {
    let came = |good: &Good| share.received.get(good).copied().unwrap_or(0);
    let lacks = theirs.0.iter().map(|(good, count)| (good.clone(), i64::from(*count) - came(good)));
    lacks.filter(|(_, count)| *count > 0).collect()
}

/// What is there of what was for them: of nothing else, and no more.
fn counted(theirs: &Lines, said: Vec<OwnGoodsCount>) -> Result<Asked, Fault> {
    let said: BTreeMap<Good, u32> =
        said.into_iter().map(|of| (Good::new(&of.good, &of.unit), of.count)).collect();
    let all = said.is_empty();
    let line = |(good, most): (&Good, &u32)| match said.get(good) {
        Some(count) if count > most => {
            let large = Fault::new(StatusCode::CONFLICT, "supplies_count_large");
            Err(large.with("good", &good.name).with("most", most))
        }
        count => Ok((good.clone(), i64::from(count.copied().unwrap_or(if all { *most } else { 0 })))),
    };
    theirs.0.iter().map(line).collect()
}
