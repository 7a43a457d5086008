//! A live board on a page: events come in, and what stands where at a moment comes out. The page only draws.
//!
//! Map: [`Board`] what the page holds · `site` what it is told first · `tape` the events and the state at a moment ·
//! `ground` where people stand · `now` the figures in words.

mod ground;
mod now;
mod site;
mod tape;
#[cfg(test)]
mod tests;

use crate::answer::{json, options, voice};
use ground::{Ground, Seats};
use site::Site;
use tape::Tape;
use wasm_bindgen::prelude::*;

/// Numbers of one person in what [`Board::people`] fills in.
const STRIDE: usize = 4;

/// A live board. Times are minutes after the planned opening.
#[wasm_bindgen]
pub struct Board {
    site: Site,
    ground: Ground,
    tape: Tape,
    seats: Seats,
    people: Vec<f32>,
}

#[wasm_bindgen]
impl Board {
    /// A board of a site of which nothing has happened; `site` is the JSON of `verbs::board_site`.
    ///
    /// # Errors
    /// A site of another shape.
    #[wasm_bindgen(constructor)]
    pub fn new(site: &str) -> Result<Board, JsError> {
        Ok(Board::of(options(site)?))
    }

    /// Takes in events, one JSON object a line, cut anywhere. They are shown when their time has come.
    pub fn push(&mut self, lines: &[u8]) {
        self.tape.push(lines);
    }

    /// Goes to a moment, forwards or back; true where anything happened in between.
    pub fn advance(&mut self, to_min: f64) -> bool {
        let changed = self.tape.advance(to_min);
        if changed {
            self.people.clear();
            self.ground.stand(self.tape.live().round(), &mut self.seats, &mut self.people);
        }
        changed
    }

    /// The minute of the first event that is known; NaN without one.
    #[wasm_bindgen(js_name = firstMin)]
    pub fn first_min(&self) -> f64 {
        self.tape.first_min().unwrap_or(f64::NAN)
    }

    /// The minute of the last one.
    #[wasm_bindgen(js_name = lastMin)]
    pub fn last_min(&self) -> f64 {
        self.tape.last_min().unwrap_or(f64::NAN)
    }

    /// Fills in who stands where: for each person the number of the day, metres to the right and down, and bits: 0 to 1
    /// waiting, served, watched or walking; 2 green; 3 beyond the end of the line. Tells how many numbers there are, also
    /// where `into` is too short for them.
    pub fn people(&self, into: &mut [f32]) -> usize {
        let fit = self.people.len().min(into.len());
        into[..fit].copy_from_slice(&self.people[..fit]);
        self.people.len()
    }

    /// The board's figures at its moment, in words.
    pub fn now(&self, language: &str) -> String {
        json(&now::now(&self.site, &self.ground, &self.tape, voice(language)))
    }
}

impl Board {
    fn of(site: Site) -> Board {
        let ground = Ground::new(&site);
        let tape = Tape::new(site.rules.clone(), site.calls.clone());
        Board { site, ground, tape, seats: Seats::default(), people: Vec::new() }
    }
}
