//! Browsers that have signed in before. They show a cookie that says so and nothing else: it opens nothing, but strangers who
//! guess an account's password do not shut them out.

use super::secret::{hex, random};
use crate::people::master_key::RoundsKey;
use std::fmt;

/// Who writes and reads such cookies. They hold after a restart, and at each server that has the same master key.
#[derive(Clone)]
pub struct Known(RoundsKey);

impl Known {
    /// By the master key.
    pub fn new(key: RoundsKey) -> Known {
        Known(key)
    }

    /// For the cookie of a browser that has just signed in.
    pub fn token(&self, login: &str) -> String {
        hex(&self.0.seal(&place(login), &random::<16>()))
    }

    /// Which browser of an account shows this; `None` for what is not ours, or another account's.
    pub fn browser(&self, login: &str, text: &str) -> Option<[u8; 16]> {
        let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
        let sealed: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
        let opened = self.0.open(&place(login), &sealed?).ok()?;
        opened.as_slice().try_into().ok()
    }
}

fn place(login: &str) -> [&str; 2] {
    ["known browser", login]
}

impl fmt::Debug for Known {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Known")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::People;

    #[test]
    fn a_browser_is_known_to_its_own_account_alone() {
        let data = tempfile::tempdir().unwrap();
        let known = Known::new(People::open(data.path()).unwrap().rounds_key());
        let text = known.token("anna");
        let browser = known.browser("anna", &text).unwrap();
        assert_ne!(known.browser("anna", &known.token("anna")), Some(browser), "each is another");
        let again = Known::new(People::open(data.path()).unwrap().rounds_key());
        assert_eq!(again.browser("anna", &text), Some(browser), "after a restart");
        assert_eq!(known.browser("ben", &text), None);
        let mut changed = text.clone();
        changed.replace_range(..1, if text.starts_with('0') { "1" } else { "0" });
        for text in ["", "x", "柳园", &text[1..], &text[2..], &changed] {
            assert_eq!(known.browser("anna", text), None, "{text}");
        }
    }
}
