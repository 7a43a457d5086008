//! What stands in a bundle, and what refers to what: `#contained`, `urn:uuid:…`, `Group/1`, `https://host/fhir/Group/1`.

use super::super::{Place, Problem, ProblemNote, Reports};
use serde_json::{Map, Value};
use std::{collections::HashMap, fmt::Display};

/// A JSON object and the way to it.
#[derive(Clone, Debug)]
pub(super) struct At<'v> {
    pub object: &'v Map<String, Value>,
    pub path: String,
    /// The resource whose `contained` are meant by `#`, and the entry's address.
    pub home: Option<(&'v Map<String, Value>, &'v str)>,
}

/// Resources by what refers to them: an entry of several is told apart by its number.
#[derive(Default)]
pub(super) struct Known<'v> {
    by_address: HashMap<&'v str, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    pub entries: Vec<At<'v>>,
}

/// What a value is called in JSON.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

pub(super) fn note(
    reports: &mut Reports,
    path: &str,
    problem: Problem,
    args: &[(&'static str, &dyn Display)],
) {
    reports.notes.push(ProblemNote::new(Place::Path(path.to_owned()), problem, args));
}

impl<'v> At<'v> {
    /// Which resource it is.
    pub fn resource(&self) -> &'v str {
        self.object.get("resourceType").and_then(Value::as_str).unwrap_or_default()
    }

    fn wrong(&self, name: &str, expected: &'static str, value: &Value, reports: &mut Reports) {
        let path = format!("{}.{name}", self.path);
        note(reports, &path, Problem::JsonKind, &[("expected", &expected), ("found", &kind(value))]);
    }

    /// A string.
    pub fn text(&self, name: &str, reports: &mut Reports) -> Option<&'v str> {
        match self.object.get(name)? {
            Value::String(text) => Some(text),
            value => {
                self.wrong(name, "string", value, reports);
                None
            }
        }
    }

    /// An object.
    pub fn inner(&self, name: &str, reports: &mut Reports) -> Option<At<'v>> {
        match self.object.get(name)? {
            Value::Object(object) => {
                Some(At { object, path: format!("{}.{name}", self.path), home: self.home })
            }
            value => {
                self.wrong(name, "object", value, reports);
                None
            }
        }
    }

    /// The objects of an array.
    pub fn each(&self, name: &str, reports: &mut Reports) -> Vec<At<'v>> {
        let items = match self.object.get(name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(value) => {
                self.wrong(name, "array", value, reports);
                return Vec::new();
            }
        };
        let mut all = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            match item {
                Value::Object(object) => {
                    let path = format!("{}.{name}[{number}]", self.path);
                    all.push(At { object, path, home: self.home });
                }
                value => self.wrong(&format!("{name}[{number}]"), "object", value, reports),
            }
        }
        all
    }
}

impl<'v> Known<'v> {
    /// An entry of the bundle, or the only resource.
    pub fn add(&mut self, address: &'v str, resource: &'v Map<String, Value>, path: String) {
        let number = self.entries.len();
        let at = At { object: resource, path, home: Some((resource, address)) };
        if !address.is_empty() {
            self.by_address.entry(address).or_default().push(number);
        }
        if let Some(id) = resource.get("id").and_then(Value::as_str) {
            self.by_name.entry(format!("{}/{id}", at.resource())).or_default().push(number);
        }
        self.entries.push(at);
    }

    /// What a Reference refers to, one of these kinds of resources. None with a note where that cannot be told; `Ok(None)`
    /// where it names no address at all (a display or an identifier).
    pub fn resolve(
        &self,
        reference: &At<'v>,
        kinds: &'static [&'static str],
        reports: &mut Reports,
    ) -> Result<Option<At<'v>>, ()> {
        let Some(text) = reference.text("reference", reports) else {
            return if reference.object.contains_key("reference") { Err(()) } else { Ok(None) };
        };
        let mut refuse = |problem: Problem| {
            let path = format!("{}.reference", reference.path);
            note(reports, &path, problem, &[("typed", &text), ("expected", &kinds.join(" / "))]);
            Err(())
        };
        let found = if let Some(id) = text.strip_prefix('#') {
            match self.contained(reference, id) {
                Some(found) => found,
                None => return refuse(Problem::ReferenceMissing),
            }
        } else if text.contains('?') {
            return refuse(Problem::ReferenceQuery);
        } else {
            let text = text.split_once("/_history/").map_or(text, |(before, _)| before);
            let numbers = self.numbers(text, reference.home.map_or("", |(_, address)| address));
            match numbers {
                [] if !sound(text) => return refuse(Problem::ReferenceWrong),
                [] => return refuse(Problem::ReferenceMissing),
                [number] => self.entries[*number].clone(),
                _ => return refuse(Problem::ReferenceSeveral),
            }
        };
        if !kinds.contains(&found.resource()) {
            let path = format!("{}.reference", reference.path);
            note(
                reports,
                &path,
                Problem::ReferenceWrong,
                &[("typed", &found.resource()), ("expected", &kinds.join(" / "))],
            );
            return Err(());
        }
        Ok(Some(found))
    }

    fn contained(&self, reference: &At<'v>, id: &str) -> Option<At<'v>> {
        let (home, address) = reference.home?;
        let all = home.get("contained")?.as_array()?;
        let named = |item: &&Value| item.get("id").and_then(Value::as_str) == Some(id);
        let object = all.iter().find(named)?.as_object()?;
        // A contained resource refers by `#` to what its home contains.
        Some(At { object, path: format!("{}#{id}", reference.path), home: Some((home, address)) })
    }

    /// Entries of this address; a relative one is of the server of whoever refers, or of its name alone.
    fn numbers(&self, text: &str, address: &str) -> &[usize] {
        let by_address = |text: &str| self.by_address.get(text).map(Vec::as_slice);
        if let Some(numbers) = by_address(text) {
            return numbers;
        }
        if text.contains(':') {
            return &[];
        }
        let server = address.rsplitn(3, '/').nth(2).filter(|server| server.contains("://"));
        let full = server.map(|server| format!("{server}/{text}"));
        full.and_then(|full| by_address(&full))
            .or_else(|| self.by_name.get(text).map(Vec::as_slice))
            .unwrap_or(&[])
    }
}

/// Whether it has the form of an address.
fn sound(text: &str) -> bool {
    if text.starts_with("urn:uuid:") || text.starts_with("urn:oid:") {
        return true;
    }
    let path = text.split_once("://").map_or(text, |(_, path)| path);
    let mut last = path.rsplit('/');
    let id = last.next().unwrap_or_default();
    let kind = last.next().unwrap_or_default();
    !id.is_empty()
        && id.len() <= 64
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        && kind.starts_with(|letter: char| letter.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
}
