//! As Apache Parquet: column by column within groups of rows.

use super::{Column, Kind, Rows, Value};
use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    column::writer::ColumnWriter,
    data_type::ByteArray,
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::types::Type,
};
use std::{
    io::{self, Write},
    sync::Arc,
};

/// Rows of a group: what is kept in memory until it is written, some 200 bytes each.
const GROUP: usize = 1 << 16;

/// A table as Parquet, compressed with Snappy.
///
/// # Errors
/// Those of what is written to.
pub fn parquet<W: Write + Send>(columns: &[Column], to: W) -> io::Result<impl Rows + use<W>> {
    let fields = columns.iter().map(|column| field(column).map(Arc::new)).collect::<Result<_, _>>();
    let schema = Type::group_type_builder("rows").with_fields(fields.map_err(io_error)?).build();
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let writer = SerializedFileWriter::new(to, Arc::new(schema.map_err(io_error)?), Arc::new(properties))
        .map_err(io_error)?;
    let cells = columns.iter().map(|column| Cells::new(column.kind)).collect();
    Ok(Parquet { writer, cells, rows: 0 })
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let physical = match column.kind {
        Kind::Whole => Physical::INT64,
        Kind::Decimal => Physical::DOUBLE,
        Kind::Flag => Physical::BOOLEAN,
        Kind::Word => Physical::BYTE_ARRAY,
    };
    let logical = (column.kind == Kind::Word).then_some(LogicalType::String);
    Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    }
}

struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    cells: Vec<Cells>,
    /// Rows that are not written yet.
    rows: usize,
}

/// The cells of one column that are not written yet: those that are not empty, and which are.
struct Cells {
    values: Values,
    filled: Vec<i16>,
}

enum Values {
    Whole(Vec<i64>),
    Decimal(Vec<f64>),
    Flag(Vec<bool>),
    Word(Vec<ByteArray>),
}

impl Cells {
    fn new(kind: Kind) -> Cells {
        let values = match kind {
            Kind::Whole => Values::Whole(Vec::new()),
            Kind::Decimal => Values::Decimal(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
            Kind::Word => Values::Word(Vec::new()),
        };
        Cells { values, filled: Vec::new() }
    }

    fn push(&mut self, value: &Value<'_>) {
        self.filled.push(i16::from(*value != Value::Nothing));
        match (&mut self.values, value) {
            (_, Value::Nothing) => {}
            (Values::Whole(values), Value::Whole(value)) => values.push(*value),
            (Values::Decimal(values), Value::Decimal(value)) => values.push(*value),
            (Values::Flag(values), Value::Flag(value)) => values.push(*value),
            (Values::Word(values), Value::Word(value)) => values.push((*value).into()),
            (_, value) => panic!("{value:?} is not of its column's kind"),
        }
    }

    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let mut column = group.next_column()?.expect("a group has all columns");
        let filled = Some(&*self.filled);
        match (column.untyped(), &mut self.values) {
            (ColumnWriter::Int64ColumnWriter(writer), Values::Whole(values)) => {
                writer.write_batch(values, filled, None)?;
                values.clear();
            }
            (ColumnWriter::DoubleColumnWriter(writer), Values::Decimal(values)) => {
                writer.write_batch(values, filled, None)?;
                values.clear();
            }
            (ColumnWriter::BoolColumnWriter(writer), Values::Flag(values)) => {
                writer.write_batch(values, filled, None)?;
                values.clear();
            }
            (ColumnWriter::ByteArrayColumnWriter(writer), Values::Word(values)) => {
                writer.write_batch(values, filled, None)?;
                values.clear();
            }
            _ => unreachable!("the schema says what the cells are"),
        }
        self.filled.clear();
        column.close()
    }
}

impl<W: Write + Send> Parquet<W> {
    fn write_group(&mut self) -> io::Result<()> {
        let mut write = || {
            let mut group = self.writer.next_row_group()?;
            self.cells.iter_mut().try_for_each(|cells| cells.write(&mut group))?;
            group.close().map(drop)
        };
        self.rows = 0;
        write().map_err(io_error)
    }
}

impl<W: Write + Send> Rows for Parquet<W> {
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        assert_eq!(values.len(), self.cells.len(), "a row has a value for each column");
        self.cells.iter_mut().zip(values).for_each(|(cells, value)| cells.push(value));
        self.rows += 1;
        if self.rows == GROUP { self.write_group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.close().map(drop).map_err(io_error)
    }
}
