//! A dose for a registry: VXU^V04, as the immunization guide of CDC (release 1.5, 2014) has it. Written only.

use super::{
    super::{DoseGiven, Sex, Ways, times, written},
    Header,
    message::escape,
    oru::segment,
};

/// Writes a dose.
pub fn vxu(dose: &DoseGiven, header: &Header, ways: &Ways) -> String {
    let mut out = header.segment("VXU^V04", "VXU_V04", ways, "ER", "AL");
    // The profile that the guide asks for, MSH-21.
    out.truncate(out.len() - 1);
    out.push_str("|||Z22^CDCPHINVS\r");
    let person = &dose.person;
    let issuer = escape(&dose.issuer);
    let given = times::to_hl7(dose.given, &ways.zone);
    let day = |day: jiff::civil::Date| day.strftime("%Y%m%d").to_string();
    let text = |text: &Option<String>| escape(text.as_deref().unwrap_or_default());
    let name = format!("{}^{}^^^^^L", escape(&person.family), escape(&person.given));
    let document = person.document.as_ref().map_or(String::new(), |of| format!("~{}^^^^NI", escape(of)));
    let sex = match person.sex {
        Some(Sex::Female) => "F",
        Some(Sex::Male) => "M",
        None => "U",
    };
    out.push_str(&segment(
        "PID",
        &[
            (1, "1".to_owned()),
            (3, format!("{}^^^{issuer}^PI{document}", escape(&person.id))),
            (5, name),
            (7, person.born.map_or(String::new(), day)),
            (8, sex.to_owned()),
        ],
    ));
    out.push_str(&segment("ORC", &[(1, "RE".to_owned()), (3, format!("{}^{issuer}", escape(&dose.id)))]));
    // An amount that nobody wrote down is 999 there.
    let (amount, unit) =
        dose.hundredths_ml.map_or(("999".to_owned(), ""), |amount| (written(amount), "mL^milliliter^UCUM"));
    out.push_str(&segment(
        "RXA",
        &[
            (1, "0".to_owned()),
            (2, "1".to_owned()),
            (3, given.clone()),
            (4, given.clone()),
            (5, format!("{}^{}^CVX", escape(&dose.cvx), escape(&dose.vaccine))),
            (6, amount),
            (7, unit.to_owned()),
            (9, "00^New immunization record^NIP001".to_owned()),
            (11, dose.site.as_ref().map_or(String::new(), |site| format!("^^^{}", escape(site)))),
            (15, text(&dose.lot)),
            (16, dose.expires.map_or(String::new(), day)),
            (20, "CP".to_owned()),
            (21, "A".to_owned()),
        ],
    ));
    if let Some(nth) = dose.nth {
        out.push_str(&segment(
            "OBX",
            &[
                (1, "1".to_owned()),
                (2, "NM".to_owned()),
                (3, "30973-2^Dose number in series^LN".to_owned()),
                (4, "1".to_owned()),
                (5, nth.to_string()),
                (6, "NA^Not applicable^HL70353".to_owned()),
                (11, "F".to_owned()),
                (14, given),
            ],
        ));
    }
    out
}
