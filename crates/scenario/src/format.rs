//! `format = 1`: which version of the format a file is written in.

use crate::reader::Section;
use crate::value::Kind;

/// The version that this house reads. A later version only adds keys, or gets another number.
pub const FORMAT: i64 = 1;

/// Checks `format`; `None` if the file is of a version whose keys are not known here.
pub(crate) fn check_format(section: &mut Section<'_>) -> Option<()> {
    let Some(field) = section.get("format") else {
        section.context.error(&section.place_of("format"), "no_format", &[("reads", &FORMAT)]);
        // Most likely it was forgotten: the other notes help.
        return Some(());
    };
    match field.value.kind {
        Kind::Whole(FORMAT) => Some(()),
        _ => {
            field.error("other_format", &[("reads", &FORMAT)]);
            None
        }
    }
}
