//! What rosters are made by, and people who are lent to another community of the same server.

use crate::{
    rounds::account,
    volunteers::{Court, names},
};
use axum::http::{Method, StatusCode};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use server::access::role::{Place, Role};

const SHIFTS: &str = "role,from,until,people,protective\n\
    registration,08:00,09:00,2,yes\n\
    registration,09:00,10:00,2,yes\n";
const SHEET: &str = "name,phone,skills\nAnn,1380013800,registration\nBob,1380013801,registration\n";

async fn rules(court: &Court) -> Value {
    let seen = court.desk(Method::GET, &format!("rosters/{}/rules", court.scenario), None).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    seen.json()
}

#[tokio::test]
async fn what_a_roster_is_made_by_is_written_into_the_scenario_and_holds_at_once() {
    let court = Court::with(SHIFTS).await;
    court.sheet(SHEET).await;
    let made = court.made().await;
    assert_eq!(made["broken"], json!([]));
    assert!(made["wishes"].to_string().contains("missed 2 times at 5 each, 10 in all"), "{}", made["wishes"]);
    let path = format!("rosters/{}/rules", court.scenario);
    let seen = rules(&court).await;
    assert_eq!((&seen["rules"]["suits"], &seen["rules"]["heat"]), (&Value::Null, &Value::Null));
    let mut asked = json!({ "version": seen["version"], "rules": seen["rules"] });
    asked["rules"]["suits"] = json!(3);
    asked["rules"]["rotation_hard"] = json!(true);
    asked["rules"]["heat"] = json!(["10:00", "16:00"]);
    asked["rules"]["posts"] = json!([{ "role": "courier", "people": 2 }]);
    asked["rules"]["costs"]["empty"] = json!(500);
    let put = court.desk(Method::PUT, &path, Some(asked.clone())).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.text());
    assert_eq!(put.json()["rules"], asked["rules"]);
    // Whoever read it before does not write over it.
    assert_eq!(
        court.desk(Method::PUT, &path, Some(asked)).await.problem(),
        (409, "roster_rules_changed".to_owned())
    );
    // The file has what differs and nothing else, and the roster that is there breaks the new rules.
    let owner = account(&court.house, Role::Secretary, Place::Community(court.community));
    let path_of_file = format!("/api/v1/scenarios/{}", court.scenario);
    let file = court.house.ask_as(Some(&owner), Method::GET, &path_of_file, None).await;
    let file = file.json()["files"]["scenario.toml"].clone();
    let file = String::from_utf8(BASE64_STANDARD.decode(file.as_str().unwrap()).unwrap()).unwrap();
    let (_, written) = file.split_once("[roster]").unwrap();
    for key in ["suits = 3", "rotation", "10:00", "courier", "empty = 500"] {
        assert!(written.contains(key), "{key}: {written}");
    }
    assert!(!written.contains("preference") && !written.contains("vests"), "{written}");
    let held = court.desk(Method::GET, &format!("rosters/{}", court.scenario), None).await.json();
    let broken = held["roster"]["broken"].to_string();
    assert!(broken.contains("another post") && broken.contains("protective clothing lasts"), "{broken}");
    // Made anew it keeps them, and says what lacks.
    let anew = court.made().await;
    assert_eq!(anew["broken"], json!([]));
    assert!(names(&anew, 0).iter().all(|name| !names(&anew, 1).contains(name)), "{anew}");
    // What is taken away is gone; what cannot be is refused with its reason.
    let seen = rules(&court).await;
    let mut asked = json!({ "version": seen["version"], "rules": seen["rules"] });
    (asked["rules"]["suits"], asked["rules"]["heat"]) = (Value::Null, Value::Null);
    asked["rules"]["posts"] = json!([]);
    asked["rules"]["rotation_hard"] = json!(false);
    let put = court.desk(Method::PUT, &path, Some(asked.clone())).await;
    assert_eq!(put.json()["rules"], asked["rules"], "{}", put.text());
    asked["version"] = put.json()["version"].clone();
    asked["rules"]["heat"] = json!(["noon", "16:00"]);
    let refused = court.desk(Method::PUT, &path, Some(asked)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
}

#[tokio::test]
async fn who_is_lent_is_told_with_their_hours_and_their_return_and_as_a_guest_without_a_name() {
    let shifts = "role,from,until,people,site\n\
        order,08:00,10:00,1,\n\
        order,12:00,14:00,1,Poplar Court\n";
    let court = Court::with(shifts).await;
    court.sheet("name,phone\nAnn,1380013800\n").await;
    let made = court.made().await;
    let lent_shift =
        made["shifts"].as_array().unwrap().iter().position(|shift| shift["site"] == "Poplar Court");
    let lent_shift = lent_shift.unwrap();
    let ann = court.id_of("Ann").await;
    let day = made["shifts"][0]["from"].as_str().unwrap()[..10].to_owned();
    let noon = format!("{day}T12:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
    let came = |left: Option<i64>| json!({ "type": "came", "shift": lent_shift, "volunteer": ann, "came": noon, "left": left });
    let hours = &court.change(1, came(None)).await.json()["roster"]["hours"][0];
    assert_eq!((&hours["hours"], &hours["lent_hours"]), (&json!(4.0), &json!(2.0)));
    assert_eq!(
        (&hours["lent"][0]["site"], &hours["lent"][0]["back"]),
        (&json!("Poplar Court"), &Value::Null)
    );
    let back = noon + 2 * 3600;
    let back_told = court.change(1, came(Some(back))).await.json();
    assert_eq!(back_told["roster"]["hours"][0]["lent"][0]["back"], json!(back));
    assert_eq!(back_told["roster"]["hours"][0]["lent"][0]["missed"], false);
    assert_eq!(back_told["roster"]["guests"], json!([]), "who lends has no guests");

    // The other community, on the same server.
    let other = court.other("Poplar Court", "role,from,until,people\norder,08:00,10:00,1\n").await;
    other.sheet("name,phone\nBob,1380013801\n").await;
    let made = other.made().await;
    let [guest] = &made["guests"].as_array().unwrap()[..] else { panic!("{}", made["guests"]) };
    let told = ["of", "role_name", "people", "came"].map(|key| guest[key].clone());
    assert_eq!(told, [json!("Willow Court"), json!("order keeping"), json!(1), json!(1)]);
    assert!(!made.to_string().contains("Ann"), "nobody's name goes with it");
    // Another of that name: nobody knows which is meant.
    court.house.community("Poplar Court");
    let seen = other.desk(Method::GET, &format!("rosters/{}", other.scenario), None).await.json();
    assert_eq!(seen["roster"]["guests"], json!([]));
}
