//! Which tube a code or an outside label means.

use super::super::{Runs, held};
use crate::{
    limits,
    people::id::{CommunityId, RoundId},
    problem::Fault,
};
use domain::Moment;
use formats::results::TubeName;
use round::{CodeFault, Said, TubeCode, TubeKey};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A tube that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub community: CommunityId,
    pub round: RoundId,
    pub item: Uuid,
}

/// Why none was: of which community the code says that it is, and what is wrong.
pub(super) type NotFound = (Option<CommunityId>, Said);

/// The tubes of which a lab may report.
pub(super) struct Tubes {
    /// By what a code says of its community: the rounds of late, and what their tubes are known by.
    rounds: BTreeMap<u32, Vec<(CommunityId, RoundId, TubeKey)>>,
    /// By an outside label, and by whose it is; made when the first one is asked for.
    named: Option<BTreeMap<String, Vec<(String, Found)>>>,
}

impl Tubes {
    /// Those of some communities' rounds that were planned for a day not too long ago.
    ///
    /// # Errors
    /// The database says no.
    pub fn of(runs: &Runs, communities: &[CommunityId], now: Moment) -> Result<Tubes, Fault> {
        let since = now.0 / 10_000 - limits::RESULTS_WITHIN.as_secs() as i64;
        let mut rounds: BTreeMap<u32, Vec<(CommunityId, RoundId, TubeKey)>> = BTreeMap::new();
        for &community in communities {
            for listed in runs.book.rounds(community)?.iter().filter(|of| of.phones_until >= since) {
                let made = runs.book.round(community, listed.id)?;
                if let Some(key) = made.tubes() {
                    rounds.entry(key.community()).or_default().push((community, listed.id, key));
                }
            }
        }
        Ok(Tubes { rounds, named: None })
    }

    /// The tube of a name.
    ///
    /// # Errors
    /// The journal cannot be read; within, why there is no such tube.
    pub fn find(&mut self, runs: &Runs, tube: &TubeName) -> Result<Result<Found, NotFound>, Fault> {
        match TubeCode::parse(&tube.code) {
            Ok(code) => Ok(self.of_code(code)),
            // Typed with a slip, it is nobody's label either.
            Err(CodeFault::Mistyped) => {
                Ok(Err((None, Said::new("result_mistyped", &[("code", &tube.code)]))))
            }
            Err(_) => self.of_label(runs, tube),
        }
    }

    fn of_code(&self, code: TubeCode) -> Result<Found, NotFound> {
        let Some(rounds) = self.rounds.get(&code.community()) else {
            return Err((None, Said::new("result_foreign", &[("code", &code)])));
        };
        let item = code.item();
        let own = rounds.iter().find(|(_, _, key)| key.check(item).is_ok());
        own.map(|&(community, round, _)| Found { community, round, item }).ok_or_else(|| {
            // Several communities can share a number; then nobody knows whose it would be.
            let [first, rest @ ..] = &rounds[..] else { return (None, never_issued(code)) };
            let one = rest.iter().all(|of| of.0 == first.0);
            (one.then_some(first.0), never_issued(code))
        })
    }

    fn of_label(&mut self, runs: &Runs, tube: &TubeName) -> Result<Result<Found, NotFound>, Fault> {
        let named = match self.named.take() {
            Some(named) => named,
            None => labels(runs, self.rounds.values().flatten())?,
        };
        let named = self.named.insert(named);
        let known = named.get(tube.code.trim()).map_or(&[][..], Vec::as_slice);
        let of_issuer = known.iter().filter(|(issuer, _)| tube.issuer.as_ref().is_none_or(|of| of == issuer));
        let mut found: Vec<Found> = of_issuer.map(|(_, found)| *found).collect();
        found.dedup();
        Ok(match found[..] {
            [one] => Ok(one),
            [] => Err((None, Said::new("result_unknown", &[("code", &tube.code)]))),
            _ => Err((None, Said::new("result_ambiguous", &[("code", &tube.code)]))),
        })
    }
}

fn never_issued(code: TubeCode) -> Said {
    Said::new("result_never_issued", &[("code", &code)])
}

/// All outside labels of these rounds' tubes.
fn labels<'a>(
    runs: &Runs,
    rounds: impl Iterator<Item = &'a (CommunityId, RoundId, TubeKey)>,
) -> Result<BTreeMap<String, Vec<(String, Found)>>, Fault> {
    let mut named: BTreeMap<String, Vec<(String, Found)>> = BTreeMap::new();
    for &(community, round, _) in rounds {
        let running = runs.running(community, round)?;
        let running = held(&running);
        let of = running.folded().live().round();
        for item in of.named_tubes() {
            for alias in of.aliases(item) {
                // One that two tubes are said to have is none.
                if of.named(&alias.issuer, &alias.alias) == Some(item) {
                    let found = Found { community, round, item };
                    named.entry(alias.alias.clone()).or_default().push((alias.issuer.clone(), found));
                }
            }
        }
    }
    Ok(named)
}
