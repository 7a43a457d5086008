//! What a desk does to a roster: somebody is put at a shift and stays there, is taken off, or cannot come.

use super::{Built, KeptRoster, OnShift, build, day_of, kept::Out, local_now, minute_of};
use crate::{
    app::App,
    people::id::{CommunityId, VolunteerId},
    problem::Fault,
};
use axum::http::StatusCode;
use domain::roster::Span;
use serde::Deserialize;
use utoipa::ToSchema;
use verbs::{Voice, roster::local};

/// One thing that is done. Shifts are told by their places in the roster.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum ByHand {
    /// Somebody is put at a shift, and pinned: making the roster anew leaves them there.
    Put {
        /// Where.
        shift: usize,
        /// Who.
        volunteer: VolunteerId,
        /// Which shift they leave for it.
        from: Option<usize>,
    },
    /// Somebody is taken off a shift.
    Take {
        /// Which.
        shift: usize,
        /// Who.
        volunteer: VolunteerId,
    },
    /// Somebody who has a shift is pinned to it, or not any more.
    Pin {
        /// Which.
        shift: usize,
        /// Who.
        volunteer: VolunteerId,
        /// Whether they are.
        pinned: bool,
    },
    /// Somebody cannot come: their places are filled with few others touched.
    Out {
        /// Who.
        volunteer: VolunteerId,
        /// At which shift; absent: not any more.
        shift: Option<usize>,
        /// Whether they cannot come on all of its day.
        #[serde(default)]
        whole_day: bool,
    },
    /// When somebody came and left, as the desk knows it: seconds since 1970.
    Came {
        /// Which shift.
        shift: usize,
        /// Who.
        volunteer: VolunteerId,
        /// When they came; absent: they did not.
        came: Option<i64>,
        /// When they left.
        left: Option<i64>,
    },
}

/// What came of a drop-out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// The others whose shifts changed.
    pub changed: Vec<String>,
    /// Places that stay empty though somebody had them.
    pub lost: u32,
    /// Whether it is proven that no small change fills more of them.
    pub proven: bool,
}

impl ByHand {
    /// Does it. What came of a drop-out is told.
    ///
    /// # Errors
    /// There is no such shift, nobody of this id, or the roster cannot be built.
    pub fn apply(
        self,
        app: &App,
        community: CommunityId,
        scenario: &str,
        kept: &mut KeptRoster,
        voice: Voice,
    ) -> Result<Option<Repaired>, Fault> {
        if !matches!(self, ByHand::Came { .. }) {
            // What was proven was proven of another roster.
            kept.bound = None;
        }
        match self {
            ByHand::Put { shift, volunteer, from } => {
                known(app, community, volunteer)?;
                kept.shift(shift)?;
                if let Some(from) = from.filter(|from| *from != shift) {
                    kept.shift(from)?.on.retain(|on| on.volunteer != volunteer);
                }
                let on = &mut kept.shift(shift)?.on;
                match on.iter_mut().find(|of| of.volunteer == volunteer) {
                    Some(of) => of.pinned = true,
                    None => on.push(OnShift { pinned: true, ..OnShift::new(volunteer) }),
                }
            }
            ByHand::Take { shift, volunteer } => {
                kept.shift(shift)?.on(volunteer)?;
                kept.shift(shift)?.on.retain(|on| on.volunteer != volunteer);
            }
            ByHand::Pin { shift, volunteer, pinned } => kept.shift(shift)?.on(volunteer)?.pinned = pinned,
            ByHand::Came { shift, volunteer, came, left } => {
                let on = kept.shift(shift)?.on(volunteer)?;
                if came.zip(left).is_some_and(|(came, left)| left < came)
                    || (came.is_none() && left.is_some())
                {
                    return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "roster_left_first"));
                }
                (on.came, on.left, on.told_later) = (came, left, false);
            }
            ByHand::Out { volunteer, shift, whole_day } => {
                let built = build(app, community, scenario, kept, voice)?;
                return out(kept, &built, volunteer, shift, whole_day).map(Some);
            }
        }
        kept.swaps.retain(|swap| kept.shifts[swap.shift].on.iter().any(|on| on.volunteer == swap.volunteer));
        Ok(None)
    }
}

fn known(app: &App, community: CommunityId, volunteer: VolunteerId) -> Result<(), Fault> {
    let all = app.people.volunteers_to_place(community)?;
    let gone = || Fault::new(StatusCode::NOT_FOUND, "unknown_here");
    all.iter().any(|one| one.id == volunteer).then_some(()).ok_or_else(gone)
}

/// Somebody drops out.
fn out(
    kept: &mut KeptRoster,
    built: &Built,
    volunteer: VolunteerId,
    shift: Option<usize>,
    whole_day: bool,
) -> Result<Repaired, Fault> {
    let task = &built.rostered.task;
    let gone = || Fault::new(StatusCode::NOT_FOUND, "unknown_here");
    let who = built.place_of(volunteer).ok_or_else(gone)?;
    let now = minute_of(task.midnight, local_now(&kept.zone));
    let last = task.shifts.iter().map(|shift| shift.span.until_min).max().unwrap_or(0);
    // A roster of a day that is past is played through: nothing of it has begun.
    let now_min = if now < last { now } else { 0 };
    let (span, now_min) = match shift {
        Some(number) => {
            kept.shift(number)?;
            let span = task.shifts[built.places[number]].span;
            // Who is missed when a shift has begun is replaced all the same.
            (if whole_day { day_of(span) } else { span }, now_min.min(span.from_min))
        }
        None => (Span { from_min: now_min.max(0), until_min: i32::MAX }, now_min),
    };
    let found = ::roster::mended(task, &built.rostered.roster, who, span, now_min);
    kept.agreed_max_min = found.task.rules.agreed_max_min;
    kept.outs.push(Out {
        volunteer,
        from: local(task, span.from_min),
        until: (span.until_min < i32::MAX).then(|| local(task, span.until_min)),
    });
    kept.place(&found.roster, &found.task, &built.ids);
    let name = |who: &usize| task.volunteers[*who].name.clone();
    Ok(Repaired {
        changed: found.changed.iter().map(name).collect(),
        lost: found.lost,
        proven: found.lost > 0 && found.proven == found.lost,
    })
}
