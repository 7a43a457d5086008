//! Equal laws share one sampler: their tables lie in the processor's cache once, and are compiled once.

use std::sync::Arc;

use super::Sampler;
use crate::law::Law;

/// Compiles each different law once.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    samplers: Vec<(Law, Arc<Sampler>)>,
}

impl Interner {
    /// An interner that has compiled nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The sampler of this law, compiled at the first asking.
    ///
    /// # Panics
    /// If the law has [problems](Law::problems).
    pub fn sampler(&mut self, law: &Law) -> Arc<Sampler> {
        // A scenario has some dozens of laws at most, so a search through all of them costs nothing.
        if let Some((_, sampler)) = self.samplers.iter().find(|(known, _)| known == law) {
            return Arc::clone(sampler);
        }
        let sampler = Arc::new(Sampler::compile(law));
        self.samplers.push((law.clone(), Arc::clone(&sampler)));
        sampler
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_laws_share_one_sampler() {
        let mut interner = Interner::new();
        let first = interner.sampler(&Law::exponential(10.0));
        let again = interner.sampler(&Law::exponential(10.0));
        let floored = interner.sampler(&Law::exponential(10.0).with_floor(1.0));
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &floored));
    }
}
