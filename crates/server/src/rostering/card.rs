//! Role cards that hang where people are briefed, each with a code of its role and day: whoever scans it with the telephone of their own
//! page has read it.

use super::{KeptRoster, KeptShift, changed};
use crate::{
    access::secret::{digest, hex, same},
    app::App,
    people::id::{CommunityId, VolunteerId},
    problem::Fault,
};
use axum::http::StatusCode;

/// The code of a role's card for a day, `2022-03-28`. It comes from the code that hangs at the site, and ends with that.
pub fn card_code(site: &str, role: &str, day: &str) -> String {
    hex(&digest(&[b"shouhu/card/1", site.as_bytes(), role.as_bytes(), day.as_bytes()])[..8])
}

impl KeptShift {
    /// Its local day.
    pub fn day(&self) -> &str {
        self.from.get(..10).unwrap_or_default()
    }
}

/// Somebody has read the card of this code: for all their shifts of that role on that day.
pub(super) fn read_card(
    app: &App,
    community: CommunityId,
    own: VolunteerId,
    code: &str,
    now: i64,
) -> Result<(), Fault> {
    let wrong = || Fault::new(StatusCode::CONFLICT, "own_card_code");
    let site = app.people.site_code(community)?.ok_or_else(wrong)?;
    let is_meant = |shift: &KeptShift| {
        let is_on = shift.on.iter().any(|on| on.volunteer == own);
        is_on && same(card_code(&site, &shift.role, shift.day()).as_bytes(), code.as_bytes())
    };
    let mut found = false;
    for row in app.people.rosters(community)? {
        if !KeptRoster::of(&row.content)?.shifts.iter().any(is_meant) {
            continue;
        }
        changed(app, community, &row.scenario, |kept| {
            for shift in kept.shifts.iter_mut().filter(|shift| is_meant(shift)) {
                let on = shift.on(own)?;
                on.briefed = on.briefed.or(Some(now));
                on.by_card = true;
            }
            Ok(())
        })?;
        found = true;
    }
    found.then_some(()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::card_code;

    #[test]
    fn a_code_is_of_one_role_on_one_day_of_one_site() {
        let code = card_code("a", "sampling", "2022-03-28");
        assert_eq!(code.len(), 16);
        for other in [
            card_code("b", "sampling", "2022-03-28"),
            card_code("a", "calling", "2022-03-28"),
            card_code("a", "sampling", "2022-03-29"),
        ] {
            assert_ne!(code, other);
        }
    }
}
