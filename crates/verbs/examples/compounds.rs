//! Generated compounds, each planned by search and held against a message to all and against the best waves of one
//! load: `cargo run --release -p verbs --example compounds -- [COMPOUNDS [FIRST [keep|move|both [alone]]]]`;
//! `alone` leaves out the waves of one load, which take most of the time.
//!
//! A compound has 1,000 to 8,000 people, 1 to 8 lanes, and laws, staff and habits drawn from the ranges below; it closes
//! late enough for a broadcast to serve everyone, or it is drawn again.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "it measures and tells"
)]

use chance::{Cause, Chance, unit};
use cpu_time::ProcessTime;
use domain::{Plan, Policy, Scenario};
use plan::search::Free;
use rehearse::Figures;
use scenario::Files;
use verbs::{Cost, Machine, Run, Search, Trials, Work, search};

struct OneCore;

impl Machine for OneCore {
    fn watch(&self, _: &'static str, _: u64, work: &mut Work<'_>) -> Cost {
        work(1, &rehearse::Progress::default());
        Cost::default()
    }
}

/// Replications that nothing was chosen or confirmed by.
const HELD_OUT: u32 = 1_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, usual: u32| args.get(place).and_then(|arg| arg.parse().ok()).unwrap_or(usual);
    let (compounds, first) = (number(0, 100), number(1, 0));
    let what = args.get(2).map_or("both", String::as_str);
    let modes: Vec<bool> = match what {
        "keep" => vec![false],
        "move" => vec![true],
        _ => vec![false, true],
    };
    let alone = args.get(3).is_some_and(|word| word == "alone");
    println!(
        "compound people lanes staff | broadcast p95 done | best load p95 done | mode p95 upper done ratio earlier s | kept"
    );
    let mut met = [(0, 0, 0); 2];
    let mut gains = vec![Vec::new(); 2];
    let mut seconds = Vec::new();
    for compound in first..first + compounds {
        let (scenario, broadcast) = drawn(compound);
        let run =
            Run { seed: 1, reps: HELD_OUT, trials: Trials::FULL, on_event_engine: false, machine: &OneCore };
        let held = |plan: &Plan| lived(&run, &scenario, plan);
        let mut line = format!(
            "{compound} {} {} {} | {:.1} {:.1} |",
            scenario.roll.people(),
            scenario.site.lanes,
            staff(&scenario),
            p95(&broadcast),
            done(&broadcast),
        );
        for &moved in &modes {
            let started = ProcessTime::now();
            let how = Search { free: Free { staff: moved }, threads: 1, goes_on: &mut |_| true };
            let found = search(&scenario, &run, None, how);
            let took = started.elapsed().as_secs_f64();
            let figures = held(&found.plan);
            // The best waves of one load whose p95 wait is no better than what the search has, at the scenario's staff.
            let constant = (!alone).then(|| best_load(&run, &scenario, p95(&figures)));
            let ratio = done(&figures) / done(&broadcast);
            let earlier = constant.as_ref().map(|(_, constant)| 1.0 - done(&figures) / done(constant));
            let keeps = p95(&figures) <= scenario.waves.wait_p95_min
                && ratio <= 1.05
                && broadcast.unserved == 0.0
                && figures.unserved == 0.0;
            let place = usize::from(moved);
            met[place].0 += u32::from(keeps);
            met[place].1 += u32::from(p95(&figures) <= scenario.waves.wait_p95_min);
            met[place].2 += u32::from(ratio <= 1.05);
            gains[place].extend(earlier);
            seconds.push(took);
            if let Some((load, constant)) = &constant {
                line += &format!(" load {load:.2} {:.2} {:.1} |", p95(constant), done(constant));
            }
            line += &format!(
                " {} {:.2} {:.2} {:.1} {ratio:.3} {}{took:.1}s {} {keeps} |",
                if moved { "move" } else { "keep" },
                p95(&figures),
                found.confirmed.wait_p95_upper_min,
                done(&figures),
                earlier.map_or(String::new(), |earlier| format!("{:.1}% ", earlier * 100.0)),
                found.tried,
            );
        }
        println!("{line}");
    }
    for &moved in &modes {
        let place = usize::from(moved);
        gains[place].sort_by(f64::total_cmp);
        let middle = gains[place].get(gains[place].len() / 2).copied().unwrap_or(f64::NAN);
        let mean = gains[place].iter().sum::<f64>() / gains[place].len().max(1) as f64;
        println!(
            "staff {}: {} of {compounds} keep both (wait {}, finish {}); earlier than waves of one load: median {:.1} %, mean {:.1} %, least {:.1} %",
            if moved { "moved" } else { "kept" },
            met[place].0,
            met[place].1,
            met[place].2,
            middle * 100.0,
            mean * 100.0,
            gains[place].first().copied().unwrap_or(f64::NAN) * 100.0,
        );
    }
    println!("longest search {:.1} s", seconds.iter().copied().fold(0.0, f64::max));
}

fn lived(run: &Run<'_>, scenario: &Scenario, plan: &Plan) -> Figures {
    run.rehearse(&run.rehearsal(scenario, Some(plan))).0.figures()
}

fn p95(figures: &Figures) -> f64 {
    figures.wait_min.p95.unwrap_or(f64::NAN)
}

fn done(figures: &Figures) -> f64 {
    figures.done_97_min.unwrap_or(f64::NAN)
}

fn staff(scenario: &Scenario) -> String {
    let servers = scenario.site.stations.iter().map(|station| match &station.servers {
        domain::scenario::Servers::Calendar(calendar) => calendar.0[0].1.to_string(),
        domain::scenario::Servers::Unlimited => "-".to_owned(),
    });
    servers.collect::<Vec<_>>().join("+")
}

/// The greatest load, in hundredths, whose p95 wait is at most this.
fn best_load(run: &Run<'_>, scenario: &Scenario, wait: f64) -> (f64, Figures) {
    let figures = |load: u32| lived(run, scenario, &plan::waves(scenario, f64::from(load) / 100.0));
    let run = &Run { reps: 200, ..*run };
    let few = |load: u32| lived(run, scenario, &plan::waves(scenario, f64::from(load) / 100.0));
    let (mut low, mut high) = (60, 120);
    while high - low > 1 {
        let middle = u32::midpoint(low, high);
        if p95(&few(middle)) <= wait { low = middle } else { high = middle }
    }
    (f64::from(low) / 100.0, figures(low))
}

/// A compound by its number, and how its broadcast goes.
fn drawn(number: u32) -> (Scenario, Figures) {
    for attempt in 0.. {
        let chance = Chance::new(7, number, attempt);
        let mut next = 0;
        let mut between = |low: f64, high: f64| {
            next += 1;
            low + (high - low) * unit(chance.word(Cause::Household, next, 0))
        };
        let people = between(1_000.0, 8_000.0);
        let lanes = between(1.0, 9.0) as u32;
        let (mean_size, entrance) = (between(2.2, 3.2), between(50.0, 110.0));
        let (register, slow, slow_share) = (between(8.0, 16.0), between(40.0, 75.0), between(0.0, 0.1));
        let (sample, cv) = (between(8.0, 14.0), between(0.2, 0.6));
        let (registrars, samplers) = (between(1.0, 3.0) as u32, between(1.0, 4.0) as u32);
        let (median, sigma) = (between(15.0, 45.0), between(0.6, 0.9));
        let (prompt, spread) = (between(2.0, 6.0), between(2.0, 6.0));
        let (late, late_max) = (between(0.0, 0.15), between(30.0, 95.0));
        let (call, green) = (between(25.0, 50.0), between(0.0, 1.0) < 0.5);
        let register_mean = register * (1.0 - slow_share) + slow * slow_share;
        let per_s = f64::from(lanes)
            * (f64::from(registrars) / register_mean).min(f64::from(samplers) / (sample + 1.5));
        let work_min = people / per_s / 60.0;
        // A morning: no shorter than an hour and a half, no longer than six.
        if !(90.0..=360.0).contains(&work_min) {
            continue;
        }
        let callers = (per_s / mean_size * call * between(1.1, 2.5)) as u32 + 1;
        let closes = 7 * 60 + ((work_min * 1.25 + 90.0) / 15.0) as u32 * 15;
        let text = format!(
            "format = 1\n[community]\nname = \"compound {number}\"\ntimezone = \"Asia/Shanghai\"\nhouseholds = {}\nmean_size = {mean_size:.2}\nentrances = {}\n\
             [round]\npurpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\ncloses = \"{:02}:{:02}\"\npool = 10\n\
             [site]\nlanes = {lanes}\nlane_choice = \"assigned\"\ngreen_channel = {green}\nroom = 200\n\
             [[site.station]]\nname = \"registration\"\nservers = {registrars}\nservice = {{ law = \"mixture\", parts = [\n\
             {{ share = {:.4}, law = \"lognormal\", mean_s = {register:.2}, cv = {cv:.2} }},\n\
             {{ share = {slow_share:.4}, law = \"constant\", mean_s = {slow:.1} }} ] }}\n\
             [[site.station]]\nname = \"sampling\"\nservers = {samplers}\nservice = {{ law = \"lognormal\", mean_s = {sample:.2}, cv = {cv:.2} }}\n\
             changeover = {{ every = 10, away_s = 15 }}\n\
             [arrivals]\nlaw = \"broadcast\"\nat = \"07:00\"\nreaction = {{ law = \"lognormal\", median_min = {median:.1}, sigma = {sigma:.2} }}\n\
             [waves]\nreaction = {{ law = \"normal\", mean_min = {prompt:.1}, sd_min = {spread:.1} }}\n\
             late = {{ share = {late:.3}, law = \"uniform\", min_min = 5, max_min = {late_max:.0} }}\n\
             callers = {{ number = {callers}, law = \"lognormal\", mean_s = {call:.1}, cv = 0.5 }}\n\
             [attendance]\nhouseholds = 0.97\npersons = 0.98\n",
            (people / mean_size) as u32,
            (people / entrance) as u32,
            closes / 60,
            closes % 60,
            1.0 - (slow_share * 1e4).round() / 1e4,
        );
        let files = Files([("scenario.toml".to_owned(), text.into_bytes())].into());
        let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
        let scenario = scenario.unwrap_or_else(|| panic!("compound {number}: {notes:#?}"));
        let run =
            Run { seed: 1, reps: HELD_OUT, trials: Trials::FULL, on_event_engine: false, machine: &OneCore };
        let broadcast = lived(&run, &scenario, &run.plan_alone(&scenario, Policy::Broadcast));
        if broadcast.unserved == 0.0 {
            return (scenario, broadcast);
        }
    }
    unreachable!("some attempt is drawn")
}
