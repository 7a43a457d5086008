//! Tubes to labs through the commands: plan, sheets, rehearsal of the plan, a lab that stops, bad input.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod terminal;

use std::fs;
use terminal::{example, json, number, shouhu, timeless, told};

/// A fiftieth of the megacity in fewer districts, and no second opinion, whose clock would make every plan another.
const SMALL: [&str; 4] = ["--set", "city.residents=256650", "--reps", "10"];

#[test]
fn a_city_is_planned_checked_rehearsed_and_planned_anew_when_a_lab_stops() {
    let folder = example("megacity", "city");
    let plan = [
        &["plan", "city", "--json", "--time-limit", "0", "-o", "plan.json", "--sheets", "rounds"][..],
        &SMALL,
    ];
    let found = told(folder.path(), &plan.concat());
    assert_eq!(found["check"]["sound"], true, "{}", found["check"]);
    assert_eq!(found["unserved"], serde_json::json!([]));
    assert!(number(&found["gap"]) < 0.5, "{}", found["gap"]);
    assert_eq!(number(&found["check"]["tubes"]), number(&found["check"]["in_time"]));
    assert_eq!(found["promise"]["given"], true, "{}", found["promise"]);
    let brought: f64 = found["labs"].as_array().unwrap().iter().map(|lab| number(&lab["tubes"])).sum();
    assert!((brought / number(&found["check"]["tubes"]) - 1.0).abs() < 0.01, "{brought}");
    a_map_adds_up(&found);
    let again = told(folder.path(), &plan.concat());
    assert_eq!(timeless(found.clone()), timeless(again));
    let sheet = fs::read_to_string(folder.path().join("rounds/couriers.csv")).unwrap();
    let stops: usize = found["rounds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|route| route["stops"].as_array().unwrap().len())
        .sum();
    assert_eq!(sheet.lines().count(), stops + 1);
    assert!(fs::read_dir(folder.path().join("rounds")).unwrap().count() > 3, "a document for each lab");
    let workbook = fs::File::open(folder.path().join("rounds/rounds.xlsx")).unwrap();
    let mut workbook = zip::ZipArchive::new(workbook).unwrap();
    let sheets = std::io::read_to_string(workbook.by_name("xl/workbook.xml").unwrap()).unwrap();
    assert_eq!(sheets.matches("<sheet ").count(), 5, "{sheets}");

    let lived = [&["rehearse", "city", "--json", "--plan", "plan.json"][..], &SMALL].concat();
    let lived = told(folder.path(), &lived);
    assert!(number(&lived["tubes"]["in_time_share"]) > 0.995, "{}", lived["tubes"]);
    assert_eq!(lived["promise"]["given"], true);
    assert!(number(&lived["rounds"]["driven"]) > 0.0);

    let lab = found["rounds"][0]["lab"].as_str().unwrap();
    let stopped = format!("{lab}@10:30");
    let args = ["plan", "city", "--json", "--keep", "plan.json", "--stopped", &stopped, "-o", "now.json"];
    let changed = told(folder.path(), &[&args[..], &SMALL].concat());
    let of_lab = |plan: &serde_json::Value| -> usize {
        let routes = plan["rounds"].as_array().unwrap();
        routes
            .iter()
            .filter(|route| route["lab"] == *lab)
            .map(|route| route["stops"].as_array().unwrap().len())
            .sum()
    };
    assert_eq!(changed["changed"]["sites"].as_array().unwrap().len(), of_lab(&found));
    let lived =
        told(folder.path(), &[&["rehearse", "city", "--json", "--plan", "now.json"][..], &SMALL].concat());
    assert!(number(&lived["tubes"]["in_time_share"]) > 0.99, "{}", lived["tubes"]);

    // Another lab stops later: what stopped first gets nothing for that.
    let labs = found["labs"].as_array().unwrap().iter().map(|of| of["name"].as_str().unwrap());
    let other = labs.clone().find(|other| *other != lab).unwrap();
    let again = |stopped: &[&str]| -> (serde_json::Value, i32) {
        let mut args = vec!["plan", "city", "--json", "--keep", "now.json", "-o", "later.json"];
        stopped.iter().for_each(|one| args.extend(["--stopped", one]));
        json(folder.path(), &[&args[..], &SMALL].concat())
    };
    let (later, status) = again(&[&format!("{other}@12:00")]);
    assert_eq!(status, 0, "{later}");
    let remembered: Vec<&str> =
        later["stopped"].as_array().unwrap().iter().map(|of| of["lab"].as_str().unwrap()).collect();
    assert_eq!(remembered, [lab, other]);
    let opens = number(&later["stopped"][0]["at_min"]);
    for route in later["rounds"].as_array().unwrap().iter().filter(|route| route["lab"] == *lab) {
        let back = number(&route["back_min"]);
        let departs = route["departs_min"].as_array().unwrap();
        assert!(departs.iter().all(|leaves| number(leaves) + back < opens), "{route}");
    }
    let codes = |told: &serde_json::Value| -> Vec<String> {
        told["notes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|note| note["code"].as_str().unwrap().to_owned())
            .collect()
    };
    let (told, status) = again(&[&stopped, &format!("{other}@09:00"), "Nowhere@12:00"]);
    assert_eq!((codes(&told), status), (vec!["city_stopped_lab".to_owned()], 1));
    let (told, status) = again(&[&stopped, &format!("{other}@09:00")]);
    let both = ["city_stopped_before", "city_stopped_twice"].map(str::to_owned).to_vec();
    assert_eq!((codes(&told), status), (both, 1));
}

#[test]
fn labs_that_stop_in_one_command_are_known_from_the_first_on() {
    let folder = example("megacity", "city");
    // Two that are busy and near each other, and one that could take it all.
    let labs = "lab,tubes_per_hour,latitude,longitude\nA,900,31.22,121.47\nB,900,31.23,121.48\nC,2600,31.20,121.60\n";
    fs::write(folder.path().join("city/labs.csv"), labs).unwrap();
    let small = [&SMALL[..], &["--set", "couriers.route_max_min=400"]].concat();
    let plan = ["plan", "city", "--json", "--time-limit", "0", "-o", "plan.json"];
    told(folder.path(), &[&plan[..], &small].concat());
    let stop = |labs: &[&str]| {
        let stopped: Vec<String> = labs.iter().map(|name| format!("{name}@14:00")).collect();
        let mut args = vec!["plan", "city", "--keep", "plan.json", "-o", "now.json"];
        stopped.iter().for_each(|one| args.extend(["--stopped", one]));
        let said = shouhu(folder.path(), &[&args[..], &small].concat()).stdout;
        let now = fs::read_to_string(folder.path().join("now.json")).unwrap();
        (serde_json::from_str::<serde_json::Value>(&now).unwrap(), String::from_utf8(said).unwrap())
    };
    let (now, _) = stop(&["A", "B"]);
    let at_min = number(&now["stopped"][0]["at_min"]);
    let list = |of: &serde_json::Value| of.as_array().unwrap().clone();
    let mut ways: Vec<String> =
        list(&now["transfers"]).iter().map(|truck| format!("{} {}", truck["from"], truck["to"])).collect();
    ways.sort();
    assert_eq!(ways, [r#""A" "C""#, r#""B" "C""#], "what waits unopened at either goes to neither");
    for route in list(&now["rounds"]) {
        let back = number(&route["back_min"]);
        let last = list(&route["departs_min"]).iter().map(number).fold(0.0, f64::max) + back;
        assert!(last < at_min || route["lab"] == "C" && route["ends"] == "C", "{route}");
    }
    // All of them: that is said, and not that rounds are too short.
    let (_, said) = stop(&["A", "B", "C"]);
    assert!(said.contains("No lab is left that tests anything from 14:00 on"), "{said}");
    assert!(!said.contains("couriers.route_max_min"), "{said}");
}

/// What stands in a plan to be drawn says the same as the plan.
fn a_map_adds_up(plan: &serde_json::Value) {
    let list = |of: &serde_json::Value| of.as_array().unwrap().clone();
    let sum = |of: &serde_json::Value| list(of).iter().map(number).sum::<f64>();
    let map = &plan["map"];
    let all = number(&plan["check"]["tubes"]);
    let near = |one: f64| assert!((one / all - 1.0).abs() < 0.005, "{one} of {all}");
    let flows = || list(&map["flows"]).into_iter();
    let left: f64 = list(&map["districts"]).iter().map(|of| number(&of["left_behind"])).sum();
    near(flows().map(|of| sum(&of["half_hours"])).sum());
    near(left + flows().map(|of| sum(&of["half_hours"]) + number(&of["untested"])).sum::<f64>());
    near(flows().map(|of| sum(&of["brought"])).sum());
    near(list(&map["sites"]).iter().map(|of| number(&of[4])).sum());
    let brought = |of: &serde_json::Value| list(&of[5]);
    near(left + list(&map["sites"]).iter().flat_map(brought).map(|of| number(&of[1])).sum::<f64>());
    for (number_of, lab) in list(&plan["labs"]).iter().enumerate() {
        assert_eq!(lab["name"], map["labs"][number_of]["name"]);
        let flows = list(&map["flows"]);
        let brought: f64 =
            flows.iter().filter(|of| of["lab"] == number_of).map(|of| sum(&of["brought"])).sum();
        assert!((brought - number(&lab["tubes"])).abs() < 20.0, "{brought} {}", lab["tubes"]);
    }
    let oldest =
        list(&map["sites"]).iter().flat_map(brought).filter_map(|of| of[2].as_f64()).fold(0.0, f64::max);
    assert!((oldest - number(&plan["check"]["elapsed_h"]["max"])).abs() < 0.06, "{oldest}");
    for stop in list(&plan["rounds"]).iter().flat_map(|of| list(&of["stops"])) {
        let site = stop["number"].as_u64().unwrap() as usize - 1;
        assert_eq!(map["sites"][site][0], stop["site"]);
    }
}

#[test]
fn what_will_keep_rounds_from_being_planned_is_foreseen_by_check() {
    let folder = example("megacity", "city");
    let labs = "lab,tubes_per_hour,latitude,longitude\nHere,4000,31.2,121.5\nSomewhere,4000,,\n";
    fs::write(folder.path().join("city/labs.csv"), labs).unwrap();
    let codes = |args: &[&str]| -> (Vec<(String, String)>, i32) {
        let (told, status) = json(folder.path(), args);
        let text = |of: &serde_json::Value, key: &str| of[key].as_str().unwrap().to_owned();
        let notes = told["notes"].as_array().unwrap().iter();
        let found = notes.map(|of| (text(of, "severity"), text(of, "code")));
        (found.filter(|(_, code)| code.starts_with("city_plan_")).collect(), status)
    };
    let nowhere = |severity: &str| vec![(severity.to_owned(), "city_plan_lab_nowhere".to_owned())];
    assert_eq!(codes(&["check", "city", "--json"]), (nowhere("warning"), 0));
    assert_eq!(codes(&[&["plan", "city", "--json"][..], &SMALL].concat()), (nowhere("error"), 1));
    // A city that does not say how fast vehicles drive is rehearsed alone.
    let scenario = fs::read_to_string(folder.path().join("city/scenario.toml")).unwrap();
    let silent: Vec<&str> = scenario.lines().filter(|line| !line.starts_with("km_per_hour")).collect();
    fs::write(folder.path().join("city/scenario.toml"), silent.join("\n")).unwrap();
    assert_eq!(codes(&["check", "city", "--json"]), (Vec::new(), 0));
}

#[test]
fn a_capacity_for_a_day_is_asked_about_and_never_divided() {
    let folder = example("megacity", "city");
    let labs = folder.path().join("city/labs.csv");
    fs::write(&labs, "lab,tubes_per_day,latitude,longitude\nDome,100000,31.2,121.5\n").unwrap();
    let (told, status) = json(folder.path(), &["check", "city", "--json"]);
    assert_eq!(status, 1, "{told}");
    let notes = told["notes"].as_array().unwrap();
    let asked = notes.iter().find(|note| note["code"] == "city_lab_per_day").expect("it is asked about");
    assert_eq!((asked["row"].as_u64(), asked["column"].as_str()), (Some(2), Some("tubes_per_day")));
    assert!(asked["mend"].as_str().unwrap().contains("4167"), "{asked}");
    fs::write(&labs, "lab,tubes_per_hour,latitude,longitude\nDome,100000,31.2,121.5\nA,400,31.3,121.4\n")
        .unwrap();
    let (told, status) = json(folder.path(), &["check", "city", "--json"]);
    assert_eq!(status, 0, "{told}");
    let large = told["notes"].as_array().unwrap().iter().find(|note| note["code"] == "city_lab_large");
    assert_eq!(large.expect("it is asked about")["severity"], "warning");
}

#[test]
fn what_is_no_plan_of_this_city_is_refused_with_all_that_is_wrong() {
    let folder = example("megacity", "city");
    let refused = |text: &str| -> Vec<String> {
        fs::write(folder.path().join("plan.json"), text).unwrap();
        let args = [&["rehearse", "city", "--json", "--plan", "plan.json"][..], &SMALL].concat();
        let (told, status) = json(folder.path(), &args);
        assert_eq!(status, 1, "{told}");
        let notes = told["notes"].as_array().unwrap();
        notes.iter().map(|note| note["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(refused("{}"), ["city_plan_file"]);
    let round = r#"{"starts":"Lab 1","ends":"Nowhere","lab":"Lab 1","vehicles":0,"back_min":5,"departs_min":[3,1],
        "stops":[{"number":1,"site":"Atlantis","after_min":2,"boxes":1}]}"#;
    let plan = format!(r#"{{"labs":[{{"name":"Lab 1"}}],"rounds":[{round}]}}"#);
    let wrong = ["city_plan_site_unknown", "city_plan_times", "city_plan_vehicles", "city_plan_lab_unknown"];
    assert_eq!(refused(&plan), wrong);
    let round = r#"{"starts":"Lab 1","ends":"Lab 1","lab":"Lab 1","vehicles":4000000000,"back_min":1e300,
        "departs_min":[-1e300,3],"stops":[]}"#;
    let truck = r#"{"from":"Lab 1","to":"Lab 2","departs_min":60,"arrives_min":30,"tubes":1,"notify_by_min":0,"message":""}"#;
    let stopped = r#"[{"lab":"Lab 1","at_min":60},{"lab":"Lab 1","at_min":90},{"lab":"Lab 2","at_min":-1}]"#;
    let plan = format!(
        r#"{{"labs":[{{"name":"Lab 1","place":9}}],"rounds":[{round}],"transfers":[{truck}],"stopped":{stopped}}}"#
    );
    let wrong = [
        "city_plan_place",
        "city_plan_no_stop",
        "city_plan_far",
        "city_plan_vehicles",
        "city_plan_transfer",
        "city_plan_stopped",
        "city_plan_stopped",
    ];
    assert_eq!(refused(&plan), wrong);
    let args = ["plan", "city", "--keep", "plan.json"];
    assert_eq!(shouhu(folder.path(), &args).status.code(), Some(2), "--keep alone means nothing in a city");
}
