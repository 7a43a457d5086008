//! The tandem in NeXosim, in two forms: a door and stations as models joined by ports, as its users
//! would draw it, and the whole site as one model, which is faster.
//!
//! `nexosim-tandem ports|one PER_HOUR PEOPLE WARMUP REPLICATIONS SEED SERVERS:MEAN_S …` prints one
//! JSON object, the mean wait in seconds at each station for each replication, without the first
//! WARMUP people. It knows nothing of the programs it is compared with.

mod door;
mod site;
mod station;

use std::env;
use std::error::Error;

use nexosim::ports::QuerySource;
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;

use crate::door::Door;
use crate::site::Site;
use crate::station::Station;

/// Sum of waits in seconds, and of how many people.
type Waits = (f64, u64);

/// What the command line says.
struct Tandem {
    form: Form,
    arrivals_per_s: f64,
    people: u32,
    warmup: u32,
    replications: u64,
    seed: u64,
    /// Servers and mean service time in seconds, in the order that people pass the stations.
    stations: Vec<(u32, f64)>,
}

#[derive(Clone, Copy)]
enum Form {
    Ports,
    One,
}

impl Tandem {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut words = env::args().skip(1);
        let mut next = || words.next().ok_or("too few arguments");
        let form = match next()?.as_str() {
            "ports" => Form::Ports,
            "one" => Form::One,
            _ => return Err("the form is ports or one".into()),
        };
        let arrivals_per_s = next()?.parse::<f64>()? / 3600.0;
        let people = next()?.parse()?;
        let warmup = next()?.parse()?;
        let replications = next()?.parse()?;
        let seed = next()?.parse()?;
        let mut stations = Vec::new();
        for word in words {
            let (servers, mean_s) = word.split_once(':').ok_or("a station is SERVERS:MEAN_S")?;
            stations.push((servers.parse()?, mean_s.parse()?));
        }
        Ok(Self { form, arrivals_per_s, people, warmup, replications, seed, stations })
    }

    fn replicate(&self, seed: u64) -> Result<Vec<Waits>, Box<dyn Error>> {
        match self.form {
            Form::Ports => self.by_ports(seed),
            Form::One => self.as_one(seed),
        }
    }

    fn by_ports(&self, seed: u64) -> Result<Vec<Waits>, Box<dyn Error>> {
        let mut door = Door::new(self.arrivals_per_s, self.people, seed);
        let mut stations: Vec<Station> = Vec::new();
        let mut mailboxes: Vec<Mailbox<Station>> = Vec::new();
        for (place, &(servers, mean_s)) in self.stations.iter().enumerate() {
            let mailbox = Mailbox::new();
            match stations.last_mut() {
                None => door.person.connect(Station::arrive, &mailbox),
                Some(before) => before.person.connect(Station::arrive, &mailbox),
            };
            let stream = seed.wrapping_mul(16).wrapping_add(1 + place as u64);
            stations.push(Station::new(servers, mean_s, self.warmup, stream));
            mailboxes.push(mailbox);
        }

        let mut bench = bench();
        let mut questions = Vec::new();
        for (place, (station, mailbox)) in stations.into_iter().zip(mailboxes).enumerate() {
            questions.push(QuerySource::new().connect(Station::waits, &mailbox).register(&mut bench));
            bench = bench.add_model(station, mailbox, &format!("station {place}"));
        }
        let mut simulation = bench.add_model(door, Mailbox::new(), "door").init(MonotonicTime::EPOCH)?;
        simulation.run()?;
        let mut waits = Vec::new();
        for question in &questions {
            waits.push(simulation.process_query(question, ())?);
        }
        Ok(waits)
    }

    fn as_one(&self, seed: u64) -> Result<Vec<Waits>, Box<dyn Error>> {
        let site = Site::new(self.arrivals_per_s, self.people, self.warmup, &self.stations, seed);
        let mailbox = Mailbox::new();
        let mut bench = bench();
        let question = QuerySource::new().connect(Site::waits, &mailbox).register(&mut bench);
        let mut simulation = bench.add_model(site, mailbox, "site").init(MonotonicTime::EPOCH)?;
        simulation.run()?;
        Ok(simulation.process_query(&question, ())?)
    }
}

/// One thread: the executor without locks between workers, NeXosim's fastest for so small a bench.
fn bench() -> SimInit {
    SimInit::with_num_threads(1)
}

fn main() -> Result<(), Box<dyn Error>> {
    let tandem = Tandem::read()?;
    let mut rows = Vec::new();
    for replication in 0..tandem.replications {
        let waits = tandem.replicate(tandem.seed + replication)?;
        let mean = |&(waited_s, counted): &Waits| match counted {
            0 => "null".to_owned(),
            people => (waited_s / people as f64).to_string(),
        };
        rows.push(format!("[{}]", waits.iter().map(mean).collect::<Vec<_>>().join(", ")));
    }
    println!("{{\"waits_s\": [{}]}}", rows.join(", "));
    Ok(())
}
