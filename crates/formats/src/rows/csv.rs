//! As text: one line for each row, fields set apart by commas.

use super::{Column, Rows, Value};
use csv::{Writer, WriterBuilder};
use std::io::{self, Write};

/// A table as CSV.
///
/// # Errors
/// Those of what is written to.
pub fn csv<W: Write>(columns: &[Column], to: W) -> io::Result<impl Rows + use<W>> {
    let mut writer = WriterBuilder::new().from_writer(to);
    writer.write_record(columns.iter().map(|column| &column.name))?;
    Ok(Csv { writer, field: Vec::new() })
}

struct Csv<W: Write> {
    writer: Writer<W>,
    /// The field that is being written.
    field: Vec<u8>,
}

impl<W: Write> Rows for Csv<W> {
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        for value in values {
            self.field.clear();
            match value {
                Value::Nothing => {}
                Value::Whole(number) => write!(self.field, "{number}")?,
                Value::Decimal(number) => write!(self.field, "{number}")?,
                Value::Flag(flag) => write!(self.field, "{flag}")?,
                Value::Word(word) => self.field.extend_from_slice(word.as_bytes()),
            }
            self.writer.write_field(&self.field)?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}
