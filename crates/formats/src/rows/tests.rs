//! What was written is read again.

use super::*;
use ::parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};

fn columns() -> Vec<Column> {
    let kinds = [("n", Kind::Whole), ("时间_s", Kind::Decimal), ("green", Kind::Flag), ("class", Kind::Word)];
    kinds.map(|(name, kind)| Column { name: name.to_owned(), kind }).to_vec()
}

const ROWS: [[Value<'static>; 4]; 3] = [
    [Value::Whole(-1), Value::Decimal(0.1), Value::Flag(true), Value::Word("a, \"b\"")],
    [Value::Nothing, Value::Nothing, Value::Nothing, Value::Nothing],
    [Value::Whole(1 << 40), Value::Decimal(604_800.000_1), Value::Flag(false), Value::Word("体弱")],
];

#[test]
fn a_line_of_csv_holds_a_row_and_an_empty_cell_is_empty() {
    let mut text = Vec::new();
    let mut rows = csv(&columns(), &mut text).unwrap();
    ROWS.iter().for_each(|row| rows.row(row).unwrap());
    Box::new(rows).finish().unwrap();
    let expected =
        "n,时间_s,green,class\n-1,0.1,true,\"a, \"\"b\"\"\"\n,,,\n1099511627776,604800.0001,false,体弱\n";
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[test]
fn parquet_gives_back_what_was_written_over_several_groups() {
    const TIMES: usize = 30_000;
    let mut bytes = Vec::new();
    let mut rows = parquet(&columns(), &mut bytes).unwrap();
    for row in ROWS.iter().cycle().take(3 * TIMES) {
        rows.row(row).unwrap();
    }
    Box::new(rows).finish().unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    assert_eq!(reader.num_row_groups(), 2);
    let mut read = 0;
    for (row, expected) in reader.get_row_iter(None).unwrap().zip(ROWS.iter().cycle()) {
        let cells: Vec<Field> = row.unwrap().get_column_iter().map(|(_, cell)| cell.clone()).collect();
        let expected = expected.map(|value| match value {
            Value::Nothing => Field::Null,
            Value::Whole(number) => Field::Long(number),
            Value::Decimal(number) => Field::Double(number),
            Value::Flag(flag) => Field::Bool(flag),
            Value::Word(word) => Field::Str(word.to_owned()),
        });
        assert_eq!(cells, expected);
        read += 1;
    }
    assert_eq!(read, 3 * TIMES);
}
