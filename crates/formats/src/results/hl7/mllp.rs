//! The minimal lower layer protocol: a message between VT (0x0B) and FS CR (0x1C 0x0D) on a wire. Bytes in, messages out;
//! who holds the connection keeps the time.

use super::MESSAGE_MAX;
use std::collections::VecDeque;

const START: u8 = 0x0b;
const END: u8 = 0x1c;
const RETURN: u8 = 0x0d;

/// What came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// A message, without what stands around it.
    Message(Vec<u8>),
    /// So many bytes stood between blocks, and were passed over.
    Junk(usize),
    /// A block grew beyond what is taken; it is passed over to its end.
    TooLong,
    /// A block began before the one before it had ended, or the connection was closed in a block.
    Cut,
}

/// Takes bytes as they come and gives blocks. It holds no more than one block of [`MESSAGE_MAX`] bytes.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    block: Vec<u8>,
    /// Bytes between blocks that nobody was told of.
    junk: usize,
    came: VecDeque<Came>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Between,
    /// A block has just ended: a CR may follow.
    Ended,
    Inside,
    /// In a block that is passed over.
    Passing,
}

impl Decoder {
    /// Takes what was read. Whoever reads more than he takes out keeps the messages in memory: take after each read.
    pub fn push(&mut self, mut bytes: &[u8]) {
        while let Some(&byte) = bytes.first() {
            let state = self.state;
            match (state, byte) {
                (_, START) => {
                    if state == State::Inside {
                        self.came.push_back(Came::Cut);
                    }
                    self.tell_junk();
                    self.block.clear();
                    self.state = State::Inside;
                }
                (State::Inside, END) => {
                    self.came.push_back(Came::Message(std::mem::take(&mut self.block)));
                    self.state = State::Ended;
                }
                (State::Inside, _) => {
                    let end =
                        bytes.iter().position(|byte| [START, END].contains(byte)).unwrap_or(bytes.len());
                    if self.block.len() + end > MESSAGE_MAX {
                        self.came.push_back(Came::TooLong);
                        self.block = Vec::new();
                        self.state = State::Passing;
                    } else {
                        self.block.extend_from_slice(&bytes[..end]);
                    }
                    bytes = &bytes[end..];
                    continue;
                }
                (State::Passing, END) => self.state = State::Ended,
                (State::Passing, _) => {}
                (State::Ended, RETURN) => self.state = State::Between,
                (State::Ended | State::Between, _) => {
                    self.state = State::Between;
                    // Blanks and ends of lines are no message of anybody.
                    self.junk += usize::from(!byte.is_ascii_whitespace());
                }
            }
            bytes = &bytes[1..];
        }
    }

    /// What came, in order.
    pub fn take(&mut self) -> Option<Came> {
        self.came.pop_front()
    }

    /// Whether a block is open: its sender may not take for ever to end it.
    pub fn is_inside(&self) -> bool {
        matches!(self.state, State::Inside | State::Passing)
    }

    /// The connection was closed.
    pub fn close(&mut self) {
        if self.is_inside() {
            self.came.push_back(Came::Cut);
        }
        self.tell_junk();
        *self = Decoder { came: std::mem::take(&mut self.came), ..Decoder::default() };
    }

    fn tell_junk(&mut self) {
        if self.junk > 0 {
            self.came.push_back(Came::Junk(std::mem::take(&mut self.junk)));
        }
    }
}

/// A message as a block.
pub fn block(message: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(message.len() + 3);
    bytes.push(START);
    // What would end the block is no letter of a message.
    bytes.extend(message.bytes().filter(|byte| ![START, END].contains(byte)));
    bytes.extend_from_slice(&[END, RETURN]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(reads: &[&[u8]]) -> Vec<Came> {
        let mut decoder = Decoder::default();
        let mut all = Vec::new();
        for read in reads {
            decoder.push(read);
            all.extend(std::iter::from_fn(|| decoder.take()));
        }
        decoder.close();
        all.extend(std::iter::from_fn(|| decoder.take()));
        all
    }

    fn message(text: &str) -> Came {
        Came::Message(text.as_bytes().to_vec())
    }

    #[test]
    fn blocks_come_however_they_are_cut_into_reads() {
        let wire = [block("MSH|one"), block("MSH|two\rPID|1\r")].concat();
        let both = vec![message("MSH|one"), message("MSH|two\rPID|1\r")];
        assert_eq!(came(&[&wire]), both);
        for at in 0..wire.len() {
            assert_eq!(came(&[&wire[..at], &wire[at..]]), both);
        }
        let bytes: Vec<&[u8]> = wire.chunks(1).collect();
        assert_eq!(came(&bytes), both);
    }

    #[test]
    fn what_is_no_block_is_told_and_passed_over() {
        assert_eq!(came(&[b"GET / HTTP/1.1\r\n\x0bMSH\x1c\r"]), [Came::Junk(12), message("MSH")]);
        assert_eq!(came(&[b"\x0bone\x0btwo\x1c\r"]), [Came::Cut, message("two")]);
        assert_eq!(came(&[b"\x0bone\x1c\x0btwo\x1c"]), [message("one"), message("two")]);
        assert_eq!(came(&[b"\x0bone"]), [Came::Cut]);
        assert_eq!(came(&[b"\r\n\r\n"]), []);
        assert_eq!(came(&[b"\x0b\x1c\r"]), [message("")]);
    }

    #[test]
    fn a_block_without_an_end_takes_no_memory_and_costs_no_other() {
        let mut decoder = Decoder::default();
        decoder.push(&[START]);
        let some = vec![b'x'; 1 << 16];
        for _ in 0..1000 {
            decoder.push(&some);
            assert!(decoder.block.capacity() <= 2 * MESSAGE_MAX);
        }
        assert!(decoder.is_inside());
        decoder.push(b"\x1c\r\x0bMSH\x1c\r");
        assert_eq!(decoder.take(), Some(Came::TooLong));
        assert_eq!(decoder.take(), Some(message("MSH")));
        assert_eq!(decoder.take(), None);
        assert!(!decoder.is_inside());
    }
}
