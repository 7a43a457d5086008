//! What a roster lacks, in words.

use super::{Rostered, output::clock};
use crate::{number::number, voice::Voice};
use ::roster::{Change, Price, Sum};
use domain::roster::{Rule, Task};

/// Wishes that are told one by one: the JSON has all.
const WISHES_MAX: usize = 12;

/// Roles that have words in the catalogue, and their keys there.
pub const ROLE_WORDS: [(&str, &str); 13] = [
    ("registration", "rostered.role_registration"),
    ("scanning", "rostered.role_scanning"),
    ("sampling", "rostered.role_sampling"),
    ("vaccination", "rostered.role_vaccination"),
    ("calling", "rostered.role_calling"),
    ("order", "rostered.role_order"),
    ("courier", "rostered.role_courier"),
    ("carrying", "rostered.role_carrying"),
    ("interpreting", "rostered.role_interpreting"),
    ("childcare", "rostered.role_childcare"),
    ("cleaning", "rostered.role_cleaning"),
    ("secretariat", "rostered.role_secretariat"),
    ("publicity", "rostered.role_publicity"),
];

/// A role's word in the user's language, or its own.
pub fn role_word(name: &str, voice: Voice) -> String {
    let known = ROLE_WORDS.iter().find(|(known, _)| *known == name);
    known.map_or_else(|| name.to_owned(), |(_, key)| voice.word(key))
}

impl Rostered {
    /// What is to be said of it: how good it is, what is empty and what would fill it, what each broken wish costs.
    pub fn sentences(&self, voice: Voice) -> Vec<String> {
        let mut said = self.how_good(voice);
        said.extend(self.broken(voice));
        for gap in &self.gaps {
            let shift = &self.task.shifts[gap.shift];
            let args = [
                ("time", clock(&self.task, shift.span.from_min)),
                ("role", role_word(&self.task.roles[shift.role].name, voice)),
                ("places", gap.places.to_string()),
                ("could", gap.could.to_string()),
            ];
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            said.push(voice.say("rostered.empty", &args));
            for change in &gap.changes {
                said.push(format!("    {}", self.change(gap.shift, change, voice)));
            }
        }
        said.extend(self.wishes(voice));
        said
    }

    /// How many places are filled, and what is proven of it.
    pub fn how_good(&self, voice: Voice) -> Vec<String> {
        let places: u32 = self.task.shifts.iter().map(|shift| shift.people).sum();
        let empty = self.roster.places_empty(&self.task);
        let filled = (places - empty).to_string();
        let filled = voice.say("rostered.filled", &[("filled", &filled), ("places", &places.to_string())]);
        let cost = self.verdict.cost.to_string();
        let proven = match (self.bound, self.gap()) {
            (Some(bound), Some(gap)) if gap > 0.0 => {
                let gap = number(100.0 * gap);
                let bound = bound.to_string();
                voice.say("rostered.gap", &[("cost", &cost), ("bound", &bound), ("gap", &gap)])
            }
            (Some(_), _) => voice.say("rostered.best", &[("cost", &cost)]),
            (None, _) => voice.say("rostered.unproven", &[("cost", &cost)]),
        };
        vec![filled, proven]
    }

    /// What each broken wish costs, the dearest first: as many as somebody reads, and how many more there are. Missed rotations are
    /// told by their sum: each costs the same, and what is done about one is the other post, not another person.
    pub fn wishes(&self, voice: Voice) -> Vec<String> {
        let mut said: Vec<String> =
            self.prices.iter().take(WISHES_MAX).map(|price| self.price(price, voice)).collect();
        if self.prices.len() > WISHES_MAX {
            let more = (self.prices.len() - WISHES_MAX).to_string();
            said.push(voice.say("rostered.more_wishes", &[("count", &more)]));
        }
        if let Some(sum) = self.rotations() {
            let (times, cost) = (sum.times.to_string(), sum.cost.to_string());
            let each = self.task.rules.rotation_cost.to_string();
            let rule = rule_word(sum.rule, voice);
            let args = [("rule", &rule[..]), ("times", &times), ("each", &each), ("cost", &cost)];
            said.push(voice.say("rostered.rotations", &args));
        }
        said
    }

    /// How many wishes are broken, but for empty places.
    pub fn wishes_broken(&self) -> usize {
        self.prices.len() + self.rotations().map_or(0, |sum| sum.times as usize)
    }

    fn rotations(&self) -> Option<Sum> {
        self.verdict.sums().into_iter().find(|sum| sum.rule == Rule::Rotation)
    }

    /// The roster as rows of a table: when, what, how many of how many, who.
    pub fn rows(&self, voice: Voice) -> Vec<Vec<String>> {
        let task = &self.task;
        let row = |(shift, people): (&domain::roster::Shift, &Vec<usize>)| {
            let mut role = role_word(&task.roles[shift.role].name, voice);
            if shift.site > 0 {
                role += &format!(" ({})", task.sites[shift.site]);
            }
            let names: Vec<&str> = people.iter().map(|who| task.volunteers[*who].name.as_str()).collect();
            vec![
                format!("{}–{}", clock(task, shift.span.from_min), clock(task, shift.span.until_min)),
                role,
                format!("{}/{}", people.len(), shift.people),
                names.join(&voice.word("list.separator")),
            ]
        };
        task.shifts.iter().zip(&self.roster.shifts).map(row).collect()
    }

    /// Hard rules that are broken, by those who are pinned.
    pub fn broken(&self, voice: Voice) -> Vec<String> {
        let task = &self.task;
        let names = |who: &[usize]| {
            let names: Vec<&str> = who.iter().map(|who| task.volunteers[*who].name.as_str()).collect();
            names.join(&voice.word("list.separator"))
        };
        let sentence = |broken: &::roster::Broken| {
            let rule = rule_word(broken.rule, voice);
            voice.say("rostered.broken", &[("rule", &rule), ("names", &names(&broken.volunteers))])
        };
        self.verdict.broken.iter().map(sentence).collect()
    }

    /// A change in words.
    pub fn change(&self, at: usize, change: &Change, voice: Voice) -> String {
        let task: &Task = &self.task;
        let name = |who: usize| task.volunteers[who].name.as_str();
        let shift = &task.shifts[at];
        let (role, time) = (role_word(&task.roles[shift.role].name, voice), clock(task, shift.span.from_min));
        match *change {
            Change::Longer { volunteer, minutes } => {
                let minutes = minutes.to_string();
                voice.say("rostered.change_longer", &[("name", name(volunteer)), ("minutes", &minutes)])
            }
            Change::Stock { rule, pieces } => {
                let key = if rule == Rule::Suits { "rostered.change_suits" } else { "rostered.change_vests" };
                voice.say(key, &[("pieces", &pieces.to_string())])
            }
            Change::Waive { volunteer, rule } => {
                let rule = rule_word(rule, voice);
                voice.say("rostered.change_waive", &[("name", name(volunteer)), ("rule", &rule)])
            }
            Change::Train { volunteer } => {
                voice.say("rostered.change_train", &[("name", name(volunteer)), ("role", &role)])
            }
            Change::Recruit { people } => {
                let args = [("people", &people.to_string()[..]), ("role", &role), ("time", &time)];
                voice.say("rostered.change_recruit", &args)
            }
        }
    }

    fn price(&self, price: &Price, voice: Voice) -> String {
        let rule = rule_word(price.rule, voice);
        let time =
            price.shift.map_or_else(String::new, |at| clock(&self.task, self.task.shifts[at].span.from_min));
        let (cost, places) = (price.cost.to_string(), price.places.to_string());
        let kept = price.kept_cost.unwrap_or(0).to_string();
        let name = self.task.volunteers[price.volunteer].name.as_str();
        let args = [
            ("name", name),
            ("rule", &rule[..]),
            ("time", &time),
            ("cost", &cost),
            ("kept", &kept),
            ("places", &places),
        ];
        match price.kept_cost {
            None => voice.say("rostered.wish_no_way", &args),
            Some(_) if price.places > 0 => voice.say("rostered.wish_places", &args),
            Some(_) => voice.say("rostered.wish", &args),
        }
    }
}

/// A rule in words.
pub fn rule_word(rule: Rule, voice: Voice) -> String {
    voice.word(&format!("rule.{}", rule.name()))
}
