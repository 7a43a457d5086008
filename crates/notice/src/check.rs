//! The community held against the chain of directives, clause by clause; and the chain against itself.

use crate::{
    practice::{found, shown},
    verdict::{Verdict, clash, hold},
};
use domain::{
    Directive, Notes, Plan, Scenario,
    directive::{Clause, Demand},
};
use serde::Serialize;
use std::fmt::Display;

/// What is done about one clause.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Held {
    /// The level's word.
    pub level: &'static str,
    /// Who issued it.
    pub issued_by: String,
    /// The clause's number in the document.
    pub clause: String,
    /// Its words, untouched.
    pub text: String,
    /// What it is about: a kind of demand; null where only people can read it.
    pub kind: Option<&'static str>,
    /// How the community stands to it.
    pub verdict: Verdict,
    /// What is asked, in figures; `@` stands before words of the catalogue.
    pub asked: String,
    /// What the community does, likewise; empty where it says nothing.
    pub found: String,
    /// A later directive of the same issuer says something else.
    pub superseded: bool,
}

/// Characters of a clause that a note quotes.
const QUOTED_MAX: usize = 80;

/// Clause by clause, the highest level first, and what has to be said of it. Looser clauses refuse.
pub fn check(scenario: &Scenario, plan: Option<&Plan>) -> (Vec<Held>, Notes) {
    let mut notes = contradictions(&scenario.directives, scenario);
    let mut all = Vec::new();
    for directive in &scenario.directives {
        let mut unread = Vec::new();
        for clause in &directive.clauses {
            if clause.demands.is_empty() {
                unread.push(clause.id.clone());
                all.push(held(directive, clause, None));
            }
            for demand in &clause.demands {
                let mut one = held(directive, clause, Some(demand));
                let found = found(demand, scenario, plan);
                (one.verdict, one.found) = (found.verdict, found.shown);
                one.superseded = superseded(directive, demand, &scenario.directives);
                if !one.superseded {
                    say(&mut notes, clause, &one, demand);
                }
                all.push(one);
            }
        }
        if !unread.is_empty() {
            let clauses = unread.join(", ");
            let args: [(&str, &dyn Display); 3] =
                [("count", &unread.len()), ("clauses", &clauses), ("issuer", &directive.issued_by)];
            notes.hint(directive.place.clone(), "directive_unread", &args);
        }
    }
    check_zone(scenario, &mut notes);
    (all, notes)
}

fn held(directive: &Directive, clause: &Clause, demand: Option<&Demand>) -> Held {
    Held {
        level: directive.level.name(),
        issued_by: directive.issued_by.clone(),
        clause: clause.id.clone(),
        text: clause.text.clone(),
        kind: demand.map(|demand| demand.kind().name()),
        verdict: Verdict::Unread,
        asked: demand.map(shown).unwrap_or_default(),
        found: String::new(),
        superseded: false,
    }
}

fn say(notes: &mut Notes, clause: &Clause, one: &Held, demand: &Demand) {
    let (level, kind) =
        (format!("@directive.level.{}", one.level), format!("@directive.kind.{}", demand.kind().name()));
    let (words, key) = (quoted(&clause.text), demand.kind().key());
    let args: [(&str, &dyn Display); 8] = [
        ("level", &level),
        ("issuer", &one.issued_by),
        ("clause", &one.clause),
        ("words", &words),
        ("kind", &kind),
        ("asked", &one.asked),
        ("found", &one.found),
        ("key", &key),
    ];
    let place = clause.place.clone();
    match one.verdict {
        Verdict::Looser => notes.error(place, "directive_looser", &args),
        Verdict::Silent => notes.warning(place, "directive_silent", &args),
        Verdict::Stricter => notes.hint(place, "directive_stricter", &args),
        Verdict::Same | Verdict::Unread => {}
    }
}

/// Whether a later document of the same issuer speaks of the same.
fn superseded(directive: &Directive, demand: &Demand, all: &[Directive]) -> bool {
    all.iter().any(|other| {
        other.level == directive.level
            && other.issued_by == directive.issued_by
            && (other.date, other.time) > (directive.date, directive.time)
            && other.clauses.iter().flat_map(|clause| &clause.demands).any(|one| one.kind() == demand.kind())
    })
}

/// A zone that no directive names is most likely a slip of the pen.
fn check_zone(scenario: &Scenario, notes: &mut Notes) {
    let demands = scenario.directives.iter().flat_map(|one| &one.clauses).flat_map(|one| &one.demands);
    let mut zones: Vec<&str> = demands
        .filter_map(|demand| match demand {
            Demand::Pool(zones) => Some(zones.keys().map(String::as_str).filter(|zone| !zone.is_empty())),
            _ => None,
        })
        .flatten()
        .collect();
    zones.sort_unstable();
    zones.dedup();
    let Some(zone) = scenario.own_rules.zone.as_deref() else { return };
    if !zones.is_empty() && !zones.contains(&zone) {
        let place = domain::Place::file("notice.toml").column("zone");
        let known = zones.join(", ");
        notes.warning(place, "directive_zone_unknown", &[("zone", &zone), ("known", &known)]);
    }
}

/// Clauses that no community can keep together, and lower ones that allow what higher ones do not.
fn contradictions(directives: &[Directive], scenario: &Scenario) -> Notes {
    let mut notes = Notes::default();
    let day = scenario.round.opens.date();
    let demands = |directive: &'_ Directive| -> Vec<(Clause, Demand)> {
        let all = directive
            .clauses
            .iter()
            .flat_map(|clause| clause.demands.iter().map(move |demand| (clause.clone(), demand.clone())));
        all.filter(|(_, demand)| !superseded(directive, demand, directives)).collect()
    };
    for (place, upper) in directives.iter().enumerate() {
        let above = demands(upper);
        for (index, (clause, one)) in above.iter().enumerate() {
            for (other_clause, other) in &above[index + 1..] {
                if clash(one, other, day) {
                    say_both(
                        &mut notes,
                        "directive_clash",
                        (upper, clause, one),
                        (upper, other_clause, other),
                    );
                }
            }
        }
        for lower in &directives[place + 1..] {
            for (clause, beneath) in demands(lower) {
                for (over, asked) in &above {
                    let (one, other) = ((upper, over, asked), (lower, &clause, &beneath));
                    if clash(asked, &beneath, day) {
                        say_both(&mut notes, "directive_clash", one, other);
                    } else if asked.kind() == beneath.kind() && hold(asked, &beneath, day) == Verdict::Looser
                    {
                        say_both(&mut notes, "directive_lower_looser", one, other);
                    }
                }
            }
        }
    }
    notes
}

type Of<'a> = (&'a Directive, &'a Clause, &'a Demand);

fn say_both(notes: &mut Notes, code: &'static str, upper: Of<'_>, lower: Of<'_>) {
    let level = |of: Of<'_>| format!("@directive.level.{}", of.0.level.name());
    let (upper_level, lower_level) = (level(upper), level(lower));
    let (upper_words, lower_words) = (quoted(&upper.1.text), quoted(&lower.1.text));
    let (upper_asks, lower_asks) = (shown(upper.2), shown(lower.2));
    let kind = format!("@directive.kind.{}", lower.2.kind().name());
    let args: [(&str, &dyn Display); 11] = [
        ("kind", &kind),
        ("upper_level", &upper_level),
        ("upper_issuer", &upper.0.issued_by),
        ("upper_clause", &upper.1.id),
        ("upper_words", &upper_words),
        ("upper_asks", &upper_asks),
        ("lower_level", &lower_level),
        ("lower_issuer", &lower.0.issued_by),
        ("lower_clause", &lower.1.id),
        ("lower_words", &lower_words),
        ("lower_asks", &lower_asks),
    ];
    let place = lower.1.place.clone();
    // What is looser can be kept by keeping the stricter; what clashes cannot.
    if code == "directive_clash" {
        notes.error(place, code, &args);
    } else {
        notes.warning(place, code, &args);
    }
}

/// The beginning of a clause's words.
fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(QUOTED_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
