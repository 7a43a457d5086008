//! A document of headings, tables and lists, and how it is written for a word processor; a long table, and how it is
//! written for analysis; pages for a printer; what labs and registries send and get.
//!
//! # Map
//! [`Document`] what is said · `docx` the same as an Office Open XML document (ECMA-376), which LibreOffice and Word
//! open · `xlsx` the same as a workbook, a sheet for each part · `rows` a long table, row by row, as CSV or Parquet · [`cap`] public alerts · [`dhis2`] figures for DHIS2 · [`icalendar`] shifts for a calendar · [`pdf`](mod@pdf) labels and forms
//! as pages of A4 · `results` what a lab says of a tube, in tables, FHIR R4 and HL7 v2.5.1.
//!
//! # What it deliberately does not know
//! What the document is about, in which language it speaks, and any clock or file: the same document gives the same
//! bytes.

pub mod cap;
pub mod dhis2;
mod document;
#[cfg(feature = "docx")]
mod docx;
pub mod icalendar;
#[cfg(feature = "pdf")]
pub mod pdf;
#[cfg(feature = "results")]
pub mod results;
#[cfg(feature = "rows")]
pub mod rows;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use document::{Block, Document, Line, Part, Picture, Table};
#[cfg(feature = "docx")]
pub use docx::docx;
#[cfg(feature = "xlsx")]
pub use xlsx::xlsx;
