//! A team's day, divided.

use crate::voice::{SpokenNote, Voice};
use serde::Serialize;
use teams::DayPlan;
use uuid::Uuid;

/// A team's day.
#[derive(Clone, Debug, Serialize)]
pub struct DayHere {
    /// The highest temperature that is forecast, °C.
    pub celsius: Option<i16>,
    /// Hours of it in which it is too hot for anybody to work outdoors.
    pub too_hot: Vec<SpanHere>,
    /// Crews that stay together.
    pub crews: Vec<CrewHere>,
}

/// From when until when.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct SpanHere {
    pub from: String,
    pub until: String,
}

/// A crew.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct CrewHere {
    pub members: Vec<Uuid>,
    pub spells: Vec<SpellHere>,
}

/// Work without a break, and when water is brought.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each field is said by its name")]
pub struct SpellHere {
    pub from: String,
    pub until: String,
    pub water: Vec<String>,
}

/// Divides a day; or why that cannot be, in the words in which a desk is refused too.
///
/// # Errors
/// All that speaks against it.
pub fn schedule(plan: &DayPlan, voice: Voice) -> Result<DayHere, Vec<SpokenNote>> {
    let clock = |at| plan.rules.clock(at);
    let spell = |of: &teams::Spell| SpellHere {
        from: clock(of.from),
        until: clock(of.until),
        water: of.water.iter().map(|at| clock(*at)).collect(),
    };
    match teams::schedule(plan) {
        Ok(crews) => {
            let crew = |of: teams::Crew| CrewHere {
                spells: of.spells.iter().map(spell).collect(),
                members: of.members,
            };
            let span = |(from, until)| SpanHere { from: clock(from), until: clock(until) };
            Ok(DayHere {
                celsius: plan.celsius,
                too_hot: plan.too_hot().into_iter().map(span).collect(),
                crews: crews.into_iter().map(crew).collect(),
            })
        }
        Err(no) => Err(no.iter().map(|refusal| voice.problem("--schedule", refusal.said())).collect()),
    }
}

impl DayHere {
    /// For the terminal: hours without anybody, then a line for each crew and each of its spells.
    pub fn text(&self, voice: Voice) -> String {
        let celsius = self.celsius.map_or_else(String::new, |of| of.to_string());
        let too_hot = |of: &SpanHere| {
            let args = [("from", &*of.from), ("until", &*of.until), ("celsius", &*celsius)];
            voice.say("team.day.too_hot", &args)
        };
        let mut lines: Vec<String> = self.too_hot.iter().map(too_hot).collect();
        for (nth, crew) in self.crews.iter().enumerate() {
            let (number, people) = ((nth + 1).to_string(), crew.members.len().to_string());
            lines.push(voice.say("team.day.crew", &[("number", &number), ("people", &people)]));
            lines.extend(crew.spells.iter().map(|of| {
                let water = of.water.join(&voice.word("list.separator"));
                let key = if of.water.is_empty() { "team.day.spell" } else { "team.day.spell_water" };
                voice.say(key, &[("from", &of.from), ("until", &of.until), ("water", &water)])
            }));
        }
        lines.join("\n")
    }
}
