//! Orders of a plan held against what a desk asked and what came of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::Moment;
use serde_json::{Value, json};
use teams::{Answer, By, Event, Offer, Request, Role, Step, Teams, Told};
use uuid::Uuid;
use verbs::orders::{Held, Order, OrderNow, Orders, Unlike};

const CITY: Uuid = Uuid::from_u128(1);
const EAST: Uuid = Uuid::from_u128(2);
const LAKE: Uuid = Uuid::from_u128(3);

/// Team, donor, district, people, and days of April: leaves, from, until.
type Row = (&'static str, &'static str, &'static str, u32, [u8; 3]);

fn plan(rows: &[Row]) -> Value {
    let day = |day: u8| format!("2022-04-{day:02}");
    let deployments: Vec<Value> = rows
        .iter()
        .map(|(team, donor, district, people, [leaves, from, until])| {
            json!({ "team": team, "donor": donor, "recipient": district, "skill": "sampling", "people": people,
                "leaves": day(*leaves), "from": day(*from), "until": day(*until), "left": team.starts_with('L') })
        })
        .collect();
    let mut districts: Vec<&str> = rows.iter().map(|of| of.2).collect();
    districts.sort_unstable();
    districts.dedup();
    let districts: Vec<Value> = districts
        .iter()
        .map(|name| json!({ "recipient": name, "asked_person_days": 1, "met_person_days": 1, "share": 1.0 }))
        .collect();
    json!({ "first": "2022-04-03", "days": 7, "deployments": deployments, "districts": districts })
}

fn read(plan: &Value) -> Orders {
    Orders::read(plan.to_string().as_bytes()).unwrap()
}

fn orders(rows: &[Row]) -> Orders {
    let orders = read(&plan(rows));
    assert!(orders.notes.0.is_empty());
    orders
}

fn at(day: u8, hour: u8) -> Moment {
    Moment::parse(&format!("2022-04-{day:02}T{hour:02}:00:00+08:00")).unwrap()
}

/// A number of its own for each order, and for each request of it.
fn id(order: &Order, nth: u32) -> Uuid {
    let (donor, district, skill, leaves) = &order.key;
    let mut bytes = [0_u8; 16];
    for (at, byte) in format!("{donor}/{district}/{skill}/{leaves}/{nth}").bytes().enumerate() {
        bytes[at % 16] = bytes[at % 16].wrapping_mul(31).wrapping_add(byte);
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// What desks told, and who stands for whom.
#[derive(Default)]
struct World {
    teams: Teams,
    told: u128,
    east: Option<Uuid>,
}

impl World {
    fn tell(&mut self, party: Uuid, event: Event) {
        self.told += 1;
        let by = By { party, role: Role::Desk, person: None };
        let at = Moment(at(2, 8).0 + self.told as i64);
        self.teams.apply(&Told { id: Uuid::from_u128(1_000 + self.told), at, by, event });
    }

    fn held<T>(&self, day: u8, of: impl FnOnce(&Held<'_>) -> T) -> T {
        let stands = |donor: &str| self.east.filter(|_| donor == "East");
        of(&Held { teams: &self.teams, host: CITY, now: at(day, 9), id: &id, stands: &stands })
    }

    /// Asks for all that is lacking, as a desk does: ids and numbers.
    fn asks(&mut self, day: u8, orders: &Orders) -> Vec<(String, u32)> {
        let asks: Vec<Request> = self.held(day, |held| {
            let all = held.orders(orders).0;
            let wanting = all.iter().filter(|of| of.lacks > 0 && of.stands.is_some());
            let ask = |of: &OrderNow<'_>| Request {
                id: of.next,
                host: CITY,
                asked: of.stands.into_iter().collect(),
                skill: of.order.key.2.clone(),
                number: of.lacks,
                district: of.order.key.1.clone(),
                from: held.begins(of.order.from),
                until: held.ends(of.order),
                answer_by: held.begins(of.order.key.3),
                why: of.order.teams.clone(),
            };
            wanting.map(ask).collect()
        });
        let said = asks.iter().map(|of| (of.why.clone(), of.number)).collect();
        for request in asks {
            self.tell(CITY, Event::Requested { request });
        }
        said
    }

    fn offers(&mut self, request: Uuid, number: u32) -> Uuid {
        let id = Uuid::from_u128(self.told + 5_000);
        let of = self.teams.request(request).unwrap().request.clone();
        let offer = Offer { id, request, donor: EAST, number, from: of.from, until: of.until };
        self.tell(EAST, Event::Offered { offer });
        id
    }
}

fn world() -> World {
    World { east: Some(EAST), ..World::default() }
}

const FIRST: [Row; 3] = [
    ("A1", "East", "North", 30, [4, 5, 9]),
    ("A2", "East", "South", 20, [6, 6, 9]),
    ("A3", "West", "South", 10, [5, 5, 9]),
];

#[test]
fn an_order_is_asked_for_once_and_of_a_plan_made_anew_only_what_is_new_or_more() {
    let mut world = world();
    let first = orders(&FIRST);
    // Nobody stands for West: it is seen, and not asked.
    assert_eq!(world.asks(3, &first), [("A1".to_owned(), 30), ("A2".to_owned(), 20)]);
    assert_eq!(world.asks(3, &first), []);
    let north = world.teams.requests().find(|of| of.request.number == 30).unwrap().request.clone();
    assert_eq!(
        (north.from, north.until, north.answer_by, north.asked),
        (at(5, 0), at(10, 0), at(4, 0), vec![EAST])
    );

    // More of one, a new one, fewer of another, other days.
    let second = orders(&[
        ("A1", "East", "North", 45, [4, 5, 9]),
        ("A2", "East", "South", 15, [6, 6, 9]),
        ("A4", "East", "South", 5, [7, 7, 9]),
    ]);
    assert_eq!(world.asks(3, &second), [("A1".to_owned(), 15), ("A4".to_owned(), 5)]);
    assert_eq!(world.asks(3, &second), []);
    let unlike = |world: &World, orders: &Orders| {
        let said = world.held(3, |held| held.unlike(orders));
        let number = |id: Uuid| world.teams.request(id).unwrap().request.number;
        said.into_iter().map(|(id, why)| (number(id), why)).collect::<Vec<_>>()
    };
    assert_eq!(unlike(&world, &second), [(20, vec![Unlike::Fewer { people: 15 }])]);

    // What was closed without an answer is asked for anew: as many as the plan says.
    let south = world.teams.requests().find(|of| of.request.number == 20).unwrap().request.id;
    world.tell(CITY, Event::RequestClosed { request: south, how: teams::Close::Cancelled });
    assert_eq!(unlike(&world, &second), []);
    assert_eq!(world.asks(3, &second), [("A2".to_owned(), 15)]);

    let third = orders(&[("A1", "East", "North", 45, [4, 5, 8])]);
    let day = |day: i8| jiff::civil::date(2022, 4, day);
    let days = vec![Unlike::Days { from: day(5), until: day(8) }];
    let gone = |number: u32| (number, vec![Unlike::Gone]);
    let mut said = unlike(&world, &third);
    said.sort_by_key(|(number, why)| (*number, why.len()));
    assert_eq!(said, [gone(5), (15, days.clone()), gone(15), (30, days)]);

    // Who left when it was made is no order, and not gone either.
    let left = orders(&[("L1", "East", "North", 45, [4, 5, 9]), ("A2", "East", "South", 15, [6, 6, 9])]);
    assert_eq!(unlike(&world, &left), [gone(5)]);
    assert_eq!(world.asks(3, &left), []);
}

#[test]
fn who_said_no_is_not_asked_again_and_another_partner_is() {
    let mut world = world();
    let first = orders(&FIRST[..1]);
    world.asks(3, &first);
    let request = world.teams.requests().next().unwrap().request.id;
    world.tell(EAST, Event::Declined { request, donor: EAST });
    world.held(3, |held| {
        let of = held.orders(&first).0.remove(0);
        assert_eq!((of.declined, of.lacks, of.asked, of.short), (true, 0, 30, 30));
    });
    world.tell(CITY, Event::RequestClosed { request, how: teams::Close::Cancelled });
    assert_eq!(world.asks(3, &first), []);
    world.east = Some(LAKE);
    assert_eq!(world.asks(3, &first), [("A1".to_owned(), 30)]);
    // And if yet another one stands for it, what is open is told.
    world.east = Some(EAST);
    assert_eq!(world.held(3, |held| held.unlike(&first))[0].1, [Unlike::Partner]);
    assert_eq!(world.asks(3, &first), []);
}

#[test]
fn what_came_stands_beside_the_order_and_what_is_short_tomorrow_comes_first() {
    let mut world = world();
    let first = orders(&FIRST);
    world.asks(3, &first);
    let seen = |world: &World, day: u8| {
        world.held(day, |held| {
            let all = held.orders(&first).0;
            all.iter().map(|of| (of.order.teams.clone(), of.short, of.is_urgent)).collect::<Vec<_>>()
        })
    };
    let line = |team: &str, short: u32, urgent: bool| (team.to_owned(), short, urgent);
    assert_eq!(seen(&world, 3), [line("A1", 30, true), line("A3", 10, false), line("A2", 20, false)]);
    let request = world.teams.requests().find(|of| of.request.number == 30).unwrap().request.id;
    let offer = world.offers(request, 30);
    let figures = |world: &World, day: u8| {
        world.held(day, |held| {
            let all = held.orders(&first).0;
            let of = all.iter().find(|of| of.order.teams == "A1").unwrap();
            ([of.asked, of.offered, of.accepted, of.on_way, of.there], of.short)
        })
    };
    assert_eq!(figures(&world, 3), ([30, 30, 0, 0, 0], 30));
    world.tell(CITY, Event::OfferAccepted { offer, number: 25 });
    assert!(matches!(world.teams.offer(offer).unwrap().answer, Some((_, Answer::Accepted { number: 25 }))));
    assert_eq!(figures(&world, 3), ([30, 0, 25, 0, 0], 5));
    let deployment = teams::Deployment {
        id: Uuid::from_u128(77),
        offer,
        team: Uuid::from_u128(78),
        number: 20,
        departs: at(4, 6),
        arrives: at(4, 12),
    };
    let step = |step: Step| Event::Stepped { deployment: deployment.id, step };
    world.tell(EAST, Event::Committed { deployment: deployment.clone() });
    assert_eq!(figures(&world, 4), ([30, 0, 25, 0, 0], 5));
    world.tell(EAST, step(Step::Departed));
    // The day of leaving is over: who is not on the way is missing.
    assert_eq!(figures(&world, 5), ([30, 0, 25, 20, 0], 10));
    // So is, after the first day of work, who is not there.
    assert_eq!(figures(&world, 6), ([30, 0, 25, 20, 0], 30));
    world.tell(EAST, step(Step::Arrived));
    assert_eq!(figures(&world, 6), ([30, 0, 25, 0, 20], 10));
}

#[test]
fn nothing_is_asked_for_the_past() {
    let mut world = world();
    let first = orders(&FIRST);
    // On the 5th East's 30 should have left, which nobody asked for.
    assert_eq!(world.held(5, |held| held.orders(&first).1), 1);
    assert_eq!(world.asks(5, &first), [("A2".to_owned(), 20)]);
    // What was asked is seen until its last day of work.
    let seen = |world: &World, day: u8| world.held(day, |held| held.orders(&first).0.len());
    assert_eq!((seen(&world, 9), seen(&world, 10)), (1, 0));
    assert_eq!(world.held(10, |held| held.orders(&first).1), 2);
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_the_rest_can_be_asked() {
    let long = "x".repeat(61);
    let mut of = plan(&[
        ("A1", "East", "North", 30, [4, 5, 9]),
        ("A2", "East", "South", 0, [6, 6, 9]),
        ("A3", "East", "Island", 5, [7, 6, 9]),
        ("A4", "East", "Island", 5, [8, 8, 9]),
    ]);
    of["deployments"][3]["skill"] = json!(long);
    let orders = read(&of);
    let told: Vec<(&str, &str)> =
        orders.notes.0.iter().map(|note| (note.code, note.place.column.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("order_people", "deployments[1].people"),
            ("order_days", "deployments[2].until"),
            ("order_name", "deployments[3].skill")
        ]
    );
    let good: Vec<&str> = orders.orders.iter().filter(|of| !of.is_off).map(|of| of.teams.as_str()).collect();
    assert_eq!(good, ["A1"]);

    // A plan that breaks its own rules is not asked for at all.
    let mut of = plan(&FIRST);
    of["broken"] = json!(2);
    let orders = read(&of);
    assert_eq!(orders.notes.0[0].code, "order_broken");
    assert!(orders.orders.iter().all(|of| of.is_off));
    let code = |text: &str| Orders::read(text.as_bytes()).unwrap_err().0[0].code;
    assert_eq!(code("{"), "document_not_json");
    assert_eq!(code(r#"{"deployments":[]}"#), "document_older");
    let mut of = plan(&FIRST);
    of["deployments"][0]["leaves"] = json!("soon");
    assert_eq!(Orders::read(of.to_string().as_bytes()).unwrap_err().0[0].code, "document_odd");
}
