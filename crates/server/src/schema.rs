//! What goes over the wire, described for the API's schema.
//!
//! The middle's types know nothing of schemas. Here stand their twins; a test holds each of them against what is really
//! sent, both ways, so that neither can grow without the other.

pub mod answers;
pub mod events;
pub mod figures;
pub mod notes;
pub mod notice;
pub mod options;
pub mod plan;
pub mod rehearsal;
pub mod view;

#[cfg(test)]
mod tests {
    use crate::{
        machine::{Processors, zones},
        recording::{Key, Recording},
        schema::{answers, events, figures, notes, notice, options, plan, rehearsal, view},
    };
    use scenario::Files;
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::{Value, from_str, from_value, json, to_value};
    use verbs::{Desk, Voice, options::RehearseOptions};
    use words::Language;

    const VOICE: Voice = Voice { language: Language::En };

    fn small() -> Files {
        let text = include_str!("../tests/api/court.toml");
        Files([("scenario.toml".to_owned(), text.as_bytes().to_vec())].into())
    }

    fn desk(files: &Files) -> Desk<'_> {
        Desk { files, machine: &Processors, zones: &zones, voice: VOICE }
    }

    /// The twin reads what is really sent, and would send the same.
    fn same<T: Serialize + DeserializeOwned>(sent: Value) -> T {
        let twin: T = from_value(sent.clone()).unwrap_or_else(|error| panic!("{error}: {sent}"));
        let again = to_value(&twin).unwrap();
        assert_eq!(first_difference("", &again, &sent), None);
        twin
    }

    /// Where two values differ, for a message that can be read.
    fn first_difference(at: &str, one: &Value, other: &Value) -> Option<String> {
        match (one, other) {
            (Value::Object(a), Value::Object(b)) if a.len() == b.len() => a.iter().find_map(|(key, one)| {
                first_difference(&format!("{at}.{key}"), one, b.get(key).unwrap_or(&Value::Null))
            }),
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                a.iter().zip(b).find_map(|(one, other)| first_difference(&format!("{at}[]"), one, other))
            }
            _ => (one != other).then(|| format!("{at}: {one} is not {other}")),
        }
    }

    #[test]
    fn the_twins_are_what_is_sent() {
        let files = small();
        let desk = desk(&files);
        let planned =
            desk.plan(&from_value(json!({ "reps": 2, "quick": true, "curves": 1 })).unwrap()).unwrap();
        same::<plan::Planned>(from_str(&planned).unwrap());
        let asked: RehearseOptions =
            from_value(json!({ "reps": 2, "quick": true, "curves": 1, "compare": "broadcast" })).unwrap();
        let rehearsed = same::<rehearsal::Rehearsed>(from_str(&desk.rehearse(&asked).unwrap()).unwrap());
        assert!(rehearsed.compared.is_some() && rehearsed.curves.is_some());
        let one: RehearseOptions = from_value(json!({ "reps": 1, "quick": true })).unwrap();
        same::<rehearsal::Rehearsed>(from_str(&desk.rehearse(&one).unwrap()).unwrap());
        same::<view::View>(to_value(desk.view().unwrap()).unwrap());
        let key = Key { version: String::new(), policy: None, plan: None, seed: 1, language: Language::En };
        let site = same::<events::Site>(from_str(&Recording::of(&desk, &key).unwrap().site).unwrap());
        assert!(!site.doors.is_empty() && !site.view.layout.posts.is_empty());
    }

    #[test]
    fn a_notice_is_what_is_described() {
        let Files(mut files) = small();
        let directive = "format = 1\nlevel = \"town\"\nissued_by = \"Town\"\ndate = 2026-03-20\ntext = \"1. Ten share a tube.\"\n\
            [[clause]]\nid = \"1\"\ntext = \"Ten share a tube.\"\nkind = \"pool\"\nat_most = 10\n";
        files.insert("directive.toml".to_owned(), directive.into());
        files.insert("questions.csv".to_owned(), "question,answer\nMay I sit?,\n".into());
        let now = |_: &str| jiff::civil::date(2026, 3, 27).at(20, 0, 0, 0);
        let all = notice::NoticeOptions {
            plan: None,
            addressed: None,
            language: Some(notice::LanguageName("en".to_owned())),
            kind: Some(notice::NoticeKindName::AllClear),
            number: Some(3),
            replaces: None,
            changed: Vec::new(),
            at: None,
            from: Some("10:00".to_owned()),
            until: None,
        };
        let all = from_value(to_value(all).unwrap()).unwrap();
        let files = Files(files);
        let written = desk(&files).notice(&all, &now).unwrap();
        let written = same::<notice::NoticeWritten>(written.output(Language::En, VOICE));
        assert_eq!((written.clauses.len(), written.questions.groups.len()), (1, 1));
        let call_back = from_value(json!({ "kind": "call-back" })).unwrap();
        let unwritten = desk(&files).notice(&call_back, &now).unwrap_err();
        let unwritten = same::<notice::NoticeRefused>(unwritten.output(VOICE));
        assert!(unwritten.notes.iter().any(|note| note.code == "notice_call_back_all"));
        assert_eq!((unwritten.clauses.len(), unwritten.questions.groups.len()), (1, 1));
    }

    #[test]
    fn the_examples_are_what_is_described() {
        for name in scenario::examples() {
            let files = scenario::example(name).unwrap();
            same::<view::View>(to_value(desk(&files).view().unwrap()).unwrap());
        }
    }

    #[test]
    fn notes_and_answers_are_what_is_described() {
        let asked = verbs::ask::ask(&scenario::Answers::default());
        let said = json!({ "notes": VOICE.notes(&asked.notes) });
        assert!(!same::<notes::Refused>(said).notes.is_empty());
        same::<answers::Answers>(to_value(scenario::Answers::default()).unwrap());
        let answers: scenario::Answers = from_value(json!({
            "service": "screening", "people": 400.0, "date": "2026-12-01", "opens": "07:00", "closes": "13:00",
            "staff": 6.0, "reach": "doors", "room": 60.0, "wait": 20.0, "timezone": "Asia/Shanghai"
        }))
        .unwrap();
        let needs = verbs::ask::ask(&answers).needs.unwrap();
        same::<answers::Needs>(to_value(needs).unwrap());
    }

    #[test]
    fn the_options_are_those_that_are_taken() {
        let policy = options::PolicyName::Waves;
        let plan = options::PlanOptions {
            policy,
            seed: 1,
            reps: 1,
            quick: true,
            set: vec![("site.lanes".to_owned(), "2".to_owned())],
            keep: None,
            curves: 0,
            supplies: true,
        };
        from_value::<verbs::options::PlanOptions>(to_value(plan).unwrap()).unwrap();
        let rehearse = options::RehearseOptions {
            policy: Some(options::PolicyName::Broadcast),
            plan: None,
            compare: Some(policy),
            seed: 1,
            reps: 1,
            quick: true,
            moves: true,
            set: Vec::new(),
            curves: 0,
            supplies: true,
        };
        let taken: RehearseOptions = from_value(to_value(rehearse).unwrap()).unwrap();
        assert_eq!(taken.policy, Some(verbs::options::PolicyName::Broadcast));
        // Every option of theirs has its twin: the derived text names all fields.
        let theirs = format!("{:?}", RehearseOptions::default());
        for name in theirs.split([' ', '{']).filter_map(|word| word.strip_suffix(':')) {
            assert!(crate::openapi().contains(&format!("\"{name}\"")), "{name}");
        }
    }

    #[test]
    fn nothing_measured_is_null() {
        let empty =
            json!({ "mean": null, "p50": null, "p95": null, "max": null, "ci95": null, "p95_ci95": null });
        same::<figures::Spread>(empty);
    }
}
