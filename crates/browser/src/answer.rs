//! JSON out, or the notes that refuse.
#![allow(
    dead_code,
    reason = "each of the pages' modules takes a part of it, and the linker leaves out the rest"
)]

use domain::Notes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use verbs::Voice;
use wasm_bindgen::{JsError, prelude::wasm_bindgen};
use words::Language;

/// Our own types as JSON.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own types are written as JSON")
}

/// `{notes}` in the page's language.
pub(crate) fn notes(notes: &Notes, voice: Voice) -> String {
    json(&serde_json::json!({ "notes": voice.notes(notes) }))
}

/// What was asked for, or `{notes}`.
pub(crate) fn or_notes(answer: Result<String, Notes>, voice: Voice) -> String {
    answer.unwrap_or_else(|refusal| notes(&refusal, voice))
}

/// Options from the page. A page that sends others than we know is a fault of ours, not of its user.
pub(crate) fn options<T: DeserializeOwned>(text: &str) -> Result<T, JsError> {
    serde_json::from_str(text).map_err(|error| JsError::new(&error.to_string()))
}

/// Hands the module the sentences of a language, key → sentence as JSON: it carries none itself.
///
/// # Errors
/// A page that hands over something else has a fault of ours.
#[wasm_bindgen]
pub fn teach(language: &str, catalogue: &str) -> Result<(), JsError> {
    Language::of_locale(language).teach(catalogue).map_err(|error| JsError::new(&error.to_string()))
}

/// The voice of a language's tag.
pub(crate) fn voice(language: &str) -> Voice {
    Voice { language: Language::of_locale(language) }
}
