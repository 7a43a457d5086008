//! HL7 v2.5.1: results in and out (ORU^R01), what is answered (ACK^R01), doses out (VXU^V04), batches, and MLLP.
//!
//! Map: [`message`] segments and fields of a message · `charset` its bytes as text · `oru` results · `ack` answers · `vxu`
//! doses · `batch` many messages in a file · [`mllp`] messages on a wire.
//!
//! The parser is our own: what is needed is splitting by five characters that each message names, and the crates that do
//! it either guess encodings, build a tree many times the size of a message, or are months old.

mod ack;
mod batch;
mod charset;
pub mod message;
pub mod mllp;
mod oru;
mod vxu;

pub use ack::{Acknowledged, Code, ack, is_answered, read_ack};
pub use batch::{batch, read_file};
pub use oru::{oru, read_oru};
pub use vxu::vxu;

use super::{Place, Problem, ProblemNote, Ways, times};
use jiff::Timestamp;

/// Bytes of one message. One with a hundred tubes has some 60 kB.
pub const MESSAGE_MAX: usize = 4 << 20;
/// Messages of one file: a day of a large lab, one tube each.
pub const MESSAGES_MAX: usize = 200_000;

/// From whom a message is, to whom, and when: what its header tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The sending application, MSH-3.
    pub application: String,
    /// The sending facility, MSH-4.
    pub facility: String,
    /// The receiving application, MSH-5.
    pub to_application: String,
    /// The receiving facility, MSH-6.
    pub to_facility: String,
    /// The message's own identifier, MSH-10.
    pub id: String,
    /// When it was written, MSH-7.
    pub at: Timestamp,
    /// Whether it is of an exercise: MSH-11 is T, not P.
    pub exercise: bool,
}

impl Header {
    /// The segment; always UTF-8, always 2.5.1.
    fn segment(&self, kind: &str, structure: &str, ways: &Ways, accept: &str, application: &str) -> String {
        let said = message::escape;
        let mode = if self.exercise { "T" } else { "P" };
        format!(
            "MSH|^~\\&|{}|{}|{}|{}|{}||{kind}^{structure}|{}|{mode}|2.5.1|||{accept}|{application}||UNICODE UTF-8\r",
            said(&self.application),
            said(&self.facility),
            said(&self.to_application),
            said(&self.to_facility),
            times::to_hl7(self.at, &ways.zone),
            said(&self.id),
        )
    }
}

/// Reads one message's text and tells what it is before anything else is asked of it.
fn open(bytes: &[u8], number: u32) -> Result<message::Message, ProblemNote> {
    let whole = |problem| ProblemNote::new(msh(number, None), problem, &[("limit", &(MESSAGE_MAX >> 20))]);
    if bytes.len() > MESSAGE_MAX {
        return Err(whole(Problem::TooLarge));
    }
    let text = charset::text(bytes)
        .map_err(|(problem, said)| ProblemNote::new(msh(number, Some(18)), problem, &[("said", &said)]))?;
    message::Message::parse(&text).map_err(whole)
}

fn msh(message: u32, field: Option<u32>) -> Place {
    Place::Field { message, segment: "MSH".to_owned(), nth: 1, field }
}
