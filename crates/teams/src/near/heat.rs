//! What heat speaks against: work that is going on, and shifts that were planned before it was forecast.

use super::{Found, Near, NearWhy, Turn};
use crate::{Role, ShiftNow, Teams, supplies::BREAK};
use chance::Ticks;
use domain::Moment;
use std::collections::BTreeMap;
use uuid::Uuid;

impl Teams {
    /// Holds each open shift outdoors against the heat of its day, as if it was planned now, and whoever works there against that of today.
    pub(super) fn near_heat(&self, found: &mut Found) {
        let outdoor = self.now().shifts.values().filter(|of| of.is_open() && of.shift.outdoor);
        let mut hot = Vec::new();
        for of in outdoor {
            self.heat_at_work(of, found);
            let host = self.host(of.shift.team, of.shift.from);
            // Those who are spared may be so on days that are not hot for others.
            let heat = host.and_then(|host| Some((host, self.heat(host, of.shift.from)?)));
            let is_near = |celsius| {
                let rules = self.rules(host.unwrap_or_default());
                celsius >= rules.hot_c.min(rules.very_hot_c).min(rules.spared_c).min(rules.stop_c)
            };
            hot.extend(
                heat.filter(|(_, celsius)| is_near(*celsius)).map(|(host, celsius)| (of, host, celsius)),
            );
        }
        if hot.is_empty() {
            return;
        }
        let duties: BTreeMap<Uuid, Duties> =
            self.duties().into_iter().map(|(member, spans)| (member, Duties::of(&spans))).collect();
        for (of, host, celsius) in hot {
            let turn = Turn { party: host, role: Role::Desk };
            for why in self.against(of, host, celsius, &duties) {
                let (by, team) = (of.shift.from, Some(of.shift.team));
                found.add(found.now, Near { by, why, of: of.shift.id, team, turn });
            }
        }
    }

    /// What such heat speaks against in a shift.
    fn against(
        &self,
        of: &ShiftNow,
        host: Uuid,
        celsius: i16,
        duties: &BTreeMap<Uuid, Duties>,
    ) -> Vec<NearWhy> {
        let (rules, span, heat) = (self.rules(host), of.span(), Some(celsius));
        let mut found = Vec::new();
        // Whoever works now is told by `TooHot`.
        if of.began.is_none() && rules.is_too_hot(celsius, span) {
            found.push(NearWhy::HeatAhead);
        }
        let is_spared = |id| self.now().members.get(id).is_some_and(|of| of.member.spared);
        if rules.spares(true, heat) && of.shift.members.iter().any(is_spared) {
            found.push(NearWhy::SparedOut);
        }
        let day = rules.day(span.0);
        let (begins, ends) = (rules.begins(day), rules.begins(day + 1));
        let (spell, work) = (rules.spell(rules.is_hot(heat)), rules.work(true, heat));
        let is_long = |duties: &Duties| {
            let is_cut = rules.is_hot(heat) || work < rules.work(true, None);
            is_cut && (duties.spell(span.0) > spell || duties.worked(begins, ends) > work)
        };
        if of.shift.members.iter().filter_map(|id| duties.get(id)).any(is_long) {
            found.push(NearWhy::HeatLong);
        }
        found
    }

    fn heat_at_work(&self, of: &ShiftNow, found: &mut Found) {
        let (now, team) = (found.now, of.shift.team);
        let Some(host) = self.host(team, now).filter(|_| of.began.is_some()) else { return };
        let rules = self.rules(host);
        let Some(celsius) = self.heat(host, now).filter(|of| rules.is_hot(Some(*of))) else { return };
        let (from, until) = rules.avoid(rules.day(now));
        let is_window = from <= now && now < until;
        if celsius >= rules.stop_c || is_window {
            let by = if celsius >= rules.stop_c { rules.begins(rules.day(now)) } else { from };
            let turn = Turn { party: host, role: Role::Desk };
            found.add(by, Near { by, why: NearWhy::TooHot, of: of.shift.id, team: Some(team), turn });
        }
    }
}

/// When a member works, looked up without walking through all of it.
#[derive(Default)]
struct Duties {
    /// When each begins, in order; how long all before it take; in which spell it falls.
    spans: Vec<(Moment, Ticks, usize)>,
    /// Work without a break: from when to when.
    spells: Vec<(Moment, Moment)>,
    sum: Ticks,
}

impl Duties {
    /// Of times that are in order.
    fn of(all: &[(Moment, Moment)]) -> Duties {
        let mut duties = Duties::default();
        for &(begins, ends) in all {
            match duties.spells.last_mut().filter(|(_, until)| begins - *until < BREAK) {
                Some((_, until)) => *until = ends.max(*until),
                None => duties.spells.push((begins, ends)),
            }
            duties.spans.push((begins, duties.sum, duties.spells.len() - 1));
            duties.sum += ends - begins;
        }
        duties
    }

    /// How long work lasts without a break of which a time at which it begins is part.
    fn spell(&self, begins: Moment) -> Ticks {
        let nth = self.spans.partition_point(|(from, ..)| *from < begins);
        let spell = self.spans.get(nth).and_then(|of| self.spells.get(of.2));
        spell.map_or(0, |(from, until)| *until - *from)
    }

    /// How long somebody works that begins from one time on, and before another.
    fn worked(&self, from: Moment, until: Moment) -> Ticks {
        let before = |at: Moment| {
            let nth = self.spans.partition_point(|(from, ..)| *from < at);
            self.spans.get(nth).map_or(self.sum, |of| of.1)
        };
        before(until) - before(from)
    }
}
