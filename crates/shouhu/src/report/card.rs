//! A card: one figure of all runs side by side, as numbers and bars.

use super::{number, sheet::Sheet, voice::Voice};
use std::fmt::Write;

/// One figure of all runs. Texts are HTML.
pub(super) struct Card {
    /// What is shown.
    pub title: String,
    /// What it means, if that needs a sentence.
    pub hint: String,
    /// One for each run.
    pub rows: Vec<Row>,
    /// A value that is a limit or an aim, with its label.
    pub mark: Option<(f64, String)>,
    /// How far the bars of the cards beside it reach, where they are to be compared; else 0.
    pub reach: f64,
    /// Given the room of two.
    pub wide: bool,
}

/// One run's value.
pub(super) struct Row {
    /// Class of its colour.
    pub colour: usize,
    /// What it is called.
    pub name: String,
    /// The value, as long as its bar; `None` where nobody was measured.
    pub value: Option<f64>,
    /// The value as text.
    pub shown: String,
    /// Beside it, smaller.
    pub beside: String,
    /// Its interval.
    pub interval: Option<[f64; 2]>,
    /// What is to be said of it.
    pub chips: Vec<Chip>,
}

/// A judgement in a sign and a few words; colour only repeats it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Chip {
    /// Better, or as it should be.
    Good(String),
    /// Worse, or not as it should be.
    Bad(String),
    /// Neither.
    Same(String),
}

/// Whose words tell a difference.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Less and more; less is better.
    Amount,
    /// Earlier and later; earlier is better.
    Moment,
}

impl Chip {
    fn html(&self) -> String {
        let (class, sign, text) = match self {
            Chip::Good(text) => ("good", "✓", text),
            Chip::Bad(text) => ("bad", "✗", text),
            Chip::Same(text) => ("same", "≈", text),
        };
        format!(r#"<span class="chip {class}">{sign} {text}</span>"#)
    }
}

impl Card {
    /// Says of the last of two runs how it differs from the first, or which of many is best. `with_unit` gives a
    /// difference its unit.
    pub fn judged(mut self, voice: Voice, kind: Kind, with_unit: &dyn Fn(f64) -> String) -> Card {
        match self.rows.as_mut_slice() {
            [] | [_] => {}
            [first, last] => {
                if let (Some(before), Some(now)) = (first.value, last.value) {
                    last.chips.push(difference(voice, kind, now - before, apart(first, last), with_unit));
                }
            }
            many => {
                let values: Vec<f64> = many.iter().filter_map(|row| row.value).collect();
                let best = values.iter().copied().fold(f64::INFINITY, f64::min);
                let shown = |value: f64| number::short(value);
                if values.iter().any(|value| shown(*value) != shown(best)) {
                    for row in many
                        .iter_mut()
                        .filter(|row| row.value.is_some_and(|value| shown(value) == shown(best)))
                    {
                        row.chips.push(Chip::Good(voice.word("report.chip.best")));
                    }
                }
            }
        }
        self
    }

    /// The card.
    pub fn html(&self) -> String {
        let values = self.rows.iter().flat_map(|row| [row.value, row.interval.map(|interval| interval[1])]);
        let longest =
            values.chain([self.mark.as_ref().map(|mark| mark.0)]).flatten().filter(|value| value.is_finite());
        let scale = longest.fold(self.reach, f64::max);
        let share = |value: f64| number::place(if scale > 0.0 { value / scale } else { 0.0 });
        // A bar says something beside another, or beside a mark.
        let compares = self.rows.len() > 1 || self.mark.is_some();
        let class = if self.wide { "card wide" } else { "card" };
        let mut html = format!(r#"<section class="{class}"><h3>{}</h3>"#, self.title);
        if !self.hint.is_empty() {
            let _ = write!(html, r#"<p class="hint">{}</p>"#, self.hint);
        }
        html.push_str("<ul>");
        for row in &self.rows {
            let Row { colour, name, beside, .. } = row;
            // The number stands out from its unit.
            let (figure, unit) = row.shown.split_once(' ').unwrap_or((&row.shown, ""));
            let shown = format!("<b>{figure}</b> {unit}");
            let chips: String = row.chips.iter().map(Chip::html).collect();
            let bar = row
                .value
                .filter(|value| *value > 0.0)
                .map(|value| format!(r#"<i class="fill" style="width:{}"></i>"#, share(value)));
            let interval = row.interval.map(|[low, high]| {
                let width = number::place((high - low).max(0.0) / scale.max(f64::MIN_POSITIVE));
                format!(r#"<i class="interval" style="left:{};width:{width}"></i>"#, share(low))
            });
            let mark = self
                .mark
                .as_ref()
                .map(|mark| format!(r#"<i class="mark" style="left:{}"></i>"#, share(mark.0)));
            let track = [bar, interval, mark].into_iter().flatten().collect::<String>();
            let track = format!(r#"<span class="track" aria-hidden="true">{track}</span>"#);
            let track = if compares { track } else { String::new() };
            let beside = if beside.is_empty() { String::new() } else { format!(" <small>{beside}</small>") };
            let _ = write!(
                html,
                r#"<li class="c{colour}"><span class="who">{name}</span> <span class="value">{shown}{beside}</span>
{track}{chips}</li>"#,
            );
        }
        html.push_str("</ul>");
        if let Some((_, label)) = &self.mark {
            let _ = write!(html, r#"<p class="marked"><i class="mark" aria-hidden="true"></i>{label}</p>"#);
        }
        html.push_str("</section>");
        html
    }
}

impl Sheet<'_> {
    /// A row of a run, without value.
    pub fn row(&self, voice: Voice, run: usize) -> Row {
        let name = super::voice::escape(&voice.run(&self.report.runs[run].name));
        let name = if self.compares() { format!("{}{name}", self.swatch(run)) } else { String::new() };
        Row {
            colour: self.colour(run),
            name,
            value: None,
            shown: number::NONE.to_owned(),
            beside: String::new(),
            interval: None,
            chips: Vec::new(),
        }
    }
}

/// Whether two values differ by more than chance; without intervals, whether they differ.
fn apart(a: &Row, b: &Row) -> bool {
    match (a.interval, b.interval) {
        (Some(a), Some(b)) => a[1] < b[0] || b[1] < a[0],
        _ => true,
    }
}

fn difference(voice: Voice, kind: Kind, more: f64, apart: bool, with_unit: &dyn Fn(f64) -> String) -> Chip {
    if !apart || number::short(more) == "0" {
        return Chip::Same(voice.word("report.chip.same"));
    }
    let by = with_unit(more.abs());
    let key = match (kind, more > 0.0) {
        (Kind::Amount, false) => "report.chip.less",
        (Kind::Amount, true) => "report.chip.more",
        (Kind::Moment, false) => "report.chip.earlier",
        (Kind::Moment, true) => "report.chip.later",
    };
    let text = voice.say(key, &[("n", &by)]);
    if more > 0.0 { Chip::Bad(text) } else { Chip::Good(text) }
}
