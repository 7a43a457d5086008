//! Results that could not be taken to a tube, or that contradict what is known: kept until a person has looked.

use super::{Book, failed};
use crate::{
    access::secret,
    db::{On, Row, values},
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use formats::results::LabReport;
use round::Said;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, btree_map::Entry};
use utoipa::ToSchema;
use uuid::Uuid;

/// The place of what nobody knows whose it is.
const NOBODY: &str = "";

/// A report that is kept aside.
pub struct Aside<'a> {
    /// Of which community, where that is known.
    pub community: Option<CommunityId>,
    /// Of which round, where that is known.
    pub round: Option<RoundId>,
    /// Which lab sent it.
    pub lab: Uuid,
    /// When, seconds since 1970.
    pub at: i64,
    /// What it says.
    pub report: &'a LabReport,
    /// Why it is here.
    pub why: Said,
}

/// One as it is listed. Of people it says nothing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AsideListed {
    /// Its number, within its community.
    pub number: i64,
    /// Of which community; absent where nobody knows.
    pub community: Option<CommunityId>,
    /// Of which round; absent where nobody knows.
    pub round: Option<RoundId>,
    /// The account that sent it.
    #[schema(value_type = String)]
    pub lab: Uuid,
    /// When, seconds since 1970.
    pub at: i64,
    /// Why it is here: a word that stays the same.
    pub why: String,
    /// What fills the gaps of its sentence.
    #[schema(value_type = Object)]
    pub args: Value,
    /// The report: tube, finding, times.
    #[schema(value_type = Object)]
    pub report: Value,
    /// Whether somebody has looked.
    pub settled: bool,
}

impl Book {
    /// Keeps reports aside: each once, however often it is sent, and where it was looked at already, to be looked at again. Their
    /// numbers; `None` where too many wait already.
    ///
    /// # Errors
    /// The database says no.
    pub fn set_results_aside<'a>(
        &self,
        reports: impl Iterator<Item = &'a Aside<'a>> + Clone,
    ) -> Result<Vec<Option<i64>>, Fault> {
        if reports.clone().next().is_none() {
            return Ok(Vec::new());
        }
        self.db.change(failed, |on| {
            let mut last: BTreeMap<String, i64> = BTreeMap::new();
            // What waits of a community; and of nobody's by lab, so that one lab takes no other's room.
            let mut waiting: BTreeMap<(String, Option<Uuid>), i64> = BTreeMap::new();
            let mut numbers = Vec::new();
            for aside in reports.clone() {
                let place = place(aside.community);
                let said = written(aside.report).to_string();
                let digest =
                    secret::digest(&[aside.lab.as_bytes(), aside.why.code.as_bytes(), said.as_bytes()]);
                let known =
                    "SELECT number, settled FROM result_aside WHERE community_id = ?1 AND digest = ?2";
                let known = on.optional(known, values![place, digest], |row| Ok((row.get(0)?, row.get(1)?)));
                let known: Option<(i64, i64)> = known.map_err(failed)?;
                if let Some((number, 0)) = known {
                    numbers.push(Some(number));
                    continue;
                }
                let lab = aside.community.is_none().then_some(aside.lab);
                let waiting = match waiting.entry((place.clone(), lab)) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(count(on, &place, lab)?),
                };
                if *waiting >= limits::RESULTS_ASIDE {
                    numbers.push(None);
                    continue;
                }
                *waiting += 1;
                if let Some((number, _)) = known {
                    let text = "UPDATE result_aside SET settled = 0, at = ?3 WHERE community_id = ?1 AND number = ?2";
                    on.execute(text, values![place, number, aside.at]).map_err(failed)?;
                    numbers.push(Some(number));
                    continue;
                }
                let number = match last.get(&place) {
                    Some(last) => last + 1,
                    None => {
                        let highest =
                            "SELECT coalesce(max(number), 0) FROM result_aside WHERE community_id = ?1";
                        on.one(highest, values![place], |row| row.get::<i64>(0)).map_err(failed)? + 1
                    }
                };
                let args = serde_json::to_value(&aside.why).map_or(Value::Null, |mut why| why["args"].take());
                let text = "INSERT INTO result_aside \
                            (community_id, number, round, lab, at, why, args, report, digest, settled) \
                            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)";
                let (round, lab) = (aside.round.map(|of| of.to_string()), aside.lab.to_string());
                let args = args.to_string();
                let values = values![place, number, round, lab, aside.at, aside.why.code, args, said, digest];
                on.execute(text, values).map_err(failed)?;
                last.insert(place, number);
                numbers.push(Some(number));
            }
            Ok(numbers)
        })
    }

    /// What is kept aside of a community, or of which nobody knows whose it is, of one lab or of all; what nobody has looked at
    /// first, the last first. At most [`limits::RESULTS_LISTED`], and how many wait in all.
    ///
    /// # Errors
    /// The database says no.
    pub fn results_aside(
        &self,
        community: Option<CommunityId>,
        lab: Option<Uuid>,
    ) -> Result<(Vec<AsideListed>, usize), Fault> {
        let text = "SELECT number, round, lab, at, why, args, report, settled FROM result_aside \
                    WHERE community_id = ?1 AND (?2 IS NULL OR lab = ?2) \
                    ORDER BY CASE WHEN settled = 0 THEN 0 ELSE 1 END, number DESC LIMIT ?3";
        let read = |row: &Row<'_>| {
            let [lab, why, args, report]: [String; 4] = [row.get(2)?, row.get(4)?, row.get(5)?, row.get(6)?];
            Ok(AsideListed {
                number: row.get(0)?,
                community,
                round: row.get::<Option<String>>(1)?.and_then(|id| RoundId::parse(&id)),
                lab: lab.parse().unwrap_or_default(),
                at: row.get(3)?,
                why,
                args: serde_json::from_str(&args).unwrap_or_default(),
                report: serde_json::from_str(&report).unwrap_or_default(),
                settled: row.get::<i64>(7)? != 0,
            })
        };
        let place = place(community);
        self.db.read(failed, |on| {
            let by = lab.map(|lab| lab.to_string());
            let listed = on.all(text, values![place, by, limits::RESULTS_LISTED as i64], read);
            let waiting = usize::try_from(count(on, &place, lab)?).unwrap_or_default();
            Ok((listed.map_err(failed)?, waiting))
        })
    }

    /// Notes that somebody has looked; false where there is none of this number.
    ///
    /// # Errors
    /// The database says no.
    pub fn settle_result(
        &self,
        community: Option<CommunityId>,
        number: i64,
        now: i64,
    ) -> Result<bool, Fault> {
        let text = "UPDATE result_aside SET settled = ?3 WHERE community_id = ?1 AND number = ?2";
        self.db.execute(text, values![place(community), number, now]).map(|rows| rows > 0).map_err(failed)
    }

    /// Takes away what was looked at so long ago that nobody asks for it any more.
    ///
    /// # Errors
    /// The database says no.
    pub fn end_settled_results(&self, now: i64) -> Result<(), Fault> {
        let before = now - limits::RESULTS_WITHIN.as_secs() as i64;
        // An older program wrote 1 and not when.
        let text = "DELETE FROM result_aside WHERE settled > 0 AND settled <= ?1 AND at <= ?1";
        self.db.execute(text, values![before]).map(drop).map_err(failed)
    }
}

/// How many wait to be looked at: of a community, or of nobody's that a lab sent.
fn count(on: &On<'_>, place: &str, lab: Option<Uuid>) -> Result<i64, Fault> {
    let text = "SELECT count(*) FROM result_aside WHERE community_id = ?1 AND settled = 0 AND (?2 IS NULL OR lab = ?2)";
    on.count(text, values![place, lab.map(|lab| lab.to_string())]).map_err(failed)
}

fn place(community: Option<CommunityId>) -> String {
    community.map_or_else(|| NOBODY.to_owned(), |id| id.to_string())
}

/// What a report says, without what is not asked for.
fn written(report: &LabReport) -> Value {
    json!({
        "id": report.id,
        "tube": report.tube.code,
        "issuer": report.tube.issuer,
        "finding": report.finding.map(|of| of.name()),
        "status": report.status.name(),
        "replaces": report.replaces.as_ref().map(|of| &of.report),
        "sampled": report.sampled.map(|at| at.to_string()),
        "received": report.received.map(|at| at.to_string()),
        "reported": report.reported.map(|at| at.to_string()),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;
    use crate::db::both::both;
    use formats::results::{Status, Test, TubeName};

    fn report(code: &str) -> LabReport {
        LabReport {
            id: None,
            tube: TubeName { code: code.to_owned(), issuer: None },
            people: None,
            finding: None,
            test: Test::Respiratory,
            method: None,
            cts: Vec::new(),
            sampled: None,
            received: None,
            reported: None,
            lab: None,
            status: Status::Final,
            replaces: None,
        }
    }

    #[test]
    fn what_was_looked_at_takes_no_room_and_one_lab_takes_no_others() {
        both(|place| {
            let book = place.book(place.people().rounds_key());
            let [full, other] = [1, 2].map(Uuid::from_u128);
            let digest = if place.is_shared() { "convert_to(i::text, 'UTF8')" } else { "CAST(i AS BLOB)" };
            let text = format!(
                "INSERT INTO result_aside WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
                 SELECT '', i, NULL, ?2, 0, 'result_unknown', '{{}}', '{{}}', {digest}, 0 FROM n"
            );
            book.db.execute(&text, values![limits::RESULTS_ASIDE, full.to_string()]).unwrap();
            let said = report("CITY-0001");
            let why = Said::new("result_unknown", &[]);
            let aside =
                |lab| Aside { community: None, round: None, lab, at: 5, report: &said, why: why.clone() };
            let keep = |lab| book.set_results_aside([aside(lab)].iter()).unwrap()[0];
            assert_eq!(keep(full), None, "no room");
            let next = limits::RESULTS_ASIDE + 1;
            assert_eq!(keep(other), Some(next));
            let (listed, waiting) = book.results_aside(None, Some(full)).unwrap();
            assert_eq!((listed.len(), waiting), (limits::RESULTS_LISTED, next as usize - 1));
            assert!(book.settle_result(None, 7, 100).unwrap());
            assert_eq!(keep(full), Some(next + 1), "one was looked at");
            // Sent again it is on the list again.
            assert!(book.settle_result(None, next, 100).unwrap());
            assert_eq!(book.results_aside(None, Some(other)).unwrap().1, 0);
            assert_eq!(keep(other), Some(next));
            let (listed, waiting) = book.results_aside(None, Some(other)).unwrap();
            assert_eq!((listed[0].settled, waiting), (false, 1));
            // What was looked at long ago goes, and what waits stays.
            book.settle_result(None, next, 200).unwrap();
            let days = limits::RESULTS_WITHIN.as_secs() as i64;
            book.end_settled_results(199 + days).unwrap();
            assert_eq!(book.results_aside(None, Some(other)).unwrap().0.len(), 1);
            book.end_settled_results(200 + days).unwrap();
            assert_eq!(book.results_aside(None, Some(other)).unwrap().0, []);
            assert_eq!(book.results_aside(None, None).unwrap().1, next as usize - 1);
        });
    }
}
