//! A reporting sheet by STRESS-DES, the checklist of what a paper must tell of a discrete-event simulation so that others
//! can judge and repeat it (T. Monks, C. S. M. Currie, B. S. Onggo, S. Robinson, M. Kunc and S. J. E. Taylor,
//! "Strengthening the reporting of empirical simulation studies: Introducing the STRESS guidelines", Journal of
//! Simulation 13(1), 2019, 55–67, <https://doi.org/10.1080/17477778.2018.1442155>). What scenario and run say is filled
//! in; what only the authors know is left to them, marked.
//!
//! Map: `logic` stations, classes and ways as tables · `outputs` what is measured, with its values · `parameters` every
//! key of the scenario with its value · `page` Markdown.

mod logic;
mod outputs;
mod page;
mod parameters;

use crate::{Lived, Run, Voice, sheets::clock};
use ::rehearse::Engine;
use domain::{
    Policy,
    scenario::{Arrivals, LaneChoice},
};
use page::Page;

/// What the sheet tells of.
#[derive(Clone, Copy, Debug)]
pub struct Study<'a> {
    /// The rehearsals, of one scenario or of variants of it, in the order in which they are told; at least one.
    pub runs: &'a [&'a Lived],
    /// The command that repeats them.
    pub command: &'a str,
}

/// The sheet in Markdown.
///
/// # Panics
/// If there is no run.
pub fn stress_des(study: Study<'_>, run: &Run<'_>, voice: Voice) -> String {
    let this = study.runs.last().expect("there is a run");
    let scenario = &this.scenario;
    let mut page = Page::new(voice);
    let date = scenario.round.opens.date().to_string();
    page.title(&format!("STRESS-DES: {} · {date}", scenario.community.name));
    page.say("intro", &[]);

    page.section(1);
    page.item("1.1");
    page.say("purpose", &[("service", &scenario.round.purpose)]);
    page.fill_in("purpose");
    page.item("1.2");
    outputs::tell(&mut page, this);
    page.item("1.3");
    let names: Vec<String> = study.runs.iter().map(|lived| format!("`{}`", lived.name)).collect();
    let key = if names.len() > 1 { "aims_several" } else { "aims_one" };
    page.say(key, &[("runs", &names.join(", "))]);
    page.fill_in("aims");

    page.section(2);
    page.item("2.1");
    page.code(&logic::diagram(scenario));
    page.item("2.2");
    base_logic(&mut page, this);
    page.item("2.3");
    for lived in study.runs {
        run_logic(&mut page, lived);
    }
    page.fill_in("scenarios");
    page.item("2.4");
    algorithms(&mut page, study.runs, this);
    page.item("2.5.1");
    logic::entities(&mut page, scenario);
    page.item("2.5.2");
    logic::activities(&mut page, scenario);
    page.item("2.5.3");
    logic::resources(&mut page, scenario);
    page.item("2.5.4");
    logic::queues(&mut page, scenario);
    page.item("2.5.5");
    page.say("entry", &[]);

    page.section(3);
    page.item("3.1");
    data_sources(&mut page, this);
    page.item("3.2");
    page.say("preprocessing", &[]);
    page.fill_in("preprocessing");
    page.item("3.3");
    page.say("parameters", &[]);
    page.table(&["head_key", "head_value"], &parameters::parameters(scenario));
    page.item("3.4");
    page.list(&["independent", "same_law", "no_journey", "no_fatigue", "follows_plan"]);
    page.fill_in("assumptions");

    page.section(4);
    page.item("4.1");
    initialisation(&mut page, this);
    page.item("4.2");
    run_length(&mut page, this);
    page.item("4.3");
    let (reps, seed) = (run.reps.to_string(), run.seed.to_string());
    page.say("estimation", &[("reps", &reps), ("seed", &seed)]);
    if study.runs.len() > 1 {
        page.say("paired", &[]);
    }
    page.fill_in("estimation");

    page.section(5);
    page.item("5.1");
    page.say("software", &[("version", env!("CARGO_PKG_VERSION"))]);
    page.item("5.2");
    page.say("sampling", &[("seed", &seed)]);
    page.item("5.3");
    page.say("execution", &[]);
    page.item("5.4");
    page.say("system", &[]);
    page.fill_in("system");

    page.section(6);
    page.item("6.1");
    page.say("access", &[]);
    page.code(study.command);
    page.fill_in("access");
    page.text()
}

fn base_logic(page: &mut Page, this: &Lived) {
    let scenario = &this.scenario;
    let site = &scenario.site;
    let choice = match site.lane_choice {
        LaneChoice::Assigned if scenario.arrivals.needs_roll() => "lane_by_entrance",
        LaneChoice::Assigned => "lane_in_turn",
        LaneChoice::Shortest => "lane_shortest",
    };
    page.say("logic", &[("lanes", &site.lanes.to_string())]);
    if site.lanes > 1 {
        page.say(choice, &[]);
    }
    if site.green_channel || scenario.visitors.iter().any(|visitor| visitor.priority) {
        page.say("logic_priority", &[]);
    }
    match &scenario.patience {
        Some(law) => page.say("logic_patience", &[("law", &parameters::law(law))]),
        None => page.say("logic_patient", &[]),
    }
    page.say("logic_ties", &[]);
}

fn run_logic(page: &mut Page, lived: &Lived) {
    let name = format!("`{}`", lived.name);
    match &lived.plan {
        None => page.say("run_as_given", &[("run", &name)]),
        Some(plan) => {
            let waves = plan.waves.len().to_string();
            let load = plan.load.map_or_else(|| crate::number::NONE.to_owned(), |load| load.to_string());
            let key = match plan.policy {
                Policy::Broadcast => "run_broadcast",
                Policy::Waves => "run_waves",
            };
            page.say(key, &[("run", &name), ("waves", &waves), ("load", &load)]);
        }
    }
}

fn algorithms(page: &mut Page, runs: &[&Lived], this: &Lived) {
    let called = |lived: &&Lived| lived.plan.as_ref().is_some_and(|plan| plan.policy == Policy::Waves);
    if runs.iter().any(called) {
        let target = this.scenario.waves.wait_p95_min.to_string();
        page.say("algorithm_waves", &[("target", &target)]);
    }
    page.say(
        match this.outcome.engine {
            Engine::Fifo => "algorithm_fifo",
            Engine::Event => "algorithm_event",
        },
        &[],
    );
}

fn data_sources(page: &mut Page, this: &Lived) {
    let scenario = &this.scenario;
    let roll = &scenario.roll;
    if !roll.households.is_empty() {
        let (households, people) = (roll.households.len().to_string(), roll.people().to_string());
        page.say("data_roll", &[("households", &households), ("people", &people)]);
    }
    for lesson in &scenario.lessons {
        let date = lesson.date.map_or_else(|| crate::number::NONE.to_owned(), |date| date.to_string());
        let args = [("key", &*lesson.key), ("new", &*lesson.new), ("date", &*date), ("why", &*lesson.why)];
        page.say("data_lesson", &args);
    }
    page.fill_in("data");
}

fn initialisation(page: &mut Page, this: &Lived) {
    let starting: Vec<String> = this
        .scenario
        .site
        .stations
        .iter()
        .filter(|station| station.waiting_at_start > 0)
        .map(|station| format!("{}: {}", station.name, station.waiting_at_start))
        .collect();
    if starting.is_empty() {
        page.say("init_empty", &[]);
    } else {
        page.say("init_waiting", &[("people", &starting.join(", "))]);
    }
    match this.scenario.statistics.warmup_people {
        0 => page.say("init_no_warmup", &[]),
        people => page.say("init_warmup", &[("people", &people.to_string())]),
    }
}

fn run_length(page: &mut Page, this: &Lived) {
    let scenario = &this.scenario;
    let opens = domain::day_and_time(scenario.round.opens);
    match scenario.round.closes {
        Some(closes) => {
            page.say("length_closes", &[("opens", &opens), ("closes", &clock(scenario, closes))]);
        }
        None => page.say("length", &[("opens", &opens)]),
    }
    if matches!(scenario.arrivals, Arrivals::Poisson(_) | Arrivals::Mix(_)) {
        page.say("length_by_chance", &[]);
    }
}
