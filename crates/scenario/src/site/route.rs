//! `next`: where people go after a station.

use crate::reader::{Field, Limits};
use domain::Place;

/// Ways on from one station, each class its own: far more than a site has stations.
const WAYS_MAX: usize = 256;

/// A way whose end and class are still names.
pub(crate) struct WayDraft<'a> {
    pub to: Field<'a>,
    pub share: f64,
    pub class: Option<Field<'a>>,
    /// Where it stands in the file.
    pub place: Place,
}

/// Reads `next`; a way that does not say where to is left out once it is noted.
pub(super) fn read_ways<'a>(field: &Field<'a>) -> Vec<WayDraft<'a>> {
    let mut ways = Vec::new();
    for mut table in field.tables(WAYS_MAX) {
        let to = table.need("to").filter(|field| field.name().is_some());
        let share = match table.get("share") {
            Some(field) => field.number(Limits::SHARE),
            None => Some(1.0),
        };
        let class = table.get("class").filter(|field| field.name().is_some());
        let place = table.place.clone();
        table.finish();
        if let (Some(to), Some(share)) = (to, share) {
            ways.push(WayDraft { to, share, class, place });
        }
    }
    ways
}
