//! `shouhu team`: who went where to help, what is due, alarms, and what if a team were withdrawn.

use super::{Stop, refuse};
use crate::{args::TeamArgs, folder, speak::Speaker};
use domain::{Moment, Notes};
use teams::Teams;

pub fn run(args: &TeamArgs, speaker: Speaker) -> Result<(), Stop> {
    let (mut facts, mut notes) = (Vec::new(), Notes::default());
    for path in &args.events {
        let bytes = folder::read_file(path)?;
        let (more, said) = verbs::team::read(&path.display().to_string(), &String::from_utf8_lossy(&bytes));
        facts.extend(more);
        notes.extend(said);
    }
    if notes.refuses() {
        return Err(refuse(&notes, args.json, speaker));
    }
    let at = match &args.at {
        Some(text) => Some(
            Moment::parse(text)
                .ok_or_else(|| Stop::Usage(speaker.say("usage.team_at", &[("value", text)])))?,
        ),
        None => facts.iter().map(|of| of.at).max(),
    };
    let now = at.unwrap_or_default();
    let mut teams = Teams::default();
    teams.take_in(facts.into_iter().filter(|of| of.at <= now));
    let withdraw = match &args.withdraw {
        Some(text) => Some(verbs::team::named(&teams, text).ok_or_else(|| {
            let known: Vec<String> = teams.teams().map(|(id, _)| teams.name(id)).collect();
            let known = known.join(&speaker.word("list.separator"));
            Stop::Usage(speaker.say("usage.team_unknown", &[("value", text), ("known", &known)]))
        })?),
        None => None,
    };
    let output = verbs::team::team(&teams, now, withdraw);
    if args.json {
        speaker.json(&output);
    } else {
        speaker.aside(&speaker.say("team.at", &[("at", &teams.clock(now))]));
        speaker.result(&output.text(speaker.voice));
    }
    Ok(())
}
