//! The systems whose theory is known, each run on the engines that apply.

use crate::lab::{
    Finding, Size, column, law, look_on, means, people_min, relaxation, run, run_with, seed, site,
};
use chance::{Cause, Chance, Law, Ticks, special::normal_cdf};
use queueing::{Class, Engine, Probe, Servers, Visit, poisson::Poisson, theory};

/// Mean service everywhere unless said otherwise, in seconds.
const SERVICE: f64 = 10.0;

/// M/M/c on one engine.
pub fn mmc(servers: u32, utilisation: f64, engine: Engine) -> Vec<Finding> {
    let load = f64::from(servers) * utilisation;
    let size = Size::for_relaxation(relaxation(servers, load));
    let model = site(&[(servers, Law::exponential(SERVICE))], size.warmup);
    let system = format!("M/M/{servers}, {utilisation}");
    let summary = run(&model, engine, seed(&system), load / SERVICE, size).summary(&model);
    let theory = theory::mmc_wait(servers, load / SERVICE, SERVICE);
    vec![Finding::new(format!("{system}: wait"), engine, theory, &means(&summary.wait), size.measured())]
}

/// M/G/1 with a service of this coefficient of variation, by Pollaczek and Khinchine; 0 is M/D/1.
pub fn mg1(cv: f64, utilisation: f64, engine: Engine) -> Vec<Finding> {
    // The more services vary, the longer the system remembers.
    let size = Size::for_relaxation(relaxation(1, utilisation) * (1.0 + cv * cv));
    let service = if cv == 0.0 { Law::constant(SERVICE) } else { Law::lognormal_mean_cv(SERVICE, cv) };
    let model = site(&[(1, service)], size.warmup);
    let system = if cv == 0.0 {
        format!("M/D/1, {utilisation}")
    } else {
        format!("M/G/1, lognormal of cv {cv}, {utilisation}")
    };
    let summary = run(&model, engine, seed(&system), utilisation / SERVICE, size).summary(&model);
    let theory = theory::mg1_wait(utilisation / SERVICE, SERVICE, cv);
    vec![Finding::new(format!("{system}: wait"), engine, theory, &means(&summary.wait), size.measured())]
}

/// Two stations in series: what leaves M/M/c is Poisson again (Burke, Operations Research 4, 1956).
pub fn series(engine: Engine) -> Vec<Finding> {
    let stations = [(2, 10.0), (4, 21.0)];
    let arrivals = 0.16;
    let forgets = stations.map(|(servers, service)| relaxation(servers, arrivals * service));
    let size = Size::for_relaxation(forgets[0] + forgets[1]);
    let model = site(&stations.map(|(servers, service)| (servers, Law::exponential(service))), size.warmup);
    let summary = run(&model, engine, seed("series"), arrivals, size).summary(&model);
    let waits = stations.map(|(servers, service)| theory::mmc_wait(servers, arrivals, service));
    let stays = waits[0] + waits[1] + stations[0].1 + stations[1].1;
    let people = size.measured();
    let station = |number: usize| {
        let name = format!("M/M/2 then M/M/4: wait at station {}", number + 1);
        Finding::new(name, engine, waits[number], &means(&summary.stations[number].wait), people)
    };
    vec![
        station(0),
        station(1),
        Finding::new("M/M/2 then M/M/4: stay", engine, stays, &means(&summary.stay), people),
    ]
}

/// Two classes with non-preemptive priority (Cobham). Who is of which class is drawn by the person's key.
pub fn priority(servers: u32) -> Vec<Finding> {
    let (utilisation, share) = (0.85, 0.3);
    let load = utilisation * f64::from(servers);
    let arrivals = load / SERVICE;
    // The lower class waits through the busy times of the higher one.
    let size = Size::for_relaxation(relaxation(servers, load) / (1.0 - utilisation * share));
    let mut model = site(&[(servers, Law::exponential(SERVICE))], size.warmup);
    model.classes = vec![Class { priority: 0, ..Class::COMMON }, Class::COMMON];
    model.stations[0].routes = vec![model.stations[0].routes[0].clone(); 2];
    assert_eq!(model.engine(), Engine::Event);
    let poisson = Poisson::constant(arrivals * 3_600.0, size.people, Ticks::MAX);
    let arrive = |chance: &Chance, visits: &mut Vec<Visit>| {
        poisson.each(chance, |key, at| {
            let class = u8::from(!chance::happens(chance.word(Cause::Class, key, 0), share));
            visits.push(Visit { at, key, lane: 0, class, party: 1 });
        });
    };
    let system = format!("M/M/{servers} with priority, {utilisation}");
    let summary = run_with(&model, Engine::Event, seed(&system), size, &arrive).summary(&model);
    let waits = theory::cobham_waits(servers, &[arrivals * share, arrivals * (1.0 - share)], SERVICE);
    let names = ["first class", "second class"];
    (0..2)
        .map(|class| {
            let name = format!("{system}: wait of the {}", names[class]);
            Finding::new(
                name,
                Engine::Event,
                waits[class],
                &means(&summary.classes[class].1),
                size.measured(),
            )
        })
        .collect()
}

/// Counts who gives up and what everybody waits, those who give up included.
struct Impatience {
    arrived: Vec<Ticks>,
    warmup: usize,
    gave_up: f64,
    waited: f64,
    served_waited: f64,
}

impl Probe for Impatience {
    fn started(&mut self, at: Ticks, entry: usize, _: u8, _: usize, _: usize, _: usize) {
        if entry >= self.warmup {
            let wait = (at - self.arrived[entry]) as f64 / 1e4;
            self.waited += wait;
            self.served_waited += wait;
        }
    }
    fn gave_up(&mut self, at: Ticks, entry: usize, _: u8, _: usize, _: usize) {
        if entry >= self.warmup {
            self.gave_up += 1.0;
            self.waited += (at - self.arrived[entry]) as f64 / 1e4;
        }
    }
}

/// M/M/c+M, also overloaded: patience keeps it stable.
pub fn impatience(servers: u32, utilisation: f64, patience: f64, engine: Engine) -> Vec<Finding> {
    let arrivals = utilisation * f64::from(servers) / SERVICE;
    // Of two copies of the system each surplus person goes at a rate of at least the lesser of 1/service and
    // 1/patience, so it forgets within the longer of the two.
    let size = Size::for_relaxation(arrivals * patience.max(SERVICE));
    let mut model = site(&[(servers, Law::exponential(SERVICE))], 0);
    model.patience = Some(law(Law::exponential(patience)));
    let poisson = Poisson::constant(arrivals * 3_600.0, size.people, Ticks::MAX);
    let warmup = size.warmup as usize;
    let probe = |visits: &[Visit]| Impatience {
        arrived: visits.iter().map(|visit| visit.at).collect(),
        warmup,
        gave_up: 0.0,
        waited: 0.0,
        served_waited: 0.0,
    };
    let read = |seen: Impatience| {
        let people = (seen.arrived.len() - seen.warmup) as f64;
        vec![seen.gave_up / people, seen.waited / people, seen.served_waited / (people - seen.gave_up)]
    };
    let system = format!("M/M/{servers}+M, {utilisation}");
    let rows = look_on(&model, engine, seed(&system), size.replications, &poisson, &probe, &read);
    let theory = theory::mmc_with_patience(servers, arrivals, SERVICE, patience);
    let of_served = wait_of_served(servers, arrivals, patience);
    let figures = [
        ("share who give up", theory.gives_up),
        ("wait of all", theory.wait_of_all),
        ("wait of those served", of_served),
    ];
    figures
        .into_iter()
        .enumerate()
        .map(|(place, (figure, theory))| {
            Finding::new(
                format!("{system}: {figure}"),
                engine,
                theory,
                &column(&rows, place),
                size.measured(),
            )
        })
        .collect()
}

/// Mean wait of those served in M/M/c+M. Who finds n people waiting and all servers busy is served after n + 1 steps of
/// a pure death process if patient for so long: step i has rate cμ + iθ besides the person's own θ, and is survived
/// with probability r/(r + θ), r = cμ + iθ.
fn wait_of_served(servers: u32, arrivals: f64, patience: f64) -> f64 {
    let (busy, theta) = (f64::from(servers) / SERVICE, 1.0 / patience);
    let mut weight = 1.0f64;
    let (mut total, mut served, mut waited) = (0.0f64, 0.0f64, 0.0f64);
    // People found in the system, by weight of its stationary probability.
    for n in 0..100_000u32 {
        if n > 0 {
            let waiting = f64::from(n.saturating_sub(servers));
            weight *= arrivals / (f64::from(n.min(servers)) / SERVICE + waiting * theta);
        }
        total += weight;
        if n < servers {
            served += weight;
        } else {
            let (mut survives, mut wait) = (1.0, 0.0);
            for i in 0..=n - servers {
                let rate = busy + f64::from(i) * theta;
                survives *= rate / (rate + theta);
                wait += 1.0 / (rate + theta);
            }
            served += weight * survives;
            waited += weight * survives * wait;
            if weight < total * 1e-15 {
                break;
            }
        }
    }
    waited / served
}

/// People an hour, by hour: a morning with a peak, then nobody.
const MORNING: [f64; 5] = [240.0, 900.0, 1500.0, 700.0, 200.0];

fn morning_rate(second: f64) -> f64 {
    MORNING.get((second / 3_600.0) as usize).map_or(0.0, |per_hour| per_hour / 3_600.0)
}

fn mornings() -> (Poisson, u32, f64) {
    let people: f64 = MORNING.iter().sum();
    let replications = (people_min() / people).ceil();
    (Poisson::hourly(&MORNING, 100_000, Ticks::MAX), replications as u32, people * replications)
}

/// Counts who is in service at some moments.
struct Present {
    moments: Vec<Ticks>,
    people: Vec<f64>,
}

impl Probe for Present {
    fn started(&mut self, at: Ticks, _: usize, size: u8, _: usize, _: usize, _: usize) {
        self.moments
            .iter()
            .zip(&mut self.people)
            .filter(|(moment, _)| at <= **moment)
            .for_each(|(_, people)| *people += f64::from(size));
    }
    fn ended(&mut self, at: Ticks, _: usize, size: u8, _: usize, _: usize, _: usize) {
        self.moments
            .iter()
            .zip(&mut self.people)
            .filter(|(moment, _)| at <= **moment)
            .for_each(|(_, people)| *people -= f64::from(size));
    }
}

/// M(t)/G/∞ against its offered load: lognormal services of 20 minutes, arrivals that vary by the hour.
pub fn offered_load(engine: Engine) -> Vec<Finding> {
    let (mean, cv) = (1_200.0, 0.8f64);
    let mut model = site(&[(1, Law::lognormal_mean_cv(mean, cv))], 0);
    model.stations[0].servers = Servers::Unlimited;
    let (arrivals, replications, people) = mornings();
    let hours = [1.0, 2.5, 3.0, 5.0, 5.5];
    let probe = |_: &[Visit]| Present {
        moments: hours.iter().map(|hour| (hour * 36e6) as Ticks).collect(),
        people: vec![0.0; hours.len()],
    };
    let rows =
        look_on(&model, engine, seed("offered load"), replications, &arrivals, &probe, &|seen| seen.people);
    let sigma = libm::log(1.0 + cv * cv).sqrt();
    let mu = libm::log(mean) - sigma * sigma / 2.0;
    let longer_than =
        |seconds: f64| if seconds <= 0.0 { 1.0 } else { normal_cdf((mu - libm::log(seconds)) / sigma) };
    hours
        .into_iter()
        .enumerate()
        .map(|(place, hour)| {
            // Steps of a second.
            let theory =
                theory::mtg_infinity(&morning_rate, &longer_than, hour * 3_600.0, (hour * 3_600.0) as u32);
            let name = format!("M(t)/G/∞: people present after {hour} h");
            Finding::new(name, engine, theory, &column(&rows, place), people)
        })
        .collect()
}

/// Adds up waits, and counts who is there at one moment.
struct Waits {
    waited: f64,
    arrived: Vec<Ticks>,
    moment: Ticks,
    present: f64,
}

impl Probe for Waits {
    fn started(&mut self, at: Ticks, entry: usize, _: u8, _: usize, _: usize, _: usize) {
        self.waited += (at - self.arrived[entry]) as f64 / 1e4;
    }
    fn arrived(&mut self, at: Ticks, _: usize, _: usize) {
        self.present += f64::from(u8::from(at <= self.moment));
    }
    fn departed(&mut self, at: Ticks, _: usize, _: u8) {
        self.present -= f64::from(u8::from(at <= self.moment));
    }
}

/// M(t)/M/c, overloaded at its peak, against Kolmogorov's equations.
pub fn kolmogorov(engine: Engine) -> Vec<Finding> {
    let (servers, service) = (3, 9.0);
    let model = site(&[(servers, Law::exponential(service))], 0);
    let (arrivals, replications, people) = mornings();
    let probe = |visits: &[Visit]| Waits {
        waited: 0.0,
        arrived: visits.iter().map(|visit| visit.at).collect(),
        moment: 3 * 36_000_000,
        present: 0.0,
    };
    let rows = look_on(&model, engine, seed("Kolmogorov"), replications, &arrivals, &probe, &|seen| {
        vec![seen.waited, seen.present]
    });
    // By hour eight everybody has left; steps of a second end where the rate jumps.
    let (_, waited) = theory::mtmc(servers, &morning_rate, service, 8.0 * 3_600.0, 700, 8 * 3_600);
    let (present, _) = theory::mtmc(servers, &morning_rate, service, 3.0 * 3_600.0, 700, 3 * 3_600);
    vec![
        Finding::new(
            "M(t)/M/3: person-seconds waited in a morning",
            engine,
            waited,
            &column(&rows, 0),
            people,
        ),
        Finding::new("M(t)/M/3: people present after 3 h", engine, present, &column(&rows, 1), people),
    ]
}
