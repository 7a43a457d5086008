//! A site at which people stand already when it opens.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::{Note, Scenario};
use rehearse::{Engine, Figures, Luck, Progress, Purpose, Rehearsal};
use scenario::Files;

const LUCK: Luck = Luck { seed: 1, purpose: Purpose::Rehearse };

fn read(more: &str) -> (Option<Scenario>, Vec<Note>) {
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\n\
         date = 2022-03-28\nopens = \"07:00\"\n{more}\n"
    );
    let files = Files([("scenario.toml".to_owned(), text.into_bytes())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    (scenario, notes.0)
}

fn run(rehearsal: &Rehearsal, replications: u32) -> Figures {
    rehearsal.run(LUCK, replications, 2, &Progress::default()).figures()
}

#[test]
fn who_stands_there_at_the_opening_waits_as_by_hand() {
    let (scenario, notes) = read(
        "[site]\nlanes = 1\n\
         [[site.station]]\nname = \"registration\"\nservers = 1\nwaiting_at_start = 6\n\
         service = { law = \"constant\", mean_s = 10 }\n\
         [[site.station]]\nname = \"sampling\"\nservers = 2\nwaiting_at_start = 4\n\
         service = { law = \"constant\", mean_s = 30 }\n\
         [arrivals]\nlaw = \"schedule\"\ntimes_min = [0, 100]\n",
    );
    assert_eq!(notes, []);
    let rehearsal = Rehearsal::new(&scenario.unwrap(), None);
    assert_eq!(rehearsal.engine(), Engine::Fifo);
    let found = run(&rehearsal, 1);
    let seconds = |class: &str| found.classes[class].wait_min.mean.unwrap() * 60.0;
    assert_eq!((found.people, found.served), (12.0, 12.0));
    // Sampling begins at 0, 0, 30 and 30 s with those who stand there.
    assert!((seconds("waiting-at-sampling") - 15.0).abs() < 1e-9);
    // Registration ends at 10, 20 … 60 s; sampling goes on at 60, 60, 90, 90, 120 and 120 s. Waits before both: 50, 50,
    // 80, 80, 110 and 110 s.
    assert!((seconds("waiting-at-registration") - 80.0).abs() < 1e-9);
    // Who comes at the opening is behind them: 60 s, then from 70 to 150 s; who comes at 100 minutes waits for nobody.
    assert!((seconds("general") - (60.0 + 80.0) / 2.0).abs() < 1e-9);
    // The line counts as waiting from the opening: six and four of whom three begin at once, and one behind them.
    assert_eq!(found.queue_max, 8.0);
}

#[test]
fn both_engines_begin_with_the_same_people() {
    for (lane_choice, seed) in [("assigned", 1), ("assigned", 2), ("shortest", 3)] {
        let (scenario, _) = read(&format!(
            "closes = \"09:00\"\n[site]\nlanes = 3\nlane_choice = \"{lane_choice}\"\n\
             [[site.station]]\nname = \"a\"\nservers = 1\nwaiting_at_start = 5\n\
             service = {{ law = \"exponential\", mean_s = 40 }}\n\
             [[site.station]]\nname = \"b\"\nservers = 4\nshared = true\nwaiting_at_start = 11\n\
             service = {{ law = \"gamma\", mean_s = 50, cv = 0.5 }}\n\
             [arrivals]\nlaw = \"poisson\"\nper_hour = 200\n[patience]\nlaw = \"exponential\"\nmean_min = 20\n"
        ));
        let rehearsal = Rehearsal::new(&scenario.unwrap(), None);
        let luck = Luck { seed, ..LUCK };
        let lived = |rehearsal: &Rehearsal| {
            let mut rows = Vec::new();
            let told = rehearsal.records(luck, 20, &Progress::default(), |record| {
                rows.push(format!("{record:?}"));
                Ok::<(), ()>(())
            });
            told.unwrap();
            let mut figures = rehearsal.run(luck, 20, 2, &Progress::default()).figures();
            figures.engine = "";
            (rows, format!("{figures:?}"))
        };
        let (rows, figures) = lived(&rehearsal);
        assert_eq!(
            (&rows, &figures),
            (&lived(&rehearsal.clone().on_event_engine()).0, &lived(&rehearsal.on_event_engine()).1)
        );
        let starting = rows.iter().filter(|row| row.contains("arrived: 0,")).count();
        assert_eq!(starting, 20 * (3 * 5 + 11));
    }
}

#[test]
fn a_line_moves_nobody_elses_luck() {
    let people = |waiting: u32| {
        let (scenario, _) = read(&format!(
            "[site]\nlanes = 1\n[[site.station]]\nname = \"a\"\nservers = \"unlimited\"\nwaiting_at_start = {waiting}\n\
             service = {{ law = \"exponential\", mean_s = 40 }}\n[arrivals]\nlaw = \"poisson\"\nper_hour = 90\nhours = 2\n"
        ));
        let mut rows = Vec::new();
        let rehearsal = Rehearsal::new(&scenario.unwrap(), None);
        let told = rehearsal.records(LUCK, 3, &Progress::default(), |record| {
            if record.class == 0 {
                rows.push((record.replication, record.person, record.arrived, record.gone));
            }
            Ok::<(), ()>(())
        });
        told.unwrap();
        rows
    };
    assert_eq!(people(0), people(7));
}

#[test]
fn a_line_that_cannot_be_is_refused() {
    let codes = |station: &str, more: &str| {
        let (scenario, notes) = read(&format!(
            "[site]\n[[site.station]]\nname = \"a\"\nservers = 1\nservice = {{ law = \"constant\", mean_s = 10 }}\n\
             [[site.station]]\nname = \"b\"\nservers = 1\nservice = {{ law = \"constant\", mean_s = 10 }}\n{station}\n\
             {more}[arrivals]\nlaw = \"schedule\"\ntimes_min = [0]\n"
        ));
        assert!(scenario.is_none());
        notes.iter().map(|note| note.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("room = 3\nwaiting_at_start = 4", ""), ["start_over_room"]);
    assert_eq!(codes("waiting_at_start = -1", "").len(), 1);
    let visitor = "[[visitor]]\nclass = \"waiting-at-b\"\nshare = 0.1\n";
    assert_eq!(codes("waiting_at_start = 1", visitor), ["class_waiting"]);
}
