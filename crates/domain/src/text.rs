//! A sentence in the languages of the house.

use std::collections::BTreeMap;

/// A sentence by the tags of its languages: `en`, `zh`, and whatever else was given. Of those two, one that was not given repeats the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub BTreeMap<String, String>);
