//! The command's JSON.

use super::{Answer, Outlook, laboratories_bind, screening};
use crate::{SpokenNote, Voice};
use domain::Notes;
use scenario::target::Measures;
use screening::target::SETS;
use serde::Serialize;

/// The probability by a date.
#[derive(Clone, Debug, Serialize)]
pub struct TargetDate {
    /// The date.
    pub date: String,
    /// The mean over all sets of assumptions.
    pub probability: f64,
    /// The least of them.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

/// The JSON. `targets` are those of the first policy.
#[derive(Clone, Debug, Serialize)]
pub struct TargetOutput {
    targets: Vec<TargetDate>,
    /// At most so many cases a day, on so many days on end; how many days at the end of the series keep it already.
    goal: GoalOutput,
    /// The date that sentences speak of.
    by: String,
    series: SeriesOutput,
    policies: Vec<PolicyOutput>,
    assumptions: Vec<SetOutput>,
    levers: LeversOutput,
    baseline_scores: ScoresOutput,
    sentences: Vec<String>,
    notes: Vec<SpokenNote>,
}

#[derive(Clone, Debug, Serialize)]
struct GoalOutput {
    at_most: f64,
    clear_days: usize,
    kept_days: usize,
}

#[derive(Clone, Debug, Serialize)]
struct SeriesOutput {
    first: String,
    last: String,
    columns: Vec<String>,
    outside_quarantine: bool,
    in_quarantine_share: Option<f64>,
    /// As they were used; null where unknown.
    cases: Vec<Option<f64>>,
}

#[derive(Clone, Debug, Serialize)]
struct PolicyOutput {
    name: String,
    file: Option<String>,
    /// The first date by which it is as likely as not.
    likely: Option<String>,
    targets: Vec<TargetDate>,
    cases: Vec<CasesOutput>,
    steps: Vec<StepOutput>,
    by_assumption: Vec<ByAssumption>,
}

#[derive(Clone, Debug, Serialize)]
struct CasesOutput {
    date: String,
    p05: f64,
    p25: f64,
    p50: f64,
    p75: f64,
    p95: f64,
}

/// A step; the first is the present.
#[derive(Clone, Debug, Serialize)]
struct StepOutput {
    from: Option<String>,
    /// As laboratories let it be.
    interval_days: f64,
    laboratories_bind: bool,
    delay_days: f64,
    participation: f64,
    pool: u32,
    limit_log10: f64,
    isolate: f64,
    contacts: f64,
    /// What screening takes from the untreated infection's own R, by the middle assumptions; whoever is said to come, 98 in 100 do at most.
    r_reduction: f64,
}

#[derive(Clone, Debug, Serialize)]
struct ByAssumption {
    name: &'static str,
    /// By the date that sentences speak of.
    probability: f64,
}

#[derive(Clone, Debug, Serialize)]
struct SetOutput {
    name: &'static str,
    pace: f64,
    restless: f64,
    lasting: f64,
    clustering: f64,
    leaks_per_day: f64,
    really_come: f64,
    /// R under the present screening on the last day.
    r: ROutput,
    /// Mean log probability, a day ahead, of what was reported.
    log_score: f64,
    /// The fewest paths on which any of the last seven known days rests; few: they came as no path foretold.
    effective_paths: f64,
}

#[derive(Clone, Debug, Serialize)]
struct ROutput {
    p05: f64,
    p50: f64,
    p95: f64,
}

#[derive(Clone, Debug, Serialize)]
struct LeversOutput {
    date: String,
    probability: f64,
    cases: f64,
    /// Whether the first moves the probability by more than the luck of the paths.
    moves: bool,
    levers: Vec<LeverOutput>,
}

#[derive(Clone, Debug, Serialize)]
struct LeverOutput {
    name: &'static str,
    before: f64,
    after: f64,
    probability: f64,
    cases: f64,
}

#[derive(Clone, Debug, Serialize)]
struct ScoresOutput {
    origins: usize,
    cases: Vec<CountOutput>,
    events: Vec<EventOutput>,
}

#[derive(Clone, Debug, Serialize)]
struct CountOutput {
    days_ahead: usize,
    forecasts: usize,
    crps: Naives,
    crps_log: Naives,
    covered_90: f64,
}

/// Less is better.
#[derive(Clone, Debug, Serialize)]
struct Naives {
    model: f64,
    last_value: f64,
    last_week: f64,
}

#[derive(Clone, Debug, Serialize)]
struct EventOutput {
    event: &'static str,
    within_days: usize,
    forecasts: usize,
    happened: usize,
    brier: EventNaives,
}

#[derive(Clone, Debug, Serialize)]
struct EventNaives {
    model: f64,
    constant: f64,
    last_value: f64,
    last_week: f64,
}

impl Answer {
    /// As the JSON has it.
    pub fn output(&self, notes: &Notes, voice: Voice) -> TargetOutput {
        let naives = |[model, last_value, last_week]: [f64; 3]| Naives { model, last_value, last_week };
        let counts = self.scores.counts.iter().map(|score| CountOutput {
            days_ahead: score.days,
            forecasts: score.forecasts,
            crps: naives(score.crps),
            crps_log: naives(score.crps_log),
            covered_90: score.covered_90,
        });
        let events = self.scores.events.iter().map(|score| {
            let [model, constant, last_value, last_week] = score.brier;
            EventOutput {
                event: score.event,
                within_days: score.within_days,
                forecasts: score.forecasts,
                happened: score.happened,
                brier: EventNaives { model, constant, last_value, last_week },
            }
        });
        let sets = SETS.iter().zip(&self.sets).zip(&self.effective_paths);
        let sets = sets.map(|((set, &([p05, p50, p95], log_score)), &effective_paths)| SetOutput {
            name: set.name,
            pace: set.pace,
            restless: set.restless,
            lasting: set.lasting,
            clustering: set.clustering,
            leaks_per_day: set.leaks_per_day,
            really_come: set.really_come,
            r: ROutput { p05, p50, p95 },
            log_score,
            effective_paths,
        });
        let levers = self.levers.levers.iter().map(|lever| LeverOutput {
            name: lever.name,
            before: lever.values[0],
            after: lever.values[1],
            probability: lever.probability,
            cases: lever.cases,
        });
        TargetOutput {
            targets: self.targets(&self.outlooks[0]),
            goal: GoalOutput { at_most: self.goal.at_most, clear_days: self.goal.days, kept_days: self.kept },
            by: self.date(self.by_day).to_string(),
            series: SeriesOutput {
                first: self.series.first.to_string(),
                last: self.series.last().to_string(),
                columns: self.series.columns.clone(),
                outside_quarantine: self.series.outside,
                in_quarantine_share: self.in_quarantine(),
                cases: self.series.cases.clone(),
            },
            policies: self.outlooks.iter().map(|outlook| self.policy(outlook, voice)).collect(),
            assumptions: sets.collect(),
            levers: LeversOutput {
                date: self.date(self.levers.day).to_string(),
                probability: self.levers.probability,
                cases: self.levers.cases,
                moves: self.levers.moves,
                levers: levers.collect(),
            },
            baseline_scores: ScoresOutput {
                origins: self.scores.origins,
                cases: counts.collect(),
                events: events.collect(),
            },
            sentences: self.sentences(voice),
            notes: voice.notes(notes),
        }
    }

    fn targets(&self, outlook: &Outlook) -> Vec<TargetDate> {
        let days = 0..outlook.cases.len();
        let date = |day| {
            let [probability, low, high] = outlook.by(day);
            TargetDate { date: self.date(day).to_string(), probability, low, high }
        };
        days.map(date).collect()
    }

    fn policy(&self, outlook: &Outlook, voice: Voice) -> PolicyOutput {
        let cases = outlook.cases.iter().enumerate().map(|(day, &[p05, p25, p50, p75, p95])| CasesOutput {
            date: self.date(day).to_string(),
            p05,
            p25,
            p50,
            p75,
            p95,
        });
        let now = outlook.policy.as_ref().map_or(scenario::target::MEASURES, |policy| policy.now);
        let steps = outlook.policy.as_ref().map(|policy| policy.steps.as_slice()).unwrap_or_default();
        let later = steps.iter().map(|step| (Some(step.from), step.measures));
        let all = std::iter::once((None, now)).chain(later).zip(&outlook.reductions);
        let steps = all.map(|((from, measures), &r_reduction)| {
            let from = from.map(|day| self.date(day as usize - 1).to_string());
            step(from, &measures, r_reduction)
        });
        let by = SETS.iter().zip(&outlook.by_set);
        PolicyOutput {
            name: self.name(outlook, voice),
            file: outlook.file.clone(),
            likely: outlook.likely().map(|day| self.date(day).to_string()),
            targets: self.targets(outlook),
            cases: cases.collect(),
            steps: steps.collect(),
            by_assumption: by
                .map(|(set, of)| ByAssumption { name: set.name, probability: of[self.by_day] })
                .collect(),
        }
    }
}

fn step(from: Option<String>, measures: &Measures, r_reduction: f64) -> StepOutput {
    StepOutput {
        from,
        interval_days: screening(measures).interval_days,
        laboratories_bind: laboratories_bind(measures),
        delay_days: measures.delay_days,
        participation: measures.participation,
        pool: measures.pool,
        limit_log10: measures.limit_log10,
        isolate: measures.isolate,
        contacts: measures.contacts,
        r_reduction,
    }
}
