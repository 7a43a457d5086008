//! The same in words.

use super::{DrillHere, Due, TeamOutput};
use crate::Voice;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Of many on one line so many are named; `--json` has all.
const WHICH_MOST: usize = 3;

impl TeamOutput {
    /// For the terminal: under headings, what is of one kind and team on one line.
    pub fn text(&self, voice: Voice) -> String {
        let mut text = String::new();
        let mut part = |title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                text += &format!("{}\n{}\n", voice.word(title), lines.join("\n"));
            }
        };
        let here = self.teams.iter().map(|of| {
            voice.say(
                "team.where",
                &[
                    ("team", &of.name),
                    ("stage", &voice.word(of.stage_key)),
                    ("host", &of.host),
                    ("district", &of.district),
                    ("until", &of.until),
                    ("people", &of.members.to_string()),
                    ("fit", &of.fit.to_string()),
                    ("working", &of.working.to_string()),
                ],
            )
        });
        part("team.title.where", or_nothing(here.collect(), voice));
        part("team.title.near", or_nothing(self.due(voice), voice));
        part("team.title.alarms", self.alarms(voice));
        let short = self.tomorrow.iter().map(|of| {
            voice.say(
                "team.short",
                &[
                    ("day", &of.day),
                    ("district", &of.district),
                    ("skill", &of.skill),
                    ("team", &of.team),
                    ("fit", &of.fit.to_string()),
                    ("committed", &of.committed.to_string()),
                    ("seats", &of.seats.to_string()),
                ],
            )
        });
        part("team.title.tomorrow", short.collect());
        let conflicts = self.conflicts.iter().map(|of| {
            let (key, args) = &of.said;
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            voice.say(key, &args)
        });
        part("team.title.conflicts", conflicts.collect());
        let dry = self
            .dry
            .iter()
            .map(|of| voice.say("team.dry", &[("team", &of.team), ("from", &of.from), ("until", &of.until)]));
        part("team.title.dry", dry.collect());
        if let Some(drill) = &self.drill {
            text += &drill.text(voice);
        }
        text.trim_end().to_owned()
    }

    /// What is due of one kind, of one team, whose turn is one's, on one line.
    fn due(&self, voice: Voice) -> Vec<String> {
        let mut lines: Vec<(&Due, Vec<&str>)> = Vec::new();
        let mut known: BTreeMap<(&str, Option<Uuid>, Uuid, teams::Role), usize> = BTreeMap::new();
        for of in &self.near {
            let nth = *known.entry((of.why, of.team, of.party, of.role)).or_insert(lines.len());
            match lines.get_mut(nth) {
                Some(line) => line.1.push(&of.which),
                None => lines.push((of, vec![&of.which])),
            }
        }
        let line = |(of, which): (&Due, Vec<&str>)| {
            let mut first = which[..which.len().min(WHICH_MOST)].join(&voice.word("list.separator"));
            if which.len() > WHICH_MOST {
                first.push('…');
            }
            voice.say(
                "team.near_line",
                &[
                    ("by", &of.by),
                    ("what", &voice.word(of.key)),
                    ("team", &of.team_name),
                    ("which", &first),
                    ("number", &which.len().to_string()),
                    ("party", &of.party_name),
                    ("role", &voice.word(of.role.key())),
                ],
            )
        };
        lines.into_iter().map(line).collect()
    }

    fn alarms(&self, voice: Voice) -> Vec<String> {
        let line = |of: &super::AlarmHere| {
            let member = format!("{:08x}", of.member.as_u128() & 0xffff_ffff);
            let args = [("member", &*member), ("team", &of.team), ("taken", &of.taken)];
            let Some(near) = of.contacts.first() else { return voice.say("team.alarm_alone", &args) };
            let (contacts, tests) =
                (of.contacts.len().to_string(), near.tests.join(&voice.word("list.separator")));
            let clear = of.contacts.iter().map(|of| &of.clear_from).max().unwrap_or(&near.clear_from);
            let more = [("contacts", &*contacts), ("tests", &tests), ("clear", clear)];
            voice.say("team.alarm", &[&args[..], &more].concat())
        };
        self.alarms.iter().map(line).collect()
    }
}

impl DrillHere {
    fn text(&self, voice: Voice) -> String {
        let mut lines = vec![voice.say("team.drill.title", &[("team", &self.team)])];
        lines.extend(self.gaps.iter().map(|of| {
            voice.say(
                "team.drill.gap",
                &[
                    ("day", &of.day),
                    ("district", &of.district),
                    ("skill", &of.skill),
                    ("people", &of.people.to_string()),
                    ("filled", &of.fillers.len().to_string()),
                    ("uncovered", &of.uncovered.to_string()),
                ],
            )
        }));
        lines.extend(self.requests.iter().map(|of| {
            voice.say(
                "team.drill.request",
                &[
                    ("number", &of.number.to_string()),
                    ("skill", &of.skill),
                    ("district", &of.district),
                    ("from", &of.from),
                    ("until", &of.until),
                ],
            )
        }));
        or_nothing(lines, voice).join("\n") + "\n"
    }
}

fn or_nothing(lines: Vec<String>, voice: Voice) -> Vec<String> {
    if lines.is_empty() { vec![voice.word("team.nothing")] } else { lines }
}
