//! A round's notice as it is read at its entrance: a page for whoever scans the code there. A few kilobytes without a script. That it was
//! opened is counted for the entrance, once a browser; of whoever opened it nothing is kept.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::super::{
    Asker,
    plain::{self, escaped},
    rounds::place,
};
use crate::{
    access::{
        gate,
        who::{Asking, Who},
    },
    app::App,
    machine::aside,
    people::id::{CommunityId, RoundId},
    problem::{Fault, Problem},
    run::{
        book::{NewestNotice, NoticeOfRound, notice_unknown},
        notices,
    },
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use formats::Block;
use notice::{EntranceReceipts, Notice, Paper};
use std::{fmt::Write, time::Instant};

/// The newest notice for an entrance, in plain words.
#[utoipa::path(
    get, path = "/notice/{community}/{round}/{code}",
    params(
        ("community" = String, Path), ("round" = String, Path), ("code" = String, Path),
        ("lang" = Option<String>, Query)
    ),
    responses((status = OK, content_type = "text/html", body = String), (status = NOT_FOUND, body = Problem))
)]
pub async fn opened_notice(
    State(app): State<App>,
    Path((community, round, code)): Path<(String, String, String)>,
    asking: Asking,
    method: Method,
    headers: HeaderMap,
    Asker(voice): Asker,
) -> Result<Response, Fault> {
    let (community, round) = place(&community, &round)?;
    let is_tls = app.mode.is_tls();
    let path = format!("/notice/{community}/{round}/{code}");
    let seen = gate::seen(&headers);
    // What a browser fetches beforehand was read by nobody, and whoever is at work here looks at it for others.
    let opened = method == Method::GET && !headers.contains_key("sec-purpose") && asking.who == Who::Nobody;
    let notice = aside(move || {
        let (notice, place) = match found(&app, community, round, &code) {
            Err(fault) if fault.status() == StatusCode::NOT_FOUND => {
                app.attempts.wrong_token(asking.address, Instant::now())?;
                return Err(fault);
            }
            found => found?,
        };
        let is_first = opened && seen.is_none_or(|seen| seen < notice.number);
        if is_first && app.attempts.opened(asking.address, Instant::now()).is_ok() {
            app.runs.book.notice_seen(community, round, notice.number, place)?;
        }
        Ok(notice)
    });
    let notice = notice.await?;
    let (language, number) = (voice.language, notice.number);
    let page = plain::Page {
        title: notice.title(language),
        name: &notice.community,
        note: voice.word("notice.page.counted"),
        again_s: None,
    };
    let html = page.html(&body(&notice.paper(language, true)), voice);
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    let mut response = (kind, html).into_response();
    if opened {
        response.headers_mut().insert(header::SET_COOKIE, gate::set_seen_cookie(number, &path, is_tls));
    }
    Ok(response)
}

/// The newest notice for the entrance of a code, as it hangs there, and the entrance's place. Blocks on the disk.
fn found(app: &App, community: CommunityId, round: RoundId, code: &str) -> Result<(Notice, u32), Fault> {
    let book = &app.runs.book;
    let secret = book.round(community, round)?.secret;
    let newest = book.newest_notices(community, round)?;
    let entrances = newest.iter().map(|of| (&*of.building, &*of.entrance));
    let at = notices::place_of(&secret, code, entrances).ok_or_else(notice_unknown)?;
    let NewestNotice { building, entrance, number } = &newest[at];
    let NoticeOfRound { notice, entrances } = book.notice(community, round, *number)?;
    let is_there = |of: &EntranceReceipts| (&of.building, &of.entrance) == (building, entrance);
    let place = entrances.iter().position(is_there).ok_or_else(notice_unknown)?;
    let hangs = notices::hung_up(&notice, &entrances[place], None);
    Ok((hangs, u32::try_from(place).unwrap_or(u32::MAX)))
}

fn body(Paper { document, number, large, .. }: &Paper) -> String {
    let mut body = format!("<h2>{} <small>{}</small></h2>", escaped(&document.title), escaped(number));
    for line in large {
        let _ = write!(body, "<p class=\"large\">{}</p>", escaped(line));
    }
    for (name, fact) in document.facts.iter().skip(1) {
        let _ = write!(body, "<p class=\"soft\">{} {}</p>", escaped(name), escaped(fact));
    }
    for part in &document.parts {
        let _ = write!(body, "<h2>{}</h2>", escaped(&part.heading));
        for block in &part.blocks {
            write_block(&mut body, block);
        }
    }
    body
}

fn write_block(body: &mut String, block: &Block) {
    let row = |cells: &[String], tag: &str| {
        let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
        format!("<tr>{cells}</tr>")
    };
    let _ = match block {
        Block::Heading(text) => write!(body, "<h3>{}</h3>", escaped(text)),
        Block::Paragraph(text) => write!(body, "<p>{}</p>", escaped(text)),
        Block::Quote(text) => write!(body, "<blockquote>{}</blockquote>", escaped(text)),
        Block::List(sentences) => {
            let items: String = sentences.iter().map(|one| format!("<li>{}</li>", escaped(one))).collect();
            write!(body, "<ul>{items}</ul>")
        }
        Block::Table(table) => {
            let head = if table.head.is_empty() { String::new() } else { row(&table.head, "th") };
            let rows: String = table.rows.iter().map(|cells| row(cells, "td")).collect();
            write!(body, "<table class=\"cells\">{head}{rows}</table>")
        }
        Block::Picture(picture) => write!(body, "<p>{}</p>", escaped(&picture.told)),
    };
}
