//! Codes of LOINC and SNOMED CT, and the words that people write.
//!
//! LOINC (Regenstrief Institute, free under its licence): tests and cycle thresholds of SARS-CoV-2. SNOMED CT: qualifier
//! values of presence, as in the value sets of public-health laboratory reports (HL7 FHIR covid19library, CDC LIVD).

use super::{Finding, Gene, Problem, Reason, Status, Test};

/// The URI of LOINC.
pub const LOINC: &str = "http://loinc.org";
/// The URI of SNOMED CT.
pub const SNOMED: &str = "http://snomed.info/sct";
/// The URI of UCUM, the units.
pub const UCUM: &str = "http://unitsofmeasure.org";
/// The URI of table 0203 of HL7, what an identifier is: `NI`, of a nation.
pub const IDENTIFIERS: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
/// The URI of CVX, the vaccines.
pub const CVX: &str = "http://hl7.org/fhir/sid/cvx";

/// SNOMED CT: what a code means, the first of each being the one that is written.
const FINDINGS: [(&str, &str, Finding); 13] = [
    ("260415000", "Not detected", Finding::Negative),
    ("260385009", "Negative", Finding::Negative),
    ("895231008", "Not detected in pooled specimen", Finding::Negative),
    ("260373001", "Detected", Finding::Positive),
    ("10828004", "Positive", Finding::Positive),
    ("462371000124108", "Detected in pooled specimen", Finding::Positive),
    ("419984006", "Inconclusive", Finding::Inconclusive),
    ("42425007", "Equivocal", Finding::Inconclusive),
    ("82334004", "Indeterminate", Finding::Inconclusive),
    ("125154007", "Specimen unsatisfactory for evaluation", Finding::Invalid),
    ("455371000124106", "Invalid result", Finding::Invalid),
    ("373880007", "Specimen rejected / not processed", Finding::Invalid),
    ("112631006", "Specimen unsatisfactory for diagnosis", Finding::Invalid),
];

/// HL7 table 0078 and the FHIR code system ObservationInterpretation.
const INTERPRETATIONS: [(&str, Finding); 5] = [
    ("POS", Finding::Positive),
    ("DET", Finding::Positive),
    ("NEG", Finding::Negative),
    ("ND", Finding::Negative),
    ("IND", Finding::Inconclusive),
];

/// As people write them; small letters, nothing between them. What stands in none of these lists is unknown.
const WORDS: [(Finding, &[&str]); 4] = [
    (
        Finding::Negative,
        &[
            "-",
            "(-)",
            "阴",
            "阴性",
            "阴性(-)",
            "阴性-",
            "(-)阴性",
            "-阴性",
            "阴(-)",
            "未检出",
            "未检测到",
            "neg",
            "neg.",
            "negative",
            "negative(-)",
            "notdetected",
            "undetected",
            "nonreactive",
        ],
    ),
    (
        Finding::Positive,
        &[
            "+",
            "(+)",
            "阳",
            "阳性",
            "阳性(+)",
            "阳性+",
            "(+)阳性",
            "+阳性",
            "阳(+)",
            "检出",
            "检测到",
            "pos",
            "pos.",
            "positive",
            "positive(+)",
            "detected",
        ],
    ),
    (
        Finding::Inconclusive,
        &[
            "可疑",
            "灰区",
            "不确定",
            "无法判定",
            "无法确定",
            "待复核",
            "待复检",
            "inconclusive",
            "indeterminate",
            "equivocal",
            "undetermined",
        ],
    ),
    (
        Finding::Invalid,
        &[
            "无效",
            "检测无效",
            "结果无效",
            "检测失败",
            "样本不合格",
            "标本不合格",
            "不合格",
            "invalid",
            "invalidresult",
            "testfailed",
            "failed",
            "unsatisfactory",
            "specimenunsatisfactory",
        ],
    ),
];

/// What people write and what could be meant in two ways.
const AMBIGUOUS: &[&str] = &[
    "±",
    "+/-",
    "+-",
    "-/+",
    "?",
    "/",
    "--",
    "+++",
    "++",
    "0",
    "1",
    "2",
    "n",
    "y",
    "p",
    "na",
    "n/a",
    "nd",
    "x",
    "×",
    "√",
    "ok",
    "yes",
    "no",
    "是",
    "否",
    "有",
    "无",
    "正常",
    "异常",
    "合格",
    "normal",
    "abnormal",
    "弱阳",
    "弱阳性",
    "弱阳性(+)",
    "弱阳性(±)",
    "疑似",
    "疑似阳性",
    "阴转阳",
    "阳转阴",
    "复检",
    "重采",
    "初筛阳性",
    "weakpositive",
    "weaklypositive",
    "lowpositive",
    "presumptivepositive",
    "presumptive",
    "suspect",
    "reactive",
    "复查",
    "待检",
    "检测中",
    "pending",
];

/// What a SNOMED CT code means.
pub fn finding_of_code(code: &str) -> Option<Finding> {
    FINDINGS.iter().find(|(known, ..)| *known == code).map(|&(.., finding)| finding)
}

/// What an interpretation means.
pub fn finding_of_interpretation(code: &str) -> Option<Finding> {
    INTERPRETATIONS.iter().find(|(known, _)| *known == code).map(|&(_, finding)| finding)
}

/// What a word means.
///
/// # Errors
/// It is missing, ambiguous or unknown.
pub fn finding_of_word(word: &str) -> Result<Finding, Problem> {
    let word = bare(word);
    if word.is_empty() {
        return Err(Problem::FindingMissing);
    }
    let known = WORDS.iter().find(|(_, words)| words.contains(&word.as_str()));
    match known {
        Some(&(finding, _)) => Ok(finding),
        None if AMBIGUOUS.contains(&word.as_str()) => Err(Problem::FindingAmbiguous),
        None => Err(Problem::FindingUnknown),
    }
}

/// The code of SNOMED CT that is written of a finding, and what it is called.
pub fn snomed(finding: Finding) -> (&'static str, &'static str) {
    let written = FINDINGS.iter().find(|(.., of)| *of == finding);
    written.map(|&(code, name, _)| (code, name)).expect("each finding has a code")
}

impl Test {
    /// Every test.
    pub const ALL: [Test; 3] = [Test::Respiratory, Test::Specimen, Test::Nasopharynx];

    /// The code of LOINC, and what it is called.
    pub fn loinc(self) -> (&'static str, &'static str) {
        match self {
            Test::Respiratory => (
                "94500-6",
                "SARS-CoV-2 (COVID-19) RNA [Presence] in Respiratory system specimen by NAA with probe detection",
            ),
            Test::Specimen => {
                ("94309-2", "SARS-CoV-2 (COVID-19) RNA [Presence] in Specimen by NAA with probe detection")
            }
            Test::Nasopharynx => {
                ("94759-8", "SARS-CoV-2 (COVID-19) RNA [Presence] in Nasopharynx by NAA with probe detection")
            }
        }
    }

    /// SNOMED CT: the kind of specimen that it looks at, and what that is called.
    pub fn specimen(self) -> (&'static str, &'static str) {
        match self {
            Test::Respiratory => ("258603007", "Respiratory specimen"),
            Test::Specimen => ("123038009", "Specimen"),
            Test::Nasopharynx => ("258500001", "Nasopharyngeal swab"),
        }
    }

    /// The test of a code.
    pub fn of_loinc(code: &str) -> Option<Test> {
        Test::ALL.into_iter().find(|test| test.loinc().0 == code)
    }
}

impl Gene {
    /// Every gene.
    pub const ALL: [Gene; 5] = [Gene::Orf1ab, Gene::N, Gene::E, Gene::S, Gene::Any];

    /// The code of LOINC of its cycle threshold, and what it is called.
    pub fn loinc(self) -> (&'static str, &'static str) {
        match self {
            Gene::Orf1ab => (
                "94511-3",
                "SARS-CoV-2 (COVID-19) ORF1ab region [Cycle Threshold #] in Specimen by NAA with probe detection",
            ),
            Gene::N => (
                "94510-5",
                "SARS-CoV-2 (COVID-19) N gene [Cycle Threshold #] in Specimen by NAA with probe detection",
            ),
            Gene::E => (
                "94509-7",
                "SARS-CoV-2 (COVID-19) E gene [Cycle Threshold #] in Specimen by NAA with probe detection",
            ),
            Gene::S => (
                "94642-6",
                "SARS-CoV-2 (COVID-19) S gene [Cycle Threshold #] in Respiratory system specimen by NAA with probe detection",
            ),
            Gene::Any => (
                "94746-5",
                "SARS-CoV-2 (COVID-19) RNA [Cycle Threshold #] in Specimen by NAA with probe detection",
            ),
        }
    }

    /// The gene of a code; 94745-7 is the cycle threshold of RNA in a respiratory specimen.
    pub fn of_loinc(code: &str) -> Option<Gene> {
        let known = Gene::ALL.into_iter().find(|gene| gene.loinc().0 == code);
        known.or((code == "94745-7").then_some(Gene::Any))
    }
}

/// A reason's word in Chinese.
pub fn reason_in_chinese(reason: Reason) -> &'static str {
    match reason {
        Reason::Retested => "复测",
        Reason::Mislabelled => "贴错标签",
        Reason::PlateSwapped => "板位放反",
        Reason::TypingError => "录入错误",
        Reason::Other => "其他",
    }
}

/// The reason that a word means.
pub fn reason_of_word(word: &str) -> Option<Reason> {
    let word = bare(word);
    let means = |reason: &Reason| word == bare(reason.name()) || word == reason_in_chinese(*reason);
    Reason::ALL.into_iter().find(means)
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 3] = [Status::Final, Status::Corrected, Status::Cancelled];

    /// Its word in data.
    pub fn name(self) -> &'static str {
        match self {
            Status::Final => "final",
            Status::Corrected => "corrected",
            Status::Cancelled => "cancelled",
        }
    }

    /// Its word in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Status::Final => "已审核",
            Status::Corrected => "更正",
            Status::Cancelled => "撤销",
        }
    }

    /// What a word means.
    ///
    /// # Errors
    /// It is none of a report that is done, or unknown.
    pub fn of_word(word: &str) -> Result<Status, Problem> {
        match bare(word).as_str() {
            "final" | "已审核" | "已发布" | "正式" | "正式报告" | "审核" => Ok(Status::Final),
            "corrected" | "amended" | "correction" | "更正" | "已更正" | "修正" | "更正报告" => {
                Ok(Status::Corrected)
            }
            "cancelled" | "canceled" | "withdrawn" | "撤销" | "已撤销" | "作废" | "已作废" => {
                Ok(Status::Cancelled)
            }
            "preliminary" | "pending" | "registered" | "partial" | "初步" | "待审核" | "未审核"
            | "检测中" => Err(Problem::StatusNotFinal),
            _ => Err(Problem::StatusUnknown),
        }
    }
}

/// A finding's word in Chinese.
pub fn finding_in_chinese(finding: Finding) -> &'static str {
    match finding {
        Finding::Negative => "阴性",
        Finding::Positive => "阳性",
        Finding::Inconclusive => "可疑",
        Finding::Invalid => "无效",
    }
}

/// Small letters in half width, no blanks, underscores and invisible letters; every dash is `-`.
pub(super) fn bare(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
            '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
            // What no one typed on purpose.
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '_' => continue,
            letter if letter.is_whitespace() => continue,
            letter => letter,
        };
        said.extend(domain::simplified_letter(letter).to_lowercase());
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_means_two_things_and_every_word_is_written_bare() {
        let all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| *words).chain(AMBIGUOUS).copied().collect();
        for (at, word) in all.iter().enumerate() {
            assert_eq!(bare(word), *word);
            assert!(!all[at + 1..].contains(word), "{word} twice");
        }
    }

    #[test]
    fn codes_and_words_are_read_back() {
        for finding in Finding::ALL {
            assert_eq!(finding_of_code(snomed(finding).0), Some(finding));
            assert_eq!(finding_of_word(finding.name()), Ok(finding));
            assert_eq!(finding_of_word(finding_in_chinese(finding)), Ok(finding));
        }
        for test in Test::ALL {
            assert_eq!(Test::of_loinc(test.loinc().0), Some(test));
        }
        for gene in Gene::ALL {
            assert_eq!(Gene::of_loinc(gene.loinc().0), Some(gene));
        }
        for reason in Reason::ALL {
            assert_eq!(reason_of_word(reason.name()), Some(reason));
            assert_eq!(reason_of_word(reason_in_chinese(reason)), Some(reason));
        }
        for status in Status::ALL {
            assert_eq!(Status::of_word(status.name()), Ok(status));
            assert_eq!(Status::of_word(status.chinese()), Ok(status));
        }
    }

    /// The check digit of LOINC is that of Luhn over the digits before the dash.
    #[test]
    fn every_code_of_loinc_has_its_check_digit() {
        let codes =
            Test::ALL.map(|test| test.loinc().0).into_iter().chain(Gene::ALL.map(|gene| gene.loinc().0));
        for code in codes.chain(["94745-7"]) {
            let (number, check) = code.split_once('-').unwrap();
            let digits = number.bytes().rev().map(|byte| u32::from(byte - b'0'));
            let doubled = digits.enumerate().map(|(at, digit)| if at % 2 == 0 { 2 * digit } else { digit });
            let sum: u32 = doubled.map(|digit| digit / 10 + digit % 10).sum();
            assert_eq!((10 - sum % 10) % 10, check.parse::<u32>().unwrap(), "{code}");
        }
    }

    /// The last digit of a SNOMED CT identifier is that of Verhoeff.
    #[test]
    fn every_code_of_snomed_has_its_check_digit() {
        const PRODUCT: [[u8; 10]; 10] = [
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
            [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
            [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
            [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
            [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
            [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
            [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
            [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
            [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
            [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
        ];
        const TURN: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        let specimens = Test::ALL.map(|test| test.specimen().0);
        for code in FINDINGS.map(|(code, ..)| code).into_iter().chain(specimens) {
            let sum = code.bytes().rev().enumerate().fold(0_u8, |sum, (at, byte)| {
                let turned = (0..at % 8).fold(byte - b'0', |digit, _| TURN[usize::from(digit)]);
                PRODUCT[usize::from(sum)][usize::from(turned)]
            });
            assert_eq!(sum, 0, "{code}");
        }
    }
}
