//! Callers serve calls as a station serves people: a call takes time, and the next household waits for a free caller.

use chance::{Cause, Chance, Sampler, Ticks};
use std::sync::Arc;

/// The callers of a round.
#[derive(Clone, Debug)]
pub(crate) struct Callers {
    pub number: usize,
    pub call: Arc<Sampler>,
}

impl Callers {
    /// When each household has been told to come, given the times from which it may be called, in that order. Returns
    /// the ticks spent on calls.
    pub(crate) fn call(
        &self,
        chance: &Chance,
        households: impl Iterator<Item = (u32, Ticks)>,
        mut told: impl FnMut(u32, Ticks),
    ) -> Ticks {
        let mut spent = 0;
        let mut called = Vec::new();
        let calls = households.map(|(household, from)| {
            let length = self.length(chance, household);
            (household, from, length)
        });
        called.extend(calls);
        let mut next = called.iter();
        tell(self.number, called.iter().map(|&(_, from, length)| (from, length)), |at| {
            if let Some(&(household, _, length)) = next.next() {
                spent += length;
                told(household, at);
            }
        });
        spent
    }

    /// Ticks that the call of a household takes.
    pub(crate) fn length(&self, chance: &Chance, household: u32) -> Ticks {
        self.call.draw(chance.word(Cause::Call, household, 0))
    }
}

/// When each call ends, given from when it may be made and how long it takes, in that order.
pub(crate) fn tell(number: usize, calls: impl Iterator<Item = (Ticks, Ticks)>, mut told: impl FnMut(Ticks)) {
    let mut free = vec![Ticks::MIN; number.max(1)];
    for (from, length) in calls {
        let end = from.max(free[0]) + length;
        let place = free.partition_point(|&other| other < end);
        free.copy_within(1..place.max(1), 0);
        free[place.max(1) - 1] = end;
        told(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chance::Law;

    #[test]
    fn two_callers_tell_five_households_in_three_turns() {
        let callers = Callers { number: 2, call: Arc::new(Sampler::compile(&Law::constant(30.0))) };
        let mut told = Vec::new();
        let households = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 5_000_000)];
        let spent =
            callers.call(&Chance::new(1, 0, 0), households.into_iter(), |_, at| told.push(at / 10_000));
        assert_eq!(told, [30, 30, 60, 60, 530]);
        assert_eq!(spent, 5 * 300_000);
    }
}
