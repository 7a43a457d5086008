//! `supplies.csv`: what a site uses up and by what rule; `[supplies]` in `scenario.toml`: slots, and whether it is a hot day.

use crate::{
    clock::{Clock, TICKS_PER_MINUTE, ticks_after},
    reader::{Context, Limits, Section, nearest},
    sheet::Grouped,
    tables::{self, Cells, TABLES, Table},
};
use chance::Ticks;
use domain::{
    Scenario, Supply, SupplyRules,
    scenario::{Gives, Servers},
    supply::{NAME_LETTERS, Per},
};
use std::fmt::Display;

/// Goods of one site: more than anybody counts in a morning.
const GOODS_MAX: usize = 200;
/// Minutes of a slot: shorter than nobody brings anything, longer than nobody plans.
const SLOT_MIN: Limits = Limits::new(15.0, 720.0);
/// Minutes before a slot.
const SPARE_MIN: Limits = Limits::new(0.0, 720.0);
/// What people write under `per`, in the order of [`Per`].
const WORDS: [(&[&str], Per); 4] = [
    (&["person", "people", "resident", "人", "每人", "人次"], Per::Person),
    (&["party", "household", "vehicle", "户", "每户", "车", "每车"], Per::Party),
    (&["tube", "管", "每管"], Per::Tube),
    (
        &["staff_hour", "staff-hour", "staff hour", "人时", "工时", "每人每小时", "工作人员小时"],
        Per::StaffHour,
    ),
];

/// Reads `[supplies]`.
pub(crate) fn read_rules(mut section: Section<'_>) -> SupplyRules {
    let usual = SupplyRules::default();
    let ticks = |minutes: f64| (minutes * TICKS_PER_MINUTE as f64) as Ticks;
    let rules = SupplyRules {
        hot: section.flag("hot"),
        slot: section.number("slot_min", SLOT_MIN).map_or(usual.slot, ticks),
        spare: section.number("spare_min", SPARE_MIN).map_or(usual.spare, ticks),
        goods: Vec::new(),
    };
    section.finish();
    rules
}

/// Reads `supplies.csv` or `supplies.xlsx`, if the folder has one.
pub(crate) fn read_goods(context: &Context<'_>, scenario: &Scenario) -> Vec<Supply> {
    let files = ["supplies.csv", "supplies.xlsx"].into_iter();
    let Some((file, bytes)) = files.into_iter().find_map(|file| Some((file, context.file(file)?))) else {
        return Vec::new();
    };
    let mut notes = Grouped::new(file);
    let mut goods: Vec<Supply> = Vec::new();
    tables::read(table(), bytes, &mut notes, &mut |_, _| {}, &mut |cells, notes| {
        let at = Some(cells.number());
        if goods.len() == GOODS_MAX {
            notes.error(at, "", "supplies_too_many", &[("max", &GOODS_MAX)]);
            return;
        }
        let Some(supply) = supply(cells, scenario, notes) else { return };
        if goods.iter().any(|other| other.good == supply.good) {
            notes.error(at, cells.heading("good"), "supplies_twice", &[("good", &supply.good)]);
            return;
        }
        goods.push(supply);
    });
    context.take_over(notes.finish());
    goods
}

fn table() -> &'static Table {
    TABLES.iter().find(|table| table.name == "supplies").expect("it is one of the tables")
}

/// A row; `None` where something of it was noted.
fn supply(cells: &Cells<'_>, scenario: &Scenario, notes: &mut Grouped) -> Option<Supply> {
    let at = Some(cells.number());
    let mut sound = cells.sound;
    let mut wrong = |column: &str, code, args: &[(&'static str, &dyn Display)]| {
        notes.error(at, cells.heading(column), code, args);
        sound = false;
    };
    for column in ["good", "unit"] {
        if cells.text(column).chars().count() > NAME_LETTERS {
            wrong(column, "supplies_name_long", &[("max", &NAME_LETTERS)]);
        }
    }
    let word = cells.text("per").to_lowercase();
    let per = WORDS.iter().find(|(words, _)| words.contains(&&*word)).map(|(_, per)| *per);
    if per.is_none() && !word.is_empty() {
        let known: Vec<&str> = WORDS.iter().flat_map(|(words, _)| words.iter().copied()).collect();
        let near = nearest(&word, &known).unwrap_or("person");
        let known = "person, household, tube, staff_hour";
        wrong("per", "supplies_per", &[("near", &near), ("known", &known)]);
    }
    if per == Some(Per::Tube) && scenario.round.gives != Gives::Tube {
        wrong("per", "supplies_no_tubes", &[]);
    }
    let stations = &scenario.site.stations;
    let name = cells.text("station");
    let station = stations.iter().position(|station| station.name == name);
    if station.is_none() && !name.is_empty() {
        let known: Vec<&str> = stations.iter().map(|station| &*station.name).collect();
        let near = nearest(name, &known).unwrap_or("–");
        wrong("station", "supplies_station", &[("near", &near), ("known", &known.join(", "))]);
    }
    if per == Some(Per::StaffHour)
        && station.is_some_and(|place| matches!(stations[place].servers, Servers::Unlimited))
    {
        wrong("station", "supplies_nobody_works", &[]);
    }
    let opens = scenario.round.opens;
    let coming = match (cells.whole("coming"), cells.text("coming_at")) {
        (None | Some(0), "") => vec![],
        (Some(count), time) if !time.is_empty() => {
            let clock = Clock::parse(&time.replace('/', "-"));
            clock.map(|clock| (ticks_after(opens, clock.on(opens.date())), count)).into_iter().collect()
        }
        (Some(_), _) => {
            wrong("coming", "supplies_coming_when", &[]);
            vec![]
        }
        (None, _) => {
            wrong("coming_at", "supplies_coming_what", &[]);
            vec![]
        }
    };
    let millionths = |column: &str| cells.number_in(column).map(|rate| (rate * 1e6 + 0.5) as u64);
    let rate = millionths("rate");
    if sound && rate == Some(0) && millionths("hot_rate").unwrap_or(0) == 0 {
        notes.warning(at, cells.heading("rate"), "supplies_rate_none", &[]);
    }
    if !sound {
        return None;
    }
    Some(Supply {
        good: cells.text("good").to_owned(),
        unit: cells.text("unit").to_owned(),
        per: per?,
        rate_millionths: rate?,
        hot_rate_millionths: millionths("hot_rate"),
        station,
        per_box: cells.whole("box").unwrap_or(1),
        on_hand: cells.whole("on_hand").unwrap_or(0),
        coming,
        lead: Ticks::from(cells.whole("lead_min").unwrap_or(0)) * TICKS_PER_MINUTE,
    })
}
