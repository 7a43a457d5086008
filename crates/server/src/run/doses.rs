//! Doses of a round for a registry: who got what, when and of which lot. The only file of a round that has names in it.

use super::running::Running;
use crate::people::names::Resident;
use domain::{Event, Moment};
use formats::results::{
    DoseGiven, Person, Sex, Ways,
    fhir::{self, BundleKind},
    hl7,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What was given, as nobody wrote it down at the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vaccine {
    /// Its CVX code.
    pub cvx: String,
    /// What it is called.
    pub name: String,
    /// Which dose of the course the round gives.
    pub nth: Option<u32>,
    /// Hundredths of a millilitre.
    pub hundredths_ml: Option<u32>,
}

/// A dose as the round knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dose {
    /// The record that says so.
    pub record: Uuid,
    /// Who got it.
    pub visit: Uuid,
    /// When.
    pub at: Moment,
    /// Of which lot.
    pub lot: Option<String>,
}

/// The doses of a round that count, in the order of their times.
pub fn given(running: &Running) -> Vec<Dose> {
    let round = running.folded().live().round();
    let dose = |told: &domain::Envelope| {
        let Event::ItemGiven { visit, kind, item, lot } = &told.event else { return None };
        // Of two records of one visit that one counts by which the round goes.
        let counts = kind == "dose" && round.visit(*visit).is_some_and(|of| of.item == Some(*item));
        let at = Moment::parse(&told.at)?;
        counts.then(|| Dose { record: told.id, visit: *visit, at, lot: lot.clone() })
    };
    let mut of_visit: BTreeMap<Uuid, Dose> = BTreeMap::new();
    for dose in running.folded().happened().filter_map(dose) {
        of_visit.entry(dose.visit).or_insert(dose);
    }
    let mut doses: Vec<Dose> = of_visit.into_values().collect();
    doses.sort_by_key(|of| (of.at, of.record));
    doses
}

/// The same as a registry takes them. Who is not on the roll has no name, and is left out.
pub fn named(running: &Running, residents: &BTreeMap<Uuid, Resident>, vaccine: &Vaccine) -> Vec<DoseGiven> {
    let made = &running.made;
    // A lot's last day is one of the site's, wherever the registry is.
    let zone = made.definition.zone();
    let issuer = format!("urn:uuid:{}", made.community);
    let dose = |dose: Dose| {
        let resident = residents.get(&dose.visit)?;
        let expires = made.definition.rules.lots.iter().find(|lot| Some(&lot.name) == dose.lot.as_ref());
        let expires = expires.and_then(|lot| lot.expires).and_then(|end| last_day(end, &zone));
        Some(DoseGiven {
            id: dose.record.to_string(),
            issuer: issuer.clone(),
            person: person(resident),
            cvx: vaccine.cvx.clone(),
            vaccine: vaccine.name.clone(),
            lot: dose.lot,
            expires,
            given: Timestamp::from_millisecond(dose.at.0 / 10).ok()?,
            nth: vaccine.nth,
            hundredths_ml: vaccine.hundredths_ml,
            site: Some(made.definition.community()),
        })
    };
    given(running).into_iter().filter_map(dose).collect()
}

/// As a FHIR bundle that a registry takes by POST.
pub fn fhir(doses: &[DoseGiven], ways: &Ways) -> Vec<u8> {
    let id = *Uuid::new_v4().as_bytes();
    fhir::doses(doses, BundleKind::Transaction, id, Timestamp::now(), ways).to_string().into_bytes()
}

/// As a batch of HL7 messages, one for each dose.
pub fn hl7(doses: &[DoseGiven], ways: &Ways) -> Vec<u8> {
    let header = || hl7::Header {
        application: "shouhu".to_owned(),
        id: Uuid::new_v4().simple().to_string(),
        at: Timestamp::now(),
        exercise: ways.exercise,
        ..hl7::Header::default()
    };
    let messages: Vec<String> = doses.iter().map(|dose| hl7::vxu(dose, &header(), ways)).collect();
    hl7::batch(messages.iter().map(String::as_str), &header(), ways).into_bytes()
}

fn person(of: &Resident) -> Person {
    let document = of.cells.document.trim();
    let told = identity(document);
    Person {
        id: of.id.to_string(),
        document: (!document.is_empty()).then(|| document.to_owned()),
        family: of.cells.name.clone(),
        given: String::new(),
        born: told.map(|(born, _)| born),
        sex: told.map(|(_, sex)| sex),
    }
}

/// From when on nothing of it may be given is the first moment after its last day.
fn last_day(end: Moment, zone: &TimeZone) -> Option<Date> {
    let last = Timestamp::from_millisecond(end.0 / 10 - 1).ok()?;
    Some(zone.to_datetime(last).date())
}

/// Day of birth and sex out of a Chinese identity number of 18 figures, GB 11643: only where its check figure is right.
fn identity(document: &str) -> Option<(Date, Sex)> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (body, check) = document.split_at_checked(17)?;
    let figures: Option<Vec<u32>> = body.chars().map(|figure| figure.to_digit(10)).collect();
    let figures = figures.filter(|all| all.len() == WEIGHTS.len())?;
    let sum: u32 = figures.iter().zip(WEIGHTS).map(|(figure, weight)| figure * weight).sum();
    let expected = char::from(b"10X98765432"[(sum % 11) as usize]);
    if !check.eq_ignore_ascii_case(&expected.to_string()) {
        return None;
    }
    let (year, month, day) =
        (body[6..10].parse().ok()?, body[10..12].parse().ok()?, body[12..14].parse().ok()?);
    let sex = if figures[16] % 2 == 1 { Sex::Male } else { Sex::Female };
    Some((Date::new(year, month, day).ok()?, sex))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_identity_number_tells_birth_and_sex_only_if_it_is_one() {
        // The example of GB 11643-1999.
        assert_eq!(identity("11010519491231002X"), Some((date(1949, 12, 31), Sex::Female)));
        assert_eq!(identity("11010519491231002x"), Some((date(1949, 12, 31), Sex::Female)));
        assert_eq!(identity("440524188001010014"), Some((date(1880, 1, 1), Sex::Male)));
        for wrong in ["", "110105194912310020", "11010519491231002", "E12345678", "1101051949123100２X"] {
            assert_eq!(identity(wrong), None, "{wrong}");
        }
    }
}
