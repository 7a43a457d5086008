//! Who speaks at the doors where another language is spoken: known before anybody knocks.

use crate::voice::Voice;
use domain::roll::Tongue;
use domain::roster::Volunteer;

/// A door where another language is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToInterpret {
    /// Which.
    pub language: Tongue,
    /// When it is called, in minutes after the midnight at which the volunteers' days begin; `None`: nobody knows.
    pub at_min: Option<i32>,
}

/// What an assignment without an interpreter costs: more than any with one.
const NOBODY: i64 = 1_000_000;
/// Coming only if nobody else does costs as much as this many doors more.
const IF_NEEDED: i64 = 6;
/// Doors that one interpreter is given at most: half a day of them.
const DOORS_MAX: usize = 40;
/// Doors that are matched at once: an assignment takes the cube of them.
const MATCHED_MAX: usize = 400;

/// The interpreter of each door, by place among the volunteers: as many doors as can be have one who speaks the language and is there
/// then, and of such, doors are shared out evenly (the sum of the squares is least) and few come who only come if nobody does. `None`:
/// nobody is there who speaks it, or nobody knows which language it is.
pub fn interpreters(doors: &[ToInterpret], volunteers: &[Volunteer]) -> Vec<Option<usize>> {
    let speaks = |door: &ToInterpret| volunteers.iter().any(|of| of.languages.contains(&door.language));
    let rows: Vec<usize> = (0..doors.len()).filter(|&of| speaks(&doors[of])).take(MATCHED_MAX).collect();
    let asked: Vec<usize> = (0..volunteers.len())
        .filter(|&of| rows.iter().any(|&row| cost(&doors[row], &volunteers[of]).is_some()))
        .collect();
    let each = rows.len().min(DOORS_MAX);
    let costs: Vec<Vec<i64>> = rows
        .iter()
        .map(|&row| {
            let of = |&who: &usize| {
                let own = cost(&doors[row], &volunteers[who]);
                (0..each as i64).map(move |before| own.map_or(NOBODY, |own| own + 2 * before + 1))
            };
            // Somebody's n-th door, and for each door nobody.
            asked.iter().flat_map(of).chain(rows.iter().map(|_| NOBODY)).collect()
        })
        .collect();
    let mut found = vec![None; doors.len()];
    for (place, column) in exchange::assign(&costs).into_iter().enumerate() {
        if costs[place][column] < NOBODY {
            found[rows[place]] = Some(asked[column / each]);
        }
    }
    found
}

/// What it costs beyond the door itself that somebody interprets; `None`: they cannot.
fn cost(door: &ToInterpret, who: &Volunteer) -> Option<i64> {
    let there = door.at_min.is_none_or(|at| {
        who.available.is_empty()
            || who.available.iter().any(|span| (span.from_min..span.until_min).contains(&at))
    });
    let speaks = who.languages.contains(&door.language) && !who.excused;
    match (speaks, there, who.if_needed) {
        (true, true, false) => Some(0),
        (true, _, true) => Some(IF_NEEDED),
        _ => None,
    }
}

/// Who comes along, by place among the volunteers, or what to do where nobody does.
pub fn who(language: Tongue, found: Option<usize>, volunteers: &[Volunteer], voice: Voice) -> String {
    let is_spoken = volunteers.iter().any(|of| of.languages.contains(&language) && !of.excused);
    let say = |key: &str| voice.say(key, &[("language", &voice.tongue(&language.to_string()))]);
    match found {
        Some(place) => volunteers[place].name.clone(),
        None if language == Tongue::UNKNOWN => voice.word("interpreter.which"),
        None if is_spoken => say("interpreter.busy"),
        None => say("interpreter.none"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::roster::Span;

    fn tongue(tag: &str) -> Tongue {
        Tongue::parse(tag).unwrap()
    }

    fn person(languages: &[&str], from_min: i32, until_min: i32) -> Volunteer {
        Volunteer {
            languages: languages.iter().map(|tag| tongue(tag)).collect(),
            available: vec![Span { from_min, until_min }],
            ..Volunteer::default()
        }
    }

    fn door(language: &str, at_min: i32) -> ToInterpret {
        ToInterpret { language: tongue(language), at_min: Some(at_min) }
    }

    #[test]
    fn doors_are_shared_out_among_those_who_speak_the_language_and_are_there() {
        let people = [
            person(&["ko", "ja"], 420, 720),
            person(&["ko"], 420, 720),
            person(&["fr"], 420, 480),
            Volunteer { if_needed: true, ..person(&["fr"], 0, 0) },
            Volunteer { excused: true, ..person(&["vi"], 420, 720) },
        ];
        let all = ["ko", "ko", "ja", "fr", "fr", "vi", "und", "ru"];
        let times = [430, 440, 450, 460, 600, 460, 460, 460];
        let doors: Vec<ToInterpret> =
            all.iter().zip(times).map(|(language, at)| door(language, at)).collect();
        let found = interpreters(&doors, &people);
        // Who alone speaks Japanese has that door; of the two Korean ones each has one, or the other both.
        assert_eq!(found[2..], [Some(0), Some(2), Some(3), None, None, None]);
        let mut load = [0; 2];
        found[..2].iter().for_each(|who| load[who.unwrap()] += 1);
        assert!(load[1] >= 1, "{found:?}");
    }

    #[test]
    fn no_other_matching_of_a_few_doors_leaves_fewer_without_or_is_more_even() {
        let people =
            [person(&["ko", "ja"], 0, 600), person(&["ja", "en"], 300, 900), person(&["en"], 0, 900)];
        let tags = ["ko", "ja", "en"];
        for draw in 0..729usize {
            let doors: Vec<ToInterpret> = (0..4)
                .map(|place| {
                    let of = draw / 3usize.pow(place) % 3;
                    door(tags[of], [100, 400, 700, 400][place as usize] - (draw as i32 % 7) * 20)
                })
                .collect();
            let value = |given: &[Option<usize>]| {
                let mut load = [0i64; 3];
                let mut sum = 0;
                for (door, who) in doors.iter().zip(given) {
                    let Some(who) = *who else {
                        sum += NOBODY;
                        continue;
                    };
                    let own = cost(door, &people[who])?;
                    load[who] += 1;
                    sum += own;
                }
                Some(sum + load.iter().map(|doors| doors * doors).sum::<i64>())
            };
            let all = (0..256usize).filter_map(|code| {
                let given: Vec<Option<usize>> =
                    (0..4).map(|place| (code >> (2 * place) & 3).checked_sub(1)).collect();
                value(&given)
            });
            assert_eq!(value(&interpreters(&doors, &people)), all.min(), "{doors:?}");
        }
        assert_eq!(interpreters(&[], &people), []);
        assert_eq!(interpreters(&[door("ko", 5)], &[]), [None]);
    }
}
