//! What somebody is, and where; and who may make whom what.

use crate::people::id::{CommunityId, PlaceId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{borrow::Cow, fmt};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema},
};

/// What somebody does in a round or above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs a community's rounds.
    Secretary,
    /// Calls households.
    Caller,
    /// Keeps order in the line.
    Order,
    /// Registers who comes.
    Registrar,
    /// Samples, vaccinates or hands out.
    Sampler,
    /// Takes tubes to a lab.
    Courier,
    /// Tests tubes.
    Lab,
    /// The neighbourhood committee above some communities.
    Committee,
    /// The health authority.
    Authority,
    /// Is served.
    Resident,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 10] = [
        Role::Secretary,
        Role::Caller,
        Role::Order,
        Role::Registrar,
        Role::Sampler,
        Role::Courier,
        Role::Lab,
        Role::Committee,
        Role::Authority,
        Role::Resident,
    ];

    /// Its word in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Role::Secretary => "secretary",
            Role::Caller => "caller",
            Role::Order => "order",
            Role::Registrar => "registrar",
            Role::Sampler => "sampler",
            Role::Courier => "courier",
            Role::Lab => "lab",
            Role::Committee => "committee",
            Role::Authority => "authority",
            Role::Resident => "resident",
        }
    }

    /// Whether it plans: its scenarios are those of its place.
    pub fn plans(self) -> bool {
        PLANNING.contains(&self)
    }

    /// What it is at a site, with a phone; `None` for who has nothing to write there.
    pub fn at_site(self) -> Option<round::Role> {
        round::Role::parse(self.name())
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == word)
    }

    /// Whom this role may invite: nobody above itself. A committee looks on, and invites nobody.
    pub fn invites(self) -> &'static [Role] {
        const UNDER_A_SECRETARY: &[Role] = &[
            Role::Secretary,
            Role::Caller,
            Role::Order,
            Role::Registrar,
            Role::Sampler,
            Role::Courier,
            Role::Lab,
            Role::Resident,
        ];
        match self {
            Role::Authority => &Role::ALL,
            Role::Secretary => UNDER_A_SECRETARY,
            _ => &[],
        }
    }
}

/// Who sees and lets out what was found.
pub const RELEASING: &[Role] = &[Role::Secretary, Role::Lab, Role::Authority];

/// Who plans.
pub const PLANNING: &[Role] = &[Role::Secretary, Role::Committee, Role::Authority];

/// Where a role holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In every community.
    All,
    /// In everything below this place of the tree.
    Tree(PlaceId),
    /// In this one.
    Community(CommunityId),
}

/// What comes before the id of a place of the tree.
const TREE: &str = "in:";

impl Place {
    /// Whether everything that lies in `other` lies here, as far as it can be told without the tree: an account's grants are
    /// spelled out down the tree when it is read.
    pub fn covers(self, other: Place) -> bool {
        self == Place::All || self == other
    }

    /// The place of a text: `all`, `in:` and a place's id, or a community's id.
    pub fn parse(text: &str) -> Option<Place> {
        match text.strip_prefix(TREE) {
            Some(id) => PlaceId::parse(id).map(Place::Tree),
            None if text == "all" => Some(Place::All),
            None => CommunityId::parse(text).map(Place::Community),
        }
    }

    /// A single one that may keep a book: a place of the tree, or a community.
    pub fn parse_party(text: &str) -> Option<Place> {
        Place::parse(text).filter(|place| *place != Place::All)
    }

    /// The same in an address, where a place's id stands alone.
    pub fn parse_in_path(text: &str) -> Option<Place> {
        if text == "all" { Some(Place::All) } else { PlaceId::parse(text).map(Place::Tree) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::All => formatter.write_str("all"),
            Place::Tree(id) => write!(formatter, "{TREE}{id}"),
            Place::Community(id) => id.fmt(formatter),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Place, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Place::parse(&text).ok_or_else(|| {
            D::Error::custom("neither `all`, nor `in:` and the id of a place, nor the id of a community")
        })
    }
}

impl PartialSchema for Place {
    fn schema() -> RefOr<Schema> {
        let text = utoipa::openapi::schema::Type::String;
        let said = "`all`, `in:` and the id of a place, or the id of a community";
        ObjectBuilder::new().schema_type(text).description(Some(said)).into()
    }
}

impl ToSchema for Place {}

/// A role at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where.
    pub place: Place,
}

/// What the first account may do: everything, everywhere.
pub const FIRST: [Grant; 2] =
    [Grant { role: Role::Authority, place: Place::All }, Grant { role: Role::Secretary, place: Place::All }];

/// Whether somebody who has `own` may invite somebody to `wanted`: each role must be one that a role of theirs invites,
/// at a place where they have that role.
pub fn may_invite(own: &[Grant], wanted: &[Grant]) -> bool {
    let covered = |want: &Grant| {
        own.iter().any(|have| have.role.invites().contains(&want.role) && have.place.covers(want.place))
    };
    !wanted.is_empty() && wanted.iter().all(covered)
}

/// Whether somebody who has `own` may give somebody who has `theirs` another password, or take their second factor away. Whoever
/// can do so can sign in as them; and what a lab found is let out by two. So whoever may let it out is helped by an authority alone, not
/// by those beside them.
pub fn may_renew(own: &[Grant], theirs: &[Grant]) -> bool {
    let above = |of: &Grant| {
        own.iter().any(|have| have.role == Role::Authority && have.place.covers(of.place))
            || !RELEASING.contains(&of.role)
    };
    may_invite(own, theirs) && theirs.iter().all(above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_invites_above_themselves() {
        let (here, there) = (Place::Community(CommunityId::draw()), Place::Community(CommunityId::draw()));
        let grant = |role, place| Grant { role, place };
        let secretary = [grant(Role::Secretary, here)];
        for role in Role::ALL {
            let may = !matches!(role, Role::Committee | Role::Authority);
            assert_eq!(may_invite(&secretary, &[grant(role, here)]), may, "{role:?}");
            assert!(!may_invite(&secretary, &[grant(role, there)]), "{role:?} elsewhere");
            assert!(!may_invite(&secretary, &[grant(role, Place::All)]), "{role:?} everywhere");
            assert!(may_invite(&FIRST, &[grant(role, Place::All), grant(role, there)]));
        }
        assert!(!may_invite(&secretary, &[grant(Role::Caller, here), grant(Role::Authority, here)]));
        assert!(!may_invite(&secretary, &[]), "an invitation to nothing");
        for role in Role::ALL.into_iter().filter(|role| !matches!(role, Role::Secretary | Role::Authority)) {
            assert!(!may_invite(&[grant(role, Place::All)], &[grant(Role::Resident, here)]), "{role:?}");
        }
        // A role at one place does not lend itself to another role's place.
        let mixed = [grant(Role::Authority, here), grant(Role::Secretary, there)];
        assert!(!may_invite(&mixed, &[grant(Role::Committee, there)]));
    }

    #[test]
    fn nobody_signs_in_as_the_second_person_of_a_release() {
        let (here, there) = (Place::Community(CommunityId::draw()), Place::Community(CommunityId::draw()));
        let grant = |role, place| Grant { role, place };
        let (secretary, authority) = ([grant(Role::Secretary, here)], [grant(Role::Authority, here)]);
        for role in Role::ALL {
            let may = may_invite(&secretary, &[grant(role, here)]) && !RELEASING.contains(&role);
            assert_eq!(may_renew(&secretary, &[grant(role, here)]), may, "{role:?}");
            assert!(may_renew(&authority, &[grant(role, here)]) && may_renew(&FIRST, &[grant(role, here)]));
            assert!(!may_renew(&authority, &[grant(role, there)]), "{role:?} elsewhere");
        }
        assert!(!may_renew(&secretary, &[grant(Role::Caller, here), grant(Role::Lab, here)]));
    }
}
