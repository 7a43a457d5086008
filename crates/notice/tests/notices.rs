//! Notices as residents get them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/folder.rs"]
mod folder;

use domain::{Plan, Scenario, notice::NoticeKind};
use folder::{COMMUNITY, folder, notes_of, plan_without, scenario};
use jiff::civil::{DateTime, date};
use notice::{Addressed, Notice, Request, grouped, receipts, write};
use words::Language;

const DIRECTIVE: &str = "format = 1\nlevel = \"district\"\nissued_by = \"区指挥部\"\ndate = 2022-03-26\ntitle = \"告知书\"\n\
    text = \"\"\"\n一、3月28日起开展核酸筛查。\n二、十人混采。\"\"\"\n\
    [[clause]]\nid = \"二\"\ntext = \"十人混采。\"\nkind = \"pool\"\nat_most = 10\n";
const OWN: &str = "format = 1\nissued_by = \"志愿者秘书处\"\ncontact = \"021-55512345\"\nwhere = { zh = \"中心花园\", en = \"the central garden\" }\n\
    sender = \"garden.example.org\"\nspacing_m = 2\nnames_kept_days = 30\n\
    [more]\nround = [{ zh = \"下雨照常。\", en = \"We go on in rain.\" }]\n";
const QUESTIONS: &str = "问题,回答,地点\n\
    老人下不了楼怎么办？,志愿者上门采样。,12号楼\n\
    老人下不了楼，怎么办,,1-1-101\n\
    我的电话13800001234打不通,,\n\
    快递在哪里拿？,南门货架。,9号楼\n\
    快递在哪里拿,北门。,\n";

fn community(sets: &[(&str, &str)]) -> Scenario {
    let sets: Vec<(String, String)> =
        sets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let files = folder(
        COMMUNITY,
        &[
            ("directive.toml", DIRECTIVE.to_owned()),
            ("notice.toml", OWN.to_owned()),
            ("questions.csv", QUESTIONS.to_owned()),
        ],
    );
    let (found, notes) = scenario(&files, &sets);
    found.unwrap_or_else(|| panic!("{}", notes_of(&notes)))
}

struct Ask<'a> {
    kind: NoticeKind,
    whom: &'a str,
    at: DateTime,
    replaces: Option<&'a Notice>,
    told: &'a [String],
}

impl<'a> Ask<'a> {
    fn round(whom: &'a str) -> Ask<'a> {
        let at = date(2022, 3, 28).at(7, 10, 0, 0);
        Ask { kind: NoticeKind::Round, whom, at, replaces: None, told: &[] }
    }

    fn of(&self, scenario: &Scenario, plan: Option<&Plan>) -> Result<Notice, String> {
        let (service, _) = scenario::service("screening", &scenario::Files::default());
        let addressed = match self.whom {
            "" => Addressed::Everybody,
            whom => Addressed::parse(whom, &scenario.roll).map_err(|notes| notes_of(&notes))?,
        };
        let request = Request {
            scenario,
            plan,
            service: &service.unwrap(),
            kind: self.kind,
            number: None,
            at: self.at,
            addressed,
            replaces: self.replaces,
            told: self.told,
            from: None,
            until: None,
        };
        write(&request).map(|(notice, _)| notice).map_err(|notes| notes_of(&notes))
    }
}

/// All that is said of a notice, in every language.
fn said(notice: &Notice) -> String {
    Language::ALL
        .map(|language| {
            let paper = notice.paper(language, true);
            let script = notice.script(language).join("\n");
            assert!(!script.chars().any(|letter| letter.is_ascii_digit()), "{script}");
            for key in ["notice.", "{"] {
                assert!(!notice.chat(language).contains(key) && !format!("{paper:?}").contains("\"notice."));
            }
            format!(
                "{}\n— {} {:?} code:\n{}\n\n{script}\n",
                notice.chat(language),
                paper.number,
                paper.large,
                paper.code
            )
        })
        .join("\n==\n")
}

#[test]
fn a_round_is_told_to_everybody_with_all_times_and_to_an_entrance_with_its_own() {
    let community = community(&[]);
    let plan = plan_without(&community, &[]);
    let all = Ask::round("").of(&community, Some(&plan)).unwrap();
    let one = Ask::round("1号楼2单元").of(&community, Some(&plan)).unwrap();
    insta::assert_snapshot!(format!("{}\n=== for one\n{}", said(&all), said(&one)));
    let paper = format!("{:?}", all.paper(Language::Zh, true));
    // The authority's words are there, line by line, as they were.
    assert!(paper.contains("一、3月28日起开展核酸筛查。\\n二、十人混采。"), "{paper}");
    assert!(!format!("{:?}", all.paper(Language::Zh, false)).contains("十人混采"));
}

#[test]
fn a_correction_says_which_notice_it_replaces_and_what_is_different() {
    let community_before = community(&[]);
    let plan = plan_without(&community_before, &[]);
    let first = Ask::round("").of(&community_before, Some(&plan)).unwrap();
    // It is kept as a file, and read again.
    let first: Notice = serde_json::from_str(&serde_json::to_string(&first).unwrap()).unwrap();
    let later = community(&[("round.closes", "12:00")]);
    let mut moved = plan.clone();
    moved.waves[4].call_at += 30 * 60 * chance::TICKS_PER_SECOND;
    moved.waves[4].lane = 1;
    let at = date(2022, 3, 28).at(7, 40, 0, 0);
    let ask = Ask { kind: NoticeKind::Change, at, replaces: Some(&first), ..Ask::round("") };
    let second = ask.of(&later, Some(&moved)).unwrap();
    assert_eq!((second.number, second.replaces.unwrap().number), (2, 1));
    insta::assert_snapshot!(second.chat(Language::Zh) + "\n" + &second.chat(Language::En));
    // Nothing is different, and nobody says what.
    let refused = ask.of(&community_before, Some(&plan)).unwrap_err();
    assert!(refused.contains("与第 1 号通知没有不同"), "{refused}");
    // A household's call stood among those of other doors in the notice to everybody.
    let mut crowd = plan.clone();
    crowd.waves[0].households.push(1);
    crowd.waves.remove(1);
    let all = Ask::round("").of(&community_before, Some(&crowd)).unwrap();
    let one = Ask { whom: "1-1-101", replaces: Some(&all), ..ask };
    let refused = one.of(&community_before, Some(&crowd)).unwrap_err();
    assert!(refused.contains("与第 1 号通知没有不同"), "{refused}");
    crowd.waves[0].call_at += 30 * 60 * chance::TICKS_PER_SECOND;
    assert_eq!(one.of(&community_before, Some(&crowd)).unwrap().changed.len(), 1);
    let told = ["改在南门。".to_owned()];
    let ask = Ask { told: &told, ..ask };
    assert!(ask.of(&community_before, Some(&plan)).unwrap().chat(Language::Zh).contains("改在南门。"));
    let refused = Ask { kind: NoticeKind::Change, ..Ask::round("") }.of(&later, None).unwrap_err();
    assert!(refused.contains("更正需要指明被取代的通知"), "{refused}");
}

#[test]
fn the_other_kinds_say_what_they_are_for() {
    let community = community(&[]);
    let mut text = String::new();
    for (kind, whom) in
        [(NoticeKind::AllClear, ""), (NoticeKind::CallBack, "12-2-301"), (NoticeKind::Questions, "")]
    {
        text += &said(&Ask { kind, ..Ask::round(whom) }.of(&community, None).unwrap());
        text += "\n======\n";
    }
    insta::assert_snapshot!(text);
    let refused = Ask { kind: NoticeKind::CallBack, ..Ask::round("") }.of(&community, None).unwrap_err();
    assert!(refused.contains("召回通知只发给单元或住户"), "{refused}");
}

#[test]
fn a_place_that_does_not_exist_is_refused_with_the_nearest() {
    let community = community(&[]);
    for (asked, near) in [
        ("11号楼", "12"),
        ("3", "2"),
        ("12号楼1单元", "12-2"),
        ("1-1-103", "1-1-102"),
        ("12-2-30l", "12-2-301"),
        ("A", "1"),
    ] {
        let refused = Addressed::parse(asked, &community.roll).unwrap_err();
        let said = notes_of(&refused);
        assert!(said.contains(&format!("没有 {asked}，最接近的是 {near}。")), "{asked}: {said}");
    }
    let refused = Addressed::parse("1", &domain::Roll::default()).unwrap_err();
    assert!(notes_of(&refused).contains("没有花名册"));
    for (asked, label) in
        [("12", "12"), (" 12号楼 2单元 ", "12-2"), ("12栋2单元301室", "12-2-301"), ("1/1/101", "1-1-101")]
    {
        assert_eq!(Addressed::parse(asked, &community.roll).unwrap().label(), label);
    }
}

#[test]
fn questions_are_grouped_and_what_is_wrong_with_them_is_said() {
    let community = community(&[]);
    let (answered, notes) = grouped(&community.own_rules.questions, &community.roll);
    let shown: Vec<String> = answered
        .iter()
        .map(|one| format!("{} × {} {:?} {:?}", one.asked, one.question, one.answer, one.from))
        .collect();
    insta::assert_snapshot!(format!("{}\n\n{}", shown.join("\n"), notes_of(&notes)));
}

#[test]
fn a_question_about_another_number_is_another_question() {
    let question = |text: &str| domain::notice::Question {
        question: text.to_owned(),
        answer: None,
        asked_at: None,
        place: domain::Place::file("questions.csv"),
    };
    let asked = ["12号楼几点去？", "13号楼几点去？", "12号楼几点去"].map(question);
    let (answered, _) = grouped(&asked, &community(&[]).roll);
    let shown: Vec<(&str, u32)> = answered.iter().map(|one| (&one.question[..], one.asked)).collect();
    assert_eq!(shown, [("12号楼几点去？", 2), ("13号楼几点去？", 1)]);
}

#[test]
fn a_looser_plan_is_refused_when_the_notice_is_written() {
    let community = community(&[]);
    let mut strict = community.clone();
    strict.directives[0].clauses[0].demands =
        vec![domain::directive::Demand::Who(domain::directive::People::Everybody)];
    let plan = plan_without(&strict, &[0]);
    let refused = Ask::round("").of(&strict, Some(&plan)).unwrap_err();
    assert!(refused.contains("−1 (1-1-101)"), "{refused}");
}

#[test]
fn receipts_are_of_the_entrances_that_a_notice_is_for_and_of_no_door() {
    let community = community(&[]);
    let of = |whom: Addressed| {
        let of = receipts(&whom, &community.roll);
        of.iter().map(|one| (one.label(), one.households)).collect::<Vec<_>>()
    };
    let all =
        [("1-1", 4), ("1-2", 1), ("2-1", 2), ("12-2", 1)].map(|(label, homes)| (label.to_owned(), homes));
    assert_eq!(of(Addressed::Everybody), all);
    assert_eq!(of(Addressed::Building("1".to_owned())), all[..2]);
    assert_eq!(of(Addressed::Entrance("12".to_owned(), "2".to_owned())), all[3..]);
    assert!(of(Addressed::parse("12-2-301", &community.roll).unwrap()).is_empty());
    let mut one = receipts(&Addressed::Everybody, &community.roll).swap_remove(0);
    (one.seen, one.told) = (1, 1);
    assert_eq!(one.still_to_tell(), 2);
    // More browsers than households: nobody is owed a negative walk.
    one.seen = 9;
    assert_eq!(one.still_to_tell(), 0);
}

#[test]
fn what_concerns_an_entrance_is_what_would_have_been_written_for_it() {
    let before = community(&[]);
    let plan = plan_without(&before, &[]);
    let first = Ask::round("").of(&before, Some(&plan)).unwrap();
    let mut moved = plan.clone();
    moved.waves[4].call_at += 30 * 60 * chance::TICKS_PER_SECOND;
    let at = date(2022, 3, 28).at(7, 40, 0, 0);
    let ask = |whom| Ask { kind: NoticeKind::Change, at, replaces: Some(&first), ..Ask::round(whom) };
    let of = |whom| Ask::round(whom).of(&before, Some(&plan)).unwrap();
    assert_eq!(of("").narrowed("12", "2"), of("12-2"));
    assert_eq!(of("1").narrowed("1", "1"), of("1-1"));
    let correction = |whom| ask(whom).of(&before, Some(&moved)).unwrap();
    assert_eq!(correction("").narrowed("1", "2"), correction("1-2"));
    assert_eq!(correction("1-2").changed.len(), 1);
}

#[test]
fn an_alert_says_whose_business_it_is_how_bad_and_where() {
    use domain::scenario::Gives;
    let world = |at: DateTime| at.to_string();
    let of = |kind, gives, codes: &[(&str, &str)]| {
        let mut community = community(&[]);
        community.round.gives = gives;
        community.own_rules.area_codes =
            codes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        // A call-back is never for all.
        let whom = if kind == NoticeKind::CallBack { "12-2" } else { "" };
        let notice = Ask { kind, ..Ask::round(whom) }.of(&community, None).unwrap();
        // As it is kept and read again.
        let notice: Notice = serde_json::from_str(&serde_json::to_string(&notice).unwrap()).unwrap();
        formats::cap::xml(&notice.alert(&[Language::En], &world))
    };
    for (kind, gives, category, severity) in [
        (NoticeKind::Round, Gives::Tube, "Health", "Minor"),
        (NoticeKind::CallBack, Gives::Tube, "Health", "Moderate"),
        (NoticeKind::Round, Gives::Course, "Health", "Severe"),
        (NoticeKind::AllClear, Gives::Course, "Health", "Minor"),
        (NoticeKind::Round, Gives::Parcel, "Rescue", "Minor"),
        (NoticeKind::Round, Gives::Nothing, "Other", "Minor"),
    ] {
        let xml = of(kind, gives, &[]);
        for (element, is) in [("category", category), ("severity", severity)] {
            assert!(xml.contains(&format!("<{element}>{is}</{element}>")), "{kind:?} {gives:?}: {xml}");
        }
        assert!(!xml.contains("geocode"), "{xml}");
    }
    let xml = of(NoticeKind::Round, Gives::Tube, &[("GB/T 2260", "310115"), ("Own & <list>", "7")]);
    let lines: Vec<&str> = xml.lines().map(str::trim).collect();
    let first = ["<geocode>", "<valueName>GB/T 2260</valueName>", "<value>310115</value>", "</geocode>"];
    assert!(lines.windows(4).any(|found| found == first), "{xml}");
    assert!(xml.contains("<valueName>Own &amp; &lt;list&gt;</valueName>"), "{xml}");
}

#[test]
fn an_alert_refers_to_the_one_that_it_updates() {
    let community = community(&[]);
    let first = Ask::round("").of(&community, None).unwrap();
    let told = ["x".to_owned()];
    let at = date(2022, 3, 28).at(7, 40, 0, 0);
    let ask = Ask { kind: NoticeKind::Change, at, replaces: Some(&first), told: &told, ..Ask::round("") };
    let second = ask.of(&community, None).unwrap();
    let world = |at: DateTime| at.strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string();
    let xml = formats::cap::xml(&second.alert(&Language::ALL, &world));
    assert!(xml.contains(
        "<references>garden.example.org,garden.example.org.2022-03-28.1,2022-03-28T07:10:00+08:00</references>"
    ));
    assert_eq!(xml.matches("<info>").count(), Language::ALL.len());
    let whom = Ask { kind: NoticeKind::CallBack, ..Ask::round("12-2-301") }.of(&community, None).unwrap();
    let xml = formats::cap::xml(&whom.alert(&[Language::Zh], &world));
    assert!(xml.contains("<scope>Private</scope>") && xml.contains("<addresses>12-2-301</addresses>"));
}
