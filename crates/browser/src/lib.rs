//! The middle of the house as WebAssembly: a page plans, rehearses and reviews by itself, and gets the same bytes as the
//! terminal.
//!
//! Map: [`Folder`] a scenario's folder and the verbs on it · [`Board`] a live board · `machine` rehearsals on the page's one thread · `zones` the
//! browser's time zones ·
//! [`Hindsight`] a round looked back on, and [`Station`] a volunteer's phone, in modules of their own · [`docx`] a document as a file, and
//! [`Converted`] a workbook as text, [`Cards`] what goes wrong, [`CityDocuments`] a city's documents, and [`Tonight`] papers to hand out, in modules of their own · `answer` JSON out, or the notes that refuse.
//!
//! It holds no rule and, in the pages, no sentence: [`teach`] hands a module the words of the page's language. Everything here is handed on. JSON goes in and comes out as text, files as bytes.

#[cfg(any(
    feature = "board",
    feature = "cards",
    feature = "city",
    feature = "folder",
    feature = "review",
    feature = "sheets",
    feature = "station",
    feature = "tonight"
))]
mod answer;
#[cfg(feature = "board")]
mod board;
#[cfg(feature = "cards")]
mod cards;
#[cfg(feature = "city")]
mod city;
#[cfg(feature = "folder")]
mod folder;
#[cfg(any(feature = "cards", feature = "folder", feature = "review", feature = "tonight"))]
mod machine;
#[cfg(feature = "paper")]
mod paper;
#[cfg(feature = "review")]
mod review;
#[cfg(feature = "sheets")]
mod sheets;
#[cfg(feature = "station")]
mod station;
#[cfg(feature = "tonight")]
mod tonight;
#[cfg(any(feature = "cards", feature = "folder", feature = "review", feature = "tonight"))]
mod zones;

#[cfg(any(
    feature = "board",
    feature = "cards",
    feature = "city",
    feature = "folder",
    feature = "review",
    feature = "sheets",
    feature = "station",
    feature = "tonight"
))]
pub use answer::teach;
#[cfg(feature = "board")]
pub use board::Board;
#[cfg(feature = "cards")]
pub use cards::Cards;
#[cfg(feature = "city")]
pub use city::CityDocuments;
#[cfg(feature = "folder")]
pub use folder::Folder;
#[cfg(feature = "paper")]
pub use paper::docx;
#[cfg(feature = "review")]
pub use review::Hindsight;
#[cfg(feature = "sheets")]
pub use sheets::Converted;
#[cfg(feature = "station")]
pub use station::Station;
#[cfg(feature = "tonight")]
pub use tonight::Tonight;
