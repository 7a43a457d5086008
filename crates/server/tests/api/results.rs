//! Results of labs: sent in each form, decided row by row, let out by enough people, given out again.

use crate::{
    Answer, aside,
    rounds::{Site, account, at, check_in, in_a_month, serve},
};
use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
};
use phone::Phone;
use round::TubeKey;
use serde_json::{Value, json};
use server::{
    access::role::{Grant, Place, Role},
    people::{id::AccountId, places::PlaceKind},
};
use uuid::Uuid;

const ROLL: &str =
    "building,door,name\n1,101,王小明\n1,101,李四\n1,102,Ann\n2,301,Bob\n2,302,Eve\n2,303,赵六\n2,304,钱七\n";

/// A round with three tubes: of three, of three, and of one, which the last table has not sealed.
pub struct Filled {
    pub site: Site,
    pub labs: [String; 2],
    /// Codes of tubes: those, and two of which nobody was in.
    pub tubes: Vec<String>,
    /// The phone of the table that filled them.
    pub sampler: Phone,
}

impl Filled {
    pub async fn new() -> Filled {
        Filled::since(0).await
    }

    /// Filled so many hours ago.
    pub async fn since(hours: i64) -> Filled {
        let then = at() + -hours * 36_000_000;
        let site = Site::of(ROLL).await;
        let community = site.rounds.split('/').nth(4).unwrap();
        let place = Place::parse(community).unwrap();
        let labs = [(); 2].map(|()| account(&site.house, Role::Lab, place));
        let (mut registrar, _) = site.phone("registrar", Some("registration"), 1).await;
        let (mut sampler, _) = site.phone("sampler", Some("sampling"), 2).await;
        let open = json!({ "commands": [{ "type": "OpenRound" }] });
        site.ask(Method::POST, &format!("{}/commands", site.round), Some(open)).await;
        let mut people = Vec::new();
        for door in 0..registrar.bundle().doors.len() {
            let commands = check_in(&registrar, door);
            let step = registrar.decide(then, &commands).unwrap();
            registrar.done(step);
            people.extend(registrar.bundle().doors[door].people.iter().map(|of| of.visit));
        }
        for (number, &visit) in people.iter().enumerate() {
            let command = serve(&sampler, visit, number as u32 / 3 + 1);
            let step = sampler.decide(then, &[command]).unwrap();
            sampler.done(step);
        }
        let key = TubeKey::new(sampler.bundle().community, sampler.bundle().tube_key.unwrap());
        let tubes = (1..=5).map(|number| key.code(number).to_string()).collect();
        for phone in [&mut registrar, &mut sampler] {
            site.sync(phone).await;
        }
        Filled { site, labs, tubes, sampler }
    }

    async fn send(&self, lab: usize, kind: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post("/api/v1/results?lang=en&zone=UTC")
            .header("host", self.site.house.host)
            .header("cookie", format!("__Host-session={}", self.labs[lab]))
            .header("content-type", kind)
            .body(body.into());
        let response = self.site.house.send(request.unwrap()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, body: to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec() }
    }

    pub async fn table(&self, lab: usize, rows: &[(&str, &str)]) -> Value {
        let rows: String = rows.iter().map(|(tube, result)| format!("{tube},{result}\n")).collect();
        let answer = self.send(lab, "text/csv", format!("管号,结果\n{rows}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }

    pub async fn results(&self) -> Value {
        self.site.ask(Method::GET, &format!("{}/results", self.site.round), None).await.json()
    }

    pub async fn release(&self, who: &str, reports: Option<Vec<Value>>) -> Answer {
        let path = format!("{}/results/release?lang=en", self.site.round);
        self.site.house.ask_as(Some(who), Method::POST, &path, Some(json!({ "reports": reports }))).await
    }
}

fn counts(answer: &Value) -> [u64; 4] {
    ["taken", "known", "aside", "refused"].map(|key| answer[key].as_u64().unwrap())
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["rows"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_table_is_taken_row_by_row_and_what_cannot_be_is_kept_aside() {
    let of = Filled::new().await;
    let [first, second, third, empty, _] = &of.tubes[..] else { panic!() };
    let mistyped = format!("{}{}", &first[..first.len() - 1], if first.ends_with('A') { 'B' } else { 'A' });
    let sent = of
        .table(
            0,
            &[
                (first, "阴性"),
                (second, "阳性"),
                (empty, "阴性"),
                (&mistyped, "阴性"),
                ("89VM0-0001-ZT9T-F", "阴性"),
                ("CITY-0001", "阴性"),
                (third, "?"),
            ],
        )
        .await;
    assert_eq!(counts(&sent), [2, 0, 4, 1], "{sent:#}");
    assert_eq!(
        codes(&sent)[1..],
        ["tube_unfilled", "result_mistyped", "result_foreign", "result_unknown"],
        "{sent:#}"
    );
    for row in sent["rows"].as_array().unwrap() {
        for part in ["place", "message", "mend"] {
            let said = row[part].as_str().unwrap();
            assert!(!said.is_empty() && !said.contains('{') && !said.starts_with("re"), "{row}");
        }
    }
    // Again: nothing new, nothing twice.
    let again =
        of.table(0, &[(first, "阴性"), (second, "阳性"), (empty, "阴性"), ("CITY-0001", "阴性")]).await;
    assert_eq!(counts(&again), [0, 2, 2, 0]);
    let aside = format!("{}/results/aside?lang=en", of.site.rounds.trim_end_matches("/rounds"));
    let kept = of.site.ask(Method::GET, &aside, None).await.json();
    assert_eq!(kept["reports"].as_array().unwrap().len(), 1, "{kept:#}");
    assert_eq!(
        (kept["reports"][0]["why"].as_str(), kept["reports"][0]["settled"].as_bool()),
        (Some("tube_unfilled"), Some(false))
    );
    let own = of
        .site
        .house
        .ask_as(Some(&of.labs[0]), Method::GET, "/api/v1/results/aside?lang=en", None)
        .await
        .json();
    assert_eq!(own["reports"].as_array().unwrap().len(), 3, "{own:#}");
    let other =
        of.site.house.ask_as(Some(&of.labs[1]), Method::GET, "/api/v1/results/aside", None).await.json();
    assert_eq!(other["reports"], json!([]), "another lab's are not shown");
    let number = kept["reports"][0]["number"].as_i64().unwrap();
    let path = format!("{}/results/aside/{number}", of.site.rounds.trim_end_matches("/rounds"));
    assert_eq!(of.site.ask(Method::POST, &path, Some(json!({}))).await.status, StatusCode::NO_CONTENT);
    let kept = of.site.ask(Method::GET, &aside, None).await.json();
    assert_eq!((&kept["reports"][0]["settled"], &kept["waiting"]), (&json!(true), &json!(0)), "{kept:#}");
    // Whoever sends it once more is heard once more.
    of.table(0, &[(empty, "阴性")]).await;
    let kept = of.site.ask(Method::GET, &aside, None).await.json();
    assert_eq!((&kept["reports"][0]["settled"], &kept["waiting"]), (&json!(false), &json!(1)), "{kept:#}");
}

#[tokio::test]
async fn nobody_lets_out_what_took_the_place_of_what_they_saw() {
    let of = Filled::new().await;
    let [first, second, ..] = &of.tubes[..] else { panic!() };
    of.table(0, &[(first, "阴性")]).await;
    let seen = of.results().await["seen"].clone();
    // While somebody looks, one is let out, and another comes: there are as many as before.
    let out = of.release(&of.labs[0], None).await;
    assert_eq!(out.json(), json!({ "reports": 1, "out": 1 }), "{}", out.text());
    of.table(0, &[(second, "阴性")]).await;
    let path = format!("{}/results/release?lang=en", of.site.round);
    let release = async |body: Value| of.site.ask(Method::POST, &path, Some(body)).await;
    let changed = release(json!({ "seen": seen, "shown": 1 })).await;
    assert_eq!(changed.problem(), (409, "results_changed".to_owned()));
    let now = of.results().await["seen"].clone();
    assert_eq!(release(json!({ "seen": now })).await.json(), json!({ "reports": 1, "out": 1 }));
}

/// The session of an account that another invited, and its id.
fn invited(house: &crate::House, by: Option<AccountId>, place: Place) -> (String, AccountId) {
    let grants = [Grant { role: Role::Secretary, place }];
    let now = server::people::now();
    let link = aside(|| house.people.invite(by, &grants, now)).unwrap().hash();
    let login = format!("account-{}", Uuid::new_v4());
    let id = aside(|| house.people.accept(&link, &login, "no password", now)).unwrap();
    (aside(|| house.people.sign_in(id, now)).unwrap().text(), id)
}

#[tokio::test]
async fn whom_somebody_invited_is_no_second_person_beside_them() {
    let of = Filled::new().await;
    let place = Place::parse(of.site.rounds.split('/').nth(4).unwrap()).unwrap();
    let house = &of.site.house;
    let (anna, id) = invited(house, None, place);
    let [(puppet, _), (other, _)] = [(); 2].map(|()| invited(house, Some(id), place));
    of.table(0, &[(&of.tubes[0], "阳性")]).await;
    let positive = vec![of.results().await["waiting"][0]["report"].clone()];
    let out = of.release(&puppet, Some(positive.clone())).await;
    assert_eq!(out.json(), json!({ "reports": 1, "out": 0 }), "{}", out.text());
    for who in [&anna, &other] {
        let refused = of.release(who, Some(positive.clone())).await;
        assert_eq!(refused.problem(), (409, "release_related".to_owned()));
    }
    assert_eq!(of.results().await["released"], json!(0));
    let out = of.release(&of.labs[1], Some(positive)).await;
    assert_eq!(out.json(), json!({ "reports": 1, "out": 1 }), "{}", out.text());
}

#[tokio::test]
async fn a_positive_needs_two_people_and_an_amendment_supersedes_visibly() {
    let of = Filled::new().await;
    let [first, second, ..] = &of.tubes[..] else { panic!() };
    of.table(0, &[(first, "阴性"), (second, "阳性")]).await;
    let results = of.results().await;
    assert_eq!((&results["with_result"], &results["released"]), (&json!(2), &json!(0)), "{results:#}");
    let waiting = results["waiting"].as_array().unwrap();
    assert_eq!(waiting[0]["finding"], "positive", "what needs two stands first");
    assert_eq!(waiting[0]["people"], json!(3));
    // All negative ones: one person is enough, if it is those that were shown.
    assert_eq!(
        (&results["negative"], &results["mine"], &results["disputed"]),
        (&json!(1), &json!(0), &json!(0))
    );
    let path = format!("{}/results/release?lang=en", of.site.round);
    let changed =
        of.site.house.ask_as(Some(&of.labs[0]), Method::POST, &path, Some(json!({ "shown": 0 }))).await;
    assert_eq!(changed.problem(), (409, "results_changed".to_owned()));
    let out = of.release(&of.labs[0], None).await;
    assert_eq!(out.json(), json!({ "reports": 1, "out": 1 }), "{}", out.text());
    let positive = vec![waiting[0]["report"].clone()];
    let out = of.release(&of.labs[0], Some(positive.clone())).await;
    assert_eq!(out.json(), json!({ "reports": 1, "out": 0 }));
    let same = of.release(&of.labs[0], Some(positive.clone())).await;
    assert_eq!(same.problem_of_rule(), (409, "second_person".to_owned()));
    let out = of.release(&of.labs[1], Some(positive)).await;
    assert_eq!(out.json(), json!({ "reports": 1, "out": 1 }), "{}", out.text());
    assert_eq!(of.results().await["released"], json!(2));

    // Another finding without being called an amendment is kept aside; as one it waits for two people again.
    let sent = of.table(1, &[(second, "阴性")]).await;
    assert_eq!((counts(&sent), codes(&sent)), ([0, 0, 1, 0], vec!["other_result"]), "{sent:#}");
    let rows = format!("管号,结果,状态,原报告编号,更正原因\n{second},阴性,更正,R-1,plate swapped\n");
    let sent = of.send(1, "text/csv", rows.clone()).await.json();
    assert_eq!(counts(&sent), [1, 0, 0, 0], "{sent:#}");
    let again = of.send(1, "text/csv", rows).await.json();
    assert_eq!(counts(&again), [0, 1, 0, 0], "its answer was lost: {again:#}");
    let results = of.results().await;
    assert_eq!(
        (&results["released"], &results["waiting"][0]["amended"]),
        (&json!(1), &json!(true)),
        "{results:#}"
    );
    // What was true before it was amended is no news.
    let old = of.table(0, &[(second, "阳性")]).await;
    assert_eq!(counts(&old), [0, 1, 0, 0], "{old:#}");
    // What is taken back says nothing, whatever value its message still carries.
    let rows = format!("管号,结果,状态,原报告编号\n{first},阴性,撤销,R-1\n");
    let sent = of.send(1, "text/csv", rows).await.json();
    assert_eq!(counts(&sent), [1, 0, 0, 0], "{sent:#}");
    let results = of.results().await;
    let back = results["waiting"].as_array().unwrap().iter().find(|of| of["tube"] == json!(first));
    assert_eq!(back.unwrap()["finding"], "invalid", "{results:#}");
}

#[tokio::test]
async fn fhir_and_hl7_are_taken_and_answered_in_their_own_words_and_given_again() {
    let of = Filled::new().await;
    let tubes = of.tubes.clone();
    let message = format!(
        "MSH|^~\\&|LIS|Lab|||20260328||ORU^R01^ORU_R01|M1|P|2.5.1|||||||UNICODE UTF-8\r\
         OBR|1||R-1|94500-6^SARS-CoV-2 RNA^LN|||20260328080000|||||||||||||||20260328100000|||F\r\
         OBX|1|CWE|94500-6^SARS-CoV-2 RNA^LN||260415000^Not detected^SCT||||||F|||20260328100000\r\
         SPM|1|{}||258500001^Nasopharyngeal swab^SCT\r",
        tubes[0]
    );
    let answer = of.send(0, "application/hl7-v2", message).await;
    assert!(answer.text().contains("MSA|AA|M1"), "{}", answer.text());
    let answer =
        of.send(0, "application/hl7-v2", "MSH|^~\\&|LIS|Lab|||20260328||ORU^R01^ORU_R01|M2|P|2.5.1\r").await;
    assert!(answer.text().contains("MSA|AR|M2") && answer.text().contains("\rERR|"), "{}", answer.text());
    of.release(&of.labs[0], None).await;

    let file = |form: &str| format!("{}/results/file?form={form}&lang=en&zone=UTC", of.site.round);
    let bundle = of.site.ask(Method::GET, &file("fhir"), None).await;
    assert_eq!(bundle.status, StatusCode::OK, "{}", bundle.text());
    for form in ["csv", "xlsx", "hl7"] {
        let given = of.site.ask(Method::GET, &file(form), None).await;
        assert_eq!(given.status, StatusCode::OK, "{form}");
        // What is given can be sent, and says nothing new.
        let kind = if form == "hl7" { "application/hl7-v2" } else { "application/octet-stream" };
        let sent = of.send(0, kind, given.body).await;
        let known = if form == "hl7" {
            sent.text().contains("MSA|AA|")
        } else {
            counts(&sent.json()) == [0, 1, 0, 0]
        };
        assert!(known, "{form}: {}", sent.text());
    }
    let outcome = of.send(1, "application/fhir+json", bundle.body).await.json();
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    assert!(
        outcome["issue"].as_array().unwrap().iter().all(|issue| issue["severity"] != "error"),
        "{outcome:#}"
    );
    let missing = json!({
        "resourceType": "Bundle", "type": "collection",
        "entry": [{ "resource": {
            "resourceType": "DiagnosticReport", "status": "final",
            "code": { "coding": [{ "system": "http://loinc.org", "code": "94500-6" }] },
            "specimen": [{ "reference": "Specimen/none" }], "result": [{ "reference": "Observation/none" }]
        } }]
    });
    let outcome = of.send(0, "application/fhir+json", missing.to_string()).await.json();
    assert_eq!(outcome["issue"][0]["severity"], "error", "{outcome:#}");
}

#[tokio::test]
async fn nobody_reports_for_a_community_that_is_not_theirs() {
    let of = Filled::new().await;
    let elsewhere =
        aside(|| of.site.house.people.make_community("Plum Court", server::people::now())).unwrap().id;
    let stranger = account(&of.site.house, Role::Lab, Place::Community(elsewhere));
    let of = Filled { labs: [stranger.clone(), stranger], ..of };
    let sent = of.table(0, &[(&of.tubes[0], "阳性")]).await;
    assert_eq!((counts(&sent), codes(&sent)), ([0, 0, 1, 0], vec!["result_foreign"]), "{sent:#}");
    assert_eq!(of.results().await["with_result"], json!(0));
    assert!(!in_a_month().is_empty());

    // One with a role at a place reports for the communities below it.
    let Place::Community(here) = Place::parse(of.site.rounds.split('/').nth(4).unwrap()).unwrap() else {
        panic!()
    };
    let street = aside(|| {
        let people = &of.site.house.people;
        let street = people.make_place(None, PlaceKind::Neighbourhood, "Street", server::people::now())?;
        people.put_community(here, Some(street.id), "owner", server::people::now()).map(|_| street.id)
    });
    let above = account(&of.site.house, Role::Lab, Place::Tree(street.unwrap()));
    let of = Filled { labs: [above.clone(), above], ..of };
    assert_eq!(counts(&of.table(0, &[(&of.tubes[0], "阳性")]).await), [1, 0, 0, 0]);
}

impl Answer {
    /// The status and code of a rule's answer.
    fn problem_of_rule(&self) -> (u16, String) {
        let said = self.string("message");
        assert!(!said.is_empty() && !said.contains('{') && !said.starts_with("refusal"), "{said}");
        (self.status.as_u16(), self.string("code"))
    }
}

#[tokio::test]
async fn a_person_reads_their_own_result_by_their_link_and_nobody_elses() {
    let of = Filled::new().await;
    let community = of.site.rounds.trim_end_matches("/rounds").to_owned();
    let names = of.site.ask(Method::GET, &format!("{community}/names?why=copy"), None).await.json();
    let mut links: Vec<String> = Vec::new();
    for one in find_ids(&names) {
        let copy =
            of.site.ask(Method::GET, &format!("{community}/names/{one}/copy?why=copy"), None).await.json();
        links.push(copy["stays"][0]["own"].as_str().unwrap().to_owned());
    }
    assert_eq!(links.len(), 7);
    let own = async |link: &str| {
        let parts = link.strip_prefix("https://garden.example/mine#").unwrap();
        let [community, round, token] = parts.splitn(3, '/').collect::<Vec<_>>()[..] else { panic!() };
        let path = format!("/api/v1/communities/{community}/rounds/{round}/mine?lang=en");
        of.site.house.post(&path, json!({ "token": token })).await
    };
    let states = async || {
        let mut states: Vec<String> = Vec::new();
        for link in &links {
            let answer = own(link).await;
            for part in ["message", "next"] {
                let said = answer.string(part);
                assert!(!said.starts_with("own.") && !said.to_lowercase().contains("positive"), "{said}");
            }
            states.push(answer.string("state"));
        }
        states.sort_unstable();
        states.dedup();
        states
    };
    assert_eq!(states().await, ["waiting"]);
    of.table(0, &[(&of.tubes[0], "阴性"), (&of.tubes[1], "阳性")]).await;
    assert_eq!(states().await, ["waiting"], "nothing is told before it is let out");
    let waiting = of.results().await["waiting"].clone();
    let all: Vec<Value> = waiting.as_array().unwrap().iter().map(|one| one["report"].clone()).collect();
    for lab in &of.labs {
        of.release(lab, Some(all.clone())).await;
    }
    assert_eq!(states().await, ["again", "negative", "waiting"]);

    // A link that was changed, of somebody else's proof, or cut, opens nothing.
    let (one, other) = (&links[0], &links[1]);
    let cut = one.rfind('/').unwrap() + 1;
    let strange = format!("{}/{}", Uuid::new_v4(), Uuid::new_v4());
    for place in ["none/none", &strange] {
        let nowhere = format!("https://garden.example/mine#{place}/{}", &one[cut..]);
        assert_eq!(own(&nowhere).await.problem(), (404, "own_unknown".to_owned()), "{place}");
    }
    let mixed = format!("{}{}", &one[..cut + 32], &other[cut + 32..]);
    for wrong in [
        mixed,
        one[..one.len() - 2].to_owned(),
        format!("{}{}", &one[..cut], "é".repeat(32)),
        one[..cut].to_owned(),
    ] {
        assert_eq!(own(&wrong).await.problem(), (404, "own_unknown".to_owned()), "{wrong}");
    }
}

/// Every resident's id in a list of names.
fn find_ids(of: &Value) -> Vec<String> {
    match of {
        Value::Array(all) => all.iter().flat_map(find_ids).collect(),
        Value::Object(all) if all.contains_key("name") && all.contains_key("id") => {
            vec![all["id"].as_str().unwrap().to_owned()]
        }
        Value::Object(all) => all.values().flat_map(find_ids).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn all_rounds_of_a_community_are_told_with_care_and_grow_with_what_is_told() {
    let of = Filled::new().await;
    let community = of.site.rounds.trim_end_matches("/rounds").to_owned();
    let figures = async || {
        let path = format!("{community}/figures?lang=en");
        let all = of.site.ask(Method::GET, &path, None).await.json();
        let figures = all["figures"].as_array().unwrap().iter();
        let of: Vec<(String, Value, String)> = figures
            .map(|one| {
                assert!(one["definition"].as_str().unwrap().len() > 40, "{one}");
                let text = |key: &str| one[key].as_str().unwrap().to_owned();
                (text("name"), one["value"].clone(), text("public"))
            })
            .collect();
        (all["rounds"].clone(), of)
    };
    let value = |all: &[(String, Value, String)], name: &str| {
        let (_, value, public) = all.iter().find(|(of, ..)| of == name).unwrap().clone();
        (value, public)
    };
    let (rounds, before) = figures().await;
    assert_eq!((rounds, value(&before, "tubes").0), (json!(1), json!(3)));
    assert_eq!(value(&before, "people_to_call"), (Value::Null, "not released yet".to_owned()));
    assert_eq!(value(&before, "result_median_min"), (Value::Null, "none yet".to_owned()));
    of.table(0, &[(&of.tubes[0], "阴性"), (&of.tubes[1], "阳性")]).await;
    let waiting = of.results().await["waiting"].clone();
    let all: Vec<Value> = waiting.as_array().unwrap().iter().map(|one| one["report"].clone()).collect();
    for lab in &of.labs {
        of.release(lab, Some(all.clone())).await;
    }
    // A round that was folded for it before has grown since.
    let (_, after) = figures().await;
    assert_eq!(value(&after, "results_out").0, json!(2));
    assert_eq!(value(&after, "people_to_call"), (json!(3), "fewer than 5".to_owned()));
    assert_eq!(value(&after, "people_called"), (json!(0), "0".to_owned()));
    let called = of.site.ask(Method::GET, &format!("{}/callbacks", of.site.round), None).await.json();
    let call = json!({ "visit": called["people"][0]["visit"], "outcome": "reached" });
    let call = of.site.ask(Method::POST, &format!("{}/callbacks", of.site.round), Some(call)).await;
    assert_eq!(call.status, StatusCode::NO_CONTENT, "{}", call.text());
    assert_eq!(value(&figures().await.1, "people_called").0, json!(1));
    let text = of.site.ask(Method::GET, &format!("{community}/figures.txt?lang=en"), None).await.text();
    assert!(text.starts_with("Willow Court: all rounds so far (1), as of 20"), "{text}");
    assert!(text.contains("\npeople of positive tubes: fewer than 5\n  People in tubes"), "{text}");
    let table = of.site.ask(Method::GET, &format!("{community}/figures.csv?lang=zh"), None).await.text();
    assert!(table.contains("\npeople_called,1,少于 5,"), "{table}");
    // Two rounds are summed: a second one is empty yet.
    let scenario = of.site.ask(Method::GET, "/api/v1/scenarios", None).await.json()[0]["id"].clone();
    let new = json!({ "scenario": scenario, "policy": "waves", "retain_until": in_a_month() });
    let made = of.site.ask(Method::POST, &of.site.rounds, Some(new)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let (rounds, both) = figures().await;
    assert_eq!((rounds, value(&both, "tubes").0), (json!(2), json!(3)));
}
