//! Who may look on while an engine runs.

use chance::Ticks;

/// Sees each step of a run. Every method does nothing unless it is written; an unused probe compiles to nothing. The
/// event engine reports in the order of time, the FIFO engine station by station. `entry` is a place in
/// [`crate::People::visits`]; `desk` is the lane, or 0 at a shared station.
pub trait Probe {
    /// A person arrived and goes to this lane.
    #[inline]
    fn arrived(&mut self, _at: Ticks, _entry: usize, _lane: usize) {}
    /// A person (with `size` people in all) reached a station's queue. Whom a full room held is reported on getting in
    /// or giving up, with the time at which the wait began.
    #[inline]
    fn queued(&mut self, _at: Ticks, _entry: usize, _size: u8, _station: usize, _desk: usize) {}
    /// A service began. `server` counts from 0; the FIFO engine does not tell servers apart and always says 0.
    #[inline]
    fn started(
        &mut self,
        _at: Ticks,
        _entry: usize,
        _size: u8,
        _station: usize,
        _desk: usize,
        _server: usize,
    ) {
    }
    /// A service ended.
    #[inline]
    fn ended(&mut self, _at: Ticks, _entry: usize, _size: u8, _station: usize, _desk: usize, _server: usize) {
    }
    /// A person gave up waiting.
    #[inline]
    fn gave_up(&mut self, _at: Ticks, _entry: usize, _size: u8, _station: usize, _desk: usize) {}
    /// A person was turned away: closing, or no server will come any more.
    #[inline]
    fn turned_away(&mut self, _at: Ticks, _entry: usize, _size: u8, _station: usize, _desk: usize) {}
    /// A person left, all served.
    #[inline]
    fn departed(&mut self, _at: Ticks, _entry: usize, _size: u8) {}
}

/// Looks at nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProbe;

impl Probe for NoProbe {}
