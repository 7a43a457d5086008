#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use super::*;
use crate::{
    People, Runs, Store,
    access::{mode::Mode, role::Place},
    people::names::Looks,
    rostering::{ByHand, KeptShift, changed, find},
};
use std::sync::Arc;
use tokio::sync::watch;
use words::Language;

const LOOKS: Looks<'static> = Looks { who: "owner", why: "a test", now: 100 };
const VOICE: Voice = Voice { language: Language::En };
const SHEET: &str = "name,phone,skills\nAnn,1380013800,registration\nBob,1380013801,registration\nCem,1380013802,registration\n";
const SHIFTS: &str = "role,from,until,people\nregistration,07:00,08:00,1\nregistration,08:00,09:00,1\n";

struct Desk {
    app: App,
    asked: Make,
    _data: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        let data = tempfile::tempdir().unwrap();
        let people = Arc::new(People::open(data.path()).unwrap());
        let runs = Arc::new(Runs::open(data.path(), people.rounds_key()).unwrap());
        let store = Store::open(data.path()).unwrap();
        let community = people.make_community("Willow Court", 0).unwrap().id;
        let toml = include_str!("../../../tests/api/court.toml");
        let files = [("scenario.toml", toml), ("shifts.csv", SHIFTS)];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        let kept = store.create(Place::All, None, "", &Files(files.into_iter().collect())).unwrap();
        let (_, stopping) = watch::channel(false);
        let app = App::new(store, people, runs, Mode::here(8300, false), stopping);
        let (rows, _) = scenario::read_volunteer_cells("volunteers.csv", SHEET.as_bytes()).unwrap();
        app.people.take_volunteers(community, &rows, i64::MAX / 2, LOOKS).unwrap();
        let asked = Make { community, scenario: kept.id.to_string(), seconds: 5.0 };
        Desk { app, asked, _data: data }
    }

    fn solved(&self) -> Solved {
        Solved::of(&self.app, &Who::Owner, &self.asked, VOICE).unwrap()
    }

    fn id(&self, name: &str) -> VolunteerId {
        let all = self.app.people.volunteers_to_place(self.asked.community).unwrap();
        all.iter().find(|one| one.cells["name"] == name).unwrap().id
    }

    fn kept(&self) -> KeptRoster {
        find(&self.app, self.asked.community, &self.asked.scenario).unwrap().1
    }

    fn by_hand(&self, change: ByHand) {
        let Make { community, scenario, .. } = &self.asked;
        let done = |kept: &mut KeptRoster| change.apply(&self.app, *community, scenario, kept, VOICE);
        changed(&self.app, *community, scenario, done).unwrap();
    }

    fn on(&self, shift: usize) -> Vec<VolunteerId> {
        self.kept().shifts[shift].on.iter().map(|on| on.volunteer).collect()
    }
}

#[test]
fn what_is_done_while_a_roster_is_solved_holds_and_the_solved_roster_is_not_lost() {
    let desk = Desk::new();
    assert_eq!(desk.solved().keep(&desk.app, &desk.asked).unwrap(), None, "nothing changed");
    let solved = desk.solved();
    let busy = [0, 1].map(|shift| desk.on(shift)[0]);
    let free =
        ["Ann", "Bob", "Cem"].map(|name| desk.id(name)).into_iter().find(|id| !busy.contains(id)).unwrap();
    desk.by_hand(ByHand::Put { shift: 0, volunteer: free, from: None });
    desk.by_hand(ByHand::Take { shift: 0, volunteer: busy[0] });
    desk.by_hand(ByHand::Out { volunteer: busy[1], shift: Some(1), whole_day: false });
    let moved = solved.keep(&desk.app, &desk.asked).unwrap().unwrap();
    let after = desk.kept();
    assert_eq!((after.made, desk.on(0)), (2, vec![free]), "who was put there stays");
    assert!(after.shifts[0].on[0].pinned);
    assert!(!desk.on(1).contains(&busy[1]) && desk.on(1).len() == 1, "who cannot come is replaced");
    assert_eq!(after.outs.len(), 1);
    assert!(
        !moved.is_empty() && after.bound.is_none(),
        "what was proven was proven of another roster: {moved:?}"
    );
}

#[test]
fn what_moves_nobody_leaves_the_solved_roster_as_it_is_and_stays_written_down() {
    let desk = Desk::new();
    desk.solved().keep(&desk.app, &desk.asked).unwrap();
    let solved = desk.solved();
    let (roster, bound) = (solved.roster.clone(), solved.bound);
    let who = desk.on(0)[0];
    changed(&desk.app, desk.asked.community, &desk.asked.scenario, |kept| {
        kept.shift(0)?.on(who)?.briefed = Some(7);
        Ok(())
    })
    .unwrap();
    assert_eq!(solved.keep(&desk.app, &desk.asked).unwrap(), None);
    let after = desk.kept();
    let on = after.shifts[0].on.iter().find(|on| on.volunteer == who);
    assert!(on.is_none_or(|on| on.briefed == Some(7)), "{after:?}");
    assert_eq!(after.bound, bound);
    let people = |shift: &KeptShift| shift.on.len();
    assert_eq!(
        after.shifts.iter().map(people).sum::<usize>(),
        roster.shifts.iter().map(Vec::len).sum::<usize>()
    );
}

#[test]
fn who_signs_up_while_it_is_solved_takes_no_shift_unseen() {
    let desk = Desk::new();
    let solved = desk.solved();
    let later = Looks { now: people::now() + 1000, ..LOOKS };
    let (rows, _) =
        scenario::read_volunteer_cells("volunteers.csv", b"name,phone\nDai,1380013803\n").unwrap();
    desk.app.people.take_volunteers(desk.asked.community, &rows, i64::MAX / 2, later).unwrap();
    let now = || Known::now(&desk.app, &desk.asked, &solved.day, None).unwrap();
    assert_eq!(now().ids.len(), 3);
    assert_eq!(solved.known.ids, now().ids);
    let began = solved.day.began;
    solved.keep(&desk.app, &desk.asked).unwrap();
    assert_eq!(desk.kept().made_at, began, "who came later is not known to it");
}
