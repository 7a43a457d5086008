//! `shouhu rehearse --fault` and `--stress` on a city: what happens when something goes wrong.

use super::{live, live_for, print_heads, print_worst, said, write_report};
use crate::{
    args::Rehearse,
    command::{Stop, refuse, rehearse::cards},
    rehearsing::Terminal,
    speak::Speaker,
    table::columns,
};
use domain::City;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rehearse::{Purpose, city::CityFigures};
use verbs::{
    city::{
        LivedCity,
        faults::{PlayedCity, play as play_both},
        rounds::AsRead,
        stress::{self, CityFirst, CityTrial, StressedCity},
    },
    faults::{PlayedFault, deal_city, in_words, read_city_faults},
    number::{NONE, number, percent, whole},
};

/// The day with faults beside the day without.
pub fn play(args: &Rehearse, city: City, as_read: Option<&AsRead>, speaker: Speaker) -> Result<(), Stop> {
    if args.fault.iter().any(|name| name == cards::LIST) {
        cards::list(&deal_city(&city, speaker.voice), args.of.json, speaker);
        return Ok(());
    }
    let faults =
        read_city_faults(&args.fault, &city).map_err(|notes| refuse(&notes, args.of.json, speaker))?;
    let played = play_both(city, &faults, &mut |city, help| live(args, city, as_read, help, speaker))?;
    for told in played.faults.iter().filter(|told| told.unmet.is_some()) {
        let words = in_words(told.clone(), played.without.city.round.opens, speaker.voice);
        let args = [("title", &*words.title), ("why", &*words.unmet_because)];
        speaker.aside(&speaker.say("fault.not_met", &args));
    }
    if args.of.json {
        speaker.json(&played.output(speaker.voice));
    } else {
        tell(&played, speaker);
    }
    write_report(args, &played.with, speaker)
}

fn tell(played: &PlayedCity, speaker: Speaker) {
    print_heads(&played.with, speaker);
    let both = [&played.without, &played.with];
    let word = |key: &str| speaker.word(&format!("table.{key}"));
    let mut rows = vec![vec![word("unit"), word("city_without"), word("city_with")]];
    let mut row = |name: String, value: &dyn Fn(&LivedCity) -> String| {
        rows.push(std::iter::once(name).chain(both.map(value)).collect());
    };
    let some = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), number);
    row(word("people"), &|lived| whole(lived.figures.people));
    row(word("served"), &|lived| whole(lived.figures.served));
    row(word("wait_p95"), &|lived| some(lived.figures.wait_min.p95));
    row(word("done_97"), &|lived| done(lived, &lived.figures));
    row(speaker.word("level.jammed"), &|lived| whole(lived.figures.sites.jammed as f64));
    if played.with.figures.tubes.is_some() {
        row(word("city_in_time"), &|lived| in_time(&lived.figures));
        row(word("city_result"), &|lived| {
            let result = lived.figures.result_h;
            let hours = |of: fn(rehearse::city::ResultHours) -> Option<f64>| some(result.and_then(of));
            format!("{} · {}", hours(|result| result.p50), hours(|result| result.p95))
        });
    }
    speaker.result(&columns(&rows));
    said(&played.with, speaker);
    print_worst(&played.with, speaker);
}

fn done(lived: &LivedCity, figures: &CityFigures) -> String {
    figures.done_97_min.map_or_else(|| NONE.to_owned(), |minutes| lived.clock(minutes))
}

fn in_time(figures: &CityFigures) -> String {
    figures.tubes.map_or_else(|| NONE.to_owned(), |tubes| percent(tubes.in_time_share))
}

/// Pairs that are shown in the terminal; the JSON has all.
const PAIRS_SHOWN: usize = 10;

/// Every card that the city can meet, and every pair.
pub fn stress(args: &Rehearse, city: City, as_read: Option<&AsRead>, speaker: Speaker) -> Result<(), Stop> {
    let plain = live(args, city, as_read, true, speaker)?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    bar.set_style(style.expect("the template is right"));
    bar.set_message(speaker.word("progress.stress"));
    let terminal = Terminal::new(&args.running, speaker).without_bars();
    let mut live = |city: City, purpose: Purpose| live_for(args, city, as_read, purpose, terminal, speaker);
    let stressed = stress::stress(plain, &mut live, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let stressed = stressed?;
    if args.of.json {
        speaker.json(&stressed.output(speaker.voice));
    } else {
        report(&stressed, speaker);
    }
    Ok(())
}

fn report(stressed: &StressedCity, speaker: Speaker) {
    let plain = &stressed.plain;
    print_heads(plain, speaker);
    let days = plain.figures.replications.to_string();
    let played = if matches!(stressed.first, CityFirst::Itself(_)) { "cards" } else { "pairs" };
    speaker.result(&speaker.say(&format!("stress.city_basis.{played}"), &[("days", &days)]));
    let without = row(
        plain,
        speaker.word("table.city_without"),
        &plain.figures,
        stress::limits_in_words(&stressed.strain.breaks(), speaker.voice),
    );
    print_trials(stressed, Some(without), stressed.cards.iter(), speaker);
    for trial in stressed.cards.iter().filter(|trial| trial.found.is_none()) {
        let words = in_words(trial.faults[0].clone(), plain.city.round.opens, speaker.voice);
        let args = [("title", &*words.title), ("why", &*words.unmet_because)];
        speaker.result(&speaker.say("fault.not_met", &args));
    }
    let breaks_alone = |told: &PlayedFault| {
        stressed.cards.iter().any(|card| card.faults[0].fault == told.fault && card.breaks())
    };
    let together = |pair: &&CityTrial| pair.breaks() && !pair.faults.iter().any(breaks_alone);
    let pairs: Vec<&CityTrial> = stressed.pairs.iter().filter(together).collect();
    if !pairs.is_empty() {
        speaker.result(&speaker.word("stress.pairs"));
        print_trials(stressed, None, pairs.iter().copied().take(PAIRS_SHOWN), speaker);
        if pairs.len() > PAIRS_SHOWN {
            let count = (pairs.len() - PAIRS_SHOWN).to_string();
            speaker.result(&speaker.say("stress.and_more", &[("count", &count)]));
        }
    }
    for sentence in stressed.sentences(speaker.voice) {
        speaker.result(&format!("• {sentence}"));
    }
}

/// A table of days with faults, after the day without if that is given.
fn print_trials<'a>(
    stressed: &StressedCity,
    without: Option<Vec<String>>,
    trials: impl Iterator<Item = &'a CityTrial>,
    speaker: Speaker,
) {
    let head = |key: &str| speaker.word(&format!("stress.head.{key}"));
    let heads = vec![
        head("card"),
        head("wait"),
        head("done"),
        speaker.word("level.jammed"),
        speaker.word("table.city_in_time"),
        head("breaks"),
    ];
    let tried = |trial: &CityTrial| {
        let (figures, strain) = trial.found.as_ref()?;
        let breaks = stress::limits_in_words(&strain.breaks(), speaker.voice);
        Some(row(&stressed.plain, stressed.name(&trial.faults, speaker.voice), figures, breaks))
    };
    let rows = [heads].into_iter().chain(without).chain(trials.filter_map(tried));
    speaker.result(&columns(&rows.collect::<Vec<_>>()));
}

/// One line of the table.
fn row(plain: &LivedCity, name: String, figures: &CityFigures, breaks: String) -> Vec<String> {
    let wait = figures.wait_min.p95.map_or_else(|| NONE.to_owned(), number);
    let jammed = whole(figures.sites.jammed as f64);
    vec![name, wait, done(plain, figures), jammed, in_time(figures), breaks]
}
