//! Reports and doses as a bundle.

use super::{
    super::{DoseGiven, Finding, LabReport, Sex, Status, Ways, codes, times, written},
    REPLACES, WHY,
};
use jiff::Timestamp;
use serde_json::{Map, Number, Value, json};

/// What a receiver is to do with a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleKind {
    /// Keep all of it or none.
    Transaction,
    /// Nothing: it is a file.
    Collection,
}

/// The bundle that is being written.
struct Bundle {
    kind: BundleKind,
    /// Its identifier, from which those of its entries are made.
    id: [u8; 16],
    entries: Vec<Value>,
}

impl Bundle {
    /// Adds a resource and says by what it is referred to.
    fn add(&mut self, resource: Value) -> Value {
        let number = u32::try_from(self.entries.len() + 1).unwrap_or(u32::MAX).to_be_bytes();
        let mut id = self.id;
        for (byte, part) in id[12..].iter_mut().zip(number) {
            *byte ^= part;
        }
        let address = format!("urn:uuid:{}", uuid(id));
        let mut entry = json!({ "fullUrl": address });
        if self.kind == BundleKind::Transaction {
            entry["request"] = json!({ "method": "POST", "url": resource["resourceType"] });
        }
        entry["resource"] = resource;
        self.entries.push(entry);
        json!({ "reference": address })
    }

    fn finish(self, at: Timestamp, ways: &Ways) -> Value {
        let kind = match self.kind {
            BundleKind::Transaction => "transaction",
            BundleKind::Collection => "collection",
        };
        let mut bundle = json!({
            "resourceType": "Bundle",
            "type": kind,
            "timestamp": times::to_fhir(at, &ways.zone),
        });
        if self.kind == BundleKind::Collection {
            bundle["identifier"] =
                json!({ "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{}", uuid(self.id)) });
        }
        // An array that is there is not empty.
        if !self.entries.is_empty() {
            bundle["entry"] = Value::Array(self.entries);
        }
        bundle
    }
}

/// In the form of version 8 (RFC 9562): its bits are its maker's.
fn uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn concept(system: &str, (code, display): (&str, &str)) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": display }] })
}

fn identifier(system: Option<&str>, value: &str) -> Value {
    match system {
        Some(system) => json!({ "system": system, "value": value }),
        None => json!({ "value": value }),
    }
}

/// A decimal with as many places as it has.
fn decimal(hundredths: u32) -> Value {
    let number: Option<Number> = serde_json::from_str(&written(hundredths)).ok();
    number.map_or(Value::Null, Value::Number)
}

/// Reports as a bundle: for each a Group, a Specimen, an Observation and a DiagnosticReport. `id` is the bundle's own, by
/// chance; `at` is now.
pub fn results<'r>(
    reports: impl IntoIterator<Item = &'r LabReport>,
    kind: BundleKind,
    id: [u8; 16],
    at: Timestamp,
    ways: &Ways,
) -> Value {
    let mut bundle = Bundle { kind, id, entries: Vec::new() };
    for report in reports {
        add_report(report, ways, &mut bundle);
    }
    bundle.finish(at, ways)
}

fn add_report(report: &LabReport, ways: &Ways, bundle: &mut Bundle) {
    let time = |moment: Timestamp| Value::String(times::to_fhir(moment, &ways.zone));
    let mut group = json!({ "resourceType": "Group", "type": "person", "actual": true });
    if let Some(people) = report.people {
        group["quantity"] = people.into();
    }
    let subject = bundle.add(group);
    let mut specimen = json!({
        "resourceType": "Specimen",
        "identifier": [identifier(report.tube.issuer.as_deref(), &report.tube.code)],
        "status": if report.finding == Some(Finding::Invalid) { "unsatisfactory" } else { "available" },
        "type": concept(codes::SNOMED, report.test.specimen()),
        "subject": subject,
    });
    if let Some(received) = report.received {
        specimen["receivedTime"] = time(received);
    }
    if let Some(sampled) = report.sampled {
        specimen["collection"] = json!({ "collectedDateTime": time(sampled) });
    }
    let specimen = bundle.add(specimen);
    let (status, observed) = match report.status {
        Status::Final => ("final", "final"),
        Status::Corrected => ("corrected", "corrected"),
        Status::Cancelled => ("entered-in-error", "entered-in-error"),
    };
    let code = concept(codes::LOINC, report.test.loinc());
    let mut observation = json!({
        "resourceType": "Observation",
        "status": observed,
        "category": [concept(
            "http://terminology.hl7.org/CodeSystem/observation-category",
            ("laboratory", "Laboratory"),
        )],
        "code": code,
        "subject": subject,
        "specimen": specimen,
    });
    match report.finding {
        Some(finding) => observation["valueCodeableConcept"] = concept(codes::SNOMED, codes::snomed(finding)),
        None => {
            let absent = ("unknown", "Unknown");
            observation["dataAbsentReason"] =
                concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", absent);
        }
    }
    if let Some(method) = &report.method {
        observation["method"] = json!({ "text": method });
    }
    let mut document = json!({
        "resourceType": "DiagnosticReport",
        "status": status,
        "category": [concept("http://terminology.hl7.org/CodeSystem/v2-0074", ("LAB", "Laboratory"))],
        "code": code,
        "subject": subject,
        "specimen": [specimen],
    });
    for resource in [&mut observation, &mut document] {
        if let Some(sampled) = report.sampled {
            resource["effectiveDateTime"] = time(sampled);
        }
        if let Some(reported) = report.reported {
            resource["issued"] = time(reported);
        }
        if let Some(lab) = &report.lab {
            resource["performer"] = json!([{ "display": lab }]);
        }
    }
    if !report.cts.is_empty() {
        let component = report.cts.iter().map(|ct| {
            json!({
                "code": concept(codes::LOINC, ct.gene.loinc()),
                "valueQuantity": {
                    "value": decimal(ct.hundredths.into()),
                    "unit": "cycle threshold",
                    "system": codes::UCUM,
                    "code": "{Ct_value}",
                },
            })
        });
        observation["component"] = component.collect();
    }
    let result = bundle.add(observation);
    document["result"] = json!([result]);
    if let Some(id) = &report.id {
        document["identifier"] = json!([identifier(None, id)]);
    }
    if let Some(replaced) = &report.replaces {
        let mut extensions = vec![json!({
            "url": REPLACES,
            "valueReference": { "type": "DiagnosticReport", "identifier": identifier(None, &replaced.report) },
        })];
        if let Some(reason) = replaced.reason {
            extensions.push(json!({ "url": WHY, "valueCodeableConcept": { "text": reason.name() } }));
        }
        document["extension"] = Value::Array(extensions);
    }
    bundle.add(document);
}

/// Doses as a bundle: for each a Patient and an Immunization.
pub fn doses<'d>(
    doses: impl IntoIterator<Item = &'d DoseGiven>,
    kind: BundleKind,
    id: [u8; 16],
    at: Timestamp,
    ways: &Ways,
) -> Value {
    let mut bundle = Bundle { kind, id, entries: Vec::new() };
    for dose in doses {
        add_dose(dose, ways, &mut bundle);
    }
    bundle.finish(at, ways)
}

fn add_dose(dose: &DoseGiven, ways: &Ways, bundle: &mut Bundle) {
    let person = &dose.person;
    let mut name = Map::from_iter([("family".to_owned(), json!(person.family))]);
    if !person.given.is_empty() {
        name.insert("given".to_owned(), json!([person.given]));
    }
    let gender = match person.sex {
        Some(Sex::Female) => "female",
        Some(Sex::Male) => "male",
        None => "unknown",
    };
    let mut patient = json!({
        "resourceType": "Patient",
        "identifier": [identifier(Some(&dose.issuer), &person.id)],
        "name": [name],
        "gender": gender,
    });
    if let Some(document) = &person.document {
        let mut document = identifier(None, document);
        document["type"] = json!({ "coding": [{ "system": codes::IDENTIFIERS, "code": "NI" }] });
        patient["identifier"].as_array_mut().into_iter().for_each(|all| all.push(document.clone()));
    }
    if let Some(born) = person.born {
        patient["birthDate"] = born.to_string().into();
    }
    let patient = bundle.add(patient);
    let mut immunization = json!({
        "resourceType": "Immunization",
        "identifier": [identifier(Some(&dose.issuer), &dose.id)],
        "status": "completed",
        "vaccineCode": concept(codes::CVX, (&dose.cvx, &dose.vaccine)),
        "patient": patient,
        "occurrenceDateTime": times::to_fhir(dose.given, &ways.zone),
        "primarySource": true,
    });
    if let Some(lot) = &dose.lot {
        immunization["lotNumber"] = lot.as_str().into();
    }
    if let Some(expires) = dose.expires {
        immunization["expirationDate"] = expires.to_string().into();
    }
    if let Some(amount) = dose.hundredths_ml {
        immunization["doseQuantity"] =
            json!({ "value": decimal(amount), "unit": "mL", "system": codes::UCUM, "code": "mL" });
    }
    if let Some(site) = &dose.site {
        immunization["location"] = json!({ "display": site });
    }
    if let Some(nth) = dose.nth {
        immunization["protocolApplied"] = json!([{ "doseNumberPositiveInt": nth }]);
    }
    bundle.add(immunization);
}
