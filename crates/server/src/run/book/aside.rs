//! Results that could not be taken to a tube, or that contradict what is known: kept until a person has looked.

use super::{Book, failed};
use crate::{
    access::secret,
    db::{Row, values},
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use axum::http::StatusCode;
use formats::results::LabReport;
use round::Said;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
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
    /// Keeps reports aside, all or none: each once, however often it is sent. Their numbers.
    ///
    /// # Errors
    /// Too many wait, or the database says no.
    pub fn set_results_aside<'a>(
        &self,
        reports: impl Iterator<Item = &'a Aside<'a>> + Clone,
    ) -> Result<Vec<i64>, Fault> {
        if reports.clone().next().is_none() {
            return Ok(Vec::new());
        }
        self.db.change(failed, |on| {
            let mut last: BTreeMap<String, i64> = BTreeMap::new();
            let mut numbers = Vec::new();
            for aside in reports.clone() {
                let place = place(aside.community);
                let said = written(aside.report).to_string();
                let digest =
                    secret::digest(&[aside.lab.as_bytes(), aside.why.code.as_bytes(), said.as_bytes()]);
                let known = "SELECT number FROM result_aside WHERE community_id = ?1 AND digest = ?2";
                let known = on.optional(known, values![place, digest], |row| row.get(0)).map_err(failed)?;
                if let Some(number) = known {
                    numbers.push(number);
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
                if number > limits::RESULTS_ASIDE {
                    let full = Fault::new(StatusCode::CONFLICT, "results_aside_full");
                    return Err(full.with("most", limits::RESULTS_ASIDE));
                }
                let args = serde_json::to_value(&aside.why).map_or(Value::Null, |mut why| why["args"].take());
                let text = "INSERT INTO result_aside \
                            (community_id, number, round, lab, at, why, args, report, digest, settled) \
                            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)";
                let (round, lab) = (aside.round.map(|of| of.to_string()), aside.lab.to_string());
                let args = args.to_string();
                let values = values![place, number, round, lab, aside.at, aside.why.code, args, said, digest];
                on.execute(text, values).map_err(failed)?;
                last.insert(place, number);
                numbers.push(number);
            }
            Ok(numbers)
        })
    }

    /// What is kept aside of a community, or of which nobody knows whose it is; what nobody has looked at first, the last first.
    ///
    /// # Errors
    /// The database says no.
    pub fn results_aside(&self, community: Option<CommunityId>) -> Result<Vec<AsideListed>, Fault> {
        let text = "SELECT number, round, lab, at, why, args, report, settled FROM result_aside \
                    WHERE community_id = ?1 ORDER BY settled, number DESC";
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
        self.db.all(text, values![place(community)], read).map_err(failed)
    }

    /// Notes that somebody has looked; false where there is none of this number.
    ///
    /// # Errors
    /// The database says no.
    pub fn settle_result(&self, community: Option<CommunityId>, number: i64) -> Result<bool, Fault> {
        let text = "UPDATE result_aside SET settled = 1 WHERE community_id = ?1 AND number = ?2";
        self.db.execute(text, values![place(community), number]).map(|rows| rows > 0).map_err(failed)
    }
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
