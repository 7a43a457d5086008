//! What somebody asks for becomes commands of teams, all of which are done or none.

use super::AidAct;
use crate::{limits, parties::clock, problem::Fault};
use axum::http::StatusCode;
use domain::{
    Moment,
    event::{Finding, Keeps},
};
use parties::{Book, Subject};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use teams::{
    Ask, Change, Close, Command, Deployment, Fitness, Health, Heat, Lodging, Member, Offer, Role, Room,
    Rules, Shift, Strength, Team,
};
use utoipa::ToSchema;
use uuid::Uuid;

/// Commands that are given at once: a large team's.
pub const COMMANDS_MOST: usize = 1100;

fn moment(seconds: i64) -> Moment {
    Moment(seconds.saturating_mul(10_000))
}

/// As what somebody gives them, and which.
///
/// # Errors
/// There are not so many who may work.
pub fn commands(book: &Book, act: AidAct) -> Result<(Role, Vec<Command>), Fault> {
    let (own, teams, id) = (book.own(), book.teams(), Uuid::new_v4());
    let role = if matches!(act, AidAct::Receive { .. }) { Role::Leader } else { Role::Desk };
    let commands = match act {
        AidAct::Request { asked, skill, number, district, from, until, answer_by, why } => {
            let told = book.partners().filter(|of| of.is_told(Subject::Aid)).map(|of| of.card.party);
            let asked = if asked.is_empty() { told.collect() } else { asked };
            let [from, until, answer_by] = [from, until, answer_by].map(|of| of.map(moment));
            let [skill, district, why] = [skill, district, why].map(|of| of.trim().to_owned());
            vec![Command::Request(Ask {
                id,
                host: own,
                asked,
                skill,
                number,
                district,
                from,
                until,
                answer_by,
                why,
            })]
        }
        // They are made of the plan, and nothing of teams.
        AidAct::Orders { .. } | AidAct::Stand { .. } => Vec::new(),
        AidAct::Close { request, enough } => {
            let how = if enough { Close::Enough } else { Close::Cancelled };
            vec![Command::CloseRequest { request, how }]
        }
        AidAct::Decline { request } => vec![Command::Decline { request, donor: own }],
        AidAct::Offer { request, number, from, until, has, stay } => {
            let skill = teams.request(request).map(|of| of.request.skill.clone());
            let declare = has.zip(skill).map(|(people, skill)| {
                let reserve = stay.unwrap_or(0);
                Command::Declare(Strength { donor: own, skill, people, reserve })
            });
            let (from, until) = (moment(from), moment(until));
            let offer = Command::Offer(Offer { id, request, donor: own, number, from, until });
            declare.into_iter().chain([offer]).collect()
        }
        AidAct::Accept { offer, number } => vec![Command::AcceptOffer { offer, number }],
        AidAct::DeclineOffer { offer } => vec![Command::DeclineOffer { offer }],
        AidAct::WithdrawOffer { offer } => vec![Command::WithdrawOffer { offer }],
        AidAct::Commit { offer, team, name, number, departs, arrives } => {
            let mut all = match team {
                Some(_) => Vec::new(),
                None => form(book, offer, id, name.trim(), number),
            };
            let (departs, arrives, team) = (moment(departs), moment(arrives), team.unwrap_or(id));
            let deployment = Deployment { id: Uuid::new_v4(), offer, team, number, departs, arrives };
            all.push(Command::Commit(deployment));
            all
        }
        AidAct::Step { deployment, step } => vec![Command::Step { deployment, step }],
        AidAct::Lodge { deployment, name, beds, each } => {
            let name = name.trim().to_owned();
            let known = teams
                .lodgings()
                .find(|of| of.host == own && of.beds == beds && teams.name(of.id) == name)
                .map(|of| of.id);
            let lodging = known.unwrap_or(id);
            let rooms = each.map(|each| rooms(book, deployment, each)).unwrap_or_default();
            let lodge = Command::Lodge { deployment, lodging, rooms };
            let open = Command::OpenLodging(Lodging { id: lodging, host: own, beds });
            vec![open, Command::Name { of: lodging, name }, lodge]
        }
        AidAct::AskChange { deployment, until } => {
            let is_host = teams.deployment(deployment).is_some_and(|of| of.host == own);
            let what = if is_host { Change::Extend } else { Change::Return };
            vec![Command::AskChange { change: id, deployment, what, until: moment(until) }]
        }
        AidAct::AnswerChange { change, granted } => vec![Command::AnswerChange { change, granted }],
        AidAct::Check { team, ill } => {
            let ill: BTreeSet<Uuid> = ill.into_iter().collect();
            let health = |member| if ill.contains(&member) { Health::Ill } else { Health::Well };
            all_and(book, team, &ill)
                .map(|member| Command::Check { member, health: health(member) })
                .collect()
        }
        AidAct::Test { team, taken, positive } => {
            // The clock of whoever types may be a little ahead.
            let now = clock();
            let most = moment(i64::try_from(limits::QUESTION_SECONDS).unwrap_or(i64::MAX)).0;
            let taken = moment(taken);
            let taken = if taken <= now + most { taken.min(now) } else { taken };
            let positive: BTreeSet<Uuid> = positive.into_iter().collect();
            let finding =
                |member| if positive.contains(&member) { Finding::Positive } else { Finding::Negative };
            let test = |member| Command::Test { member, taken, finding: finding(member) };
            all_and(book, team, &positive).map(test).collect()
        }
        AidAct::Isolate { members } => {
            members.into_iter().map(|member| Command::Isolate { member }).collect()
        }
        AidAct::Free { members } => members.into_iter().map(|member| Command::Free { member }).collect(),
        AidAct::Join { team, number } => joins(book, team, number),
        AidAct::Leave { team, members } => {
            members.into_iter().map(|member| Command::Leave { team, member }).collect()
        }
        AidAct::Heat { day, celsius } => {
            vec![Command::Forecast(Heat { host: own, day: moment(day), celsius })]
        }
        AidAct::SetRules { rules } => {
            vec![Command::SetRules { host: own, rules: rules.over(teams.rules(own).clone()) }]
        }
        AidAct::PlanShift { deployment, people, from, until, outdoor, bus } => {
            let (from, until) = (moment(from), moment(until));
            let of = teams.deployment(deployment);
            let team = of.map(|of| of.deployment.team).unwrap_or_default();
            let district = of.map(|of| of.district.clone()).unwrap_or_default();
            let members = rested(book, team, people as usize);
            if of.is_some() && members.len() < people as usize {
                let short = Fault::new(StatusCode::CONFLICT, "team_fit_short");
                return Err(short.with("most", members.len()));
            }
            let (site, bus) = (String::new(), bus.map(|bus| bus.trim().to_owned()));
            let bus = bus.filter(|bus| !bus.is_empty());
            vec![Command::PlanShift(Shift { id, team, members, district, site, from, until, outdoor, bus })]
        }
        AidAct::BeginShift { shift } => vec![Command::BeginShift { shift }],
        AidAct::EndShift { shift } => vec![Command::EndShift { shift }],
        AidAct::DropShift { shift } => vec![Command::DropShift { shift }],
        AidAct::Receive { team, shift, goods, count } => {
            vec![Command::Receive { team, shift, goods, count }]
        }
        AidAct::Settle { first, second, keeps } => vec![Command::Settle { first, second, keeps }],
    };
    Ok((role, commands))
}

/// A new team for an offer, with as many supervisors of infection control as its size needs.
fn form(book: &Book, offer: Uuid, id: Uuid, name: &str, number: u32) -> Vec<Command> {
    let (teams, donor) = (book.teams(), book.own());
    let request = teams.offer(offer).and_then(|of| teams.request(of.offer.request)).map(|of| &of.request);
    let skill = request.map(|of| of.skill.clone()).unwrap_or_default();
    let people = (number as usize).min(COMMANDS_MOST);
    let supervisors =
        request.map_or_else(Rules::default, |of| teams.rules(of.host).clone()).supervisors(people);
    let joins = (0..people).map(|nth| join(id, nth < supervisors));
    [Command::Form(Team { id, donor, skill, name: name.to_owned() })].into_iter().chain(joins).collect()
}

/// So many more members of a team, and as many supervisors of infection control as it lacks with them.
fn joins(book: &Book, team: Uuid, number: u32) -> Vec<Command> {
    let (teams, now) = (book.teams(), clock());
    let members: Vec<bool> = teams.members_of(team, now).map(|of| of.member.supervisor).collect();
    let people = (number as usize).min(COMMANDS_MOST);
    let sent = teams.team(team).into_iter().flat_map(|of| &of.deployments);
    let host = sent.filter_map(|id| teams.deployment(*id)).map(|of| of.host).next_back();
    let rules = host.map_or_else(Rules::default, |host| teams.rules(host).clone());
    let has = members.iter().filter(|is| **is).count();
    let lacks = rules.supervisors(members.len() + people).saturating_sub(has);
    (0..people).map(|nth| join(team, nth < lacks)).collect()
}

fn join(team: Uuid, supervisor: bool) -> Command {
    Command::Join { team, member: Member { id: Uuid::new_v4(), supervisor, spared: false } }
}

/// Members of a deployment's team in rooms of so many, who is apart alone.
fn rooms(book: &Book, deployment: Uuid, each: u32) -> Vec<Room> {
    let (teams, now) = (book.teams(), clock());
    let team = teams.deployment(deployment).map(|of| of.deployment.team).unwrap_or_default();
    let fitness = teams.fitness(now);
    let is_apart =
        |id: &Uuid| matches!(fitness.get(id), Some(Fitness::Isolated { .. } | Fitness::ToIsolate { .. }));
    let mut members: Vec<Uuid> = teams.members_of(team, now).map(|of| of.member.id).collect();
    members.sort_unstable();
    let (apart, together): (Vec<Uuid>, Vec<Uuid>) = members.into_iter().partition(is_apart);
    let shared = together.chunks(each.max(1) as usize).map(<[Uuid]>::to_vec);
    let all = shared.chain(apart.into_iter().map(|member| vec![member]));
    (1..).zip(all).map(|(number, members): (u32, _)| Room { number: number.to_string(), members }).collect()
}

/// Rules of work that a desk sets and sees.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesAsked {
    /// Minutes by which clocks here are ahead of UTC: days begin then.
    utc_offset_min: i16,
    /// Hours of rest between the work of two days.
    rest_h: u8,
    /// Hours of work a day.
    work_h: u8,
    /// Hours without a break.
    spell_h: u8,
    /// From so many degrees Celsius on a day is hot.
    hot_c: i16,
    /// Minutes within which whoever works has confirmed water.
    water_min: u32,
    /// The same on a hot day.
    hot_water_min: u32,
    /// Days from one test to the next.
    test_days: u8,
}

impl RulesAsked {
    /// As they are.
    pub fn of(rules: &Rules) -> RulesAsked {
        let Rules {
            utc_offset_min, rest_h, work_h, spell_h, hot_c, water_min, hot_water_min, test_days, ..
        } = *rules;
        RulesAsked { utc_offset_min, rest_h, work_h, spell_h, hot_c, water_min, hot_water_min, test_days }
    }

    /// In the place of those.
    fn over(self, rules: Rules) -> Rules {
        let RulesAsked {
            utc_offset_min,
            rest_h,
            work_h,
            spell_h,
            hot_c,
            water_min,
            hot_water_min,
            test_days,
        } = self;
        Rules { utc_offset_min, rest_h, work_h, spell_h, hot_c, water_min, hot_water_min, test_days, ..rules }
    }
}

/// The members of a team who are not apart, and those who are named.
fn all_and<'a>(book: &'a Book, team: Uuid, named: &BTreeSet<Uuid>) -> impl Iterator<Item = Uuid> + use<'a> {
    let (teams, now) = (book.teams(), clock());
    let fitness = teams.fitness(now);
    let is_apart = move |id: &Uuid| matches!(fitness.get(id), Some(Fitness::Isolated { .. }));
    let others = teams.members_of(team, now).map(|of| of.member.id).filter(move |id| !is_apart(id));
    let mut all: BTreeSet<Uuid> = others.collect();
    all.extend(named);
    all.into_iter()
}

/// So many of a team who may work, those first who have worked the fewest days; supervisors first of these.
fn rested(book: &Book, team: Uuid, people: usize) -> Vec<Uuid> {
    let (teams, now) = (book.teams(), clock());
    let fitness = teams.fitness(now);
    let is_fit = |id: &Uuid| fitness.get(id).is_none_or(|of| *of == Fitness::Fit);
    let busy: BTreeSet<Uuid> =
        teams.shifts().filter(|of| of.is_open()).flat_map(|of| of.shift.members.iter().copied()).collect();
    let fit = teams.members_of(team, now).filter(|of| is_fit(&of.member.id));
    let mut all: Vec<_> = fit
        .map(|of| {
            let id = of.member.id;
            (busy.contains(&id), teams.days_worked(id), !of.member.supervisor, id)
        })
        .collect();
    all.sort_unstable();
    all.into_iter().take(people).map(|(.., id)| id).collect()
}

/// Which of two facts somebody keeps: what a desk may say.
pub const KEEPS: [(Keeps, &str); 3] =
    [(Keeps::First, "first"), (Keeps::Second, "second"), (Keeps::Both, "both")];
