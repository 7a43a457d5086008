//! What is printed is read back by another library.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use super::*;
use lopdf::Document;
use std::sync::Arc;

/// Where Debian's fonts-noto-cjk lies: `scripts/setup.sh test` installs it.
const NOTO: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

fn own() -> Fonts {
    Fonts::new(None).unwrap()
}

fn some(count: usize) -> Vec<Label> {
    let label = |number: usize| Label {
        code: format!("89VM0-{number:04}-S22P-E"),
        large: format!("{number:04}-S22P-E"),
        small: format!("89VM0 2022-03-28 {number}"),
    };
    (0..count).map(label).collect()
}

/// The text of a page, as a reader selects it.
fn said(bytes: &[u8], page: u32) -> String {
    Document::load_mem(bytes).unwrap().extract_text(&[page]).unwrap()
}

#[test]
fn a_sheet_holds_what_its_name_says_and_stays_on_the_paper() {
    for sheet in SHEETS {
        let full = sheet.columns * sheet.rows;
        assert_eq!(labels(sheet, &some(full)).len(), 1, "{}", sheet.name);
        assert_eq!(labels(sheet, &some(full + 1)).len(), 2, "{}", sheet.name);
        let fonts = own();
        for mark in labels(sheet, &some(full)).iter().flat_map(|page| &page.marks) {
            let (left, top, right, bottom) = match mark {
                Mark::Text { at, size, style, text } => {
                    (at.0, at.1 - size, at.0 + fonts.width(*style, *size, text), at.1)
                }
                Mark::Qr { at, side, .. } => (at.0, at.1, at.0 + side, at.1 + side),
                Mark::Line { from, to, .. } => (from.0, from.1, to.0, to.1),
            };
            assert!(left >= 2.0 && top >= 2.0 && right <= A4.0 - 2.0 && bottom <= A4.1 - 2.0, "{mark:?}");
        }
    }
}

#[test]
fn two_labels_never_touch() {
    for sheet in SHEETS {
        let page = &labels(sheet, &some(2))[0];
        let quiet = page.marks.iter().filter_map(|mark| match mark {
            Mark::Qr { at, side, .. } => Some((at.0, at.0 + side, side / 21.0)),
            _ => None,
        });
        let quiet: Vec<(f32, f32, f32)> = quiet.collect();
        let fonts = own();
        for mark in &page.marks {
            let (start, end) = match mark {
                Mark::Text { at, size, style, text } => (at.0, at.0 + fonts.width(*style, *size, text)),
                Mark::Line { from, to, .. } if from.0 == to.0 => (from.0, to.0),
                _ => continue,
            };
            for &(left, right, module) in &quiet {
                let apart = end <= left - 3.9 * module || start >= right + 3.9 * module;
                assert!(apart, "{mark:?} stands in a code's quiet zone on {}", sheet.name);
            }
        }
    }
}

#[test]
fn what_is_printed_can_be_read_again_and_is_printed_the_same_twice() {
    let pages = labels(&SHEETS[1], &some(70));
    let bytes = pdf("Tubes", "en", &pages, &own()).unwrap();
    assert_eq!(bytes, pdf("Tubes", "en", &pages, &own()).unwrap());
    let document = Document::load_mem(&bytes).unwrap();
    assert_eq!(document.get_pages().len(), 2);
    let text: String = said(&bytes, 2).split_whitespace().collect();
    for number in 65..70 {
        assert!(text.contains(&format!("{number:04}")), "{number} in {text}");
    }
    assert!(!text.contains("0064"));
    assert!(bytes.len() < 200_000, "{}", bytes.len());
}

#[test]
fn letters_without_a_font_are_refused_by_name() {
    let form = Form { title: "班次".to_owned(), ..Form::default() };
    let fonts = own();
    let refused = pdf("Shift", "zh-CN", &forms(&[form], &fonts), &fonts).unwrap_err();
    assert_eq!(refused, NoFont { letter: '班' });
}

#[test]
fn a_form_in_chinese_has_its_letters_and_no_others() {
    let noto = std::fs::read(NOTO).expect("scripts/setup.sh test installs fonts-noto-cjk");
    let whole = noto.len();
    let fonts = Fonts::new(Some(Arc::new(noto))).unwrap();
    let how = "每户一行；时间写二十四小时制，门牌写房号。".repeat(4);
    let form = Form {
        title: "班次登记表".to_owned(),
        number: "12".to_owned(),
        facts: vec!["Example Court 示例小区".to_owned()],
        columns: vec![
            Column { head: "时间".to_owned(), share: 1.0 },
            Column { head: "Door".to_owned(), share: 2.0 },
        ],
        rows: 25,
        cells: vec![vec!["07:05".to_owned(), "12-2-301".to_owned()]],
        how: vec![how],
    };
    let bytes = pdf("班次", "zh-CN", &forms(&[form], &fonts), &fonts).unwrap();
    let text: String = said(&bytes, 1).split_whitespace().collect();
    for part in ["班次登记表", "示例小区", "Example", "时间", "25", "12-2-301"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(bytes.len() * 100 < whole, "{} of {whole}", bytes.len());
    let lines = fonts.lines(Style::Text, 3.0, "一二三四，五六七八", 13.0);
    assert_eq!(lines, ["一二三", "四，五六", "七八"], "no line begins with a comma");
}

#[test]
fn what_is_no_font_is_none() {
    assert!(Fonts::new(Some(Arc::new(b"nothing".to_vec()))).is_none());
}

#[test]
fn slips_stay_on_the_paper_and_clear_of_each_others_codes() {
    let code = |letters: usize| SlipCode {
        code: "x".repeat(letters),
        letters: "04106105-X".to_owned(),
        says: "At the table: show this".to_owned(),
    };
    let slip = Slip {
        large: "Building Twelve-Entrance B-3001".to_owned(),
        small: "a name that is as long as names can be on any list".to_owned(),
        codes: vec![code(10), code(200)],
    };
    let way = |count| Way { head: "Building 12".to_owned(), slips: vec![slip.clone(); count] };
    let fonts = own();
    let pages = slips(&[way(10), way(11), way(1)], &fonts);
    assert_eq!(pages.len(), 4, "each way begins on a sheet of its own");
    let quiet = |side: f32, text: &str| side / if text.len() > 20 { 57.0 } else { 21.0 } * 3.9;
    for page in &pages {
        let mut squares = Vec::new();
        for mark in &page.marks {
            let (left, top, right, bottom) = match mark {
                Mark::Text { at, size, style, text } => {
                    (at.0, at.1 - size * 0.8, at.0 + fonts.width(*style, *size, text), at.1)
                }
                Mark::Qr { at, side, text } => {
                    let quiet = quiet(*side, text);
                    squares.push((at.0 - quiet, at.1 - quiet, at.0 + side + quiet, at.1 + side + quiet));
                    (at.0, at.1, at.0 + side, at.1 + side)
                }
                Mark::Line { from, to, .. } => (from.0, from.1, to.0, to.1),
            };
            assert!(left >= 2.0 && top >= 2.0 && right <= A4.0 - 2.0 && bottom <= A4.1 - 2.0, "{mark:?}");
        }
        for mark in &page.marks {
            let Mark::Text { at, size, style, text } = mark else { continue };
            let (right, top) = (at.0 + fonts.width(*style, *size, text), at.1 - size * 0.75);
            for &(x, y, to_x, to_y) in &squares {
                let apart = right <= x || at.0 >= to_x || at.1 <= y || top >= to_y;
                assert!(apart, "{mark:?} stands in the quiet zone of ({x}, {y})–({to_x}, {to_y})");
            }
        }
    }
    assert!(pdf("Slips", "en", &pages, &fonts).is_ok());
}

#[test]
fn a_poster_has_its_words_and_a_code_that_stays_on_the_paper() {
    let fonts = own();
    let of = Poster {
        title: "Willow Court needs helping hands for the whole of the coming week".to_owned(),
        code: format!("https://garden.example/volunteer#{}/{}", "a".repeat(36), "b".repeat(32)),
        lines: vec!["1. Scan.".to_owned(), "2. Write.".to_owned()],
        foot: "Kept until Friday.".to_owned(),
    };
    let page = poster(&of, &fonts);
    for mark in &page.marks {
        let (right, bottom) = match mark {
            Mark::Qr { at, side, .. } => (at.0 + side, at.1 + side),
            Mark::Text { at, size, style, text } => (at.0 + fonts.width(*style, *size, text), at.1),
            Mark::Line { to, .. } => *to,
        };
        assert!(right < A4.0 - 10.0 && bottom < A4.1 - 10.0, "{mark:?}");
    }
    let text = said(&pdf("Poster", "en", &[page], &fonts).unwrap(), 1);
    for line in ["1. Scan.", "2. Write.", "Kept until Friday."] {
        assert!(text.contains(line), "{text}");
    }
}
