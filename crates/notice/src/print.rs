//! A notice as a file: to print, for a word processor, as a picture, as a public alert, and to keep.

use crate::{Notice, Paper};
use ::words::Language;
use formats::pdf::{Fonts, NoFont, NoPicture, Page, Paper as Size, Sheet, sheets};
use jiff::civil::DateTime;

/// Pages of A4, one notice after the other, all of one kind: each begins a page, with its code.
///
/// # Errors
/// A letter has no font.
pub fn pdf(notices: &[Notice], language: Language, fonts: &Fonts) -> Result<Vec<u8>, NoFont> {
    let papers: Vec<Paper> = notices.iter().map(|notice| notice.paper(language, true)).collect();
    let pages: Vec<Page> = papers.iter().flat_map(|paper| sheets(&sheet(paper), Size::A4, fonts).0).collect();
    let (told, tag) =
        papers.first().map(|paper| (told(paper), &*paper.document.language)).unwrap_or_default();
    formats::pdf::pdf(&told, tag, &pages, fonts)
}

impl Notice {
    /// A picture as wide as a telephone, without the directives' words.
    ///
    /// # Errors
    /// A letter has no font, or it would be higher than chats take.
    pub fn png(&self, language: Language, fonts: &Fonts) -> Result<Vec<u8>, NoPicture> {
        let (_, page, size) = self.pictured(language, fonts);
        formats::pdf::png(&page, size, fonts)
    }

    /// The same as outlines, however high.
    ///
    /// # Errors
    /// A letter has no font.
    pub fn svg(&self, language: Language, fonts: &Fonts) -> Result<String, NoFont> {
        let (told, page, size) = self.pictured(language, fonts);
        formats::pdf::svg(&page, size, &told, fonts)
    }

    /// For a word processor.
    pub fn docx(&self, language: Language) -> Vec<u8> {
        formats::docx(&self.paper(language, true).document)
    }

    /// For public alert systems. `world` gives a local time its offset.
    pub fn cap(&self, language: Language, world: &dyn Fn(DateTime) -> String) -> String {
        formats::cap::xml(&self.alert(&[language], world))
    }

    /// One page, what it is called, and its width and height in millimetres. The authority's words are long: who reads the picture finds
    /// them in the chat or on paper.
    fn pictured(&self, language: Language, fonts: &Fonts) -> (String, Page, (f32, f32)) {
        let paper = self.paper(language, false);
        let (mut pages, high) = sheets(&sheet(&paper), Size::TELEPHONE, fonts);
        (told(&paper), pages.swap_remove(0), (Size::TELEPHONE.width, high))
    }
}

fn sheet(paper: &Paper) -> Sheet<'_> {
    Sheet { document: &paper.document, number: &paper.number, large: &paper.large, code: &paper.code }
}

fn told(paper: &Paper) -> String {
    format!("{} {}", paper.document.title, paper.number)
}
