//! What every page to print begins with.

use crate::voice::Voice;

/// A whole page: nothing in it needs a network or a script.
pub(super) fn page(title: &str, style: &str, body: &str, voice: Voice) -> String {
    format!(
        "<!doctype html><html lang={}><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{}</title><style>{style}</style>{body}</html>\n",
        voice.language.tag(),
        escape(title),
    )
}

pub(super) fn table_head(heads: &[&str], voice: Voice) -> String {
    let cells = heads
        .iter()
        .map(|head| format!("<th scope=col>{}</th>", escape(&voice.word(&format!("sheet.{head}")))));
    format!("<table><tr>{}</tr>", cells.collect::<String>())
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
