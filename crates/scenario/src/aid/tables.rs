//! The rows of `places`, `donors`, `demand` and `deployed`.

use super::{DISTRICTS_MAX, DONORS_MAX, nothing};
use crate::{
    city::tables::{file, position, table},
    reader::{Context, nearest},
    sheet::Grouped,
    tables::{self, Cells},
};
use domain::{
    aid::{District, Donor, Request, Skill, Staff, Team},
    city::Position,
};
use jiff::civil::Date;
use std::fmt::Display;

/// What the tables say.
#[derive(Default)]
pub(super) struct Tables {
    pub donors: Vec<Donor>,
    /// By donor.
    pub donors_at: Vec<At>,
    pub districts: Vec<District>,
    /// By district.
    pub districts_at: Vec<At>,
    pub requests: Vec<Request>,
    pub teams: Vec<Team>,
    pub donors_file: String,
}

/// Where a donor or a district is.
#[derive(Default)]
pub(super) struct At {
    pub position: Option<Position>,
    /// To wherever it sends.
    pub hours: Option<f64>,
    /// The first row that names it.
    pub row: u32,
    /// Whether a note says already that this cannot be read.
    pub noted: bool,
}

impl At {
    fn take(&mut self, cells: &Cells<'_>, notes: &mut Grouped) {
        self.noted |= cells.noted(&["travel_h"]);
        if self.position.is_none() {
            self.position = position(cells, notes);
            let says = ["latitude", "longitude"].into_iter().any(|column| !cells.text(column).is_empty());
            self.noted |= says && self.position.is_none();
        }
    }
}

/// Words of `kind` in `places.csv` that are not sent to.
const ABOVE: [&str; 2] = ["region", "地区"];

pub(super) fn read(context: &Context<'_>, skills: &[Skill], first: Option<Date>, days: usize) -> Tables {
    let mut read = Tables::default();
    let places = places(context, &mut read);
    donors(context, skills, first, &mut read);
    demand(context, skills, (first, days), places, &mut read);
    deployed(context, skills, first, &mut read);
    if read.donors.is_empty() {
        nothing(context, "donors.csv", "aid_no_donors");
    }
    if read.requests.is_empty() {
        nothing(context, "demand.csv", "aid_no_demand");
    }
    read
}

/// Whether there is such a table.
fn places(context: &Context<'_>, read: &mut Tables) -> bool {
    let Some((name, bytes)) = file(context, "places") else { return false };
    let mut notes = Grouped::new(&name);
    let mut take = |cells: &Cells<'_>, notes: &mut Grouped| {
        let place = cells.text("place");
        if place.is_empty() || ABOVE.contains(&cells.text("kind")) {
            return;
        }
        if read.districts.iter().any(|other| other.name == place) {
            note(notes, cells, "place", "city_place_twice", &[("name", &place)]);
            return;
        }
        if read.districts.len() == DISTRICTS_MAX {
            note(notes, cells, "place", "aid_too_many", &[("most", &DISTRICTS_MAX)]);
            return;
        }
        read.districts.push(District { name: place.to_owned(), beds: cells.whole("beds") });
        let mut at = At::default();
        at.take(cells, notes);
        read.districts_at.push(at);
    };
    tables::read(table("places"), bytes, &mut notes, &mut |_, _| {}, &mut take);
    context.take_over(notes.finish());
    true
}

fn donors(context: &Context<'_>, skills: &[Skill], first: Option<Date>, read: &mut Tables) {
    let Some((name, bytes)) = file(context, "donors") else { return };
    read.donors_file.clone_from(&name);
    let mut notes = Grouped::new(&name);
    let mut rows: Vec<(usize, usize)> = Vec::new();
    // What a donor's rows have said of it as a whole.
    let mut said: Vec<[Option<f64>; 6]> = Vec::new();
    let mut take = |cells: &Cells<'_>, notes: &mut Grouped| {
        let (skill, donor) = (skill(cells, skills, notes), cells.text("donor"));
        if donor.is_empty() {
            return;
        }
        let at = read.donors.iter().position(|other| other.name == donor).unwrap_or_else(|| {
            read.donors.push(Donor {
                name: donor.to_owned(),
                residents: 0,
                cases: 0.0,
                growth: 1.0,
                tests_per_day: 0.0,
                tests_until: None,
                buses: None,
                staff: vec![Staff::default(); skills.len()],
            });
            read.donors_at.push(At { row: cells.number(), ..At::default() });
            said.push([None; 6]);
            read.donors.len() - 1
        });
        if at >= DONORS_MAX {
            note(notes, cells, "donor", "aid_too_many", &[("most", &DONORS_MAX)]);
            return;
        }
        let columns = ["residents", "cases", "growth_per_day", "tests_per_day", "buses_per_day", "travel_h"];
        for (place, column) in columns.into_iter().enumerate() {
            let Some(value) = cells.number_in(column) else { continue };
            match said[at][place] {
                Some(before) if before != value => {
                    let args: [(&str, &dyn Display); 3] =
                        [("donor", &donor), ("before", &before), ("value", &value)];
                    note(notes, cells, column, "aid_says_two", &args);
                }
                _ => said[at][place] = Some(value),
            }
        }
        read.donors_at[at].take(cells, notes);
        let Some(skill) = skill else { return };
        let skill_name = &skills[skill].name;
        if rows.contains(&(at, skill)) {
            note(notes, cells, "skill", "aid_donor_twice", &[("donor", &donor), ("skill", skill_name)]);
            return;
        }
        rows.push((at, skill));
        // All that names alone say is said; of numbers that cannot be read nothing follows.
        if !cells.sound {
            return;
        }
        let people = cells.whole("people").unwrap_or(0);
        let (offered, reserve) = (cells.whole("offers"), cells.whole("reserve").unwrap_or(0));
        if let Some(offers) = offered.filter(|offers| *offers > people) {
            let args: [(&str, &dyn Display); 4] =
                [("donor", &donor), ("skill", skill_name), ("offers", &offers), ("people", &people)];
            note(notes, cells, "offers", "aid_offers_more", &args);
        } else if reserve > people {
            let args: [(&str, &dyn Display); 4] =
                [("donor", &donor), ("skill", skill_name), ("reserve", &reserve), ("people", &people)];
            notes.warning(Some(cells.number()), cells.heading("reserve"), "aid_reserve_more", &args);
        } else if let Some(offers) = offered.filter(|offers| *offers > people - reserve) {
            let args: [(&str, &dyn Display); 5] = [
                ("donor", &donor),
                ("skill", skill_name),
                ("offers", &offers),
                ("reserve", &reserve),
                ("people", &people),
            ];
            notes.warning(Some(cells.number()), cells.heading("offers"), "aid_offers_reserve", &args);
        }
        let team = skills[skill].team;
        if offered.unwrap_or(people) < team && people > 0 {
            let args: [(&str, &dyn Display); 3] = [("donor", &donor), ("skill", skill_name), ("team", &team)];
            notes.hint(Some(cells.number()), cells.heading("people"), "aid_less_than_team", &args);
        }
        read.donors[at].staff[skill] = Staff { people, offered, reserve };
        if let Some(until) = day(cells, "tests_until", first) {
            read.donors[at].tests_until = Some(until);
        }
    };
    tables::read(table("donors"), bytes, &mut notes, &mut |_, _| {}, &mut take);
    context.take_over(notes.finish());
    for ((donor, at), said) in read.donors.iter_mut().zip(&mut read.donors_at).zip(said) {
        donor.residents = said[0].unwrap_or(0.0) as u32;
        donor.cases = said[1].unwrap_or(0.0);
        donor.growth = said[2].unwrap_or(1.0);
        donor.tests_per_day = said[3].unwrap_or(0.0);
        donor.buses = said[4].map(|buses| buses as u32);
        at.hours = said[5];
    }
}

fn demand(
    context: &Context<'_>,
    skills: &[Skill],
    (first, days): (Option<Date>, usize),
    places: bool,
    read: &mut Tables,
) {
    let Some((name, bytes)) = file(context, "demand") else { return };
    let mut notes = Grouped::new(&name);
    let mut take = |cells: &Cells<'_>, notes: &mut Grouped| {
        let skill = skill(cells, skills, notes);
        let district = recipient(cells, places, read, notes);
        let span = span(cells, first, "aid_no_end", notes);
        let Some((from, until)) = span.filter(|_| cells.sound) else { return };
        if first.is_some() && (until < 0 || from >= days as i32) {
            notes.warning(Some(cells.number()), cells.heading("to"), "aid_request_outside", &[]);
        }
        let (Some(skill), Some(district)) = (skill, district) else { return };
        let people = cells.whole("people").unwrap_or(0);
        let why = cells.text("why").to_owned();
        read.requests.push(Request { district, skill, people, from, until, why });
    };
    tables::read(table("demand"), bytes, &mut notes, &mut |_, _| {}, &mut take);
    for (at, district) in read.districts.iter().enumerate() {
        // On the day on which most are asked for: who comes after another has left sleeps in the same bed.
        let on = |day: i32| {
            let open =
                read.requests.iter().filter(|of| of.district == at && (of.from..=of.until).contains(&day));
            open.map(|of| u64::from(of.people)).sum::<u64>()
        };
        let asked = (0..days as i32).map(on).max().unwrap_or(0);
        if let Some(beds) = district.beds.filter(|beds| u64::from(*beds) < asked) {
            let args: [(&str, &dyn Display); 3] =
                [("place", &district.name), ("beds", &beds), ("people", &asked)];
            notes.warning(None, "people", "aid_beds_less", &args);
        }
    }
    context.take_over(notes.finish());
}

fn deployed(context: &Context<'_>, skills: &[Skill], first: Option<Date>, read: &mut Tables) {
    let Some((name, bytes)) = file(context, "deployed") else { return };
    let mut notes = Grouped::new(&name);
    let mut rows: Vec<u32> = Vec::new();
    let mut take = |cells: &Cells<'_>, notes: &mut Grouped| {
        let skill = skill(cells, skills, notes);
        let name = cells.text("donor");
        let donor = read.donors.iter().position(|donor| donor.name == name);
        if donor.is_none() && !name.is_empty() {
            let known: Vec<&str> = read.donors.iter().map(|donor| donor.name.as_str()).collect();
            let near = nearest(name, &known).or(known.first().copied()).unwrap_or("–");
            note(notes, cells, "donor", "aid_donor_unknown", &[("name", &name), ("near", &near)]);
        }
        let district = recipient(cells, true, read, notes);
        let Some((from, until)) = span(cells, first, "aid_team_no_end", notes) else { return };
        let (Some(skill), Some(donor), Some(district)) = (skill, donor, district) else { return };
        let team = cells.text("team").to_owned();
        // One team may have two skills in one place.
        let at_once = |of: &Team| of.name == team && of.from <= until && from <= of.until;
        if let Some(at) = read.teams.iter().position(|of| at_once(of) && of.district != district) {
            let other = &read.districts[read.teams[at].district].name;
            let args: [(&str, &dyn Display); 3] = [("team", &team), ("place", other), ("row", &rows[at])];
            note(notes, cells, "team", "aid_two_places", &args);
        } else if let Some(at) = read.teams.iter().position(|of| at_once(of) && of.skill == skill) {
            let (place, skill) = (&read.districts[district].name, &skills[skill].name);
            let args: [(&str, &dyn Display); 4] =
                [("team", &team), ("skill", skill), ("place", place), ("row", &rows[at])];
            note(notes, cells, "team", "aid_team_twice", &args);
        }
        let people = cells.whole("people").unwrap_or(0);
        if people == 0 && cells.sound {
            note(notes, cells, "people", "aid_team_empty", &[("team", &team)]);
        }
        rows.push(cells.number());
        // Leaving and being free follow from the way, which is known once all tables are read.
        let (leaves, free) = (from, until);
        read.teams.push(Team { name: team, donor, district, skill, people, leaves, from, until, free });
    };
    tables::read(table("deployed"), bytes, &mut notes, &mut |_, _| {}, &mut take);
    for (at, team) in read.teams.iter().enumerate() {
        let donor = &read.donors[team.donor];
        let people = u64::from(donor.staff[team.skill].people);
        // Those of this row and of rows above it, on the day on which most of them work.
        let with = |other: &&Team| (other.donor, other.skill) == (team.donor, team.skill);
        let on = |day: i32| {
            let there =
                read.teams[..=at].iter().filter(with).filter(|of| (of.from..=of.until).contains(&day));
            there.map(|of| u64::from(of.people)).sum::<u64>()
        };
        let begin = read.teams[..=at].iter().filter(with).map(|of| of.from.max(team.from));
        let most = begin.filter(|day| *day <= team.until).map(on).max().unwrap_or(0);
        // Of whom nobody has said how many there are, there may be enough.
        if most > people && people > 0 {
            let args: [(&str, &dyn Display); 4] = [
                ("donor", &donor.name),
                ("skill", &skills[team.skill].name),
                ("away", &most),
                ("people", &people),
            ];
            notes.error(Some(rows[at]), "people", "aid_more_away", &args);
        }
    }
    context.take_over(notes.finish());
}

fn note(
    notes: &mut Grouped,
    cells: &Cells<'_>,
    column: &str,
    code: &'static str,
    args: &[(&'static str, &dyn Display)],
) {
    notes.error(Some(cells.number()), cells.heading(column), code, args);
}

fn skill(cells: &Cells<'_>, skills: &[Skill], notes: &mut Grouped) -> Option<usize> {
    let name = cells.text("skill");
    // A cell that is empty and needed was told.
    if name.is_empty() {
        return None;
    }
    let found = skills.iter().position(|skill| skill.name == name);
    if found.is_none() {
        let known: Vec<&str> = skills.iter().map(|skill| skill.name.as_str()).collect();
        let near = nearest(name, &known).or(known.first().copied()).unwrap_or("–");
        note(notes, cells, "skill", "aid_skill_unknown", &[("name", &name), ("near", &near)]);
    }
    found
}

/// The district that a row names. Without a table of places each that is asked for is one.
fn recipient(cells: &Cells<'_>, known: bool, read: &mut Tables, notes: &mut Grouped) -> Option<usize> {
    let name = cells.text("recipient");
    if name.is_empty() {
        return None;
    }
    let found = read.districts.iter().position(|district| district.name == name);
    if found.is_some() {
        return found;
    }
    if known || read.districts.len() == DISTRICTS_MAX {
        let names: Vec<&str> = read.districts.iter().map(|district| district.name.as_str()).collect();
        let near = nearest(name, &names).or(names.first().copied()).unwrap_or("–");
        note(notes, cells, "recipient", "aid_place_unknown", &[("name", &name), ("near", &near)]);
        return None;
    }
    read.districts.push(District { name: name.to_owned(), beds: None });
    read.districts_at.push(At::default());
    Some(read.districts.len() - 1)
}

/// The first and the last day of a row.
fn span(
    cells: &Cells<'_>,
    first: Option<Date>,
    no_end: &'static str,
    notes: &mut Grouped,
) -> Option<(i32, i32)> {
    if cells.text("to").is_empty() {
        note(notes, cells, "to", no_end, &[]);
        return None;
    }
    let first = first.unwrap_or(Date::constant(2000, 1, 1));
    let (from, until) = (day(cells, "from", Some(first))?, day(cells, "to", Some(first))?);
    if until < from {
        note(notes, cells, "to", "aid_backwards", &[]);
        return None;
    }
    Some((from, until))
}

/// Days after the first.
fn day(cells: &Cells<'_>, column: &str, first: Option<Date>) -> Option<i32> {
    let parts: Vec<i16> =
        cells.text(column).split(['-', '/', '.']).filter_map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts[..] else { return None };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let days = date.since((jiff::Unit::Day, first?)).ok()?.get_days();
    Some(days)
}
