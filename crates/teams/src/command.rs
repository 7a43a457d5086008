//! What somebody asks for.

use crate::{
    Change, Close, Deployment, Event, Goods, Health, Heat, Lodging, Member, Offer, Request, Room, Rules,
    Shift, Step, Strength, Team,
};
use domain::{
    Moment,
    event::{Finding, Keeps},
};
use uuid::Uuid;

/// A request as somebody fills it in: what is missing is told with all else that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in a request")]
pub struct Ask {
    pub id: Uuid,
    pub host: Uuid,
    pub asked: Vec<Uuid>,
    pub skill: String,
    pub number: u32,
    pub district: String,
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    pub answer_by: Option<Moment>,
    pub why: String,
}

/// What somebody asks for. Whoever may ask, [`crate::Teams::decide`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are those of the events that come of it")]
pub enum Command {
    /// A party or a lodging is called so; members never are.
    Name { of: Uuid, name: String },
    /// A host's rules.
    SetRules { host: Uuid, rules: Rules },
    /// What a donor has and what stays.
    Declare(Strength),
    /// A recipient asks for people.
    Request(Ask),
    /// A donor that was asked cannot.
    Decline { request: Uuid, donor: Uuid },
    /// A recipient asks for no more; offers that wait are declined.
    CloseRequest { request: Uuid, how: Close },
    /// A donor offers people.
    Offer(Offer),
    /// The recipient takes an offer, or so many of it.
    AcceptOffer { offer: Uuid, number: u32 },
    /// The recipient does not take it.
    DeclineOffer { offer: Uuid },
    /// The donor takes back what of it is not committed.
    WithdrawOffer { offer: Uuid },
    /// The donor sends a team for all or a part of what was accepted.
    Commit(Deployment),
    /// A team is a step farther.
    Step { deployment: Uuid, step: Step },
    /// The recipient says where they sleep.
    Lodge { deployment: Uuid, lodging: Uuid, rooms: Vec<Room> },
    /// They should stay longer, or come home.
    AskChange { change: Uuid, deployment: Uuid, what: Change, until: Moment },
    /// Whether they do.
    AnswerChange { change: Uuid, granted: bool },
    /// A lodging is ready.
    OpenLodging(Lodging),
    /// A team is formed.
    Form(Team),
    /// Somebody becomes a member.
    Join { team: Uuid, member: Member },
    /// Somebody leaves.
    Leave { team: Uuid, member: Uuid },
    /// A member's daily check.
    Check { member: Uuid, health: Health },
    /// A member's test, as the lab found it.
    Test { member: Uuid, taken: Moment, finding: Finding },
    /// A member is apart from the others now.
    Isolate { member: Uuid },
    /// A member is with the others again.
    Free { member: Uuid },
    /// The heat that is forecast.
    Forecast(Heat),
    /// Members are to work.
    PlanShift(Shift),
    /// They began.
    BeginShift { shift: Uuid },
    /// They ended.
    EndShift { shift: Uuid },
    /// They will not.
    DropShift { shift: Uuid },
    /// Water, meals or clothing are there, says whoever received them.
    Receive { team: Uuid, shift: Option<Uuid>, goods: Goods, count: u32 },
    /// Which of two facts is true.
    Settle { first: Uuid, second: Uuid, keeps: Keeps },
}

impl Command {
    /// The fact that it becomes; `None` of a request without a beginning or an end.
    pub(crate) fn event(self) -> Option<Event> {
        Some(match self {
            Command::Name { of, name } => Event::Named { of, name },
            Command::SetRules { host, rules } => Event::RulesSet { host, rules },
            Command::Declare(strength) => Event::Declared { strength },
            Command::Request(ask) => Event::Requested {
                request: Request {
                    from: ask.from?,
                    until: ask.until?,
                    answer_by: ask.answer_by.or(ask.from)?,
                    id: ask.id,
                    host: ask.host,
                    asked: ask.asked,
                    skill: ask.skill,
                    number: ask.number,
                    district: ask.district,
                    why: ask.why,
                },
            },
            Command::Decline { request, donor } => Event::Declined { request, donor },
            Command::CloseRequest { request, how } => Event::RequestClosed { request, how },
            Command::Offer(offer) => Event::Offered { offer },
            Command::AcceptOffer { offer, number } => Event::OfferAccepted { offer, number },
            Command::DeclineOffer { offer } => Event::OfferDeclined { offer },
            Command::WithdrawOffer { offer } => Event::OfferWithdrawn { offer },
            Command::Commit(deployment) => Event::Committed { deployment },
            Command::Step { deployment, step } => Event::Stepped { deployment, step },
            Command::Lodge { deployment, lodging, rooms } => Event::Lodged { deployment, lodging, rooms },
            Command::AskChange { change, deployment, what, until } => {
                Event::ChangeAsked { change, deployment, what, until }
            }
            Command::AnswerChange { change, granted } => Event::ChangeAnswered { change, granted },
            Command::OpenLodging(lodging) => Event::LodgingOpened { lodging },
            Command::Form(team) => Event::Formed { team },
            Command::Join { team, member } => Event::Joined { team, member },
            Command::Leave { team, member } => Event::Left { team, member },
            Command::Check { member, health } => Event::Checked { member, health },
            Command::Test { member, taken, finding } => Event::Tested { member, taken, finding },
            Command::Isolate { member } => Event::Isolated { member },
            Command::Free { member } => Event::Freed { member },
            Command::Forecast(heat) => Event::HeatForecast { heat },
            Command::PlanShift(shift) => Event::ShiftPlanned { shift },
            Command::BeginShift { shift } => Event::ShiftBegan { shift },
            Command::EndShift { shift } => Event::ShiftEnded { shift },
            Command::DropShift { shift } => Event::ShiftDropped { shift },
            Command::Receive { team, shift, goods, count } => Event::Received { team, shift, goods, count },
            Command::Settle { first, second, keeps } => Event::Settled { first, second, keeps },
        })
    }
}
