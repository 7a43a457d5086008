//! One thing that a person did: decided, but not yet written down.

use domain::Envelope;
use journal::Frame;
use round::Refusal;

/// What a step writes down. Whoever has the disk stores the frames first; only then is the step [done](crate::Phone::done).
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The number of the first frame.
    pub first: u64,
    /// What is to be stored, in this order, all or nothing.
    pub frames: Vec<Frame>,
    pub(crate) events: Vec<Envelope>,
}

/// Why a step is not possible.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Which of the commands.
    pub place: usize,
    /// The rule that says no.
    pub refusal: Refusal,
}
