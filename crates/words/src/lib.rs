//! Every word that shouhu says, in each of its languages: one catalogue, `messages/LANGUAGE.json`, for the terminal, the
//! report and the pages. A language is one file: [`Language`] is made from their names.
//!
//! It knows keys and gaps, and nothing of what the sentences are about. The terminal carries the catalogues (feature `carried`); a page
//! hands its modules that of its own language ([`Language::teach`]).

use std::{collections::BTreeMap, iter, sync::OnceLock};

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

type Catalogue = BTreeMap<String, String>;
type Catalogues = [OnceLock<Catalogue>; Language::ALL.len()];

/// Where Chinese is written with traditional signs.
const TRADITIONAL: [&str; 3] = ["zh-tw", "zh-hk", "zh-mo"];

static CARRIED: Catalogues = [const { OnceLock::new() }; Language::ALL.len()];
/// What a page handed to its module.
static TAUGHT: Catalogues = [const { OnceLock::new() }; Language::ALL.len()];

impl Language {
    /// The language's tag, as the catalogue's file is called.
    pub fn tag(self) -> &'static str {
        TAGS[self as usize]
    }

    /// The language of a tag as people write it.
    pub fn of_tag(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }

    /// The language of a POSIX locale or a language tag (`zh_CN.UTF-8`, `zh-HK`, `en`), or of the first that we speak in a list of
    /// such tags (`fr, es;q=0.8`); English for what we do not speak.
    pub fn of_locale(locale: &str) -> Language {
        locale.split(',').find_map(Language::spoken).unwrap_or(Language::En)
    }

    fn spoken(locale: &str) -> Option<Language> {
        let locale = locale.split(['.', '@', ';']).next().unwrap_or_default().trim();
        let mut locale = locale.replace('_', "-").to_ascii_lowercase();
        if TRADITIONAL.iter().any(|place| locale.starts_with(place)) {
            locale = "zh-hant".to_owned();
        }
        // `zh-hant-hk`, then `zh-hant`, then `zh`.
        iter::successors(Some(locale.as_str()), |tag| tag.rsplit_once('-').map(|(shorter, _)| shorter))
            .find_map(Language::of_tag)
    }

    /// The language, and those that stand in for it where a text is not written in it: `zh-Hant`, then `zh`, then `en`.
    pub fn and_instead(self) -> impl Iterator<Item = Language> {
        let less = self.tag().split_once('-').and_then(|(main, _)| Language::of_tag(main));
        let english = (self != Language::En).then_some(Language::En);
        iter::once(self).chain(less).chain(english)
    }

    /// Of a text's translations, by tag, the one for this language; where there is none that stands in for it, any.
    pub fn among<T: AsRef<str>>(self, texts: &BTreeMap<String, T>) -> &str {
        let known = self.and_instead().find_map(|language| texts.get(language.tag()));
        known.or_else(|| texts.values().next()).map_or("", AsRef::as_ref)
    }

    /// The languages of a page that stands alone and is made by who speaks this one: its own, those that stand in for it, and 中文 beside
    /// English alone.
    pub fn on_paper(self) -> Vec<Language> {
        let mut all: Vec<Language> = self.and_instead().collect();
        if all == [Language::En] {
            all.push(Language::Zh);
        }
        all.sort_unstable();
        all
    }

    /// What the language calls itself.
    pub fn name(self) -> &'static str {
        self.own("language.name")
    }

    /// The value of HTML's `lang`, and of documents: with the place where a font needs it, `zh-CN`.
    pub fn html(self) -> &'static str {
        self.own("language.html")
    }

    fn own(self, key: &str) -> &'static str {
        self.catalogue().get(key).map_or(self.tag(), String::as_str)
    }

    /// The language's catalogue, as far as this build says it or was taught it: key → sentence with `{gaps}`.
    pub fn catalogue(self) -> &'static BTreeMap<String, String> {
        let carried =
            || CARRIED[self as usize].get_or_init(|| parse(TEXTS[self as usize]).expect("a test reads each"));
        TAUGHT[self as usize].get().unwrap_or_else(carried)
    }

    /// Hands this build the language's catalogue, one JSON object; a second one changes nothing.
    ///
    /// # Errors
    /// It is no object of sentences.
    pub fn teach(self, catalogue: &str) -> Result<(), serde_json::Error> {
        let parsed = parse(catalogue)?;
        TAUGHT[self as usize].get_or_init(|| parsed);
        Ok(())
    }
}

fn parse(text: &str) -> Result<Catalogue, serde_json::Error> {
    serde_json::from_str(text)
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
        parse(&std::fs::read_to_string(path).unwrap()).unwrap()
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
        for (locale, tag) in [
            ("zh_CN.UTF-8", "zh"),
            ("zh", "zh"),
            ("zh-Hans-HK", "zh"),
            ("zh_SG", "zh"),
            ("zh_TW.UTF-8", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("zh_MO", "zh-Hant"),
            ("zh-Hant-TW", "zh-Hant"),
            ("ZH-hant", "zh-Hant"),
            ("es_MX.UTF-8@euro", "es"),
            ("es-419", "es"),
            ("fr-CH, fr;q=0.9, es;q=0.8, zh;q=0.7", "es"),
            ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
            ("C", "en"),
            ("fr", "en"),
            ("estonian", "en"),
            ("", "en"),
        ] {
            assert_eq!(Language::of_locale(locale).tag(), tag, "{locale}");
        }
    }

    #[test]
    fn another_language_stands_in_for_one_that_is_missing() {
        let told = |language: &str| {
            let instead = Language::of_tag(language).unwrap().and_instead();
            instead.map(Language::tag).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            ["en", "es", "zh", "zh-Hant"].map(told),
            ["en", "es en", "zh en", "zh-Hant zh en"].map(str::to_owned)
        );
        let texts = |tags: &[&str]| tags.iter().map(|&tag| (tag.to_owned(), format!("in {tag}"))).collect();
        let traditional = Language::of_tag("zh-Hant").unwrap();
        assert_eq!(traditional.among::<String>(&texts(&["en", "zh"])), "in zh");
        assert_eq!(traditional.among::<String>(&texts(&["en", "zh", "zh-Hant"])), "in zh-Hant");
        assert_eq!(traditional.among::<String>(&texts(&["es"])), "in es", "better than nothing");
        assert_eq!(Language::En.among::<String>(&texts(&[])), "");
    }

    #[test]
    fn each_language_says_what_it_is_called() {
        let named = Language::ALL.map(|language| (language.tag(), language.name(), language.html()));
        let unnamed = named.iter().filter(|(tag, name, _)| tag == name);
        assert_eq!(unnamed.count(), 0, "{named:?}");
        assert!(named.contains(&("zh", "简体中文", "zh-CN")), "{named:?}");
    }

    #[test]
    fn an_unknown_key_is_said_as_itself() {
        assert_eq!(say::<&str, &str>(Language::En, "no.such.key", &[]), "no.such.key");
    }
}
