//! The verbs as every mouth gives them: the terminal, the server and the pages bring files, a clock and a way to run
//! rehearsals, and get the same figures, the same sentences and the same JSON.
//!
//! # Map
//! [`plan`](plan()) · [`rehearse`](rehearse()) · [`ask`] · [`city`] the verbs · [`Run`] and [`Machine`] how rehearsals are carried
//! out · [`Finding`] what figures say · [`sheets`] what a secretary hands out · [`view`] a scenario as a page shows it ·
//! [`Voice`] the user's language · [`number`], [`clock`] numbers and times for people · [`options`] what a page asks for ·
//! [`Desk`] a page's folder · [`faults`], [`stress`] what goes wrong · [`stress_des`](mod@stress_des) what a paper must tell · [`review`](review()) what happened, and what it teaches · [`notice`](mod@notice) what residents are told · [`ahead`] how a
//! running day goes on · [`crews`] few crews over several communities · [`roster`] who does what when · [`decide`] what people agree on in the evening · [`supplies`] what must be at the gate when, [`provision`] what a round takes from a stock · [`team`] teams that went to help · [`pool`] how many people to a tube · `target` (feature) when a target is reached · [`aid`] who sends whom, [`orders`] what of it was asked and came ·
//! [`cumulative`] figures to be quoted, [`all_rounds`] of all rounds of a community.
//!
//! # What it deliberately does not know
//! No disk, no clock, no thread, no network. It decides nothing about queues or plans: it brings those together who do.

pub mod ahead;
pub mod aid;
pub mod all_rounds;
pub mod ask;
pub mod city;
pub mod clock;
pub mod crews;
pub mod cumulative;
pub mod decide;
pub mod faults;
pub mod interpreters;
pub mod notice;
pub mod number;
pub mod options;
pub mod orders;
pub mod pool;
pub mod provision;
pub mod roster;
pub mod sheets;
pub mod stress;
pub mod stress_des;
pub mod supplies;
#[cfg(feature = "targets")]
pub mod target;
pub mod team;
pub mod view;

mod board_site;
mod desk;
mod findings;
mod plan;
mod rehearse;
mod review;
mod run;
mod search;
mod staff;
mod voice;

pub use crate::{
    board_site::{BoardSite, WaveDoors, board_site},
    clock::Zones,
    desk::{Desk, read},
    findings::Finding,
    plan::{PlanOutput, Planned, plan, plan_by_search},
    rehearse::{Beside, By, Lived, Rehearsed, events, lines, live, plan_of, rehearse},
    review::{
        Drill, DrillStation, Happened, Helped, MissedDoor, Reviewed, Taught, Verdict, learn, missed_csv,
        review, slow_day,
    },
    run::{Cost, Machine, Run, Trials, Work},
    search::{Search, search},
    staff::{Answer, Question, SCANNING, Scanning, StaffHour, StaffOutput, StaffPost, StaffRole, staff},
    voice::{SpokenNote, Voice, station_word},
};
