//! Languages as lists have them, Chinese and English.

use domain::roll::Tongue;

const WORDS: &[(&str, &[&str])] = &[
    ("ar", &["arabic", "阿拉伯语", "阿拉伯文"]),
    ("csl", &["csl", "sign language", "chinese sign language", "deaf", "手语", "聋哑", "聋人", "听障"]),
    ("de", &["german", "德语", "德文", "德国", "德国人"]),
    ("en", &["english", "英语", "英文", "美国", "美国人", "英国", "英国人", "澳大利亚", "加拿大"]),
    ("es", &["spanish", "西班牙语", "西班牙文", "西语", "西班牙", "西班牙人"]),
    ("fr", &["french", "法语", "法文", "法国", "法国人"]),
    ("hi", &["hindi", "印地语"]),
    ("it", &["italian", "意大利语", "意大利文", "意大利", "意大利人"]),
    ("ja", &["japanese", "日语", "日文", "日本", "日本人", "日籍"]),
    ("ko", &["korean", "韩语", "韩国语", "韩文", "朝鲜语", "韩国", "韩国人", "韩籍"]),
    ("pt", &["portuguese", "葡萄牙语", "葡萄牙文", "葡语"]),
    ("ru", &["russian", "俄语", "俄文", "俄罗斯", "俄罗斯人"]),
    ("th", &["thai", "泰语", "泰文", "泰国", "泰国人"]),
    ("vi", &["vietnamese", "越南语", "越南文", "越南", "越南人"]),
    ("yue", &["cantonese", "粤语", "广东话", "广州话"]),
];

/// The language of a word in small letters, or of a tag that is known here: `韩语`, `korean`, `ko`.
pub(crate) fn tongue_of(word: &str) -> Option<Tongue> {
    let found = WORDS.iter().find(|(tag, words)| *tag == word || words.contains(&word));
    found.and_then(|(tag, _)| Tongue::parse(tag))
}

/// The language that a phrase of somebody who speaks it names: `会英语`, `Fluent Korean`, `日语一级`. What says that somebody does not is none.
pub(crate) fn tongue_within(phrase: &str) -> Option<Tongue> {
    let phrase = phrase.trim().to_lowercase();
    if phrase.contains(['不', '没', '无']) {
        return None;
    }
    let by_word = || phrase.split_whitespace().find_map(tongue_of);
    let within = || {
        let languages =
            |word: &&&str| !word.is_ascii() && word.ends_with(['语', '文', '话']) && phrase.contains(**word);
        WORDS.iter().find(|(_, words)| words.iter().any(|word| languages(&word)))
    };
    tongue_of(&phrase).or_else(by_word).or_else(|| Tongue::parse(within()?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_of_one_language() {
        let mut all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let number = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), number);
        assert_eq!(tongue_of("韩语").unwrap().to_string(), "ko");
        let tag = |phrase: &str| tongue_within(phrase).map(|tongue| tongue.to_string());
        for (phrase, found) in [
            ("会英语", "en"),
            ("Fluent Korean", "ko"),
            ("日语一级", "ja"),
            (" 手语 ", "csl"),
            ("粤语", "yue"),
        ] {
            assert_eq!(tag(phrase).as_deref(), Some(found), "{phrase}");
        }
        assert_eq!((tag("不会英语"), tag("翻译"), tag("登记")), (None, None, None));
        assert_eq!((tongue_of("ko"), tongue_of("klingon")), (tongue_of("korean"), None));
    }
}
