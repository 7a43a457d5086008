//! What must be at the gate when: a rehearsal says how many are served by the end of each slot, `supplies.csv` what each takes.

use crate::{
    Cost, Run, sheets,
    voice::{Voice, station_word},
};
use chance::Ticks;
use domain::{
    Plan, Scenario, Supply,
    scenario::{Servers, Station},
    supply::Per,
};
use rehearse::{Begun, TICKS_PER_MINUTE};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use supplies::demand::{Demand, REACHES, Slots, demand, tubes};

/// What a day needs of each good, and what is to be brought when.
#[derive(Clone, Debug, PartialEq)]
pub struct SupplyPlan {
    /// Rehearsed days that it was asked of.
    pub replications: u32,
    /// A slot, in ticks.
    pub slot: Ticks,
    /// The goods, as the file has them, each with what the day needs of it.
    pub goods: Vec<(Supply, Demand)>,
    /// What it cost to count.
    pub cost: Cost,
    hot: bool,
}

/// A cart at the gate, and what is on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery<'a> {
    /// When it is at the gate, in ticks after opening.
    pub due: Ticks,
    /// When it leaves.
    pub leaves: Ticks,
    /// Goods with whole boxes and the units in them.
    pub lines: Vec<(&'a Supply, u64, u64)>,
}

/// What a day needs, by living it once more; `None` where the folder says nothing of supplies.
pub fn supplies(scenario: &Scenario, run: &Run<'_>, plan: Option<&Plan>) -> Option<SupplyPlan> {
    let rules = &scenario.supplies;
    if rules.goods.is_empty() {
        return None;
    }
    let staffed = plan.and_then(|plan| plan.staffed(scenario));
    let site = staffed.as_ref().unwrap_or(scenario);
    let (rehearsal, luck, reps, mut days) = (run.rehearsal(scenario, plan), run.luck(), run.reps, Vec::new());
    let cost = run.machine.watch("progress.supplies", u64::from(reps), &mut |threads, progress| {
        days = rehearsal.begun(luck, reps, rules.slot, threads, progress);
        days.iter().map(|day| day.arrived).sum::<u64>() as f64
    });
    let count = days.iter().map(Begun::slots).max().unwrap_or(0);
    let slots = Slots { length: rules.slot, count, spare: rules.spare };
    let of = |supply: &Supply| {
        let used: Vec<Vec<u64>> = days
            .iter()
            .map(|day| (0..count).map(|slot| used(site, supply, day, slot, rules.slot)).collect())
            .collect();
        (supply.clone(), demand(supply, rules.hot, &used, slots))
    };
    let goods = rules.goods.iter().map(of).collect();
    Some(SupplyPlan { replications: days.len() as u32, slot: rules.slot, goods, cost, hot: rules.hot })
}

/// For how many something was used by the end of a slot.
pub(crate) fn used(site: &Scenario, supply: &Supply, day: &Begun, slot: usize, length: Ticks) -> u64 {
    let stations = &site.site.stations;
    let places = match (supply.station, supply.per) {
        (Some(place), _) => vec![place],
        // Who works anywhere at the site.
        (None, Per::StaffHour) => (0..stations.len()).collect(),
        (None, _) => site.site.giving(),
    };
    let of = |place: usize| match supply.per {
        Per::Person => day.people(place, slot).sum::<u64>(),
        Per::Party => day.parties(place, slot).sum(),
        Per::Tube => {
            let servers = servers(&stations[place]).iter().map(|(_, servers)| *servers).max().unwrap_or(1);
            let pool = u64::from(site.round.pool);
            day.people(place, slot).map(|people| tubes(people, u64::from(servers), pool)).sum()
        }
        Per::StaffHour => {
            let lanes = if stations[place].shared { 1 } else { u64::from(site.site.lanes) };
            let until = (length * (slot as Ticks + 1)).min(day.last);
            lanes * staffed_min(servers(&stations[place]), until)
        }
    };
    places.into_iter().map(of).sum()
}

fn servers(station: &Station) -> &[(Ticks, u32)] {
    match &station.servers {
        Servers::Unlimited => &[],
        Servers::Calendar(calendar) => &calendar.0,
    }
}

/// Minutes that a station's servers are there, from the opening until then.
fn staffed_min(calendar: &[(Ticks, u32)], until: Ticks) -> u64 {
    let ends = calendar.iter().skip(1).map(|(from, _)| *from).chain([Ticks::MAX]);
    let parts = calendar.iter().zip(ends).map(|((from, servers), end)| {
        let there = (end.min(until) - (*from).max(0)).max(0);
        there as u64 * u64::from(*servers)
    });
    parts.sum::<u64>().div_ceil(TICKS_PER_MINUTE as u64)
}

impl SupplyPlan {
    /// What is to be at the gate when, the first first: what is due at one time comes together.
    pub fn deliveries(&self) -> Vec<Delivery<'_>> {
        let mut all: BTreeMap<Ticks, Delivery<'_>> = BTreeMap::new();
        for (supply, demand) in &self.goods {
            for bring in &demand.bring {
                let empty = || Delivery { due: bring.due, leaves: bring.leaves, lines: Vec::new() };
                let delivery = all.entry(bring.due).or_insert_with(empty);
                delivery.leaves = delivery.leaves.min(bring.leaves);
                delivery.lines.push((supply, bring.boxes, bring.count));
            }
        }
        all.into_values().collect()
    }

    /// As the JSON and the plan's file have it: times are local.
    pub fn output(&self, scenario: &Scenario) -> impl Serialize + use<> {
        let at = |ticks: Ticks| scenario::local_time(scenario.round.opens, ticks);
        let good = |(supply, demand): &(Supply, Demand)| -> Value {
            let slots = demand.slots.iter().map(|of| {
                json!({ "from": at(of.from), "until": at(of.from + self.slot), "needs": of.needs, "through": of.through, "there": of.there, "lacks": of.lacks })
            });
            json!({
                "good": supply.good,
                "unit": supply.unit,
                "per": supply.per.name(),
                "rate": supply.rate(self.hot) as f64 / 1e6,
                "station": supply.station.map(|place| &scenario.site.stations[place].name),
                "box": supply.per_box,
                "on_hand": supply.on_hand,
                "total": demand.slots.last().map_or(0, |last| last.through),
                "left": demand.left,
                "slots": slots.collect::<Vec<_>>(),
            })
        };
        let delivery = |of: Delivery<'_>| {
            let lines = of.lines.iter().map(|(supply, boxes, count)| {
                json!({ "good": supply.good, "unit": supply.unit, "boxes": boxes, "count": count })
            });
            json!({ "at": at(of.due), "leaves": at(of.leaves), "lines": lines.collect::<Vec<_>>() })
        };
        json!({
            "reaches": REACHES as f64 / 100.0,
            "replications": self.replications,
            "slot_min": self.slot / TICKS_PER_MINUTE,
            "hot": self.hot,
            "goods": self.goods.iter().map(good).collect::<Vec<_>>(),
            "shipments": self.deliveries().into_iter().map(delivery).collect::<Vec<_>>(),
        })
    }

    /// The table, its headings first: when at the gate, what, how many, in how many boxes, and when it leaves.
    pub fn rows(&self, scenario: &Scenario, voice: Voice) -> Vec<[String; 6]> {
        let heads = ["at_gate", "good", "count", "unit", "boxes", "leaves"];
        let mut rows = vec![heads.map(|head| voice.word(&format!("sheet.{head}")))];
        for delivery in self.deliveries() {
            for (supply, boxes, count) in &delivery.lines {
                rows.push([
                    sheets::clock(scenario, delivery.due),
                    supply.good.clone(),
                    count.to_string(),
                    supply.unit.clone(),
                    boxes.to_string(),
                    sheets::clock(scenario, delivery.leaves),
                ]);
            }
        }
        rows
    }

    /// What each good is for and how far what is there reaches, a sentence each.
    pub fn sentences(&self, scenario: &Scenario, voice: Voice) -> Vec<String> {
        let one = |(supply, demand): &(Supply, Demand)| {
            let short = demand.slots.iter().find(|slot| slot.lacks > 0);
            let total = demand.slots.last().map_or(0, |last| last.through).to_string();
            let there = demand.slots.last().map_or(0, |last| last.there).to_string();
            let (time, lacks) = (
                short.map_or(String::new(), |slot| sheets::clock(scenario, slot.from)),
                demand.slots.last().map_or(0, |last| last.lacks).to_string(),
            );
            let args = [
                ("good", &*supply.good),
                ("unit", &*supply.unit),
                ("total", &*total),
                ("there", &*there),
                ("time", &*time),
                ("lacks", &*lacks),
            ];
            voice.say(if short.is_some() { "sheet.supplies_lacks" } else { "sheet.supplies_reaches" }, &args)
        };
        self.goods.iter().map(one).collect()
    }

    /// For what a good is used, in words: `1.05 for each person at sampling`.
    pub fn rule(&self, supply: &Supply, scenario: &Scenario, voice: Voice) -> String {
        let rate = format!("{}", supply.rate(self.hot) as f64 / 1e6);
        let station = supply.station.map(|place| station_word(&scenario.site.stations[place].name));
        let per = match supply.per {
            Per::Person => "sheet.supplies_per_person",
            Per::Party => "sheet.supplies_per_party",
            Per::Tube => "sheet.supplies_per_tube",
            Per::StaffHour => "sheet.supplies_per_staff_hour",
        };
        let said = voice.say(per, &[("rate", &rate), ("unit", &supply.unit)]);
        match station {
            Some(station) => voice.say("sheet.supplies_at", &[("rule", &said), ("station", &station)]),
            None => said,
        }
    }
}
