//! The log of decisions: what may follow what, as a table.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use domain::decision::{
    Act, Agreement, By, Change, Decisions, Entry, Figure, MOVES, Move, Onto, Proposal, Refusal, State, What,
};

fn entry(by: By, words: &str, what: What) -> Entry {
    Entry { at: jiff::civil::date(2022, 3, 28).at(20, 15, 0, 0), by: vec![by], words: words.to_owned(), what }
}

fn proposed() -> Entry {
    let change = Change::Rule(Onto::Notice);
    let proposal =
        Proposal { problem: String::new(), change, figure: Figure::WaitP95, expected: None, measured: None };
    entry(By::Volunteer, "One line for each lane.", What::Proposed(Box::new(proposal)))
}

fn moved(act: Move, by: By, words: &str) -> Entry {
    let act = match act {
        Move::Object => Act::Object,
        Move::Try => Act::Try { on: None, part: String::new() },
        Move::Agree => Act::Agree(Agreement::default()),
        Move::Drop => Act::Drop,
    };
    entry(by, words, What::Moved { decision: 1, act })
}

/// The log of a proposal that has come so far.
fn at(state: State) -> Decisions {
    let way: &[Move] = match state {
        State::Proposed => &[],
        State::Objected => &[Move::Object],
        State::Trying => &[Move::Try],
        State::Agreed => &[Move::Agree],
        State::Dropped => &[Move::Drop],
    };
    let mut log = Decisions::default();
    log.apply(proposed());
    for act in way {
        let line = moved(*act, By::Secretariat, "Why.");
        log.admit(&line).unwrap();
        log.apply(line);
    }
    assert_eq!(log.get(1).unwrap().state, state);
    log
}

/// Where the moves lead, in the order of [`MOVES`], and whether each takes a sentence.
type Leads = [Option<(State, bool)>; 4];

/// Each state beside each move: where it leads, and whether it takes a sentence. Written down once more, apart from the code.
const TABLE: [(State, Leads); 5] = {
    use State::{Agreed, Dropped, Objected, Proposed, Trying};
    [
        (
            Proposed,
            [Some((Objected, true)), Some((Trying, false)), Some((Agreed, false)), Some((Dropped, true))],
        ),
        (
            Objected,
            [Some((Objected, true)), Some((Trying, false)), Some((Agreed, true)), Some((Dropped, true))],
        ),
        (
            Trying,
            [Some((Objected, true)), Some((Trying, false)), Some((Agreed, false)), Some((Dropped, true))],
        ),
        (Agreed, [None, None, None, Some((Dropped, true))]),
        (Dropped, [None, None, None, None]),
    ]
};

#[test]
fn each_state_allows_what_the_table_says_and_nothing_else() {
    for (state, row) in TABLE {
        for (act, expected) in Move::ALL.into_iter().zip(row) {
            let log = at(state);
            let (with, without) = (moved(act, By::Secretariat, "Why."), moved(act, By::Secretariat, ""));
            match expected {
                None => assert_eq!(log.admit(&with), Err(Refusal::Move { state }), "{state:?} {act:?}"),
                Some((to, words)) => {
                    assert_eq!(log.admit(&with), Ok(()), "{state:?} {act:?}");
                    let silent = if words { Err(Refusal::Words { act }) } else { Ok(()) };
                    assert_eq!(log.admit(&without), silent, "{state:?} {act:?}");
                    let mut log = log;
                    log.apply(with);
                    assert_eq!(log.get(1).unwrap().state, to, "{state:?} {act:?}");
                }
            }
        }
    }
    let allowed = TABLE.iter().flat_map(|(_, row)| row).flatten().count();
    assert_eq!(allowed, MOVES.len(), "a move has two lines");
}

#[test]
fn figures_and_other_communities_propose_and_decide_nothing() {
    for (_, by) in By::ALL {
        let refused = !by.is_people();
        assert_eq!(at(State::Proposed).admit(&moved(Move::Agree, by, "")).is_err(), refused, "{by:?}");
    }
    let mut together = moved(Move::Agree, By::Secretariat, "");
    together.by.push(By::Review);
    assert_eq!(at(State::Proposed).admit(&together), Err(Refusal::Nobody));
}

#[test]
fn what_was_dropped_stays_in_the_log_and_holds_no_more() {
    let mut log = at(State::Agreed);
    assert!(log.get(1).unwrap().agreement().is_some());
    log.apply(moved(Move::Drop, By::Secretariat, "It took too many people."));
    let decision = log.get(1).unwrap();
    assert_eq!((decision.state, decision.moves.len()), (State::Dropped, 2));
    assert!(decision.agreement().is_none());
    assert_eq!((log.get(0), log.get(2), log.next_number()), (None, None, 2));
    let of_nobody = entry(By::Volunteer, "No.", What::Moved { decision: 2, act: Act::Object });
    assert_eq!(log.admit(&of_nobody), Err(Refusal::Unknown));
}

#[test]
fn figures_are_read_as_they_are_written() {
    for (name, figure) in Figure::ALL {
        assert_eq!((Figure::parse(name), figure.name()), (Some(figure.clone()), name.to_owned()));
    }
    let of_station = Figure::Service("sampling".to_owned());
    assert_eq!(Figure::parse(&of_station.name()), Some(of_station));
    assert_eq!((Figure::parse("service_s."), Figure::parse("mood")), (None, None));
}
