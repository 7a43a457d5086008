//! A round looked back on: files of events and of the scenario go in; figures, sentences, the report and tomorrow's list
//! come out.

use crate::{
    answer::{json, notes, options, voice},
    machine::Page,
    zones,
};
use domain::{Moment, Notes, Scenario};
use jiff::civil::DateTime;
use js_sys::Function;
use scenario::Files;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use verbs::{Happened, Reviewed, Run, Trials};
use wasm_bindgen::prelude::*;

/// What a page asks of a review.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// The plan's file, to be rehearsed and put beside.
    plan: Option<Value>,
    /// Replications of that rehearsal; 0: none.
    reps: u32,
    /// Those whose minutes are drawn.
    curves: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { plan: None, reps: 100, curves: 50 }
    }
}

/// More replications than this keep a page busy for minutes.
const REPS_MAX: u32 = 100_000;

/// A round looked back on.
#[wasm_bindgen]
pub struct Hindsight {
    files: Files,
    events: BTreeMap<String, Vec<u8>>,
    offset_min: Function,
    last: Option<(Reviewed, Scenario)>,
}

#[wasm_bindgen]
impl Hindsight {
    /// Nothing yet. `offset_min(zone, ms)` as in `Folder`.
    #[wasm_bindgen(constructor)]
    pub fn new(offset_min: Function) -> Hindsight {
        Hindsight { files: Files::default(), events: BTreeMap::new(), offset_min, last: None }
    }

    /// Puts one file into the scenario's folder.
    pub fn put(&mut self, path: String, content: Vec<u8>) {
        self.files.0.insert(path, content);
    }

    /// Adds a file of events, or a table of stopwatch cards.
    pub fn take(&mut self, name: String, content: Vec<u8>) {
        self.events.insert(name, content);
    }

    /// Takes out all files, of the scenario and of events.
    pub fn clear(&mut self) {
        self.files.0.clear();
        self.events.clear();
        self.last = None;
    }

    /// Reviews: the JSON of `shouhu review --json`, or `{notes}`.
    ///
    /// # Errors
    /// Options that are not known.
    pub fn review(&mut self, asked: &str, language: &str) -> Result<String, JsError> {
        let (asked, voice) = (options::<Options>(asked)?, voice(language));
        Ok(match self.reviewed(&asked) {
            Ok((reviewed, scenario)) => {
                let output = json(&reviewed.output(Some(&scenario), voice));
                self.last = Some((reviewed, scenario));
                output
            }
            Err(refusal) => notes(&refusal, voice),
        })
    }

    /// What is set for a day on which this station is slow: `[["site.station.NAME.service", "{ … }"]]`; empty if the folder
    /// has errors, or no such station.
    #[wasm_bindgen(js_name = slowDay)]
    pub fn slow_day(&self, station: &str) -> String {
        let zones =
            |zone: &str, at: DateTime| -> Option<Moment> { zones::moment(&self.offset_min, zone, at) };
        let scenario = verbs::read(&self.files, &[], &zones, &mut |_, _| ()).0;
        json(&scenario.map_or_else(Vec::new, |scenario| verbs::slow_day(&scenario, station)))
    }

    /// The report of the last review as the JSON of a document; nothing without one.
    pub fn document(&self, language: &str) -> Option<String> {
        let (reviewed, scenario) = self.last.as_ref()?;
        Some(json(&reviewed.document(Some(scenario), voice(language))))
    }

    /// Tomorrow's list as CSV; nothing without a review.
    pub fn missed(&self, language: &str) -> Option<Vec<u8>> {
        let (reviewed, _) = self.last.as_ref()?;
        Some(verbs::missed_csv(&reviewed.missed, voice(language)).into_bytes())
    }
}

impl Hindsight {
    fn reviewed(&self, asked: &Options) -> Result<(Reviewed, Scenario), Notes> {
        let zones =
            |zone: &str, at: DateTime| -> Option<Moment> { zones::moment(&self.offset_min, zone, at) };
        let (scenario, mut all) = verbs::read(&self.files, &[], &zones, &mut |_, _| ());
        let Some(scenario) = scenario else { return Err(all) };
        let mut plan = None;
        if let Some(file) = &asked.plan {
            let bytes = serde_json::to_vec(file).expect("JSON is written as JSON");
            let (read, more) = scenario::read_plan("plan.json", &bytes, &scenario);
            all.extend(more);
            plan = read;
        }
        let reps = asked.reps.min(REPS_MAX);
        let run = Run { seed: 1, reps, trials: Trials::QUICK, on_event_engine: false, machine: &Page };
        let (reviewed, more) = verbs::review(&Happened {
            files: &self.events,
            scenario: Some(&scenario),
            plan: plan.as_ref(),
            run: (reps > 0 && !all.refuses()).then_some(&run),
            curves: asked.curves,
            zones: &zones,
        });
        all.extend(more);
        reviewed.filter(|_| !all.refuses()).map(|reviewed| (reviewed, scenario)).ok_or(all)
    }
}
