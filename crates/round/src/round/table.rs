//! What a table does in one step. Its phone may have heard of a part of the site alone: somebody of whom it knows nothing
//! was let in at another table. Only what it knows for certain is refused.

use super::{Round, decide::watched_until};
use crate::{
    Refusal, Visit,
    visit::{Desk, Stands},
};
use domain::{
    Event, Moment,
    command::{Table, Thing},
    event::Guest,
};
use uuid::Uuid;

impl Round {
    /// A person comes up to a table, is let in and served there, and goes on. Nobody taps when a service begins: it is
    /// inferred from the ends.
    pub(super) fn check_in(
        &self,
        at: Moment,
        visit: Uuid,
        household: Option<Uuid>,
        class: &str,
        guest: Option<Guest>,
        table: &Table,
    ) -> Result<Vec<Event>, Refusal> {
        if let Some((number, at)) = self.visits.get(&visit).and_then(|of| Some((of.number, of.arrived?))) {
            return Err(Refusal::AlreadyArrived { person: number, at });
        }
        if let Some(Visit { number, stands: Stands::Gone { since, .. }, .. }) = self.visits.get(&visit) {
            return Err(Refusal::Gone { person: *number, at: *since });
        }
        self.late(at).map_or(Ok(()), |closes| Err(Refusal::AfterClosing { closes }))?;
        let desk = self.desk(&table.station, table.lane)?;
        let lane = (table.lane > 0).then_some(table.lane);
        let mut events = vec![Event::Arrived { visit, household, class: class.to_owned(), lane }];
        events.extend(guest.map(|kind| Event::Unlisted { visit, kind }));
        // Somebody who was met at a station before the arrival was heard of goes on from there.
        if !self.visits.contains_key(&visit) {
            events.push(served(visit, table));
            events.extend(self.sent_on(visit, class, desk.station, table.lane));
        }
        Ok(events)
    }

    /// A person is served at a table, given what it gives, and goes on.
    pub(super) fn serve(
        &self,
        at: Moment,
        visit: Uuid,
        table: &Table,
        item: Option<&Thing>,
    ) -> Result<Vec<Event>, Refusal> {
        let desk = self.desk(&table.station, table.lane)?;
        let of = self.visits.get(&visit);
        if let Some(Thing { kind, item, lot }) = item {
            self.may_give(at, of, kind, *item, lot.as_deref())?;
        }
        if let Some(of) = of {
            self.may_serve(at, of, table, desk)?;
        }
        let mut events = vec![served(visit, table)];
        events.extend(item.iter().map(|Thing { kind, item, lot }| Event::ItemGiven {
            visit,
            kind: kind.clone(),
            item: *item,
            lot: lot.clone(),
        }));
        let class = of.map_or("", |of| of.class.as_str());
        if self.rules.stations[desk.station].observe == 0 {
            events.extend(self.sent_on(visit, class, desk.station, table.lane));
        }
        let tube = item.filter(|thing| thing.kind == "tube");
        events.extend(tube.and_then(|tube| self.filled(tube.item)));
        Ok(events)
    }

    /// A person who was watched for long enough goes on.
    pub(super) fn let_go(&self, at: Moment, visit: Uuid) -> Result<Vec<Event>, Refusal> {
        let mut events = self.end_observation(at, visit)?;
        if let Some((of, last)) = self.visits.get(&visit).and_then(|of| Some((of, of.last?))) {
            events.extend(self.sent_on(visit, &of.class, last.desk.station, last.desk.lane));
        }
        Ok(events)
    }

    fn may_serve(&self, at: Moment, of: &Visit, table: &Table, desk: Desk) -> Result<(), Refusal> {
        let (person, station) = (of.number, desk.station);
        match of.stands {
            Stands::Gone { since, .. } => return Err(Refusal::Gone { person, at: since }),
            Stands::Serving { desk: other, server, .. } if (other, server) != (desk, table.server) => {
                return Err(Refusal::BeingServed { person, station: self.name(other.station) });
            }
            Stands::Observed { until, .. } => watched_until(of, until, at)?,
            _ => {}
        }
        let waits_here = matches!(of.stands, Stands::Waiting { desk, .. } | Stands::Serving { desk, .. } if desk.station == station);
        match of.last {
            Some(last) if of.has_passed(station) && !waits_here => {
                let at = last.ended;
                Err(Refusal::AlreadyServed { person, station: self.name(station), at })
            }
            _ => Ok(()),
        }
    }

    /// Where a person goes from a station, if there is one way alone.
    fn sent_on(&self, visit: Uuid, class: &str, station: usize, lane: u16) -> Option<Event> {
        let ways: Vec<Option<usize>> = self.rules.ways_on(class, station).into_iter().collect();
        let [way] = ways[..] else { return None };
        let Some(next) = way else { return Some(Event::Left { visit }) };
        let of = &self.rules.stations[next];
        // From a table of all lanes nobody knows yet which lane a person takes.
        let lane = if of.shared { 0 } else { lane };
        (of.shared || lane > 0).then(|| Event::Queued { visit, station: of.name.clone(), lane })
    }

    /// The seal of a tube that is full with one person more.
    fn filled(&self, tube: Uuid) -> Option<Event> {
        let people = self.tubes.get(&tube).map_or(0, |of| of.people.len()) + 1;
        let pool = self.rules.pool;
        (people == usize::from(pool)).then_some(Event::TubeSealed { item: tube, people: pool })
    }
}

fn served(visit: Uuid, Table { station, lane, server }: &Table) -> Event {
    Event::Served { visit, station: station.clone(), lane: *lane, server: *server }
}
