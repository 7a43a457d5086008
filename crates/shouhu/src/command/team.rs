//! `shouhu team`: who went where to help, what is due, alarms, what if a team were withdrawn, and a team's day.

use super::{Stop, refuse, refuse_in_words};
use crate::{args::TeamArgs, folder, speak::Speaker};
use domain::{Moment, Notes};
use teams::Teams;
use uuid::Uuid;

pub fn run(args: &TeamArgs, speaker: Speaker) -> Result<(), Stop> {
    let (mut facts, mut notes) = (Vec::new(), Notes::default());
    for path in &args.events {
        let bytes = folder::read_file(path)?;
        let file = path.display().to_string();
        match scenario::sheet::text(&file, &bytes) {
            Ok(text) => {
                let (more, said) = verbs::team::read(&file, &text);
                facts.extend(more);
                notes.extend(said);
            }
            Err(said) => notes.extend(said),
        }
    }
    if notes.refuses() {
        return Err(refuse(&notes, args.json, speaker));
    }
    let now = match &args.at {
        Some(text) => moment(text, speaker)?,
        None => facts.iter().map(|of| of.at).max().unwrap_or_default(),
    };
    let mut teams = Teams::default();
    teams.take_in(facts.into_iter().filter(|of| of.at <= now));
    let withdraw = args.withdraw.as_deref().map(|text| named(&teams, text, speaker)).transpose()?;
    if let (Some(team), Some(from), Some(until)) = (&args.schedule, &args.from, &args.until) {
        let (team, span) = (named(&teams, team, speaker)?, (moment(from, speaker)?, moment(until, speaker)?));
        let plan = teams.day_plan(team, now, span, args.people.unwrap_or_default(), !args.indoors);
        return match verbs::team::schedule(&plan, speaker.voice) {
            Ok(day) if args.json => {
                speaker.json(&day);
                Ok(())
            }
            Ok(day) => {
                speaker.result(&day.text(speaker.voice));
                Ok(())
            }
            Err(notes) => Err(refuse_in_words(notes, args.json, speaker)),
        };
    }
    let output = verbs::team::team(&teams, now, withdraw);
    if args.json {
        speaker.json(&output);
    } else {
        speaker.aside(&speaker.say("team.at", &[("at", &teams.clock(now))]));
        speaker.result(&output.text(speaker.voice));
    }
    Ok(())
}

fn moment(text: &str, speaker: Speaker) -> Result<Moment, Stop> {
    Moment::parse(text).ok_or_else(|| Stop::Usage(speaker.say("usage.team_at", &[("value", text)])))
}

fn named(teams: &Teams, text: &str, speaker: Speaker) -> Result<Uuid, Stop> {
    let separator = speaker.word("list.separator");
    match verbs::team::named(teams, text)[..] {
        [team] => Ok(team),
        [] => {
            let known: Vec<String> = teams.teams().map(|(id, _)| teams.name(id)).collect();
            let known = known.join(&separator);
            Err(Stop::Usage(speaker.say("usage.team_unknown", &[("value", text), ("known", &known)])))
        }
        ref several => {
            let known: Vec<String> = several.iter().map(Uuid::to_string).collect();
            let known = known.join(&separator);
            Err(Stop::Usage(speaker.say("usage.team_twice", &[("value", text), ("known", &known)])))
        }
    }
}
