//! Facts that contradict each other, and those that nobody need believe. What devices recorded is never refused: it stays,
//! and a person settles it.

use crate::{
    CodeFault, Matter, Role, Round, Said, Whose,
    tube::label,
    visit::{Desk, End},
};
use domain::{
    Moment,
    event::{Finding, Holder, HolderKind},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Two facts that cannot both be true, or one that cannot be placed. The first is the one that was folded first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Two tables say that they served the same person at the same time.
    TwoTables {
        /// Whom.
        visit: Uuid,
        /// Where first.
        first: Table,
        /// Where then.
        second: Table,
    },
    /// One table says that it serves two people who did not come together.
    TwoAtTable {
        /// The table.
        table: Table,
        /// Whom first.
        first: Uuid,
        /// Whom then.
        second: Uuid,
    },
    /// A sealed tube holds more people than were in it when it was sealed.
    TubeGrew {
        /// The tube.
        tube: Uuid,
        /// People in it, says who sealed it.
        sealed_with: u8,
        /// People in it by what else was written down.
        people: usize,
        /// When the fact that does not fit was recorded.
        at: Moment,
    },
    /// Two people sealed a tube and counted differently.
    TwoSeals {
        /// The tube.
        tube: Uuid,
        /// When, and with how many people.
        first: (Moment, u8),
        /// When, and with how many people.
        second: (Moment, u8),
    },
    /// More people in a tube than it may hold.
    TubeOverfull {
        /// The tube.
        tube: Uuid,
        /// People in it.
        people: usize,
        /// When the last came in.
        at: Moment,
    },
    /// A person in two tubes, or given two things.
    TwoItems {
        /// Who.
        visit: Uuid,
        /// The first.
        first: Uuid,
        /// The second.
        second: Uuid,
        /// When the second was given.
        at: Moment,
    },
    /// One dose, course or parcel given to two people.
    ItemTwice {
        /// Which.
        item: Uuid,
        /// Whom first.
        first: Uuid,
        /// Whom then.
        second: Uuid,
        /// When then.
        at: Moment,
    },
    /// Something happened to a person who never arrived. Gone when the arrival comes in later.
    NeverArrived {
        /// Who.
        visit: Uuid,
        /// When it happened.
        at: Moment,
    },
    /// A person arrived twice.
    TwoArrivals {
        /// Who.
        visit: Uuid,
        /// When, and to which lane.
        first: (Moment, Option<u16>),
        /// When, and to which lane.
        second: (Moment, Option<u16>),
    },
    /// Something happened to a person who had left.
    AfterLeaving {
        /// Who.
        visit: Uuid,
        /// When the person left.
        left: Moment,
        /// When it happened.
        at: Moment,
    },
    /// A person left in two ways.
    TwoEnds {
        /// Who.
        visit: Uuid,
        /// When, and how.
        first: (Moment, End),
        /// When, and how.
        second: (Moment, End),
    },
    /// A station that the site does not have.
    UnknownStation {
        /// Its name.
        station: String,
        /// Who was there.
        visit: Uuid,
        /// When.
        at: Moment,
    },
    /// A code of another system was said to be two people's or households'.
    TwoLinks {
        /// What stands for the code.
        code: Uuid,
        /// When, and whose.
        first: (Moment, Whose),
        /// When, and whose.
        second: (Moment, Whose),
    },
    /// A tube was put into two boxes.
    TwoBoxes {
        /// Which.
        tube: Uuid,
        /// When, and into which box.
        first: (Moment, Uuid),
        /// When, and into which box.
        second: (Moment, Uuid),
    },
    /// A box was closed twice, with other tubes in it.
    BoxSealedTwice {
        /// Which.
        batch: Uuid,
        /// When, and with how many tubes.
        first: (Moment, usize),
        /// When, and with how many tubes.
        second: (Moment, usize),
    },
    /// Two say that they took a box from the same third.
    TwoHolders {
        /// Which.
        batch: Uuid,
        /// When, and who.
        first: (Moment, Holder),
        /// When, and who.
        second: (Moment, Holder),
    },
    /// Two tubes are said to have the same label of another system.
    TwoTubesNamed {
        /// When, and which.
        first: (Moment, Uuid),
        /// When, and which.
        second: (Moment, Uuid),
    },
    /// Two reports of a tube say different things, and neither amends the other.
    TwoResults {
        /// Which.
        tube: Uuid,
        /// When, by which report, and what was found.
        first: (Moment, Uuid, Finding),
        /// When, by which report, and what was found.
        second: (Moment, Uuid, Finding),
    },
    /// A lab has tested a tube that was missing when its box was opened.
    MissingTested {
        /// Which.
        tube: Uuid,
        /// When its box was opened.
        missing: Moment,
        /// When it was tested, by which report.
        tested: (Moment, Uuid),
    },
    /// An event whose time cannot be read; it was folded at the time of the one before.
    NoTime {
        /// The event.
        event: Uuid,
        /// What stands where a time should.
        text: String,
    },
    /// A phone wrote of what its role does not write of. It counts once somebody says so: see [`Folded`](crate::Folded).
    NotItsTask {
        /// Which phone, and how much.
        by: Writer,
        /// What it is for, where that is known.
        role: Option<Role>,
        /// Of what it wrote.
        matter: Matter,
    },
    /// A phone wrote as if it were a sheet of paper. That never counts.
    NotItsOwn {
        /// Which phone, and how much.
        by: Writer,
    },
    /// Of a tube that this round has not. It counts once somebody says so.
    StrangeTube {
        /// Which phone first, and how much.
        by: Writer,
        /// The first such tube.
        tube: Uuid,
        /// What is wrong with its code.
        fault: CodeFault,
    },
}

/// Who wrote what stands aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    /// The phone.
    pub device: Uuid,
    /// How many events.
    pub events: usize,
    /// When the first.
    pub at: Moment,
}

/// What somebody who settles a conflict is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Which of two facts is true.
    Which,
    /// Whether what stands aside counts: `first`, it stays out; `second` or `both`, it counts.
    Whether,
    /// Nothing: it stays out, and is to be seen.
    Nothing,
}

/// A server's table at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Where.
    pub desk: Desk,
    /// Server, from 1; 0 where they are not counted.
    pub server: u32,
    /// When it was recorded.
    pub at: Moment,
}

impl Conflict {
    /// The conflict's own identifier: the same wherever the same facts meet in the same order.
    pub fn id(&self) -> Uuid {
        let mut of = Sha256::new();
        let mut add = |number: u128| of.update(number.to_le_bytes());
        let table = |Table { desk, server, at }: &Table| {
            [desk.station as u128, desk.lane.into(), (*server).into(), at.0 as u128]
        };
        let known = |(at, id): &(Moment, Uuid)| vec![at.0 as u128, id.as_u128()];
        let (kind, facts): (u8, Vec<u128>) = match self {
            Conflict::TwoTables { visit, first, second } => {
                (1, [&[visit.as_u128()][..], &table(first), &table(second)].concat())
            }
            Conflict::TwoAtTable { table: of, first, second } => {
                (2, [&[first.as_u128(), second.as_u128()][..], &table(of)].concat())
            }
            Conflict::TubeGrew { tube, people, at, .. } => {
                (3, vec![tube.as_u128(), *people as u128, at.0 as u128])
            }
            Conflict::TwoSeals { tube, first, second } => {
                (4, vec![tube.as_u128(), first.0.0 as u128, second.0.0 as u128])
            }
            Conflict::TubeOverfull { tube, people, at } => {
                (5, vec![tube.as_u128(), *people as u128, at.0 as u128])
            }
            Conflict::TwoItems { visit, first, second, .. } => {
                (6, vec![visit.as_u128(), first.as_u128(), second.as_u128()])
            }
            Conflict::ItemTwice { item, first, second, .. } => {
                (7, vec![item.as_u128(), first.as_u128(), second.as_u128()])
            }
            Conflict::NeverArrived { visit, .. } => (8, vec![visit.as_u128()]),
            Conflict::TwoArrivals { visit, first, second } => {
                (9, vec![visit.as_u128(), first.0.0 as u128, second.0.0 as u128])
            }
            Conflict::AfterLeaving { visit, left, at } => {
                (10, vec![visit.as_u128(), left.0 as u128, at.0 as u128])
            }
            Conflict::TwoEnds { visit, first, second } => {
                (11, vec![visit.as_u128(), first.0.0 as u128, second.0.0 as u128])
            }
            Conflict::UnknownStation { visit, at, .. } => (12, vec![visit.as_u128(), at.0 as u128]),
            Conflict::NoTime { event, .. } => (13, vec![event.as_u128()]),
            Conflict::TwoLinks { code, first, second } => {
                (14, vec![code.as_u128(), first.0.0 as u128, second.0.0 as u128])
            }
            Conflict::TwoBoxes { tube, first, second } => {
                (18, [&[tube.as_u128()][..], &known(first), &known(second)].concat())
            }
            Conflict::BoxSealedTwice { batch, first, second } => {
                (19, vec![batch.as_u128(), first.0.0 as u128, second.0.0 as u128])
            }
            Conflict::TwoHolders { batch, first: (one, first), second: (other, second) } => {
                let holders = [&known(&(*one, first.id))[..], &known(&(*other, second.id))].concat();
                (20, [&[batch.as_u128()][..], &holders].concat())
            }
            Conflict::TwoTubesNamed { first, second } => (21, [known(first), known(second)].concat()),
            Conflict::TwoResults { tube, first, second } => {
                (22, vec![tube.as_u128(), first.1.as_u128(), second.1.as_u128()])
            }
            Conflict::MissingTested { tube, missing, tested } => {
                (23, vec![tube.as_u128(), missing.0 as u128, tested.1.as_u128()])
            }
            Conflict::NotItsTask { by, matter, .. } => (17, vec![by.device.as_u128(), *matter as u128]),
            Conflict::NotItsOwn { by } => (15, vec![by.device.as_u128()]),
            // One for each phone: thousands of made-up tubes are one thing to look at.
            Conflict::StrangeTube { by, fault, .. } => (16, vec![by.device.as_u128(), *fault as u128]),
        };
        add(kind.into());
        facts.into_iter().for_each(add);
        let hash: [u8; 32] = of.finalize().into();
        let (bytes, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
        uuid::Builder::from_custom_bytes(*bytes).into_uuid()
    }

    /// What somebody who settles it is asked.
    pub fn question(&self) -> Question {
        match self {
            Conflict::NotItsTask { .. } | Conflict::StrangeTube { .. } => Question::Whether,
            Conflict::NotItsOwn { .. } => Question::Nothing,
            _ => Question::Which,
        }
    }

    /// The conflict's code and what fills its sentence, `conflict.CODE` in the catalogue.
    pub fn said(&self, round: &Round) -> Said {
        let rules = round.rules();
        let clock = |at: &Moment| rules.clock(*at);
        let person =
            |visit: &Uuid| round.visit(*visit).map_or_else(|| label(*visit), |of| of.number.to_string());
        // A household by those of it who came, where somebody did.
        let whose = |of: &Whose| match (of.visit, of.household.unwrap_or_default()) {
            (Some(visit), _) => person(&visit),
            (None, home) => match round.households().get(&home).map(|home| &home.people[..]) {
                None | Some([]) => label(home),
                Some(people) => people.iter().map(person).collect::<Vec<_>>().join(", "),
            },
        };
        let station = |desk: &Desk| rules.stations.get(desk.station).map_or("", |station| &station.name);
        match self {
            Conflict::TwoTables { visit, first, second } => Said::new(
                "two_tables",
                &[
                    ("person", &person(visit)),
                    ("station", &station(&first.desk)),
                    ("lane", &first.desk.lane),
                    ("server", &first.server),
                    ("at", &clock(&first.at)),
                    ("next", &station(&second.desk)),
                    ("next_lane", &second.desk.lane),
                    ("next_server", &second.server),
                    ("next_at", &clock(&second.at)),
                ],
            ),
            Conflict::TwoAtTable { table, first, second } => Said::new(
                "two_at_table",
                &[
                    ("station", &station(&table.desk)),
                    ("lane", &table.desk.lane),
                    ("server", &table.server),
                    ("at", &clock(&table.at)),
                    ("person", &person(first)),
                    ("other", &person(second)),
                ],
            ),
            Conflict::TubeGrew { tube, sealed_with, people, at } => Said::new(
                "tube_grew",
                &[("tube", &label(*tube)), ("sealed", sealed_with), ("people", people), ("at", &clock(at))],
            ),
            Conflict::TwoSeals { tube, first, second } => Said::new(
                "two_seals",
                &[
                    ("tube", &label(*tube)),
                    ("people", &first.1),
                    ("at", &clock(&first.0)),
                    ("next_people", &second.1),
                    ("next_at", &clock(&second.0)),
                ],
            ),
            Conflict::TubeOverfull { tube, people, at } => Said::new(
                "tube_overfull",
                &[("tube", &label(*tube)), ("people", people), ("pool", &rules.pool), ("at", &clock(at))],
            ),
            Conflict::TwoItems { visit, first, second, at } => Said::new(
                "two_items",
                &[
                    ("person", &person(visit)),
                    ("item", &label(*first)),
                    ("other", &label(*second)),
                    ("at", &clock(at)),
                ],
            ),
            Conflict::ItemTwice { item, first, second, at } => Said::new(
                "item_twice",
                &[
                    ("item", &label(*item)),
                    ("person", &person(first)),
                    ("other", &person(second)),
                    ("at", &clock(at)),
                ],
            ),
            Conflict::NeverArrived { visit, at } => {
                Said::new("never_arrived", &[("person", &person(visit)), ("at", &clock(at))])
            }
            Conflict::TwoArrivals { visit, first, second } => Said::new(
                "two_arrivals",
                &[("person", &person(visit)), ("at", &clock(&first.0)), ("next_at", &clock(&second.0))],
            ),
            Conflict::AfterLeaving { visit, left, at } => Said::new(
                "after_leaving",
                &[("person", &person(visit)), ("at", &clock(left)), ("next_at", &clock(at))],
            ),
            Conflict::TwoEnds { visit, first, second } => Said::new(
                "two_ends",
                &[
                    ("person", &person(visit)),
                    ("at", &clock(&first.0)),
                    ("end", &end(first.1)),
                    ("next_at", &clock(&second.0)),
                    ("next_end", &end(second.1)),
                ],
            ),
            Conflict::UnknownStation { station, visit, at } => Said::new(
                "elsewhere",
                &[("person", &person(visit)), ("station", station), ("at", &clock(at))],
            ),
            Conflict::TwoLinks { code, first, second } => Said::new(
                "two_links",
                &[
                    ("code", &label(*code)),
                    ("whose", &whose(&first.1)),
                    ("at", &clock(&first.0)),
                    ("other", &whose(&second.1)),
                    ("next_at", &clock(&second.0)),
                ],
            ),
            Conflict::TwoBoxes { tube, first, second } => Said::new(
                "two_boxes",
                &[
                    ("tube", &label(*tube)),
                    ("box", &label(first.1)),
                    ("at", &clock(&first.0)),
                    ("next_box", &label(second.1)),
                    ("next_at", &clock(&second.0)),
                ],
            ),
            Conflict::BoxSealedTwice { batch, first, second } => Said::new(
                "box_sealed_twice",
                &[
                    ("box", &label(*batch)),
                    ("tubes", &first.1),
                    ("at", &clock(&first.0)),
                    ("next_tubes", &second.1),
                    ("next_at", &clock(&second.0)),
                ],
            ),
            Conflict::TwoHolders { batch, first, second } => Said::new(
                "two_holders",
                &[
                    ("box", &label(*batch)),
                    ("holder", &holder(first.1.kind)),
                    ("phone", &phone(first.1.id)),
                    ("at", &clock(&first.0)),
                    ("next_holder", &holder(second.1.kind)),
                    ("next_phone", &phone(second.1.id)),
                    ("next_at", &clock(&second.0)),
                ],
            ),
            Conflict::TwoTubesNamed { first, second } => Said::new(
                "two_tubes_named",
                &[
                    ("tube", &label(first.1)),
                    ("at", &clock(&first.0)),
                    ("other", &label(second.1)),
                    ("next_at", &clock(&second.0)),
                ],
            ),
            Conflict::TwoResults { tube, first, second } => Said::new(
                "two_results",
                &[
                    ("tube", &label(*tube)),
                    ("finding", &finding(first.2)),
                    ("at", &clock(&first.0)),
                    ("next_finding", &finding(second.2)),
                    ("next_at", &clock(&second.0)),
                ],
            ),
            Conflict::MissingTested { tube, missing, tested } => Said::new(
                "missing_tested",
                &[("tube", &label(*tube)), ("at", &clock(missing)), ("next_at", &clock(&tested.0))],
            ),
            Conflict::NoTime { event, text } => {
                Said::new("no_time", &[("event", &label(*event)), ("text", text)])
            }
            Conflict::NotItsTask { by: Writer { device, events, at }, role, matter } => Said::new(
                if role.is_some() { "not_its_task" } else { "no_task" },
                &[
                    ("phone", &phone(*device)),
                    ("role", &role.map_or("", Role::word)),
                    ("matter", &matter.word()),
                    ("events", events),
                    ("at", &clock(at)),
                ],
            ),
            Conflict::NotItsOwn { by: Writer { device, events, at } } => Said::new(
                "not_its_own",
                &[("phone", &phone(*device)), ("events", events), ("at", &clock(at))],
            ),
            Conflict::StrangeTube { by: Writer { device, events, at }, tube, fault } => Said::new(
                match fault {
                    CodeFault::Foreign => "tube_foreign",
                    CodeFault::NotOurs => "tube_not_ours",
                    CodeFault::NoCode | CodeFault::Mistyped => "tube_no_code",
                },
                &[
                    ("tube", &label(*tube)),
                    ("phone", &phone(*device)),
                    ("events", events),
                    ("at", &clock(at)),
                ],
            ),
        }
    }
}

/// As the list of phones calls it.
fn phone(device: Uuid) -> String {
    format!("{:04x}", device.as_u128() & 0xffff)
}

fn end(end: End) -> &'static str {
    match end {
        End::Served => "@end.served",
        End::Left => "@end.left",
        End::Unserved => "@end.unserved",
    }
}

/// The word for who has a box.
pub(crate) fn holder(kind: HolderKind) -> &'static str {
    match kind {
        HolderKind::Site => "@holder.site",
        HolderKind::Courier => "@holder.courier",
        HolderKind::Lab => "@holder.lab",
    }
}

/// The word for what was found.
pub(crate) fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Negative => "@finding.negative",
        Finding::Positive => "@finding.positive",
        Finding::Inconclusive => "@finding.inconclusive",
        Finding::Invalid => "@finding.invalid",
    }
}
