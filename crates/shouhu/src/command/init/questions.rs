//! The seven questions in the terminal, one line each, with what is usual in brackets.

use crate::speak::Speaker;
use domain::Notes;
use jiff::civil::Date;
use scenario::Answers;
use std::io::BufRead;

/// Who asks, and where the lines come from.
pub(super) struct Questions<'q> {
    pub speaker: Speaker,
    pub lines: &'q mut dyn BufRead,
    pub say: &'q dyn Fn(&str),
}

/// A question: its words, what is usual, the fields that it fills, and how.
struct Question {
    key: &'static str,
    usual: String,
    fields: &'static [&'static str],
    fill: fn(&mut Answers, &str),
}

impl Questions<'_> {
    /// Asks what is not given yet, again where an answer will not do; `None` if the lines end before.
    pub fn ask(&mut self, given: Answers, day: Date) -> Option<Answers> {
        let mut answers = given;
        for question in questions(day) {
            if is_answered(&answers, question.fields) {
                continue;
            }
            loop {
                let services = scenario::services().join(", ");
                let args = [("usual", question.usual.as_str()), ("services", services.as_str())];
                (self.say)(&format!("{} ", self.speaker.say(question.key, &args)));
                let mut line = String::new();
                if self.lines.read_line(&mut line).ok()? == 0 {
                    return None;
                }
                let line = line.trim();
                (question.fill)(&mut answers, if line.is_empty() { &question.usual } else { line });
                let notes = about(answers.check(), question.fields);
                if !notes.refuses() {
                    break;
                }
                (self.say)(&self.speaker.notes_as_text(&notes));
            }
        }
        Some(answers)
    }
}

fn questions(day: Date) -> [Question; 7] {
    let question = |key, usual: &str, fields, fill| Question { key, usual: usual.to_owned(), fields, fill };
    [
        question("ask.service", "screening", &["service"], |answers, line| answers.service = line.to_owned()),
        question("ask.people", "4000", &["people", "households"], fill_homes),
        question("ask.when", &format!("{day} 07:00-13:00"), &["date", "opens", "closes"], fill_when),
        question("ask.staff", "16", &["staff"], |answers, line| answers.staff = Some(number(line))),
        question("ask.reach", "doors", &["reach"], |answers, line| answers.reach = line.to_owned()),
        question("ask.room", "200", &["room"], |answers, line| answers.room = Some(number(line))),
        question("ask.wait", "20", &["wait"], |answers, line| answers.wait = Some(number(line))),
    ]
}

/// Whether anything was given for a question; what is given and wrong is refused at the end, as it stands.
fn is_answered(answers: &Answers, fields: &[&str]) -> bool {
    fields.iter().any(|field| match *field {
        "service" => !answers.service.is_empty(),
        "people" => answers.people.is_some(),
        "households" => answers.households.is_some(),
        "date" => !answers.date.is_empty(),
        "staff" => answers.staff.is_some(),
        "reach" => !answers.reach.is_empty(),
        "room" => answers.room.is_some(),
        "wait" => answers.wait.is_some(),
        _ => false,
    })
}

/// `4000`, or `1500 households`, `1500 户`.
fn fill_homes(answers: &mut Answers, line: &str) {
    let digits: String = line.chars().take_while(|letter| !letter.is_alphabetic()).collect();
    let rest = line[digits.len()..].to_lowercase();
    let homes = rest.starts_with('h') || rest.starts_with('户');
    (answers.people, answers.households) =
        if homes { (None, Some(number(&digits))) } else { (Some(number(&digits)), None) };
}

/// `2026-12-01 07:00-13:00`, or to another day `2026-12-01 07:00 - 2026-12-03T13:00`.
fn fill_when(answers: &mut Answers, line: &str) {
    let (date, times) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (opens, closes) = times.split_once(['-', '–', '—', '~']).unwrap_or((times, ""));
    answers.date = date.to_owned();
    answers.opens = opens.trim().to_owned();
    answers.closes = closes.trim().to_owned();
}

/// A number with or without commas between thousands; what is none is no number in any range.
fn number(text: &str) -> f64 {
    text.replace([',', ',', ' '], "").parse().unwrap_or(f64::NAN)
}

/// The notes on these fields.
fn about(notes: Notes, fields: &[&str]) -> Notes {
    let of = |column: &Option<String>| column.as_deref().is_some_and(|column| fields.contains(&column));
    Notes(notes.0.into_iter().filter(|note| of(&note.place.column)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn asked(given: Answers, typed: &str) -> (Option<Answers>, String) {
        let said = RefCell::new(String::new());
        let mut lines = typed.as_bytes();
        let say = |text: &str| said.borrow_mut().push_str(text);
        let speaker = Speaker::new(Some(words::Language::En));
        let answers =
            Questions { speaker, lines: &mut lines, say: &say }.ask(given, jiff::civil::date(2026, 12, 1));
        (answers, said.into_inner())
    }

    #[test]
    fn seven_empty_lines_take_what_is_usual() {
        let (answers, said) = asked(Answers::default(), "\n\n\n\n\n\n\n");
        let answers = answers.unwrap();
        assert_eq!(answers.check(), Notes::default());
        assert_eq!(
            (answers.service.as_str(), answers.people, answers.staff),
            ("screening", Some(4_000.0), Some(16.0))
        );
        assert_eq!((answers.date.as_str(), answers.closes.as_str()), ("2026-12-01", "13:00"));
        assert_eq!(said.matches("[").count(), 7, "{said}");
    }

    #[test]
    fn a_wrong_answer_is_asked_again_and_a_given_one_is_not() {
        let given = Answers { service: "flu-clinic".to_owned(), ..Answers::default() };
        let typed =
            "1,500 households\n2026-12-02 08:00\n2026-12-02 08:00-12:30\nmany\n40\ndoor\nchat\n100\n15\n";
        let (answers, said) = asked(given, typed);
        let answers = answers.unwrap();
        assert_eq!((answers.people, answers.households), (None, Some(1_500.0)));
        assert_eq!((answers.staff, answers.reach.as_str(), answers.wait), (Some(40.0), "chat", Some(15.0)));
        assert_eq!(said.matches("answers:").count(), 3, "{said}");
    }

    #[test]
    fn lines_that_end_are_no_answers() {
        assert_eq!(asked(Answers::default(), "screening\n").0, None);
    }
}
