//! Folding events into the state: total, for facts cannot be refused.

use super::{Phase, Round, Whose};
use crate::{
    Booking, Conflict, Evidence, REFERENCE_MAX, Report, Seal, Tube, Visit,
    batch::Receipt,
    conflict::Table,
    counter::Counted,
    custody::Handled,
    visit::{Desk, End, Service, Stands},
};
use domain::{
    Event, Moment,
    event::{Gate, Keeps},
};
use uuid::Uuid;

impl Round {
    /// Folds one event. Cannot fail: what contradicts earlier facts becomes a [`Conflict`].
    pub fn apply(&mut self, at: Moment, event: &Event) {
        self.fold(Evidence::none(at), event);
    }

    /// The same, with who recorded it.
    pub(super) fn fold(&mut self, evidence: Evidence, event: &Event) {
        let at = evidence.at;
        self.latest = self.latest.max(Some(at));
        match event {
            // A phone that was without a network tells of the morning in the evening.
            Event::RoundOpened if matches!(self.phase, Phase::Closed { at: closed } if at <= closed) => {}
            Event::RoundOpened => self.phase = Phase::Open { since: at },
            Event::RoundClosed => self.phase = Phase::Closed { at },
            Event::HouseholdCalled { household, wave } => self.called(at, *household, *wave),
            Event::Arrived { visit, household, class, lane } => {
                self.arrived(at, *visit, *household, class, *lane);
            }
            Event::Queued { visit, station, lane } => {
                if let Some(desk) = self.placed(at, *visit, station, *lane) {
                    self.go(at, *visit, Stands::Waiting { since: at, desk });
                }
            }
            Event::ServiceStarted { visit, station, lane, server } => {
                if let Some(desk) = self.placed(at, *visit, station, *lane) {
                    self.service_started(*visit, Table { desk, server: *server, at });
                }
            }
            Event::Served { visit, station, lane, server } => {
                if let Some(desk) = self.placed(at, *visit, station, *lane) {
                    self.service_ended(*visit, Table { desk, server: *server, at });
                }
            }
            Event::ItemGiven { visit, kind, item, .. } => {
                if kind == "tube" {
                    self.handled(evidence, *item, Handled::Swabbed(*visit));
                }
                self.given(at, *visit, kind, *item);
            }
            Event::TubeSealed { item, people } => {
                self.handled(evidence, *item, Handled::Sealed(*people));
                self.sealed(at, *item, *people);
            }
            Event::ObservationEnded { visit } => {
                self.expect_arrived(at, *visit);
                if self.visits.get(visit).is_some_and(|of| matches!(of.stands, Stands::Observed { .. })) {
                    self.go(at, *visit, Stands::Walking { since: at });
                }
            }
            Event::Deferred { visit, .. } => self.gone(at, *visit, End::Left),
            Event::TurnedAway { visit, .. } => self.gone(at, *visit, End::Unserved),
            Event::Left { visit } => self.gone(at, *visit, End::Served),
            Event::HouseholdAnswered { household, answer } => {
                self.households.entry(*household).or_default().at_door.insert(at, *answer);
            }
            Event::NoticeTold { household } => {
                self.households.entry(*household).or_default().told.insert(at);
            }
            Event::Unlisted { visit, kind } => {
                self.expect_arrived(at, *visit);
                if let Some(of) = self.visits.get_mut(visit) {
                    of.guest.get_or_insert(*kind);
                }
            }
            Event::QueueCounted { station, lane, people } => self.counted(at, station, *lane, *people),
            Event::PeopleCounted { gate: Gate::In, people } => {
                self.tally.came = self.tally.came.saturating_add(*people);
            }
            Event::PeopleCounted { gate: Gate::Out, people } => {
                self.tally.left = self.tally.left.saturating_add(*people);
            }
            Event::LotRecalled { lot } => drop(self.recalled.insert(lot.clone())),
            Event::CardTapped { card, table } => self.cards.tapped(at, *card, table.as_ref()),
            Event::CodeLinked { code, visit, household, instead } => {
                self.linked(at, *code, Whose { visit: *visit, household: *household }, *instead);
            }
            // What was taken back is left out before it comes here: see `Folded`.
            Event::Undone { .. } => {}
            Event::BatchSealed { batch, tubes } => self.batch_sealed(evidence, *batch, tubes),
            Event::BatchReceived { batch, by, from, tubes } => {
                self.batch_received(*batch, Receipt { evidence, by: *by, from: *from, tubes: *tubes });
            }
            Event::BatchOpened { batch, missing, spoiled, extra } => {
                self.batch_opened(evidence, *batch, [missing, spoiled, extra]);
            }
            Event::TubeNamed { item, alias, issuer } => self.tube_named(evidence, *item, alias, issuer),
            &Event::ResultReported { report, item, finding, lab, by, instead_of, reason } => {
                self.reported(Report { report, item, finding, lab, by, instead_of, reason, evidence });
            }
            Event::ResultsReleased { reports, by } => self.results.let_out(evidence, reports, *by),
            Event::CalledBack { visit, outcome, by, report } => {
                self.results.called.entry(*visit).or_default().insert((evidence, *outcome, *by, *report));
            }
            Event::Resampled { visit, item } => self.resampled(evidence, *visit, *item),
            Event::BookedElsewhere { household, visit, reference } => {
                let reference = reference.chars().take(REFERENCE_MAX).collect();
                let booking = Booking { evidence, visit: *visit, reference };
                self.bookings.entry(*household).or_default().insert(booking);
            }
            Event::ConflictSettled { conflict, keeps } => self.settled_as(*conflict, *keeps),
        }
    }

    fn handled(&mut self, evidence: Evidence, item: Uuid, what: Handled) {
        self.custody.handled.entry(item).or_default().insert((evidence, what));
    }

    fn counted(&mut self, at: Moment, station: &str, lane: u16, people: u32) {
        let Some(station) = self.rules.station(station) else { return };
        let Some(counter) = self.counters.get_mut(&Desk { station, lane }) else { return };
        if counter.counted.is_none_or(|before| before.at <= at) {
            counter.counted = Some(Counted { at, people, served: counter.served });
        }
    }

    /// Who was given two things has the one that is kept, and a code is whose it was said to be by the link that is kept.
    fn settled_as(&mut self, conflict: Uuid, keeps: Keeps) {
        // Nothing is settled before it is there.
        let Some(known) = self.conflicts.iter().find(|known| known.id() == conflict) else { return };
        let second_kept = keeps == Keeps::Second;
        match *known {
            Conflict::TwoItems { visit, first, second, .. } => {
                if let Some(of) = self.visits.get_mut(&visit) {
                    of.item = Some(if second_kept { second } else { first });
                }
            }
            Conflict::TwoLinks { code, first, second } => {
                self.settled_link(code, if second_kept { second } else { first });
            }
            _ => {}
        }
        self.settled.insert(conflict, keeps);
        self.look_again();
    }

    fn called(&mut self, at: Moment, household: Uuid, wave: u32) {
        let of = self.households.entry(household).or_default();
        if of.called.is_some() {
            // A reminder; the first call counts.
            return;
        }
        of.called = Some((at, wave));
        let people = u32::try_from(of.people.len()).unwrap_or(u32::MAX);
        let wave = self.waves.entry(wave).or_default();
        wave.since = Some(wave.since.map_or(at, |since| since.min(at)));
        wave.called += 1;
        wave.arrived += u32::from(people > 0);
        wave.people += people;
    }

    fn arrived(&mut self, at: Moment, visit: Uuid, household: Option<Uuid>, class: &str, lane: Option<u16>) {
        let green = self.rules.is_green(class);
        if !self.visits.contains_key(&visit) {
            self.enter(visit, at);
        }
        let Some(of) = self.visits.get_mut(&visit) else { return };
        if let Some(first) = of.arrived {
            if first != at || of.lane != lane {
                let first = (first, of.lane);
                self.conflicts.push(Conflict::TwoArrivals { visit, first, second: (at, lane) });
            }
            return;
        }
        // Whoever was met at a station first is known now; the stay goes on from where it is.
        self.counts.leave(of.stands, of.green);
        (of.arrived, of.household, of.lane, of.green) = (Some(at), household, lane, green);
        class.clone_into(&mut of.class);
        self.counts.enter(of.stands, green);
        let gone = of.stands.gone();
        self.conflicts.retain(
            |conflict| !matches!(conflict, Conflict::NeverArrived { visit: who, .. } if *who == visit),
        );
        if let Some(household) = household {
            let of = self.households.entry(household).or_default();
            of.people.push(visit);
            of.gone += usize::from(gone);
            let first = of.people.len() == 1;
            if let Some(wave) = of.called.and_then(|(_, wave)| self.waves.get_mut(&wave)) {
                wave.arrived += u32::from(first);
                wave.people += 1;
            }
        }
    }

    /// The desk of a fact; `None` for a station that the site does not have.
    fn placed(&mut self, at: Moment, visit: Uuid, station: &str, lane: u16) -> Option<Desk> {
        self.expect_arrived(at, visit);
        let known = self.rules.station(station).map(|station| Desk { station, lane });
        let known = known.filter(|desk| self.counters.contains_key(desk));
        if known.is_none() {
            let station = station.chars().take(NAME_MAX).collect();
            self.conflicts.push(Conflict::UnknownStation { station, visit, at });
        }
        known
    }

    /// A person of whom something is told before the arrival enters with it.
    fn expect_arrived(&mut self, at: Moment, visit: Uuid) {
        if !self.visits.contains_key(&visit) {
            self.enter(visit, at);
            self.conflicts.push(Conflict::NeverArrived { visit, at });
        }
    }

    fn enter(&mut self, visit: Uuid, at: Moment) {
        self.counts.arrived += 1;
        let stands = Stands::Walking { since: at };
        self.counts.enter(stands, false);
        let of = Visit {
            number: self.counts.arrived,
            arrived: None,
            household: None,
            class: String::new(),
            green: false,
            lane: None,
            stands,
            passed: 0,
            last: None,
            item: None,
            guest: None,
        };
        self.visits.insert(visit, of);
    }

    fn service_started(&mut self, visit: Uuid, table: Table) {
        let Some(of) = self.visits.get(&visit) else { return };
        if let Stands::Serving { desk, server, since } = of.stands
            && (desk, server) != (table.desk, table.server)
        {
            let first = Table { desk, server, at: since };
            self.conflicts.push(Conflict::TwoTables { visit, first, second: table });
        }
        let Table { desk, server, at } = table;
        if !self.go(at, visit, Stands::Serving { since: at, desk, server }) {
            return;
        }
        let people = self.counters.get(&desk).map_or(&[][..], |counter| counter.served_by(server));
        let stranger = people.iter().find(|&&other| other != visit && !self.may_join(desk, visit, other, at));
        if let Some(&first) = stranger.filter(|_| server > 0) {
            self.conflicts.push(Conflict::TwoAtTable { table, first, second: visit });
        }
    }

    fn service_ended(&mut self, visit: Uuid, table: Table) {
        let Table { desk, server, at } = table;
        let Some(of) = self.visits.get(&visit) else { return };
        let before = match (of.stands, of.last) {
            (Stands::Serving { desk, server, since }, _) => Some(Table { desk, server, at: since }),
            (Stands::Walking { .. } | Stands::Observed { .. } | Stands::Gone { .. }, Some(last))
                if last.desk.station == desk.station =>
            {
                Some(Table { desk: last.desk, server: last.server, at: last.ended })
            }
            _ => None,
        };
        match before {
            Some(first) if (first.desk, first.server) != (desk, server) => {
                self.conflicts.push(Conflict::TwoTables { visit, first, second: table });
            }
            // Told twice.
            Some(_) if !matches!(of.stands, Stands::Serving { .. }) => return,
            _ => {}
        }
        let observe = self.rules.stations.get(desk.station).map_or(0, |station| station.observe);
        let stands = if observe > 0 {
            Stands::Observed { since: at, until: at + observe }
        } else {
            Stands::Walking { since: at }
        };
        let moved = self.go_past(at, visit, stands, desk.station);
        if let Some(counter) = self.counters.get_mut(&desk) {
            counter.served += 1;
        }
        if let Some(of) = self.visits.get_mut(&visit) {
            of.passed |= 1u64.checked_shl(desk.station as u32).unwrap_or(0);
            if moved || of.last.is_none() {
                of.last = Some(Service { desk, server, ended: at });
            }
        }
    }

    fn given(&mut self, at: Moment, visit: Uuid, kind: &str, item: Uuid) {
        self.expect_arrived(at, visit);
        let Some(of) = self.visits.get_mut(&visit) else { return };
        match of.item {
            // Told twice.
            Some(first) if first == item => return,
            Some(first) => self.conflicts.push(Conflict::TwoItems { visit, first, second: item, at }),
            None => of.item = Some(item),
        }
        if kind != "tube" {
            if let Some(&first) = self.items.get(&item).filter(|&&first| first != visit) {
                self.conflicts.push(Conflict::ItemTwice { item, first, second: visit, at });
            } else {
                self.items.insert(item, visit);
            }
            return;
        }
        let tube = self.tubes.entry(item).or_insert(Tube { since: at, people: Vec::new(), seal: Seal::Open });
        tube.since = tube.since.min(at);
        if tube.people.contains(&visit) {
            return;
        }
        tube.people.push(visit);
        let people = tube.people.len();
        match tube.seal {
            // What another device recorded before the seal may come in after it.
            Seal::Sealed { people: sealed_with, .. } if people > usize::from(sealed_with) => {
                self.conflicts.push(Conflict::TubeGrew { tube: item, sealed_with, people, at });
            }
            _ if people > usize::from(self.rules.pool) => {
                self.conflicts.push(Conflict::TubeOverfull { tube: item, people, at });
            }
            _ => {}
        }
    }

    pub(super) fn sealed(&mut self, at: Moment, item: Uuid, people: u8) {
        let tube = self.tubes.entry(item).or_insert(Tube { since: at, people: Vec::new(), seal: Seal::Open });
        match tube.seal {
            Seal::Sealed { people: first, .. } if first == people => {}
            Seal::Sealed { at: first_at, people: first } => {
                let (first, second) = ((first_at, first), (at, people));
                self.conflicts.push(Conflict::TwoSeals { tube: item, first, second });
            }
            Seal::Open => {
                tube.seal = Seal::Sealed { at, people };
                if tube.people.len() > usize::from(people) {
                    let people_in_it = tube.people.len();
                    self.conflicts.push(Conflict::TubeGrew {
                        tube: item,
                        sealed_with: people,
                        people: people_in_it,
                        at,
                    });
                }
            }
        }
    }

    fn gone(&mut self, at: Moment, visit: Uuid, end: End) {
        self.expect_arrived(at, visit);
        let Some(of) = self.visits.get(&visit) else { return };
        if let Stands::Gone { since, end: first } = of.stands {
            if first != end {
                let (first, second) = ((since, first), (at, end));
                self.conflicts.push(Conflict::TwoEnds { visit, first, second });
            }
            return;
        }
        self.go(at, visit, Stands::Gone { since: at, end });
    }
}

/// So much of the name of a station that there is not is kept.
const NAME_MAX: usize = 64;
