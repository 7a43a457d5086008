//! Doses for a registry: who got what, with a name, for the secretary alone.

use crate::{
    Answer,
    rounds::{Site, done},
};
use axum::http::{Method, StatusCode};
use domain::{Command, command::Thing};
use phone::Phone;
use serde_json::{Value, json};
use uuid::Uuid;

const ROLL: &str = "building,door,name,document\n1,101,王小明,11010519491231002X\n1,102,Kim Lee,E1234567\n";

/// Everybody on the roll has a dose, and somebody who is not.
async fn given() -> Site {
    give(Site::watched(ROLL).await, None).await
}

async fn give(site: Site, lot: Option<&str>) -> Site {
    let (mut phone, _) = site.phone("sampler", Some("sampling"), 1).await;
    let serve = |phone: &mut Phone, visit: Uuid| {
        let table = phone.table().unwrap().clone();
        let dose = Thing { kind: "dose".to_owned(), item: Uuid::new_v4(), lot: lot.map(str::to_owned) };
        done(phone, &[Command::Serve { visit, table, item: Some(dose) }]);
    };
    let doors = phone.bundle().doors.len();
    let mut visits: Vec<Uuid> = (0..doors).map(|of| phone.bundle().doors[of].people[0].visit).collect();
    visits.push(Uuid::new_v4());
    for visit in visits {
        serve(&mut phone, visit);
    }
    site.sync(&mut phone).await;
    site
}

async fn file(site: &Site, query: &str) -> Answer {
    site.ask(Method::GET, &format!("{}/doses/file?lang=en&{query}", site.round), None).await
}

async fn looks(site: &Site) -> usize {
    let accesses = format!("{}/accesses", site.rounds.trim_end_matches("/rounds"));
    site.ask(Method::GET, &accesses, None).await.text().matches("doses for a registry").count()
}

#[tokio::test]
async fn doses_are_told_to_a_registry_with_names_and_each_look_is_written_down() {
    let site = given().await;
    let counted = site.ask(Method::GET, &format!("{}/doses", site.round), None).await.json();
    assert_eq!(counted, json!({ "doses": 3, "unlisted": 1 }));
    assert_eq!(looks(&site).await, 0, "nobody's name was read");

    let fhir = file(&site, "form=fhir&cvx=141&vaccine=Influenza&nth=1&hundredths_ml=50").await;
    assert_eq!((fhir.status, fhir.header("cache-control")), (StatusCode::OK, "no-store"), "{}", fhir.text());
    let bundle = fhir.json();
    let all = bundle["entry"].as_array().unwrap();
    let of = |kind: &str| -> Vec<&Value> {
        all.iter().map(|of| &of["resource"]).filter(|of| of["resourceType"] == kind).collect()
    };
    let (patients, doses) = (of("Patient"), of("Immunization"));
    assert_eq!((patients.len(), doses.len(), &bundle["type"]), (2, 2, &json!("transaction")));
    let wang = patients.iter().find(|of| of["name"][0]["family"] == "王小明").unwrap();
    assert_eq!((&wang["birthDate"], &wang["gender"]), (&json!("1949-12-31"), &json!("female")));
    assert_eq!(wang["identifier"][1]["value"], "11010519491231002X", "{wang:#}");
    // Nothing is guessed of a passport.
    let kim = patients.iter().find(|of| of["name"][0]["family"] == "Kim Lee").unwrap();
    assert_eq!((&kim["birthDate"], &kim["gender"]), (&json!(null), &json!("unknown")), "{kim:#}");
    assert_eq!(doses[0]["vaccineCode"]["coding"][0]["code"], "141", "{:#}", doses[0]);
    assert_eq!(doses[0]["location"]["display"], "Willow Court");

    let hl7 = file(&site, "form=hl7&cvx=141&vaccine=Influenza").await;
    let lines: Vec<String> = hl7.text().split('\r').map(str::to_owned).collect();
    let starting = |with: &str| lines.iter().filter(|line| line.starts_with(with)).count();
    assert_eq!([starting("MSH|"), starting("PID|"), starting("RXA|"), starting("BTS|2")], [2, 2, 2, 1]);
    assert_eq!(looks(&site).await, 2);

    // The same dose is the same again, whenever it is asked for.
    let again = file(&site, "form=fhir&cvx=141&vaccine=Influenza&nth=1&hundredths_ml=50").await.json();
    let id = |bundle: &Value| bundle["entry"][1]["resource"]["identifier"].clone();
    assert_eq!(id(&again), id(&bundle));
}

#[tokio::test]
async fn a_lots_last_day_is_the_sites_whatever_zone_the_times_are_told_in() {
    let site = give(Site::of_a_lot("Europe/Berlin", "A1", "2099-06-30", ROLL).await, Some("A1")).await;
    for zone in ["", "&zone=America/New_York"] {
        let told = file(&site, &format!("form=fhir&cvx=141&vaccine=Influenza{zone}")).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        assert_eq!(told.text().matches("\"expirationDate\":\"2099-06-30\"").count(), 2, "{}", told.text());
    }
}

#[tokio::test]
async fn a_registry_is_told_nothing_that_is_not_known() {
    let site = given().await;
    for wrong in [
        "form=fhir&cvx=&vaccine=Influenza",
        "form=fhir&cvx=1411&vaccine=Influenza",
        "form=fhir&cvx=14a&vaccine=Influenza",
        "form=hl7&cvx=141&vaccine=%20",
        "form=hl7&cvx=141&vaccine=I&nth=0",
    ] {
        assert_eq!(file(&site, wrong).await.problem(), (422, "vaccine".to_owned()), "{wrong}");
    }
    assert_eq!(looks(&site).await, 0);
    // Who has no dose is nobody's to be told of, and no name is read.
    let tubes = Site::new().await;
    let none = file(&tubes, "form=fhir&cvx=141&vaccine=Influenza").await;
    assert_eq!(none.problem(), (409, "no_doses".to_owned()));
    assert_eq!(looks(&tubes).await, 0);
}
