//! Rolls as CSV text: what is read, and what is said about it.

use domain::{Mark, Notes, Roll, Severity};
use scenario::roll::read_roll;

fn read(bytes: &[u8]) -> (Roll, Notes) {
    read_roll("roll.csv", bytes, &mut |_, _| {})
}

/// Households as `12-2-301 x3 frail tenant`, one a line.
fn doors(roll: &Roll) -> String {
    let mut out = String::new();
    for (id, household) in (0..).zip(&roll.households) {
        out += &format!("{} x{}", roll.household_id(id), roll.size(id));
        for resident in &roll.residents[household.residents.start as usize..household.residents.end as usize]
        {
            for mark in resident.iter() {
                out += " ";
                out += mark.name();
            }
        }
        out += "\n";
    }
    out
}

/// Notes as `error 3 电话 code arg=value`, one a line.
fn said(notes: &Notes) -> String {
    let mut out = String::new();
    for note in &notes.0 {
        out += match note.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        };
        if let Some(row) = note.place.row {
            out += &format!(" {row}");
        }
        if let Some(column) = &note.place.column {
            out += &format!(" {column}");
        }
        out += &format!(" {}", note.code);
        for (name, value) in &note.args {
            out += &format!(" {name}={value}");
        }
        out += "\n";
    }
    out
}

/// Reads the text; expects these households and these notes.
#[track_caller]
fn check(text: &str, households: &str, notes: &str) {
    let (roll, found) = read(text.as_bytes());
    assert_eq!(said(&found), notes, "notes");
    assert_eq!(doors(&roll), households, "households");
}

/// Reads the text; expects only these notes.
#[track_caller]
fn check_notes(text: &str, notes: &str) {
    assert_eq!(said(&read(text.as_bytes()).1), notes);
}

#[test]
fn three_columns_are_read_in_any_order() {
    check(
        "姓名,室号,单元,楼栋,备注\n甲,301,2,12,高龄\n乙,301室,2单元,12号楼,\n丙,302,2,12,租户、外籍\n",
        "12-2-301 x2 frail\n12-2-302 x1 foreign-language tenant\n",
        "",
    );
    check(
        "Building;Entrance;Door;Name;Marks\n12;2;301;Ann;frail, tenant\n12;2;302;Bob;owner\n",
        "12-2-301 x1 frail tenant\n12-2-302 x1\n",
        "",
    );
}

#[test]
fn addresses_are_read_below_title_rows() {
    check(
        "阳光花园居民花名册,,\n2022年3月,,\n\n序号,住址,姓名\n1,12号楼2单元301,甲\n2,１２栋２单元３０１室,乙\n3,12-2-302,丙\n4,13幢101,丁\n",
        "12-2-301 x2\n12-2-302 x1\n13-101 x1\n",
        "",
    );
}

#[test]
fn tabs_quotes_and_line_feeds_inside_cells_are_read() {
    check(
        "姓名\t地址\r\n甲\t\"12-2-301\"\r\n\"乙\r\n(\"\"小\"\")\"\t12-2-302\r\n",
        "12-2-301 x1\n12-2-302 x1\n",
        "",
    );
}

#[test]
fn gb18030_utf16_and_a_byte_order_mark_are_read() {
    let text = "姓名,地址,备注\n甲,12号楼2单元301,学生\n";
    let expected = "12-2-301 x1 pupil\n";
    let gb = encoding_rs::GB18030.encode(text).0;
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&gb[..], &utf16, format!("\u{feff}{text}").as_bytes()] {
        let (roll, notes) = read(bytes);
        assert_eq!((doors(&roll).as_str(), said(&notes).as_str()), (expected, ""));
    }
}

#[test]
fn empty_places_are_taken_from_above_where_the_row_has_a_name() {
    check(
        "楼栋,单元,室号,姓名\n12,1,101,甲\n,,,乙\n,,102,丙\n,2,101,丁\n13,,101,戊\n,,,己\n",
        "12-1-101 x2\n12-1-102 x1\n12-2-101 x1\n13-101 x2\n",
        "",
    );
}

#[test]
fn a_slip_in_a_list_that_names_every_door_is_shown() {
    let mut text = "楼栋,室号,姓名\n".to_owned();
    for door in 1..20 {
        text += &format!("12,{door},示例{door}\n");
    }
    text += ",,示例二十\n";
    check_notes(&text, "warning 21 室号 roll_door_from_above\n");
}

#[test]
fn titles_of_buildings_blank_rows_totals_and_repeated_headings_are_left_out() {
    check(
        "室号,姓名,备注\n12号楼2单元,,\n301,甲,\n302,乙,\n小计,2,\n,,\n13号楼,,\n室号,姓名,备注\n101,丙,\n合 计:3人,,\n",
        "12-2-301 x1\n12-2-302 x1\n13-101 x1\n",
        "",
    );
    check("building,door,name\n12,301,Ann\nTotal,1,\n,,Subtotal: 1\n", "12-301 x1\n", "");
}

#[test]
fn empty_flats_and_forms_not_filled_in_are_nobody() {
    check(
        "序号,楼栋,室号,姓名,备注\n1,12,301,甲,\n2,12,302,,空关\n3,12,303,空置,\n4,12,304,,\n5,12,305,无,\n6,,,,\n",
        "12-301 x1\n",
        "",
    );
}

#[test]
fn somebody_without_a_name_is_counted() {
    check(
        "楼栋,室号,姓名,备注\n12,301,,高龄\n12,301,,租户\n",
        "12-301 x2 frail tenant\n",
        "warning 2 姓名 roll_name_missing\nwarning 3 姓名 roll_name_missing\n",
    );
}

#[test]
fn headings_in_two_rows_are_joined() {
    check("序号,地址,,,姓名,备注\n,楼栋,单元,室号,,\n1,12,2,301,甲,\n", "12-2-301 x1\n", "");
    check("房屋情况,,居民情况,\n楼栋,室号,姓名,备注\n12,301,甲,\n", "12-301 x1\n", "");
    check("姓名,房屋位置,,备注\n,楼栋,室号,\n甲,12,301,\n", "12-301 x1\n", "");
}

#[test]
fn missing_headings_are_named_and_nobody_else() {
    check_notes("姓名,电话\n甲,000-0001\n", "error roll_heading_door_missing seen=姓名 · 电话\n");
    check_notes("building,door\n12,301\n", "error roll_heading_name_missing seen=building · door\n");
    check_notes("电话\n000\n", "error roll_heading_both_missing seen=电话\n");
    check_notes("甲,12-2-301,13800000000\n", "error roll_heading_none\n");
}

#[test]
fn spoilt_document_numbers_are_errors_that_do_not_show_them() {
    check_notes(
        "地址,姓名,身份证号\n1-1-101,甲,1.2E+17\n1-1-102,乙,3.10110199001011E+17\n",
        "error 2 身份证号 roll_document_scientific\nerror 3 身份证号 roll_document_scientific\n",
    );
    check_notes(
        "地址,姓名,身份证号\n1-1-101,甲,000000190001010000\n1-1-102,乙,000000190001011000\n1-1-103,丙,000000190001012000\n",
        "error 2 身份证号 roll_document_rounded count=3\n",
    );
}

#[test]
fn of_many_equal_faults_the_first_twenty_are_shown() {
    let mut text = "地址,姓名,身份证号\n".to_owned();
    for door in 1..=500 {
        text += &format!("1-1-{door},示例,1.2E+17\n");
    }
    let notes = said(&read(text.as_bytes()).1);
    assert_eq!(notes.lines().count(), 21);
    assert_eq!(notes.lines().last(), Some("error 身份证号 sheet_more_like_it count=480 row=2"));
}

#[test]
fn a_person_entered_twice_is_counted_once_with_all_marks() {
    check(
        "地址,姓名,证件号码,备注\n1-1-101,甲,,高龄\n1-1-101,甲 ,,租户\n1-1-102,甲,,\n1-1-103,乙,AB123456,\n1-1-104,丙,ab 123456,\n",
        "1-1-101 x1 frail tenant\n1-1-102 x1\n1-1-103 x1\n",
        "warning 3 姓名 roll_person_twice row=2\nwarning 6 证件号码 roll_document_twice row=5\n",
    );
    check(
        "地址,姓名,证件号码\n1-1-101,甲,AB123456\n1-1-101,甲,AB123457\n1-1-101,乙,无\n1-1-101,丙,无\n",
        "1-1-101 x4\n",
        "",
    );
}

#[test]
fn a_household_in_two_places_of_the_list_is_joined() {
    let text = "地址,姓名\n1-1-101,甲\n1-2-101,乙\n1-1-101,丙\n1-1-102,丁\n";
    check(text, "1-1-101 x2\n1-1-102 x1\n1-2-101 x1\n", "warning 4 地址 roll_household_split row=2\n");
    let roll = read(text.as_bytes()).0;
    assert_eq!(roll.entrances.len(), 2);
    assert_eq!((roll.people_of_entrance(0), roll.people_of_entrance(1)), (3, 1));
    assert_eq!(roll.households[2].entrance, 1);
}

#[test]
fn marks_stay_with_their_resident_when_the_list_is_put_in_order() {
    let roll = read(
        "地址,姓名,备注\n1-1-101,甲,高龄\n1-2-101,乙,学生\n1-1-101,丙,教师\n1-2-101,丁,租户\n".as_bytes(),
    )
    .0;
    let marks: Vec<Vec<Mark>> = roll.residents.iter().map(|marks| marks.iter().collect()).collect();
    assert_eq!(marks, [[Mark::Frail], [Mark::Teacher], [Mark::Pupil], [Mark::Tenant]]);
}

#[test]
fn two_telephones_in_a_cell_are_taken() {
    check(
        "地址,姓名,电话\n1-1-101,甲,000-00000001/000-00000002\n1-1-102,乙,000-00000003\n",
        "1-1-101 x1\n1-1-102 x1\n",
        "hint 2 电话 roll_two_phones count=1\n",
    );
}

#[test]
fn who_has_no_readable_door_is_served_and_shown() {
    check(
        "地址,姓名\n门卫室,甲\n门卫室,乙\n1-1-101,丙\n13800000000,丁\n1号楼2单元,戊\n",
        "?-#2 x2\n?-#5 x1\n1-1-101 x1\n1-2-#6 x1\n",
        "warning 2 地址 roll_door_unreadable\nwarning 3 地址 roll_door_unreadable\nwarning 5 地址 roll_door_unreadable\nwarning 6 地址 roll_door_unreadable\n",
    );
}

#[test]
fn who_has_no_door_at_all_is_an_error() {
    check_notes(
        "楼栋,室号,姓名\n,,甲\n12,301,乙\n13,,丙\n",
        "error 2 室号 roll_door_missing\nerror 4 室号 roll_door_missing\n",
    );
}

#[test]
fn a_door_that_became_a_date_is_an_error() {
    check_notes(
        "地址,姓名\n12月2日,甲\n2001/2/3,乙\n",
        "error 2 地址 roll_door_is_date\nerror 3 地址 roll_door_is_date\n",
    );
}

#[test]
fn unknown_marks_are_shown_with_the_nearest_known() {
    check_notes(
        "地址,姓名,备注\n1-1-101,甲,tennant\n1-1-102,乙,喜欢唱歌\n",
        "warning 2 备注 roll_mark_unknown_near nearest=tenant\nwarning 3 备注 roll_mark_unknown\n",
    );
}

#[test]
fn large_households_and_entrances_left_out_are_shown() {
    let mut text = "地址,姓名\n2-102,乙\n2-1-103,丙\n".to_owned();
    for person in 0..21 {
        text += &format!("1-1-101,示例{person}\n");
    }
    check_notes(
        &text,
        "warning 4 roll_household_large people=21\nwarning 2 roll_entrance_missing building=2\n",
    );
}

#[test]
fn a_list_with_doors_only_is_one_building() {
    check("室号,姓名\n101,甲\n102,乙\n", "1-101 x1\n1-102 x1\n", "hint 室号 roll_one_building\n");
}

#[test]
fn a_lane_or_phase_is_shown_only_where_it_tells_buildings_apart() {
    check("地址,姓名\n一期12-101,甲\n二期12-101,乙\n", "1期12-101 x1\n2期12-101 x1\n", "");
    check("地址,姓名\n某路100弄12号101室,甲\n某路100弄13号101室,乙\n", "12-101 x1\n13-101 x1\n", "");
}

#[test]
fn a_file_cut_off_is_an_error() {
    check_notes("地址,姓名,备注\n1-1-101,甲,\n1-1-102,\"乙", "error 3 sheet_ends_in_quotes\n");
    check_notes("地址,姓名,备注\n1-1-101,甲,\n1-1-102,乙", "error 3 sheet_ends_in_row cells=2 headings=3\n");
    check("地址,姓名,备注\n1-1-101,甲\n1-1-102,乙", "1-1-101 x1\n1-1-102 x1\n", "");
    check("地址,姓名,备注\n1-1-101,甲,", "1-1-101 x1\n", "");
    let text = "地址,姓名,联系电话,备注\n1-1-101,甲,,\n1-1-102,乙";
    assert_eq!(said(&read(&text.as_bytes()[..text.len() - 1]).1), "error sheet_cut_off\n");
}

#[test]
fn rows_are_counted_as_an_editor_counts_them() {
    check_notes(
        "\r\n地址,姓名\r\n\r\n\"1-1\r\n-101\",甲\r\n\r\n,乙\r\n?,丙\r\n",
        "warning 8 地址 roll_door_unreadable\n",
    );
    check_notes("sep=;\n地址;姓名\n?;丙\n", "warning 3 地址 roll_door_unreadable\n");
}

#[test]
fn files_of_other_kinds_are_named() {
    for (bytes, code) in [
        (&b""[..], "sheet_empty"),
        (b"\xef\xbb\xbf\r\n", "sheet_empty"),
        (b"%PDF-1.4", "sheet_is_pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "sheet_is_old_xls"),
        (b"\xff\xd8\xff\xe0..", "sheet_is_picture"),
        (b"<html><table>", "sheet_is_web_page"),
        (b"\x7fELF\x02\x01\x01\0\0", "sheet_is_binary"),
        (b"\x80\xff\xff\xfe\x80 nonsense", "sheet_encoding_unknown"),
        (b"PK\x03\x04 cut", "sheet_cut_off"),
    ] {
        assert_eq!(said(&read(bytes).1), format!("error {code}\n"));
    }
}

#[test]
fn a_cell_that_never_ends_is_an_error() {
    let text = format!("地址,姓名\n1-1-101,{}\n1-1-102,乙\n", "x".repeat(10_001));
    check_notes(&text, "error 2 姓名 sheet_cell_too_long limit=10000\n");
}

#[test]
fn a_list_of_headings_only_has_no_residents() {
    check_notes("地址,姓名\n", "error roll_no_residents\n");
}

#[test]
fn all_notes_come_at_once_errors_first() {
    check_notes(
        "楼栋,室号,姓名,身份证号,备注\n,,甲,,\n12,301,乙,1.2E+17,喜欢唱歌\n12,301,乙,,\n12,门卫,丙,,\n",
        "error 2 室号 roll_door_missing\nerror 3 身份证号 roll_document_scientific\nwarning 3 备注 roll_mark_unknown\nwarning 4 姓名 roll_person_twice row=3\nwarning 5 室号 roll_door_unreadable\n",
    );
}

#[test]
fn no_note_shows_a_name_a_telephone_or_a_document() {
    let secrets = ["秘密人", "13912345678", "AB998877", "母亲是"];
    let text = "秘密人,13912345678\n地址,姓名,电话,证件号码,备注\n门卫 秘密人 13912345678,秘密人,13912345678,AB998877,母亲是秘密人\n1-1-1,秘密人,13912345678/13912345678,AB998877,秘密人\n,秘密人,,1.2E+17,\n";
    let (roll, notes) = read(text.as_bytes());
    assert!(notes.0.len() >= 4, "{}", said(&notes));
    let all = format!("{roll:?} {notes:?}");
    assert!(secrets.iter().all(|secret| !all.contains(secret)), "{all}");
}

#[test]
fn progress_reaches_the_end() {
    let mut text = "地址,姓名\n".to_owned();
    for door in 0..10_000 {
        text += &format!("1-1-{door},甲\n");
    }
    let mut steps = Vec::new();
    read_roll("roll.csv", text.as_bytes(), &mut |done, total| steps.push((done, total)));
    assert!(steps.len() >= 3 && steps.is_sorted());
    assert_eq!(steps.last(), Some(&(text.len() as u64, text.len() as u64)));
}

#[test]
fn a_roll_in_traditional_signs_is_read_as_one_in_simplified_ones_and_a_building_keeps_its_name() {
    let traditional =
        "樓棟,單元,室號,姓名,備註\n1號樓,二單元,301室,示例甲,高齡\n觀海樓,,102,示例乙,孕婦、租戶\n";
    let simplified =
        "楼栋,单元,室号,姓名,备注\n1号楼,二单元,301室,示例甲,高龄\n觀海樓,,102,示例乙,孕妇、租户\n";
    let ((one, found), (other, expected)) = (read(traditional.as_bytes()), read(simplified.as_bytes()));
    assert_eq!(said(&found), said(&expected));
    assert_eq!(doors(&one), doors(&other));
    assert!(doors(&one).starts_with("1-2-301 x1 frail\n觀海樓"), "{}", doors(&one));
}
