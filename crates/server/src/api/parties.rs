//! Books of places and communities that work together with others: who the partners are, what desks wrote to each other, and how parties hear of
//! each other.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

pub mod aid;
pub mod doors;
pub mod gate;
pub mod hear;
pub mod provide;
pub mod shipments;

use super::{Asker, Body};
use crate::{
    access::{role::Place, who::Asking},
    app::App,
    channels::outward::Outward,
    limits,
    machine::aside,
    parties::{
        OpenBook,
        calls::{Calls, ROLES},
        clock,
    },
    people::PeopleError,
    problem::{Fault, Problem},
    run::held,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::Moment;
use parties::{Card, Command, Subject, WORDS_LETTERS};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;

/// A place or a community at whose desk whoever asks may write.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnParty {
    /// As it stands in addresses: a community's id, or `in:` and a place's.
    id: String,
    /// What people call it.
    name: String,
}

/// The book of a party, as its desk sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyPage {
    /// The party's own id.
    #[schema(value_type = String)]
    party: Uuid,
    /// What people call it.
    name: String,
    /// The line of text by which others get to know it.
    card: String,
    /// By which two people make sure that nobody changed the card on its way.
    fingerprint: String,
    /// Whether others can write to this server.
    reachable: bool,
    /// Of which a partner can be told.
    subjects: Vec<&'static str>,
    /// Letters of a message, at most.
    words_most: usize,
    /// With whom it works together, by their names.
    partners: Vec<PartnerSeen>,
    /// Words from and to other desks, the newest first.
    messages: Vec<MessageSeen>,
    /// What the desk should look at, the soonest first.
    near: Vec<NearSeen>,
    /// How many lines of that are left off.
    left_off: usize,
    /// How many things of its supplies somebody should look at.
    supplies: usize,
    /// How many things of requests, offers and teams are due.
    aid: usize,
    /// By which telephones it says that it is called.
    telephones: Vec<Telephone>,
    /// Records of partners that this program cannot read, or that are not theirs to write.
    unread: usize,
}

/// As what somebody of a party is called, and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct Telephone {
    /// `desk`, `keeper`, `gate` or `carrier`.
    role: String,
    /// The same in words.
    word: String,
    /// The number; empty where none was given.
    phone: String,
}

/// Another party.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartnerSeen {
    /// Its id.
    #[schema(value_type = String)]
    party: Uuid,
    /// What people call it.
    name: String,
    /// Its server's address; empty where it cannot be reached and asks by itself.
    address: String,
    /// By which two people make sure that it is the one that is meant.
    fingerprint: String,
    /// Of which it is told: `words`, `supplies`, `aid`.
    shares: Vec<&'static str>,
    /// Whether it is heard and told no more.
    parted: bool,
    /// Whether its desk may be written to.
    writable: bool,
    /// When the last thing that it said was written, seconds since 1970; null where it has said nothing.
    #[schema(required)]
    heard: Option<i64>,
    /// When it last answered or asked, seconds since 1970; null where it has done neither since this server was started.
    #[schema(required)]
    answered: Option<i64>,
    /// Records that it was told, and those of them that it has not said to hold; null where it has not answered or asked yet.
    told: u64,
    /// See above.
    #[schema(required)]
    waiting: Option<u64>,
    /// Why it did not answer the last time, in words; null where it did.
    #[schema(required)]
    why: Option<String>,
    /// By which telephones it says that it is called: those that it gave.
    telephones: Vec<Telephone>,
}

/// A message between desks.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageSeen {
    /// Its id.
    #[schema(value_type = String)]
    id: Uuid,
    /// Whether it was written to this desk.
    to_us: bool,
    /// The other party.
    #[schema(value_type = String)]
    party: Uuid,
    /// When it was written, seconds since 1970.
    at: i64,
    /// What.
    words: String,
    /// When the other side said that it has read it, seconds since 1970; null where it has not.
    #[schema(required)]
    read: Option<i64>,
}

/// Something that the desk should look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearSeen {
    /// What it is about: a message.
    #[schema(value_type = String)]
    of: Uuid,
    /// Why, in words.
    why: String,
    /// The other party: whom to call.
    #[schema(value_type = String)]
    party: Uuid,
    /// Its time, seconds since 1970.
    by: i64,
}

/// Something that is done at a party's desk.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PartyAct {
    /// To work together with the party of a card.
    Meet {
        /// As it was handed over.
        card: String,
        /// Of which it is told: `words`, `supplies`, `aid`.
        shares: Vec<String>,
    },
    /// To tell a partner of these and of nothing else.
    Share {
        /// Whom.
        #[schema(value_type = String)]
        party: Uuid,
        /// Of which.
        shares: Vec<String>,
    },
    /// To hear a partner and tell it things no more.
    Part {
        /// Whom.
        #[schema(value_type = String)]
        party: Uuid,
    },
    /// To write to a partner's desk.
    Write {
        /// Whom.
        #[schema(value_type = String)]
        party: Uuid,
        /// What. No names of persons: the other side keeps it.
        words: String,
    },
    /// To say that a message was read.
    Read {
        /// Which.
        #[schema(value_type = String)]
        message: Uuid,
    },
    /// To say by which telephones the party is called, in place of what was said before. Partners that are told of supplies or of teams hear it; no journal
    /// keeps it.
    Telephones {
        /// By `desk`, `keeper`, `gate` or `carrier`: digits, and no name.
        #[schema(value_type = std::collections::BTreeMap<String, String>)]
        phones: BTreeMap<supplies::Role, String>,
    },
}

/// By what an act is known that is sent again.
#[derive(Debug, Deserialize)]
pub struct Once {
    pub(in crate::api) once: Option<Uuid>,
}

/// Places and communities at whose desks whoever asks may write.
#[utoipa::path(get, path = "/api/v1/parties", responses((status = OK, body = [OwnParty])))]
pub async fn parties(State(app): State<App>, asking: Asking) -> Result<Json<Vec<OwnParty>>, Fault> {
    let all = aside(move || {
        let places = app.people.places()?.into_iter().map(|of| (Place::Tree(of.id), of.name));
        let communities = app.people.communities()?.into_iter().map(|of| (Place::Community(of.id), of.name));
        let own = places.chain(communities).filter(|(place, _)| asking.who.plans_for(*place));
        Ok(own.map(|(place, name)| OwnParty { id: place.to_string(), name }).collect())
    });
    all.await.map(Json)
}

/// The book of a party; it is opened with the first look.
#[utoipa::path(
    get, path = "/api/v1/parties/{party}",
    params(("party" = String, Path, description = "A community's id, or `in:` and a place's"), ("lang" = Option<String>, Query)),
    responses((status = OK, body = PartyPage), (status = NOT_FOUND, body = Problem))
)]
pub async fn party(
    State(app): State<App>,
    Path(party): Path<String>,
    Asker(voice): Asker,
) -> Result<Json<PartyPage>, Fault> {
    let page = aside(move || {
        let (place, name) = place_of(&app, &party)?;
        let book = app.parties.at(place)?;
        let book = held(&book);
        page(&app, &book, name, voice)
    });
    page.await.map(Json)
}

/// Does something at a party's desk; the book as it is then.
#[utoipa::path(
    post, path = "/api/v1/parties/{party}", request_body = PartyAct,
    params(("party" = String, Path, description = "A community's id, or `in:` and a place's"), ("lang" = Option<String>, Query)),
    responses((status = OK, body = PartyPage), (status = NOT_FOUND, body = Problem), (status = CONFLICT, description = "A rule says no", body = Problem))
)]
pub async fn act_as_party(
    State(app): State<App>,
    asking: Asking,
    Path(party): Path<String>,
    Asker(voice): Asker,
    Body(act): Body<PartyAct>,
) -> Result<Json<PartyPage>, Fault> {
    if let PartyAct::Meet { card, .. } = &act {
        reachable(&app, card)?;
    }
    let asked = asked(act)?;
    let page = aside(move || {
        let (place, name) = place_of(&app, &party)?;
        let book = app.parties.at(place)?;
        let mut book = held(&book);
        let own = book.party.id;
        match asked {
            Asked::Telephones(calls) => app.parties.say_calls(own, calls)?,
            Asked::Command(command) => {
                book.command(&app.runs, &asking.who.label(), &command)?;
                if let Command::Part { from } = command {
                    app.parties.forget_calls(own, from)?;
                }
            }
        }
        page(&app, &book, name, voice)
    });
    page.await.map(Json)
}

/// Does something at a desk, and shows it as it is then: its book, what people call it, who asks, and how all are called whom it knows.
async fn at_desk<T: Send + 'static>(
    app: App,
    asking: Asking,
    party: String,
    act: impl FnOnce(&App, &mut OpenBook, &str) -> Result<(), Fault> + Send + 'static,
    page: impl FnOnce(&OpenBook, String, &str, BTreeMap<Uuid, Calls>) -> T + Send + 'static,
) -> Result<Json<T>, Fault> {
    let page = aside(move || {
        let (place, name) = place_of(&app, &party)?;
        let book = app.parties.at(place)?;
        let mut book = held(&book);
        let by = asking.who.label();
        act(&app, &mut book, &by)?;
        let calls = app.parties.calls(book.party.id)?;
        Ok(page(&book, name, &by, calls))
    });
    page.await.map(Json)
}

/// The single place of a text, and what people call it.
fn place_of(app: &App, text: &str) -> Result<(Place, String), Fault> {
    let place = Place::parse_party(text).ok_or(PeopleError::Unknown)?;
    let name = match place {
        Place::Tree(id) => app.people.place(id)?.name,
        Place::Community(id) => app.people.community(id)?.name,
        Place::All => return Err(PeopleError::Unknown.into()),
    };
    Ok((place, name))
}

/// A card's address is a server's alone; and a server that others reach writes to nothing of its own machine. One that is no card is refused later.
fn reachable(app: &App, card: &str) -> Result<(), Fault> {
    let Some(card) = Card::parse(card).filter(|card| !card.address.is_empty()) else { return Ok(()) };
    let is_good = Outward::new(&card.address, app.parties.tls())
        .is_ok_and(|to| to.is_host_alone() && !(to.is_here() && app.mode.is_open()));
    if is_good { Ok(()) } else { Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "party_card_address")) }
}

/// What is asked for.
enum Asked {
    Command(Command),
    Telephones(Calls),
}

fn asked(act: PartyAct) -> Result<Asked, Fault> {
    let subjects = |words: Vec<String>| -> Result<BTreeSet<Subject>, Fault> {
        let parsed = words.iter().map(|word| Subject::parse(word));
        parsed
            .collect::<Option<_>>()
            .ok_or_else(|| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "party_subject"))
    };
    Ok(Asked::Command(match act {
        PartyAct::Telephones { phones } => return Calls::new(phones).map(Asked::Telephones),
        PartyAct::Meet { card, shares } => Command::Meet { card, subjects: subjects(shares)? },
        PartyAct::Share { party, shares } => Command::Share { with: party, subjects: subjects(shares)? },
        PartyAct::Part { party } => Command::Part { from: party },
        PartyAct::Write { party, words } => Command::Write { message: Uuid::new_v4(), to: party, words },
        PartyAct::Read { message } => Command::Read { message },
    }))
}

fn page(app: &App, open: &OpenBook, name: String, voice: Voice) -> Result<PartyPage, Fault> {
    let book = open.book();
    let calls = app.parties.calls(book.own())?;
    let reachable = app.mode.is_open();
    let address = if reachable { app.mode.url() } else { String::new() };
    let card = open.card(name.clone(), address);
    let now = Moment::from(jiff::Timestamp::now());
    let mut partners: Vec<PartnerSeen> =
        book.partners().map(|of| partner(app, open, of, calls.get(&of.card.party), voice)).collect();
    partners.sort_by(|one, other| (&one.name, one.party).cmp(&(&other.name, other.party)));
    let mut near = book.near(now);
    let left_off = near.len().saturating_sub(limits::LINES_SHOWN);
    near.truncate(limits::LINES_SHOWN);
    let seen = |of: &parties::Message| {
        let to_us = of.to == book.own();
        let party = if to_us { of.from } else { of.to };
        let (at, read) = (seconds(of.at), of.read.map(seconds));
        MessageSeen { id: of.id, to_us, party, at, words: of.words.clone(), read }
    };
    // The newest, and older ones that somebody should look at.
    let newest: Vec<&parties::Message> = book.messages().rev().take(limits::MESSAGES_SHOWN).collect();
    let since = newest.last().map(|of| (of.at, of.id));
    let older = near.iter().filter_map(|near| book.message(near.of));
    let older = older.filter(|of| since.is_some_and(|since| (of.at, of.id) < since));
    let messages = newest.iter().copied().chain(older).map(seen).collect();
    let near = near.into_iter().map(|near| NearSeen {
        of: near.of,
        why: voice.word(near.why.key()),
        party: near.party,
        by: seconds(near.by),
    });
    Ok(PartyPage {
        party: book.own(),
        name,
        fingerprint: card.fingerprint(),
        card: card.text(),
        reachable,
        subjects: Subject::ALL.iter().map(|subject| subject.name()).collect(),
        words_most: WORDS_LETTERS,
        partners,
        messages,
        near: near.collect(),
        left_off,
        supplies: book.near_supplies(clock()).len(),
        aid: book.near_aid(clock()).len(),
        telephones: telephones(calls.get(&book.own()), voice, true),
        unread: book.unread_count(),
    })
}

/// By which telephones somebody is called; all roles, or those with a number.
fn telephones(calls: Option<&Calls>, voice: Voice, all: bool) -> Vec<Telephone> {
    let phone = |role| calls.and_then(|calls| calls.phones.get(&role)).cloned().unwrap_or_default();
    let of = ROLES.into_iter().map(|role| {
        let key = role.key();
        Telephone { role: last(key), word: voice.word(key), phone: phone(role) }
    });
    of.filter(|of| all || !of.phone.is_empty()).collect()
}

/// The API's word of a key of the catalogue.
fn last(key: &str) -> String {
    key.rsplit('.').next().unwrap_or(key).to_owned()
}

fn partner(
    app: &App,
    open: &OpenBook,
    of: &parties::Partner,
    calls: Option<&Calls>,
    voice: Voice,
) -> PartnerSeen {
    let Card { party, name, address, .. } = of.card.clone();
    let progress = app.parties.progress(open.book().own(), party);
    PartnerSeen {
        party,
        name,
        address,
        fingerprint: of.card.fingerprint(),
        shares: of.shares.iter().map(|subject| subject.name()).collect(),
        parted: of.parted,
        writable: of.is_told(Subject::Words),
        // By the other's clock, which may be fast.
        heard: of.heard.map(|at| seconds(at).min(crate::people::now())),
        answered: progress.answered,
        told: of.told_count(),
        waiting: progress.acknowledged.map(|held| of.told_count().saturating_sub(held)),
        why: progress.why.map(|why| voice.word(&format!("party.why.{why}"))),
        telephones: telephones(calls, voice, false),
    }
}

fn seconds(at: Moment) -> i64 {
    at.0.div_euclid(10_000)
}
