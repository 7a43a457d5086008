//! A document for a word processor.

use formats::Document;
use wasm_bindgen::prelude::*;

/// A document's JSON, as `Hindsight` gives it, as the bytes of a `.docx` file.
///
/// # Errors
/// A document of another shape.
#[wasm_bindgen]
pub fn docx(document: &str) -> Result<Vec<u8>, JsError> {
    let document: Document =
        serde_json::from_str(document).map_err(|error| JsError::new(&error.to_string()))?;
    Ok(formats::docx(&document))
}
