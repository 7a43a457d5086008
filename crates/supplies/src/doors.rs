//! Goods to many households: a shipment has a limit, and a compound more doors than fit on one.

use crate::{BYTES_MOST, Event, Promise, Record, Role, SHARES_MOST, Share, To, Who};
use domain::Moment;
use uuid::Uuid;

/// Bytes that times and counts may take beyond those of this record.
const ROOM: usize = 200;

/// Shares of a promise to doors as shipments, in this order: an entrance stays on one where it fits, and no shipment has more than fits into a record. `of`:
/// the promise that each of them is, whatever shares it has.
pub fn shipments(of: &Promise, entrances: Vec<Vec<Share>>) -> Vec<Vec<Share>> {
    let empty = Promise { to: To::Doors { party: of.to.party(), of: Vec::new() }, ..of.clone() };
    let by = Who { party: Uuid::nil(), role: Role::Household, person: Uuid::nil() };
    let record =
        Record { id: Uuid::nil(), at: Moment::default(), by, event: Event::Promised { promise: empty } };
    let bytes = |text: serde_json::Result<Vec<u8>>| text.map_or(BYTES_MOST, |text| text.len());
    let room = BYTES_MOST.saturating_sub(bytes(serde_json::to_vec(&record)) + ROOM);
    let size =
        |shares: &[Share]| -> usize { shares.iter().map(|share| bytes(serde_json::to_vec(share)) + 1).sum() };
    let fits = |(count, taken): (usize, usize), (more, bytes): (usize, usize)| {
        count + more <= SHARES_MOST && taken + bytes <= room
    };
    let (mut all, mut now, mut load) = (Vec::new(), Vec::new(), (0, 0));
    for entrance in entrances {
        let whole = (entrance.len(), size(&entrance));
        // What fits on none is divided; what fits on the next stays together.
        let together = fits((0, 0), whole);
        let parts =
            if together { vec![entrance] } else { entrance.into_iter().map(|one| vec![one]).collect() };
        for part in parts {
            let more = (part.len(), size(&part));
            if !now.is_empty() && !fits(load, more) {
                all.push(std::mem::take(&mut now));
                load = (0, 0);
            }
            load = (load.0 + more.0, load.1 + more.1);
            now.extend(part);
        }
    }
    all.extend(Some(now).filter(|last| !last.is_empty()));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Carrier, Good, Lines};

    fn promise() -> Promise {
        let carrier = Carrier { party: Uuid::from_u128(1), person: None };
        let to = To::Doors { party: Uuid::from_u128(1), of: Vec::new() };
        Promise {
            shipment: Uuid::from_u128(2),
            from: None,
            carrier,
            to,
            leaves: None,
            due: Moment(16_000_000_000_000),
        }
    }

    fn entrance(first: u128, doors: u128, goods: usize) -> Vec<Share> {
        let lines: Lines = (0..goods).map(|good| (Good::new(&format!("good {good}"), "piece"), 2)).collect();
        (first..first + doors)
            .map(|door| Share { household: Uuid::from_u128(door), lines: lines.clone() })
            .collect()
    }

    fn counts(entrances: Vec<Vec<Share>>) -> Vec<usize> {
        shipments(&promise(), entrances).iter().map(Vec::len).collect()
    }

    #[test]
    fn an_entrance_stays_on_one_shipment_and_none_has_more_than_fits_into_a_record() {
        assert_eq!(counts(vec![]), [0; 0]);
        assert_eq!(counts(vec![entrance(0, 60, 1), entrance(60, 60, 1), entrance(120, 60, 1)]), [120, 60]);
        // One that fits on none is divided, and what is left of it takes the next along.
        let long = counts(vec![entrance(0, 10, 1), entrance(10, 300, 1), entrance(310, 10, 1)]);
        assert_eq!(long.iter().sum::<usize>(), 320);
        assert_eq!(long.len(), 3, "{long:?}");
        // With more goods for each, fewer doors fit.
        for goods in [1, 3, 8] {
            let (all, of) = (vec![entrance(0, 400, goods), entrance(400, 7, goods)], promise());
            let order: Vec<Uuid> = all.iter().flatten().map(|share| share.household).collect();
            let parts = shipments(&of, all);
            assert_eq!(parts.iter().flatten().map(|share| share.household).collect::<Vec<_>>(), order);
            let by = Who { party: Uuid::from_u128(1), role: Role::Desk, person: Uuid::from_u128(9) };
            let mut most = 0;
            for part in parts {
                let to = To::Doors { party: of.to.party(), of: part };
                let event = Event::Promised { promise: Promise { to, ..of.clone() } };
                let record = Record { id: Uuid::from_u128(u128::MAX), at: of.due, by, event };
                most = most.max(serde_json::to_vec(&record).map_or(0, |text| text.len()));
            }
            assert!(most <= BYTES_MOST && (goods < 3 || most > BYTES_MOST - 1_500), "{most}");
        }
    }
}
