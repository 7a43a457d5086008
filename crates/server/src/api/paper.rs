//! Paper of a real round: codes of tubes and shift sheets to print.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    Asker, Body,
    rounds::{Seat, place, reached_at},
};
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::aside,
    people::{self, names::Looks},
    problem::{Fault, Problem},
    run::{book::Made, bundle::doors, print},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::command::Table;
use formats::pdf::{LabelSheet, SHEETS};
use phone::paper::ROWS_MAX;
use round::TUBES_MAX;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use verbs::Voice;

/// What can be printed for a round, and typed from paper.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperOfRound {
    /// The round's day at the site.
    day: String,
    /// The stations at which a shift can be written down.
    stations: Vec<PaperStation>,
    /// Lanes of the site.
    lanes: u16,
    /// Sheets on which codes are printed.
    labels: Vec<PaperLabels>,
    /// The number of the next tube that was not printed yet.
    next_tube: u32,
    /// The number of the next box that was not printed yet.
    next_box: u32,
    /// The number of the next shift sheet.
    next_sheet: u32,
    /// Rows that can be typed at once.
    rows: usize,
}

/// A station at which a shift can be written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperStation {
    /// Its name.
    name: String,
    /// Its word.
    word: String,
    /// Whether all lanes share it.
    shared: bool,
    /// What it gives: `tube`, `dose`, `course`, `parcel`.
    #[schema(required)]
    gives: Option<String>,
}

/// A sheet on which codes are printed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperLabels {
    /// Its name.
    name: &'static str,
    /// Codes on it.
    codes: usize,
    /// Their width and height, in millimetres.
    size: [f32; 2],
    /// Whether it is plain paper that is cut.
    cut: bool,
}

/// Codes of tubes, or of boxes, to be printed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TubesToPrint {
    /// On which sheet.
    sheet: String,
    /// How many.
    count: u32,
    /// From this number on; absent: from the next that was not printed yet.
    from: Option<u32>,
    /// Prints numbers again that were printed before: the paper jammed, and nothing of it was used.
    #[serde(default)]
    again: bool,
}

/// Shift sheets to be printed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetsToPrint {
    /// Whose they are.
    table: Seat,
    /// How many.
    count: u32,
}

/// What can be printed for a round, and typed from paper.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rounds/{round}/paper",
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = PaperOfRound), (status = NOT_FOUND, body = Problem))
)]
pub async fn paper(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
) -> Result<Json<PaperOfRound>, Fault> {
    let (community, round) = place(&community, &round)?;
    let paper = aside(move || {
        let made = app.runs.book.round(community, round)?;
        let printed = app.runs.book.printed(community, round)?;
        let rules = &made.definition.rules;
        let gives = |place: usize| {
            let (kind, at) = rules.gives.as_ref()?;
            at.contains(&place).then(|| kind.clone())
        };
        let stations = rules.stations.iter().enumerate().map(|(place, station)| PaperStation {
            name: station.name.clone(),
            word: voice.station(&station.name),
            shared: station.shared,
            gives: gives(place),
        });
        let labels = SHEETS.iter().map(|sheet| PaperLabels {
            name: sheet.name,
            codes: sheet.columns * sheet.rows,
            size: [sheet.width, sheet.height],
            cut: sheet.cut,
        });
        Ok(PaperOfRound {
            day: print::day(&made),
            stations: stations.collect(),
            lanes: rules.lanes,
            labels: labels.collect(),
            next_tube: printed.tube,
            next_box: printed.batch,
            next_sheet: printed.sheet,
            rows: ROWS_MAX,
        })
    });
    paper.await.map(Json)
}

/// Prints codes of tubes: each number once, unless they are asked for again.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/paper/tubes", request_body = TubesToPrint,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "The numbers were printed before, or there is no font", body = Problem)
    )
)]
pub async fn print_tubes(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(asked): Body<TubesToPrint>,
) -> Result<Response, Fault> {
    print_codes(app, &community, &round, voice, asked, Kind::Tubes).await
}

/// Prints codes of boxes for tubes: each number once, unless they are asked for again.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/paper/boxes", request_body = TubesToPrint,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "The numbers were printed before, or there is no font", body = Problem)
    )
)]
pub async fn print_boxes(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(asked): Body<TubesToPrint>,
) -> Result<Response, Fault> {
    print_codes(app, &community, &round, voice, asked, Kind::Boxes).await
}

/// What codes are of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Tubes,
    Boxes,
}

async fn print_codes(
    app: App,
    community: &str,
    round: &str,
    voice: Voice,
    asked: TubesToPrint,
    kind: Kind,
) -> Result<Response, Fault> {
    let (community, round) = place(community, round)?;
    let bytes = aside(move || {
        let made = still(app.runs.book.round(community, round)?)?;
        let sheet = LabelSheet::named(&asked.sheet)
            .ok_or_else(|| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "label_sheet"))?;
        if made.definition.rules.gives.as_ref().is_none_or(|(kind, _)| kind != "tube") {
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "no_tubes"));
        }
        count(asked.count, limits::LABELS)?;
        let fonts = app.runs.fonts.read()?;
        let [printed_before, not_printed] = match kind {
            Kind::Tubes => ["tubes_printed", "tubes_not_printed"],
            Kind::Boxes => ["boxes_printed", "boxes_not_printed"],
        };
        app.runs.book.print(community, round, |printed| {
            let next = if kind == Kind::Tubes { &mut printed.tube } else { &mut printed.batch };
            let from = asked.from.unwrap_or(*next).max(1);
            let end = from.saturating_add(asked.count);
            let problem = |code| Fault::new(StatusCode::CONFLICT, code).with("next", *next);
            if end > TUBES_MAX {
                return Err(problem("tubes_over").with("most", TUBES_MAX - 1));
            }
            match asked.again {
                true if end > *next => return Err(problem(not_printed)),
                false if from < *next => return Err(problem(printed_before)),
                true => {}
                false => *next = end,
            }
            Ok(match kind {
                Kind::Tubes => print::tubes(&made, sheet, from..end, &fonts, voice)?,
                Kind::Boxes => print::boxes(&made, sheet, from..end, &fonts, voice)?,
            })
        })
    });
    Ok(pdf(bytes.await?))
}

/// Prints sheets on which a table's shift is written down by hand, each with a number of its own.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/paper/sheets", request_body = SheetsToPrint,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "There is no such table, or no font", body = Problem)
    )
)]
pub async fn print_sheets(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(asked): Body<SheetsToPrint>,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let bytes = aside(move || {
        let made = still(app.runs.book.round(community, round)?)?;
        count(asked.count, limits::SHIFT_SHEETS)?;
        let fonts = app.runs.fonts.read()?;
        let table = Table::from(asked.table);
        if made.definition.rules.station(&table.station).is_none() {
            let problem = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "station_unknown");
            return Err(problem.with("station", &table.station));
        }
        app.runs.book.print(community, round, |printed| {
            let from = printed.sheet;
            printed.sheet = from.saturating_add(asked.count);
            Ok(print::shift_sheets(&made, &table, from..printed.sheet, &fonts, voice)?)
        })
    });
    Ok(pdf(bytes.await?))
}

/// Slips to be printed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlipsToPrint {
    /// `households`: a code for each door; `people`: for each person a code, and the link to their own result.
    whose: SlipsFor,
    /// Of this building alone; absent: of all.
    building: Option<String>,
    /// With names.
    #[serde(default)]
    names: bool,
}

/// For whom slips are.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SlipsFor {
    /// One for each door.
    Households,
    /// One for each person.
    People,
}

/// Prints slips to be handed out at the doors, a sheet for each entrance. That somebody read doors, and names if so, is written down.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/paper/slips", request_body = SlipsToPrint,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "There is nobody to print for, names have ended, or there is no font", body = Problem)
    )
)]
pub async fn print_slips(
    State(app): State<App>,
    asking: Asking,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    headers: HeaderMap,
    Body(asked): Body<SlipsToPrint>,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let reached = reached_at(&app, &headers);
    let bytes = aside(move || {
        let made = still(app.runs.book.round(community, round)?)?;
        let fonts = app.runs.fonts.read()?;
        let why = if asked.names { "slips to hand out, with names" } else { "slips to hand out" };
        let nobody = || Fault::new(StatusCode::CONFLICT, "no_slips");
        if !app.people.has_residents(community)? {
            return Err(nobody());
        }
        let served = app.runs.served_before(&made)?;
        let who = asking.who.label();
        let residents = app.people.read_all(community, Looks { who: &who, why, now: people::now() })?;
        let shown = |name: &str| if asked.names { name.to_owned() } else { String::new() };
        let mut doors = doors(&made, (&residents, &served), shown);
        doors.retain(|door| asked.building.as_ref().is_none_or(|building| *building == door.building));
        let count = match asked.whose {
            SlipsFor::Households => doors.len(),
            SlipsFor::People => doors.iter().map(|door| door.people.len()).sum(),
        };
        match count {
            0 => return Err(nobody()),
            1..=limits::SLIPS => {}
            _ => {
                let problem = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "slips_many");
                return Err(problem.with("most", limits::SLIPS));
            }
        }
        let whose = match asked.whose {
            SlipsFor::Households => print::For::Households,
            SlipsFor::People => print::For::People { reached: &reached },
        };
        Ok(print::handed_out(&made, &doors, whose, &fonts, voice)?)
    });
    Ok(pdf(bytes.await?))
}

/// A round whose names are there still: without them no door is known, and nobody signs for the desk.
pub(super) fn still(made: Made) -> Result<Made, Fault> {
    if made.retain_until <= people::now() {
        return Err(Fault::new(StatusCode::CONFLICT, "round_forgotten"));
    }
    Ok(made)
}

fn count(asked: u32, most: u32) -> Result<(), Fault> {
    if (1..=most).contains(&asked) {
        return Ok(());
    }
    Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "print_count").with("most", most))
}

pub(super) fn pdf(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/pdf"), (header::CACHE_CONTROL, "no-store")], bytes).into_response()
}
