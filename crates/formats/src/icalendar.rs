//! iCalendar (RFC 5545): somebody's shifts, for the calendar of their telephone.

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What it is of.
    pub name: String,
    /// What is in it.
    pub events: Vec<Event>,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The same for the same thing, so that a calendar that is read again replaces it.
    pub id: String,
    /// When it begins, in UTC: `20220327T230000Z`.
    pub from_utc: String,
    /// When it ends.
    pub until_utc: String,
    /// What it is.
    pub summary: String,
    /// Where.
    pub place: String,
    /// What to know; may be empty.
    pub text: String,
}

/// Bytes of a line; longer ones are folded.
const LINE_MAX: usize = 75;

impl Calendar {
    /// The calendar as a file. The time stamp that each event must have is its own beginning: the same roster gives the same bytes.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut line = |text: String| fold(&text, &mut out);
        line("BEGIN:VCALENDAR".to_owned());
        line("VERSION:2.0".to_owned());
        line("PRODID:-//shouhu//roster//EN".to_owned());
        line("METHOD:PUBLISH".to_owned());
        line(format!("X-WR-CALNAME:{}", escaped(&self.name)));
        for event in &self.events {
            line("BEGIN:VEVENT".to_owned());
            line(format!("UID:{}@shouhu", escaped(&event.id)));
            line(format!("DTSTAMP:{}", event.from_utc));
            line(format!("DTSTART:{}", event.from_utc));
            line(format!("DTEND:{}", event.until_utc));
            line(format!("SUMMARY:{}", escaped(&event.summary)));
            line(format!("LOCATION:{}", escaped(&event.place)));
            if !event.text.is_empty() {
                line(format!("DESCRIPTION:{}", escaped(&event.text)));
            }
            line("END:VEVENT".to_owned());
        }
        line("END:VCALENDAR".to_owned());
        out
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A line, folded between letters where it is too long; its end is CR LF.
fn fold(text: &str, out: &mut String) {
    let mut width = 0;
    for letter in text.chars() {
        if width + letter.len_utf8() > LINE_MAX {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(letter);
        width += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_is_folded_and_escaped_as_rfc_5545_asks() {
        let event = Event {
            id: "2022-03-28-1-2".to_owned(),
            from_utc: "20220327T230000Z".to_owned(),
            until_utc: "20220328T010000Z".to_owned(),
            summary: "Calling, gate 1; east".to_owned(),
            place: "都市阳光花园".repeat(5),
            text: "Drink.\nRest.".to_owned(),
        };
        let text = Calendar { name: "a\\b".to_owned(), events: vec![event] }.text();
        assert!(
            text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n")
        );
        assert!(text.contains("X-WR-CALNAME:a\\\\b\r\n"), "{text}");
        assert!(text.contains("SUMMARY:Calling\\, gate 1\\; east\r\n"), "{text}");
        assert!(text.contains("DESCRIPTION:Drink.\\nRest.\r\n"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(&format!("LOCATION:{}\r\n", "都市阳光花园".repeat(5))));
    }
}
