//! Scenarios: made, read, written by two browsers, put away.

use crate::{House, packed};
use axum::http::Method;
use serde_json::{Value, json};
use std::{fs, io::Cursor, path::Path};

const ALL: &str = "/api/v1/scenarios";

#[tokio::test]
async fn a_scenario_is_made_from_an_example_and_lies_in_the_data_folder() {
    let house = House::new();
    let names = house.get("/api/v1/examples").await.json();
    assert!(names.as_array().unwrap().contains(&json!("flu-clinic")));
    assert_eq!(house.get(ALL).await.json(), json!([]), "examples are offered, not copied");
    let made = house.post(ALL, json!({ "example": "flu-clinic", "name": "Clinic of Tuesday" })).await;
    assert_eq!(made.string("id"), "clinic-of-tuesday");
    assert_eq!(made.string("name"), "Clinic of Tuesday");
    let folder = house.data.path().join("scenarios/clinic-of-tuesday");
    let example = scenario::example("flu-clinic").unwrap();
    for (path, content) in &example.0 {
        assert_eq!(&fs::read(folder.join(path)).unwrap(), content, "{path}");
    }
    let again = house.post(ALL, json!({ "example": "flu-clinic", "name": "Clinic of Tuesday" })).await;
    assert_eq!(again.string("id"), "clinic-of-tuesday-2");
    let chinese = house.post(ALL, json!({ "example": "sunshine-garden" })).await;
    assert_eq!(chinese.string("id"), "sunshine-garden");
    let unnamed = house.post(ALL, json!({ "name": "柳园", "files": { "scenario.toml": "" } })).await;
    assert!(unnamed.string("id").starts_with("round-"));
    let listed = house.get(ALL).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 4);
    assert!(listed[0]["changed"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn seven_answers_make_a_scenario_and_wrong_ones_are_refused() {
    let house = House::new();
    let mut answers = json!({
        "service": "screening", "people": 400, "date": "2026-12-01", "opens": "07:00", "closes": "13:00",
        "staff": 6, "reach": "doors", "room": 60, "wait": 20, "timezone": "Asia/Shanghai", "name": "柳园"
    });
    let made = house.post(ALL, json!({ "answers": answers })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.string("id"), "screening-2026-12-01");
    assert_eq!(made.string("name"), "柳园");
    assert!(made.json()["needs"]["lanes"].as_u64().unwrap() > 0);
    answers["staff"] = json!(-3);
    let refused = house.post(&format!("{ALL}?lang=zh"), json!({ "answers": answers })).await;
    assert_eq!(refused.status, 422);
    let note = &refused.json()["notes"][0];
    assert_eq!(note["column"], "staff");
    assert!(!note["message"].as_str().unwrap().is_ascii(), "{note}");
    for body in [json!({}), json!({ "example": "flu-clinic", "files": {} })] {
        assert_eq!(house.post(ALL, body).await.problem(), (400, "scenario_source".to_owned()));
    }
    assert_eq!(house.post(ALL, json!({ "example": "none" })).await.problem().1, "example_unknown");
}

#[tokio::test]
async fn neither_of_two_browsers_loses_work() {
    let house = House::new();
    let (id, version) = house.court().await;
    let at = format!("{ALL}/{id}");
    let put = |version: String, body: Value| {
        let (house, at) = (&house, &at);
        async move { house.ask(Method::PUT, at, &[("if-match", &version)], Some(body)).await }
    };
    assert_eq!(house.get(&at).await.header("etag"), format!("\"{version}\""));
    let first =
        put(format!("\"{version}\""), json!({ "files": { "notes.txt": packed("of the first") } })).await;
    assert_eq!(first.status, 200, "{}", first.text());
    let second = put(version.clone(), json!({ "files": { "notes.txt": packed("of the second") } })).await;
    assert_eq!(second.status, 412);
    assert_eq!(second.string("version"), first.string("version"));
    assert_eq!(second.json()["files"]["notes.txt"], packed("of the first"));
    // What was not named is still there; null takes out; the name can change.
    let body = json!({ "name": "Willow Court, Saturday", "files": { "notes.txt": null, "sub/plan.json": packed("{}") } });
    let third = put(second.string("version"), body).await;
    assert_eq!(third.status, 200, "{}", third.text());
    let now = house.get(&at).await.json();
    let paths: Vec<&String> = now["files"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["scenario.toml", "sub/plan.json"]);
    assert_eq!(now["name"], "Willow Court, Saturday");
    assert_eq!(now["version"], third.string("version"));
    let without = house.ask(Method::PUT, &at, &[], Some(json!({ "files": {} }))).await;
    assert_eq!(without.problem(), (428, "if_match_missing".to_owned()));
}

#[tokio::test]
async fn an_edit_by_hand_is_a_new_version() {
    let house = House::new();
    let (id, version) = house.court().await;
    let folder = house.data.path().join("scenarios").join(&id);
    fs::write(folder.join("volunteers.csv"), "name\n").unwrap();
    // What editors leave is not part of a scenario.
    fs::write(folder.join(".swp"), "x").unwrap();
    let put = house
        .ask(Method::PUT, &format!("{ALL}/{id}"), &[("if-match", &version)], Some(json!({ "files": {} })))
        .await;
    assert_eq!(put.status, 412);
    assert!(put.json()["files"]["volunteers.csv"].is_string());
    assert!(put.json()["files"][".swp"].is_null());
}

#[tokio::test]
async fn what_is_removed_lies_in_the_bin() {
    let house = House::new();
    let (id, _) = house.court().await;
    let at = format!("{ALL}/{id}");
    assert_eq!(house.ask(Method::DELETE, &at, &[], None).await.status, 204);
    assert_eq!(house.get(&at).await.problem(), (404, "scenario_unknown".to_owned()));
    assert_eq!(house.ask(Method::DELETE, &at, &[], None).await.problem().0, 404);
    let bin: Vec<_> =
        fs::read_dir(house.data.path().join(".bin")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(bin.len(), 1);
    assert!(bin[0].join("scenario.toml").exists());
}

#[tokio::test]
async fn a_folder_is_downloaded_as_a_zip_file() {
    let house = House::new();
    let (id, _) = house.court().await;
    let answer = house.get(&format!("{ALL}/{id}/folder.zip")).await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"willow-court.zip\"");
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.body)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("willow-court/scenario.toml").unwrap(), &mut text)
        .unwrap();
    assert_eq!(text, include_str!("court.toml"));
}

#[tokio::test]
async fn a_path_never_leaves_its_folder() {
    let house = House::new();
    let (id, version) = house.court().await;
    let before = entries(house.data.path());
    for path in [
        "../evil",
        "../../evil",
        "/etc/evil",
        "a/../../evil",
        "..\\evil",
        ".write/gone",
        ".name",
        "C:\\evil",
        "a//b",
        "",
        "evil\0",
        "con",
        "a/b/c/d/e/f/g",
    ] {
        let files = json!({ "files": { path: packed("evil") } });
        let put = house
            .ask(Method::PUT, &format!("{ALL}/{id}"), &[("if-match", &version)], Some(files.clone()))
            .await;
        assert_eq!(put.problem(), (400, "path".to_owned()), "{path:?}");
        assert_eq!(house.post(ALL, files).await.problem().1, "path", "{path:?}");
    }
    for id in ["..", "%2e%2e", "..%2f..%2fetc", ".bin", "a%00b", "..%5c.."] {
        let answer = house.get(&format!("{ALL}/{id}")).await;
        assert_eq!(answer.problem().0, 404, "{id}");
    }
    for files in [json!({ "a": "", "a/b": "" }), json!({ "Roll.csv": "", "roll.csv": "" })] {
        assert_eq!(house.post(ALL, json!({ "files": files })).await.problem().1, "path_clash");
    }
    assert_eq!(house.post(ALL, json!({ "files": { "a": "no base64!" } })).await.problem().1, "base64");
    assert_eq!(entries(house.data.path()), before);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_not_followed() {
    let house = House::new();
    let (id, _) = house.court().await;
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("secret.txt"), "secret").unwrap();
    let folder = house.data.path().join("scenarios").join(&id);
    std::os::unix::fs::symlink(elsewhere.path(), folder.join("sub")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("secret.txt"), folder.join("roll.csv")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), house.data.path().join("scenarios/linked")).unwrap();
    let kept = house.get(&format!("{ALL}/{id}")).await;
    assert_eq!(kept.json()["files"].as_object().unwrap().len(), 1);
    assert_eq!(house.get(&format!("{ALL}/linked")).await.problem().0, 404);
    let files = json!({ "files": { "sub/secret.txt": packed("evil") } });
    let put = house
        .ask(Method::PUT, &format!("{ALL}/{id}"), &[("if-match", &kept.string("version"))], Some(files))
        .await;
    assert_eq!(put.problem().1, "path_clash");
    assert_eq!(fs::read_to_string(elsewhere.path().join("secret.txt")).unwrap(), "secret");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_look_into_the_data_folder() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new();
    let (id, _) = house.court().await;
    for folder in ["scenarios".to_owned(), ".bin".to_owned(), format!("scenarios/{id}")] {
        let mode = fs::metadata(house.data.path().join(&folder)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{folder}: {mode:o}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let house = House::new();
    let many: serde_json::Map<String, Value> =
        (0..65).map(|number| (format!("{number}.txt"), json!(""))).collect();
    assert_eq!(house.post(ALL, json!({ "files": many })).await.problem(), (413, "folder_large".to_owned()));
    let large = "A".repeat(server::limits::BODY_BYTES);
    assert_eq!(
        house.post(ALL, json!({ "files": { "a": large } })).await.problem(),
        (413, "body_large".to_owned())
    );
    assert_eq!(
        house.post(ALL, json!({ "name": "x".repeat(201), "files": {} })).await.problem().1,
        "name_long"
    );
}

#[tokio::test]
async fn a_wrong_body_says_where_and_quotes_no_value() {
    let house = House::new();
    let wrong = house.post(ALL, json!({ "files": { "roll.csv": ["示例"] } })).await;
    assert_eq!(wrong.problem(), (400, "body_other".to_owned()));
    assert!(!wrong.text().contains("示例"), "{}", wrong.text());
    let wrong = house.post(ALL, json!({ "exmaple": "flu-clinic" })).await;
    assert!(wrong.string("message").contains("exmaple"));
    let request = axum::http::Request::post(ALL)
        .header("host", crate::HERE)
        .header("content-type", "application/json")
        .body(axum::body::Body::from("{"))
        .unwrap();
    assert_eq!(house.send(request).await.status(), 400);
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path.clone());
            }
            names.push(path.display().to_string());
        }
    }
    names.sort();
    names
}
