//! Who may do and see what: one line for each operation of the API. What is not in here is refused, and a test holds the
//! table against the API's schema, each role, and each place.

use super::{
    role::{PLANNING, Place, RELEASING, Role},
    who::Who,
};
use axum::http::Method;

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `GET`.
    pub method: &'static str,
    /// As in the schema, with `{community}` where one is meant.
    pub path: &'static str,
    /// Who.
    pub who: Allowed,
    /// Where.
    pub within: Within,
}

/// Who may use an operation. The owner of the machine may use all, while nobody else reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Everybody, without a session.
    Public,
    /// The owner of the machine alone.
    Owner,
    /// Accounts with one of these roles, and devices that joined in one of those.
    Roles {
        /// Of accounts.
        accounts: &'static [Role],
        /// Of devices.
        devices: &'static [Role],
    },
}

/// Where a role must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Anywhere. Where the operation is about single communities, it shows or changes only those of whoever asks.
    Anywhere,
    /// In the path's `{community}`.
    Community,
    /// In the path's `{place}`.
    Place,
    /// In the path's `{party}`: a community's id, or `in:` and a place's.
    Party,
}

use Allowed::{Owner, Public, Roles};
use Within::{Anywhere, Community, Party, Place as InPlace};

const NO_DEVICE: &[Role] = &[];
/// Any account, and no device.
const ANY_ACCOUNT: Allowed = Roles { accounts: &Role::ALL, devices: NO_DEVICE };
/// Any account and any device.
const ANYBODY_SIGNED_IN: Allowed = Roles { accounts: &Role::ALL, devices: &Role::ALL };
/// Who plans. Each sees the scenarios of the places at which they do ([`Who::plans_for`]).
const PLANNERS: Allowed = Roles { accounts: PLANNING, devices: NO_DEVICE };
/// Who lets others in.
const INVITERS: Allowed = Roles { accounts: &[Role::Secretary, Role::Authority], devices: NO_DEVICE };
/// Who leads a community's rounds, and knows its names.
const SECRETARY: Allowed = Roles { accounts: &[Role::Secretary], devices: NO_DEVICE };
/// Who looks over many communities.
const ABOVE: Allowed = Roles { accounts: &[Role::Committee, Role::Authority], devices: NO_DEVICE };
/// Who opens and closes communities.
const AUTHORITY: Allowed = Roles { accounts: &[Role::Authority], devices: NO_DEVICE };

/// Who sees how a community's rounds go.
const OVERSEERS: Allowed =
    Roles { accounts: &[Role::Secretary, Role::Committee, Role::Authority], devices: NO_DEVICE };
/// The phones of a round's volunteers.
const PHONES: &[Role] =
    &[Role::Secretary, Role::Caller, Role::Order, Role::Registrar, Role::Sampler, Role::Courier, Role::Lab];
/// Who sees which rounds a community has: a lab, too, that is to find the tubes of one.
const LISTERS: Allowed =
    Roles { accounts: &[Role::Secretary, Role::Committee, Role::Authority, Role::Lab], devices: NO_DEVICE };
/// Who watches a round as it happens.
const WATCHERS: Allowed =
    Roles { accounts: &[Role::Secretary, Role::Committee, Role::Authority], devices: PHONES };
/// Who hears what others at the site recorded.
const AT_WORK: Allowed = Roles { accounts: &[Role::Secretary], devices: PHONES };

/// Who reports what was found in tubes.
const LABS: Allowed = Roles { accounts: &[Role::Secretary, Role::Lab], devices: NO_DEVICE };
/// Who sees and lets out what was found.
const RELEASERS: Allowed = Roles { accounts: RELEASING, devices: NO_DEVICE };

/// The table.
pub const RULES: &[Rule] = &[
    rule("GET", "/api/v1/health", Public, Anywhere),
    rule("GET", "/api/v1/ready", Public, Anywhere),
    rule("GET", "/api/v1/me", Public, Anywhere),
    rule("POST", "/api/v1/welcome", Public, Anywhere),
    rule("POST", "/api/v1/login", Public, Anywhere),
    rule("POST", "/api/v1/logout", Public, Anywhere),
    rule("POST", "/api/v1/password", ANY_ACCOUNT, Anywhere),
    rule("POST", "/api/v1/factor", ANY_ACCOUNT, Anywhere),
    rule("POST", "/api/v1/factor/code", ANY_ACCOUNT, Anywhere),
    rule("POST", "/api/v1/factor/end", ANY_ACCOUNT, Anywhere),
    rule("GET", "/api/v1/sessions", ANYBODY_SIGNED_IN, Anywhere),
    rule("DELETE", "/api/v1/sessions/{session}", ANYBODY_SIGNED_IN, Anywhere),
    rule("POST", "/api/v1/invitations", INVITERS, Anywhere),
    rule("GET", "/api/v1/accounts", INVITERS, Anywhere),
    rule("DELETE", "/api/v1/accounts/{account}", INVITERS, Anywhere),
    rule("DELETE", "/api/v1/accounts/{account}/factor", INVITERS, Anywhere),
    rule("POST", "/api/v1/accounts/{account}/link", INVITERS, Anywhere),
    rule("GET", "/api/v1/accounts/log", ANY_ACCOUNT, Anywhere),
    rule("GET", "/api/v1/communities", ANYBODY_SIGNED_IN, Anywhere),
    rule("POST", "/api/v1/communities", AUTHORITY, Anywhere),
    rule("GET", "/api/v1/communities/{community}", ANYBODY_SIGNED_IN, Community),
    rule("PUT", "/api/v1/communities/{community}/place", AUTHORITY, Community),
    rule("GET", "/api/v1/places", ANY_ACCOUNT, Anywhere),
    rule("POST", "/api/v1/places", AUTHORITY, Anywhere),
    rule("GET", "/api/v1/places/moves", AUTHORITY, Anywhere),
    rule("PUT", "/api/v1/places/{place}", AUTHORITY, InPlace),
    rule("GET", "/api/v1/places/{place}/overview", ABOVE, InPlace),
    rule("GET", "/api/v1/places/{place}/crews", ABOVE, InPlace),
    rule("PUT", "/api/v1/places/{place}/crews", ABOVE, InPlace),
    rule("GET", "/api/v1/places/{place}/city", ABOVE, InPlace),
    rule("PUT", "/api/v1/places/{place}/city/{what}", AUTHORITY, InPlace),
    rule("DELETE", "/api/v1/places/{place}/city/{what}", AUTHORITY, InPlace),
    rule("PUT", "/api/v1/places/{place}/city-districts", AUTHORITY, InPlace),
    rule("PUT", "/api/v1/places/{place}/city-labs", AUTHORITY, InPlace),
    rule("GET", "/api/v1/places/{place}/figures", ABOVE, InPlace),
    rule("GET", "/api/v1/places/{place}/figures.csv", ABOVE, InPlace),
    rule("POST", "/api/v1/places/{place}/figures/dhis2", ABOVE, InPlace),
    rule("GET", "/api/v1/parties", PLANNERS, Anywhere),
    rule("GET", "/api/v1/parties/{party}", PLANNERS, Party),
    rule("POST", "/api/v1/parties/{party}", PLANNERS, Party),
    rule("GET", "/api/v1/parties/{party}/supplies", PLANNERS, Party),
    rule("POST", "/api/v1/parties/{party}/supplies", PLANNERS, Party),
    // Doors are for those who lead the rounds; how far a shipment is, for all at the desk.
    rule("GET", "/api/v1/parties/{party}/supplies/doors", SECRETARY, Party),
    rule("GET", "/api/v1/parties/{party}/supplies/{shipment}/doors", PLANNERS, Party),
    rule("GET", "/api/v1/parties/{party}/supplies/{shipment}/cart.docx", PLANNERS, Party),
    rule("GET", "/api/v1/parties/{party}/aid", PLANNERS, Party),
    rule("POST", "/api/v1/parties/{party}/aid", PLANNERS, Party),
    rule("GET", "/api/v1/parties/{party}/aid/deployed.csv", PLANNERS, Party),
    rule("GET", "/api/v1/parties/{party}/gate", PLANNERS, Party),
    rule("POST", "/api/v1/parties/{party}/gate", PLANNERS, Party),
    rule("DELETE", "/api/v1/parties/{party}/gate", PLANNERS, Party),
    // A phone at a gate has no account: what proves whose gate it is stands in the body.
    rule("POST", "/api/v1/gates/{gate}", Public, Anywhere),
    // Whose word it is, its signature says.
    rule("POST", "/api/v1/hear/{to}", Public, Anywhere),
    // How far a place is, is everybody's; small numbers are not told there.
    rule("GET", "/status/{place}", Public, InPlace),
    rule("GET", "/api/v1/communities/{community}/figures", OVERSEERS, Community),
    rule("GET", "/api/v1/communities/{community}/figures.csv", OVERSEERS, Community),
    rule("GET", "/api/v1/communities/{community}/figures.txt", OVERSEERS, Community),
    rule("GET", "/api/v1/communities/{community}/accesses", INVITERS, Community),
    rule("GET", "/api/v1/communities/{community}/names", SECRETARY, Community),
    rule("PUT", "/api/v1/communities/{community}/names/{resident}", SECRETARY, Community),
    rule("DELETE", "/api/v1/communities/{community}/names/{resident}", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/names/{resident}/copy", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/purge", INVITERS, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/mine", Public, Community),
    rule("GET", "/api/v1/communities/{community}/volunteers", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/volunteers/code", SECRETARY, Community),
    rule("DELETE", "/api/v1/communities/{community}/volunteers/code", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/volunteers/poster", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/volunteers/site", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/volunteers/sheet", SECRETARY, Community),
    rule("PUT", "/api/v1/communities/{community}/volunteers/{volunteer}", SECRETARY, Community),
    rule("DELETE", "/api/v1/communities/{community}/volunteers/{volunteer}", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/volunteers/{volunteer}/link", SECRETARY, Community),
    // Who has scanned the code, or has a link of their own, proves it by what stands behind `#`.
    rule("POST", "/api/v1/communities/{community}/volunteers/scanned", Public, Community),
    rule("POST", "/api/v1/communities/{community}/volunteers/read", Public, Community),
    rule("POST", "/api/v1/communities/{community}/volunteers/join", Public, Community),
    rule("POST", "/api/v1/communities/{community}/volunteers/own", Public, Community),
    rule("POST", "/api/v1/communities/{community}/volunteers/own/act", Public, Community),
    rule("POST", "/api/v1/communities/{community}/volunteers/own/words", Public, Community),
    // A calendar asks by itself, without a page: its address proves whose it is, and it shows no name.
    rule("GET", "/calendar/{community}/{volunteer}/{feed}", Public, Community),
    rule("GET", "/api/v1/communities/{community}/rosters", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rosters/{id}", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rosters/{id}", SECRETARY, Community),
    rule("PUT", "/api/v1/communities/{community}/rosters/{id}", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rosters/{id}/thanks", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rosters/{id}/cards", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rosters/{id}/rules", SECRETARY, Community),
    rule("PUT", "/api/v1/communities/{community}/rosters/{id}/rules", SECRETARY, Community),
    // Whoever has a person's link: it says whose.
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/mine/neighbours", Public, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/mine/goods", Public, Community),
    rule("GET", "/api/v1/communities/{community}/neighbours", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/neighbours", SECRETARY, Community),
    rule("POST", "/api/v1/results", LABS, Anywhere),
    rule("GET", "/api/v1/results/aside", RELEASERS, Anywhere),
    rule("POST", "/api/v1/results/aside/{number}", RELEASERS, Anywhere),
    rule("GET", "/api/v1/communities/{community}/results/aside", RELEASERS, Community),
    rule("POST", "/api/v1/communities/{community}/results/aside/{number}", RELEASERS, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/results", RELEASERS, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/results/file", RELEASERS, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/results/release", RELEASERS, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/boxes", RELEASERS, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/tubes/{tube}", RELEASERS, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/tubes/{tube}/labels", LABS, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/callbacks", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/callbacks", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/callbacks/alone", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/doses", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/doses/file", SECRETARY, Community),
    rule("GET", "/api/v1/examples", PLANNERS, Anywhere),
    rule("GET", "/api/v1/planning", PLANNERS, Anywhere),
    rule("GET", "/api/v1/scenarios", PLANNERS, Anywhere),
    rule("POST", "/api/v1/scenarios", PLANNERS, Anywhere),
    rule("GET", "/api/v1/scenarios/{id}", PLANNERS, Anywhere),
    rule("PUT", "/api/v1/scenarios/{id}", PLANNERS, Anywhere),
    rule("DELETE", "/api/v1/scenarios/{id}", PLANNERS, Anywhere),
    rule("GET", "/api/v1/scenarios/{id}/folder.zip", PLANNERS, Anywhere),
    rule("GET", "/api/v1/scenarios/{id}/view", PLANNERS, Anywhere),
    rule("POST", "/api/v1/scenarios/{id}/check", PLANNERS, Anywhere),
    rule("POST", "/api/v1/scenarios/{id}/plan", PLANNERS, Anywhere),
    rule("POST", "/api/v1/scenarios/{id}/search", PLANNERS, Anywhere),
    rule("POST", "/api/v1/scenarios/{id}/rehearse", PLANNERS, Anywhere),
    rule("POST", "/api/v1/scenarios/{id}/sheets", PLANNERS, Anywhere),
    rule("POST", "/api/v1/scenarios/{id}/notice", PLANNERS, Anywhere),
    rule("POST", "/api/v1/scenarios/{id}/notice/file", PLANNERS, Anywhere),
    rule("GET", "/api/v1/scenarios/{id}/events", PLANNERS, Anywhere),
    rule("POST", "/api/v1/review", PLANNERS, Anywhere),
    rule("GET", "/api/v1/communities/{community}/rounds", LISTERS, Community),
    rule("POST", "/api/v1/communities/{community}/rounds", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}", OVERSEERS, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/codes", SECRETARY, Community),
    rule("DELETE", "/api/v1/communities/{community}/rounds/{round}/codes", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/commands", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/paper", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/paper/tubes", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/paper/boxes", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/paper/sheets", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/paper/slips", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/paper/file", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/paper/shift", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/paper/shift", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/paper/back", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/notices", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/notices", SECRETARY, Community),
    rule(
        "POST",
        "/api/v1/communities/{community}/rounds/{round}/notices/{number}/paper",
        SECRETARY,
        Community,
    ),
    rule("PUT", "/api/v1/communities/{community}/rounds/{round}/notices/{number}/told", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/channels", SECRETARY, Community),
    rule(
        "POST",
        "/api/v1/communities/{community}/rounds/{round}/notices/{number}/channels",
        SECRETARY,
        Community,
    ),
    rule(
        "GET",
        "/api/v1/communities/{community}/rounds/{round}/notices/{number}/{form}",
        SECRETARY,
        Community,
    ),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/live", WATCHERS, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/ahead", WATCHERS, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/evening", OVERSEERS, Community),
    // Residents' words and what is decided are for those who decide it.
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/decisions", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/decisions", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/evening.docx", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/events.jsonl", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/missed", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/missed.csv", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/walks", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/rounds/{round}/calls", SECRETARY, Community),
    rule("PUT", "/api/v1/communities/{community}/rounds/{round}/calls", SECRETARY, Community),
    // How long people wait is everybody's: whoever has the link has it from the community's own people.
    rule("GET", "/now/{community}/{round}", Public, Community),
    // What residents are told hangs at their entrance: whoever scans its code may read it.
    rule("GET", "/notice/{community}/{round}/{code}", Public, Community),
    // What is kept of people is everybody's to know.
    rule("GET", "/kept/{community}", Public, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/told", AT_WORK, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/conflicts", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/rounds/{round}/phones", SECRETARY, Community),
    rule("DELETE", "/api/v1/communities/{community}/rounds/{round}/phones/{device}", SECRETARY, Community),
    rule("GET", "/api/v1/communities/{community}/quarantine", SECRETARY, Community),
    rule("POST", "/api/v1/communities/{community}/quarantine/{number}", SECRETARY, Community),
    // A phone's signature says who it is, also of one that was taken out of the round.
    rule("POST", "/api/v1/communities/{community}/logs/{device}", Public, Community),
    rule("POST", "/api/v1/join", Public, Anywhere),
];

const fn rule(method: &'static str, path: &'static str, who: Allowed, within: Within) -> Rule {
    Rule { method, path, who, within }
}

/// What the table says of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A line of it.
    Rule(&'static Rule),
    /// The path is known, but not in this way.
    OtherMethod,
    /// Nothing.
    Nothing,
}

/// Looks an operation up. `HEAD` is `GET` without the answer.
pub fn find(method: &Method, path: &str) -> Found {
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    let mut same_path = RULES.iter().filter(|rule| rule.path == path).peekable();
    if same_path.peek().is_none() {
        return Found::Nothing;
    }
    same_path.find(|rule| rule.method == method).map_or(Found::OtherMethod, Found::Rule)
}

impl Rule {
    /// Whether somebody may. `asked` is the path's community or place; `None` where it has none, or one that is no id.
    pub fn permits(&self, who: &Who, asked: Option<Place>) -> bool {
        let (accounts, devices) = match self.who {
            Public => return true,
            Owner => return *who == Who::Owner,
            Roles { accounts, devices } => (accounts, devices),
        };
        let here = |place: Place| match self.within {
            Anywhere => true,
            Community | InPlace | Party => asked.map_or(place == Place::All, |asked| place.covers(asked)),
        };
        match who {
            Who::Owner => true,
            Who::Account(account) => {
                account.reach.iter().any(|grant| accounts.contains(&grant.role) && here(grant.place))
            }
            Who::Device(device) => devices.contains(&device.role) && here(Place::Community(device.community)),
            Who::Nobody => false,
        }
    }
}
