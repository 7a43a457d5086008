//! Everything has a limit; each with its reason.

use std::time::Duration;

/// Bytes of a request's body. A roll of a hundred thousand households as a spreadsheet is a tenth of it.
pub const BODY_BYTES: usize = 64 << 20;
/// Bytes of all files of one scenario: what a body holds once base64 is taken off, three bytes for four letters.
pub const FOLDER_BYTES: usize = BODY_BYTES / 4 * 3;
/// Files in one scenario. The largest example has a dozen; sheets and plans lie beside them.
pub const FOLDER_FILES: usize = 64;
/// Folders within folders. The format uses one level, `services/`.
pub const FOLDER_DEPTH: usize = 4;
/// Bytes of a file's path in its folder. File systems take 255 for a name alone.
pub const PATH_BYTES: usize = 200;
/// Letters of an id. Longer ones do not fit a line of the page.
pub const ID_LETTERS: usize = 63;
/// Bytes of a scenario's name: a line.
pub const NAME_BYTES: usize = 200;
/// Scenarios in a data folder: the list reads each of them.
pub const SCENARIOS: usize = 1000;
/// Computations at one time. Each uses all processors; a second one keeps a slider alive beside a long rehearsal.
pub const COMPUTING: usize = 2;
/// Computations that may wait for their turn; more would wait for minutes.
pub const COMPUTING_OR_WAITING: usize = 32;
/// Event streams at one time: boards of a whole committee, two policies each.
pub const STREAMS: usize = 32;
/// Recordings that are kept for the next seek: two policies side by side, before and after a change.
pub const RECORDINGS: usize = 4;
/// Events in one message, so that a page draws between two of them.
pub const MESSAGE_EVENTS: usize = 500;
/// Between two messages of a stream: faster than this an eye sees no difference.
pub const MESSAGE_EVERY: Duration = Duration::from_millis(50);
/// Between two messages that tell the time, so that a page's clock cannot drift.
pub const CLOCK_EVERY: Duration = Duration::from_secs(1);
/// A request's body comes from this machine: it is here in seconds, or its sender has stopped.
pub const BODY_WITHIN: Duration = Duration::from_secs(60);
/// The longest rehearsal that a page may ask for takes minutes; after this long nobody looks on.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(600);
/// Requests under way are finished within this time after Ctrl-C.
pub const STOP_WITHIN: Duration = Duration::from_secs(5);
