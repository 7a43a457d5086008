//! Random sequences of what neighbours and the secretariat do: what is granted holds the promises.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "street/street.rs"]
mod street;

use domain::Moment;
use exchange::{Command, Event, Exchange, Kind, Life, Posting, Side, Tone, Urgency, Who};
use proptest::prelude::*;
use std::collections::BTreeMap;
use street::{AT, HOUR, desk, id};
use uuid::Uuid;

/// What somebody does, by numbers that are turned into ids of what there is.
#[derive(Clone, Debug)]
enum Does {
    Post { side: Side, kind: Kind, urgency: Urgency, hours: (i64, i64), timed: bool, child: bool, most: u8 },
    OnPosting(u8, usize),
    OnPair(usize, usize),
    Speak,
    Answer(usize),
}

fn does() -> impl Strategy<Value = Does> {
    let kind = prop::sample::select(&[Kind::Food, Kind::Childcare, Kind::Visit][..]);
    let urgency = prop::sample::select(Urgency::ALL);
    let side = prop::sample::select(Side::ALL);
    let post = (side, kind, urgency, (0..8i64, 1..60i64), any::<[bool; 2]>(), 1..3u8).prop_map(
        |(side, kind, urgency, hours, [timed, child], most)| Does::Post {
            side,
            kind,
            urgency,
            hours,
            timed,
            child,
            most,
        },
    );
    prop_oneof![
        4 => post,
        9 => (0..14u8, 0..30usize).prop_map(|(what, of)| Does::OnPosting(what, of)),
        6 => (0..6usize, 0..8usize).prop_map(|(need, offer)| Does::OnPair(need, offer)),
        1 => Just(Does::Speak),
        1 => (0..3usize).prop_map(Does::Answer),
    ]
}

fn nth<T: Copy>(all: &[T], nth: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[nth % all.len()])
}

fn command(exchange: &Exchange, now: Moment, who: Uuid, drawn: Uuid, does: &Does) -> Option<(Who, Command)> {
    let needs: Vec<Uuid> = exchange.needs().map(|of| of.posting.id).collect();
    let offers: Vec<Uuid> = exchange.offers().map(|of| of.posting.id).collect();
    let resident = Who::Resident(who);
    Some(match *does {
        Does::Post { side, kind, urgency, hours: (from, lasts), timed, child, most } => {
            let from = now + from * HOUR;
            let until = from + lasts * HOUR;
            let posting = Posting {
                id: drawn,
                side,
                urgency,
                timed,
                from,
                until,
                for_child: child,
                most,
                ..street::need(who, kind)
            };
            (resident, Command::Post(posting))
        }
        Does::OnPosting(what, of) => {
            let under_way: Vec<Uuid> =
                exchange.needs().filter(|of| of.life.offer().is_some()).map(|of| of.posting.id).collect();
            let need = nth(if what >= 4 && !under_way.is_empty() { &under_way } else { &needs }, of)?;
            // Mostly one of the two whom it is about.
            let giver = exchange.need(need)?.life.offer().and_then(|offer| exchange.offer(offer));
            let asker = exchange.need(need)?.posting.by;
            let person = match of % 5 {
                0 => who,
                1 | 2 => giver.map_or(asker, |offer| offer.posting.by),
                _ => asker,
            };
            let resident = if what >= 4 { Who::Resident(person) } else { resident };
            match what {
                0 if of % 3 == 0 => {
                    (resident, Command::Withdraw { posting: nth(&[needs, offers].concat(), of)? })
                }
                1 if of % 3 == 0 => (resident, Command::HandOver { need }),
                2 => (desk(), Command::Carry { need }),
                3 => (desk(), Command::GiveWord { offer: nth(&offers, of)?, good: of % 5 > 0 }),
                4 if of % 6 == 0 => (desk(), Command::Settle { need }),
                5 => (resident, Command::Carry { need }),
                6 => (resident, Command::Confirm { need }),
                11 => (desk(), Command::Assign { need, volunteer: id(70 + of as u128 % 2) }),
                12 => (Who::Volunteer(id(70 + of as u128 % 2)), Command::Carry { need }),
                13 => (Who::Volunteer(id(70 + of as u128 % 2)), Command::Decline { need }),
                7 if of % 2 == 0 => (resident, Command::Decline { need }),
                _ => (resident, Command::Accept { need }),
            }
        }
        // As the page proposes; or, now and then, any two.
        Does::OnPair(of, other) if other > 0 => {
            let pair = exchange.proposals(now);
            let pair = pair.get(of % pair.len().max(1))?;
            (desk(), Command::Propose { need: pair.need, offer: pair.offer })
        }
        Does::OnPair(need, offer) => {
            (desk(), Command::Propose { need: nth(&needs, need)?, offer: nth(&offers, offer)? })
        }
        Does::Speak => {
            let (words, due) = (format!("voice {drawn}"), now + 30 * HOUR);
            (resident, Command::Speak { id: drawn, by: who, tone: Tone::Praise, words, due })
        }
        Does::Answer(of) => {
            let voices: Vec<Uuid> = exchange.voices().map(|of| of.id).collect();
            (desk(), Command::Answer { voice: nth(&voices, of)?, words: "thank you".to_owned() })
        }
    })
}

/// Who said yes since both were asked last, by the log alone.
fn said_yes(log: &[(Moment, Event)], need: Uuid) -> [bool; 2] {
    let mut yes = [false; 2];
    for (_, event) in log {
        match event {
            Event::Offered { need: of, .. } if *of == need => yes = [false; 2],
            Event::Accepted { need: of, side } if *of == need => yes[*side as usize] = true,
            _ => {}
        }
    }
    yes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn promises_are_kept(asked in prop::collection::vec((0..3i64, 1..6u128, does()), 1..200)) {
        let mut exchange = Exchange::default();
        let mut log: Vec<(Moment, Event)> = Vec::new();
        let mut now = AT;
        let mut granted = 0;
        for (number, (hours, who, does)) in (0u128..).zip(asked) {
            now = now + hours * HOUR;
            let drawn = Uuid::from_u128(2 << 64 | number);
            let Some((by, command)) = command(&exchange, now, id(who), drawn, &does) else { continue };
            let Ok(events) = exchange.decide(now, &by, command.clone()) else { continue };
            granted += events.len();
            for event in events {
                exchange.apply(now, &event);
                log.push((now, event));
            }
            // Asked again, it is done already, or it is another thing; it is never done twice.
            if let Ok(again) = exchange.decide(now, &by, command.clone()) {
                prop_assert!(again.is_empty(), "{command:?} twice: {again:?}");
            }
            for need in exchange.needs() {
                let id = need.posting.id;
                let near = |at: Moment| exchange.near(at).iter().any(|near| near.of == id);
                // Nothing stays open unseen: before its time it is promised, done, over, or on the list.
                let is_seen_to = matches!(need.life, Life::Agreed { .. } | Life::Carried { .. } | Life::Closed { .. });
                let before = now.max(need.posting.time() + -1);
                prop_assert!(is_seen_to || near(before), "{need:?} is not listed before its time");
                // What is on the list stays there: time alone takes nothing off it.
                prop_assert!(!near(now) || near(now + 1000 * HOUR), "{need:?} falls off the list");
                let is_open_late = now >= need.posting.until && !need.life.is_closed();
                let carried = matches!(need.life, Life::Carried { .. });
                prop_assert!(!is_open_late || carried || near(now), "{need:?} is late and unseen");
                // Nobody is told who the other is before both have said yes.
                for person in (1..6).map(street::id) {
                    if let Some(other) = exchange.partner(need, person) {
                        prop_assert_eq!(said_yes(&log, id), [true; 2]);
                        prop_assert_ne!(other.by, person);
                        let offer = exchange.offer(need.life.offer().unwrap()).unwrap();
                        prop_assert!([need.posting.by, offer.posting.by].contains(&person), "a third is told");
                    }
                }
                // What a volunteer carries stands on their page alone, and on it as long as it is not over.
                for volunteer in [70, 71].map(street::id) {
                    let has = exchange.errands(volunteer).any(|(of, _)| of.posting.id == id);
                    prop_assert_eq!(has, need.errand() == Some(volunteer));
                    prop_assert!(!has || need.carrier == Some(volunteer));
                }
                let alone = matches!(need.life, Life::Agreed { offer: None, .. } | Life::Carried { offer: None, .. });
                prop_assert!(!alone || need.errand().is_some(), "{need:?} is promised by nobody");
                // No child is promised to anybody of whom the secretariat said nothing.
                if let (true, Some(offer)) = (need.posting.for_child, need.life.offer()) {
                    let word = exchange.offer(offer).unwrap().word;
                    prop_assert!(word == Some(true) || carried, "{need:?} by {word:?}");
                }
            }
            let mut hands = BTreeMap::<Uuid, u8>::new();
            let asked = |need: &&exchange::Need| matches!(need.life, Life::Offered { .. } | Life::Agreed { .. });
            for offer in exchange.needs().filter(asked).filter_map(|need| need.life.offer()) {
                *hands.entry(offer).or_default() += 1;
            }
            for (offer, on_hand) in hands {
                prop_assert!(on_hand <= exchange.offer(offer).unwrap().posting.most, "more than was offered");
            }
            for pair in exchange.proposals(now) {
                let (need, offer) = (pair.need, pair.offer);
                prop_assert!(exchange.decide(now, &desk(), Command::Propose { need, offer }).is_ok(), "{pair:?} is refused");
            }
        }
        prop_assert!(granted == log.len());

        // What is written is read back, and comes to the same.
        let mut again = Exchange::default();
        for (at, event) in &log {
            let text = serde_json::to_string(event).unwrap();
            again.apply(*at, &serde_json::from_str(&text).unwrap());
        }
        prop_assert_eq!(&again, &exchange);

        // Somebody is erased: nothing of theirs is left, nothing of others is lost that was not theirs too.
        let gone = exchange.of_person(id(1));
        let kept = log.iter().filter(|(_, event)| !event.about().iter().flatten().any(|of| gone.contains(of)));
        let mut rest = Exchange::default();
        kept.clone().for_each(|(at, event)| rest.apply(*at, event));
        for (_, event) in kept {
            let text = serde_json::to_string(event).unwrap();
            prop_assert!(!text.contains(&id(1).to_string()), "{text}");
        }
        for need in exchange.needs().filter(|need| !gone.contains(&need.posting.id)) {
            let left = rest.need(need.posting.id).unwrap();
            prop_assert_eq!(&left.posting, &need.posting);
            prop_assert!(!need.life.is_closed() || left.life.is_closed(), "{need:?} comes up again");
        }

        // What is over is forgotten bit by bit, and nothing that was closed comes up again.
        for days in 10..20 {
            let gone = exchange.past(now + days * 24 * HOUR);
            let mut rest = Exchange::default();
            let kept = log.iter().filter(|(_, event)| !event.about().iter().flatten().any(|of| gone.contains(of)));
            kept.for_each(|(at, event)| rest.apply(*at, event));
            for need in exchange.needs().filter(|need| need.life.is_closed() && !gone.contains(&need.posting.id)) {
                prop_assert!(rest.need(need.posting.id).unwrap().life.is_closed(), "{need:?} comes up again");
            }
        }
    }
}
