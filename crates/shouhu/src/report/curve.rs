//! Curves as SVG paths: whole units, relative steps, and no point that the eye would not miss.

use super::axis::Axis;
use std::fmt::Write;

/// Units across and down the drawing in which all curves are written.
pub(super) const VIEW: f64 = 2000.0;
/// A point closer than this to the line through its neighbours is left out, in units.
const CLOSE: f64 = 1.0;

type Point = (f64, f64);

/// Values at whole steps from `first`, as points of the drawing.
pub(super) fn points(values: &[f64], first: f64, x: &Axis, y: &Axis) -> Vec<Point> {
    let at = |(step, value): (usize, &f64)| place((first + step as f64, *value), x, y);
    let all: Vec<Point> = values
        .iter()
        .enumerate()
        .filter(|(step, value)| value.is_finite() && first + *step as f64 <= x.high)
        .map(at)
        .collect();
    simplified(&all)
}

/// One point of the drawing.
pub(super) fn place(point: Point, x: &Axis, y: &Axis) -> Point {
    ((x.share(point.0) * VIEW).round(), ((1.0 - y.share(point.1)) * VIEW).round())
}

/// An open line.
pub(super) fn line(points: &[Point]) -> String {
    let mut path = String::new();
    let mut last: Option<Point> = None;
    for &(x, y) in points {
        let _ = match last {
            None => write!(path, "M{x} {y}"),
            Some((before_x, before_y)) => write!(path, "l{} {}", x - before_x, y - before_y),
        };
        last = Some((x, y));
    }
    path
}

/// The surface between a line and the bottom.
pub(super) fn area(points: &[Point]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    format!("{}L{} {VIEW}H{}z", line(points), last.0, first.0)
}

/// The surface between two lines over the same steps.
pub(super) fn band(low: &[Point], high: &[Point]) -> String {
    let mut around = high.to_vec();
    around.extend(low.iter().rev());
    if around.is_empty() { String::new() } else { format!("{}z", line(&around)) }
}

/// Leaves out points that lie on the line through their neighbours (Ramer, Douglas and Peucker, measured upright,
/// since the curves are functions of time).
fn simplified(points: &[Point]) -> Vec<Point> {
    let Some(last) = points.len().checked_sub(1) else { return Vec::new() };
    let mut keep = vec![false; points.len()];
    keep[0] = true;
    keep[last] = true;
    let mut spans = vec![(0, last)];
    while let Some((from, to)) = spans.pop() {
        let (start, end) = (points[from], points[to]);
        let slope = (end.1 - start.1) / (end.0 - start.0).max(1.0);
        let away = |place: &usize| (points[*place].1 - start.1 - slope * (points[*place].0 - start.0)).abs();
        let farthest = (from + 1..to).max_by(|a, b| away(a).total_cmp(&away(b)));
        if let Some(place) = farthest.filter(|place| away(place) > CLOSE) {
            keep[place] = true;
            spans.push((from, place));
            spans.push((place, to));
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes() -> (Axis, Axis) {
        (Axis { low: 0.0, high: 10.0, ticks: vec![] }, Axis { low: 0.0, high: 100.0, ticks: vec![] })
    }

    #[test]
    fn a_straight_line_is_two_points() {
        let (x, y) = axes();
        let values: Vec<f64> = (0..=10).map(|step| f64::from(step) * 10.0).collect();
        assert_eq!(line(&points(&values, 0.0, &x, &y)), "M0 2000l2000 -2000");
    }

    #[test]
    fn a_corner_is_kept() {
        let (x, y) = axes();
        let values = [0.0, 0.0, 0.0, 50.0, 50.0];
        assert_eq!(points(&values, 0.0, &x, &y).len(), 4);
    }

    #[test]
    fn what_is_not_a_number_is_not_drawn() {
        let (x, y) = axes();
        assert_eq!(line(&points(&[f64::NAN, f64::INFINITY], 0.0, &x, &y)), "");
        assert_eq!(area(&[]), "");
        assert_eq!(band(&[], &[]), "");
    }

    #[test]
    fn an_area_stands_on_the_bottom() {
        assert_eq!(area(&[(0.0, 500.0), (100.0, 700.0)]), "M0 500l100 200L100 2000H0z");
    }
}
