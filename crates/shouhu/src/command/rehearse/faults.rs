//! `shouhu rehearse --fault` and `--stress`: what happens when something goes wrong.

use super::{against, by, cards, print, refuse_engine, write_files};
use crate::{
    args::Rehearse,
    command::{Stop, admitted, refuse, write_sheets},
    folder,
    speak::Speaker,
    table::columns,
};
use domain::Scenario;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use verbs::{
    Finding, Lived, Run,
    clock::time_of_day,
    faults::{self, Played},
    number::number,
    sheets::{Papers, exercise},
    stress::{self, Stressed, Trial},
};

/// Pairs that are shown in the terminal; the JSON has all.
const PAIRS_SHOWN: usize = 10;

/// The day with faults beside the day as planned.
pub fn play(args: &Rehearse, run: &Run<'_>, speaker: Speaker) -> Result<(), Stop> {
    let scenario = admitted(&args.of, &[], speaker)?;
    if args.fault.iter().any(|name| name == cards::LIST) {
        let by = by(args, &scenario, speaker)?;
        let plan =
            verbs::plan_of(&scenario, run, by).map_err(|notes| refuse(&notes, args.of.json, speaker))?;
        cards::list(&faults::deal(&scenario, plan.as_ref(), speaker.voice), args.of.json, speaker);
        return Ok(());
    }
    let faults =
        faults::read_faults(&args.fault, &scenario).map_err(|notes| refuse(&notes, args.of.json, speaker))?;
    refuse_engine(args, &scenario, run, speaker)?;
    let by = by(args, &scenario, speaker)?;
    let played =
        faults::play(&scenario, run, by, &faults).map_err(|notes| refuse(&notes, args.of.json, speaker))?;
    for told in &played.faults {
        let words = faults::in_words(told.clone(), scenario.round.opens, speaker.voice);
        if told.unmet.is_some() {
            let args = [("title", &*words.title), ("why", &*words.unmet_because)];
            speaker.aside(&speaker.say("fault.not_met", &args));
        }
    }
    if args.of.json {
        speaker.json(&played.output(speaker.voice));
    } else {
        tell(&played, speaker);
    }
    let runs: Vec<&Lived> = vec![&played.without, &played.with];
    let findings: Vec<Finding> = played.findings.clone();
    write_files(args, run, &runs, &played.with, (findings, None), speaker)
}

fn tell(played: &Played, speaker: Speaker) {
    print(&[&played.without, &played.with], &played.findings, speaker);
    if let Some(sentence) = against(&played.difference(), &played.with, &played.without, speaker) {
        speaker.result(&sentence);
    }
}

/// Every card and every pair.
pub fn stress(args: &Rehearse, run: &Run<'_>, speaker: Speaker) -> Result<(), Stop> {
    let scenario = admitted(&args.of, &[], speaker)?;
    refuse_engine(args, &scenario, run, speaker)?;
    let by = by(args, &scenario, speaker)?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    bar.set_style(style.expect("the template is right"));
    bar.set_message(speaker.word("progress.stress"));
    let stressed = stress::stress(&scenario, run, by, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let stressed = stressed.map_err(|notes| refuse(&notes, args.of.json, speaker))?;
    if args.of.json {
        speaker.json(&stressed.output(speaker.voice));
    } else {
        report(&stressed, speaker);
    }
    if let Some(path) = &args.sheets {
        let lived = &stressed.plain;
        let files = folder::read(&args.of.scenario)?;
        let plan = lived.plan.as_ref();
        let supplies = verbs::supplies::supplies(&scenario, run, plan);
        let papers = Papers::new(&scenario, plan, &lived.figures, supplies, run, &files, speaker.voice);
        write_sheets(path, &papers, speaker)?;
        let path = path.join("exercise.html");
        folder::write_file(&path, exercise(&stressed, run.seed, speaker.voice).as_bytes())?;
        speaker.aside(&speaker.say("stress.written", &[("path", &path.display().to_string())]));
    }
    Ok(())
}

fn report(stressed: &Stressed, speaker: Speaker) {
    let scenario = &stressed.plain.scenario;
    let date = domain::day_and_time(scenario.round.opens);
    speaker.result(&format!("{} · {date}", scenario.community.name));
    let basis = [("reps", &*stressed.reps.to_string()), ("target", &*number(scenario.waves.wait_p95_min))];
    speaker.result(&speaker.say("stress.basis", &basis));
    let heads = ["card", "wait", "done", "queue", "breaks"];
    let mut rows = vec![heads.map(|head| speaker.word(&format!("stress.head.{head}"))).to_vec()];
    rows.extend(stressed.cards.iter().filter_map(|trial| row(trial, scenario, speaker)));
    speaker.result(&columns(&rows));
    for trial in stressed.cards.iter().filter(|trial| trial.unmet.is_some()) {
        let fault = &trial.faults[0];
        let title = speaker.word(&format!("fault.{}.title", fault.card.name));
        let why = trial
            .unmet
            .map_or_else(String::new, |unmet| speaker.word(&format!("fault.unmet.{}", unmet.name())));
        speaker.result(&speaker.say("fault.not_met", &[("title", &title), ("why", &why)]));
    }
    let alone = |trial: &Trial| {
        let of = |place: usize| stressed.cards.iter().find(|card| card.faults[0] == trial.faults[place]);
        !(0..trial.faults.len()).any(|place| of(place).is_some_and(Trial::breaks))
    };
    let together: Vec<&Trial> = stressed.pairs.iter().filter(|pair| pair.breaks() && alone(pair)).collect();
    if !together.is_empty() && stressed.strain.holds() {
        speaker.result(&speaker.word("stress.pairs"));
        let mut rows = vec![heads.map(|head| speaker.word(&format!("stress.head.{head}"))).to_vec()];
        rows.extend(together.iter().take(PAIRS_SHOWN).filter_map(|trial| row(trial, scenario, speaker)));
        speaker.result(&columns(&rows));
        if together.len() > PAIRS_SHOWN {
            let count = (together.len() - PAIRS_SHOWN).to_string();
            speaker.result(&speaker.say("stress.and_more", &[("count", &count)]));
        }
    }
    for sentence in stress::sentences(stressed, speaker.voice) {
        speaker.result(&format!("• {sentence}"));
    }
}

/// One line of the table; `None` where nothing was tried.
fn row(trial: &Trial, scenario: &Scenario, speaker: Speaker) -> Option<Vec<String>> {
    let found = trial.found.as_ref()?;
    let figures = &found.figures;
    let some = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
    Some(vec![
        stress::faults_in_words(&trial.faults, scenario, speaker.voice),
        some(figures.wait_min.p95),
        figures.done_97_min.map_or_else(|| "–".to_owned(), |done| time_of_day(scenario, done)),
        number(figures.queue_max),
        stress::limits_in_words(&found.strain.breaks(), speaker.voice),
    ])
}
