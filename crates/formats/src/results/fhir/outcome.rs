//! What was wrong, as an OperationOutcome.

use super::super::{Kind, Place, ProblemNote, Severity};
use serde_json::{Value, json};

/// Issues of one outcome.
const ISSUES_MAX: usize = 1000;

/// Notes as an outcome, what refuses first; `say` gives each its words. Without notes it says that all is well.
pub fn outcome(notes: &[ProblemNote], say: &dyn Fn(&ProblemNote) -> String) -> Value {
    let mut notes: Vec<&ProblemNote> = notes.iter().collect();
    notes.sort_by_key(|note| note.severity());
    let issues: Vec<Value> = notes.into_iter().take(ISSUES_MAX).map(|note| issue(note, say)).collect();
    let issues = match issues.is_empty() {
        // An outcome has at least one issue.
        true => json!([{ "severity": "information", "code": "informational" }]),
        false => Value::Array(issues),
    };
    json!({ "resourceType": "OperationOutcome", "issue": issues })
}

fn issue(note: &ProblemNote, say: &dyn Fn(&ProblemNote) -> String) -> Value {
    let severity = match note.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "information",
    };
    let code = match note.problem.kind() {
        Kind::Required => "required",
        Kind::Value => "value",
        Kind::Code => "code-invalid",
        Kind::Structure => "structure",
        Kind::Unsupported => "not-supported",
        Kind::Conflict => "conflict",
        Kind::NotFound => "not-found",
        Kind::TooMuch => "too-costly",
    };
    let mut issue = json!({
        "severity": severity,
        "code": code,
        "details": { "coding": [{ "code": note.code() }], "text": say(note) },
    });
    match &note.place {
        Place::Whole => {}
        Place::Path(path) if !path.contains('#') => issue["expression"] = json!([path]),
        place => issue["diagnostics"] = place.to_string().into(),
    }
    issue
}
