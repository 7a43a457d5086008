//! Which doors whoever asks may see, and what they are called.

use super::{DoorsRound, is_short, is_to_us, shares};
use crate::{
    access::{
        role::Place,
        table::{self, Found},
        who::Asking,
    },
    api::{
        parties::{clock, place_of},
        shift::doors_to_count,
    },
    app::App,
    limits,
    people::{
        self,
        id::{CommunityId, RoundId},
    },
    problem::Fault,
    run::{book::RoundListed, held, walks::as_walked},
};
use axum::http::Method;
use parties::Book;
use phone::Door;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use supplies::{Near, NearWhy, ShareNow, Subject};
use uuid::Uuid;

/// Doors by their households, each with its place in the order of walking.
pub type Labels = BTreeMap<Uuid, (usize, String)>;

/// What a desk's page says of doors.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Whether there are rounds whose doors can be chosen.
    pub choose: bool,
    /// Doors of which somebody should look at something.
    pub labels: Labels,
}

impl Known {
    /// Of a party, as far as whoever asks may see doors. Blocks on the disk.
    ///
    /// # Errors
    /// A store says no.
    pub fn of(app: &App, asking: &Asking, party: &str) -> Result<Known, Fault> {
        let place = place_of(app, party)?.0;
        let Place::Community(community) = place else { return Ok(Known::default()) };
        if !sees_doors(asking, place) {
            return Ok(Known::default());
        }
        let wanted = {
            let book = app.parties.at(place)?;
            let book = held(&book);
            let near = book.book().near_supplies(clock());
            near.iter().flat_map(|near| concerned(book.book(), near)).collect()
        };
        Ok(Known {
            choose: !rounds_of(app, community)?.is_empty(),
            labels: labels(app, asking, place, wanted)?,
        })
    }

    /// The doors that something is about, in the order of walking.
    pub fn doors(&self, book: &Book, near: &Near) -> Vec<String> {
        let mut all: Vec<(usize, String)> =
            concerned(book, near).into_iter().map(|household| label(&self.labels, household)).collect();
        all.sort();
        all.into_iter().map(|(_, door)| door).collect()
    }
}

/// Own households that something is about: that have not said that it came, or that lack something.
fn concerned(book: &Book, near: &Near) -> Vec<Uuid> {
    let Subject::Shipment(id) = near.of else { return Vec::new() };
    if near.households.is_empty() && near.why != NearWhy::Short {
        return Vec::new();
    }
    let Some(of) = book.supplies().shipment(id).filter(|of| is_to_us(book.own(), of)) else {
        return Vec::new();
    };
    if near.why != NearWhy::Short {
        return near.households.clone();
    }
    let shares = shares(&of);
    let lacks = |share: &&ShareNow| {
        let lines = share.household.and_then(|household| shares.get(&household));
        share.confirmed.is_some()
            && share.refused.is_none()
            && lines.is_some_and(|lines| is_short(lines, share))
    };
    of.shares.iter().filter(lacks).filter_map(|share| share.household).collect()
}

/// Doors are shown to whoever may have the lists of doors of this place's rounds.
pub(super) fn sees_doors(asking: &Asking, place: Place) -> bool {
    let rule = table::find(&Method::GET, "/api/v1/communities/{community}/rounds/{round}/walks");
    matches!(rule, Found::Rule(rule) if rule.permits(&asking.who, Some(place)))
}

/// Rounds of which doors are known, the newest first.
pub(super) fn rounds_of(app: &App, community: CommunityId) -> Result<Vec<DoorsRound>, Fault> {
    let now = people::now();
    let known = app.runs.book.rounds(community)?.into_iter().filter(|of| of.retain_until > now);
    let round = |of: RoundListed| DoorsRound { id: of.id, name: of.name, opens: of.opens };
    Ok(known.take(limits::ROUNDS_WITH_DOORS).map(round).collect())
}

/// The doors of a round, and their places in the order of walking.
pub(super) fn walked(
    app: &App,
    asking: &Asking,
    community: CommunityId,
    round: RoundId,
) -> Result<(Arc<Vec<Door>>, Vec<usize>), Fault> {
    let running = app.runs.running(community, round)?;
    let doors = doors_to_count(app, &running, asking, "goods go to doors")?;
    let definition = held(&running).made.definition.clone();
    let place: BTreeMap<Uuid, usize> =
        doors.iter().enumerate().map(|(place, door)| (door.household, place)).collect();
    let order = as_walked(&definition, &doors).into_iter().map(|door| place[&door.household]).collect();
    Ok((doors, order))
}

/// The doors of these households, of whichever round they are.
pub(super) fn labels(
    app: &App,
    asking: &Asking,
    place: Place,
    mut wanted: BTreeSet<Uuid>,
) -> Result<Labels, Fault> {
    let mut labels = Labels::new();
    let Place::Community(community) = place else { return Ok(labels) };
    if wanted.is_empty() || !sees_doors(asking, place) {
        return Ok(labels);
    }
    for round in rounds_of(app, community)? {
        if wanted.is_empty() {
            break;
        }
        let running = app.runs.running(community, round.id)?;
        let doors = doors_to_count(app, &running, asking, "goods go to doors")?;
        if !doors.iter().any(|door| wanted.contains(&door.household)) {
            continue;
        }
        let definition = held(&running).made.definition.clone();
        for (place, door) in as_walked(&definition, &doors).into_iter().enumerate() {
            if wanted.remove(&door.household) {
                labels.insert(door.household, (place, door.label()));
            }
        }
    }
    Ok(labels)
}

/// A door where it is known, and else the end of the household's id, behind all that are.
pub(super) fn label(labels: &Labels, household: Uuid) -> (usize, String) {
    let end = || household.simple().to_string().split_off(26);
    labels.get(&household).cloned().unwrap_or_else(|| (usize::MAX, format!("…{}", end())))
}
