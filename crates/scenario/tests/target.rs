//! Series as people keep them, and policies: what is read, and what is said of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Notes, Severity};
use scenario::target::{MEASURES, read_policies, read_series};

fn said(notes: &Notes) -> String {
    let one = |note: &domain::Note| {
        let row = note.place.row.map(|row| format!("@{row}")).unwrap_or_default();
        let level = if note.severity == Severity::Error { "!" } else { "" };
        format!("{level}{}{row}", note.code)
    };
    notes.0.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// A table of days from 1 March on, a row each, in place of `…` in the text; what stands in the cells, and the notes.
fn read(text: &str) -> (String, String) {
    let (series, notes) = read_series("cases.csv", text.as_bytes(), &[]);
    let cell = |cases: &Option<f64>| cases.map_or_else(|| "?".to_owned(), |cases| cases.to_string());
    let series = series.map(|series| {
        format!("{}: {}", series.first, series.cases.iter().map(cell).collect::<Vec<_>>().join(" "))
    });
    (series.unwrap_or_default(), said(&notes))
}

/// Rows for days of March 2022 with their cells.
fn rows(head: &str, days: &[(u8, &str)]) -> String {
    let row = |(day, cell): &(u8, &str)| format!("2022-03-{day:02},{cell}\n");
    format!("{head}\n{}", days.iter().map(row).collect::<String>())
}

#[test]
fn what_is_odd_in_a_series_is_told_and_nothing_is_lost() {
    let week: Vec<(u8, &str)> =
        vec![(1, "10"), (2, "20"), (3, "30"), (4, "40"), (5, "50"), (6, "60"), (7, "70")];
    let with = |days: &[(u8, &'static str)]| -> Vec<(u8, &'static str)> {
        let mut all: Vec<(u8, &'static str)> =
            vec![(1, "10"), (2, "20"), (3, "30"), (4, "40"), (5, "50"), (6, "60"), (7, "70")];
        all.extend_from_slice(days);
        all
    };
    for (days, cases, notes) in [
        (with(&[]), "10 20 30 40 50 60 70", ""),
        (with(&[(10, "5")]), "10 20 30 40 50 60 70 ? ? 5", "series_gap"),
        (with(&[(8, ""), (9, "n/a"), (10, "5")]), "10 20 30 40 50 60 70 ? ? 5", "series_unknown"),
        // Rows that wait for their numbers are no past.
        (with(&[(8, ""), (9, "n/a")]), "10 20 30 40 50 60 70", "series_edges"),
        (with(&[(7, "")]), "10 20 30 40 50 60 70", "series_twice_empty@9"),
        (
            vec![(1, "1"), (2, ""), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (6, "6"), (7, "7")],
            "1 2 3 4 5 6 7",
            "series_twice_empty@4",
        ),
        // A quarter of 280 is taken off each day.
        (with(&[(8, "-70")]), "8 15 23 30 38 45 53 ?", "series_negative@9"),
        (with(&[(8, "-400")]), "10 20 30 40 50 60 70 ?", "series_negative_large@9"),
        (with(&[(7, "70")]), "10 20 30 40 50 60 70", "series_twice@9"),
        (with(&[(7, "7")]), "10 20 30 40 50 60 7", "series_twice_other@9"),
        (
            vec![(7, "7"), (1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (6, "6")],
            "1 2 3 4 5 6 7",
            "series_order@3",
        ),
        (with(&[(8, "\"1,234\"")]), "10 20 30 40 50 60 70 1234", ""),
    ] {
        let found = read(&rows("date,cases", &days));
        assert_eq!(found, (format!("2022-03-01: {cases}"), notes.to_owned()));
    }
    assert_eq!(read(&rows("日期,新增", &week)).1, "");
    assert_eq!(read(&(rows("date,cases", &week) + "Total,280\n")).1, "series_no_day@9");
}

#[test]
fn what_cannot_be_read_is_refused_all_at_once() {
    let text = "date,cases\n2022-03-01,1\n03/02/2022,2\n2022-03-03,many\n2022-03-04,1.5\n2022-03-06,2\n";
    assert_eq!(
        read(text),
        (
            String::new(),
            "!series_date@3 !series_no_count@4 !series_no_count@5 !series_short series_gap series_unknown"
                .to_owned()
        )
    );
    for (text, notes) in [
        ("day,east,west\n2022-03-01,1,2\n", "!series_which_column"),
        ("when,cases\n2022-03-01,1\n", "!series_no_date"),
        ("date,cases\n2022-03-01,1\n2002-03-02,1\n", "!series_hole@2"),
        ("", "!sheet_empty"),
    ] {
        let (series, found) = read(text);
        assert!(series.is_empty() && found.contains(notes), "{text}: {found}");
    }
    let (_, notes) = read_series("c.csv", b"date,east\n2022-03-01,1\n", &["north".to_owned()]);
    assert!(said(&notes).contains("!series_column_unknown"));
}

#[test]
fn a_wrong_year_is_refused_at_its_row_and_two_months_without_a_number_are_not() {
    let month = |row: u8, year: u16| {
        let day = |day: u8| format!("{}-03-{day:02},5\n", if day == row { year } else { 2022 });
        format!("date,cases\n{}", (1..=30).map(day).collect::<String>())
    };
    assert_eq!(read(&month(13, 2020)).1, "!series_hole@14 series_order@14");
    assert_eq!(read(&month(13, 2023)).1, "!series_hole@14 series_order@15");
    let (_, notes) = read_series("c.csv", month(30, 2023).as_bytes(), &[]);
    let hole = notes.0.iter().find(|note| note.code == "series_hole").unwrap();
    assert_eq!((hole.place.row, hole.place.column.as_deref()), (Some(31), Some("date")));
    let (march, april) =
        (rows("date,cases", &[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (6, "6"), (7, "7")]), 6);
    let after = |day: u8| format!("{march}2022-05-{:02},9\n", day);
    assert_eq!(read(&after(april)).1, "series_gap");
    assert_eq!(read(&after(april + 2)).1, "!series_hole@9");
}

/// What was known on an evening is what the table cut there would have told: a correction that comes later is not taken off yet.
#[test]
fn an_evening_knows_no_later_correction() {
    let days: Vec<(u8, &str)> = (1..=20).map(|day| (day, if day == 15 { "-30" } else { "40" })).collect();
    let whole = read_series("c.csv", rows("date,cases", &days).as_bytes(), &[]).0.unwrap();
    for last in 7..=20 {
        let cut = read_series("c.csv", rows("date,cases", &days[..last]).as_bytes(), &[]).0.unwrap();
        assert_eq!(whole.until(last - 1), cut);
        assert_eq!(whole.known_on(last - 1), cut.cases);
    }
    assert_ne!(whole.until(13).cases, whole.cases[..14]);
}

#[test]
fn a_number_that_may_mean_two_things_is_refused_at_its_cell() {
    for cell in ["200+3", "\"200,5\"", "2.000", "2e3", "1.0"] {
        let text = format!("date,cases\n2022-03-01,1\n2022-03-02,{cell}\n");
        let (series, notes) = read_series("c.csv", text.as_bytes(), &[]);
        let note = notes.0.iter().find(|note| note.code == "series_no_count").unwrap();
        assert!(series.is_none());
        assert_eq!((note.place.row, note.place.column.as_deref()), (Some(3), Some("cases")), "{cell}");
    }
}

#[test]
fn a_sub_total_is_counted_once_and_what_is_added_up_is_told() {
    let table = |total: fn(u32) -> u32| {
        let row = |day: u32| {
            format!("2022-03-{day:02},{},{},{}\n", day % 3, 2 + day % 2, total(day % 3 + 2 + day % 2))
        };
        let head = "date,outside confirmed,outside asymptomatic,found outside";
        format!("{head}\n{}", (1..=8).map(row).collect::<String>())
    };
    let sums: Vec<String> = (1..=8).map(|day| (day % 3 + 2 + day % 2).to_string()).collect();
    assert_eq!(
        read(&table(|sum| sum)),
        (format!("2022-03-01: {}", sums.join(" ")), "series_total".to_owned())
    );
    let (series, notes) = read_series("c.csv", table(|sum| sum).as_bytes(), &[]);
    assert_eq!(series.unwrap().columns, ["found outside"]);
    assert_eq!(notes.0[0].place.column.as_deref(), Some("found outside"));
    let (cases, notes) = read(&table(|sum| sum + 1));
    assert_eq!(notes, "series_added");
    assert!(cases.starts_with("2022-03-01: 9 "), "{cases}");
    // Who names columns is taken at his word.
    let wanted = ["outside confirmed".to_owned(), "found outside".to_owned()];
    assert_eq!(said(&read_series("c.csv", table(|sum| sum).as_bytes(), &wanted).1), "");
}

#[test]
fn a_sum_to_date_is_known_by_never_falling() {
    let days = |cell: fn(u8) -> u8| -> String {
        let row = |day: u8| format!("2022-03-{day:02},{}\n", cell(day));
        format!("date,cases\n{}", (1..=10).map(row).collect::<String>())
    };
    assert_eq!(read(&days(|day| 3 * day)).1, "series_never_falls");
    assert_eq!(read(&days(|day| if day == 6 { 1 } else { 3 * day })).1, "");
    assert_eq!(read(&days(|_| 0)).1, "");
}

fn policies(texts: &[&str]) -> (Option<Vec<scenario::target::PolicyFile>>, String) {
    let files: Vec<(String, Vec<u8>)> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| (format!("{number}.toml"), text.as_bytes().to_vec()))
        .collect();
    let (policies, notes) = read_policies(&files, jiff::civil::date(2022, 4, 4));
    (policies, said(&notes))
}

#[test]
fn steps_keep_what_they_do_not_change_and_may_come_earlier() {
    let text = "name = { en = \"Open\", zh = \"开放\" }\nearlier_days = 7\n[now]\npool = 5\n\
                [[step]]\nfrom = 2022-04-12\ncontacts = 1.5\n[[step]]\nfrom_day = 20\ninterval_days = 1\n";
    let (found, notes) = policies(&[text]);
    assert_eq!(notes, "");
    let policy = &found.unwrap()[0];
    assert_eq!(policy.names["zh"], "开放");
    assert_eq!(policy.now, scenario::target::Measures { pool: 5, ..MEASURES });
    let steps = policy
        .steps
        .iter()
        .map(|step| (step.from, step.measures.pool, step.measures.contacts, step.measures.interval_days));
    assert_eq!(steps.collect::<Vec<_>>(), [(1, 5, 1.5, 2.0), (13, 5, 1.5, 1.0)]);
}

#[test]
fn policies_that_cannot_be_are_refused_with_all_that_is_wrong() {
    for (texts, notes) in [
        (vec!["name = \"a\"\n[[step]]\nfrom = 2022-04-04\n"], "!target_step_past@3"),
        (vec!["name = \"a\"\n[[step]]\nfrom_day = 3\n[[step]]\nfrom_day = 3\n"], "!target_step_order@5"),
        (vec!["name = \"a\"\n[[step]]\ncontacts = 2\n"], "!target_step_from@2"),
        (
            vec!["name = \"a\"\n[now]\ncontacts = 2\nlab_tubes_per_day = 9\n"],
            "!target_people@2 !target_contacts_now@3",
        ),
        (vec!["name = \"a\"\n[[step]]\nfrom = 2023-04-04\n"], "!target_step_far@3"),
        (vec!["name = \"a\"\n", "name = \"b\"\n[now]\npool = 1\n"], "!target_other_past"),
        (vec!["[now]\nintervall_days = 3\n"], "!missing_key@1 !unknown_key_near@2"),
        (vec!["name = \"a\"\n[now]\nparticipation = 95\n"], "!out_of_range@3"),
    ] {
        let (found, said) = policies(&texts);
        assert!(found.is_none() && said == notes, "{texts:?}: {said}");
    }
}

proptest::proptest! {
    /// Whatever the bytes are, there is a series or a note that refuses, and so with policies.
    #[test]
    fn any_table_is_read_or_refused(
        rows in proptest::collection::vec(("(2022-0[0-9]-[0-3][0-9]|20220301|[0-9-]{0,12}|.{0,6})", "(-?[0-9]{0,10}|.{0,6})"), 0..40),
        head in "(date,cases|日期,新增|.{0,20})",
    ) {
        let rows: String = rows.iter().map(|(date, cases)| format!("{date},{cases}\n")).collect();
        let (series, notes) = read_series("c.csv", format!("{head}\n{rows}").as_bytes(), &[]);
        proptest::prop_assert!(series.is_some() != notes.refuses());
        if let Some(series) = series {
            proptest::prop_assert!(series.cases.iter().flatten().all(|cases| *cases >= 0.0 && cases.fract() == 0.0));
        }
        let (policies, notes) = read_policies(&[("p.toml".to_owned(), rows.into_bytes())], jiff::civil::date(2022, 4, 4));
        proptest::prop_assert!(policies.is_some() != notes.refuses());
    }
}
