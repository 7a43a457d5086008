//! A site as it is watched: state, calls and findings, fed event by event.

use crate::{Admission, Board, Calls, Finding, Phase, Round, Rules, Watch, rules::MINUTE, watch::STEP};
use chance::Ticks;
use domain::{Envelope, Moment};
use std::sync::Arc;

/// A site as it is watched, from its opening or its first call on. What it finds depends on the events alone, not on how
/// often anybody looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    round: Round,
    calls: Calls,
    watch: Watch,
    /// Up to when the watch has looked.
    seen: Moment,
}

/// One event takes the watch no further than this: a device whose clock is a year ahead must not end the day.
const AHEAD_MAX: Ticks = 60 * MINUTE;
/// So long after the planned closing nothing is watched any more, however many such devices there are.
const AFTER_MAX: Ticks = 12 * 60 * MINUTE;
/// A site without a closing time is watched for so long.
const DAY: Ticks = 24 * 60 * MINUTE;

impl Live {
    /// A site of which nothing has happened.
    pub fn new(rules: impl Into<Arc<Rules>>, calls: Calls) -> Live {
        let rules = rules.into();
        let first = calls.waves.first().map_or(0, |wave| wave.call_at.min(0));
        let begins = (rules.opens + first).0.div_euclid(STEP) * STEP;
        Live { round: Round::new(rules), calls, watch: Watch::default(), seen: Moment(begins) }
    }

    /// Takes in an event, after looking at the time before it.
    pub fn admit(&mut self, envelope: &Envelope) -> Admission {
        if let Some(at) = Moment::parse(&envelope.at) {
            self.advance(at);
        }
        let admission = self.round.admit(envelope);
        if let Phase::Closed { at } = self.round.phase() {
            // Nothing is watched any more: what was true ends with the round.
            self.watch.look(&self.round, &self.calls, at);
        }
        admission
    }

    /// Lets time pass up to a moment, an hour at most: what is true goes on being true.
    pub fn advance(&mut self, to: Moment) {
        let rules = self.round.rules();
        let end = rules.opens + rules.closes.unwrap_or(DAY) + AFTER_MAX;
        let to = to.min(self.seen + AHEAD_MAX).min(end);
        while to - self.seen >= STEP {
            self.seen = self.seen + STEP;
            self.watch.look(&self.round, &self.calls, self.seen);
        }
    }

    /// The state.
    pub fn round(&self) -> &Round {
        &self.round
    }

    /// The plan's calls.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Everything that was found, in the order in which it became true.
    pub fn findings(&self) -> &[Finding] {
        self.watch.findings()
    }

    /// What a board shows at a moment.
    pub fn board(&self, at: Moment) -> Board {
        Board::now(&self.round, &self.calls, at)
    }
}
