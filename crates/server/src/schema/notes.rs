//! What is wrong, or worth a look.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All that is wrong, at once.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// Errors, warnings and hints.
    pub notes: Vec<Note>,
}

/// One note.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// Only errors refuse.
    pub severity: Severity,
    /// The file's path in the folder; `answers` for the seven answers.
    pub file: String,
    /// The row, from 1.
    #[schema(required)]
    pub row: Option<u32>,
    /// The column or key.
    #[schema(required)]
    pub column: Option<String>,
    /// The same in every language.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub mend: String,
}

/// How bad.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It refuses.
    Error,
    /// It would go, and probably not well.
    Warning,
    /// It could be better.
    Hint,
}
