//! A city's page without a server: the files that the commands print go in, what is drawn of them comes out.

use crate::answer::{json, notes, voice};
use std::collections::BTreeMap;
use verbs::city::page::{BYTES_MAX, CityView, Document, Kind, Sees, read};
use wasm_bindgen::prelude::*;

/// The documents of a city, one of each kind.
#[wasm_bindgen]
#[derive(Default)]
pub struct CityDocuments {
    documents: BTreeMap<Kind, Document>,
}

#[wasm_bindgen]
impl CityDocuments {
    /// Nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> CityDocuments {
        CityDocuments::default()
    }

    /// Bytes of a file at most.
    pub fn largest() -> usize {
        BYTES_MAX
    }

    /// Takes one file, in the place of one of the same kind: `{kind}`, or `{notes}`.
    pub fn take(&mut self, name: &str, content: &[u8], language: &str) -> String {
        match read(name, content) {
            Ok(document) => {
                let kind = document.kind();
                self.documents.insert(kind, document);
                json(&serde_json::json!({ "kind": kind.name() }))
            }
            Err(refusal) => notes(&refusal, voice(language)),
        }
    }

    /// What is drawn of them.
    pub fn view(&self) -> String {
        let mut view = CityView::default();
        self.documents.values().for_each(|document| view.add(document, &Sees::All));
        json(&view)
    }
}
