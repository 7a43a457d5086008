//! JSON out, or the notes that refuse.

#[cfg(any(
    feature = "cards",
    feature = "folder",
    feature = "review",
    feature = "sheets",
    feature = "tonight"
))]
use domain::Notes;
use serde::Serialize;
#[cfg(any(
    feature = "board",
    feature = "cards",
    feature = "folder",
    feature = "review",
    feature = "tonight"
))]
use serde::de::DeserializeOwned;
use verbs::Voice;
#[cfg(any(
    feature = "board",
    feature = "cards",
    feature = "folder",
    feature = "review",
    feature = "tonight"
))]
use wasm_bindgen::JsError;
use words::Language;

/// Our own types as JSON.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own types are written as JSON")
}

/// `{notes}` in the page's language.
#[cfg(any(
    feature = "cards",
    feature = "folder",
    feature = "review",
    feature = "sheets",
    feature = "tonight"
))]
pub(crate) fn notes(notes: &Notes, voice: Voice) -> String {
    json(&serde_json::json!({ "notes": voice.notes(notes) }))
}

/// What was asked for, or `{notes}`.
#[cfg(any(feature = "cards", feature = "folder", feature = "tonight"))]
pub(crate) fn or_notes(answer: Result<String, Notes>, voice: Voice) -> String {
    answer.unwrap_or_else(|refusal| notes(&refusal, voice))
}

/// Options from the page. A page that sends others than we know is a fault of ours, not of its user.
#[cfg(any(
    feature = "board",
    feature = "cards",
    feature = "folder",
    feature = "review",
    feature = "tonight"
))]
pub(crate) fn options<T: DeserializeOwned>(text: &str) -> Result<T, JsError> {
    serde_json::from_str(text).map_err(|error| JsError::new(&error.to_string()))
}

/// The voice of a language's tag.
pub(crate) fn voice(language: &str) -> Voice {
    Voice { language: Language::of_locale(language) }
}
