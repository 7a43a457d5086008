//! Doors of a real round in the order of walking, to print: those of a wave, those to knock at again, and homes to visit.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker,
    ask::Query,
    file::{CSV, file},
    paper::pdf,
    rounds::place,
    shift::{Use, doors_of},
};
use crate::{
    access::who::Asking,
    app::App,
    machine::aside,
    people,
    problem::{Fault, Problem},
    rostering::helpers,
    run::{
        held, interpreters,
        walks::{self, Lists},
    },
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::Moment;
use phone::ListKind;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which doors are to be walked to, by how many, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WalksAsked {
    /// `wave`, `again`, `visit` or `interpret`.
    #[param(inline)]
    doors: WalkedDoors,
    /// `pdf` or `csv`.
    #[param(inline)]
    form: WalkForm,
    /// Of this wave alone; absent: of all waves.
    wave: Option<u32>,
    /// How many callers, or pairs; absent: as the scenario has them.
    walkers: Option<u16>,
    /// When they begin, `11:30`; absent: now. Callers of a wave begin when it is planned.
    from: Option<String>,
    /// Language of the list.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// Which doors are walked to.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WalkedDoors {
    /// Those of a wave, or of all.
    Wave,
    /// Those at which nobody opened, and that are to be knocked at again by now.
    Again,
    /// Homes of people who cannot come.
    Visit,
    /// Doors where another language is spoken, with who comes along.
    Interpret,
}

/// In which form a list of doors is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WalkForm {
    /// Pages to print, A4.
    Pdf,
    /// A table that spreadsheets open.
    Csv,
}

/// Callers or pairs on one list: more are nobody's neighbours.
const WALKERS_MAX: u16 = 200;

/// Lists of doors, one for each who walks, with least walking. That somebody read doors is written down.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/walks",
    params(("community" = String, Path), ("round" = String, Path), WalksAsked),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/octet-stream"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "There is no such door, names have ended, or there is no font", body = Problem),
        (status = UNPROCESSABLE_ENTITY, description = "No time, or too many who walk", body = Problem)
    )
)]
pub async fn walks(
    State(app): State<App>,
    asking: Asking,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Query(asked): Query<WalksAsked>,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    aside(move || {
        if asked.walkers.is_some_and(|walkers| !(1..=WALKERS_MAX).contains(&walkers)) {
            let problem = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "walkers");
            return Err(problem.with("most", WALKERS_MAX));
        }
        let running = app.runs.running(community, round)?;
        let (made, folded) = {
            let running = held(&running);
            (running.made.clone(), running.folded().clone())
        };
        let now = Moment(people::now().saturating_mul(10_000));
        let from = match &asked.from {
            Some(time) => walks::time_of(&made.definition, time).ok_or_else(|| {
                Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "walk_time").with("time", time)
            })?,
            None => now,
        };
        let doors = doors_of(&app, &made, &asking, (Use::Read, "a list of doors to walk to"))?;
        let kind = match asked.doors {
            WalkedDoors::Wave => ListKind::Wave,
            WalkedDoors::Again => ListKind::Again,
            WalkedDoors::Visit => ListKind::Visit,
            WalkedDoors::Interpret => {
                let scenario = &made.definition.made_from;
                // Without the scenario, or without leave to see it, nobody is known to speak anything.
                let helpers = match helpers(&app, &asking.who, community, scenario) {
                    Err(fault) if fault.code() == "roster_scenario_gone" => Vec::new(),
                    found => found?,
                };
                let rows = interpreters::interpreted(&made, &doors, &helpers, voice);
                if rows.is_empty() {
                    return Err(Fault::new(StatusCode::CONFLICT, "no_walk"));
                }
                return match asked.form {
                    WalkForm::Pdf => {
                        Ok(pdf(interpreters::printed(&made, &rows, &app.runs.fonts.read()?, voice)?))
                    }
                    WalkForm::Csv => Ok(file(CSV, "interpreters.csv", interpreters::csv(&rows, voice))),
                };
            }
        };
        let of = walks::Asked { kind, wave: asked.wave, walkers: asked.walkers, from };
        let lists = Lists::new((&made, &folded, &doors), of, now);
        if lists.is_empty() {
            return Err(Fault::new(StatusCode::CONFLICT, "no_walk"));
        }
        if asked.form == WalkForm::Pdf {
            return Ok(pdf(lists.pdf(&app.runs.fonts.read()?, voice)?));
        }
        Ok(file(CSV, &format!("doors-{}.csv", kind.name()), lists.csv(voice)))
    })
    .await
}
