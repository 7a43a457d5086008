//! Tubes after the swab, as the desk sees them: boxes, what is wrong and with whom, one tube's way, and who is called back.

use crate::{
    Answer,
    results::Filled,
    rounds::{at, done},
};
use axum::http::{Method, StatusCode};
use domain::{
    Command,
    event::{Holder, HolderKind},
};
use phone::Phone;
use round::{BatchCode, TubeCode, TubeKey};
use serde_json::{Value, json};
use uuid::Uuid;

/// The first two tubes in a box, with phones of a courier and a lab.
struct Boxed {
    of: Filled,
    batch: BatchCode,
    items: Vec<Uuid>,
    couriers: [Phone; 2],
    lab: Phone,
}

impl Boxed {
    /// Swabbed so many hours ago.
    async fn since(hours: i64) -> Boxed {
        let mut of = Filled::since(hours).await;
        let bundle = of.sampler.bundle();
        let key = TubeKey::new(bundle.community, bundle.tube_key.unwrap());
        let batch = key.batch(1);
        let items: Vec<Uuid> =
            of.tubes[..2].iter().map(|code| TubeCode::parse(code).unwrap().item()).collect();
        done(&mut of.sampler, &[Command::SealBatch { batch: batch.id(), tubes: items.clone() }]);
        of.site.sync(&mut of.sampler).await;
        let (one, _) = of.site.phone("courier", None, 11).await;
        let (other, _) = of.site.phone("courier", None, 12).await;
        let (lab, _) = of.site.phone("lab", None, 13).await;
        Boxed { of, batch, items, couriers: [one, other], lab }
    }

    fn takes(&self, phone: &Phone, kind: HolderKind, from: Option<Holder>, tubes: u32) -> Command {
        let by = Holder { kind, id: phone.bundle().device };
        Command::ReceiveBatch { batch: self.batch.id(), by, from, tubes, counted: true }
    }

    /// A courier says that they took the box from the table.
    async fn courier(&mut self, which: usize, tubes: u32) {
        let site = Holder { kind: HolderKind::Site, id: self.of.sampler.bundle().device };
        let command = self.takes(&self.couriers[which], HolderKind::Courier, Some(site), tubes);
        done(&mut self.couriers[which], &[command]);
        self.of.site.sync(&mut self.couriers[which]).await;
    }

    async fn at_lab(&mut self, missing: &[Uuid]) {
        self.found_at_lab(missing, &[]).await;
    }

    async fn found_at_lab(&mut self, missing: &[Uuid], extra: &[Uuid]) {
        let command = self.takes(&self.lab, HolderKind::Lab, None, 2);
        let open = Command::OpenBatch {
            batch: self.batch.id(),
            missing: missing.to_vec(),
            spoiled: vec![],
            extra: extra.to_vec(),
        };
        done(&mut self.lab, &[command]);
        done(&mut self.lab, &[open]);
        self.of.site.sync(&mut self.lab).await;
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        let path = format!("{}/{path}?lang=en", self.of.site.round);
        self.of.site.ask(Method::POST, &path, Some(body)).await
    }

    async fn boxes(&self) -> Value {
        let answer =
            self.of.site.ask(Method::GET, &format!("{}/boxes?lang=en", self.of.site.round), None).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    async fn tube(&self, code: &str) -> Answer {
        let path = format!("{}/tubes/{code}?lang=en", self.of.site.round);
        self.of.site.ask(Method::GET, &path, None).await
    }
}

/// By a rule of the round.
fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.string("code"))
}

fn kinds(boxes: &Value) -> Vec<&str> {
    boxes["alarms"].as_array().unwrap().iter().map(|of| of["kind"].as_str().unwrap()).collect()
}

/// Whole sentences, in which nothing is left open.
fn speaks(value: &Value, keys: &[&str]) {
    for key in keys {
        let said = value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value:#}"));
        let whole = !said.is_empty() && !said.contains(['{', '@']) && !said.contains("custody.");
        assert!(whole, "{key}: {said}");
    }
}

#[tokio::test]
async fn a_box_that_comes_late_is_told_with_whoever_has_it() {
    let mut of = Boxed::since(5).await;
    of.courier(0, 2).await;
    let boxes = of.boxes().await;
    assert_eq!(
        (&boxes["counts"]["on_the_way"], &boxes["counts"]["sealed"], &boxes["counts"]["open"]),
        (&json!(2), &json!(2), &json!(1)),
        "{boxes:#}"
    );
    // The third tube was never sealed, and is late with nobody but its table.
    assert_eq!(kinds(&boxes), ["late_to_lab", "late_to_lab"], "{boxes:#}");
    let alarms = boxes["alarms"].as_array().unwrap();
    let alarm = alarms.iter().find(|alarm| alarm["box"] == json!(of.batch.to_string())).unwrap();
    assert_eq!(alarm["count"], json!(2));
    assert_eq!(alarm["tubes"], json!(of.of.tubes[..2]));
    let minutes = alarm["over_min"].as_i64().unwrap();
    assert!((60..70).contains(&minutes), "{minutes}");
    speaks(alarm, &["message", "mend"]);
    let phone = format!("courier, phone {:04x}", of.couriers[0].bundle().device.as_u128() & 0xffff);
    assert!(alarm["message"].as_str().unwrap().contains(&phone), "{alarm:#}");
    let listed = &boxes["boxes"][0];
    assert_eq!(
        (&listed["held_by"], &listed["tubes"], &listed["opened"]),
        (&json!("courier"), &json!(2), &json!(null))
    );
    let (lab, result) = (listed["to_lab_min"].as_i64().unwrap(), listed["to_result_min"].as_i64().unwrap());
    assert!((-70..=-60).contains(&lab) && (50..=60).contains(&result), "{lab} {result}");
    // In the other language, too.
    let chinese =
        of.of.site.ask(Method::GET, &format!("{}/boxes?lang=zh", of.of.site.round), None).await.json();
    assert!(chinese["alarms"][0]["message"].as_str().unwrap().contains("送达实验室已超时"), "{chinese:#}");
}

#[tokio::test]
async fn two_couriers_who_took_one_box_and_another_count_are_seen() {
    let mut of = Boxed::since(0).await;
    of.courier(0, 2).await;
    of.courier(0, 2).await;
    let boxes = of.boxes().await;
    assert_eq!(kinds(&boxes), Vec::<&str>::new(), "the same courier twice is once: {boxes:#}");
    of.courier(1, 3).await;
    let boxes = of.boxes().await;
    assert_eq!(kinds(&boxes), ["count_differs", "gap"], "{boxes:#}");
    speaks(&boxes["alarms"][0], &["message", "mend"]);
    let conflicts =
        of.of.site.ask(Method::GET, &format!("{}/conflicts?lang=en", of.of.site.round), None).await;
    assert!(conflicts.text().contains("two_holders"), "{}", conflicts.text());
    let way = of.tube(&of.of.tubes[0]).await.json();
    let taken: Vec<&Value> =
        way["way"].as_array().unwrap().iter().filter(|step| step["what"] == "received").collect();
    assert_eq!(taken.len(), 2, "{way:#}");
    assert_eq!((&taken[0]["odd"], &taken[1]["odd"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn a_missing_tube_is_named_and_its_whole_way_is_told_without_a_name() {
    let mut of = Boxed::since(0).await;
    of.courier(0, 2).await;
    of.at_lab(&[of.items[1]]).await;
    let boxes = of.boxes().await;
    let counts = &boxes["counts"];
    assert_eq!((&counts["at_lab"], &counts["missing"]), (&json!(1), &json!(1)), "{boxes:#}");
    assert_eq!((kinds(&boxes)[0], &boxes["alarms"][0]["tubes"]), ("missing", &json!([of.of.tubes[1]])));
    speaks(&boxes["alarms"][0], &["message", "mend", "box"]);
    of.of.table(0, &[(&of.of.tubes[0], "阴性")]).await;

    let answer = of.tube(&of.of.tubes[0]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    for name in ["王小明", "李四", "Ann", "account-"] {
        let own = name == "account-";
        assert!(own || !answer.text().contains(name), "{name} in {}", answer.text());
    }
    let tube = answer.json();
    assert_eq!(
        (&tube["where"], &tube["people"], &tube["box"]),
        (&json!("at_lab"), &json!(3), &json!(of.batch.to_string()))
    );
    let steps = tube["way"].as_array().unwrap();
    let what: Vec<&str> = steps.iter().map(|step| step["what"].as_str().unwrap()).collect();
    assert_eq!(
        what,
        ["swabbed", "swabbed", "swabbed", "sealed", "boxed", "received", "received", "opened", "reported"],
        "{tube:#}"
    );
    for step in steps {
        speaks(step, &["message", "by"]);
        assert_eq!((&step["origin"], &step["doubted"]), (&json!("real"), &json!(false)), "{step}");
        assert!(step["at"].as_i64().unwrap() <= at().0 / 10_000);
    }
    assert_eq!(tube["reports"][0]["finding"], json!("negative"));
    let lost = of.tube(&of.of.tubes[1]).await.json();
    assert_eq!(lost["where"], json!("missing"));
    assert_eq!(of.tube("nonsense").await.problem(), (404, "tube_unheard".to_owned()));
    assert_eq!(of.tube(&of.of.tubes[4]).await.problem(), (404, "tube_unheard".to_owned()));
    // A lab sees the same, of nobody.
    let boxes = format!("{}/boxes", of.of.site.round);
    let boxes = of.of.site.house.ask_as(Some(&of.of.labs[0]), Method::GET, &boxes, None).await.json();
    assert_eq!((&boxes["to_call"], &boxes["counts"]["missing"]), (&json!(null), &json!(1)));
    let path = format!("{}/tubes/{}", of.of.site.round, of.of.tubes[0]);
    let seen = of.of.site.house.ask_as(Some(&of.of.labs[0]), Method::GET, &path, None).await;
    assert_eq!(seen.json()["way"].as_array().unwrap().len(), 9);
}

#[tokio::test]
async fn who_is_called_back_is_the_secretarys_to_know_and_each_look_is_written_down() {
    let of = Boxed::since(0).await;
    let path = format!("{}/callbacks", of.of.site.round);
    let house = &of.of.site.house;
    let accesses = format!("{}/accesses", of.of.site.rounds.trim_end_matches("/rounds"));
    let nobody = of.of.site.ask(Method::GET, &path, None).await;
    assert_eq!(nobody.json(), json!({ "people": [] }));
    let looked = |text: String| text.matches("the list of people to be called back").count();
    assert_eq!(
        looked(of.of.site.ask(Method::GET, &accesses, None).await.text()),
        0,
        "nobody's name was read"
    );
    of.of.table(0, &[(&of.of.tubes[0], "阳性")]).await;
    let waiting = of.of.results().await["waiting"][0]["report"].clone();
    for lab in &of.of.labs {
        assert_eq!(of.of.release(lab, Some(vec![waiting.clone()])).await.status, StatusCode::OK);
    }
    assert_eq!(of.boxes().await["to_call"], json!(3));

    let list = of.of.site.ask(Method::GET, &path, None).await;
    assert_eq!(list.header("cache-control"), "no-store");
    let list = list.json();
    let people = list["people"].as_array().unwrap();
    let names: Vec<&str> = people.iter().map(|of| of["name"].as_str().unwrap()).collect();
    assert_eq!(people.len(), 3, "{list:#}");
    assert!(names.contains(&"王小明") && people.iter().any(|of| of["door"] == "1-101"), "{list:#}");
    let (since, due) = (people[0]["since"].as_i64().unwrap(), people[0]["due"].as_i64().unwrap());
    assert_eq!(due - since, 7200);
    assert_eq!(looked(of.of.site.ask(Method::GET, &accesses, None).await.text()), 1);
    for lab in &of.of.labs {
        let seen = house.ask_as(Some(lab), Method::GET, &path, None).await;
        assert_eq!(seen.problem(), (403, "forbidden".to_owned()));
    }

    let visit = people[0]["visit"].clone();
    let write = |outcome: &str| json!({ "visit": visit, "outcome": outcome });
    for (outcome, finished) in [("not_reached", false), ("reached", true)] {
        let done = of.of.site.ask(Method::POST, &path, Some(write(outcome))).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
        let list = of.of.site.ask(Method::GET, &path, None).await.json();
        let person =
            list["people"].as_array().unwrap().iter().find(|of| of["visit"] == visit).unwrap().clone();
        assert_eq!((&person["outcome"], &person["done"]), (&json!(outcome), &json!(finished)), "{person:#}");
    }
    assert_eq!(of.boxes().await["to_call"], json!(2));
    let stranger = json!({ "visit": Uuid::new_v4(), "outcome": "reached" });
    let refused = of.of.site.ask(Method::POST, &format!("{path}?lang=en"), Some(stranger)).await;
    assert_eq!((refused.status, refused.string("code").as_str()), (StatusCode::CONFLICT, "unknown_visit"));
}

#[tokio::test]
async fn who_was_called_back_is_in_a_new_tube_alone_and_is_told_what_is_known() {
    let of = Boxed::since(0).await;
    of.of.table(0, &[(&of.of.tubes[0], "阳性")]).await;
    let waiting = of.of.results().await["waiting"][0]["report"].clone();
    for lab in &of.of.labs {
        assert_eq!(of.of.release(lab, Some(vec![waiting.clone()])).await.status, StatusCode::OK);
    }
    let path = format!("{}/callbacks", of.of.site.round);
    let list = async || of.of.site.ask(Method::GET, &path, None).await.json()["people"].clone();
    let first = list().await[0].clone();
    assert_eq!(first["say"], "pool", "{first:#}");
    // A code of another community, or none: nothing is written down.
    for strange in ["89VM0-0001-ZT9T-F", "nothing", ""] {
        let body = json!({ "visit": first["visit"], "tube": strange });
        let refused = of.post("callbacks/alone", body).await;
        assert_eq!(refused.problem(), (404, "tube_not_ours".to_owned()), "{strange}");
    }
    // One that somebody is in is no new one.
    let body = |tube: &str| json!({ "visit": first["visit"], "tube": tube });
    let used = of.post("callbacks/alone", body(&of.of.tubes[1])).await;
    assert_eq!(refusal(&used), (409, "tube_used".to_owned()));
    for again in 0..2 {
        let done = of.post("callbacks/alone", body(&format!(" {} ", of.of.tubes[3]))).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{again}: {}", done.text());
    }
    let people = list().await;
    let person = people.as_array().unwrap().iter().find(|of| of["visit"] == first["visit"]).unwrap();
    assert_eq!(
        (&person["alone"], &person["done"], &person["own"]),
        (&json!(of.of.tubes[3]), &json!(true), &json!(null)),
        "{person:#}"
    );
    let other = of.post("callbacks/alone", body(&of.of.tubes[4])).await;
    assert_eq!(refusal(&other), (409, "already_alone".to_owned()));
    // What is found in it is the person's own, and is told as that.
    of.of.table(0, &[(&of.of.tubes[3], "阳性")]).await;
    let waiting = of.of.results().await["waiting"][0]["report"].clone();
    for lab in &of.of.labs {
        assert_eq!(of.of.release(lab, Some(vec![waiting.clone()])).await.status, StatusCode::OK);
    }
    let people = list().await;
    let person = people.as_array().unwrap().iter().find(|of| of["visit"] == first["visit"]).unwrap();
    assert_eq!((&person["say"], &person["people"]), (&json!("contact"), &json!(1)), "{person:#}");
}

#[tokio::test]
async fn a_label_that_is_put_on_a_tube_takes_results_to_it() {
    let of = Boxed::since(0).await;
    let label = |label: &str, issuer: &str| json!({ "label": label, "issuer": issuer });
    let path = |tube: &str| format!("tubes/{tube}/labels");
    let unknown = of.post(&path("CITY-77"), label("CITY-78", "city")).await;
    assert_eq!(unknown.problem(), (404, "tube_not_ours".to_owned()));
    let empty = of.post(&path(&of.of.tubes[0]), label(" ", "city")).await;
    assert_eq!(refusal(&empty), (409, "alias_unreadable".to_owned()));
    let sent = of.of.table(0, &[("CITY-77", "阴性")]).await;
    assert_eq!((&sent["taken"], &sent["aside"]), (&json!(0), &json!(1)), "{sent:#}");
    // A lab may put one on, too; the same again is the same.
    for lab in &of.of.labs {
        let path = format!("{}/{}?lang=en", of.of.site.round, path(&of.of.tubes[0]));
        let body = Some(label("CITY-77", "city"));
        let done = of.of.site.house.ask_as(Some(lab), Method::POST, &path, body).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    }
    let taken = of.post(&path(&of.of.tubes[1]), label("CITY-77", "city")).await;
    assert_eq!(refusal(&taken), (409, "alias_taken".to_owned()));
    let sent = of.of.table(0, &[("CITY-77", "阴性")]).await;
    assert_eq!(&sent["taken"], &json!(1), "{sent:#}");
    let way = of.tube("city-77").await.json();
    assert_eq!((&way["code"], &way["reports"][0]["finding"]), (&json!(of.of.tubes[0]), &json!("negative")));
}

#[tokio::test]
async fn a_tube_on_no_list_is_shown_where_it_was_found() {
    let mut of = Boxed::since(0).await;
    of.courier(0, 2).await;
    let third = TubeCode::parse(&of.of.tubes[2]).unwrap().item();
    of.found_at_lab(&[], &[third]).await;
    let boxes = of.boxes().await;
    assert_eq!(
        (&boxes["boxes"][0]["tubes"], &boxes["boxes"][0]["extra"], &boxes["counts"]["at_lab"]),
        (&json!(2), &json!(1), &json!(3)),
        "{boxes:#}"
    );
    let way = of.tube(&of.of.tubes[2]).await.json();
    assert_eq!(way["where"], "at_lab", "{way:#}");
    let step = way["way"].as_array().unwrap().last().unwrap();
    assert_eq!((&step["what"], &step["odd"]), (&json!("found"), &json!(true)), "{step:#}");
    speaks(step, &["message", "by"]);
    assert!(step["message"].as_str().unwrap().contains(&of.batch.to_string()), "{step:#}");
}

#[tokio::test]
async fn a_box_that_is_more_than_a_day_late_is_told_with_its_day() {
    let mut of = Boxed::since(30).await;
    let then = at() + -28 * 36_000_000;
    let site = Holder { kind: HolderKind::Site, id: of.of.sampler.bundle().device };
    let command = of.takes(&of.couriers[0], HolderKind::Courier, Some(site), 2);
    let step = of.couriers[0].decide(then, &[command]).unwrap();
    of.couriers[0].done(step);
    of.of.site.sync(&mut of.couriers[0]).await;
    let boxes = of.boxes().await;
    let alarm = boxes["alarms"].as_array().unwrap().iter().find(|of| of["box"] != json!(null)).unwrap();
    let day = crate::rounds::there(then).to_string();
    let (date, time) = (&day[..10], &day[11..16]);
    let said = alarm["message"].as_str().unwrap();
    assert!(said.contains(&format!("since {time} on {date}.")), "{said}");
}
