//! Shifts that were written down by hand: read from a spreadsheet, looked at, and stored.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod stored;

use super::{
    Asker, Body, Query,
    paper::still,
    rounds::{Seat, place},
};
use crate::{
    access::who::Asking,
    app::App,
    limits,
    machine::aside,
    people::{self, names::Looks},
    problem::{Fault, Problem},
    run::{
        book::Made,
        bundle::doors,
        held,
        running::Running,
        shift_file::{self, Sheet},
    },
    schema::notes::Refused,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::Moment;
use phone::{
    Door,
    paper::{ROW_NUMBERS, ROWS_MAX, Roll, Row, Shift, State as RowState, Typed, Why, Wrong, read},
};
use round::{Refusal, TubeKey};
use scenario::sheet::plain;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};
use utoipa::ToSchema;
use verbs::Voice;

/// A spreadsheet with a shift.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftFile {
    /// Its name.
    name: String,
    /// Its bytes in base64.
    content: String,
}

/// What it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftFileRead {
    /// Its rows, as they would be typed.
    rows: Vec<ShiftRow>,
    /// What the file calls each column.
    columns: Vec<ShiftColumn>,
}

/// A column of a spreadsheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftColumn {
    /// `time`, `door`, `people`, `green` or `item`.
    cell: &'static str,
    /// Its heading in the file.
    heading: String,
}

/// A row of a shift sheet, as it is typed.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftRow {
    /// Its number on the sheet.
    row: u32,
    /// The time of day: `9:05`, `905`.
    #[serde(default)]
    time: String,
    /// The door by its digits; `-` for who is not on the roll.
    #[serde(default)]
    door: String,
    /// How many people.
    #[serde(default)]
    people: String,
    /// How many of them are green.
    #[serde(default)]
    green: String,
    /// The tube's code, or `"` for the one above; the lot.
    #[serde(default)]
    item: String,
}

/// A shift that was written down by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftTyped {
    /// The sheet's number, or what it is called: a sheet that is sent again is the same sheet.
    sheet: String,
    /// Whose it is.
    table: Seat,
    /// Its rows.
    rows: Vec<ShiftRow>,
    /// Whether the tubes on it that are not full were closed, too.
    #[serde(default)]
    seals: bool,
    /// Whether rows that say what they said when they were taken back are meant all the same.
    #[serde(default)]
    anew: bool,
    /// Whether it is written down, if all rows are right; else they are only looked at.
    #[serde(default)]
    write: bool,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftRead {
    /// The rows that say anything.
    rows: Vec<ShiftRowRead>,
    /// People of the rows that are right and new.
    people: u32,
    /// Rows that cannot be taken.
    wrong: usize,
    /// Whether it was written down, now or before.
    written: bool,
    /// Events that were written down now.
    events: usize,
}

/// A row as it was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftRowRead {
    /// Its number on the sheet.
    row: u32,
    /// `right`, `known` or `wrong`.
    state: &'static str,
    /// What is wrong with it.
    wrong: Vec<ShiftWrong>,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftWrong {
    /// In which cell: `time`, `door`, `people`, `green` or `item`.
    cell: &'static str,
    /// The same in every language.
    code: &'static str,
    /// What is wrong.
    message: String,
    /// What to do.
    mend: String,
}

/// Reads a spreadsheet as the rows of a shift. Nothing is written: they are looked at and sent as typed rows are.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/paper/file", request_body = ShiftFile,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = ShiftFileRead), (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Refused)
    )
)]
pub async fn read_file(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Body(ShiftFile { name, content }): Body<ShiftFile>,
) -> Result<Json<ShiftFileRead>, Fault> {
    let (community, round) = place(&community, &round)?;
    let read = aside(move || {
        app.runs.book.round(community, round)?;
        let wrong = |_| Fault::new(StatusCode::BAD_REQUEST, "base64").with("path", &name);
        let bytes = BASE64_STANDARD.decode(&content).map_err(wrong)?;
        let Sheet { rows, headings } = shift_file::read(&name, &bytes)?;
        let columns = headings.into_iter().map(|(cell, heading)| ShiftColumn { cell: cell.name(), heading });
        Ok(ShiftFileRead { rows: rows.into_iter().map(ShiftRow::from).collect(), columns: columns.collect() })
    });
    read.await.map(Json)
}

/// Looks at a shift that was written down by hand; and writes it down, if asked to and all rows are right: all of them, or
/// none. What was written down before stays as it is.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/paper/shift", request_body = ShiftTyped,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = ShiftRead), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "There is no such table", body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem)
    )
)]
pub async fn type_shift(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    asking: Asking,
    Asker(voice): Asker,
    Body(typed): Body<ShiftTyped>,
) -> Result<Result<Json<ShiftRead>, (StatusCode, Json<Problem>)>, Fault> {
    let (community, round) = place(&community, &round)?;
    let write = typed.write;
    let shift = Shift::try_from(typed)?;
    let read = aside(move || {
        let now = Moment::from(jiff::Timestamp::now());
        let running = app.runs.running(community, round)?;
        let doors = doors_still(&app, &running, &asking)?;
        let mut running = held(&running);
        for _ in 0..limits::DESK_TRIES {
            let typed = match look(&app, &mut running, &shift, now, &doors)? {
                Ok(typed) => typed,
                Err(refusal) => {
                    let said = refusal.said(&running.made.definition.rules);
                    let [message, mend] = ["", ".next"].map(|end| voice.said("refusal", end, &said));
                    return Ok(Err((
                        StatusCode::CONFLICT,
                        Json(Problem { code: said.code.to_owned(), message, mend }),
                    )));
                }
            };
            let mut read = told(&typed, voice);
            if write && read.wrong == 0 {
                if typed.frames.len() > journal::FRAMES_MAX {
                    return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "shift_large"));
                }
                read.events = typed.frames.len();
                // Where another process wrote meanwhile, it is read against that, too.
                if !typed.frames.is_empty() && !running.write(&app.runs, now, typed.frames)? {
                    continue;
                }
                read.written = true;
            }
            return Ok(Ok(Json(read)));
        }
        Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"))
    });
    read.await
}

/// What the doors of a roll are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Somebody reads them.
    Read,
    /// They are counted, or looked up by what somebody types.
    Count,
}

/// The doors of a round's roll, without names; none where names ended. That somebody looked is written down. It takes a while:
/// nobody should hold the round meanwhile.
pub(super) fn doors_of(
    app: &App,
    made: &Made,
    asking: &Asking,
    (use_of, why): (Use, &str),
) -> Result<Vec<Door>, Fault> {
    if !app.people.has_residents(made.community)? {
        return Ok(Vec::new());
    }
    let served = app.runs.served_before(made)?;
    let looks = Looks { who: &asking.who.label(), why, now: people::now() };
    let residents = match use_of {
        Use::Read => app.people.read_all(made.community, looks)?,
        Use::Count => app.people.read_to_count(made.community, looks)?,
    };
    Ok(doors(made, (&residents, &served), |_| String::new()))
}

/// The same to be counted, from memory where somebody has counted them lately. Who counts is written down once in so long.
pub(super) fn doors_to_count(
    app: &App,
    running: &Mutex<Running>,
    asking: &Asking,
    why: &str,
) -> Result<Arc<Vec<Door>>, Fault> {
    let who = asking.who.label();
    let (kept, told, made) = {
        let mut running = held(running);
        let (kept, told) = running.doors(&who);
        (kept, told, running.made.clone())
    };
    if let Some(doors) = kept {
        if !told && !doors.is_empty() {
            app.people.log_count(made.community, Looks { who: &who, why, now: people::now() })?;
        }
        return Ok(doors);
    }
    let doors = Arc::new(doors_of(app, &made, asking, (Use::Count, why))?);
    held(running).keep_doors(doors.clone(), who);
    Ok(doors)
}

/// Reads a shift against all that is known of its round.
fn look(
    app: &App,
    running: &mut Running,
    shift: &Shift,
    now: Moment,
    doors: &[Door],
) -> Result<Result<Typed, Refusal>, Fault> {
    against(app, running, now, doors, |roll| read(shift, roll))
}

/// The doors of a round whose names are still there.
fn doors_still(app: &App, running: &Mutex<Running>, asking: &Asking) -> Result<Arc<Vec<Door>>, Fault> {
    let made = held(running).made.clone();
    still(made)?;
    doors_to_count(app, running, asking, "a paper shift is typed")
}

/// All that is known of a round, and the doors of its roll.
fn against<T>(
    app: &App,
    running: &mut Running,
    now: Moment,
    doors: &[Door],
    read: impl FnOnce(&Roll<'_>) -> T,
) -> Result<T, Fault> {
    running.catch_up(&app.runs)?;
    let made = &running.made;
    let tubes = TubeKey::new(made.community.0, made.tube_key);
    let roll = Roll { round: made.id.0, doors, tubes: &tubes, folded: running.folded(), now };
    Ok(read(&roll))
}

fn told(typed: &Typed, voice: Voice) -> ShiftRead {
    let mut people = 0;
    let row = |(row, state): &(u32, RowState)| {
        let (state, wrong) = match state {
            RowState::Known => ("known", &[][..]),
            RowState::Right(some) => {
                people += some;
                ("right", &[][..])
            }
            RowState::Wrong(wrong) => ("wrong", &wrong[..]),
        };
        ShiftRowRead { row: *row, state, wrong: wrong.iter().map(|wrong| in_words(wrong, voice)).collect() }
    };
    let rows: Vec<ShiftRowRead> = typed.rows.iter().map(row).collect();
    let wrong = rows.iter().filter(|row| row.state == "wrong").count();
    ShiftRead { rows, people, wrong, written: false, events: 0 }
}

fn in_words(wrong: &Wrong, voice: Voice) -> ShiftWrong {
    let (prefix, said) = match &wrong.why {
        Why::Cell(said) => ("paper", said),
        Why::Rule(said) => ("refusal", said),
    };
    let [message, mend] = ["", ".next"].map(|end| voice.said(prefix, end, said));
    ShiftWrong { cell: wrong.cell.name(), code: said.code, message, mend }
}

impl TryFrom<ShiftTyped> for Shift {
    type Error = Fault;

    fn try_from(typed: ShiftTyped) -> Result<Shift, Fault> {
        let sheet = sheet_of(&typed.sheet)?;
        let long = |row: &ShiftRow| {
            [&row.time, &row.door, &row.people, &row.green, &row.item]
                .iter()
                .any(|cell| cell.len() > limits::CELL_BYTES)
                || row.row >= ROW_NUMBERS
        };
        if typed.rows.len() > ROWS_MAX || typed.rows.iter().any(long) {
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "shift_rows").with("most", ROWS_MAX));
        }
        let rows = typed.rows.into_iter().map(|row| Row {
            row: row.row,
            time: plain(&row.time),
            door: plain(&row.door),
            people: plain(&row.people),
            green: plain(&row.green),
            item: plain(&row.item),
        });
        Ok(Shift {
            sheet,
            table: typed.table.into(),
            rows: rows.collect(),
            seals: typed.seals,
            anew: typed.anew,
        })
    }
}

impl From<Row> for ShiftRow {
    fn from(Row { row, time, door, people, green, item }: Row) -> ShiftRow {
        ShiftRow { row, time, door, people, green, item }
    }
}

/// What a sheet is called, however it was typed.
fn sheet_of(typed: &str) -> Result<String, Fault> {
    let sheet = sheet_number(&plain(typed).to_lowercase());
    let letters = sheet.chars().count();
    if letters == 0 || letters > limits::SHEET_LETTERS {
        let problem = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "shift_sheet");
        return Err(problem.with("most", limits::SHEET_LETTERS));
    }
    Ok(sheet)
}

/// `7` however it was typed: `No. 7`, `007`, `编号 7`. A sheet that is called something else keeps its name.
fn sheet_number(typed: &str) -> String {
    let digits = typed.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let before = typed[..typed.len() - digits.len()].trim_matches(|letter: char| !letter.is_alphabetic());
    let named = !["", "no", "nr", "sheet", "编号", "第", "表"].contains(&before);
    if named || digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return typed.to_owned();
    }
    let number = digits.trim_start_matches('0');
    if number.is_empty() { "0".to_owned() } else { number.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::sheet_number;

    #[test]
    fn a_sheet_is_the_same_however_its_number_is_typed() {
        for typed in ["7", "no. 7", "no.7", "007", "编号 7", "#7"] {
            assert_eq!(sheet_number(typed), "7", "{typed}");
        }
        for kept in ["night 7", "7b", "evening", "2022-03-28"] {
            assert_eq!(sheet_number(kept), kept);
        }
    }
}
