//! `shouhu rehearse --fault` and `--stress` on a city: what happens when something goes wrong.

use super::{live, print_heads, print_worst, said, write_report};
use crate::{
    args::Rehearse,
    command::{Stop, refuse, rehearse::cards},
    speak::Speaker,
    table::columns,
};
use domain::City;
use rehearse::city::CityFigures;
use verbs::{
    city::{
        LivedCity,
        faults::{PlayedCity, play as play_both},
        stress::{self, CityTrial, StressedCity},
    },
    faults::{deal_city, in_words, read_city_faults},
    number::{NONE, number, percent, whole},
};

/// The day with faults beside the day without.
pub fn play(args: &Rehearse, city: City, speaker: Speaker) -> Result<(), Stop> {
    if args.fault.iter().any(|name| name == cards::LIST) {
        cards::list(&deal_city(&city, speaker.voice), args.of.json, speaker);
        return Ok(());
    }
    let faults =
        read_city_faults(&args.fault, &city).map_err(|notes| refuse(&notes, args.of.json, speaker))?;
    let played = play_both(city, &faults, &mut |city, help| live(args, city, help, speaker))?;
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

/// Every card that the city can meet, alone.
pub fn stress(args: &Rehearse, city: City, speaker: Speaker) -> Result<(), Stop> {
    let plain = live(args, city, true, speaker)?;
    let stressed = stress::stress(plain, &mut |city| live(args, city, false, speaker))?;
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
    speaker.result(&speaker.say("stress.city_basis", &[("days", &days)]));
    let head = |key: &str| speaker.word(&format!("stress.head.{key}"));
    let heads = vec![
        head("card"),
        head("wait"),
        head("done"),
        speaker.word("level.jammed"),
        speaker.word("table.city_in_time"),
        head("breaks"),
    ];
    let row = |name: String, figures: &CityFigures, breaks: String| {
        let wait = figures.wait_min.p95.map_or_else(|| NONE.to_owned(), number);
        let jammed = whole(figures.sites.jammed as f64);
        vec![name, wait, done(plain, figures), jammed, in_time(figures), breaks]
    };
    let limits = |strain: &stress::CityStrain| stress::limits_in_words(&strain.breaks(), speaker.voice);
    let without = row(speaker.word("table.city_without"), &plain.figures, limits(&stressed.strain));
    let tried = |trial: &CityTrial| {
        let (figures, strain) = trial.found.as_ref()?;
        Some(row(stressed.name(trial, speaker.voice), figures, limits(strain)))
    };
    let rows = [heads, without].into_iter().chain(stressed.cards.iter().filter_map(tried));
    speaker.result(&columns(&rows.collect::<Vec<_>>()));
    for trial in stressed.cards.iter().filter(|trial| trial.found.is_none()) {
        let words = in_words(trial.fault.clone(), plain.city.round.opens, speaker.voice);
        let args = [("title", &*words.title), ("why", &*words.unmet_because)];
        speaker.result(&speaker.say("fault.not_met", &args));
    }
    for sentence in stressed.sentences(speaker.voice) {
        speaker.result(&format!("• {sentence}"));
    }
}
