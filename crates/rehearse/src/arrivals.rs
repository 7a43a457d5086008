//! Who comes in a replication, and when: households of the roll as the plan calls them, booked places, walk-ins.

use crate::{
    calls::Callers,
    compile::{Classes, Compiled, PARTY_MAX, serves_parties, usual_reaction_to_a_message},
    trial::{Drawn, NOBODY},
};
use chance::{Cause, Chance, Interner, Sampler, Ticks};
use domain::{
    Plan, Policy, Roll, Scenario,
    scenario::{Appointments, Arrivals, Attendance, Flow, WalkIns},
};
use queueing::{Visit, poisson::Poisson};
use std::{ops::Range, sync::Arc};

/// Booked people whose luck is drawn together.
const TOGETHER: usize = 256;

/// Everyone who may come.
#[derive(Clone, Debug)]
pub(crate) struct Coming {
    households: Option<Households>,
    booked: Option<Booked>,
    walk_ins: Option<(Poisson, f64)>,
    classes: Classes,
    lanes: u16,
    /// Whether people who come together are served together anywhere.
    parties: bool,
    residents: u32,
}

/// The households of the roll, in the order in which they are called.
#[derive(Clone, Debug)]
pub(crate) struct Households {
    pub called: Vec<Called>,
    attendance: Attendance,
    reaction: Arc<Sampler>,
    late: Option<(f64, Arc<Sampler>)>,
    callers: Option<Callers>,
    resident_class: Vec<Option<u8>>,
}

/// One household of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    pub household: u32,
    pub wave: u32,
    pub residents: Range<u32>,
    lane: u16,
    at: Ticks,
}

impl Called {
    /// When its call may start.
    pub(crate) fn from(&self) -> Ticks {
        self.at
    }
}

#[derive(Clone, Debug)]
struct Booked {
    times: Vec<Ticks>,
    no_show: f64,
    punctuality: Option<Arc<Sampler>>,
}

impl Coming {
    pub(crate) fn new(scenario: &Scenario, plan: Option<&Plan>, compiled: &Compiled) -> Coming {
        let mut interner = compiled.interner.clone();
        let sampler = &mut interner;
        let households = plan.map(|plan| Households::new(scenario, plan, compiled, sampler));
        let (appointments, walk_ins) = match &scenario.arrivals {
            Arrivals::Appointments(appointments) => (Some(booked(appointments, sampler)), None),
            Arrivals::Schedule { times, punctuality } => {
                let punctuality = punctuality.as_ref().map(|law| sampler.sampler(law));
                (Some(Booked { times: times.clone(), no_show: 0.0, punctuality }), None)
            }
            Arrivals::Poisson(walk_ins) => (None, Some(poisson(walk_ins))),
            Arrivals::Mix(mix) => (
                mix.appointments.as_ref().map(|appointments| booked(appointments, sampler)),
                mix.walk_ins.as_ref().map(poisson),
            ),
            Arrivals::Broadcast { .. } | Arrivals::Waves => (None, None),
        };
        Coming {
            households,
            booked: appointments,
            walk_ins,
            classes: compiled.classes.clone(),
            lanes: scenario.site.lanes,
            parties: serves_parties(scenario),
            residents: scenario.roll.people(),
        }
    }

    /// Fills in who comes, in the order of time; returns the ticks that callers spend.
    pub(crate) fn fill(&self, chance: &Chance, visits: &mut Vec<Visit>) -> Ticks {
        let spent =
            self.households.as_ref().map_or(0, |households| self.households(households, chance, visits));
        match self.process() {
            Some(poisson) => poisson.arrive(chance, self.lanes, visits),
            None => self.others(chance, visits),
        }
        self.start(visits);
        spent
    }

    /// Those who stand inside already come at the opening, before anybody else who does, to lanes in turn. Their keys
    /// follow all others, so that nobody's luck depends on how many they are.
    fn start(&self, visits: &mut Vec<Visit>) {
        if self.classes.starting.is_empty() {
            return;
        }
        let keys = visits.iter().map(|visit| visit.key + 1).max().unwrap_or(0).max(self.residents)..;
        let people = self.classes.starting.iter().flat_map(|&(people, class)| {
            (0..people).map(move |number| ((number % u32::from(self.lanes)) as u16, class))
        });
        let starting =
            keys.zip(people).map(|(key, (lane, class))| Visit { at: 0, key, lane, class, party: 1 });
        let place = visits.partition_point(|visit| visit.at < 0);
        let starting: Vec<Visit> = starting.collect();
        visits.splice(place..place, starting);
    }

    /// The process by which single people come, if nobody comes otherwise: then there is nothing to draw but the gaps,
    /// and who goes through the green channel.
    pub(crate) fn process(&self) -> Option<Poisson> {
        let single = self.classes.starting.is_empty() && !self.parties && self.classes.shares.is_empty();
        let (None, None, Some((poisson, share)), true) =
            (&self.households, &self.booked, &self.walk_ins, single)
        else {
            return None;
        };
        match self.classes.green {
            None => Some(poisson.clone()),
            Some(class) if self.residents == 0 && self.classes.parties[class as usize].is_empty() => {
                Some(poisson.clone().marked(*share, class))
            }
            Some(_) => None,
        }
    }

    /// How many call; 0 for a message to all.
    pub(crate) fn callers(&self) -> usize {
        let callers = self.households.as_ref().and_then(|households| households.callers.as_ref());
        callers.map_or(0, |callers| callers.number)
    }

    /// The households that are called, in the order of their calls.
    pub(crate) fn called(&self) -> &[Called] {
        self.households.as_ref().map_or(&[], |households| &households.called)
    }

    /// When each household is told to come, in the order of calls, with the ticks spent.
    pub(crate) fn told<'a>(&'a self, chance: &Chance, mut told: impl FnMut(&'a Called, Ticks)) -> Ticks {
        let Some(households) = &self.households else { return 0 };
        let Some(callers) = &households.callers else {
            households.called.iter().for_each(|called| told(called, called.at));
            return 0;
        };
        let mut next = households.called.iter();
        callers.call(chance, households.called.iter().map(|called| (called.household, called.at)), |_, at| {
            if let Some(called) = next.next() {
                told(called, at);
            }
        })
    }

    fn households<'a>(
        &'a self,
        households: &'a Households,
        chance: &Chance,
        visits: &mut Vec<Visit>,
    ) -> Ticks {
        let mut coming: Vec<(Ticks, u32, &'a Called)> = Vec::with_capacity(households.called.len());
        let spent = self.told(chance, |called, told| {
            if let Some(reaction) = households.reaction(chance, called.household) {
                coming.push((told + reaction, called.household, called));
            }
        });
        coming.sort_unstable_by_key(|&(at, household, _)| (at, household));
        for (at, _, called) in coming {
            let first = visits.len();
            self.attend(households, chance, called.residents.clone(), |key, class| {
                visits.push(Visit { at, key, lane: called.lane, class, party: 1 });
            });
            self.gather(&mut visits[first..]);
        }
        spent
    }

    /// Who of these residents comes, and in which class.
    fn attend(
        &self,
        households: &Households,
        chance: &Chance,
        residents: Range<u32>,
        mut comes: impl FnMut(u32, u8),
    ) {
        for resident in residents {
            if chance::happens(chance.word(Cause::Attendance, resident, 0), households.attendance.persons) {
                let class = households.resident_class[resident as usize]
                    .unwrap_or_else(|| self.class(chance, resident));
                comes(resident, class);
            }
        }
    }

    /// All that chance gives to the households of a roll, whenever they are called.
    pub(crate) fn drawn(&self, roll: &Roll, chance: &Chance) -> Drawn {
        let households = self.households.as_ref().expect("it was made with a plan");
        let mut drawn =
            Drawn { calls: Vec::new(), reactions: Vec::new(), people: Vec::new(), starts: vec![0] };
        for (household, home) in (0..).zip(&roll.households) {
            drawn
                .calls
                .push(households.callers.as_ref().map_or(0, |callers| callers.length(chance, household)));
            let reaction = households.reaction(chance, household);
            drawn.reactions.push(reaction.unwrap_or(NOBODY));
            if reaction.is_some() {
                let people = &mut drawn.people;
                self.attend(households, chance, home.residents.clone(), |key, class| {
                    people.push((key, class))
                });
            }
            drawn.starts.push(u32::try_from(drawn.people.len()).expect("the importer limits rows"));
        }
        drawn
    }

    /// Marks people who came together as parties, where that matters.
    fn gather(&self, together: &mut [Visit]) {
        if self.parties {
            gather(together.iter_mut());
        }
    }

    /// Booked people and walk-ins, sorted in among those of the roll.
    fn others(&self, chance: &Chance, visits: &mut Vec<Visit>) {
        let from_roll = visits.len();
        // Keys are counted through, so that they stay small whatever the sizes of parties.
        let (mut number, mut next_key) = (0, self.residents);
        if let Some(booked) = &self.booked {
            let (mut shows, mut late) = ([0; TOGETHER], [0; TOGETHER]);
            for times in booked.times.chunks(TOGETHER) {
                chance.words_of_consecutive_people(Cause::NoShow, number, &mut shows[..times.len()]);
                if booked.punctuality.is_some() {
                    chance.words_of_consecutive_people(Cause::Punctuality, number, &mut late[..times.len()]);
                }
                for ((&time, &shows), &late) in times.iter().zip(&shows).zip(&late) {
                    if !chance::happens(shows, booked.no_show) {
                        let late = booked.punctuality.as_ref().map_or(0, |law| law.draw(late));
                        self.come(chance, time + late, number, None, &mut next_key, visits);
                    }
                    number += 1;
                }
            }
        }
        if let Some((poisson, green_share)) = &self.walk_ins {
            poisson.each(chance, |_, at| {
                let green = *green_share > 0.0
                    && chance::happens(chance.word(Cause::Mark, self.residents + number, 0), *green_share);
                let class = self.classes.green.filter(|_| green);
                self.come(chance, at, number, class, &mut next_key, visits);
                number += 1;
            });
        }
        if self.booked.is_some() || from_roll > 0 {
            // Stable, so that people who came together stay together.
            visits.sort_by_key(|visit| visit.at);
        }
        // Without a roll, arrival i goes to lane i mod lanes; a party goes together.
        let mut turn = 0;
        let mut lane = 0;
        for visit in visits.iter_mut().filter(|visit| visit.key >= self.residents) {
            if visit.party > 0 {
                lane = turn % self.lanes;
                turn = lane + 1;
            }
            visit.lane = lane;
        }
    }

    /// One person, or one party, that came on its own.
    fn come(
        &self,
        chance: &Chance,
        at: Ticks,
        number: u32,
        class: Option<u8>,
        next_key: &mut u32,
        visits: &mut Vec<Visit>,
    ) {
        let stream = self.residents + number;
        let class = class.unwrap_or_else(|| self.class(chance, stream));
        let sizes = &self.classes.parties[class as usize];
        let size = match sizes.as_slice() {
            [] => 1,
            sizes => {
                let word = u64::from(chance.word(Cause::Party, stream, 0));
                sizes.iter().find(|(below, _)| word < *below).or(sizes.last()).map_or(1, |&(_, size)| size)
            }
        };
        let first = visits.len();
        for _ in 0..size {
            visits.push(Visit { at, key: *next_key, lane: 0, class, party: 1 });
            *next_key += 1;
        }
        self.gather(&mut visits[first..]);
    }

    fn class(&self, chance: &Chance, person: u32) -> u8 {
        match self.classes.shares.as_slice() {
            [] => 0,
            shares => {
                let word = u64::from(chance.word(Cause::Class, person, 0));
                shares.iter().find(|(below, _)| word < *below).map_or(0, |&(_, class)| class)
            }
        }
    }
}

impl Households {
    /// From the end of its call to a household's arrival; `None` if nobody of it comes.
    fn reaction(&self, chance: &Chance, household: u32) -> Option<Ticks> {
        // One block of chance for a household: whether it comes, whether late, and how soon.
        let words = chance.block(Cause::Household, household, 0);
        let law = match &self.late {
            Some((share, law)) if chance::happens(words[1], *share) => law,
            _ => &self.reaction,
        };
        chance::happens(words[0], self.attendance.households).then(|| law.draw(words[2]))
    }

    fn new(scenario: &Scenario, plan: &Plan, compiled: &Compiled, interner: &mut Interner) -> Households {
        let mut called = Vec::with_capacity(scenario.roll.households.len());
        let mut waves: Vec<_> = plan.waves.iter().collect();
        waves.sort_by_key(|wave| (wave.call_at, wave.number));
        for wave in waves {
            for &household in &wave.households {
                let residents = scenario.roll.households[household as usize].residents.clone();
                called.push(Called {
                    household,
                    wave: wave.number,
                    residents,
                    lane: wave.lane,
                    at: wave.call_at,
                });
            }
        }
        let (reaction, late) = reaction(scenario, plan.policy, interner);
        let callers = (plan.policy == Policy::Waves).then(|| Callers {
            number: plan.callers_of(scenario) as usize,
            call: interner.sampler(&scenario.waves.callers.call),
        });
        let resident_class = compiled.resident_class.clone();
        Households { called, attendance: scenario.attendance, reaction, late, callers, resident_class }
    }
}

/// Makes people who came together a party, or several where they are very many. A party goes the way of its first.
pub(crate) fn gather<'v>(together: impl ExactSizeIterator<Item = &'v mut Visit>) {
    let all = together.len();
    for (place, visit) in together.enumerate() {
        let size = if place % PARTY_MAX == 0 { (all - place).min(PARTY_MAX) } else { 0 };
        visit.party = size as u8;
    }
}

/// How long people take from the message or the knock, and the share that takes another time.
pub(crate) fn reaction(
    scenario: &Scenario,
    policy: Policy,
    interner: &mut Interner,
) -> (Arc<Sampler>, Option<(f64, Arc<Sampler>)>) {
    match policy {
        Policy::Broadcast => {
            let reaction = match &scenario.arrivals {
                Arrivals::Broadcast { reaction, .. } => interner.sampler(reaction),
                _ => interner.sampler(&usual_reaction_to_a_message()),
            };
            (reaction, None)
        }
        Policy::Waves => {
            let rules = &scenario.waves;
            let late = rules.late.as_ref().map(|late| (late.share, interner.sampler(&late.reaction)));
            (interner.sampler(&rules.reaction), late)
        }
    }
}

fn booked(appointments: &Appointments, interner: &mut Interner) -> Booked {
    let slots = 0..Ticks::from(appointments.slots);
    let times =
        slots.flat_map(|slot| (0..appointments.places).map(move |_| slot * appointments.slot)).collect();
    let punctuality = appointments.punctuality.as_ref().map(|law| interner.sampler(law));
    Booked { times, no_show: appointments.no_show, punctuality }
}

fn poisson(walk_ins: &WalkIns) -> (Poisson, f64) {
    let (people, until) = (walk_ins.people.unwrap_or(u32::MAX), walk_ins.until.unwrap_or(Ticks::MAX));
    let poisson = match &walk_ins.per_hour {
        Flow::Constant(per_hour) => Poisson::constant(*per_hour, people, until),
        Flow::Hourly(per_hour) => Poisson::hourly(per_hour, people, until),
    };
    (poisson, walk_ins.green_share)
}
