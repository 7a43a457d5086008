//! Papers to hand out tonight: files of a scenario go in, sheets come out.

use crate::{
    answer::{json, options, or_notes, voice},
    machine::Page,
    zones,
};
use domain::Moment;
use jiff::civil::DateTime;
use js_sys::Function;
use scenario::Files;
use serde_json::Value;
use verbs::Desk;
use wasm_bindgen::prelude::*;

/// A scenario's folder whose papers are wanted.
#[wasm_bindgen]
pub struct Tonight {
    files: Files,
    offset_min: Function,
}

#[wasm_bindgen]
impl Tonight {
    /// An empty folder. `offset_min(zone, ms)` as in `Folder`.
    #[wasm_bindgen(constructor)]
    pub fn new(offset_min: Function) -> Tonight {
        Tonight { files: Files::default(), offset_min }
    }

    /// Puts one file into the folder.
    pub fn put(&mut self, path: String, content: Vec<u8>) {
        self.files.0.insert(path, content);
    }

    /// The sheets of a plan, or with `null` those of a round in which nobody is called: `[[file name, content]]`; or
    /// `{notes}`.
    ///
    /// # Errors
    /// A plan that is no JSON.
    pub fn sheets(&self, plan: &str, language: &str) -> Result<String, JsError> {
        let (plan, voice) = (options::<Option<Value>>(plan)?, voice(language));
        let zones =
            |zone: &str, at: DateTime| -> Option<Moment> { zones::moment(&self.offset_min, zone, at) };
        let desk = Desk { files: &self.files, machine: &Page, zones: &zones, voice };
        Ok(or_notes(desk.sheets(plan.as_ref()).map(|sheets| json(&sheets)), voice))
    }
}
