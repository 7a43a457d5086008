//! What people can do, in the words of their sheets.

use crate::reader::nearest_by;

/// Roles by their word, what they are called in sheets, and whether anyone can do them after a briefing.
const ROLES: &[(&str, bool, &[&str])] = &[
    (
        "registration",
        false,
        &[
            "登记",
            "登记员",
            "录入",
            "信息录入",
            "信息登记",
            "信息员",
            "打字",
            "registrar",
            "register",
            "data entry",
            "typing",
        ],
    ),
    ("scanning", false, &["扫码", "扫码员", "扫健康码", "贴码", "验码", "scan", "scanner", "codes"]),
    (
        "sampling",
        false,
        &[
            "采样",
            "采样员",
            "核酸采样",
            "医护",
            "护士",
            "医生",
            "医务",
            "护理",
            "sampler",
            "swab",
            "swabbing",
            "nurse",
            "doctor",
            "medical",
            "nursing",
        ],
    ),
    ("vaccination", false, &["接种", "接种员", "打疫苗", "vaccinator", "injection"]),
    (
        "calling",
        true,
        &[
            "叫号",
            "敲门",
            "敲门员",
            "叫人",
            "通知",
            "上门通知",
            "喊楼",
            "楼栋通知",
            "caller",
            "callers",
            "knocking",
            "doors",
            "door knocking",
        ],
    ),
    (
        "order",
        true,
        &[
            "秩序",
            "维持秩序",
            "秩序员",
            "引导",
            "引导员",
            "排队",
            "保安",
            "维护秩序",
            "order keeping",
            "order keeper",
            "crowd",
            "queue",
            "usher",
            "marshal",
            "guide",
            "security",
        ],
    ),
    (
        "courier",
        false,
        &["送样", "转运", "司机", "开车", "驾驶", "运输", "送检", "driver", "driving", "car", "transport"],
    ),
    (
        "carrying",
        true,
        &[
            "搬运", "物资", "送菜", "送货", "分发", "发菜", "配送", "分拣", "体力", "carry", "goods",
            "delivery", "lifting", "parcels",
        ],
    ),
    (
        "interpreting",
        false,
        &[
            "翻译",
            "英语",
            "外语",
            "口译",
            "日语",
            "韩语",
            "interpreter",
            "translation",
            "translator",
            "english",
            "languages",
        ],
    ),
    (
        "childcare",
        false,
        &["带孩子", "看孩子", "幼师", "哄孩子", "照看儿童", "child care", "kindergarten", "babysitting"],
    ),
    ("cleaning", false, &["消杀", "消毒", "保洁", "打扫", "disinfection", "disinfecting", "clean"]),
    (
        "secretariat",
        false,
        &["秘书", "文书", "协调", "统筹", "写通知", "secretary", "coordination", "coordinator", "drafting"],
    ),
    ("publicity", false, &["宣传", "拍照", "摄影", "摄像", "视频", "photo", "film", "video"]),
];

/// Words that name no skill and are none unknown.
const NO_SKILL: [&str; 14] = [
    "无",
    "没有",
    "暂无",
    "不限",
    "都可以",
    "都行",
    "服从安排",
    "听安排",
    "none",
    "no",
    "any",
    "anything",
    "-",
    "n/a",
];

/// The roles that are always known, with whether anyone can do them.
pub(super) fn known() -> impl Iterator<Item = (&'static str, bool)> {
    ROLES.iter().map(|(name, anyone, _)| (*name, *anyone))
}

/// A role's own word for what a sheet calls it; `more` are the scenario's own roles.
pub(super) fn role_of(word: &str, more: &[String]) -> Option<String> {
    let said = bare(word);
    if let Some(own) = more.iter().find(|own| bare(own) == said) {
        return Some(own.clone());
    }
    let found = ROLES.iter().find(|(name, _, also)| *name == said || also.contains(&said.as_str()));
    if let Some((name, ..)) = found {
        return Some((*name).to_owned());
    }
    // `会英语`, `可做登记工作`: a longer way to say a Chinese word.
    let within = |(_, _, also): &&(&str, bool, &[&str])| {
        also.iter().any(|known| !known.is_ascii() && said.contains(known))
            && !said.contains(['不', '没', '无'])
    };
    ROLES.iter().find(within).map(|(name, ..)| (*name).to_owned())
}

/// Whether a word says that there is no skill to name.
pub(super) fn is_none(word: &str) -> bool {
    NO_SKILL.contains(&bare(word).as_str())
}

/// The known word that is nearest to one that is not known.
pub(super) fn nearest(word: &str, more: &[String]) -> Option<String> {
    // Of two Chinese characters one is a half.
    const LIKENESS_MIN: f64 = 0.5;
    let bare = bare(word);
    let words: Vec<&str> = ROLES
        .iter()
        .flat_map(|(name, _, also)| std::iter::once(*name).chain(also.iter().copied()))
        .chain(more.iter().map(String::as_str))
        .collect();
    nearest_by(LIKENESS_MIN, &bare, &words).map(str::to_owned)
}

fn bare(word: &str) -> String {
    domain::simplified(word.trim()).trim_matches(['.', '。', '*']).to_lowercase().replace('_', " ")
}
