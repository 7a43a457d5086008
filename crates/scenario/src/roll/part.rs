//! One part of an address in a cell of its own: `12号楼` is building 12, `2单元` entrance 2, `301室` and `0301.0` door 301.

/// Which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Building,
    Entrance,
    Door,
}

impl Part {
    /// What may follow the part's own text, longest first.
    fn suffixes(self) -> &'static [&'static str] {
        match self {
            Part::Building => &["号楼", "楼栋", "号", "栋", "幢", "座", "楼", "#"],
            Part::Entrance => &["号单元", "单元", "号门", "门洞", "门", "梯", "号", "#"],
            Part::Door => &["号房", "号室", "房间", "室", "房", "户", "号", "#"],
        }
    }
    /// What may stand before it, in capitals.
    fn prefixes(self) -> &'static [&'static str] {
        match self {
            Part::Building => &["第", "BUILDING", "BLDG", "BLOCK", "TOWER"],
            Part::Entrance => &["第", "ENTRANCE", "UNIT", "STAIRCASE", "STAIR"],
            Part::Door => &["第", "ROOM", "FLAT", "DOOR", "APARTMENT", "APT"],
        }
    }

    /// The part's own text of a plain cell. Empty if the cell says that there is none (`无`, `-`).
    pub(super) fn read(self, cell: &str) -> String {
        let text: String = cell.chars().filter(|letter| !letter.is_whitespace()).collect();
        let text = signs(&text).to_uppercase();
        let mut text = text.as_str();
        for prefix in self.prefixes() {
            if let Some(rest) = text.strip_prefix(prefix)
                && !rest.is_empty()
            {
                text = rest.trim_start_matches(['.', ':']);
                break;
            }
        }
        for suffix in self.suffixes() {
            if let Some(rest) = text.strip_suffix(suffix)
                && !rest.is_empty()
            {
                text = rest;
                break;
            }
        }
        number(text)
    }
}

/// A text with what says which part it is in simplified writing; a name stays as people write it.
pub(super) fn signs(text: &str) -> String {
    let mut before = None;
    let mut sign = |letter: char| {
        let numbered = before.replace(letter).is_some_and(|one: char| one == '號' || one.is_ascii_digit());
        let is_sign = "號棟單戶間層門無兩".contains(letter) || letter == '樓' && numbered;
        if is_sign { domain::simplified_letter(letter) } else { letter }
    };
    text.chars().map(&mut sign).collect()
}

/// The text with Chinese numerals as digits, without leading zeros and the `.0` of numbers that were decimal once.
pub(super) fn number(text: &str) -> String {
    if matches!(text, "" | "无" | "-" | "/" | "--" | "NONE" | "N/A" | "NA" | "#N/A") {
        return String::new();
    }
    if let Some(value) = chinese_numeral(text) {
        return value.to_string();
    }
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    };
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        let trimmed = whole.trim_start_matches('0');
        return if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() };
    }
    whole.to_owned()
}

/// `十二` is 12, `三〇一` is 301; none for other texts. Numbers of houses stay below a hundred or are read digit by digit.
pub(super) fn chinese_numeral(text: &str) -> Option<u32> {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |letter: char| match letter {
        '零' => Some(0),
        '两' => Some(2),
        _ => DIGITS.iter().position(|&other| other == letter),
    };
    if text.is_empty() || text.chars().count() > 4 {
        return None;
    }
    let value = match text.split_once('十') {
        Some((tens, ones)) => {
            let one = |text: &str, absent: usize| {
                let mut letters = text.chars();
                match (letters.next(), letters.next()) {
                    (None, _) => Some(absent),
                    (Some(letter), None) => digit(letter),
                    _ => None,
                }
            };
            one(tens, 1)? * 10 + one(ones, 0)?
        }
        None => text.chars().try_fold(0, |value, letter| Some(value * 10 + digit(letter)?))?,
    };
    u32::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_loses_what_only_says_which_part_it_is() {
        for (part, cell, text) in [
            (Part::Building, "12号楼", "12"),
            (Part::Building, "第十二栋", "12"),
            (Part::Building, "12號樓", "12"),
            (Part::Building, "觀海樓", "觀海樓"),
            (Part::Entrance, "二單元", "2"),
            (Part::Entrance, "無", ""),
            (Part::Building, "a座", "A"),
            (Part::Building, "Building 7", "7"),
            (Part::Entrance, "2单元", "2"),
            (Part::Entrance, "二 单元", "2"),
            (Part::Entrance, "无", ""),
            (Part::Door, "0301室", "301"),
            (Part::Door, "301.0", "301"),
            (Part::Door, "室", "室"),
            (Part::Door, "12A", "12A"),
            (Part::Door, "000", "0"),
        ] {
            assert_eq!(part.read(cell), text, "{cell}");
        }
    }

    #[test]
    fn chinese_numerals_are_numbers() {
        for (text, value) in
            [("十", 10), ("十二", 12), ("二十", 20), ("九十九", 99), ("三〇一", 301), ("两", 2)]
        {
            assert_eq!(chinese_numeral(text), Some(value), "{text}");
        }
        assert_eq!(chinese_numeral("十十"), None);
        assert_eq!(chinese_numeral("东"), None);
    }
}
