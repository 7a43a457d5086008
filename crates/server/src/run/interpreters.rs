//! Doors of a round where another language is spoken, and who of the volunteers comes along.

use super::{book::Made, print::day, walks::as_walked};
use domain::{roll::Tongue, roster::Volunteer};
use formats::pdf::{Column, Fonts, Form, NoFont, forms, pdf};
use phone::Door;
use std::collections::BTreeMap;
use verbs::{
    Voice,
    interpreters::{ToInterpret, interpreters, who},
    sheets::{SpokenRow, spoken},
};

/// Rows of a list on a page.
const ROWS: usize = 28;
/// Ticks of a minute, as events have them.
const TICKS_PER_MINUTE: i64 = 600_000;

/// Each door where another language is spoken, by the time of its call, with who comes along or what to do.
pub fn interpreted<'a>(
    made: &Made,
    doors: &'a [Door],
    volunteers: &[Volunteer],
    voice: Voice,
) -> Vec<SpokenRow<'a>> {
    let definition = &made.definition;
    let wave_of: BTreeMap<_, u32> = definition
        .waves
        .iter()
        .flat_map(|wave| wave.households.iter().map(|&of| (of, wave.number)))
        .collect();
    let call_at: BTreeMap<u32, i64> =
        definition.calls.waves.iter().map(|of| (of.number, of.call_at)).collect();
    let spoken_at = |door: &'a Door| {
        let tags = door.languages();
        let tongues = tags.iter().filter_map(|tag| Tongue::parse(tag));
        let language = tongues.min_by_key(|tongue| (*tongue == Tongue::UNKNOWN, *tongue))?;
        let wave = wave_of.get(&door.household).copied();
        let at = wave.and_then(|wave| call_at.get(&wave).copied());
        Some((door, language, wave, at))
    };
    let mut all: Vec<_> = as_walked(definition, doors).into_iter().filter_map(spoken_at).collect();
    all.sort_by_key(|(.., at)| at.unwrap_or(i64::MAX));
    let rules = &definition.rules;
    let at_min = |at: i64| i32::try_from(rules.opens_s / 60 + at / TICKS_PER_MINUTE).ok();
    let asked: Vec<ToInterpret> = all
        .iter()
        .map(|&(_, language, _, at)| ToInterpret { language, at_min: at.and_then(at_min) })
        .collect();
    let found = interpreters(&asked, volunteers);
    let rows = all.into_iter().zip(found).map(|((door, language, wave, at), found)| SpokenRow {
        time: at.map_or_else(String::new, |at| rules.clock(rules.opens + at)),
        wave,
        building: &door.building,
        entrance: &door.entrance,
        door: &door.door,
        language,
        who: who(language, found, volunteers, voice),
    });
    rows.collect()
}

/// The list as a table.
pub fn csv(rows: &[SpokenRow<'_>], voice: Voice) -> String {
    spoken(rows, voice)
}

/// The list to print.
///
/// # Errors
/// A letter has no font.
pub fn printed(made: &Made, rows: &[SpokenRow<'_>], fonts: &Fonts, voice: Voice) -> Result<Vec<u8>, NoFont> {
    let title = voice.word("paper.walk.interpret");
    let heads = [("at", 1.2), ("wave_number", 0.8), ("door", 2.0), ("language", 1.6), ("interpreter", 5.0)];
    let columns: Vec<Column> =
        heads.map(|(name, share)| Column { head: voice.word(&format!("paper.walk.{name}")), share }).into();
    let page = |some: &[SpokenRow<'_>]| Form {
        title: title.clone(),
        facts: vec![format!("{} · {}", made.name, day(made))],
        columns: columns.clone(),
        rows: ROWS,
        cells: some
            .iter()
            .map(|of| {
                vec![
                    of.time.clone(),
                    of.wave.map_or_else(String::new, |wave| wave.to_string()),
                    domain::roll::door_label(of.building, of.entrance, of.door),
                    voice.tongue(&of.language.to_string()),
                    of.who.clone(),
                ]
            })
            .collect(),
        how: vec![voice.word("paper.walk.interpret.how")],
        ..Form::default()
    };
    let pages: Vec<Form> = rows.chunks(ROWS).map(page).collect();
    pdf(&title, voice.language.tag(), &forms(&pages, fonts), fonts)
}
