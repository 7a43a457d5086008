//! Chinese in its two ways of writing: sheets and labels come in both, and words are known in one.

/// Letters of the words that are read anywhere (headings, marks, skills, findings of labs), as they are written with traditional signs.
const TRADITIONAL: &str = "並乾伕佈併來係個倖備傢傳內兩冊別刪劑動務區協參員問單嚮國園報夾婦嬰學寀實審寫專導層屬崗師帶幹幾廢\
    張彆彔後徑從復態戶掃採揀擁擠攝敗數於時暫曬書會東條棟業構樓標樣機檢歲殘殺氣沒況淩測準溫潔無熱爲狀\
    獨現產異痠療發瞭確碼礎祕禮種稱篩簽籤約級細組結統經維網編緯練緻總織繫義聯職聽脩腦腫臥與藉號衛裏補\
    裡製複覆覈見視親計記註証試話詳誌語誤說課調論證譯護讀變負貨貼賃資賓賙車輪輸轉辦迴週運過達醫銷錄錯\
    錶鍾鐘長門開閑閒間闆關陰陽隊隨隻雙離電韆韓項預頭頻題額願類餘駕駛驗體髮鬆麼點黨齡齣優綠";
/// The same in simplified signs, one by one.
const SIMPLIFIED: &str = "并干夫布并来系个幸备家传内两册别删剂动务区协参员问单向国园报夹妇婴学采实审写专导层属岗师带干几废\
    张别录后径从复态户扫采拣拥挤摄败数于时暂晒书会东条栋业构楼标样机检岁残杀气没况凌测准温洁无热为状\
    独现产异酸疗发了确码础秘礼种称筛签签约级细组结统经维网编纬练致总织系义联职听修脑肿卧与借号卫里补\
    里制复复核见视亲计记注证试话详志语误说课调论证译护读变负货贴赁资宾周车轮输转办回周运过达医销录错\
    表钟钟长门开闲闲间板关阴阳队随只双离电千韩项预头频题额愿类余驾驶验体发松么点党龄出优绿";

/// A text with the letters of known words in simplified signs; to compare, never to show.
pub fn simplified(text: &str) -> String {
    text.chars().map(simplified_letter).collect()
}

/// One letter.
pub fn simplified_letter(letter: char) -> char {
    let place = if letter.is_ascii() { None } else { TRADITIONAL.find(letter) };
    // Both have three bytes a letter.
    place.and_then(|at| SIMPLIFIED[at..].chars().next()).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_has_its_other() {
        assert_eq!(TRADITIONAL.len(), SIMPLIFIED.len());
        for (traditional, other) in TRADITIONAL.chars().zip(SIMPLIFIED.chars()) {
            assert_eq!((traditional.len_utf8(), other.len_utf8()), (3, 3), "{traditional}{other}");
            assert_ne!(traditional, other);
            assert_eq!(simplified_letter(other), other, "{other} is both");
        }
        assert_eq!(
            simplified("12號樓2單元，體弱，陰性，綠色通道，Block A"),
            "12号楼2单元，体弱，阴性，绿色通道，Block A"
        );
    }
}
