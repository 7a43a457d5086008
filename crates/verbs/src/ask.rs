//! Seven answers made into a scenario's folder: the staff divided over lanes and stations, and said what they would
//! need to be done in time.

use domain::{Notes, Place, Scenario};
use jiff::{SignedDuration, civil::DateTime};
use plan::staffing::{self, LOAD, Post, Split};
use scenario::{Answers, Brief, Files, Staffing, answers, compose, read};
use serde::Serialize;
use std::fmt::Display;

/// Servers of any one station before the staff is divided: enough places for every station that a site can have.
const STATIONS_MAX: usize = 64;

/// What seven answers come to.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The scenario's folder; `None` iff a note refuses.
    pub files: Option<Files>,
    /// What is wrong with the answers, or what the staff cannot do in the time.
    pub notes: Notes,
    /// Who stands where, and how many it takes; there where the folder is.
    pub needs: Option<Needs>,
}

/// Who stands where, and how many it would take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Needs {
    /// Identical lanes.
    pub lanes: u32,
    /// Each station with its servers, in a lane or for all lanes.
    pub posts: Vec<PostNeed>,
    /// Who call households; 0 where they come by themselves.
    pub callers: u32,
    /// Who relieve the others and keep order.
    pub relief: u32,
    /// People an hour at the slowest station, at full load.
    pub per_hour: f64,
    /// Local time at which everybody is served if the site stays open and runs at nine tenths of its capacity.
    pub ends: String,
    /// Whether that is before closing.
    pub in_time: bool,
    /// All the people it takes to be done before closing; null if that is more than one site can be.
    pub staff_needed: Option<u32>,
    /// The lanes that they make; null with the former.
    pub lanes_needed: Option<u32>,
}

/// The people at one station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostNeed {
    /// The station's name.
    pub station: String,
    /// Servers, in each lane unless it is shared.
    pub servers: u32,
    /// One for all lanes.
    pub shared: bool,
}

/// The folder and the notes that answers come to. Too few people for the time are a warning, and the folder is there.
pub fn ask(answers: &Answers) -> Asked {
    let (brief, mut notes) = Brief::of(answers);
    let Some(brief) = brief else { return Asked { files: None, notes, needs: None } };
    let alone = Staffing { lanes: 1, servers: vec![1; STATIONS_MAX], callers: 1, relief: 0 };
    let (scenario, wrong) = read(&compose(&brief, &alone), &[], &mut |_, _| {});
    let Some(scenario) = scenario else {
        notes.extend(wrong);
        return Asked { files: None, notes, needs: None };
    };
    let site = Site::new(&brief, &scenario);
    let team = site.team(brief.staff).unwrap_or_else(|| {
        let team = site.least_team();
        let args: [(&'static str, &dyn Display); 3] =
            [("staff", &brief.staff), ("stations", &team.split.staff), ("needed", &team.all())];
        notes.warning(place(), "answer_staff_below_posts", &args);
        team
    });
    let ends = site.ends(&team);
    let needed = site.needed();
    if ends > brief.closes {
        too_late(&brief, &team, ends, needed, &mut notes);
    }
    let files = compose(&brief, &team.staffing());
    let needs = site.needs(&team, ends, needed);
    Asked { files: Some(files), notes, needs: Some(needs) }
}

fn place() -> Place {
    Place::file(answers::FILE).column("staff")
}

/// Says how many people and lanes it takes, and when it ends with the team that was counted on: those there are, or one at
/// each station where they are fewer.
fn too_late(brief: &Brief, team: &Team, ends: DateTime, needed: Option<(u32, u32)>, notes: &mut Notes) {
    let weekday = format!("@weekday.{}", ends.date().weekday().to_monday_one_offset());
    let (date, time) = (ends.date(), domain::time_of_day(ends));
    let closes = domain::time_of_day(brief.closes);
    let counted_on = brief.staff.max(team.all());
    let mut args: Vec<(&'static str, &dyn Display)> = vec![
        ("staff", &counted_on),
        ("weekday", &weekday),
        ("date", &date),
        ("time", &time),
        ("closes", &closes),
    ];
    match &needed {
        Some((staff, lanes)) => {
            let more = staff.saturating_sub(brief.staff).max(1);
            args.extend_from_slice(&[("needed", staff as &dyn Display), ("lanes", lanes), ("more", &more)]);
            notes.warning(place(), "answer_staff_too_few", &args);
        }
        None => notes.warning(place(), "answer_too_much_for_a_site", &args),
    }
}

/// The site that is to be staffed.
struct Site<'b> {
    brief: &'b Brief,
    posts: Vec<Post>,
    people: f64,
    /// People whom a call brings, and the seconds that it takes; absent where nobody is called.
    call: Option<(f64, f64)>,
}

/// People and where they are.
struct Team {
    split: Split,
    callers: u32,
    relief: u32,
}

impl Team {
    fn all(&self) -> u32 {
        self.split.staff + self.callers + self.relief
    }

    fn staffing(&self) -> Staffing {
        Staffing {
            lanes: self.split.lanes,
            servers: self.split.servers.clone(),
            callers: self.callers.max(1),
            relief: self.relief,
        }
    }
}

impl<'b> Site<'b> {
    fn new(brief: &'b Brief, scenario: &Scenario) -> Site<'b> {
        let called = brief.reach.calls();
        let people = if called { scenario.roll.people() } else { brief.visitors() };
        let people = f64::from(people);
        let per_call = people / f64::from(brief.households);
        let call = called.then(|| (per_call, scenario.waves.callers.call.mean_s()));
        Site { brief, posts: staffing::posts(scenario), people, call }
    }

    /// All of the staff in their places; `None` if some station would have nobody. Callers are as few as keep pace
    /// with the lanes that the others make: the more call, the fewer serve, so the number is found by halving.
    fn team(&self, staff: u32) -> Option<Team> {
        let kept = staffing::relief(staff);
        let at_hand = staff - kept;
        let team = |callers: u32| {
            let split = staffing::split(&self.posts, at_hand.checked_sub(callers)?)?;
            let relief = staff - split.staff - callers;
            Some(Team { split, callers, relief })
        };
        if self.call.is_none() {
            return team(0);
        }
        let keeps_pace =
            |callers: u32| team(callers).is_none_or(|team| callers >= self.callers(team.split.per_s));
        let (mut few, mut enough) = (0, at_hand);
        while enough - few > 1 {
            let middle = few + (enough - few) / 2;
            if keeps_pace(middle) { enough = middle } else { few = middle }
        }
        // Where one caller more would leave a station without anybody, those who call are a little too slow instead.
        team(enough).or_else(|| team(few.max(1)))
    }

    /// One person at each station.
    fn least_team(&self) -> Team {
        let posts = self.posts.iter().filter(|post| !post.unlimited).count();
        let posts = u32::try_from(posts).expect("a site has few stations");
        let split = staffing::split(&self.posts, posts).expect("there is one for each");
        Team { split, callers: u32::from(self.call.is_some()), relief: 0 }
    }

    /// Callers for a site that serves at this rate.
    fn callers(&self, per_s: f64) -> u32 {
        self.call.map_or(0, |(people, call_s)| staffing::callers(per_s, people, call_s))
    }

    /// When everybody is served if the site stays open.
    fn ends(&self, team: &Team) -> DateTime {
        let seconds = team.split.hours_for(self.people) * 3_600.0;
        self.brief.opens.saturating_add(SignedDuration::from_secs(seconds as i64))
    }

    /// All the people, and the lanes, that it takes to serve everybody before closing.
    fn needed(&self) -> Option<(u32, u32)> {
        let hours = self.brief.hours();
        let split = staffing::least(&self.posts, self.people, hours)?;
        let busy = split.staff + self.callers(self.people / (hours * 3_600.0 * LOAD));
        // So many that those who are not relieving others are enough.
        let all = (busy..).find(|all| all - staffing::relief(*all) >= busy)?;
        Some((all, split.lanes))
    }

    fn needs(&self, team: &Team, ends: DateTime, needed: Option<(u32, u32)>) -> Needs {
        let posts = self.posts.iter().zip(&team.split.servers).filter(|(post, _)| !post.unlimited);
        let post = |(post, servers): (&Post, &u32)| PostNeed {
            station: post.name.clone(),
            servers: *servers,
            shared: post.shared,
        };
        Needs {
            lanes: team.split.lanes,
            posts: posts.map(post).collect(),
            callers: team.callers,
            relief: team.relief,
            per_hour: team.split.per_s * 3_600.0,
            ends: format!("{}T{}", ends.date(), domain::time_of_day(ends)),
            in_time: ends <= self.brief.closes,
            staff_needed: needed.map(|(staff, _)| staff),
            lanes_needed: needed.map(|(_, lanes)| lanes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Voice;
    use words::Language;

    fn answers(people: f64, staff: f64, reach: &str) -> Answers {
        Answers {
            service: "screening".to_owned(),
            people: Some(people),
            date: "2026-12-01".to_owned(),
            opens: "07:00".to_owned(),
            closes: "13:00".to_owned(),
            staff: Some(staff),
            reach: reach.to_owned(),
            room: Some(200.0),
            wait: Some(20.0),
            ..Answers::default()
        }
    }

    #[test]
    fn sixteen_people_for_four_thousand_are_enough_and_all_have_a_place() {
        let asked = ask(&answers(4_000.0, 16.0, "doors"));
        assert_eq!(asked.notes, Notes::default());
        let needs = asked.needs.unwrap();
        let at_posts: u32 = needs.posts.iter().map(|post| post.servers * needs.lanes).sum();
        assert_eq!(at_posts + needs.callers + needs.relief, 16);
        assert!(needs.in_time && needs.staff_needed.unwrap() <= 16, "{needs:?}");
        // Callers keep pace: what they bring in an hour is no less than the lanes serve at nine tenths.
        assert!(
            f64::from(needs.callers) * 0.8 * 3_600.0 / 40.0 * 2.6 >= needs.per_hour * LOAD * 0.99,
            "{needs:?}"
        );
        let (scenario, notes) = read(&asked.files.unwrap(), &[], &mut |_, _| {});
        assert_eq!(notes, Notes::default());
        let scenario = scenario.unwrap();
        assert_eq!((u32::from(scenario.site.lanes), scenario.roll.people()), (needs.lanes, 4_000));
    }

    #[test]
    fn forty_thousand_people_and_one_server_are_a_folder_and_a_warning_that_says_when_it_ends() {
        let asked = ask(&answers(40_000.0, 1.0, "walk-in"));
        assert!(asked.files.is_some() && !asked.notes.refuses());
        let said = Voice { language: Language::En }.notes(&asked.notes);
        let codes: Vec<&str> = said.iter().map(|note| note.code).collect();
        assert_eq!(codes, ["answer_staff_below_posts", "answer_staff_too_few"]);
        // 40,000 people at 14 s each and nine tenths: 172.8 hours after Tuesday 07:00.
        assert!(said[1].message.contains("Tuesday, 2026-12-08, at 11:50"), "{}", said[1].message);
        assert!(said[1].message.contains("29 lanes"), "{}", said[1].message);
        // One person cannot keep two stations going: the end is that of the two whom the plan counts on.
        assert!(said[0].message.contains("counts on 2 people"), "{}", said[0].message);
        assert!(said[1].message.contains("With 2, it ends"), "{}", said[1].message);
        let zh = Voice { language: Language::Zh }.notes(&asked.notes);
        assert!(zh[1].message.contains("只有 2 人"), "{}", zh[1].message);
        assert_eq!(asked.needs.unwrap().lanes_needed, Some(29));
    }

    #[test]
    fn a_site_that_is_too_small_for_all_names_the_team_whose_end_it_tells() {
        let asked = ask(&Answers { closes: "07:10".to_owned(), ..answers(900_000.0, 1.0, "doors") });
        let said = Voice { language: Language::En }.notes(&asked.notes);
        let codes: Vec<&str> = said.iter().map(|note| note.code).collect();
        assert_eq!(codes, ["answer_staff_below_posts", "answer_too_much_for_a_site"]);
        // Registration, sampling, and one who calls.
        assert!(said[1].message.contains("With 3 people"), "{}", said[1].message);
    }

    #[test]
    fn the_staff_that_is_needed_is_enough_and_one_fewer_is_not() {
        for reach in ["doors", "appointments"] {
            let few = ask(&answers(4_000.0, 3.0, reach));
            let needed = few.needs.unwrap().staff_needed.unwrap();
            assert!(
                ask(&answers(4_000.0, f64::from(needed), reach)).needs.unwrap().in_time,
                "{reach} {needed}"
            );
            assert!(
                !ask(&answers(4_000.0, f64::from(needed) - 2.0, reach)).needs.unwrap().in_time,
                "{reach} {needed}"
            );
        }
    }

    #[test]
    fn every_service_and_way_is_answered_and_what_is_wrong_is_refused() {
        for service in scenario::services() {
            for (word, _) in scenario::Reach::WORDS {
                let answers = Answers { service: service.to_owned(), ..answers(1_000.0, 40.0, word) };
                let asked = ask(&answers);
                let scenario = asked.files.and_then(|files| read(&files, &[], &mut |_, _| {}).0);
                assert!(scenario.is_some(), "{service} {word}: {:?}", asked.notes);
            }
        }
        let asked = ask(&Answers::default());
        assert!(asked.files.is_none() && asked.needs.is_none() && asked.notes.refuses());
        assert!(ask(&answers(1_000_000.0, 100_000.0, "doors")).files.is_some());
    }
}
