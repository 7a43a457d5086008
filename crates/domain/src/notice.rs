//! What a community tells its residents beneath the directives: its own rules, and the questions that it answers.

use crate::{Place, Text};

/// What notices say besides what the scenario knows; what is absent is not said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnRules {
    /// Who writes to the residents.
    pub issued_by: Option<String>,
    /// Whom to ask, and how.
    pub contact: Option<String>,
    /// Where the site is.
    pub site: Option<Text>,
    /// A page with the same, printed as a code.
    pub link: Option<String>,
    /// What stands for the sender in public alerts: no space, comma, `<` or `&`.
    pub sender: Option<String>,
    /// The area by codes that others know, in public alerts: the name of each list and its value, `("GB/T 2260", "310115")`.
    pub area_codes: Vec<(String, String)>,
    /// Which of a directive's zones the community lies in.
    pub zone: Option<String>,
    /// Metres between people who wait.
    pub spacing_m: Option<f64>,
    /// Days from one round to the next.
    pub every_days: Option<f64>,
    /// Days until names are erased.
    pub names_kept_days: Option<u32>,
    /// Whether one person comes for a whole household: from the service file.
    pub one_comes: bool,
    /// More to say, by kind of notice.
    pub more: Vec<(NoticeKind, Text)>,
    /// Questions of residents, in the order of their rows.
    pub questions: Vec<Question>,
    /// Where these stand; absent where there are none.
    pub asked_in: Option<AskedIn>,
}

/// The file of questions, and its headings as somebody wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedIn {
    /// The file.
    pub file: String,
    /// The heading of the questions.
    pub question: String,
    /// That of the answers; empty where there is no such column.
    pub answer: String,
}

/// What a notice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// A round, before it is held.
    Round,
    /// Something of an earlier notice is otherwise now.
    Change,
    /// It is over, or open again.
    AllClear,
    /// Some are asked to come once more.
    CallBack,
    /// Questions and their answers.
    Questions,
}

impl NoticeKind {
    /// All kinds.
    pub const ALL: [NoticeKind; 5] = [
        NoticeKind::Round,
        NoticeKind::Change,
        NoticeKind::AllClear,
        NoticeKind::CallBack,
        NoticeKind::Questions,
    ];

    /// The word for it in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            NoticeKind::Round => "round",
            NoticeKind::Change => "change",
            NoticeKind::AllClear => "all-clear",
            NoticeKind::CallBack => "call-back",
            NoticeKind::Questions => "questions",
        }
    }
}

/// What a resident asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question.
    pub question: String,
    /// The answer; absent as long as nobody gave one.
    pub answer: Option<String>,
    /// Building or entrance it came from, or is for; absent: everywhere.
    pub asked_at: Option<String>,
    /// Where it stands.
    pub place: Place,
}
