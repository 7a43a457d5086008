//! How the page was made, what its words mean, and what it does not know: the small print.

use super::{
    number::whole,
    sheet::Sheet,
    voice::{Voice, escape},
};
use std::fmt::Write;

/// What a rehearsal leaves out, as entries of the catalogue.
const LEFT_OUT: [&str; 6] = [
    "report.left_out.behaviour",
    "report.left_out.breakdowns",
    "report.left_out.rest",
    "report.left_out.laws",
    "report.left_out.crowd",
    "report.left_out.ill",
];

/// The small print.
pub(super) fn making(sheet: &Sheet, voice: Voice) -> String {
    let report = sheet.report;
    let mut engines: Vec<&str> = report.runs.iter().map(|run| run.figures.engine).collect();
    engines.dedup();
    let engines = if engines.is_empty() { super::number::NONE.to_owned() } else { engines.join(", ") };
    let reps = report.runs.iter().map(|run| run.figures.replications).max().unwrap_or(0);
    let facts = [
        ("command", format!("<code>{}</code>", escape(&report.command))),
        ("seed", report.seed.to_string()),
        ("replications", voice.say("report.making.replications.text", &[("n", &whole(f64::from(reps)))])),
        ("intervals", voice.word("report.making.intervals.text")),
        ("curves", voice.word("report.making.curves.text")),
        ("engine", voice.say("report.making.engine.text", &[("engine", &engines)])),
        ("again", voice.word("report.making.again.text")),
    ];
    let mut list = String::new();
    for (key, value) in facts {
        let _ = write!(
            list,
            "<div><dt>{}</dt><dd>{value}</dd></div>",
            voice.word(&format!("report.making.{key}"))
        );
    }
    let left_out: String = LEFT_OUT.iter().map(|key| format!("<li>{}</li>", voice.word(key))).collect();
    format!(
        r#"<section class="making"><h2>{title}</h2><div class="fine"><dl>{list}</dl>
<div><h3>{left_out_title}</h3><ul>{left_out}</ul></div></div></section>"#,
        title = voice.word("report.making.title"),
        left_out_title = voice.word("report.left_out.title"),
    )
}
