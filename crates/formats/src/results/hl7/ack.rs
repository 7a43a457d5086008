//! What is answered to a message: ACK^R01 with MSA, and an ERR for each thing that is wrong.

use super::{
    super::{Kind, Place, Problem, ProblemNote, Severity, Ways},
    Header, charset,
    message::{Message, escape},
    oru::segment,
};

/// What an acknowledgement says, table 0008.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// AA: all of it was taken.
    Accept,
    /// AE: some of it was not.
    Error,
    /// AR: none of it was.
    Reject,
}

/// What somebody answered us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// What it says.
    pub code: Code,
    /// Of which message: its MSH-10.
    pub of: String,
    /// What it tells people, ERR-8 or MSA-3.
    pub said: Vec<String>,
}

/// ERR segments of one answer. A sender that made thousands of mistakes made one, a thousand times.
const ERRORS_MAX: usize = 200;

impl Code {
    /// What is said of so many that were taken and refused.
    pub fn of(taken: usize, refused: usize) -> Code {
        match (taken, refused) {
            (_, 0) => Code::Accept,
            (0, _) => Code::Reject,
            _ => Code::Error,
        }
    }

    /// Its two letters.
    pub fn letters(self) -> &'static str {
        match self {
            Code::Accept => "AA",
            Code::Error => "AE",
            Code::Reject => "AR",
        }
    }
}

/// Answers the message of these bytes: to whom it is from, with the words that `say` gives to each note. What is no message
/// is answered too, without the identifier that it has not.
pub fn ack(
    message: &[u8],
    header: &Header,
    ways: &Ways,
    code: Code,
    notes: &[ProblemNote],
    say: &dyn Fn(&ProblemNote) -> String,
) -> String {
    let asked = asked(message);
    let said = |number: usize| {
        let field = asked.as_ref().map(|asked| asked.field(asked.header(), number).component(1).text());
        field.and_then(Result::ok).unwrap_or_default()
    };
    let header = Header {
        to_application: said(3),
        to_facility: said(4),
        exercise: header.exercise || said(11) == "T" || said(11) == "D",
        ..header.clone()
    };
    let mut out = header.segment("ACK^R01", "ACK", ways, "NE", "NE");
    out.push_str(&segment("MSA", &[(1, code.letters().to_owned()), (2, escape(&said(10)))]));
    let mut notes: Vec<&ProblemNote> = notes.iter().filter(|note| note.severity() < Severity::Hint).collect();
    // What refuses comes first.
    notes.sort_by_key(|note| note.severity());
    for note in notes.into_iter().take(ERRORS_MAX) {
        let (number, name) = error(note.problem);
        let severity = if note.severity() == Severity::Error { "E" } else { "W" };
        let fields = [
            (2, location(&note.place)),
            (3, format!("{number}^{name}^HL70357")),
            (4, severity.to_owned()),
            (5, format!("{}^^L", note.code())),
            (8, escape(&say(note))),
        ];
        out.push_str(&segment("ERR", &fields));
    }
    out
}

/// The message, or at least its header: also where its letters cannot be read it tells which it is.
fn asked(message: &[u8]) -> Option<Message> {
    let whole = charset::text(message).ok().and_then(|text| Message::parse(&text).ok());
    let line = || message.split(|byte| [b'\r', b'\n'].contains(byte)).find(|line| !line.is_empty());
    whole.or_else(|| Message::parse(&String::from_utf8_lossy(line()?)).ok())
}

/// Whether whoever sent this message wants to be answered so: MSH-16, of table 0155. Who says nothing does.
pub fn is_answered(message: &[u8], code: Code) -> bool {
    let Some(asked) = asked(message) else { return true };
    match asked.field(asked.header(), 16).raw() {
        "NE" => false,
        "ER" => code != Code::Accept,
        "SU" => code == Code::Accept,
        _ => true,
    }
}

/// Table 0357.
fn error(problem: Problem) -> (u16, &'static str) {
    match (problem, problem.kind()) {
        (Problem::SegmentOrder | Problem::SegmentUnknown, _) => (100, "Segment sequence error"),
        (Problem::MessageKind, _) => (200, "Unsupported message type"),
        (Problem::MessageVersion, _) => (203, "Unsupported version id"),
        (_, Kind::Required) => (101, "Required field missing"),
        (_, Kind::Value | Kind::Structure) => (102, "Data type error"),
        (_, Kind::Code) => (103, "Table value not found"),
        (_, Kind::NotFound) => (204, "Unknown key identifier"),
        (_, Kind::Conflict | Kind::Unsupported | Kind::TooMuch) => (207, "Application internal error"),
    }
}

/// The type ERL: segment, which of them, field.
fn location(place: &Place) -> String {
    match place {
        Place::Field { segment, nth, field, .. } => {
            let field = field.map_or(String::new(), |field| format!("^{field}"));
            format!("{segment}^{nth}{field}")
        }
        _ => String::new(),
    }
}

/// Reads an answer.
///
/// # Errors
/// It is no acknowledgement, or none that could be read.
pub fn read_ack(bytes: &[u8]) -> Result<Acknowledged, ProblemNote> {
    let message = super::open(bytes, 1)?;
    let wrong = || ProblemNote::new(super::msh(1, Some(9)), Problem::MessageKind, &[("said", &"")]);
    let all = message.segments();
    let msa = all.iter().find(|segment| segment.name() == "MSA").ok_or_else(wrong)?;
    let code = match message.field(msa, 1).raw() {
        "AA" | "CA" => Code::Accept,
        "AE" | "CE" => Code::Error,
        "AR" | "CR" => Code::Reject,
        _ => return Err(wrong()),
    };
    let told = all.iter().filter(|segment| segment.name() == "ERR").map(|err| message.field(err, 8).text());
    let said = std::iter::once(message.field(msa, 3).text()).chain(told).filter_map(Result::ok);
    let of = message.field(msa, 2).text().unwrap_or_default();
    Ok(Acknowledged { code, of, said: said.filter(|text| !text.is_empty()).take(ERRORS_MAX).collect() })
}
