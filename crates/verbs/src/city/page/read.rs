//! A document of a city: which it is, whether it is as its command writes it, and whether it fits itself.

use super::{rounds::RoundsDocument, target::Target, teams::TeamsDocument};
use domain::{Notes, Place};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// Bytes of a document at most: the rounds of nine thousand sites are two megabytes.
pub const BYTES_MAX: usize = 16 << 20;
/// Problems of one document that are told.
const TOLD: usize = 20;

/// What a document is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The rounds of couriers: `plan CITY --json`.
    Rounds,
    /// Who comes to help: `aid --json`.
    Aid,
    /// When a target is reached: `target --json`.
    Target,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Rounds, Kind::Aid, Kind::Target];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Rounds => "rounds",
            Kind::Aid => "aid",
            Kind::Target => "target",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == word)
    }

    /// The command that writes it.
    fn command(self) -> &'static str {
        match self {
            Kind::Rounds => "shouhu plan CITY --json",
            Kind::Aid => "shouhu aid FOLDER --json",
            Kind::Target => "shouhu target SERIES.csv --json",
        }
    }

    /// What only a document of this kind has.
    fn mark(self) -> &'static str {
        match self {
            Kind::Rounds => "rounds",
            Kind::Aid => "deployments",
            Kind::Target => "policies",
        }
    }
}

/// A document that was read.
#[derive(Clone, Debug)]
pub enum Document {
    /// Rounds of couriers.
    Rounds(Box<RoundsDocument>),
    /// Who comes to help.
    Aid(TeamsDocument),
    /// When a target is reached.
    Target(Target),
}

impl Document {
    /// What it is of.
    pub fn kind(&self) -> Kind {
        match self {
            Document::Rounds(_) => Kind::Rounds,
            Document::Aid(_) => Kind::Aid,
            Document::Target(_) => Kind::Target,
        }
    }

    /// All names of districts in it, each once.
    pub fn districts(&self) -> Vec<&str> {
        match self {
            Document::Rounds(of) => of.districts(),
            Document::Aid(of) => of.districts(),
            Document::Target(_) => Vec::new(),
        }
    }

    /// All names of labs in it, each once.
    pub fn labs(&self) -> Vec<&str> {
        match self {
            Document::Rounds(of) => of.labs(),
            Document::Aid(_) | Document::Target(_) => Vec::new(),
        }
    }
}

/// What is wrong inside of a document, path by path.
pub(super) struct Odd<'a> {
    file: &'a str,
    pub(super) notes: Notes,
}

impl Odd<'_> {
    /// Notes that what stands at this path does not fit the rest.
    pub(super) fn at(&mut self, path: String) {
        if self.notes.0.len() < TOLD {
            self.notes.error(Place::file(self.file).column(path), "document_odd", &[]);
        }
    }

    /// Likewise, where it does not hold.
    pub(super) fn unless(&mut self, holds: bool, path: impl FnOnce() -> String) {
        if !holds {
            self.at(path());
        }
    }
}

/// A document in UTF-8 without a mark: PowerShell writes UTF-16 where a command's output is led into a file, and a mark before UTF-8.
pub fn text(bytes: &[u8]) -> Cow<'_, [u8]> {
    let units = |two: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes[2..].chunks(2).map(|of| two([of[0], of.get(1).copied().unwrap_or(0)])).collect();
        Cow::Owned(String::from_utf16_lossy(&units).into_bytes())
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    }
}

/// Reads a document, whichever of the three it is.
///
/// # Errors
/// Notes: it is too large, no JSON, none of the three, of an older program, or does not fit itself.
pub fn read(file: &str, bytes: &[u8]) -> Result<Document, Notes> {
    let refused = |code, args: &[(&'static str, &dyn fmt::Display)]| {
        let mut notes = Notes::default();
        notes.error(Place::file(file), code, args);
        Err(notes)
    };
    if bytes.len() > BYTES_MAX {
        return refused("document_large", &[("megabytes", &(BYTES_MAX >> 20))]);
    }
    let text = text(bytes);
    let marks: BTreeMap<String, IsList> = match serde_json::from_slice(&text) {
        Ok(marks) => marks,
        Err(why) if why.is_data() => BTreeMap::new(),
        Err(why) => return refused("document_not_json", &[("why", &why)]),
    };
    // A rehearsal of a city has `rounds`, too: a number of them, no list.
    let is = |kind: &Kind| marks.get(kind.mark()).is_some_and(|of| of.0);
    let Some(kind) = Kind::ALL.into_iter().find(is) else {
        let commands = Kind::ALL.map(|kind| format!("`{}`", kind.command())).join(", ");
        return refused("document_unknown", &[("commands", &commands)]);
    };
    let older = |why: serde_json::Error| {
        let args: [(&str, &dyn fmt::Display); 2] = [("command", &kind.command()), ("why", &why)];
        refused("document_older", &args)
    };
    let mut odd = Odd { file, notes: Notes::default() };
    let document = match kind {
        Kind::Rounds => typed(&text).map(|of: RoundsDocument| {
            of.check(&mut odd);
            Document::Rounds(Box::new(of))
        }),
        Kind::Aid => typed(&text).map(|of: TeamsDocument| {
            of.check(&mut odd);
            Document::Aid(of)
        }),
        Kind::Target => typed(&text).map(|of: Target| {
            of.check(&mut odd);
            Document::Target(of)
        }),
    };
    match document {
        Ok(document) if odd.notes.0.is_empty() => Ok(document),
        Ok(_) => Err(odd.notes),
        Err(why) => older(why),
    }
}

fn typed<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(text)
}

/// Whether a value is a list. What stands in it is passed over and kept nowhere: as a tree a file would take many times its size.
struct IsList(bool);

impl<'de> Deserialize<'de> for IsList {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<IsList, D::Error> {
        from.deserialize_any(IsList(false))
    }
}

impl<'de> Visitor<'de> for IsList {
    type Value = IsList;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<IsList, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(IsList(true))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<IsList, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<IsList, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<IsList, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<IsList, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<IsList, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<IsList, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<IsList, E> {
        Ok(self)
    }
}
