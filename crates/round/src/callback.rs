//! Whom a result concerns: what a person may be told, and who of a tube that is not negative is to be called back.

use crate::{Evidence, Round, results::Report, rules::MINUTE};
use chance::Ticks;
use domain::{
    Moment,
    event::{CallBack, Finding},
};
use uuid::Uuid;

/// People of such a tube are called within so long. Single samples have to be taken the same day and before people leave
/// for work, school or the next queue; two hours are a shift's half, and what a team of three needs for a tube of ten.
pub const CALL_BACK_WITHIN: Ticks = 120 * MINUTE;

/// A phone's clock may be so slow: calls of older programs say nothing but when they were made.
const CLOCK_SLOW: Ticks = 15 * MINUTE;

/// What a person may be told of their own result. Only what is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet: in a tube since, or in one alone.
    Waiting,
    /// Not detected, released then.
    Negative {
        /// Since when it is known.
        since: Moment,
    },
    /// To be tested again, alone: it says nothing of the person yet.
    Again {
        /// Since when it is known.
        since: Moment,
    },
    /// Somebody will get in touch: the person's own sample was not negative.
    Contact {
        /// Since when it is known.
        since: Moment,
    },
}

/// What somebody who is called back is told first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// The tube that they share with others is looked at once more: it says nothing of them.
    Pool,
    /// Their own sample has to be taken once more.
    Again,
    /// Somebody will talk with them about their own result.
    Contact,
}

impl Say {
    /// Its word in data.
    pub fn name(self) -> &'static str {
        match self {
            Say::Pool => "pool",
            Say::Again => "again",
            Say::Contact => "contact",
        }
    }
}

/// Somebody who is to be called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToCall {
    /// Who.
    pub visit: Uuid,
    /// The tube that concerns them.
    pub tube: Uuid,
    /// The report that says so.
    pub report: Uuid,
    /// What was found in it.
    pub finding: Finding,
    /// Since when it is released: from then on the time runs.
    pub since: Moment,
    /// Until when they are to be called.
    pub due: Moment,
    /// Whether what was found is being amended.
    pub amended: bool,
    /// What came of the last call, and when.
    pub called: Option<(Moment, CallBack)>,
    /// The tube in which they are alone since, and when.
    pub alone: Option<(Moment, Uuid)>,
    /// What was found in that, once it is released.
    pub own: Option<Finding>,
}

impl ToCall {
    /// Whether nothing more is to be done: they know, or are in a tube alone.
    pub fn done(&self) -> bool {
        self.alone.is_some() || self.own.is_some() || matches!(self.called, Some((_, CallBack::Reached)))
    }
}

impl Round {
    /// What a person may be told; `None` for somebody who was not swabbed.
    pub fn outcome(&self, visit: Uuid) -> Option<Outcome> {
        if let Some(own) = self.own(visit) {
            return Some(match own {
                (None, _) => Outcome::Waiting,
                (Some(Finding::Negative), since) => Outcome::Negative { since },
                (Some(Finding::Positive), since) => Outcome::Contact { since },
                (Some(Finding::Inconclusive | Finding::Invalid), since) => Outcome::Again { since },
            });
        }
        let item = self.visits.get(&visit)?.item?;
        let tube = self.tubes.get(&item)?;
        let result = self.result(item);
        let Some((finding, since)) = result.and_then(|of| Some((of.report.finding, of.released?))) else {
            return Some(Outcome::Waiting);
        };
        Some(match finding {
            Finding::Negative => Outcome::Negative { since },
            Finding::Positive if tube.people.len() == 1 => Outcome::Contact { since },
            _ => Outcome::Again { since },
        })
    }

    /// What is released of the tubes in which a person is alone: what is not negative before what is, the later before the
    /// earlier. `None` where there is no such tube.
    fn own(&self, visit: Uuid) -> Option<(Option<Finding>, Moment)> {
        let alone = self.results.alone.get(&visit)?;
        let told = |item: &Uuid| {
            let result = self.result(*item)?;
            Some((result.report.finding, result.released?))
        };
        let mut out = alone.iter().filter_map(|(_, item)| told(item));
        if let Some((finding, since)) = out.find(|(finding, _)| *finding == Finding::Positive) {
            return Some((Some(finding), since));
        }
        let (evidence, last) = alone.last()?;
        let own = told(last);
        Some((own.map(|(finding, _)| finding), own.map_or(evidence.at, |(_, since)| since)))
    }

    /// Everybody of a released tube that is not negative: who is still to be called first, and of those whoever waits longest.
    pub fn to_call(&self) -> Vec<ToCall> {
        let mut all: Vec<ToCall> = Vec::new();
        for &tube in &self.results.found {
            let Some((report, since)) = self.told(tube) else { continue };
            if report.finding == Finding::Negative {
                continue;
            }
            let amended = self.result(tube).is_none_or(|of| of.report.report != report.report);
            let people = self.tubes.get(&tube).map_or(&[][..], |of| &of.people);
            all.extend(people.iter().filter_map(|&visit| self.call_of(visit, tube, &report, since, amended)));
        }
        // Somebody in a tube alone that is not negative is called for that, not for the tube of before.
        let alone: std::collections::BTreeSet<Uuid> =
            all.iter().filter(|of| self.is_alone(of.visit, of.tube)).map(|of| of.visit).collect();
        all.retain(|of| !alone.contains(&of.visit) || self.is_alone(of.visit, of.tube));
        all.sort_by_key(|of| (of.done(), of.since, of.tube, of.visit));
        all
    }

    /// What somebody who is called back is told first, in words that say no more of them than is known.
    pub fn to_say(&self, call: &ToCall) -> Say {
        match call.finding {
            _ if self.people_in(call.tube) > 1 => Say::Pool,
            Finding::Positive => Say::Contact,
            _ => Say::Again,
        }
    }

    /// Whether a person is to be called back, or was.
    pub fn is_to_call(&self, visit: Uuid) -> Option<ToCall> {
        self.to_call().into_iter().find(|of| of.visit == visit)
    }

    fn is_alone(&self, visit: Uuid, tube: Uuid) -> bool {
        self.results.alone.get(&visit).is_some_and(|of| of.iter().any(|(_, item)| *item == tube))
    }

    fn call_of(
        &self,
        visit: Uuid,
        tube: Uuid,
        report: &Report,
        since: Moment,
        amended: bool,
    ) -> Option<ToCall> {
        // A call says of which report it was, for a phone's clock may be slow. One that does not is of an earlier tube where it
        // was made well before this was known.
        let is_of_this = |(evidence, _, _, of): &&(Evidence, CallBack, Uuid, Option<Uuid>)| {
            of.map_or(evidence.at + CLOCK_SLOW >= since, |of| of == report.report)
        };
        let called = self.results.called.get(&visit).and_then(|of| of.iter().rev().find(is_of_this));
        let of_this = self.is_alone(visit, tube);
        let alone = self.results.alone.get(&visit).and_then(|of| of.last());
        let alone = alone.filter(|(_, item)| !of_this || *item != tube);
        let own = alone.and_then(|_| self.own(visit)).and_then(|(finding, _)| finding);
        // The person's own result holds.
        if own == Some(Finding::Negative) && !of_this {
            return None;
        }
        Some(ToCall {
            visit,
            tube,
            report: report.report,
            finding: report.finding,
            since,
            due: since + CALL_BACK_WITHIN,
            amended,
            called: called.map(|(evidence, outcome, ..)| (evidence.at, *outcome)),
            alone: alone.map(|(evidence, item)| (evidence.at, *item)),
            own,
        })
    }
}
