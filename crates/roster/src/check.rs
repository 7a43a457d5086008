//! Everything that a roster breaks, and what it costs. It reads the task and the roster alone, minute by minute where that is
//! simplest, and shares no code with those who make rosters.

use domain::roster::{DAY_MIN, Force, Roster, Rule, Task};

/// One thing that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The rule.
    pub rule: Rule,
    /// Whom it concerns; nobody for an empty place.
    pub volunteers: Vec<usize>,
    /// At which shifts.
    pub shifts: Vec<usize>,
    /// How often: once, but for the empty places of a shift.
    pub times: u32,
    /// What it costs; `None`: it must not be.
    pub cost: Option<u32>,
}

/// What the rules say to a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Hard rules that are broken: none, or the roster must not be used.
    pub broken: Vec<Broken>,
    /// Wishes that are broken.
    pub wishes: Vec<Broken>,
    /// What the wishes cost.
    pub cost: u64,
}

/// What broken wishes of one rule cost together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The rule.
    pub rule: Rule,
    /// How often it is broken.
    pub times: u32,
    /// What that costs.
    pub cost: u64,
}

impl Verdict {
    /// What wishes cost, a sum for each rule that is broken: they add up to [`Verdict::cost`].
    pub fn sums(&self) -> Vec<Sum> {
        let sum = |rule: Rule| {
            let those = || self.wishes.iter().filter(|wish| wish.rule == rule);
            let cost = those().filter_map(|wish| wish.cost).map(u64::from).sum();
            Sum { rule, times: those().map(|wish| wish.times).sum(), cost }
        };
        Rule::ALL.into_iter().map(sum).filter(|sum| sum.times > 0).collect()
    }
}

/// Holds a roster against all rules.
pub fn check(task: &Task, roster: &Roster) -> Verdict {
    let mut reader = Reader { task, roster, verdict: Verdict::default() };
    for volunteer in 0..task.volunteers.len() {
        reader.volunteer(volunteer);
    }
    reader.pins();
    reader.pairs();
    for shift in 0..task.shifts.len() {
        reader.shift(shift);
    }
    reader.clothing();
    reader.fairness();
    reader.verdict
}

struct Reader<'t> {
    task: &'t Task,
    roster: &'t Roster,
    verdict: Verdict,
}

impl Reader<'_> {
    fn say(&mut self, rule: Rule, volunteers: &[usize], shifts: &[usize]) {
        self.say_times(rule, volunteers, shifts, 1);
    }

    fn say_times(&mut self, rule: Rule, volunteers: &[usize], shifts: &[usize], times: u32) {
        let cost = match self.task.rules.force(rule) {
            Force::Hard => None,
            Force::Soft(0) => return,
            Force::Soft(cost) => Some(cost * times),
        };
        let broken = Broken { rule, volunteers: volunteers.to_vec(), shifts: shifts.to_vec(), times, cost };
        match cost {
            None => self.verdict.broken.push(broken),
            Some(cost) => {
                self.verdict.cost += u64::from(cost);
                self.verdict.wishes.push(broken);
            }
        }
    }

    fn shifts_of(&self, who: usize) -> Vec<usize> {
        let mut own: Vec<usize> =
            (0..self.task.shifts.len()).filter(|&shift| self.roster.shifts[shift].contains(&who)).collect();
        own.sort_by_key(|&shift| (self.task.shifts[shift].span.from_min, shift));
        own
    }

    fn volunteer(&mut self, who: usize) {
        let task = self.task;
        let person = &task.volunteers[who];
        let own = self.shifts_of(who);
        for &at in &own {
            let shift = &task.shifts[at];
            if !task.roles[shift.role].anyone && !person.roles.contains(&shift.role) {
                self.say(Rule::Trained, &[who], &[at]);
            }
            let free = |minute| person.available.iter().any(|s| s.from_min <= minute && minute < s.until_min);
            if !(shift.span.from_min..shift.span.until_min).all(free) {
                self.say(Rule::Available, &[who], &[at]);
            }
            if shift.suit && person.no_suit || shift.heat && person.no_heat {
                self.say(Rule::Fit, &[who], &[at]);
            }
            if !person.prefers.is_empty() && !person.prefers.contains(&shift.role) {
                self.say(Rule::Preference, &[who], &[at]);
            }
            if person.if_needed {
                self.say(Rule::IfNeeded, &[who], &[at]);
            }
        }
        for (place, &one) in own.iter().enumerate() {
            for &other in &own[place + 1..] {
                self.two_shifts(who, one, other);
            }
        }
        let rules = &task.rules;
        let (suit, rest) =
            ((rules.suit_in_heat_min, rules.suit_recovery_min), (rules.duty_min, rules.rest_min));
        let hot: Vec<usize> =
            own.iter().copied().filter(|&at| task.shifts[at].suit && task.shifts[at].heat).collect();
        self.stretch(Rule::SuitInHeat, who, &hot, suit);
        self.stretch(Rule::Rest, who, &own, rest);
        if rules.rotation_hard {
            for role in 0..task.roles.len() {
                let post = |at: &usize| {
                    let shift = &task.shifts[*at];
                    shift.role == role && (shift.suit || shift.heat)
                };
                let those: Vec<usize> = own.iter().copied().filter(post).collect();
                self.stretch(Rule::Rotation, who, &those, (rules.rotation_min, 1));
            }
        }
        if let Some(most) = person.minutes_per_day_max {
            let day = |at: usize| task.shifts[at].span.from_min.div_euclid(DAY_MIN);
            let mut days: Vec<i32> = own.iter().map(|&at| day(at)).collect();
            days.dedup();
            for which in days {
                let that: Vec<usize> = own.iter().copied().filter(|&at| day(at) == which).collect();
                let minutes: i32 = that.iter().map(|&at| task.shifts[at].span.minutes()).sum();
                if minutes > most {
                    self.say(Rule::Limit, &[who], &that);
                }
            }
        }
    }

    fn two_shifts(&mut self, who: usize, one: usize, other: usize) {
        let rules = &self.task.rules;
        let (first, second) = (&self.task.shifts[one], &self.task.shifts[other]);
        let way = if first.site == second.site { 0 } else { rules.way_min };
        if second.span.from_min < first.span.until_min + way {
            self.say(Rule::OnePlace, &[who], &[one, other]);
        }
        let end = first.span.until_min.rem_euclid(DAY_MIN);
        let late = end >= rules.late_min || end < rules.dawn_min;
        // A shift that follows at once is the same night's work.
        let between = second.span.from_min - first.span.until_min;
        if late && between > 0 && between < rules.night_rest_min {
            self.say(Rule::Night, &[who], &[one, other]);
        }
        let hard = |shift: &domain::roster::Shift| shift.suit || shift.heat;
        let same_post = hard(first) && hard(second) && first.role == second.role;
        if !rules.rotation_hard && same_post && between == 0 {
            self.say(Rule::Rotation, &[who], &[one, other]);
        }
    }

    /// At most `on` minutes of these shifts in any stretch of `on + off`.
    fn stretch(&mut self, rule: Rule, who: usize, own: &[usize], (on, off): (i32, i32)) {
        let spans: Vec<_> = own.iter().map(|&at| self.task.shifts[at].span).collect();
        let Some(first) = spans.iter().map(|span| span.from_min).min() else { return };
        let last = spans.iter().map(|span| span.until_min).max().unwrap_or(first);
        let mut busy = vec![0; (last - first) as usize];
        for span in &spans {
            for minute in span.from_min..span.until_min {
                busy[(minute - first) as usize] = 1;
            }
        }
        let width = (on + off).max(0) as usize;
        let mut sum = 0;
        for end in 0..busy.len() {
            sum += busy[end];
            if end >= width {
                sum -= busy[end - width];
            }
            if sum > on {
                self.say(rule, &[who], own);
                return;
            }
        }
    }

    fn pins(&mut self) {
        for &(who, at) in &self.task.pinned {
            if !self.roster.shifts[at].contains(&who) {
                self.say(Rule::Pinned, &[who], &[at]);
            }
        }
    }

    fn pairs(&mut self) {
        let task = self.task;
        for &(one, other) in &task.together {
            let times = |who| {
                let mut spans: Vec<_> = self.shifts_of(who).iter().map(|&at| task.shifts[at].span).collect();
                spans.sort();
                spans
            };
            if times(one) != times(other) {
                self.say(Rule::Together, &[one, other], &[]);
            }
        }
        for &(one, other) in &task.apart {
            for first in self.shifts_of(one) {
                for second in self.shifts_of(other) {
                    let (a, b) = (task.shifts[first].span, task.shifts[second].span);
                    if a.from_min.max(b.from_min) < a.until_min.min(b.until_min) {
                        self.say(Rule::Apart, &[one, other], &[first, second]);
                    }
                }
            }
        }
    }

    fn shift(&mut self, at: usize) {
        let people = &self.roster.shifts[at];
        let need = self.task.shifts[at].people as usize;
        if people.len() < need {
            self.say_times(Rule::Filled, &[], &[at], (need - people.len()) as u32);
        }
        // More than the places, or one person twice: a person is in one place once.
        let twice = people.iter().enumerate().any(|(place, who)| people[..place].contains(who));
        if twice || people.len() > need {
            self.say(Rule::OnePlace, people, &[at]);
        }
        let new: Vec<usize> =
            people.iter().copied().filter(|&who| self.task.volunteers[who].first_timer).collect();
        if 2 * new.len() > people.len() {
            self.say(Rule::FirstTimers, &new, &[at]);
        }
    }

    fn clothing(&mut self) {
        let task = self.task;
        if let Some(stock) = task.rules.suits {
            let used: usize = (0..task.shifts.len())
                .filter(|&at| task.shifts[at].suit)
                .map(|at| self.roster.shifts[at].len())
                .sum();
            if used > stock as usize {
                self.say(Rule::Suits, &[], &[]);
            }
        }
        if let Some(vests) = task.rules.vests {
            for at in 0..task.shifts.len() {
                let minute = task.shifts[at].span.from_min;
                let worn: usize = (0..task.shifts.len())
                    .filter(|&other| {
                        let span = task.shifts[other].span;
                        span.from_min <= minute && minute < span.until_min
                    })
                    .map(|other| self.roster.shifts[other].len())
                    .sum();
                if worn > vests as usize {
                    self.say(Rule::Vests, &[], &[at]);
                }
            }
        }
    }

    fn fairness(&mut self) {
        let task = self.task;
        let minutes: Vec<i32> = (0..task.volunteers.len())
            .map(|who| self.shifts_of(who).iter().map(|&at| task.shifts[at].span.minutes()).sum())
            .collect();
        // Who could have had some shift, and was not kept for need.
        let counted: Vec<usize> = (0..task.volunteers.len())
            .filter(|&who| {
                let person = &task.volunteers[who];
                let could = |shift: &domain::roster::Shift| {
                    shift.people > 0
                        && (task.roles[shift.role].anyone || person.roles.contains(&shift.role))
                        && person.available.iter().any(|span| {
                            span.from_min <= shift.span.from_min && shift.span.until_min <= span.until_min
                        })
                        && !(shift.suit && person.no_suit || shift.heat && person.no_heat)
                        && person.minutes_per_day_max.is_none_or(|most| shift.span.minutes() <= most)
                };
                !person.guest && !person.if_needed && !person.excused && task.shifts.iter().any(could)
            })
            .collect();
        for &who in counted.iter().filter(|&&who| minutes[who] == 0) {
            self.say(Rule::Nobody, &[who], &[]);
        }
        let mut sorted: Vec<i32> = counted.iter().map(|&who| minutes[who]).collect();
        sorted.sort_unstable();
        let Some(&median) = sorted.get(sorted.len().wrapping_sub(1) / 2) else { return };
        let longest = task.shifts.iter().map(|shift| shift.span.minutes()).max().unwrap_or(0);
        let most = longest.max(2 * median).max(task.rules.agreed_max_min.unwrap_or(0));
        for (who, served) in minutes.iter().enumerate() {
            if !task.volunteers[who].guest && *served > most {
                self.say(Rule::TwiceMedian, &[who], &[]);
            }
        }
    }
}
