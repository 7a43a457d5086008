//! Time zones, asked of the browser: the module carries no table of its own.

use domain::Moment;
use jiff::civil::DateTime;
use js_sys::Function;
use wasm_bindgen::JsValue;

const EPOCH: DateTime = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
const TICKS_PER_MS: f64 = 10.0;

/// A time of day in an IANA time zone as a moment. `offset_min(zone, ms)` gives how many minutes the zone is ahead of UTC
/// at a moment in milliseconds since 1970, or NaN for a zone that the browser does not know.
pub(crate) fn moment(offset_min: &Function, zone: &str, at: DateTime) -> Option<Moment> {
    let as_utc_ms = at.duration_since(EPOCH).as_millis() as f64;
    let offset_at = |ms: f64| {
        let given =
            offset_min.call2(&JsValue::NULL, &JsValue::from_str(zone), &JsValue::from_f64(ms)).ok()?;
        given.as_f64().filter(|minutes| minutes.is_finite()).map(|minutes| minutes * 60_000.0)
    };
    // The offset of the moment itself: looked up at a guess, and once more at what the guess gave.
    let guess = as_utc_ms - offset_at(as_utc_ms)?;
    let ms = as_utc_ms - offset_at(guess)?;
    Some(Moment((ms * TICKS_PER_MS) as i64))
}
