//! The sheet as Markdown.

use crate::Voice;

/// A sheet that grows from above to below.
pub(super) struct Page {
    text: String,
    voice: Voice,
}

impl Page {
    pub(super) fn new(voice: Voice) -> Page {
        Page { text: String::new(), voice }
    }

    pub(super) fn text(self) -> String {
        self.text
    }

    /// A word of this sheet.
    pub(super) fn word(&self, key: &str) -> String {
        self.voice.word(&format!("stress_des.{key}"))
    }

    pub(super) fn title(&mut self, title: &str) {
        self.text += &format!("# {title}\n");
    }

    /// One of the six sections of the checklist.
    pub(super) fn section(&mut self, number: u8) {
        let title = self.word(&format!("section.{number}"));
        self.text += &format!("\n## {number} {title}\n");
    }

    /// One of its items.
    pub(super) fn item(&mut self, number: &str) {
        let title = self.word(&format!("item.{number}"));
        self.text += &format!("\n### {number} {title}\n");
    }

    /// A paragraph.
    pub(super) fn say(&mut self, key: &str, args: &[(&str, &str)]) {
        let sentence = self.voice.say(&format!("stress_des.{key}"), args);
        self.text += &format!("\n{sentence}\n");
    }

    /// What only the authors know.
    pub(super) fn fill_in(&mut self, key: &str) {
        let (mark, what) = (self.word("to_fill"), self.word(&format!("fill.{key}")));
        self.text += &format!("\n> **{mark}** {what}\n");
    }

    pub(super) fn list(&mut self, keys: &[&str]) {
        self.text.push('\n');
        for key in keys {
            let sentence = self.word(&format!("assume.{key}"));
            self.text += &format!("- {sentence}\n");
        }
    }

    pub(super) fn code(&mut self, text: &str) {
        self.text += &format!("\n```\n{text}\n```\n");
    }

    /// Headings are words of this sheet.
    pub(super) fn table<const COLUMNS: usize>(
        &mut self,
        heads: &[&str; COLUMNS],
        rows: &[[String; COLUMNS]],
    ) {
        let heads = heads.map(|head| self.word(head));
        self.text += &format!("\n| {} |\n|{}\n", heads.join(" | "), " --- |".repeat(COLUMNS));
        for row in rows {
            // A bar would end the cell.
            let cells = row.each_ref().map(|cell| cell.replace('|', "\\|").replace('\n', " "));
            self.text += &format!("| {} |\n", cells.join(" | "));
        }
    }
}
