//! How long the import of a million residents takes, and how much memory. Run by hand, one at a time:
//! `cargo test --release -p scenario --test roll_million -- --ignored --nocapture --test-threads 1`

use scenario::roll::read_roll;
use std::fmt::Write as _;
use std::time::Instant;

const PEOPLE: u32 = 1_000_000;
const PER_HOUSEHOLD: u32 = 3;
/// What the import of a million rows may take at most, the file itself included.
const PEAK_MAX_KIB: u64 = 1 << 20;

/// Building, entrance and door of a resident: 12 entrances of 3 in a building, 32 households in an entrance.
fn place(person: u32) -> (u32, u32, u32) {
    let household = person / PER_HOUSEHOLD;
    let entrance = household / 32;
    (entrance / 3 + 1, entrance % 3 + 1, (household % 32 / 2 + 1) * 100 + household % 2 + 1)
}

/// The most memory that this process ever had, in KiB; none where the system does not tell.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[allow(clippy::print_stdout, reason = "a measurement is read by the one who runs it")]
fn import(file: &str, bytes: &[u8]) {
    let before = Instant::now();
    let mut calls = 0;
    let (roll, notes) = read_roll(file, bytes, &mut |_, _| calls += 1);
    let took = before.elapsed();
    assert!(notes.0.is_empty(), "{:?}", notes.0);
    assert_eq!(roll.people(), PEOPLE);
    assert!(calls > 100);
    let peak = peak_kib();
    println!(
        "{file}: {PEOPLE} rows, {:.1} MB, {:.2} s, {} households, {} entrances, peak {} MiB with the file",
        bytes.len() as f64 / 1e6,
        took.as_secs_f64(),
        roll.households.len(),
        roll.entrances.len(),
        peak.unwrap_or(0) / 1024,
    );
    assert!(peak.is_none_or(|peak| peak < PEAK_MAX_KIB));
}

#[test]
#[ignore = "a measurement of some seconds"]
fn a_million_rows_of_csv_are_imported_in_little_memory() {
    let mut text = "楼栋,单元,室号,姓名,联系电话,证件号码,备注\n".to_owned();
    for person in 0..PEOPLE {
        let (building, entrance, door) = place(person);
        let mark = ["", "高龄", "租户", "学生", ""][person as usize % 5];
        writeln!(text, "{building},{entrance},{door},居民{person:07},000-{person:08},X{person:017},{mark}")
            .unwrap();
    }
    import("roll.csv", text.as_bytes());
}

#[test]
#[ignore = "a measurement of some seconds"]
fn a_million_rows_of_addresses_in_gb18030_are_imported_in_little_memory() {
    let mut text = "地址,姓名,备注\n".to_owned();
    for person in 0..PEOPLE {
        let (building, entrance, door) = place(person);
        writeln!(text, "{building}号楼{entrance}单元{door}室,居民{person:07},租户").unwrap();
    }
    let bytes = encoding_rs::GB18030.encode(&text).0.into_owned();
    drop(text);
    import("roll.csv", &bytes);
}

#[test]
#[ignore = "a measurement of some seconds"]
fn a_million_rows_of_xlsx_are_imported_in_little_memory() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut part = |name: &str, write: &mut dyn FnMut(&mut dyn std::io::Write)| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        write(&mut zip);
    };
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    part("[Content_Types].xml", &mut |out| {
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
        write!(out, r#"<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="{kind}"/></Types>"#).unwrap();
    });
    part("_rels/.rels", &mut |out| {
        write!(out, r#"<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#).unwrap();
    });
    part("xl/workbook.xml", &mut |out| {
        write!(out, r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="roll" sheetId="1" r:id="rId1"/></sheets></workbook>"#).unwrap();
    });
    part("xl/_rels/workbook.xml.rels", &mut |out| {
        write!(out, r#"<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#).unwrap();
    });
    part("xl/sharedStrings.xml", &mut |out| {
        write!(out, r#"<sst xmlns="{main}" uniqueCount="{}">"#, PEOPLE + 5).unwrap();
        for heading in ["楼栋", "单元", "室号", "姓名", "租户"] {
            write!(out, "<si><t>{heading}</t></si>").unwrap();
        }
        for person in 0..PEOPLE {
            write!(out, "<si><t>居民{person:07}</t></si>").unwrap();
        }
        write!(out, "</sst>").unwrap();
    });
    part("xl/worksheets/sheet1.xml", &mut |out| {
        write!(
            out,
            r#"<worksheet xmlns="{main}"><dimension ref="A1:D{}"/><sheetData><row r="1">"#,
            PEOPLE + 1
        )
        .unwrap();
        for column in 0..4_u8 {
            write!(out, r#"<c r="{}1" t="s"><v>{column}</v></c>"#, char::from(b'A' + column)).unwrap();
        }
        write!(out, "</row>").unwrap();
        for person in 0..PEOPLE {
            let (building, entrance, door) = place(person);
            let row = person + 2;
            write!(out, r#"<row r="{row}"><c r="A{row}"><v>{building}</v></c><c r="B{row}"><v>{entrance}</v></c><c r="C{row}"><v>{door}</v></c><c r="D{row}" t="s"><v>{}</v></c></row>"#, person + 5).unwrap();
        }
        write!(out, "</sheetData></worksheet>").unwrap();
    });
    let bytes = zip.finish().unwrap().into_inner();
    import("roll.xlsx", &bytes);
}
