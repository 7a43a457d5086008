//! A roster while it is made: who has what, and what each rule says to one more assignment.

use domain::roster::{DAY_MIN, Roster, Rule, Shift, Span, Task};

/// A roster being made.
#[derive(Clone, Debug)]
pub(crate) struct Board<'t> {
    pub task: &'t Task,
    /// The volunteers of each shift.
    pub people: Vec<Vec<usize>>,
    /// The shifts of each volunteer.
    pub own: Vec<Vec<usize>>,
    /// Minutes of each volunteer.
    pub minutes: Vec<i32>,
    /// The most that anyone may serve: twice the median, once it is known.
    pub most_min: i32,
    ties: Ties,
    suits: u32,
}

/// What does not change while a roster is made.
#[derive(Clone, Debug)]
struct Ties {
    together: Vec<Vec<usize>>,
    apart: Vec<Vec<usize>>,
    pinned: Vec<Vec<usize>>,
    /// Whom something is owed: they can come, and did not say "only if nobody does".
    owed: Vec<bool>,
}

/// The rules that one more assignment can break, the quickest to ask first.
pub(crate) const ASKED: [Rule; 15] = [
    Rule::Trained,
    Rule::Fit,
    Rule::Available,
    Rule::OnePlace,
    Rule::TwiceMedian,
    Rule::Limit,
    Rule::Night,
    Rule::SuitInHeat,
    Rule::Rest,
    Rule::Rotation,
    Rule::FirstTimers,
    Rule::Apart,
    Rule::Together,
    Rule::Suits,
    Rule::Vests,
];

impl<'t> Board<'t> {
    /// Nobody is on it yet but those who are pinned.
    pub fn new(task: &'t Task) -> Board<'t> {
        let count = task.volunteers.len();
        let mut ties = Ties {
            together: vec![Vec::new(); count],
            apart: vec![Vec::new(); count],
            pinned: vec![Vec::new(); count],
            owed: vec![false; count],
        };
        for (pairs, of) in [(&task.together, &mut ties.together), (&task.apart, &mut ties.apart)] {
            for &(one, other) in pairs {
                of[one].push(other);
                of[other].push(one);
            }
        }
        for &(who, at) in &task.pinned {
            ties.pinned[who].push(at);
        }
        let mut board = Board {
            task,
            people: vec![Vec::new(); task.shifts.len()],
            own: vec![Vec::new(); count],
            minutes: vec![0; count],
            most_min: i32::MAX,
            ties,
            suits: 0,
        };
        for who in 0..count {
            let person = &task.volunteers[who];
            let can = |at: usize| task.shifts[at].people > 0 && board.could(who, at);
            board.ties.owed[who] = counts(person) && (0..task.shifts.len()).any(can);
        }
        for &(who, at) in &task.pinned {
            if !board.people[at].contains(&who) {
                board.put(who, at);
            }
        }
        board
    }

    /// A roster that is there already.
    pub fn of(task: &'t Task, roster: &Roster) -> Board<'t> {
        let mut board = Board::new(task);
        for (at, people) in roster.shifts.iter().enumerate() {
            for &who in people {
                if !board.people[at].contains(&who) {
                    board.put(who, at);
                }
            }
        }
        board
    }

    pub fn put(&mut self, who: usize, at: usize) {
        self.people[at].push(who);
        self.own[who].push(at);
        self.minutes[who] += self.task.shifts[at].span.minutes();
        self.suits += u32::from(self.task.shifts[at].suit);
    }

    pub fn take(&mut self, who: usize, at: usize) {
        self.people[at].retain(|&other| other != who);
        self.own[who].retain(|&other| other != at);
        self.minutes[who] -= self.task.shifts[at].span.minutes();
        self.suits -= u32::from(self.task.shifts[at].suit);
    }

    /// Places of a shift that nobody has.
    pub fn empty(&self, at: usize) -> u32 {
        self.task.shifts[at].people.saturating_sub(self.people[at].len() as u32)
    }

    /// Whether a person must stay at a shift.
    pub fn is_pinned(&self, who: usize, at: usize) -> bool {
        self.ties.pinned[who].contains(&at)
    }

    /// Those who are on duty whenever this one is.
    pub fn together(&self, who: usize) -> &[usize] {
        if self.task.rules.holds(Rule::Together) { &self.ties.together[who] } else { &[] }
    }

    /// Whether something is owed to somebody: fairness counts them.
    pub fn is_owed(&self, who: usize) -> bool {
        self.ties.owed[who]
    }

    /// Everybody tied to a volunteer, directly or through others, the volunteer first.
    pub fn group(&self, who: usize) -> Vec<usize> {
        let mut group = vec![who];
        let mut next = 0;
        while let Some(&one) = group.get(next) {
            for &other in self.together(one) {
                if !group.contains(&other) {
                    group.push(other);
                }
            }
            next += 1;
        }
        group
    }

    /// Whether somebody could ever have a shift: what does not depend on the rest of the roster.
    pub fn could(&self, who: usize, at: usize) -> bool {
        let person = &self.task.volunteers[who];
        let within = |most: i32| self.task.shifts[at].span.minutes() <= most;
        [Rule::Trained, Rule::Fit, Rule::Available].iter().all(|&rule| !self.breaks(rule, who, at))
            && person.minutes_per_day_max.is_none_or(within)
    }

    /// Whether somebody can be taken off with all who belong to them: none of them is pinned at that time.
    pub fn may_go(&self, who: usize, at: usize) -> bool {
        let span = self.task.shifts[at].span;
        let pinned =
            |one: &usize| self.ties.pinned[*one].iter().any(|&own| self.task.shifts[own].span == span);
        !self.group(who).iter().any(pinned)
    }

    /// Whether a shift is so short that anyone at all may have it.
    pub fn bearable(&self, at: usize) -> bool {
        let (shift, rules) = (&self.task.shifts[at], &self.task.rules);
        let minutes = shift.span.minutes();
        minutes <= rules.duty_min
            && (!hot(shift) || minutes <= rules.suit_in_heat_min)
            && (!rules.rotation_hard || !hard(shift) || minutes <= rules.rotation_min)
    }

    /// Whether somebody can have a shift as things stand. Whether a place is free is not asked.
    pub fn fits(&self, who: usize, at: usize) -> bool {
        ASKED.iter().all(|&rule| !self.breaks(rule, who, at))
    }

    /// The same without asking whether those tied to them are there: they are put one after the other.
    pub fn fits_alone(&self, who: usize, at: usize) -> bool {
        ASKED.iter().all(|&rule| rule == Rule::Together || !self.breaks(rule, who, at))
    }

    /// All rules that the assignment would break.
    pub fn broken(&self, who: usize, at: usize) -> Vec<Rule> {
        ASKED.iter().copied().filter(|&rule| self.breaks(rule, who, at)).collect()
    }

    /// Whether the assignment would break a rule.
    pub fn breaks(&self, rule: Rule, who: usize, at: usize) -> bool {
        let (task, rules) = (self.task, &self.task.rules);
        let (person, shift) = (&task.volunteers[who], &task.shifts[at]);
        match rule {
            Rule::Trained => {
                !task.roles[shift.role].anyone && person.roles.binary_search(&shift.role).is_err()
            }
            Rule::Fit => shift.suit && person.no_suit || shift.heat && person.no_heat,
            Rule::Available => !person.available.iter().any(|span| span.holds(shift.span)),
            Rule::OnePlace => self.own[who].iter().any(|&other| other == at || self.clash(shift, other)),
            Rule::Night => self.own[who].iter().any(|&other| {
                let other = &task.shifts[other];
                too_soon(rules, shift, other) || too_soon(rules, other, shift)
            }),
            Rule::TwiceMedian => {
                rules.holds(rule) && !person.guest && self.minutes[who] + shift.span.minutes() > self.most_min
            }
            Rule::Limit => person.minutes_per_day_max.is_some_and(|most| {
                let day = day_of(shift);
                let that_day = |&&other: &&usize| day_of(&task.shifts[other]) == day;
                let served: i32 = self.own[who]
                    .iter()
                    .filter(that_day)
                    .map(|&other| task.shifts[other].span.minutes())
                    .sum();
                served + shift.span.minutes() > most
            }),
            Rule::SuitInHeat => {
                hot(shift)
                    && self.stretched(who, shift, (rules.suit_in_heat_min, rules.suit_recovery_min), &hot)
            }
            Rule::Rest => self.stretched(who, shift, (rules.duty_min, rules.rest_min), &|_| true),
            Rule::Rotation => {
                rules.rotation_hard
                    && hard(shift)
                    && self.stretched(who, shift, without_a_break(rules), &|other| same_post(shift, other))
            }
            Rule::FirstTimers => {
                rules.holds(rule)
                    && person.first_timer
                    && 2 * (self.new_at(at) + 1) > self.people[at].len() + 1
            }
            Rule::Apart => {
                rules.holds(rule)
                    && self.ties.apart[who].iter().any(|&other| {
                        self.own[other].iter().any(|&theirs| task.shifts[theirs].span.overlaps(shift.span))
                    })
            }
            Rule::Together => self
                .together(who)
                .iter()
                .any(|&other| !self.own[other].iter().any(|&theirs| task.shifts[theirs].span == shift.span)),
            Rule::Suits => shift.suit && rules.suits.is_some_and(|stock| self.suits >= stock),
            Rule::Vests => rules.vests.is_some_and(|vests| self.most_at_once(shift.span) >= vests),
            Rule::Pinned | Rule::Filled | Rule::Nobody | Rule::Preference | Rule::IfNeeded => false,
        }
    }

    /// Whether a shift can lose somebody without leaving first-timers among themselves.
    pub fn spares(&self, who: usize, at: usize) -> bool {
        let task = self.task;
        task.volunteers[who].first_timer
            || !task.rules.holds(Rule::FirstTimers)
            || 2 * self.new_at(at) < self.people[at].len()
    }

    /// Takes first-timers off a shift at which they would be among themselves.
    pub fn send_home(&mut self, at: usize) {
        while self.task.rules.holds(Rule::FirstTimers) && 2 * self.new_at(at) > self.people[at].len() {
            let free = |who: &usize| self.task.volunteers[*who].first_timer && self.may_go(*who, at);
            let Some(who) = self.people[at].iter().copied().rfind(free) else { break };
            let span = self.task.shifts[at].span;
            for one in self.group(who) {
                let theirs = self.own[one].iter().copied().find(|&own| self.task.shifts[own].span == span);
                if let Some(theirs) = theirs {
                    self.take(one, theirs);
                    if theirs != at {
                        self.send_home(theirs);
                    }
                }
            }
        }
    }

    /// What somebody's shifts cost them and us, but for places that stay empty.
    pub fn cost_of(&self, who: usize) -> u32 {
        let (task, rules) = (self.task, &self.task.rules);
        let person = &task.volunteers[who];
        let mut cost = 0;
        for (place, &at) in self.own[who].iter().enumerate() {
            let shift = &task.shifts[at];
            if person.if_needed {
                cost += rules.if_needed_cost;
            }
            if !person.prefers.is_empty() && !person.prefers.contains(&shift.role) {
                cost += rules.preference_cost;
            }
            for &other in &self.own[who][place + 1..] {
                let other = &task.shifts[other];
                if !rules.rotation_hard && (rotates(shift, other) || rotates(other, shift)) {
                    cost += rules.rotation_cost;
                }
            }
        }
        if self.own[who].is_empty() && self.ties.owed[who] {
            cost += rules.nobody_cost;
        }
        cost
    }

    /// What all of it costs.
    pub fn cost(&self) -> u64 {
        let empty: u64 = (0..self.people.len()).map(|at| u64::from(self.empty(at))).sum();
        let own: u64 = (0..self.own.len()).map(|who| u64::from(self.cost_of(who))).sum();
        own + empty * u64::from(self.task.rules.empty_cost)
    }

    /// Half of those who count serve no less.
    pub fn median_min(&self) -> Option<i32> {
        let mut served: Vec<i32> =
            (0..self.own.len()).filter(|&who| self.is_owed(who)).map(|who| self.minutes[who]).collect();
        served.sort_unstable();
        served.get(served.len().wrapping_sub(1) / 2).copied()
    }

    /// The most that anyone may serve with the median as it is: twice that, and one shift in any case.
    pub fn bound_min(&self) -> i32 {
        self.median_min().map_or(i32::MAX, |median| floor_min(self.task).max(2 * median))
    }

    /// The roster, each shift's people in order.
    pub fn roster(self) -> Roster {
        let mut shifts = self.people;
        for people in &mut shifts {
            people.sort_unstable();
        }
        Roster { shifts }
    }

    fn clash(&self, shift: &Shift, other: usize) -> bool {
        let other = &self.task.shifts[other];
        clash(self.task, shift, other)
    }

    fn new_at(&self, at: usize) -> usize {
        self.people[at].iter().filter(|&&who| self.task.volunteers[who].first_timer).count()
    }

    /// Whether a shift among one's own of a kind leaves a stretch with too many minutes. The most is found where a stretch
    /// begins with one of them or ends with one.
    fn stretched(
        &self,
        who: usize,
        shift: &Shift,
        (on, off): (i32, i32),
        of: &dyn Fn(&Shift) -> bool,
    ) -> bool {
        let width = on + off;
        let near = |span: Span| {
            span.from_min < shift.span.until_min + width && shift.span.from_min - width < span.until_min
        };
        let own = self.own[who].iter().map(|&other| &self.task.shifts[other]);
        let mut spans: Vec<Span> =
            own.filter(|other| of(other)).map(|other| other.span).filter(|span| near(*span)).collect();
        spans.push(shift.span);
        let within = |from: i32| {
            let part = |span: &Span| (span.until_min.min(from + width) - span.from_min.max(from)).max(0);
            spans.iter().map(part).sum::<i32>()
        };
        spans.iter().any(|span| within(span.from_min) > on || within(span.until_min - width) > on)
    }

    /// How many more sets of protective clothing or vests it takes for one more person at a shift.
    pub fn lacking(&self, rule: Rule, at: usize) -> u32 {
        let rules = &self.task.rules;
        let (worn, stock) = match rule {
            Rule::Suits => (self.suits, rules.suits),
            _ => (self.most_at_once(self.task.shifts[at].span), rules.vests),
        };
        stock.map_or(0, |stock| (worn + 1).saturating_sub(stock))
    }

    fn most_at_once(&self, span: Span) -> u32 {
        let task = self.task;
        let starts = (0..task.shifts.len())
            .filter(|&at| !self.people[at].is_empty() && task.shifts[at].span.overlaps(span))
            .map(|at| task.shifts[at].span.from_min.max(span.from_min));
        let at_once = |minute: i32| {
            let on = |at: &usize| {
                let span = task.shifts[*at].span;
                span.from_min <= minute && minute < span.until_min
            };
            (0..task.shifts.len()).filter(on).map(|at| self.people[at].len() as u32).sum()
        };
        starts.map(at_once).max().unwrap_or(0)
    }
}

/// What anyone may serve, whatever the median: one shift, and what was agreed before somebody dropped out.
pub(crate) fn floor_min(task: &Task) -> i32 {
    let longest = task.shifts.iter().map(|shift| shift.span.minutes()).max().unwrap_or(0);
    longest.max(task.rules.agreed_max_min.unwrap_or(0))
}

/// Whether fairness counts somebody, if there is anything for them to do.
fn counts(person: &domain::roster::Volunteer) -> bool {
    !person.guest && !person.if_needed && !person.excused
}

/// Whether nobody can have both.
pub(crate) fn clash(task: &Task, one: &Shift, other: &Shift) -> bool {
    let way = if one.site == other.site { 0 } else { task.rules.way_min };
    one.span.from_min < other.span.until_min + way && other.span.from_min < one.span.until_min + way
}

/// Whether the second begins too soon after the first, which ends at night.
pub(crate) fn too_soon(rules: &domain::roster::Rules, first: &Shift, second: &Shift) -> bool {
    let end = first.span.until_min.rem_euclid(DAY_MIN);
    let between = second.span.from_min - first.span.until_min;
    (end >= rules.late_min || end < rules.dawn_min) && between > 0 && between < rules.night_rest_min
}

/// Whether the second follows the first at once, both hard and in the same role.
pub(crate) fn rotates(first: &Shift, second: &Shift) -> bool {
    same_post(first, second) && first.span.until_min == second.span.from_min
}

/// In protective clothing or in the heat.
pub(crate) fn hard(shift: &Shift) -> bool {
    shift.suit || shift.heat
}

/// Whether both are hard and in the same role: going from one to the other is no change.
pub(crate) fn same_post(first: &Shift, second: &Shift) -> bool {
    hard(first) && hard(second) && first.role == second.role
}

/// Minutes at a hard post, and the break that ends them: any minute at all.
pub(crate) fn without_a_break(rules: &domain::roster::Rules) -> (i32, i32) {
    (rules.rotation_min, 1)
}

/// In protective clothing in the heat.
pub(crate) fn hot(shift: &Shift) -> bool {
    shift.suit && shift.heat
}

/// The day on which a shift begins.
pub(crate) fn day_of(shift: &Shift) -> i32 {
    shift.span.from_min.div_euclid(DAY_MIN)
}
