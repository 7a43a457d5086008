//! Identifiers: random, and each of its own type.

use crate::db::{Cell, FromCell, Kind, ToCell};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new one, by chance.
            pub fn draw() -> $name {
                $name(Uuid::new_v4())
            }

            /// As it was written.
            pub fn parse(text: &str) -> Option<$name> {
                Uuid::try_parse(text).ok().map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl ToCell for $name {
            const KIND: Kind = Kind::Text;
            fn cell(&self) -> Cell<'_> {
                Cell::Text(self.0.to_string().into())
            }
        }

        impl FromCell for $name {
            fn of(cell: &Cell<'_>) -> Option<$name> {
                if let Cell::Text(text) = cell { $name::parse(text) } else { None }
            }
        }
    };
}

id!(
    /// Of somebody who signs in.
    AccountId
);
id!(
    /// Of a session, to list and to end it; it opens nothing.
    SessionId
);
id!(
    /// Of a community.
    CommunityId
);
id!(
    /// Of a place above communities.
    PlaceId
);
id!(
    /// Of a round of one community.
    RoundId
);
id!(
    /// Of a phone that joined a round.
    DeviceId
);
id!(
    /// Of a household; the same when its roll is read again.
    HouseholdId
);
id!(
    /// Of a resident; the same when the roll is read again.
    ResidentId
);
id!(
    /// Of a volunteer; a roster and the hours go by it.
    VolunteerId
);
