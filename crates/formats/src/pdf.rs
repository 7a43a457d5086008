//! Pages for a printer. A page is data: marks at places in millimetres from its upper left corner. The same pages and
//! fonts give the same bytes.
//!
//! Codes and Latin letters are printed with fonts that this crate carries (`fonts/`); whatever else a text has, Chinese
//! above all, comes from a font that the caller brings. Only the letters that are used go into the file.

mod face;
mod form;
mod labels;
#[cfg(feature = "picture")]
mod picture;
mod poster;
mod sheet;
mod slips;
#[cfg(test)]
mod tests;
mod write;

pub use face::{Fonts, NoFont, Style};
pub use form::{Column, Form, forms};
pub use labels::{Label, LabelSheet, SHEETS, labels};
#[cfg(feature = "picture")]
pub use picture::{NoPicture, png, svg};
pub use poster::{Poster, poster};
pub use sheet::{Paper, Sheet, sheets};
pub use slips::{Slip, SlipCode, Way, slips};
pub use write::pdf;

/// A4, in millimetres.
pub const A4: (f32, f32) = (210.0, 297.0);

/// A page of A4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// What is on it, drawn in this order.
    pub marks: Vec<Mark>,
}

/// One thing on a page; all measures in millimetres.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A line of text.
    Text {
        /// Where it begins, on the line on which letters stand.
        at: (f32, f32),
        /// The height of its letters' square.
        size: f32,
        /// How it looks.
        style: Style,
        /// What it says.
        text: String,
    },
    /// A line.
    Line {
        /// From here.
        from: (f32, f32),
        /// To here.
        to: (f32, f32),
        /// So thick.
        width: f32,
        /// Whether it is dashed, as a line along which to cut.
        dashed: bool,
    },
    /// A text as a QR code.
    Qr {
        /// Its upper left corner, its quiet zone left out: whoever places it leaves four modules around it.
        at: (f32, f32),
        /// Width and height.
        side: f32,
        /// What a camera reads.
        text: String,
    },
}
