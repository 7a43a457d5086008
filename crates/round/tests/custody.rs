//! Tubes after the swab, told line by line: boxes, couriers, labs, results, and who is called back. What is granted, what is
//! refused in which words, and what it all comes to.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "site/scenarios.rs"]
mod scenarios;

use domain::{
    Command, Envelope, Event, Moment, Origin,
    event::{Holder, HolderKind, Keeps},
};
use round::{Round, Said, What, Whereabouts, label};
use std::{collections::BTreeMap, fmt::Write};
use uuid::Uuid;
use words::Language;

struct Day {
    round: Round,
    names: BTreeMap<Uuid, String>,
    told: u128,
    out: String,
}

impl Day {
    fn new() -> Day {
        let scenario = scenarios::scenario(scenarios::TWO_LANES);
        let round = Round::new(scenarios::rules(&scenario, None).0);
        Day { round, names: BTreeMap::new(), told: 0, out: String::new() }
    }

    /// A name's identifier: of tubes and boxes the number that they show, of anything else its letters.
    fn id(&mut self, name: &str) -> Uuid {
        let letters = || name.bytes().fold(1u128, |id, byte| id << 8 | u128::from(byte));
        let digits = name.len() == 4;
        let id =
            Uuid::from_u128(u128::from_str_radix(name, 16).ok().filter(|_| digits).unwrap_or_else(letters));
        self.names.insert(id, name.to_owned());
        id
    }

    fn name(&self, id: Uuid) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| label(id))
    }

    fn ids(&mut self, list: &str) -> Vec<Uuid> {
        list.split(',').filter(|of| !of.is_empty()).map(|of| self.id(of)).collect()
    }

    fn holder(&mut self, text: &str) -> Holder {
        let (kind, name) = text.split_once(':').unwrap();
        let kind = serde_json::from_value(kind.into()).unwrap();
        Holder { kind, id: self.id(name) }
    }

    fn holds(&self, of: Holder) -> String {
        let kind = match of.kind {
            HolderKind::Site => "site",
            HolderKind::Courier => "courier",
            HolderKind::Lab => "lab",
        };
        format!("{kind} {}", self.name(of.id))
    }

    fn command(&mut self, words: &[&str]) -> Command {
        let get = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let by = get("by").unwrap_or("sec");
        match words[0] {
            "box" => Command::SealBatch {
                batch: self.id(words[1]),
                tubes: words.get(2).map_or_else(Vec::new, |of| self.ids(of)),
            },
            "take" => Command::ReceiveBatch {
                batch: self.id(words[1]),
                by: self.holder(words[2]),
                from: get("from").map(|of| self.holder(of)),
                tubes: words[3].parse().unwrap(),
                counted: words.contains(&"counted"),
            },
            "look" => Command::OpenBatch {
                batch: self.id(words[1]),
                missing: self.ids(get("missing").unwrap_or("")),
                spoiled: self.ids(get("spoiled").unwrap_or("")),
                extra: self.ids(get("extra").unwrap_or("")),
            },
            "name" => Command::NameTube {
                item: self.id(words[1]),
                alias: words[2].to_owned(),
                issuer: words[3].to_owned(),
            },
            "report" => Command::ReportResult {
                report: self.id(words[1]),
                item: self.id(words[2]),
                finding: serde_json::from_value(words[3].into()).unwrap(),
                lab: self.id("lab"),
                by: self.id(by),
                instead_of: get("instead").map(|of| self.id(of)),
                reason: get("reason").map(|of| serde_json::from_value(of.into()).unwrap()),
            },
            "release" => Command::ReleaseResults { reports: self.ids(words[1]), by: self.id(by) },
            "called" => Command::RecordCallBack {
                visit: self.id(words[1]),
                outcome: serde_json::from_value(words[2].into()).unwrap(),
                by: self.id(by),
                report: get("of").map(|of| self.id(of)),
            },
            "alone" => Command::Resample { visit: self.id(words[1]), item: self.id(words[2]) },
            "settle" => {
                let conflict = self.round.open_conflicts().next().unwrap().id();
                Command::SettleConflict { conflict, keeps: serde_json::from_value(words[1].into()).unwrap() }
            }
            "close" => Command::CloseRound,
            other => panic!("{other} is no command"),
        }
    }

    /// What is told whatever the rules say: by a phone that was away.
    fn fact(&mut self, words: &[&str]) -> Vec<Event> {
        match self.command(words) {
            Command::SealBatch { batch, tubes } => vec![Event::BatchSealed { batch, tubes }],
            Command::ReceiveBatch { batch, by, from, tubes, .. } => {
                vec![Event::BatchReceived { batch, by, from, tubes }]
            }
            Command::OpenBatch { batch, missing, spoiled, extra } => {
                vec![Event::BatchOpened { batch, missing, spoiled, extra }]
            }
            Command::NameTube { item, alias, issuer } => vec![Event::TubeNamed { item, alias, issuer }],
            Command::ReportResult { report, item, finding, lab, by, instead_of, reason } => {
                vec![Event::ResultReported { report, item, finding, lab, by, instead_of, reason }]
            }
            Command::ReleaseResults { reports, by } => vec![Event::ResultsReleased { reports, by }],
            other => panic!("{other:?} is told by nobody"),
        }
    }

    fn admit(&mut self, at: Moment, device: &str, events: Vec<Event>) {
        let device = self.id(device);
        for event in events {
            self.told += 1;
            self.round.admit(&Envelope {
                id: Uuid::from_u128(self.told),
                community_id: Uuid::nil(),
                device,
                seq: self.told as u64,
                at: at.rfc3339(),
                origin: Origin::Real,
                event,
            });
        }
    }

    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = Moment::parse(&format!("2022-03-28T{}:00Z", words[0])).unwrap();
        let device = match words[1] {
            "take" => words[3].split(':').nth(1).unwrap(),
            "look" | "report" => "lab",
            _ => "phone",
        };
        match words[1] {
            "swab" => {
                let item = self.id(words[3]);
                for who in words[2].split(',') {
                    let visit = self.id(who);
                    let arrived =
                        Event::Arrived { visit, household: None, class: "general".to_owned(), lane: Some(1) };
                    let given = Event::ItemGiven { visit, kind: "tube".to_owned(), item, lot: None };
                    self.admit(at, device, vec![arrived, given, Event::Left { visit }]);
                }
            }
            "seal" => {
                let item = self.id(words[2]);
                let people = self.round.tubes().get(&item).map_or(1, |of| of.people.len() as u8);
                self.admit(at, device, vec![Event::TubeSealed { item, people }]);
            }
            "open" => self.admit(at, device, vec![Event::RoundOpened]),
            "!" => {
                let device = if words[2] == "take" { words[4].split(':').nth(1).unwrap() } else { "phone" };
                let events = self.fact(&words[2..]);
                self.admit(at, device, events);
                writeln!(self.out, "{line:52} told").unwrap();
            }
            "?" => {
                writeln!(self.out, "{line}").unwrap();
                self.show(at, &words[2..]);
            }
            _ => {
                let command = self.command(&words[1..]);
                match self.round.decide(at, &command) {
                    Ok(events) => {
                        let json =
                            |event| serde_json::to_value(event).unwrap()["type"].as_str().unwrap().to_owned();
                        let names: Vec<String> = events.iter().map(json).collect();
                        let said =
                            if names.is_empty() { "known already".to_owned() } else { names.join(", ") };
                        writeln!(self.out, "{line:52} → {said}").unwrap();
                        self.admit(at, device, events);
                    }
                    Err(refusal) => {
                        let said = refusal.said(self.round.rules());
                        let (what, next) = (say(&said, "refusal", ""), say(&said, "refusal", ".next"));
                        writeln!(self.out, "{line:52} ✗ {what} {next}").unwrap();
                    }
                }
            }
        }
    }

    fn show(&mut self, now: Moment, what: &[&str]) {
        let clock = |at: Moment| self.round.rules().clock(at);
        let names =
            |of: &mut dyn Iterator<Item = Uuid>| of.map(|of| self.name(of)).collect::<Vec<_>>().join(" ");
        let mut lines: Vec<String> = Vec::new();
        match what {
            ["tubes"] => {
                for item in self.round.all_tubes() {
                    let of = self.round.tube_at(item).unwrap();
                    let at = match of.at {
                        Whereabouts::Open => "open".to_owned(),
                        Whereabouts::Loose => "sealed".to_owned(),
                        Whereabouts::Boxed { batch } => format!("in {}", self.name(batch)),
                        Whereabouts::OnTheWay { batch } => format!("on the way in {}", self.name(batch)),
                        Whereabouts::AtLab { batch } => {
                            format!("at the lab {}", batch.map_or_else(String::new, |of| self.name(of)))
                        }
                        Whereabouts::Missing { batch } => format!("missing from {}", self.name(batch)),
                    };
                    let result = self.round.result(item).map_or_else(String::new, |of| {
                        let out = match of.released {
                            Some(at) => format!("released {}", clock(at)),
                            None => format!("let out by {}", names(&mut of.by.iter().copied())),
                        };
                        let disputed = if of.disputed { " disputed" } else { "" };
                        format!(" {:?}{disputed}, {out}", of.report.finding)
                    });
                    let holder = self.holds(of.holder);
                    lines.push(format!(
                        "{} {at}, {holder} since {}{result}",
                        self.name(item),
                        clock(of.since)
                    ));
                }
                lines.push(format!("{:?}", self.round.tube_counts()));
            }
            ["alarms"] => {
                for of in self.round.alarms(now) {
                    let batch = of.batch.map_or_else(String::new, |batch| format!("{} ", self.name(batch)));
                    lines.push(format!(
                        "{} {batch}{} [{}] {} since {}, for {} min",
                        of.kind.name(),
                        of.count,
                        names(&mut of.tubes.iter().copied()),
                        self.holds(of.holder),
                        clock(of.since),
                        of.over / 600_000
                    ));
                }
            }
            ["way", tube] => {
                let item = self.names.iter().find(|(_, name)| name == tube).map(|(id, _)| *id).unwrap();
                for step in self.round.way(item) {
                    let what = match step.what {
                        What::Swabbed { visit, alone } => {
                            format!("swabbed {}{}", self.name(visit), if alone { " alone" } else { "" })
                        }
                        What::Sealed { people } => format!("sealed with {people}"),
                        What::Named { alias, issuer } => format!("named {alias} by {issuer}"),
                        What::Boxed { batch, counts } => {
                            format!(
                                "into {}{}",
                                self.name(batch),
                                if counts { "" } else { ", does not count" }
                            )
                        }
                        What::Received { batch, from, tubes, differs_from, gap } => format!(
                            "{} from {} with {tubes}{}{}",
                            self.name(batch),
                            from.map_or_else(|| "?".to_owned(), |of| self.holds(of)),
                            differs_from.map_or_else(String::new, |of| format!(" instead of {of}")),
                            if gap { ", a gap before" } else { "" }
                        ),
                        What::Opened { missing, spoiled, .. } => {
                            format!("opened, missing {missing}, spoiled {spoiled}")
                        }
                        What::Found { batch, spoiled } => {
                            format!("found in {}, spoiled {spoiled}", self.name(batch))
                        }
                        What::Reported { report, finding, instead_of, superseded_by } => format!(
                            "{} {finding:?}{}{}",
                            self.name(report),
                            instead_of.map_or_else(String::new, |(old, why)| {
                                format!(" instead of {} ({why:?})", self.name(old))
                            }),
                            superseded_by
                                .map_or_else(String::new, |by| format!(", amended by {}", self.name(by)))
                        ),
                        What::Released { report, by } => {
                            format!("{} let out by {}", self.name(report), self.name(by))
                        }
                        What::CalledBack { visit, outcome } => format!("{} {outcome:?}", self.name(visit)),
                    };
                    let to = step.holder.map_or_else(String::new, |of| format!(" → {}", self.holds(of)));
                    lines.push(format!(
                        "{} {what}{to} ({})",
                        clock(step.evidence.at),
                        self.name(step.evidence.device)
                    ));
                }
            }
            ["calls"] => {
                for of in self.round.to_call() {
                    lines.push(format!(
                        "{} {} of {} {:?} since {} until {}{} called {:?} alone {:?} own {:?}",
                        if of.done() { "✓" } else { "·" },
                        self.name(of.visit),
                        self.name(of.tube),
                        of.finding,
                        clock(of.since),
                        clock(of.due),
                        if of.amended { " (being amended)" } else { "" },
                        of.called.map(|(at, of)| (clock(at), of)),
                        of.alone.map(|(at, of)| (clock(at), self.name(of))),
                        of.own
                    ));
                }
            }
            ["told", who] => {
                let visit = self.names.iter().find(|(_, name)| name == who).map(|(id, _)| *id).unwrap();
                let word = match self.round.outcome(visit) {
                    None => "nothing".to_owned(),
                    Some(round::Outcome::Waiting) => "waiting".to_owned(),
                    Some(round::Outcome::Negative { since }) => format!("negative since {}", clock(since)),
                    Some(round::Outcome::Again { since }) => format!("again since {}", clock(since)),
                    Some(round::Outcome::Contact { since }) => format!("contact since {}", clock(since)),
                };
                lines.push(format!("{who}: {word}"));
            }
            ["named", issuer, alias] => {
                let tube = self.round.named(issuer, alias).map(|of| self.name(of));
                lines.push(format!("{tube:?}, twice {}", self.round.named_twice(issuer, alias)));
            }
            ["conflicts"] => {
                for of in self.round.conflicts() {
                    let settled: Option<Keeps> = self.round.settled(of.id());
                    lines.push(format!("{} {settled:?}", say(&of.said(&self.round), "conflict", "")));
                }
            }
            other => panic!("{other:?} cannot be shown"),
        }
        for line in lines {
            writeln!(self.out, "    {line}").unwrap();
        }
    }
}

fn say(said: &Said, prefix: &str, end: &str) -> String {
    let mut both = [Language::Zh, Language::En].map(|language| {
        let args: Vec<(&str, String)> = said
            .args
            .iter()
            .map(|(name, value)| {
                let word = value.strip_prefix('@').map(|key| words::say::<&str, &str>(language, key, &[]));
                (*name, word.unwrap_or_else(|| value.clone()))
            })
            .collect();
        let key = format!("{prefix}.{}{end}", said.code);
        let sentence = words::say(language, &key, &args);
        assert_ne!(sentence, key, "no words for it");
        assert!(!sentence.contains('{'), "{sentence}");
        sentence
    });
    std::mem::take(&mut both[1])
}

/// Plays lines, and says what came of each.
fn play(script: &str) -> String {
    let mut day = Day::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        day.line(line);
    }
    day.out
}

/// Three tubes: two full ones and one with a single person, sealed.
const SWABS: &str = "07:00 open
    07:00 swab ann,bob,cho 0412
    07:05 seal 0412
    07:10 swab dan,eve,fay 0413
    07:15 seal 0413
    07:20 swab gil 0414
    07:25 seal 0414
    ";

#[test]
fn a_box_goes_from_the_table_to_the_lab() {
    insta::assert_snapshot!(play(&format!(
        "{SWABS}
        07:30 ? tubes
        07:30 box b001 0412,0413,0414
        07:31 ? tubes
        07:40 take b001 courier:kim 3
        07:41 take b001 courier:kim 3
        07:50 take b001 courier:lee 3
        08:00 ? tubes
        08:30 take b001 lab:door 3
        08:40 look b001
        08:41 look b001
        08:45 take b001 courier:kim 3
        09:00 name 0412 A-77 city
        09:30 report r1 0412 negative
        10:00 release r1 by=sec
        10:01 release r1 by=sec
        10:02 ? tubes
        10:02 ? told ann
        10:02 ? told dan
        10:02 ? alarms
        10:02 ? way 0412"
    )));
}

#[test]
fn what_cannot_be_done_with_boxes_is_refused_with_what_to_do() {
    let many: Vec<String> = (0..201).map(|of| format!("{:04}", 5000 + of)).collect();
    insta::assert_snapshot!(
        play(&format!(
            "{SWABS}
        07:20 swab hal 0415
        07:30 box b001
        07:30 box b001 {}
        07:31 box b001 0412,0415
        07:32 box b001 0412,0412,0413
        07:33 box b001 0413,0412
        07:34 box b001 0414
        07:35 box b002 0412,0414
        07:36 box b002 0414
        07:40 take b009 courier:kim 12
        07:41 take b009 courier:kim 12 counted
        07:42 take b001 courier:kim 0
        07:43 take b001 courier:kim 201
        07:44 look b001
        07:45 take b001 courier:kim 1
        07:46 ? alarms
        08:00 take b001 lab:door 2
        08:01 look b001 missing=0414
        08:02 look b001 missing=0412 spoiled=0412,0413
        08:03 ? alarms
        08:03 ? tubes
        08:10 look b001 spoiled=0413
        08:11 ? tubes
        08:12 name 0412 A-77 city
        08:13 name 0412 A-77 city
        08:14 name 0413 A-77 city
        08:15 name 0413 . {}",
            many.join(","),
            "x".repeat(65)
        ))
        .replace(&many.join(","), "(201 tubes)")
    );
}

#[test]
fn a_tube_that_stood_on_no_list_is_where_the_lab_found_it() {
    insta::assert_snapshot!(play(&format!(
        "{SWABS}
        07:30 box b001 0412
        07:31 box b002 0413
        07:40 take b001 lab:door 2
        07:41 take b002 lab:door 1
        07:50 look b001 extra=0412,0414,0499 spoiled=0499
        07:51 look b001 extra=0414,0499 spoiled=0499
        07:52 ? tubes
        07:53 look b002 missing=0413
        07:54 ? alarms
        07:55 look b001 extra=0413,0414,0499 spoiled=0499
        07:56 ? alarms
        07:57 ? tubes
        08:00 box b003 0414
        08:01 report r1 0413 negative
        08:02 look b001 extra=0414
        08:03 release r1 by=sec
        08:04 ? told dan
        08:05 ? way 0413
        08:06 look b001 extra=0413
        08:07 ? tubes"
    )));
}

#[test]
fn who_is_late_is_called_by_what_they_have() {
    insta::assert_snapshot!(play(&format!(
        "{SWABS}
        07:30 box b001 0412
        07:35 box b002 0413
        07:40 take b001 courier:kim 1
        07:41 take b002 courier:lee 1
        08:30 take b002 lab:door 1
        08:31 swab hal 0415
        09:10 ? alarms
        09:20 close
        11:05 ? alarms
        13:15 ? alarms
        13:16 report r1 0413 negative
        13:17 ? alarms"
    )));
}

#[test]
fn results_are_let_out_by_enough_people() {
    insta::assert_snapshot!(play(&format!(
        "{SWABS}
        09:00 report r0 0999 negative
        09:00 report r1 0412 negative
        09:01 report r1 0412 negative
        09:01 report r1 0412 positive
        09:02 report r9 0412 negative
        09:03 report r2 0412 positive
        09:03 report r2 0413 positive
        09:04 report r3 0414 invalid
        09:05 release r1,r2,r3,r9 by=sec
        09:06 release r1,r2,r3 by=sec
        09:07 release r1,r2,r3 by=sec
        09:08 release r1 by=doc
        09:09 ? tubes
        09:09 ? calls
        09:10 release r2,r3 by=doc
        09:11 release r2,r3 by=doc
        09:12 ? tubes
        09:12 ? told ann
        09:12 ? told dan
        09:12 ? told gil
        09:20 report r4 0412 positive instead=r1
        09:21 report r4 0412 positive instead=r2 reason=retested
        09:22 report r4 0412 positive instead=r1 reason=plate_swapped
        09:23 report r5 0412 negative instead=r1 reason=retested
        09:00 report r6 0412 negative
        09:24 ? told ann
        09:24 release r1 by=doc
        09:25 release r4 by=sec
        09:26 release r4 by=doc
        09:27 ? told ann
        09:27 ? way 0412"
    )));
}

#[test]
fn people_of_a_positive_tube_are_called_and_their_own_result_holds() {
    insta::assert_snapshot!(play(&format!(
        "{SWABS}
        09:00 called dan reached
        09:00 alone dan 0500
        09:00 report r2 0413 positive
        09:01 release r2 by=sec
        09:02 release r2 by=doc
        09:03 ? calls
        09:05 called eve not_reached
        09:10 called dan reached
        09:15 called fay refused
        09:20 alone dan 0412
        09:21 alone dan 0500
        09:22 alone dan 0501
        09:25 alone eve 0502
        09:26 ? calls
        09:26 ? told dan
        10:00 report o1 0500 negative
        10:01 report o2 0502 positive
        10:02 release o1 by=sec
        10:03 release o2 by=sec
        10:04 release o2 by=doc
        10:05 ? told dan
        10:05 ? told eve
        10:05 ? told fay
        10:05 ? calls
        10:06 ? tubes
        10:10 report r3 0413 negative instead=r2 reason=mislabelled
        10:11 ? calls
        10:11 ? told fay
        10:12 release r3 by=sec
        10:13 ? calls
        10:13 ? told fay
        10:13 ? told eve"
    )));
}

#[test]
fn a_call_counts_for_the_report_of_which_it_tells_whatever_a_phones_clock_says() {
    let out = play(&format!(
        "{SWABS}
        09:00 report r2 0413 positive
        09:01 release r2 by=sec
        09:02 release r2 by=doc
        08:20 called eve reached
        09:05 ? calls
        09:10 report r3 0413 inconclusive instead=r2 reason=mislabelled
        09:11 release r3 by=sec
        09:12 release r3 by=doc
        09:13 ? calls"
    ));
    let eve: Vec<&str> = out.lines().filter(|line| line.contains("eve of 0413")).collect();
    assert!(eve[0].contains("called Some((\"08:20\", Reached))"), "{out}");
    assert!(eve[1].contains("called None"), "another report is to be told anew: {out}");
}

#[test]
fn a_call_counts_for_what_the_person_was_told_and_not_for_what_took_its_place_meanwhile() {
    let out = play(&format!(
        "{SWABS}
        09:00 report r2 0413 inconclusive
        09:01 release r2 by=sec
        09:02 release r2 by=doc
        09:03 ? calls
        09:10 report r3 0413 positive instead=r2 reason=retested
        09:11 release r3 by=sec
        09:12 release r3 by=doc
        09:13 called eve reached of=r2
        09:14 ? calls
        09:15 called eve reached
        09:16 ? calls"
    ));
    let eve: Vec<&str> = out.lines().filter(|line| line.contains("eve of 0413")).collect();
    assert!(
        eve[1].contains("· eve") && eve[1].contains("called None"),
        "still to be told of the other: {out}"
    );
    assert!(eve[2].contains("✓ eve") && eve[2].contains("called Some((\"09:15\", Reached))"), "{out}");
}

#[test]
fn what_comes_in_late_or_contradicts_itself_is_kept() {
    insta::assert_snapshot!(play(
        "07:00 open
        08:00 ! take b001 courier:kim 2
        08:10 ? tubes
        08:10 ? alarms
        08:30 ! take b001 lab:door 1 from=courier:lee
        08:35 ? alarms
        08:40 ! report r1 0412 negative
        08:41 ? tubes
        07:30 ! box b001 0412,0413
        07:00 swab ann,bob 0412
        07:01 seal 0412
        07:05 swab dan 0413
        07:06 seal 0413
        08:45 ? tubes
        08:20 ! take b001 courier:lee 2 from=courier:kim
        08:46 ? alarms
        08:46 ? way 0412
        07:35 ! box b002 0413
        07:36 ! box b001 0412
        08:15 ! take b001 courier:moe 2 from=courier:kim
        08:50 ? conflicts
        08:51 settle second
        08:52 settle first
        08:52 settle first
        08:53 ? conflicts
        08:53 ? tubes
        09:00 ! report r2 0412 positive
        09:01 ? tubes
        09:02 release r1 by=sec
        09:03 report r3 0412 positive instead=r1 reason=retested
        09:03 settle second
        09:04 ? tubes
        09:05 ! name 0412 A-77 city
        09:06 ! name 0413 A-77 city
        09:07 ? named city A-77
        09:07 settle first
        09:08 ? named city A-77
        09:10 ! look b002 missing=0413
        09:11 ! report r5 0413 negative
        09:12 ? conflicts
        09:12 ? alarms
        09:13 settle first
        09:14 ? tubes"
    ));
}
