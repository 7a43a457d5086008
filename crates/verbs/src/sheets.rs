//! What a secretary hands out tonight: a page for residents and a card for each role; and where households are called, the
//! call timetable by building, as text for the group chat, as a table, and as a page to print, with the door list of each
//! wave.

mod exercise;
mod hours;
mod html;
mod missed;
mod print;
mod residents;
mod roles;
mod supplies;
#[cfg(test)]
mod tests;
mod tongues;
mod walks;

pub use exercise::exercise;
pub use missed::{StillMissed, missed};
pub use tongues::{SpokenRow, spoken};
pub use walks::{DoorRow, walks};

use crate::{Run, clock::time_of_day, number::number, supplies::SupplyPlan, view::ServiceView, voice::Voice};
use chance::Ticks;
use domain::{Mark, Plan, Policy, Roll, Scenario, plan::Line, roster::Volunteer, scenario::Arrivals};
use rehearse::{Curves, Figures, TICKS_PER_MINUTE};
use scenario::Files;

/// What sheets are made of.
#[derive(Clone, Debug)]
pub struct Papers<'a> {
    plan: Option<&'a Plan>,
    scenario: &'a Scenario,
    figures: &'a Figures,
    /// Who waits when, where people come by themselves.
    curves: Option<Curves>,
    service: ServiceView,
    /// What must be at the gate when, where the folder says what is used.
    supplies: Option<SupplyPlan>,
    /// Who may come along where another language is spoken.
    volunteers: Vec<Volunteer>,
    voice: Voice,
}

/// Replications that waits by hour are averaged over.
const HOURS_REPS: u32 = 50;

impl<'a> Papers<'a> {
    /// Of a rehearsed scenario, with its plan where households are called, what must be at the gate, and its folder, in which its service may stand.
    pub fn new(
        scenario: &'a Scenario,
        plan: Option<&'a Plan>,
        figures: &'a Figures,
        supplies: Option<SupplyPlan>,
        run: &Run<'_>,
        files: &Files,
        voice: Voice,
    ) -> Papers<'a> {
        let by_themselves = match &scenario.arrivals {
            Arrivals::Poisson(_) => true,
            Arrivals::Mix(mix) => mix.walk_ins.is_some() && !mix.waves,
            _ => false,
        };
        let drawn = || run.rehearsal(scenario, plan).curves(run.luck(), run.reps.min(HOURS_REPS));
        let curves = by_themselves.then(drawn);
        let service = crate::view::service(&scenario.round.purpose, files, voice)
            .expect("a scenario without its service was refused");
        let sheets = scenario::read_volunteers(files, scenario, &[]).0;
        let volunteers = sheets.map(|sheets| sheets.volunteers).unwrap_or_default();
        Papers { plan, scenario, figures, curves, service, supplies, volunteers, voice }
    }

    /// All sheets by file name, in the user's language.
    pub fn sheets(&self) -> Vec<(&'static str, String)> {
        let (scenario, figures, voice) = (self.scenario, self.figures, self.voice);
        let mut sheets = Vec::new();
        if let Some(plan) = self.plan {
            sheets.extend([
                ("timetable.txt", chat_text(plan, scenario, figures, voice)),
                ("timetable.csv", timetable_csv(plan, scenario, voice)),
                ("timetable.html", print::timetable(plan, scenario, figures, voice)),
                ("doors.csv", walks::doors_csv(plan, scenario, voice)),
                ("doors.html", print::doors(plan, scenario, voice)),
            ]);
            let spoken = tongues::spoken_csv(plan, scenario, &self.volunteers, voice);
            sheets.extend(spoken.map(|spoken| ("interpreters.csv", spoken)));
        }
        if let Some(plan) = &self.supplies {
            sheets.push(("supplies-at-the-gate.csv", supplies::table(plan, self)));
            sheets.push(("supplies-at-the-gate.html", supplies::print(plan, self)));
        }
        sheets.extend([("residents.html", residents::residents(self)), ("roles.html", roles::roles(self))]);
        sheets
    }

    /// What it is, and when: `Screening · 2022-03-28 · 07:00–12:00`.
    fn head(&self) -> String {
        let round = &self.scenario.round;
        let date = round.opens.date();
        let mut head = format!("{} · {date} · {}", self.service.name, domain::time_of_day(round.opens));
        if let Some(closes) = round.closes {
            head += &format!("–{}", clock(self.scenario, closes));
        }
        head
    }
}

/// The timetable as text for the group chat.
pub fn chat_text(plan: &Plan, scenario: &Scenario, figures: &Figures, voice: Voice) -> String {
    let roll = &scenario.roll;
    let date = scenario.round.opens.date().to_string();
    let head = [("community", &*scenario.community.name), ("date", &*date)];
    let mut text = voice.say("chat.title", &head) + "\n";
    text += &voice.word(&format!("chat.how.{}", plan.policy.name()));
    text.push('\n');
    for line in lines(plan, roll) {
        let people: u32 = line.households.iter().map(|&household| roll.size(household)).sum();
        let doors = doors_in_words(roll, line.households);
        let (people, lane) = (people.to_string(), (line.wave.lane + 1).to_string());
        let time = clock(scenario, line.wave.call_at);
        let args = [
            ("time", &*time),
            ("entrance", &*roll.entrance_label(line.entrance)),
            ("doors", &*doors),
            ("lane", &*lane),
            ("people", &*people),
        ];
        if plan.policy == Policy::Waves {
            text += &(voice.say("chat.line", &args) + "\n");
        }
    }
    if plan.policy == Policy::Broadcast {
        for (lane, entrances) in by_lane(plan, roll) {
            let args = [
                ("lane", &*(lane + 1).to_string()),
                ("entrances", &*entrances.join(&voice.word("list.separator"))),
            ];
            text += &(voice.say("chat.lane", &args) + "\n");
        }
    }
    if let (Some(p95), Some(done)) = (figures.wait_min.p95, figures.done_97_min) {
        let args = [("wait", &*number(p95.ceil())), ("done", &*time_of_day(scenario, done))];
        text += &(voice.say("chat.forecast", &args) + "\n");
    }
    if scenario.site.green_channel {
        text += &voice.word("chat.green");
        text.push('\n');
    }
    text
}

/// The timetable as a table that spreadsheets open: UTF-8 with a byte-order mark.
fn timetable_csv(plan: &Plan, scenario: &Scenario, voice: Voice) -> String {
    let roll = &scenario.roll;
    let heads = ["wave", "time", "lane", "building", "entrance", "doors", "households", "people"];
    let rows = lines(plan, roll).map(|line| {
        let entrance = &roll.entrances[line.entrance];
        let people: u32 = line.households.iter().map(|&household| roll.size(household)).sum();
        [
            line.wave.number.to_string(),
            clock(scenario, line.wave.call_at),
            (line.wave.lane + 1).to_string(),
            entrance.building.clone(),
            entrance.entrance.clone(),
            doors_in_words(roll, line.households),
            line.households.len().to_string(),
            people.to_string(),
        ]
    });
    csv_table("sheet", &heads, rows, voice)
}

/// A table that spreadsheets open: its heads are words under a prefix, and no cell is run as a formula. UTF-8 with a byte-order
/// mark.
pub(crate) fn csv_table<const N: usize>(
    prefix: &str,
    heads: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
    voice: Voice,
) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heads = heads.map(|head| voice.word(&format!("{prefix}.{head}")));
    let all = std::iter::once(heads).chain(rows.map(|row| row.map(|cell| harmless(&cell))));
    all.for_each(|row| writer.write_record(row).expect("a table in memory is written"));
    let bytes = writer.into_inner().expect("a table in memory is written");
    format!("\u{feff}{}", String::from_utf8(bytes).expect("what was written is text"))
}

/// A cell that a spreadsheet would run as a formula is shown as text.
pub(crate) fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// The timetable's lines in the order of calls: each wave's households by entrance.
pub(crate) fn lines<'a>(plan: &'a Plan, roll: &'a Roll) -> impl Iterator<Item = Line<'a>> {
    plan.lines(roll)
}

/// The entrances of each lane, in roll order.
fn by_lane(plan: &Plan, roll: &Roll) -> Vec<(u16, Vec<String>)> {
    plan.waves
        .iter()
        .map(|wave| {
            let mut entrances: Vec<u32> = wave
                .households
                .iter()
                .map(|&household| roll.households[household as usize].entrance)
                .collect();
            entrances.dedup();
            (
                wave.lane,
                entrances.into_iter().map(|entrance| roll.entrance_label(entrance as usize)).collect(),
            )
        })
        .collect()
}

/// Doors as a volunteer says them.
pub(crate) fn doors_in_words(roll: &Roll, households: &[u32]) -> String {
    roll.doors_in_words(households)
}

/// The marks of a household's people, with how many bear each.
pub(crate) fn marks_in_words(roll: &Roll, household: u32, voice: Voice) -> String {
    let residents = roll.households[household as usize].residents.clone();
    let residents = &roll.residents[residents.start as usize..residents.end as usize];
    let counted = Mark::ALL.into_iter().filter_map(|mark| {
        let count = residents.iter().filter(|marks| marks.has(mark)).count();
        let word = voice.word(&format!("mark.{}", mark.name()));
        match count {
            0 => None,
            1 => Some(word),
            count => Some(format!("{word} ×{count}")),
        }
    });
    counted.collect::<Vec<_>>().join(&voice.word("list.separator"))
}

pub(crate) fn clock(scenario: &Scenario, at: Ticks) -> String {
    time_of_day(scenario, at as f64 / TICKS_PER_MINUTE as f64)
}
