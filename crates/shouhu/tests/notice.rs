//! Directives checked, and notices written, from the command line.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::{fs, path::Path};
use tempfile::TempDir;
use terminal::{example, json, shouhu};

const DIRECTIVE: &str = "format = 1\n[[directive]]\nlevel = \"district\"\nissued_by = \"区指挥部\"\ndate = 2022-03-26\ntitle = \"告知书\"\n\
    text = \"\"\"\n一、3月28日 07:00 至 13:00 采样。\n二、十人混采。\n三、维护秩序。\"\"\"\n\
    [[directive.clause]]\nid = \"一\"\ntext = \"07:00 至 13:00\"\nkind = \"hours\"\nfrom = \"07:00\"\nuntil = \"13:00\"\n\
    [[directive.clause]]\nid = \"二\"\ntext = \"十人混采\"\nkind = \"pool\"\nat_most = 10\n\
    [[directive.clause]]\nid = \"三\"\ntext = \"维护秩序\"\n\
    [[directive]]\nlevel = \"town\"\nissued_by = \"街道\"\ndate = 2022-03-27\ntext = \"六小时出结果。\"\n\
    [[directive.clause]]\nid = \"1\"\ntext = \"六小时出结果。\"\nkind = \"result\"\nwithin_h = 8\n";
const OWN: &str = "format = 1\nissued_by = \"志愿者秘书处\"\ncontact = \"021-55500100\"\nwhere = { zh = \"中心花园\", en = \"the central garden\" }\n\
    sender = \"garden.example.org\"\n";
const QUESTIONS: &str = "问题,回答,地点\n老人下不了楼怎么办？,志愿者上门采样。,\n";

/// The example with directives, and its plan.
fn garden() -> TempDir {
    let folder = example("sunshine-garden", "garden");
    let round = folder.path().join("garden");
    fs::write(round.join("directive.toml"), DIRECTIVE).unwrap();
    fs::write(round.join("notice.toml"), OWN).unwrap();
    fs::write(round.join("questions.csv"), QUESTIONS).unwrap();
    folder
}

fn planned(folder: &Path) {
    let (_, status) = json(folder, &["plan", "garden", "--reps", "20", "-o", "plan.json", "--json"]);
    assert_eq!(status, 0);
}

#[test]
fn check_tells_clause_by_clause_and_refuses_what_is_looser() {
    let folder = garden();
    let (found, status) = json(folder.path(), &["check", "garden", "--json"]);
    assert_eq!(status, 0, "{found}");
    let verdicts: Vec<&str> =
        found["clauses"].as_array().unwrap().iter().map(|one| one["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["same", "same", "unread", "stricter"]);
    let said = shouhu(folder.path(), &["check", "garden", "--lang", "zh"]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("区 区指挥部 第 二 条：一致。每管人数：要求 ≤ 10；本小区 10。"), "{said}");
    for verb in ["plan", "rehearse"] {
        let (found, status) =
            json(folder.path(), &[verb, "garden", "--set", "round.pool=20", "--reps", "2", "--json"]);
        assert_eq!((status, found["notes"][0]["code"].as_str()), (1, Some("directive_looser")), "{found}");
        assert_eq!(found["notes"][0]["file"], "directive.toml");
    }
}

#[test]
fn a_notice_is_written_in_every_form_and_a_correction_names_what_it_replaces() {
    let folder = garden();
    let at = folder.path();
    planned(at);
    let write = |file: &str, more: &[&str]| {
        let all: Vec<&str> = [
            "notice",
            "garden",
            "--plan",
            "plan.json",
            "--language",
            "zh",
            "--at",
            "2022-03-27T20:00",
            "-o",
            file,
        ]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
        let done = shouhu(at, &all);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        fs::read(at.join(file)).unwrap()
    };
    assert!(write("one.docx", &[]).starts_with(b"PK"));
    let text = String::from_utf8(write("one.txt", &["--for", "12-2"])).unwrap();
    assert!(text.starts_with("【第 1 号通知】混采筛查通知\n都市阳光花园 · 12号楼2单元\n"), "{text}");
    assert!(
        text.contains("答：志愿者上门采样。") && text.contains("依据区指挥部 2022-03-26《告知书》"),
        "{text}"
    );
    let script = String::from_utf8(write("one.txt", &["--for", "12-2", "--script"])).unwrap();
    assert!(
        script.contains("十二号楼二单元") && !script.contains(|letter: char| letter.is_ascii_digit()),
        "{script}"
    );
    let alert = String::from_utf8(write("one.xml", &[])).unwrap();
    assert!(alert.contains("<sent>2022-03-27T20:00:00+08:00</sent>"), "{alert}");
    write("one.json", &[]);
    let (found, status) = json(
        at,
        &[
            "notice",
            "garden",
            "--plan",
            "plan.json",
            "--replaces",
            "one.json",
            "--at",
            "2022-03-28T07:10",
            "--set",
            "round.closes=12:30",
            "--language",
            "zh",
            "--json",
        ],
    );
    assert_eq!(status, 0, "{found}");
    assert_eq!(
        (found["notice"]["number"].as_u64(), found["notice"]["kind"].as_str()),
        (Some(2), Some("change"))
    );
    let text = found["text"].as_str().unwrap();
    assert!(text.contains("取代 3月27日（周日）20:00 的第 1 号通知"), "{text}");
    assert!(text.contains("结束时间：12:30（原为：13:00）"), "{text}");
}

/// Where there is a font for Chinese, pages and pictures are made; elsewhere English ones are.
#[test]
fn pages_and_pictures_are_drawn() {
    let folder = garden();
    let at = folder.path();
    fs::remove_file(at.join("garden/directive.toml")).unwrap();
    fs::remove_file(at.join("garden/notice.toml")).unwrap();
    fs::remove_file(at.join("garden/questions.csv")).unwrap();
    for (file, start) in [("one.pdf", &b"%PDF"[..]), ("one.png", b"\x89PNG"), ("one.svg", b"<svg")] {
        let done = shouhu(
            at,
            &[
                "notice",
                "garden",
                "--for",
                "12",
                "--language",
                "en",
                "--set",
                "community.name=Garden",
                "-o",
                file,
            ],
        );
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(fs::read(at.join(file)).unwrap().starts_with(start));
    }
}

#[test]
fn what_cannot_be_written_is_refused_with_what_to_do() {
    let folder = garden();
    let at = folder.path();
    for (more, status, said) in [
        (&["--for", "99号楼"][..], 1, "花名册中没有 99号楼，最接近的是"),
        (&["--kind", "call-back"], 1, "召回通知只发给单元或住户"),
        (&["--kind", "change"], 1, "更正需要指明被取代的通知"),
        (&["--replaces", "garden/scenario.toml"], 1, "这不是保存的通知"),
        (&["--at", "25:00"], 2, "请写时间"),
        (&["-o", "one.odt"], 2, "通知文件须以"),
    ] {
        let all: Vec<&str> =
            ["notice", "garden", "--lang", "zh"].into_iter().chain(more.iter().copied()).collect();
        let done = shouhu(at, &all);
        let error = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(status), "{more:?} {error}");
        assert!(error.contains(said), "{more:?} {error}");
    }
}
