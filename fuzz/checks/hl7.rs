//! Messages of HL7 v2.5.1, alone, in files and on a wire.

use formats::results::{
    LabReport, ProblemNote, Ways,
    hl7::{self, Code, Header, mllp},
};

/// What must hold for any bytes.
pub fn check(bytes: &[u8]) {
    let ways = Ways::default();
    let file = hl7::read_file(bytes, &ways);
    // Nothing is dropped in silence, and what is said is bounded by what came.
    assert!(file.refused == 0 || !file.notes.is_empty());
    let said: usize = file.notes.iter().flat_map(|note| &note.args).map(|(_, value)| value.len()).sum();
    assert!(said <= 4096 + 512 * bytes.len());
    let _ = hl7::read_ack(bytes);
    let say = |note: &ProblemNote| note.code().to_owned();
    let answer = hl7::ack(bytes, &Header::default(), &ways, Code::Error, &file.notes, &say);
    assert!(hl7::read_ack(answer.as_bytes()).is_ok());
    if file.taken.is_empty() {
        return wire(bytes);
    }
    // What was read is read again as the same from what is written of it.
    let reports: Vec<LabReport> = file.taken.into_iter().map(|taken| taken.report).collect();
    let written = hl7::oru(&reports, &Header { id: "1".to_owned(), ..Header::default() }, &ways);
    let again = hl7::read_oru(written.as_bytes(), 1, &ways);
    assert_eq!(again.taken.len(), reports.len(), "{:?}", again.notes);
    for (taken, report) in again.taken.iter().zip(&reports) {
        assert_eq!(
            (&taken.report.tube, taken.report.finding, taken.report.status),
            (&report.tube, report.finding, report.status)
        );
    }
    wire(bytes);
}

/// The same bytes as they come over a wire.
fn wire(bytes: &[u8]) {
    let mut decoder = mllp::Decoder::default();
    for part in bytes.chunks(7) {
        decoder.push(part);
    }
    decoder.close();
    let mut came = 0;
    while let Some(one) = decoder.take() {
        came += if let mllp::Came::Message(message) = one { message.len() } else { 0 };
    }
    assert!(came <= bytes.len());
}
