//! What labs found, what took the place of what, and who let it out. Reports are kept in the order of their own times;
//! which of them holds is asked of all of them together, so that it is the same in whatever order they came in.

use crate::{Conflict, Evidence, Round, rules::MINUTE};
use chance::Ticks;
use domain::{
    Moment,
    event::{CallBack, Finding, Keeps, Reason},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// So many reports let out in one go are a mass release, which needs a second person: a plate or a list that is wrong as a whole
/// is told to hundreds before anybody notices. A compound's evening of single amendments is fewer.
pub const MASS_RELEASE: usize = 50;
/// What one person lets out within so long is one go: a long list in pieces is still that list.
pub const ONE_GO: Ticks = 10 * MINUTE;

/// What was told of results.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Results {
    pub reports: BTreeMap<Uuid, Report>,
    /// All that was told of those that were told more than once, the first first.
    told_again: BTreeMap<Uuid, Vec<Report>>,
    pub of_tube: BTreeMap<Uuid, BTreeSet<(Evidence, Uuid)>>,
    /// Tubes of which any report is something else than negative.
    pub found: BTreeSet<Uuid>,
    pub releases: BTreeMap<Uuid, BTreeSet<(Evidence, Uuid)>>,
    /// What each person let out.
    pub goes: BTreeMap<Uuid, Goes>,
    /// Calls to each person.
    pub called: BTreeMap<Uuid, BTreeSet<Call>>,
    pub alone: BTreeMap<Uuid, BTreeSet<(Evidence, Uuid)>>,
}

/// A call: its evidence, its outcome, its event, and the report it was about.
type Call = (Evidence, CallBack, Uuid, Option<Uuid>);

/// What one person let out, by moment and event: how many, and how many with those shortly before.
type Goes = BTreeMap<(Moment, Uuid), (usize, usize)>;

/// What a lab said of a tube.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The report.
    pub report: Uuid,
    /// The tube.
    pub item: Uuid,
    /// What was found.
    pub finding: Finding,
    /// The lab.
    pub lab: Uuid,
    /// Who said so.
    pub by: Uuid,
    /// The report that it takes the place of.
    pub instead_of: Option<Uuid>,
    /// Why.
    pub reason: Option<Reason>,
    /// By which record.
    pub evidence: Evidence,
}

/// What of a tube's reports holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TubeResult {
    /// The report that holds; of several that agree, the first.
    pub report: Report,
    /// Whether reports contradict each other, so that nothing may be let out before somebody has looked.
    pub disputed: bool,
    /// Since when it is released.
    pub released: Option<Moment>,
    /// Who has let it out so far.
    pub by: BTreeSet<Uuid>,
}

/// A report, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The report.
    pub report: Report,
    /// What took its place.
    pub superseded_by: Option<Uuid>,
}

/// A tube's reports, sorted out.
struct Sorted {
    /// What took the place of each.
    superseded: BTreeMap<Uuid, Uuid>,
    /// The report that holds.
    holds: Option<Uuid>,
    /// It, and those that say the same beside it.
    agree: Vec<Uuid>,
    conflicts: Vec<Conflict>,
    disputed: bool,
}

impl Results {
    /// Keeps a report. What is told again is the first telling; of two that have one identifier and say different things, the
    /// later is known by its own record instead. The tubes of which something else is known now.
    pub fn reported(&mut self, new: Report) -> BTreeSet<Uuid> {
        let id = new.report;
        let Some(known) = self.reports.get(&id).copied() else {
            self.put(new);
            return [new.item].into();
        };
        let mut told = self.told_again.remove(&id).unwrap_or_else(|| vec![known]);
        let place = told.partition_point(|of| of.evidence <= new.evidence);
        told.insert(place, new);
        let tubes = told.iter().map(|of| of.item).collect();
        for of in &told {
            self.take(id, of);
            self.take(of.evidence.event, of);
        }
        for (place, of) in told.iter().enumerate() {
            let says = |old: &Report| Report { evidence: of.evidence, ..*old } == *of;
            if !told[..place].iter().any(says) {
                self.put(Report { report: if place == 0 { id } else { of.evidence.event }, ..*of });
            }
        }
        self.told_again.insert(id, told);
        tubes
    }

    fn put(&mut self, report: Report) -> Uuid {
        self.reports.insert(report.report, report);
        self.of_tube.entry(report.item).or_default().insert((report.evidence, report.report));
        if report.finding != Finding::Negative {
            self.found.insert(report.item);
        }
        report.item
    }

    /// Forgets such a report of this record.
    fn take(&mut self, report: Uuid, of: &Report) {
        if self.reports.get(&report).is_some_and(|known| known.evidence == of.evidence) {
            self.reports.remove(&report);
        }
        if let Some(told) = self.of_tube.get_mut(&of.item) {
            told.remove(&(of.evidence, report));
            if told.is_empty() {
                self.of_tube.remove(&of.item);
            }
        }
    }

    /// Notes who let what out.
    pub fn let_out(&mut self, evidence: Evidence, reports: &[Uuid], by: Uuid) {
        let reports: BTreeSet<Uuid> = reports.iter().copied().collect();
        for &report in &reports {
            self.releases.entry(report).or_default().insert((evidence, by));
        }
        let goes = self.goes.entry(by).or_default();
        let (at, many) = (evidence.at, reports.len());
        // What was let out at one moment is one go, in whatever order its parts are met.
        let before = goes.range((at + -ONE_GO, Uuid::nil())..=(at, Uuid::max()));
        let with_before = many + before.map(|(_, (many, _))| many).sum::<usize>();
        let after = goes.range_mut((at, Uuid::nil())..=(at + ONE_GO, Uuid::max()));
        after.for_each(|(_, (_, with_before))| *with_before += many);
        goes.insert((at, evidence.event), (many, with_before));
    }

    /// How many this release is one of, with what the same person let out shortly before.
    fn go(&self, evidence: Evidence, by: Uuid) -> usize {
        let go = self.goes.get(&by).and_then(|goes| goes.get(&(evidence.at, evidence.event)));
        go.map_or(0, |(_, with_before)| *with_before)
    }

    /// The lab that first said anything of a tube, and when.
    pub fn first_lab(&self, item: Uuid) -> Option<(Uuid, Moment)> {
        let (evidence, report) = self.of_tube.get(&item)?.first()?;
        Some((self.reports.get(report)?.lab, evidence.at))
    }

    /// Since when such a finding is out, by those who let out these reports of it.
    fn released(&self, finding: Finding, reports: &[Uuid]) -> (Option<Moment>, BTreeSet<Uuid>) {
        let told = reports.iter().filter_map(|report| self.releases.get(report)).flatten();
        let told: BTreeSet<(Evidence, Uuid)> = told.copied().collect();
        let mut by = BTreeSet::new();
        let mut since = None;
        for (evidence, who) in told {
            by.insert(who);
            let alone = finding == Finding::Negative && self.go(evidence, who) <= MASS_RELEASE;
            if alone || by.len() >= 2 {
                since = since.or(Some(evidence.at));
            }
        }
        (since, by)
    }
}

impl Round {
    /// What of a tube's reports holds; `None` where there is none.
    pub fn result(&self, item: Uuid) -> Option<TubeResult> {
        let sorted = self.sorted(item)?;
        let report = *self.results.reports.get(&sorted.holds?)?;
        let (released, by) = self.results.released(report.finding, &sorted.agree);
        // Of a tube in which nobody is known to be, nobody is told anything yet.
        let filled = self.tubes.get(&item).is_some_and(|of| !of.people.is_empty());
        let released = released.filter(|_| filled && !sorted.disputed);
        Some(TubeResult { report, disputed: sorted.disputed, released, by })
    }

    /// A report by its identifier.
    pub fn report(&self, report: Uuid) -> Option<&Report> {
        self.results.reports.get(&report)
    }

    /// All that labs said of a tube, the first first.
    pub fn reports(&self, item: Uuid) -> Vec<Reported> {
        let superseded = self.sorted(item).map(|of| of.superseded).unwrap_or_default();
        let told = self.results.of_tube.get(&item).into_iter().flatten();
        let report = |(_, report): &(Evidence, Uuid)| {
            let superseded_by = superseded.get(report).copied();
            Some(Reported { report: *self.results.reports.get(report)?, superseded_by })
        };
        told.filter_map(report).collect()
    }

    /// Every tube of which a lab said anything.
    pub fn reported_tubes(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.results.of_tube.keys().copied()
    }

    /// Tubes of which a lab said something and into which nobody is known to have been swabbed: their table's phone was not heard
    /// yet, or the label is wrong.
    pub fn results_of_nobody(&self) -> impl Iterator<Item = Uuid> + '_ {
        let empty = |item: &Uuid| self.tubes.get(item).is_none_or(|of| of.people.is_empty());
        self.reported_tubes().filter(empty)
    }

    /// Reports that wait to be let out, and of each who has let it out already.
    pub fn waiting_results(&self) -> impl Iterator<Item = TubeResult> + '_ {
        let filled = |item: &Uuid| self.tubes.get(item).is_some_and(|of| !of.people.is_empty());
        let results = self.reported_tubes().filter(filled).filter_map(|item| self.result(item));
        results.filter(|of| of.released.is_none())
    }

    /// What of a tube is told to those who call people back: what is released, or was and is being amended.
    pub(crate) fn told(&self, item: Uuid) -> Option<(Report, Moment)> {
        let result = self.result(item)?;
        if let Some(since) = result.released {
            return Some((result.report, since));
        }
        let out = self.reports(item).into_iter().rev().filter_map(|of| {
            let since = self.results.released(of.report.finding, &[of.report.report]).0?;
            Some((of.report, since)).filter(|_| of.superseded_by.is_some() || result.disputed)
        });
        let mut out = out.filter(|(report, _)| report.finding != Finding::Negative);
        out.next()
    }

    pub(crate) fn result_conflicts(&self, item: Uuid) -> Vec<Conflict> {
        self.sorted(item).map(|of| of.conflicts).unwrap_or_default()
    }

    fn sorted(&self, item: Uuid) -> Option<Sorted> {
        let told = self.results.of_tube.get(&item)?;
        let reports: Vec<&Report> = told.iter().filter_map(|(_, of)| self.results.reports.get(of)).collect();
        let superseded = superseded(&reports);
        let mut sorted =
            Sorted { holds: None, agree: Vec::new(), conflicts: Vec::new(), disputed: false, superseded };
        for next in &reports {
            if sorted.superseded.contains_key(&next.report) || sorted.is_echo(next, &reports) {
                continue;
            }
            let holds = sorted.holds.and_then(|of| self.results.reports.get(&of));
            let Some(first) = holds.filter(|of| of.finding != next.finding) else {
                sorted.holds = sorted.holds.or(Some(next.report));
                sorted.agree.push(next.report);
                continue;
            };
            let said = |of: &Report| (of.evidence.at, of.report, of.finding);
            let conflict = Conflict::TwoResults { tube: item, first: said(first), second: said(next) };
            match self.settled.get(&conflict.id()) {
                Some(Keeps::First) => {}
                // If both are true, it was tested again: the later holds.
                Some(Keeps::Second | Keeps::Both) => {
                    sorted.holds = Some(next.report);
                    sorted.agree = vec![next.report];
                }
                None => sorted.disputed = true,
            }
            sorted.conflicts.push(conflict);
        }
        self.found_where_missing(item, &mut sorted);
        Some(sorted)
    }

    /// A lab that has not found a tube in its box has tested it all the same: one of the two is of another tube.
    fn found_where_missing(&self, item: Uuid, sorted: &mut Sorted) {
        let Some(batch) = self.box_of(item).filter(|_| self.found_in(item).is_none()) else { return };
        let opening = self.custody.batches.get(&batch).and_then(|of| of.opening());
        let opening = opening.filter(|of| of.missing.contains(&item));
        let report = sorted.holds.and_then(|of| self.results.reports.get(&of));
        let (Some(opening), Some(report)) = (opening, report) else { return };
        let conflict = Conflict::MissingTested {
            tube: item,
            missing: opening.evidence.at,
            tested: (report.evidence.at, report.report),
        };
        match self.settled.get(&conflict.id()) {
            // Then what was tested was another tube.
            Some(Keeps::First) => sorted.holds = None,
            Some(Keeps::Second | Keeps::Both) => {}
            None => sorted.disputed = true,
        }
        sorted.conflicts.push(conflict);
    }
}

impl Sorted {
    /// Whether a report says once more what was amended since: an old file that was sent again.
    fn is_echo(&self, of: &Report, reports: &[&Report]) -> bool {
        of.instead_of.is_none()
            && reports.iter().any(|old| {
                let amended = self.superseded.get(&old.report);
                let amended = amended.and_then(|by| reports.iter().find(|of| of.report == *by));
                old.report != of.report
                    && old.finding == of.finding
                    && amended.is_some_and(|by| of.evidence.at <= by.evidence.at)
            })
    }
}

/// What took the place of each report. Of two amendments of one report the first does; what amends a report of another
/// tube, or in a circle, amends nothing.
fn superseded(reports: &[&Report]) -> BTreeMap<Uuid, Uuid> {
    let mut superseded: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    for of in reports {
        let Some(old) = of.instead_of else { continue };
        let known = reports.iter().any(|other| other.report == old);
        let mut end = of.report;
        while let Some(&next) = superseded.get(&end) {
            end = next;
        }
        if known && end != old && old != of.report && !superseded.contains_key(&old) {
            superseded.insert(old, of.report);
        }
    }
    superseded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one person lets out at one moment is one go, whichever of its parts is folded first.
    #[test]
    fn a_go_in_parts_is_as_large_as_all_of_it() {
        let at = Moment::from(jiff::Timestamp::UNIX_EPOCH);
        let by = Uuid::from_u128(9);
        let parts = [(Uuid::from_u128(1), 200), (Uuid::from_u128(2), 10)];
        for order in [[0, 1], [1, 0]] {
            let mut results = Results::default();
            let mut told = Vec::new();
            for part in order {
                let (event, many) = parts[part];
                let reports: Vec<Uuid> =
                    (0..many).map(|of| Uuid::from_u128(of + 1000 * (part as u128 + 1))).collect();
                let evidence = Evidence { event, ..Evidence::none(at) };
                results.let_out(evidence, &reports, by);
                told.push((evidence, reports[0]));
            }
            for (evidence, report) in told {
                assert_eq!(results.go(evidence, by), 210);
                assert_eq!(results.released(Finding::Negative, &[report]).0, None);
            }
        }
    }
}
