//! The trade of callers' work, finish and wait.

use super::{
    Did, Luck,
    moves::{Ground, Way},
};

/// Replications for each point.
const REPLICATIONS: u32 = 100;
/// Minutes by which the last calls come earlier than the plan's, all calls following each other so much faster.
const FASTER: [f64; 5] = [-20.0, -8.0, 4.0, 8.0, 16.0];

/// One plan that could be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Callers.
    pub callers: u32,
    /// How the plan does.
    pub did: Did,
    /// Whether it is the plan that was found.
    pub chosen: bool,
}

/// Fewer callers and other waits than the plan's, without those that another point beats in everything.
pub(super) fn curve(ground: &mut Ground<'_>, way: &Way, confirmed: Did) -> Vec<CurvePoint> {
    let callers = ground.callers();
    let mut points = vec![CurvePoint { callers, did: confirmed, chosen: true }];
    let mut numbers = vec![callers, callers.div_ceil(2), callers.div_ceil(4)];
    numbers.dedup();
    for number in numbers {
        for by in FASTER.into_iter().chain([0.0]) {
            if number == callers && by == 0.0 || !ground.goes_on() {
                continue;
            }
            let other = Way { callers: (number != callers).then_some(number), ..way.faster(by) };
            let did = ground.judge(&other, Luck::Check(REPLICATIONS));
            points.push(CurvePoint { callers: number, did, chosen: false });
        }
    }
    let all = points.clone();
    let mut place = 0;
    points.retain(|point| {
        place += 1;
        let others = all.iter().enumerate().filter(|&(other, _)| other + 1 != place);
        let mut others = others.map(|(other, point)| (other + 1 < place, point));
        point.chosen || !others.any(|(earlier, other)| other.beats(point, earlier))
    });
    points
        .sort_by(|a, b| (b.callers.cmp(&a.callers)).then(a.did.wait_p95_min.total_cmp(&b.did.wait_p95_min)));
    points
}

impl CurvePoint {
    /// Whether this is no worse in anything that is worth a word, and better in something; of two as good, the earlier is.
    fn beats(&self, other: &CurvePoint, earlier: bool) -> bool {
        const WORTH_MIN: f64 = 0.5;
        let (mine, its) = (&self.did, &other.did);
        let no_worse = self.callers <= other.callers
            && mine.wait_p95_min <= its.wait_p95_min + WORTH_MIN
            && mine.done_97_min <= its.done_97_min + WORTH_MIN
            && mine.unserved <= its.unserved + 0.5;
        let better = self.callers < other.callers
            || mine.wait_p95_min < its.wait_p95_min - WORTH_MIN
            || mine.done_97_min < its.done_97_min - WORTH_MIN;
        no_worse && (better || earlier)
    }
}
