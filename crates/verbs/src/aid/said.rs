//! The plan in words and tables.

use super::Aided;
use crate::{
    Voice,
    findings::Finding,
    number::{number, percent, percent_to, whole},
};
use ::aid::{Kept, Level, Unmet, Why};
use std::collections::BTreeMap;

/// Pieces that are not met are told one by one up to here; the JSON has all.
const UNMET_MAX: usize = 20;

impl Aided {
    /// By day, donor and district: who leaves, in how many buses.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let aid = &self.aid;
        let mut rides: BTreeMap<(i32, usize, usize), Vec<usize>> = BTreeMap::new();
        for (at, of) in self.plan.deployments.iter().enumerate() {
            rides.entry((of.leaves, of.donor, of.district)).or_default().push(at);
        }
        let row = |(&(leaves, donor, district), of): (&(i32, usize, usize), &Vec<usize>)| {
            let trip = self
                .plan
                .trips
                .iter()
                .find(|trip| (trip.leaves, trip.donor, trip.district) == (leaves, donor, district));
            let deployments: Vec<_> = of.iter().map(|at| &self.plan.deployments[*at]).collect();
            let who = deployments
                .iter()
                .map(|of| format!("{} {}", aid.skills[of.skill].name, whole(f64::from(of.people))));
            let names = of.iter().map(|at| self.names[*at].clone());
            let first = deployments[0];
            vec![
                self.date(leaves).to_string(),
                aid.donors[donor].name.clone(),
                aid.districts[district].name.clone(),
                who.collect::<Vec<_>>().join(", "),
                trip.map_or_else(String::new, |trip| trip.buses.to_string()),
                self.date(first.from).to_string(),
                self.date(self.home(first)).to_string(),
                names.collect::<Vec<_>>().join(" "),
            ]
        };
        rides.iter().map(row).collect()
    }

    /// By district: its share, and each skill on the last day of the plan, there / asked for.
    pub fn districts(&self) -> Vec<Vec<String>> {
        let aid = &self.aid;
        let last = aid.days as i32 - 1;
        let of = |(at, district): (usize, &domain::aid::District)| {
            let (met, asked) = self.verdict.met[at];
            let share = if asked == 0 { 1.0 } else { met as f64 / asked as f64 };
            let mut row = vec![district.name.clone(), percent_down(share)];
            for skill in 0..aid.skills.len() {
                let (there, asked) = self.on(at, skill, last);
                row.push(if asked + there == 0 {
                    String::new()
                } else {
                    format!("{} / {}", whole(there as f64), whole(asked as f64))
                });
            }
            let beds = district.beds.map_or_else(String::new, |beds| whole(f64::from(beds)));
            row.push(beds);
            row
        };
        aid.districts.iter().enumerate().map(of).collect()
    }

    /// By donor: people who could be away on the last day, people who are.
    pub fn donors(&self) -> Vec<Vec<String>> {
        let aid = &self.aid;
        let last = aid.days - 1;
        let row = |(at, donor): (usize, &domain::aid::Donor)| {
            let limits = |skill: usize| u64::from(::aid::home::limits(aid, at, skill)[last]);
            let spare: u64 = (0..aid.skills.len()).map(limits).sum();
            let away = self.away(at, last as i32);
            let people: u64 = donor.staff.iter().map(|staff| u64::from(staff.people)).sum();
            let turns =
                ::aid::home::turns(aid, at).map_or_else(String::new, |day| self.date(day as i32).to_string());
            vec![donor.name.clone(), whole(people as f64), whole(spare as f64), whole(away as f64), turns]
        };
        aid.donors.iter().enumerate().map(row).collect()
    }

    /// People of a skill who work in a district on a day, and those asked for.
    pub fn on(&self, district: usize, skill: usize, day: i32) -> (u64, u64) {
        let aid = &self.aid;
        let plan =
            self.plan.deployments.iter().map(|of| (of.district, of.skill, of.from, of.until, of.people));
        let teams = aid.teams.iter().map(|of| (of.district, of.skill, of.from, of.until, of.people));
        let there = plan.chain(teams).filter(|(at, what, from, until, _)| {
            (*at, *what) == (district, skill) && (*from..=*until).contains(&day)
        });
        let asked = aid
            .requests
            .iter()
            .filter(|of| (of.district, of.skill) == (district, skill) && (of.from..=of.until).contains(&day));
        (there.map(|of| u64::from(of.4)).sum(), asked.map(|of| u64::from(of.people)).sum())
    }

    /// People of a donor who are away on a day.
    pub fn away(&self, donor: usize, day: i32) -> u64 {
        let plan = self
            .plan
            .deployments
            .iter()
            .filter(|of| of.donor == donor && (of.leaves..of.free).contains(&day));
        let teams =
            self.aid.teams.iter().filter(|of| of.donor == donor && (of.leaves..of.free).contains(&day));
        plan.map(|of| of.people).chain(teams.map(|of| of.people)).map(u64::from).sum()
    }

    /// What is to be said: the levels and their proof, reserves, what is not met and why, who could still go, what changed.
    pub fn sentences(&self, voice: Voice) -> Vec<String> {
        let mut all: Vec<String> = self.findings().iter().map(|finding| finding.sentence(voice)).collect();
        let groups = self.groups();
        for of in groups.iter().take(UNMET_MAX) {
            all.push(self.unmet_sentence(of, voice));
        }
        if groups.len() > UNMET_MAX {
            let more = whole((groups.len() - UNMET_MAX) as f64);
            all.push(Finding { code: "aid_unmet_more", args: vec![("more", more)] }.sentence(voice));
        }
        all.extend(self.staying(voice));
        all
    }

    /// Pieces of one skill that are missing on the same days for the same reasons are told together.
    fn groups(&self) -> Vec<Vec<&Unmet>> {
        let mut groups: Vec<Vec<&Unmet>> = Vec::new();
        for of in &self.unmet {
            let same = |group: &&mut Vec<&Unmet>| {
                let first = group[0];
                // Beds are those of one place.
                let beds = of.why.iter().any(|why| matches!(why, Why::Beds { .. }));
                !beds
                    && (first.skill, first.from, first.until, &first.why)
                        == (of.skill, of.from, of.until, &of.why)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(of),
                None => groups.push(vec![of]),
            }
        }
        groups
    }

    /// Pieces that are not met, with what binds.
    pub fn unmet_sentence(&self, group: &[&Unmet], voice: Voice) -> String {
        let Some(of) = group.first() else { return String::new() };
        let name = |of: &&Unmet| self.aid.districts[of.district].name.clone();
        let with = |of: &&Unmet| format!("{} ({})", name(of), whole(f64::from(of.people)));
        let places = if group.len() == 1 {
            name(of)
        } else {
            group.iter().map(with).collect::<Vec<_>>().join(&voice.word("list.separator"))
        };
        let args = vec![
            ("place", places),
            ("skill", self.aid.skills[of.skill].name.clone()),
            ("people", whole(group.iter().map(|of| f64::from(of.people)).sum())),
            ("from", self.date(of.from).to_string()),
            ("to", self.date(of.until).to_string()),
            ("days", whole(group.iter().map(|of| of.person_days as f64).sum())),
        ];
        let code = if of.from == of.until { "aid_unmet_day" } else { "aid_unmet" };
        let mut text = Finding { code, args }.sentence(voice);
        for why in &of.why {
            text.push(' ');
            text.push_str(&self.why(of.district, of.skill, why).sentence(voice));
        }
        text
    }

    fn why(&self, district: usize, skill: usize, why: &Why) -> Finding {
        let place = ("place", self.aid.districts[district].name.clone());
        let skill = ("skill", self.aid.skills[skill].name.clone());
        let count = |donors: &usize| ("donors", donors.to_string());
        match why {
            Why::Nobody => Finding { code: "aid_why_nobody", args: vec![skill] },
            Why::Travel { earliest } => Finding {
                code: "aid_why_travel",
                args: vec![place, ("date", self.date(*earliest).to_string())],
            },
            Why::Away => Finding { code: "aid_why_away", args: vec![place] },
            Why::Beds { beds, day } => {
                let beds = ("beds", whole(f64::from(*beds)));
                Finding {
                    code: "aid_why_beds",
                    args: vec![place, beds, ("date", self.date(*day).to_string())],
                }
            }
            Why::Spent { donors, donor, stay, day, kept } => {
                let code = match kept {
                    Kept::Reserve => "aid_why_reserve",
                    Kept::Tests => "aid_why_tests",
                    Kept::WholeCity => "aid_why_city",
                    Kept::Cases => "aid_why_cases",
                    Kept::Offer => "aid_why_offer",
                };
                let donor = ("donor", self.aid.donors[*donor].name.clone());
                let stay = ("stay", whole(f64::from(*stay)));
                Finding {
                    code,
                    args: vec![skill, count(donors), donor, stay, ("date", self.date(*day).to_string())],
                }
            }
            Why::Team { donors, team } => {
                Finding { code: "aid_why_team", args: vec![skill, count(donors), ("team", team.to_string())] }
            }
            Why::Buses { donors } => Finding { code: "aid_why_buses", args: vec![count(donors)] },
        }
    }

    /// Who could still go, by skill.
    fn staying(&self, voice: Voice) -> Vec<String> {
        let mut by_skill: BTreeMap<usize, (u64, usize)> = BTreeMap::new();
        for of in &self.idle {
            let (people, donors) = by_skill.entry(of.skill).or_default();
            *people += u64::from(of.people);
            *donors += 1;
        }
        let sentence = |(skill, (people, donors)): (usize, (u64, usize))| {
            let met = !self.unmet.iter().any(|of| of.skill == skill && of.until == self.aid.days as i32 - 1);
            let code = if met { "aid_stay_met" } else { "aid_stay" };
            let args = vec![
                ("skill", self.aid.skills[skill].name.clone()),
                ("people", whole(people as f64)),
                ("donors", donors.to_string()),
            ];
            Finding { code, args }.sentence(voice)
        };
        by_skill.into_iter().map(sentence).collect()
    }

    fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut say = |code, args: Vec<(&'static str, String)>| findings.push(Finding { code, args });
        let gone = |name: &String| self.changes.iter().flat_map(|of| &of.gone).any(|(gone, _)| gone == name);
        for (name, day) in &self.withdrawn {
            if gone(name) {
                say("aid_dropped", vec![("team", name.clone())]);
            } else {
                say("aid_withdrawn", vec![("team", name.clone()), ("date", self.date(*day).to_string())]);
            }
        }
        if let Some(changes) = &self.changes {
            say(
                "aid_changes",
                vec![
                    ("kept", changes.kept.to_string()),
                    ("new", changes.new.len().to_string()),
                    ("other", changes.other.len().to_string()),
                    ("gone", changes.gone.len().to_string()),
                ],
            );
        }
        let gap = |level: Level| ("gap", percent_fine(level.gap));
        let asked: u64 = self.verdict.met.iter().map(|(_, asked)| asked).sum();
        let share = |(met, asked): &(u64, u64)| if *asked == 0 { 1.0 } else { *met as f64 / *asked as f64 };
        let least = (0..self.verdict.met.len())
            .min_by(|one, other| share(&self.verdict.met[*one]).total_cmp(&share(&self.verdict.met[*other])));
        let place = ("place", least.map_or_else(String::new, |at| self.aid.districts[at].name.clone()));
        let met = [("met", whole(self.verdict.total as f64)), ("asked", whole(asked as f64))];
        match self.bounds {
            None => {
                let code = if self.unsolved { "aid_draft_unsolved" } else { "aid_draft" };
                say(
                    code,
                    vec![place, ("share", percent_down(self.verdict.least)), met[0].clone(), met[1].clone()],
                );
            }
            Some(bounds) => {
                let (share, bound) = (percent_down(bounds.least.value), percent_fine(bounds.least.bound));
                say("aid_least", vec![place, ("share", share), ("bound", bound), gap(bounds.least)]);
                let bound = ("bound", whole(bounds.total.bound));
                say("aid_total", vec![met[0].clone(), met[1].clone(), bound, gap(bounds.total)]);
                let (value, bound) = (percent(bounds.burden.value), percent_fine(bounds.burden.bound));
                say("aid_burden", vec![("share", value), ("bound", bound), gap(bounds.burden)]);
                let (value, bound) = (whole(bounds.hours.value), number(bounds.hours.bound));
                let code = if self.aid.rules.seats.is_some() { "aid_hours_bus" } else { "aid_hours" };
                say(code, vec![("hours", value), ("bound", bound), gap(bounds.hours)]);
            }
        }
        let mut below: Vec<&str> =
            super::below(&self.aid).into_iter().map(|of| self.aid.donors[of.donor].name.as_str()).collect();
        below.dedup();
        if self.verdict.broken.is_empty() && !below.is_empty() {
            say("aid_kept_but", vec![("donors", below.join(", "))]);
        } else if self.verdict.broken.is_empty() {
            say("aid_kept", vec![]);
        } else {
            let broken = self.verdict.broken.len().to_string();
            let reserves = self.verdict.reserve_violations().to_string();
            say("aid_broken", vec![("broken", broken), ("reserves", reserves)]);
        }
        findings
    }
}

/// A share that is not rounded up to what it is not.
pub(crate) fn percent_down(share: f64) -> String {
    percent_to((share * 1_000.0 + 1e-9).floor() / 1_000.0, 1)
}

fn percent_fine(share: f64) -> String {
    percent_to(share, 2)
}
