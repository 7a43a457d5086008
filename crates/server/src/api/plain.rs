//! Pages for everybody: a few kilobytes without a script, so that any phone shows them.

use std::fmt::Write;
use verbs::Voice;
use words::Language;

/// What stands around such a page.
pub struct Page<'a> {
    /// Of the browser's tab.
    pub title: String,
    /// The heading.
    pub name: &'a str,
    /// The last line.
    pub note: String,
    /// It asks again after so many seconds.
    pub again_s: Option<u32>,
}

impl Page<'_> {
    /// The page, with the same in the other languages a tap away.
    pub fn html(&self, body: &str, voice: Voice) -> String {
        let mut others = String::new();
        for other in Language::ALL.into_iter().filter(|other| *other != voice.language) {
            let (tag, html, name) = (other.tag(), other.html(), other.name());
            let _ = write!(others, " <a href=\"?lang={tag}\" lang=\"{html}\">{name}</a>");
        }
        let mut again = String::new();
        if let Some(seconds) = self.again_s {
            let _ = write!(again, "<meta http-equiv=\"refresh\" content=\"{seconds}\">");
        }
        format!(
            "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">{again}\
             <title>{title} · {name}</title><link rel=\"icon\" href=\"/mark.svg\"><link rel=\"stylesheet\" href=\"/now.css\"><body><main><h1>{name}</h1>{body}\
             <p class=\"soft\">{note}{others}</p></main>",
            language = voice.language.html(),
            title = escaped(&self.title),
            name = escaped(self.name),
            note = escaped(&self.note),
        )
    }
}

/// A name with markup in it is shown as it was written.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
