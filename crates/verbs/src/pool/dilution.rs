//! The laboratory's table of what dilution takes, from its rows.

use domain::{Notes, Place};
use screening::{Dilution, DilutionProblem};

/// Reads a table of times and shares; `file` is its name for notes.
pub fn read_dilution(file: &str, bytes: &[u8]) -> (Option<Dilution>, Notes) {
    let (rows, mut notes) = scenario::read_dilution(file, bytes);
    let pairs: Vec<(f64, f64)> = rows.iter().map(|row| (row.times, row.share)).collect();
    let dilution = match Dilution::new(&pairs) {
        Ok(dilution) => Some(dilution),
        Err(problems) => {
            for problem in problems {
                let (row, column, code) = match problem {
                    DilutionProblem::Times(row) => (row, "times", "dilution_times"),
                    DilutionProblem::Share(row) => (row, "share", "dilution_share"),
                    DilutionProblem::Order(row) => (row, "times", "dilution_order"),
                    DilutionProblem::Rises(row) => (row, "share", "dilution_rises"),
                };
                notes.error(rows[row].place.clone().column(column), code, &[]);
            }
            None
        }
    };
    if rows.is_empty() && !notes.refuses() {
        notes.error(Place::file(file), "dilution_no_rows", &[]);
    }
    (dilution.filter(|_| !notes.refuses()), notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_with_a_table_is_said_at_its_rows() {
        let text = "稀释倍数,保留灵敏度\n2,0.99\n10,1.2\n5,0.9\n4,0.95\nmany,0.5\n";
        let (dilution, notes) = read_dilution("ours.csv", text.as_bytes());
        assert_eq!(dilution, None);
        let said = notes.0.iter().map(|note| (note.place.row.unwrap_or(0), note.code));
        let wanted = [
            (3, "table_out_of_range"),
            (6, "table_number_expected"),
            (5, "dilution_order"),
            (5, "dilution_rises"),
        ];
        assert_eq!(said.collect::<Vec<_>>(), wanted);
        assert!(notes.0.iter().all(|note| note.place.file == "ours.csv" && note.place.column.is_some()));
    }

    #[test]
    fn a_table_is_read_in_either_language() {
        for head in ["times,share", "稀释倍数,保留灵敏度", "灵敏度,倍数"] {
            let swapped = head.starts_with('灵');
            let rows = if swapped { "1,1\n0.9,32\n" } else { "1,1\n32,0.9\n" };
            let (dilution, notes) = read_dilution("d.csv", format!("{head}\n{rows}").as_bytes());
            assert_eq!(notes.0, Vec::new());
            assert_eq!(dilution.and_then(|dilution| dilution.known_to()), Some(32.0));
        }
    }
}
