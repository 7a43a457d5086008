//! Workbooks and old encodings, made into text before they go into a folder.

use crate::answer::{notes, voice};
use domain::Notes;
use wasm_bindgen::prelude::*;

/// A roll's file as text, or the notes that say why it cannot be read.
#[wasm_bindgen]
pub struct Converted {
    csv: Option<Vec<u8>>,
    notes: Notes,
}

#[wasm_bindgen]
impl Converted {
    /// Converts a file; `name` is the one that notes give.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, bytes: &[u8]) -> Converted {
        let (csv, notes) = scenario::roll::roll_as_csv(name, bytes);
        Converted { csv, notes }
    }

    /// CSV in UTF-8, each row in the line of its number; nothing where the notes refuse.
    pub fn csv(&self) -> Option<Vec<u8>> {
        self.csv.clone()
    }

    /// `{notes}`.
    pub fn notes(&self, language: &str) -> String {
        notes(&self.notes, voice(language))
    }
}
