//! One picture: a frame with ticks, curves stretched to whatever size it is shown at, and labels that are not stretched.
//!
//! Curves are drawn in units of their own and scaled by their `viewBox`; all text is placed by percentages beside them,
//! so that it keeps its size from a telephone to a poster.

use super::{
    axis::{Axis, Daytime},
    curve::VIEW,
    number,
    voice::escape,
};
use std::fmt::Write;

/// A picture being drawn. Labels are plain text; the plot escapes them.
pub(super) struct Plot<'a> {
    kind: &'static str,
    x: &'a Axis,
    y: &'a Axis,
    across: Across,
    below: String,
    curves: String,
    above: String,
}

/// What runs from left to right.
#[derive(Clone, Copy, Debug)]
pub(super) enum Across {
    /// Times of day.
    Day(Daytime),
    /// Minutes of waiting.
    Minutes,
}

impl<'a> Plot<'a> {
    /// An empty frame; `kind` is its class, which sets its height.
    pub fn new(kind: &'static str, x: &'a Axis, y: &'a Axis, across: Across) -> Plot<'a> {
        Plot { kind, x, y, across, below: String::new(), curves: String::new(), above: String::new() }
    }

    /// A path drawn before, by its identifier. A name has the read-out tell its values.
    pub fn path(&mut self, id: &str, class: &str, name: Option<&str>) {
        let name = name.map(|name| format!(r#" data-name="{}""#, escape(name))).unwrap_or_default();
        let _ = write!(self.curves, r##"<use href="#{id}" class="{class}"{name}/>"##);
    }

    /// A level across the whole picture, with its label, if it has one.
    pub fn level(&mut self, value: f64, class: &str, label: &str) {
        let (at, label) = (self.y.down(value), escape(label));
        let _ = write!(self.below, r#"<line class="{class}" x1="0" x2="100%" y1="{at}" y2="{at}"/>"#);
        let dy = if self.y.share(value) > 0.9 { 15 } else { -6 };
        if label.is_empty() {
            return;
        }
        let _ = write!(
            self.above,
            r#"<text class="{class}" x="100%" y="{at}" dx="-4" dy="{dy}" text-anchor="end">{label}</text>"#
        );
    }

    /// A moment from top to bottom, with its label, if it has one.
    pub fn moment(&mut self, value: f64, class: &str, label: &str) {
        let (at, label) = (self.x.across(value), escape(label));
        let (anchor, dx) = if self.x.share(value) > 0.6 { ("end", -6) } else { ("start", 6) };
        let _ = write!(self.below, r#"<line class="{class}" x1="{at}" x2="{at}" y1="0" y2="100%"/>"#);
        if label.is_empty() {
            return;
        }
        let _ = write!(
            self.above,
            r#"<text class="{class}" x="{at}" y="0" dx="{dx}" dy="12" text-anchor="{anchor}">{label}</text>"#
        );
    }

    /// A point.
    pub fn dot(&mut self, at: (f64, f64), class: &str) {
        let (x, y) = (self.x.across(at.0), self.y.down(at.1));
        let _ = write!(self.above, r#"<circle class="{class}" cx="{x}" cy="{y}" r="4.5"/>"#);
    }

    /// The picture; `told` is its text alternative, and `unit` follows the values of the read-out.
    pub fn html(self, told: &str, unit: &str) -> String {
        let mut grid = String::new();
        let mut ticks = String::new();
        for tick in &self.y.ticks {
            let at = self.y.down(*tick);
            let _ = write!(grid, r#"<line x1="0" x2="100%" y1="{at}" y2="{at}"/>"#);
            let label = if unit == "%" { format!("{tick:.0} %") } else { number::short(*tick) };
            let _ = write!(ticks, r#"<text x="-8" y="{at}" dy="4" text-anchor="end">{label}</text>"#);
        }
        let many = self.x.ticks.len() > 5;
        for (number, tick) in self.x.ticks.iter().enumerate() {
            let at = self.x.across(*tick);
            let label = match self.across {
                Across::Day(daytime) => daytime.at(*tick),
                Across::Minutes => number::short(*tick),
            };
            let odd = if many && number % 2 == 1 { r#" class="odd""# } else { "" };
            let _ = write!(grid, r#"<line x1="{at}" x2="{at}" y1="100%" y2="100%" class="tick"/>"#);
            let _ =
                write!(ticks, r#"<text x="{at}" y="100%" dy="20" text-anchor="middle"{odd}>{label}</text>"#);
        }
        let opens = match self.across {
            Across::Day(daytime) => format!(r#" data-opens="{}""#, daytime.opens),
            Across::Minutes => String::new(),
        };
        format!(
            r#"<div class="plot {kind}" data-x0="{x0}" data-x1="{x1}" data-y1="{y1}" data-unit="{unit}"{opens}>
<svg role="img" aria-label="{told}"><g class="grid">{grid}</g><g>{below}</g>
<svg class="ink" width="100%" height="100%" viewBox="0 0 {view} {view}" preserveAspectRatio="none">{curves}</svg>
<g class="ticks">{ticks}</g><g class="marks">{above}</g></svg></div>"#,
            kind = self.kind,
            x0 = self.x.low,
            x1 = self.x.high,
            y1 = self.y.high,
            unit = escape(unit),
            told = escape(told),
            view = VIEW,
            below = self.below,
            curves = self.curves,
            above = self.above,
        )
    }
}

/// A path to be used by its identifier.
pub(super) fn define(id: &str, path: &str) -> String {
    format!(r#"<path id="{id}" d="{path}"/>"#)
}
