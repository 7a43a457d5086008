//! A volunteer's phone on a page: what was scanned, typed or tapped goes in; what is to be stored, sent or shown comes out.
//!
//! A step is decided, its frames are stored by the page, and only then is it done. Map: [`Station`] what the page holds ·
//! `site` what it is told once · `calls` the doors to walk to, in words · `read` what a scanned text is · `refused` why not, in words · `hex` keys and hashes as text.

mod calls;
mod hex;
mod read;
mod refused;
mod site;
#[cfg(test)]
mod tests;

use crate::answer::{json, options, voice};
use domain::{Command, Envelope, Moment, command::Table};
use journal::{Frame, Hash, Head, SecretKey};
use phone::{Bundle, DoorNow, Kept, Phone, Refused, Step};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use verbs::Voice;
use wasm_bindgen::prelude::*;

/// A volunteer's phone. Moments are milliseconds since 1970.
#[wasm_bindgen]
pub struct Station {
    phone: Phone,
    /// What is decided and not yet done.
    pending: Option<Step>,
    /// The moment of the last step: two steps have two moments, or they would be taken back together.
    last: Moment,
}

/// Where a log stands, as the server says it.
#[derive(Serialize, Deserialize)]
struct HeadText {
    seq: u64,
    hash: String,
}

/// What was decided.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Decided {
    Step { first: u64, frames: usize },
    Refused(refused::Words),
}

#[wasm_bindgen]
impl Station {
    /// The public key of a secret one, in hexadecimal digits; empty if the secret has not 32 bytes.
    #[wasm_bindgen(js_name = publicKey)]
    pub fn public_key(secret: &[u8]) -> String {
        let of = |secret| hex::of(&SecretKey::from_random(secret).public().to_bytes());
        secret.try_into().map(of).unwrap_or_default()
    }

    /// A phone that starts, with all frames that it has stored, one after the other, and the head that the server
    /// acknowledged, `{seq, hash}`; empty: none yet. Absent if what is stored is not this phone's log.
    ///
    /// # Errors
    /// A bundle or head of another shape.
    pub fn start(
        bundle: &str,
        secret: &[u8],
        frames: &[u8],
        acknowledged: &str,
        random: &[u8],
    ) -> Result<Option<Station>, JsError> {
        let bundle: Bundle = options(bundle)?;
        let acknowledged = if acknowledged.is_empty() { None } else { Some(options(acknowledged)?) };
        Ok(Station::of(bundle, secret, frames, acknowledged, random))
    }

    /// What the page is told once: names, tables, what is given.
    pub fn site(&self, language: &str) -> String {
        json(&site::site(&self.phone, voice(language)))
    }

    /// What comes of commands that belong together: `{step: {first, frames}}`, or `{refused: {code, message, next, place}}`.
    ///
    /// # Errors
    /// Commands of another shape.
    pub fn decide(&mut self, at_ms: f64, commands: &str, language: &str) -> Result<String, JsError> {
        let commands: Vec<Command> = options(commands)?;
        Ok(self.decided(at_ms, voice(language), |phone, at| phone.decide(at, &commands)))
    }

    /// What takes back the last step: as `decide`.
    pub fn undo(&mut self, at_ms: f64, language: &str) -> String {
        self.decided(at_ms, voice(language), Phone::undo)
    }

    /// The frames of the step that is decided, to be stored; absent if there is none.
    pub fn pending(&self) -> Option<Vec<u8>> {
        self.pending.as_ref().map(|step| Frame::all_to_bytes(&step.frames))
    }

    /// The pending step is stored: now it has happened.
    pub fn done(&mut self) {
        if let Some(step) = self.pending.take() {
            self.phone.done(step);
        }
    }

    /// The pending step could not be stored: it has not happened.
    pub fn forget(&mut self) {
        self.pending = None;
    }

    /// The next bytes to be sent; absent if the server has everything.
    pub fn slice(&self) -> Option<Vec<u8>> {
        self.phone.slice().map(|slice| slice.to_bytes())
    }

    /// Whether those bytes are all that the server has not.
    #[wasm_bindgen(js_name = sliceIsAll)]
    pub fn slice_is_all(&self) -> bool {
        self.phone.slice().is_none_or(|slice| slice.head() == self.phone.head())
    }

    /// The server has the log up to this frame. False if that is no head of this log.
    pub fn stored(&mut self, seq: f64, hash: &str) -> bool {
        head(&HeadText { seq: seq as u64, hash: hash.to_owned() })
            .is_some_and(|head| self.phone.stored(&head))
    }

    /// Up to where the server has it, `{seq, hash}`.
    pub fn acknowledged(&self) -> String {
        let Head { seq, hash } = self.phone.acknowledged();
        json(&HeadText { seq, hash: hex::of(&hash.0) })
    }

    /// What other devices have recorded: one JSON object a line. Tells how many lines were none.
    pub fn hear(&mut self, lines: &str) -> u32 {
        let mut strange = 0;
        let read = lines.lines().filter(|line| !line.trim().is_empty());
        let heard: Vec<Envelope> =
            read.filter_map(|line| serde_json::from_str(line).inspect_err(|_| strange += 1).ok()).collect();
        self.phone.hear(heard);
        strange
    }

    /// What a screen shows at a moment.
    pub fn now(&self, at_ms: f64) -> String {
        json(&self.phone.now(moment(at_ms)))
    }

    /// Doors that have these digits or letters, the likeliest first.
    pub fn find(&self, typed: &str) -> String {
        let doors: Vec<DoorNow> =
            self.phone.find(typed).into_iter().filter_map(|place| self.phone.door(place)).collect();
        json(&doors)
    }

    /// A household by its identifier; `null` if it is not on this phone's roll.
    pub fn door(&self, household: &str) -> String {
        let place = Uuid::parse_str(household).ok().and_then(|household| self.phone.door_of(household));
        json(&place.and_then(|place| self.phone.door(place)))
    }

    /// What a scanned or typed text is: `{kind: "tube" | "batch" | "door" | "person" | "fault" | "other", …}`.
    pub fn scanned(&self, text: &str, language: &str) -> String {
        json(&read::read(&self.phone, text, voice(language)))
    }

    /// The doors to walk to now: `{wave, lists: [{name, word, head, doors}]}`.
    pub fn calls(&self, at_ms: f64, language: &str) -> String {
        json(&calls::calls(self.phone.calls(moment(at_ms)), voice(language)))
    }

    /// A tube by its identifier, or `null`.
    pub fn tube(&self, item: &str) -> String {
        json(&Uuid::parse_str(item).ok().map(|item| self.phone.tube(item)))
    }

    /// Boxes of tubes at a moment.
    pub fn boxes(&self, at_ms: f64) -> String {
        json(&self.phone.boxes(moment(at_ms)))
    }

    /// A box by its identifier, or `null`.
    pub fn batch(&self, batch: &str, at_ms: f64) -> String {
        json(&Uuid::parse_str(batch).ok().map(|batch| self.phone.batch(batch, moment(at_ms))))
    }

    /// Who is to be called back.
    #[wasm_bindgen(js_name = toCall)]
    pub fn to_call(&self, at_ms: f64) -> String {
        json(&self.phone.to_call(moment(at_ms)))
    }

    /// A person by the visit, or `null`.
    pub fn person(&self, visit: &str) -> String {
        json(&Uuid::parse_str(visit).ok().map(|visit| self.phone.person(visit)))
    }

    /// An identifier that nobody else has.
    pub fn fresh(&mut self, at_ms: f64) -> String {
        self.phone.fresh(moment(at_ms)).to_string()
    }

    /// Stands at a table, `{station, lane, server}`, or at none, `null`.
    ///
    /// # Errors
    /// A table of another shape.
    pub fn sit(&mut self, table: &str) -> Result<(), JsError> {
        self.phone.sit(options::<Option<Table>>(table)?);
        Ok(())
    }

    /// The table at which it stands, or `null`.
    pub fn table(&self) -> String {
        json(&self.phone.table())
    }
}

impl Station {
    fn of(
        bundle: Bundle,
        secret: &[u8],
        frames: &[u8],
        acknowledged: Option<HeadText>,
        random: &[u8],
    ) -> Option<Station> {
        let (secret, random) = (secret.try_into().ok()?, random.try_into().ok()?);
        let frames = Frame::all_from_bytes(frames).ok()?;
        let acknowledged = match acknowledged {
            Some(told) => head(&told)?,
            None => Phone::join(bundle.clone(), SecretKey::from_random(secret), random).head(),
        };
        let kept = Kept { acknowledged, frames };
        let phone = Phone::start(bundle, SecretKey::from_random(secret), kept, random)?;
        let last = phone.folded().told().last().and_then(|told| Moment::parse(&told.at));
        Some(Station { phone, pending: None, last: last.unwrap_or_default() })
    }

    fn decided(
        &mut self,
        at_ms: f64,
        voice: Voice,
        decide: impl FnOnce(&mut Phone, Moment) -> Result<Step, Refused>,
    ) -> String {
        let at = moment(at_ms);
        let at = if at == self.last { at + 1 } else { at };
        let decided = match decide(&mut self.phone, at) {
            Ok(step) => {
                let told = Decided::Step { first: step.first, frames: step.frames.len() };
                self.last = at;
                self.pending = Some(step);
                told
            }
            Err(refused) => Decided::Refused(refused::words(&self.phone, &refused, voice)),
        };
        json(&decided)
    }
}

fn head(told: &HeadText) -> Option<Head> {
    Some(Head { seq: told.seq, hash: Hash(hex::bytes(&told.hash)?) })
}

/// Whole milliseconds; a clock that is none is the year 1970.
fn moment(at_ms: f64) -> Moment {
    Moment((at_ms as i64).saturating_mul(10))
}
