//! A folder on a desk: what a page asks of it, and the JSON that it gets. The terminal's commands give the same bytes.

use crate::{
    BoardSite, By, Machine, PlanOutput, Run, Search, Trials, Voice, Zones, clock,
    options::{PlanOptions, REPS, RehearseOptions, SEED, SearchOptions},
    provision::Needs,
    sheets::Papers,
    supplies::supplies,
    view::{View, view},
};
use ::plan::search::Free;
use domain::{Envelope, Notes, Place, Plan, Policy, Scenario};
use rehearse::Curves;
use scenario::Files;
use serde::Serialize;
use serde_json::Value;

/// A scenario's folder, and what it takes to work on it.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The folder.
    pub files: &'a Files,
    /// What runs rehearsals.
    pub machine: &'a dyn Machine,
    /// What knows time zones.
    pub zones: Zones<'a>,
    /// Whose language the sentences are in.
    pub voice: Voice,
}

/// Reads a scenario with what is set in it, and all notes on it; a time zone that the mouth does not know is one of them.
pub fn read(
    files: &Files,
    sets: &[(String, String)],
    zones: Zones<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> (Option<Scenario>, Notes) {
    let (scenario, mut notes) = read_loose(files, sets, zones, progress);
    // What is looser than a directive is refused by every verb.
    let Some(scenario) = scenario else { return (None, notes) };
    notes.extend(notice::check(&scenario, None).1);
    ((!notes.refuses()).then_some(scenario), notes)
}

/// The same, not yet held against the directives.
pub(crate) fn read_loose(
    files: &Files,
    sets: &[(String, String)],
    zones: Zones<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> (Option<Scenario>, Notes) {
    let (scenario, mut notes) = scenario::read(files, sets, progress);
    if let Some(scenario) = &scenario
        && clock::opening(scenario, zones).is_none()
    {
        let place = Place::file("scenario.toml").column("community.timezone");
        notes.error(place, "timezone_unknown", &[("timezone", &scenario.community.timezone)]);
        return (None, notes);
    }
    (scenario, notes)
}

impl Desk<'_> {
    /// All notes on the folder.
    pub fn check(&self) -> Notes {
        read(self.files, &[], self.zones, &mut |_, _| ()).1
    }

    /// The scenario as a page shows it.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn view(&self) -> Result<View, Notes> {
        Ok(view(&self.scenario(&[])?, self.voice))
    }

    /// Plans; the JSON of the command `plan`.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn plan(&self, options: &PlanOptions) -> Result<String, Notes> {
        let scenario = self.scenario(&options.set)?;
        let kept = options.keep.as_ref().map(|file| plan_of(file, &scenario)).transpose()?;
        let run = self.run(options.seed, options.reps, options.quick);
        let mut planned = crate::plan(&scenario, &run, options.policy.into(), kept.as_ref())?;
        if options.supplies {
            planned.provide(&scenario, &run);
        }
        let curves = (options.curves > 0)
            .then(|| run.rehearsal(&scenario, Some(&planned.plan)).curves(run.luck(), options.curves));
        Ok(json(&WithCurves { plan: planned.output(&scenario, self.voice), curves }))
    }

    /// Searches for waves, as long as `goes_on` says; the JSON of the command `plan --policy search --keep-staff`.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn search(
        &self,
        options: &SearchOptions,
        threads: usize,
        goes_on: &mut dyn FnMut(f64) -> bool,
    ) -> Result<String, Notes> {
        let scenario = self.scenario(&[])?;
        let kept = options.keep.as_ref().map(|file| plan_of(file, &scenario)).transpose()?;
        let run = self.run(options.seed.unwrap_or(SEED), REPS, false);
        let how = Search { free: Free { staff: false }, threads, goes_on };
        let mut planned = crate::plan_by_search(&scenario, &run, kept.as_ref(), how)?;
        if options.supplies {
            planned.provide(&scenario, &run);
        }
        Ok(json(&planned.output(&scenario, self.voice)))
    }

    /// Rehearses; the JSON of the command `rehearse`.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn rehearse(&self, options: &RehearseOptions) -> Result<String, Notes> {
        let scenario = self.scenario(&options.set)?;
        let run = self.run(options.seed, options.reps, options.quick);
        let by = self.by(options, &scenario)?;
        let mut rehearsed = crate::rehearse(&scenario, &run, by, options.beside(), options.moves)?;
        if options.curves > 0 {
            rehearsed.draw(&run, options.curves);
        }
        if options.supplies {
            rehearsed.provide(&run);
        }
        Ok(json(&rehearsed.output(self.voice)))
    }

    /// The events of a rehearsal's replication 0: those that `rehearse --events` writes.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn events(&self, options: &RehearseOptions) -> Result<Vec<Envelope>, Notes> {
        Ok(self.board(options)?.1)
    }

    /// What a board plays: the site, and the same events as those of [`Desk::events`].
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn board(&self, options: &RehearseOptions) -> Result<(BoardSite, Vec<Envelope>), Notes> {
        let scenario = self.scenario(&options.set)?;
        // Nothing is measured here: one replication is all that is looked at.
        let run = self.run(options.seed, 1, options.quick);
        let plan = crate::plan_of(&scenario, &run, self.by(options, &scenario)?)?;
        let lived = crate::live(&scenario, &run, "events", plan);
        let known = "an unknown time zone was refused";
        let site =
            crate::board_site(&lived.scenario, lived.plan.as_ref(), self.zones, self.voice).expect(known);
        Ok((site, crate::events(&lived, &run, self.zones).expect(known)))
    }

    /// The scenario, and the plan that is asked for or that its own law needs.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn planned(&self, options: &RehearseOptions) -> Result<(Scenario, Option<Plan>), Notes> {
        let scenario = self.scenario(&options.set)?;
        let plan = self.plan_for(&scenario, options)?;
        Ok((scenario, plan))
    }

    /// The plan that is asked for, or that the scenario's own law needs; the scenario may have fewer people than the folder.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn plan_for(&self, scenario: &Scenario, options: &RehearseOptions) -> Result<Option<Plan>, Notes> {
        let run = self.run(options.seed, 1, options.quick);
        crate::plan_of(scenario, &run, self.by(options, scenario)?)
    }

    /// What a plan's day needs of goods; nothing where the folder says nothing of supplies.
    pub fn needs(&self, scenario: &Scenario, plan: Option<&Plan>) -> Needs {
        supplies(scenario, &self.run(SEED, REPS, true), plan).as_ref().map(Needs::from).unwrap_or_default()
    }

    /// A plan's text for the group chat.
    ///
    /// # Errors
    /// All notes, where the folder or the plan's file refuses.
    pub fn chat(&self, plan: &Value) -> Result<String, Notes> {
        let scenario = self.scenario(&[])?;
        let plan = plan_of(plan, &scenario)?;
        let run = self.run(1, SHEET_REPS, true);
        let figures = run.rehearse(&run.rehearsal(&scenario, Some(&plan))).0.figures();
        Ok(crate::sheets::chat_text(&plan, &scenario, &figures, self.voice))
    }

    /// The sheets of a plan, or of a round in which nobody is called: file names and contents. With a plan the first is the
    /// text for the group chat.
    ///
    /// # Errors
    /// All notes, where the folder or the plan's file refuses.
    pub fn sheets(&self, plan: Option<&Value>) -> Result<Vec<(&'static str, String)>, Notes> {
        let scenario = self.scenario(&[])?;
        let run = self.run(1, SHEET_REPS, true);
        let plan = match plan {
            Some(file) => Some(plan_of(file, &scenario)?),
            None => crate::plan_of(&scenario, &run, By::Law)?,
        };
        let figures = run.rehearse(&run.rehearsal(&scenario, plan.as_ref())).0.figures();
        let supplies = supplies(&scenario, &run, plan.as_ref());
        let papers = Papers::new(&scenario, plan.as_ref(), &figures, supplies, &run, self.files, self.voice);
        Ok(papers.sheets())
    }

    /// The scenario with what is set in it.
    ///
    /// # Errors
    /// All notes, where one of them refuses.
    pub fn scenario(&self, sets: &[(String, String)]) -> Result<Scenario, Notes> {
        let (scenario, notes) = read(self.files, sets, self.zones, &mut |_, _| ());
        scenario.ok_or(notes)
    }

    pub(crate) fn by(&self, options: &RehearseOptions, scenario: &Scenario) -> Result<By, Notes> {
        match &options.plan {
            Some(_) if !scenario.arrivals.needs_roll() => Ok(By::Policy(Policy::Waves)),
            Some(file) => Ok(By::Plan(plan_of(file, scenario)?)),
            None => Ok(options.by()),
        }
    }

    pub(crate) fn run(&self, seed: u64, reps: u32, quick: bool) -> Run<'_> {
        let trials = if quick { Trials::QUICK } else { Trials::FULL };
        Run { seed, reps: reps.clamp(1, REPS_MAX), trials, on_event_engine: false, machine: self.machine }
    }
}

#[derive(Serialize)]
struct WithCurves {
    #[serde(flatten)]
    plan: PlanOutput,
    #[serde(skip_serializing_if = "Option::is_none")]
    curves: Option<Curves>,
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own types are written as JSON")
}

/// Replications of the forecast that stands on a sheet.
const SHEET_REPS: u32 = 50;
/// More replications than this keep a page busy for minutes.
const REPS_MAX: u32 = 100_000;

/// A plan from its file's JSON.
pub(crate) fn plan_of(file: &Value, scenario: &Scenario) -> Result<Plan, Notes> {
    let bytes = serde_json::to_vec(file).expect("JSON is written as JSON");
    let (plan, notes) = scenario::read_plan("plan.json", &bytes, scenario);
    plan.ok_or(notes)
}
