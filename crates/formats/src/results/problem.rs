//! What is wrong with what was sent: where, what, and what to do. Collected, never thrown at the first.
//!
//! The words stand in the catalogue of messages under `results.CODE` (what is wrong) and `results_mend.CODE` (what to do),
//! those of the place under `results_place.KIND`. A note quotes codes, results and moments as they were written, never a
//! cell that could hold a name.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// What it is about is refused.
    Error,
    /// It is taken, and somebody should look at it.
    Warning,
    /// It is taken, and something of it was left.
    Hint,
}

/// What kind of problem it is, for those who answer in codes of FHIR and HL7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something is missing that must be there.
    Required,
    /// A value is not of its form.
    Value,
    /// A code or a word is unknown.
    Code,
    /// The text as a whole is not of its form.
    Structure,
    /// Nothing is wrong with it, but it is not read here.
    Unsupported,
    /// Two things contradict each other.
    Conflict,
    /// What is pointed at is not there.
    NotFound,
    /// It is more than is taken.
    TooMuch,
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The file or the body as a whole.
    Whole,
    /// A row of a table.
    Cell {
        /// Line of the file or row of the sheet, from 1.
        row: u32,
        /// Its column from 1 and its heading, where it is of one.
        column: Option<(u32, String)>,
    },
    /// A place of an HL7 message.
    Field {
        /// Which message of the file, from 1.
        message: u32,
        /// The segment's name.
        segment: String,
        /// Which of the segments of this name in the message, from 1.
        nth: u32,
        /// Which field, from 1; none for the segment as a whole.
        field: Option<u32>,
    },
    /// A place of a JSON document, as a path: `Bundle.entry[3].resource.status`.
    Path(String),
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemNote {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub problem: Problem,
    /// What fills the gaps of its words.
    pub args: Vec<(&'static str, String)>,
}

/// Letters of what a note quotes.
const QUOTED: usize = 60;

impl ProblemNote {
    pub(super) fn new(
        place: Place,
        problem: Problem,
        args: &[(&'static str, &dyn fmt::Display)],
    ) -> ProblemNote {
        let quoted = |value: &dyn fmt::Display| -> String {
            let value = value.to_string();
            let mut letters = value.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
            let said: String = letters.by_ref().take(QUOTED).collect();
            if letters.next().is_some() { said + "…" } else { said }
        };
        let args = args.iter().map(|(name, value)| (*name, quoted(value))).collect();
        ProblemNote { place, problem, args }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.problem.severity()
    }

    /// Which message says it: `results.` and `results_mend.` before it.
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }
}

impl Place {
    /// A row as a whole.
    pub fn row(row: u32) -> Place {
        Place::Cell { row, column: None }
    }

    /// Which message says it, and what fills its gaps.
    pub fn said(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Place::Whole => ("results_place.whole", Vec::new()),
            Place::Cell { row, column: None } => ("results_place.row", vec![("row", row.to_string())]),
            Place::Cell { row, column: Some((column, heading)) } => {
                let args = vec![
                    ("row", row.to_string()),
                    ("column", column.to_string()),
                    ("heading", heading.clone()),
                ];
                ("results_place.cell", args)
            }
            Place::Field { message, .. } => {
                ("results_place.field", vec![("message", message.to_string()), ("field", self.to_string())])
            }
            Place::Path(path) => ("results_place.path", vec![("path", path.clone())]),
        }
    }
}

/// As short as it can be said without words: `5:2`, `OBX[2]-5`, a path.
impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Whole => out.write_str("*"),
            Place::Cell { row, column: None } => write!(out, "{row}"),
            Place::Cell { row, column: Some((column, _)) } => write!(out, "{row}:{column}"),
            Place::Field { segment, nth, field: None, .. } => write!(out, "{segment}[{nth}]"),
            Place::Field { segment, nth, field: Some(field), .. } => write!(out, "{segment}[{nth}]-{field}"),
            Place::Path(path) => out.write_str(path),
        }
    }
}

macro_rules! problems {
    ($($name:ident $code:literal $severity:ident $kind:ident)*) => {
        /// Everything that can be wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Problem {
            $(#[doc = $code] $name,)*
        }

        impl Problem {
            /// Everything that can be wrong.
            pub const ALL: &[Problem] = &[$(Problem::$name,)*];

            /// Which message says it.
            pub fn code(self) -> &'static str {
                match self { $(Problem::$name => $code,)* }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Problem::$name => Severity::$severity,)* }
            }

            /// What kind of problem it is.
            pub fn kind(self) -> Kind {
                match self { $(Problem::$name => Kind::$kind,)* }
            }
        }
    };
}

problems! {
    TubeMissing "tube_missing" Error Required
    TubeSeveral "tube_several" Error Conflict
    CodeAsNumber "code_as_number" Error Value
    CodesRounded "codes_rounded" Warning Value
    TextTooLong "text_too_long" Error Value
    ControlCharacter "control_character" Error Value
    FindingMissing "finding_missing" Error Required
    FindingUnknown "finding_unknown" Error Code
    FindingAmbiguous "finding_ambiguous" Error Code
    FindingsDiffer "findings_differ" Error Conflict
    PeopleWrong "people_wrong" Error Value
    CtWrong "ct_wrong" Error Value
    CtsTooMany "cts_too_many" Error TooMuch
    TestUnknown "test_unknown" Error Code
    TimeWrong "time_wrong" Error Value
    TimeAmbiguous "time_ambiguous" Error Value
    TimeNoHour "time_no_hour" Warning Value
    TimesOutOfOrder "times_out_of_order" Warning Conflict
    StatusUnknown "status_unknown" Error Code
    StatusNotFinal "status_not_final" Error Unsupported
    ReplacesNothing "replaces_nothing" Warning Required
    ReasonUnknown "reason_unknown" Warning Code
    ColumnMissing "column_missing" Error Required
    ColumnTwice "column_twice" Error Conflict
    ColumnsUnread "columns_unread" Hint Unsupported
    RowsTooMany "rows_too_many" Error TooMuch
    JsonBroken "json_broken" Error Structure
    JsonKind "json_kind" Error Structure
    JsonMissing "json_missing" Error Required
    TooLarge "too_large" Error TooMuch
    EntriesTooMany "entries_too_many" Error TooMuch
    ResourceUnread "resource_unread" Hint Unsupported
    ResourceUnknown "resource_unknown" Error Unsupported
    BundleKind "bundle_kind" Error Unsupported
    BundleNoHeader "bundle_no_header" Warning Required
    BundleNoReports "bundle_no_reports" Error Required
    ReferenceMissing "reference_missing" Error NotFound
    ReferenceSeveral "reference_several" Error Conflict
    ReferenceWrong "reference_wrong" Error Value
    ReferenceQuery "reference_query" Error Unsupported
    SubjectWrong "subject_wrong" Error Unsupported
    LaterRelease "later_release" Warning Unsupported
    NoMessage "no_message" Error Structure
    Delimiters "delimiters" Error Structure
    SegmentUnknown "segment_unknown" Error Structure
    SegmentOrder "segment_order" Error Structure
    MessageKind "message_kind" Error Unsupported
    Exercise "exercise" Error Unsupported
    MessageVersion "message_version" Error Unsupported
    MessageNoId "message_no_id" Error Required
    MessageNoReports "message_no_reports" Error Required
    MessagesTooMany "messages_too_many" Error TooMuch
    BatchCount "batch_count" Warning Conflict
    CharsetUnknown "charset_unknown" Error Unsupported
    CharsetUnsaid "charset_unsaid" Error Required
    CharsetWrong "charset_wrong" Error Structure
    CharsetLies "charset_lies" Error Structure
    CharsetWide "charset_wide" Error Unsupported
    EscapeWrong "escape_wrong" Error Value
}
