//! What a volunteer sees of the rosters, and does: today's shift and the one next thing, a card, a swap, coming and leaving.

use super::{KeptRoster, KeptShift, Swap, build, card::read_card, changed, local_at, local_now};
use crate::{
    access::{secret::same, who::Who},
    app::App,
    people::{
        self,
        id::{CommunityId, VolunteerId},
        volunteers::Volunteer,
    },
    problem::Fault,
    store::Id,
};
use axum::http::StatusCode;
use domain::roster::{Roster, Rule, Task};
use exchange::Command;
use formats::icalendar::{Calendar, Event};
use jiff::{SignedDuration, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::{
    Voice,
    roster::{role_word, rule_word},
    view::service,
};

/// Whoever is early may say that they came: setting up is work.
const EARLY: SignedDuration = SignedDuration::from_mins(60);
/// After a shift's end its page still takes when somebody left.
const LATE: SignedDuration = SignedDuration::from_hours(12);

/// Clocks of telephones go so much ahead, in seconds, and are believed.
const AHEAD_S: i64 = 120;
/// What is told so much later than it was done, in seconds, is told later.
const LATER_S: i64 = 60;

/// A shift of one's own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnShift {
    /// The roster: the id of its scenario.
    pub roster: String,
    /// Its place there.
    pub shift: usize,
    /// When it begins, local: `2022-03-28T07:00`.
    pub from: String,
    /// When it ends.
    pub until: String,
    /// What is done, in the asker's language.
    pub role: String,
    /// Where.
    pub place: String,
    /// What to know: clothing, heat, another community.
    pub hints: Vec<String>,
    /// Whether they have had their five minutes and read their card.
    pub briefed: bool,
    /// When they came, seconds since 1970.
    #[schema(required)]
    pub came: Option<i64>,
    /// When they left.
    #[schema(required)]
    pub left: Option<i64>,
    /// Whether they said that they cannot come.
    pub cannot: bool,
    /// Whether they ask for somebody to take it.
    pub offered: bool,
    /// Whether it has begun, or begins within the hour.
    pub is_now: bool,
}

/// A shift that somebody else would give away, and that the rules let one take.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Offer {
    /// The roster.
    pub roster: String,
    /// The shift's place there.
    pub shift: usize,
    /// Whose it is.
    pub of: VolunteerId,
    /// Their name.
    pub name: String,
    /// When it begins.
    pub from: String,
    /// When it ends.
    pub until: String,
    /// What is done.
    pub role: String,
    /// The shifts of one's own that could be given for it.
    pub give: Vec<usize>,
}

/// A role card.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Card {
    /// The role.
    pub name: String,
    /// What to do, in order.
    pub tasks: Vec<String>,
    /// What not to do.
    pub limits: Vec<String>,
    /// What to do if in doubt.
    pub doubts: Vec<String>,
}

/// The one thing to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Next {
    /// Nothing is planned: they are told when something is.
    Nothing,
    /// To come at the time of the first shift.
    Wait,
    /// To read the card of the first shift, and to say so.
    Brief,
    /// To say that they are there.
    Come,
    /// To work; and at the end to say that they leave.
    Work,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct OwnPage {
    /// The one thing.
    pub next: Next,
    /// Of which of the shifts; `None` where nothing is next.
    pub first: Option<usize>,
    /// Their shifts that are not over, the first first.
    pub shifts: Vec<OwnShift>,
    /// What others would give away.
    pub offers: Vec<Offer>,
    /// The cards of their roles.
    pub cards: Vec<Card>,
}

/// What a volunteer does. Rosters are told by their scenarios' ids, shifts by their places.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Act {
    /// They have had their five minutes, and read their card.
    Brief {
        /// The roster.
        roster: String,
        /// The shift.
        shift: usize,
    },
    /// They have scanned the card of their role: for all their shifts of that role on its day.
    Card {
        /// What the card's code says.
        code: String,
    },
    /// They are there.
    Came {
        /// The roster.
        roster: String,
        /// The shift.
        shift: usize,
        /// What proves it: the code that hangs at the site; absent: their word.
        site: Option<String>,
    },
    /// They leave.
    Left {
        /// The roster.
        roster: String,
        /// The shift.
        shift: usize,
    },
    /// They cannot come, or can again: the secretary is told.
    Cannot {
        /// The roster.
        roster: String,
        /// The shift.
        shift: usize,
        /// Whether they cannot.
        cannot: bool,
    },
    /// They ask for somebody to take a shift, or ask no more.
    Offer {
        /// The roster.
        roster: String,
        /// The shift.
        shift: usize,
        /// Whether they ask.
        offered: bool,
    },
    /// They have carried what the secretariat gave them, or cannot.
    Errand {
        /// The neighbour's need.
        #[schema(value_type = String)]
        of: Uuid,
        /// Whether they have; otherwise they cannot.
        done: bool,
    },
    /// They take a shift that somebody offered, and may give one of theirs for it.
    Accept {
        /// The roster.
        roster: String,
        /// The shift.
        shift: usize,
        /// Whose it is.
        of: VolunteerId,
        /// What they give for it.
        give: Option<usize>,
    },
}

impl OwnPage {
    /// What a volunteer sees now.
    ///
    /// # Errors
    /// The database says no.
    pub fn of(app: &App, community: CommunityId, own: &Volunteer, voice: Voice) -> Result<OwnPage, Fault> {
        let mut page = OwnPage {
            next: Next::Nothing,
            first: None,
            shifts: Vec::new(),
            offers: Vec::new(),
            cards: Vec::new(),
        };
        for row in app.people.rosters(community)? {
            let kept = KeptRoster::of(&row.content)?;
            let now = local_now(&kept.zone);
            let mut roles: Vec<&str> = Vec::new();
            for (number, shift) in kept.shifts.iter().enumerate() {
                let Some(on) = shift.on.iter().find(|on| on.volunteer == own.id) else { continue };
                let over = shift.ends()?;
                if over + LATE < now || (over < now && (on.came.is_none() || on.left.is_some())) {
                    continue;
                }
                roles.push(&shift.role);
                page.shifts.push(OwnShift {
                    roster: row.scenario.clone(),
                    shift: number,
                    from: shift.from.clone(),
                    until: shift.until.clone(),
                    role: role_word(&shift.role, voice),
                    place: shift.site.clone().unwrap_or_else(|| kept.community.clone()),
                    hints: hints(shift, voice),
                    briefed: on.briefed.is_some(),
                    came: on.came,
                    left: on.left,
                    cannot: on.cannot,
                    offered: kept.swaps.contains(&Swap { volunteer: own.id, shift: number }),
                    is_now: shift.begins()? - EARLY <= now,
                });
            }
            page.cards.extend(cards(app, &row.scenario, &kept.purpose, &roles, voice)?);
            page.offers.extend(offers(app, community, &row.scenario, &kept, own, voice)?);
        }
        page.shifts.sort_by(|one, other| one.from.cmp(&other.from));
        page.first = page.shifts.iter().position(|shift| !shift.cannot && shift.left.is_none());
        page.next = page.first.map_or(Next::Nothing, |first| next(&page.shifts[first]));
        Ok(page)
    }
}

fn next(shift: &OwnShift) -> Next {
    match shift.came {
        Some(_) => Next::Work,
        None if !shift.briefed => Next::Brief,
        None if shift.is_now => Next::Come,
        None => Next::Wait,
    }
}

/// What to know of a shift.
fn hints(shift: &KeptShift, voice: Voice) -> Vec<String> {
    let all = [
        (shift.suit, "rostered.wear_suit"),
        (shift.heat, "rostered.drink"),
        (shift.site.is_some(), "rostered.lent"),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, key)| voice.word(key)).collect()
}

/// The cards of roles, as the scenario's service has them; none where the scenario is gone.
///
/// # Errors
/// The database says no.
pub fn cards(
    app: &App,
    scenario: &str,
    purpose: &str,
    roles: &[&str],
    voice: Voice,
) -> Result<Vec<Card>, Fault> {
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let files = Id::parse(scenario).and_then(|id| app.store.get(&Who::Owner, &id).ok());
    let Some(service) = files.and_then(|kept| service(purpose, &kept.files, voice)) else {
        return Ok(Vec::new());
    };
    let of_theirs =
        |name: &str| scenario::known_role(name).is_some_and(|role| roles.contains(&role.as_str()));
    let cards = service.roles.into_iter().filter(|card| of_theirs(&card.name));
    let card = |card: verbs::view::RoleView| Card {
        name: card.name,
        tasks: card.tasks,
        limits: card.limits,
        doubts: card.doubts,
    };
    Ok(cards.map(card).collect())
}

/// What others would give away and the rules let one take; none where the roster cannot be held against them now.
fn offers(
    app: &App,
    community: CommunityId,
    scenario: &str,
    kept: &KeptRoster,
    own: &Volunteer,
    voice: Voice,
) -> Result<Vec<Offer>, Fault> {
    let now = local_now(&kept.zone);
    let mut offers = Vec::new();
    let mut open = Vec::new();
    if !kept.knows(own) {
        return Ok(offers);
    }
    for swap in kept.swaps.iter().filter(|swap| swap.volunteer != own.id) {
        if kept.shifts[swap.shift].begins()? > now {
            open.push(*swap);
        }
    }
    if open.is_empty() {
        return Ok(offers);
    }
    let Ok(built) = build(app, community, scenario, kept, voice) else { return Ok(offers) };
    let (task, roster) = (&built.rostered.task, &built.rostered.roster);
    let Some(me) = built.place_of(own.id) else { return Ok(offers) };
    let begins_later = |at: usize| kept.shifts[at].begins().is_ok_and(|begins| begins > now);
    let mine: Vec<usize> = (0..kept.shifts.len())
        .filter(|&at| begins_later(at) && roster.shifts[built.places[at]].contains(&me))
        .collect();
    for swap in open {
        let Some(them) = built.place_of(swap.volunteer) else { continue };
        let at = built.places[swap.shift];
        let fits = |give: Option<usize>| {
            let give = give.map(|give| built.places[give]);
            swapped(roster, (them, at), (me, give))
                .is_some_and(|after| newly_broken(task, roster, &after).is_empty())
        };
        let give: Vec<usize> = mine.iter().copied().filter(|&give| fits(Some(give))).collect();
        if give.is_empty() && !fits(None) {
            continue;
        }
        let shift = &kept.shifts[swap.shift];
        offers.push(Offer {
            roster: scenario.to_owned(),
            shift: swap.shift,
            of: swap.volunteer,
            name: task.volunteers[them].name.clone(),
            from: shift.from.clone(),
            until: shift.until.clone(),
            role: role_word(&shift.role, voice),
            // Taking it outright asks less of the other.
            give: if fits(None) { Vec::new() } else { give },
        });
    }
    Ok(offers)
}

/// A roster in which one has another's shift, and perhaps the other one of theirs; `None` where they do not have them.
fn swapped(
    roster: &Roster,
    (them, at): (usize, usize),
    (me, give): (usize, Option<usize>),
) -> Option<Roster> {
    let mut after = roster.clone();
    let mut pass = |at: usize, from: usize, to: usize| {
        let people = &mut after.shifts[at];
        if people.contains(&to) {
            return None;
        }
        *people.iter_mut().find(|who| **who == from)? = to;
        people.sort_unstable();
        Some(())
    };
    pass(at, them, me)?;
    if let Some(give) = give {
        pass(give, me, them)?;
    }
    Some(after)
}

/// The hard rules that a change breaks.
fn newly_broken(task: &Task, before: &Roster, after: &Roster) -> Vec<Rule> {
    let known = ::roster::check(task, before).broken;
    let broken = ::roster::check(task, after).broken.into_iter().filter(|of| !known.contains(of));
    let mut rules: Vec<Rule> = broken.map(|of| of.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

impl Act {
    /// Does it. `made` is when they did, seconds since 1970, where that is told later.
    ///
    /// # Errors
    /// They are not at this shift, it is too early or too late, a rule says no, or the database does.
    pub fn done(
        self,
        app: &App,
        community: CommunityId,
        (by, made): (&Volunteer, Option<i64>),
        voice: Voice,
    ) -> Result<(), Fault> {
        // An errand counts when it is told, however late.
        let now = match self {
            Act::Errand { .. } => people::now(),
            _ => made_at(made, people::now())?,
        };
        let own = by.id;
        match self {
            Act::Brief { roster, shift } => changed(app, community, &roster, |kept| {
                kept.shift(shift)?.on(own)?.briefed = Some(now);
                Ok(())
            }),
            Act::Card { code } => read_card(app, community, own, &code, now),
            Act::Came { roster, shift, site } => {
                let at_site = site.map(|code| is_of_site(app, community, &code)).transpose()?.is_some();
                changed(app, community, &roster, |kept| came(kept, own, shift, at_site, now))
            }
            Act::Left { roster, shift } => changed(app, community, &roster, |kept| {
                let local = local_at(&kept.zone, now);
                let shift = kept.shift(shift)?;
                let late = local > shift.ends()? + LATE;
                let on = shift.on(own)?;
                if on.came.is_none_or(|came| now < came) || late {
                    return Err(Fault::new(StatusCode::CONFLICT, "own_not_now"));
                }
                on.left = Some(now);
                on.told_later |= is_late(now);
                Ok(())
            }),
            Act::Cannot { roster, shift, cannot } => changed(app, community, &roster, |kept| {
                kept.shift(shift)?.on(own)?.cannot = cannot;
                Ok(())
            }),
            Act::Offer { roster, shift, offered } => changed(app, community, &roster, |kept| {
                kept.shift(shift)?.on(own)?;
                let swap = Swap { volunteer: own, shift };
                kept.swaps.retain(|of| *of != swap);
                if offered {
                    kept.swaps.push(swap);
                }
                Ok(())
            }),
            Act::Errand { of: need, done } => {
                let command = if done { Command::Carry { need } } else { Command::Decline { need } };
                app.people.act(community, people::now(), &exchange::Who::Volunteer(own.0), &command)?;
                Ok(())
            }
            Act::Accept { roster, shift, of, give } => changed(app, community, &roster, |kept| {
                accepted(app, (community, &roster), kept, (by, give), (of, shift), voice)
            }),
        }
    }
}

/// Whether this is the code that hangs at the site.
fn is_of_site(app: &App, community: CommunityId, code: &str) -> Result<(), Fault> {
    let wrong = || Fault::new(StatusCode::CONFLICT, "own_site_code");
    let known = app.people.site_code(community)?.ok_or_else(wrong)?;
    same(known.as_bytes(), code.as_bytes()).then_some(()).ok_or_else(wrong)
}

/// When something was done: now, or when a telephone says, if that can be.
fn made_at(made: Option<i64>, now: i64) -> Result<i64, Fault> {
    match made {
        Some(made) if made > now + AHEAD_S || made < now - LATE.as_secs() => {
            Err(Fault::new(StatusCode::CONFLICT, "own_made_off"))
        }
        made => Ok(made.unwrap_or(now).min(now)),
    }
}

fn is_late(made: i64) -> bool {
    people::now() - made > LATER_S
}

/// Somebody is there, since `now`.
fn came(kept: &mut KeptRoster, own: VolunteerId, shift: usize, at_site: bool, now: i64) -> Result<(), Fault> {
    let local = local_at(&kept.zone, now);
    let number = shift;
    let shift = kept.shift(number)?;
    if local < shift.begins()? - EARLY || local > shift.ends()? {
        return Err(Fault::new(StatusCode::CONFLICT, "own_not_now"));
    }
    let on = shift.on(own)?;
    on.came = Some(on.came.map_or(now, |came| came.min(now)));
    on.at_site |= at_site;
    on.told_later |= is_late(now);
    // What is told later does not take back that they have left since.
    on.left = on.left.filter(|left| now < *left);
    on.cannot = false;
    kept.swaps.retain(|of| *of != Swap { volunteer: own, shift: number });
    Ok(())
}

/// Two change places, if the rules let them.
fn accepted(
    app: &App,
    (community, scenario): (CommunityId, &str),
    kept: &mut KeptRoster,
    (own, give): (&Volunteer, Option<usize>),
    (of, shift): (VolunteerId, usize),
    voice: Voice,
) -> Result<(), Fault> {
    let gone = || Fault::new(StatusCode::CONFLICT, "own_offer_gone");
    if !kept.swaps.contains(&Swap { volunteer: of, shift }) || of == own.id || !kept.knows(own) {
        return Err(gone());
    }
    if let Some(give) = give {
        kept.shift(give)?.on(own.id)?;
    }
    // What has begun is nobody's to give: who came to it stays written down.
    let now = local_now(&kept.zone);
    for at in [Some(shift), give].into_iter().flatten() {
        if kept.shift(at)?.begins()? <= now {
            return Err(gone());
        }
    }
    let built = build(app, community, scenario, kept, voice)?;
    let (me, them) = built.place_of(own.id).zip(built.place_of(of)).ok_or_else(gone)?;
    let task = &built.rostered.task;
    let roster = &built.rostered.roster;
    let given = give.map(|give| built.places[give]);
    let after = swapped(roster, (them, built.places[shift]), (me, given)).ok_or_else(gone)?;
    let broken = newly_broken(task, roster, &after);
    if !broken.is_empty() {
        let words: Vec<String> = broken.iter().map(|rule| rule_word(*rule, voice)).collect();
        let rules = words.join(&voice.word("list.separator"));
        return Err(Fault::new(StatusCode::CONFLICT, "own_rules").with("rules", rules));
    }
    pass(kept, shift, of, own.id)?;
    if let Some(give) = give {
        pass(kept, give, own.id, of)?;
    }
    kept.bound = None;
    kept.swaps.retain(|swap| kept.shifts[swap.shift].on.iter().any(|on| on.volunteer == swap.volunteer));
    Ok(())
}

/// Somebody's place at a shift goes to another, who had no briefing for it yet.
fn pass(kept: &mut KeptRoster, shift: usize, from: VolunteerId, to: VolunteerId) -> Result<(), Fault> {
    let on = kept.shift(shift)?.on(from)?;
    *on = super::OnShift { pinned: on.pinned, ..super::OnShift::new(to) };
    Ok(())
}

/// All shifts of a volunteer as a calendar. No name stands in it.
///
/// # Errors
/// The database says no.
pub fn calendar(app: &App, community: CommunityId, own: &Volunteer, voice: Voice) -> Result<String, Fault> {
    let name = app.people.community(community)?.name;
    let mut events = Vec::new();
    for row in app.people.rosters(community)? {
        let kept = KeptRoster::of(&row.content)?;
        let zone = TimeZone::get(&kept.zone).unwrap_or(TimeZone::UTC);
        let utc = |at: DateTime| {
            let at = zone.to_timestamp(at).ok()?;
            Some(at.strftime("%Y%m%dT%H%M%SZ").to_string())
        };
        let own_shifts =
            kept.shifts.iter().filter(|shift| shift.on.iter().any(|on| on.volunteer == own.id && !on.cannot));
        for shift in own_shifts {
            let Some((from_utc, until_utc)) = utc(shift.begins()?).zip(utc(shift.ends()?)) else {
                continue;
            };
            events.push(Event {
                id: format!("{}-{}-{}", row.scenario, shift.from, shift.role),
                from_utc,
                until_utc,
                summary: role_word(&shift.role, voice),
                place: shift.site.clone().unwrap_or_else(|| kept.community.clone()),
                text: hints(shift, voice).join(" "),
            });
        }
    }
    events.sort_by(|one, other| one.from_utc.cmp(&other.from_utc));
    Ok(Calendar { name, events }.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_is_believed_within_reason() {
        let now = 1_000_000;
        let at = |made| made_at(made, now).ok();
        assert_eq!(
            (at(None), at(Some(now - 3600)), at(Some(now + 100))),
            (Some(now), Some(now - 3600), Some(now))
        );
        assert_eq!((at(Some(now + 121)), at(Some(now - 43_201)), at(Some(i64::MIN + 1))), (None, None, None));
    }

    #[test]
    fn a_swap_takes_two_who_have_what_they_give() {
        let roster = Roster { shifts: vec![vec![0], vec![1], vec![0, 1]] };
        let taken = swapped(&roster, (0, 0), (1, None)).unwrap();
        assert_eq!(taken.shifts, [vec![1], vec![1], vec![0, 1]]);
        let both = swapped(&roster, (0, 0), (1, Some(1))).unwrap();
        assert_eq!(both.shifts, [vec![1], vec![0], vec![0, 1]]);
        assert!(swapped(&roster, (0, 1), (1, None)).is_none(), "they do not have it");
        assert!(swapped(&roster, (0, 2), (1, None)).is_none(), "both are there already");
    }
}
