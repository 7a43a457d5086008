//! What FHIR R4 (4.0.1) asks of the resources that are written: elements that exist, how often, of which type, and codes of
//! required bindings. From the definitions of the specification; no profile beyond it.

use super::{ways, written};
use formats::results::{
    Problem, ProblemNote,
    fhir::{self, BundleKind},
};
use serde_json::Value;

/// Element, least, most (0 is any number), type.
type Rule = (&'static str, u8, u8, &'static str);

const STATUS: &[&str] = &[
    "registered",
    "partial",
    "preliminary",
    "final",
    "amended",
    "corrected",
    "appended",
    "cancelled",
    "entered-in-error",
    "unknown",
];
const OBSERVED: &[&str] = &[
    "registered",
    "preliminary",
    "final",
    "amended",
    "corrected",
    "cancelled",
    "entered-in-error",
    "unknown",
];

fn rules(kind: &str) -> &'static [Rule] {
    match kind {
        "Bundle" => &[
            ("identifier", 0, 1, "Identifier"),
            ("type", 1, 1, "code"),
            ("timestamp", 0, 1, "instant"),
            ("entry", 0, 0, "Entry"),
        ],
        "Entry" => &[("fullUrl", 0, 1, "uri"), ("resource", 0, 1, "Resource"), ("request", 0, 1, "Request")],
        "Request" => &[("method", 1, 1, "code"), ("url", 1, 1, "uri")],
        "Group" => &[("type", 1, 1, "code"), ("actual", 1, 1, "boolean"), ("quantity", 0, 1, "unsignedInt")],
        "Specimen" => &[
            ("identifier", 0, 0, "Identifier"),
            ("status", 0, 1, "code"),
            ("type", 0, 1, "CodeableConcept"),
            ("subject", 0, 1, "Reference"),
            ("receivedTime", 0, 1, "dateTime"),
            ("collection", 0, 1, "Collection"),
        ],
        "Collection" => &[("collectedDateTime", 0, 1, "dateTime")],
        "Observation" => &[
            ("status", 1, 1, "code"),
            ("category", 0, 0, "CodeableConcept"),
            ("code", 1, 1, "CodeableConcept"),
            ("subject", 0, 1, "Reference"),
            ("effectiveDateTime", 0, 1, "dateTime"),
            ("issued", 0, 1, "instant"),
            ("performer", 0, 0, "Reference"),
            ("valueCodeableConcept", 0, 1, "CodeableConcept"),
            ("dataAbsentReason", 0, 1, "CodeableConcept"),
            ("method", 0, 1, "CodeableConcept"),
            ("specimen", 0, 1, "Reference"),
            ("component", 0, 0, "Component"),
        ],
        "Component" => &[("code", 1, 1, "CodeableConcept"), ("valueQuantity", 0, 1, "Quantity")],
        "DiagnosticReport" => &[
            ("extension", 0, 0, "Extension"),
            ("identifier", 0, 0, "Identifier"),
            ("status", 1, 1, "code"),
            ("category", 0, 0, "CodeableConcept"),
            ("code", 1, 1, "CodeableConcept"),
            ("subject", 0, 1, "Reference"),
            ("effectiveDateTime", 0, 1, "dateTime"),
            ("issued", 0, 1, "instant"),
            ("performer", 0, 0, "Reference"),
            ("specimen", 0, 0, "Reference"),
            ("result", 0, 0, "Reference"),
        ],
        "Extension" => &[
            ("url", 1, 1, "uri"),
            ("valueReference", 0, 1, "Reference"),
            ("valueCodeableConcept", 0, 1, "CodeableConcept"),
        ],
        "Patient" => &[
            ("identifier", 0, 0, "Identifier"),
            ("name", 0, 0, "HumanName"),
            ("gender", 0, 1, "code"),
            ("birthDate", 0, 1, "date"),
        ],
        "HumanName" => &[("family", 0, 1, "string"), ("given", 0, 0, "string")],
        "Immunization" => &[
            ("identifier", 0, 0, "Identifier"),
            ("status", 1, 1, "code"),
            ("vaccineCode", 1, 1, "CodeableConcept"),
            ("patient", 1, 1, "Reference"),
            ("occurrenceDateTime", 1, 1, "dateTime"),
            ("primarySource", 0, 1, "boolean"),
            ("location", 0, 1, "Reference"),
            ("lotNumber", 0, 1, "string"),
            ("expirationDate", 0, 1, "date"),
            ("doseQuantity", 0, 1, "Quantity"),
            ("protocolApplied", 0, 0, "Protocol"),
        ],
        "Protocol" => &[("doseNumberPositiveInt", 1, 1, "positiveInt")],
        "OperationOutcome" => &[("issue", 1, 0, "Issue")],
        "Issue" => &[
            ("severity", 1, 1, "code"),
            ("code", 1, 1, "code"),
            ("details", 0, 1, "CodeableConcept"),
            ("diagnostics", 0, 1, "string"),
            ("expression", 0, 0, "string"),
        ],
        "CodeableConcept" => &[("coding", 0, 0, "Coding"), ("text", 0, 1, "string")],
        "Coding" => &[("system", 0, 1, "uri"), ("code", 0, 1, "code"), ("display", 0, 1, "string")],
        "Identifier" => {
            &[("type", 0, 1, "CodeableConcept"), ("system", 0, 1, "uri"), ("value", 0, 1, "string")]
        }
        "Reference" => &[
            ("reference", 0, 1, "string"),
            ("type", 0, 1, "uri"),
            ("identifier", 0, 1, "Identifier"),
            ("display", 0, 1, "string"),
        ],
        "Quantity" => &[
            ("value", 0, 1, "decimal"),
            ("unit", 0, 1, "string"),
            ("system", 0, 1, "uri"),
            ("code", 0, 1, "code"),
        ],
        other => panic!("no rules of {other}"),
    }
}

fn bound(kind: &str, element: &str) -> Option<&'static [&'static str]> {
    Some(match (kind, element) {
        ("Bundle", "type") => &["transaction", "collection"],
        ("Request", "method") => &["POST"],
        ("Group", "type") => &["person", "animal", "practitioner", "device", "medication", "substance"],
        ("Specimen", "status") => &["available", "unavailable", "unsatisfactory", "entered-in-error"],
        ("Observation", "status") => OBSERVED,
        ("DiagnosticReport", "status") => STATUS,
        ("Immunization", "status") => &["completed", "entered-in-error", "not-done"],
        ("Patient", "gender") => &["male", "female", "other", "unknown"],
        ("Issue", "severity") => &["fatal", "error", "warning", "information"],
        ("Issue", "code") => &[
            "invalid",
            "structure",
            "required",
            "value",
            "invariant",
            "security",
            "processing",
            "not-supported",
            "duplicate",
            "not-found",
            "code-invalid",
            "conflict",
            "too-costly",
            "too-long",
            "informational",
        ],
        _ => return None,
    })
}

/// A resource by its own kind.
pub fn resource(value: &Value) {
    check(value["resourceType"].as_str().expect("a resource has a kind"), value);
}

fn check(kind: &str, value: &Value) {
    let object = value.as_object().unwrap_or_else(|| panic!("{kind} is no object: {value}"));
    assert!(!object.is_empty(), "{kind} is empty");
    let rules = rules(kind);
    for name in object.keys().filter(|name| *name != "resourceType") {
        assert!(rules.iter().any(|(known, ..)| known == name), "{kind} has no {name}");
    }
    for (name, least, most, of) in rules {
        let Some(value) = object.get(*name) else {
            assert_eq!(*least, 0, "{kind}.{name} is missing");
            continue;
        };
        let items = match (most, value) {
            (1, Value::Array(_)) => panic!("{kind}.{name} is one"),
            (1, value) => std::slice::from_ref(value),
            (_, Value::Array(items)) => items.as_slice(),
            _ => panic!("{kind}.{name} is an array"),
        };
        assert!(!items.is_empty(), "{kind}.{name} is an empty array");
        for item in items {
            typed(of, item, &format!("{kind}.{name}"));
            if let Some(codes) = bound(kind, name) {
                assert!(codes.contains(&item.as_str().unwrap()), "{kind}.{name} is not {item}");
            }
        }
    }
    match kind {
        // obs-6: a reason of absence only where there is no value.
        "Observation" => {
            assert!(
                !(object.contains_key("valueCodeableConcept") && object.contains_key("dataAbsentReason"))
            );
        }
        // bdl-3, bdl-7, and what is referred to is there.
        "Bundle" => {
            let entries = object.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
            let addresses: Vec<&str> =
                entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
            for (at, address) in addresses.iter().enumerate() {
                assert!(!addresses[..at].contains(address), "{address} twice");
                assert_eq!(entries[at].get("request").is_some(), object["type"] == "transaction");
            }
            let text = value.to_string();
            for part in text.split("\"reference\":\"").skip(1) {
                let address = part.split('"').next().unwrap();
                assert!(addresses.contains(&address), "{address} is not there");
            }
        }
        _ => {}
    }
}

fn typed(of: &str, value: &Value, path: &str) {
    let text = || value.as_str().unwrap_or_else(|| panic!("{path} is {value}"));
    let moment = |text: &str| {
        let (day, clock) = text.split_once('T').unwrap();
        assert!(day.len() == 10 && clock.len() >= 14 && clock.as_bytes()[2] == b':', "{path} is {text}");
    };
    match of {
        "string" => assert!(!text().is_empty() && text().trim() == text(), "{path} is {value}"),
        "uri" => {
            assert!(!text().is_empty() && !text().contains(char::is_whitespace) || path.ends_with("system"));
        }
        "code" => assert!(!text().is_empty() && !text().contains(char::is_whitespace), "{path} is {value}"),
        "instant" | "dateTime" => moment(text()),
        "date" => assert!(text().len() == 10 && text().split('-').count() == 3, "{path} is {value}"),
        "boolean" => assert!(value.is_boolean(), "{path} is {value}"),
        "decimal" => assert!(value.is_number(), "{path} is {value}"),
        "unsignedInt" => assert!(value.is_u64(), "{path} is {value}"),
        "positiveInt" => assert!(value.as_u64().is_some_and(|number| number > 0), "{path} is {value}"),
        "Resource" => resource(value),
        kind => check(kind, value),
    }
}

#[test]
fn what_is_written_keeps_the_rules_of_the_specification() {
    for kind in [BundleKind::Transaction, BundleKind::Collection] {
        resource(&fhir::results(&written::reports(), kind, [1; 16], written::header().at, &ways()));
        resource(&fhir::doses([&written::dose()], kind, [1; 16], written::header().at, &ways()));
    }
    resource(&fhir::results([], BundleKind::Collection, [1; 16], written::header().at, &ways()));
    let say = |note: &ProblemNote| note.code().to_owned();
    resource(&fhir::outcome(&[], &say));
    let read = fhir::read(include_bytes!("data/wrong_type.json"), &ways());
    assert!(read.notes.iter().any(|note| note.problem == Problem::JsonKind));
    resource(&fhir::outcome(&read.notes, &say));
}
