//! What labs call their columns.

use super::super::{Gene, codes::bare};

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The tube's code.
    Tube,
    /// Who gave the code.
    Issuer,
    /// What was found.
    Finding,
    /// How many people.
    People,
    /// A cycle threshold.
    Ct(Gene),
    /// When the swab was taken.
    Sampled,
    /// When the lab received it.
    Received,
    /// When it was tested.
    Tested,
    /// When it was reported.
    Reported,
    /// The lab.
    Lab,
    /// The lab's identifier of the report.
    Report,
    /// Whether it stands.
    Status,
    /// Which report it replaces.
    Replaces,
    /// Why.
    Reason,
    /// What was tested.
    Test,
    /// How.
    Method,
}

/// Headings, bare: small letters, nothing between them.
const HEADINGS: [(Column, &[&str], &[&str]); 20] = [
    (
        Column::Tube,
        &[
            "管号",
            "条码",
            "条码号",
            "条形码",
            "样本编号",
            "样本号",
            "样本条码",
            "标本编号",
            "标本号",
            "标本条码",
            "试管号",
            "试管码",
            "试管编号",
            "试管条码",
            "管码",
            "采样管",
            "采样管号",
            "采样管编号",
            "采样管条码",
            "混采管号",
            "混管编号",
        ],
        &[
            "tube",
            "barcode",
            "tubecode",
            "tubeid",
            "tubeno",
            "sample",
            "sampleid",
            "samplenumber",
            "sampleno",
            "specimen",
            "specimenid",
        ],
    ),
    (Column::Issuer, &["标签来源", "条码来源", "发码单位"], &["issuer", "labelissuer", "codeissuer"]),
    (
        Column::Finding,
        &[
            "结果",
            "检测结果",
            "检验结果",
            "核酸结果",
            "结论",
            "检测结论",
            "结果判定",
            "判定结果",
            "核酸检测结果",
        ],
        &["result", "finding", "testresult", "results", "interpretation"],
    ),
    (
        Column::People,
        &["人数", "混采人数", "混样人数", "混检人数", "管内人数", "采样人数", "混采比例", "混采类型"],
        &["people", "poolsize", "pool", "persons", "howmany"],
    ),
    (
        Column::Ct(Gene::Orf1ab),
        &["orf1ab基因ct值", "orf1abct值", "orf1ab", "orf1ab基因", "orf基因ct值", "orfct值", "orf1abct"],
        &["ctorf1ab", "ctorf1", "orfct", "ctorf"],
    ),
    (Column::Ct(Gene::N), &["n基因ct值", "nct值", "n基因", "n基因ct"], &["ctn", "nct", "ngenect"]),
    (Column::Ct(Gene::E), &["e基因ct值", "ect值", "e基因", "e基因ct"], &["cte", "ect", "egenect"]),
    (Column::Ct(Gene::S), &["s基因ct值", "sct值", "s基因", "s基因ct"], &["cts", "sct", "sgenect"]),
    (Column::Ct(Gene::Any), &["ct值"], &["ct", "ctvalue", "cyclethreshold"]),
    (
        Column::Sampled,
        &["采样时间", "采集时间", "采样日期", "采集日期", "采样日期时间"],
        &[
            "sampledat",
            "collectedat",
            "collectiontime",
            "collectiondate",
            "sampled",
            "collected",
            "samplingtime",
        ],
    ),
    (
        Column::Received,
        &["接收时间", "收样时间", "签收时间", "送达时间", "接样时间"],
        &["receivedat", "received", "receivedtime", "receipttime"],
    ),
    (
        Column::Tested,
        &["检测时间", "检验时间", "检测日期", "检验日期"],
        &["testedat", "tested", "testtime", "testdate", "analysistime"],
    ),
    (
        Column::Reported,
        &["报告时间", "发布时间", "审核时间", "出具时间", "报告日期", "结果时间"],
        &["reportedat", "reported", "reporttime", "reportdate", "releasedat", "resulttime"],
    ),
    (
        Column::Lab,
        &["实验室", "检测机构", "检验机构", "检测单位", "检测实验室", "检测机构名称"],
        &["lab", "laboratory", "labname", "performinglab"],
    ),
    (
        Column::Report,
        &["报告编号", "报告单号", "报告号", "报告id"],
        &["report", "reportid", "reportnumber", "reportno", "accession", "accessionnumber"],
    ),
    (Column::Status, &["状态", "报告状态", "审核状态"], &["status", "reportstatus"]),
    (
        Column::Replaces,
        &["原报告编号", "替代报告", "更正报告编号", "原报告号"],
        &["replaces", "replacesreport", "corrects", "originalreport"],
    ),
    (
        Column::Reason,
        &["更正原因", "修改原因", "变更原因", "撤销原因"],
        &["reason", "correctionreason", "whyreplaced"],
    ),
    (Column::Test, &["检测项目", "检验项目", "项目", "loinc"], &["test", "testcode", "testname", "analyte"]),
    (Column::Method, &["检测方法", "检验方法", "试剂", "试剂盒"], &["method", "kit", "testkit", "assay"]),
];

/// Whether these are headings of results: the tube's and the finding's are among them.
pub fn is_heading<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let (columns, _) = columns(cells);
    [Column::Tube, Column::Finding].iter().all(|needed| columns.iter().any(|(column, ..)| column == needed))
}

/// What stands in which column, from 1, with its heading as it is; and how many columns are not read.
pub(super) fn columns<'c>(cells: impl Iterator<Item = &'c str>) -> (Vec<(Column, u32, String)>, usize) {
    let (mut known, mut unread) = (Vec::new(), 0);
    for (number, heading) in (1..).zip(cells) {
        match column(heading) {
            Some(column) => known.push((column, number, heading.trim().to_owned())),
            None => unread += usize::from(!heading.trim().is_empty()),
        }
    }
    (known, unread)
}

/// Words in brackets are left where the heading is not known with them: `采样时间（必填）`.
fn column(heading: &str) -> Option<Column> {
    let of = |text: &str| {
        let text: String = bare(text).chars().filter(|letter| letter.is_alphanumeric()).collect();
        let named = |(_, chinese, english): &&(Column, &[&str], &[&str])| {
            chinese.contains(&text.as_str()) || english.contains(&text.as_str())
        };
        HEADINGS.iter().find(named).map(|(column, ..)| *column)
    };
    of(heading).or_else(|| heading.split_once(['(', '（', '[', '【']).and_then(|(before, _)| of(before)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_means_two_things_and_every_heading_is_written_bare() {
        let all: Vec<&str> =
            HEADINGS.iter().flat_map(|(_, chinese, english)| [*chinese, *english].concat()).collect();
        for (at, word) in all.iter().enumerate() {
            assert_eq!(bare(word), *word);
            assert!(word.chars().all(char::is_alphanumeric), "{word}");
            assert!(!all[at + 1..].contains(word), "{word} twice");
        }
    }
}
