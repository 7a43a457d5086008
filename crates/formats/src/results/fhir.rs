//! HL7 FHIR R4 (4.0.1) as JSON: a bundle of results in and out, doses out, an outcome out of notes.
//!
//! Map: `bundle` what refers to what · `read` a DiagnosticReport, its Specimen, Group and Observations · `write` the same,
//! and doses · `outcome` OperationOutcome.
//!
//! A tube of several people is a Specimen whose subject is a Group of `quantity` persons: R4 has no word for a pool
//! (`Specimen.combined` is R5's).

mod bundle;
mod outcome;
mod read;
mod write;

pub use outcome::outcome;
pub use read::read;
pub use write::{BundleKind, doses, results};

/// Bytes of one bundle: some 8,000 tubes; more are sent in more bundles. A document of nothing but zeros takes sixteen times
/// as much memory.
pub const BYTES_MAX: usize = 16 << 20;
/// Entries of one bundle.
pub const ENTRIES_MAX: usize = 40_000;

/// A report that replaces another, R4's own extension of DiagnosticReport.
const REPLACES: &str = "http://hl7.org/fhir/StructureDefinition/diagnosticReport-replaces";
/// Why the status is what it is, R4's own extension.
const WHY: &str = "http://hl7.org/fhir/StructureDefinition/event-statusReason";
