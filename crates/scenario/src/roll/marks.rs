//! The words for marks, Chinese and English, as lists have them; several in one cell.

use crate::tongues::tongue_of;
use domain::{Mark, Marks};
use std::collections::BTreeMap;

/// What a cell says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// The marks.
    pub marks: Marks,
    /// Whether it says that nobody lives there.
    pub vacant: bool,
    /// Whether it holds a word that is not known.
    pub unknown: bool,
}

const WORDS: &[(Mark, &[&str])] = &[
    (
        Mark::Frail,
        &[
            "frail",
            "elderly",
            "old",
            "senior",
            "disabled",
            "wheelchair",
            "高龄",
            "高龄老人",
            "老人",
            "老年人",
            "老年",
            "独居老人",
            "独居",
            "空巢老人",
            "孤老",
            "失能",
            "失能老人",
            "半失能",
            "行动不便",
            "行动不便者",
            "卧床",
            "残疾",
            "残疾人",
            "残障",
            "轮椅",
            "80岁以上",
            "60岁以上",
            "70岁以上",
        ],
    ),
    (
        Mark::Ill,
        &[
            "ill",
            "sick",
            "patient",
            "dialysis",
            "pregnant",
            "病人",
            "患者",
            "透析",
            "血透",
            "血透患者",
            "透析患者",
            "化疗",
            "放化疗",
            "孕妇",
            "孕产妇",
            "产妇",
            "慢病",
            "慢性病",
            "慢病患者",
            "慢性病患者",
            "重病",
            "大病",
            "基础病",
            "基础疾病",
            "生病",
            "肿瘤",
            "精神病",
        ],
    ),
    (
        Mark::Pupil,
        &[
            "pupil",
            "student",
            "schoolchild",
            "学生",
            "小学生",
            "中学生",
            "初中生",
            "高中生",
            "大学生",
            "在校学生",
            "在读学生",
            "网课",
            "上网课",
        ],
    ),
    (Mark::Teacher, &["teacher", "教师", "老师", "中学教师", "小学教师", "大学教师", "教职工"]),
    (
        Mark::ForeignLanguage,
        &[
            "foreign-language",
            "foreignlanguage",
            "foreign language",
            "foreigner",
            "foreign",
            "expat",
            "外籍",
            "外籍人士",
            "外籍人员",
            "外国人",
            "外宾",
            "外语",
            "境外人员",
            "不会中文",
        ],
    ),
    (
        Mark::Tenant,
        &[
            "tenant",
            "renter",
            "lodger",
            "租户",
            "租客",
            "租住",
            "租房",
            "承租人",
            "承租",
            "租赁",
            "出租",
            "房客",
            "外来租户",
            "合租",
            "群租",
        ],
    ),
];

/// Words that say nothing a caller need know.
const NO_MARK: &[&str] = &[
    "owner",
    "resident",
    "none",
    "no",
    "n/a",
    "na",
    "-",
    "--",
    "/",
    "normal",
    "adult",
    "child",
    "family",
    "householder",
    "head",
    "业主",
    "居民",
    "无",
    "没有",
    "正常",
    "普通",
    "普通居民",
    "一般",
    "常住",
    "常住人口",
    "常住居民",
    "户籍",
    "本地",
    "本地户籍",
    "户籍人口",
    "自住",
    "户主",
    "本人",
    "家属",
    "家人",
    "成员",
    "配偶",
    "妻子",
    "丈夫",
    "妻",
    "夫",
    "父亲",
    "母亲",
    "父",
    "母",
    "儿子",
    "女儿",
    "子",
    "女",
    "成人",
    "成年人",
    "儿童",
    "幼儿",
    "婴儿",
    "婴幼儿",
    "健康",
    "在家",
    "在住",
    "党员",
    "群众",
    "退休",
    "在职",
    "人户一致",
    "人户分离",
    "外来",
    "外来人口",
    "流动人口",
    "暂住",
];

const VACANT: &[&str] = &[
    "vacant",
    "empty",
    "unoccupied",
    "空置",
    "空房",
    "空关",
    "空关户",
    "空户",
    "空置房",
    "无人居住",
    "无人",
    "未入住",
];

/// Reads cells, and remembers what the known words say: a list has few different ones, each thousands of times.
#[derive(Default)]
pub(super) struct Reader {
    known: BTreeMap<String, Reading>,
}

impl Reader {
    /// Cells that are remembered: enough for all the words of a list, alone and in twos.
    const KNOWN_MAX: usize = 512;

    pub(super) fn read(&mut self, cell: &str) -> Reading {
        if cell.is_empty() {
            return Reading::default();
        }
        if let Some(reading) = self.known.get(cell) {
            return *reading;
        }
        let reading = read(cell);
        if !reading.unknown && self.known.len() < Self::KNOWN_MAX {
            self.known.insert(cell.to_owned(), reading);
        }
        reading
    }
}

/// Whether a cell says only that nobody lives there.
pub(super) fn is_vacant(cell: &str) -> bool {
    VACANT.contains(&domain::simplified(cell).as_str())
}

/// Reads a plain cell.
pub(super) fn read(cell: &str) -> Reading {
    let mut reading = Reading::default();
    let cell = domain::simplified(cell.trim());
    let cell = cell.as_str();
    if cell.is_empty() || take(cell, &mut reading) {
        return reading;
    }
    for phrase in cell.split(['、', ',', ';', '/', '|', '+', '，', '。']) {
        let phrase = phrase.trim();
        if phrase.is_empty() || take(phrase, &mut reading) {
            continue;
        }
        for word in phrase.split_whitespace() {
            reading.unknown |= !take(word, &mut reading);
        }
    }
    reading
}

/// Takes one word or phrase; whether it is known.
fn take(phrase: &str, reading: &mut Reading) -> bool {
    let lower;
    let word = if phrase.bytes().any(|byte| byte.is_ascii_uppercase()) {
        lower = phrase.to_ascii_lowercase();
        lower.as_str()
    } else {
        phrase
    };
    if NO_MARK.contains(&word) {
        return true;
    }
    if VACANT.contains(&word) {
        reading.vacant = true;
        return true;
    }
    if let Some(known) = spoken(word, reading) {
        return known;
    }
    let mark = exact(word);
    // Pupils, teachers, frail people: a plural is the same word.
    let singular = || word.strip_suffix('s').filter(|word| word.is_ascii()).and_then(exact);
    match mark.or_else(singular) {
        Some(mark) => reading.marks = reading.marks.with(mark),
        None => return false,
    }
    true
}

/// Takes a language, alone or after the mark of one: `韩语`, `foreign-language: Korean`, `外籍(日本)`. `None`: it is no such thing; else
/// whether the language is known. One that is not known leaves the mark.
fn spoken(word: &str, reading: &mut Reading) -> Option<bool> {
    // A tag alone may be anybody's initials; behind the mark it is a language.
    if let Some(tongue) = tongue_of(word).filter(|_| !word.is_ascii() || word.len() > 3) {
        reading.marks = reading.marks.speaking(tongue);
        return Some(true);
    }
    let (mark, language) = word.split_once([':', '：', '(', '（'])?;
    if exact(mark.trim()) != Some(Mark::ForeignLanguage) {
        return None;
    }
    let tongue = tongue_of(language.trim_end_matches([')', '）']).trim());
    reading.marks = match tongue {
        Some(tongue) => reading.marks.speaking(tongue),
        None => reading.marks.with(Mark::ForeignLanguage),
    };
    Some(tongue.is_some())
}

fn exact(word: &str) -> Option<Mark> {
    WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(mark, _)| *mark)
}

/// The known word nearest to an unknown one of the cell, if any is near: one that it contains, or one that differs
/// from it by a slip of the pen.
pub(super) fn nearest(cell: &str) -> Option<&'static str> {
    const NEAR: f64 = 0.6;
    let cell = domain::simplified(cell).to_lowercase();
    let words = || WORDS.iter().flat_map(|(_, words)| words.iter().copied());
    let within = words().filter(|word| !word.is_ascii() && cell.contains(word)).max_by_key(|word| word.len());
    if within.is_some() {
        return within;
    }
    // Remarks may be long; a mark is not.
    let pieces = cell.split(['、', ',', ';', '/', '|', '+', ' ']).filter(|piece| piece.chars().count() <= 24);
    let scored =
        pieces.flat_map(|piece| words().map(move |word| (strsim::normalized_levenshtein(piece, word), word)));
    scored
        .filter(|&(near, _)| near >= NEAR)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(cell: &str) -> String {
        let reading = read(cell);
        let mut names: Vec<&str> = reading.marks.iter().map(Mark::name).collect();
        if reading.unknown {
            names.push("?");
        }
        names.join(" ")
    }

    #[test]
    fn several_marks_may_stand_in_one_cell() {
        assert_eq!(names("高龄、租户"), "frail tenant");
        assert_eq!(names("Frail; foreign language"), "frail foreign-language");
        assert_eq!(names("学生 透析"), "ill pupil");
        assert_eq!(names("Teachers/tenant"), "teacher tenant");
        assert_eq!(names("业主"), "");
        assert_eq!(names("高龄,会唱歌"), "frail ?");
        assert!(read("空关").vacant);
    }

    #[test]
    fn a_language_stands_with_the_mark_or_alone_and_one_that_is_not_known_is_flagged() {
        let language = |cell: &str| read(cell).marks.language().map(|tongue| tongue.to_string());
        for cell in [
            "foreign-language: Korean",
            "Foreign language:ko",
            "外籍(韩国)",
            "外语：韩语",
            "韩语、租户",
            "Korean",
        ] {
            assert_eq!((language(cell).as_deref(), read(cell).unknown), (Some("ko"), false), "{cell}");
        }
        assert_eq!(
            (language("外籍").as_deref(), names("外籍")),
            (Some("und"), "foreign-language".to_owned())
        );
        assert_eq!(language("高龄"), None);
        assert_eq!(names("foreign-language: Klingon"), "foreign-language ?");
        assert_eq!((language("ko"), names("ko")), (None, "?".to_owned()));
    }

    #[test]
    fn the_nearest_known_word_is_found() {
        assert_eq!(nearest("tennant"), Some("tenant"));
        assert_eq!(nearest("家有高龄老人一位"), Some("高龄老人"));
        assert_eq!(nearest("会唱歌"), None);
    }
}
