//! The doors that a caller walks to, in words.

use domain::event::Answer;
use phone::{CallsNow, DoorList, DoorNow, ListKind};
use serde::Serialize;
use verbs::Voice;

/// The lists; none where there is nobody to call.
#[derive(Serialize)]
pub(super) struct Calls {
    /// The wave whose turn it is.
    wave: Option<u32>,
    lists: Vec<List>,
}

/// Doors that one person walks to, or a pair.
#[derive(Serialize)]
struct List {
    /// The same as long as it is the same list.
    name: String,
    /// On its button.
    word: String,
    /// Above its doors.
    head: String,
    doors: Vec<Door>,
}

#[derive(Serialize)]
struct Door {
    #[serde(flatten)]
    door: DoorNow,
    /// What to know of it.
    note: String,
    /// Whether it is still to do.
    open: bool,
}

pub(super) fn calls(now: CallsNow, voice: Voice) -> Calls {
    let (wave, call_at) = now.wave.unzip();
    let number = wave.map_or_else(String::new, |wave| wave.to_string());
    let call_at = call_at.unwrap_or_default();
    let list = |list: DoorList| {
        let part = list.part.to_string();
        let (left, minutes) = (list.left.to_string(), list.minutes.to_string());
        let args = [
            ("wave", &*number),
            ("time", &*call_at),
            ("part", &*part),
            ("left", &*left),
            ("minutes", &*minutes),
            ("until", &*list.until),
        ];
        let (word, head) = match (list.kind, list.part) {
            (ListKind::Wave, 0) => ("calling.list.wave", "calling.head.wave"),
            (ListKind::Wave, _) => ("calling.list.caller", "calling.head.caller"),
            (ListKind::Again, _) => ("calling.list.again", "calling.head.again"),
            (ListKind::Visit, 0) => ("calling.list.visit", "calling.head.visit"),
            (ListKind::Visit, _) => ("calling.list.pair", "calling.head.visit"),
        };
        List {
            name: format!("{}{}", list.kind.name(), list.part),
            word: voice.say(word, &args),
            head: voice.say(head, &args),
            doors: list.doors.into_iter().map(|door| told(door, list.kind, voice)).collect(),
        }
    };
    Calls { wave, lists: now.lists.into_iter().map(list).collect() }
}

fn told(door: DoorNow, kind: ListKind, voice: Voice) -> Door {
    let said = door.answer.map(|answer| match answer {
        Answer::Coming => "calling.coming",
        Answer::NotAtHome => "calling.not_at_home",
        Answer::CannotCome => "calling.cannot_come",
    });
    let said = said.or(door.called.as_ref().map(|_| "calling.knocked"));
    let time = door.said.as_deref().or(door.called.as_deref()).unwrap_or_default();
    let mut note: Vec<String> = said.map(|key| voice.say(key, &[("time", time)])).into_iter().collect();
    note.extend(door.languages.iter().map(|tag| voice.tongue(tag)));
    note.extend(door.booked.iter().map(|code| voice.say("calling.booked", &[("code", code)])));
    let open = kind != ListKind::Wave || door.called.is_none();
    Door { note: note.join(" · "), open, door }
}
