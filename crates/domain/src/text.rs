//! A sentence in the languages of the house.

/// A sentence in both languages; a language that was not given repeats the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// 中文.
    pub zh: String,
}
