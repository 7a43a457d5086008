//! What a phone sends: slices of its log, and frames as they are kept.

use journal::{Frame, Slice};

/// What must hold for any bytes.
pub fn check(bytes: &[u8]) {
    if let Ok(slice) = Slice::from_bytes(bytes) {
        assert_eq!(slice.to_bytes(), bytes);
        let _ = slice.head();
    }
    if let Ok(frames) = Frame::all_from_bytes(bytes) {
        assert_eq!(Frame::all_to_bytes(&frames), bytes);
    }
}
