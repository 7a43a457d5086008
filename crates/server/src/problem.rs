//! What is wrong with a request, in the asker's words: `{code, message, mend}`.

use crate::{access::attempts::Wait, limits, store::Kept, telemetry::Reference};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Notes;
use scenario::VolunteerCells;
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::ToSchema;
use verbs::Voice;

/// A refused request, or one that failed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// The same in every language.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub mend: String,
}

/// Somebody else changed a volunteer's words since they were read; nothing was kept.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WordsChanged {
    /// `volunteer_changed`.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub mend: String,
    /// The words as they are now, by the columns of `volunteers.csv`.
    pub cells: BTreeMap<String, String>,
}

/// Why a request is not answered as asked. Its language is known where it becomes a response, not where it arises.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A rule says no, or the world failed.
    Problem {
        /// Of the response.
        status: StatusCode,
        /// The catalogue's `problem.CODE` and `problem_mend.CODE`.
        code: &'static str,
        /// The sentence's gaps. Never a cell of a roll.
        args: Vec<(&'static str, String)>,
    },
    /// Rules say no: each as above.
    Rules(Vec<(&'static str, Vec<(&'static str, String)>)>),
    /// The folder, the answers or the options are refused.
    Notes(Arc<Notes>),
    /// Somebody else wrote since: the scenario as it is now.
    Conflict(Arc<Kept>),
    /// Somebody else changed a volunteer's words since: as they are now.
    Words(Arc<VolunteerCells>),
}

impl Fault {
    /// A problem without gaps.
    pub fn new(status: StatusCode, code: &'static str) -> Fault {
        Fault::Problem { status, code, args: Vec::new() }
    }

    /// The problem with one more gap filled.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Fault {
        if let Fault::Problem { args, .. } = &mut self {
            args.push((name, value.to_string()));
        }
        self
    }

    /// Its word in a log: the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Problem { code, .. } => code,
            Fault::Rules(all) => all.first().map_or("broken", |(code, _)| code),
            Fault::Notes(_) => "notes",
            Fault::Conflict(_) => "conflict",
            Fault::Words(_) => "volunteer_changed",
        }
    }

    /// Of the response.
    pub fn status(&self) -> StatusCode {
        match self {
            Fault::Problem { status, .. } => *status,
            Fault::Notes(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::Conflict(_) => StatusCode::PRECONDITION_FAILED,
            Fault::Rules(_) | Fault::Words(_) => StatusCode::CONFLICT,
        }
    }

    /// What the system said when it failed, for the log: never a path, for a scenario may be called after somebody.
    pub fn why(&self) -> String {
        let Fault::Problem { args, .. } = self else { return String::new() };
        let told = args.iter().filter(|(name, _)| ["doing", "why"].contains(name));
        told.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(": ")
    }

    /// What a rule says no to, in the asker's words; `None` for what failed, or has more to say than that.
    pub(crate) fn refusal(&self, voice: Voice) -> Option<Problem> {
        match self {
            Fault::Problem { status, code, args } if status.is_client_error() => {
                Some(Problem::of(code, args, voice))
            }
            Fault::Rules(all) => Some(Problem::all(self.code(), all, voice)),
            _ => None,
        }
    }

    /// In the asker's words. With a reference, what failed inside is not told but where it is found.
    pub(crate) fn said(&self, voice: Voice, reference: Option<&Reference>) -> Response {
        match self {
            Fault::Problem { status, code, args } => {
                let again = limits::AGAIN_AFTER.as_secs().to_string();
                let is_inside = *status == StatusCode::INTERNAL_SERVER_ERROR;
                let problem = match reference.filter(|_| is_inside) {
                    Some(Reference(number)) => Problem {
                        code: (*code).to_owned(),
                        message: voice.say("problem.inside", &[("reference", number)]),
                        mend: voice.say("problem_mend.inside", &[("reference", number)]),
                    },
                    None => Problem::of(code, args, voice),
                };
                let mut response = is_problem((*status, Json(problem)).into_response());
                let seconds = match *status {
                    StatusCode::TOO_MANY_REQUESTS => {
                        args.iter().find(|(name, _)| *name == "seconds").map(|(_, value)| value)
                    }
                    // Too much is under way: nothing is lost, whoever asks comes again.
                    StatusCode::SERVICE_UNAVAILABLE => Some(&again),
                    _ => None,
                };
                if let Some(seconds) = seconds.and_then(|seconds| HeaderValue::from_str(seconds).ok()) {
                    response.headers_mut().insert(header::RETRY_AFTER, seconds);
                }
                response
            }
            Fault::Rules(all) => {
                let problem = Problem::all(self.code(), all, voice);
                is_problem((self.status(), Json(problem)).into_response())
            }
            Fault::Notes(notes) => {
                let notes = serde_json::json!({ "notes": voice.notes(notes) });
                (self.status(), Json(notes)).into_response()
            }
            Fault::Conflict(kept) => (self.status(), Json(kept.packed())).into_response(),
            Fault::Words(now) => {
                let changed = WordsChanged {
                    code: self.code().to_owned(),
                    message: voice.word("problem.volunteer_changed"),
                    mend: voice.word("problem_mend.volunteer_changed"),
                    cells: now.as_ref().clone(),
                };
                is_problem((self.status(), Json(changed)).into_response())
            }
        }
    }
}

impl Problem {
    fn of(code: &str, args: &[(&str, String)], voice: Voice) -> Problem {
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Problem {
            code: code.to_owned(),
            message: voice.say(&format!("problem.{code}"), &args),
            mend: voice.say(&format!("problem_mend.{code}"), &args),
        }
    }

    /// All that rules say no to, at once.
    fn all(code: &str, all: &[(&'static str, Vec<(&'static str, String)>)], voice: Voice) -> Problem {
        let (mut messages, mut mends): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for (code, args) in all {
            let Problem { message, mend, .. } = Problem::of(code, args, voice);
            for (said, one) in [(&mut messages, message), (&mut mends, mend)] {
                // Of many members each may say the same.
                if !said.contains(&one) {
                    said.push(one);
                }
            }
        }
        Problem { code: code.to_owned(), message: messages.join(" "), mend: mends.join(" ") }
    }
}

fn is_problem(mut response: Response) -> Response {
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Somebody guesses too often.
impl From<Wait> for Fault {
    fn from(Wait(wait): Wait) -> Fault {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Fault::new(StatusCode::TOO_MANY_REQUESTS, "too_many").with("seconds", seconds)
    }
}

impl From<Notes> for Fault {
    fn from(notes: Notes) -> Fault {
        Fault::Notes(Arc::new(notes))
    }
}

/// Said later, by the layer that knows the language.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
