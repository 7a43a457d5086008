//! Fault cards: files of a scenario go in; the cards, a day with some of them, and what a board plays of it come out.

use crate::{
    answer::{json, notes, options, or_notes, voice},
    machine::Page,
    zones,
};
use domain::Moment;
use jiff::civil::DateTime;
use js_sys::Function;
use scenario::Files;
use verbs::{Desk, Voice};
use wasm_bindgen::prelude::*;

/// A scenario's folder on whose day something goes wrong.
#[wasm_bindgen]
pub struct Cards {
    files: Files,
    offset_min: Function,
}

#[wasm_bindgen]
impl Cards {
    /// An empty folder. `offset_min(zone, ms)` as in `Folder`.
    #[wasm_bindgen(constructor)]
    pub fn new(offset_min: Function) -> Cards {
        Cards { files: Files::default(), offset_min }
    }

    /// Puts one file into the folder.
    pub fn put(&mut self, path: String, content: Vec<u8>) {
        self.files.0.insert(path, content);
    }

    /// All cards in words: `{cards, hands}`, or `{notes}`.
    ///
    /// # Errors
    /// Options that are not known.
    pub fn deal(&self, asked: &str, language: &str) -> Result<String, JsError> {
        let (asked, voice) = (options(asked)?, voice(language));
        Ok(self.with_desk(voice, |desk| or_notes(desk.cards(&asked), voice)))
    }

    /// The day with these faults, `["system-down=45"]`, beside the day without: the JSON of `shouhu rehearse --fault`, or
    /// `{notes}`.
    ///
    /// # Errors
    /// Options that are not known.
    pub fn play(&self, asked: &str, faults: &str, language: &str) -> Result<String, JsError> {
        let (asked, faults, voice) = (options(asked)?, options::<Vec<String>>(faults)?, voice(language));
        Ok(self.with_desk(voice, |desk| or_notes(desk.faults(&asked, &faults), voice)))
    }

    /// What a board plays of that day, as `Folder.board` gives it.
    ///
    /// # Errors
    /// Options that are not known.
    pub fn board(&self, asked: &str, faults: &str, language: &str) -> Result<Vec<u8>, JsError> {
        let (asked, faults, voice) = (options(asked)?, options::<Vec<String>>(faults)?, voice(language));
        Ok(self.with_desk(voice, |desk| match desk.board_with(&asked, &faults) {
            Ok((site, events)) => [json(&site).into_bytes(), verbs::lines(&events)].join(&b'\n'),
            Err(refusal) => notes(&refusal, voice).into_bytes(),
        }))
    }

    fn with_desk<T>(&self, voice: Voice, work: impl FnOnce(Desk<'_>) -> T) -> T {
        let zones =
            |zone: &str, at: DateTime| -> Option<Moment> { zones::moment(&self.offset_min, zone, at) };
        work(Desk { files: &self.files, machine: &Page, zones: &zones, voice })
    }
}
