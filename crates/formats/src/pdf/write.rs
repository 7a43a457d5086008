//! Pages as the bytes of a PDF file.

use super::{
    A4, Fonts, Mark, Page,
    face::{NoFont, Style},
};
use krilla::{
    Document, SerializeSettings,
    color::luma,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    page::PageSettings,
    paint::{Fill, Stroke, StrokeDash},
    surface::Surface,
    text::{GlyphId, KrillaGlyph},
};
use qrcode::{Color, EcLevel, QrCode};

/// The pages as the bytes of a PDF file, with a title and a language as BCP 47 names it.
///
/// # Errors
/// A text has a letter for which no font was brought.
pub fn pdf(title: &str, language: &str, pages: &[Page], fonts: &Fonts) -> Result<Vec<u8>, NoFont> {
    let settings = SerializeSettings { enable_tagging: false, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let told = Metadata::new().title(title.to_owned()).language(language.to_owned());
    document.set_metadata(told);
    let (width, height) = A4;
    for page in pages {
        let size = PageSettings::from_wh(points(width), points(height)).expect("A4 is a page");
        let mut sheet = document.start_page_with(size);
        let mut surface = sheet.surface();
        for mark in &page.marks {
            draw(&mut surface, mark, fonts)?;
        }
        surface.finish();
        sheet.finish();
    }
    Ok(document.finish().expect("letters, lines and rectangles are written in any PDF"))
}

fn points(millimetres: f32) -> f32 {
    millimetres * 72.0 / 25.4
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, fonts: &Fonts) -> Result<(), NoFont> {
    match mark {
        Mark::Text { at, size, style, text } => letters(surface, *at, (*size, *style), text, fonts)?,
        Mark::Line { from, to, width, dashed } => {
            let dash = StrokeDash { array: vec![points(1.0), points(1.0)], offset: 0.0 };
            let (width, dash) = (points(*width), dashed.then_some(dash));
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { width, dash, ..Stroke::default() }));
            let mut path = PathBuilder::new();
            path.move_to(points(from.0), points(from.1));
            path.line_to(points(to.0), points(to.1));
            path.finish().iter().for_each(|path| surface.draw_path(path));
        }
        Mark::Qr { at, side, text } => qr(surface, *at, *side, text),
    }
    Ok(())
}

fn black(surface: &mut Surface<'_>) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
}

fn letters(
    surface: &mut Surface<'_>,
    (x, y): (f32, f32),
    (size, style): (f32, Style),
    text: &str,
    fonts: &Fonts,
) -> Result<(), NoFont> {
    black(surface);
    let mut x = points(x);
    for run in fonts.runs(style, text)? {
        let glyphs = run.face.glyphs(run.text);
        let width: f32 = glyphs.iter().map(|glyph| glyph.advance).sum();
        let glyph = |of: &super::face::Glyph| {
            KrillaGlyph::new(GlyphId::new(of.id), of.advance, 0.0, 0.0, 0.0, of.bytes.clone(), None)
        };
        let glyphs: Vec<KrillaGlyph> = glyphs.iter().map(glyph).collect();
        let at = Point::from_xy(x, points(y));
        surface.draw_glyphs(at, &glyphs, run.face.font.clone(), run.text, points(size), false);
        x += width * points(size);
    }
    Ok(())
}

/// One rectangle for each run of dark modules in a row: left, top, width and height in millimetres.
pub(super) fn modules((x, y): (f32, f32), side: f32, text: &str) -> Vec<[f32; 4]> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("what is printed is short");
    let modules = code.width();
    let module = side / modules as f32;
    let mut rectangles = Vec::new();
    for (row, colors) in code.to_colors().chunks(modules).enumerate() {
        let mut column = 0;
        for run in colors.chunk_by(|one, other| one == other) {
            if run[0] == Color::Dark {
                let (left, top) = (x + column as f32 * module, y + row as f32 * module);
                rectangles.push([left, top, run.len() as f32 * module, module]);
            }
            column += run.len();
        }
    }
    rectangles
}

fn qr(surface: &mut Surface<'_>, at: (f32, f32), side: f32, text: &str) {
    let mut path = PathBuilder::new();
    let rectangles = modules(at, side, text).into_iter().map(|all| all.map(points));
    for rectangle in rectangles.filter_map(|[x, y, wide, high]| Rect::from_xywh(x, y, wide, high)) {
        path.push_rect(rectangle);
    }
    black(surface);
    path.finish().iter().for_each(|path| surface.draw_path(path));
}
