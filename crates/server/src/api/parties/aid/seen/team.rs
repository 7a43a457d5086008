//! What a party's desk sees of a team that it sends or hosts.

use super::{Desk, words};
use crate::api::parties::{last, seconds};
use domain::Moment;
use serde::Serialize;
use std::collections::BTreeMap;
use teams::{Change, Command, DeploymentNow, Fitness, Goods, Role, Room, ShiftNow, Stage, Step};
use utoipa::ToSchema;
use uuid::Uuid;

/// A team that is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamSeen {
    #[schema(value_type = String)]
    deployment: Uuid,
    #[schema(value_type = String)]
    team: Uuid,
    /// What it is called.
    name: String,
    /// Whether this party sends it; otherwise it hosts it.
    ours: bool,
    /// Who sends it.
    donor: String,
    /// To whom.
    host: String,
    district: String,
    skill: String,
    number: u32,
    /// `committed`, `departed`, `arrived`, `lodged` or `leaving`.
    stage: String,
    /// The same in words.
    stage_word: String,
    /// When they leave home, seconds since 1970.
    departs: i64,
    /// When they are there.
    arrives: i64,
    /// Until when they stay.
    until: i64,
    /// Where they sleep; empty where nobody has said so.
    lodging: String,
    /// Who shares a room there, by their cards; none where nobody has said so.
    rooms: Vec<RoomSeen>,
    /// Members, by the ends of their identifiers.
    members: Vec<MemberSeen>,
    /// How many may work.
    fit: usize,
    /// How many work now.
    working: usize,
    /// Days that members have worked, of all together.
    days_worked: usize,
    /// How many have worked on no day yet.
    unworked: usize,
    /// Shifts that are not over, the soonest first.
    shifts: Vec<ShiftSeen>,
    /// What one side asked for and the other has not answered.
    changes: Vec<ChangeSeen>,
    /// What this desk can do: steps by their words, `lodge`, `ask_change`, `join`, `leave`, `check`, `test`, `plan_shift`, `receive`.
    can: Vec<&'static str>,
}

/// Who shares a room.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoomSeen {
    number: String,
    /// What stands on their cards.
    cards: Vec<String>,
}

/// A member of a team: an identifier.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberSeen {
    #[schema(value_type = String)]
    id: Uuid,
    /// What stands on their card: the end of it.
    card: String,
    supervisor: bool,
    /// `fit`, `exposed`, `to_isolate` or `isolated`.
    state: String,
    /// The same in words.
    state_word: String,
}

/// People of a team at work.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftSeen {
    #[schema(value_type = String)]
    id: Uuid,
    people: usize,
    /// From when, seconds since 1970.
    from: i64,
    until: i64,
    outdoor: bool,
    /// What the bus is called in which they ride; empty where nobody has said so.
    bus: String,
    /// Whether they work now.
    began: bool,
    /// When water was confirmed last, seconds since 1970; null where it was not.
    #[schema(required)]
    water: Option<i64>,
    /// What this desk can do: `begin_shift`, `end_shift`, `drop_shift`, `receive`.
    can: Vec<&'static str>,
}

/// They should stay until another time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeSeen {
    #[schema(value_type = String)]
    id: Uuid,
    /// Whether longer; otherwise they are asked home.
    longer: bool,
    until: i64,
    /// Whether this desk answers.
    ours: bool,
}

/// What stands on a member's card: the end of the identifier.
fn card(id: Uuid) -> String {
    format!("{:08x}", id.as_u128() & 0xffff_ffff)
}

fn room(of: &Room) -> RoomSeen {
    RoomSeen { number: of.number.clone(), cards: of.members.iter().map(|id| card(*id)).collect() }
}

impl Desk<'_> {
    pub(super) fn team(
        &self,
        now: Moment,
        of: &DeploymentNow,
        fitness: &BTreeMap<Uuid, Fitness>,
    ) -> TeamSeen {
        let (teams, own) = (self.book.teams(), self.book.own());
        let (deployment, team, stage) = (of.deployment.id, of.deployment.team, of.stage());
        let mut members: Vec<MemberSeen> = teams
            .members_of(team, now)
            .map(|of| {
                let id = of.member.id;
                let state = fitness.get(&id).copied().unwrap_or(Fitness::Fit).key();
                MemberSeen {
                    id,
                    card: card(id),
                    supervisor: of.member.supervisor,
                    state: last(state),
                    state_word: self.voice.word(state),
                }
            })
            .collect();
        members.sort_by(|one, other| (&one.state, &one.card).cmp(&(&other.state, &other.card)));
        let days: Vec<usize> = members.iter().map(|of| teams.days_worked(of.id)).collect();
        let mut shifts: Vec<&ShiftNow> =
            teams.shifts().filter(|of| of.shift.team == team && of.is_open()).collect();
        shifts.sort_by_key(|of| (of.shift.from, of.shift.id));
        let working = shifts.iter().filter(|of| of.works(now)).map(|of| of.shift.members.len()).sum();
        let changes = teams.open_changes(deployment).map(|(id, what, until)| {
            let answers = if what == Change::Extend { of.donor } else { of.host };
            ChangeSeen { id, longer: what == Change::Extend, until: seconds(until), ours: answers == own }
        });
        TeamSeen {
            deployment,
            team,
            name: teams.name(team),
            ours: of.donor == own,
            donor: self.named(of.donor),
            host: self.named(of.host),
            district: of.district.clone(),
            skill: of.skill.clone(),
            number: of.deployment.number,
            stage: last(stage.key()),
            stage_word: self.voice.word(stage.key()),
            departs: seconds(of.deployment.departs),
            arrives: seconds(of.deployment.arrives),
            until: seconds(of.until),
            lodging: of.lodged.last().map(|(_, lodging, _)| teams.name(*lodging)).unwrap_or_default(),
            rooms: of.lodged.last().map(|(.., rooms)| rooms.iter().map(room).collect()).unwrap_or_default(),
            fit: members.iter().filter(|of| of.state == "fit").count(),
            working,
            days_worked: days.iter().sum(),
            unworked: days.iter().filter(|days| **days == 0).count(),
            shifts: shifts.into_iter().map(|of| self.shift(now, of)).collect(),
            changes: changes.collect(),
            can: self.team_can(now, of, stage, !members.is_empty()),
            members,
        }
    }

    fn team_can(
        &self,
        now: Moment,
        of: &DeploymentNow,
        stage: Stage,
        has_members: bool,
    ) -> Vec<&'static str> {
        let (own, deployment) = (self.book.own(), of.deployment.id);
        let (donates, hosts) = (of.donor == own && has_members, of.host == own);
        let is_there = matches!(stage, Stage::Arrived | Stage::Lodged);
        let step = |step| self.granted(now, Role::Desk, Command::Step { deployment, step });
        words([
            ("departed", step(Step::Departed)),
            ("arrived", step(Step::Arrived)),
            ("lodge", hosts && stage < Stage::Leaving),
            ("join", donates && stage < Stage::Leaving),
            ("leave", donates),
            ("check", donates),
            ("test", donates),
            ("plan_shift", is_there && has_members),
            ("receive", donates && is_there),
            ("ask_change", stage < Stage::Leaving),
            ("released", step(Step::Released)),
            ("returned", step(Step::Returned)),
            ("cancelled", step(Step::Cancelled)),
            ("withdrawn", step(Step::Withdrawn)),
        ])
    }

    fn shift(&self, now: Moment, of: &ShiftNow) -> ShiftSeen {
        let (shift, team) = (of.shift.id, of.shift.team);
        let desk = |command| self.granted(now, Role::Desk, command);
        let water = Command::Receive { team, shift: Some(shift), goods: Goods::Water, count: 1 };
        let water_at = of.received.iter().filter(|(_, goods, _)| *goods == Goods::Water).map(|of| of.0).max();
        let can = [
            ("begin_shift", desk(Command::BeginShift { shift })),
            ("receive", self.granted(now, Role::Leader, water)),
            ("end_shift", desk(Command::EndShift { shift })),
            ("drop_shift", desk(Command::DropShift { shift })),
        ];
        ShiftSeen {
            id: shift,
            people: of.shift.members.len(),
            from: seconds(of.shift.from),
            until: seconds(of.shift.until),
            outdoor: of.shift.outdoor,
            bus: of.shift.bus.clone().unwrap_or_default(),
            began: of.began.is_some(),
            water: water_at.map(seconds),
            can: words(can),
        }
    }
}
