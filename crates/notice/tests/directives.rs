//! Directives as they are written, and what is said of a community beneath them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/folder.rs"]
mod folder;

use folder::{COMMUNITY, folder, notes_of, plan_without, scenario};
use notice::{Verdict, check};

/// A directive with one clause.
fn directive(clause: &str) -> String {
    format!(
        "format = 1\nlevel = \"district\"\nissued_by = \"区指挥部\"\ndate = 2022-03-26\ntext = \"原文\"\n\
         [[clause]]\nid = \"1\"\ntext = \"第一条\"\n{clause}\n"
    )
}

/// Each kind of clause with what keeps it and what does not: the clause, the change of the scenario, the community's notice.toml, the verdict.
const CASES: &[(&str, &str, &str, Verdict)] = {
    use Verdict::{Looser, Same, Silent, Stricter, Unread};
    const NONE: &str = "";
    const WEEK: &str = "kind = \"dates\"\nfrom = 2022-03-26\nuntil = 2022-04-01";
    const WITHIN: &str = "kind = \"hours\"\nfrom = \"07:00\"\nuntil = \"13:00\"";
    const OPEN: &str = "kind = \"open\"\nfrom = \"07:30\"\nuntil = \"12:00\"";
    const ALL: &str = "kind = \"who\"\nwho = \"everybody\"";
    const FRAIL: &str = "kind = \"who\"\nwho = [\"frail\"]";
    const OFTEN: &str = "kind = \"frequency\"\nevery_days = 2";
    const APART: &str = "kind = \"spacing\"\nat_least_m = 2";
    const POOL: &str = "kind = \"pool\"\nat_most = 10";
    const ZONES: &str = "kind = \"pool\"\nby_zone = { lockdown = 1, precaution = 10 }";
    const GREEN: &str = "kind = \"green-channel\"\nfor = [\"frail\", \"pupil\"]";
    const ALL_GREEN: &str = "kind = \"green-channel\"";
    const LAB: &str = "kind = \"lab\"\nwithin_h = 4";
    const RESULT: &str = "kind = \"result\"\nwithin_h = 6";
    const MOST: &str = "kind = \"names\"\nat_most_days = 30";
    const LEAST: &str = "kind = \"names\"\nat_least_days = 14";
    &[
        (WEEK, NONE, NONE, Same),
        (WEEK, "round.date=2022-04-01", NONE, Same),
        (WEEK, "round.date=2022-04-02", NONE, Looser),
        (WEEK, "round.date=2022-03-25", NONE, Looser),
        // A round of several days is held by its first and its last.
        (WEEK, "round.closes=2022-04-02T00:00", NONE, Same),
        (WEEK, "round.closes=2022-04-02T09:00", NONE, Looser),
        (WITHIN, NONE, NONE, Same),
        (WITHIN, "round.closes=12:00", NONE, Stricter),
        (WITHIN, "round.closes=13:05", NONE, Looser),
        (WITHIN, "round.opens=06:55", NONE, Looser),
        // What was written before clauses had kinds.
        ("from = \"07:00\"\nuntil = \"13:00\"", "round.opens=06:00", NONE, Looser),
        ("from = \"07:00\"\nuntil = \"13:00\"", NONE, NONE, Same),
        ("kind = \"hours\"\nuntil = 2022-03-28T12:00:00", NONE, NONE, Looser),
        (OPEN, NONE, NONE, Stricter),
        (OPEN, "round.closes=12:00", NONE, Stricter),
        (OPEN, "round.opens=08:00", NONE, Looser),
        (OPEN, "round.closes=11:00", NONE, Looser),
        ("kind = \"open\"\nfrom = \"07:00\"\nuntil = \"13:00\"", NONE, NONE, Same),
        (ALL, NONE, NONE, Same),
        (ALL, "round.purpose=relief-goods", NONE, Looser),
        (FRAIL, NONE, NONE, Stricter),
        (FRAIL, "visitor=[{ class = \"frail\", share = 0, skips = [\"sampling\"] }]", NONE, Looser),
        (OFTEN, NONE, "every_days = 2", Same),
        (OFTEN, NONE, "every_days = 1", Stricter),
        (OFTEN, NONE, "every_days = 3", Looser),
        (OFTEN, NONE, NONE, Silent),
        (APART, NONE, "spacing_m = 2", Same),
        (APART, NONE, "spacing_m = 2.5", Stricter),
        (APART, NONE, "spacing_m = 1.5", Looser),
        (APART, NONE, NONE, Silent),
        (POOL, NONE, NONE, Same),
        (POOL, "round.pool=5", NONE, Stricter),
        (POOL, "round.pool=20", NONE, Looser),
        (ZONES, NONE, "zone = \"precaution\"", Same),
        (ZONES, NONE, "zone = \"lockdown\"", Looser),
        (ZONES, "round.pool=1", "zone = \"precaution\"", Stricter),
        (ZONES, NONE, NONE, Silent),
        (GREEN, NONE, NONE, Stricter),
        (GREEN, "site.green_channel=false", NONE, Looser),
        (ALL_GREEN, NONE, NONE, Same),
        (LAB, NONE, NONE, Same),
        (LAB, "custody.to_lab_h=3", NONE, Stricter),
        (LAB, "custody.to_lab_h=5", NONE, Looser),
        (RESULT, NONE, NONE, Same),
        (RESULT, "custody.to_result_h=5", NONE, Stricter),
        (RESULT, "custody.to_result_h=12", NONE, Looser),
        (MOST, NONE, "names_kept_days = 30", Same),
        (MOST, NONE, "names_kept_days = 7", Stricter),
        (MOST, NONE, "names_kept_days = 31", Looser),
        (MOST, NONE, NONE, Silent),
        (LEAST, NONE, "names_kept_days = 14", Same),
        (LEAST, NONE, "names_kept_days = 30", Stricter),
        (LEAST, NONE, "names_kept_days = 13", Looser),
        (LEAST, NONE, NONE, Silent),
        (NONE, NONE, NONE, Unread),
    ]
};

#[test]
fn every_kind_of_clause_is_kept_or_not_as_it_should() {
    for (clause, set, own, verdict) in CASES {
        let own = if own.is_empty() { String::new() } else { format!("format = 1\n{own}\n") };
        let mut files = vec![("directive.toml", directive(clause))];
        if !own.is_empty() {
            files.push(("notice.toml", own));
        }
        let sets: Vec<(String, String)> =
            set.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect();
        let (found, notes) = scenario(&folder(COMMUNITY, &files), &sets);
        let found = found.unwrap_or_else(|| panic!("{clause} {set}: {}", notes_of(&notes)));
        let (held, notes) = check(&found, None);
        assert_eq!(held.len(), 1, "{clause}");
        assert_eq!(held[0].verdict, *verdict, "{clause} · {set} · {}", notes_of(&notes));
        assert_eq!(notes.refuses(), *verdict == Verdict::Looser, "{clause} · {set}");
    }
}

#[test]
fn each_kind_has_a_case_that_passes_and_one_that_fails() {
    for kind in domain::directive::Kind::ALL {
        let mut seen = (false, false);
        for (clause, set, own, verdict) in CASES {
            let _ = (set, own);
            let (found, _) = scenario(&folder(COMMUNITY, &[("directive.toml", directive(clause))]), &[]);
            let demands = found.unwrap().directives[0].clauses[0].demands.clone();
            if demands.iter().any(|demand| demand.kind() == kind) {
                seen.0 |= matches!(verdict, Verdict::Same | Verdict::Stricter);
                seen.1 |= *verdict == Verdict::Looser;
            }
        }
        assert_eq!(seen, (true, true), "{kind:?}");
    }
}

#[test]
fn a_plan_that_calls_not_everybody_is_looser_and_names_doors() {
    let files = folder(COMMUNITY, &[("directive.toml", directive("kind = \"who\"\nwho = \"everybody\""))]);
    let (found, _) = scenario(&files, &[]);
    let found = found.unwrap();
    let (held, notes) = check(&found, Some(&plan_without(&found, &[])));
    assert_eq!((held[0].verdict, notes.0.len()), (Verdict::Same, 0));
    let (held, notes) = check(&found, Some(&plan_without(&found, &[1, 2])));
    assert_eq!(held[0].verdict, Verdict::Looser);
    assert!(notes.refuses());
    assert_eq!(held[0].found, "−2 (1-1-102, 1-1-201)");
    // Whoever has to be served was called: the others may be left out.
    let files = folder(COMMUNITY, &[("directive.toml", directive("kind = \"who\"\nwho = [\"frail\"]"))]);
    let (found, _) = scenario(&files, &[]);
    let found = found.unwrap();
    assert_eq!(check(&found, Some(&plan_without(&found, &[1]))).0[0].verdict, Verdict::Stricter);
    assert_eq!(check(&found, Some(&plan_without(&found, &[0]))).0[0].verdict, Verdict::Looser);
}

/// A chain of a district, a town and a neighbourhood.
fn chain(clauses: [&str; 3]) -> String {
    let mut text = "format = 1\n".to_owned();
    for ((level, issuer, day), clause) in
        [("town", "街道", 27), ("district", "区指挥部", 26), ("neighbourhood", "居委会", 28)]
            .iter()
            .zip(clauses)
    {
        text += &format!(
            "[[directive]]\nlevel = \"{level}\"\nissued_by = \"{issuer}\"\ndate = 2022-03-{day}\ntext = \"\"\"\n第一行\n第二行\"\"\"\n\
             [[directive.clause]]\nid = \"三\"\ntext = \"{issuer}的话\"\n{clause}\n"
        );
    }
    text
}

#[test]
fn contradictions_name_clauses_levels_and_words() {
    let cases = [
        // The town asks to be open earlier than the district lets anybody serve.
        ["kind = \"open\"\nfrom = \"06:00\"", "kind = \"hours\"\nfrom = \"07:00\"", ""],
        // No day is in both.
        [
            "kind = \"dates\"\nfrom = 2022-04-02\nuntil = 2022-04-03",
            "kind = \"dates\"\nfrom = 2022-03-28\nuntil = 2022-04-01",
            "",
        ],
        // The lower ones allow more than the upper one.
        [
            "kind = \"pool\"\nat_most = 20",
            "kind = \"pool\"\nat_most = 10",
            "kind = \"result\"\nwithin_h = 24",
        ],
        ["kind = \"names\"\nat_least_days = 60", "kind = \"names\"\nat_most_days = 30", ""],
        ["kind = \"pool\"\nby_zone = { lockdown = 5 }", "kind = \"pool\"\nby_zone = { lockdown = 1 }", ""],
    ];
    let mut text = String::new();
    for clauses in cases {
        let own = "format = 1\nzone = \"lockdown\"\nnames_kept_days = 30\n".to_owned();
        let files = folder(COMMUNITY, &[("directive.toml", chain(clauses)), ("notice.toml", own)]);
        let (found, notes) = scenario(&files, &[]);
        let found = found.unwrap_or_else(|| panic!("{}", notes_of(&notes)));
        text += &format!("{clauses:?}\n{}\n", notes_of(&check(&found, None).1));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_words_are_untouched_and_the_highest_level_comes_first() {
    let (found, _) = scenario(&folder(COMMUNITY, &[("directive.toml", chain(["", "", ""]))]), &[]);
    let found = found.unwrap();
    let levels: Vec<&str> = found.directives.iter().map(|one| one.level.name()).collect();
    assert_eq!(levels, ["district", "town", "neighbourhood"]);
    assert_eq!(found.directives[0].text, "第一行\n第二行");
}

#[test]
fn a_later_document_of_the_same_issuer_holds() {
    let one = |day: u8, pool: u8| {
        format!(
            "[[directive]]\nlevel = \"town\"\nissued_by = \"街道\"\ndate = 2022-03-{day}\ntext = \"x\"\n\
             [[directive.clause]]\nid = \"1\"\ntext = \"y\"\nkind = \"pool\"\nat_most = {pool}\n"
        )
    };
    let files =
        folder(COMMUNITY, &[("directive.toml", format!("format = 1\n{}{}", one(20, 5), one(27, 10)))]);
    let (found, _) = scenario(&files, &[]);
    let (held, notes) = check(&found.unwrap(), None);
    assert_eq!(
        held.iter().map(|one| (one.verdict, one.superseded)).collect::<Vec<_>>(),
        [(Verdict::Looser, true), (Verdict::Same, false)]
    );
    assert!(notes.0.is_empty(), "{}", notes_of(&notes));
}

#[test]
fn everything_wrong_with_directives_is_said_at_once() {
    let text = include_str!("wrong/directive.toml").to_owned();
    let own = include_str!("wrong/notice.toml").to_owned();
    let more =
        "format = 1\nlevel = \"city\"\nissued_by = \"市\"\ndate = 2022-03-20\ntext = \"a\"\nissuer = \"b\"\n"
            .to_owned();
    let questions = "问题,回答,地址\n垃圾什么时候收？,每天七点,12\n".to_owned();
    let files = folder(
        COMMUNITY,
        &[
            ("directive.toml", text),
            ("notice.toml", own),
            ("directives/city.toml", more),
            ("questions.csv", questions),
        ],
    );
    let (found, notes) = scenario(&files, &[]);
    assert!(found.is_none());
    insta::assert_snapshot!(notes_of(&notes));
}
