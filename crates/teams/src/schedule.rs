//! A team's day at one place: crews that stay together, and who of them works when.

use crate::{Fitness, HOUR, MINUTE, Member, Refusal, Rules, Teams};
use chance::Ticks;
use domain::Moment;
use uuid::Uuid;

/// A day of work, and whom there is for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPlan {
    /// The host's rules.
    pub rules: Rules,
    /// From when people are needed.
    pub from: Moment,
    /// Until when.
    pub until: Moment,
    /// People at a time.
    pub people: usize,
    /// Whether in the open.
    pub outdoor: bool,
    /// The highest temperature of the day, °C, where it is forecast.
    pub celsius: Option<i16>,
    /// Members who may work, with the end of their last work.
    pub members: Vec<(Member, Option<Moment>)>,
}

impl DayPlan {
    fn is_hot(&self) -> bool {
        self.outdoor && self.rules.is_hot(self.celsius)
    }

    /// When it is too hot to be outdoors, of the hours in which people are needed.
    pub fn too_hot(&self) -> Vec<(Moment, Moment)> {
        if !self.is_hot() {
            return vec![];
        }
        let days = self.rules.day(self.from)..=self.rules.day(self.until);
        days.map(|number| self.rules.avoid(number))
            .map(|(from, until)| (from.max(self.from), until.min(self.until)))
            .filter(|(from, until)| from < until)
            .collect()
    }
}

/// People who work, ride and rest together: who of them turns positive takes only these along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crew {
    /// Who.
    pub members: Vec<Uuid>,
    /// When they work.
    pub spells: Vec<Spell>,
}

/// Work without a break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    /// From when.
    pub from: Moment,
    /// Until when.
    pub until: Moment,
    /// When water is brought.
    pub water: Vec<Moment>,
}

/// Divides a team into crews and a day into spells, so that the place has its people all the time that the rules allow work there.
///
/// # Errors
/// Why it cannot be done, all of it.
pub fn schedule(day: &DayPlan) -> Result<Vec<Crew>, Vec<Refusal>> {
    let mut no = Vec::new();
    if day.until <= day.from {
        no.push(Refusal::TimeOrder);
    }
    if day.until - day.from > 24 * HOUR {
        no.push(Refusal::WorkLong { people: day.people, hours: 24 });
    }
    if day.people == 0 {
        no.push(Refusal::NumberOff { most: day.members.len() as u32 });
    }
    // Of what cannot be read nothing follows.
    if !no.is_empty() {
        return Err(no);
    }
    let slots = slots(day, &mut no);
    let mut crews = crews(day, &mut no);
    if !no.is_empty() {
        return Err(no);
    }
    for (from, until) in slots {
        let fits = crews.iter().enumerate().filter(|(_, crew)| crew.fits(day, from, until));
        // Who has worked least, and of those who has rested longest.
        match fits.min_by_key(|(nth, crew)| (crew.worked, crew.ends, *nth)).map(|(nth, _)| nth) {
            Some(nth) => crews[nth].takes(day, from, until),
            None => {
                let free = crews
                    .iter()
                    .filter(|crew| crew.is_rested(day, from))
                    .map(|crew| crew.members.len())
                    .sum();
                no.push(Refusal::CrewsShort { from: day.rules.clock(from), people: day.people, free });
            }
        }
    }
    if !no.is_empty() {
        return Err(no);
    }
    Ok(crews.into_iter().map(|of| Crew { members: of.members, spells: of.spells }).collect())
}

impl Teams {
    /// A day of work for a team where it is: those of it who may work, by what is known now, and when each worked last.
    pub fn day_plan(
        &self,
        team: Uuid,
        now: Moment,
        (from, until): (Moment, Moment),
        people: usize,
        outdoor: bool,
    ) -> DayPlan {
        let (fitness, duties) = (self.fitness(now), self.duties());
        let members = self.members_of(team, now).map(|of| of.member);
        let members = members.filter(|of| fitness.get(&of.id).is_none_or(|of| *of == Fitness::Fit));
        let last = |of: Member| {
            duties
                .get(&of.id)
                .and_then(|all| all.iter().map(|(_, until)| *until).filter(|until| *until <= from).max())
        };
        let celsius = self.host(team, from).and_then(|host| self.heat(host, from));
        let members = members.map(|of| (of, last(of))).collect();
        DayPlan { rules: self.rules_of(team, from).clone(), from, until, people, outdoor, celsius, members }
    }
}

/// A crew while the day is being divided.
struct Making {
    members: Vec<Uuid>,
    is_spared: bool,
    /// When the last of them ended work before this day.
    before: Option<Moment>,
    begins: Option<Moment>,
    ends: Option<Moment>,
    worked: Ticks,
    spells: Vec<Spell>,
}

impl Making {
    fn is_rested(&self, day: &DayPlan, from: Moment) -> bool {
        self.before.is_none_or(|before| from - before >= Ticks::from(day.rules.rest_h) * HOUR)
    }

    fn fits(&self, day: &DayPlan, from: Moment, until: Moment) -> bool {
        let rules = &day.rules;
        let begins = self.begins.unwrap_or(from);
        // As early again tomorrow, with the night's rest between.
        let span = (24 - Ticks::from(rules.rest_h)) * HOUR;
        let spared = day.outdoor && self.is_spared && day.celsius.is_some_and(|of| of >= rules.spared_c);
        self.is_rested(day, from)
            && !spared
            && self.worked + (until - from) <= rules.work(day.outdoor, day.celsius)
            && until - begins <= span
            && self.ends.is_none_or(|ends| from - ends >= pause(day))
    }

    fn takes(&mut self, day: &DayPlan, from: Moment, until: Moment) {
        let is_hot = day.rules.is_hot(day.celsius);
        let every = day.rules.water_every(is_hot);
        let mut water = Vec::new();
        // Into the heat nobody goes without.
        let mut at = if is_hot { from } else { from + every };
        while at < until {
            water.push(at);
            at = at + every;
        }
        self.begins.get_or_insert(from);
        self.ends = Some(until);
        self.worked += until - from;
        self.spells.push(Spell { from, until, water });
    }
}

/// Crews take turns: who has worked rests at least so long.
fn pause(day: &DayPlan) -> Ticks {
    if day.is_hot() { Ticks::from(day.rules.hot_turn_h) * HOUR } else { 30 * MINUTE }
}

/// The times in which there is work, each as long as a crew works without a break.
fn slots(day: &DayPlan, no: &mut Vec<Refusal>) -> Vec<(Moment, Moment)> {
    let (rules, is_hot) = (&day.rules, day.is_hot());
    if let Some(celsius) = day.celsius.filter(|of| day.outdoor && *of >= rules.stop_c) {
        no.push(Refusal::HeatStop { celsius });
        return vec![];
    }
    let mut parts = vec![(day.from, day.until)];
    for (from, until) in day.too_hot() {
        parts = parts
            .into_iter()
            .flat_map(|(begins, ends)| [(begins, ends.min(from)), (begins.max(until), ends)])
            .filter(|(begins, ends)| begins < ends)
            .collect();
    }
    if parts.is_empty() {
        no.push(Refusal::HeatWindow { from: rules.avoid_from_h, until: rules.avoid_until_h });
    }
    let longest =
        if is_hot { rules.spell(true).min(Ticks::from(rules.hot_turn_h) * HOUR) } else { rules.spell(false) };
    let longest = longest.max(MINUTE);
    let cut = |(from, until): (Moment, Moment)| {
        let pieces = (until - from + longest - 1) / longest;
        // On whole minutes, as people's watches are.
        let place = move |nth| {
            if nth == pieces { until } else { from + (until - from) * nth / pieces / MINUTE * MINUTE }
        };
        (0..pieces).map(move |nth| (place(nth), place(nth + 1)))
    };
    parts.into_iter().flat_map(cut).collect()
}

/// As many crews as there are people for, supervisors spread over them, those who are spared together.
fn crews(day: &DayPlan, no: &mut Vec<Refusal>) -> Vec<Making> {
    let number = day.members.len().checked_div(day.people).unwrap_or(0);
    if number == 0 {
        let from = day.rules.clock(day.from);
        no.push(Refusal::CrewsShort { from, people: day.people, free: day.members.len() });
        return vec![];
    }
    let has = day.members.iter().filter(|(of, _)| of.supervisor).count();
    let needed = day.rules.supervisors(day.members.len());
    if has < needed {
        no.push(Refusal::SupervisorsShort { needed, has });
    }
    let mut all: Vec<(Member, Option<Moment>)> = day.members.clone();
    // The last crews have those who are spared, and those who have rested least.
    all.sort_by_key(|(of, before)| (of.spared, *before, of.id));
    let mut crews: Vec<Vec<(Member, Option<Moment>)>> = vec![vec![]; number];
    let (supervisors, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(of, _)| of.supervisor);
    let mut spare = Vec::new();
    for (nth, of) in supervisors.into_iter().enumerate() {
        if crews[nth % number].len() < day.people { crews[nth % number].push(of) } else { spare.push(of) }
    }
    let mut rest = others.into_iter().chain(spare);
    for crew in &mut crews {
        while crew.len() < day.people {
            let Some(of) = rest.next() else { break };
            crew.push(of);
        }
    }
    let making = |crew: Vec<(Member, Option<Moment>)>| Making {
        is_spared: crew.iter().any(|(of, _)| of.spared),
        before: crew.iter().filter_map(|(_, before)| *before).max(),
        members: crew.into_iter().map(|(of, _)| of.id).collect(),
        begins: None,
        ends: None,
        worked: 0,
        spells: vec![],
    };
    crews.into_iter().map(making).collect()
}
