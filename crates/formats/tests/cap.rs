//! Public alerts, read again by an XML reader, against the rules of OASIS Standard CAP-V1.2 (1 July 2010): its schema's order and
//! numbers of elements, its code values, and what its text asks beyond the schema.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use formats::cap::{
    Alert, Area, Category, Certainty, Info, MessageType, NAMESPACE, Response, Severity, Urgency, xml,
};
use quick_xml::{Reader, events::Event};

#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.children.iter().filter(move |child| child.name == name).map(|child| child.text.as_str())
    }
    fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.texts(name).next()
    }
}

fn read(xml: &str) -> (Element, String) {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    let mut namespace = String::new();
    let add = |open: &mut Vec<Element>, text: &str| open.last_mut().unwrap().text += text;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                for attribute in start.attributes() {
                    let attribute = attribute.unwrap();
                    assert_eq!(attribute.key.as_ref(), "xmlns");
                    namespace = attribute.value.into_owned();
                }
                open.push(Element { name, ..Element::default() });
            }
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Text(text) => add(&mut open, &text),
            Event::GeneralRef(entity) => {
                let letter = match &*entity {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    other => panic!("{other}"),
                };
                add(&mut open, letter);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    (open.pop().unwrap().children.pop().unwrap(), namespace)
}

/// The elements of the schema in their order: name, at least, at most.
const MANY: usize = usize::MAX;
const ALERT: &[(&str, usize, usize)] = &[
    ("identifier", 1, 1),
    ("sender", 1, 1),
    ("sent", 1, 1),
    ("status", 1, 1),
    ("msgType", 1, 1),
    ("source", 0, 1),
    ("scope", 1, 1),
    ("restriction", 0, 1),
    ("addresses", 0, 1),
    ("code", 0, MANY),
    ("note", 0, 1),
    ("references", 0, 1),
    ("incidents", 0, 1),
    ("info", 0, MANY),
];
const INFO: &[(&str, usize, usize)] = &[
    ("language", 0, 1),
    ("category", 1, MANY),
    ("event", 1, 1),
    ("responseType", 0, MANY),
    ("urgency", 1, 1),
    ("severity", 1, 1),
    ("certainty", 1, 1),
    ("audience", 0, 1),
    ("eventCode", 0, MANY),
    ("effective", 0, 1),
    ("onset", 0, 1),
    ("expires", 0, 1),
    ("senderName", 0, 1),
    ("headline", 0, 1),
    ("description", 0, 1),
    ("instruction", 0, 1),
    ("web", 0, 1),
    ("contact", 0, 1),
    ("parameter", 0, MANY),
    ("resource", 0, MANY),
    ("area", 0, MANY),
];
const AREA: &[(&str, usize, usize)] = &[
    ("areaDesc", 1, 1),
    ("polygon", 0, MANY),
    ("circle", 0, MANY),
    ("geocode", 0, MANY),
    ("altitude", 0, 1),
    ("ceiling", 0, 1),
];

fn in_order(element: &Element, schema: &[(&str, usize, usize)], wrong: &mut Vec<String>) {
    let mut last = 0;
    for child in &element.children {
        match schema.iter().position(|(name, ..)| *name == child.name) {
            None => wrong.push(format!("{} is no element of {}", child.name, element.name)),
            Some(place) if place < last => wrong.push(format!("{} stands too late", child.name)),
            Some(place) => last = place,
        }
    }
    for (name, least, most) in schema {
        let count = element.texts(name).count();
        if !(*least..=*most).contains(&count) {
            wrong.push(format!("{} × {name}", count));
        }
    }
}

/// `2022-03-28T07:10:00+08:00`; not with Z, and UTC as `-00:00`.
fn is_time(text: &str) -> bool {
    let shape: String =
        text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    ["0000-00-00T00:00:00+00:00", "0000-00-00T00:00:00-00:00"].contains(&shape.as_str())
        && !text.ends_with("+00:00")
        && text.parse::<jiff::Timestamp>().is_ok()
}

/// All that a message breaks.
fn broken(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let (alert, namespace) = read(text);
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    let one_of = |value: Option<&str>, all: &[&str]| value.is_some_and(|value| all.contains(&value));
    must(alert.name == "alert" && namespace == NAMESPACE, "root");
    for name in ["identifier", "sender"] {
        let text = alert.text(name).unwrap_or_default();
        must(!text.is_empty() && !text.contains([' ', ',', '<', '&']), name);
    }
    must(alert.text("sent").is_some_and(is_time), "sent");
    must(one_of(alert.text("status"), &["Actual", "Exercise", "System", "Test", "Draft"]), "status");
    let kind = alert.text("msgType");
    must(one_of(kind, &["Alert", "Update", "Cancel", "Ack", "Error"]), "msgType");
    must(one_of(alert.text("scope"), &["Public", "Restricted", "Private"]), "scope");
    must(alert.text("scope") != Some("Private") || alert.text("addresses").is_some(), "addresses");
    must(alert.text("scope") != Some("Restricted") || alert.text("restriction").is_some(), "restriction");
    must(kind == Some("Alert") || alert.text("references").is_some(), "an update refers to what it updates");
    for reference in alert.text("references").unwrap_or_default().split_whitespace() {
        let parts: Vec<&str> = reference.split(',').collect();
        must(parts.len() == 3 && is_time(parts[2]), "references");
    }
    in_order(&alert, ALERT, &mut wrong);
    for info in alert.children.iter().filter(|child| child.name == "info") {
        let mut must = |holds: bool, what: &str| {
            if !holds {
                wrong.push(what.to_owned());
            }
        };
        let categories = [
            "Geo",
            "Met",
            "Safety",
            "Security",
            "Rescue",
            "Fire",
            "Health",
            "Env",
            "Transport",
            "Infra",
            "CBRNE",
            "Other",
        ];
        must(info.texts("category").all(|one| categories.contains(&one)), "category");
        let responses =
            ["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"];
        must(info.texts("responseType").all(|one| responses.contains(&one)), "responseType");
        must(
            one_of(info.text("urgency"), &["Immediate", "Expected", "Future", "Past", "Unknown"]),
            "urgency",
        );
        must(
            one_of(info.text("severity"), &["Extreme", "Severe", "Moderate", "Minor", "Unknown"]),
            "severity",
        );
        must(
            one_of(info.text("certainty"), &["Observed", "Likely", "Possible", "Unlikely", "Unknown"]),
            "certainty",
        );
        must(!info.text("event").unwrap_or_default().is_empty(), "event");
        for name in ["effective", "onset", "expires"] {
            must(info.text(name).is_none_or(is_time), name);
        }
        in_order(info, INFO, &mut wrong);
        for area in info.children.iter().filter(|child| child.name == "area") {
            in_order(area, AREA, &mut wrong);
        }
    }
    wrong
}

fn alert() -> Alert {
    let info = Info {
        language: "zh-CN".to_owned(),
        category: Category::Health,
        event: "核酸筛查".to_owned(),
        response: Response::Prepare,
        urgency: Urgency::Expected,
        severity: Severity::Minor,
        certainty: Certainty::Likely,
        effective: Some("2022-03-27T20:00:00+08:00".to_owned()),
        onset: Some("2022-03-28T07:00:00+08:00".to_owned()),
        expires: None,
        sender_name: "秘书处 & friends".to_owned(),
        headline: "\"今天\" <07:00>".to_owned(),
        description: "两行\n第二行\u{7}".to_owned(),
        instruction: Some("请等敲门".to_owned()),
        web: Some("https://example.org/?a=1&b=2".to_owned()),
        contact: None,
        areas: vec![Area {
            description: "都市阳光花园".to_owned(),
            geocodes: vec![("GB/T 2260".to_owned(), "310115".to_owned())],
        }],
    };
    Alert {
        identifier: "garden.example.org.2022-03-27.2".to_owned(),
        sender: "garden.example.org".to_owned(),
        sent: "2022-03-27T20:00:00+08:00".to_owned(),
        message_type: MessageType::Update,
        addresses: None,
        references: vec![
            "garden.example.org,garden.example.org.2022-03-27.1,2022-03-27T18:00:00+08:00".to_owned(),
        ],
        info: vec![info],
    }
}

#[test]
fn an_alert_keeps_the_rules_of_the_standard_and_says_all_it_was_given() {
    let text = xml(&alert());
    assert_eq!(broken(&text), Vec::<String>::new(), "{text}");
    let (read, _) = read(&text);
    let info = read.children.iter().find(|child| child.name == "info").unwrap();
    assert_eq!(info.text("senderName"), Some("秘书处 & friends"));
    assert_eq!(info.text("headline"), Some("\"今天\" <07:00>"));
    assert_eq!(info.text("description"), Some("两行\n第二行"));
    assert_eq!(info.text("web"), Some("https://example.org/?a=1&b=2"));
    let private = Alert { addresses: Some("12-2-301".to_owned()), ..alert() };
    assert_eq!(broken(&xml(&private)), Vec::<String>::new());
}

#[test]
fn the_rules_are_rules() {
    let sound = xml(&alert());
    for (from, to) in [
        ("<scope>Public</scope>", "<scope>Private</scope>"),
        ("<status>Actual</status>", "<status>Real</status>"),
        ("+08:00</sent>", "Z</sent>"),
        ("<urgency>Expected</urgency>", ""),
        ("<event>核酸筛查</event>", "<event></event>"),
        ("<sender>garden.example.org", "<sender>garden example"),
        ("<areaDesc>都市阳光花园</areaDesc>", ""),
        ("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1"),
        ("<msgType>Update</msgType>", "<msgType>News</msgType>"),
        ("<language>zh-CN</language>", "<extra/><language>zh-CN</language>"),
    ] {
        assert!(sound.contains(from), "{from}");
        let spoilt = sound.replace(from, to).replace("<extra/>", "<extra></extra>");
        assert_ne!(broken(&spoilt), Vec::<String>::new(), "{from} → {to}");
    }
    let unreferred = Alert { references: Vec::new(), ..alert() };
    assert_ne!(broken(&xml(&unreferred)), Vec::<String>::new());
}
