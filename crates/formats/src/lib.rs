//! A document of headings, tables and lists, and how it is written for a word processor.
//!
//! # Map
//! [`Document`] what is said · `docx` the same as an Office Open XML document (ECMA-376), which LibreOffice and Word
//! open.
//!
//! # What it deliberately does not know
//! What the document is about, in which language it speaks, and any clock or file: the same document gives the same
//! bytes.

mod document;
#[cfg(feature = "docx")]
mod docx;

pub use document::{Block, Document, Line, Part, Picture, Table};
#[cfg(feature = "docx")]
pub use docx::docx;
