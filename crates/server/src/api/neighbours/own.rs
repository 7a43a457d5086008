//! A person's own page among neighbours, for whoever has their link: when they are called, how long the queue is, what they need and offer,
//! what they are asked for, and what they say. Who the other is stands there once both have said yes.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{can, door, seconds, state};
use crate::{
    api::{Asker, Body, names::Unkept, now::worst, rounds::place},
    app::App,
    limits,
    machine::aside,
    people::{
        self,
        id::{CommunityId, ResidentId, VolunteerId},
        names::Resident,
    },
    problem::{Fault, Problem},
    run::own::{Whose, own_unknown},
};
use axum::extract::{Path, State};
use domain::{Moment, roll::floor_of};
use exchange::{
    Command, Exchange, How, Kind, Life, Meet, Need, Offer, Place, Posting, Side, Subject, Tone, Urgency,
    VOICE_LETTERS, WORDS_LETTERS, Who,
};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// Whose page is asked for, and what they do there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnAsk {
    /// What stands behind `#` in the link.
    token: String,
    /// What is to be done; null or absent: nothing, the page is looked at.
    act: Option<OwnAct>,
}

/// What a neighbour does.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum OwnAct {
    /// Needs or offers something.
    Post(NewPosting),
    /// Takes a need or an offer back.
    Withdraw(OfPosting),
    /// Asks the secretariat to see to a need.
    HandOver(OfPosting),
    /// Says yes.
    Accept(OfPosting),
    /// Says no, or cannot after all.
    Decline(OfPosting),
    /// Says that it was done.
    Done(OfPosting),
    /// Says how things go.
    Speak(NewVoice),
}

/// A need or an offer.
#[derive(Deserialize, ToSchema)]
pub struct NewPosting {
    /// `need` or `offer`.
    #[schema(value_type = String)]
    side: Side,
    /// `medicine`, `food`, `lessons`, `childcare`, `repairs`, `interpreting` or `visit`.
    #[schema(value_type = String)]
    kind: Kind,
    /// What exactly; null or absent: not said.
    #[schema(value_type = Option<String>)]
    subject: Option<Subject>,
    /// Whether it is for a child; null or absent: not said, and then lessons and childcare are.
    for_child: Option<bool>,
    /// `urgent`, `usual` or `later`.
    #[schema(value_type = String)]
    urgency: Urgency,
    /// Of a need with a day and an hour of its own: when it begins, seconds since 1970. Null or absent: at any time from now on.
    at: Option<i64>,
    /// Of a need: where the two meet: `door` (absent: this), `hospital`, `site`, `gate`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    meet: Meet,
    /// For so many hours from then on it can be done.
    hours: u16,
    /// Of an offer: how many neighbours at one time; absent: one.
    #[serde(default = "one")]
    most: u8,
    /// In their own words.
    #[serde(default)]
    words: String,
}

/// No time is farther than a year, in seconds.
const TIME_OFF_S: i64 = 366 * 86_400;

fn one() -> u8 {
    1
}

/// Of which need or offer.
#[derive(Deserialize, ToSchema)]
pub struct OfPosting {
    /// Its id.
    #[schema(value_type = String)]
    of: Uuid,
}

/// What somebody says of how things go.
#[derive(Deserialize, ToSchema)]
pub struct NewVoice {
    /// `complaint`, `praise` or `question`.
    #[schema(value_type = String)]
    tone: Tone,
    /// In their own words.
    words: String,
}

/// A person's own page.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnNeighbours {
    /// When their household is called; null where the plan calls nobody.
    #[schema(required)]
    call: Option<OwnTime>,
    /// How long whoever comes now waits, in minutes: probably more than the first, as likely more as less than the second, probably less than the
    /// third. Null where it was not foreseen within three hours.
    #[schema(required)]
    wait_min: Option<[u32; 3]>,
    /// When it was foreseen, seconds since 1970.
    #[schema(required)]
    wait_at: Option<i64>,
    /// What they need, the last first.
    needs: Vec<OwnPosting>,
    /// What others need and they are asked for.
    asked: Vec<OwnPosting>,
    /// What they offer.
    offers: Vec<OwnPosting>,
    /// For how many neighbours they did something within a fortnight.
    helped: usize,
    /// What they said, the last first.
    voices: Vec<OwnVoice>,
    /// What can be needed and offered.
    kinds: Vec<OwnKind>,
    /// Where two can meet.
    meets: Vec<&'static str>,
    /// Letters of what somebody needs or offers, at most.
    words_max: usize,
    /// Letters of a voice, at most.
    voice_max: usize,
}

/// What can be needed and offered.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnKind {
    /// What with.
    kind: &'static str,
    /// What exactly it can be.
    subjects: Vec<&'static str>,
    /// Whether a need of it has a day and an hour, and perhaps a place.
    timed: bool,
    /// Whether a need of it is for a child: `always`, `unless_said`, `if_said`.
    for_child: &'static str,
}

/// When a household is called.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnTime {
    /// As it is planned, seconds since 1970.
    at: i64,
    /// The lane, from 1; 0 where people choose.
    lane: u16,
    /// Whether it was called already.
    called: bool,
}

/// A need or an offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnPosting {
    /// Its id.
    id: String,
    /// What with.
    kind: &'static str,
    /// What exactly.
    #[schema(required)]
    subject: Option<&'static str>,
    /// How urgent.
    urgency: &'static str,
    /// Whether it is for a child.
    for_child: bool,
    /// Where the two meet: `door`, `hospital`, `site`, `gate`. Whose door that is stands in `partner`, or nowhere.
    meet: &'static str,
    /// Whether it has a day and an hour of its own, from the one to the other.
    timed: bool,
    /// From when, seconds since 1970.
    from: i64,
    /// Until when, seconds since 1970.
    until: i64,
    /// One's own words, or those of a neighbour with whom it is agreed.
    words: String,
    /// Whether the secretariat wrote it down for them.
    on_behalf: bool,
    /// How far it is.
    state: &'static str,
    /// That, in words.
    message: String,
    /// What can be done now: `accept`, `decline`, `done`, `hand_over`, `withdraw`.
    can: Vec<&'static str>,
    /// Who the other is, once both have said yes.
    #[schema(required)]
    partner: Option<Partner>,
    /// The volunteer who carries it, by name.
    #[schema(required)]
    carrier: Option<String>,
}

/// A neighbour with whom something is agreed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Partner {
    /// `12-2-301`.
    door: String,
    /// As the roll has it.
    name: String,
    /// As the roll has it.
    phone: String,
}

/// What somebody said.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnVoice {
    /// Its id.
    id: String,
    /// `complaint`, `praise` or `question`.
    tone: &'static str,
    /// What.
    words: String,
    /// When, seconds since 1970.
    at: i64,
    /// By when it is answered, seconds since 1970.
    due: i64,
    /// The secretariat's answer; null: none yet.
    #[schema(required)]
    answer: Option<String>,
}

/// A person's own page, by their link; first what they do there is done. No answer is kept by a browser.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/rounds/{round}/mine/neighbours", request_body = OwnAsk,
    params(("community" = String, Path), ("round" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = OwnNeighbours), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "A rule says no", body = Problem)
    )
)]
pub async fn own_neighbours(
    State(app): State<App>,
    Path((community, round)): Path<(String, String)>,
    Asker(voice): Asker,
    Body(OwnAsk { token, act }): Body<OwnAsk>,
) -> Result<Unkept<OwnNeighbours>, Fault> {
    let (community, round) = place(&community, &round).map_err(|_| own_unknown())?;
    let page = aside(move || {
        let whose = app.runs.whose(community, round, &token)?;
        let id = app.people.resident_with(community, |id| whose.is(id))?.ok_or_else(own_unknown)?;
        let home = app.people.neighbour(community, id)?;
        let now = people::now();
        let exchange = match act {
            None => app.people.exchange(community)?,
            Some(act) => {
                let command = act.command(&home, &whose.made().definition.zone(), now)?;
                app.people.act(community, now, &Who::Resident(id.0), &command)?
            }
        };
        Page { app: &app, community, exchange: &exchange, id, now: Moment(now * 10_000), voice }
            .of(&whose, &home)
    });
    page.await.map(Unkept)
}

impl OwnAct {
    fn command(self, home: &Resident, zone: &TimeZone, now: i64) -> Result<Command, Fault> {
        Ok(match self {
            OwnAct::Post(new) => Command::Post(new.posting(home, now)),
            OwnAct::Withdraw(OfPosting { of }) => Command::Withdraw { posting: of },
            OwnAct::HandOver(OfPosting { of }) => Command::HandOver { need: of },
            OwnAct::Accept(OfPosting { of }) => Command::Accept { need: of },
            OwnAct::Decline(OfPosting { of }) => Command::Decline { need: of },
            OwnAct::Done(OfPosting { of }) => Command::Confirm { need: of },
            OwnAct::Speak(NewVoice { tone, words }) => Command::Speak {
                id: Uuid::new_v4(),
                by: home.id.0,
                tone,
                words,
                due: next_evening(zone, now),
            },
        })
    }
}

impl NewPosting {
    pub(super) fn posting(self, home: &Resident, now: i64) -> Posting {
        // What cannot be a time is one that is refused as past, or as too far.
        let from = self.at.map_or(now, |at| at.clamp(now - TIME_OFF_S, now + TIME_OFF_S));
        let until = from + 3600 * i64::from(self.hours);
        Posting {
            id: Uuid::new_v4(),
            by: home.id.0,
            home: home.household.0,
            side: self.side,
            kind: self.kind,
            subject: self.subject,
            for_child: self.kind.is_for_child(self.for_child),
            urgency: self.urgency,
            place: Place {
                building: home.building.clone(),
                entrance: home.entrance.clone(),
                floor: floor_of(&home.door),
            },
            meet: self.meet,
            timed: self.at.is_some(),
            from: Moment(from * 10_000),
            until: Moment(until * 10_000),
            most: self.most,
            words: self.words,
            on_behalf: false,
        }
    }
}

/// The evening of the next day at the site.
fn next_evening(zone: &TimeZone, now: i64) -> Moment {
    let then = || {
        let today = zone.to_datetime(Timestamp::from_second(now).ok()?).date();
        zone.to_timestamp(today.tomorrow().ok()?.at(limits::VOICE_ANSWERED_BY, 0, 0, 0)).ok()
    };
    then().map_or(Moment((now + 86_400) * 10_000), Moment::from)
}

/// What one person sees.
struct Page<'a> {
    app: &'a App,
    community: CommunityId,
    exchange: &'a Exchange,
    id: ResidentId,
    now: Moment,
    voice: Voice,
}

impl Page<'_> {
    fn of(&self, whose: &Whose, home: &Resident) -> Result<OwnNeighbours, Fault> {
        let wait = self.wait(whose);
        let call = self.app.runs.own_call(whose, home.household)?;
        let call = call.map(|of| OwnTime { at: of.at, lane: of.lane, called: of.called });
        let me = self.id.0;
        let mut needs: Vec<&Need> = self.exchange.needs().filter(|of| of.posting.by == me).collect();
        needs.sort_by_key(|of| (of.life.is_closed(), std::cmp::Reverse(of.posted)));
        let is_asked = |of: &&Need| self.exchange.side(of, me) == Some(Side::Offer);
        let mut asked: Vec<&Need> = self.exchange.needs().filter(is_asked).collect();
        asked.sort_by_key(|of| (of.posting.urgency, of.posting.until));
        let own: Vec<&Offer> = self.exchange.offers().filter(|of| of.posting.by == me).collect();
        let helped = self.exchange.needs().filter(|need| match need.life {
            Life::Closed { how: How::Confirmed { offer: Some(offer) }, .. } => {
                own.iter().any(|of| of.posting.id == offer)
            }
            _ => false,
        });
        let helped = helped.count();
        let offers = own.into_iter().filter(|of| of.is_open(self.now)).map(|of| self.offer(of)).collect();
        let mut voices: Vec<_> = self.exchange.voices().filter(|of| of.by == me).collect();
        voices.sort_by_key(|of| std::cmp::Reverse(of.at));
        let voices = voices.into_iter().map(|of| OwnVoice {
            id: of.id.to_string(),
            tone: of.tone.name(),
            words: of.words.clone(),
            at: seconds(of.at),
            due: seconds(of.due),
            answer: of.answer.as_ref().map(|(_, words)| words.clone()),
        });
        Ok(OwnNeighbours {
            call,
            wait_min: wait.map(|(minutes, _)| minutes),
            wait_at: wait.map(|(_, at)| at),
            needs: needs.into_iter().map(|of| self.need(of, Side::Need)).collect::<Result<_, Fault>>()?,
            asked: asked.into_iter().map(|of| self.need(of, Side::Offer)).collect::<Result<_, Fault>>()?,
            offers,
            helped,
            voices: voices.collect(),
            kinds: Kind::ALL.iter().map(|kind| of_kind(*kind)).collect(),
            meets: Meet::ALL.iter().map(|meet| meet.name()).collect(),
            words_max: WORDS_LETTERS,
            voice_max: VOICE_LETTERS,
        })
    }

    /// How long the queue is, as somebody saw it last, and when: a page of one's own costs the server no look ahead.
    fn wait(&self, whose: &Whose) -> Option<([u32; 3], i64)> {
        let seen = self.app.runs.foreseen_last(self.community, whose.made().id, self.now)?;
        let minutes = worst(seen.waits.first()?).map(|minutes| minutes.round().max(0.0) as u32);
        Some((minutes, seconds(seen.from)))
    }

    fn need(&self, need: &Need, side: Side) -> Result<OwnPosting, Fault> {
        let posting = &need.posting;
        let id = posting.id;
        let state = state(need.life, Some(side));
        let partner = self.exchange.partner(need, self.id.0);
        let can = can(
            self.exchange,
            self.now,
            &Who::Resident(self.id.0),
            [
                ("accept", Command::Accept { need: id }),
                ("done", Command::Confirm { need: id }),
                ("decline", Command::Decline { need: id }),
                ("hand_over", Command::HandOver { need: id }),
                ("withdraw", Command::Withdraw { posting: id }),
            ],
        );
        let message = match side {
            Side::Need => self.voice.word(&format!("exchange.own.need.{state}")),
            Side::Offer => {
                let offer = need.life.offer().and_then(|offer| self.exchange.offer(offer));
                let near = offer.is_some_and(|offer| offer.posting.place.building == posting.place.building);
                let way = if near { "exchange.own.way.house" } else { "exchange.own.way.farther" };
                let way = self.voice.word(way);
                self.voice.say(&format!("exchange.own.help.{state}"), &[("way", &way)])
            }
        };
        // Whoever is asked knows what for, and no more of whom, until both have said yes.
        let words =
            if side == Side::Need || partner.is_some() { posting.words.clone() } else { String::new() };
        let partner = partner.map(|of| self.partner(of)).transpose()?.flatten();
        let carrier = need.errand().map(VolunteerId);
        let carrier =
            carrier.map(|id| self.app.people.volunteer_name(self.community, id)).transpose()?.flatten();
        Ok(OwnPosting { state, message, can, partner, carrier, ..of_posting(posting, words) })
    }

    fn offer(&self, offer: &Offer) -> OwnPosting {
        let state = match offer.word {
            None if offer.posting.kind.is_for_children() => "flagged",
            Some(false) => "no_child",
            _ => "open",
        };
        let withdraw = Command::Withdraw { posting: offer.posting.id };
        let can = can(self.exchange, self.now, &Who::Resident(self.id.0), [("withdraw", withdraw)]);
        let message = self.voice.word(&format!("exchange.own.offer.{state}"));
        OwnPosting { state, message, can, ..of_posting(&offer.posting, offer.posting.words.clone()) }
    }

    /// Who the other is; `None` where the roll has them no more.
    fn partner(&self, of: &Posting) -> Result<Option<Partner>, Fault> {
        match self.app.people.neighbour(self.community, ResidentId(of.by)) {
            Ok(found) => {
                let door = door(&found);
                Ok(Some(Partner { door, name: found.cells.name, phone: found.cells.phone }))
            }
            Err(people::PeopleError::Unknown) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

pub(super) fn of_kind(kind: Kind) -> OwnKind {
    let subjects = kind.subjects().iter().map(|subject| subject.name()).collect();
    // By the rule itself: what comes of nothing and of "for a grown-up".
    let for_child = match (kind.is_for_child(None), kind.is_for_child(Some(false))) {
        (_, true) => "always",
        (true, false) => "unless_said",
        (false, false) => "if_said",
    };
    OwnKind { kind: kind.name(), subjects, timed: kind.is_timed(), for_child }
}

fn of_posting(posting: &Posting, words: String) -> OwnPosting {
    OwnPosting {
        id: posting.id.to_string(),
        kind: posting.kind.name(),
        subject: posting.subject.map(Subject::name),
        urgency: posting.urgency.name(),
        for_child: posting.for_child,
        meet: posting.meet.name(),
        timed: posting.timed,
        from: seconds(posting.from),
        until: seconds(posting.until),
        words,
        on_behalf: posting.on_behalf,
        state: "",
        message: String::new(),
        can: Vec::new(),
        partner: None,
        carrier: None,
    }
}
