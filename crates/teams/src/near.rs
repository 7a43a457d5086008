//! What is due, and whose turn it is: nothing stays open unseen.

mod aid;
mod heat;
mod meals;
mod people;

use crate::{HOUR, Role, Teams};
use chance::Ticks;
use domain::Moment;
use uuid::Uuid;

/// Offers, acceptances and changes are answered within so long.
pub const ANSWER_WITHIN: Ticks = 4 * HOUR;
/// What has a time is shown so long before it.
pub const SEEN_BEFORE: Ticks = HOUR;
/// Who has arrived has a bed within so long.
pub const LODGED_WITHIN: Ticks = 2 * HOUR;
/// Who was released is home within so long.
pub const HOME_WITHIN: Ticks = 24 * HOUR;

/// Something that somebody should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near {
    /// Its time.
    pub by: Moment,
    /// Why.
    pub why: NearWhy,
    /// The request, offer, deployment, member, shift … that it is about.
    pub of: Uuid,
    /// The team, where it is about one.
    pub team: Option<Uuid>,
    /// Whose turn it is, and so whom to call.
    pub turn: Turn,
}

/// Whose turn something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// Of which party.
    pub party: Uuid,
    /// As what.
    pub role: Role,
}

named!(
    /// Why something is shown.
    #[expect(missing_docs, reason = "each is said by its name and its sentence")]
    NearWhy {
        Conflict "conflict",
        Unplaced "unplaced",
        NotTheirs "not_theirs",
        RequestUnanswered "request_unanswered",
        RequestUncovered "request_uncovered",
        RequestOver "request_over",
        OfferUnanswered "offer_unanswered",
        NotCommitted "not_committed",
        OverCommitted "over_committed",
        ReserveShort "reserve_short",
        TeamNotFormed "team_not_formed",
        NotDeparted "not_departed",
        NotArrived "not_arrived",
        NotLodged "not_lodged",
        BedsOver "beds_over",
        SupervisorsShort "supervisors_short",
        ChangeUnanswered "change_unanswered",
        ReturnDue "return_due",
        NotReturned "not_returned",
        CheckMissing "check_missing",
        TestMissing "test_missing",
        ToIsolate "to_isolate",
        ExposedUntested "exposed_untested",
        IsolationLong "isolation_long",
        ShiftNotBegun "shift_not_begun",
        ShiftNotEnded "shift_not_ended",
        WaterDue "water_due",
        MealDue "meal_due",
        ClothingDue "clothing_due",
        TooHot "too_hot",
        SpellLong "spell_long",
        UnfitAtWork "unfit_at_work",
        HeatAhead "heat_ahead",
        HeatLong "heat_long",
        SparedOut "spared_out",
    }
);

impl NearWhy {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            NearWhy::Conflict => "team.near.conflict",
            NearWhy::Unplaced => "team.near.unplaced",
            NearWhy::NotTheirs => "team.near.not_theirs",
            NearWhy::RequestUnanswered => "team.near.request_unanswered",
            NearWhy::RequestUncovered => "team.near.request_uncovered",
            NearWhy::RequestOver => "team.near.request_over",
            NearWhy::OfferUnanswered => "team.near.offer_unanswered",
            NearWhy::NotCommitted => "team.near.not_committed",
            NearWhy::OverCommitted => "team.near.over_committed",
            NearWhy::ReserveShort => "team.near.reserve_short",
            NearWhy::TeamNotFormed => "team.near.team_not_formed",
            NearWhy::NotDeparted => "team.near.not_departed",
            NearWhy::NotArrived => "team.near.not_arrived",
            NearWhy::NotLodged => "team.near.not_lodged",
            NearWhy::BedsOver => "team.near.beds_over",
            NearWhy::SupervisorsShort => "team.near.supervisors_short",
            NearWhy::ChangeUnanswered => "team.near.change_unanswered",
            NearWhy::ReturnDue => "team.near.return_due",
            NearWhy::NotReturned => "team.near.not_returned",
            NearWhy::CheckMissing => "team.near.check_missing",
            NearWhy::TestMissing => "team.near.test_missing",
            NearWhy::ToIsolate => "team.near.to_isolate",
            NearWhy::ExposedUntested => "team.near.exposed_untested",
            NearWhy::IsolationLong => "team.near.isolation_long",
            NearWhy::ShiftNotBegun => "team.near.shift_not_begun",
            NearWhy::ShiftNotEnded => "team.near.shift_not_ended",
            NearWhy::WaterDue => "team.near.water_due",
            NearWhy::MealDue => "team.near.meal_due",
            NearWhy::ClothingDue => "team.near.clothing_due",
            NearWhy::TooHot => "team.near.too_hot",
            NearWhy::SpellLong => "team.near.spell_long",
            NearWhy::UnfitAtWork => "team.near.unfit_at_work",
            NearWhy::HeatAhead => "team.near.heat_ahead",
            NearWhy::HeatLong => "team.near.heat_long",
            NearWhy::SparedOut => "team.near.spared_out",
        }
    }
}

/// What was found so far, and the time up to which it is looked for.
struct Found {
    now: Moment,
    near: Vec<Near>,
}

impl Found {
    /// It is shown from `from` on.
    fn add(&mut self, from: Moment, near: Near) {
        if from <= self.now {
            self.near.push(near);
        }
    }
}

impl Teams {
    /// What is due or overdue, the longest first. What stands here stays here until somebody does something.
    pub fn near(&self, now: Moment) -> Vec<Near> {
        let mut found = Found { now, near: Vec::new() };
        self.near_facts(&mut found);
        self.near_requests(&mut found);
        self.near_offers(&mut found);
        self.near_deployments(&mut found);
        self.near_members(&mut found);
        self.near_shifts(&mut found);
        self.near_heat(&mut found);
        found.near.sort_unstable();
        found.near.dedup();
        found.near
    }

    /// What contradicts itself, what tells of something that is not known, and what was not for whoever told it to tell.
    fn near_facts(&self, found: &mut Found) {
        for of in self.conflicts() {
            let by = of.second.0;
            // Each takes back only what it told itself: either may be the one in error.
            for told in [of.first.1, of.second.1].into_iter().filter_map(|id| self.fact(id)) {
                let turn = Turn { party: told.by.party, role: Role::Desk };
                found.add(by, Near { by, why: NearWhy::Conflict, of: of.of, team: None, turn });
            }
        }
        let now = self.now();
        for (why, facts) in [(NearWhy::Unplaced, &now.unplaced), (NearWhy::NotTheirs, &now.aside)] {
            for (&of, (by, who)) in facts {
                let turn = Turn { party: who.party, role: Role::Desk };
                found.add(*by, Near { by: *by, why, of, team: None, turn });
            }
        }
    }
}
