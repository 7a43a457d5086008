//! What residents of a round are told, and who has it, by entrance. It ends with the names.

use super::{Book, failed, outbox};
use crate::{
    db::{self, On, Row, values},
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use axum::http::StatusCode;
use notice::{EntranceReceipts, Notice};

/// A notice of a round, and who has it.
#[derive(Clone, Debug)]
pub struct NoticeOfRound {
    /// The notice.
    pub notice: Notice,
    /// By entrance, in the order of the roll.
    pub entrances: Vec<EntranceReceipts>,
}

/// Which notice holds at an entrance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewestNotice {
    /// The entrance's building.
    pub building: String,
    /// The entrance.
    pub entrance: String,
    /// The number of the newest notice that is for it.
    pub number: u32,
}

impl Book {
    /// Which notice holds at each entrance that any was for.
    ///
    /// # Errors
    /// The database says no.
    pub fn newest_notices(&self, community: CommunityId, round: RoundId) -> Result<Vec<NewestNotice>, Fault> {
        let text = "SELECT building, entrance, MAX(number) FROM notice_receipt WHERE community_id = ?1 AND round = ?2 \
                    GROUP BY building, entrance";
        let read = |row: &Row<'_>| {
            Ok(NewestNotice { building: row.get(0)?, entrance: row.get(1)?, number: row.get(2)? })
        };
        self.db.all(text, values![community, round], read).map_err(failed)
    }

    /// The notices of a round, the newest first.
    ///
    /// # Errors
    /// The database says no.
    pub fn notices(&self, community: CommunityId, round: RoundId) -> Result<Vec<NoticeOfRound>, Fault> {
        self.db.read(failed, |on| {
            let text =
                "SELECT document FROM notice WHERE community_id = ?1 AND round = ?2 ORDER BY number DESC";
            let notices = on.all(text, values![community, round], document).map_err(failed)?;
            let with = |notice: Notice| {
                let entrances = entrances(on, community, round, notice.number).map_err(failed)?;
                Ok::<_, Fault>(NoticeOfRound { notice, entrances })
            };
            notices.into_iter().map(with).collect()
        })
    }

    /// The newest notice of a round; `None` where there is none.
    ///
    /// # Errors
    /// The database says no.
    pub fn newest_notice(
        &self,
        community: CommunityId,
        round: RoundId,
    ) -> Result<Option<NoticeOfRound>, Fault> {
        self.db.read(failed, |on| {
            let text = "SELECT document FROM notice WHERE community_id = ?1 AND round = ?2 \
                        ORDER BY number DESC LIMIT 1";
            let found = on.optional(text, values![community, round], document).map_err(failed)?;
            let Some(notice) = found else { return Ok(None) };
            let entrances = entrances(on, community, round, notice.number).map_err(failed)?;
            Ok(Some(NoticeOfRound { notice, entrances }))
        })
    }

    /// A notice of a round.
    ///
    /// # Errors
    /// There is none of this number, or the database says no.
    pub fn notice(
        &self,
        community: CommunityId,
        round: RoundId,
        number: u32,
    ) -> Result<NoticeOfRound, Fault> {
        self.db.read(failed, |on| {
            let text = "SELECT document FROM notice WHERE community_id = ?1 AND round = ?2 AND number = ?3";
            let found = on.optional(text, values![community, round, number], document).map_err(failed)?;
            let notice = found.ok_or_else(notice_unknown)?;
            let entrances = entrances(on, community, round, number).map_err(failed)?;
            Ok(NoticeOfRound { notice, entrances })
        })
    }

    /// Writes down that a notice was issued, and to which channels it is to be sent: both, or neither.
    ///
    /// # Errors
    /// There are too many, another has its number by now, or the database says no.
    pub fn issue_notice(
        &self,
        community: CommunityId,
        round: RoundId,
        issued: &NoticeOfRound,
        channels: &[String],
    ) -> Result<(), Fault> {
        let NoticeOfRound { notice, entrances } = issued;
        if notice.number > limits::NOTICES {
            return Err(Fault::new(StatusCode::CONFLICT, "full").with("most", limits::NOTICES));
        }
        let document = serde_json::to_string(notice).expect("our own types are written as JSON");
        self.db.change(failed, |on| {
            // What ends with the names is not written after they ended.
            let text = "SELECT 1 FROM round WHERE community_id = ?1 AND id = ?2 AND forgotten = 0";
            let there: Option<i64> =
                on.optional(text, values![community, round], |row| row.get(0)).map_err(failed)?;
            if there.is_none() {
                return Err(Fault::new(StatusCode::CONFLICT, "round_forgotten"));
            }
            let text = "INSERT INTO notice (community_id, round, number, document) VALUES (?1, ?2, ?3, ?4) \
                        ON CONFLICT DO NOTHING";
            let added = on.execute(text, values![community, round, notice.number, document]).map_err(failed)?;
            if added == 0 {
                // Somebody at another desk was first: asked again, it gets the next number.
                return Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy"));
            }
            let text = "INSERT INTO notice_receipt \
                        (community_id, round, number, place, building, entrance, households, printed, seen, told) \
                        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
            for (place, of) in (0_u32..).zip(entrances) {
                let EntranceReceipts { building, entrance, households, printed, seen, told } = of;
                let values = values![
                    community,
                    round,
                    notice.number,
                    place,
                    building,
                    entrance,
                    households,
                    printed,
                    seen,
                    told
                ];
                on.execute(text, values).map_err(failed)?;
            }
            // What also told others than this one does still goes to them.
            let replaced = match notice.replaces.map(|old| old.number) {
                Some(old) if covers(on, (community, round), old, notice.number).map_err(failed)? => Some(old),
                _ => None,
            };
            outbox::post_in(on, (community, round, notice.number), replaced, channels).map_err(failed)
        })
    }

    /// Whether whoever was told one notice is told another.
    ///
    /// # Errors
    /// The database says no.
    pub fn notice_covers(
        &self,
        community: CommunityId,
        round: RoundId,
        old: u32,
        new: u32,
    ) -> Result<bool, Fault> {
        self.db.read(failed, |on| covers(on, (community, round), old, new).map_err(failed))
    }

    /// Counts a sheet more for each of these entrances, by their places.
    ///
    /// # Errors
    /// The database says no.
    pub fn notice_printed(
        &self,
        community: CommunityId,
        round: RoundId,
        number: u32,
        places: &[u32],
    ) -> Result<(), Fault> {
        self.db.change(failed, |on| {
            let text = "UPDATE notice_receipt SET printed = printed + 1 \
                        WHERE community_id = ?1 AND round = ?2 AND number = ?3 AND place = ?4";
            for place in places {
                on.execute(text, values![community, round, number, *place]).map_err(failed)?;
            }
            Ok(())
        })
    }

    /// Counts a browser more that has seen it.
    ///
    /// # Errors
    /// The database says no.
    pub fn notice_seen(
        &self,
        community: CommunityId,
        round: RoundId,
        number: u32,
        place: u32,
    ) -> Result<(), Fault> {
        let text = "UPDATE notice_receipt SET seen = seen + 1 \
                    WHERE community_id = ?1 AND round = ?2 AND number = ?3 AND place = ?4";
        self.db.execute(text, values![community, round, number, place]).map(drop).map_err(failed)
    }

    /// Writes down how many households of an entrance were told at the door by now: all of them, so that a second tap changes nothing.
    ///
    /// # Errors
    /// There is no such entrance, it has fewer households, or the database says no.
    pub fn notice_told(
        &self,
        community: CommunityId,
        round: RoundId,
        number: u32,
        (building, entrance): (&str, &str),
        told: u32,
    ) -> Result<(), Fault> {
        self.db.change(failed, |on| {
            let text = "SELECT households FROM notice_receipt WHERE community_id = ?1 AND round = ?2 \
                        AND number = ?3 AND building = ?4 AND entrance = ?5";
            let values = values![community, round, number, building, entrance];
            let households: Option<u32> = on.optional(text, values, |row| row.get(0)).map_err(failed)?;
            let households = households.ok_or_else(notice_unknown)?;
            if told > households {
                let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "notice_told_over");
                return Err(fault.with("most", households));
            }
            let text = "UPDATE notice_receipt SET told = ?6 WHERE community_id = ?1 AND round = ?2 \
                        AND number = ?3 AND building = ?4 AND entrance = ?5";
            let values = values![community, round, number, building, entrance, told];
            on.execute(text, values).map(drop).map_err(failed)
        })
    }
}

fn document(row: &Row<'_>) -> db::Result<Notice> {
    let text: String = row.get(0)?;
    serde_json::from_str(&text).map_err(|_| db::Error::Odd("a notice is none that this program reads"))
}

fn entrances(
    on: &On<'_>,
    community: CommunityId,
    round: RoundId,
    number: u32,
) -> db::Result<Vec<EntranceReceipts>> {
    let text = "SELECT building, entrance, households, printed, seen, told FROM notice_receipt \
                WHERE community_id = ?1 AND round = ?2 AND number = ?3 ORDER BY place";
    on.all(text, values![community, round, number], |row| {
        Ok(EntranceReceipts {
            building: row.get(0)?,
            entrance: row.get(1)?,
            households: row.get(2)?,
            printed: row.get(3)?,
            seen: row.get(4)?,
            told: row.get(5)?,
        })
    })
}

/// There is no such notice, or it is not for this entrance.
pub fn notice_unknown() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "notice_unknown")
}

fn covers(on: &On<'_>, (community, round): (CommunityId, RoundId), old: u32, new: u32) -> db::Result<bool> {
    let text = "SELECT COUNT(*) FROM notice_receipt o \
                WHERE o.community_id = ?1 AND o.round = ?2 AND o.number = ?3 AND NOT EXISTS ( \
                SELECT 1 FROM notice_receipt n WHERE n.community_id = o.community_id AND n.round = o.round \
                AND n.number = ?4 AND n.building = o.building AND n.entrance = o.entrance)";
    Ok(on.count(text, values![community, round, old, new])? == 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::db::both::both;
    use serde_json::json;

    /// As it is kept, with an entrance of four households and one of one.
    fn issued(number: u32) -> NoticeOfRound {
        let notice = json!({
            "format": 1, "number": number, "kind": "round", "at": "2026-03-27T20:00", "community": "Willow Court",
            "timezone": "UTC", "issued_by": null, "contact": null, "link": null, "sender": null,
            "addressed": "everybody", "service": { "en": "Screening", "zh": "筛查" }, "site": null,
            "opens": "2026-03-28T07:00", "closes": null, "from": null, "until": null, "how": "waves", "calls": [],
            "green": false, "pool": null, "result_h": null, "spacing_m": null, "names_kept_days": null,
            "bring": null, "at_site": null, "after": null, "more": [], "answers": [], "above": [],
            "replaces": null, "changed": [], "told": []
        });
        let of = |building: &str, households| EntranceReceipts {
            building: building.to_owned(),
            households,
            ..EntranceReceipts::default()
        };
        NoticeOfRound {
            notice: serde_json::from_value(notice).unwrap(),
            entrances: vec![of("1", 4), of("2", 1)],
        }
    }

    fn code(result: Result<(), Fault>) -> &'static str {
        result.map_or_else(|fault| fault.code(), |()| "")
    }

    #[test]
    fn receipts_are_counted_by_entrance_and_told_is_no_more_than_there_are() {
        both(|place| {
            let people = place.people();
            let book = place.book(people.rounds_key());
            let made = super::super::example::made(CommunityId::draw(), "court");
            book.make(&made).unwrap();
            let (community, round) = (made.community, made.id);
            assert!(book.newest_notice(community, round).unwrap().is_none());
            for number in [1, 2] {
                book.issue_notice(community, round, &issued(number), &[]).unwrap();
            }
            let holds = book.newest_notices(community, round).unwrap();
            assert_eq!(holds.iter().map(|of| of.number).collect::<Vec<_>>(), [2, 2]);
            assert_eq!(code(book.issue_notice(community, round, &issued(2), &[])), "busy");
            assert_eq!(code(book.issue_notice(community, round, &issued(limits::NOTICES + 1), &[])), "full");
            book.notice_printed(community, round, 2, &[0, 1]).unwrap();
            for _ in 0..3 {
                book.notice_seen(community, round, 2, 0).unwrap();
                book.notice_told(community, round, 2, ("2", ""), 1).unwrap();
            }
            let told = |of: &str, told| code(book.notice_told(community, round, 2, (of, ""), told));
            assert_eq!([told("2", 2), told("3", 0)], ["notice_told_over", "notice_unknown"]);
            let counted = |of: &NoticeOfRound| -> Vec<[u32; 4]> {
                of.entrances.iter().map(|of| [of.households, of.printed, of.seen, of.told]).collect()
            };
            let newest = book.newest_notice(community, round).unwrap().unwrap();
            assert_eq!((newest.notice.number, counted(&newest)), (2, vec![[4, 1, 3, 0], [1, 1, 0, 1]]));
            let all = book.notices(community, round).unwrap();
            assert_eq!(all.iter().map(|of| of.notice.number).collect::<Vec<_>>(), [2, 1]);
            assert_eq!(counted(&all[1]), [[4, 0, 0, 0], [1, 0, 0, 0]], "what was counted of another");
            assert_eq!(
                book.notice(community, RoundId::draw(), 1).map(drop).unwrap_err().code(),
                "notice_unknown"
            );
            book.forget(made.retain_until).unwrap();
            assert_eq!(code(book.issue_notice(community, round, &issued(3), &[])), "round_forgotten");
        });
    }
}
