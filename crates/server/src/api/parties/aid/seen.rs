//! What a party's desk sees of requests, offers and teams.

mod team;

pub use team::TeamSeen;

use super::{
    asked::{KEEPS, RulesAsked},
    orders::PlanSeen,
};
use crate::{
    api::parties::{seconds, shipments::PartyNamed},
    limits,
    parties::{calls::Calls, clock},
};
use domain::Moment;
use parties::{Book, Subject};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use supplies::Role as Called;
use teams::{
    Answer, Close, Command, Deployment, DeploymentNow, Near, Offer, OfferNow, RequestNow, Role, Stage, Teams,
    Turn,
};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// Days of which a desk is asked how hot they will be.
const FORECAST_DAYS: i64 = 3;

/// Requests, offers and teams, as a party's desk sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct AidPage {
    /// What people call the party.
    name: String,
    /// Whom it can ask: partners that are told of teams, by their names.
    partners: Vec<PartyNamed>,
    /// What is due and whose turn it is, the longest first; of one kind, one team and one turn together.
    near: Vec<AidNear>,
    /// Members who are positive, a line for each team, in words.
    alarms: Vec<String>,
    /// How many lines of all these lists are left off: each shows so many at most.
    left_off: usize,
    /// What contradicts itself.
    conflicts: Vec<ConflictSeen>,
    /// The heat that is forecast here, for today and the days after.
    weather: Vec<HeatSeen>,
    /// Rules of work here.
    rules: RulesAsked,
    /// The orders of the plan of aid that this place keeps; null where it keeps none, or whoever asks may not see it.
    #[schema(required)]
    plan: Option<PlanSeen>,
    /// Requests, the soonest first; those that are over come last.
    requests: Vec<RequestSeen>,
    /// Teams that are sent, and are not home again.
    teams: Vec<TeamSeen>,
    /// The party's own teams that are at home and can be sent.
    home: Vec<HomeSeen>,
}

/// Something that is due.
#[derive(Debug, Serialize, ToSchema)]
pub struct AidNear {
    /// The request, offer, deployment, member, shift … that it is about; the first, where there are several.
    #[schema(value_type = String)]
    of: Uuid,
    /// The team, if it is about one.
    #[schema(required, value_type = Option<String>)]
    team: Option<Uuid>,
    /// What it is called; for a request where its people work.
    what: String,
    /// Why, in words.
    why: String,
    /// Of how many.
    count: usize,
    /// Its time, seconds since 1970.
    by: i64,
    /// Whose turn it is, in words.
    who: String,
    /// Whether it is this party's own.
    ours: bool,
    /// The number that the party gave; empty where it gave none, or it is this party.
    phone: String,
}

/// Two facts that cannot both be true.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictSeen {
    #[schema(value_type = String)]
    first: Uuid,
    #[schema(value_type = String)]
    second: Uuid,
    /// What, in words.
    said: String,
    /// What this desk may say: `first`, `second`, `both`.
    can: Vec<&'static str>,
}

/// A request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestSeen {
    #[schema(value_type = String)]
    id: Uuid,
    /// Whether this party asks.
    ours: bool,
    /// Who asks.
    host: String,
    skill: String,
    number: u32,
    district: String,
    /// From when, seconds since 1970.
    from: i64,
    /// Until when.
    until: i64,
    /// By when partners answer.
    answer_by: i64,
    why: String,
    /// How many were accepted, as far as this party knows.
    accepted: u32,
    /// How many it still lacks, as far as this party knows.
    lacks: u32,
    /// Whether no more are asked for.
    over: bool,
    /// Whether nothing of it is still to be done: no offer waits, and none has people for whom no team is sent.
    past: bool,
    /// Who was asked and has not answered, as far as this party knows: for whoever asks.
    waits: Vec<String>,
    /// Who cannot.
    declined: Vec<String>,
    offers: Vec<OfferSeen>,
    /// What this desk can do: `offer`, `decline`, `close`.
    can: Vec<&'static str>,
    /// How many of the skill this party said that it has, and how many must stay; null where it has not said so.
    #[schema(required)]
    has: Option<u32>,
    /// See above.
    #[schema(required)]
    stay: Option<u32>,
}

/// An offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferSeen {
    #[schema(value_type = String)]
    id: Uuid,
    /// Who offers.
    donor: String,
    number: u32,
    /// From when, seconds since 1970.
    from: i64,
    /// Until when.
    until: i64,
    /// `waits`, `accepted`, `declined` or `withdrawn`.
    answer: &'static str,
    /// How many were taken.
    accepted: u32,
    /// How many of these no team is sent for yet.
    open: u32,
    /// What this desk can do: `accept`, `decline_offer`, `withdraw_offer`, `commit`.
    can: Vec<&'static str>,
}

/// A day, and how hot it will be.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeatSeen {
    /// Its noon, seconds since 1970.
    day: i64,
    /// Whole degrees Celsius; null where nobody has said so.
    #[schema(required)]
    celsius: Option<i16>,
    /// Whether that is hot by the rules.
    hot: bool,
}

/// A team at home.
#[derive(Debug, Serialize, ToSchema)]
pub struct HomeSeen {
    #[schema(value_type = String)]
    team: Uuid,
    name: String,
    skill: String,
    members: usize,
}

/// A book and who looks at it.
pub(super) struct Desk<'a> {
    pub book: &'a Book,
    pub name: String,
    pub by: &'a str,
    pub calls: BTreeMap<Uuid, Calls>,
    pub voice: Voice,
}

impl Desk<'_> {
    pub fn page(self, plan: Option<PlanSeen>) -> AidPage {
        let (now, teams, own) = (clock(), self.book.teams(), self.book.own());
        let told = self.book.partners().filter(|of| of.is_told(Subject::Aid));
        let named = |of: &parties::Partner| PartyNamed { party: of.card.party, name: of.card.name.clone() };
        let mut partners: Vec<PartyNamed> = told.map(named).collect();
        partners.sort_by(|one, other| one.name.cmp(&other.name));
        let mut requests: Vec<&RequestNow> = teams.requests().collect();
        let is_over = |of: &RequestNow| is_past(teams, of, now);
        requests.sort_by_key(|of| {
            let (over, from) = (is_over(of), of.request.from.0);
            (over, if over { -from } else { from }, of.request.id)
        });
        let open = requests.iter().filter(|of| !is_over(of)).count();
        let over = requests.split_off(open);
        requests.truncate(limits::LINES_SHOWN);
        requests.extend(over.into_iter().take(limits::REQUESTS_SHOWN));
        let mut there: Vec<&DeploymentNow> =
            teams.deployments().filter(|of| of.stage() != Stage::Over).collect();
        there.sort_by_key(|of| (of.deployment.departs, of.deployment.id));
        let away: BTreeSet<Uuid> = there.iter().map(|of| of.deployment.team).collect();
        let home = teams.teams().filter_map(|(id, of)| {
            let team = of.team.as_ref().filter(|of| of.donor == own && !away.contains(&id))?;
            let members = teams.members_of(id, now).count();
            let (name, skill) = (team.name.clone(), team.skill.clone());
            (members > 0).then_some(HomeSeen { team: id, name, skill, members })
        });
        let (fitness, mut left_off) = (teams.fitness(now), open.saturating_sub(limits::LINES_SHOWN));
        AidPage {
            partners,
            near: self.near(now, &mut left_off),
            alarms: cut(verbs::team::team(teams, now, None).alarm_lines(self.voice), &mut left_off),
            conflicts: self.conflicts(now, &mut left_off),
            weather: self.weather(now),
            rules: RulesAsked::of(teams.rules(own)),
            plan,
            requests: requests.into_iter().map(|of| self.request(now, of)).collect(),
            home: home.collect(),
            teams: cut(there, &mut left_off).into_iter().map(|of| self.team(now, of, &fitness)).collect(),
            name: self.name.clone(),
            left_off,
        }
    }

    fn weather(&self, now: Moment) -> Vec<HeatSeen> {
        let (teams, own) = (self.book.teams(), self.book.own());
        let rules = teams.rules(own);
        let noon = |ahead| rules.at(rules.day(now) + ahead, 12 * 60);
        let seen = |ahead| {
            let celsius = teams.heat(own, noon(ahead));
            HeatSeen { day: seconds(noon(ahead)), celsius, hot: rules.is_hot(celsius) }
        };
        (0..FORECAST_DAYS).map(seen).collect()
    }

    fn named(&self, party: Uuid) -> String {
        match self.book.partner(party) {
            Some(partner) => partner.card.name.clone(),
            None if party == self.book.own() => self.name.clone(),
            None => self.voice.word("supplies.somebody"),
        }
    }

    fn near(&self, now: Moment, left_off: &mut usize) -> Vec<AidNear> {
        let mut groups: Vec<(Near, usize)> = Vec::new();
        let mut places = BTreeMap::new();
        // Of a team all members stand together; a request or an offer stands alone.
        let key = |of: &Near| (of.why, of.team, of.turn, of.team.is_none().then_some(of.of));
        for near in self.book.near_aid(now) {
            let place = *places.entry(key(&near)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, count)) => *count += 1,
                None => groups.push((near, 1)),
            }
        }
        cut(groups, left_off).into_iter().map(|(near, count)| self.due(&near, count)).collect()
    }

    fn due(&self, near: &Near, count: usize) -> AidNear {
        let (teams, own) = (self.book.teams(), self.book.own());
        let Turn { party, role } = near.turn;
        let phones = self.calls.get(&party).filter(|_| party != own).map(|calls| &calls.phones);
        let request = teams.request(near.of).or_else(|| teams.request(teams.offer(near.of)?.offer.request));
        let what = match (near.team, request) {
            (Some(team), _) => teams.name(team),
            (None, Some(of)) => {
                format!("{} {} · {}", of.request.number, of.request.skill, of.request.district)
            }
            (None, None) => String::new(),
        };
        AidNear {
            of: near.of,
            team: near.team,
            what,
            why: self.voice.word(near.why.key()),
            count,
            by: seconds(near.by),
            who: format!("{} · {}", self.named(party), self.voice.word(role.key())),
            ours: party == own,
            // Parties say by which number their desk is called, and not their teams.
            phone: phones.and_then(|phones| phones.get(&Called::Desk)).cloned().unwrap_or_default(),
        }
    }

    fn conflicts(&self, now: Moment, left_off: &mut usize) -> Vec<ConflictSeen> {
        let seen = |of: teams::Conflict| {
            let (key, args) = of.said(self.book.teams());
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let (first, second) = of.pair();
            let is = |keeps| self.granted(now, Role::Desk, Command::Settle { first, second, keeps });
            let can = KEEPS.into_iter().filter(|(keeps, _)| is(*keeps)).map(|(_, word)| word);
            ConflictSeen { first, second, said: self.voice.say(key, &args), can: can.collect() }
        };
        cut(self.book.teams().conflicts().collect(), left_off).into_iter().map(seen).collect()
    }

    fn request(&self, now: Moment, of: &RequestNow) -> RequestSeen {
        let (teams, own) = (self.book.teams(), self.book.own());
        let request = &of.request;
        let (id, ours) = (request.id, request.host == own);
        let offers: Vec<&OfferNow> = of.offers.iter().filter_map(|id| teams.offer(*id)).collect();
        let waits = request.asked.iter().filter(|party| {
            let is_known = ours || **party == own;
            is_known && !of.declined.contains(*party) && !offers.iter().any(|of| of.offer.donor == **party)
        });
        let declares = teams.strength(own, &request.skill);
        let over = of.closed.is_some() || request.until <= now;
        let asked = !ours && !over && request.asked.contains(&own);
        // How many it has, it says with its offer.
        let offer = Offer {
            id: Uuid::nil(),
            request: id,
            donor: own,
            number: 1,
            from: request.from,
            until: request.until,
        };
        let may_offer = || match self.asked(now, Role::Desk, Command::Offer(offer)) {
            Ok(acts) => !acts.is_empty(),
            Err(parties::Refusal::Aid(why)) => why.iter().all(|of| {
                matches!(of, teams::Refusal::StrengthUnknown | teams::Refusal::AboveReserve { .. })
            }),
            Err(_) => false,
        };
        let decline = Command::Decline { request: id, donor: own };
        let close = Command::CloseRequest { request: id, how: Close::Enough };
        let can = [
            ("offer", asked && may_offer()),
            ("decline", asked && offers.is_empty() && self.granted(now, Role::Desk, decline)),
            ("close", ours && self.granted(now, Role::Desk, close)),
        ];
        RequestSeen {
            id,
            ours,
            host: self.named(request.host),
            skill: request.skill.clone(),
            number: request.number,
            district: request.district.clone(),
            from: seconds(request.from),
            until: seconds(request.until),
            answer_by: seconds(request.answer_by),
            why: request.why.clone(),
            accepted: offers.iter().map(|of| of.accepted()).fold(0, u32::saturating_add),
            lacks: teams.uncovered(of),
            over,
            past: is_past(teams, of, now),
            waits: waits.map(|party| self.named(*party)).collect(),
            declined: of.declined.iter().map(|party| self.named(*party)).collect(),
            offers: offers.into_iter().map(|of| self.offer(now, of)).collect(),
            can: words(can),
            has: declares.map(|of| of.people),
            stay: declares.map(|of| of.reserve),
        }
    }

    fn offer(&self, now: Moment, of: &OfferNow) -> OfferSeen {
        let (teams, offer) = (self.book.teams(), of.offer.id);
        let (accepted, open, desk) = (of.accepted(), teams.uncommitted(of), Role::Desk);
        let (departs, arrives) = (now, now + 1);
        let commit = Deployment { id: Uuid::nil(), offer, team: Uuid::nil(), number: 1, departs, arrives };
        let can = [
            ("accept", self.granted(now, desk, Command::AcceptOffer { offer, number: 1 })),
            ("decline_offer", self.granted(now, desk, Command::DeclineOffer { offer })),
            ("commit", self.granted(now, desk, Command::Commit(commit))),
            ("withdraw_offer", self.granted(now, desk, Command::WithdrawOffer { offer })),
        ];
        OfferSeen {
            id: offer,
            donor: self.named(of.offer.donor),
            number: of.offer.number,
            from: seconds(of.offer.from),
            until: seconds(of.offer.until),
            answer: match of.answer.map(|(_, answer)| answer) {
                None => "waits",
                Some(Answer::Accepted { .. }) => "accepted",
                Some(Answer::Declined) => "declined",
                Some(Answer::Withdrawn) => "withdrawn",
            },
            accepted,
            open,
            can: words(can),
        }
    }

    fn granted(&self, now: Moment, role: Role, command: Command) -> bool {
        self.asked(now, role, command).is_ok_and(|acts| !acts.is_empty())
    }

    /// Asked of the rules themselves.
    fn asked(
        &self,
        now: Moment,
        role: Role,
        command: Command,
    ) -> Result<Vec<parties::Act>, parties::Refusal> {
        self.book.decide(now, self.by, parties::Command::Aid { role, commands: vec![command] })
    }
}

/// Whether nothing of a request is still to be done.
fn is_past(teams: &Teams, of: &RequestNow, now: Moment) -> bool {
    let waits = |of: &OfferNow| of.answer.is_none() || teams.uncommitted(of) > 0;
    let is_done = || !of.offers.iter().filter_map(|id| teams.offer(*id)).any(waits);
    of.request.until <= now || (of.closed.is_some() && is_done())
}

/// As many of a list as a page shows; the others are counted.
fn cut<T>(mut list: Vec<T>, left_off: &mut usize) -> Vec<T> {
    *left_off += list.len().saturating_sub(limits::LINES_SHOWN);
    list.truncate(limits::LINES_SHOWN);
    list
}

fn words<const N: usize>(can: [(&'static str, bool); N]) -> Vec<&'static str> {
    can.into_iter().filter(|(_, is)| *is).map(|(word, _)| word).collect()
}
