//! A question that residents asked, written with its answer under those that stand in the folder.

use crate::{Files, own_rules::QUESTIONS, read, tables::TABLES};

/// Rows of one question at most: more tell nobody more.
const ROWS_MOST: usize = 50;
/// Where there is no table yet.
const HEADINGS: &str = "question,answer,where\n";

/// The folder with a question and its answer, once for each who asked, all else as it was.
///
/// `None` where questions stand in a workbook or in a table that is not separated by commas, or where the folder does not read.
pub fn answer_question(files: &Files, question: &str, answer: &str, asked: usize) -> Option<Files> {
    let [table, workbook] = QUESTIONS;
    let mut text = match files.0.get(table) {
        Some(bytes) => String::from_utf8(bytes.clone()).ok()?,
        None if files.0.contains_key(workbook) => return None,
        None => HEADINGS.to_owned(),
    };
    let of = TABLES.iter().find(|known| known.name == "questions")?;
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heading = rows.records().filter_map(Result::ok).find_map(|row| {
        let columns: Vec<Option<&str>> =
            row.iter().map(|cell| of.column(cell).map(|known| known.name)).collect();
        ["question", "answer"].iter().all(|name| columns.contains(&Some(*name))).then_some(columns)
    })?;
    let cells = heading.iter().map(|column| match column {
        Some("question") => question,
        Some("answer") => answer,
        _ => "",
    });
    let cells: Vec<&str> = cells.collect();
    let mut written = csv::Writer::from_writer(Vec::new());
    for _ in 0..asked.clamp(1, ROWS_MOST) {
        written.write_record(&cells).expect("a vector takes what is written");
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text += &String::from_utf8_lossy(&written.into_inner().expect("a vector takes what is written"));
    let mut edited = files.clone();
    edited.0.insert(table.to_owned(), text.into_bytes());
    read(&edited, &[], &mut |_, _| {}).0.map(|_| edited)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::example::example;

    fn with(table: Option<&str>) -> Option<String> {
        let mut files = example("sunshine-garden").unwrap();
        files.0.retain(|name, _| !name.starts_with("questions"));
        if let Some(text) = table {
            files.0.insert("questions.csv".to_owned(), text.as_bytes().to_vec());
        }
        let edited = answer_question(&files, "May I sit, \"always\"?", "Yes.", 2)?;
        Some(String::from_utf8(edited.0["questions.csv"].clone()).unwrap())
    }

    #[test]
    fn an_answer_is_written_under_those_that_stand_there() {
        let row = "\"May I sit, \"\"always\"\"?\",Yes.,\n";
        assert_eq!(with(None).unwrap(), format!("question,answer,where\n{row}{row}"));
        // Other headings, another order, a mark in front, a last line without its end.
        let sheet = "\u{feff}谁,回答,问题\n甲,好,\"一, 二?\"";
        let row = ",Yes.,\"May I sit, \"\"always\"\"?\"\n";
        assert_eq!(with(Some(sheet)).unwrap(), format!("{sheet}\n{row}{row}"));
        for none in ["a;b\n1;2\n", "question\nWhy?\n"] {
            assert_eq!(with(Some(none)), None, "{none}");
        }
    }

    #[test]
    fn what_stands_in_a_workbook_is_not_hidden_by_a_table() {
        let mut files = example("sunshine-garden").unwrap();
        files.0.retain(|name, _| !name.starts_with("questions"));
        files.0.insert("questions.xlsx".to_owned(), Vec::new());
        assert!(answer_question(&files, "Why?", "So.", 1).is_none());
    }
}
