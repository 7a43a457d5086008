//! Single changes from tomorrow on: which moves the probability most.

use super::{laboratories_bind, policy_of};
use scenario::target::{MEASURES, Measures, PolicyFile, PolicyStep};
use screening::target::{Forecast, Goal, Tracker, forecast};

/// Paths of each set of assumptions: both sides of a comparison have the same luck.
const PATHS: usize = 1_000;
/// A move of the probability below this is within the luck of so many paths.
const MOVES_MIN: f64 = 0.01;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// `interval`, `delay`, `participation`, `pool`, `isolate`, `labs` or `contacts`.
    pub name: &'static str,
    /// The value before and after.
    pub values: [f64; 2],
    /// The probability with it.
    pub probability: f64,
    /// Median cases of the day with it.
    pub cases: f64,
}

/// All of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Levers {
    /// The day ahead (from 0) at which they are compared: the one asked for, or, where nothing is open by then, the nearest to even.
    pub day: usize,
    /// The probability without any.
    pub probability: f64,
    /// Median cases of the day without any.
    pub cases: f64,
    /// The greatest effect first.
    pub levers: Vec<Lever>,
    /// Whether the first moves the probability by more than luck does.
    pub moves: bool,
}

/// A change of measures: its name, the values before and after, and the measures with it.
type Change = (&'static str, [f64; 2], Measures);

/// What can be changed: half the interval, a day less, half of those who stay away, half the people in a tube, half of those who do not
/// isolate, twice the laboratories where they bind, a tenth fewer contacts.
fn changes(was: &Measures) -> Vec<Change> {
    let half_way = |share: f64| share + (1.0 - share) / 2.0;
    let interval_days = (was.interval_days / 2.0).max(1.0);
    let delay_days = (was.delay_days - 1.0).max(0.0);
    let pool = was.pool.div_ceil(2);
    let (participation, isolate) = (half_way(was.participation), half_way(was.isolate));
    let contacts = was.contacts * 0.9;
    let tubes = was.lab_tubes_per_day.map(|tubes| tubes * 2.0);
    let mut all: Vec<Change> = vec![
        ("interval", [was.interval_days, interval_days], Measures { interval_days, ..*was }),
        ("delay", [was.delay_days, delay_days], Measures { delay_days, ..*was }),
        ("participation", [was.participation, participation], Measures { participation, ..*was }),
        ("pool", [f64::from(was.pool), f64::from(pool)], Measures { pool, ..*was }),
        ("isolate", [was.isolate, isolate], Measures { isolate, ..*was }),
        ("contacts", [was.contacts, contacts], Measures { contacts, ..*was }),
    ];
    if let (true, Some(before), Some(after)) = (laboratories_bind(was), was.lab_tubes_per_day, tubes) {
        all.push(("labs", [before, after], Measures { lab_tubes_per_day: tubes, ..*was }));
    }
    all
}

/// Pulls each from tomorrow on, in every step of a policy. `by` is the day asked for, and the days looked at.
pub(super) fn pull(
    trackers: &[Tracker],
    policy: Option<&PolicyFile>,
    goal: &Goal,
    kept: usize,
    (by_day, days): (usize, usize),
) -> Levers {
    let now = policy.map_or(MEASURES, |policy| policy.now);
    let steps = policy.map(|policy| policy.steps.as_slice()).unwrap_or_default();
    let starts = steps.first().is_some_and(|step| step.from == 1);
    let first = (!starts).then_some(PolicyStep { from: 1, measures: now });
    let steps: Vec<PolicyStep> = first.into_iter().chain(steps.iter().copied()).collect();
    let live = |steps: &[PolicyStep]| {
        let policy = policy_of(steps);
        let lived: Vec<Forecast> =
            trackers.iter().map(|tracker| forecast(tracker, &policy, days + goal.days - 1, PATHS)).collect();
        let all = Forecast::together(&lived);
        (all.reached(goal, kept), all)
    };
    let (base, lived) = live(&steps);
    let open = |day: usize| (base[day] - 0.5).abs();
    let nearest = (0..days).min_by(|one, other| open(*one).total_cmp(&open(*other)).then(one.cmp(other)));
    let is_open = (0.02..=0.98).contains(&base[by_day]);
    let day = nearest.filter(|_| !is_open).unwrap_or(by_day);
    let median = |lived: &Forecast| lived.quantiles(day, [0.5])[0];
    let names = changes(&steps[0].measures);
    let mut levers: Vec<Lever> = names
        .iter()
        .filter(|(_, values, _)| values[0] != values[1])
        .map(|&(name, values, _)| {
            let pulled: Vec<PolicyStep> = steps
                .iter()
                .map(|step| {
                    let changed = changes(&step.measures).into_iter().find(|(other, ..)| *other == name);
                    PolicyStep { measures: changed.map_or(step.measures, |(_, _, with)| with), ..*step }
                })
                .collect();
            let (probability, lived) = live(&pulled);
            Lever { name, values, probability: probability[day], cases: median(&lived) }
        })
        .collect();
    let moves = |lever: &Lever| (lever.probability - base[day]).abs();
    let any = levers.iter().any(|lever| moves(lever) >= MOVES_MIN);
    levers.sort_by(|one, other| {
        let by_cases = one.cases.total_cmp(&other.cases);
        if any { moves(other).total_cmp(&moves(one)).then(by_cases) } else { by_cases }
    });
    Levers { day, probability: base[day], cases: median(&lived), levers, moves: any }
}
