//! `notice.toml` and `questions.csv`: what a community tells its residents besides what `scenario.toml` knows.

use crate::reader::{Context, Field, Limits, Section};
use crate::service::card::read_text;
use crate::sheet::Grouped;
use crate::tables::{self, Cells, TABLES};
use crate::value;
use domain::notice::{AskedIn, NoticeKind, OwnRules, Question};
use domain::{Place, Text};

/// The file.
pub(crate) const FILE: &str = "notice.toml";
/// Where residents' questions may stand.
pub(crate) const QUESTIONS: [&str; 2] = ["questions.csv", "questions.xlsx"];
/// Characters of an address, as much as a code on paper takes.
const LINK_MAX: usize = 300;
/// Sentences of one kind of notice: more than fit on a sheet are no notice.
const MORE_MAX: usize = 20;
/// Codes of one area: a list of a country, a province and a company or two.
const AREA_CODES_MAX: usize = 8;
/// Questions of one community that are answered in one notice.
const QUESTIONS_MAX: usize = 2_000;
/// Characters of a question or an answer.
const QUESTION_MAX: usize = 600;

/// The community's own rules; those of nobody where it has none.
pub(crate) fn read_own_rules(context: &Context<'_>) -> OwnRules {
    let mut rules = read_notice(context);
    (rules.questions, rules.asked_in) = read_questions(context);
    rules
}

/// What `notice.toml` alone says.
pub(crate) fn read_notice(context: &Context<'_>) -> OwnRules {
    let tree = context.file(FILE).and_then(|bytes| value::parse(context, FILE, bytes));
    let mut rules = OwnRules::default();
    if let Some(tree) = &tree {
        let mut section = Section::top(context, FILE, tree);
        if crate::format::check_format(&mut section).is_some() {
            rules = read(section);
        }
    }
    rules
}

fn read(mut section: Section<'_>) -> OwnRules {
    let [issued_by, contact, zone] = ["issued_by", "contact", "zone"]
        .map(|key| section.get(key).and_then(|field| field.name().map(str::to_owned)));
    let days = Limits::new(1.0, 3_650.0);
    let rules = OwnRules {
        issued_by,
        contact,
        zone,
        site: section.get("where").and_then(|field| read_text(&field)),
        link: section.get("link").and_then(|field| link(&field)),
        sender: section.get("sender").and_then(|field| sender(&field)),
        area_codes: section.get("area_codes").map(|field| area_codes(&field)).unwrap_or_default(),
        spacing_m: section.number("spacing_m", Limits::new(0.1, 20.0)),
        every_days: section.number("every_days", days),
        names_kept_days: section.whole("names_kept_days", days),
        more: section.table("more").map(more).unwrap_or_default(),
        ..OwnRules::default()
    };
    section.finish();
    rules
}

fn more(mut section: Section<'_>) -> Vec<(NoticeKind, Text)> {
    let mut all = Vec::new();
    for kind in NoticeKind::ALL {
        let texts = section.get(kind.name()).and_then(|field| field.list(MORE_MAX)).unwrap_or_default();
        all.extend(texts.iter().filter_map(read_text).map(|text| (kind, text)));
    }
    section.finish();
    all
}

fn link(field: &Field<'_>) -> Option<String> {
    let text = field.text()?;
    let sound = (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() <= LINK_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !sound {
        field.error("not_a_link", &[("max", &LINK_MAX)]);
        return None;
    }
    Some(text.to_owned())
}

/// Each as `"GB/T 2260=310115"`.
fn area_codes(field: &Field<'_>) -> Vec<(String, String)> {
    let code = |field: &Field<'_>| {
        let text = field.text()?;
        let code = text.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        let code =
            code.filter(|(name, value)| !name.is_empty() && !value.is_empty() && text.len() <= LINK_MAX);
        if code.is_none() {
            field.error("not_an_area_code", &[]);
        }
        code.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    field.list(AREA_CODES_MAX).unwrap_or_default().iter().filter_map(code).collect()
}

/// As the Common Alerting Protocol takes it.
fn sender(field: &Field<'_>) -> Option<String> {
    let name = field.name()?;
    if name.contains([' ', ',', '<', '&', '\u{3000}']) {
        field.error("not_a_sender", &[]);
        return None;
    }
    Some(name.to_owned())
}

pub(crate) fn read_questions(context: &Context<'_>) -> (Vec<Question>, Option<AskedIn>) {
    let (mut questions, mut asked_in) = (Vec::new(), None);
    let Some((file, bytes)) = QUESTIONS.into_iter().find_map(|name| Some((name, context.file(name)?))) else {
        return (questions, asked_in);
    };
    let table = TABLES.iter().find(|table| table.name == "questions").expect("it is one of them");
    let mut notes = Grouped::new(file);
    let mut too_many = false;
    let mut take = |cells: &Cells<'_>, notes: &mut Grouped| {
        let heading = |column| cells.heading(column).to_owned();
        asked_in.get_or_insert_with(|| AskedIn {
            file: file.to_owned(),
            question: heading("question"),
            answer: heading("answer"),
        });
        let (question, answer) = (cells.text("question").trim(), cells.text("answer").trim());
        if !cells.sound || question.is_empty() {
            return;
        }
        if questions.len() >= QUESTIONS_MAX {
            too_many = true;
            return;
        }
        for (column, text) in [("question", question), ("answer", answer)] {
            if text.chars().count() > QUESTION_MAX {
                let max: [(&str, &dyn std::fmt::Display); 1] = [("max", &QUESTION_MAX)];
                notes.error(Some(cells.number()), cells.heading(column), "question_too_long", &max);
                return;
            }
        }
        let text = |text: &str| (!text.is_empty()).then(|| as_written(text));
        questions.push(Question {
            question: as_written(question),
            answer: text(answer),
            asked_at: text(cells.text("where").trim()),
            place: Place::file(file).row(cells.number()),
        });
    };
    tables::read(table, bytes, &mut notes, &mut |_, _| {}, &mut take);
    context.take_over(notes.finish());
    if too_many {
        context.error(&Place::file(file), "questions_too_many", &[("max", &QUESTIONS_MAX)]);
    }
    (questions, asked_in)
}

/// Sheets are read with plain marks, `,` for `，`; after a Chinese letter people wrote the Chinese one.
fn as_written(text: &str) -> String {
    let mut before = ' ';
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        let mark = match letter {
            _ if before < '\u{2e80}' => letter,
            ',' => '，',
            '?' => '？',
            '!' => '！',
            ':' => '：',
            ';' => '；',
            _ => letter,
        };
        written.push(mark);
        before = mark;
    }
    written
}
