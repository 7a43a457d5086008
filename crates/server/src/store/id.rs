//! A scenario's id: the name of its folder, and a part of its address.

use crate::limits;
use std::{
    fmt,
    hash::{BuildHasher, RandomState},
};

/// Letters, digits and hyphens, none of them first or last a hyphen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// An id, or `None` for a text that is none.
    pub fn parse(text: &str) -> Option<Id> {
        let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let fits = (1..=limits::ID_LETTERS).contains(&text.len()) && text.chars().all(letters);
        (fits && !text.starts_with('-') && !text.ends_with('-')).then(|| Id(text.to_owned()))
    }

    /// A readable id from the first name that has Latin letters, or a short one by chance. `free` says whether an id is
    /// still to be had.
    pub fn of_names(names: &[&str], free: impl Fn(&Id) -> bool) -> Id {
        let Some(slug) = names.iter().find_map(|name| slug(name)) else { return by_chance(free) };
        let first = Id(slug.clone());
        if free(&first) {
            return first;
        }
        (2..=limits::SCENARIOS)
            .map(|number| Id(format!("{slug}-{number}")))
            .find(&free)
            .unwrap_or_else(|| by_chance(free))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A name's Latin words with hyphens; `None` if it has none. A number alone, such as the year of a Chinese name, tells
/// nobody anything.
fn slug(name: &str) -> Option<String> {
    // Room for a number.
    let longest = limits::ID_LETTERS - 8;
    let lower = name.to_lowercase();
    let mut slug = String::new();
    for word in lower.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.len() + 1 + word.len() > longest {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug += word;
    }
    slug.contains(|letter: char| letter.is_ascii_alphabetic()).then_some(slug)
}

/// `round-7k2mxq`: six letters that are not taken for each other when they are read aloud.
fn by_chance(free: impl Fn(&Id) -> bool) -> Id {
    const LETTERS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    loop {
        // The hasher's keys are drawn anew; that two ids differ is all that is asked.
        let mut bits = RandomState::new().hash_one(LETTERS);
        let mut id = "round-".to_owned();
        for _ in 0..6 {
            id.push(char::from(LETTERS[(bits % LETTERS.len() as u64) as usize]));
            bits /= LETTERS.len() as u64;
        }
        let id = Id(id);
        if free(&id) {
            return id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_an_id_that_can_be_read() {
        let of = |name: &str| Id::of_names(&[name], |_| true).to_string();
        assert_eq!(of("Sunshine Garden, 28 March"), "sunshine-garden-28-march");
        assert_eq!(of("../../etc/passwd"), "etc-passwd");
        assert!(of("都市阳光花园 2026").starts_with("round-"));
        assert!(Id::parse(&of(&"long ".repeat(100))).is_some());
        assert!(Id::parse(&of(&"x".repeat(1000))).is_some());
    }

    #[test]
    fn a_second_one_of_the_same_name_gets_a_number() {
        let taken = Id::parse("flu-clinic").unwrap();
        assert_eq!(Id::of_names(&["社区", "Flu clinic"], |id| *id != taken).to_string(), "flu-clinic-2");
    }

    #[test]
    fn what_leaves_the_folder_is_no_id() {
        for text in ["", ".", "..", "a/b", "a\\b", "-a", "a-", "a b", ".bin", "con.txt", "ä", "a\0"] {
            assert_eq!(Id::parse(text), None, "{text:?}");
        }
        assert!(Id::parse(&"a".repeat(64)).is_none());
    }
}
