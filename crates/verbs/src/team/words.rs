//! The same in words.

use super::{AlarmHere, ContactHere, DrillHere, Due, TeamOutput};
use crate::Voice;
use std::collections::{BTreeMap, BTreeSet};
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
        part("team.title.alarms", self.alarm_lines(voice));
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
            let first = some(&which, voice);
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

    /// Who of one team is positive by samples of one time, on one line; and who was near any of them and is not positive.
    pub fn alarm_lines(&self, voice: Voice) -> Vec<String> {
        let mut groups: BTreeMap<(&str, &str), Vec<&AlarmHere>> = BTreeMap::new();
        for of in &self.alarms {
            groups.entry((&of.taken, &of.team)).or_default().push(of);
        }
        let positive: BTreeSet<Uuid> = self.alarms.iter().map(|of| of.member).collect();
        let line = |((taken, team), alarms): ((&str, &str), Vec<&AlarmHere>)| {
            let members: Vec<String> = alarms.iter().map(|of| short(of.member)).collect();
            let (members, number) = (some(&members, voice), members.len().to_string());
            let args = [("member", &*members), ("number", &number), ("team", team), ("taken", taken)];
            let contacts =
                alarms.iter().flat_map(|of| &of.contacts).filter(|of| !positive.contains(&of.member));
            let contacts: BTreeMap<Uuid, &ContactHere> = contacts.map(|of| (of.member, of)).collect();
            let Some(near) = contacts.values().next() else { return voice.say("team.alarm_alone", &args) };
            let (count, tests) = (contacts.len().to_string(), near.tests.join(&voice.word("list.separator")));
            let clear = contacts.values().map(|of| &of.clear_from).max().unwrap_or(&near.clear_from);
            let more = [("contacts", &*count), ("tests", &tests), ("clear", clear)];
            voice.say("team.alarm", &[&args[..], &more].concat())
        };
        groups.into_iter().map(line).collect()
    }
}

/// The end of an identifier: what stands on a member's card.
fn short(id: Uuid) -> String {
    format!("{:08x}", id.as_u128() & 0xffff_ffff)
}

/// The first of many.
fn some(all: &[impl AsRef<str>], voice: Voice) -> String {
    let first: Vec<&str> = all.iter().take(WHICH_MOST).map(AsRef::as_ref).collect();
    let more = if all.len() > WHICH_MOST { "…" } else { "" };
    first.join(&voice.word("list.separator")) + more
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
