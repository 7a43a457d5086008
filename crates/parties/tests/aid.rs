//! Four parties that ask each other for people, offer them, send them and look after them, while they hear of each other late, twice, in pieces, or
//! not for long: in the end each knows what concerns it, as everybody together knows it, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "world/world.rs"]
mod world;

use domain::{Moment, event::Finding, event::Keeps};
use parties::{Book, Command, Refusal, Subject};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::collections::BTreeSet;
use teams::{
    Ask, Change, Close, Command as Aid, ConflictKind, Deployment, Event, Goods, Health, Lodging, Member,
    NearWhy, Offer, Role, Rules, Shift, Stage, Step, Strength, Team, Teams, Told,
};
use uuid::Uuid;
use world::Party;

const PARTIES: usize = 4;
const HOUR: i64 = 36_000_000;
const DAY: i64 = 24 * HOUR;

/// One thing that happens, an hour after the other; numbers choose among what the party knows.
#[derive(Clone, Debug)]
enum Happens {
    Meet(usize, usize, bool),
    Share(usize, usize, bool),
    Does(usize, Does, usize, usize),
    Send(usize, usize, usize, bool),
    Talk(usize, usize),
    Restart(usize),
}

#[derive(Clone, Copy, Debug)]
enum Does {
    Ask,
    Close,
    Decline,
    Offer,
    Accept,
    DeclineOffer,
    Withdraw,
    Commit,
    Step,
    Lodge,
    AskChange,
    AnswerChange,
    Join,
    Leave,
    Check,
    Test,
    Isolate,
    Free,
    Plan,
    Begin,
    End,
    Receive,
    Settle,
    Rules,
}

fn happens() -> impl Strategy<Value = Happens> {
    use Does::*;
    let (of, to) = (0..PARTIES, 0..PARTIES);
    let does = prop::sample::select(vec![
        Ask,
        Ask,
        Close,
        Decline,
        Offer,
        Offer,
        Offer,
        Accept,
        Accept,
        Accept,
        Accept,
        DeclineOffer,
        Withdraw,
        Withdraw,
        Withdraw,
        Commit,
        Commit,
        Commit,
        Commit,
        Commit,
        Commit,
        Step,
        Step,
        Step,
        Step,
        Step,
        Step,
        Step,
        Step,
        Step,
        Step,
        Lodge,
        Lodge,
        AskChange,
        AnswerChange,
        AnswerChange,
        Join,
        Leave,
        Check,
        Check,
        Test,
        Test,
        Isolate,
        Free,
        Plan,
        Plan,
        Begin,
        Begin,
        End,
        Receive,
        Settle,
        Settle,
        Settle,
        Rules,
    ]);
    prop_oneof![
        1 => (of.clone(), to.clone(), any::<bool>()).prop_map(|(of, to, all)| Happens::Meet(of, to, all)),
        1 => (of.clone(), to.clone(), any::<bool>()).prop_map(|(of, to, all)| Happens::Share(of, to, all)),
        40 => (of.clone(), does, 0..20usize, 0..20usize).prop_map(|(of, does, which, more)| Happens::Does(of, does, which, more)),
        25 => (of.clone(), to.clone()).prop_map(|(of, to)| Happens::Talk(of, to)),
        5 => (of.clone(), to, 1..4usize, any::<bool>()).prop_map(|(of, to, most, back)| Happens::Send(of, to, most, back)),
        1 => of.prop_map(Happens::Restart),
    ]
}

fn subjects(all: bool) -> BTreeSet<Subject> {
    if all { Subject::ALL.into() } else { BTreeSet::new() }
}

fn at<T>(mut all: Vec<T>, which: usize) -> Option<T> {
    (!all.is_empty()).then(|| all.swap_remove(which % all.len()))
}

struct World {
    all: Vec<Party>,
    drawn: u128,
    at: Moment,
}

impl World {
    fn new_id(&mut self) -> Uuid {
        self.drawn += 1;
        Uuid::from_u128(self.drawn)
    }

    fn command(&mut self, of: usize, command: Command) {
        self.all[of].command(self.at, &mut self.drawn, "owner", command);
    }

    fn aid(&mut self, of: usize, role: Role, commands: Vec<Aid>) {
        self.command(of, Command::Aid { role, commands });
    }

    fn meet(&mut self, of: usize, to: usize, shares: bool) {
        let card = self.all[to].card().text();
        self.command(of, Command::Meet { card, subjects: subjects(shares) });
    }

    fn send(&mut self, (of, to): (usize, usize), most: usize, answered: bool) {
        let (from, into) = (self.all[of].id, self.all[to].id);
        let Some(slice) = self.all[of].slice(into, most) else { return };
        let held = self.all[to].hear(from, &slice);
        self.all[to].tells(self.at, &mut self.drawn);
        if answered {
            self.all[of].acknowledged.insert(into, held);
        }
    }

    /// Two teams of two people each.
    fn begin(&mut self, of: usize) {
        let donor = self.all[of].id;
        let strength = Strength { donor, skill: "sampling".to_owned(), people: 500, reserve: 20 };
        let mut commands = vec![Aid::Declare(strength)];
        for name in ["Team one", "Team two"] {
            let (id, skill) = (self.new_id(), "sampling".to_owned());
            commands.push(Aid::Form(Team { id, donor, skill, name: name.to_owned() }));
            for supervisor in [true, false] {
                let member = Member { id: self.new_id(), supervisor, spared: false };
                commands.push(Aid::Join { team: id, member });
            }
        }
        self.aid(of, Role::Desk, commands);
    }

    fn does(&mut self, of: usize, does: Does, which: usize, more: usize) {
        let (own, now, new) = (self.all[of].id, self.at, self.new_id());
        let partners: Vec<Uuid> = self.all.iter().map(|of| of.id).filter(|id| *id != own).collect();
        let book = &self.all[of].book;
        let teams = book.teams();
        let is_host = |id: Uuid| teams.request(id).is_some_and(|of| of.request.host == own);
        let request = |ours: bool| {
            let open = teams.requests().filter(|of| is_host(of.request.id) == ours && of.closed.is_none());
            let own_offer = |id: &Uuid| teams.offer(*id).is_some_and(|of| of.offer.donor == own);
            let open = open.filter(|of| more == 0 || !of.offers.iter().any(own_offer));
            at(open.map(|of| of.request.clone()).collect(), which)
        };
        let offer = |ours: bool| {
            let all = teams.offers().filter(|of| (of.offer.donor == own) == ours);
            // Those that somebody has still to do something with, and now and then any.
            let all =
                all.filter(|of| more == 0 || (of.accepted() > 0 && ours) || (of.answer.is_none() && !ours));
            at(all.map(|of| of.offer.clone()).collect(), which)
        };
        let deployment = || {
            let open = teams.deployments().filter(|of| more == 0 || of.stage() != Stage::Over);
            at(open.map(|of| (of.deployment.id, of.until)).collect(), which)
        };
        let own_teams: Vec<Uuid> = teams
            .teams()
            .filter(|(_, of)| of.team.as_ref().is_some_and(|of| of.donor == own))
            .map(|(id, _)| id)
            .collect();
        let team = at(own_teams.clone(), which + more.saturating_sub(1)).unwrap();
        let member = || at(teams.members_of(team, now).map(|of| of.member.id).collect(), more);
        // What one host says of a shift is not passed on to the next: the donor says it here.
        let shift = || {
            let own = teams.shifts().filter(|of| own_teams.contains(&of.shift.team));
            at(own.map(|of| of.shift.clone()).collect(), which)
        };
        let asked = |mask: usize| {
            let chosen = partners.iter().enumerate().filter(|(nth, _)| mask >> nth & 1 == 1);
            chosen.map(|(_, id)| *id).filter(|id| book.partner(*id).is_some()).collect::<Vec<Uuid>>()
        };
        let mut role = Role::Desk;
        let command = match does {
            Does::Ask => Some(Aid::Request(Ask {
                id: new,
                host: own,
                asked: asked(which % 8),
                skill: "sampling".to_owned(),
                number: 10,
                district: "North".to_owned(),
                from: Some(now + DAY),
                until: Some(now + 8 * DAY),
                answer_by: Some(now + 6 * HOUR),
                why: "many are ill".to_owned(),
            })),
            Does::Close => request(true).map(|of| Aid::CloseRequest { request: of.id, how: Close::Enough }),
            Does::Decline => request(false).map(|of| Aid::Decline { request: of.id, donor: own }),
            Does::Offer => request(false).map(|of| {
                let number = more as u32 % 6 + 1;
                Aid::Offer(Offer {
                    id: new,
                    request: of.id,
                    donor: own,
                    number,
                    from: of.from,
                    until: of.until,
                })
            }),
            Does::Accept => offer(false).map(|of| Aid::AcceptOffer { offer: of.id, number: of.number }),
            Does::DeclineOffer => offer(false).map(|of| Aid::DeclineOffer { offer: of.id }),
            Does::Withdraw => {
                let all =
                    teams.offers().filter(|of| of.offer.donor == own && (of.answer.is_none() || more == 0));
                at(all.map(|of| of.offer.id).collect(), which).map(|offer| Aid::WithdrawOffer { offer })
            }
            Does::Commit => offer(true).map(|of| {
                let (departs, arrives) = (now + HOUR, now + 3 * HOUR);
                let team = if more == 0 {
                    at(teams.teams().map(|(id, _)| id).collect(), which).unwrap()
                } else {
                    team
                };
                Aid::Commit(Deployment { id: new, offer: of.id, team, number: 1, departs, arrives })
            }),
            Does::Step => {
                let open = teams.deployments().filter(|of| of.stage() != Stage::Over);
                let one = at(open.collect(), which);
                one.map(|of| {
                    let next = match of.stage() {
                        Stage::Committed => Step::Departed,
                        Stage::Departed => Step::Arrived,
                        Stage::Arrived | Stage::Lodged => Step::Released,
                        Stage::Leaving | Stage::Over => Step::Returned,
                    };
                    let step = if more < 15 { next } else { Step::ALL[more % Step::ALL.len()] };
                    Aid::Step { deployment: of.deployment.id, step }
                })
            }
            Does::Lodge => {
                let lodging = Lodging { id: Uuid::from_u128(own.as_u128() + 0xbed), host: own, beds: 50 };
                let (id, name) = (lodging.id, "Example Hall".to_owned());
                if let Some((deployment, _)) = deployment() {
                    let lodge = Aid::Lodge { deployment, lodging: id, rooms: vec![] };
                    self.aid(of, role, vec![Aid::OpenLodging(lodging), Aid::Name { of: id, name }, lodge]);
                }
                None
            }
            Does::AskChange => deployment().map(|(deployment, until)| {
                let (what, until) = if more.is_multiple_of(2) {
                    (Change::Extend, until + DAY)
                } else {
                    (Change::Return, now + HOUR)
                };
                Aid::AskChange { change: new, deployment, what, until }
            }),
            Does::AnswerChange => {
                let asked = teams
                    .near(Moment(i64::MAX / 4))
                    .into_iter()
                    .filter(|of| of.why == NearWhy::ChangeUnanswered);
                at(asked.map(|of| of.of).collect(), which)
                    .map(|change| Aid::AnswerChange { change, granted: more.is_multiple_of(2) })
            }
            Does::Join => Some(Aid::Join {
                team,
                member: Member { id: new, supervisor: more.is_multiple_of(3), spared: false },
            }),
            Does::Leave => member().map(|member| Aid::Leave { team, member }),
            Does::Check => {
                role = Role::Leader;
                let health = if more.is_multiple_of(4) { Health::Ill } else { Health::Well };
                member().map(|member| Aid::Check { member, health })
            }
            Does::Test => {
                let finding = if more.is_multiple_of(4) { Finding::Positive } else { Finding::Negative };
                member().map(|member| Aid::Test { member, taken: now + -HOUR, finding })
            }
            Does::Isolate => member().map(|member| Aid::Isolate { member }),
            Does::Free => member().map(|member| Aid::Free { member }),
            Does::Plan => {
                let members = teams.members_of(team, now).map(|of| of.member.id).take(2).collect();
                let from = now + HOUR / 2;
                let (district, site) = ("North".to_owned(), String::new());
                Some(Aid::PlanShift(Shift {
                    id: new,
                    team,
                    members,
                    district,
                    site,
                    from,
                    until: from + 2 * HOUR,
                    outdoor: false,
                    bus: None,
                }))
            }
            Does::Begin => shift().map(|of| Aid::BeginShift { shift: of.id }),
            Does::End => shift().map(|of| Aid::EndShift { shift: of.id }),
            Does::Receive => {
                role = Role::Leader;
                let shift = shift().filter(|of| of.team == team && more.is_multiple_of(2)).map(|of| of.id);
                Some(Aid::Receive { team, shift, goods: Goods::Water, count: more as u32 + 1 })
            }
            Does::Settle => {
                let all: Vec<_> = teams
                    .conflicts()
                    .filter(|of| matches!(of.kind, ConflictKind::TwoAnswers | ConflictKind::AfterReturn))
                    .collect();
                let keeps = [Keeps::First, Keeps::Second, Keeps::Both][more % 3];
                at(all, which).map(|of| Aid::Settle { first: of.pair().0, second: of.pair().1, keeps })
            }
            Does::Rules => {
                let rules = Rules { test_days: more as u8 % 2 + 1, ..Rules::default() };
                Some(Aid::SetRules { host: own, rules })
            }
        };
        if let Some(command) = command {
            self.aid(of, role, vec![command]);
        }
    }

    fn happens(&mut self, happens: Happens) {
        match happens {
            Happens::Meet(of, to, shares) => self.meet(of, to, shares),
            Happens::Share(of, to, shares) => {
                let with = self.all[to].id;
                self.command(of, Command::Share { with, subjects: subjects(shares) });
            }
            Happens::Does(of, does, which, more) => self.does(of, does, which, more),
            Happens::Send(of, to, most, answered) => self.send((of, to), most, answered),
            Happens::Talk(of, to) => {
                for _ in 0..2 {
                    self.send((of, to), 4096, true);
                    self.send((to, of), 4096, true);
                }
            }
            Happens::Restart(of) => self.all[of].acknowledged.clear(),
        }
    }

    /// All that anybody said, as if one book had it.
    fn everything(&self) -> Teams {
        let mut teams = Teams::default();
        for of in &self.all {
            teams.take_in(of.book.teams().told().filter(|told| told.by.party == of.id).cloned());
        }
        teams
    }
}

/// What comes of a script, and then of everybody telling everybody all.
fn play(script: Vec<Happens>) -> World {
    let all = (0..PARTIES).map(Party::new).collect();
    let mut world = World { all, drawn: 1 << 20, at: Moment(0) };
    let pairs =
        || (0..PARTIES).flat_map(|of| (0..PARTIES).filter(move |to| *to != of).map(move |to| (of, to)));
    (0..PARTIES).for_each(|of| world.begin(of));
    // The last knows nobody yet.
    pairs().filter(|(of, to)| *of < 3 && *to < 3).for_each(|(of, to)| world.meet(of, to, true));
    // Each asks the two others, who offer and are taken.
    for host in 0..3 {
        world.does(host, Does::Ask, 7, 0);
        for donor in (0..3).filter(|donor| *donor != host) {
            world.happens(Happens::Talk(host, donor));
            world.does(donor, Does::Offer, 19, 3);
            world.happens(Happens::Talk(donor, host));
            world.does(host, Does::Accept, 0, 1);
            world.happens(Happens::Talk(host, donor));
        }
    }
    // Two have sent somebody already, and one of these comes home and is sent on.
    for donor in [1, 2] {
        for does in [Does::Commit, Does::Step, Does::Step] {
            world.does(donor, does, 0, 1);
        }
    }
    world.happens(Happens::Talk(1, 0));
    world.does(1, Does::Plan, 0, 1);
    world.does(0, Does::Step, 0, 1);
    world.happens(Happens::Talk(0, 1));
    world.does(1, Does::Step, 0, 1);
    world.does(1, Does::Commit, 1, 2);
    for (hour, happens) in (1..).zip(script) {
        world.at = Moment(hour * HOUR);
        world.happens(happens);
    }
    pairs().for_each(|(of, to)| world.meet(of, to, true));
    for _ in 0..4 {
        pairs().for_each(|pair| world.send(pair, 4096, true));
    }
    world
}

/// Whether a fact of another concerns a party, by all that anybody said: written down anew, from what each fact is about.
fn concerns(party: Uuid, told: &Told, all: &Teams) -> bool {
    let deployed = |id: &Uuid| all.deployment(*id).is_none_or(|of| of.host == party || of.donor == party);
    let offered = |id: &Uuid| {
        let Some(of) = all.offer(*id) else { return true };
        of.offer.donor == party || all.request(of.offer.request).is_none_or(|of| of.request.host == party)
    };
    let guests = |host: Uuid| all.deployments().any(|of| of.host == host && of.donor == party);
    let team = |id: Uuid| {
        let stays = all.deployments().filter(|of| of.deployment.team == id);
        stays.filter(|of| of.host == party || of.donor == party).any(|of| {
            let over = of.steps.get(&Step::Returned).or_else(|| of.steps.get(&Step::Cancelled));
            // What was settled since may have ended it when it had not ended.
            of.stage() != Stage::Over || over.is_none_or(|(at, _)| told.at <= *at + 3 * DAY)
        })
    };
    let member = |id: Uuid| all.member(id).is_none_or(|of| of.stays.iter().any(|(id, ..)| team(*id)));
    match &told.event {
        Event::Declared { .. } => false,
        Event::Named { of, .. } => all.team(*of).is_some() || guests(told.by.party),
        Event::RulesSet { host, .. } => guests(*host),
        Event::HeatForecast { heat } => guests(heat.host),
        Event::LodgingOpened { lodging } => guests(lodging.host),
        Event::Requested { request } => request.asked.contains(&party),
        Event::Declined { request, .. } => all.request(*request).unwrap().request.host == party,
        Event::RequestClosed { request, .. } => all.request(*request).unwrap().request.asked.contains(&party),
        Event::Offered { offer } => offered(&offer.id),
        Event::OfferAccepted { offer, .. }
        | Event::OfferDeclined { offer }
        | Event::OfferWithdrawn { offer } => offered(offer),
        Event::Committed { deployment } => deployed(&deployment.id),
        Event::Stepped { deployment, .. }
        | Event::Lodged { deployment, .. }
        | Event::ChangeAsked { deployment, .. } => deployed(deployment),
        Event::ChangeAnswered { change, .. } => all.change(*change).is_none_or(|(of, ..)| deployed(&of)),
        Event::Formed { team: of } => team(of.id),
        Event::Joined { team: of, .. } | Event::Left { team: of, .. } | Event::Received { team: of, .. } => {
            team(*of)
        }
        Event::ShiftPlanned { shift } => team(shift.team),
        Event::ShiftBegan { shift } | Event::ShiftEnded { shift } | Event::ShiftDropped { shift } => {
            team(all.shift(*shift).unwrap().shift.team)
        }
        Event::Checked { member: of, .. }
        | Event::Tested { member: of, .. }
        | Event::Isolated { member: of }
        | Event::Freed { member: of } => member(*of),
        Event::Settled { first, second, .. } => [first, second].into_iter().all(|id| {
            let fact = all.fact(*id).unwrap();
            fact.by.party == party || concerns(party, fact, all)
        }),
    }
}

#[test]
fn scripts_come_far() {
    let mut runner = TestRunner::deterministic();
    let scripts = prop::collection::vec(happens(), 1..300);
    let mut counts = [0; 10];
    for _ in 0..150 {
        let world = play(scripts.new_tree(&mut runner).unwrap().current());
        let all = world.everything();
        let is = |stage: Stage| all.deployments().filter(move |of| of.stage() == stage).count();
        let settled = all.told().filter(|of| matches!(of.event, Event::Settled { .. })).count();
        let hosts = |team: Uuid| {
            all.deployments()
                .filter(|of| of.deployment.team == team)
                .map(|of| of.host)
                .collect::<BTreeSet<Uuid>>()
                .len()
        };
        let now = [
            all.offers().count(),
            all.requests().filter(|of| !of.declined.is_empty()).count(),
            is(Stage::Arrived),
            is(Stage::Lodged),
            is(Stage::Leaving),
            is(Stage::Over),
            all.alarms(world.at).len(),
            all.shifts().filter(|of| of.ended.is_some()).count(),
            all.teams().filter(|(id, _)| hosts(*id) > 1).count(),
            settled,
        ];
        counts.iter_mut().zip(now).for_each(|(sum, now)| *sum += now);
    }
    assert!(
        counts.iter().all(|count| *count > 4),
        "offers, declined, arrived, lodged, leaving, over, alarms, worked, moved, settled: {counts:?}"
    );
}

proptest! {
    #[test]
    fn in_the_end_each_knows_what_concerns_it_and_nothing_else(script in prop::collection::vec(happens(), 1..300)) {
        let world = play(script);
        let (all, now) = (world.everything(), world.at);
        for of in &world.all {
            let (own, book) = (of.id, &of.book);
            let teams = book.teams();
            prop_assert_eq!(book.unread(), &[] as &[u64]);
            for told in teams.told() {
                prop_assert_eq!(all.fact(told.id), Some(told));
                prop_assert!(told.by.party == own || concerns(own, told, &all), "of others: {:?}", told);
            }
            prop_assert_eq!(teams.unplaced().collect::<Vec<_>>(), [] as [Uuid; 0]);
            prop_assert_eq!(teams.aside().collect::<Vec<_>>(), all.aside().filter(|id| teams.fact(*id).is_some()).collect::<Vec<_>>());
            for request in all.requests() {
                let is_host = request.request.host == own;
                if !is_host && !request.request.asked.contains(&own) { continue }
                let known = teams.request(request.request.id).unwrap();
                prop_assert_eq!((&known.request, known.closed), (&request.request, request.closed));
                if is_host {
                    prop_assert_eq!(known, request);
                }
            }
            for offer in all.offers() {
                if offer.offer.donor == own || all.request(offer.offer.request).unwrap().request.host == own {
                    prop_assert_eq!(teams.offer(offer.offer.id), Some(offer));
                }
            }
            for there in all.deployments().filter(|of| of.donor == own || of.host == own) {
                prop_assert_eq!(teams.deployment(there.deployment.id), Some(there));
                if there.stage() == Stage::Over { continue }
                prop_assert_eq!(teams.rules(there.host), all.rules(there.host));
                let team = there.deployment.team;
                let people = |of: &Teams| of.members_of(team, now).map(|of| of.member).collect::<Vec<_>>();
                prop_assert_eq!(people(teams), people(&all));
                let fitness = |of: &Teams| {
                    let fitness = of.fitness(now);
                    of.members_of(team, now).map(|of| fitness.get(&of.member.id).copied()).collect::<Vec<_>>()
                };
                prop_assert_eq!(fitness(teams), fitness(&all));
                let alarms = |of: &Teams| of.alarms(now).into_iter().filter(|of| of.team == team).collect::<Vec<_>>();
                prop_assert_eq!(alarms(teams), alarms(&all));
                // Both see the same to be due of it; of two that have it at once, each sees its own.
                let open = all.deployments().filter(|of| of.deployment.team == team && of.stage() != Stage::Over);
                if open.count() > 1 { continue }
                let due = |near: Vec<teams::Near>| near.into_iter().filter(|of| of.team == Some(team)).collect::<Vec<_>>();
                prop_assert_eq!(due(book.near_aid(now)), due(all.near(now)));
            }
            for shift in teams.shifts() {
                let team = shift.shift.team;
                if all.deployments().any(|of| of.deployment.team == team && of.stage() != Stage::Over && (of.donor == own || of.host == own)) {
                    prop_assert_eq!(Some(shift), all.shift(shift.shift.id));
                }
            }
            // A server that starts anew reads the same from its journal, and tells the same logs.
            let mut again = Book::new(own);
            for (position, (writer, frame)) in (1..).zip(&of.journal) {
                again.admit(position, *writer, frame);
            }
            for partner in book.partners() {
                let to = partner.card.party;
                prop_assert_eq!(again.told(to, 0, usize::MAX), book.told(to, 0, usize::MAX));
            }
            prop_assert_eq!(again.teams(), teams);
            prop_assert!(again.untold().is_empty());
        }
    }
}

#[test]
fn what_nobody_would_hear_of_is_not_asked_and_many_things_are_done_together_or_not_at_all() {
    let mut world = World { all: (0..2).map(Party::new).collect(), drawn: 1 << 20, at: Moment(0) };
    let (own, other) = (world.all[0].id, world.all[1].id);
    let ask = |asked: Vec<Uuid>| {
        Aid::Request(Ask {
            id: Uuid::from_u128(9),
            host: own,
            asked,
            skill: "sampling".to_owned(),
            number: 300,
            district: "North".to_owned(),
            from: Some(Moment(DAY)),
            until: Some(Moment(4 * DAY)),
            answer_by: None,
            why: "many are ill".to_owned(),
        })
    };
    let decide = |world: &World, commands| {
        world.all[0].book.decide(Moment(0), "owner", Command::Aid { role: Role::Desk, commands })
    };
    assert_eq!(decide(&world, vec![ask(vec![])]), Err(Refusal::NobodyAsked));
    assert_eq!(decide(&world, vec![ask(vec![other])]), Err(Refusal::PartnerUnknown));
    world.meet(0, 1, false);
    assert_eq!(decide(&world, vec![ask(vec![other])]), Err(Refusal::AidNotShared));
    world.meet(0, 1, true);
    assert_eq!(decide(&world, vec![ask(vec![other])]).unwrap().len(), 1);
    let (team, member) =
        (Uuid::from_u128(10), Member { id: Uuid::from_u128(11), supervisor: false, spared: false });
    let form =
        Aid::Form(Team { id: team, donor: own, skill: "sampling".to_owned(), name: "Team one".to_owned() });
    let both = decide(&world, vec![form.clone(), Aid::Join { team, member }]).unwrap();
    assert_eq!(both.len(), 2);
    let end = Aid::EndShift { shift: Uuid::from_u128(12) };
    assert_eq!(decide(&world, vec![form, end]), Err(Refusal::Aid(vec![teams::Refusal::Unknown])));
}
