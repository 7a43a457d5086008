//! Every word that shouhu says, in each of its languages: one catalogue, `messages/LANGUAGE.json`, for the terminal, the
//! report and the pages. A language is one file.
//!
//! It knows keys and gaps, and nothing of what the sentences are about.

use std::{collections::BTreeMap, sync::LazyLock};

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// 中文.
    Zh,
}

impl Language {
    /// All languages of the catalogue.
    pub const ALL: [Language; 2] = [Language::En, Language::Zh];

    /// The language's tag, as in HTML's `lang` attribute and the catalogue's file name.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Zh => "zh",
        }
    }

    /// The language of a POSIX locale or language tag (`zh_CN.UTF-8`, `en`); English for what we do not speak.
    pub fn of_locale(locale: &str) -> Language {
        let locale = locale.to_ascii_lowercase();
        Language::ALL.into_iter().find(|language| locale.starts_with(language.tag())).unwrap_or(Language::En)
    }

    /// The language's catalogue, as far as this build says it: key → sentence with `{gaps}`.
    pub fn catalogue(self) -> &'static BTreeMap<String, String> {
        static EN: LazyLock<BTreeMap<String, String>> =
            LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/en.json"))));
        static ZH: LazyLock<BTreeMap<String, String>> =
            LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/zh.json"))));
        match self {
            Language::En => &EN,
            Language::Zh => &ZH,
        }
    }
}

fn parse(text: &str) -> BTreeMap<String, String> {
    serde_json::from_str(text).expect("a test reads each catalogue")
}

/// The sentence of `key` with its gaps filled: `{name}` becomes the argument of that name. A key that the catalogue
/// lacks comes back as itself, so that a missing word is seen and nothing is lost.
pub fn say<N: AsRef<str>, V: AsRef<str>>(language: Language, key: &str, args: &[(N, V)]) -> String {
    let Some(sentence) = language.catalogue().get(key) else { return key.to_owned() };
    let mut said = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence.as_str();
    while let Some(open) = rest.find('{') {
        said.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else { break };
        let name = &rest[open + 1..open + close];
        match args.iter().find(|(given, _)| given.as_ref() == name) {
            Some((_, value)) => said.push_str(value.as_ref()),
            None => said.push_str(&rest[open..=open + close]),
        }
        rest = &rest[open + close + 1..];
    }
    said.push_str(rest);
    said
}

/// The names of a sentence's gaps, in order.
pub fn gaps(sentence: &str) -> Vec<&str> {
    sentence.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file whole: what the pages say too.
    fn file(language: Language) -> BTreeMap<String, String> {
        let path = format!("{}/../../messages/{}.json", env!("CARGO_MANIFEST_DIR"), language.tag());
        parse(&std::fs::read_to_string(path).unwrap())
    }

    #[test]
    fn every_language_has_every_key_with_the_same_gaps() {
        let sorted = |sentence: &str| {
            let mut names: Vec<String> = gaps(sentence).into_iter().map(str::to_owned).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        for language in Language::ALL {
            for other in Language::ALL {
                let (sentences, twins) = (file(language), file(other));
                for (key, sentence) in &sentences {
                    let twin = twins.get(key).unwrap_or_else(|| panic!("{key} is not in {}", other.tag()));
                    assert_eq!(sorted(sentence), sorted(twin), "{key}");
                }
            }
        }
    }

    #[test]
    fn a_locale_finds_its_language() {
        assert_eq!(Language::of_locale("zh_CN.UTF-8"), Language::Zh);
        assert_eq!(Language::of_locale("C"), Language::En);
    }

    #[test]
    fn an_unknown_key_is_said_as_itself() {
        assert_eq!(say::<&str, &str>(Language::En, "no.such.key", &[]), "no.such.key");
    }
}
