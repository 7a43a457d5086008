//! Plans anew: who was withdrawn, who has left, who stands twice, and what donors are told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use aid::Best;
use domain::{Aid, AidPlan, Notes, aid::Team};
use jiff::civil::date;
use scenario::Files;
use serde_json::{Value, json};
use verbs::{
    Voice,
    aid::{Aided, Before, look, read_before, withdraw},
};
use words::Language;

const VOICE: Voice = Voice { language: Language::En };
const DEPLOYED: &str = "team,donor,recipient,skill,people,from,to\n";

/// One donor three days away from one district, fifteen days, no rest; the 7th of April is day 4.
fn task(deployed: &str) -> Aid {
    let scenario = "format = 1\nkind = \"aid\"\n[aid]\nname = \"X\"\nfrom = 2022-04-03\ndays = 15\n[[skill]]\nname = \"sampling\"\n\
                    [[skill]]\nname = \"ward\"\n[stay]\ndays = 14\nrest_days = 0\n";
    let donors = "donor,skill,people,reserve,travel_h\nEast,sampling,100,0,60\nEast,ward,100,0,60\n";
    let demand = "recipient,skill,people,from,to,why\nNorth,sampling,100,2022-04-03,2022-04-20,\nNorth,ward,10,2022-04-03,2022-04-20,\n";
    let mut files = vec![("scenario.toml", scenario), ("donors.csv", donors), ("demand.csv", demand)];
    let deployed = format!("{DEPLOYED}{deployed}");
    if deployed.len() > DEPLOYED.len() {
        files.push(("deployed.csv", &deployed));
    }
    let files = files.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect();
    let (aid, notes) = scenario::read_aid(&Files(files), &[]);
    aid.unwrap_or_else(|| panic!("{notes:?}"))
}

fn order(team: &str, people: u32, leaves: &str, from: &str) -> Value {
    json!({
        "team": team, "donor": "East", "recipient": "North", "skill": "sampling", "people": people,
        "leaves": leaves, "from": from, "until": "2022-04-19", "free": "2022-04-23", "left": false,
    })
}

fn read(aid: &Aid, deployments: &[Value]) -> Before {
    let plan = json!({ "deployments": deployments }).to_string();
    read_before("plan.json", plan.as_bytes(), aid).unwrap()
}

/// As the command does it, with a plan that sends nobody new.
fn anew(aid: &Aid, mut before: Before, out: &[(&str, i8)]) -> Result<Aided, Notes> {
    let out: Vec<_> = out.iter().map(|(name, day)| ((*name).to_owned(), Some(date(2022, 4, *day)))).collect();
    let (aid, plan) = withdraw(aid, &mut before, &out, None)?;
    let notes = look(&aid);
    Ok(Aided::new(aid, Best { plan, bounds: None, unsolved: None }, Some(before), notes))
}

fn written(aided: &Aided) -> Vec<Value> {
    let output = serde_json::to_value(aided.output(VOICE)).unwrap();
    output["deployments"].as_array().unwrap().clone()
}

fn times(team: &Team) -> (i32, i32, i32, i32) {
    (team.leaves, team.from, team.until, team.free)
}

#[test]
fn who_is_withdrawn_after_leaving_is_home_a_way_later_however_often_it_is_planned() {
    let aid = task("");
    let once =
        anew(&aid, read(&aid, &[order("A001", 100, "2022-04-03", "2022-04-06")]), &[("A001", 8)]).unwrap();
    // They work on days 3 and 4, leave on day 5, and are home on day 8: until then nobody of them can go.
    assert_eq!(once.aid.teams.iter().map(times).collect::<Vec<_>>(), [(0, 3, 4, 8)]);
    assert_eq!(once.verdict.broken, []);
    assert!(aid::draft(&once.aid).deployments.iter().all(|of| of.skill != 0 || of.leaves >= 8));
    // Told again from the plan that follows, on an earlier day: home that much earlier, by the same way.
    let twice = anew(&aid, read(&aid, &written(&once)), &[("A001", 7)]).unwrap();
    assert_eq!(twice.aid.teams.iter().map(times).collect::<Vec<_>>(), [(0, 3, 3, 7)]);
    // On a later one nothing changes, and nothing where nobody is withdrawn.
    for out in [&[("A001", 12)][..], &[]] {
        let again = anew(&aid, read(&aid, &written(&twice)), out).unwrap();
        assert_eq!(again.aid.teams.iter().map(times).collect::<Vec<_>>(), [(0, 3, 3, 7)]);
        let file = &written(&again)[0];
        assert_eq!((&file["leaves"], &file["free"]), (&json!("2022-04-03"), &json!("2022-04-10")));
    }
}

#[test]
fn a_team_of_the_table_is_called_back_by_its_way_too() {
    let aid = task("T1,East,North,sampling,30,2022-04-01,2022-04-16\n");
    assert_eq!(times(&aid.teams[0]), (-5, -2, 13, 17));
    let out = anew(&aid, read(&aid, &[]), &[("T1", 7)]).unwrap();
    assert_eq!(out.aid.teams.iter().map(times).collect::<Vec<_>>(), [(-5, -2, 3, 7)]);
    // The table says nothing of it; the plan that follows does.
    let again = anew(&aid, read(&aid, &written(&out)), &[]).unwrap();
    assert_eq!(again.aid.teams.iter().map(times).collect::<Vec<_>>(), [(-5, -2, 3, 7)]);
}

#[test]
fn an_order_withdrawn_before_it_leaves_is_gone_and_its_donor_is_told() {
    let aid = task("");
    let orders =
        [order("A001", 40, "2022-04-03", "2022-04-06"), order("A002", 60, "2022-04-05", "2022-04-08")];
    let aided = anew(&aid, read(&aid, &orders), &[("A002", 5), ("A001", 9)]).unwrap();
    assert_eq!(aided.aid.teams.iter().map(times).collect::<Vec<_>>(), [(0, 3, 5, 9)]);
    let changes = aided.changes.as_ref().unwrap();
    assert_eq!(changes.gone.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["A002"]);
    let said = aided.sentences(VOICE);
    assert_eq!(said[0], "A002 is withdrawn before it leaves: it does not go.");
    assert_eq!(said[1], "A001 is withdrawn: it does not work from 2022-04-09 on.");
    assert_eq!(
        said[2],
        "Against the plan before: 0 orders stay as they were, 0 have other numbers, 0 are new, 1 are gone."
    );
    let (name, document) = aided.orders(VOICE).remove(0);
    assert_eq!((name.as_str(), document.parts[0].heading.as_str()), ("order-001", "Taken back"));
    let formats::Block::Table(table) = &document.parts[0].blocks[0] else { panic!("{document:?}") };
    assert_eq!(table.rows, [["A002", "North", "sampling", "60", "2022-04-05"]]);
}

#[test]
fn every_day_of_a_withdrawal_is_one_of_the_plan() {
    let aid = task("");
    let orders =
        [order("A001", 40, "2022-04-03", "2022-04-06"), order("A002", 60, "2022-04-05", "2022-04-08")];
    for out in [&[("A001", 2)][..], &[("A001", 5), ("A002", 18)], &[("A001", 30)]] {
        let notes = anew(&aid, read(&aid, &orders), out).unwrap_err();
        assert_eq!(notes.0[0].code, "aid_withdraw_day", "{out:?}");
    }
    assert!(anew(&aid, read(&aid, &orders), &[("A001", 17), ("A002", 3)]).is_ok());
}

#[test]
fn who_stands_in_the_plan_and_in_the_table_counts_once() {
    let aid = task("A001,East,North,sampling,100,2022-04-06,2022-04-19\n");
    let aided = anew(&aid, read(&aid, &[order("A001", 100, "2022-04-03", "2022-04-06")]), &[]).unwrap();
    assert_eq!(aided.on(0, 0, 5), (100, 100));
    assert_eq!(aided.away(0, 5), 100);
    assert_eq!((aided.plan.deployments.len(), aided.verdict.broken.len()), (0, 0));
    // And again from the plan in which it has left.
    let again = anew(&aid, read(&aid, &written(&aided)), &[]).unwrap();
    assert_eq!((again.on(0, 0, 5), again.away(0, 5)), ((100, 100), 100));
}

#[test]
fn new_names_are_those_of_nobody_else_however_large() {
    let aid = task(
        "A4294967295,East,North,sampling,1,2022-04-01,2022-04-05\nA4294967296,East,North,ward,1,2022-04-01,2022-04-05\n",
    );
    let plan = aid::draft(&aid);
    assert!(plan.deployments.len() > 1);
    let aided = Aided::new(aid, Best { plan, bounds: None, unsolved: None }, None, Notes::default());
    assert_eq!(aided.names[..2], ["A4294967297", "A4294967298"]);
}

#[test]
fn a_plan_with_more_people_than_a_number_holds_is_read_and_they_do_not_go() {
    let aid = task("");
    let most = order("A001", u32::MAX, "2022-04-03", "2022-04-06");
    let mut other = order("A002", u32::MAX, "2022-04-03", "2022-04-06");
    for left in [false, true] {
        other["left"] = json!(left);
        let before = read(&aid, &[most.clone(), other.clone()]);
        let mut board = before.clone();
        let (task, kept) = withdraw(&aid, &mut board, &[], None).unwrap();
        let plan = aid::Board::of(&task, &kept).plan();
        let aided =
            Aided::new(task, Best { plan, bounds: None, unsolved: None }, Some(board), Notes::default());
        assert_eq!(aided.verdict.broken, []);
        assert!(!aided.rows().is_empty() || left);
        assert!(!aided.donors().is_empty() && !aided.sentences(VOICE).is_empty());
    }
    // Counted as it stands there, every rule that it breaks is found.
    let (_, kept) = withdraw(&aid, &mut read(&aid, &[most]), &[], None).unwrap();
    assert!(aid::check(&aid, &kept).reserve_violations() > 0);
}

#[test]
fn what_is_no_plan_says_why_and_what_should_be_looked_at_stands_in_the_json() {
    let mut aid = task("");
    let notes = read_before("plan.json", b"{\"deployments\": [{}]}", &aid).unwrap_err();
    assert_eq!(notes.0[0].code, "aid_plan_unread");
    assert!(notes.0[0].args.iter().any(|(_, value)| value.contains("missing field `team`")), "{notes:?}");
    (aid.donors[0].cases, aid.donors[0].growth) = (19.0, 1.5);
    let looked = look(&aid);
    let best = Best { plan: AidPlan::default(), bounds: None, unsolved: None };
    let output = serde_json::to_value(Aided::new(aid, best, None, looked).output(VOICE)).unwrap();
    assert_eq!(output["notes"][0]["code"], "aid_turns");
}
