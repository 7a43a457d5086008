//! Codes on paper and phones, and a shift that was written down by hand.

use crate::{Answer, packed, rounds::Site};
use axum::http::{Method, StatusCode};
use base64::{Engine, prelude::BASE64_STANDARD};
use lopdf::Document;
use phone::Scanned;
use serde_json::{Value, json};

impl Site {
    async fn paper(&self, what: &str, body: Value) -> Answer {
        self.ask(Method::POST, &format!("{}/paper/{what}", self.round), Some(body)).await
    }

    async fn shift(&self, sheet: &str, station: &str, write: bool, rows: &[[&str; 5]]) -> Value {
        let row = |(row, of): (u32, &[&str; 5])| json!({ "row": row, "time": of[0], "door": of[1], "people": of[2], "green": of[3], "item": of[4] });
        let rows: Vec<Value> = (1..).zip(rows).map(row).collect();
        let table = json!({ "station": station, "lane": 1, "server": 1 });
        let answer = self
            .paper("shift", json!({ "sheet": sheet, "table": table, "rows": rows, "write": write }))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    async fn people(&self) -> Value {
        self.ask(Method::GET, &self.round, None).await.json()["people"].clone()
    }
}

/// What stands on the pages of a file, in pieces.
fn printed(answer: &Answer) -> Vec<String> {
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/pdf"),
        "{}",
        answer.text()
    );
    let document = Document::load_mem(&answer.body).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    document.extract_text(&pages).unwrap().lines().map(|line| line.trim().to_owned()).collect()
}

/// The large letters of each label: two lines of one code.
fn codes(answer: &Answer) -> Vec<String> {
    let lines = printed(answer);
    let is_number = |line: &&[String]| line[0].len() == 4 && line[1].len() == 6 && line[1].contains('-');
    lines.windows(2).filter(is_number).map(|two| format!("{}-{}", two[0], two[1])).collect()
}

#[tokio::test]
async fn what_is_printed_is_what_phones_read_and_no_number_is_printed_twice() {
    let site = Site::new().await;
    let first = site.paper("tubes", json!({ "sheet": "5x13", "count": 66 })).await;
    let codes_of_first = codes(&first);
    assert_eq!(codes_of_first.len(), 66, "{:?}", printed(&first));
    let (phone, _) = site.phone("sampler", Some("sampling"), 1).await;
    for (number, code) in (1..).zip(&codes_of_first) {
        let Scanned::Tube(read) = phone.scanned(code) else { panic!("{code} is no tube to a phone") };
        assert_eq!(read.number, number);
    }
    let paper = site.ask(Method::GET, &format!("{}/paper", site.round), None).await.json();
    assert_eq!((&paper["next_tube"], &paper["stations"][1]["gives"]), (&json!(67), &json!("tube")));
    // The paper jammed: the very same bytes again, and nothing is used up.
    let again = json!({ "sheet": "5x13", "count": 66, "from": 1, "again": true });
    assert_eq!(site.paper("tubes", again).await.body, first.body);
    for (body, code) in [
        (json!({ "sheet": "5x13", "count": 1, "from": 66 }), "tubes_printed"),
        (json!({ "sheet": "5x13", "count": 2, "from": 66, "again": true }), "tubes_not_printed"),
        (json!({ "sheet": "5x13", "count": 9, "from": (1 << 20) - 5 }), "tubes_over"),
    ] {
        assert_eq!(site.paper("tubes", body).await.problem(), (409, code.to_owned()));
    }
    for (body, code) in [
        (json!({ "sheet": "9x9", "count": 1 }), "label_sheet"),
        (json!({ "sheet": "plain", "count": 0 }), "print_count"),
        (json!({ "sheet": "plain", "count": 1_000_000 }), "print_count"),
    ] {
        assert_eq!(site.paper("tubes", body).await.problem(), (422, code.to_owned()));
    }
    let next = codes(&site.paper("tubes", json!({ "sheet": "plain", "count": 1 })).await);
    let Scanned::Tube(next) = phone.scanned(&next[0]) else { panic!("no tube") };
    assert_eq!(next.number, 67, "what was refused used nothing up");
}

#[tokio::test]
async fn boxes_have_labels_of_their_own_numbers() {
    let site = Site::new().await;
    let (phone, _) = site.phone("courier", None, 1).await;
    let first = site.paper("boxes", json!({ "sheet": "5x13", "count": 3 })).await;
    let lines = printed(&first);
    let is_number = |line: &&[String]| line[0].len() == 5 && line[0].starts_with('X') && line[1].len() == 6;
    let codes: Vec<String> =
        lines.windows(2).filter(is_number).map(|two| format!("{}-{}", two[0], two[1])).collect();
    assert_eq!(codes.len(), 3, "{lines:?}");
    for (number, code) in (1..).zip(&codes) {
        let Scanned::Box(read) = phone.scanned(code) else { panic!("{code} is no box to a phone") };
        assert_eq!(read.number(), number);
    }
    let paper = site.ask(Method::GET, &format!("{}/paper", site.round), None).await.json();
    assert_eq!((&paper["next_box"], &paper["next_tube"]), (&json!(4), &json!(1)));
    let again = json!({ "sheet": "5x13", "count": 3, "from": 1, "again": true });
    assert_eq!(site.paper("boxes", again).await.body, first.body);
    for (body, code) in [
        (json!({ "sheet": "5x13", "count": 1, "from": 3 }), "boxes_printed"),
        (json!({ "sheet": "5x13", "count": 2, "from": 3, "again": true }), "boxes_not_printed"),
    ] {
        assert_eq!(site.paper("boxes", body).await.problem(), (409, code.to_owned()));
    }
}

#[tokio::test]
async fn a_shift_sheet_says_whose_it_is_and_each_has_its_number() {
    let site = Site::new().await;
    let table = json!({ "station": "sampling", "lane": 1, "server": 2 });
    for numbers in [["No. 1", "No. 2"], ["No. 3", "No. 4"]] {
        let sheets = site.paper("sheets", json!({ "table": table, "count": 2 })).await;
        let text = printed(&sheets).join("\n");
        for part in numbers.into_iter().chain(["Shift sheet", "sampling", "lane 1", "Tube’s code", "25"]) {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains('王') && !text.contains("Ann"), "no names");
    }
    let chinese = site
        .ask(
            Method::POST,
            &format!("{}/paper/sheets?lang=zh", site.round),
            Some(json!({ "table": table, "count": 1 })),
        )
        .await;
    assert!(printed(&chinese).join("").contains("班次登记表"));
    let nowhere = json!({ "table": { "station": "kitchen", "lane": 1, "server": 1 }, "count": 1 });
    assert_eq!(site.paper("sheets", nowhere).await.problem(), (422, "station_unknown".to_owned()));
}

#[tokio::test]
async fn a_typed_sheet_is_stored_once_as_paper_and_reviewed_with_the_rest() {
    let site = Site::new().await;
    let code = codes(&site.paper("tubes", json!({ "sheet": "plain", "count": 1 })).await).remove(0);
    let entry = [["0:00", "1-101", "2", "1", ""], ["000", "999", "1", "", ""], ["0000", "301", "1", "", ""]];
    let looked = site.shift("1", "registration", true, &entry).await;
    assert_eq!(
        (&looked["wrong"], &looked["written"], &looked["people"]),
        (&json!(1), &json!(false), &json!(3))
    );
    let wrong = &looked["rows"][1]["wrong"][0];
    assert_eq!(
        (&looked["rows"][1]["row"], &wrong["cell"], &wrong["code"]),
        (&json!(2), &json!("door"), &json!("door_unknown"))
    );
    for said in ["message", "mend"] {
        let said = wrong[said].as_str().unwrap();
        assert!(!said.is_empty() && !said.starts_with("paper") && !said.contains('{'), "{said}");
    }
    assert_eq!(site.people().await, json!([0, 0]), "nothing of a sheet with a wrong row is written");
    let right = [entry[0], ["", "", "", "", ""], entry[2]];
    assert_eq!(site.shift("1", "registration", false, &right).await["written"], json!(false));
    assert_eq!(site.people().await, json!([0, 0]), "who only looks writes nothing");
    let stored = site.shift("1", "registration", true, &right).await;
    assert_eq!(
        (&stored["written"], &stored["people"], &stored["events"]),
        (&json!(true), &json!(3), &json!(9))
    );
    let tubes = [["0:00", "101", "2", "", code.as_str()], ["0:00", "301", "1", "", "\""]];
    let stored = site.shift("2", "sampling", true, &tubes).await;
    assert_eq!((&stored["written"], &stored["wrong"]), (&json!(true), &json!(0)), "{stored}");
    // Somebody sends both again.
    for (sheet, station, rows) in [("1", "registration", &right[..]), (" 2 ", "sampling", &tubes[..])] {
        let again = site.shift(sheet, station, true, rows).await;
        assert_eq!(
            (&again["written"], &again["events"], &again["people"]),
            (&json!(true), &json!(0), &json!(0))
        );
        assert_eq!(again["rows"][0]["state"], "known");
    }
    let summary = site.ask(Method::GET, &site.round, None).await.json();
    assert_eq!(
        (&summary["people"], &summary["conflicts"], &summary["unread"]),
        (&json!([3, 3]), &json!(0), &json!(0))
    );
    // Phones hear of it, and read where it comes from.
    let (_, cookie) = site.phone("order", None, 1).await;
    let told = site.told(&cookie, 0).await.json();
    let lines = told["lines"].as_array().unwrap();
    assert!(lines.len() == 9 + 3 * 3 + 1 && lines.iter().all(|line| line["origin"] == "paper"), "{told:#}");
    let jsonl: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let files = json!({ "paper.jsonl": packed(&jsonl) });
    let reviewed = site.ask(Method::POST, "/api/v1/review", Some(json!({ "files": files }))).await;
    assert_eq!(reviewed.status, StatusCode::OK, "{}", reviewed.text());
    assert_eq!(reviewed.json()["people"], json!(3.0));
    // Doors are looked up once, and written down in the book of looks; names are nowhere.
    for file in ["journal/journal.sqlite", "journal/journal.sqlite-wal", "rounds.sqlite", "rounds.sqlite-wal"]
    {
        let bytes = std::fs::read(site.house.data.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows("王小明".len()).any(|part| part == "王小明".as_bytes()), "a name in {file}");
    }
}

#[tokio::test]
async fn what_phones_wrote_stays_beside_what_paper_says() {
    let site = Site::new().await;
    let (mut phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let all = crate::rounds::check_in(&phone, 0);
    crate::rounds::done(&mut phone, &all);
    site.sync(&mut phone).await;
    let stored = site.shift("1", "registration", true, &[["0:00", "1-101", "2", "", ""]]).await;
    assert_eq!(stored["written"], json!(true), "{stored}");
    let summary = site.ask(Method::GET, &site.round, None).await.json();
    assert_eq!((&summary["people"][0], &summary["conflicts"]), (&json!(2), &json!(2)), "two arrivals each");
}

#[tokio::test]
async fn a_spreadsheet_becomes_rows_whatever_its_columns_are_called() {
    let site = Site::new().await;
    let read = async |name: &str, bytes: &[u8]| {
        let content = BASE64_STANDARD.encode(bytes);
        site.paper("file", json!({ "name": name, "content": content })).await
    };
    let chinese = "某日登记表,,\n序号,时间,门牌号,人数,绿色通道,试管码\n1,7：05,1-101,2,1,010J-S22P-E\n2,,,,,\n3,705,102,1,,〃\n";
    let rows = read("shift.csv", chinese.as_bytes()).await.json();
    assert_eq!(
        rows["rows"],
        json!([
            { "row": 3, "time": "7:05", "door": "1-101", "people": "2", "green": "1", "item": "010J-S22P-E" },
            { "row": 5, "time": "705", "door": "102", "people": "1", "green": "", "item": "〃" }
        ])
    );
    assert_eq!(rows["columns"][0], json!({ "cell": "time", "heading": "时间" }));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in (0..).zip(["Door", "How many", "Time", "Lot"]) {
        sheet.write(0, column, head).unwrap();
    }
    let clock = rust_xlsxwriter::Format::new().set_num_format("hh:mm");
    sheet.write(1, 0, 301).unwrap();
    sheet.write(1, 1, 4).unwrap();
    sheet.write_with_format(1, 2, 0.3125, &clock).unwrap();
    sheet.write(1, 3, "L1").unwrap();
    let rows = read("shift.xlsx", &book.save_to_buffer().unwrap()).await.json();
    assert_eq!(
        rows["rows"],
        json!([{ "row": 2, "time": "07:30", "door": "301", "people": "4", "green": "", "item": "L1" }])
    );
    for (bytes, code) in [(&b"name,phone\nA,1\n"[..], "shift_no_heading"), (&b"%PDF-1.7"[..], "sheet_is_pdf")]
    {
        let refused = read("other.csv", bytes).await;
        assert_eq!(
            (refused.status, &refused.json()["notes"][0]["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(code))
        );
    }
    let many = format!("time,door,people\n{}", "7:00,101,1\n".repeat(501));
    assert_eq!(read("many.csv", many.as_bytes()).await.json()["notes"][0]["code"], "shift_too_many_rows");
}

#[tokio::test]
async fn a_sheet_without_a_number_or_a_table_is_refused_in_words() {
    let site = Site::new().await;
    let table = json!({ "station": "registration", "lane": 1, "server": 1 });
    for (sheet, table, rows, problem) in
        [("  ", table.clone(), 1, (422, "shift_sheet")), ("1", table.clone(), 501, (422, "shift_rows"))]
    {
        let rows: Vec<Value> = (1..=rows).map(|row| json!({ "row": row })).collect();
        let refused = site.paper("shift", json!({ "sheet": sheet, "table": table, "rows": rows })).await;
        assert_eq!(refused.problem(), (problem.0, problem.1.to_owned()));
    }
    let nowhere = json!({ "station": "registration", "lane": 7, "server": 1 });
    let refused = site.paper("shift", json!({ "sheet": "1", "table": nowhere, "rows": [] })).await;
    assert_eq!((refused.status, refused.string("code").as_str()), (StatusCode::CONFLICT, "unknown_lane"));
}

#[tokio::test]
async fn a_typed_row_is_taken_back_at_the_desk_and_the_counts_follow() {
    let site = Site::new().await;
    let rows = [["0:00", "1-101", "2", "1", ""], ["0:00", "301", "1", "", ""]];
    site.shift("7", "registration", true, &rows).await;
    assert_eq!(site.people().await, json!([3, 0]));
    let stored = async |sheet: &str| {
        let path = format!("{}/paper/shift?sheet={sheet}&lang=en", site.round);
        site.ask(Method::GET, &path, None).await
    };
    let listed = stored("No.%207").await.json();
    assert_eq!(
        listed[0],
        json!({ "row": 1, "time": "00:00", "station": "registration", "door": "1-101", "people": 2, "item": "" })
    );
    assert_eq!((&listed[1]["door"], stored("8").await.json()), (&json!("2-301"), json!([])));
    assert_eq!(stored("%20").await.problem(), (422, "shift_sheet".to_owned()));
    // A phone hears of it as of any other step that is taken back.
    let (mut phone, cookie) = site.phone("order", None, 1).await;
    let told = site.told(&cookie, 0).await.json();
    let before = told["position"].as_u64().unwrap();
    let left = site.paper("back", json!({ "sheet": "007", "rows": [1, 9] })).await.json();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["row"]), (1, &json!(2)));
    assert_eq!(site.people().await, json!([1, 0]));
    let undone = site.told(&cookie, before).await.json();
    assert_eq!(undone["lines"][0]["type"], "Undone", "{undone}");
    let lines = [&told["lines"], &undone["lines"]].map(|of| of.as_array().unwrap().clone()).concat();
    phone.hear(lines.into_iter().map(|line| serde_json::from_value(line).unwrap()));
    assert_eq!(phone.folded().live().round().counts().arrived, 1);
    // Taking back what is not there changes nothing, and the sheet does not come again by itself.
    let left = site.paper("back", json!({ "sheet": "7", "rows": [1] })).await.json();
    assert_eq!(left.as_array().unwrap().len(), 1);
    let again = site.shift("7", "registration", true, &rows).await;
    assert_eq!(
        (&again["written"], &again["rows"][0]["wrong"][0]["code"]),
        (&json!(false), &json!("row_back"))
    );
    assert_eq!(site.people().await, json!([1, 0]));
    let table = json!({ "station": "registration", "lane": 1, "server": 1 });
    let row = json!({ "row": 1, "time": "0:00", "door": "1-101", "people": "2", "green": "1" });
    let anew = json!({ "sheet": "7", "table": table, "rows": [row], "anew": true, "write": true });
    for events in [6, 0] {
        let stored = site.paper("shift", anew.clone()).await.json();
        assert_eq!((&stored["written"], &stored["events"]), (&json!(true), &json!(events)), "{stored}");
    }
    let site = site.restarted();
    assert_eq!(site.people().await, json!([3, 0]));
}

/// What a camera would read is not in a file's text: the letters beside it are.
fn slips(answer: &Answer) -> String {
    printed(answer).join("\n")
}

#[tokio::test]
async fn slips_have_the_codes_that_phones_know_and_names_only_where_they_are_asked_for() {
    let site = Site::of("building,door,name\n1,101,Anna Example\n1,101,Bert\n1,301,Cleo\n2,102,Dora\n").await;
    let (phone, _) = site.phone("registrar", Some("registration"), 1).await;
    let all = site.paper("slips", json!({ "whose": "people" })).await;
    let said = slips(&all);
    for door in &phone.bundle().doors {
        assert!(said.contains(&door.label()), "{} in {said}", door.label());
        for person in &door.people {
            assert!(said.contains(&person.code), "{} in {said}", person.code);
            assert!(!said.contains(&person.name), "{} in {said}", person.name);
        }
        assert!(!said.contains(&door.code), "a household's code opens all of it: {said}");
    }
    assert!(said.contains("1/2") && said.contains("2/2"), "people of one door: {said}");
    // A sheet for each entrance, up the stairs of a house of three floors.
    assert_eq!(Document::load_mem(&all.body).unwrap().get_pages().len(), 2);
    assert!(said.find("1-101") < said.find("1-301") && said.find("1-301") < said.find("2-102"), "{said}");

    let named =
        slips(&site.paper("slips", json!({ "whose": "people", "names": true, "building": "1" })).await);
    assert!(named.contains("Anna Example") && !named.contains("Dora"), "{named}");
    let doors = slips(&site.paper("slips", json!({ "whose": "households" })).await);
    for door in &phone.bundle().doors {
        assert!(doors.contains(&door.code), "{} in {doors}", door.code);
    }
    let accesses = format!("{}/accesses", site.rounds.trim_end_matches("/rounds"));
    let looks = site.ask(Method::GET, &accesses, None).await.text();
    let looked = |why: &str| looks.matches(why).count();
    assert_eq!((looked("slips to hand out\""), looked("slips to hand out, with names\"")), (2, 1), "{looks}");

    let nobody = site.paper("slips", json!({ "whose": "people", "building": "9" })).await;
    assert_eq!(nobody.problem(), (409, "no_slips".to_owned()));
}
