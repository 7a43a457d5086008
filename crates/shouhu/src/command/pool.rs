//! `shouhu pool`: how many people to a tube.

use super::{Stop, refuse};
use crate::{args::PoolArgs, clock, folder, rehearsing::Terminal, speak::Speaker, table::columns};
use domain::Notes;
use scenario::Files;
use screening::{Assay, Dilution, Figures, Filling, Households, SECONDARY};
use std::path::Path;
use verbs::{
    Run, Trials,
    number::{NONE, number, percent_to},
    pool::{
        self, Answer, Question, Size, city,
        site::{self, After, SizeDay},
    },
};

/// Hours until people of a positive tube stand at the table again where nothing is said: an assumption, as the example "megacity" has it.
const RETURN_H: f64 = 3.0;
/// Days of a city where nothing is said: one has millions of people.
const CITY_DAYS: u32 = 1;
/// Rows of a table without --sizes: more are a page that nobody reads.
const SHOWN: [u32; 12] = [1, 2, 3, 5, 8, 10, 15, 20, 32, 50, 100, 150];
/// Columns of a bar that stands for one test a person.
const BAR: f64 = 20.0;

pub fn run(args: &PoolArgs, speaker: Speaker) -> Result<(), Stop> {
    let dilution = match &args.dilution {
        Some(path) => read_dilution(path, args.json, speaker)?,
        None => Dilution::default(),
    };
    if args.secondary.is_some() && args.households.is_empty() && args.scenario.is_none() {
        return Err(Stop::Usage(speaker.word("usage.pool_secondary")));
    }
    if args.households.len() > site::HOUSEHOLD_MAX {
        let most = site::HOUSEHOLD_MAX.to_string();
        return Err(Stop::Usage(speaker.say("usage.pool_household_max", &[("max", &most)])));
    }
    let secondary = args.secondary.unwrap_or(SECONDARY);
    let mut question = Question {
        prevalences: args.prevalence.clone(),
        assay: Assay { sensitivity: args.sensitivity, specificity: args.specificity, dilution },
        sizes: Vec::new(),
        filling: Filling::Strangers,
        sensitivity_min: args.sensitivity_min,
        recall_tests: args.recall_tests,
    };
    if !args.households.is_empty() {
        let numbers: Vec<u64> = args.households.iter().map(|&number| u64::from(number)).collect();
        let Some(households) = Households::new(&numbers, secondary) else {
            return Err(Stop::Usage(speaker.word("usage.pool_households")));
        };
        question.filling = Filling::Households(households);
    }
    let asked = |default: Vec<u32>| {
        let given = args.sizes.iter().flat_map(|sizes| sizes.0.clone()).collect();
        let all = if args.sizes.is_empty() { default } else { given };
        let mut sizes: Vec<u32> = Vec::new();
        for size in all {
            if !sizes.contains(&size) {
                sizes.push(size);
            }
        }
        sizes
    };
    let Some(path) = &args.scenario else {
        question.sizes = asked(pool::SIZES.collect());
        return say(args, &question, &|_, _| None, &Notes::default(), speaker);
    };
    let files = folder::read(path)?;
    if scenario::is_city(&files) {
        question.sizes = asked(city::SIZES.to_vec());
        return of_city(args, &question, &files, speaker);
    }
    question.sizes = asked(site::SIZES.collect());
    of_site(args, question, &files, secondary, speaker)
}

fn read_dilution(path: &Path, json: bool, speaker: Speaker) -> Result<Dilution, Stop> {
    let (dilution, notes) = pool::read_dilution(&path.display().to_string(), &folder::read_file(path)?);
    match dilution {
        Some(dilution) => {
            speaker.aside_if_any(&speaker.notes_as_text(&notes));
            Ok(dilution)
        }
        None => Err(refuse(&notes, json, speaker)),
    }
}

fn of_site(
    args: &PoolArgs,
    mut question: Question,
    files: &Files,
    secondary: f64,
    speaker: Speaker,
) -> Result<(), Stop> {
    largest(&question, speaker)?;
    let (scenario, mut notes) = verbs::read(files, &args.set, &clock::zones, &mut |_, _| {});
    if let Some(scenario) = &scenario {
        notes.extend(site::notes(scenario, args.lab_tubes_per_hour));
    }
    let Some(scenario) = scenario.filter(|_| !notes.refuses()) else {
        return Err(refuse(&notes, args.json, speaker));
    };
    if !args.strangers {
        question.filling = site::filling(&scenario, secondary);
    }
    let after = After {
        lab_tubes_per_hour: args.lab_tubes_per_hour.unwrap_or(f64::INFINITY),
        turnaround_h: args.turnaround_h.unwrap_or(scenario.custody.to_result_h),
        return_h: args.return_h.unwrap_or(RETURN_H),
    };
    let terminal = Terminal::new(&args.running, speaker);
    // Waves are planned once for each size: as well as a first answer needs.
    let run = Run { trials: Trials::QUICK, ..terminal.run_of(&args.running) };
    let tried = site::Tried::new(&scenario, &question, after, &run);
    let tried = tried.map_err(|notes| refuse(&notes, args.json, speaker))?;
    let (luck, reps) = (run.luck(), run.reps);
    let parts = tried.sizes() as u64 * u64::from(reps);
    let (lived, _) = terminal.watched("progress.pool", parts, |threads, progress| {
        let lived = tried.live(luck, reps, threads, progress);
        let people = lived.people_simulated();
        (lived, people)
    });
    say(args, &question, &|place, figures| lived.day(place, figures), &notes, speaker)
}

fn of_city(args: &PoolArgs, question: &Question, files: &Files, speaker: Speaker) -> Result<(), Stop> {
    let others = [
        ("--lab-tubes-per-hour", args.lab_tubes_per_hour.is_some()),
        ("--turnaround-h", args.turnaround_h.is_some()),
        ("--return-h", args.return_h.is_some()),
        ("--secondary", args.secondary.is_some()),
    ];
    if let Some((option, _)) = others.into_iter().find(|(_, given)| *given) {
        return Err(Stop::Usage(speaker.say("usage.pool_city", &[("option", option)])));
    }
    if question.prevalences.len() > 1 {
        return Err(Stop::Usage(speaker.word("usage.pool_city_prevalence")));
    }
    largest(question, speaker)?;
    let (city, mut notes) = verbs::city::read(files, &args.set, &clock::zones, &mut |_, _| ());
    if let Some(city) = &city {
        notes.extend(city::notes(city, question));
    }
    let Some(city) = city.filter(|_| !notes.refuses()) else {
        return Err(refuse(&notes, args.json, speaker));
    };
    let terminal = Terminal::new(&args.running, speaker);
    let (luck, days) = (terminal.run_of(&args.running).luck(), args.running.reps.unwrap_or(CITY_DAYS));
    let tried = city::Tried::new(&city, question);
    let (lived, _) = terminal.watched("progress.pool", tried.sites(days), |threads, progress| {
        let lived = tried.live(luck, days, threads, progress);
        let people = lived.people_simulated;
        (lived, people)
    });
    say(args, question, &|place, _| lived.day(place), &notes, speaker)
}

/// No scenario has larger tubes than these.
fn largest(question: &Question, speaker: Speaker) -> Result<(), Stop> {
    match question.sizes.iter().find(|size| !site::SIZES.contains(size)) {
        Some(size) => Err(Stop::Usage(speaker.say("usage.pool_size", &[("n", &size.to_string())]))),
        None => Ok(()),
    }
}

fn say(
    args: &PoolArgs,
    question: &Question,
    day: &dyn Fn(usize, &Figures) -> Option<SizeDay>,
    notes: &Notes,
    speaker: Speaker,
) -> Result<(), Stop> {
    let mut notes = notes.clone();
    notes.extend(pool::hints(question));
    let answers = pool::answer(question, day).map_err(|more| {
        notes.extend(more);
        refuse(&notes, args.json, speaker)
    })?;
    if args.json {
        speaker.json(&pool::output(answers, question, &notes, speaker.voice));
        return Ok(());
    }
    speaker.aside_if_any(&speaker.notes_as_text(&notes));
    match &answers[..] {
        [answer] => print(args, question, answer, speaker),
        _ => print_prevalences(&answers, speaker),
    }
    Ok(())
}

fn print(args: &PoolArgs, question: &Question, answer: &Answer, speaker: Speaker) {
    let day = answer.sizes.iter().any(|size| size.day.is_some());
    let mut head = vec!["pool.n", "pool.tests", "pool.tubes", "pool.found_share", "pool.again"];
    head.extend(match day {
        true => ["pool.wait", "pool.first", "pool.all"].iter(),
        false => ["pool.missed", "pool.false"].iter(),
    });
    let (best, earliest) = (answer.best().n, answer.earliest().map(|size| size.n));
    let all = !args.sizes.is_empty() || day;
    let shown = answer.sizes.iter().filter(|size| all || SHOWN.contains(&size.n) || size.n == best);
    let rows = shown.map(|size| {
        let mut marks = Vec::new();
        marks.extend((size.n == best).then(|| speaker.word("pool.fewest")));
        marks.extend((Some(size.n) == earliest).then(|| speaker.word("pool.first_done")));
        row(size, &marks.join(&speaker.word("list.separator")))
    });
    let head = head.into_iter().map(|key| speaker.word(key)).collect();
    speaker.result(&columns(&std::iter::once(head).chain(rows).collect::<Vec<Vec<String>>>()));
    for sentence in answer.sentences(question, speaker.voice) {
        speaker.result(&sentence);
    }
}

fn row(size: &Size, mark: &str) -> Vec<String> {
    let mut row = vec![
        size.n.to_string(),
        pool::tests(size.tests_per_person),
        pool::tests(size.tubes_per_person),
        percent_to(size.sensitivity, 1),
        number(size.recalls_per_1000),
    ];
    let hours = |hours: f64| if hours.is_finite() { format!("{hours:.1}") } else { NONE.to_owned() };
    match &size.day {
        Some(day) => row.extend([
            day.wait_p95_min.map_or_else(|| NONE.to_owned(), number),
            hours(day.first_h),
            hours(day.all_h),
        ]),
        None => row.extend([
            number(size.missed_per_1000),
            number(size.false_positives_per_1000),
            bar(size.tests_per_person),
        ]),
    }
    row.extend((!mark.is_empty()).then(|| format!("← {mark}")));
    row
}

/// Tests a person as a bar; two stages take two tests at most.
fn bar(tests: f64) -> String {
    let cells = ((tests.min(2.0) * BAR).round() as usize).max(1);
    format!("{:<width$}", "█".repeat(cells), width = (1.25 * BAR) as usize)
}

/// A prevalence as it was asked for: without what binary fractions add to it.
fn prevalence(share: f64) -> String {
    format!("{} %", (share * 1e11).round() / 1e9)
}

/// The best size at each prevalence.
fn print_prevalences(answers: &[Answer], speaker: Speaker) {
    let head = ["pool.prevalence", "pool.n", "pool.tests", "pool.found_share", "pool.again"]
        .map(|key| speaker.word(key));
    let rows = answers.iter().map(|answer| {
        let best = answer.best();
        let share = prevalence(answer.prevalence);
        let found = percent_to(best.sensitivity, 1);
        vec![
            share,
            best.n.to_string(),
            pool::tests(best.tests_per_person),
            found,
            number(best.recalls_per_1000),
        ]
    });
    speaker.result(&columns(&std::iter::once(head.to_vec()).chain(rows).collect::<Vec<_>>()));
    speaker.result(&speaker.word("pool.each_best"));
}
