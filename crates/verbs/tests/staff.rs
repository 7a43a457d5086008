//! Staff by the hour against all staffings of random small sites.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chance::{Cause, Chance, unit};
use domain::Scenario;
use plan::by_hour::{Servings, Table};
use rehearse::{Luck, Progress, Purpose, Rehearsal};
use scenario::Files;

const HOUR: i64 = 60 * rehearse::TICKS_PER_MINUTE;
const REPLICATIONS: u32 = 16;
const LUCK: Luck = Luck { seed: 5, purpose: Purpose::Choose };

/// A site by its number: one or two stations, one to three hours, people by chance.
fn site(number: u32) -> (Scenario, f64) {
    let chance = Chance::new(11, number, 0);
    let mut next = 0;
    let mut between = |low: f64, high: f64| {
        next += 1;
        low + (high - low) * unit(chance.word(Cause::Household, next, 0))
    };
    let (stations, hours) = [(1, 2), (1, 3), (2, 1), (2, 2), (1, 1)][between(0.0, 5.0) as usize];
    let target = between(1.0, 12.0);
    let per_hour: Vec<String> = (0..hours).map(|_| format!("{:.0}", between(30.0, 150.0))).collect();
    let lanes = between(1.0, 2.5) as u32;
    let mut text = format!(
        "format = 1\n[community]\nname = \"site {number}\"\ntimezone = \"UTC\"\n[round]\npurpose = \"screening\"\ndate = 2022-03-28\n\
         opens = \"07:00\"\n[site]\nlanes = {lanes}\n[arrivals]\nlaw = \"poisson\"\nper_hour = [{}]\n",
        per_hour.join(", ")
    );
    for name in ["registration", "sampling"].iter().take(stations) {
        let law = ["lognormal", "gamma"][between(0.0, 2.0) as usize];
        let (mean, cv) = (between(20.0, 90.0), between(0.3, 1.2));
        text += &format!(
            "[[site.station]]\nname = \"{name}\"\nservers = 1\nservice = {{ law = \"{law}\", mean_s = {mean:.1}, cv = {cv:.2} }}\n"
        );
    }
    let files = Files([("scenario.toml".to_owned(), text.clone().into_bytes())].into());
    let (scenario, notes) = scenario::read(&files, &[], &mut |_, _| {});
    (scenario.unwrap_or_else(|| panic!("{text}\n{notes:#?}")), target)
}

fn wait(scenario: &Scenario, table: &Table, servers: &Servings) -> f64 {
    let figures = Rehearsal::new(&table.staffed(scenario, servers), None)
        .run(LUCK, REPLICATIONS, 1, &Progress::default())
        .figures();
    if figures.unserved >= 0.5 { f64::INFINITY } else { figures.wait_min.p95.unwrap_or(0.0) }
}

/// Whether any staffing of fewer hours than this keeps the target. More staff never makes anybody wait longer, so cells
/// are filled one after the other and the last is only asked for what is left.
fn any_below(scenario: &Scenario, table: &Table, target: f64, best: f64) -> Option<Servings> {
    fn fill(all: &mut Vec<Vec<u32>>, cell: &mut Vec<u32>, cells: usize, most: u32) {
        if cell.len() == cells {
            all.push(cell.clone());
            return;
        }
        for servers in 1..=most {
            cell.push(servers);
            fill(all, cell, cells, most);
            cell.pop();
        }
    }
    let (stations, hours) = (table.stations.len(), table.starts.len());
    let mut all = Vec::new();
    fill(&mut all, &mut Vec::new(), stations * hours, 6);
    let shaped = |cells: &Vec<u32>| -> Servings { cells.chunks(hours).map(<[u32]>::to_vec).collect() };
    let mut below: Vec<Servings> =
        all.iter().map(shaped).filter(|servers| table.staff_hours(servers) < best - 1e-9).collect();
    // The dearest first: where they do not keep the target, nothing below them does.
    below.sort_by(|a, b| table.staff_hours(b).total_cmp(&table.staff_hours(a)));
    let mut failed: Vec<Servings> = Vec::new();
    for servers in below {
        let within =
            |other: &Servings| other.iter().flatten().zip(servers.iter().flatten()).all(|(a, b)| a >= b);
        if failed.iter().any(within) {
            continue;
        }
        if wait(scenario, table, &servers) <= target {
            return Some(servers);
        }
        failed.push(servers);
    }
    None
}

#[test]
fn the_staff_found_is_the_least_of_all() {
    let sites = std::env::var("STAFF_SITES").ok().and_then(|sites| sites.parse().ok()).unwrap_or(40);
    let mut worse = Vec::new();
    for number in 0..sites {
        let (scenario, target) = site(number);
        let coming = Rehearsal::new(&scenario, None).coming_by(LUCK, REPLICATIONS, HOUR, 48);
        let table = Table::new(&scenario, HOUR, &coming);
        let found = table.least(target, &mut |servers| wait(&scenario, &table, servers), &mut || true);
        assert!(found.keeps && wait(&scenario, &table, &found.servers) <= target, "site {number}: {found:?}");
        let hours = table.staff_hours(&found.servers);
        // A staffing that is more than one in a hundred better would count against the search.
        if let Some(better) = any_below(&scenario, &table, target, hours / 1.01) {
            worse.push((number, found.servers, better));
        }
    }
    assert!(worse.len() * 100 <= sites as usize, "{} of {sites}: {worse:?}", worse.len());
}
