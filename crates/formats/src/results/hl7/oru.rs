//! Results: ORU^R01, a group of OBR, OBX and SPM for each tube.
//!
//! Of the fields of version 2.5.1 (as the ELR guide of 2010 uses them) these are read and written: OBR-3 the lab's
//! identifier, OBR-4 what was asked, OBR-22 when it was reported, OBR-25 and OBX-11 whether it stands, OBR-29.2 what a
//! correction replaces where that has another identifier, OBX-3 what was tested, OBX-5 what was found, OBX-17 how, OBX-23
//! by whom, an NTE of the kind RE why; SPM-2 the tube, SPM-11 and SPM-13 that it is a pool of so many, SPM-17 and SPM-18
//! when it was taken and received.

use super::{
    super::{
        CTS_MAX, Ct, Finding, Gene, LabReport, PEOPLE_MAX, Place, Problem, Reason, Replaced, Reports, Status,
        TEXT_MAX, Test, TubeName, Ways, codes, hundredths, sound, times, written,
    },
    Header,
    message::{Message, Part, Segment, escape},
    msh, open,
};
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, fmt::Display};

/// Reads a message of results, which is the `number`-th of its file.
pub fn read_oru(bytes: &[u8], number: u32, ways: &Ways) -> Reports {
    let mut reports = Reports::default();
    match open(bytes, number) {
        Ok(message) => read(&message, number, ways, &mut reports),
        Err(note) => reports.notes.push(note),
    }
    // A message of which nothing could be read is one that was refused.
    reports.refused += usize::from(reports.taken.is_empty() && reports.refused == 0);
    reports
}

fn read(message: &Message, number: u32, ways: &Ways, reports: &mut Reports) {
    let header = message.header();
    let kind = message.field(header, 9);
    let (code, event) = (kind.component(1).raw(), kind.component(2).raw());
    let mut refuse = |field, problem, said: &str| {
        reports.note(msh(number, Some(field)), problem, &[("said", &said)]);
    };
    if (code, event) != ("ORU", "R01") {
        return refuse(9, Problem::MessageKind, &format!("{code}^{event}"));
    }
    // Fields were added from version to version, none was moved.
    let version = message.field(header, 12).component(1).raw();
    if !["2.3", "2.3.1", "2.4", "2.5", "2.5.1"].contains(&version) {
        return refuse(12, Problem::MessageVersion, version);
    }
    if message.field(header, 10).is_empty() {
        return refuse(10, Problem::MessageNoId, "");
    }
    // Training and debugging are no results of anybody.
    let mode = message.field(header, 11).component(1).raw();
    if ["T", "D"].contains(&mode) && !ways.exercise {
        return refuse(11, Problem::Exercise, mode);
    }
    // A clock that says its zone in the header says it for the message.
    let zone =
        times::hl7_zone(message.field(header, 7).component(1).raw()).unwrap_or_else(|| ways.zone.clone());
    let facility = message.field(header, 4).component(1).text().unwrap_or_default();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut groups: Vec<Vec<(u32, &Segment)>> = Vec::new();
    for segment in message.segments() {
        let nth = seen.entry(segment.name()).or_default();
        *nth += 1;
        match segment.name() {
            "OBR" => groups.push(vec![(*nth, segment)]),
            "OBX" | "NTE" | "SPM" => match groups.last_mut() {
                Some(group) => group.push((*nth, segment)),
                // Of a patient, or lost.
                None if segment.name() == "NTE" => {}
                None => {
                    let place = Place::Field {
                        message: number,
                        segment: segment.name().to_owned(),
                        nth: *nth,
                        field: None,
                    };
                    reports.note(place, Problem::SegmentOrder, &[]);
                    reports.refused += 1;
                }
            },
            // The patient of the next group, the order, and what is of no interest here.
            _ => {}
        }
    }
    if groups.is_empty() {
        reports.note(msh(number, None), Problem::MessageNoReports, &[]);
    }
    for group in groups {
        let since = reports.notes.len();
        let (nth, obr) = group[0];
        let place = Place::Field { message: number, segment: "OBR".to_owned(), nth, field: None };
        let mut reader = Group { message, number, zone: &zone, ways, facility: &facility, reports };
        let report = reader.report(obr, nth, &group[1..]);
        reports.settle(place, report, since);
    }
}

/// A group that is being read.
struct Group<'a> {
    message: &'a Message,
    number: u32,
    zone: &'a TimeZone,
    ways: &'a Ways,
    facility: &'a str,
    reports: &'a mut Reports,
}

/// What the observations of a group say.
#[derive(Default)]
struct Observed {
    /// What was found, and where each that says it stands.
    findings: Vec<Option<Finding>>,
    test: Option<Test>,
    status: Option<Status>,
    method: Option<String>,
    lab: Option<String>,
    cts: Vec<Ct>,
    reason: Option<Reason>,
    /// A code that is not known, had nothing else been found.
    other: Option<(u32, String)>,
    wrong_patient: bool,
    /// Whether an observation does not say whether it is final.
    unsaid: bool,
    /// Whether something was already said of what was found.
    noted: bool,
}

impl Group<'_> {
    fn report(&mut self, obr: &Segment, nth: u32, rest: &[(u32, &Segment)]) -> Option<LabReport> {
        let mut seen = Observed::default();
        let mut tubes = Vec::new();
        for &(nth, segment) in rest {
            match segment.name() {
                "OBX" if tubes.is_empty() => self.observation(segment, nth, &mut seen),
                "NTE" => self.why(segment, &mut seen),
                "SPM" => tubes.push((nth, segment)),
                // Of the specimen.
                _ => {}
            }
        }
        let status = seen.status.unwrap_or(Status::Final);
        let silent = seen.unsaid && seen.status.is_none();
        // What the order says stands where the observations say less.
        let status = match self.message.field(obr, 25).raw() {
            "C" if status == Status::Final => Status::Corrected,
            // A part of an order may be final; what does not say so itself is as preliminary as its order.
            said @ ("P" | "A") if silent => {
                self.note("OBR", nth, Some(25), Problem::StatusNotFinal, &[("typed", &said)]);
                status
            }
            "" | "F" | "C" | "P" | "A" => status,
            "X" if seen.findings.is_empty() => Status::Cancelled,
            "X" => status,
            said => {
                let known = ["O", "I", "S", "R", "Y", "Z"].contains(&said);
                let problem = if known { Problem::StatusNotFinal } else { Problem::StatusUnknown };
                self.note("OBR", nth, Some(25), problem, &[("typed", &said)]);
                status
            }
        };
        let finding = self.finding(&seen, status, nth);
        let id = self.words("OBR", nth, 3, self.message.field(obr, 3).component(1));
        let parent = self.words("OBR", nth, 29, self.message.field(obr, 29).component(2).part(1));
        let replaced = parent.or_else(|| id.clone()).filter(|_| status != Status::Final);
        let reason = seen.reason.or(seen.wrong_patient.then_some(Reason::Mislabelled));
        let [(nth_spm, spm)] = tubes[..] else {
            let problem = if tubes.is_empty() { Problem::TubeMissing } else { Problem::TubeSeveral };
            self.note("OBR", nth, None, problem, &[]);
            return None;
        };
        let sampled = self.time("SPM", nth_spm, 17, self.message.field(spm, 17).component(1));
        let asked = if sampled.is_some() {
            None
        } else {
            self.time("OBR", nth, 7, self.message.field(obr, 7).component(1))
        };
        Some(LabReport {
            id,
            tube: self.tube(spm, nth_spm)?,
            people: self.people(spm, nth_spm),
            finding,
            test: seen.test.unwrap_or(Test::Specimen),
            method: seen.method,
            cts: seen.cts,
            sampled: sampled.or(asked),
            received: self.time("SPM", nth_spm, 18, self.message.field(spm, 18).component(1)),
            reported: self.time("OBR", nth, 22, self.message.field(obr, 22).component(1)),
            lab: seen.lab.or_else(|| sound(self.facility).ok().flatten().map(str::to_owned)),
            status,
            replaces: replaced.map(|report| Replaced { report, reason }),
        })
    }

    fn observation(&mut self, obx: &Segment, nth: u32, seen: &mut Observed) {
        let field = |number| self.message.field(obx, number);
        let (named, value) = (field(3), field(5));
        // A local code may stand first and LOINC's behind it.
        let codes = [named.component(1).raw(), named.component(4).raw()];
        if let Some(gene) = codes.into_iter().find_map(Gene::of_loinc) {
            return self.cycles(gene, value, nth, seen);
        }
        let Some(test) = codes.into_iter().find_map(Test::of_loinc) else {
            if seen.other.is_none() {
                seen.other = Some((nth, codes[0].to_owned()));
            }
            return;
        };
        let method = field(17).component(2);
        let method = if method.is_empty() { field(17).component(1) } else { method };
        let lab = field(23).component(1);
        let (typed, status) = (field(2).raw(), field(11).raw());
        let interpretation = field(8);
        if let Some(method) = self.words("OBX", nth, 17, method) {
            seen.method = Some(method);
        }
        if let Some(lab) = self.words("OBX", nth, 23, lab) {
            seen.lab = Some(lab);
        }
        seen.test = Some(test);
        let said = match status {
            "F" => Some(Status::Final),
            "" => {
                seen.unsaid = true;
                None
            }
            "C" => Some(Status::Corrected),
            "D" | "W" => Some(Status::Cancelled),
            // It was looked for and cannot be told.
            "X" => {
                seen.findings.push(Some(Finding::Invalid));
                return;
            }
            said => {
                let known = ["P", "R", "S", "I", "O", "U", "N"].contains(&said);
                let problem = if known { Problem::StatusNotFinal } else { Problem::StatusUnknown };
                seen.noted = true;
                return self.note("OBX", nth, Some(11), problem, &[("typed", &said)]);
            }
        };
        seen.wrong_patient |= status == "W";
        seen.status = seen.status.max(said);
        if value.is_empty() && interpretation.is_empty() {
            seen.findings.push(None);
            return;
        }
        for value in value.repetitions() {
            match self.value(typed, value, interpretation) {
                Ok(findings) => seen.findings.extend(findings.into_iter().map(Some)),
                Err((problem, typed)) => {
                    seen.noted = true;
                    self.note("OBX", nth, Some(5), problem, &[("typed", &typed)]);
                }
            }
        }
    }

    /// All that a value says: codes, the words beside them, and the interpretation. Whether they agree is seen later.
    fn value(
        &self,
        kind: &str,
        value: Part<'_>,
        interpretation: Part<'_>,
    ) -> Result<Vec<Finding>, (Problem, String)> {
        let interpreted = codes::finding_of_interpretation(interpretation.component(1).raw());
        if value.is_empty() {
            let unknown = || (Problem::FindingUnknown, interpretation.component(1).raw().to_owned());
            return interpreted.map(|finding| vec![finding]).ok_or_else(unknown);
        }
        let word = |part: Part<'_>| -> Result<Finding, (Problem, String)> {
            let text = part.text().map_err(|problem| (problem, part.raw().to_owned()))?;
            codes::finding_of_word(&text).map_err(|problem| (problem, text))
        };
        let mut said = Vec::from_iter(interpreted);
        match kind {
            "CE" | "CWE" | "CNE" => {
                for (code, system) in [(1, 3), (4, 6)] {
                    let (code, system) = (value.component(code).raw(), value.component(system).raw());
                    let known = match system {
                        "SCT" | "SNM" | "SNOMED-CT" | "SNOMED" => codes::finding_of_code(code),
                        "HL70078" => codes::finding_of_interpretation(code),
                        _ => continue,
                    };
                    // A code of SNOMED CT that is not known is not overruled by the word beside it.
                    said.push(known.ok_or_else(|| (Problem::FindingUnknown, code.to_owned()))?);
                }
                let coded = said.len() > usize::from(interpreted.is_some());
                let words = [2, 5, 9].map(|number| value.component(number));
                let mut spoken = words.into_iter().filter(|part| !part.is_empty()).map(word);
                if coded {
                    // Words that are none of a finding say nothing against the code.
                    said.extend(spoken.filter_map(Result::ok));
                } else {
                    said.push(spoken.next().unwrap_or_else(|| word(value.component(1)))?);
                }
            }
            "ST" | "TX" | "FT" | "ID" | "IS" => said.push(word(value)?),
            _ => return Err((Problem::FindingUnknown, value.raw().to_owned())),
        }
        Ok(said)
    }

    fn cycles(&mut self, gene: Gene, value: Part<'_>, nth: u32, seen: &mut Observed) {
        let typed = value.raw().trim();
        // What was not amplified has none.
        if value.is_empty() || codes::finding_of_word(typed) == Ok(Finding::Negative) {
            return;
        }
        match hundredths(typed) {
            _ if seen.cts.len() == CTS_MAX => {
                self.note("OBX", nth, Some(5), Problem::CtsTooMany, &[("limit", &CTS_MAX)]);
            }
            Some(hundredths) => seen.cts.push(Ct { gene, hundredths }),
            None => self.note("OBX", nth, Some(5), Problem::CtWrong, &[("typed", &typed)]),
        }
    }

    fn why(&self, nte: &Segment, seen: &mut Observed) {
        if self.message.field(nte, 4).component(1).raw() == "RE" {
            let word = self.message.field(nte, 3).text().unwrap_or_default();
            seen.reason = Some(codes::reason_of_word(&word).unwrap_or(Reason::Other));
        }
    }

    /// The one finding of all that say one.
    fn finding(&mut self, seen: &Observed, status: Status, nth: u32) -> Option<Finding> {
        let mut said: Vec<Finding> = seen.findings.iter().copied().flatten().collect();
        said.sort_unstable();
        said.dedup();
        match (&said[..], &seen.other) {
            ([finding], _) => Some(*finding),
            ([], _) if status == Status::Cancelled || seen.noted => None,
            ([], Some((nth, code))) if seen.findings.is_empty() && seen.test.is_none() => {
                self.note("OBX", *nth, Some(3), Problem::TestUnknown, &[("typed", code)]);
                None
            }
            ([], _) => {
                self.note("OBR", nth, None, Problem::FindingMissing, &[]);
                None
            }
            _ => {
                let names: Vec<&str> = said.iter().map(|finding| finding.name()).collect();
                self.note("OBR", nth, None, Problem::FindingsDiffer, &[("typed", &names.join(", "))]);
                None
            }
        }
    }

    /// The name that the placer gave, or the lab's; of several that of ours.
    fn tube(&mut self, spm: &Segment, nth: u32) -> Option<TubeName> {
        let field = self.message.field(spm, 2);
        let mut names = Vec::new();
        for number in [1, 2] {
            let part = field.component(number);
            if let Some(code) = self.words("SPM", nth, 2, part.part(1)) {
                // A namespace, or a universal identifier.
                let namespace = [2, 3].into_iter().map(|at| part.part(at)).find(|part| !part.is_empty());
                let issuer = namespace.and_then(|part| self.words("SPM", nth, 2, part));
                names.push(TubeName { code, issuer });
            }
        }
        let ours = |name: &TubeName| name.issuer.is_some() && name.issuer == self.ways.issuer;
        let found = names.iter().position(ours).unwrap_or(0);
        if names.is_empty() {
            self.note("SPM", nth, Some(2), Problem::TubeMissing, &[]);
            return None;
        }
        Some(names.swap_remove(found))
    }

    fn people(&mut self, spm: &Segment, nth: u32) -> Option<u32> {
        let typed = self.message.field(spm, 13).first().raw();
        if typed.is_empty() {
            return None;
        }
        let number = typed.parse().ok().filter(|number| (1..=PEOPLE_MAX).contains(number));
        if number.is_none() {
            self.note(
                "SPM",
                nth,
                Some(13),
                Problem::PeopleWrong,
                &[("typed", &typed), ("limit", &PEOPLE_MAX)],
            );
        }
        number
    }

    fn time(&mut self, segment: &str, nth: u32, field: u32, part: Part<'_>) -> Option<Timestamp> {
        // A range of times has its beginning first; a moment of the type TS its value.
        let typed = part.part(1).raw();
        if typed.is_empty() {
            return None;
        }
        match times::hl7(typed, self.zone) {
            Ok(times::Said::Moment(moment)) => return Some(moment),
            Ok(times::Said::Day) => {
                self.note(segment, nth, Some(field), Problem::TimeNoHour, &[("typed", &typed)]);
            }
            Err(problem) => self.note(segment, nth, Some(field), problem, &[("typed", &typed)]),
        }
        None
    }

    fn words(&mut self, segment: &str, nth: u32, field: u32, part: Part<'_>) -> Option<String> {
        let text = part.text().and_then(|text| sound(&text).map(|text| text.map(str::to_owned)));
        text.unwrap_or_else(|problem| {
            self.note(segment, nth, Some(field), problem, &[("limit", &TEXT_MAX), ("typed", &part.raw())]);
            None
        })
    }

    fn note(
        &mut self,
        segment: &str,
        nth: u32,
        field: Option<u32>,
        problem: Problem,
        args: &[(&'static str, &dyn Display)],
    ) {
        let place = Place::Field { message: self.number, segment: segment.to_owned(), nth, field };
        self.reports.note(place, problem, args);
    }
}

/// Writes reports as one message. There is no PID: a tube of several people has no patient, which the base standard allows
/// and the ELR guide does not.
pub fn oru<'r>(reports: impl IntoIterator<Item = &'r LabReport>, header: &Header, ways: &Ways) -> String {
    let mut out = header.segment("ORU^R01", "ORU_R01", ways, "AL", "AL");
    for (number, report) in (1..).zip(reports) {
        group(report, number, ways, &mut out);
    }
    out
}

fn group(report: &LabReport, number: u32, ways: &Ways, out: &mut String) {
    let time =
        |moment: Option<Timestamp>| moment.map_or(String::new(), |moment| times::to_hl7(moment, &ways.zone));
    let text = |text: &Option<String>| escape(text.as_deref().unwrap_or_default());
    let (code, name) = report.test.loinc();
    let test = format!("{code}^{}^LN", escape(name));
    let (order, observed) = match report.status {
        Status::Final => ("F", "F"),
        Status::Corrected => ("C", "C"),
        Status::Cancelled => ("C", "D"),
    };
    let id = report.id.as_deref().unwrap_or(&report.tube.code);
    let other = report.replaces.as_ref().filter(|replaced| replaced.report != id);
    let parent = other.map_or(String::new(), |replaced| format!("^{}", escape(&replaced.report)));
    let sampled = time(report.sampled);
    let fields = [
        (1, number.to_string()),
        (3, escape(id)),
        (4, test.clone()),
        (7, sampled.clone()),
        (22, time(report.reported)),
        (25, order.to_owned()),
        (29, parent),
    ];
    out.push_str(&segment("OBR", &fields));
    let value = report.finding.map_or(String::new(), |finding| {
        let (code, name) = codes::snomed(finding);
        format!("{code}^{}^SCT", escape(name))
    });
    let observation =
        |number: usize, kind: &str, named: String, value: String, method: String, unit: &str| {
            let fields = [
                (1, number.to_string()),
                (2, kind.to_owned()),
                (3, named),
                (4, "1".to_owned()),
                (5, value),
                (6, unit.to_owned()),
                (11, observed.to_owned()),
                (14, sampled.clone()),
                (17, method),
                (23, text(&report.lab)),
            ];
            segment("OBX", &fields)
        };
    let method = report.method.as_deref().map_or(String::new(), |method| format!("^{}", escape(method)));
    out.push_str(&observation(1, "CWE", test, value, method, ""));
    if let Some(reason) = report.replaces.as_ref().and_then(|replaced| replaced.reason) {
        out.push_str(&segment(
            "NTE",
            &[
                (1, "1".to_owned()),
                (2, "L".to_owned()),
                (3, reason.name().to_owned()),
                (4, "RE^Remark^HL70364".to_owned()),
            ],
        ));
    }
    for (number, ct) in (2..).zip(&report.cts) {
        let (code, name) = ct.gene.loinc();
        let value = written(ct.hundredths.into());
        let unit = "{Ct_value}^cycle threshold^UCUM";
        out.push_str(&observation(
            number,
            "NM",
            format!("{code}^{}^LN", escape(name)),
            value,
            String::new(),
            unit,
        ));
    }
    let issuer = report.tube.issuer.as_deref().map_or(String::new(), |issuer| format!("&{}", escape(issuer)));
    let pool = report.people.is_some_and(|people| people > 1);
    let (code, name) = report.test.specimen();
    let specimen = format!("{code}^{name}^SCT");
    let fields = [
        (1, "1".to_owned()),
        (2, format!("{}{issuer}", escape(&report.tube.code))),
        (4, specimen),
        (11, if pool { "L^Pool^HL70369".to_owned() } else { String::new() }),
        (13, report.people.map_or(String::new(), |people| people.to_string())),
        (17, sampled),
        (18, time(report.received)),
    ];
    out.push_str(&segment("SPM", &fields));
}

/// A segment of these fields, which are escaped.
pub(super) fn segment(name: &str, fields: &[(usize, String)]) -> String {
    let last =
        fields.iter().filter(|(_, value)| !value.is_empty()).map(|(number, _)| *number).max().unwrap_or(0);
    let mut out = name.to_owned();
    for number in 1..=last {
        out.push('|');
        if let Some((_, value)) = fields.iter().find(|(known, _)| *known == number) {
            out.push_str(value);
        }
    }
    out.push('\r');
    out
}
