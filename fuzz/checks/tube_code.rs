//! Codes of tubes and people, as they are scanned or typed.

use round::{TubeCode, TubeKey, person_code, read_person_code};
use uuid::Uuid;

/// What must hold for any bytes.
pub fn check(bytes: &[u8]) {
    let key = TubeKey::new(Uuid::from_u128(7), [7; 32]);
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(code) = TubeCode::parse(text) {
            assert_eq!(TubeCode::parse(&code.to_string()), Ok(code));
            assert_eq!(TubeCode::of_item(code.item()), Some(code));
        }
        if let Ok(code) = key.read(text) {
            assert_eq!(key.read(&code.to_string()), Ok(code));
            assert_eq!(key.check(code.item()), Ok(code));
        }
        if let Ok(code) = read_person_code(text) {
            assert_eq!(read_person_code(&code), Ok(code));
        }
    }
    if let Some(Ok(item)) = bytes.get(..16).map(<[u8; 16]>::try_from) {
        let item = Uuid::from_bytes(item);
        if let Some(code) = TubeCode::of_item(item) {
            assert_eq!(code.item(), item);
        }
    }
    if let Some(Ok(random)) = bytes.get(..5).map(<[u8; 5]>::try_from) {
        assert!(read_person_code(&person_code(random)).is_ok());
    }
    if let Some(Ok(number)) = bytes.get(..4).map(<[u8; 4]>::try_from) {
        let code = key.code(u32::from_le_bytes(number) & 0xf_ffff);
        assert_eq!(key.read(&code.to_string()), Ok(code));
    }
}
