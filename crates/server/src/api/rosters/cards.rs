//! Role cards of a day to hang where people are briefed, each with a code: whoever scans it has read it.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use crate::{
    api::{
        Asker, Query,
        paper::pdf,
        rounds::{community_of, reached_at},
    },
    app::App,
    machine::aside,
    problem::{Fault, Problem},
    rostering::{self, Card, card_code},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use formats::{
    Block, Document, Part,
    pdf::{Paper, Sheet, sheets},
};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::IntoParams;
use verbs::Voice;

/// Of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CardsOf {
    /// The local day on which the shifts begin, `2022-03-28`.
    day: String,
    /// Its language.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// Prints the cards of all roles that have a shift on a day, a page each, with a code that a volunteer scans who has read it.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/rosters/{id}/cards",
    params(("community" = String, Path), ("id" = String, Path), CardsOf),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/pdf"), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "No role of that day has a card, or there is no font", body = Problem)
    )
)]
pub async fn role_cards(
    State(app): State<App>,
    Path((community, scenario)): Path<(String, String)>,
    Asker(voice): Asker,
    headers: HeaderMap,
    Query(CardsOf { day, .. }): Query<CardsOf>,
) -> Result<Response, Fault> {
    let reached = reached_at(&app, &headers);
    let bytes = aside(move || {
        let community = app.people.community(community_of(&community)?)?;
        let (_, kept) = rostering::find(&app, community.id, &scenario)?;
        let none = || Fault::new(StatusCode::CONFLICT, "roster_no_cards").with("day", &day);
        let site = app.people.site_code(community.id)?.ok_or_else(none)?;
        let roles: BTreeSet<&str> =
            kept.shifts.iter().filter(|shift| shift.day() == day).map(|shift| &*shift.role).collect();
        let fonts = app.runs.fonts.read()?;
        let mut pages = Vec::new();
        for role in roles {
            for card in rostering::cards(&app, &scenario, &kept.purpose, &[role], voice)? {
                let code = card_code(&site, role, &day);
                let code = format!("{reached}/volunteer#{}/card/{code}", community.id);
                let document = printed(card, (&community.name, &day), voice);
                let sheet = Sheet { document: &document, number: "", large: &[], code: &code };
                pages.extend(sheets(&sheet, Paper::A4, &fonts).0);
            }
        }
        if pages.is_empty() {
            return Err(none());
        }
        let title = voice.say("volunteers.cards", &[("day", &day)]);
        Ok(formats::pdf::pdf(&title, voice.language.tag(), &pages, &fonts)?)
    });
    Ok(pdf(bytes.await?))
}

fn printed(card: Card, (community, day): (&str, &str), voice: Voice) -> Document {
    let kinds = [
        ("volunteers.cards.do", card.tasks),
        ("volunteers.cards.do_not", card.limits),
        ("volunteers.cards.doubt", card.doubts),
    ];
    let part = |(heading, lines): (&str, Vec<String>)| Part {
        heading: voice.word(heading),
        lead: String::new(),
        blocks: vec![Block::List(lines)],
    };
    let mut parts: Vec<Part> = kinds.into_iter().filter(|(_, lines)| !lines.is_empty()).map(part).collect();
    let scan = vec![Block::Paragraph(voice.word("volunteers.cards.scan"))];
    parts.push(Part { heading: voice.word("volunteers.cards.read"), lead: String::new(), blocks: scan });
    Document {
        language: voice.language.tag().to_owned(),
        title: card.name,
        facts: vec![(format!("{community} · {day}"), String::new())],
        parts,
        foot: String::new(),
    }
}
