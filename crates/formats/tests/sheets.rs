//! Notices as pages and pictures.
#![cfg(feature = "picture")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use formats::{
    Block, Document, Part, Table,
    pdf::{Fonts, Mark, Page, Paper, Sheet, pdf, png, sheets, svg},
};

fn document(rows: usize) -> Document {
    let row = |row: usize| vec![format!("Building {row}"), "101-602".to_owned(), "07:05".to_owned()];
    let head = ["Entrance", "Doors", "Time"].map(str::to_owned).to_vec();
    let table = Table { caption: String::new(), head, rows: (0..rows).map(row).collect() };
    let blocks = vec![
        Block::Heading("A question".to_owned()),
        Block::Paragraph("A sentence that is long enough to be broken over more than one line of a page of paper, or of a telephone.".to_owned()),
        Block::Quote("Somebody else's words,\nas they are.".to_owned()),
        Block::List(vec!["One.".to_owned(), "Two.".to_owned()]),
        Block::Table(table),
    ];
    let part = Part { heading: "When".to_owned(), lead: "First.".to_owned(), blocks };
    Document {
        language: "en".to_owned(),
        title: "Pooled screening".to_owned(),
        facts: vec![("For".to_owned(), "everybody".to_owned())],
        parts: vec![part],
        foot: "Garden".to_owned(),
    }
}

fn pages(rows: usize, paper: Paper, fonts: &Fonts) -> (Vec<Page>, f32) {
    let (document, large) = (document(rows), ["07:25".to_owned()]);
    let sheet = Sheet { document: &document, number: "No. 3", large: &large, code: "https://example.org" };
    sheets(&sheet, paper, fonts)
}

/// Everything printed lies on the paper, within its margins.
fn inside(pages: &[Page], (width, height): (f32, f32), fonts: &Fonts) {
    for mark in pages.iter().flat_map(|page| &page.marks) {
        let (left, top, right, bottom) = match mark {
            Mark::Text { at, size, style, text } => {
                (at.0, at.1 - size, at.0 + fonts.width(*style, *size, text), at.1)
            }
            Mark::Line { from, to, .. } => (from.0, from.1, to.0, to.1),
            Mark::Qr { at, side, .. } => (at.0, at.1, at.0 + side, at.1 + side),
        };
        assert!(left >= 0.0 && top >= 0.0 && right <= width && bottom <= height, "{mark:?}");
    }
}

#[test]
fn all_that_is_said_is_printed_on_as_many_pages_as_it_takes() {
    let fonts = Fonts::new(None).unwrap();
    for (rows, count) in [(3, 1), (100, 4)] {
        let (pages, high) = pages(rows, Paper::A4, &fonts);
        assert_eq!(pages.len(), count);
        inside(&pages, (210.0, high), &fonts);
        let printed = format!("{pages:?}");
        for said in ["No. 3", "07:25", "as they are.", "•", "A question", &format!("Building {}", rows - 1)]
        {
            assert!(printed.contains(said), "{said}");
        }
        assert!(pdf("Notice", "en", &pages, &fonts).unwrap().starts_with(b"%PDF"));
    }
}

#[test]
fn a_picture_is_one_page_as_high_as_it_takes() {
    let fonts = Fonts::new(None).unwrap();
    let (pages, high) = pages(30, Paper::TELEPHONE, &fonts);
    assert_eq!(pages.len(), 1);
    inside(&pages, (120.0, high), &fonts);
    let picture = png(&pages[0], (120.0, high), &fonts).unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    // Width and height stand in the header: nine pixels to a millimetre.
    let number = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (1080, (high * 9.0).ceil() as u32));
    let drawn = svg(&pages[0], (120.0, high), "No. 3 <&>", &fonts).unwrap();
    assert!(drawn.contains("<title>No. 3 &lt;&amp;&gt;</title>") && !drawn.contains("<text"));
    assert!(drawn.matches("<path").count() > 40, "{}", drawn.len());
    assert_eq!(png(&pages[0], (120.0, 5_000.0), &fonts).unwrap_err(), formats::pdf::NoPicture::TooHigh);
    assert!(
        svg(&pages[0], (120.0, high), "x", &fonts).unwrap()
            == svg(&pages[0], (120.0, high), "x", &fonts).unwrap()
    );
}
