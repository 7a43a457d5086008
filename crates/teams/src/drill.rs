//! What if a whole team were withdrawn now? Nothing is written: who would be missing where, who could step in, what would have to be asked for.

use crate::{Ask, Shift, Stage, Teams};
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Days that a drill looks ahead at most.
const DAYS_MOST: i64 = 60;

/// What would follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// Which team.
    pub team: Uuid,
    /// What would be missing, by day, district and skill.
    pub gaps: Vec<Gap>,
    /// Requests that would cover what nobody can step in for. Their identifiers are to be drawn by whoever sends them.
    pub requests: Vec<Ask>,
}

/// People missing on a day in a district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The day, `2022-04-07`.
    pub day: String,
    /// Its number, as [`crate::Rules::day`] counts.
    pub number: i64,
    /// The recipient.
    pub host: Uuid,
    /// The district.
    pub district: String,
    /// The skill.
    pub skill: String,
    /// People missing.
    pub people: u32,
    /// Whether shifts say so; otherwise the deployment does, and nobody can be said to be free.
    pub is_planned: bool,
    /// Who could step in.
    pub fillers: Vec<Filler>,
    /// People for whom nobody can.
    pub uncovered: u32,
}

/// A member who could take all that somebody would have worked that day, without breaking a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filler {
    /// Of which team.
    pub team: Uuid,
    /// Who.
    pub member: Uuid,
}

impl Teams {
    /// What would follow if a team were withdrawn at `now`: from now to the end of its deployments.
    pub fn drill(&self, team: Uuid, now: Moment) -> Drill {
        let mut gaps = Vec::new();
        let mut duties = self.duties();
        let fitness = self.fitness(now);
        let sent = self.now().teams.get(&team).into_iter().flat_map(|of| &of.deployments);
        let sent =
            sent.filter_map(|id| self.now().deployments.get(id)).filter(|of| of.stage() < Stage::Leaving);
        for of in sent {
            let rules = self.rules(of.host);
            let first = rules.day(now.max(of.deployment.arrives));
            let last = rules.day(of.until + -1).min(first + DAYS_MOST);
            for day in first..=last {
                let lost = self.seats(team, |at| rules.day(at) == day, now);
                if lost.is_empty() {
                    // Its work of that day may be done already.
                    let works = |id: &Uuid| {
                        let of = self.now().shifts.get(id);
                        of.is_some_and(|of| of.dropped.is_none() && rules.day(of.shift.from) == day)
                    };
                    if self.now().teams.get(&team).is_some_and(|of| of.shifts.iter().any(works)) {
                        continue;
                    }
                    let people = of.deployment.number;
                    gaps.push(Gap {
                        day: rules.date(day),
                        number: day,
                        host: of.host,
                        district: of.district.clone(),
                        skill: of.skill.clone(),
                        people,
                        is_planned: false,
                        fillers: vec![],
                        uncovered: people,
                    });
                    continue;
                }
                for (district, members) in lost {
                    let mut fillers = Vec::new();
                    for shifts in members.values() {
                        let mut free = self.others(team, of.host, &of.skill, now);
                        let found = free.find(|(other, id)| {
                            let mut known = duties.get(id).cloned().unwrap_or_default();
                            shifts.iter().all(|shift| {
                                let shift = Shift { team: *other, ..(*shift).clone() };
                                let fits = self.obstacles(*id, &shift, &known, &fitness).is_empty();
                                known.push((shift.from, shift.until));
                                fits
                            })
                        });
                        if let Some((other, id)) = found {
                            duties.entry(id).or_default().extend(shifts.iter().map(|of| (of.from, of.until)));
                            fillers.push(Filler { team: other, member: id });
                        }
                    }
                    let people = members.len() as u32;
                    gaps.push(Gap {
                        day: rules.date(day),
                        number: day,
                        host: of.host,
                        district,
                        skill: of.skill.clone(),
                        people,
                        is_planned: true,
                        uncovered: people - fillers.len() as u32,
                        fillers,
                    });
                }
            }
        }
        let requests = self.requests_for(&gaps, now);
        Drill { team, gaps, requests }
    }

    /// By district, what each member of a team is still to work on a day.
    fn seats(
        &self,
        team: Uuid,
        is_day: impl Fn(Moment) -> bool,
        now: Moment,
    ) -> BTreeMap<String, BTreeMap<Uuid, Vec<&Shift>>> {
        let mut all: BTreeMap<String, BTreeMap<Uuid, Vec<&Shift>>> = BTreeMap::new();
        let shifts = self.now().shifts.values().filter(|of| of.shift.team == team && of.is_open());
        for of in shifts.filter(|of| is_day(of.shift.from) && of.shift.until > now) {
            for &member in &of.shift.members {
                let by = all.entry(of.shift.district.clone()).or_default();
                by.entry(member).or_default().push(&of.shift);
            }
        }
        all
    }

    /// Members of other teams at a recipient with a skill, those of one team together.
    fn others<'a>(
        &'a self,
        team: Uuid,
        host: Uuid,
        skill: &'a str,
        now: Moment,
    ) -> impl Iterator<Item = (Uuid, Uuid)> + 'a {
        let there = self.now().deployments.values().filter(move |of| {
            let of_skill = of.host == host && of.skill == skill && of.deployment.team != team;
            of_skill && matches!(of.stage(), Stage::Arrived | Stage::Lodged)
        });
        there.flat_map(move |of| {
            let team = of.deployment.team;
            self.members_of(team, now).map(move |of| (team, of.member.id))
        })
    }

    /// One request for each run of days in which a district lacks people with a skill, for the most that it lacks on one of them: a team is
    /// sent for days, not for one.
    fn requests_for(&self, gaps: &[Gap], now: Moment) -> Vec<Ask> {
        let mut by: BTreeMap<(Uuid, &str, &str), BTreeMap<i64, u32>> = BTreeMap::new();
        for of in gaps.iter().filter(|of| of.uncovered > 0) {
            let days = by.entry((of.host, &of.district, &of.skill)).or_default();
            *days.entry(of.number).or_default() += of.uncovered;
        }
        let mut asks = Vec::new();
        for ((host, district, skill), days) in by {
            let rules = self.rules(host);
            let mut runs: Vec<(i64, i64, u32)> = Vec::new();
            for (day, people) in days {
                match runs.last_mut().filter(|run| run.1 + 1 == day) {
                    Some(run) => (run.1, run.2) = (day, run.2.max(people)),
                    None => runs.push((day, day, people)),
                }
            }
            asks.extend(runs.into_iter().map(|(first, last, number)| Ask {
                id: Uuid::nil(),
                host,
                asked: vec![],
                skill: skill.to_owned(),
                number,
                district: district.to_owned(),
                from: Some(rules.begins(first).max(now)),
                until: Some(rules.begins(last + 1)),
                answer_by: None,
                why: String::new(),
            }));
        }
        asks
    }
}
