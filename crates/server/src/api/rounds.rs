//! Real rounds: made, listed, and led from the secretary's desk.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod codes;

use super::{
    Asker, Body,
    paper::still,
    scenarios,
    shift::{Use, doors_of},
    verbs_on::desk,
};
use crate::{
    access::{
        secret::random,
        who::{Asking, Who},
    },
    app::App,
    limits,
    machine::{aside, zones},
    people::{
        self,
        id::{CommunityId, DeviceId, RoundId},
        names::{Import, Looks},
    },
    problem::{Fault, Problem},
    run::{
        book::{Made, RoundListed},
        definition::{Definition, Source},
        evening::Evening,
        held,
        mop_up::{Before, ServedBefore, leave_missed},
        roll::{OfRoll, list_of},
        running::CommandFault,
    },
    schema::{notes::Refused, options::PolicyName},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
};
use domain::{Command, Moment, command::Table};
use jiff::civil::Date;
use journal::{Log, PublicKey, SecretKey};
use round::{Lot, TOGETHER_MAX};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use verbs::{
    Voice,
    options::{self, RehearseOptions},
};

/// A round to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRound {
    /// The scenario.
    scenario: String,
    /// Plan by this policy; absent: as the scenario's law says.
    #[schema(value_type = Option<PolicyName>)]
    policy: Option<options::PolicyName>,
    /// A plan, as `plan` gives it, in the place of a policy.
    #[schema(value_type = Option<Object>)]
    plan: Option<Value>,
    /// The day until which names are kept: at its end they are destroyed.
    retain_until: String,
    /// Lots that may be given; where there are none, lots are not written down.
    #[serde(default)]
    lots: Vec<NewLot>,
    /// An earlier round of the community: this one is for those alone whom that one had on its roll and did not serve.
    missed_of: Option<String>,
    /// Its day, in the place of the scenario's.
    date: Option<String>,
}

/// A lot of doses, courses or parcels.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLot {
    /// As it stands on the box.
    name: String,
    /// The day from whose end on nothing of it may be given.
    expires: Option<String>,
    /// Whether it was recalled.
    #[serde(default)]
    recalled: bool,
}

/// A round.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundSummary {
    /// Its id.
    id: RoundId,
    /// What people call it.
    name: String,
    /// The planned opening, seconds since 1970.
    opens: i64,
    /// Where the site's clocks are: `Asia/Shanghai`.
    timezone: String,
    /// `before`, `open` or `closed`.
    phase: &'static str,
    /// Until when phones may work, seconds since 1970.
    phones_until: i64,
    /// Until when names are kept, seconds since 1970.
    retain_until: i64,
    /// Everyone seen so far, and of those who were served.
    people: [u32; 2],
    /// Facts that contradict each other, and such as nobody need believe, that wait for somebody to settle them.
    conflicts: usize,
    /// What was sent and not admitted, of the community.
    quarantined: usize,
    /// What was written and is no event that this program knows.
    unread: usize,
    /// What the secretariat should look at among the community's neighbours.
    neighbours_near: usize,
}

/// A table of a station.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Seat {
    /// The station's name.
    station: String,
    /// Lane, from 1; 0 for a shared station.
    lane: u16,
    /// Server, from 1; 0 where they are not counted.
    server: u32,
}

/// Commands that belong together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Commands {
    /// As the phones' commands are written: `{"type":"OpenRound"}`.
    #[schema(value_type = Vec<Object>)]
    commands: Vec<Command>,
}

/// What came of commands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Commanded {
    /// Events that were written down.
    events: usize,
}

/// Makes a round of a scenario: from now on phones can join it.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds", request_body = NewRound,
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = CREATED, body = RoundSummary), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "Nobody was missed, or there are too many rounds", body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn make_round(
    State(app): State<App>,
    Path(community): Path<String>,
    asking: Asking,
    Asker(voice): Asker,
    Body(new): Body<NewRound>,
) -> Result<(StatusCode, Json<RoundSummary>), Fault> {
    let community = community_of(&community)?;
    let kept = scenarios::read(app.clone(), asking.clone(), &new.scenario).await?;
    let now = people::now();
    let until = day(&new.retain_until)?;
    let date = new.date.as_deref().map(day).transpose()?;
    let before = new.missed_of.as_deref().map(round_of).transpose()?;
    let expiries = expiries(&new.lots)?;
    let within = app.clone();
    let made = app.turns.compute(move || {
        let app = within;
        app.people.community(community)?;
        let files = on_the_day(kept.files, date)?;
        let asked =
            RehearseOptions { policy: new.policy, plan: new.plan, quick: true, ..RehearseOptions::default() };
        let desk = desk(&files, voice);
        // Of those whom another round missed there is a plan once they are known.
        let (mut scenario, mut plan) = match before {
            Some(_) => (desk.scenario(&[])?, None),
            None => desk.planned(&asked)?,
        };
        let zone = jiff::tz::TimeZone::get(&scenario.community.timezone).unwrap_or(jiff::tz::TimeZone::UTC);
        let lots = lots(&new.lots, &expiries, &zone)?;
        let retain_until = end_of(until, &zone)?.0 / 10_000;
        let lasts = scenario.round.closes.unwrap_or(24 * 36_000_000) / 10_000;
        let opens = verbs::clock::opening(&scenario, &zones).map_or(now, |opens| opens.0 / 10_000);
        let phones_until = opens.max(now) + lasts + limits::PHONES_AFTER.as_secs() as i64;
        // Names are there while phones need them, and not for ever.
        if retain_until < phones_until.min(now + 86_400) || retain_until > now + limits::RETAIN_DAYS * 86_400
        {
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "retention"));
        }
        app.runs.book.has_room(community)?;
        let one_for_all = comes_one(&files, &scenario);
        let list = list_of(&files, &scenario, app.people.has_residents(community)?)?;
        let id = RoundId::draw();
        let import =
            list.as_ref().map(|(roll, cells)| Import { community, round: id, retain_until, roll, cells });
        // All that may be refused comes before the roll is taken in, and before anybody's names are kept for longer.
        let missed = before.map(|before| app.runs.running(community, before)).transpose()?;
        let mut planned = None;
        let mut earlier = ServedBefore::default();
        if let Some(running) = &missed {
            let made = held(running).made.clone();
            earlier = app.runs.served_before(&made)?;
            let doors = doors_of(&app, &still(made)?, &asking, (Use::Count, "a round is made"))?;
            let nobody_missed = || Fault::new(StatusCode::CONFLICT, "nobody_missed");
            let (folded, made) = {
                let running = held(running);
                (running.folded().clone(), running.made.clone())
            };
            if Evening::new(&folded, &made.definition, &doors).missed().is_empty() {
                return Err(nobody_missed());
            }
            let would =
                import.as_ref().map(|import| Ok(OfRoll::new(app.people.would_import(import)?, import.roll)));
            let mut on_roll = would.unwrap_or_else(|| Ok::<_, Fault>(OfRoll::default()))?;
            let mut tried = scenario.clone();
            leave_missed((&held(running), &earlier), &mut tried, &mut on_roll, one_for_all);
            // Whoever it missed is not on the roll any more.
            if on_roll.residents.is_empty() {
                return Err(nobody_missed());
            }
            plan = desk.plan_for(&tried, &asked)?;
            planned = Some(tried.roll);
        }
        let make = || {
            let looks = Looks { who: &asking.who.label(), why: "a round is made", now };
            let mut on_roll = match &import {
                Some(import) => OfRoll::new(app.people.import(import, looks)?, import.roll),
                None => {
                    app.people.keep_names_until(community, id, retain_until, now)?;
                    OfRoll::default()
                }
            };
            let secret: [u8; 32] = random();
            let mut of_before = None;
            if let Some(running) = &missed {
                let running = held(running);
                leave_missed((&running, &earlier), &mut scenario, &mut on_roll, one_for_all);
                if planned.as_ref() != Some(&scenario.roll) {
                    // A phone told of somebody in between, or another roll came in: what was planned is not for these people.
                    return Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"));
                }
                of_before = Some(Before::new(&running.made, &on_roll, &secret));
            }
            let source = Source {
                scenario: &scenario,
                plan: plan.as_ref(),
                on_roll: &on_roll,
                one_for_all,
                lots,
                kept: verbs::ahead::Kept::of(&files, &scenario),
                needs: desk.needs(&scenario, plan.as_ref()),
                made_from: &new.scenario,
                before: of_before,
            };
            let definition = Definition::new(source, &secret).expect("an unknown time zone was refused");
            let made = Made {
                community,
                id,
                name: kept.name.clone(),
                opens,
                made: now,
                phones_until,
                retain_until,
                secret,
                tube_key: random(),
                desk: DeviceId::draw(),
                desk_key: random(),
                bound: true,
                definition,
            };
            enrol(&app, &made, made.desk, &SecretKey::from_random(made.desk_key).public())?;
            app.runs.book.make(&made)?;
            Ok(made)
        };
        match make() {
            Ok(made) => summary(&app, &made),
            Err(fault) => {
                app.people.keep_names_no_more(community, id)?;
                Err(fault)
            }
        }
    });
    Ok((StatusCode::CREATED, Json(made.await?)))
}

/// The rounds of a community, the newest first.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds", params(("community" = String, Path)),
    responses((status = OK, body = [RoundListed]))
)]
pub async fn rounds(
    State(app): State<App>,
    Path(community): Path<String>,
) -> Result<Json<Vec<RoundListed>>, Fault> {
    let community = community_of(&community)?;
    aside(move || app.runs.book.rounds(community)).await.map(Json)
}

/// A round.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}",
    params(("community" = String, Path), ("round" = String, Path)),
    responses((status = OK, body = RoundSummary), (status = NOT_FOUND, body = Problem))
)]
pub async fn round(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
) -> Result<Json<RoundSummary>, Fault> {
    let (community, round) = place(&community, &round)?;
    aside(move || summary(&app, &app.runs.book.round(community, round)?)).await.map(Json)
}

/// Carries out commands at the secretary's desk: all of them, or none.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/commands", request_body = Commands,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Commanded), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "A rule says no", body = Problem)
    )
)]
pub async fn command(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(Commands { commands }): Body<Commands>,
) -> Result<Result<Json<Commanded>, (StatusCode, Json<Problem>)>, Fault> {
    let (community, round) = place(&community, &round)?;
    if commands.is_empty() || commands.len() > TOGETHER_MAX {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "commands").with("most", TOGETHER_MAX));
    }
    let done = aside(move || {
        let running = app.runs.running(community, round)?;
        let mut running = held(&running);
        // Its desk signs nothing any more.
        still(running.made.clone())?;
        match running.command(&app.runs, Moment::from(jiff::Timestamp::now()), &commands) {
            Ok(events) => Ok(Ok(Json(Commanded { events: events.len() }))),
            Err(CommandFault::Fault(fault)) => Err(fault),
            Err(CommandFault::Refused(_, refusal)) => {
                Ok(Err(refused(&refusal.said(&running.made.definition.rules), voice)))
            }
        }
    });
    done.await
}

/// A rule's answer, in words.
pub(super) fn refused(said: &round::Said, voice: Voice) -> (StatusCode, Json<Problem>) {
    let [message, mend] = ["", ".next"].map(|end| voice.said("refusal", end, said));
    (StatusCode::CONFLICT, Json(Problem { code: said.code.to_owned(), message, mend }))
}

/// A round as it is listed. Blocks on the disk.
fn summary(app: &App, made: &Made) -> Result<RoundSummary, Fault> {
    let now = Moment::from(jiff::Timestamp::now());
    let neighbours_near = app.people.neighbours_near(made.community, now)?;
    let running = app.runs.running(made.community, made.id)?;
    let running = held(&running);
    let round = running.folded().live().round();
    let community = *made.community.0.as_bytes();
    let aside = app.runs.journal.quarantined(community, None).map_err(|error| Fault::from(&error))?;
    let counts = round.counts();
    Ok(RoundSummary {
        id: made.id,
        name: made.name.clone(),
        opens: made.opens,
        timezone: running.made.definition.zone().iana_name().unwrap_or("UTC").to_owned(),
        phase: round.phase().name(),
        phones_until: made.phones_until,
        retain_until: made.retain_until,
        people: [counts.arrived, counts.served],
        conflicts: running.folded().open_conflicts(),
        quarantined: aside.iter().filter(|of| !of.settled).count(),
        unread: running.unread(),
        neighbours_near,
    })
}

/// Lets a device of a round write.
pub(super) fn enrol(app: &App, made: &Made, device: DeviceId, key: &PublicKey) -> Result<(), Fault> {
    let name = journal::LogName { community: *made.community.0.as_bytes(), device: *device.0.as_bytes() };
    let log = Log { name, book: *made.id.0.as_bytes(), key: *key };
    app.runs
        .journal
        .enrol(log)
        .map_err(|error| Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "journal").with("why", error))
}

/// The community and round of an address. What is no id is none that we know.
pub(super) fn place(community: &str, round: &str) -> Result<(CommunityId, RoundId), Fault> {
    Ok((community_of(community)?, round_of(round)?))
}

fn round_of(text: &str) -> Result<RoundId, Fault> {
    RoundId::parse(text).ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "round_unknown"))
}

/// The same for somebody who may be a phone of another round.
pub(super) fn place_for(
    asking: &Asking,
    community: &str,
    round: &str,
) -> Result<(CommunityId, RoundId), Fault> {
    let (community, round) = place(community, round)?;
    match &asking.who {
        Who::Device(device) if device.round != round => {
            Err(Fault::new(StatusCode::NOT_FOUND, "round_unknown"))
        }
        _ => Ok((community, round)),
    }
}

pub(super) fn community_of(text: &str) -> Result<CommunityId, Fault> {
    CommunityId::parse(text).ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "unknown_here"))
}

/// The address by which whoever asks reaches the server: phones beside them reach it by the same. The guard has checked it.
/// How whoever asks reaches this server.
pub(super) fn reached_at(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let scheme = if app.mode.is_tls() { "https" } else { "http" };
    host.map_or_else(|| app.mode.url(), |host| format!("{scheme}://{host}"))
}

/// The folder with another day in it.
fn on_the_day(files: scenario::Files, date: Option<Date>) -> Result<scenario::Files, Fault> {
    let Some(date) = date else { return Ok(files) };
    let (edited, notes) = scenario::edit(&files, &[("round.date".to_owned(), format!("\"{date}\""))]);
    Ok(edited.ok_or(notes)?)
}

/// Whether one comes for each household, as the scenario's service says.
fn comes_one(files: &scenario::Files, scenario: &domain::Scenario) -> bool {
    let (service, _) = scenario::service(&scenario.round.purpose, files);
    service.is_some_and(|service| service.comes == scenario::Comes::One)
}

fn day(text: &str) -> Result<Date, Fault> {
    let wrong = || {
        Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "day")
            .with("day", text.chars().take(20).collect::<String>())
    };
    text.parse().map_err(|_| wrong())
}

/// The end of a day at the site.
fn end_of(day: Date, zone: &jiff::tz::TimeZone) -> Result<Moment, Fault> {
    let wrong = |_| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "day").with("day", day);
    let next = day.tomorrow().map_err(wrong)?;
    Ok(Moment::from(zone.to_timestamp(next.at(0, 0, 0, 0)).map_err(wrong)?))
}

fn expiries(new: &[NewLot]) -> Result<Vec<Option<Date>>, Fault> {
    new.iter().map(|lot| lot.expires.as_deref().map(day).transpose()).collect()
}

fn lots(new: &[NewLot], expiries: &[Option<Date>], zone: &jiff::tz::TimeZone) -> Result<Vec<Lot>, Fault> {
    if new.len() > limits::LOTS
        || new.iter().any(|lot| lot.name.is_empty() || lot.name.len() > limits::NAME_BYTES)
    {
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "lots").with("most", limits::LOTS));
    }
    let lot = |(lot, expires): (&NewLot, &Option<Date>)| {
        let expires = expires.map(|day| end_of(day, zone)).transpose()?;
        Ok(Lot { name: lot.name.clone(), expires, recalled: lot.recalled })
    };
    new.iter().zip(expiries).map(lot).collect()
}

/// A link as a picture that a phone's camera reads.
pub(super) fn picture(link: &str) -> String {
    let code = qrcode::QrCode::new(link).expect("a link is short enough");
    code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build()
}

impl From<Table> for Seat {
    fn from(Table { station, lane, server }: Table) -> Seat {
        Seat { station, lane, server }
    }
}

impl From<Seat> for Table {
    fn from(Seat { station, lane, server }: Seat) -> Table {
        Table { station, lane, server }
    }
}
