//! The schema that is checked in is that of the code.

use std::{env, fs, path::Path};

#[test]
fn openapi_json_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let now = server::openapi();
    if env::var_os("REFRESH").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "openapi.json is old; refresh it: REFRESH=1 cargo test -p server openapi");
}
