//! Which commands are granted, and what comes of them.

use super::{Phase, Round, Whose};
use crate::{
    Refusal, Seal, Visit,
    visit::{Desk, Stands},
};
use domain::{Command, Event, Moment};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Round {
    /// What comes of a command at a moment, or why it cannot be done. Changes nothing: the events do, once they are
    /// [applied](Round::apply).
    ///
    /// # Errors
    /// A [`Refusal`] that says what is the matter and what to do now.
    pub fn decide(&self, at: Moment, command: &Command) -> Result<Vec<Event>, Refusal> {
        // Tubes go on when everybody has gone home.
        let after = matches!(
            command,
            Command::OpenRound
                | Command::SettleConflict { .. }
                | Command::SealBatch { .. }
                | Command::ReceiveBatch { .. }
                | Command::OpenBatch { .. }
                | Command::NameTube { .. }
                | Command::ReportResult { .. }
                | Command::ReleaseResults { .. }
                | Command::RecordCallBack { .. }
                | Command::Resample { .. }
        );
        if let Phase::Closed { at } = self.phase
            && !after
        {
            return Err(Refusal::RoundClosed { at });
        }
        match command {
            Command::OpenRound => self.open(),
            Command::CallHousehold { household, wave } => self.call(*household, *wave),
            Command::Arrive { visit, household, class, lane } => {
                self.late(at).map_or(Ok(()), |closes| Err(Refusal::AfterClosing { closes }))?;
                self.arrive(*visit, *household, class, *lane)
            }
            Command::ArriveLate { visit, household, class, lane } => {
                let closes = self.closes().ok_or(Refusal::NoClosing)?;
                self.late(at).ok_or(Refusal::BeforeClosing { closes })?;
                self.arrive(*visit, *household, class, *lane)
            }
            Command::JoinQueue { visit, station, lane } => self.join_queue(at, *visit, station, *lane),
            Command::StartService { visit, station, lane, server } => {
                self.start_service(at, *visit, station, *lane, *server)
            }
            Command::FinishService { visit, station, lane, server } => {
                self.finish_service(*visit, station, *lane, *server)
            }
            Command::GiveItem { visit, kind, item, lot } => {
                self.give_item(at, *visit, kind, *item, lot.as_deref())
            }
            Command::SealTube { item } => self.seal_tube(*item),
            Command::EndObservation { visit } => self.end_observation(at, *visit),
            Command::LetGo { visit } => self.let_go(at, *visit),
            Command::Defer { visit, station } => {
                self.not_served(at, *visit, station)?;
                Ok(vec![Event::Deferred { visit: *visit, station: station.clone() }])
            }
            Command::TurnAway { visit, station } => {
                self.not_served(at, *visit, station)?;
                Ok(vec![Event::TurnedAway { visit: *visit, station: station.clone() }])
            }
            Command::Leave { visit } => self.leave(at, *visit),
            Command::CloseRound => self.close(),
            Command::CheckIn { visit, household, class, guest, table } => {
                self.check_in(at, *visit, *household, class, *guest, table)
            }
            Command::Serve { visit, table, item } => self.serve(at, *visit, table, item.as_ref()),
            Command::AnswerCall { household, answer } => {
                Ok(vec![Event::HouseholdAnswered { household: *household, answer: *answer }])
            }
            Command::TellNotice { household } => Ok(vec![Event::NoticeTold { household: *household }]),
            Command::BookElsewhere { household, visit, reference } => {
                self.book(*household, *visit, reference)
            }
            Command::CountQueue { station, lane, people } => {
                self.desk(station, *lane)?;
                Ok(vec![Event::QueueCounted { station: station.clone(), lane: *lane, people: *people }])
            }
            Command::CountPeople { gate, people } => {
                Ok(vec![Event::PeopleCounted { gate: *gate, people: *people }])
            }
            Command::TapCard { card, table } => self.tap_card(*card, table.as_ref()),
            Command::LinkCode { code, visit, household, instead } => {
                self.link_code(*code, Whose { visit: *visit, household: *household }, *instead)
            }
            Command::RecallLot { lot } => Ok(vec![Event::LotRecalled { lot: lot.clone() }]),
            Command::SealBatch { batch, tubes } => self.seal_batch(*batch, tubes),
            Command::ReceiveBatch { batch, by, from, tubes, counted } => {
                self.receive_batch(*batch, *by, *from, *tubes, *counted)
            }
            Command::OpenBatch { batch, missing, spoiled, extra } => {
                self.open_batch(*batch, missing, spoiled, extra)
            }
            Command::NameTube { item, alias, issuer } => self.name_tube(*item, alias, issuer),
            Command::ReportResult { .. } => self.report_of(at, command),
            Command::ReleaseResults { reports, by } => self.release(reports, *by),
            Command::RecordCallBack { visit, outcome, by, report } => {
                self.call_back(*visit, *outcome, *by, *report)
            }
            Command::Resample { visit, item } => self.resample(*visit, *item),
            Command::SettleConflict { conflict, keeps } => {
                let known = self.conflicts.iter().any(|of| of.id() == *conflict);
                if !known {
                    return Err(Refusal::UnknownConflict);
                }
                Ok(vec![Event::ConflictSettled { conflict: *conflict, keeps: *keeps }])
            }
        }
    }

    fn open(&self) -> Result<Vec<Event>, Refusal> {
        match self.phase {
            Phase::Open { since } => Err(Refusal::AlreadyOpen { since }),
            Phase::Before | Phase::Closed { .. } => Ok(vec![Event::RoundOpened]),
        }
    }

    fn call(&self, household: Uuid, wave: u32) -> Result<Vec<Event>, Refusal> {
        match self.households.get(&household).and_then(|of| of.called) {
            Some((at, wave)) => Err(Refusal::AlreadyCalled { at, wave }),
            None => Ok(vec![Event::HouseholdCalled { household, wave }]),
        }
    }

    fn arrive(
        &self,
        visit: Uuid,
        household: Option<Uuid>,
        class: &str,
        lane: Option<u16>,
    ) -> Result<Vec<Event>, Refusal> {
        if let Some((number, at)) = self.visits.get(&visit).and_then(|of| Some((of.number, of.arrived?))) {
            return Err(Refusal::AlreadyArrived { person: number, at });
        }
        if let Some(lane) = lane {
            self.expect_lane(lane)?;
        }
        Ok(vec![Event::Arrived { visit, household, class: class.to_owned(), lane }])
    }

    fn join_queue(&self, at: Moment, visit: Uuid, station: &str, lane: u16) -> Result<Vec<Event>, Refusal> {
        let desk = self.desk(station, lane)?;
        let of = self.here(visit)?;
        let mut events = Vec::new();
        match of.stands {
            // To another lane: people may change over.
            Stands::Waiting { desk: at, .. } if at.station == desk.station && at != desk => {}
            Stands::Waiting { desk, .. } => {
                return Err(Refusal::AlreadyWaiting { person: of.number, station: self.name(desk.station) });
            }
            Stands::Serving { desk, .. } => {
                return Err(Refusal::BeingServed { person: of.number, station: self.name(desk.station) });
            }
            Stands::Observed { until, .. } => {
                watched_until(of, until, at)?;
                events.push(Event::ObservationEnded { visit });
            }
            Stands::Walking { .. } | Stands::Gone { .. } => {}
        }
        self.expect_next(of, desk.station)?;
        events.push(Event::Queued { visit, station: station.to_owned(), lane });
        Ok(events)
    }

    fn start_service(
        &self,
        at: Moment,
        visit: Uuid,
        station: &str,
        lane: u16,
        server: u32,
    ) -> Result<Vec<Event>, Refusal> {
        let desk = self.desk(station, lane)?;
        let of = self.here(visit)?;
        self.waits_at(of, desk)?;
        if let Some(closes) = self.late(at).filter(|_| !of.begun()) {
            return Err(Refusal::TooLate { person: of.number, closes });
        }
        // Chairs may be taken before the site opens, and so may a counter whose staff is planned to be there.
        let staffed = self.rules.stations[desk.station].on_duty(self.rules.ticks(at));
        if self.phase == Phase::Before && (staffed == Some(0) || at >= self.rules.opens) && staffed.is_some()
        {
            return Err(Refusal::NotOpen);
        }
        let people = self.counters.get(&desk).map_or(&[][..], |counter| counter.served_by(server));
        let stranger = people.iter().find(|&&other| !self.may_join(desk, visit, other, at));
        if let Some(other) = stranger.filter(|_| server > 0).and_then(|other| self.visits.get(other)) {
            return Err(Refusal::ServerBusy { station: station.to_owned(), server, other: other.number });
        }
        Ok(vec![Event::ServiceStarted { visit, station: station.to_owned(), lane, server }])
    }

    /// Where nobody taps the start of a service, its end is enough for a person who waits there.
    fn finish_service(
        &self,
        visit: Uuid,
        station: &str,
        lane: u16,
        server: u32,
    ) -> Result<Vec<Event>, Refusal> {
        let desk = self.desk(station, lane)?;
        let of = self.here(visit)?;
        let here = match of.stands {
            Stands::Serving { desk: at, server: by, .. } => (at, by) == (desk, server),
            Stands::Waiting { desk: at, .. } => at == desk && self.phase != Phase::Before,
            _ => false,
        };
        if !here {
            return Err(Refusal::NotServedHere { person: of.number, station: station.to_owned() });
        }
        Ok(vec![Event::Served { visit, station: station.to_owned(), lane, server }])
    }

    fn give_item(
        &self,
        at: Moment,
        visit: Uuid,
        kind: &str,
        item: Uuid,
        lot: Option<&str>,
    ) -> Result<Vec<Event>, Refusal> {
        let (_, counters) = self.rules.gives.as_ref().ok_or(Refusal::GivesNothing)?;
        // Also for a person who has gone already: what is in the tube must be written down.
        let of = self.visits.get(&visit).ok_or(Refusal::UnknownVisit)?;
        let person = of.number;
        let served = |counter: &usize| {
            of.has_passed(*counter)
                || matches!(of.stands, Stands::Serving { desk, .. } if desk.station == *counter)
        };
        if let Some(counter) = counters.first().filter(|_| !counters.iter().any(served)) {
            return Err(Refusal::NotAtCounter { person, station: self.name(*counter) });
        }
        self.may_give(at, Some(of), kind, item, lot)?;
        Ok(vec![Event::ItemGiven { visit, kind: kind.to_owned(), item, lot: lot.map(str::to_owned) }])
    }

    /// Whether this thing may be given to a person, of whom nothing may be known yet.
    pub(super) fn may_give(
        &self,
        at: Moment,
        of: Option<&Visit>,
        kind: &str,
        item: Uuid,
        lot: Option<&str>,
    ) -> Result<(), Refusal> {
        let (gives, _) = self.rules.gives.as_ref().ok_or(Refusal::GivesNothing)?;
        if kind != gives {
            return Err(Refusal::WrongKind { kind: kind.to_owned(), gives: gives.clone() });
        }
        if let Some((person, had)) = of.and_then(|of| Some((of.number, of.item?))) {
            return Err(match gives.as_str() {
                "tube" => Refusal::InTube { person, tube: had },
                _ => Refusal::HasItem { person },
            });
        }
        if gives == "tube" {
            self.fits(item)
        } else if let Some(other) = self.items.get(&item).and_then(|other| self.visits.get(other)) {
            Err(Refusal::ItemTaken { item, other: other.number })
        } else {
            self.lot_is_good(at, lot)
        }
    }

    /// Where lots are written down, each thing is of one that may be given.
    fn lot_is_good(&self, at: Moment, lot: Option<&str>) -> Result<(), Refusal> {
        let Some(name) = lot else {
            let needed = !self.rules.lots.is_empty();
            return if needed { Err(Refusal::LotMissing) } else { Ok(()) };
        };
        if self.is_recalled(name) {
            return Err(Refusal::LotRecalled { lot: name.to_owned() });
        }
        match self.rules.lots.iter().find(|lot| lot.name == name) {
            None if self.rules.lots.is_empty() => Ok(()),
            None => Err(Refusal::LotUnknown { lot: name.to_owned() }),
            Some(lot) => match lot.expires.filter(|&expires| at >= expires) {
                Some(_) => Err(Refusal::LotExpired { lot: name.to_owned() }),
                None => Ok(()),
            },
        }
    }

    fn fits(&self, tube: Uuid) -> Result<(), Refusal> {
        let Some(of) = self.tubes.get(&tube) else { return Ok(()) };
        match of.seal {
            Seal::Sealed { .. } => Err(Refusal::TubeSealed { tube }),
            Seal::Open if of.people.len() >= usize::from(self.rules.pool) => {
                Err(Refusal::TubeFull { tube, people: self.rules.pool })
            }
            Seal::Open => Ok(()),
        }
    }

    fn seal_tube(&self, item: Uuid) -> Result<Vec<Event>, Refusal> {
        let of = self.tubes.get(&item).filter(|of| !of.is_open() || !of.people.is_empty());
        match of {
            None => Err(Refusal::TubeEmpty { tube: item }),
            Some(of) if !of.is_open() => Err(Refusal::TubeSealed { tube: item }),
            Some(of) => {
                let people = u8::try_from(of.people.len()).unwrap_or(u8::MAX);
                Ok(vec![Event::TubeSealed { item, people }])
            }
        }
    }

    pub(super) fn end_observation(&self, at: Moment, visit: Uuid) -> Result<Vec<Event>, Refusal> {
        let of = self.here(visit)?;
        let Stands::Observed { until, .. } = of.stands else {
            return Err(Refusal::NotWatched { person: of.number });
        };
        watched_until(of, until, at)?;
        Ok(vec![Event::ObservationEnded { visit }])
    }

    /// A person may give up or be sent home before a station, not at it.
    fn not_served(&self, at: Moment, visit: Uuid, station: &str) -> Result<(), Refusal> {
        let place = self.known_station(station)?;
        let of = self.here(visit)?;
        match of.stands {
            Stands::Serving { desk, .. } => {
                Err(Refusal::BeingServed { person: of.number, station: self.name(desk.station) })
            }
            Stands::Waiting { desk, .. } if desk.station != place => {
                Err(waits(of, desk, &self.name(desk.station)))
            }
            Stands::Observed { until, .. } => watched_until(of, until, at),
            _ => Ok(()),
        }
    }

    fn leave(&self, at: Moment, visit: Uuid) -> Result<Vec<Event>, Refusal> {
        let of = self.here(visit)?;
        let mut events = Vec::new();
        match of.stands {
            Stands::Serving { desk, .. } => {
                return Err(Refusal::BeingServed { person: of.number, station: self.name(desk.station) });
            }
            Stands::Waiting { desk, .. } => {
                return Err(Refusal::StillWaits { person: of.number, station: self.name(desk.station) });
            }
            Stands::Observed { until, .. } => {
                watched_until(of, until, at)?;
                events.push(Event::ObservationEnded { visit });
            }
            Stands::Walking { .. } | Stands::Gone { .. } => {}
        }
        let next = self.next(of);
        if let Some(next) = next.iter().flatten().next().filter(|_| !next.contains(&None)) {
            return Err(Refusal::StillToPass { person: of.number, next: self.name(*next) });
        }
        events.push(Event::Left { visit });
        Ok(events)
    }

    fn close(&self) -> Result<Vec<Event>, Refusal> {
        let people = self.counts.at_site();
        let tubes = self.tubes.values().filter(|tube| tube.is_open()).count();
        if self.phase == Phase::Before {
            Err(Refusal::NotOpen)
        } else if people > 0 {
            Err(Refusal::StillHere { people })
        } else if tubes > 0 {
            Err(Refusal::TubesOpen { tubes })
        } else {
            Ok(vec![Event::RoundClosed])
        }
    }

    fn closes(&self) -> Option<Moment> {
        self.rules.closes.map(|closes| self.rules.opens + closes)
    }

    /// The closing time, if it has passed.
    pub(super) fn late(&self, at: Moment) -> Option<Moment> {
        self.closes().filter(|&closes| at > closes)
    }

    fn here(&self, visit: Uuid) -> Result<&Visit, Refusal> {
        let of = self.visits.get(&visit).ok_or(Refusal::UnknownVisit)?;
        match of.stands {
            Stands::Gone { since, .. } => Err(Refusal::Gone { person: of.number, at: since }),
            _ => Ok(of),
        }
    }

    fn known_station(&self, station: &str) -> Result<usize, Refusal> {
        self.rules.station(station).ok_or_else(|| Refusal::UnknownStation { station: station.to_owned() })
    }

    pub(super) fn expect_lane(&self, lane: u16) -> Result<(), Refusal> {
        let lanes = self.rules.lanes;
        if (1..=lanes).contains(&lane) { Ok(()) } else { Err(Refusal::UnknownLane { lane, lanes }) }
    }

    pub(super) fn desk(&self, station: &str, lane: u16) -> Result<Desk, Refusal> {
        let place = self.known_station(station)?;
        if !self.rules.stations[place].shared {
            self.expect_lane(lane)?;
        } else if lane != 0 {
            return Err(Refusal::SharedStation { station: station.to_owned() });
        }
        Ok(Desk { station: place, lane })
    }

    fn waits_at(&self, of: &Visit, desk: Desk) -> Result<(), Refusal> {
        let station = self.name(desk.station);
        match of.stands {
            Stands::Waiting { desk: at, .. } if at == desk => Ok(()),
            Stands::Waiting { desk: at, .. } => Err(waits(of, at, &self.name(at.station))),
            Stands::Serving { desk: at, .. } => {
                Err(Refusal::BeingServed { person: of.number, station: self.name(at.station) })
            }
            _ => Err(Refusal::NotWaiting { person: of.number, station }),
        }
    }

    /// Where a person may go on to; `None` is out. Those who came together may go the way of any of them: nobody parts
    /// a grandmother who passes by the desk from the family that holds her arm.
    fn next(&self, of: &Visit) -> BTreeSet<Option<usize>> {
        let household = of.household.and_then(|household| self.households.get(&household));
        let together = household.into_iter().flat_map(|household| &household.people);
        let classes = together.filter_map(|&visit| self.visits.get(&visit)).map(|of| of.class.as_str());
        let classes: BTreeSet<&str> = classes.chain([of.class.as_str()]).collect();
        let ways = classes.into_iter().flat_map(|class| match of.last {
            Some(last) => self.rules.ways_on(class, last.desk.station),
            None => [self.rules.entry(class)].into(),
        });
        ways.collect()
    }

    /// A station may be passed again, and none may be passed by.
    fn expect_next(&self, of: &Visit, station: usize) -> Result<(), Refusal> {
        let next = self.next(of);
        let back = of.last.is_some_and(|last| station <= last.desk.station);
        match next.iter().flatten().next() {
            Some(&first) if !back && station > first && !next.contains(&Some(station)) => {
                let (station, next) = (self.name(station), self.name(first));
                Err(Refusal::NotNext { person: of.number, station, next })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn name(&self, station: usize) -> String {
        self.rules.stations.get(station).map_or_else(String::new, |station| station.name.clone())
    }
}

pub(super) fn watched_until(of: &Visit, until: Moment, at: Moment) -> Result<(), Refusal> {
    if at < until { Err(Refusal::Watched { person: of.number, until }) } else { Ok(()) }
}

fn waits(of: &Visit, desk: Desk, station: &str) -> Refusal {
    let (person, station) = (of.number, station.to_owned());
    match desk.lane {
        0 => Refusal::WaitsElsewhere { person, station },
        lane => Refusal::WaitsInLane { person, station, lane },
    }
}
