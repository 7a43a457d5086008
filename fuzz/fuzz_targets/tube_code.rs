#![no_main]

#[path = "../checks/tube_code.rs"]
mod checked;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checked::check(bytes));
