//! Whom a row is about. Paper says how many came from a door, not who: the people of the roll whom nobody has seen there
//! come first, so that counts are right, and a household that came in two parts is not taken for one that came twice.

use super::{cells::Said, ids::RowIds};
use round::{GREEN, Round, Rules, Visit};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Somebody whom a row is about.
pub(super) struct Somebody {
    pub(super) visit: Uuid,
    pub(super) class: String,
    /// Whether the roll does not have the person.
    pub(super) guest: bool,
}

/// The people of a row at a station. `all` is everything that is known, `paper` what paper alone says.
pub(super) fn people(
    said: &Said<'_>,
    ids: &RowIds,
    (all, paper): (&Round, &Round),
    station: usize,
) -> Vec<Somebody> {
    let rules = all.rules();
    let lets_in = rules.entry("") == Some(station);
    // Who was there already: let in at the entry, served elsewhere.
    let was = |round: &Round, visit: Uuid| {
        let of = round.visit(visit);
        if lets_in {
            of.is_some_and(|of| of.arrived.is_some())
        } else {
            of.is_some_and(|of| of.has_passed(station))
        }
    };
    let expected = |visit: Uuid| lets_in || all.visit(visit).is_some_and(|of| of.arrived.is_some());
    let own = said.door.map_or(&[][..], |door| &door.people);
    let on_roll: BTreeSet<Uuid> = own.iter().map(|person| person.visit).collect();
    let household = said.door.map(|door| door.household);
    let guest = |(visit, of): (&Uuid, &Visit)| {
        let here = of.guest.is_some() && of.household == household && !on_roll.contains(visit);
        here.then(|| (of.number, Somebody { visit: *visit, class: of.class.clone(), guest: true }))
    };
    let mut guests: Vec<(u32, Somebody)> =
        if lets_in { Vec::new() } else { all.visits().iter().filter_map(guest).collect() };
    guests.sort_by_key(|(number, _)| *number);
    let known =
        own.iter().map(|person| Somebody { visit: person.visit, class: person.class.clone(), guest: false });
    let mut open: Vec<(u8, Somebody)> = known
        .chain(guests.into_iter().map(|(_, of)| of))
        .filter(|of| !was(paper, of.visit))
        .map(|of| match (was(all, of.visit), expected(of.visit)) {
            (false, true) => (0, of),
            (false, false) => (1, of),
            // A phone has written down that the person was there: at last, and as a conflict.
            (true, _) => (2, of),
        })
        .collect();
    open.sort_by_key(|(rank, _)| *rank);
    (0..said.people)
        .map(|number| {
            next(&mut open, rules, number < said.green).unwrap_or_else(|| stranger(ids, number, said))
        })
        .collect()
}

/// The next of the first rank: green ones where a row says so, others where it does not, anybody before nobody.
fn next(open: &mut Vec<(u8, Somebody)>, rules: &Rules, green: bool) -> Option<Somebody> {
    let rank = open.first()?.0;
    let fits = |(of, somebody): &(u8, Somebody)| *of == rank && rules.is_green(&somebody.class) == green;
    let place = open.iter().position(fits).unwrap_or(0);
    let (_, mut somebody) = open.remove(place);
    if green && !rules.is_green(&somebody.class) {
        GREEN.clone_into(&mut somebody.class);
    }
    Some(somebody)
}

fn stranger(ids: &RowIds, number: u32, said: &Said<'_>) -> Somebody {
    let class = if number < said.green { GREEN } else { "" };
    Somebody { visit: ids.thing(b"person", number), class: class.to_owned(), guest: true }
}
