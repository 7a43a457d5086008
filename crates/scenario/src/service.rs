//! Service files: what a round can be for. `services/NAME.toml` is embedded, or stands in the scenario's folder, where
//! it takes the place of an embedded one of its name.

pub(crate) mod card;

pub use card::{Notice, RoleCard};
pub use domain::Text;

use crate::Files;
use crate::reader::{Context, Field, Limits, Section, nearest};
use crate::site::OBSERVE_MIN_MAX;
use crate::value::{self, Kind, Value};
use domain::scenario::{Gives, Unit};
use domain::{Notes, Place};
use include_dir::{Dir, include_dir};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../services");

/// A kind of round: what is given to whom, and what helpers and residents are told.
#[derive(Clone, Debug)]
pub struct Service {
    /// The file's name without `.toml`: the `purpose` of a round.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// What is given.
    pub gives: Gives,
    /// To whom one of it is given.
    pub to: Unit,
    /// Who of a household comes.
    pub comes: Comes,
    /// Minutes a person is watched after the last station of the service.
    pub observe_min: f64,
    /// A card for each role.
    pub roles: Vec<RoleCard>,
    /// What residents are told.
    pub notice: Notice,
    /// Its stations, used where a scenario has none of its own.
    stations: Option<Value>,
}

/// Who of a household of the roll comes to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comes {
    /// Everybody.
    All,
    /// One person, for the whole household.
    One,
}

/// The names of the services in the house.
pub fn services() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        EMBEDDED.files().filter_map(|file| file.path().to_str()?.strip_suffix(".toml")).collect();
    names.sort_unstable();
    names
}

/// A service by its name: from the folder, or else from the house. `None` iff the notes refuse.
pub fn service(name: &str, files: &Files) -> (Option<Service>, Notes) {
    let context = Context::new(files);
    let service = match bytes(&context, name) {
        Some(bytes) => read_service(&context, name, bytes),
        None => {
            context.error(
                &Place::file(path(name)),
                "file_missing",
                &[("name", &path(name)), ("value", &name)],
            );
            None
        }
    };
    let refused = context.refuses();
    (service.filter(|_| !refused), context.into_notes())
}

/// The service that `round.purpose` names, with a note if there is none.
pub(crate) fn service_of(purpose: &Field<'_>) -> Option<Service> {
    let name = purpose.text()?;
    let context = purpose.context;
    if let Some(bytes) = bytes(context, name) {
        return read_service(context, name, bytes);
    }
    let mut known = services();
    known.extend(
        context.files.0.keys().filter_map(|file| file.strip_prefix("services/")?.strip_suffix(".toml")),
    );
    let list = known.join(", ");
    match nearest(name, &known) {
        Some(near) => purpose.error("unknown_service_near", &[("near", &near), ("known", &list)]),
        None => purpose.error("unknown_service", &[("known", &list)]),
    }
    None
}

/// The service's stations at `site.station` of a scenario that has none; with the file they come from.
pub(crate) fn lend_stations(service: &Service, tree: &mut Value) {
    let Some(stations) = &service.stations else {
        return;
    };
    let at = tree.at.clone();
    if tree.is_city() {
        let shapes = tree.entry("shape").is_some().then(|| tree.entry_or_table("shape", at)).flatten();
        if let Some(Value { kind: Kind::List(shapes), .. }) = shapes {
            shapes.iter_mut().for_each(|shape| lend(stations, shape));
        }
    } else if let Some(site) = tree.entry_or_table("site", at) {
        lend(stations, site);
    }
}

fn lend(stations: &Value, site: &mut Value) {
    let at = site.at.clone();
    if site.entry("station").is_none()
        && let Some(place) = site.entry_or_table("station", at)
    {
        *place = stations.clone();
    }
}

pub(crate) fn path(name: &str) -> String {
    format!("services/{name}.toml")
}

/// The text of a service's own file, from the folder or else from the house, for its stations to be copied out with
/// what is written beside them.
pub(crate) fn service_text<'f>(name: &str, files: &'f Files) -> Option<&'f str> {
    let own = files.0.get(&path(name)).map(Vec::as_slice);
    let bytes = own.or_else(|| EMBEDDED.get_file(format!("{name}.toml")).map(include_dir::File::contents))?;
    std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()
}

fn bytes<'f>(context: &Context<'f>, name: &str) -> Option<&'f [u8]> {
    let own = context.file(&path(name));
    own.or_else(|| EMBEDDED.get_file(format!("{name}.toml")).map(include_dir::File::contents))
}

fn read_service(context: &Context<'_>, id: &str, bytes: &[u8]) -> Option<Service> {
    let file = path(id);
    let tree = value::parse(context, &file, bytes)?;
    let mut section = Section::top(context, &file, &tree);
    crate::format::check_format(&mut section)?;
    let title = section.need("name").and_then(|field| card::read_text(&field));
    let gives = [
        ("tube", Gives::Tube),
        ("dose", Gives::Dose),
        ("course", Gives::Course),
        ("parcel", Gives::Parcel),
        ("nothing", Gives::Nothing),
    ];
    let gives = section.need("gives").and_then(|field| field.choice(&gives));
    let units = [("person", Unit::Person), ("household", Unit::Household), ("vehicle", Unit::Vehicle)];
    let to = section.get("to").and_then(|field| field.choice(&units)).unwrap_or(Unit::Person);
    let comes =
        section.get("comes").and_then(|field| field.choice(&[("all", Comes::All), ("one", Comes::One)]));
    let comes = comes.unwrap_or(Comes::All);
    let observe_min = section.number("observe_min", Limits::new(0.0, OBSERVE_MIN_MAX)).unwrap_or(0.0);
    let stations = section.get("station").map(|field| borrowed_from(&file, &field, observe_min));
    let roles = section.get("role").map(|field| card::read_roles(&field)).unwrap_or_default();
    let notice = section.table("notice").map(card::read_notice).unwrap_or_default();
    section.finish();
    // What is wrong has been noted and refuses; the rest is still of use for more notes.
    let (name, gives) = (title.unwrap_or_default(), gives.unwrap_or(Gives::Nothing));
    Some(Service { id: id.to_owned(), name, gives, to, comes, observe_min, roles, notice, stations })
}

/// The list of stations with its own file on it, and the observation after the last of them.
fn borrowed_from(file: &str, field: &Field<'_>, observe_min: f64) -> Value {
    let mut list = field.value.clone();
    let row = field.place.row.unwrap_or(1);
    list.at = value::At::Anchor(Place::file(file).row(row).column("station"));
    if let Kind::List(stations) = &mut list.kind
        && let Some(last) = stations.last_mut()
        && observe_min > 0.0
        && last.entry("observe_min").is_none()
    {
        let at = last.at.clone();
        if let Some(place) = last.entry_or_table("observe_min", at.clone()) {
            *place = Value { at, kind: Kind::Number(observe_min) };
        }
    }
    list
}
