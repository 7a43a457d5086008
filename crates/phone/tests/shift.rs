//! A shift of two phones without a network, and what the server makes of it afterwards.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/garden.rs"]
mod garden;

use domain::{
    Command, Envelope, Event, Moment,
    command::Thing,
    event::{Answer, Guest, Holder, HolderKind},
};
use garden::{at, bundle, id, visit};
use journal::{Frame, Head, SecretKey, Slice};
use phone::{Bundle, Found, Kept, Phone, Refused, Scanned, Step};
use round::{CodeFault, Folded, Refusal, TubeKey, person_code};
use uuid::Uuid;

fn key(of: u8) -> SecretKey {
    SecretKey::from_random([of; 32])
}

fn registrar() -> Phone {
    Phone::join(bundle(1, "registrar", Some(("registration", 1))), key(1), [1; 32])
}

fn sampler(device: u128) -> Phone {
    Phone::join(bundle(device, "sampler", Some(("sampling", 1))), key(device as u8), [device as u8; 32])
}

fn check_in(phone: &Phone, door: usize, people: &[u32]) -> Vec<Command> {
    let of = &phone.bundle().doors[door];
    let one = |&place: &u32| Command::CheckIn {
        visit: of.people[place as usize].visit,
        household: Some(of.household),
        class: of.people[place as usize].class.clone(),
        guest: None,
        table: phone.table().unwrap().clone(),
    };
    people.iter().map(one).collect()
}

fn serve(phone: &Phone, visit: Uuid, tube: u32) -> [Command; 1] {
    let item = TubeKey::new(id(7), [5; 32]).code(tube).item();
    let item = Some(Thing { kind: "tube".to_owned(), item, lot: None });
    [Command::Serve { visit, table: phone.table().unwrap().clone(), item }]
}

fn done(phone: &mut Phone, at: Moment, commands: &[Command]) -> Vec<Frame> {
    let step: Step = phone.decide(at, commands).unwrap();
    let frames = step.frames.clone();
    phone.done(step);
    frames
}

/// What a server makes of slices: everything that was sent, in the order in which it came.
fn told(slices: &[&Slice]) -> Folded {
    let bundle = bundle(0, "secretary", None);
    let mut folded = Folded::new(bundle.rules, bundle.calls);
    for slice in slices {
        let (community, device) = (Uuid::from_bytes(slice.log.community), Uuid::from_bytes(slice.log.device));
        folded.admit((slice.after + 1..).zip(&slice.frames).map(|(seq, frame)| {
            Envelope::of_body((community, device, seq), Uuid::from_bytes(frame.id), &frame.body).unwrap()
        }));
    }
    folded
}

#[test]
fn two_tables_without_a_network_make_one_round() {
    let (mut first, mut second) = (registrar(), sampler(2));
    // A household in two taps: two digits find the door, one tap checks all of it in.
    let found = first.find("02");
    assert_eq!(first.bundle().doors[found[0]].door, "102");
    let all = check_in(&first, found[0], &[0, 1]);
    done(&mut first, at(10), &all);
    assert_eq!(first.door(found[0]).unwrap().people.iter().filter(|of| of.arrived.is_some()).count(), 2);
    // The sampler has heard of nobody, and serves them all the same.
    for (person, seconds) in [(0, 30), (1, 40)] {
        let of = serve(&second, visit(1, person), 4);
        done(&mut second, at(seconds), &of);
    }
    let (one, other) = (first.slice().unwrap(), second.slice().unwrap());
    for order in [[&one, &other], [&other, &one]] {
        let folded = told(&order);
        let round = folded.live().round();
        assert_eq!(round.conflicts(), [], "{order:?}");
        assert_eq!((round.counts().arrived, round.counts().served), (2, 2));
        assert_eq!(round.tubes().len(), 1);
    }
}

#[test]
fn what_may_not_be_is_refused_at_the_table() {
    let mut phone = sampler(2);
    for (place, seconds) in [(0, 10), (1, 20), (2, 30)] {
        let of = serve(&phone, visit(place, 0), 4);
        done(&mut phone, at(seconds), &of);
    }
    let mut refused = |visit: Uuid, tube: u32| {
        let of = serve(&phone, visit, tube);
        let Refused { refusal, .. } = phone.decide(at(40), &of).unwrap_err();
        refusal
    };
    let tube = TubeKey::new(id(7), [5; 32]).code(4).item();
    // The fourth of three, a used tube, and somebody who is in one already.
    assert_eq!(refused(visit(3, 0), 4), Refusal::TubeSealed { tube });
    assert_eq!(refused(visit(0, 0), 5), Refusal::InTube { person: 1, tube });
    assert_eq!(phone.unsent(), 10, "three people served, with a tube each, gone, and a seal");
}

#[test]
fn codes_are_what_they_are() {
    let phone = sampler(2);
    let ours = TubeKey::new(id(7), [5; 32]).code(77);
    assert_eq!(phone.scanned(&ours.to_string()), Scanned::Tube(ours));
    assert_eq!(phone.scanned(&ours.to_string()[6..]), Scanned::Tube(ours));
    let yesterday = TubeKey::new(id(7), [6; 32]).code(77).to_string();
    assert_eq!(phone.scanned(&yesterday), Scanned::Fault(CodeFault::NotOurs));
    let neighbour = TubeKey::new(id(9), [5; 32]).code(77).to_string();
    assert_eq!(phone.scanned(&neighbour), Scanned::Fault(CodeFault::Foreign));
    let mistyped = ours.to_string().replacen("002D", "002E", 1);
    assert_eq!(phone.scanned(&mistyped), Scanned::Fault(CodeFault::Mistyped));
    let door = &phone.bundle().doors[3];
    assert_eq!(phone.scanned(&door.code), Scanned::Found(Found::Door(3)));
    let link = format!("https://example.org/r#{}", door.people[1].code);
    assert_eq!(phone.scanned(&link), Scanned::Found(Found::Person(3, 1)));
    assert_eq!(phone.scanned(&person_code([9; 5])), Scanned::Elsewhere);
    for other in ["", "你好", "x/y#z="] {
        assert_eq!(phone.scanned(other), Scanned::Other(None), "{other}");
    }
    for (card, number) in [("SW007", 7), ("sw012", 12), ("https://example.org/c#SW999", 999)] {
        assert_eq!(phone.scanned(card), Scanned::Card(number));
    }
    for none in ["SW", "SW12", "SW-012", "SW000", "SW1234", "SWX"] {
        assert!(!matches!(phone.scanned(none), Scanned::Card(_)), "{none}");
    }
    // A tower called as the cards are.
    let mut tower = phone.bundle().clone();
    tower.doors[7].building = "SW".to_owned();
    let phone = Phone::join(tower, key(2), [2; 32]);
    assert_eq!(phone.bundle().doors[7].label(), "SW-204");
    assert_eq!(phone.scanned("SW204"), Scanned::Found(Found::Door(7)));
    assert_eq!(phone.scanned("SW205"), Scanned::Card(205));
}

/// A card of another system says nothing, until somebody says whose it is. What is written down does not tell the code.
#[test]
fn a_card_of_another_system_is_known_once_it_was_linked() {
    let mut phone = registrar();
    const CARD: &str = "6901234567892";
    let Scanned::Other(Some(code)) = phone.scanned(CARD) else { panic!("not known yet") };
    let door = phone.bundle().doors[1].household;
    let guest = phone.fresh(at(5));
    let link = |code, visit, household| [Command::LinkCode { code, visit, household, instead: false }];
    let frames = done(&mut phone, at(10), &link(code, Some(visit(1, 0)), Some(door)));
    assert!(frames.iter().all(|frame| !String::from_utf8_lossy(&frame.body).contains(CARD)));
    assert_eq!(phone.scanned(CARD), Scanned::Found(Found::Person(1, 0)));
    assert_eq!(phone.scanned("690-1234-567892"), Scanned::Found(Found::Person(1, 0)), "as it is printed");
    for (card, visit, household, found) in [
        ("A0000001", None, Some(door), Scanned::Found(Found::Door(1))),
        ("A0000002", Some(guest), None, Scanned::Guest(guest)),
        ("A0000003", None, Some(id(0x999)), Scanned::Elsewhere),
        // Somebody who came to a door of this roll and is not on it, and to a door of another.
        ("A0000004", Some(guest), Some(door), Scanned::Guest(guest)),
        ("A0000005", Some(id(0x77)), Some(id(0x999)), Scanned::Elsewhere),
        // Of the lengths of our own codes, and a passport among them.
        ("21234000123456", Some(visit(1, 0)), Some(door), Scanned::Found(Found::Person(1, 0))),
        ("E12345678", Some(visit(1, 1)), Some(door), Scanned::Found(Found::Person(1, 1))),
    ] {
        let seen = phone.scanned(card);
        let code = match seen {
            Scanned::Other(Some(code)) => code,
            _ => phone.foreign_card(card).unwrap().code,
        };
        let is_ours = card.len() != 8;
        assert_eq!(
            is_ours,
            matches!(seen, Scanned::Fault(CodeFault::Mistyped | CodeFault::Foreign)),
            "{seen:?}"
        );
        done(&mut phone, at(20), &link(code, visit, household));
        assert_eq!(phone.scanned(card), found, "{card}");
        assert_eq!(phone.foreign_card(card).map(|of| (of.code, of.linked)), Some((code, true)));
    }
    // A link is one card as a whole, whatever stands at its end.
    let link_of = |card: &str| format!("https://example.org/c/{card}/verify");
    let Scanned::Other(Some(code)) = phone.scanned(&link_of("8213377")) else { panic!("not known yet") };
    done(&mut phone, at(30), &link(code, Some(visit(1, 0)), Some(door)));
    assert_eq!(phone.scanned(&link_of("8213377")), Scanned::Found(Found::Person(1, 0)));
    for other in ["8213378", "82133/77", "8213377 "] {
        assert!(matches!(phone.scanned(&link_of(other)), Scanned::Other(Some(_))), "{other}");
    }
    // Linked to the wrong person: it is linked anew, and that can be taken back.
    let mend = Command::LinkCode { code, visit: Some(visit(2, 0)), household: None, instead: true };
    done(&mut phone, at(40), &[mend]);
    assert_eq!(phone.scanned(&link_of("8213377")), Scanned::Found(Found::Person(2, 0)));
    let undone = phone.undo(at(41)).unwrap();
    phone.done(undone);
    assert_eq!(phone.scanned(&link_of("8213377")), Scanned::Found(Found::Person(1, 0)));
    // Another round's phone makes something else of the same card.
    let other = Phone::join(Bundle { code_key: Some([7; 32]), ..phone.bundle().clone() }, key(1), [1; 32]);
    assert!(!matches!(other.scanned(CARD), Scanned::Other(Some(same)) if same == code));
    // A short text is a door that was typed wrongly; a phone that has nothing to do with people has no key.
    assert_eq!(phone.scanned("99301"), Scanned::Other(None));
    let order = Phone::join(Bundle { code_key: None, ..phone.bundle().clone() }, key(1), [1; 32]);
    assert_eq!(order.scanned(CARD), Scanned::Other(None));
}

#[test]
fn somebody_who_is_not_on_the_roll_is_let_in_and_marked() {
    let mut phone = registrar();
    let visit = phone.fresh(at(5));
    let table = phone.table().unwrap().clone();
    let of = Command::CheckIn {
        visit,
        household: Some(id(0x101)),
        class: "green".to_owned(),
        guest: Some(Guest::Carer),
        table,
    };
    done(&mut phone, at(10), &[of]);
    let shown = phone.person(visit);
    assert_eq!((shown.guest, shown.number, shown.green), (Some(Guest::Carer), Some(1), true));
    assert_eq!(shown.door, "1-102");
    assert_eq!(phone.door(1).unwrap().people.len(), 3);
    // Let in at a door of another roll: known by the card all the same.
    let code = phone.foreign_card("A0000004").unwrap().code;
    let link = Command::LinkCode { code, visit: Some(visit), household: Some(id(0x999)), instead: false };
    done(&mut phone, at(10), &[link]);
    assert_eq!(phone.scanned("A0000004"), Scanned::Guest(visit));
    assert_eq!(phone.now(at(11)).green, 1);
}

#[test]
fn callers_see_the_wave_whose_turn_it_is_as_they_walk() {
    let mut phone = Phone::join(bundle(3, "caller", None), key(3), [3; 32]);
    let place = phone.wave_now(at(0)).unwrap();
    let call = phone.call(place).unwrap();
    assert_eq!((call.wave, call.call_at.as_str(), call.doors.len()), (1, "07:00", 20));
    let floors: Vec<u32> = call.doors.iter().filter_map(|door| door.floor).collect();
    assert!(floors.is_sorted(), "{floors:?}");
    for (number, door) in (0..).zip(&call.doors) {
        done(&mut phone, at(number), &[Command::CallHousehold { household: door.household, wave: 1 }]);
    }
    let household = call.doors[0].household;
    done(&mut phone, at(60), &[Command::AnswerCall { household, answer: Answer::NotAtHome }]);
    assert_eq!(phone.call(0).unwrap().doors[0].answer, Some(Answer::NotAtHome));
    assert_eq!(phone.call(0).unwrap().doors[0].told, None);
    done(&mut phone, at(70), &[Command::TellNotice { household }]);
    let door = &phone.call(0).unwrap().doors[0];
    assert_eq!((door.told.as_deref(), door.answer), (Some("07:01"), Some(Answer::NotAtHome)));
    assert_eq!(phone.wave_now(at(100)), Some(0), "the next is not due yet");
    assert_eq!(phone.wave_now(at(1200)), Some(1));
}

#[test]
fn a_phone_that_starts_again_knows_what_it_wrote() {
    let mut phone = registrar();
    let mut frames = Vec::new();
    for door in 0..5 {
        let of = check_in(&phone, door, &[0]);
        frames.extend(done(&mut phone, at(door as i64), &of));
    }
    let slice = phone.slice().unwrap();
    assert!(phone.stored(&slice.head()));
    let of = check_in(&phone, 7, &[0, 1]);
    frames.extend(done(&mut phone, at(50), &of));
    let kept = Kept { acknowledged: phone.acknowledged(), frames };
    let again = Phone::start(phone.bundle().clone(), key(1), kept.clone(), [9; 32]).unwrap();
    assert_eq!((again.head(), again.unsent()), (phone.head(), 6));
    assert_eq!(again.folded().live().round().counts(), phone.folded().live().round().counts());
    assert_eq!(again.slice(), phone.slice());
    let taken = check_in(&again, 7, &[0]);
    let mut again = again;
    assert!(matches!(again.decide(at(60), &taken).unwrap_err().refusal, Refusal::AlreadyArrived { .. }));
    // One bit of what is stored turns over: that is not this phone's log any more.
    for place in [0, 3, kept.frames.len() - 1] {
        let mut changed = kept.clone();
        changed.frames[place].body[8] ^= 1;
        let started = Phone::start(phone.bundle().clone(), key(1), changed, [9; 32]);
        assert!(started.is_none_or(|started| started.head() != phone.head()), "{place}");
    }
    assert!(!again.stored(&Head { seq: 17, ..slice.head() }), "a head of another log is believed by nobody");
}

#[test]
fn nothing_has_happened_before_it_is_stored() {
    let mut phone = registrar();
    let of = check_in(&phone, 0, &[0]);
    let step = phone.decide(at(0), &of).unwrap();
    // The disk was full: nothing was stored, so nothing was done, and the next try is as good as the first.
    drop(step);
    assert_eq!((phone.unsent(), phone.now(at(1)).written), (0, 0));
    done(&mut phone, at(2), &of);
    assert_eq!(phone.unsent(), 3);
    assert_eq!(phone.now(at(10)).undo_s, Some(52));
    let undone = phone.undo(at(20)).unwrap();
    phone.done(undone);
    assert_eq!(phone.folded().live().round().counts().arrived, 0);
    done(&mut phone, at(30), &of);
    assert_eq!(phone.now(at(91)).undo_s, None);
}

#[test]
fn the_tube_in_hand_is_the_one_that_is_being_filled() {
    let mut phone = sampler(2);
    assert_eq!(phone.now(at(0)).tube, None);
    for (place, tube, seconds) in [(0, 4, 10), (1, 4, 20), (2, 5, 30)] {
        let of = serve(&phone, visit(place, 0), tube);
        done(&mut phone, at(seconds), &of);
    }
    let in_hand = |phone: &Phone| phone.now(at(35)).tube.map(|tube| (tube.label, tube.people.len()));
    assert_eq!(in_hand(&phone), Some(("0005".to_owned(), 1)));
    let undone = phone.undo(at(35)).unwrap();
    phone.done(undone);
    assert_eq!(in_hand(&phone), Some(("0004".to_owned(), 2)), "a mistaken tube was never there");
    let of = serve(&phone, visit(2, 0), 4);
    done(&mut phone, at(40), &of);
    assert_eq!(in_hand(&phone), None, "full, and sealed");
    assert_eq!(phone.called(1).as_deref(), Some("1-101 Person 0"));
    assert_eq!(phone.called(9), None);
}

#[test]
fn a_tube_typed_without_its_community_is_a_tube_in_every_community() {
    let mut alike = 0;
    for community in 1..200 {
        let mut bundle = bundle(1, "sampler", Some(("sampling", 1)));
        bundle.community = id(community);
        let phone = Phone::join(bundle, SecretKey::from_random([1; 32]), [1; 32]);
        let code = TubeKey::new(id(community), [5; 32]).code(3);
        let typed = &code.to_string()[6..];
        alike += u32::from(round::read_person_code(typed).is_ok());
        assert_eq!(phone.scanned(typed), Scanned::Tube(code), "community {community}");
    }
    assert!(alike > 0, "in some it could be read as a person's");
}

#[test]
fn a_box_goes_from_the_table_to_a_courier_and_the_lab_without_a_network() {
    let key = TubeKey::new(id(7), [5; 32]);
    let batch = key.batch(1).id();
    let mut table = sampler(2);
    for (person, seconds) in [(0, 30), (1, 40)] {
        let of = serve(&table, visit(1, person), 4);
        done(&mut table, at(seconds), &of);
    }
    done(&mut table, at(50), &[Command::SealTube { item: key.code(4).item() }]);
    // What another table has sealed is not taken by one tap.
    let others = [
        Event::ItemGiven { visit: visit(2, 0), kind: "tube".to_owned(), item: key.code(5).item(), lot: None },
        Event::TubeSealed { item: key.code(5).item(), people: 1 },
    ];
    table.hear((1..).zip(others).map(|(seq, event)| envelope(seq, event)));
    let loose: Vec<String> = table.boxes(at(60)).loose.into_iter().map(|of| of.label).collect();
    assert_eq!(loose, ["0004"]);
    assert_eq!(table.scanned(&key.batch(1).to_string()), Scanned::Box(key.batch(1)));
    assert_eq!(table.scanned(&format!("https://example.org/#{}", key.batch(1))), Scanned::Box(key.batch(1)));
    let other = TubeKey::new(id(7), [6; 32]).batch(1);
    assert_eq!(table.scanned(&other.to_string()), Scanned::BoxFault(CodeFault::NotOurs));
    // Made up, and refused without asking anybody.
    let seal = |batch| Command::SealBatch { batch, tubes: vec![key.code(4).item()] };
    let refusal = |phone: &mut Phone, command| phone.decide(at(61), &[command]).unwrap_err().refusal;
    assert_eq!(refusal(&mut table, seal(other.id())), Refusal::StrangeBox { fault: CodeFault::NotOurs });
    done(&mut table, at(62), &[seal(batch)]);
    assert_eq!(table.boxes(at(63)).loose.len(), 1, "the other table's");
    assert_eq!(table.boxes(at(63)).here[0].count, 1);

    let mut courier = Phone::join(bundle(3, "courier", None), self::key(3), [3; 32]);
    let take = |kind, device, counted| Command::ReceiveBatch {
        batch,
        by: Holder { kind, id: id(device) },
        from: None,
        tubes: 1,
        counted,
    };
    assert_eq!(refusal(&mut courier, take(HolderKind::Courier, 3, false)), Refusal::BoxNotSealed { batch });
    let as_lab = refusal(&mut courier, take(HolderKind::Lab, 3, true));
    assert!(matches!(as_lab, Refusal::NotYourTask { .. }), "{as_lab:?}");
    done(&mut courier, at(600), &[take(HolderKind::Courier, 3, true)]);
    assert_eq!(courier.decide(at(601), &[take(HolderKind::Courier, 3, true)]).unwrap().frames, []);
    let held = courier.boxes(at(700)).held;
    assert_eq!((held.len(), held[0].left_min, held[0].mine), (1, None, true), "its time is not known yet");
    // The table's records come to the courier, and his to the lab.
    courier.hear(table.folded().told().iter().map(|told| (**told).clone()));
    assert_eq!(courier.boxes(at(630)).held[0].left_min, Some(230), "four hours from the first swab");
    let mut lab = Phone::join(bundle(9, "lab", None), self::key(9), [9; 32]);
    lab.hear(courier.folded().told().iter().map(|told| (**told).clone()));
    assert_eq!(lab.batch(batch, at(700)).holder, Some(HolderKind::Courier));
    let open = || Command::OpenBatch {
        batch,
        missing: vec![key.code(4).item()],
        spoiled: Vec::new(),
        extra: Vec::new(),
    };
    assert_eq!(refusal(&mut lab, open()), Refusal::BoxNotReceived { batch });
    done(&mut lab, at(3600), &[take(HolderKind::Lab, 9, false)]);
    done(&mut lab, at(3700), &[open()]);
    assert_eq!(lab.batch(batch, at(3701)).missing, [key.code(4).item()]);
    courier.hear(lab.folded().told().iter().map(|told| (**told).clone()));
    assert_eq!(courier.boxes(at(3800)).held, []);
}

fn envelope(seq: u64, event: Event) -> Envelope {
    Envelope {
        id: id(0xe000 + u128::from(seq)),
        community_id: id(7),
        device: id(0xff),
        seq,
        at: at(seq as i64).rfc3339(),
        origin: domain::Origin::Real,
        event,
    }
}
