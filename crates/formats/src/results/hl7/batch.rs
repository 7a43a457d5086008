//! Many messages in a file: FHS and BHS before them, BTS and FTS behind.

use super::{
    super::{Problem, ProblemNote, Reports, Ways, times},
    Header, MESSAGES_MAX,
    message::escape,
    msh,
    oru::read_oru,
};

/// Reads a file of messages, with or without the headers of a batch. The messages are told apart before they are read, so
/// that one in a wrong character set costs no other.
pub fn read_file(bytes: &[u8], ways: &Ways) -> Reports {
    let mut reports = Reports::default();
    let mut number = 0_u32;
    // What the batch that is open counts, and what its trailer says.
    let mut open = 0_u32;
    let mut message: Option<std::ops::Range<usize>> = None;
    let mut full = false;
    let mut take = |range: Option<std::ops::Range<usize>>, reports: &mut Reports| {
        let Some(range) = range else { return };
        number += 1;
        if number as usize > MESSAGES_MAX {
            reports.refused += 1;
            if !full {
                full = true;
                reports.note(msh(number, None), Problem::MessagesTooMany, &[("limit", &MESSAGES_MAX)]);
            }
            return;
        }
        reports.extend(read_oru(&bytes[range], number, ways));
    };
    for (from, line) in lines(bytes) {
        match line.get(..3) {
            Some(b"MSH") => {
                take(message.replace(from..from + line.len()), &mut reports);
                open += 1;
            }
            Some(b"FHS" | b"BHS" | b"BTS" | b"FTS") if line.get(3).is_none_or(u8::is_ascii_punctuation) => {
                take(message.take(), &mut reports);
                if line.starts_with(b"BTS") {
                    let sign = line.get(3).copied().unwrap_or(b'|');
                    let said = line.split(|byte| *byte == sign).nth(1).unwrap_or_default();
                    let said =
                        std::str::from_utf8(said).ok().and_then(|said| said.trim().parse::<u32>().ok());
                    if let Some(said) = said.filter(|said| *said != open) {
                        reports.notes.push(ProblemNote::new(
                            super::super::Place::Whole,
                            Problem::BatchCount,
                            &[("said", &said), ("found", &open)],
                        ));
                    }
                    open = 0;
                }
            }
            // A line of the message before it; without one it is read as a message, which says what is wrong.
            _ => match &mut message {
                Some(range) => range.end = from + line.len(),
                None => message = Some(from..from + line.len()),
            },
        }
    }
    take(message, &mut reports);
    if reports == Reports::default() {
        reports.note(msh(1, None), Problem::NoMessage, &[]);
    }
    reports
}

/// Lines that say something, and where they begin.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let bytes_of_mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut from = bytes_of_mark;
    bytes[bytes_of_mark..].split(|byte| [b'\r', b'\n'].contains(byte)).filter_map(move |line| {
        let at = from;
        from += line.len() + 1;
        (!line.is_empty()).then_some((at, line))
    })
}

/// Messages as one file of one batch.
pub fn batch<'m>(messages: impl IntoIterator<Item = &'m str>, header: &Header, ways: &Ways) -> String {
    let named = |name: &str| {
        let at = times::to_hl7(header.at, &ways.zone);
        let [a, b, c, d] =
            [&header.application, &header.facility, &header.to_application, &header.to_facility]
                .map(|text| escape(text));
        format!("{name}|^~\\&|{a}|{b}|{c}|{d}|{at}||||{}\r", escape(&header.id))
    };
    let mut out = named("FHS") + &named("BHS");
    let mut count = 0_usize;
    for message in messages {
        out.push_str(message);
        count += 1;
    }
    out + &format!("BTS|{count}\rFTS|1\r")
}
