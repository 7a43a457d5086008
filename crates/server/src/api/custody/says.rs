//! Boxes, alarms and a tube's way in words.

use super::{AlarmSaid, BoxOfRound, LabelOfTube, MINUTE, ReportOfTube, StepOfTube, TubeOfRound, seconds};
use crate::{
    api::results::{code_of, word},
    run::{holders::Holders, site_clock::SiteClock},
};
use domain::{
    Moment, Origin,
    event::{Holder, Reason},
};
use round::{Alarm, BatchCode, BatchNow, Folded, Round, WayStep, What, Whereabouts};
use uuid::Uuid;
use verbs::Voice;

/// What is said of a round's tubes.
pub(super) struct Says<'a> {
    pub(super) round: &'a Round,
    pub(super) holders: &'a Holders,
    pub(super) clock: SiteClock<'a>,
    pub(super) voice: Voice,
}

impl Says<'_> {
    fn holder(&self, holder: Holder) -> String {
        self.holders.holder(holder, &self.clock, self.voice)
    }

    pub(super) fn of_box(&self, batch: &BatchNow, now: Moment) -> BoxOfRound {
        let with_result = batch.tubes.iter().filter(|item| self.round.result(**item).is_some()).count();
        let left = |due: Moment| (due - now).div_euclid(MINUTE);
        let due = self.round.batch_due(batch);
        let held_by = word(&batch.holder.kind);
        BoxOfRound {
            code: box_code(batch.batch),
            tubes: batch.sealed.map(|_| batch.tubes.len()),
            extra: batch.opened.as_ref().map_or(0, |of| of.extra.difference(&batch.tubes).count()),
            with_result,
            holder: self.holder(batch.holder),
            since: seconds(batch.since),
            to_lab_min: due.filter(|_| held_by != "lab").map(|(lab, _)| left(lab)),
            to_result_min: due.filter(|_| with_result < batch.tubes.len()).map(|(_, result)| left(result)),
            opened: batch.opened.as_ref().map(|of| seconds(of.evidence.at)),
            held_by,
        }
    }

    pub(super) fn alarm(&self, alarm: &Alarm) -> AlarmSaid {
        let kind = alarm.kind.name();
        let of_box = alarm.batch.map(box_code);
        let count = alarm.count.to_string();
        let what = match &of_box {
            Some(code) => self.voice.say("custody.what.box", &[("box", code), ("tubes", &count)]),
            None => self.voice.say("custody.what.loose", &[("tubes", &count)]),
        };
        let over_min = alarm.over.div_euclid(MINUTE).max(0);
        let args = [
            ("what", &*what),
            ("box", of_box.as_deref().unwrap_or_default()),
            ("tubes", &count),
            ("who", &self.holder(alarm.holder)),
            ("since", &self.clock.said(alarm.since, self.voice)),
            ("minutes", &over_min.to_string()),
        ];
        AlarmSaid {
            kind,
            message: self.voice.say(&format!("custody.{kind}"), &args),
            mend: self.voice.say(&format!("custody.{kind}.next"), &args),
            tubes: alarm.tubes.iter().map(|item| code_of(*item)).collect(),
            count: alarm.count,
            since: seconds(alarm.since),
            over_min,
            of_box,
        }
    }

    pub(super) fn tube(&self, folded: &Folded, item: Uuid) -> Option<TubeOfRound> {
        let at = self.round.tube_at(item)?;
        let labels = self.round.aliases(item);
        let report = |of: &round::Reported| ReportOfTube {
            report: of.report.report,
            finding: word(&of.report.finding),
            at: seconds(of.report.evidence.at),
            lab: self.holders.teller(of.report.lab, &self.clock, self.voice),
            instead_of: of.report.instead_of,
            reason: of.report.reason.map(|reason| word(&reason)),
            superseded_by: of.superseded_by,
        };
        let result = self.round.result(item);
        let mut swabs = 0;
        let way = folded.way(item);
        let way = way.iter().map(|step| self.step(step, item, &mut swabs)).collect();
        Some(TubeOfRound {
            code: code_of(item),
            at: match at.at {
                Whereabouts::Open => "open",
                Whereabouts::Loose => "loose",
                Whereabouts::Boxed { .. } => "boxed",
                Whereabouts::OnTheWay { .. } => "on_the_way",
                Whereabouts::AtLab { .. } => "at_lab",
                Whereabouts::Missing { .. } => "missing",
            },
            holder: self.holder(at.holder),
            since: seconds(at.since),
            of_box: self.round.box_of(item).map(box_code),
            people: self.round.people_in(item),
            labels: labels
                .map(|of| LabelOfTube { label: of.alias.clone(), issuer: of.issuer.clone() })
                .collect(),
            way,
            reports: self.round.reports(item).iter().map(report).collect(),
            disputed: result.as_ref().is_some_and(|of| of.disputed),
            released: result.and_then(|of| of.released).map(seconds),
        })
    }

    fn step(&self, step: &WayStep, item: Uuid, swabs: &mut usize) -> StepOfTube {
        let say = |key: &str, args: &[(&str, &str)]| self.voice.say(&format!("custody.step.{key}"), args);
        let finding = |of| format!("@finding.{}", word(of));
        let mut by = step.evidence.device;
        let (what, message, odd) = match &step.what {
            What::Swabbed { alone: true, .. } => ("swabbed", say("alone", &[]), false),
            What::Swabbed { .. } => {
                *swabs += 1;
                ("swabbed", say("swabbed", &[("number", &swabs.to_string())]), false)
            }
            What::Sealed { people } => {
                let differs = usize::from(*people) != self.round.people_in(item);
                ("sealed", say("sealed", &[("people", &people.to_string())]), differs)
            }
            What::Named { alias, issuer } => {
                ("named", say("named", &[("label", alias), ("issuer", issuer)]), false)
            }
            What::Boxed { batch, counts } => {
                let key = if *counts { "boxed" } else { "boxed_not" };
                ("boxed", say(key, &[("box", &box_code(*batch))]), !counts)
            }
            What::Received { batch, from, tubes, differs_from, gap } => {
                let from = from.map_or_else(|| self.voice.word("custody.who.nobody"), |of| self.holder(of));
                let args = [("box", &*box_code(*batch)), ("from", &from), ("tubes", &tubes.to_string())];
                let mut said = say("received", &args);
                if let Some(sealed) = differs_from {
                    said += &say("differs", &[("sealed", &sealed.to_string())]);
                }
                if *gap {
                    said += &say("gap", &[]);
                }
                ("received", said, differs_from.is_some() || *gap)
            }
            What::Opened { batch, missing, spoiled } => {
                let key = match (missing, spoiled) {
                    (true, _) => "opened_missing",
                    (_, true) => "opened_spoiled",
                    _ => "opened",
                };
                ("opened", say(key, &[("box", &box_code(*batch))]), *missing || *spoiled)
            }
            What::Found { batch, spoiled } => {
                let key = if *spoiled { "found_spoiled" } else { "found" };
                ("found", say(key, &[("box", &box_code(*batch))]), true)
            }
            What::Reported { report, finding: found, instead_of, superseded_by } => {
                by = self.round.report(*report).map_or(by, |of| of.by);
                let mut said = say("reported", &[("finding", &finding(found))]);
                if let Some((_, reason)) = instead_of {
                    said += &say("amends", &[("reason", reason_word(*reason))]);
                }
                if superseded_by.is_some() {
                    said += &say("superseded", &[]);
                }
                ("reported", said, superseded_by.is_some())
            }
            What::Released { by: who, .. } => {
                by = *who;
                ("released", say("released", &[]), false)
            }
            What::CalledBack { outcome, .. } => {
                ("called_back", say(&format!("called.{}", word(outcome)), &[]), false)
            }
        };
        StepOfTube {
            at: seconds(step.evidence.at),
            what,
            message,
            by: self.holders.teller(by, &self.clock, self.voice),
            holder: step.holder.map(|of| self.holder(of)),
            origin: match step.evidence.origin {
                Origin::Real => "real",
                Origin::Paper => "paper",
                Origin::Rehearsed { .. } => "rehearsed",
            },
            record: step.evidence.event,
            doubted: step.doubted,
            odd,
        }
    }
}

fn reason_word(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::Retested) => "@custody.reason.retested",
        Some(Reason::Mislabelled) => "@custody.reason.mislabelled",
        Some(Reason::PlateSwapped) => "@custody.reason.plate_swapped",
        Some(Reason::TypingError) => "@custody.reason.typing_error",
        Some(Reason::Other) | None => "@custody.reason.other",
    }
}

fn box_code(batch: Uuid) -> String {
    BatchCode::of_id(batch).map_or_else(|| batch.to_string(), |code| code.to_string())
}
