//! What people agree on in the evening: what a rehearsal expects of a proposal, whether what was agreed helped, and the log in words.
//!
//! Map: [`expected`] days lived without a change and with it · [`Seen`] what an evening knows · [`judge`] the round's fact beside what was
//! before · [`output`] and [`part`] the log as JSON and on paper · [`from_lesson`] a review's lesson as a proposal.

mod expected;
mod judged;
mod output;
mod paper;

pub use expected::{Asked, expected};
pub use judged::{Judged, Seen, judge, missed};
pub use output::{Told, output};
pub use paper::part;

use crate::{
    review::{
        Reviewed,
        taught::{in_toml, sentence},
    },
    voice::Voice,
};
use domain::decision::Change;
use scenario::Files;

/// Standard errors to the ends of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// A review's lesson as what would be proposed: the change, and the sentence that says why. Measured times that no law describes become
/// a file of the folder. `None` if the review teaches nothing of this key.
pub fn from_lesson(
    reviewed: &Reviewed,
    key: &str,
    files: &mut Files,
    voice: Voice,
) -> Option<(Change, String)> {
    let lesson = reviewed.review.lessons.iter().find(|lesson| lesson.key == key)?;
    let value = in_toml(&lesson.new, key, files);
    Some((Change::Value { key: key.to_owned(), value }, sentence(lesson, voice)))
}
