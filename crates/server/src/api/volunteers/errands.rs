//! What a volunteer carries from neighbour to neighbour: what they must know to do it, and no more. It stands on their page until both have
//! said that it was done.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use crate::{
    api::neighbours::{can, door, seconds},
    app::App,
    people::{
        self, PeopleError,
        id::{CommunityId, ResidentId, VolunteerId},
    },
    problem::Fault,
};
use domain::Moment;
use exchange::{Command, Life, Need, Posting, Subject, Who};
use serde::Serialize;
use utoipa::ToSchema;

/// Something that a volunteer carries.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnErrand {
    /// The need's id.
    of: String,
    /// What with.
    kind: &'static str,
    /// What exactly.
    #[schema(required)]
    subject: Option<&'static str>,
    /// Whether it is urgent.
    urgent: bool,
    /// Whether it is for a child.
    for_child: bool,
    /// Where they meet: `door`, `hospital`, `site`, `gate`.
    meet: &'static str,
    /// Whether it has a day and an hour of its own, from the one to the other.
    timed: bool,
    /// From when, seconds since 1970.
    from: i64,
    /// Until when, seconds since 1970.
    until: i64,
    /// What is needed, in the words of whoever needs it.
    words: String,
    /// From whom it is fetched; null where nobody has it.
    #[schema(required)]
    fetch: Option<ErrandEnd>,
    /// To whom it goes; null where the roll has them no more.
    #[schema(required)]
    to: Option<ErrandEnd>,
    /// Whether it was done, and the others have not all said so.
    done: bool,
    /// What can be done now: `done`, `cannot`.
    can: Vec<&'static str>,
}

/// One end of an errand.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrandEnd {
    /// `12-2-301`.
    door: String,
    /// Where it is asked for by name; otherwise null.
    #[schema(required)]
    name: Option<String>,
    /// As the roll has it.
    phone: String,
}

/// What a volunteer carries, the most urgent first. Blocks on the disk.
pub(super) fn errands(app: &App, community: CommunityId, own: VolunteerId) -> Result<Vec<OwnErrand>, Fault> {
    if !app.people.any_errand(community)? {
        return Ok(Vec::new());
    }
    let exchange = app.people.exchange(community)?;
    let mut all: Vec<_> = exchange.errands(own.0).collect();
    all.sort_by_key(|(need, _)| (need.posting.urgency, need.posting.time(), need.posting.id));
    let by = Who::Volunteer(own.0);
    let now = Moment(people::now() * 10_000);
    let one = |(need, offer): (&Need, Option<&Posting>)| {
        let posting = &need.posting;
        let id = posting.id;
        let named = posting.kind.needs_name();
        let acts = [("done", Command::Carry { need: id }), ("cannot", Command::Decline { need: id })];
        Ok(OwnErrand {
            of: id.to_string(),
            kind: posting.kind.name(),
            subject: posting.subject.map(Subject::name),
            urgent: posting.urgency == exchange::Urgency::Urgent,
            for_child: posting.for_child,
            meet: posting.meet.name(),
            timed: posting.timed,
            from: seconds(posting.from),
            until: seconds(posting.until),
            words: posting.words.clone(),
            fetch: offer.map(|of| end(app, community, of, false)).transpose()?.flatten(),
            to: end(app, community, posting, named)?,
            done: matches!(need.life, Life::Carried { .. }),
            can: can(&exchange, now, &by, acts),
        })
    };
    all.into_iter().map(one).collect()
}

/// Who somebody is, as far as it must be known at their door; `None` where the roll has them no more.
fn end(app: &App, community: CommunityId, of: &Posting, named: bool) -> Result<Option<ErrandEnd>, Fault> {
    match app.people.neighbour(community, ResidentId(of.by)) {
        Ok(found) => {
            let door = door(&found);
            Ok(Some(ErrandEnd { door, name: named.then_some(found.cells.name), phone: found.cells.phone }))
        }
        Err(PeopleError::Unknown) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
