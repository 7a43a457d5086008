//! What neighbours need and offer, and what they say of how things go: sealed, event by event. No column tells whose an event is, or what
//! it is: whoever has the file and not the key learns how many there are.

use super::{
    People, PeopleError,
    cipher::DataKey,
    doing,
    id::{CommunityId, ResidentId},
    names::{Looks, Resident, log, residents},
};
use crate::{
    db::{On, values},
    limits,
    problem::Fault,
};
use axum::http::StatusCode;
use domain::Moment;
use exchange::{Command, Event, Exchange, Life, Refusal, Who};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// Something that happened among neighbours, as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When.
    pub at: Moment,
    /// What.
    pub event: Event,
}

/// Why something was not done.
#[derive(Debug)]
pub enum NotDone {
    /// A rule says no.
    Refused(Refusal),
    /// The world failed.
    People(PeopleError),
}

impl From<PeopleError> for NotDone {
    fn from(error: PeopleError) -> NotDone {
        NotDone::People(error)
    }
}

impl From<NotDone> for Fault {
    fn from(not_done: NotDone) -> Fault {
        match not_done {
            NotDone::Refused(refusal) => {
                let (code, args) = refusal.said();
                Fault::Problem { status: StatusCode::CONFLICT, code, args }
            }
            NotDone::People(error) => error.into(),
        }
    }
}

/// From when on there is how much to look at in each community. It is opened anew only where the table has changed since, whichever process
/// wrote it; nobody's words and nobody's id stay in memory.
#[derive(Default)]
pub(super) struct NearKept(Mutex<BTreeMap<CommunityId, (Mark, Glance)>>);

/// What is asked often.
struct Glance {
    /// From when on there is how much to look at.
    from: Vec<Moment>,
    /// Whether any volunteer carries anything.
    errands: bool,
}

/// What tells one state of a community's rows from every other: how many there are, and the last as it is sealed. Numbers only grow past
/// the last, and no two sealed rows are the same bytes.
#[derive(PartialEq, Eq)]
struct Mark {
    count: i64,
    last: Vec<u8>,
}

/// A row of the table, opened.
struct Row {
    number: i64,
    sealed: Vec<u8>,
    told: Told,
}

impl People {
    /// Needs, offers and voices of a community; none where nobody's name is kept.
    ///
    /// # Errors
    /// The database says no.
    pub fn exchange(&self, community: CommunityId) -> Result<Exchange, PeopleError> {
        self.db.read(doing("read the exchange"), |on| {
            let Some(key) = self.key_of_names(on, community)? else { return Ok(Exchange::default()) };
            Ok(folded(&rows(on, community, &key)?))
        })
    }

    /// How many needs and voices the secretariat should look at: what a desk that looks every few seconds asks.
    ///
    /// # Errors
    /// The database says no.
    pub fn neighbours_near(&self, community: CommunityId, now: Moment) -> Result<usize, PeopleError> {
        self.glance(community, |of| of.from.partition_point(|from| *from <= now))
    }

    /// Whether any volunteer carries anything just now: what each of their pages asks every minute.
    ///
    /// # Errors
    /// The database says no.
    pub fn any_errand(&self, community: CommunityId) -> Result<bool, PeopleError> {
        self.glance(community, |of| of.errands)
    }

    /// What is asked often, opened anew only where the table has changed since.
    fn glance<T: Default>(
        &self,
        community: CommunityId,
        of: impl Fn(&Glance) -> T,
    ) -> Result<T, PeopleError> {
        self.db.read(doing("count what neighbours wait for"), |on| {
            let text = "SELECT (SELECT count(*) FROM exchange WHERE community_id = ?1), event FROM exchange \
                        WHERE community_id = ?1 ORDER BY number DESC LIMIT 1";
            let mark = on
                .optional(text, values![community], |row| Ok(Mark { count: row.get(0)?, last: row.get(1)? }))
                .map_err(doing("count what neighbours wait for"))?;
            let Some(mark) = mark else {
                self.near.all().remove(&community);
                return Ok(T::default());
            };
            if let Some((_, glance)) = self.near.all().get(&community).filter(|(known, _)| *known == mark) {
                return Ok(of(glance));
            }
            let Some(key) = self.key_of_names(on, community)? else { return Ok(T::default()) };
            let exchange = folded(&rows(on, community, &key)?);
            let errands = exchange.needs().any(|need| need.errand().is_some());
            let glance = Glance { from: exchange.near_from(), errands };
            let answer = of(&glance);
            let mut kept = self.near.all();
            if kept.len() >= limits::NEAR_KEPT && !kept.contains_key(&community) {
                kept.pop_first();
            }
            kept.insert(community, (mark, glance));
            Ok(answer)
        })
    }

    /// Needs, offers and voices at the secretariat's desk, with everybody of whom there is anything: that somebody looked is written down.
    ///
    /// # Errors
    /// The database says no.
    pub fn exchange_at_desk(
        &self,
        community: CommunityId,
        looks: Looks<'_>,
    ) -> Result<(Exchange, BTreeMap<Uuid, Resident>), PeopleError> {
        self.db.change(doing("read the exchange"), |on| {
            let Some(key) = self.key_of_names(on, community)? else { return Ok(Default::default()) };
            let exchange = folded(&rows(on, community, &key)?);
            let postings =
                exchange.needs().map(|of| &of.posting).chain(exchange.offers().map(|of| &of.posting));
            let whose: BTreeSet<Uuid> =
                postings.map(|of| of.by).chain(exchange.voices().map(|of| of.by)).collect();
            let mut people = BTreeMap::new();
            for id in &whose {
                let found = residents(on, community, &key, Some(ResidentId(*id)))?.pop();
                people.extend(found.map(|found| (*id, found)));
            }
            if !whose.is_empty() {
                log(on, community, "exchange", None, looks)?;
            }
            Ok((exchange, people))
        })
    }

    /// Does what somebody asks for; what the exchange is then. Where two have said yes, it is written down that each is told who the other is.
    ///
    /// # Errors
    /// A rule says no, or the database.
    pub fn act(
        &self,
        community: CommunityId,
        now: i64,
        by: &Who,
        command: &Command,
    ) -> Result<Exchange, NotDone> {
        let write = doing("write the exchange");
        let at = Moment(now.saturating_mul(10_000));
        self.db.change(
            |error| NotDone::People(write(error)),
            |on| {
                let key = self.data_key(on, community, false)?;
                let mut rows = rows(on, community, &key)?;
                forget(on, community, &mut rows, |exchange| exchange.past(at), |_| {})?;
                if rows.len() >= limits::EXCHANGE_EVENTS {
                    return Err(PeopleError::Full(limits::EXCHANGE_EVENTS).into());
                }
                let mut exchange = folded(&rows);
                let events = exchange.decide(at, by, command.clone()).map_err(NotDone::Refused)?;
                let mut number = rows.last().map_or(0, |row| row.number);
                for event in events {
                    number += 1;
                    exchange.apply(at, &event);
                    match event {
                        Event::Accepted { need, .. } => {
                            told_each_other(on, community, &exchange, need, now)?;
                        }
                        Event::Assigned { need, .. } => {
                            told_who_carries(on, community, &exchange, need, now)?;
                        }
                        _ => {}
                    }
                    let text = serde_json::to_string(&Told { at, event })
                        .expect("our own types are written as JSON");
                    let sealed = key.seal(&number.to_string(), "exchange", &text);
                    let text = "INSERT INTO exchange (community_id, number, event) VALUES (?1, ?2, ?3)";
                    on.execute(text, values![community, number, sealed]).map_err(&write)?;
                }
                Ok(exchange)
            },
        )
    }

    /// Whose identifier it is, as a round makes it; `None` for nobody's.
    ///
    /// # Errors
    /// The database says no.
    pub fn resident_with(
        &self,
        community: CommunityId,
        is: impl Fn(ResidentId) -> bool,
    ) -> Result<Option<ResidentId>, PeopleError> {
        let text = "SELECT id FROM resident WHERE community_id = ?1";
        let all = self.db.all(text, values![community], |row| row.get::<ResidentId>(0));
        Ok(all.map_err(doing("find a resident"))?.into_iter().find(|id| is(*id)))
    }

    /// Somebody for themselves, or for whoever has agreed with them: the agreement is written down, not each look.
    ///
    /// # Errors
    /// There is none, or the database says no.
    pub fn neighbour(&self, community: CommunityId, id: ResidentId) -> Result<Resident, PeopleError> {
        self.db.read(doing("read a resident"), |on| {
            let key = self.data_key(on, community, false)?;
            residents(on, community, &key, Some(id))?.pop().ok_or(PeopleError::Unknown)
        })
    }

    /// What is kept of one person's needs, offers and words.
    pub(super) fn of_one(
        &self,
        on: &On<'_>,
        community: CommunityId,
        key: &DataKey,
        id: ResidentId,
    ) -> Result<Vec<Told>, PeopleError> {
        let rows = rows(on, community, key)?;
        let exchange = folded(&rows);
        let postings = exchange.needs().map(|of| &of.posting).chain(exchange.offers().map(|of| &of.posting));
        let own = postings.filter(|of| of.by == id.0).map(|of| of.id);
        let voices = exchange.voices().filter(|of| of.by == id.0).map(|of| of.id);
        let own: BTreeSet<Uuid> = own.chain(voices).collect();
        Ok(rows.into_iter().map(|row| row.told).filter(|told| is_about(&told.event, &own)).collect())
    }

    /// Takes out all that goes with somebody who is erased, and gives each sealed cell of it to be searched for.
    pub(super) fn forget_in_exchange(
        &self,
        on: &On<'_>,
        community: CommunityId,
        id: ResidentId,
        take: impl FnMut(&[u8]),
    ) -> Result<(), PeopleError> {
        let Some(key) = self.key_of_names(on, community)? else { return Ok(()) };
        let mut rows = rows(on, community, &key)?;
        forget(on, community, &mut rows, |exchange| exchange.of_person(id.0), take)
    }

    /// Takes out what was over long ago, of all communities.
    ///
    /// # Errors
    /// The database says no.
    pub(super) fn forget_what_is_over(&self, now: i64) -> Result<(), PeopleError> {
        let at = Moment(now.saturating_mul(10_000));
        let text = "SELECT DISTINCT community_id FROM exchange";
        let all =
            self.db.all(text, &[], |row| row.get::<CommunityId>(0)).map_err(doing("read the exchange"))?;
        for community in all {
            self.db.change(doing("forget what is over"), |on| {
                let Some(key) = self.key_of_names(on, community)? else { return Ok(()) };
                let mut rows = rows(on, community, &key)?;
                forget(on, community, &mut rows, |exchange| exchange.past(at), |_| {})
            })?;
        }
        Ok(())
    }

    /// The key, where any names are kept.
    fn key_of_names(&self, on: &On<'_>, community: CommunityId) -> Result<Option<DataKey>, PeopleError> {
        match self.data_key(on, community, false) {
            Err(PeopleError::Unknown) => Ok(None),
            key => key.map(Some),
        }
    }
}

impl NearKept {
    fn all(&self) -> MutexGuard<'_, BTreeMap<CommunityId, (Mark, Glance)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rows(on: &On<'_>, community: CommunityId, key: &DataKey) -> Result<Vec<Row>, PeopleError> {
    let text = "SELECT number, event FROM exchange WHERE community_id = ?1 ORDER BY number";
    let sealed = on.all(text, values![community], |row| Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?)));
    let open = |(number, sealed): (i64, Vec<u8>)| {
        let text = key.open(&number.to_string(), "exchange", &sealed)?;
        let told = serde_json::from_str(&text).map_err(|_| PeopleError::Broken)?;
        Ok(Row { number, sealed, told })
    };
    sealed.map_err(doing("read the exchange"))?.into_iter().map(open).collect()
}

fn folded(rows: &[Row]) -> Exchange {
    let mut exchange = Exchange::default();
    rows.iter().for_each(|row| exchange.apply(row.told.at, &row.told.event));
    exchange
}

fn is_about(event: &Event, gone: &BTreeSet<Uuid>) -> bool {
    event.about().iter().flatten().any(|of| gone.contains(of))
}

/// Takes the rows out that are about any of these.
fn forget(
    on: &On<'_>,
    community: CommunityId,
    rows: &mut Vec<Row>,
    which: impl Fn(&Exchange) -> BTreeSet<Uuid>,
    mut take: impl FnMut(&[u8]),
) -> Result<(), PeopleError> {
    let gone = which(&folded(rows));
    if gone.is_empty() {
        return Ok(());
    }
    for row in rows.iter().filter(|row| is_about(&row.told.event, &gone)) {
        take(&row.sealed);
        let text = "DELETE FROM exchange WHERE community_id = ?1 AND number = ?2";
        on.execute(text, values![community, row.number]).map_err(doing("forget what is over"))?;
    }
    rows.retain(|row| !is_about(&row.told.event, &gone));
    Ok(())
}

/// Writes down that two who have both said yes know of each other.
fn told_each_other(
    on: &On<'_>,
    community: CommunityId,
    exchange: &Exchange,
    need: Uuid,
    now: i64,
) -> Result<(), PeopleError> {
    let Some(need) = exchange.need(need).filter(|need| matches!(need.life, Life::Agreed { .. })) else {
        return Ok(());
    };
    let asks = need.posting.by;
    let Some(gives) = exchange.partner(need, asks).map(|of| of.by) else { return Ok(()) };
    for (of, who) in [(asks, gives), (gives, asks)] {
        let looks = Looks { who: &who.to_string(), why: "neighbours", now };
        log(on, community, "exchange", Some(ResidentId(of)), looks)?;
    }
    Ok(())
}

/// Writes down that a volunteer is told to whom they go, and from whom they fetch it.
fn told_who_carries(
    on: &On<'_>,
    community: CommunityId,
    exchange: &Exchange,
    need: Uuid,
    now: i64,
) -> Result<(), PeopleError> {
    let Some(need) = exchange.need(need) else { return Ok(()) };
    let Some(volunteer) = need.errand() else { return Ok(()) };
    let gives = exchange.partner(need, need.posting.by).map(|of| of.by);
    for of in [Some(need.posting.by), gives].into_iter().flatten() {
        let looks = Looks { who: &volunteer.to_string(), why: "errand", now };
        log(on, community, "exchange", Some(ResidentId(of)), looks)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
