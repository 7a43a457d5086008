//! What a search draws: the same each time it runs.

use chance::philox;

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Drawn {
    seed: u32,
    count: u32,
}

impl Drawn {
    /// Another seed, other numbers.
    pub fn new(seed: u32) -> Drawn {
        Drawn { seed, count: 0 }
    }

    /// One of them, taken out.
    pub fn take(&mut self, of: &mut Vec<usize>) -> usize {
        self.count += 1;
        let word = philox::philox4x32([self.count, 0, 0, 0], [self.seed, 0])[0];
        of.swap_remove(word as usize % of.len())
    }
}
