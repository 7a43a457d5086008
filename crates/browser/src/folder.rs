//! A scenario's folder on a page, and the verbs on it.

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

/// A scenario's folder.
#[wasm_bindgen]
pub struct Folder {
    files: Files,
    offset_min: Function,
}

#[wasm_bindgen]
impl Folder {
    /// An empty folder. `offset_min(zone, ms)` tells how many minutes a time zone is ahead of UTC at a moment, NaN if the
    /// browser does not know the zone.
    #[wasm_bindgen(constructor)]
    pub fn new(offset_min: Function) -> Folder {
        Folder { files: Files::default(), offset_min }
    }

    /// The services in the house: `[{id, name, gives, to, roles, notice}]`.
    pub fn services(language: &str) -> String {
        json(&verbs::view::services(voice(language)))
    }

    /// The names of the examples.
    pub fn examples() -> Vec<String> {
        scenario::examples().iter().map(ToString::to_string).collect()
    }

    /// Puts an example's files in the place of all files; false if there is no such example.
    #[wasm_bindgen(js_name = fromExample)]
    pub fn from_example(&mut self, name: &str) -> bool {
        let Some(files) = scenario::example(name) else { return false };
        self.files = files;
        true
    }

    /// Puts one file into the folder.
    pub fn put(&mut self, path: String, content: Vec<u8>) {
        self.files.0.insert(path, content);
    }

    /// Takes one file out.
    pub fn remove(&mut self, path: &str) {
        self.files.0.remove(path);
    }

    /// Takes all files out.
    pub fn clear(&mut self) {
        self.files.0.clear();
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> Vec<String> {
        self.files.0.keys().cloned().collect()
    }

    /// A file's content.
    pub fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.files.0.get(path).cloned()
    }

    /// The seven answers become this folder's files: `{notes, needs}`. Files stay as they are where a note refuses.
    ///
    /// # Errors
    /// Answers of another shape.
    pub fn ask(&mut self, answers: &str, language: &str) -> Result<String, JsError> {
        let voice = voice(language);
        let asked = verbs::ask::ask(&options(answers)?);
        if let Some(files) = asked.files {
            self.files = files;
        }
        Ok(json(&serde_json::json!({ "notes": voice.notes(&asked.notes), "needs": asked.needs })))
    }

    /// Writes keys into scenario.toml, `[["site.lanes", "3"]]`; its comments stay. `{notes}`; files stay as they are where
    /// one refuses.
    ///
    /// # Errors
    /// Sets of another shape.
    pub fn edit(&mut self, sets: &str, language: &str) -> Result<String, JsError> {
        let sets: Vec<(String, String)> = options(sets)?;
        let (files, refusal) = scenario::edit(&self.files, &sets);
        if let Some(files) = files {
            self.files = files;
        }
        Ok(notes(&refusal, voice(language)))
    }

    /// Writes lessons, as a review's JSON has them, into the folder: `{notes}`; files stay as they are where one refuses.
    ///
    /// # Errors
    /// Lessons of another shape.
    pub fn learn(&mut self, lessons: &str, language: &str) -> Result<String, JsError> {
        let lessons: Vec<verbs::Taught> = options(lessons)?;
        let zones = |zone: &str, at: DateTime| zones::moment(&self.offset_min, zone, at);
        let (files, refusal) = verbs::learn(&self.files, &lessons, &zones);
        if let Some(files) = files {
            self.files = files;
        }
        Ok(notes(&refusal, voice(language)))
    }

    /// All notes on the folder: `{notes}`.
    pub fn check(&self, language: &str) -> String {
        let voice = voice(language);
        self.with_desk(voice, |desk| notes(&desk.check(), voice))
    }

    /// The scenario as a page shows it, or `{notes}`.
    pub fn view(&self, language: &str) -> String {
        let voice = voice(language);
        self.with_desk(voice, |desk| or_notes(desk.view().map(|view| json(&view)), voice))
    }

    /// Plans: the JSON of `shouhu plan --json`, or `{notes}`.
    ///
    /// # Errors
    /// Options that are not known.
    pub fn plan(&self, asked: &str, language: &str) -> Result<String, JsError> {
        let (asked, voice) = (options(asked)?, voice(language));
        Ok(self.with_desk(voice, |desk| or_notes(desk.plan(&asked), voice)))
    }

    /// Rehearses: the JSON of `shouhu rehearse --json`, or `{notes}`.
    ///
    /// # Errors
    /// Options that are not known.
    pub fn rehearse(&self, asked: &str, language: &str) -> Result<String, JsError> {
        let (asked, voice) = (options(asked)?, voice(language));
        Ok(self.with_desk(voice, |desk| or_notes(desk.rehearse(&asked), voice)))
    }

    /// The events of a rehearsal's replication 0, one JSON object a line, or `{notes}`.
    ///
    /// # Errors
    /// Options that are not known.
    pub fn events(&self, asked: &str, language: &str) -> Result<Vec<u8>, JsError> {
        let (asked, voice) = (options(asked)?, voice(language));
        Ok(self.with_desk(voice, |desk| match desk.events(&asked) {
            Ok(events) => verbs::lines(&events),
            Err(refusal) => notes(&refusal, voice).into_bytes(),
        }))
    }

    /// What a board plays: the site as JSON in the first line, then the events of a rehearsal's replication 0, one a line;
    /// or `{notes}`.
    ///
    /// # Errors
    /// Options that are not known.
    pub fn board(&self, asked: &str, language: &str) -> Result<Vec<u8>, JsError> {
        let (asked, voice) = (options(asked)?, voice(language));
        Ok(self.with_desk(voice, |desk| match desk.board(&asked) {
            Ok((site, events)) => [json(&site).into_bytes(), verbs::lines(&events)].join(&b'\n'),
            Err(refusal) => notes(&refusal, voice).into_bytes(),
        }))
    }

    /// A plan's text for the group chat, as JSON; or `{notes}`.
    ///
    /// # Errors
    /// A plan that is no JSON.
    pub fn chat(&self, plan: &str, language: &str) -> Result<String, JsError> {
        let (plan, voice) = (options(plan)?, voice(language));
        Ok(self.with_desk(voice, |desk| or_notes(desk.chat(&plan).map(|text| json(&text)), voice)))
    }

    fn with_desk<T>(&self, voice: Voice, work: impl FnOnce(Desk<'_>) -> T) -> T {
        let zones =
            |zone: &str, at: DateTime| -> Option<Moment> { zones::moment(&self.offset_min, zone, at) };
        work(Desk { files: &self.files, machine: &Page, zones: &zones, voice })
    }
}
