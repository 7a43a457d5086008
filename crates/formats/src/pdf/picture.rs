//! A page as a picture: SVG and PNG. Letters are drawn as outlines, so that it looks the same wherever it is opened.

use super::{Fonts, Mark, NoFont, Page, write};
use crate::cap::escaped;
use std::fmt::Write;
use tiny_skia::{FillRule, Paint, PathBuilder, Pixmap, Stroke, StrokeDash, Transform};

/// Pixels in a millimetre: a picture of 120 mm is 1,080 pixels wide, as telephones and chats show it.
const PIXELS_PER_MM: f32 = 9.0;
/// The highest picture, in pixels: chats refuse or blur what is longer.
const PIXELS_MAX: u32 = 16_000;

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoPicture {
    /// A letter for which no font was brought.
    Font(NoFont),
    /// It would be higher than chats take.
    TooHigh,
}

impl From<NoFont> for NoPicture {
    fn from(no_font: NoFont) -> NoPicture {
        NoPicture::Font(no_font)
    }
}

/// Outlines are drawn in millimetres.
enum Step {
    Move(f32, f32),
    Line(f32, f32),
    Quad([f32; 4]),
    Cubic([f32; 6]),
    Close,
}

/// Something to be filled or drawn along.
enum Shape {
    Filled(Vec<Step>),
    Stroked { steps: Vec<Step>, width: f32, dashed: bool },
}

fn shapes(page: &Page, fonts: &Fonts) -> Result<Vec<Shape>, NoFont> {
    let mut shapes = Vec::new();
    for mark in &page.marks {
        shapes.push(match mark {
            Mark::Text { at, size, style, text } => {
                let mut steps = Vec::new();
                let mut pen = Pen { steps: &mut steps, x: at.0, y: at.1, scale: *size };
                for run in fonts.runs(*style, text)? {
                    for glyph in run.face.glyphs(run.text) {
                        run.face.outline(glyph.id, &mut pen);
                        pen.x += glyph.advance * size;
                    }
                }
                Shape::Filled(steps)
            }
            Mark::Line { from, to, width, dashed } => {
                let steps = vec![Step::Move(from.0, from.1), Step::Line(to.0, to.1)];
                Shape::Stroked { steps, width: *width, dashed: *dashed }
            }
            Mark::Qr { at, side, text } => {
                let mut steps = Vec::new();
                for [x, y, wide, high] in write::modules(*at, *side, text) {
                    steps.extend([
                        Step::Move(x, y),
                        Step::Line(x + wide, y),
                        Step::Line(x + wide, y + high),
                        Step::Line(x, y + high),
                        Step::Close,
                    ]);
                }
                Shape::Filled(steps)
            }
        });
    }
    Ok(shapes)
}

/// Draws a glyph's outline, of a font of size 1 and with y upwards, at a place on the page.
struct Pen<'a> {
    steps: &'a mut Vec<Step>,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl skrifa::outline::OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.steps.push(Step::Move(x, y));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.steps.push(Step::Line(x, y));
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let ((cx, cy), (x, y)) = (self.at(cx, cy), self.at(x, y));
        self.steps.push(Step::Quad([cx, cy, x, y]));
    }
    fn curve_to(&mut self, cx: f32, cy: f32, dx: f32, dy: f32, x: f32, y: f32) {
        let ((cx, cy), (dx, dy), (x, y)) = (self.at(cx, cy), self.at(dx, dy), self.at(x, y));
        self.steps.push(Step::Cubic([cx, cy, dx, dy, x, y]));
    }
    fn close(&mut self) {
        self.steps.push(Step::Close);
    }
}

/// The page as an SVG of so many millimetres, with a sentence for those who do not see it.
///
/// # Errors
/// A text has a letter for which no font was brought.
pub fn svg(page: &Page, (width, height): (f32, f32), told: &str, fonts: &Fonts) -> Result<String, NoFont> {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height:.1}mm\" viewBox=\"0 0 {width} {height:.1}\" \
         role=\"img\"><title>{}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        escaped(told)
    );
    for shape in shapes(page, fonts)? {
        let (steps, drawn) = match &shape {
            Shape::Filled(steps) => (steps, String::new()),
            Shape::Stroked { steps, width, dashed } => {
                let dash = if *dashed { " stroke-dasharray=\"1\"" } else { "" };
                (steps, format!(" fill=\"none\" stroke=\"#000\" stroke-width=\"{width}\"{dash}"))
            }
        };
        if !steps.is_empty() {
            let _ = writeln!(out, "<path{drawn} d=\"{}\"/>", path_data(steps));
        }
    }
    out += "</svg>\n";
    Ok(out)
}

fn path_data(steps: &[Step]) -> String {
    let mut data = String::new();
    for step in steps {
        // A hundredth of a millimetre is finer than any printer.
        let _ = match step {
            Step::Move(x, y) => write!(data, "M{x:.2} {y:.2}"),
            Step::Line(x, y) => write!(data, "L{x:.2} {y:.2}"),
            Step::Quad([a, b, x, y]) => write!(data, "Q{a:.2} {b:.2} {x:.2} {y:.2}"),
            Step::Cubic([a, b, c, d, x, y]) => write!(data, "C{a:.2} {b:.2} {c:.2} {d:.2} {x:.2} {y:.2}"),
            Step::Close => write!(data, "Z"),
        };
    }
    data
}

/// The page as a PNG, nine pixels to a millimetre.
///
/// # Errors
/// A text has a letter for which no font was brought, or the picture would be too high.
pub fn png(page: &Page, (width, height): (f32, f32), fonts: &Fonts) -> Result<Vec<u8>, NoPicture> {
    let pixels = |mm: f32| (mm * PIXELS_PER_MM).ceil() as u32;
    if pixels(height) > PIXELS_MAX {
        return Err(NoPicture::TooHigh);
    }
    let mut pixmap = Pixmap::new(pixels(width), pixels(height)).ok_or(NoPicture::TooHigh)?;
    pixmap.fill(tiny_skia::Color::WHITE);
    let mut paint = Paint::default();
    paint.set_color_rgba8(0, 0, 0, 255);
    let scale = Transform::from_scale(PIXELS_PER_MM, PIXELS_PER_MM);
    for shape in shapes(page, fonts)? {
        let (Shape::Filled(steps) | Shape::Stroked { steps, .. }) = &shape;
        let Some(path) = path(steps) else { continue };
        match &shape {
            Shape::Filled(_) => pixmap.fill_path(&path, &paint, FillRule::Winding, scale, None),
            Shape::Stroked { width, dashed, .. } => {
                let dash = if *dashed { StrokeDash::new(vec![1.0, 1.0], 0.0) } else { None };
                let stroke = Stroke { width: *width, dash, ..Stroke::default() };
                pixmap.stroke_path(&path, &paint, &stroke, scale, None);
            }
        }
    }
    Ok(pixmap.encode_png().expect("a picture in memory is written"))
}

fn path(steps: &[Step]) -> Option<tiny_skia::Path> {
    let mut path = PathBuilder::new();
    for step in steps {
        match *step {
            Step::Move(x, y) => path.move_to(x, y),
            Step::Line(x, y) => path.line_to(x, y),
            Step::Quad([a, b, x, y]) => path.quad_to(a, b, x, y),
            Step::Cubic([a, b, c, d, x, y]) => path.cubic_to(a, b, c, d, x, y),
            Step::Close => path.close(),
        }
    }
    path.finish()
}
