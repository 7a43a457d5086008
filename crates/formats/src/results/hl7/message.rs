//! A message: segments, fields, repetitions, components, subcomponents. It keeps the text and splits when asked, so that a
//! message of nothing but separators takes no more than its bytes.

use super::super::Problem;

/// The characters by which a message is split, as its first segment names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    /// Between fields.
    pub field: char,
    /// Between components.
    pub component: char,
    /// Between repetitions.
    pub repetition: char,
    /// Before and after an escape.
    pub escape: char,
    /// Between subcomponents.
    pub sub: char,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// By what it is split.
    pub delimiters: Delimiters,
    segments: Vec<Segment>,
}

/// A line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    text: String,
}

/// A field or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Part<'m> {
    text: &'m str,
    delimiters: Delimiters,
}

/// Segments of one message: a hundred tubes have some five hundred.
const SEGMENTS_MAX: usize = 20_000;

impl Message {
    /// Splits a text into segments. They end with CR; a file's LF is taken too.
    ///
    /// # Errors
    /// It does not begin with MSH, the delimiters are not five different signs, or a line is no segment.
    pub fn parse(text: &str) -> Result<Message, Problem> {
        let text = text.trim_start_matches(['\u{feff}', '\r', '\n']);
        let Some(rest) = text.strip_prefix("MSH") else { return Err(Problem::NoMessage) };
        let delimiters = Delimiters::of(rest).ok_or(Problem::Delimiters)?;
        let mut segments = Vec::new();
        for line in text.split(['\r', '\n']).filter(|line| !line.is_empty()) {
            let name: Vec<u8> = line.bytes().take(3).collect();
            let named = name.len() == 3
                && name[0].is_ascii_uppercase()
                && name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            if !named || line[3..].chars().next().is_some_and(|letter| letter != delimiters.field) {
                return Err(Problem::SegmentUnknown);
            }
            if segments.len() == SEGMENTS_MAX {
                return Err(Problem::TooLarge);
            }
            segments.push(Segment { text: line.to_owned() });
        }
        Ok(Message { delimiters, segments })
    }

    /// The segments in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The header.
    pub fn header(&self) -> &Segment {
        &self.segments[0]
    }

    /// A field of a segment, from 1; empty where there is none.
    pub fn field<'m>(&'m self, segment: &'m Segment, number: usize) -> Part<'m> {
        let d = self.delimiters;
        // MSH-1 is the separator itself, so that MSH-2 is what stands behind the first.
        let nth = if segment.name() == "MSH" { number.saturating_sub(1) } else { number };
        Part { text: segment.text.split(d.field).nth(nth).unwrap_or_default(), delimiters: d }
    }
}

impl Segment {
    /// Its three letters.
    pub fn name(&self) -> &str {
        &self.text[..3]
    }
}

impl Delimiters {
    /// Those of what stands behind `MSH`.
    fn of(rest: &str) -> Option<Delimiters> {
        let mut signs = rest.chars();
        let field = signs.next()?;
        let named: Vec<char> = signs.take_while(|sign| ![field, '\r', '\n'].contains(sign)).take(6).collect();
        // A fifth sign is of later versions.
        let [component, repetition, escape, sub] = named.get(..4)?.try_into().ok()?;
        let all = [field, component, repetition, escape, sub];
        let signs = all.iter().all(|sign| sign.is_ascii_punctuation() && *sign != '\u{b}');
        let different = (1..all.len()).all(|at| !all[..at].contains(&all[at]));
        (signs && different && named.len() <= 5).then_some(Delimiters {
            field,
            component,
            repetition,
            escape,
            sub,
        })
    }
}

impl<'m> Part<'m> {
    /// As it is written.
    pub fn raw(self) -> &'m str {
        self.text
    }

    /// Whether nothing is said; `""` says that a value is taken away, which is no value either.
    pub fn is_empty(self) -> bool {
        self.text.is_empty() || self.text == "\"\""
    }

    /// The repetitions of a field.
    pub fn repetitions(self) -> impl Iterator<Item = Part<'m>> {
        self.text.split(self.delimiters.repetition).map(move |text| Part { text, ..self })
    }

    /// The first repetition.
    pub fn first(self) -> Part<'m> {
        self.nth(self.delimiters.repetition, 1)
    }

    /// A component of the first repetition, from 1.
    pub fn component(self, number: usize) -> Part<'m> {
        self.first().nth(self.delimiters.component, number)
    }

    /// A subcomponent of a component, from 1.
    pub fn part(self, number: usize) -> Part<'m> {
        self.nth(self.delimiters.sub, number)
    }

    fn nth(self, sign: char, number: usize) -> Part<'m> {
        Part { text: self.text.split(sign).nth(number - 1).unwrap_or_default(), ..self }
    }

    /// The text that is meant: escapes undone, `""` empty. Highlighting is left out, `\.br\` is a line's end; an escape of an
    /// application's own stays as it is.
    ///
    /// # Errors
    /// `\X…\` is no hexadecimal, or no text in UTF-8.
    pub fn text(self) -> Result<String, Problem> {
        if self.text == "\"\"" {
            return Ok(String::new());
        }
        let d = self.delimiters;
        let mut said = String::with_capacity(self.text.len());
        let mut rest = self.text;
        while let Some(at) = rest.find(d.escape) {
            said.push_str(&rest[..at]);
            let after = &rest[at + d.escape.len_utf8()..];
            let Some((name, left)) = after.split_once(d.escape) else {
                // A single escape sign escapes nothing.
                said.push_str(&rest[at..]);
                return Ok(said);
            };
            match name {
                "F" => said.push(d.field),
                "S" => said.push(d.component),
                "T" => said.push(d.sub),
                "R" => said.push(d.repetition),
                "E" => said.push(d.escape),
                "H" | "N" => {}
                ".br" | ".sp" => said.push('\n'),
                _ => match name.strip_prefix('X') {
                    Some(figures) => said.push_str(&hexadecimal(figures)?),
                    None => {
                        said.push(d.escape);
                        said.push_str(name);
                        said.push(d.escape);
                    }
                },
            }
            rest = left;
        }
        said.push_str(rest);
        Ok(said)
    }
}

fn hexadecimal(figures: &str) -> Result<String, Problem> {
    let digits: Vec<u8> = figures
        .chars()
        .map(|figure| figure.to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()
        .ok_or(Problem::EscapeWrong)?;
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return Err(Problem::EscapeWrong);
    }
    let bytes = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    String::from_utf8(bytes).map_err(|_| Problem::EscapeWrong)
}

/// A text between the usual delimiters.
pub fn escape(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' => said.push_str("\\F\\"),
            '^' => said.push_str("\\S\\"),
            '&' => said.push_str("\\T\\"),
            '~' => said.push_str("\\R\\"),
            '\\' => said.push_str("\\E\\"),
            letter if letter.is_ascii_control() => said.push_str(&format!("\\X{:02X}\\", letter as u32)),
            letter => said.push(letter),
        }
    }
    // Two quotation marks alone would take a value away.
    if said == "\"\"" { "\"\\X22\\".to_owned() } else { said }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Message {
        Message::parse(text).unwrap()
    }

    #[test]
    fn a_message_is_split_by_the_signs_that_it_names() {
        let message = first("MSH*:;!%*LAB*X\rOBX*1*a:b%c;d\r");
        let obx = &message.segments()[1];
        assert_eq!(message.field(message.header(), 1).raw(), "MSH");
        assert_eq!(message.field(message.header(), 2).raw(), ":;!%");
        assert_eq!(message.field(message.header(), 3).raw(), "LAB");
        assert_eq!(message.field(obx, 2).component(2).part(2).raw(), "c");
        assert_eq!(message.field(obx, 2).repetitions().count(), 2);
        assert_eq!(message.field(obx, 9).raw(), "");
    }

    #[test]
    fn escapes_are_undone() {
        let message = first(
            "MSH|^~\\&|\\F\\\\S\\\\T\\\\R\\\\E\\|\\XE998B4\\|a\\.br\\b\\H\\c\\N\\|\\Zx\\ \\ |\\X9\\|\"\"\r",
        );
        let said = |number| message.field(message.header(), number).text();
        assert_eq!(said(3).unwrap(), "|^&~\\");
        assert_eq!(said(4).unwrap(), "阴");
        assert_eq!(said(5).unwrap(), "a\nbc");
        assert_eq!(said(6).unwrap(), "\\Zx\\ \\ ");
        assert_eq!(said(7), Err(Problem::EscapeWrong));
        assert_eq!(said(8).unwrap(), "");
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for (text, problem) in [
            ("", Problem::NoMessage),
            ("PID|1", Problem::NoMessage),
            ("MSH", Problem::Delimiters),
            ("MSH|^~\\|", Problem::Delimiters),
            ("MSH|^^\\&|", Problem::Delimiters),
            ("MSHAB~\\&A", Problem::Delimiters),
            ("MSH|^~\\&|\robx|1", Problem::SegmentUnknown),
            ("MSH|^~\\&|\rOBX^1", Problem::SegmentUnknown),
            ("MSH|^~\\&|\r阴性", Problem::SegmentUnknown),
        ] {
            assert_eq!(Message::parse(text), Err(problem), "{text}");
        }
        assert!(Message::parse("\u{feff}\r\nMSH|^~\\&#|\r\n\r\nPID\r\n").is_ok());
    }
}
