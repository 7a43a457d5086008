//! Orders: a document for each donor, and all of them as one table.

use super::Aided;
use crate::{Voice, number::whole, sheets::csv_table};
use domain::aid::Deployment;
use formats::{Block, Document, Part, Table};

/// What the names of all orders' files begin with.
pub const ORDER: &str = "order-";

impl Aided {
    /// By file name without its ending: whom each donor sends, when the buses leave, where they lodge, when they return, and which orders
    /// of the plan before it no longer has.
    pub fn orders(&self, voice: Voice) -> Vec<(String, Document)> {
        let aid = &self.aid;
        let mut orders = Vec::new();
        for (at, donor) in aid.donors.iter().enumerate() {
            let own: Vec<(usize, &Deployment)> =
                self.plan.deployments.iter().enumerate().filter(|(_, of)| of.donor == at).collect();
            let gone = self.changes.iter().flat_map(|changes| &changes.gone);
            let gone: Vec<&(String, Deployment)> = gone.filter(|(_, of)| of.donor == at).collect();
            if own.is_empty() && gone.is_empty() {
                continue;
            }
            let people: u64 = own.iter().map(|(_, of)| u64::from(of.people)).sum();
            let mut days: Vec<i32> = own.iter().map(|(_, of)| of.leaves).collect();
            days.sort_unstable();
            days.dedup();
            let mut parts: Vec<Part> = days.into_iter().map(|day| self.day(at, day, &own, voice)).collect();
            // First, since somebody may be about to leave.
            if !gone.is_empty() {
                parts.insert(0, self.taken_back(&gone, voice));
            }
            let document = Document {
                language: voice.language.html().to_owned(),
                title: voice.say("aided.order_of", &[("donor", &donor.name)]),
                facts: vec![
                    (voice.word("aided.for"), aid.name.clone()),
                    (voice.word("table.aid_people"), whole(people as f64)),
                ],
                parts,
                foot: voice.word("aided.order_foot"),
            };
            orders.push((format!("{ORDER}{:03}", at + 1), document));
        }
        orders
    }

    /// Orders of the plan before that hold no longer.
    fn taken_back(&self, gone: &[&(String, Deployment)], voice: Voice) -> Part {
        let aid = &self.aid;
        let heading = voice.word("aided.taken_back");
        let head = ["aid_teams", "aid_place", "aid_skill", "aid_people", "aid_leaves"];
        let row = |(name, of): &&(String, Deployment)| {
            vec![
                name.clone(),
                aid.districts[of.district].name.clone(),
                aid.skills[of.skill].name.clone(),
                whole(f64::from(of.people)),
                self.date(of.leaves).to_string(),
            ]
        };
        let table = Table {
            caption: heading.clone(),
            head: head.map(|key| voice.word(&format!("table.{key}"))).to_vec(),
            rows: gone.iter().map(row).collect(),
        };
        let lead = voice.word("aided.taken_back_lead");
        Part { heading, lead, blocks: vec![Block::Table(table)] }
    }

    /// Who leaves on a day.
    fn day(&self, donor: usize, day: i32, own: &[(usize, &Deployment)], voice: Voice) -> Part {
        let aid = &self.aid;
        let word = |key: &str| voice.word(&format!("table.{key}"));
        let head = [
            "aid_teams",
            "aid_place",
            "aid_skill",
            "aid_people",
            "aid_works",
            "aid_until",
            "aid_home",
            "aid_free",
        ];
        let row = |(at, of): &(usize, &Deployment)| {
            vec![
                self.names[*at].clone(),
                aid.districts[of.district].name.clone(),
                aid.skills[of.skill].name.clone(),
                whole(f64::from(of.people)),
                self.date(of.from).to_string(),
                self.date(of.until).to_string(),
                self.date(self.home(of)).to_string(),
                self.date(of.free).to_string(),
            ]
        };
        let teams = own.iter().filter(|(_, of)| of.leaves == day).map(row).collect();
        let mut blocks = vec![Block::Table(Table {
            caption: voice.word("aided.teams"),
            head: head.map(word).to_vec(),
            rows: teams,
        })];
        let bus = |trip: &domain::aid::Trip| {
            let hours = format!("{:.1}", aid.travel_h[donor][trip.district]);
            vec![aid.districts[trip.district].name.clone(), trip.buses.to_string(), hours, String::new()]
        };
        let trips = self.plan.trips.iter().filter(|trip| (trip.donor, trip.leaves) == (donor, day));
        let rows: Vec<Vec<String>> = trips.map(bus).collect();
        if !rows.is_empty() {
            let head = ["aid_place", "aid_buses", "aid_way_h", "aid_departs"];
            let table = Table { caption: voice.word("aided.buses"), head: head.map(word).to_vec(), rows };
            blocks.push(Block::Table(table));
        }
        let lead = voice.say("aided.lodge", &[("from", &self.date(day).to_string())]);
        Part { heading: self.date(day).to_string(), lead, blocks }
    }

    /// All of it as one table for a spreadsheet.
    pub fn table(&self, voice: Voice) -> String {
        let aid = &self.aid;
        let heads = [
            "aid_teams",
            "aid_donor",
            "aid_place",
            "aid_skill",
            "aid_people",
            "aid_leaves",
            "aid_works",
            "aid_until",
            "aid_home",
            "aid_free",
        ];
        let rows = self.plan.deployments.iter().zip(&self.names).map(|(of, name)| {
            let day = |day: i32| self.date(day).to_string();
            [
                name.clone(),
                aid.donors[of.donor].name.clone(),
                aid.districts[of.district].name.clone(),
                aid.skills[of.skill].name.clone(),
                of.people.to_string(),
                day(of.leaves),
                day(of.from),
                day(of.until),
                day(self.home(of)),
                day(of.free),
            ]
        });
        csv_table("table", &heads, rows, voice)
    }
}
