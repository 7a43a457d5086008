//! A sentence before it has its words.

use serde::{Serialize, Serializer};

/// A sentence of the catalogue: its code, and what fills its gaps. Arguments named `station`, `next` or `before` are
/// names of stations, for which the catalogue may have words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Which sentence.
    pub code: &'static str,
    /// What fills its `{name}` gaps.
    #[serde(serialize_with = "as_object")]
    pub args: Vec<(&'static str, String)>,
}

impl Said {
    /// A sentence with what fills its gaps.
    pub fn new(code: &'static str, args: &[(&'static str, &dyn std::fmt::Display)]) -> Said {
        Said { code, args: args.iter().map(|(name, value)| (*name, value.to_string())).collect() }
    }
}

fn as_object<S: Serializer>(args: &[(&'static str, String)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(args.iter().map(|(name, value)| (name, value)))
}
