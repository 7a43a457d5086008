//! What everybody serves, whom it helps elsewhere and since when they are back, and who comes from elsewhere.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use crate::{
    app::App,
    people::{
        self, PeopleError,
        id::{CommunityId, VolunteerId},
    },
    problem::Fault,
    rostering::{self, Built, KeptRoster, KeptShift},
};
use serde::Serialize;
use utoipa::ToSchema;
use verbs::{Voice, roster::role_word};

/// Rosters that nobody has changed for longer lend nobody any more: a month.
const LENDING_SECONDS: i64 = 30 * 86_400;

/// What somebody serves.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoursView {
    /// Who.
    id: VolunteerId,
    /// Their name.
    pub name: String,
    /// Hours by the roster.
    pub hours: f64,
    /// Of them, at communities to which they are lent.
    lent_hours: f64,
    /// Hours from when they came to when they left.
    served: f64,
    /// Hours that count: of each shift those from coming to leaving where both are known, and else those of the roster.
    pub counted: f64,
    /// Shifts.
    pub shifts: usize,
    /// To whom they are lent, in the order of time.
    lent: Vec<LentView>,
    /// With which organisations they count, each in full.
    pub organisations: Vec<String>,
}

/// Somebody who is lent for a shift.
#[derive(Debug, Serialize, ToSchema)]
pub struct LentView {
    /// To which community.
    site: String,
    /// From when on, local: `2022-03-28T07:00`.
    from: String,
    /// Until when.
    until: String,
    /// Since when they are back, seconds since 1970: when they, or the desk, said that they left there.
    #[schema(required)]
    back: Option<i64>,
    /// Whether the shift is over, they came to it, and nobody said that they are back.
    missed: bool,
}

/// People whom another community of this server lends: never who they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestView {
    /// From when on, local there: `2022-03-28T07:00`.
    from: String,
    /// Until when.
    until: String,
    /// What they do, in the asker's language.
    role_name: String,
    /// The community that lends them.
    of: String,
    /// How many come.
    people: usize,
    /// How many of them are there by now, or were.
    came: usize,
}

/// What everybody serves who has a shift.
pub fn hours(kept: &KeptRoster, built: &Built) -> Vec<HoursView> {
    let task = &built.rostered.task;
    let now = rostering::local_now(&kept.zone);
    let credits = ::roster::hours(task, &built.rostered.roster);
    let hours = credits.into_iter().filter(|credit| credit.shifts > 0).map(|credit| {
        let id = built.ids[credit.volunteer];
        let own = || {
            let shifts = kept.shifts.iter().zip(&built.places);
            shifts.flat_map(move |(shift, place)| {
                let on = shift.on.iter().filter(move |on| on.volunteer == id);
                on.map(move |on| (shift, *place, on))
            })
        };
        let (mut served, mut counted) = (0.0, 0.0);
        for (_, place, on) in own() {
            let planned = f64::from(task.shifts[place].span.minutes()) / 60.0;
            let there = on.came.zip(on.left).map(|(came, left)| (left - came) as f64 / 3600.0);
            served += there.unwrap_or(0.0);
            counted += there.unwrap_or(planned);
        }
        let lent = own().filter_map(|(shift, _, on)| {
            let is_over = shift.ends().is_ok_and(|end| end < now);
            Some(LentView {
                site: shift.site.clone()?,
                from: shift.from.clone(),
                until: shift.until.clone(),
                back: on.left,
                missed: is_over && on.came.is_some() && on.left.is_none(),
            })
        });
        HoursView {
            id,
            name: task.volunteers[credit.volunteer].name.clone(),
            hours: f64::from(credit.minutes) / 60.0,
            lent_hours: f64::from(credit.lent_min) / 60.0,
            served,
            counted,
            shifts: credit.shifts,
            lent: lent.collect(),
            organisations: credit.organisations,
        }
    });
    hours.collect()
}

/// Who comes from other communities of this server on the days of a roster: those whose rosters name this one, as it is called here, as the
/// site of a shift. Of two communities of one name neither is meant. Who they are is told to nobody but those who lend them.
pub fn guests(
    app: &App,
    community: CommunityId,
    kept: &KeptRoster,
    voice: Voice,
) -> Result<Vec<GuestView>, Fault> {
    let all = app.people.communities()?;
    let own = all.iter().find(|one| one.id == community).ok_or(PeopleError::Unknown)?;
    if all.iter().filter(|one| one.name == own.name).count() > 1 {
        return Ok(Vec::new());
    }
    let day = |time: &str| time.get(..10).unwrap_or_default().to_owned();
    let days: Vec<String> =
        kept.shifts.iter().flat_map(|shift| [day(&shift.from), day(&shift.until)]).collect();
    let (first, last) = (days.iter().min(), days.iter().max());
    let mut guests = Vec::new();
    for (lender, content) in app.people.lending(people::now() - LENDING_SECONDS)? {
        let Some(lender) = all.iter().find(|one| one.id == lender && one.id != community) else { continue };
        let theirs = KeptRoster::of(&content)?;
        let here = |shift: &&KeptShift| {
            let begins = Some(day(&shift.from));
            shift.site.as_ref() == Some(&own.name)
                && begins.as_ref() >= first
                && begins.as_ref() <= last
                && !shift.on.is_empty()
        };
        guests.extend(theirs.shifts.iter().filter(here).map(|shift| GuestView {
            from: shift.from.clone(),
            until: shift.until.clone(),
            role_name: role_word(&shift.role, voice),
            of: lender.name.clone(),
            people: shift.on.iter().filter(|on| !on.cannot).count(),
            came: shift.on.iter().filter(|on| on.came.is_some()).count(),
        }));
    }
    guests.sort_by(|one, other| (&one.from, &one.of).cmp(&(&other.from, &other.of)));
    Ok(guests)
}
