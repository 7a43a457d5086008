//! Rolls as XLSX workbooks, sound and otherwise.

use domain::{Notes, Roll};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use scenario::roll::read_roll;
use std::io::Write;

fn read(bytes: &[u8]) -> (Roll, Notes) {
    read_roll("roll.xlsx", bytes, &mut |_, _| {})
}

fn doors(roll: &Roll) -> Vec<String> {
    (0..roll.households.len() as u32)
        .map(|id| format!("{} x{}", roll.household_id(id), roll.size(id)))
        .collect()
}

/// Notes as `12 室号 code`.
fn said(notes: &Notes) -> Vec<String> {
    let place = |note: &domain::Note| {
        let row = note.place.row.map(|row| row.to_string());
        row.into_iter()
            .chain(note.place.column.clone())
            .chain([note.code.to_owned()])
            .collect::<Vec<_>>()
            .join(" ")
    };
    notes.0.iter().map(place).collect()
}

/// A workbook of one sheet.
fn workbook(write: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(book.add_worksheet());
    book.save_to_buffer().expect("a small workbook can be written")
}

fn write_rows(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) {
    for (row, cells) in (first..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            if !text.is_empty() {
                sheet.write_string(row, column, *text).expect("the cell is on the sheet");
            }
        }
    }
}

#[test]
fn numbers_as_doors_are_read_as_people_see_them() {
    let bytes = workbook(|sheet| {
        write_rows(sheet, 0, &[&["楼栋", "单元", "室号", "姓名"]]);
        for (row, door) in [(1, 301.0), (2, 302.0)] {
            sheet.write_number(row, 0, 12.0).unwrap();
            sheet.write_number(row, 1, 2.0).unwrap();
            sheet.write_number(row, 2, door).unwrap();
            sheet.write_string(row, 3, "甲").unwrap();
        }
    });
    let (roll, notes) = read(&bytes);
    assert_eq!(doors(&roll), ["12-2-301 x1", "12-2-302 x1"]);
    assert!(notes.0.is_empty(), "{notes:?}");
}

#[test]
fn merged_cells_say_the_same_in_each_of_their_rows() {
    let bytes = workbook(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 4, "居民花名册", &plain).unwrap();
        write_rows(sheet, 1, &[&["楼栋", "单元", "室号", "姓名", "备注"]]);
        sheet.merge_range(2, 0, 7, 0, "12号楼", &plain).unwrap();
        sheet.merge_range(2, 1, 4, 1, "1单元", &plain).unwrap();
        sheet.merge_range(5, 1, 7, 1, "2单元", &plain).unwrap();
        sheet.merge_range(2, 2, 3, 2, "101", &plain).unwrap();
        sheet.merge_range(2, 4, 3, 4, "租户", &plain).unwrap();
        for (row, door) in [(4, "102"), (5, "101"), (6, "102"), (7, "103")] {
            sheet.write_string(row, 2, door).unwrap();
        }
        // Nobody is written in rows 7 and 8: the form has space for them.
        for (row, name) in [(2, "甲"), (3, "乙"), (4, "丙"), (5, "丁")] {
            sheet.write_string(row, 3, name).unwrap();
        }
    });
    let (roll, notes) = read(&bytes);
    assert_eq!(doors(&roll), ["12-1-101 x2", "12-1-102 x1", "12-2-101 x1"]);
    assert!(notes.0.is_empty(), "{notes:?}");
    let tenants = roll.residents.iter().filter(|marks| marks.has(domain::Mark::Tenant)).count();
    assert_eq!(tenants, 2);
}

#[test]
fn headings_merged_over_two_rows_are_read() {
    let bytes = workbook(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 1, 0, "序号", &plain).unwrap();
        sheet.merge_range(0, 1, 0, 3, "住址", &plain).unwrap();
        sheet.merge_range(0, 4, 1, 4, "姓名", &plain).unwrap();
        write_rows(sheet, 1, &[&["", "幢", "单元", "室号"], &["1", "12", "2", "301", "甲"]]);
    });
    let (roll, notes) = read(&bytes);
    assert_eq!(doors(&roll), ["12-2-301 x1"]);
    assert!(notes.0.is_empty(), "{notes:?}");
}

#[test]
fn the_first_sheet_with_headings_is_read_and_the_others_are_named() {
    let mut book = Workbook::new();
    write_rows(book.add_worksheet().set_name("说明").unwrap(), 0, &[&["填表说明"]]);
    for name in ["12号楼", "13号楼"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        write_rows(sheet, 0, &[&["地址", "姓名"], &["12-2-301", "甲"]]);
    }
    let (roll, notes) = read(&book.save_to_buffer().unwrap());
    assert_eq!(roll.people(), 1);
    assert_eq!(said(&notes), ["sheet_others_unread", "sheet_read"]);
    assert_eq!(notes.0[0].args, [("sheet", "12号楼".to_owned()), ("others", "13号楼".to_owned())]);
}

#[test]
fn long_numbers_dates_and_failed_formulas_are_errors() {
    let bytes = workbook(|sheet| {
        write_rows(
            sheet,
            0,
            &[&["地址", "姓名", "身份证号"], &["1-1-101", "甲"], &["", "乙"], &["1-1-103", "丙"]],
        );
        sheet.write_number(1, 2, 310_110_199_001_011_234.0).unwrap();
        let date = Format::new().set_num_format("m\"月\"d\"日\"");
        sheet.write_number_with_format(2, 0, 44_897.0, &date).unwrap();
        let formula = rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!");
        sheet.write_formula(4, 0, formula).unwrap();
        sheet.write_string(4, 1, "丁").unwrap();
    });
    let notes = said(&read(&bytes).1);
    assert!(notes.contains(&"2 身份证号 roll_document_scientific".to_owned()), "{notes:?}");
    assert!(notes.contains(&"3 地址 roll_door_is_date".to_owned()), "{notes:?}");
    assert!(notes.contains(&"5 地址 sheet_formula_failed".to_owned()), "{notes:?}");
}

fn small() -> Vec<u8> {
    workbook(|sheet| {
        write_rows(sheet, 0, &[&["地址", "姓名", "备注"], &["12-2-301", "甲", "高龄"], &["12-2-302", "乙"]]);
    })
}

#[test]
fn a_workbook_cut_off_is_an_error() {
    let bytes = small();
    assert!(!read(&bytes).1.refuses());
    for length in [bytes.len() - 1, bytes.len() / 2, 30] {
        assert_eq!(said(&read(&bytes[..length]).1), ["sheet_cut_off"], "{length} of {}", bytes.len());
    }
}

/// A zip archive of these files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).expect("memory takes every file");
        zip.write_all(bytes).expect("memory takes every byte");
    }
    zip.finish().expect("memory takes the directory").into_inner()
}

#[test]
fn a_zip_bomb_is_not_unfolded() {
    let zeros = vec![b' '; 100 << 20];
    let bomb = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 200 << 10);
    assert_eq!(said(&read(&bomb).1), ["sheet_zip_bomb"]);
}

#[test]
fn an_archive_of_very_many_files_is_not_opened() {
    let names: Vec<String> = (0..10_001).map(|number| format!("xl/{number}.xml")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(said(&read(&archive(&files)).1), ["sheet_zip_bomb"]);
}

#[test]
fn a_workbook_that_boasts_of_its_strings_gets_no_room_for_them() {
    let strings = br#"<sst count="9" uniqueCount="99999999999999"></sst>"#;
    let bytes = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/sharedStrings.xml", strings)]);
    assert_eq!(said(&read(&bytes).1), ["sheet_zip_bomb"]);
}

#[test]
fn archives_of_other_kinds_are_named() {
    for (name, code) in [
        ("word/document.xml", "sheet_is_document"),
        ("mimetype", "sheet_is_other_spreadsheet"),
        ("xl/workbook.bin", "sheet_is_other_spreadsheet"),
        ("roll.csv", "sheet_is_archive"),
    ] {
        assert_eq!(said(&read(&archive(&[(name, b"x")])).1), [code]);
    }
}

#[test]
fn a_workbook_behind_a_password_says_so() {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(said(&read(&bytes).1), ["sheet_is_locked"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_bytes_make_the_import_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes);
    }

    #[test]
    fn no_text_makes_the_import_panic(text in "[ \"\r\n,;\t0-9１a姓名地址楼栋单元室号备注月日E+./()（#\\-]{0,200}") {
        read(text.as_bytes());
        read(format!("地址,楼栋,单元,室号,姓名,身份证号,电话,备注\n{text}").as_bytes());
    }

    #[test]
    fn no_address_makes_the_import_panic(text in "\\PC{0,40}") {
        read(format!("地址\t姓名\t身份证号\t备注\n{text}\t甲\t{text}\t{text}\n").as_bytes());
    }

    #[test]
    fn a_spoilt_workbook_is_refused_or_read(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = small();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        read(&bytes);
    }

    #[test]
    fn the_roll_holds_together_whatever_the_order(places in prop::collection::vec((0..3u8, 0..3u8, 0..4u8), 1..60)) {
        let mut text = "楼栋,单元,室号,姓名\n".to_owned();
        for (person, (building, entrance, door)) in places.iter().enumerate() {
            text += &format!("{building},{entrance},{door},示例{person}\n");
        }
        let (roll, notes) = read(text.as_bytes());
        prop_assert!(!notes.refuses());
        prop_assert_eq!(roll.people() as usize, places.len());
        let mut household = 0;
        let mut resident = 0;
        for (index, entrance) in roll.entrances.iter().enumerate() {
            prop_assert_eq!(entrance.households.start, household);
            for id in entrance.households.clone() {
                prop_assert_eq!(roll.households[id as usize].entrance as usize, index);
                prop_assert_eq!(roll.households[id as usize].residents.start, resident);
                resident = roll.households[id as usize].residents.end;
            }
            household = entrance.households.end;
        }
        prop_assert_eq!(household as usize, roll.households.len());
        prop_assert_eq!(resident as usize, roll.residents.len());
        let mut ids: Vec<String> = (0..household).map(|id| roll.household_id(id)).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), household as usize);
    }
}
