#![no_main]

#[path = "../checks/fhir.rs"]
mod checked;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checked::check(bytes));
