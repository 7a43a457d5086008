//! Neighbours at the secretariat's desk: what is near its time first, who could help whom and why, and who may be with children.
#![allow(unused_qualifications, reason = "utoipa's macro writes them")]

use super::{
    can, door,
    own::{NewPosting, OwnKind, of_kind},
    questions::{DeskQuestion, NeighbourAnswer, keep, questions},
    seconds, state,
};
use crate::{
    access::who::Asking,
    api::{Asker, Body, names::Unkept, rounds::community_of},
    app::App,
    machine::aside,
    people::{
        self,
        id::CommunityId,
        id::VolunteerId,
        names::{Looks, Resident},
        neighbours::NotDone,
        volunteers::Volunteer,
    },
    problem::{Fault, Problem},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::Moment;
use exchange::{Command, Exchange, Kind, Near, NearWhy, Posting, Reason, Subject, VOICE_LETTERS, Who};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use uuid::Uuid;
use verbs::Voice;
use words::Language;

/// What the secretariat does.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum DeskAct {
    /// Writes down a need or an offer of somebody who telephoned or came.
    Post(OnBehalf),
    /// Asks both.
    Propose(NeighbourPair),
    /// Joins a need with the same of its household.
    Join(NeighbourDouble),
    /// Gives it to a volunteer to carry.
    Assign(NeighbourErrand),
    /// Says that the volunteer carried it.
    Carry(OfNeighbour),
    /// Has seen to a need.
    Settle(OfNeighbour),
    /// Takes a need or an offer off the list.
    Withdraw(OfNeighbour),
    /// Lets who offers be with children, or does not.
    GiveWord(NeighbourWord),
    /// Answers a voice.
    Answer(NeighbourReply),
    /// Answers all who asked the same, and the next notice with it.
    AnswerAll(NeighbourAnswer),
}

/// A need or an offer in somebody's name.
#[derive(Deserialize, ToSchema)]
pub struct OnBehalf {
    /// Their door, `12-2-301`.
    door: String,
    /// Their name as the roll has it; may be left out where one person lives there.
    #[serde(default)]
    name: String,
    /// What.
    posting: NewPosting,
}

/// A need and an offer.
#[derive(Deserialize, ToSchema)]
pub struct NeighbourPair {
    #[schema(value_type = String)]
    need: Uuid,
    #[schema(value_type = String)]
    offer: Uuid,
}

/// A need that is the same as another.
#[derive(Deserialize, ToSchema)]
pub struct NeighbourDouble {
    /// Which is no need of its own.
    #[schema(value_type = String)]
    need: Uuid,
    /// As which it goes on.
    #[schema(value_type = String)]
    into: Uuid,
}

/// A need, and who carries it.
#[derive(Deserialize, ToSchema)]
pub struct NeighbourErrand {
    #[schema(value_type = String)]
    need: Uuid,
    volunteer: VolunteerId,
}

/// A need or an offer.
#[derive(Deserialize, ToSchema)]
pub struct OfNeighbour {
    #[schema(value_type = String)]
    of: Uuid,
}

/// The secretariat's word.
#[derive(Deserialize, ToSchema)]
pub struct NeighbourWord {
    /// The offer.
    #[schema(value_type = String)]
    of: Uuid,
    /// Whether they may.
    good: bool,
}

/// An answer.
#[derive(Deserialize, ToSchema)]
pub struct NeighbourReply {
    /// The voice.
    #[schema(value_type = String)]
    of: Uuid,
    /// What is answered.
    words: String,
}

/// A community's neighbours, as the secretariat sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskNeighbours {
    /// What should be looked at, the soonest first.
    near: Vec<NearOne>,
    /// Who could help whom, the most urgent first.
    proposals: Vec<ProposedPair>,
    /// Offers that wait for a word, since they are to children.
    flagged: Vec<String>,
    /// Needs that are not over, and those that ended within a fortnight.
    needs: Vec<DeskPosting>,
    /// Offers.
    offers: Vec<DeskPosting>,
    /// What residents ask, like questions as one, those that most asked first.
    questions: Vec<DeskQuestion>,
    /// Complaints, praise and questions.
    voices: Vec<DeskVoice>,
    /// What can be needed and offered.
    kinds: Vec<OwnKind>,
    /// Who could carry something: volunteers, those with the fewest errands first.
    volunteers: Vec<DeskCarrier>,
    /// Letters of an answer, at most.
    answer_max: usize,
}

/// A volunteer who could carry something.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskCarrier {
    /// Random.
    id: VolunteerId,
    /// As they said.
    name: String,
    /// What they can do, in their own words.
    skills: String,
    /// Which of what can be needed exactly these words name.
    subjects: Vec<&'static str>,
    /// What they have to carry just now.
    errands: usize,
}

/// Something that should be looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearOne {
    /// The id of the need, or of the voice.
    of: String,
    /// Whether it is a voice.
    is_voice: bool,
    /// Why, in words.
    why: String,
    /// Its time, seconds since 1970.
    by: i64,
    /// Whether that is past.
    late: bool,
}

/// Two who could come together.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposedPair {
    /// The need's id.
    need: String,
    /// The offer's id.
    offer: String,
    /// Why these two, in words.
    reasons: Vec<String>,
}

/// A need or an offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskPosting {
    /// Its id.
    id: String,
    /// What with.
    kind: &'static str,
    /// What exactly.
    #[schema(required)]
    subject: Option<&'static str>,
    /// How urgent.
    urgency: &'static str,
    /// Whether it is for a child.
    for_child: bool,
    /// Of an offer: how many neighbours at one time.
    most: u8,
    /// Where the two meet: `door`, `hospital`, `site`, `gate`.
    meet: &'static str,
    /// Whether it has a day and an hour of its own, from the one to the other.
    timed: bool,
    /// From when, seconds since 1970.
    from: i64,
    /// Until when, seconds since 1970.
    until: i64,
    /// In their own words.
    words: String,
    /// Whether the secretariat wrote it down for them.
    on_behalf: bool,
    /// How far a need is; of an offer, `open` or `over`.
    state: &'static str,
    /// `12-2-301`.
    door: String,
    /// As the roll has it.
    name: String,
    /// As the roll has it.
    phone: String,
    /// Of a need: the offer that is asked for it, or was agreed.
    #[schema(required)]
    offer: Option<String>,
    /// Of an offer: whether they may be with children; null: nothing was said.
    #[schema(required)]
    word: Option<bool>,
    /// Of a need: one of another of the household that seems to be the same, as which it could go on.
    #[schema(required)]
    double: Option<String>,
    /// Of a need: the volunteer who carries it, or carried it, by name.
    #[schema(required)]
    carrier: Option<String>,
    /// What can be done now: `assign`, `carry`, `settle`, `withdraw`, `word_yes`, `word_no`.
    can: Vec<&'static str>,
}

/// A complaint, praise, or a question.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskVoice {
    /// Its id.
    id: String,
    /// `complaint`, `praise` or `question`.
    tone: &'static str,
    /// What.
    words: String,
    /// When, seconds since 1970.
    at: i64,
    /// By when it is answered, seconds since 1970.
    due: i64,
    /// The answer; null: none yet.
    #[schema(required)]
    answer: Option<String>,
    /// `12-2-301`.
    door: String,
    /// As the roll has it.
    name: String,
}

/// Neighbours who help each other, with names and doors: each look is written down.
#[utoipa::path(
    get, path = "/api/v1/communities/{community}/neighbours",
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses((status = OK, body = DeskNeighbours), (status = NOT_FOUND, body = Problem))
)]
pub async fn neighbours(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Asker(voice): Asker,
) -> Result<Unkept<DeskNeighbours>, Fault> {
    let found = aside(move || {
        let community = app.people.community(community_of(&community)?)?.id;
        let (who, now) = (asking.who.label(), people::now());
        let looks = Looks { who: &who, why: "neighbours", now };
        let (exchange, people) = app.people.exchange_at_desk(community, looks)?;
        let volunteers = app.people.volunteers(community, looks)?;
        let desk = Desk {
            exchange: &exchange,
            people: &people,
            volunteers: &volunteers,
            by: Who::Desk(who),
            now: Moment(now * 10_000),
            voice,
        };
        Ok(desk.seen())
    });
    found.await.map(Unkept)
}

/// Does what the secretariat says.
#[utoipa::path(
    post, path = "/api/v1/communities/{community}/neighbours", request_body = DeskAct,
    params(("community" = String, Path), ("lang" = Option<String>, Query)),
    responses(
        (status = NO_CONTENT), (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, description = "A rule says no", body = Problem)
    )
)]
pub async fn see_to_neighbours(
    State(app): State<App>,
    asking: Asking,
    Path(community): Path<String>,
    Body(act): Body<DeskAct>,
) -> Result<StatusCode, Fault> {
    let done = aside(move || {
        let community = community_of(&community)?;
        let (who, at) = (asking.who.label(), people::now());
        let by = Who::Desk(who.clone());
        let does = |command: Command| app.people.act(community, people::now(), &by, &command).map(drop);
        let command = match act {
            DeskAct::Post(OnBehalf { door, name, posting }) => {
                let looks = Looks {
                    who: &who,
                    why: "a need or an offer is written down in somebody's name",
                    now: at,
                };
                let home = resident(&app, community, (door.trim(), name.trim()), looks)?;
                Command::Post(posting.posting(&home, at))
            }
            DeskAct::Assign(NeighbourErrand { need, volunteer }) => {
                let known = app.people.volunteer_name(community, volunteer)?;
                known.ok_or_else(|| Fault::new(StatusCode::NOT_FOUND, "volunteer_not_kept"))?;
                Command::Assign { need, volunteer: volunteer.0 }
            }
            DeskAct::Join(NeighbourDouble { need, into }) => Command::Join { need, into },
            DeskAct::Propose(NeighbourPair { need, offer }) => Command::Propose { need, offer },
            DeskAct::Carry(OfNeighbour { of }) => Command::Carry { need: of },
            DeskAct::Settle(OfNeighbour { of }) => Command::Settle { need: of },
            DeskAct::Withdraw(OfNeighbour { of }) => Command::Withdraw { posting: of },
            DeskAct::GiveWord(NeighbourWord { of, good }) => Command::GiveWord { offer: of, good },
            DeskAct::Answer(NeighbourReply { of, words }) => Command::Answer { voice: of, words },
            DeskAct::AnswerAll(NeighbourAnswer { of, words, notice }) => {
                let answer = |voice: &Uuid| Command::Answer { voice: *voice, words: words.clone() };
                // What would be refused for one is written nowhere.
                let exchange = app.people.exchange(community)?;
                let now = Moment(people::now() * 10_000);
                let mut new = 0;
                for voice in &of {
                    let said = exchange.decide(now, &by, answer(voice)).map_err(NotDone::Refused)?;
                    new += usize::from(!said.is_empty());
                }
                // Told twice is written once.
                let question = notice.as_deref().map(str::trim).filter(|text| !text.is_empty() && new > 0);
                if let Some(question) = question {
                    keep(&app, &asking.who, community, (question, words.trim(), new))?;
                }
                for voice in &of {
                    does(answer(voice))?;
                }
                return Ok(StatusCode::NO_CONTENT);
            }
        };
        does(command)?;
        Ok(StatusCode::NO_CONTENT)
    });
    done.await
}

/// Whoever is meant by a door and a name. That somebody looked is written down.
fn resident(
    app: &App,
    community: CommunityId,
    (at, name): (&str, &str),
    looks: Looks<'_>,
) -> Result<Resident, Fault> {
    let all = app.people.read_to_count(community, looks)?;
    let is_meant =
        |one: &Resident| one.is_listed && door(one) == at && (name.is_empty() || one.cells.name == name);
    let mut meant = all.into_iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Fault::new(StatusCode::NOT_FOUND, "neighbour_unknown")),
        _ => Err(Fault::new(StatusCode::CONFLICT, "neighbour_many")),
    }
}

/// What the secretariat sees.
struct Desk<'a> {
    exchange: &'a Exchange,
    people: &'a BTreeMap<Uuid, Resident>,
    volunteers: &'a [Volunteer],
    by: Who,
    now: Moment,
    voice: Voice,
}

impl Desk<'_> {
    fn seen(&self) -> DeskNeighbours {
        let near = self.exchange.near(self.now).into_iter().map(|Near { of, why, by }| NearOne {
            of: of.to_string(),
            is_voice: why == NearWhy::Voice,
            why: self.voice.word(why.key()),
            by: seconds(by),
            late: by <= self.now,
        });
        let proposals = self.exchange.proposals(self.now).into_iter().map(|pair| ProposedPair {
            need: pair.need.to_string(),
            offer: pair.offer.to_string(),
            reasons: pair.reasons.iter().map(|reason| self.reason(*reason)).collect(),
        });
        let doubles: BTreeMap<Uuid, Uuid> = self.exchange.doubles().into_iter().collect();
        let needs = self.exchange.needs().map(|need| {
            let id = need.posting.id;
            let acts = [
                // To whom is chosen then.
                ("assign", Command::Assign { need: id, volunteer: Uuid::nil() }),
                ("carry", Command::Carry { need: id }),
                ("settle", Command::Settle { need: id }),
                ("withdraw", Command::Withdraw { posting: id }),
            ];
            let offer = need.life.offer().map(|of| of.to_string());
            let (state, can) = (state(need.life, None), can(self.exchange, self.now, &self.by, acts));
            let carrier = need.carrier.map(|id| self.volunteer(id));
            let double = doubles.get(&id).map(Uuid::to_string);
            DeskPosting { state, can, offer, carrier, double, ..self.posting(&need.posting) }
        });
        let flagged: BTreeSet<Uuid> = self.exchange.flagged(self.now).map(|of| of.posting.id).collect();
        let offers = self.exchange.offers().filter(|of| of.withdrawn.is_none()).map(|of| {
            let id = of.posting.id;
            let acts = [
                ("word_yes", Command::GiveWord { offer: id, good: true }),
                ("word_no", Command::GiveWord { offer: id, good: false }),
                ("withdraw", Command::Withdraw { posting: id }),
            ];
            let mut can = can(self.exchange, self.now, &self.by, acts);
            // Nobody is asked for a word where there is no child.
            if of.word.is_none() && !flagged.contains(&id) {
                can.retain(|act| !act.starts_with("word_"));
            }
            let state = if of.is_open(self.now) { "open" } else { "over" };
            DeskPosting { state, can, word: of.word, ..self.posting(&of.posting) }
        });
        let voices = self.exchange.voices().map(|of| {
            let (door, name, _) = self.whose(of.by);
            DeskVoice {
                id: of.id.to_string(),
                tone: of.tone.name(),
                words: of.words.clone(),
                at: seconds(of.at),
                due: seconds(of.due),
                answer: of.answer.as_ref().map(|(_, words)| words.clone()),
                door,
                name,
            }
        });
        DeskNeighbours {
            near: near.collect(),
            proposals: proposals.collect(),
            needs: needs.collect(),
            offers: offers.collect(),
            flagged: flagged.iter().map(Uuid::to_string).collect(),
            questions: questions(self.exchange),
            voices: voices.collect(),
            kinds: Kind::ALL.iter().map(|kind| of_kind(*kind)).collect(),
            volunteers: self.carriers(),
            answer_max: VOICE_LETTERS,
        }
    }

    fn posting(&self, of: &Posting) -> DeskPosting {
        let (door, name, phone) = self.whose(of.by);
        DeskPosting {
            id: of.id.to_string(),
            kind: of.kind.name(),
            subject: of.subject.map(Subject::name),
            urgency: of.urgency.name(),
            for_child: of.for_child,
            meet: of.meet.name(),
            timed: of.timed,
            most: of.most,
            from: seconds(of.from),
            until: seconds(of.until),
            words: of.words.clone(),
            on_behalf: of.on_behalf,
            state: "",
            door,
            name,
            phone,
            offer: None,
            word: None,
            carrier: None,
            double: None,
            can: Vec::new(),
        }
    }

    /// Who could carry something, those with the fewest errands first.
    fn carriers(&self) -> Vec<DeskCarrier> {
        let of = |volunteer: &Volunteer| {
            let said = |cell| volunteer.cells.get(cell).cloned().unwrap_or_default();
            let skills = said("skills");
            let words = skills.to_lowercase();
            let names = |subject: &&Subject| {
                let key = format!("exchange.subject.{}", subject.name());
                let word = |language| words::say::<&str, &str>(language, &key, &[]).to_lowercase();
                Language::ALL.into_iter().any(|language| words.contains(&word(language)))
            };
            let subjects = Subject::ALL.iter().filter(names).map(|subject| subject.name()).collect();
            let errands = self.exchange.errands(volunteer.id.0).count();
            DeskCarrier { id: volunteer.id, name: said("name"), skills, subjects, errands }
        };
        let mut all: Vec<DeskCarrier> = self.volunteers.iter().map(of).collect();
        all.sort_by(|one, other| (one.errands, &one.name).cmp(&(other.errands, &other.name)));
        all
    }

    /// What a volunteer is called; nothing where they are not kept any more.
    fn volunteer(&self, id: Uuid) -> String {
        let found = self.volunteers.iter().find(|of| of.id.0 == id);
        found.and_then(|of| of.cells.get("name").cloned()).unwrap_or_default()
    }

    fn whose(&self, id: Uuid) -> (String, String, String) {
        let found = self.people.get(&id);
        found.map_or_else(Default::default, |of| (door(of), of.cells.name.clone(), of.cells.phone.clone()))
    }

    fn reason(&self, reason: Reason) -> String {
        let (key, args) = reason.said();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.voice.say(key, &args)
    }
}
