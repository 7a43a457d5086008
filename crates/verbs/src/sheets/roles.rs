//! A card for each role, an A4 page each, to be read at arm's length.

use super::{
    Papers,
    html::{escape, page},
};

const STYLE: &str = "body{font:20px/1.4 system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;margin:14mm;color:#111}\
h1{font-size:44px;line-height:1.1;margin:0 0 4px}h2{font-size:22px;margin:24px 0 6px;border-bottom:3px solid #111}\
p{margin:0;color:#444;font-size:16px}ol,ul{margin:0;padding-left:1.4em}li{margin:0 0 6px}.not li{list-style:'✕ '}\
section{break-inside:avoid}section+section{break-before:page;margin-top:24mm}@page{size:A4;margin:14mm}\
@media print{body{margin:0}section+section{margin-top:0}}@media(max-width:480px){body{margin:16px}h1{font-size:34px}}";

/// The cards of the service file: what to do, what not, and what to do if in doubt.
pub(super) fn roles(papers: &Papers<'_>) -> String {
    let voice = papers.voice;
    let mut body = String::new();
    for role in &papers.service.roles {
        body += &format!("<section><p>{}</p><h1>{}</h1>", escape(&papers.head()), escape(&role.name));
        let parts = [
            ("do", "ol", &role.tasks),
            ("do_not", "ul class=not", &role.limits),
            ("if_in_doubt", "ul", &role.doubts),
        ];
        for (key, list, lines) in parts {
            if lines.is_empty() {
                continue;
            }
            let lines: String = lines.iter().map(|line| format!("<li>{}", escape(line))).collect();
            let tag = &list[..2];
            body +=
                &format!("<h2>{}</h2><{list}>{lines}</{tag}>", escape(&voice.word(&format!("sheet.{key}"))));
        }
        body += "</section>";
    }
    page(&voice.word("sheet.roles"), STYLE, &body, voice)
}
