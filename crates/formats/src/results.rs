//! What a lab says of a tube and a site of a dose, and the ways in which it is sent: tables, FHIR R4, HL7 v2.5.1.
//!
//! Map: [`LabReport`], [`DoseGiven`] the neutral words · [`problem`] what is wrong with what was sent · [`codes`] LOINC,
//! SNOMED CT and the words that people write · [`table`] rows of cells · [`fhir`] bundles · [`hl7`] messages, their
//! acknowledgement, batches and MLLP · `times` moments as each of them writes them.
//!
//! A report that cannot be used is refused by itself, with all that is wrong with it; the others are taken. What could be
//! read in two ways is refused, not guessed. Whether a tube is known, whether a report was told before and whether it
//! contradicts another is not asked here.

pub mod codes;
pub mod fhir;
pub mod hl7;
pub mod problem;
pub mod table;
mod times;

pub use problem::{Kind, Place, Problem, ProblemNote, Severity};

pub use domain::event::{Finding, Reason};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Characters of a code, a name or an identifier. Barcodes have up to 48, names of labs seldom more than 60.
pub const TEXT_MAX: usize = 200;
/// People of one tube. Pools have 5, 10 or 20; a number beyond this is a cell of another column.
pub const PEOPLE_MAX: u32 = 200;
/// Ct values of one report. Kits look at two to four genes.
pub const CTS_MAX: usize = 16;

/// Notes of one file: two for each tube of a city's largest lab. A file of nothing but mistakes may not fill the memory.
pub const NOTES_MAX: usize = 200_000;

/// What a lab says of one tube.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabReport {
    /// The lab's own identifier of this report, where it has one. A correction may bear that of what it replaces.
    pub id: Option<String>,
    /// Of which tube it speaks.
    pub tube: TubeName,
    /// How many people's swabs are in the tube, where the lab says so: 1 to [`PEOPLE_MAX`].
    pub people: Option<u32>,
    /// What was found; none only where a report is withdrawn.
    pub finding: Option<Finding>,
    /// What was looked for.
    pub test: Test,
    /// How, in the lab's words: a kit, a machine.
    pub method: Option<String>,
    /// Cycle thresholds, where the lab gives them.
    pub cts: Vec<Ct>,
    /// When the swab was taken; moments are to the second.
    pub sampled: Option<Timestamp>,
    /// When the lab received the tube.
    pub received: Option<Timestamp>,
    /// When the lab reported.
    pub reported: Option<Timestamp>,
    /// What the lab is called.
    pub lab: Option<String>,
    /// Whether it stands, replaces another, or is taken back.
    pub status: Status,
    /// What it replaces.
    pub replaces: Option<Replaced>,
}

/// The name of a tube as a lab knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TubeName {
    /// A code of ours or an outside label, as it stands: 1 to [`TEXT_MAX`] characters.
    pub code: String,
    /// Who gave that name (a namespace, a URI), where it was said.
    pub issuer: Option<String>,
}

/// What was looked for: nucleic acid of SARS-CoV-2, and in what. LOINC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// 94309-2, in a specimen that is not named.
    Specimen,
    /// 94500-6, in a respiratory specimen: swabs of throat and nose.
    Respiratory,
    /// 94759-8, in a nasopharyngeal swab.
    Nasopharynx,
}

/// A cycle threshold: after how many doublings a gene was seen. The lower, the more of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ct {
    /// Of which gene.
    pub gene: Gene,
    /// Hundredths of a cycle: 3250 is Ct 32.5.
    pub hundredths: u16,
}

/// Genes that kits look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gene {
    /// ORF1ab.
    Orf1ab,
    /// N, the nucleocapsid.
    N,
    /// E, the envelope.
    E,
    /// S, the spike.
    S,
    /// Not said which.
    Any,
}

/// Whether a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It stands.
    Final,
    /// It stands instead of an earlier one.
    Corrected,
    /// It is taken back.
    Cancelled,
}

/// What a report replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The lab's identifier of the earlier report.
    pub report: String,
    /// Why, where it is said.
    pub reason: Option<Reason>,
}

/// A dose that was given, for a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoseGiven {
    /// Our identifier of the dose.
    pub id: String,
    /// Who keeps that identifier, and that of the person: a namespace or a URI.
    pub issuer: String,
    /// Who got it.
    pub person: Person,
    /// The vaccine's CVX code: one to three digits.
    pub cvx: String,
    /// What the vaccine is called.
    pub vaccine: String,
    /// The lot on the vial.
    pub lot: Option<String>,
    /// The last day on which the lot may be used.
    pub expires: Option<Date>,
    /// When it was given.
    pub given: Timestamp,
    /// Which dose of the course it is, from 1.
    pub nth: Option<u32>,
    /// Hundredths of a millilitre: 50 is 0.5 mL.
    pub hundredths_ml: Option<u32>,
    /// Where it was given: the site's name.
    pub site: Option<String>,
}

/// Whom a registry enters. The only names in this crate; nothing of them stands in a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// An identifier of the issuer's.
    pub id: String,
    /// The number of a national identity document.
    pub document: Option<String>,
    /// The family name.
    pub family: String,
    /// The given name; empty where the family name is the whole.
    pub given: String,
    /// The day of birth.
    pub born: Option<Date>,
    /// The sex that the registry asks for.
    pub sex: Option<Sex>,
}

/// As registries write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// F, female.
    Female,
    /// M, male.
    Male,
}

/// What a reader must be told, and a writer.
#[derive(Clone, Debug)]
pub struct Ways {
    /// Where the lab's clocks hang: for moments that do not say their zone, and for writing.
    pub zone: TimeZone,
    /// The issuer of our own codes. Of several names of one tube, that of ours is taken.
    pub issuer: Option<String>,
    /// Whether this is an exercise: what says that it is of one is refused elsewhere.
    pub exercise: bool,
}

impl Default for Ways {
    /// Clocks of UTC, no issuer, no exercise.
    fn default() -> Self {
        Ways { zone: TimeZone::UTC, issuer: None, exercise: false }
    }
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reports {
    /// What can be used, in the order in which it stands.
    pub taken: Vec<Taken>,
    /// How many reports were refused.
    pub refused: usize,
    /// All that is wrong, in the order in which it was found, up to [`NOTES_MAX`].
    pub notes: Vec<ProblemNote>,
    /// How many reports have notes beyond that, which are not told.
    pub untold: usize,
}

/// A report and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Its row, message or resource.
    pub place: Place,
    /// What it says.
    pub report: LabReport,
}

impl LabReport {
    /// A final report of nothing but a tube and a finding.
    pub fn new(code: impl Into<String>, finding: Finding) -> LabReport {
        LabReport {
            id: None,
            tube: TubeName { code: code.into(), issuer: None },
            people: None,
            finding: Some(finding),
            test: Test::Specimen,
            method: None,
            cts: Vec::new(),
            sampled: None,
            received: None,
            reported: None,
            lab: None,
            status: Status::Final,
            replaces: None,
        }
    }

    /// What no way of sending it can mend: the same for all readers.
    fn check(&self, place: &Place, notes: &mut Vec<ProblemNote>) {
        let mut note = |problem, args: &[(&'static str, &dyn std::fmt::Display)]| {
            notes.push(ProblemNote::new(place.clone(), problem, args));
        };
        if self.status == Status::Corrected && self.replaces.is_none() {
            note(Problem::ReplacesNothing, &[]);
        }
        let order = [self.sampled, self.received, self.reported];
        if order.into_iter().flatten().is_sorted() {
            return;
        }
        note(Problem::TimesOutOfOrder, &[]);
    }
}

impl Reports {
    /// Takes a report unless one of the notes from `since` on refuses it.
    fn settle(&mut self, place: Place, report: Option<LabReport>, since: usize) {
        if let Some(report) = &report {
            report.check(&place, &mut self.notes);
        }
        let refuses = self.notes[since..].iter().any(|note| note.severity() == Severity::Error);
        match report {
            Some(report) if !refuses => self.taken.push(Taken { place, report }),
            _ => self.refused += 1,
        }
        if self.notes.len() > NOTES_MAX && self.notes.len() > since {
            self.notes.truncate(since);
            self.untold += 1;
        }
    }

    /// Takes over what was read of another message.
    fn extend(&mut self, other: Reports) {
        self.taken.extend(other.taken);
        self.refused += other.refused;
        self.untold += other.untold;
        match self.notes.len() + other.notes.len() > NOTES_MAX {
            false => self.notes.extend(other.notes),
            true => self.untold += usize::from(!other.notes.is_empty()),
        }
    }

    /// Adds a note.
    fn note(&mut self, place: Place, problem: Problem, args: &[(&'static str, &dyn std::fmt::Display)]) {
        self.notes.push(ProblemNote::new(place, problem, args));
    }
}

/// A text within bounds: trimmed, not empty, no control characters.
fn sound(text: &str) -> Result<Option<&str>, Problem> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Problem::ControlCharacter);
    }
    if text.len() > TEXT_MAX && text.chars().nth(TEXT_MAX).is_some() {
        return Err(Problem::TextTooLong);
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A number of hundredths of what is written with a point, at most `u16::MAX`.
fn hundredths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let part = format!("{part}00");
    let rounds_up = part.as_bytes()[2] >= b'5';
    let all = whole.parse::<u32>().ok()? * 100 + part[..2].parse::<u32>().ok()? + u32::from(rounds_up);
    u16::try_from(all).ok()
}

/// Hundredths as they are written: `32.5`, `30`.
fn written(hundredths: u32) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match (part, part % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}.{}", part / 10),
        _ => format!("{whole}.{part:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths_are_read_as_they_are_written() {
        for number in 0..=u16::MAX {
            assert_eq!(hundredths(&written(u32::from(number))), Some(number));
        }
        assert_eq!(hundredths("32.456"), Some(3246));
        for text in ["", ".", "1.", ".5", "-1", "1e3", "656", "1,5", "1234567"] {
            assert_eq!(hundredths(text), None, "{text}");
        }
    }
}
