//! A bundle as reports.

use super::{
    super::{
        CTS_MAX, Ct, Finding, Gene, LabReport, PEOPLE_MAX, Place, Problem, Reason, Replaced, Reports,
        Severity, Status, TEXT_MAX, Test, TubeName, Ways, codes, hundredths, sound, times,
    },
    BYTES_MAX, ENTRIES_MAX, REPLACES, WHY,
    bundle::{At, Known, kind, note},
};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// Reads the results of a Bundle, or of one DiagnosticReport that contains what it refers to.
pub fn read(bytes: &[u8], ways: &Ways) -> Reports {
    let mut reports = Reports::default();
    let whole = |reports: &mut Reports, problem, args: &[(&'static str, &dyn std::fmt::Display)]| {
        reports.note(Place::Whole, problem, args);
        reports.refused += 1;
    };
    if bytes.len() > BYTES_MAX {
        whole(&mut reports, Problem::TooLarge, &[("limit", &(BYTES_MAX >> 20))]);
        return reports;
    }
    let value: Value = match serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(value) => value,
        Err(error) => {
            whole(&mut reports, Problem::JsonBroken, &[("row", &error.line()), ("column", &error.column())]);
            return reports;
        }
    };
    let Value::Object(object) = &value else {
        whole(&mut reports, Problem::JsonKind, &[("expected", &"object"), ("found", &kind(&value))]);
        return reports;
    };
    let mut known = Known::default();
    match object.get("resourceType").and_then(Value::as_str) {
        Some("Bundle") => entries(object, &mut known, &mut reports),
        Some("DiagnosticReport") => known.add("", object, "DiagnosticReport".to_owned()),
        other => {
            let found = other.unwrap_or("–");
            note(&mut reports, "resourceType", Problem::ResourceUnknown, &[("typed", &found)]);
        }
    }
    let mut some = false;
    for at in known.entries.iter().filter(|at| at.resource() == "DiagnosticReport") {
        some = true;
        let since = reports.notes.len();
        let mut reader = Reader { known: &known, reports: &mut reports, ways, since };
        let report = reader.report(at);
        reports.settle(Place::Path(at.path.clone()), report, since);
    }
    if !some {
        if reports.notes.is_empty() {
            note(&mut reports, "Bundle.entry", Problem::BundleNoReports, &[]);
        }
        reports.refused += 1;
    }
    reports
}

/// What a bundle holds beside what is read: said once for each kind.
const LEFT: [&str; 10] = [
    "Specimen",
    "Observation",
    "Group",
    "Patient",
    "MessageHeader",
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "ServiceRequest",
    "Device",
];

fn entries<'v>(bundle: &'v Map<String, Value>, known: &mut Known<'v>, reports: &mut Reports) {
    let at = At { object: bundle, path: "Bundle".to_owned(), home: None };
    let of = at.text("type", reports).unwrap_or_default();
    if !["transaction", "batch", "collection", "message"].contains(&of) {
        return note(reports, "Bundle.type", Problem::BundleKind, &[("typed", &of)]);
    }
    let entries = at.each("entry", reports);
    if entries.len() > ENTRIES_MAX {
        return note(reports, "Bundle.entry", Problem::EntriesTooMany, &[("limit", &ENTRIES_MAX)]);
    }
    let mut left: Vec<&str> = Vec::new();
    for entry in &entries {
        // Deletes and reads of a transaction hold no resource.
        let Some(resource) = entry.inner("resource", reports) else {
            if !entry.object.contains_key("resource") && !entry.object.contains_key("request") {
                note(reports, &entry.path, Problem::JsonMissing, &[("field", &"resource")]);
            }
            continue;
        };
        let name = resource.resource();
        if name.is_empty() {
            note(reports, &resource.path, Problem::JsonMissing, &[("field", &"resourceType")]);
        } else if name != "DiagnosticReport"
            && !LEFT.contains(&name)
            && !left.contains(&name)
            && left.len() < 20
        {
            left.push(name);
            note(reports, &resource.path, Problem::ResourceUnread, &[("typed", &name)]);
        }
        let address = entry.text("fullUrl", reports).unwrap_or_default();
        known.add(address, resource.object, resource.path);
    }
    if of == "message" && known.entries.first().is_none_or(|first| first.resource() != "MessageHeader") {
        note(reports, "Bundle.entry[0]", Problem::BundleNoHeader, &[]);
    }
}

struct Reader<'k, 'v, 'w> {
    known: &'k Known<'v>,
    reports: &'k mut Reports,
    ways: &'w Ways,
    /// Where the notes of this report begin.
    since: usize,
}

/// What Observations say.
#[derive(Default)]
struct Observed {
    findings: Vec<Finding>,
    test: Option<Test>,
    method: Option<String>,
    cts: Vec<Ct>,
    other: Option<(String, String)>,
}

impl<'v> Reader<'_, 'v, '_> {
    fn report(&mut self, at: &At<'v>) -> Option<LabReport> {
        if !self.ways.exercise && is_exercise(at, self.reports) {
            note(self.reports, &format!("{}.meta", at.path), Problem::Exercise, &[("said", &"HTEST")]);
        }
        let status = self.status(at)?;
        let mut seen = Observed { test: self.test(at), ..Observed::default() };
        let mut tubes = at.each("specimen", self.reports);
        for result in at.each("result", self.reports) {
            match self.known.resolve(&result, &["Observation"], self.reports) {
                Ok(Some(observation)) => self.observation(&observation, &mut seen, &mut tubes),
                Ok(None) => {
                    note(self.reports, &result.path, Problem::JsonMissing, &[("field", &"reference")]);
                }
                Err(()) => {}
            }
        }
        if seen.findings.is_empty() {
            for concept in at.each("conclusionCode", self.reports) {
                seen.findings.extend(self.finding(&concept, false, true));
            }
        }
        let finding = self.agreed(at, &seen, status);
        let (tube, specimen) = self.tube(at, &tubes)?;
        let (mut sampled, mut received, mut people) = (None, None, None);
        if let Some(specimen) = &specimen {
            if specimen.object.contains_key("combined") {
                let path = format!("{}.combined", specimen.path);
                note(self.reports, &path, Problem::LaterRelease, &[("field", &"Specimen.combined")]);
            }
            received = self.time(specimen, "receivedTime");
            if let Some(collection) = specimen.inner("collection", self.reports) {
                sampled = self.time(&collection, "collectedDateTime");
                if let Some(period) = collection.inner("collectedPeriod", self.reports) {
                    sampled = self.time(&period, "start");
                }
            }
            people = self.people(specimen);
        }
        if people.is_none() && specimen.is_none() {
            people = self.people(at);
        }
        Some(LabReport {
            id: self.identifier(at).map(|(code, _)| code),
            tube,
            people,
            finding,
            test: seen.test.unwrap_or(Test::Specimen),
            method: seen.method,
            cts: seen.cts,
            sampled,
            received,
            reported: self.time(at, "issued"),
            lab: self.lab(at),
            status,
            replaces: self.replaces(at, status),
        })
    }

    fn status(&mut self, at: &At<'v>) -> Option<Status> {
        let typed = at.text("status", self.reports);
        let problem = match typed {
            Some("final") => return Some(Status::Final),
            Some("amended" | "corrected" | "appended") => return Some(Status::Corrected),
            Some("cancelled" | "entered-in-error") => return Some(Status::Cancelled),
            Some("registered" | "partial" | "preliminary" | "unknown") => Problem::StatusNotFinal,
            Some(_) => Problem::StatusUnknown,
            None => {
                note(self.reports, &at.path, Problem::JsonMissing, &[("field", &"status")]);
                return None;
            }
        };
        note(self.reports, &format!("{}.status", at.path), problem, &[("typed", &typed.unwrap_or_default())]);
        None
    }

    /// Codes of a concept: system, code.
    fn codings(&mut self, concept: &At<'v>) -> Vec<(&'v str, &'v str)> {
        let codings = concept.each("coding", self.reports);
        let text =
            |coding: &At<'v>, name| coding.object.get(name).and_then(Value::as_str).unwrap_or_default();
        codings.iter().map(|coding| (text(coding, "system"), text(coding, "code"))).collect()
    }

    fn test(&mut self, at: &At<'v>) -> Option<Test> {
        let code = at.inner("code", self.reports)?;
        self.codings(&code)
            .into_iter()
            .find_map(|(system, code)| Test::of_loinc(code).filter(|_| system == codes::LOINC))
    }

    fn observation(&mut self, at: &At<'v>, seen: &mut Observed, tubes: &mut Vec<At<'v>>) {
        let Some(code) = at.inner("code", self.reports) else {
            return note(self.reports, &at.path, Problem::JsonMissing, &[("field", &"code")]);
        };
        let named = self.codings(&code);
        let loinc = || named.iter().filter(|(system, _)| *system == codes::LOINC).map(|(_, code)| *code);
        if tubes.is_empty()
            && let Some(specimen) = at.inner("specimen", self.reports)
        {
            tubes.push(specimen);
        }
        if let Some(gene) = loinc().find_map(Gene::of_loinc) {
            return self.cycles(gene, at, seen);
        }
        let Some(test) = loinc().find_map(Test::of_loinc) else {
            if seen.other.is_none() {
                let typed = named.first().map_or("", |(_, code)| *code);
                seen.other = Some((code.path, typed.to_owned()));
            }
            return;
        };
        seen.test = Some(test);
        match at.text("status", self.reports) {
            Some("final" | "amended" | "corrected" | "cancelled" | "entered-in-error") => {}
            Some(typed) => {
                let path = format!("{}.status", at.path);
                return note(self.reports, &path, Problem::StatusNotFinal, &[("typed", &typed)]);
            }
            None if at.object.contains_key("status") => return,
            None => return note(self.reports, &at.path, Problem::JsonMissing, &[("field", &"status")]),
        }
        if let Some(method) = at.inner("method", self.reports) {
            let said = method.text("text", self.reports).or_else(|| {
                let first = method.each("coding", self.reports).into_iter().next()?;
                first.text("display", self.reports)
            });
            seen.method = said.and_then(|said| self.sound(said, &method.path));
        }
        for component in at.each("component", self.reports) {
            let Some(code) = component.inner("code", self.reports) else { continue };
            let codes = self.codings(&code);
            if let Some(gene) = codes.iter().find_map(|(_, code)| Gene::of_loinc(code)) {
                self.cycles(gene, &component, seen);
            }
        }
        seen.findings.extend(self.value(at));
    }

    /// All that an Observation says of what was found: its value and its interpretation. Whether they agree is seen later.
    fn value(&mut self, at: &At<'v>) -> Vec<Finding> {
        let mut said = Vec::new();
        let valued = at.object.keys().find(|name| name.starts_with("value"));
        for concept in at.each("interpretation", self.reports) {
            said.extend(self.finding(&concept, true, valued.is_none()));
        }
        match valued.map(String::as_str) {
            None => {}
            Some("valueCodeableConcept") => {
                if let Some(concept) = at.inner("valueCodeableConcept", self.reports) {
                    said.extend(self.finding(&concept, false, true));
                }
            }
            Some("valueString") => {
                if let Some(text) = at.text("valueString", self.reports) {
                    said.extend(self.word(text, &format!("{}.valueString", at.path)));
                }
            }
            Some(name) => {
                let path = format!("{}.{name}", at.path);
                note(
                    self.reports,
                    &path,
                    Problem::JsonKind,
                    &[("expected", &"valueCodeableConcept"), ("found", &name)],
                );
            }
        }
        said
    }

    fn word(&mut self, text: &str, path: &str) -> Option<Finding> {
        codes::finding_of_word(text)
            .map_err(|problem| note(self.reports, path, problem, &[("typed", &text)]))
            .ok()
    }

    /// Codes of SNOMED CT or of an interpretation, and the words beside them; where there are no codes, the words alone. One
    /// that is not `needed` says nothing where it is not known: an interpretation beside a value.
    fn finding(&mut self, concept: &At<'v>, interpretation: bool, needed: bool) -> Vec<Finding> {
        let all = self.codings(concept);
        let (mut said, mut unknown) = (Vec::new(), None);
        for (system, code) in &all {
            let known = match *system {
                codes::SNOMED => codes::finding_of_code(code),
                system if system.ends_with("ObservationInterpretation") || system.ends_with("0078") => {
                    codes::finding_of_interpretation(code)
                }
                _ => continue,
            };
            match known {
                Some(finding) => said.push(finding),
                None => unknown = Some(*code),
            }
        }
        let text = concept.text("text", self.reports);
        if unknown.is_none() && !said.is_empty() {
            let mut words = Vec::from_iter(text);
            for coding in concept.each("coding", self.reports) {
                words.extend(coding.text("display", self.reports));
            }
            // Words that are none of a finding say nothing against the code.
            said.extend(words.into_iter().filter_map(|word| codes::finding_of_word(word).ok()));
            return said;
        }
        if !needed {
            return Vec::new();
        }
        match text.filter(|_| unknown.is_none() && !interpretation) {
            Some(text) => said.extend(self.word(text, &format!("{}.text", concept.path))),
            None => {
                let typed = unknown.or(all.first().map(|(_, code)| *code)).unwrap_or_default();
                note(self.reports, &concept.path, Problem::FindingUnknown, &[("typed", &typed)]);
                said.clear();
            }
        }
        said
    }

    fn agreed(&mut self, at: &At<'v>, seen: &Observed, status: Status) -> Option<Finding> {
        let mut said = seen.findings.clone();
        said.sort_unstable();
        said.dedup();
        // What was already said of it is not said again.
        let noted = self.reports.notes[self.since..].iter().any(|note| note.severity() == Severity::Error);
        match (&said[..], &seen.other) {
            ([finding], _) => return Some(*finding),
            ([], _) if status == Status::Cancelled || noted => {}
            ([], Some((path, code))) => note(self.reports, path, Problem::TestUnknown, &[("typed", code)]),
            ([], None) => note(self.reports, &at.path, Problem::FindingMissing, &[]),
            _ => {
                let names: Vec<&str> = said.iter().map(|finding| finding.name()).collect();
                note(self.reports, &at.path, Problem::FindingsDiffer, &[("typed", &names.join(", "))]);
            }
        }
        None
    }

    fn cycles(&mut self, gene: Gene, at: &At<'v>, seen: &mut Observed) {
        if let Some(quantity) = at.inner("valueQuantity", self.reports) {
            // As it is written: 32.50 is a number of two places.
            let typed = quantity.object.get("value").map(Value::to_string).unwrap_or_default();
            let path = format!("{}.value", quantity.path);
            match hundredths(&typed) {
                _ if seen.cts.len() == CTS_MAX => {
                    note(self.reports, &path, Problem::CtsTooMany, &[("limit", &CTS_MAX)]);
                }
                Some(hundredths) => seen.cts.push(Ct { gene, hundredths }),
                None => note(self.reports, &path, Problem::CtWrong, &[("typed", &typed)]),
            }
        }
    }

    /// The name of the one tube, and its Specimen where that is told.
    fn tube(&mut self, at: &At<'v>, tubes: &[At<'v>]) -> Option<(TubeName, Option<At<'v>>)> {
        let [reference] = tubes else {
            let problem = if tubes.is_empty() { Problem::TubeMissing } else { Problem::TubeSeveral };
            note(self.reports, &at.path, problem, &[]);
            return None;
        };
        let specimen = self.known.resolve(reference, &["Specimen"], self.reports).ok()?;
        let before = self.reports.notes.len();
        let named = match &specimen {
            Some(specimen) => self.identifier(specimen).or_else(|| self.accession(specimen)),
            // Known by its identifier alone.
            None => reference.inner("identifier", self.reports).and_then(|named| self.named(&named)),
        };
        let Some((code, issuer)) = named else {
            if self.reports.notes.len() == before {
                let path = specimen.as_ref().map_or(&reference.path, |specimen| &specimen.path);
                note(self.reports, path, Problem::TubeMissing, &[]);
            }
            return None;
        };
        Some((TubeName { code, issuer }, specimen))
    }

    /// Of several identifiers that of ours.
    fn identifier(&mut self, at: &At<'v>) -> Option<(String, Option<String>)> {
        let all = at.each("identifier", self.reports);
        let mut names: Vec<_> = all.iter().filter_map(|named| self.named(named)).collect();
        let ours = names.iter().position(|(_, issuer)| issuer.is_some() && *issuer == self.ways.issuer);
        match (names.len(), ours) {
            (0, _) => None,
            (1, _) => names.pop(),
            (_, Some(ours)) => Some(names.swap_remove(ours)),
            // A report's other names do not change which it is.
            _ if at.resource() != "Specimen" => Some(names.swap_remove(0)),
            _ => {
                note(self.reports, &format!("{}.identifier", at.path), Problem::TubeSeveral, &[]);
                None
            }
        }
    }

    fn accession(&mut self, at: &At<'v>) -> Option<(String, Option<String>)> {
        at.inner("accessionIdentifier", self.reports).and_then(|named| self.named(&named))
    }

    fn named(&mut self, at: &At<'v>) -> Option<(String, Option<String>)> {
        let value = at.text("value", self.reports)?;
        let code = self.sound(value, &at.path)?;
        let issuer = at.text("system", self.reports).and_then(|system| self.sound(system, &at.path));
        Some((code, issuer))
    }

    fn sound(&mut self, text: &str, path: &str) -> Option<String> {
        sound(text).map(|text| text.map(str::to_owned)).unwrap_or_else(|problem| {
            note(self.reports, path, problem, &[("limit", &TEXT_MAX)]);
            None
        })
    }

    /// How many people the subject is.
    fn people(&mut self, at: &At<'v>) -> Option<u32> {
        let subject = at.inner("subject", self.reports)?;
        let found = self.known.resolve(
            &subject,
            &["Group", "Patient", "Device", "Location", "Substance"],
            self.reports,
        );
        let found = found.ok()??;
        match found.resource() {
            "Patient" => return Some(1),
            "Group" => {}
            other => {
                note(self.reports, &subject.path, Problem::SubjectWrong, &[("typed", &other)]);
                return None;
            }
        }
        let members = || found.object.get("member").and_then(Value::as_array).map(Vec::len);
        let (path, number) = match found.object.get("quantity") {
            Some(value) => (format!("{}.quantity", found.path), value.to_string()),
            None => (format!("{}.member", found.path), members()?.to_string()),
        };
        let sound = number.parse().ok().filter(|number| (1..=PEOPLE_MAX).contains(number));
        if sound.is_none() {
            note(self.reports, &path, Problem::PeopleWrong, &[("typed", &number), ("limit", &PEOPLE_MAX)]);
        }
        sound
    }

    fn time(&mut self, at: &At<'v>, name: &'static str) -> Option<Timestamp> {
        let typed = at.text(name, self.reports)?;
        let path = format!("{}.{name}", at.path);
        match times::fhir(typed) {
            Ok(times::Said::Moment(moment)) => return Some(moment),
            Ok(times::Said::Day) => note(self.reports, &path, Problem::TimeNoHour, &[("typed", &typed)]),
            Err(problem) => note(self.reports, &path, problem, &[("typed", &typed)]),
        }
        None
    }

    /// The first performer: its Organization's name, or what the reference displays.
    fn lab(&mut self, at: &At<'v>) -> Option<String> {
        let performers = at.each("performer", self.reports);
        let first = performers.first()?;
        let said = match first.text("display", self.reports) {
            Some(display) => display,
            None => {
                let kinds = &["Organization", "Practitioner", "PractitionerRole", "CareTeam"];
                let found = self.known.resolve(first, kinds, self.reports).ok()??;
                if found.resource() != "Organization" {
                    return None;
                }
                found.text("name", self.reports)?
            }
        };
        self.sound(said, &first.path)
    }

    /// R4's extension; a correction that names none replaces what had its identifier.
    fn replaces(&mut self, at: &At<'v>, status: Status) -> Option<Replaced> {
        let (mut report, mut reason) = (None, None);
        for extension in at.each("extension", self.reports) {
            match extension.text("url", self.reports) {
                Some(REPLACES) => {
                    let Some(reference) = extension.inner("valueReference", self.reports) else { continue };
                    let named =
                        reference.inner("identifier", self.reports).and_then(|named| self.named(&named));
                    report = match named {
                        Some((code, _)) => Some(code),
                        None => match self.known.resolve(&reference, &["DiagnosticReport"], self.reports) {
                            Ok(Some(earlier)) => self.identifier(&earlier).map(|(code, _)| code),
                            _ => None,
                        },
                    };
                }
                Some(WHY) => {
                    let Some(concept) = extension.inner("valueCodeableConcept", self.reports) else {
                        continue;
                    };
                    let coded =
                        self.codings(&concept).into_iter().find_map(|(_, code)| codes::reason_of_word(code));
                    let said = concept.text("text", self.reports).and_then(codes::reason_of_word);
                    reason = coded.or(said).or(Some(Reason::Other));
                }
                _ => {}
            }
        }
        if report.is_none() && status != Status::Final {
            report = self.identifier(at).map(|(code, _)| code);
        }
        report.map(|report| Replaced { report, reason })
    }
}

/// Whether it is tagged as test data: HTEST of the code system ActReason.
fn is_exercise(at: &At<'_>, reports: &mut Reports) -> bool {
    let Some(meta) = at.inner("meta", reports) else { return false };
    let tags = [meta.each("tag", reports), meta.each("security", reports)].concat();
    tags.iter().any(|tag| tag.object.get("code").and_then(Value::as_str) == Some("HTEST"))
}
