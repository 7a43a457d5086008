//! Which columns of a table hold what: by their headings, in Chinese, English or Spanish.

/// Headings of the column of dates.
const DATES: [&str; 14] = [
    "date",
    "day",
    "fecha",
    "día",
    "dia",
    "report date",
    "日期",
    "时间",
    "時間",
    "统计日期",
    "統計日期",
    "通报日期",
    "通報日期",
    "报告日期",
];
/// Parts of headings of cases found outside quarantine.
const OUTSIDE: [&str; 12] = [
    "outside",
    "routine screening",
    "community",
    "social",
    "fuera",
    "comunidad",
    "社会面",
    "社會面",
    "筛查",
    "篩查",
    "隔离外",
    "隔離外",
];
/// Parts of headings of cases found in quarantine.
const INSIDE: [&str; 6] = ["quarantine", "cuarentena", "隔离", "隔離", "管控", "closed loop"];
/// Parts of headings that tell of something else than new cases of a day.
const OTHER: [&str; 18] = [
    "cumul",
    "total to date",
    "acumul",
    "累计",
    "累計",
    "later",
    "net of",
    "conversion",
    "death",
    "muert",
    "fallec",
    "死亡",
    "recover",
    "出院",
    "治愈",
    "治癒",
    "tests",
    "population",
];
/// Headings of all new cases of a day.
const ALL: [&str; 16] = [
    "cases",
    "new cases",
    "new",
    "total",
    "count",
    "casos",
    "casos nuevos",
    "nuevos",
    "positives",
    "新增",
    "新增病例",
    "新增感染者",
    "病例",
    "病例数",
    "阳性",
    "合计",
];
/// Parts of headings of some of the new cases of a day.
const SOME: [&str; 14] = [
    "cases",
    "confirmed",
    "asymptomatic",
    "casos",
    "confirmad",
    "asintom",
    "病例",
    "确诊",
    "確診",
    "无症状",
    "無症狀",
    "感染者",
    "阳性",
    "陽性",
];

/// Places of columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Columns {
    pub date: usize,
    /// Whose sum is the series.
    pub cases: Vec<usize>,
    /// Whose sum are the cases found in quarantine; empty where nothing is told.
    pub inside: Vec<usize>,
    /// Whether the series is of cases outside quarantine.
    pub outside: bool,
}

/// A heading in letters that can be compared.
pub(super) fn folded(heading: &str) -> String {
    crate::sheet::plain(heading).to_lowercase().replace(['_', '-'], " ")
}

/// Whether a heading is that of dates.
pub(super) fn is_date(heading: &str) -> bool {
    DATES.contains(&folded(heading).as_str())
}

/// What the headings say; `wanted` are columns that were named. The names that no heading has, or all headings where none tells of cases.
pub(super) fn find(headings: &[String], wanted: &[String]) -> Result<Columns, Vec<String>> {
    let folded: Vec<String> = headings.iter().map(|heading| folded(heading)).collect();
    let date = folded.iter().position(|heading| DATES.contains(&heading.as_str())).unwrap_or_default();
    let those = |says: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let others =
            folded.iter().enumerate().filter(|(place, heading)| *place != date && !heading.is_empty());
        let plain = others.filter(|(_, heading)| !OTHER.iter().any(|other| heading.contains(other)));
        plain.filter(|(_, heading)| says(heading)).map(|(place, _)| place).collect()
    };
    let is_outside =
        |heading: &str| OUTSIDE.iter().any(|part| heading.contains(part)) || heading.starts_with("非隔");
    let is_inside = |heading: &str| !is_outside(heading) && INSIDE.iter().any(|part| heading.contains(part));
    let outside = those(&is_outside);
    let inside = those(&is_inside);
    if !wanted.is_empty() {
        let place = |name: &String| folded.iter().position(|heading| *heading == self::folded(name));
        let unknown: Vec<String> = wanted.iter().filter(|name| place(name).is_none()).cloned().collect();
        let mut cases: Vec<usize> = wanted.iter().filter_map(place).collect();
        cases.sort_unstable();
        cases.dedup();
        let is_outside = cases.iter().all(|place| outside.contains(place));
        let inside = if is_outside { inside } else { Vec::new() };
        let columns = Columns { date, cases, inside, outside: is_outside };
        return if unknown.is_empty() { Ok(columns) } else { Err(unknown) };
    }
    if !outside.is_empty() {
        return Ok(Columns { date, cases: outside, inside, outside: true });
    }
    let all = those(&|heading| ALL.contains(&heading));
    let some = those(&|heading| !is_inside(heading) && SOME.iter().any(|part| heading.contains(part)));
    let rest = those(&|_| true);
    let cases = match (all.as_slice(), some.as_slice(), rest.as_slice()) {
        ([first, ..], _, _) | ([], [], [first]) => vec![*first],
        ([], [_, ..], _) => some,
        _ => return Err(headings.iter().filter(|heading| !heading.is_empty()).cloned().collect()),
    };
    Ok(Columns { date, cases, inside: Vec::new(), outside: false })
}

/// Days with cases on which one column is the sum of the others, before that is no coincidence.
const TOTAL_MIN: usize = 3;

/// The column that is the sum of all others on every day on which all are known.
pub(super) fn total(rows: &[&[Option<f64>]]) -> Option<usize> {
    let known: Vec<Vec<f64>> = rows.iter().filter_map(|row| row.iter().copied().collect()).collect();
    let columns = rows.first()?.len();
    let is_sum = |place: usize| {
        known.iter().all(|row| row.iter().sum::<f64>() == 2.0 * row[place])
            && known.iter().filter(|row| row[place] != 0.0).count() >= TOTAL_MIN
    };
    (0..columns).find(|&place| is_sum(place))
}

/// Whether a column rises, and never falls on so many known days or more, as sums to date do.
pub(super) fn never_falls(rows: &[&[Option<f64>]], place: usize, days_min: usize) -> bool {
    let known: Vec<f64> = rows.iter().filter_map(|row| row[place]).collect();
    known.len() >= days_min && known.is_sorted() && known.first() < known.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headings: &str, wanted: &[&str]) -> Result<String, Vec<String>> {
        let headings: Vec<String> = headings.split(',').map(str::to_owned).collect();
        let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
        let columns = find(&headings, &wanted)?;
        let names = |places: &[usize]| {
            places.iter().map(|&place| headings[place].as_str()).collect::<Vec<_>>().join("+")
        };
        let outside = if columns.outside { " outside" } else { "" };
        Ok(format!("{}{outside} | {}", names(&columns.cases), names(&columns.inside)))
    }

    #[test]
    fn columns_are_known_by_what_bulletins_call_them() {
        for (headings, wanted, columns) in [
            ("date,pudong_cases,puxi_cases", &[][..], "pudong_cases+puxi_cases | "),
            (
                "date,confirmed,confirmed_net_of_conversions,confirmed_in_quarantine,confirmed_by_routine_screening",
                &[],
                "confirmed_by_routine_screening outside | confirmed_in_quarantine",
            ),
            ("日期,新增确诊,新增无症状,累计确诊", &[], "新增确诊+新增无症状 | "),
            ("日期,隔离管控中发现,社会面筛查发现", &[], "社会面筛查发现 outside | 隔离管控中发现"),
            ("日期,社會面,管控區", &[], "社會面 outside | 管控區"),
            ("Fecha,Casos", &[], "Casos | "),
            ("date,anything", &[], "anything | "),
            ("date,total,confirmed,asymptomatic", &[], "total | "),
            ("date,east,west", &["WEST", "east"], "east+west | "),
            ("date,found outside,in quarantine", &["Found_outside"], "found outside outside | in quarantine"),
        ] {
            assert_eq!(found(headings, wanted), Ok(columns.to_owned()), "{headings}");
        }
        assert_eq!(found("date,east,west", &[]), Err(vec!["date".into(), "east".into(), "west".into()]));
        assert_eq!(found("date,east,west", &["north"]), Err(vec!["north".to_owned()]));
    }
}
