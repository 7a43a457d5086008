//! A city that is helped, two that help, and a team of one of them.
#![allow(dead_code, reason = "each test takes what it needs")]

use domain::Moment;
use teams::{
    Ask, By, Change, Command, Deployment, Event, Member, Offer, Refusal, Role, Shift, Step, Strength, Team,
    Teams, Told,
};
use uuid::Uuid;

pub const MINUTE: i64 = 60 * 10_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

pub const CITY: Uuid = Uuid::from_u128(0xc1);
pub const NINGBO: Uuid = Uuid::from_u128(0xd1);
pub const HUZHOU: Uuid = Uuid::from_u128(0xd2);

/// Midnight in the city: 2022-04-01T00:00:00+08:00.
pub fn midnight() -> Moment {
    Moment::parse("2022-04-01T00:00:00+08:00").unwrap()
}

pub fn id(of: u128) -> Uuid {
    Uuid::from_u128(of)
}

pub fn desk(party: Uuid) -> By {
    By { party, role: Role::Desk, person: None }
}

pub fn leader(party: Uuid) -> By {
    By { party, role: Role::Leader, person: None }
}

pub fn control(party: Uuid) -> By {
    By { party, role: Role::InfectionControl, person: None }
}

pub struct City {
    pub teams: Teams,
    pub log: Vec<Told>,
    pub now: Moment,
    drawn: u128,
}

impl Default for City {
    fn default() -> City {
        City { teams: Teams::default(), log: vec![], now: midnight() + 8 * HOUR, drawn: 0 }
    }
}

impl City {
    pub fn draw(&mut self) -> Uuid {
        self.drawn += 1;
        Uuid::from_u128(1 << 100 | self.drawn)
    }

    pub fn later(&mut self, ticks: i64) {
        self.now = self.now + ticks;
    }

    /// Until a time of a day, counted from 0.
    pub fn until(&mut self, day: i64, hour: i64, minute: i64) {
        let then = midnight() + day * DAY + hour * HOUR + minute * MINUTE;
        assert!(then >= self.now, "time goes on");
        self.now = then;
    }

    /// A fact comes in, whatever the rules say.
    pub fn tell(&mut self, by: By, event: Event) -> Uuid {
        let told = Told { id: self.draw(), at: self.now, by, event };
        self.teams.apply(&told);
        let id = told.id;
        self.log.push(told);
        id
    }

    /// What is granted, and changes something.
    pub fn does(&mut self, by: By, command: Command) -> Vec<Event> {
        let events = self
            .teams
            .decide(self.now, &by, command.clone())
            .unwrap_or_else(|no| panic!("{command:?}: {no:?}"));
        assert!(!events.is_empty(), "{command:?} changes nothing");
        for event in &events {
            self.tell(by, event.clone());
        }
        events
    }

    pub fn again(&self, by: By, command: Command) -> bool {
        self.teams.decide(self.now, &by, command) == Ok(vec![])
    }

    pub fn refused(&self, by: By, command: Command) -> Vec<Refusal> {
        self.teams.decide(self.now, &by, command).unwrap_err()
    }

    /// What is near, by name.
    pub fn near(&self) -> Vec<&'static str> {
        let mut all: Vec<_> = self.teams.near(self.now).into_iter().map(|of| of.why.name()).collect();
        all.dedup();
        all
    }

    pub fn ask(&self, number: u32) -> Ask {
        Ask {
            id: id(0xa1),
            host: CITY,
            asked: vec![NINGBO],
            skill: "sampling".to_owned(),
            number,
            district: "浦东".to_owned(),
            from: Some(midnight() + DAY),
            until: Some(midnight() + 11 * DAY),
            answer_by: Some(midnight() + 12 * HOUR),
            why: "二轮筛查".to_owned(),
        }
    }

    pub fn offer(number: u32) -> Offer {
        Offer {
            id: id(0xb1),
            request: id(0xa1),
            donor: NINGBO,
            number,
            from: midnight() + DAY,
            until: midnight() + 11 * DAY,
        }
    }

    pub fn deployment(number: u32) -> Deployment {
        Deployment {
            id: id(0xe1),
            offer: id(0xb1),
            team: id(0xf1),
            number,
            departs: midnight() + 22 * HOUR,
            arrives: midnight() + DAY + 2 * HOUR,
        }
    }

    pub fn member(nth: u128) -> Member {
        Member { id: id(0x1000 + nth), supervisor: nth == 1, spared: false }
    }

    pub fn shift(&self, of: u128, members: &[u128], day: i64, from: (i64, i64), until: (i64, i64)) -> Shift {
        let at = |(hour, minute): (i64, i64)| midnight() + day * DAY + hour * HOUR + minute * MINUTE;
        Shift {
            id: id(0x2000 + of),
            team: id(0xf1),
            members: members.iter().map(|nth| id(0x1000 + nth)).collect(),
            district: "浦东".to_owned(),
            site: String::new(),
            from: at(from),
            until: at(until),
            outdoor: true,
            bus: None,
        }
    }

    /// A team of so many that is asked for, offered, committed, formed.
    pub fn committed(people: u32) -> City {
        let mut city = City::default();
        city.does(
            desk(NINGBO),
            Command::Declare(Strength {
                donor: NINGBO,
                skill: "sampling".to_owned(),
                people: people.max(100) + 200,
                reserve: 200,
            }),
        );
        let ask = city.ask(people);
        city.does(desk(CITY), Command::Request(ask));
        city.later(HOUR);
        city.does(desk(NINGBO), Command::Offer(City::offer(people)));
        city.later(HOUR);
        city.does(desk(CITY), Command::AcceptOffer { offer: id(0xb1), number: people });
        city.later(HOUR);
        city.does(desk(NINGBO), Command::Commit(City::deployment(people)));
        let team =
            Team {
                id: id(0xf1), donor: NINGBO, skill: "sampling".to_owned(), name: "宁波一队".to_owned()
            };
        city.does(desk(NINGBO), Command::Form(team));
        for nth in 1..=u128::from(people) {
            city.does(desk(NINGBO), Command::Join { team: id(0xf1), member: City::member(nth) });
        }
        city
    }

    /// The same with the recipient, in rooms of two.
    pub fn lodged(people: u32) -> City {
        let mut city = City::committed(people);
        city.until(0, 22, 0);
        city.step(NINGBO, Step::Departed);
        city.until(1, 2, 0);
        city.step(CITY, Step::Arrived);
        let house = id(0x1d);
        city.does(
            desk(CITY),
            Command::OpenLodging(teams::Lodging { id: house, host: CITY, beds: people.max(100) }),
        );
        let rooms = (1..=u128::from(people)).step_by(2).map(|nth| teams::Room {
            number: nth.to_string(),
            members: (nth..=u128::from(people).min(nth + 1)).map(|nth| id(0x1000 + nth)).collect(),
        });
        let rooms = rooms.collect();
        city.does(desk(CITY), Command::Lodge { deployment: id(0xe1), lodging: house, rooms });
        city
    }

    pub fn step(&mut self, party: Uuid, step: Step) {
        self.does(desk(party), Command::Step { deployment: id(0xe1), step });
    }

    pub fn extend(&self, until: Moment) -> Command {
        Command::AskChange { change: id(0xcc), deployment: id(0xe1), what: Change::Extend, until }
    }
}
