#![no_main]

#[path = "../checks/sync.rs"]
mod checked;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checked::check(bytes));
