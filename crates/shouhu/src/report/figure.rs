//! The frame around a picture: caption, legend, and the table of its numbers.

use super::voice::{Voice, escape};
use std::fmt::Write;

/// A table of numbers; cells are plain text.
pub(super) struct Table {
    /// Headings of the columns, the first over the rows' names.
    pub head: Vec<String>,
    /// Rows; the first cell is the row's name.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The table; `caption` says what it is of.
    pub fn html(&self, caption: &str, class: &str) -> String {
        let caption = escape(caption);
        let mut html = format!(
            r#"<div class="scroll" role="region" tabindex="0" aria-label="{caption}"><table class="{class}"><caption>{caption}</caption><thead><tr>"#
        );
        for cell in &self.head {
            let _ = write!(html, r#"<th scope="col">{}</th>"#, escape(cell));
        }
        html.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            html.push_str("<tr>");
            for (column, cell) in row.iter().enumerate() {
                let cell = escape(cell);
                let _ = match column {
                    0 => write!(html, r#"<th scope="row">{cell}</th>"#),
                    _ => write!(html, "<td>{cell}</td>"),
                };
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody></table></div>");
        html
    }
}

/// The numbers of a picture, folded away until somebody asks.
pub(super) fn numbers(voice: Voice, caption: &str, table: &Table) -> String {
    let summary = voice.word("report.numbers");
    format!("<details><summary>{summary}</summary>{}</details>", table.html(caption, "numbers"))
}

/// A part of the page under its own heading; `title` and `lead` are HTML.
pub(super) fn section(class: &str, title: &str, lead: &str, body: &str) -> String {
    let lead = if lead.is_empty() { String::new() } else { format!(r#"<p class="lead">{lead}</p>"#) };
    format!(r#"<section class="{class}"><h2>{title}</h2>{lead}{body}</section>"#)
}

/// A picture with its caption below; all parts are HTML.
pub(super) fn figure(picture: &str, caption: &str, numbers: &str) -> String {
    format!("<figure>{picture}<figcaption>{caption}</figcaption>{numbers}</figure>")
}
