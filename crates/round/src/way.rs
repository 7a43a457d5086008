//! A tube's whole way, step by step, with the records by which it is known.

use crate::{Evidence, Round, custody::Handled};
use domain::event::{CallBack, Finding, Holder, Reason};
use uuid::Uuid;

/// One step on a tube's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayStep {
    /// What happened.
    pub what: What,
    /// By which record.
    pub evidence: Evidence,
    /// Who had the tube after it, where it says so.
    pub holder: Option<Holder>,
    /// Whether the record was doubted, and counts because the secretary said so.
    pub doubted: bool,
}

/// What happened to a tube.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody's specimen came in.
    Swabbed {
        /// Whose.
        visit: Uuid,
        /// Whether the person is in it alone, having been called back.
        alone: bool,
    },
    /// It was sealed.
    Sealed {
        /// With so many people.
        people: u8,
    },
    /// It has a label of another system.
    Named {
        /// What stands on it.
        alias: String,
        /// Whose.
        issuer: String,
    },
    /// It came into a box.
    Boxed {
        /// Which.
        batch: Uuid,
        /// Whether that is the box in which it is taken to be.
        counts: bool,
    },
    /// Its box was handed over.
    Received {
        /// Which.
        batch: Uuid,
        /// From whom, by all that is known.
        from: Option<Holder>,
        /// Tubes, as the receiver said.
        tubes: u32,
        /// Tubes that were sealed into it, where the receiver counted another number.
        differs_from: Option<u32>,
        /// Whether somebody else must have had it in between.
        gap: bool,
    },
    /// The lab opened its box.
    Opened {
        /// Which.
        batch: Uuid,
        /// Whether the tube was not in it.
        missing: bool,
        /// Whether no result will come of it.
        spoiled: bool,
    },
    /// The lab found it in a box on whose list it did not stand.
    Found {
        /// Which.
        batch: Uuid,
        /// Whether no result will come of it.
        spoiled: bool,
    },
    /// A lab said what it found.
    Reported {
        /// The report.
        report: Uuid,
        /// What was found.
        finding: Finding,
        /// The report that it takes the place of, and why.
        instead_of: Option<(Uuid, Option<Reason>)>,
        /// What took its place.
        superseded_by: Option<Uuid>,
    },
    /// Somebody let a report out.
    Released {
        /// Which.
        report: Uuid,
        /// Who.
        by: Uuid,
    },
    /// Somebody of it was called back.
    CalledBack {
        /// Who.
        visit: Uuid,
        /// What came of it.
        outcome: CallBack,
    },
}

impl Round {
    /// A tube's whole way, in the order of the records' own times; empty for one of which nobody has heard.
    pub fn way(&self, item: Uuid) -> Vec<WayStep> {
        let mut steps = Vec::new();
        let mut step = |evidence: &Evidence, what, holder| {
            steps.push(WayStep { what, evidence: *evidence, holder, doubted: false });
        };
        for (evidence, handled) in self.custody.handled.get(&item).into_iter().flatten() {
            let what = match *handled {
                Handled::Swabbed(visit) => What::Swabbed { visit, alone: false },
                Handled::Alone(visit) => What::Swabbed { visit, alone: true },
                Handled::Sealed(people) => What::Sealed { people },
            };
            step(evidence, what, None);
        }
        for (evidence, name) in self.custody.aliases.get(&item).into_iter().flatten() {
            step(evidence, What::Named { alias: name.alias.clone(), issuer: name.issuer.clone() }, None);
        }
        let counting = self.box_of(item);
        for (evidence, batch) in self.custody.boxed.get(&item).into_iter().flatten() {
            step(evidence, What::Boxed { batch: *batch, counts: counting == Some(*batch) }, None);
        }
        if let Some(batch) = counting.and_then(|batch| self.batch(batch)) {
            for of in &batch.received {
                let what = What::Received {
                    batch: batch.batch,
                    from: of.before,
                    tubes: of.receipt.tubes,
                    differs_from: of.differs_from,
                    gap: of.gap,
                };
                step(&of.receipt.evidence, what, Some(of.receipt.by));
            }
            let openings = self.custody.batches.get(&batch.batch).into_iter().flat_map(|of| &of.opened);
            for of in openings {
                let (missing, spoiled) = (of.missing.contains(&item), of.spoiled.contains(&item));
                step(&of.evidence, What::Opened { batch: batch.batch, missing, spoiled }, None);
            }
        }
        let found = self.custody.extra.get(&item).into_iter().flatten().filter(|of| Some(**of) != counting);
        for &batch in found {
            let openings = self.custody.batches.get(&batch).into_iter().flat_map(|of| &of.opened);
            for of in openings.filter(|of| of.extra.contains(&item)) {
                step(&of.evidence, What::Found { batch, spoiled: of.spoiled.contains(&item) }, None);
            }
        }
        for of in self.reports(item) {
            let report = of.report;
            let what = What::Reported {
                report: report.report,
                finding: report.finding,
                instead_of: report.instead_of.map(|old| (old, report.reason)),
                superseded_by: of.superseded_by,
            };
            step(&report.evidence, what, None);
            for (evidence, by) in self.results.releases.get(&report.report).into_iter().flatten() {
                step(evidence, What::Released { report: report.report, by: *by }, None);
            }
        }
        for visit in self.tubes.get(&item).into_iter().flat_map(|of| &of.people) {
            for (evidence, outcome, ..) in self.results.called.get(visit).into_iter().flatten() {
                step(evidence, What::CalledBack { visit: *visit, outcome: *outcome }, None);
            }
        }
        steps.sort_by_key(|of| of.evidence);
        steps
    }
}
