//! A street of neighbours, each behind a door of their own.
#![allow(dead_code, reason = "each test takes what it needs")]

use domain::Moment;
use exchange::{Command, Event, Exchange, Kind, Meet, Place, Posting, Refusal, Side, Urgency, Who};
use uuid::Uuid;

pub const HOUR: i64 = 3600 * 10_000;
pub const AT: Moment = Moment(16_000_000_000_000);

#[derive(Default)]
pub struct Street {
    pub exchange: Exchange,
    pub log: Vec<(Moment, Event)>,
    pub now: Moment,
    drawn: u128,
}

pub fn id(of: u128) -> Uuid {
    Uuid::from_u128(of)
}

pub fn desk() -> Who {
    Who::Desk("anna".to_owned())
}

pub fn need(by: Uuid, kind: Kind) -> Posting {
    Posting {
        id: Uuid::from_u128(1 << 64),
        by,
        home: Uuid::from_u128(by.as_u128() | 1 << 80),
        side: Side::Need,
        kind,
        subject: None,
        for_child: false,
        urgency: Urgency::Usual,
        place: Place { building: "12".to_owned(), entrance: "2".to_owned(), floor: Some(3) },
        meet: Meet::Door,
        timed: false,
        from: AT,
        until: AT + 24 * HOUR,
        most: 1,
        words: String::new(),
        on_behalf: false,
    }
}

pub fn offer(by: Uuid, kind: Kind) -> Posting {
    Posting { side: Side::Offer, until: AT + 48 * HOUR, ..need(by, kind) }
}

impl Street {
    pub fn draw(&mut self) -> Uuid {
        self.drawn += 1;
        Uuid::from_u128(2 << 64 | self.drawn)
    }

    fn start(&mut self) {
        self.now = self.now.max(AT);
    }

    pub fn later(&mut self, ticks: i64) {
        self.start();
        self.now = self.now + ticks;
    }

    /// What comes of a command that is granted, and changes something.
    pub fn done(&mut self, by: &Who, command: Command) -> Vec<Event> {
        self.start();
        let events = self
            .exchange
            .decide(self.now, by, command.clone())
            .unwrap_or_else(|no| panic!("{command:?}: {no:?}"));
        assert!(!events.is_empty(), "{command:?} changes nothing");
        for event in &events {
            self.exchange.apply(self.now, event);
            self.log.push((self.now, event.clone()));
        }
        events
    }

    /// Whether a command is granted and changes nothing more.
    pub fn again(&mut self, by: &Who, command: Command) -> bool {
        self.exchange.decide(self.now, by, command) == Ok(vec![])
    }

    pub fn refused(&mut self, by: &Who, command: Command) -> Refusal {
        self.start();
        self.exchange.decide(self.now, by, command).unwrap_err()
    }

    pub fn post(&mut self, posting: Posting) -> Uuid {
        let posting = Posting { id: self.draw(), ..posting };
        let id = posting.id;
        self.done(&Who::Resident(posting.by), Command::Post(posting));
        id
    }

    pub fn post_of(&mut self, by: u128, kind: Kind) -> Uuid {
        self.post(offer(id(by), kind))
    }

    /// A need and an offer whose people have both said yes.
    pub fn agreed(&mut self, asks: Uuid, gives: Uuid, kind: Kind) -> (Uuid, Uuid) {
        let (need, offer) = (self.post(need(asks, kind)), self.post(offer(gives, kind)));
        self.done(&desk(), Command::Propose { need, offer });
        for who in [asks, gives] {
            self.done(&Who::Resident(who), Command::Accept { need });
        }
        (need, offer)
    }
}
