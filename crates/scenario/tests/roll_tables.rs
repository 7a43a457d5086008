//! The other tables of a scenario folder.

use scenario::tables::{TABLES, check_table};

/// Notes as `3 tubes_per_hour code arg=value`, one a line, without the one that refuses the file.
#[track_caller]
fn said(file: &str, text: &str) -> String {
    let notes = check_table(file, text.as_bytes()).expect("a table").0;
    let mut out = String::new();
    assert!(notes.iter().any(|note| note.code == "table_not_used_yet"));
    for note in notes.iter().filter(|note| note.code != "table_not_used_yet") {
        let place = note.place.row.map(|row| row.to_string()).into_iter().chain(note.place.column.clone());
        out += &place.chain([note.code.to_owned()]).collect::<Vec<_>>().join(" ");
        for (name, value) in note.args.iter().filter(|(_, value)| !value.is_empty()) {
            out += &format!(" {name}={value}");
        }
        out += "\n";
    }
    out
}

#[test]
fn other_files_are_no_tables() {
    assert!(check_table("roll.csv", b"").is_none());
    assert!(check_table("labs.txt", b"").is_none());
    assert!(check_table("labs.csv", b"").is_some());
}

#[test]
fn every_table_is_refused_until_something_uses_it() {
    for table in TABLES {
        let headings: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let file = format!("{}.csv", table.name);
        let notes = check_table(&file, format!("{}\n", headings.join(",")).as_bytes()).unwrap();
        assert!(notes.refuses());
    }
}

#[test]
fn headings_may_be_in_either_language_and_any_order() {
    assert_eq!(said("labs.csv", "Tubes per hour,Lab\n120,one\n"), "");
    assert_eq!(said("labs.csv", "各实验室,\n实验室,每小时管数\n一号,120\n"), "");
}

#[test]
fn unknown_headings_are_shown_with_the_nearest() {
    assert_eq!(
        said("labs.csv", "lab,tubes_per_hour,opns,colour\none,120,07:00,red\n"),
        "opns table_heading_unknown_near nearest=opens (开始时间)\ncolour table_heading_unknown\n"
    );
}

#[test]
fn missing_headings_and_spoilt_cells_are_errors() {
    assert_eq!(
        said("places.csv", "place,parent\none,two\n"),
        "table_heading_missing needed=place (地区) · kind (级别) rows=30\n"
    );
    assert_eq!(
        said("sites.csv", "site,residents,opens,latitude\na,many,7am,31.2\n,3948,07:00,131\n"),
        "2 residents table_whole_expected range=0 – 100000000\n2 opens table_time_expected\n3 site table_cell_missing\n3 latitude table_out_of_range range=-90 – 90\n"
    );
    assert_eq!(
        said("demand.csv", "受援方,专业,人数,开始日期,结束日期\n甲市,采样,500,2022/4/3,三月\n"),
        "2 结束日期 table_date_expected\n"
    );
}

#[test]
fn every_column_is_documented() {
    let page = include_str!("../../../docs/tables.md");
    for table in TABLES {
        let section = page.split(&format!("`{}.csv`", table.name)).nth(1).expect("a section of its own");
        let section = section.split("\n## ").next().expect("a section has an end");
        for column in table.columns {
            let row = format!(
                "| `{}` | {} | {} |",
                column.name,
                column.chinese,
                if column.required { "yes" } else { "" }
            );
            assert!(section.contains(&row), "{}: {row}", table.name);
        }
    }
}
