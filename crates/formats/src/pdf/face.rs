//! The fonts of a page, and how wide a text is in them.

use krilla::text::Font;
use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    instance::{LocationRef, Size},
    raw::FileRef,
    string::StringId,
};
use std::{fmt, sync::Arc};

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As sentences do.
    Text,
    /// Bold letters of one width: codes.
    Code,
}

/// Fonts to print with.
#[derive(Clone)]
pub struct Fonts {
    text: Face,
    codes: Face,
    wide: Option<Face>,
}

/// A letter for which no font was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoFont {
    /// The letter.
    pub letter: char,
}

impl fmt::Display for NoFont {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "no font has the letter {}", self.letter)
    }
}

impl std::error::Error for NoFont {}

#[derive(Clone)]
pub(super) struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
    pub(super) font: Font,
}

/// A part of a text that one font prints.
pub(super) struct Run<'a> {
    pub(super) face: &'a Face,
    pub(super) text: &'a str,
}

/// A letter in its font, measured in the font's size.
pub(super) struct Glyph {
    pub(super) id: u32,
    pub(super) advance: f32,
    pub(super) bytes: std::ops::Range<usize>,
}

impl Fonts {
    /// The fonts that this crate carries, and a font file for all other letters. `None` if that is no font.
    pub fn new(wide: Option<Arc<Vec<u8>>>) -> Option<Fonts> {
        let own = |bytes: &[u8]| Face::new(Arc::new(bytes.to_vec())).expect("our own fonts are fonts");
        let wide = match wide {
            Some(data) => Some(Face::new(data)?),
            None => None,
        };
        Some(Fonts {
            text: own(include_bytes!("../../fonts/text.ttf")),
            codes: own(include_bytes!("../../fonts/codes.ttf")),
            wide,
        })
    }

    /// The width of a text that can be printed, in millimetres.
    pub fn width(&self, style: Style, size: f32, text: &str) -> f32 {
        let Ok(runs) = self.runs(style, text) else { return 0.0 };
        runs.iter().flat_map(|run| run.face.glyphs(run.text)).map(|glyph| glyph.advance * size).sum()
    }

    /// A text in lines that are no wider than so: broken at spaces and beside Chinese letters.
    pub fn lines(&self, style: Style, size: f32, text: &str, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in words(text) {
            let line = lines.last_mut().expect("there is one");
            let longer = format!("{line}{word}");
            if line.is_empty() || self.width(style, size, longer.trim_end()) <= width {
                *line = longer;
            } else {
                lines.push(word.to_owned());
            }
        }
        lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
    }

    /// A text by the fonts that print it.
    pub(super) fn runs<'a>(&'a self, style: Style, text: &'a str) -> Result<Vec<Run<'a>>, NoFont> {
        let own = match style {
            Style::Text => &self.text,
            Style::Code => &self.codes,
        };
        let mut runs: Vec<(&Face, std::ops::Range<usize>)> = Vec::new();
        for (place, letter) in text.char_indices() {
            let other = || self.wide.as_ref().filter(|wide| wide.has(letter)).ok_or(NoFont { letter });
            let face = if own.has(letter) { own } else { other()? };
            let bytes = place..place + letter.len_utf8();
            match runs.last_mut().filter(|(last, _)| std::ptr::eq(*last, face)) {
                Some((_, run)) => run.end = bytes.end,
                None => runs.push((face, bytes)),
            }
        }
        Ok(runs.into_iter().map(|(face, bytes)| Run { face, text: &text[bytes] }).collect())
    }
}

impl Face {
    /// Of a collection, the face for simplified Chinese; else the first.
    fn new(data: Arc<Vec<u8>>) -> Option<Face> {
        let index = match FileRef::new(&data).ok()? {
            FileRef::Font(_) => 0,
            FileRef::Collection(all) => (0..all.len()).find(|&index| simplified(&data, index)).unwrap_or(0),
        };
        let font = Font::new(data.clone().into(), index)?;
        Some(Face { data, index, font })
    }

    fn reader(&self) -> FontRef<'_> {
        FontRef::from_index(&self.data, self.index).expect("it was read before")
    }

    fn has(&self, letter: char) -> bool {
        self.reader().charmap().map(letter).is_some_and(|glyph| glyph != GlyphId::NOTDEF)
    }

    /// Draws a glyph of a font of size 1.
    #[cfg(feature = "picture")]
    pub(super) fn outline(&self, id: u32, pen: &mut impl skrifa::outline::OutlinePen) {
        use skrifa::outline::DrawSettings;
        if let Some(glyph) = self.reader().outline_glyphs().get(GlyphId::new(id)) {
            let settings = DrawSettings::unhinted(Size::new(1.0), LocationRef::default());
            // A font whose outline cannot be read leaves its place empty, as a printer does.
            let _ = glyph.draw(settings, pen);
        }
    }

    pub(super) fn glyphs(&self, text: &str) -> Vec<Glyph> {
        let reader = self.reader();
        let (letters, metrics) =
            (reader.charmap(), reader.glyph_metrics(Size::unscaled(), LocationRef::default()));
        let units = self.font.units_per_em();
        let glyph = |(place, letter): (usize, char)| {
            let glyph = letters.map(letter).unwrap_or(GlyphId::NOTDEF);
            Glyph {
                id: glyph.to_u32(),
                advance: metrics.advance_width(glyph).unwrap_or(0.0) / units,
                bytes: place..place + letter.len_utf8(),
            }
        };
        text.char_indices().map(glyph).collect()
    }
}

fn simplified(data: &[u8], index: u32) -> bool {
    let Ok(font) = FontRef::from_index(data, index) else { return false };
    let names = font.localized_strings(StringId::FAMILY_NAME);
    names.into_iter().any(|name| name.to_string().ends_with(" SC"))
}

/// A text in pieces that stay on one line each, their spaces behind them.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    for pair in letters.windows(2) {
        let [(_, before), (place, after)] = pair else { continue };
        let wide = |letter: char| letter >= '\u{2e80}';
        // No line begins with a mark that closes something, nor ends with one that opens it.
        let closes = "，。、；：！？）》」』”’%,.;:!?)".contains(*after);
        let opens = "（《「『“‘(".contains(*before);
        if (*before == ' ' && *after != ' ') || ((wide(*before) || wide(*after)) && !closes && !opens) {
            words.push(&text[start..*place]);
            start = *place;
        }
    }
    words.push(&text[start..]);
    words
}
