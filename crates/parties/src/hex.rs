//! 32 bytes as 64 hexadecimal digits.

use journal::Hash;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Of a text; `None` for anything else.
pub(crate) fn parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

pub(crate) fn serialize<S: Serializer>(hash: &Hash, to: S) -> Result<S::Ok, S::Error> {
    let text: String = hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
    to.serialize_str(&text)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).map(Hash).ok_or_else(|| D::Error::custom("no hash of 64 hexadecimal digits"))
}
