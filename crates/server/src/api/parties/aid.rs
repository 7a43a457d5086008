//! Requests, offers and teams that concern a party, at its desk: what is due and whose turn it is, who was asked and who comes, and how the people of
//! each team are. Members are identifiers; nobody has a name here.

mod asked;
mod orders;
mod seen;

pub use asked::RulesAsked;
pub use seen::AidPage;

use super::{Once, at_desk};
use crate::{
    access::who::Asking,
    api::{
        Asker, Body, Query,
        file::{CSV, file},
    },
    app::App,
    machine::aside,
    parties::{OpenBook, calls::Calls},
    problem::{Fault, Problem},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::event::Keeps;
use orders::Plan;
use seen::Desk;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};
use teams::{Goods, Role, Step};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// Something that is done at the desk of who asks, sends or hosts. Times are seconds since 1970. As what somebody does it follows from what it is:
/// who confirms water leads the team, and all else is the desk's.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AidAct {
    /// People are needed.
    Request {
        /// Partners that are asked; none: all that are told of teams.
        #[schema(value_type = Vec<String>)]
        asked: Vec<Uuid>,
        /// What they can do: `sampling`.
        skill: String,
        number: u32,
        /// Where they work.
        district: String,
        from: Option<i64>,
        until: Option<i64>,
        /// By when partners answer; left out: by when people are needed.
        answer_by: Option<i64>,
        /// Why.
        why: String,
    },
    /// What the plan orders and is not asked yet: a request for each order.
    Orders {
        /// The plan that was seen.
        mark: String,
        /// The requests, as they were seen.
        #[schema(value_type = Vec<String>)]
        asks: Vec<Uuid>,
    },
    /// These partners stand for donors of the plan from now on, by what it calls them; null: nobody does.
    Stand {
        #[schema(value_type = BTreeMap<String, Option<String>>)]
        stands: BTreeMap<String, Option<Uuid>>,
    },
    /// No more are asked for; offers that wait are declined.
    Close {
        #[schema(value_type = String)]
        request: Uuid,
        /// What came is enough; otherwise nobody is needed any more.
        enough: bool,
    },
    /// The party cannot.
    Decline {
        #[schema(value_type = String)]
        request: Uuid,
    },
    /// The party can send so many.
    Offer {
        #[schema(value_type = String)]
        request: Uuid,
        number: u32,
        /// From when they can be there.
        from: i64,
        /// Until when they can stay.
        until: i64,
        /// How many the party has with this skill, and how many of them must stay: told to nobody. Left out where it was said before.
        has: Option<u32>,
        /// See above.
        stay: Option<u32>,
    },
    /// The recipient takes so many of an offer.
    Accept {
        #[schema(value_type = String)]
        offer: Uuid,
        number: u32,
    },
    /// The recipient does not take it.
    DeclineOffer {
        #[schema(value_type = String)]
        offer: Uuid,
    },
    /// The donor takes back what of it is not committed.
    WithdrawOffer {
        #[schema(value_type = String)]
        offer: Uuid,
    },
    /// The donor sends a team.
    Commit {
        #[schema(value_type = String)]
        offer: Uuid,
        /// One that is at home; left out: a new one, of `number` members, who get identifiers.
        #[schema(value_type = Option<String>)]
        team: Option<Uuid>,
        /// What a new one is called: a label, never a person's name.
        name: String,
        number: u32,
        departs: i64,
        arrives: i64,
    },
    /// A team is a step farther: `departed`, `arrived`, `released`, `withdrawn`, `cancelled` or `returned`.
    Step {
        #[schema(value_type = String)]
        deployment: Uuid,
        #[schema(value_type = String)]
        step: Step,
    },
    /// The recipient says where they sleep.
    Lodge {
        #[schema(value_type = String)]
        deployment: Uuid,
        /// What the lodging is called.
        name: String,
        beds: u32,
        /// So many share a room: members are shared out over rooms 1, 2, …, who is apart alone. Left out: nobody knows who sleeps where.
        each: Option<u32>,
    },
    /// More people of the donor's join a team at home or on its way; they get identifiers.
    Join {
        #[schema(value_type = String)]
        team: Uuid,
        number: u32,
    },
    /// Members leave a team.
    Leave {
        #[schema(value_type = String)]
        team: Uuid,
        #[schema(value_type = Vec<String>)]
        members: Vec<Uuid>,
    },
    /// The highest temperature that is forecast here for a day.
    Heat {
        /// Any time of the day.
        day: i64,
        /// Whole degrees Celsius.
        celsius: i16,
    },
    /// Rules of work here; those that a page does not show stay as they are.
    SetRules { rules: RulesAsked },
    /// They should stay until another time: longer, asks the recipient; home earlier, asks the donor.
    AskChange {
        #[schema(value_type = String)]
        deployment: Uuid,
        until: i64,
    },
    /// Whether they do.
    AnswerChange {
        #[schema(value_type = String)]
        change: Uuid,
        granted: bool,
    },
    /// The day's health check of a team: all are well but these.
    Check {
        #[schema(value_type = String)]
        team: Uuid,
        #[schema(value_type = Vec<String>)]
        ill: Vec<Uuid>,
    },
    /// Tests of a team: all were negative but these.
    Test {
        #[schema(value_type = String)]
        team: Uuid,
        taken: i64,
        #[schema(value_type = Vec<String>)]
        positive: Vec<Uuid>,
    },
    /// Members are apart from the others now.
    Isolate {
        #[schema(value_type = Vec<String>)]
        members: Vec<Uuid>,
    },
    /// Members are with the others again.
    Free {
        #[schema(value_type = Vec<String>)]
        members: Vec<Uuid>,
    },
    /// So many of a team work: those who may, and have worked the fewest days.
    PlanShift {
        #[schema(value_type = String)]
        deployment: Uuid,
        people: u32,
        from: i64,
        until: i64,
        outdoor: bool,
        /// What the bus is called in which they ride; left out: nobody knows.
        bus: Option<String>,
    },
    /// They began.
    BeginShift {
        #[schema(value_type = String)]
        shift: Uuid,
    },
    /// They ended.
    EndShift {
        #[schema(value_type = String)]
        shift: Uuid,
    },
    /// They will not work.
    DropShift {
        #[schema(value_type = String)]
        shift: Uuid,
    },
    /// `water`, a `meal` or `clothing` is there, says the team.
    Receive {
        #[schema(value_type = String)]
        team: Uuid,
        #[schema(value_type = Option<String>)]
        shift: Option<Uuid>,
        #[schema(value_type = String)]
        goods: Goods,
        count: u32,
    },
    /// Which of two facts is true: `first`, `second` or `both`. A party takes back only what it told itself.
    Settle {
        #[schema(value_type = String)]
        first: Uuid,
        #[schema(value_type = String)]
        second: Uuid,
        #[schema(value_type = String)]
        keeps: Keeps,
    },
}

/// Requests, offers and teams that concern a party.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/aid",
    params(("party" = String, Path, description = "A community's id, or `in:` and a place's"), ("lang" = Option<String>, Query)),
    responses((status = OK, body = AidPage), (status = NOT_FOUND, body = Problem))
)]
pub async fn aid_of(
    State(app): State<App>,
    asking: Asking,
    Path(party): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<AidPage>, Fault> {
    let plan = plan_at(&app, &asking, &party).await?;
    at_desk(app, asking, party, |_, _, _| Ok(()), page_in(voice, plan)).await
}

/// Who has left to help, as `deployed.csv`: with it the next plan begins.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}/aid/deployed.csv",
    params(("party" = String, Path, description = "`in:` and a place's id")),
    responses(
        (status = OK, content_type = "text/csv", body = String), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "No plan stands there that can be read", body = Problem)
    )
)]
pub async fn deployed_csv(
    State(app): State<App>,
    asking: Asking,
    Path(party): Path<String>,
) -> Result<Response, Fault> {
    let plan = plan_at(&app, &asking, &party).await?;
    let left = move |book: &OpenBook, _, _: &str, _| match &*plan {
        Some(plan) => plan.left(book),
        None => Err(Fault::new(StatusCode::CONFLICT, "aid_plan_other")),
    };
    let Json(table) = at_desk(app, asking, party, |_, _, _| Ok(()), left).await?;
    Ok(file(CSV, "deployed.csv", table?))
}

/// Does something of requests, offers and teams; all of it as it is then.
#[utoipa::path(
    post, path = "/api/v1/parties/{party}/aid", request_body = AidAct,
    params(
        ("party" = String, Path, description = "A community's id, or `in:` and a place's"),
        ("lang" = Option<String>, Query),
        ("once" = Option<String>, Query, description = "An id that was drawn for it: sent again after an answer was lost, it is done once")
    ),
    responses((status = OK, body = AidPage), (status = NOT_FOUND, body = Problem), (status = CONFLICT, description = "A rule says no", body = Problem))
)]
pub async fn act_of_aid(
    State(app): State<App>,
    asking: Asking,
    Path(party): Path<String>,
    Asker(voice): Asker,
    Query(Once { once }): Query<Once>,
    Body(act): Body<AidAct>,
) -> Result<Json<AidPage>, Fault> {
    let plan = plan_at(&app, &asking, &party).await?;
    let within = plan.clone();
    let act = move |app: &App, book: &mut OpenBook, by: &str| {
        // Of the book as it is when it is written: another process may have written since.
        let of = |book: &OpenBook| command(book, act.clone(), (*within).as_ref(), voice);
        book.command_once(&app.runs, by, None, once, of)
    };
    at_desk(app, asking, party, act, page_in(voice, plan)).await
}

/// What is asked for.
fn command(
    book: &OpenBook,
    act: AidAct,
    plan: Option<&Plan>,
    voice: Voice,
) -> Result<parties::Command, Fault> {
    let none = || Fault::new(StatusCode::CONFLICT, "aid_plan_other");
    let (role, commands) = match act {
        AidAct::Stand { stands } => {
            plan.filter(|of| stands.keys().all(|donor| of.has_donor(donor))).ok_or_else(none)?;
            return Ok(parties::Command::Stand { stands });
        }
        AidAct::Orders { mark, asks } => {
            let commands = plan.ok_or_else(none)?.requests(book, (&mark, &asks), voice)?;
            return Ok(parties::Command::Aid { role: Role::Desk, commands });
        }
        act => asked::commands(book.book(), act)?,
    };
    if commands.len() > asked::COMMANDS_MOST {
        let most = teams::MEMBERS_MOST;
        return Err(Fault::new(StatusCode::CONFLICT, "team_number_off").with("most", most));
    }
    if commands.is_empty() {
        return Err(Fault::new(StatusCode::CONFLICT, "team_unknown"));
    }
    Ok(parties::Command::Aid { role, commands })
}

/// The plan that stands at a party's place, for whoever may see it.
async fn plan_at(app: &App, asking: &Asking, party: &str) -> Result<Arc<Option<Plan>>, Fault> {
    let (app, asking, party) = (app.clone(), asking.clone(), party.to_owned());
    aside(move || Plan::at(&app, &asking.who, &party)).await.map(Arc::new)
}

fn page_in(
    voice: Voice,
    plan: Arc<Option<Plan>>,
) -> impl FnOnce(&OpenBook, String, &str, BTreeMap<Uuid, Calls>) -> AidPage {
    move |book, name, by, calls| {
        let plan = (*plan).as_ref().map(|of| of.seen(book, voice));
        Desk { book: book.book(), name, by, calls, voice }.page(plan)
    }
}
