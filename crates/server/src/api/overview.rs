//! What a committee sees of a place: its communities side by side, whoever needs help most first.

use super::{Asker, figures::place_of};
use crate::{
    app::App,
    limits,
    machine::aside,
    people::{
        self,
        id::{CommunityId, RoundId},
    },
    problem::{Fault, Problem},
    run::{
        book::{Joined, RoundListed},
        running::Running,
    },
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::Moment;
use round::WaveState;
use serde::Serialize;
use utoipa::ToSchema;
use verbs::Voice;

/// Rounds that are foreseen anew for one look at most: each takes about a second. The others come with the next look.
const FORESEEN_MOST: usize = 2;

/// A place and its communities.
#[derive(Debug, Serialize, ToSchema)]
pub struct Overview {
    /// The place's name; empty for everything.
    name: String,
    /// Its communities, whoever needs help most first.
    communities: Vec<CommunityNow>,
}

/// How a community's round of the day is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommunityNow {
    /// The community.
    id: CommunityId,
    /// Its name.
    name: String,
    /// Its newest round; null where there is none.
    #[schema(required)]
    round: Option<RoundNow>,
    /// What was sent and not admitted, and not seen to.
    quarantined: usize,
}

/// A round as it was seen, and when it is to close, in minutes after its opening.
pub type Overseen = (RoundNow, Option<f64>);

/// A round at a moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoundNow {
    /// Its id.
    id: RoundId,
    /// What people call it.
    name: String,
    /// `before`, `open` or `closed`.
    phase: &'static str,
    /// The site's time of day.
    clock: String,
    /// Seen, served, and at the site.
    people: [u32; 3],
    /// Called, come, done, and of the roll.
    households: [u32; 4],
    /// Share of the roll's doors that are done; null without a roll.
    #[schema(required)]
    done_share: Option<f64>,
    /// When 97 % of those served will have left, a band of three; null where it is not foreseen yet.
    #[schema(required)]
    done_97: Option<[String; 3]>,
    /// Minutes after its planned closing at which it is foreseen to end; null where it is not, or has no closing.
    #[schema(required)]
    over_min: Option<f64>,
    /// Minutes since the planned call of the first wave that waits to be called; 0 where none is due.
    late_min: f64,
    /// Whether more people wait than there is room for.
    crowded: bool,
    /// What one change would gain.
    #[schema(required)]
    advice: Option<String>,
    /// Facts that contradict each other, and wait for somebody to settle them.
    conflicts: usize,
    /// What was written and is no event that this program knows.
    unread: usize,
    /// Tubes and boxes that are missing or late.
    alarms: usize,
    /// Phones of an open round of which nothing was heard lately: lost, empty, or without a network.
    silent: usize,
}

impl CommunityNow {
    /// Minutes behind: what is foreseen after closing, or what a call is late.
    fn behind_min(&self) -> f64 {
        let behind = |round: &RoundNow| round.over_min.unwrap_or(0.0).max(round.late_min);
        self.round.as_ref().filter(|round| round.phase == "open").map_or(0.0, behind)
    }

    /// What waits for an answer.
    fn questions(&self) -> usize {
        self.quarantined
            + self
                .round
                .as_ref()
                .map_or(0, |round| round.conflicts + round.unread + round.alarms + round.silent)
    }
}

/// A place's communities side by side. A minute old at most; what is not foreseen yet is a minute later.
#[utoipa::path(
    get, path = "/api/v1/places/{place}/overview",
    params(("place" = String, Path, description = "A place's id, or `all`"), ("lang" = Option<String>, Query)),
    responses(
        (status = OK, body = Overview), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "More communities than anybody looks over", body = Problem)
    )
)]
pub async fn overview(
    State(app): State<App>,
    Path(place): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<Overview>, Fault> {
    let within = app.clone();
    let (name, known) = aside(move || {
        let (name, place) = place_of(&within, &place)?;
        Ok((name, within.people.communities_in(place)?))
    })
    .await?;
    if known.len() > limits::SIDE_BY_SIDE {
        return Err(Fault::new(StatusCode::CONFLICT, "overview_many").with("most", limits::SIDE_BY_SIDE));
    }
    let mut communities = Vec::with_capacity(known.len());
    let mut foreseen = 0;
    for community in known {
        let within = app.clone();
        let listed = aside(move || {
            let round = within.runs.book.rounds(community.id)?.into_iter().next();
            let aside = within.runs.journal.quarantined(*community.id.0.as_bytes(), None);
            let aside = aside.map_err(|error| Fault::from(&error))?;
            Ok((round, aside.iter().filter(|of| !of.settled).count()))
        });
        let (round, quarantined) = listed.await?;
        let round = match round {
            Some(listed) => Some(now(&app, community.id, listed, voice, &mut foreseen).await?),
            None => None,
        };
        communities.push(CommunityNow { id: community.id, name: community.name, round, quarantined });
    }
    communities.sort_by(|one, other| {
        let behind = other.behind_min().total_cmp(&one.behind_min());
        behind.then(other.questions().cmp(&one.questions())).then_with(|| one.name.cmp(&other.name))
    });
    Ok(Json(Overview { name, communities }))
}

async fn now(
    app: &App,
    community: CommunityId,
    listed: RoundListed,
    voice: Voice,
    foreseen: &mut usize,
) -> Result<RoundNow, Fault> {
    let RoundListed { id, name, .. } = listed;
    let now = Moment::from(jiff::Timestamp::now());
    let within = app.clone();
    let see = move |running: &Running| {
        let silent = silent(&within, running, community)?;
        let board = running.folded().live().board(now);
        let late = board.waves.iter().filter(|wave| wave.state == WaveState::Due);
        let late_min = late.map(|wave| board.at_min - wave.call_at_min).fold(0.0, f64::max);
        let [.., done, all] = board.households;
        let seen = RoundNow {
            id,
            name,
            phase: board.phase,
            clock: board.clock,
            people: [board.counts.arrived, board.counts.served, board.at_site],
            households: board.households,
            done_share: (all > 0).then(|| f64::from(done) / f64::from(all)),
            done_97: None,
            over_min: None,
            late_min: if board.phase == "open" { late_min } else { 0.0 },
            crowded: board.crowded,
            advice: None,
            conflicts: running.folded().open_conflicts(),
            unread: running.unread(),
            alarms: running.folded().live().round().alarms(now).len(),
            silent: if board.phase == "open" { silent } else { 0 },
        };
        let closes = running.made.definition.rules.closes.map(|closes| closes as f64 / 600_000.0);
        Ok((seen, closes))
    };
    let looking = app.clone();
    let (mut seen, closes) =
        aside(move || looking.runs.glance(&looking.overviews, community, id, see)).await?;
    if seen.phase != "open" {
        return Ok(seen);
    }
    let lately = app.runs.foreseen_lately(community, id).map(|(_, foreseen)| foreseen);
    let ahead = match lately {
        Some(ahead) => ahead,
        None if *foreseen < FORESEEN_MOST => {
            *foreseen += 1;
            let runs = app.runs.clone();
            // Where others compute, it is not foreseen yet.
            app.turns.compute(move || runs.foresee(community, id, now)).await.ok().flatten()
        }
        None => None,
    };
    if let Some(ahead) = ahead {
        seen.done_97 = ahead.done_97.clone();
        seen.over_min = ahead.done_97_min.zip(closes).map(|(done, closes)| (done[1] - closes).max(0.0));
        seen.advice = ahead.advice.as_ref().map(|advice| advice.text(voice));
    }
    Ok(seen)
}

/// Phones of a round that were heard of, and not lately.
fn silent(app: &App, running: &Running, community: CommunityId) -> Result<usize, Fault> {
    let out = super::phones::taken_out(app, community)?;
    let (seen, wrote) = (app.people.seen_in(community, running.made.id)?, running.wrote_last());
    let since = people::now() - limits::HEARD_WITHIN.as_secs() as i64;
    let is_silent = |joined: &Joined| {
        let heard = [seen.get(&joined.device), wrote.get(&joined.device)];
        let heard = heard.into_iter().flatten().fold(joined.joined, |last, at| last.max(*at));
        heard < since && !out.contains(&joined.device)
    };
    Ok(app.runs.book.devices(community, running.made.id)?.iter().filter(|joined| is_silent(joined)).count())
}
