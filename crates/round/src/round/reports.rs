//! Results: reported, amended, let out, and who is called back for them.

use super::Round;
use crate::{Evidence, Refusal, Report, Seal, Tube, TubeAt, Whereabouts, custody::Handled};
use domain::{
    Command, Event, Moment,
    event::{CallBack, Finding, RELEASE_MAX},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What holds of a tube while a list is decided.
#[derive(Clone, Copy)]
struct Holds {
    report: Uuid,
    finding: Finding,
    at: Moment,
    disputed: bool,
}

impl Round {
    /// What comes of a list of [`Command::ReportResult`], each at the moment at which it was reported: row by row, each on what
    /// the rows before it have said. An answer without events: it is known already. As fast as the list is long: nothing of the
    /// state is copied.
    pub fn decide_results<'a>(
        &self,
        rows: impl IntoIterator<Item = (Moment, &'a Command)>,
    ) -> Vec<Result<Vec<Event>, Refusal>> {
        let mut granted: BTreeMap<Uuid, Holds> = BTreeMap::new();
        let mut seen: BTreeMap<Uuid, Event> = BTreeMap::new();
        let decide = |(at, command): (Moment, &Command)| {
            let Some((report, item, event)) = as_event(command) else { return self.decide(at, command) };
            if let Some(before) = seen.get(&report) {
                return if *before == event { Ok(Vec::new()) } else { Err(Refusal::ReportTaken) };
            }
            let holds = granted.get(&item).copied().or_else(|| self.holds(item));
            let events = self.report_result(at, &event, holds)?;
            if let Some(Event::ResultReported { finding, .. }) = events.first() {
                granted.insert(item, Holds { report, finding: *finding, at, disputed: false });
                seen.insert(report, event);
            }
            Ok(events)
        };
        rows.into_iter().map(decide).collect()
    }

    pub(super) fn report_of(&self, at: Moment, command: &Command) -> Result<Vec<Event>, Refusal> {
        let Some((_, item, event)) = as_event(command) else { return Ok(Vec::new()) };
        self.report_result(at, &event, self.holds(item))
    }

    fn holds(&self, item: Uuid) -> Option<Holds> {
        let of = self.result(item)?;
        let Report { report, finding, evidence, .. } = of.report;
        Some(Holds { report, finding, at: evidence.at, disputed: of.disputed })
    }

    fn report_result(&self, at: Moment, event: &Event, holds: Option<Holds>) -> Result<Vec<Event>, Refusal> {
        let Event::ResultReported { report, item, finding, lab, by, instead_of, reason } = *event else {
            return Ok(Vec::new());
        };
        let tube = item;
        if let Some(known) = self.results.reports.get(&report) {
            let same =
                Report { evidence: known.evidence, report, item, finding, lab, by, instead_of, reason };
            return if same == *known { Ok(Vec::new()) } else { Err(Refusal::ReportTaken) };
        }
        if self.tubes.get(&tube).is_none_or(|of| of.people.is_empty()) {
            return Err(Refusal::TubeUnfilled { tube });
        }
        if matches!(self.tube_at(tube), Some(TubeAt { at: Whereabouts::Missing { .. }, .. })) {
            return Err(Refusal::TubeMissing { tube });
        }
        match (holds, instead_of) {
            (Some(of), _) if of.disputed => return Err(Refusal::ResultDisputed { tube }),
            (None, None) => {}
            (Some(of), None) if of.finding == finding => return Ok(Vec::new()),
            (Some(of), None) if at < of.at => return Err(Refusal::OlderResult { tube, at: of.at }),
            (Some(of), None) => return Err(Refusal::OtherResult { tube, at: of.at }),
            (None, Some(_)) => return Err(Refusal::UnknownReport),
            (Some(of), Some(old)) if of.report != old => {
                let known = self.results.reports.get(&old).is_some_and(|old| old.item == tube);
                return Err(if known {
                    Refusal::NotLatest { tube, at: of.at }
                } else {
                    Refusal::UnknownReport
                });
            }
            (Some(_), Some(_)) if reason.is_none() => return Err(Refusal::NoReason { tube }),
            (Some(_), Some(_)) => {}
        }
        Ok(vec![event.clone()])
    }

    pub(super) fn release(&self, reports: &[Uuid], by: Uuid) -> Result<Vec<Event>, Refusal> {
        match reports.len() {
            0 => return Err(Refusal::NothingToRelease),
            1..=RELEASE_MAX => {}
            _ => return Err(Refusal::TooManyReports { most: RELEASE_MAX }),
        }
        let mut new = Vec::new();
        let mut mine = 0;
        for &report in reports {
            let tube = self.results.reports.get(&report).ok_or(Refusal::UnknownReport)?.item;
            let of = self.result(tube).ok_or(Refusal::ResultDisputed { tube })?;
            let other = self.results.reports.get(&report).filter(|known| known.finding != of.report.finding);
            let superseded = || {
                let reports = self.reports(tube);
                reports.iter().any(|of| of.report.report == report && of.superseded_by.is_some())
            };
            if of.disputed {
                return Err(Refusal::ResultDisputed { tube });
            } else if other.is_some() || of.report.report != report && superseded() {
                return Err(Refusal::ReportSuperseded { tube });
            } else if self.tubes.get(&tube).is_none_or(|of| of.people.is_empty()) {
                return Err(Refusal::TubeUnfilled { tube });
            } else if of.released.is_some() || new.contains(&report) {
                continue;
            } else if of.by.contains(&by) {
                mine += 1;
            } else {
                new.push(report);
            }
        }
        match (new.is_empty(), mine) {
            (true, 0) => Ok(Vec::new()),
            (true, reports) => Err(Refusal::SecondPerson { reports }),
            (false, _) => Ok(vec![Event::ResultsReleased { reports: new, by }]),
        }
    }

    /// A call is of the report that whoever called had before them: while they spoke, another may have taken its place.
    pub(super) fn call_back(
        &self,
        visit: Uuid,
        outcome: CallBack,
        by: Uuid,
        report: Option<Uuid>,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.visits.get(&visit).ok_or(Refusal::UnknownVisit)?.number;
        let of = self.is_to_call(visit).ok_or(Refusal::NotToCall { person })?;
        Ok(vec![Event::CalledBack { visit, outcome, by, report: report.or(Some(of.report)) }])
    }

    pub(super) fn resample(&self, visit: Uuid, item: Uuid) -> Result<Vec<Event>, Refusal> {
        let person = self.visits.get(&visit).ok_or(Refusal::UnknownVisit)?.number;
        let of = self.is_to_call(visit).ok_or(Refusal::NotToCall { person })?;
        if let Some((_, tube)) = of.alone {
            return if tube == item { Ok(Vec::new()) } else { Err(Refusal::AlreadyAlone { person, tube }) };
        }
        if self.tubes.get(&item).is_some_and(|of| !of.is_open() || !of.people.is_empty()) {
            return Err(Refusal::TubeUsed { tube: item });
        }
        Ok(vec![Event::Resampled { visit, item }])
    }

    pub(super) fn reported(&mut self, report: Report) {
        let tubes = self.results.reported(report);
        tubes.into_iter().for_each(|tube| self.look_into(tube));
    }

    pub(super) fn resampled(&mut self, evidence: Evidence, visit: Uuid, item: Uuid) {
        let at = evidence.at;
        self.results.alone.entry(visit).or_default().insert((evidence, item));
        self.custody.handled.entry(item).or_default().insert((evidence, Handled::Alone(visit)));
        let tube = self.tubes.entry(item).or_insert(Tube { since: at, people: Vec::new(), seal: Seal::Open });
        tube.since = tube.since.min(at);
        if !tube.people.contains(&visit) {
            tube.people.push(visit);
        }
        // One person alone: it is sealed at once.
        self.sealed(at, item, 1);
    }
}

/// The report, its tube, and the event that comes of it if nothing is against it.
fn as_event(command: &Command) -> Option<(Uuid, Uuid, Event)> {
    let Command::ReportResult { report, item, finding, lab, by, instead_of, reason } = *command else {
        return None;
    };
    // A reason is one for amending.
    let reason = reason.filter(|_| instead_of.is_some());
    Some((report, item, Event::ResultReported { report, item, finding, lab, by, instead_of, reason }))
}
