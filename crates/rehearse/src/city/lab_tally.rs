//! What is counted of a lab: on one day, over all days, or of all labs together.

use super::{labs::Minutes, quarters::Quarters};
use chance::Ticks;

/// Counts of tubes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LabTally {
    /// Tubes of several people that came, and those tested by the end.
    pub tubes: u64,
    pub tested: u64,
    /// Of these, those with a result when it is due, of a specimen young enough.
    pub in_time: u64,
    /// Tubes that held what is looked for, and the people in them, who are called again.
    pub positive: u64,
    pub recalled: u64,
    /// Single tubes of those people that were tested by the end.
    pub singles_tested: u64,
    /// Most tubes waiting for a machine at one time, of any day and lab.
    pub queue_max: u64,
    /// Tubes of batches that began, by minutes waited for a machine.
    pub waits: Minutes,
    /// Tubes by minutes from the first swab to the result.
    pub results: Minutes,
    /// The last result of a tube of several people, and of any tube, in ticks after the opening; of any day and lab.
    pub last: [Ticks; 2],
    /// Tubes that came, and results, by quarter.
    pub came: Quarters,
    pub done: Quarters,
}

impl LabTally {
    /// Adds the counts of another day or lab.
    pub(super) fn add(&mut self, other: &LabTally) {
        self.tubes += other.tubes;
        self.tested += other.tested;
        self.in_time += other.in_time;
        self.positive += other.positive;
        self.recalled += other.recalled;
        self.singles_tested += other.singles_tested;
        self.queue_max = self.queue_max.max(other.queue_max);
        self.waits.extend(&other.waits);
        self.results.extend(&other.results);
        self.last = [0, 1].map(|place| self.last[place].max(other.last[place]));
        self.came.extend(&other.came);
        self.done.extend(&other.done);
    }
}
