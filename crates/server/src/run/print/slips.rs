//! Slips to be handed out at the doors: a household's code, or a person's code with the link to their own page.

use super::{
    super::{book::Made, own::token, walks::as_walked},
    day,
};
use formats::pdf::{Fonts, NoFont, Slip, SlipCode, Way, pdf, slips};
use phone::Door;
use verbs::Voice;

/// For whom slips are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For<'a> {
    /// One for each household: its code, for the table.
    Households,
    /// One for each person: their code, and the link to their own page at this address.
    People {
        /// How people reach the server.
        reached: &'a str,
    },
}

/// Slips of these doors, a sheet for each entrance, as somebody walks. A name stands on them where the doors have one.
///
/// # Errors
/// A letter has no font.
pub fn handed_out(
    made: &Made,
    doors: &[Door],
    whose: For<'_>,
    fonts: &Fonts,
    voice: Voice,
) -> Result<Vec<u8>, NoFont> {
    let doors = as_walked(&made.definition, doors);
    let same =
        |one: &&Door, other: &&Door| (&one.building, &one.entrance) == (&other.building, &other.entrance);
    let way = |doors: &[&Door]| {
        let parts = [&*doors[0].building, &*doors[0].entrance];
        let place: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let head = [place.join("-"), made.definition.community(), day(made)];
        let head: Vec<String> = head.into_iter().filter(|part| !part.is_empty()).collect();
        let slips = doors.iter().flat_map(|door| of_door(made, door, whose, voice)).collect();
        Way { head: head.join(" · "), slips }
    };
    let ways: Vec<Way> = doors.chunk_by(same).map(way).collect();
    pdf(&voice.word("paper.sheet.slips"), voice.language.tag(), &slips(&ways, fonts), fonts)
}

fn of_door(made: &Made, door: &Door, whose: For<'_>, voice: Voice) -> Vec<Slip> {
    let at_table = |code: &str| SlipCode {
        code: code.to_owned(),
        letters: code.to_owned(),
        says: voice.word("paper.sheet.slip.table"),
    };
    let For::People { reached } = whose else {
        let slip = Slip { large: door.label(), small: String::new(), codes: vec![at_table(&door.code)] };
        return vec![slip];
    };
    let many = door.people.len();
    let people = (1..).zip(&door.people).map(|(place, person)| {
        let mut codes = vec![at_table(&person.code)];
        let link = token(&made.secret, person.visit);
        codes.push(SlipCode {
            code: format!("{reached}/mine#{}/{}/{link}", made.community, made.id),
            letters: String::new(),
            says: voice.word("paper.sheet.slip.own"),
        });
        let small = match &*person.name {
            "" if many > 1 => format!("{place}/{many}"),
            name => name.to_owned(),
        };
        Slip { large: door.label(), small, codes }
    });
    people.collect()
}
